//! Two records that were merged are parted again.

use clinic_shared::desk::merging::Merge;

use super::view::name_of;
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect};
use crate::layers::Layer;
use crate::screens::deeds::{self, About};
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::record::Record;

fn record(model: &Model) -> Option<&Record> {
    match model.acting() {
        Some(Layer::Record(record)) => Some(record),
        _ => None,
    }
}

/// Whether the record on top, or the merge that is chosen in it, can be parted.
pub(crate) fn can_part(model: &Model) -> Availability {
    match record(model).and_then(|record| record.story.merge()) {
        None => Availability::Disabled("No record was merged into this one.".into()),
        Some(merge) if merge.undone_at.is_some() => {
            Availability::Disabled("These two were parted already.".into())
        }
        Some(_) => deeds::can_send(model),
    }
}

/// Asks whether two records are to be parted, and says what would go back.
pub(crate) fn ask_to_part(model: &mut Model) -> Vec<Effect> {
    if let Availability::Disabled(why) = can_part(model) {
        model.toast(crate::app::Tone::Info, why);
        return Vec::new();
    }
    let Some(merge) = record(model).and_then(|record| record.story.merge()) else {
        return Vec::new();
    };
    let text = format!(
        "{} {} stands by itself again. Back go: {}. What was booked since stays here.",
        merge.other.record_number,
        merge.other.full_name,
        moved(merge)
    );
    let choices = vec![
        Choice::keep("Keep merged"),
        Choice::new("Un-merge", 'u', part),
    ];
    model
        .layers
        .push(Layer::Dialog(Dialog::new("Un-merge?", &text, choices)));
    Vec::new()
}

fn part(model: &mut Model) -> Vec<Effect> {
    let Some(record) = record(model) else {
        return Vec::new();
    };
    let (Some(id), Some(merge)) = (record.patient(), record.story.merge()) else {
        return Vec::new();
    };
    let other = &merge.other;
    let about = About::who(&format!("{} {}", other.record_number, other.full_name));
    let deed = Deed::Unmerge(id, merge.id);
    deeds::send(model, deed, about)
}

/// What a merge moved and changed, in words.
pub(crate) fn moved(merge: &Merge) -> String {
    let mut parts: Vec<String> = [
        (merge.appointments.len(), "appointment", "appointments"),
        (merge.waiting.len(), "waiting entry", "waiting entries"),
        (
            merge.reviews.len() + merge.hidden_reviews.len(),
            "review",
            "reviews",
        ),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
    .collect();
    if merge.account {
        parts.push("the account".to_owned());
    }
    parts.extend(
        merge
            .fields
            .iter()
            .map(|field| name_of(field).to_lowercase()),
    );
    if parts.is_empty() {
        return "nothing but the number".to_owned();
    }
    parts.join(", ")
}
