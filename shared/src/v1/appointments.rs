//! `/v1/api/appointment/` (API.md §4).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::appointments::{Kind, ReasonKind, Status};

/// A doctor or a patient beside an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "NamedPerson")
)]
pub struct Named {
    /// Their id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
}

/// The available time of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct MeetingTime {
    /// Its id.
    pub id: i64,
    /// What people call it.
    pub name: String,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "V1Appointment")
)]
pub struct Appointment {
    /// Its id.
    pub id: i64,
    /// Whom the patient sees.
    pub doctor: Named,
    /// Who comes.
    pub patient: Named,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// What the patient says.
    pub symptoms: String,
    /// The clinic's date.
    pub meeting_date: NaiveDate,
    /// The available time; null outside any.
    pub meeting_time: Option<MeetingTime>,
    /// When it begins; null in an available time without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub status: Status,
    /// Where an online visit takes place.
    pub meeting_link: Option<String>,
    /// Whether it was paid for.
    pub is_paid: bool,
    /// Absolute, signed URLs of the pictures; they expire.
    pub images: Vec<String>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `POST patient/`: the caller books for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "PatientBooking", deny_unknown_fields)
)]
pub struct PatientBooking {
    /// Whom to see.
    pub doctor: Uuid,
    /// The clinic's date.
    pub meeting_date: NaiveDate,
    /// The available time, by its id.
    pub meeting_time: i64,
    /// Exactly which of its slots; without it the earliest that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// What it is about, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub title: Option<String>,
    /// What ails the patient.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub symptoms: String,
}

/// Body of `POST doctor/`: the doctor books for one of their patients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DoctorBooking", deny_unknown_fields)
)]
pub struct DoctorBooking {
    /// Who comes.
    pub patient: Uuid,
    /// The clinic's date.
    pub meeting_date: NaiveDate,
    /// The available time, by its id.
    pub meeting_time: i64,
    /// Exactly which of its slots; without it the earliest that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// What it is about, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub title: Option<String>,
    /// What ails the patient.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub symptoms: String,
}

/// Body of `doctor/{id}/update_status/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "StatusUpdate", deny_unknown_fields)
)]
pub struct StatusUpdate {
    /// How it is to stand.
    pub status: Status,
    /// Where an online visit takes place from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 500, pattern = "^https?://[!-~]+$"))
    )]
    pub meeting_link: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `patient/{id}/cancel/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "PatientCancel", deny_unknown_fields)
)]
pub struct PatientCancel {
    /// Why, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_kind: Option<ReasonKind>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}
