//! When: the free slots, the next one first; and, for whoever squeezes somebody in, what is taken.

use chrono::{Days, NaiveDate};
use clinic_shared::client::{BoardQuery, Error, SlotQuery};
use clinic_shared::desk::queue::BoardRow;
use clinic_shared::desk::slots::{FreeSlot, PartOfDay};

use super::{Book, Goal, Step, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::dates::Format;
use crate::effect::{Call, Effect, Reply, Slot};

/// How many slots are asked for.
const MANY: u32 = 60;

/// A time that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pick {
    Free(FreeSlot),
    /// Somebody has it: only beside them.
    Taken(Box<BoardRow>, NaiveDate),
}

impl Pick {
    pub(crate) const fn date(&self) -> NaiveDate {
        match self {
            Pick::Free(slot) => slot.date,
            Pick::Taken(_, date) => *date,
        }
    }

    /// `09:00`, or the window's label.
    pub(crate) fn starts(&self) -> &str {
        match self {
            Pick::Free(slot) => slot.starts.as_deref().unwrap_or(&slot.window),
            Pick::Taken(row, _) => row.starts.as_deref().unwrap_or_default(),
        }
    }

    /// `Mon 23 Nov, 09:00`.
    pub(crate) fn when(&self, dates: Format) -> String {
        format!("{}, {}", dates.short(self.date()), self.starts())
    }

    pub(crate) fn doctor(&self) -> &str {
        match self {
            Pick::Free(slot) => &slot.doctor.full_name,
            Pick::Taken(row, _) => &row.doctor.full_name,
        }
    }
}

impl Book {
    /// The times that can be chosen, in their order.
    pub(crate) fn picks(&self) -> Vec<Pick> {
        let free = self.slots.iter().flatten().cloned().map(Pick::Free);
        let from = self.from;
        let taken = self.taken.iter().flatten().cloned();
        let taken = taken.map(|row| Pick::Taken(Box::new(row), from));
        let mut picks: Vec<Pick> = free.chain(taken).collect();
        if self.taken.is_some() {
            picks.sort_by(|a, b| {
                let at = |pick: &Pick| (pick.date(), pick.starts().to_owned());
                at(a).cmp(&at(b))
            });
        }
        picks
    }
}

/// Asks for the free slots from the chosen day on.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.cursor = 0;
    book.slots = None;
    let query = SlotQuery {
        doctor: match &book.goal {
            Some(Goal::Doctor { id, .. }) => Some(*id),
            _ => None,
        },
        specialisation: match &book.goal {
            Some(Goal::Term { id, .. }) => Some(*id),
            _ => None,
        },
        // Who is moved is not in their own way.
        patient: match &book.moved {
            None => book.whom.as_ref().map(|whom| whom.id),
            Some(_) => None,
        },
        from: Some(book.from),
        part_of_day: book.part,
        limit: Some(MANY),
        ..SlotQuery::default()
    };
    let shows_taken = book.taken.is_some();
    let mut effects = vec![model.call(Slot::Slots, Call::Slots(query))];
    if shows_taken {
        effects.extend(ask_taken(model));
    }
    effects
}

fn ask_taken(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let Some(Goal::Doctor { id, .. }) = &book.goal else {
        return Vec::new();
    };
    let query = BoardQuery {
        date: Some(book.from),
        doctor: Some(*id),
    };
    vec![model.call(Slot::Day, Call::Board(query))]
}

/// Takes in the free slots.
pub(super) fn slots_landed(model: &mut Model, result: Result<Reply, Error>) {
    let Some(book) = top_mut(model) else { return };
    match result {
        Ok(Reply::Slots(found)) => {
            book.slots = Some(found.slots);
            book.message = None;
        }
        Err(error @ (Error::Refused(_) | Error::Garbled(_))) => {
            book.slots = Some(Vec::new());
            book.message = Some(error.to_string());
        }
        _ => {}
    }
}

/// Takes in what is booked on the first day.
pub(super) fn day_landed(model: &mut Model, result: Result<Reply, Error>) {
    let now = model.now.to_utc();
    let Some(book) = top_mut(model) else { return };
    let Ok(Reply::Board(board)) = result else {
        return;
    };
    let moved = book.moved.as_ref().map(|moved| moved.id);
    if book.taken.is_some() && board.date == book.from {
        let holds = |row: &BoardRow| {
            // Nobody is squeezed in beside what has begun.
            let is_ahead = row.starts_at.is_some_and(|starts| starts > now);
            row.status.holds_time() && is_ahead && Some(row.id) != moved
        };
        book.taken = Some(board.appointments.into_iter().filter(holds).collect());
    }
}

/// Whether days can be turned now.
pub(crate) fn can_turn(model: &Model) -> Availability {
    match top(model) {
        Some(book) if book.step == Step::When => Availability::Ok,
        _ => Availability::Disabled("First say with whom.".into()),
    }
}

/// Looks from so many days later on, or earlier; never before today.
pub(crate) fn turn(model: &mut Model, days: i64) -> Vec<Effect> {
    let today = model.now.date_naive();
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let by = Days::new(days.unsigned_abs());
    let next = match days {
        0 => Some(today),
        ..0 => book.from.checked_sub_days(by),
        _ => book.from.checked_add_days(by),
    };
    let Some(next) = next.map(|next| next.max(today)) else {
        return Vec::new();
    };
    book.from = next;
    ask(model)
}

/// Only mornings, then afternoons, evenings, and all again.
pub(crate) fn next_part(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let at = book
        .part
        .and_then(|part| PartOfDay::ALL.iter().position(|known| *known == part));
    book.part = PartOfDay::ALL.get(at.map_or(0, |at| at + 1)).copied();
    ask(model)
}

/// Shows what is taken on the first day among the free slots, or hides it again.
pub(crate) fn show_taken(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.cursor = 0;
    if book.taken.take().is_some() {
        return model.abandon(Slot::Day);
    }
    book.taken = Some(Vec::new());
    ask_taken(model)
}
