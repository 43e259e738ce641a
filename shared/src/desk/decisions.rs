//! `/v1/api/desk/applications/`, `/v1/api/desk/qualifications/` and `/v1/api/desk/bug-reports/`:
//! what an admin decides.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::v1::qualifications::Decision;

/// Somebody who wants to be a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskApplication")
)]
pub struct Application {
    /// Its id.
    pub id: i64,
    /// The applicant's account.
    pub user: Uuid,
    /// The applicant's name.
    pub full_name: String,
    /// The applicant's e-mail.
    pub email: String,
    /// Under which number they say to be registered as a doctor.
    pub registration_number: String,
    /// Where the degree was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// The certificate's own number.
    pub certificate_registration_number: String,
    /// In which year.
    pub year: i64,
    /// Absolute, signed URL of the certificate's picture; it expires.
    pub certificate_img: String,
    /// Whether it was accepted.
    pub status: Decision,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A proof of what a doctor has learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskQualification")
)]
pub struct Qualification {
    /// Its id.
    pub id: i64,
    /// The doctor.
    pub doctor: Uuid,
    /// The doctor's name.
    pub full_name: String,
    /// What it is called.
    pub title: String,
    /// Where it was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// In which year.
    pub year: Option<i64>,
    /// How well.
    pub grade: Option<String>,
    /// Under which number it is registered.
    pub registration_id: Option<String>,
    /// Absolute, signed URL of the certificate's picture; it expires.
    pub certificate_img: Option<String>,
    /// Whether it was accepted.
    pub status: Decision,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What somebody says is wrong with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskBugReport")
)]
pub struct BugReport {
    /// Its id.
    pub id: i64,
    /// The account of who wrote, if they were signed in.
    pub user: Option<Uuid>,
    /// What kind of thing is wrong.
    pub bug_type: String,
    /// What is wrong.
    pub issue: String,
    /// Where to answer.
    pub email: Option<String>,
    /// Absolute, signed URL of the picture; it expires.
    pub image: Option<String>,
    /// Whether it was accepted.
    pub status: Decision,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `applications/{id}/accept/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AcceptApplication", deny_unknown_fields)
)]
pub struct Acceptance {
    /// What a visit costs, e.g. `500.00`; without it nothing until the doctor says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^[0-9]{1,9}(\.[0-9]{2})?$"))
    )]
    pub fee: Option<String>,
}

/// Body of each `{id}/reject/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "Reject", deny_unknown_fields)
)]
pub struct Rejection {
    /// Why. Whoever handed it in reads it in a mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
}
