//! Whose value of a field stays, and which of the two records.

use clinic_shared::desk::merging::Side;

use super::{ask, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::Effect;

/// Whether a value can be chosen now.
pub(crate) fn can_choose(model: &Model) -> Availability {
    match top(model) {
        Some(merger) if !merger.fields().is_empty() => Availability::Ok,
        Some(merger) if merger.preview.is_some() => {
            Availability::Disabled("Both records say the same.".into())
        }
        _ => Availability::Disabled("First choose the other record.".into()),
    }
}

/// The other one's value of the selected field stays.
pub(crate) fn other_side(model: &mut Model) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let Some(field) = merger.fields().get(merger.cursor).cloned() else {
        return Vec::new();
    };
    let side = match merger.side(&field) {
        Side::Survivor => Side::Other,
        Side::Other => Side::Survivor,
    };
    merger.keep.insert(field.field, side);
    Vec::new()
}

/// The other record stays, and this one goes into it.
pub(crate) fn swap(model: &mut Model) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let Some(other) = merger.other.take() else {
        return Vec::new();
    };
    merger.other = Some(std::mem::replace(&mut merger.stays, other));
    merger.preview = None;
    merger.changes.clear();
    merger.message = None;
    // What was chosen stays chosen: it is the other side's now.
    for side in merger.keep.values_mut() {
        *side = match side {
            Side::Survivor => Side::Other,
            Side::Other => Side::Survivor,
        };
    }
    ask(model)
}

/// Whether the two can change places.
pub(crate) fn can_swap(model: &Model) -> Availability {
    match top(model) {
        Some(merger) if merger.other.is_some() && !merger.is_sending() => Availability::Ok,
        _ => Availability::Disabled("First choose the other record.".into()),
    }
}
