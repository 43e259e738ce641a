//! `/v1/api/desk/appointments/`: who comes when, with the names in one answer.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::macros::wire_enum;

wire_enum! {
    /// Where an appointment stands (API.md §5).
    #[cfg_attr(feature = "openapi", oai(rename = "AppointmentStatus"))]
    pub enum Status {
        /// Asked for.
        Pending = "pending",
        /// Agreed.
        Confirmed = "confirmed",
        /// The patient is here.
        CheckedIn = "checked_in",
        /// The patient is with the doctor.
        Running = "running",
        /// Seen.
        Completed = "completed",
        /// Called off.
        Cancelled = "cancelled",
        /// Did not come.
        NoShow = "no_show",
        /// Left without being seen.
        Left = "left",
    }
}

impl Status {
    /// Whether the appointment holds its time (API.md §6).
    pub const fn holds_time(self) -> bool {
        !matches!(self, Status::Cancelled | Status::NoShow | Status::Left)
    }
}

wire_enum! {
    /// Whether people meet.
    #[cfg_attr(feature = "openapi", oai(rename = "AppointmentType"))]
    pub enum Kind {
        /// By video or phone.
        Online = "online",
        /// At the clinic.
        Offline = "offline",
    }
}

wire_enum! {
    /// Who called an appointment off.
    pub enum CancelledBy {
        /// The patient.
        Patient = "patient",
        /// The clinic.
        Clinic = "clinic",
    }
}

/// A patient or a doctor beside an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// The number classic knows them by.
    pub number: i64,
    /// Full name.
    pub full_name: String,
}

/// One line of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskAppointmentRow")
)]
pub struct AppointmentRow {
    /// The appointment's id.
    pub id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`.
    pub ends: Option<String>,
    /// The window's label; null outside any window.
    pub window: Option<String>,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// Where it stands.
    pub status: Status,
    /// Booked beside another one on purpose.
    pub overbooked: bool,
    /// Who comes.
    pub patient: Person,
    /// Their birth date: which person of that name.
    pub patient_birth_date: Option<NaiveDate>,
    /// Whom they see.
    pub doctor: Person,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskAppointment")
)]
pub struct Appointment {
    /// The appointment's id.
    pub id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`.
    pub ends: Option<String>,
    /// The window's label; null outside any window.
    pub window: Option<String>,
    /// When it begins, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, UTC.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether people meet.
    pub appointment_type: Kind,
    /// Where it stands.
    pub status: Status,
    /// Booked beside another one on purpose.
    pub overbooked: bool,
    /// Who comes.
    pub patient: Person,
    /// The patient's phone, as typed.
    pub patient_phone: Option<String>,
    /// The patient's birth date.
    pub patient_birth_date: Option<NaiveDate>,
    /// Whom they see.
    pub doctor: Person,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// What the patient says.
    pub symptoms: String,
    /// Where an online visit takes place.
    pub meeting_link: Option<String>,
    /// Whether it was paid for.
    pub is_paid: bool,
    /// Who called it off.
    pub cancelled_by: Option<CancelledBy>,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    /// Called off less than a day before.
    pub cancelled_late: bool,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
