//! What may be written of a doctor: checked all at once, and what of it is new.

use clinic_shared::classic::lenient::Id;
use clinic_shared::v1::lenient::LinkId;
use clinic_shared::{Patch, classic, desk, v1};
use serde_json::{Map, Value, json};

use super::linked::{self, Linked};
use super::text;
use crate::clinic::{Answer, Faults, audit, money};
use crate::store::Tx;
use crate::store::doctor_links::Link;
use crate::store::doctors::{DoctorRow, Stored};

/// The longest link, in characters.
const LONGEST_LINK: usize = 250;
/// The longest line about a doctor, in characters.
const LONGEST_STATUS: usize = 200;

/// The writable fields as somebody filled them in; absent ones stay.
#[derive(Debug, Default)]
pub(super) struct Form {
    fee_cents: Option<i64>,
    meet_link: Patch<String>,
    year_of_experience: Patch<i64>,
    personal_status: Patch<String>,
    photo: Patch<String>,
    linked: Vec<Linked>,
}

/// A form without faults.
#[derive(Debug, Default)]
pub(super) struct Checked {
    full_name: Option<String>,
    fee_cents: Option<i64>,
    meet_link: Patch<String>,
    year_of_experience: Patch<i64>,
    personal_status: Patch<String>,
    photo: Patch<String>,
    pub(super) linked: Vec<Linked>,
}

impl Form {
    pub(super) fn of_classic(change: classic::doctors::DoctorChange) -> Self {
        let linked = [
            (Link::Designations, "designation", change.designation),
            (
                Link::Specialisations,
                "specialisation",
                change.specialisation,
            ),
            (
                Link::AvailableTimes,
                "available_time",
                change.available_time,
            ),
        ];
        let plain = |ids: Vec<Id>| ids.into_iter().map(i64::from).collect();
        Form {
            fee_cents: change.fee.map(|fee| money::of_units(fee.into())),
            meet_link: change.meet_link,
            linked: linked
                .into_iter()
                .filter_map(|(link, field, ids)| Some(Linked::new(link, field, plain(ids?))))
                .collect(),
            ..Form::default()
        }
    }

    pub(super) fn of_desk(change: desk::doctors::DoctorChange, faults: &mut Faults) -> Self {
        let linked = [
            (
                Link::Designations,
                "designation_ids",
                change.designation_ids,
            ),
            (
                Link::Specialisations,
                "specialisation_ids",
                change.specialisation_ids,
            ),
            (
                Link::AvailableTimes,
                "available_time_ids",
                change.available_time_ids,
            ),
        ];
        let fee = change.fee.as_deref().map(money::of_decimal);
        Form {
            fee_cents: fee.and_then(|fee| faults.take("fee", fee)),
            meet_link: change.meet_link,
            linked: linked
                .into_iter()
                .filter_map(|(link, field, ids)| Some(Linked::new(link, field, ids?)))
                .collect(),
            ..Form::default()
        }
    }

    /// Of the doctor's own change on v1. What it says of the photo is the caller's to put in.
    pub(super) fn of_own(change: v1::doctors::ProfileChange, faults: &mut Faults) -> Self {
        let linked = [
            (Link::Designations, "designation", change.designation),
            (
                Link::Specialisations,
                "specialization",
                change.specialization,
            ),
            (
                Link::AvailableTimes,
                "available_time",
                change.available_time,
            ),
        ];
        let plain = |ids: Vec<LinkId>| ids.into_iter().map(i64::from).collect();
        let fee = change.fee.as_deref().map(money::of_decimal);
        Form {
            fee_cents: fee.and_then(|fee| faults.take("fee", fee)),
            meet_link: change.meet_link,
            year_of_experience: change.year_of_experience,
            personal_status: change.personal_status,
            photo: Patch::Keep,
            linked: linked
                .into_iter()
                .filter_map(|(link, field, ids)| Some(Linked::new(link, field, plain(ids?))))
                .collect(),
        }
    }

    /// With another photo, if there is one.
    pub(super) fn with_photo(self, photo: Option<String>) -> Self {
        match photo {
            Some(key) => Form {
                photo: Patch::Set(key),
                ..self
            },
            None => self,
        }
    }

    /// Without a photo.
    pub(super) fn without_photo(self) -> Self {
        Form {
            photo: Patch::Clear,
            ..self
        }
    }

    /// Checks every field, and that everything linked is there.
    ///
    /// # Errors
    /// [`crate::clinic::Refusal::Invalid`] with every faulty field.
    pub(super) async fn checked(self, tx: &mut Tx, mut faults: Faults) -> Answer<Checked> {
        let meet_link = line(self.meet_link, "meet_link", LONGEST_LINK, &mut faults);
        let personal_status = line(
            self.personal_status,
            "personal_status",
            LONGEST_STATUS,
            &mut faults,
        );
        for linked in &self.linked {
            linked::check(tx, linked, &mut faults).await?;
        }
        faults.refuse()?;
        Ok(Checked {
            full_name: None,
            fee_cents: self.fee_cents,
            meet_link,
            year_of_experience: self.year_of_experience,
            personal_status,
            photo: self.photo,
            linked: self.linked,
        })
    }
}

impl Checked {
    /// Nothing but another name.
    pub(super) fn renamed(full_name: String) -> Self {
        Checked {
            full_name: Some(full_name),
            ..Checked::default()
        }
    }

    /// Nothing but another fee, if there is one.
    pub(super) fn costing(fee_cents: Option<i64>) -> Self {
        Checked {
            fee_cents,
            ..Checked::default()
        }
    }

    /// What was stored, with this form's fields in it.
    pub(super) fn applied(&self, was: Stored) -> Stored {
        let (full_name, name_key) = match &self.full_name {
            Some(name) => (name.clone(), text::name_key(name)),
            None => (was.full_name, was.name_key),
        };
        Stored {
            full_name,
            name_key,
            photo: self.photo.clone().apply(was.photo),
            fee_cents: self.fee_cents.unwrap_or(was.fee_cents),
            meet_link: self.meet_link.clone().apply(was.meet_link),
            year_of_experience: self.year_of_experience.apply(was.year_of_experience),
            personal_status: self.personal_status.clone().apply(was.personal_status),
        }
    }
}

impl From<&DoctorRow> for Stored {
    fn from(row: &DoctorRow) -> Self {
        Stored {
            full_name: row.full_name.clone(),
            name_key: row.name_key.clone(),
            photo: row.photo.clone(),
            fee_cents: row.fee_cents,
            meet_link: row.meet_link.clone(),
            year_of_experience: row.year_of_experience,
            personal_status: row.personal_status.clone(),
        }
    }
}

/// A text on one line; a blank one is none.
fn line(typed: Patch<String>, field: &str, most: usize, faults: &mut Faults) -> Patch<String> {
    let Patch::Set(typed) = typed else {
        return typed;
    };
    let checked = text::line(&typed).and_then(|typed| text::optional(&typed, most));
    Patch::from_option(faults.take(field, checked).flatten())
}

/// What a change changes, for the audit: all fields by name, settings with what they were and are.
#[derive(Debug, Default)]
pub(super) struct Changes {
    fields: Vec<&'static str>,
    from: Map<String, Value>,
    to: Map<String, Value>,
}

impl Changes {
    pub(super) fn between(was: &Stored, is: &Stored) -> Self {
        let mut changes = Changes {
            fields: audit::fields([
                ("full_name", was.full_name != is.full_name),
                ("photo", was.photo != is.photo),
                ("meet_link", was.meet_link != is.meet_link),
                (
                    "year_of_experience",
                    was.year_of_experience != is.year_of_experience,
                ),
                ("personal_status", was.personal_status != is.personal_status),
            ]),
            ..Changes::default()
        };
        if was.fee_cents != is.fee_cents {
            changes.setting("fee_cents", json!(was.fee_cents), json!(is.fee_cents));
        }
        changes
    }

    /// Notes a setting that was `from` and is `to`.
    pub(super) fn setting(&mut self, field: &'static str, from: Value, to: Value) {
        self.fields.push(field);
        self.from.insert(field.to_owned(), from);
        self.to.insert(field.to_owned(), to);
    }

    pub(super) fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    pub(super) fn are_none(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn detail(self) -> Value {
        json!({ "fields": self.fields, "from": self.from, "to": self.to })
    }
}
