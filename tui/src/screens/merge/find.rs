//! Which other record it is: looked for while a name, a birth date or a number is typed.

use std::time::Duration;

use clinic_shared::client::PatientQuery;
use tui_input::InputRequest;

use super::top_mut;
use crate::app::Model;
use crate::effect::{Call, Effect, Slot};

/// Long enough that a word is typed, short enough that nobody waits for it.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// Types into the search for the other record.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(merger) = top_mut(model).filter(|merger| merger.is_finding()) else {
        return Vec::new();
    };
    let before = merger.find.value().to_owned();
    merger.find.handle(request);
    if merger.find.value() == before {
        return Vec::new();
    }
    merger.cursor = 0;
    merger.takes_first = false;
    look(model, DEBOUNCE)
}

pub(super) fn look(model: &mut Model, after: Duration) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let wanted = merger.find.value().trim().to_owned();
    merger.message = None;
    let call = match wanted.is_empty() {
        true => Call::Duplicates(merger.like.clone()),
        false => Call::Patients(PatientQuery {
            search: Some(wanted),
            cursor: None,
            limits: Some(20),
        }),
    };
    vec![model.call_after(Slot::Twin, call, after)]
}
