//! Doing it: what is asked before, what is sent, and what comes of it.

use clinic_shared::desk::merging::{MergeKeep, Merging};

use super::{Merger, Party, ask, close, doubt, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect, Slot};
use crate::layers::Layer;
use crate::screens::deeds::{self, About};
use crate::screens::dialog::{Choice, Dialog};

/// What is asked of two records that say the same of who it is.
const MERGE: &str = "Merge?";

/// What is asked of two that do not.
const TWO_PEOPLE: &str = "Two people?";

impl Merger {
    /// What is sent.
    fn merging(&self) -> Option<Merging> {
        let preview = self.preview.as_ref()?;
        let mut keep = MergeKeep::default();
        for (field, side) in &self.keep {
            let place = match field.as_str() {
                "full_name" => &mut keep.full_name,
                "birth_date" => &mut keep.birth_date,
                "gender" => &mut keep.gender,
                "phone" => &mut keep.phone,
                "email" => &mut keep.email,
                "address" => &mut keep.address,
                "blood_group" => &mut keep.blood_group,
                "height" => &mut keep.height,
                "weight" => &mut keep.weight,
                "note" => &mut keep.note,
                "photo" => &mut keep.photo,
                _ => continue,
            };
            *place = Some(*side);
        }
        Some(Merging {
            other: preview.other.id,
            version: Some(preview.version),
            other_version: Some(preview.other_version),
            keep: Some(keep),
        })
    }
}

/// Whether Enter leads on.
pub(crate) fn can_enter(model: &Model) -> Availability {
    let Some(merger) = top(model) else {
        return Availability::Ok;
    };
    let is_looking = model.flights.is_flying(Slot::Twin);
    match &merger.preview {
        None if merger.is_finding() && is_looking => Availability::Ok,
        None if merger.is_finding() && merger.people.is_empty() => {
            Availability::Disabled("No other record is found.".into())
        }
        None if merger.is_finding() => Availability::Ok,
        None => Availability::Disabled("What would happen is not known yet.".into()),
        Some(preview) if !preview.conflicts.is_empty() => {
            Availability::Disabled("First clear what is in the way.".into())
        }
        Some(_) if merger.is_sending() => Availability::Disabled("The server is merging.".into()),
        Some(_) => deeds::can_send(model),
    }
}

/// Enter: takes the selected person; of a preview, asks whether it is to be done.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    let is_looking = model.flights.is_flying(Slot::Twin);
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    if merger.is_finding() {
        // An answer that is under way may bring another first line: that one is meant.
        if is_looking {
            merger.takes_first = merger.cursor == 0;
            return Vec::new();
        }
        let Some(person) = merger.people.get(merger.cursor) else {
            return Vec::new();
        };
        merger.other = Some(Party::from(person));
        merger.cursor = 0;
        merger.message = None;
        return ask(model);
    }
    let Some(other) = &merger.other else {
        return Vec::new();
    };
    let text = format!(
        "{} goes into {}; its number leads there from now on. It can be undone.",
        other.text, merger.stays.text
    );
    let preview = top(model).and_then(|merger| merger.preview.as_ref());
    let doubt = preview.and_then(|preview| doubt::in_words(model, preview));
    let dialog = match doubt {
        None => {
            let choices = vec![Choice::keep("Keep both"), Choice::new("Merge", 'm', send)];
            Dialog::new(MERGE, &text, choices)
        }
        // Another letter: whoever merges by habit stops here.
        Some(doubt) => {
            let choices = vec![
                Choice::keep("Keep both"),
                Choice::new("Merge anyway", 'a', send),
            ];
            Dialog::new(TWO_PEOPLE, &format!("{doubt} {text}"), choices)
        }
    };
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// Takes the question back that is on the screen: what it asks about is not as it was.
pub(super) fn take_question_back(model: &mut Model) {
    let is_its = |layer: &Layer| match layer {
        Layer::Dialog(dialog) => [MERGE, TWO_PEOPLE].contains(&dialog.title),
        _ => false,
    };
    model.layers.retain(|layer| !is_its(layer));
}

fn send(model: &mut Model) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let Some(merging) = merger.merging().filter(|_| merger.sent.is_none()) else {
        return Vec::new();
    };
    let deed = Deed::Merge(merger.stays.id, Box::new(merging));
    merger.sent = Some(deed.clone());
    merger.message = None;
    merger.changes.clear();
    let about = About::who(&merger.stays.text);
    deeds::send(model, deed, about)
}

fn is_its(merger: &Merger, deed: &Deed) -> bool {
    merger.sent.as_ref() == Some(deed)
}

/// Closes the screen that a deed came from.
pub(crate) fn done(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    match top(model) {
        Some(merger) if is_its(merger, deed) => close(model),
        _ => Vec::new(),
    }
}

/// Says on the screen that a deed came from why it was not done; answers whether it is still there.
pub(crate) fn failed(model: &mut Model, deed: &Deed, text: &str) -> bool {
    match top_mut(model) {
        Some(merger) if is_its(merger, deed) => {
            merger.sent = None;
            merger.message = Some(text.to_owned());
            true
        }
        _ => false,
    }
}

/// After a merge was refused: asks again what it would do, so that what changed can be said.
pub(crate) fn look_again(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    match deed {
        Deed::Merge(..) => ask(model),
        _ => Vec::new(),
    }
}
