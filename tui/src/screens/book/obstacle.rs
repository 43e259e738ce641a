//! What can be done about what is in the way of a booking: open it, or look for the next free time.

use super::week::Sought;
use super::{Step, go, slots, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Call, Deed, Effect, Slot};
use crate::layers::Layer;
use crate::screens::record::{self, Known, Subject};

/// The appointments that are in the way.
fn appointments(model: &Model) -> Vec<i64> {
    let confirm = top(model)
        .filter(|book| book.step == Step::Confirm)
        .and_then(|book| book.confirm.as_ref());
    let reasons = confirm.into_iter().flat_map(|confirm| &confirm.reasons);
    reasons.filter_map(|reason| reason.appointment).collect()
}

/// Whether an appointment is in the way that can be opened.
pub(crate) fn can_open(model: &Model) -> Availability {
    match appointments(model).is_empty() {
        true => Availability::Disabled("No appointment is in the way.".into()),
        false => Availability::Ok,
    }
}

/// Opens the appointment that is in the way; again, the next one.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let found = appointments(model);
    let Some(confirm) = top_mut(model).and_then(|book| book.confirm.as_mut()) else {
        return Vec::new();
    };
    let at = confirm.opened % found.len().max(1);
    confirm.opened = at + 1;
    let Some(id) = found.get(at).copied() else {
        return Vec::new();
    };
    let known = Known {
        id,
        row: None,
        full: None,
    };
    record::open(model, Subject::Appointment(known))
}

/// Whether another time can be looked for.
pub(crate) fn can_go_on(model: &Model) -> Availability {
    match top(model) {
        Some(book) if book.step == Step::Confirm => Availability::Ok,
        _ => Availability::Disabled("First choose a time.".into()),
    }
}

/// Looks for the next free time after the one that is not.
pub(crate) fn next_free(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let Some(confirm) = &book.confirm else {
        return Vec::new();
    };
    let pick = &confirm.pick;
    book.from = pick.date();
    book.sought = Some(Sought {
        date: pick.date(),
        // Behind everything that begins at that time.
        starts: format!("{}~", pick.starts()),
        doctor: String::new(),
    });
    book.taken = None;
    book.by_week = false;
    go(book, Step::When);
    slots::ask(model)
}

/// After something else was done over the booking, perhaps with what was in its way: whether it
/// still is.
pub(crate) fn recheck(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    let Some(book) = top_mut(model).filter(|book| book.step == Step::Confirm) else {
        return Vec::new();
    };
    let is_moved = book.moved.is_some();
    let Some(confirm) = &mut book.confirm else {
        return Vec::new();
    };
    if confirm.is_sending() || matches!(deed, Deed::Book(_)) {
        return Vec::new();
    }
    let before = confirm.reasons.len();
    confirm.reasons.clear();
    confirm.message = (before > 0).then(|| "Something changed meanwhile; look again.".to_owned());
    match super::confirm::checked_form(model).filter(|_| !is_moved) {
        Some(form) => vec![model.call(Slot::Check, Call::Check(Box::new(form)))],
        None => Vec::new(),
    }
}

/// Whether a booking can be begun, or given a person who was looked for.
pub(crate) fn can_begin(model: &Model) -> Availability {
    match top(model) {
        Some(book) if book.step != Step::Who => {
            Availability::Disabled("First finish the booking that is open.".into())
        }
        _ if model.session.is_in() => Availability::Ok,
        _ => Availability::Disabled("Sign in first.".into()),
    }
}

/// Whether a booking can be begun for somebody else.
pub(crate) fn can_begin_blank(model: &Model) -> Availability {
    let is_open = |layer: &Layer| matches!(layer, Layer::Book(_));
    match model.layers.iter().any(is_open) {
        true => Availability::Disabled("First finish the booking that is open.".into()),
        false => can_begin(model),
    }
}
