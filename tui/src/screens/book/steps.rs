//! From step to step: what is typed and chosen, on by Enter and back by Esc.

use tui_input::InputRequest;

use super::people::look;
use super::{
    Book, Confirm, Offered, Sender, Step, Whom, confirm, day, offer, slots, top, top_mut, week,
};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Effect, Slot};
use crate::layers::Layer;
use crate::screens::deeds;
use crate::screens::patient_form::{self, Then};

/// Types into the field of the step.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match book.step {
        Step::Who => {
            book.who.handle(request);
            book.cursor = 0;
            book.takes_first = false;
            look(model)
        }
        Step::With => {
            book.with.handle(request);
            book.cursor = 0;
            Vec::new()
        }
        Step::When => {
            if let Some(day) = &mut book.day {
                day.handle(request);
                book.message = None;
            }
            Vec::new()
        }
        Step::Confirm => {
            if let Some(confirm) = &mut book.confirm {
                confirm.edit(request);
            }
            Vec::new()
        }
    }
}

/// Moves the selection.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(book) = top_mut(model) else { return };
    if book.step == Step::When && book.taken_away.take().is_some() {
        // What stood below the time that is gone has its place now.
        let by = if by > 0 { by - 1 } else { by };
        let last = book.lines().saturating_sub(1);
        book.cursor = book.cursor.saturating_add_signed(by).min(last);
        return;
    }
    if book.is_week() {
        book.go_down(by);
        return;
    }
    let last = book.lines().saturating_sub(1);
    book.takes_first = false;
    book.cursor = book.cursor.saturating_add_signed(by).min(last);
}

/// Chooses a line by a click.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(book) = top_mut(model) {
        book.cursor = index;
        book.taken_away = None;
    }
    // A click means the line that was there, not what comes into its place.
    if top(model).is_some_and(|book| book.step == Step::Who)
        && model.flights.is_flying(Slot::People)
    {
        return Vec::new();
    }
    enter(model)
}

/// Enter: takes the selected line and goes on; at the end, books.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    // An answer that is under way may bring another first line: that one is meant.
    let is_looking = model.flights.is_flying(Slot::People);
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match book.step {
        Step::Who if is_looking => {
            book.takes_first = book.cursor == 0;
            Vec::new()
        }
        Step::Who => {
            let Some(person) = book.people.get(book.cursor) else {
                let typed = book.who.value().trim().to_owned();
                let reached = book.sender.as_ref().map(Sender::reached);
                return match (typed.is_empty(), reached) {
                    (true, _) => Vec::new(),
                    (false, None) => patient_form::open_new_for(model, &typed, Then::Book),
                    (false, Some((phone, email))) => {
                        patient_form::open_new_reached(model, &typed, &phone, &email)
                    }
                };
            };
            book.whom = Some(Whom::from(person));
            after_whom(model)
        }
        Step::With => {
            let Some(goal) = book.goals().get(book.cursor).cloned() else {
                return Vec::new();
            };
            book.goal = Some(goal);
            after_goal(model)
        }
        Step::When if book.day.is_some() => day::take(model),
        Step::When if book.taken_away.take().is_some() => Vec::new(),
        Step::When => {
            let Some(pick) = book.picks().get(book.cursor).cloned() else {
                return Vec::new();
            };
            match book.offered {
                Some(_) => offer::send(model, &pick),
                None => confirm::open(model, pick),
            }
        }
        Step::Confirm => confirm::send(model),
    }
}

/// It is known for whom: goes on with whom, or when, if that is known too.
pub(super) fn after_whom(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match std::mem::take(&mut book.has_goal) {
        true => after_goal(model),
        false => {
            go(book, Step::With);
            Vec::new()
        }
    }
}

/// It is known with whom: looks for times.
pub(super) fn after_goal(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.taken = None;
    go(book, Step::When);
    let mut effects = slots::ask(model);
    effects.extend(week::ask_plan(model));
    effects
}

pub(super) fn go(book: &mut Book, step: Step) {
    book.step = step;
    book.day = None;
    book.cursor = 0;
    book.takes_first = false;
    book.message = None;
    book.taken_away = None;
}

/// Esc: a step back; from the first one, closes the screen.
pub(crate) fn back(model: &mut Model) -> Vec<Effect> {
    let sent = match top(model) {
        Some(book) if book.step == Step::Confirm => book.confirm.as_ref().and_then(Confirm::sent),
        Some(book) => book.offered.as_ref().and_then(Offered::sent),
        None => None,
    };
    // What is under way goes on; one hears of its end.
    if let Some(deed) = sent.cloned() {
        return deeds::let_go(model, deed);
    }
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    if book.day.take().is_some() {
        book.message = None;
        return Vec::new();
    }
    let before = match book.step {
        _ if book.step <= book.first => return close(model),
        Step::Confirm => Step::When,
        Step::When => Step::With,
        Step::With | Step::Who => Step::Who,
    };
    if book.step == Step::Confirm {
        // What was typed for the old place is not lost while it is looked for another.
        book.step = before;
        return Vec::new();
    }
    if before == Step::Who && book.whom.is_some() && book.who.value().is_empty() {
        // It was given from outside: Esc means that nothing is booked.
        return close(model);
    }
    go(book, before);
    Vec::new()
}

/// Whether it can be asked again for whom it is.
pub(crate) fn has_other_person(model: &Model) -> Availability {
    let why = match top(model) {
        Some(book) if book.moved.is_some() => "The appointment stays the same patient's.",
        Some(book) if book.offered.is_some() => "It is for who waits.",
        Some(book) if book.step == Step::Confirm => "First go back to the times.",
        _ => return Availability::Ok,
    };
    Availability::Disabled(why.into())
}

/// Asks again for whom it is.
pub(crate) fn other_person(model: &mut Model) -> Vec<Effect> {
    if let Some(book) = top_mut(model) {
        go(book, Step::Who);
    }
    Vec::new()
}

/// Closes the screen.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Book(_)));
    let slots = [
        Slot::People,
        Slot::Bookable,
        Slot::Terms,
        Slot::Slots,
        Slot::Day,
        Slot::Check,
    ];
    slots
        .into_iter()
        .flat_map(|slot| model.abandon(slot))
        .collect()
}
