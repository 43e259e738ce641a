//! `doctor/list/` and `doctor/profile/` (API.md §4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lenient::LinkId;
use super::qualifications::Qualification;
use crate::Patch;
use crate::desk::doctors::Named;

/// What reviews say of a doctor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Rating {
    /// Stars on average, to the hundredth; null without a review.
    pub average: Option<f64>,
    /// How many reviews.
    pub count: i64,
}

/// A doctor as everybody sees one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "Doctor")
)]
pub struct Doctor {
    /// The doctor's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Absolute URL of the photo.
    pub photo: Option<String>,
    /// Designations.
    pub designation: Vec<Named>,
    /// Specializations.
    pub specialization: Vec<Named>,
    /// The available times they offer.
    pub available_time: Vec<Named>,
    /// What a visit costs, e.g. `500.00`.
    pub fee: String,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them.
    pub personal_status: Option<String>,
    /// What reviews say.
    pub rating: Rating,
}

/// A proof of what a doctor has learnt, as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Learnt {
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
}

/// A doctor's profile as everybody sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DoctorProfile {
    /// The doctor's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Absolute URL of the photo.
    pub photo: Option<String>,
    /// Designations.
    pub designation: Vec<Named>,
    /// Specializations.
    pub specialization: Vec<Named>,
    /// The available times they offer.
    pub available_time: Vec<Named>,
    /// What a visit costs, e.g. `500.00`.
    pub fee: String,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them.
    pub personal_status: Option<String>,
    /// What reviews say.
    pub rating: Rating,
    /// What they have learnt, as far as an admin has accepted it.
    pub qualifications: Vec<Learnt>,
}

/// A doctor's profile as the doctor sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct OwnDoctorProfile {
    /// The doctor's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// The account's e-mail.
    pub email: String,
    /// Absolute URL of the photo.
    pub photo: Option<String>,
    /// Designations.
    pub designation: Vec<Named>,
    /// Specializations.
    pub specialization: Vec<Named>,
    /// The available times they offer.
    pub available_time: Vec<Named>,
    /// What a visit costs, e.g. `500.00`.
    pub fee: String,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them that everybody reads.
    pub personal_status: Option<String>,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// What reviews say.
    pub rating: Rating,
    /// What they have learnt, accepted or not.
    pub qualifications: Vec<Qualification>,
    /// When an admin verified them; null: not yet.
    pub verified_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When the profile was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of PATCH on `profile/me/`: absent keeps, null clears. As multipart it may carry a picture as
/// the file `photo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DoctorProfileChange", deny_unknown_fields)
)]
pub struct ProfileChange {
    /// Null clears the photo; the URL that GET gave keeps it. Another one comes as a file.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub photo: Patch<String>,
    /// All designations, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Vec<LinkId>>,
    /// All specializations, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialization: Option<Vec<LinkId>>,
    /// All available times, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<Vec<LinkId>>,
    /// What a visit costs: units, or units and two decimals, e.g. `500.00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^[0-9]{1,9}(\.[0-9]{2})?$"))
    )]
    pub fee: Option<String>,
    /// Years of experience.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "0"), maximum(value = "80")))
    )]
    pub year_of_experience: Patch<i64>,
    /// A line that everybody reads.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub personal_status: Patch<String>,
    /// Where online visits take place.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 250, pattern = "^(https?://[!-~]+)?$"))
    )]
    pub meet_link: Patch<String>,
}

/// Body of PUT on `profile/me/`: what is absent or null is cleared. As multipart it may carry a
/// picture as the file `photo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DoctorProfileInput", deny_unknown_fields)
)]
pub struct ProfileInput {
    /// The URL that GET gave keeps the photo. Another one comes as a file.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub photo: Patch<String>,
    /// All designations, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Vec<LinkId>>,
    /// All specializations, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialization: Option<Vec<LinkId>>,
    /// All available times, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<Vec<LinkId>>,
    /// What a visit costs: units, or units and two decimals, e.g. `500.00`.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^[0-9]{1,9}(\.[0-9]{2})?$"))
    )]
    pub fee: String,
    /// Years of experience.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "0"), maximum(value = "80")))
    )]
    pub year_of_experience: Patch<i64>,
    /// A line that everybody reads.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub personal_status: Patch<String>,
    /// Where online visits take place.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 250, pattern = "^(https?://[!-~]+)?$"))
    )]
    pub meet_link: Patch<String>,
}

impl From<ProfileInput> for ProfileChange {
    fn from(input: ProfileInput) -> Self {
        ProfileChange {
            photo: input.photo.or_clear(),
            designation: Some(input.designation.unwrap_or_default()),
            specialization: Some(input.specialization.unwrap_or_default()),
            available_time: Some(input.available_time.unwrap_or_default()),
            // A faulty one is blank here, and was told already.
            fee: Some(input.fee).filter(|fee| !fee.is_empty()),
            year_of_experience: input.year_of_experience.or_clear(),
            personal_status: input.personal_status.or_clear(),
            meet_link: input.meet_link.or_clear(),
        }
    }
}
