//! `/v1/api/desk/contacts/`: what people wrote to the clinic, and what becomes of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::Person;
use super::patients::{Gender, PatientDraft};
use crate::Role;
use crate::macros::wire_enum;

wire_enum! {
    /// Where a contact request stands.
    #[cfg_attr(feature = "openapi", oai(rename = "ContactStatus"))]
    pub enum Status {
        /// Nobody has taken it yet.
        New = "new",
        /// Somebody is at it.
        InProgress = "in_progress",
        /// Done.
        Resolved = "resolved",
        /// Not meant for the clinic.
        Spam = "spam",
    }
}

wire_enum! {
    /// Which contact requests to show.
    #[cfg_attr(feature = "openapi", oai(rename = "ContactShow"))]
    pub enum Show {
        /// Those that nobody has taken yet.
        New = "new",
        /// The caller's own that are not done.
        Mine = "mine",
        /// All.
        All = "all",
    }
}

wire_enum! {
    /// What was done about a contact request.
    #[cfg_attr(feature = "openapi", oai(rename = "ContactAction"))]
    pub enum Action {
        /// It stands otherwise now.
        Status = "status",
        /// It is somebody's now, or nobody's.
        Assign = "assign",
        /// Something was noted, for the desk only.
        Note = "note",
        /// It was answered by mail.
        Reply = "reply",
        /// A mail came.
        Incoming = "incoming",
        /// What it says was corrected.
        Edit = "edit",
        /// It led to a patient.
        Patient = "patient",
        /// It led to an appointment.
        Appointment = "appointment",
        /// That appointment was booked by mistake: it leads to none.
        Unbooked = "unbooked",
    }
}

/// Somebody who works at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Colleague {
    /// Their account's id.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

/// A contact request: a line of the list is the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskContact")
)]
pub struct Contact {
    /// Its id.
    pub id: i64,
    /// Who wrote.
    pub name: String,
    /// Phone as typed; empty if there is only an e-mail.
    pub phone: String,
    /// E-mail.
    pub email: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What they wrote.
    pub message: String,
    /// Where it stands.
    pub status: Status,
    /// Who sees to it.
    pub assignee: Option<Colleague>,
    /// The patient it led to.
    pub patient: Option<Person>,
    /// The appointment it led to.
    pub appointment: Option<i64>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Something that was done about a contact request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactStep")
)]
pub struct Step {
    /// The version that it made.
    pub version: i64,
    /// What was done.
    pub action: Action,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; null: by whoever wrote to the clinic.
    pub by: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// How it stood before.
    pub from: Status,
    /// How it stood then.
    pub to: Status,
    /// Whose it was then.
    pub assignee: Option<String>,
    /// Of a mail: to or from which address.
    pub address: Option<String>,
    /// Of a mail: about what.
    pub subject: Option<String>,
    /// The note, the reply, what came, or why it was done.
    pub text: Option<String>,
    /// Of a reply: when the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// Of a reply: when the mail server refused it for good.
    pub failed_at: Option<DateTime<Utc>>,
}

/// Body of `status/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactSetStatus", deny_unknown_fields)
)]
pub struct SetStatus {
    /// How it stands from now on.
    pub status: Status,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `assignee/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactAssign", deny_unknown_fields)
)]
pub struct Assign {
    /// Who sees to it: an admin or a receptionist; the caller without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Uuid>,
    /// Nobody sees to it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nobody: Option<bool>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `notes/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactNote", deny_unknown_fields)
)]
pub struct Note {
    /// What the desk should know; whoever wrote never sees it.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub text: String,
}

/// Body of `reply/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactReply", deny_unknown_fields)
)]
pub struct Reply {
    /// What is mailed.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub message: String,
    /// About what; what they wrote about without it. The mark of the thread is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub subject: Option<String>,
    /// How it stands afterwards; without it one that is new is in progress, and others stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

/// Body of `turn-into/patient/`: somebody with a record (`patient` or `record_number`), or a new
/// person, of whom the contact request gives the name, phone and e-mail that are not said here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactTurnIntoPatient", deny_unknown_fields)
)]
pub struct TurnIntoPatient {
    /// Who wrote, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Who wrote, by record number: `P-000042`, or `42`.
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
    /// What the desk should know of this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub note: Option<String>,
    /// Registers the person though there are records that may be theirs already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anyway: Option<bool>,
    /// The version that the caller saw: refused (409) if it is another by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(minimum(value = "1"))))]
    pub version: Option<i64>,
}

impl TurnIntoPatient {
    /// What is said of a new person.
    pub fn person(&self) -> PatientDraft {
        PatientDraft {
            full_name: self.full_name.clone().unwrap_or_default(),
            birth_date: self.birth_date,
            gender: self.gender,
            phone: self.phone.clone(),
            email: self.email.clone(),
            address: self.address.clone(),
            note: self.note.clone(),
            ..PatientDraft::default()
        }
    }
}
