//! `/v1/api/desk/doctors/`: who can be booked, and who still waits to be verified.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::Person;
use crate::Patch;

/// A designation or a specialisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Named {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A window of time that a doctor offers (API.md §6), as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct AvailableTime {
    /// Its id.
    pub id: i64,
    /// Its label, e.g. `9:00 AM - 9:30 AM`.
    pub name: String,
    /// Clinic-local beginning, `HH:MM`; null for a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    pub ends: Option<String>,
    /// `mon` … `sun`.
    pub weekdays: Vec<String>,
    /// The window is cut into slots of this length; null: it is one slot.
    pub slot_minutes: Option<i64>,
    /// The first day it is offered.
    pub valid_from: Option<NaiveDate>,
    /// The last day it is offered.
    pub valid_to: Option<NaiveDate>,
}

/// A window of a doctor's, with what to know before it is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskDoctorWindow")
)]
pub struct DoctorWindow {
    /// The window.
    pub window: AvailableTime,
    /// Everybody who offers it, this doctor too.
    pub doctors: Vec<Person>,
    /// How many appointments of this doctor are still to come in it.
    pub booked: i64,
    /// How many of all doctors.
    pub booked_by_all: i64,
    /// Counts its changes; the `ETag` of the available time is made of it.
    pub version: i64,
}

/// One line of the list of doctors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskDoctorRow")
)]
pub struct DoctorRow {
    /// The doctor's id.
    pub id: Uuid,
    /// The number classic knows the doctor by.
    pub number: i64,
    /// Full name.
    pub full_name: String,
    /// Names of the specialisations.
    pub specialisations: Vec<String>,
    /// Names of the designations.
    pub designations: Vec<String>,
    /// What a visit costs, e.g. `500.00`.
    pub fee: String,
    /// Whether an admin has verified them; until then patients do not see them.
    pub is_verified: bool,
}

/// A doctor's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskDoctor")
)]
pub struct Doctor {
    /// The doctor's id.
    pub id: Uuid,
    /// The number classic knows the doctor by.
    pub number: i64,
    /// Full name.
    pub full_name: String,
    /// The account's username.
    pub username: String,
    /// The account's e-mail.
    pub email: String,
    /// Absolute URL of the photo.
    pub photo: Option<String>,
    /// Specialisations.
    pub specialisations: Vec<Named>,
    /// Designations.
    pub designations: Vec<Named>,
    /// The windows they offer.
    pub available_times: Vec<AvailableTime>,
    /// What a visit costs, e.g. `500.00`.
    pub fee: String,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// When an admin verified them; null: not yet.
    pub verified_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `PATCH /v1/api/desk/doctors/{id}/`: absent keeps, null clears.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskDoctorChange", deny_unknown_fields)
)]
pub struct DoctorChange {
    /// What a visit costs: units, or units and two decimals, e.g. `500.00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^[0-9]{1,9}(\.[0-9]{2})?$"))
    )]
    pub fee: Option<String>,
    /// Where online visits take place.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 250)))]
    pub meet_link: Patch<String>,
    /// Ids of the specialisations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialisation_ids: Option<Vec<i64>>,
    /// Ids of the designations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation_ids: Option<Vec<i64>>,
    /// Ids of the windows, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time_ids: Option<Vec<i64>>,
}
