//! Why somebody is next: what the order of the queue goes by, in words.

use chrono::{DateTime, Utc};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::queue::{BoardRow, Priority};

use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};

/// Why somebody who waits stands where they stand.
pub(super) fn why(model: &Model, row: &BoardRow) -> Option<String> {
    if row.status != Status::CheckedIn {
        return None;
    }
    let clock = |at: DateTime<Utc>| {
        let here = at.with_timezone(model.clinic_now().offset());
        here.format("%H:%M").to_string()
    };
    Some(match (row.priority, row.starts_at, row.checked_in_at) {
        (Priority::Emergency, ..) => "goes first: emergency".to_owned(),
        (Priority::Urgent, ..) => "goes before others: urgent".to_owned(),
        (Priority::Normal, Some(due), Some(came)) if due <= came => {
            format!("due since {}", clock(due))
        }
        (Priority::Normal, Some(due), None) => format!("due at {}", clock(due)),
        (Priority::Normal, _, Some(came)) => format!("came {}", clock(came)),
        (Priority::Normal, None, None) => return None,
    })
}

/// Says what the order goes by.
pub(crate) fn explain(model: &mut Model) -> Vec<Effect> {
    let text = "First whoever is with the doctor. Then who waits: emergencies, then urgent ones, \
                then everybody else by the time they were due or the time they came, whichever is \
                earlier: who comes early is not passed over, and who comes late keeps their turn. \
                Last who is still to come.";
    let dialog = Dialog::new("The order", text, vec![Choice::keep("Close")]);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
