//! A doctor as the rules answer one.

use chrono::{DateTime, Utc};
use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use uuid::Uuid;

use crate::clinic::available_times::Window;
use crate::clinic::money;

/// A doctor with everything linked. The photo is a media key here and a URL on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct DoctorRecord {
    /// The id of v1 and the desk.
    pub id: Uuid,
    /// The number classic knows the doctor by.
    pub number: i64,
    /// The account's display name.
    pub full_name: String,
    /// The account's sign-in name.
    pub username: String,
    /// The account's e-mail.
    pub email: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// Designations, by id.
    pub designations: Vec<Named>,
    /// Specialisations, by id.
    pub specialisations: Vec<Named>,
    /// The windows they offer, by id.
    pub available_times: Vec<Window>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// When an admin verified them.
    pub verified_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1; the `ETag` is made of it.
    pub version: i64,
    /// When the profile was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A doctor as a line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct DoctorLine {
    /// The id of v1 and the desk.
    pub id: Uuid,
    /// The number classic knows the doctor by.
    pub number: i64,
    /// The account's display name.
    pub full_name: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// Designations, by id.
    pub designations: Vec<Named>,
    /// Specialisations, by id.
    pub specialisations: Vec<Named>,
    /// Ids of the windows they offer.
    pub available_times: Vec<i64>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// Whether an admin verified them.
    pub is_verified: bool,
}

impl DoctorRecord {
    /// The record as the desk shows it, with the photo's URL.
    pub fn wire(self, photo: Option<String>) -> Doctor {
        Doctor {
            id: self.id,
            number: self.number,
            full_name: self.full_name,
            username: self.username,
            email: self.email,
            photo,
            specialisations: self.specialisations,
            designations: self.designations,
            available_times: self.available_times.into_iter().map(Window::wire).collect(),
            fee: money::decimal(self.fee_cents),
            meet_link: self.meet_link,
            verified_at: self.verified_at,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl From<DoctorRecord> for DoctorLine {
    fn from(record: DoctorRecord) -> Self {
        DoctorLine {
            id: record.id,
            number: record.number,
            full_name: record.full_name,
            photo: record.photo,
            designations: record.designations,
            specialisations: record.specialisations,
            available_times: record
                .available_times
                .iter()
                .map(|window| window.id)
                .collect(),
            fee_cents: record.fee_cents,
            meet_link: record.meet_link,
            is_verified: record.verified_at.is_some(),
        }
    }
}

impl DoctorLine {
    /// The line as the desk shows it.
    pub fn wire(self) -> DoctorRow {
        let names = |named: Vec<Named>| named.into_iter().map(|one| one.name).collect();
        DoctorRow {
            id: self.id,
            number: self.number,
            full_name: self.full_name,
            specialisations: names(self.specialisations),
            designations: names(self.designations),
            fee: money::decimal(self.fee_cents),
            is_verified: self.is_verified,
        }
    }
}
