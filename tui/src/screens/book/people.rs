//! For whom: people are looked for while the name is typed.

use std::time::Duration;

use chrono::NaiveDate;
use clinic_shared::client::{Error, PatientQuery};
use clinic_shared::desk::patients::{Patient, PatientRow};
use uuid::Uuid;

use super::{Step, enter, top_mut};
use crate::app::Model;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;

/// Long enough that a word is typed, short enough that nobody waits for it.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// Whom it is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whom {
    pub(crate) id: Uuid,
    pub(crate) full_name: String,
    pub(crate) birth_date: Option<NaiveDate>,
    /// Their phone, as far as it is known here.
    pub(super) phone: Option<String>,
    /// Their e-mail address, as far as it is known here.
    pub(super) email: Option<String>,
}

impl Whom {
    /// Somebody of whom no more is known.
    pub(crate) fn named(id: Uuid, full_name: &str) -> Self {
        Self {
            id,
            full_name: full_name.to_owned(),
            birth_date: None,
            phone: None,
            email: None,
        }
    }
}

impl From<&PatientRow> for Whom {
    fn from(row: &PatientRow) -> Self {
        Self {
            birth_date: row.birth_date,
            phone: row.phone.clone(),
            ..Self::named(row.id, &row.full_name)
        }
    }
}

impl From<&Patient> for Whom {
    fn from(patient: &Patient) -> Self {
        Self {
            birth_date: patient.birth_date,
            phone: patient.phone.clone(),
            email: patient.email.clone(),
            ..Self::named(patient.id, &patient.full_name)
        }
    }
}

/// Looks for people.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let wanted = book.who.value().trim().to_owned();
    if wanted.is_empty() {
        book.people.clear();
        return model.abandon(Slot::People);
    }
    let query = PatientQuery {
        search: Some(wanted),
        cursor: None,
        limits: Some(20),
    };
    vec![model.call_after(Slot::People, Call::Patients(query), DEBOUNCE)]
}

/// Takes in who may be meant. Where Enter waited for that, it means the first of them; nobody is
/// registered by it.
pub(super) fn people_found(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let is_on_top = matches!(model.layers.last(), Some(Layer::Book(_)));
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let takes_first = std::mem::take(&mut book.takes_first) && book.step == Step::Who;
    match result {
        Ok(Reply::Patients(page)) => {
            book.people = page.results;
            book.message = None;
            if takes_first && is_on_top && !book.people.is_empty() {
                return enter(model);
            }
        }
        Err(error) => book.message = Some(error.to_string()),
        Ok(_) => {}
    }
    Vec::new()
}
