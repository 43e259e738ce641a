//! `/v1/api/desk/patients/`: everybody with a record, with or without an account.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Patch;
use crate::macros::wire_enum;

wire_enum! {
    /// Administrative gender, as the v1 document words it.
    pub enum Gender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
        /// Other.
        Other = "other",
    }
}

/// One line of a list or search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct PatientRow {
    /// The patient's id.
    pub id: Uuid,
    /// The record number people say on the phone, e.g. `P-000042`.
    pub record_number: String,
    /// Full name.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// As typed.
    pub phone: Option<String>,
    /// Whether an account is linked.
    pub has_account: bool,
}

/// A patient's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "PatientRecord")
)]
pub struct Patient {
    /// The patient's id.
    pub id: Uuid,
    /// The number classic knows the patient by.
    pub number: i64,
    /// The record number people say on the phone, e.g. `P-000042`.
    pub record_number: String,
    /// Full name.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Whole years at the clinic's date today.
    pub age: Option<i32>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// As typed.
    pub phone: Option<String>,
    /// E-mail: the account's, or else where this person may be written to.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Blood group as written, e.g. `A+`.
    pub blood_group: Option<String>,
    /// What the desk should know.
    pub note: Option<String>,
    /// Whether this person wants no reminders of appointments.
    #[serde(default)]
    pub no_reminders: bool,
    /// Absolute, signed URL of the picture; it expires.
    pub photo: Option<String>,
    /// The linked account's username.
    pub username: Option<String>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A person to register: body of `POST /v1/api/desk/patients/`, and of `duplicates/`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct PatientDraft {
    /// Full name.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 255)))]
    pub full_name: String,
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
    /// What the desk should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub note: Option<String>,
}

/// Changes to a record: body of `PATCH /v1/api/desk/patients/{id}/`. Absent keeps, null clears.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct PatientChange {
    /// Full name; can't be cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 255)))]
    pub full_name: Option<String>,
    /// Birth date, not in the future.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub birth_date: Patch<NaiveDate>,
    /// Administrative gender.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub gender: Patch<Gender>,
    /// As typed.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: Patch<String>,
    /// Where this person may be written to; an account's e-mail changes elsewhere.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 254, pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"))
    )]
    pub email: Patch<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 1000)))]
    pub address: Patch<String>,
    /// Blood group as written.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5)))]
    pub blood_group: Patch<String>,
    /// What the desk should know.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub note: Patch<String>,
    /// Whether this person wants no reminders of appointments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_reminders: Option<bool>,
}

wire_enum! {
    /// Why two records may be one person.
    pub enum DuplicateReason {
        /// Same name (folded) and same birth date.
        NameAndBirthDate = "name_and_birth_date",
        /// Same phone digits.
        Phone = "phone",
        /// Same e-mail.
        Email = "email",
        /// A name within a letter or two, and the same birth date or one that is not known.
        SimilarName = "similar_name",
    }
}

/// A record that may be the drafted person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Duplicate {
    /// The record.
    pub patient: PatientRow,
    /// Why it may be the same person, strongest first.
    pub reasons: Vec<DuplicateReason>,
}
