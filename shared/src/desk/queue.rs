//! `/v1/api/desk/board/`, `queue/` and `walk-ins/`: who is here, who waits for whom, since when, and
//! who is next.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::{Kind, Person, Status};
use super::patients::{Gender, PatientDraft};
use crate::macros::wire_enum;

wire_enum! {
    /// Who goes first, the last of these.
    #[cfg_attr(feature = "openapi", oai(rename = "AppointmentPriority"))]
    pub enum Priority {
        /// In their turn.
        Normal = "normal",
        /// Before those.
        Urgent = "urgent",
        /// Before everybody.
        Emergency = "emergency",
    }
}

wire_enum! {
    /// How long somebody has waited, by the clinic's thresholds.
    pub enum WaitLevel {
        /// Not long.
        Ok = "ok",
        /// Long (`WAIT_WARN`).
        Warn = "warn",
        /// Too long (`WAIT_ALERT`).
        Alert = "alert",
    }
}

/// An appointment on the board or in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct BoardRow {
    /// The appointment's id.
    pub id: i64,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`.
    pub ends: Option<String>,
    /// When it is due, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// The window's label; null outside any window.
    pub window: Option<String>,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// Where it stands.
    pub status: Status,
    /// Who comes.
    pub patient: Person,
    /// Their birth date: which person of that name.
    pub patient_birth_date: Option<NaiveDate>,
    /// Their phone, as typed.
    pub patient_phone: Option<String>,
    /// How often they did not come before this day.
    pub patient_no_shows: i64,
    /// Whom they see.
    pub doctor: Person,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// The number that is called out.
    pub ticket: Option<i64>,
    /// Where the patient is seen.
    pub room: Option<String>,
    /// Who goes first.
    pub priority: Priority,
    /// When the patient came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient was called in, until they go in.
    pub called_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started_at: Option<DateTime<Utc>>,
    /// When the patient was seen.
    pub completed_at: Option<DateTime<Utc>>,
    /// How long the patient has waited, or waited until they went in or left, in whole minutes.
    pub waiting_minutes: Option<i64>,
    /// Whether that is long; null unless they wait now.
    pub wait_level: Option<WaitLevel>,
    /// When the patient will likely go in, UTC; null for who has, who will not, and where there is
    /// nothing to tell it by.
    pub expected_at: Option<DateTime<Utc>>,
    /// The same in the clinic's time, `HH:MM`.
    pub expected: Option<String>,
    /// Beside another one on purpose; a walk-in always.
    pub overbooked: bool,
    /// Came without being booked.
    pub walk_in: bool,
    /// Came after it was due, or is due and has not come.
    pub is_late: bool,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
}

/// A doctor's day in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DoctorBoard {
    /// The doctor.
    pub doctor: Person,
    /// How many minutes they run late.
    pub late_minutes: i64,
    /// How many minutes they offer on this day.
    pub offered_minutes: i64,
    /// How many minutes their appointments take.
    pub booked_minutes: i64,
    /// Who is still to come.
    pub awaited: i64,
    /// Who waits.
    pub waiting: i64,
    /// Who is with the doctor.
    pub running: i64,
    /// Who was seen.
    pub completed: i64,
    /// Who did not come.
    pub missed: i64,
    /// Who left without being seen.
    pub left: i64,
    /// What was called off.
    pub cancelled: i64,
    /// How many of all these came without being booked.
    pub walk_ins: i64,
    /// How long the one who has waited longest waits, in whole minutes.
    pub longest_wait_minutes: Option<i64>,
}

/// Who is free first for somebody who comes now without being booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct NextFree {
    /// The doctor.
    pub doctor: Person,
    /// When somebody who comes now would likely go in.
    pub expected_at: DateTime<Utc>,
    /// The same on the clinic's clock, `HH:MM`.
    pub expected: String,
}

/// Everything of a day: `GET /v1/api/desk/board/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Board {
    /// The clinic's date.
    pub date: NaiveDate,
    /// When this was so.
    pub at: DateTime<Utc>,
    /// From how many minutes on a wait is long.
    pub warn_minutes: i64,
    /// From how many minutes on it is too long.
    pub alert_minutes: i64,
    /// Who works on this day, by name.
    pub doctors: Vec<DoctorBoard>,
    /// To whom somebody goes who comes now without being booked and names nobody. Only on today's
    /// whole board; none if nobody works today any more.
    #[serde(default)]
    pub next_free: Option<NextFree>,
    /// The appointments, in the order of the day.
    pub appointments: Vec<BoardRow>,
}

/// Who is next: `GET /v1/api/desk/queue/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Queue {
    /// The clinic's date.
    pub date: NaiveDate,
    /// When this was so.
    pub at: DateTime<Utc>,
    /// From how many minutes on a wait is long.
    pub warn_minutes: i64,
    /// From how many minutes on it is too long.
    pub alert_minutes: i64,
    /// The doctor's day.
    pub doctor: DoctorBoard,
    /// How long those who came have waited on average, in whole minutes; null while nobody came.
    pub average_wait_minutes: Option<i64>,
    /// Who is with the doctor, then who waits, the next one first.
    pub entries: Vec<BoardRow>,
    /// Who is still to come, by due time; those without a clock last.
    pub to_come: Vec<BoardRow>,
}

/// Body of `POST /v1/api/desk/walk-ins/`: who came, and to whom.
///
/// Somebody known by `patient` or `record_number`; or else a new person, of whom `full_name` and what
/// follows it is registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct WalkIn {
    /// Who came, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Who came, by record number: `P-000042`, or `42`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 24)))]
    pub record_number: Option<String>,
    /// A new person's full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 255)))]
    pub full_name: Option<String>,
    /// Birth date, not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Administrative gender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// As typed; families may share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: Option<String>,
    /// Where this person may be written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 254, pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"))
    )]
    pub email: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 1000)))]
    pub address: Option<String>,
    /// Blood group as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5)))]
    pub blood_group: Option<String>,
    /// What the desk should know of this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub note: Option<String>,
    /// Registers the person though there are records that may be theirs already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anyway: Option<bool>,
    /// Whom they want to see; without it, whoever is on duty and has the shortest queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Only whoever is for this, by a specialisation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialisation: Option<i64>,
    /// Who goes first; in their turn without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Where the patient is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 50)))]
    pub room: Option<String>,
    /// What it is about, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub title: Option<String>,
    /// What the patient says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub symptoms: Option<String>,
    /// How long it takes, in minutes; without it as long as a slot of the doctor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "720")))
    )]
    pub duration_minutes: Option<i64>,
}

impl WalkIn {
    /// The person to register; none where nothing of one is said.
    pub fn person(&self) -> Option<PatientDraft> {
        let draft = PatientDraft {
            full_name: self.full_name.clone().unwrap_or_default(),
            birth_date: self.birth_date,
            gender: self.gender,
            phone: self.phone.clone(),
            email: self.email.clone(),
            address: self.address.clone(),
            blood_group: self.blood_group.clone(),
            note: self.note.clone(),
        };
        (draft != PatientDraft::default()).then_some(draft)
    }
}

impl From<PatientDraft> for WalkIn {
    fn from(person: PatientDraft) -> Self {
        WalkIn {
            full_name: Some(person.full_name),
            birth_date: person.birth_date,
            gender: person.gender,
            phone: person.phone,
            email: person.email,
            address: person.address,
            blood_group: person.blood_group,
            note: person.note,
            ..WalkIn::default()
        }
    }
}

/// Body of `room/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentRoom", deny_unknown_fields)
)]
pub struct SetRoom {
    /// Where the patient is seen; empty: nowhere yet.
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 50)))]
    pub room: String,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `priority/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentPrioritise", deny_unknown_fields)
)]
pub struct SetPriority {
    /// Who goes first.
    pub priority: Priority,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `call-in/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentCallIn", deny_unknown_fields)
)]
pub struct CallIn {
    /// Into which room; without it the one that was assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub room: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `POST /v1/api/desk/doctors/{id}/running-late/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct RunningLate {
    /// How many minutes; 0: on time again.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "0"), maximum(value = "720")))
    )]
    pub minutes: i64,
    /// The clinic's date; today without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "0"))))]
    pub version: Option<i64>,
}

/// How late a doctor runs on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DoctorDay {
    /// The doctor.
    pub doctor: Person,
    /// The clinic's date.
    pub date: NaiveDate,
    /// How many minutes they run late.
    pub late_minutes: i64,
    /// Counts the changes, 0 while there was none; the `ETag` is made of it.
    pub version: i64,
}
