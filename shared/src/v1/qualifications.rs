//! `doctor/{doctor_id}/qualifications/`, `doctor/qualifications/apply/` and
//! `operations/apply/to-be/doctor/` (API.md §4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::lenient::Year;
use crate::macros::wire_enum;

wire_enum! {
    /// What became of something that an admin decides.
    pub enum Decision {
        /// Nobody has decided yet.
        Pending = "pending",
        /// An admin said yes.
        Accepted = "accepted",
        /// An admin said no.
        Rejected = "rejected",
    }
}

/// A proof of what a doctor has learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Qualification {
    /// Its id.
    pub id: i64,
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
    /// Under which number it is registered; null to all but its doctor and staff.
    pub registration_id: Option<String>,
    /// Absolute, signed URL of the certificate's picture, which expires; null to all but its doctor
    /// and staff.
    pub certificate_img: Option<String>,
    /// Whether it was accepted.
    pub status: Decision,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `qualifications/apply/`; as multipart it may carry the file `certificate_img`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "QualificationInput", deny_unknown_fields)
)]
pub struct QualificationInput {
    /// What it is called.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 200)))]
    pub title: String,
    /// Where it was earned.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 200)))]
    pub institution: String,
    /// Which degree it is.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 200)))]
    pub degree: String,
    /// In which year: four digits; a date is taken too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
    /// How well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 50)))]
    pub grade: Option<String>,
    /// Under which number it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 100)))]
    pub registration_id: Option<String>,
}

/// Body of `operations/apply/to-be/doctor/`: a form, with the file `certificate_img`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DoctorApplicationInput", deny_unknown_fields)
)]
pub struct ApplicationInput {
    /// Under which number the applicant is registered as a doctor.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 100)))]
    pub registration_number: String,
    /// Where the degree was earned.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 200)))]
    pub institution: String,
    /// Which degree it is.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 200)))]
    pub degree: String,
    /// The certificate's own number.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 100)))]
    pub certificate_registration_number: String,
    /// In which year: four digits; a date is taken too.
    pub year: Year,
}

/// An application to become a doctor, as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DoctorApplication")
)]
pub struct Application {
    /// Its id.
    pub id: i64,
    /// Under which number the applicant is registered as a doctor.
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
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
