//! The patients screen: search as you type, and the list.

mod view;

use clinic_shared::client::PatientQuery;
use clinic_shared::desk::patients::{Patient, PatientRow};
use clinic_shared::v1::events::EventKind;
use uuid::Uuid;

use super::finder::{self, Finder};
use super::list::{Arrived, Listed, PAGE, Rows, Words};
use super::record;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Patients {
    pub(crate) finder: Finder,
    pub(crate) list: Rows<PatientRow>,
}

impl Default for Patients {
    /// The search field has the cursor from the first moment.
    fn default() -> Self {
        Self {
            finder: Finder {
                has_cursor: true,
                ..Finder::default()
            },
            list: Rows::default(),
        }
    }
}

impl Listed for PatientRow {
    type Id = Uuid;
    /// What is searched for; empty: everybody.
    type Query = String;

    const WORDS: Words = Words {
        asking: "searching",
        unasked: "not searched yet",
        failed: "The search failed",
    };
    const KEEPS: bool = true;
    /// Merged, parted, linked to an account; of other changes the server tells nothing.
    const KINDS: &'static [EventKind] = &[EventKind::Patient];

    fn id(&self) -> Uuid {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.patients.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.patients.list
    }

    fn wanted(model: &Model) -> String {
        model.patients.finder.wanted().to_owned()
    }

    fn call(query: String, cursor: Option<String>) -> Call {
        Call::Patients(PatientQuery {
            search: Some(query).filter(|query| !query.is_empty()),
            cursor,
            limits: Some(PAGE),
        })
    }

    fn asked(call: Call) -> Option<String> {
        match call {
            Call::Patients(query) => Some(query.search.unwrap_or_default()),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Patients(page) => Some((*page).into()),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::patient::open(model, row)
    }

    /// To the list, which says how a new patient is registered: never by the Enter that was meant
    /// for somebody who was looked for.
    fn enter_none(model: &mut Model) -> Vec<Effect> {
        finder::leave(model);
        Vec::new()
    }

    fn kept(model: &Model, query: &String) -> String {
        match query.as_str() {
            "" => "the whole list".to_owned(),
            query => format!("the rows of {}", model.glyphs.quoted(query)),
        }
    }

    fn older(model: &Model) -> String {
        let wanted = model.patients.finder.wanted();
        if wanted.is_empty() {
            return "these rows are of an older search".to_owned();
        }
        format!("{} is not searched yet", model.glyphs.quoted(wanted))
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Shows a saved record in its row without asking again.
pub(crate) fn saved(model: &mut Model, patient: &Patient) {
    model.patients.list.replace(row_of(patient));
}

/// Puts a newly registered person at the head of the list and selects them: whoever registers
/// somebody goes on with them.
pub(crate) fn registered(model: &mut Model, patient: &Patient) {
    model.patients.list.put_first(row_of(patient));
}

/// The row of the list that a record is.
pub(crate) fn row_of(patient: &Patient) -> PatientRow {
    PatientRow {
        id: patient.id,
        record_number: patient.record_number.clone(),
        full_name: patient.full_name.clone(),
        birth_date: patient.birth_date,
        gender: patient.gender,
        phone: patient.phone.clone(),
        has_account: patient.username.is_some(),
    }
}
