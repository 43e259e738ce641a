//! The doctors: search as you type, the list, and who waits to be verified.

pub(crate) mod verify;
mod view;

use clinic_shared::client::DoctorQuery;
use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use clinic_shared::v1::events::EventKind;
use uuid::Uuid;

use super::finder::Finder;
use super::list::{Arrived, Listed, PAGE, Rows, Words};
use super::record;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

/// What the screen shows. The keys act on the list at first: there are few doctors.
#[derive(Debug, Default)]
pub(crate) struct Doctors {
    pub(crate) finder: Finder,
    /// Only those who are verified, or only those who are not.
    pub(crate) verified: Option<bool>,
    pub(crate) list: Rows<DoctorRow>,
    /// Whom the question on the screen is about.
    pub(crate) asked: Option<verify::Asked>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) search: Option<String>,
    pub(crate) verified: Option<bool>,
}

impl Listed for DoctorRow {
    type Id = Uuid;
    type Query = Wanted;

    const WORDS: Words = Words {
        asking: "searching",
        unasked: "not searched yet",
        failed: "The search failed",
    };
    const KEEPS: bool = true;
    /// Their hours; of the rest of their records the server tells nothing.
    const KINDS: &'static [EventKind] = &[EventKind::Schedule];

    fn id(&self) -> Uuid {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.doctors.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.doctors.list
    }

    fn wanted(model: &Model) -> Wanted {
        Wanted {
            search: model.doctors.finder.search(),
            verified: model.doctors.verified,
        }
    }

    fn call(query: Wanted, cursor: Option<String>) -> Call {
        Call::Doctors(DoctorQuery {
            search: query.search,
            verified: query.verified,
            cursor,
            limits: Some(PAGE),
        })
    }

    fn asked(call: Call) -> Option<Wanted> {
        match call {
            Call::Doctors(query) => Some(Wanted {
                search: query.search,
                verified: query.verified,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Doctors(page) => Some((*page).into()),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::doctor::open(model, row)
    }

    fn kept(model: &Model, query: &Wanted) -> String {
        match &query.search {
            None => "the rows before".to_owned(),
            Some(search) => format!("the rows of {}", model.glyphs.quoted(search)),
        }
    }

    fn older(model: &Model) -> String {
        match model.doctors.finder.search() {
            Some(search) => format!("{} is not searched yet", model.glyphs.quoted(&search)),
            None => "these rows are of an older search".to_owned(),
        }
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Shows a doctor in their row without asking again.
pub(crate) fn saved(model: &mut Model, doctor: &Doctor) {
    let names = |named: &[Named]| named.iter().map(|named| named.name.clone()).collect();
    model.doctors.list.replace(DoctorRow {
        id: doctor.id,
        number: doctor.number,
        full_name: doctor.full_name.clone(),
        specialisations: names(&doctor.specialisations),
        designations: names(&doctor.designations),
        fee: doctor.fee.clone(),
        is_verified: doctor.verified_at.is_some(),
    });
}
