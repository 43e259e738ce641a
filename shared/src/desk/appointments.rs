//! `/v1/api/desk/appointments/`: who comes when, with the names in one answer.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queue::Priority;
use crate::macros::wire_enum;
use crate::{Reason, Role};

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

    /// Whether an appointment that stands so may come to stand like that (API.md §5). On which day
    /// is the server's business.
    pub const fn may_become(self, to: Status) -> bool {
        use Status::{Cancelled, CheckedIn, Completed, Confirmed, Left, NoShow, Pending, Running};
        matches!(
            (self, to),
            (
                Pending,
                Confirmed | CheckedIn | Running | Cancelled | NoShow
            ) | (Confirmed, CheckedIn | Running | Cancelled | NoShow)
                | (CheckedIn, Running | Left | Cancelled)
                | (Running, Completed | CheckedIn)
                | (NoShow, CheckedIn)
        )
    }

    /// As people say it: `checked in`.
    pub const fn in_words(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Confirmed => "confirmed",
            Status::CheckedIn => "checked in",
            Status::Running => "running",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
            Status::NoShow => "no-show",
            Status::Left => "left",
        }
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

wire_enum! {
    /// Why an appointment was called off, missed, or left.
    #[cfg_attr(feature = "openapi", oai(rename = "AppointmentReason"))]
    pub enum ReasonKind {
        /// The patient asked for it, or does not want it any more.
        PatientRequest = "patient_request",
        /// The patient is too ill to come, or is in hospital.
        Illness = "illness",
        /// The patient could not get here.
        Transport = "transport",
        /// The patient forgot.
        Forgot = "forgot",
        /// The wait was too long.
        WaitedTooLong = "waited_too_long",
        /// The doctor is away.
        DoctorAway = "doctor_away",
        /// The clinic is closed.
        ClinicClosed = "clinic_closed",
        /// It was booked twice.
        Duplicate = "duplicate",
        /// It was booked by mistake.
        Mistake = "mistake",
        /// Something else.
        Other = "other",
    }
}

wire_enum! {
    /// What was done to an appointment.
    #[cfg_attr(feature = "openapi", oai(rename = "AppointmentAction"))]
    pub enum Action {
        /// Booked.
        Book = "book",
        /// Came without being booked.
        WalkIn = "walk_in",
        /// Agreed.
        Confirm = "confirm",
        /// The patient came.
        CheckIn = "check_in",
        /// The patient went in.
        Start = "start",
        /// The patient was seen.
        Complete = "complete",
        /// The patient went back to the waiting room.
        BackToWaiting = "back_to_waiting",
        /// Called off.
        Cancel = "cancel",
        /// The patient did not come.
        NoShow = "no_show",
        /// The patient left without being seen.
        Leave = "leave",
        /// The last step was taken back.
        Undo = "undo",
        /// Another doctor, day or time.
        Reschedule = "reschedule",
        /// Something else about it was changed.
        Change = "change",
        /// Marked as paid, or as not paid.
        Pay = "pay",
        /// Given a room, or none.
        AssignRoom = "assign_room",
        /// Moved up or down in the queue.
        Prioritise = "prioritise",
        /// The patient was called in.
        CallIn = "call_in",
        /// Deleted for its people.
        Delete = "delete",
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
    /// Beside another one on purpose; a walk-in always, for it holds none of the doctor's time.
    pub overbooked: bool,
    /// Came without being booked.
    pub walk_in: bool,
    /// The number that is called out, given at check-in.
    pub ticket: Option<i64>,
    /// Where the patient is seen.
    pub room: Option<String>,
    /// Who goes first.
    pub priority: Priority,
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
    /// Why it was called off, missed or left, in a word.
    pub reason_kind: Option<ReasonKind>,
    /// Why it was called off, missed or left.
    pub cancel_reason: Option<String>,
    /// Called off less than a day before.
    pub cancelled_late: bool,
    /// When it was agreed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the patient came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient was called in, until they go in.
    pub called_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started_at: Option<DateTime<Utc>>,
    /// When the patient was seen.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When it was noted that the patient did not come.
    pub no_show_at: Option<DateTime<Utc>>,
    /// When the patient left without being seen.
    pub left_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of a step that needs no words: `confirm/`, `start/`, `complete/`, `back-to-waiting/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentStep", deny_unknown_fields)
)]
pub struct Step {
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `check-in/` and of `undo/`: steps that may take time back which was given away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentReturn", deny_unknown_fields)
)]
pub struct Return {
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
    /// Why it may stand beside another appointment, if its time was given to one meanwhile. Staff
    /// only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 500)))]
    pub overbook: Option<String>,
}

/// Body of `no-show/` and of `left/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentLoss", deny_unknown_fields)
)]
pub struct Loss {
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

/// Body of `cancel/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentCancel", deny_unknown_fields)
)]
pub struct Cancel {
    /// Who calls it off: the patient, or the clinic.
    pub by: CancelledBy,
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

/// Body of `paid/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentPaid", deny_unknown_fields)
)]
pub struct Paid {
    /// Whether it was paid for.
    pub is_paid: bool,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `POST /v1/api/desk/appointments/` and of `check/`.
///
/// Either `available_time`, of which the earliest free slot is taken (on `date`, or on the next that
/// has one), or exactly `starts_at`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "NewDeskAppointment", deny_unknown_fields)
)]
pub struct NewAppointment {
    /// Who comes, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Who comes, by record number: `P-000042`, or `42`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 24)))]
    pub record_number: Option<String>,
    /// Whom they see.
    pub doctor: Uuid,
    /// The clinic's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The available time to find a slot in, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<i64>,
    /// Exactly when: a whole minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// How long, in minutes; without it as long as the slot that begins then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "720")))
    )]
    pub duration_minutes: Option<i64>,
    /// Whether people meet; at the clinic without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_type: Option<Kind>,
    /// What it is about, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub title: Option<String>,
    /// What the patient says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub symptoms: Option<String>,
    /// Why it may stand beside another appointment of the doctor's, if one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 500)))]
    pub overbook: Option<String>,
    /// Whether it may be outside the doctor's available times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_hours: Option<bool>,
}

/// What `check/` answers: whether a booking would go well, and what to know before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct BookingCheck {
    /// Whether nothing is in the way.
    pub is_bookable: bool,
    /// Everything in the way.
    pub reasons: Vec<Reason>,
    /// The clinic's date that it would get.
    pub date: Option<NaiveDate>,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end.
    pub ends: Option<String>,
    /// When it would begin, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it would end, UTC.
    pub ends_at: Option<DateTime<Utc>>,
    /// The available time that it would be in.
    pub available_time: Option<i64>,
    /// Whether it would stand beside another one.
    pub overbooked: bool,
    /// Who comes.
    pub patient: Person,
    /// How often they did not come before.
    pub patient_no_shows: i64,
    /// How many appointments they have ahead.
    pub patient_open_bookings: i64,
    /// What they have on that day already, in the order of time; not what is called off.
    #[serde(default)]
    pub patient_same_day: Vec<AppointmentRow>,
}

/// Body of `reschedule/`; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentReschedule", deny_unknown_fields)
)]
pub struct Reschedule {
    /// Another doctor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Another date of the clinic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Another available time, of which the earliest free slot is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<i64>,
    /// Exactly when: a whole minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// How long, in minutes; without it as long as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "720")))
    )]
    pub duration_minutes: Option<i64>,
    /// Why it may stand beside another appointment of the doctor's, if one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 500)))]
    pub overbook: Option<String>,
    /// Whether it may be outside the doctor's available times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_hours: Option<bool>,
    /// Why it is moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// One step of an appointment's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AppointmentHistory")
)]
pub struct HistoryEntry {
    /// The version that this step made.
    pub version: i64,
    /// What was done.
    pub action: Action,
    /// How it stood before; null for the booking itself.
    pub from: Option<Status>,
    /// How it stood afterwards.
    pub to: Status,
    /// When.
    pub at: DateTime<Utc>,
    /// The name of who did it; null for the clinic by itself.
    pub by: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// Why, in a word.
    pub reason_kind: Option<ReasonKind>,
    /// Why.
    pub reason: Option<String>,
    /// The version whose step this one took back.
    pub undoes: Option<i64>,
    /// Whom the patient saw, or was to see, from then on.
    pub doctor: Person,
    /// The clinic's date from then on.
    pub date: NaiveDate,
    /// Clinic-local beginning from then on, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end.
    pub ends: Option<String>,
    /// Whether it stood beside another one on purpose.
    pub overbooked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_an_end_but_a_late_comer() {
        for from in [Status::Completed, Status::Cancelled, Status::Left] {
            assert!(Status::ALL.iter().all(|to| !from.may_become(*to)), "{from}");
        }
        let after: Vec<_> = Status::ALL
            .iter()
            .filter(|to| Status::NoShow.may_become(**to))
            .collect();
        assert_eq!(after, [&Status::CheckedIn]);
    }

    #[test]
    fn no_state_follows_itself_and_none_goes_back_to_pending() {
        for status in Status::ALL {
            assert!(!status.may_become(*status), "{status}");
            assert!(!status.may_become(Status::Pending), "{status}");
        }
    }
}
