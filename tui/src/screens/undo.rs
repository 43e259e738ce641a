//! The one way back: what was done last is taken back by one key, wherever that was done.

use super::contacts::acts;
use super::deeds;
use crate::app::{Model, key_now};
use crate::command::{self, Availability};
use crate::effect::Effect;
use crate::layers::Layer;

/// Whether something was done last that can be taken back.
pub(crate) fn has(model: &Model) -> bool {
    !model.deeds.back.is_empty() || acts::has_back(model)
}

/// Whether it can be taken back now.
pub(crate) fn can(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    match deeds::can_send(model) {
        Availability::Ok => {}
        cannot => return cannot,
    }
    if matches!(model.acting(), Some(Layer::Dialog(_))) {
        return no("Answer the question first.");
    }
    // What is meant is the step that is under way, not the one before it.
    if model.deeds.is_busy() || acts::is_busy(model) {
        return no("The last step is still being saved.");
    }
    match has(model) {
        true => Availability::Ok,
        false => no("There is nothing that can be taken back now."),
    }
}

/// Takes back what was done last.
pub(crate) fn last(model: &mut Model) -> Vec<Effect> {
    // What is taken back is not so any more.
    model.toasts.retain(|toast| !toast.offers_undo);
    match acts::has_back(model) {
        true => acts::undo(model),
        false => deeds::undo(model),
    }
}

/// Nothing done before is what would be meant now.
pub(crate) fn forget(model: &mut Model) {
    model.deeds.back.clear();
    acts::forget_back(model);
}

/// ` (u: undo)`, with the key that does it here and now.
pub(crate) fn hint(model: &Model) -> String {
    let mut names = ["ticket.undo", "app.undo"].into_iter();
    let key = names.find_map(|name| key_now(model, command::find(name)?));
    key.map(|key| format!(" ({key}: undo)")).unwrap_or_default()
}
