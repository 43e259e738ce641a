//! `/appointments/` (API.md §3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lenient::{Flag, Id};
use crate::desk::appointments as desk;
use crate::macros::wire_enum;

wire_enum! {
    /// Whether people meet, as classic writes it.
    #[cfg_attr(feature = "openapi", oai(rename = "ClassicAppointmentType"))]
    pub enum Kind {
        /// By video or phone.
        Online = "Online",
        /// At the clinic.
        Offline = "Offline",
    }
}

impl From<desk::Kind> for Kind {
    fn from(kind: desk::Kind) -> Self {
        match kind {
            desk::Kind::Online => Kind::Online,
            desk::Kind::Offline => Kind::Offline,
        }
    }
}

impl From<Kind> for desk::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Online => desk::Kind::Online,
            Kind::Offline => desk::Kind::Offline,
        }
    }
}

impl Kind {
    /// Reads the word in any letter case.
    pub fn read(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.as_str().eq_ignore_ascii_case(word.trim()))
    }
}

wire_enum! {
    /// Where an appointment stands, in classic's three words and their spelling.
    #[cfg_attr(feature = "openapi", oai(rename = "ClassicAppointmentStatus"))]
    pub enum Status {
        /// Yet to come, or called off.
        Pending = "Pendding",
        /// The patient is with the doctor.
        Running = "Runing",
        /// Seen.
        Completed = "Complated",
    }
}

impl From<desk::Status> for Status {
    fn from(status: desk::Status) -> Self {
        match status {
            desk::Status::Running => Status::Running,
            desk::Status::Completed => Status::Completed,
            desk::Status::Pending
            | desk::Status::Confirmed
            | desk::Status::CheckedIn
            | desk::Status::Cancelled
            | desk::Status::NoShow
            | desk::Status::Left => Status::Pending,
        }
    }
}

/// An appointment as classic shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicAppointment")
)]
pub struct Appointment {
    /// Its number.
    pub id: i64,
    /// The patient's number.
    pub patient: i64,
    /// The doctor's number.
    pub doctor: i64,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// Where it stands.
    pub appointment_status: Status,
    /// What the patient says.
    pub symptoms: String,
    /// The available time's id; null if the desk booked it outside any.
    pub time: Option<i64>,
    /// Whether it was called off, or the patient did not stay or come.
    pub cancel: bool,
}

/// Body of POST and PUT on appointments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicAppointmentInput")
)]
pub struct AppointmentInput {
    /// The doctor's number.
    pub doctor: Id,
    /// `Online` or `Offline`, in any letter case.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([Oo][Nn]|[Oo][Ff][Ff])[Ll][Ii][Nn][Ee]$"))
    )]
    pub appointment_type: String,
    /// What the patient says.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub symptoms: String,
    /// The id of one of the doctor's available times.
    pub time: Id,
    /// The clinic's date; without it a new appointment gets the next free one, and an old one keeps
    /// its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// True calls it off; on creation it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<Flag>,
}

/// Body of PATCH on appointments: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicAppointmentChange")
)]
pub struct AppointmentChange {
    /// Another doctor's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Id>,
    /// `Online` or `Offline`, in any letter case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([Oo][Nn]|[Oo][Ff][Ff])[Ll][Ii][Nn][Ee]$"))
    )]
    pub appointment_type: Option<String>,
    /// What the patient says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub symptoms: Option<String>,
    /// The id of one of the doctor's available times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Id>,
    /// Another date of the clinic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// True calls it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<Flag>,
}

impl From<AppointmentInput> for AppointmentChange {
    fn from(input: AppointmentInput) -> Self {
        AppointmentChange {
            doctor: Some(input.doctor),
            appointment_type: Some(input.appointment_type),
            symptoms: Some(input.symptoms),
            time: Some(input.time),
            date: input.date,
            cancel: input.cancel,
        }
    }
}
