//! Moving about in the form, and leaving it.

use super::sending::doubt;
use super::{
    Ask, Choice, Dialog, Effect, Fault, InputRequest, Kind, Layer, Model, Slot, close_all, top,
    top_mut, windows,
};
use crate::screens::{decisions, deeds};

/// Types into the field with the cursor; where something is chosen, space goes on and a letter
/// chooses.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let before = faults(model);
    let Some(ask) = top_mut(model) else {
        return Vec::new();
    };
    let mut was_wrong = false;
    if let Some(field) = ask.fields.get_mut(ask.focus) {
        was_wrong = field.error.is_some();
        field.edit(request);
    }
    check(model, &before, was_wrong);
    Vec::new()
}

/// What is wrong with what is typed, where that is said while it is typed.
fn faults(model: &Model) -> Vec<Fault> {
    match top(model) {
        Some(ask) if matches!(ask.kind, Kind::Windows(_)) => {
            windows::form::faults(ask, model.today(), model.prefs.dates)
        }
        _ => Vec::new(),
    }
}

/// Says on each field what is wrong by now, and takes back what was wrong `before` and is not any
/// more. Where the cursor is, it is only said if it was said already, or the form tells it below.
fn check(model: &mut Model, before: &[Fault], is_here_too: bool) {
    let now = faults(model);
    let Some(ask) = top_mut(model) else { return };
    let of = |faults: &[Fault], name: &str| {
        let fault = faults.iter().find(|fault| fault.field == name);
        fault.map(|fault| fault.why.clone())
    };
    for (at, field) in ask.fields.iter_mut().enumerate() {
        match of(&now, field.name) {
            Some(why) if at != ask.focus || is_here_too => field.error = Some(why),
            None if of(before, field.name).is_some() => field.error = None,
            _ => {}
        }
    }
}

/// Writes what one field says of two into both.
fn spread(model: &mut Model) {
    if let Some(ask) = top_mut(model).filter(|ask| matches!(ask.kind, Kind::Windows(_))) {
        windows::form::spread(&mut ask.fields);
    }
}

/// Moves the cursor to another field.
pub(crate) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    spread(model);
    if let Some(ask) = top_mut(model) {
        let count = isize::try_from(ask.fields.len()).unwrap_or(1).max(1);
        let next = isize::try_from(ask.focus).unwrap_or(0) + by;
        ask.focus = usize::try_from(next.rem_euclid(count)).unwrap_or(0);
    }
    check(model, &[], false);
    Vec::new()
}

/// Puts the cursor into a field.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    spread(model);
    if let Some(ask) = top_mut(model)
        && index < ask.fields.len()
    {
        ask.focus = index;
    }
    check(model, &[], false);
    Vec::new()
}

/// Esc: stops waiting for the server; otherwise closes the form.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    let Some(slot) = top(model).map(|ask| ask.kind.slot()) else {
        return Vec::new();
    };
    if let Some(slot) = slot.filter(|slot| model.flights.is_flying(*slot)) {
        return match slot {
            // What goes to a file is there in a moment.
            Slot::Config => Vec::new(),
            Slot::Deed => match decisions::rejected(model) {
                Some(deed) => deeds::let_go(model, deed),
                None => close(model),
            },
            slot => {
                doubt(model, "you did not wait for the answer");
                model.abandon(slot)
            }
        };
    }
    close(model)
}

/// Closes the form; asks first if something would be lost.
fn close(model: &mut Model) -> Vec<Effect> {
    if !top(model).is_some_and(Ask::is_unsaved) {
        close_all(model);
        return Vec::new();
    }
    let choices = vec![
        Choice::keep("Keep editing"),
        Choice::new("Discard", 'd', |model| {
            close_all(model);
            Vec::new()
        }),
    ];
    let dialog = Dialog::new("Discard?", "What you typed is not sent.", choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
