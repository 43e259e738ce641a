//! Moving about in the form, and leaving it.

use super::*;

/// Types into the field with the cursor; where something is chosen, space goes on and a letter
/// chooses.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(ask) = top_mut(model) else {
        return Vec::new();
    };
    if let Some(field) = ask.fields.get_mut(ask.focus) {
        field.edit(request);
    }
    Vec::new()
}

/// Moves the cursor to another field.
pub(crate) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(ask) = top_mut(model) {
        let count = isize::try_from(ask.fields.len()).unwrap_or(1).max(1);
        let next = isize::try_from(ask.focus).unwrap_or(0) + by;
        ask.focus = usize::try_from(next.rem_euclid(count)).unwrap_or(0);
    }
    Vec::new()
}

/// Puts the cursor into a field.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(ask) = top_mut(model)
        && index < ask.fields.len()
    {
        ask.focus = index;
    }
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
