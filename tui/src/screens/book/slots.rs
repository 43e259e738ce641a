//! When: the free slots, the next one first; and, for whoever squeezes somebody in, what is taken.

use chrono::{Days, NaiveDate};
use clinic_shared::client::{BoardQuery, Error, SlotQuery};
use clinic_shared::desk::queue::BoardRow;
use clinic_shared::desk::slots::{FreeSlot, PartOfDay};

use super::week::{self, Sought};
use super::{Book, Goal, Step, top, top_mut};
use crate::app::Model;
use crate::clock::Now;
use crate::command::Availability;
use crate::dates::Format;
use crate::effect::{Call, Effect, Reply, Slot};

/// How many slots are asked for.
const MANY: u32 = 60;

/// Of how many days at most it is shown what is taken.
const DAYS: usize = 14;

/// How many where a time of the day is looked for: several doctors have many before it.
const MANY_MORE: u32 = 300;

/// How many slots of a whole week.
const WHOLE_WEEK: u32 = 1000;

/// A time that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pick {
    Free(FreeSlot),
    /// Somebody has it: only beside them.
    Taken(Box<BoardRow>, NaiveDate),
}

impl Pick {
    /// Whether it is the same time of the same doctor.
    fn is_at(&self, other: &Pick) -> bool {
        match (self, other) {
            (Pick::Free(a), Pick::Free(b)) => is_same(a, b),
            (Pick::Taken(a, _), Pick::Taken(b, _)) => a.id == b.id,
            _ => false,
        }
    }

    /// What the list is ordered by.
    fn order(&self) -> (NaiveDate, String) {
        (self.date(), self.starts().to_owned())
    }

    /// That it is not there any more: a time may have come, too, without anybody taking it.
    fn gone(&self, now: Now) -> String {
        let at = now.format("%H:%M");
        let time = self.starts();
        match self {
            Pick::Free(slot) if slot.starts_at.is_some_and(|starts| starts <= now.to_utc()) => {
                format!("{time} is past: choose another time.")
            }
            Pick::Free(_) => format!("{time} was taken at {at}: choose another time."),
            Pick::Taken(..) => {
                format!("Changed elsewhere at {at}: {time} is not taken so any more.")
            }
        }
    }

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

    /// Whether it has a clock, not only a window's label.
    pub(crate) const fn has_clock(&self) -> bool {
        match self {
            Pick::Free(slot) => slot.starts.is_some(),
            Pick::Taken(row, _) => row.starts.is_some(),
        }
    }

    pub(crate) fn doctor(&self) -> &str {
        match self {
            Pick::Free(slot) => &slot.doctor.full_name,
            Pick::Taken(row, _) => &row.doctor.full_name,
        }
    }
}

/// Whether these are the same time of the same doctor.
pub(super) fn is_same(a: &FreeSlot, b: &FreeSlot) -> bool {
    let told = |slot: &FreeSlot| {
        (
            slot.doctor.id,
            slot.available_time,
            slot.date,
            slot.starts_at,
        )
    };
    told(a) == told(b)
}

impl Book {
    /// The times that can be chosen, in their order.
    pub(crate) fn picks(&self) -> Vec<Pick> {
        let free = self.slots.iter().flatten().cloned().map(Pick::Free);
        let taken = self.taken.iter().flatten().cloned();
        let taken = taken.map(|(date, row)| Pick::Taken(Box::new(row), date));
        let mut picks: Vec<Pick> = free.chain(taken).collect();
        if self.taken.is_some() {
            picks.sort_by_key(Pick::order);
        }
        picks
    }

    /// Keeps the selection on a time, if it is there still. If not, that is said, and nothing is
    /// selected: whoever meant that time does not take another one unawares.
    fn select(&mut self, pick: Option<&Pick>, now: Now) {
        if self.step != Step::When {
            return;
        }
        let picks = self.picks();
        let is_selected = self.taken_away.is_none();
        let place = |pick: &Pick| picks.iter().position(|known| known.is_at(pick));
        match pick.map(|pick| (pick, place(pick))) {
            Some((_, Some(at))) => self.cursor = at,
            Some((pick, None)) if is_selected => {
                let next = picks.iter().position(|other| other.order() >= pick.order());
                self.cursor = next.unwrap_or(picks.len());
                self.taken_away = Some(pick.gone(now));
            }
            _ => {}
        }
        self.cursor = self.cursor.min(picks.len().saturating_sub(1));
    }
}

/// Asks for the free slots from the chosen day on.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.cursor = 0;
    book.taken_away = None;
    book.slots = None;
    // What is taken is asked for when it is known on which days.
    if let Some(taken) = &mut book.taken {
        taken.clear();
    }
    renew(model)
}

/// Asks for the free slots again; those that are known stay until then.
pub(super) fn renew(model: &mut Model) -> Vec<Effect> {
    let today = model.today();
    let Some(book) = top(model).filter(|book| book.goal.is_some()) else {
        return Vec::new();
    };
    let (first, last) = book.days(today);
    let sunday = book.by_week.then(|| week::sunday(book.from));
    let has_time = |sought: &Sought| !sought.starts.is_empty();
    let limit = match &book.slots {
        _ if book.by_week => WHOLE_WEEK,
        _ if book.sought.as_ref().is_some_and(has_time) => MANY_MORE,
        // Those that are known stay.
        Some(slots) if u32::try_from(slots.len()).is_ok_and(|known| known > MANY) => MANY_MORE,
        _ => MANY,
    };
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
        from: Some(match book.by_week {
            true => week::monday(book.from).max(first),
            false => book.from,
        }),
        to: [sunday, last].into_iter().flatten().min(),
        part_of_day: book.part,
        duration: book.length,
        limit: Some(limit),
    };
    vec![model.call(Slot::Slots, Call::Slots(query))]
}

/// Asks what is booked on the days of the list, where that is shown: one after the other.
fn ask_taken(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model).filter(|book| book.taken.is_some()) else {
        return Vec::new();
    };
    let last = book.slots.iter().flatten().map(|slot| slot.date).max();
    let last = last.unwrap_or(book.from);
    // A day without a free time is one of them, too.
    let days = book.from.iter_days().take(DAYS);
    book.untold = days.take_while(|day| *day <= last).collect();
    if book.untold.is_empty() {
        book.untold.push(book.from);
    }
    if let Some(taken) = &mut book.taken {
        taken.retain(|(date, _)| book.untold.contains(date));
    }
    ask_next(model)
}

/// Asks what is booked on the next of those days.
fn ask_next(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let (Some(Goal::Doctor { id, .. }), false) = (&book.goal, book.untold.is_empty()) else {
        return Vec::new();
    };
    let query = BoardQuery {
        date: Some(book.untold.remove(0)),
        doctor: Some(*id),
    };
    vec![model.call(Slot::Day, Call::Board(query))]
}

/// Takes in the free slots.
pub(super) fn slots_landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let (now, dates) = (model.now, model.prefs.dates);
    let at = now.format("%H:%M").to_string();
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match result {
        Ok(Reply::Slots(found)) => {
            let selected = book.picks().get(book.cursor).cloned();
            book.slots = Some(found.slots);
            book.message = None;
            match book.sought.take() {
                Some(sought) => {
                    let picks = book.picks();
                    book.cursor = nearest(&picks, &sought);
                    let is_typed = sought.doctor.is_empty() && !book.by_week;
                    let is_none = picks.iter().all(|pick| pick.date() != sought.date);
                    // Where a time is offered, a message says that the entry has changed.
                    if is_typed && is_none && !picks.is_empty() && book.offered.is_none() {
                        let day = dates.short(sought.date);
                        book.message = Some(format!(
                            "Nothing is free on {day}; these are the next free times."
                        ));
                    }
                }
                None => book.select(selected.as_ref(), now),
            }
            if let Some(confirm) = &mut book.confirm {
                confirm.miss(book.slots.as_deref().unwrap_or_default(), &at);
            }
        }
        Err(error @ (Error::Refused(_) | Error::Garbled(_))) => {
            book.slots = Some(Vec::new());
            book.message = Some(error.to_string());
        }
        _ => return Vec::new(),
    }
    ask_taken(model)
}

/// The time that was sought; else the first one after it, else the last one.
fn nearest(picks: &[Pick], sought: &Sought) -> usize {
    let place = |pick: &Pick| (pick.date(), pick.starts().to_owned());
    let wanted = (sought.date, sought.starts.clone());
    let is_it = |pick: &Pick| place(pick) == wanted && pick.doctor() == sought.doctor;
    let exact = picks.iter().position(is_it);
    let after = || picks.iter().position(|pick| place(pick) >= wanted);
    exact
        .or_else(after)
        .unwrap_or_else(|| picks.len().saturating_sub(1))
}

/// Takes in what is booked on a day, and asks for the next one.
pub(super) fn day_landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let (here, now) = (model.now, model.now.to_utc());
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let Ok(Reply::Board(board)) = result else {
        return Vec::new();
    };
    let moved = book.moved.as_ref().map(|moved| moved.id);
    // Where it comes for the first time, the first of all stays selected.
    let is_new = book.taken.as_ref().is_none_or(Vec::is_empty) && book.cursor == 0;
    let selected = book.picks().get(book.cursor).cloned().filter(|_| !is_new);
    let Some(taken) = &mut book.taken else {
        return Vec::new();
    };
    let holds = |row: &BoardRow| {
        // Nobody is squeezed in beside what has begun.
        let is_ahead = row.starts_at.is_some_and(|starts| starts > now);
        row.status.holds_time() && is_ahead && Some(row.id) != moved
    };
    let date = board.date;
    taken.retain(|(other, _)| *other != date);
    let rows = board.appointments.into_iter().filter(holds);
    taken.extend(rows.map(|row| (date, row)));
    book.select(selected.as_ref(), here);
    ask_next(model)
}

/// Whether days can be turned now.
pub(crate) fn can_turn(model: &Model) -> Availability {
    match top(model) {
        Some(book) if book.step == Step::When => Availability::Ok,
        _ => Availability::Disabled("First say with whom.".into()),
    }
}

/// Looks from so many days later on, or earlier; never before today, nor beyond the days for which
/// somebody waits.
pub(crate) fn turn(model: &mut Model, days: i64) -> Vec<Effect> {
    let today = model.today();
    let dates = model.prefs.dates;
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    if book.by_week && matches!(days, -1 | 1) {
        super::go_aside(model, days > 0);
        return Vec::new();
    }
    if book.by_week {
        // The same time a week later is looked for.
        book.seek();
        if let Some(sought) = &mut book.sought {
            let ahead = chrono::TimeDelta::days(days);
            sought.date = sought.date.checked_add_signed(ahead).unwrap_or(today);
        }
    }
    let by = Days::new(days.unsigned_abs());
    let next = match days {
        0 => Some(today),
        ..0 => book.from.checked_sub_days(by),
        _ => book.from.checked_add_days(by),
    };
    let (first, last) = book.days(today);
    let Some(next) = next.map(|next| next.max(first)) else {
        return Vec::new();
    };
    if let Some(last) = last.filter(|last| *last <= book.from && next > *last) {
        book.sought = None;
        book.message = Some(format!("They wait until {}, no longer.", dates.day(last)));
        return Vec::new();
    }
    book.from = last.map_or(next, |last| next.min(last));
    ask(model)
}

/// Only mornings, then afternoons, evenings, and all again.
pub(crate) fn next_part(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.seek();
    let at = book
        .part
        .and_then(|part| PartOfDay::ALL.iter().position(|known| *known == part));
    book.part = PartOfDay::ALL.get(at.map_or(0, |at| at + 1)).copied();
    ask(model)
}

/// Whether what is taken can be shown: one doctor's.
pub(crate) fn can_show_taken(model: &Model) -> Availability {
    let is_doctor = |book: &Book| matches!(book.goal, Some(Goal::Doctor { .. }));
    match can_turn(model) {
        Availability::Ok if !top(model).is_some_and(is_doctor) => {
            Availability::Disabled("First choose one doctor: go back.".into())
        }
        can => can,
    }
}

/// Shows what is taken on the days of the list among the free slots, or hides it again.
pub(crate) fn show_taken(model: &mut Model) -> Vec<Effect> {
    // The week shows what is free; what is taken stands in the list of its day.
    let mut effects = match top(model) {
        Some(book) if book.by_week => super::toggle(model),
        _ => Vec::new(),
    };
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.cursor = 0;
    book.taken_away = None;
    if book.taken.take().is_some() {
        return model.abandon(Slot::Day);
    }
    book.taken = Some(Vec::new());
    // Where the list comes anew, the days come with it.
    if effects.is_empty() {
        effects = ask_taken(model);
    }
    effects
}
