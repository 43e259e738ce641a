//! "May already be here": asked while the form is typed into.

use std::time::Duration;

use clinic_shared::client::Error;
use clinic_shared::desk::patients::PatientDraft;

use super::{Subject, any_mut, save};
use crate::app::Model;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::record;

/// Long enough that a word is typed, short enough that the answer is there at the next field.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// Asks who may be the person in the form on top, if enough is known of a new one.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date_naive();
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    if form.subject != Subject::New {
        return Vec::new();
    }
    let draft = save::draft(form, today);
    if !says_enough(&draft) {
        form.candidates.clear();
        return model.abandon(Slot::Duplicates);
    }
    if !model.session.is_in() {
        return Vec::new();
    }
    vec![model.call_after(Slot::Duplicates, Call::Duplicates(draft), DEBOUNCE)]
}

/// Nobody is told apart by half a name alone.
fn says_enough(draft: &PatientDraft) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let has_name = draft.full_name.chars().count() >= 2;
    let has_more = draft.birth_date.is_some()
        || draft
            .phone
            .as_deref()
            .is_some_and(|phone| digits(phone) >= 5)
        || draft
            .email
            .as_deref()
            .is_some_and(|email| email.contains('@'));
    has_name && has_more
}

/// Takes in who may be the person. A refusal is not shown: the form says what is wrong with its
/// fields when it is saved, and this is only advice.
/// Where the form waits for it, it is saved now.
pub(crate) fn landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    let waited = std::mem::take(&mut form.waits);
    match result {
        Ok(Reply::Duplicates(found)) => form.candidates = found,
        Err(Error::Refused(_)) => form.candidates.clear(),
        _ if waited => {
            form.message = Some(
                "Not saved yet: the server did not say who may be here already; save again."
                    .to_owned(),
            );
            return Vec::new();
        }
        _ => {}
    }
    match waited {
        true => save::save(model),
        false => Vec::new(),
    }
}

/// Opens a candidate's record over the form, which stays.
pub(crate) fn open_candidate(model: &mut Model, index: usize) -> Vec<Effect> {
    let form = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Form(form) => Some(form),
        _ => None,
    });
    let candidate = form.and_then(|form| form.candidates.get(index));
    match candidate.map(|candidate| candidate.patient.clone()) {
        Some(row) => record::patient::open(model, row),
        None => Vec::new(),
    }
}

/// Opens the likeliest candidate's record over the form.
pub(crate) fn open_first(model: &mut Model) -> Vec<Effect> {
    if matches!(model.layers.last(), Some(Layer::Dialog(_))) {
        model.layers.pop();
    }
    open_candidate(model, 0)
}
