//! `patient/patients/` (API.md §4).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lenient::{Centimetres, Kilograms};
use crate::Patch;
use crate::desk::patients::Gender;

/// A patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "Patient")
)]
pub struct Patient {
    /// The patient's id.
    pub id: Uuid,
    /// The account's e-mail, or else where this person may be written to.
    pub email: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Absolute, signed URL of the picture; it expires.
    pub photo: Option<String>,
    /// Birth date.
    pub birthday: Option<NaiveDate>,
    /// Whole years at the clinic's date today.
    pub age: Option<i32>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Blood group as written, e.g. `A+`.
    pub blood_group: Option<String>,
    /// In centimetres.
    pub height: Option<f64>,
    /// In kilograms.
    pub weight: Option<f64>,
    /// As typed.
    pub phone_number: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of PATCH on `patients/me/`: absent keeps, null clears. As multipart it may carry a picture
/// as the file `photo`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "PatientSelfChange", deny_unknown_fields)
)]
pub struct PatientChange {
    /// Full name; it is the account's and can't be cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 255)))]
    pub full_name: Option<String>,
    /// Null clears the picture; the URL that GET gave keeps it. Another one comes as a file.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub photo: Patch<String>,
    /// Birth date, not in the future.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub birthday: Patch<NaiveDate>,
    /// Administrative gender.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub gender: Patch<Gender>,
    /// Blood group as written.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5)))]
    pub blood_group: Patch<String>,
    /// In centimetres, to the hundredth.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub height: Patch<Centimetres>,
    /// In kilograms, to the hundredth.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub weight: Patch<Kilograms>,
    /// As typed; no other account has it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone_number: Patch<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 1000)))]
    pub address: Patch<String>,
}

/// Body of PUT on `patients/me/`: what is absent or null is cleared, but the name. As multipart it
/// may carry a picture as the file `photo`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "PatientSelf", deny_unknown_fields)
)]
pub struct PatientInput {
    /// Full name; it is the account's, and stays if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 255)))]
    pub full_name: Option<String>,
    /// The URL that GET gave keeps the picture. Another one comes as a file.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub photo: Patch<String>,
    /// Birth date, not in the future.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub birthday: Patch<NaiveDate>,
    /// Administrative gender.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub gender: Patch<Gender>,
    /// Blood group as written.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5)))]
    pub blood_group: Patch<String>,
    /// In centimetres, to the hundredth.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub height: Patch<Centimetres>,
    /// In kilograms, to the hundredth.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub weight: Patch<Kilograms>,
    /// As typed; no other account has it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone_number: Patch<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 1000)))]
    pub address: Patch<String>,
}

impl From<PatientInput> for PatientChange {
    fn from(input: PatientInput) -> Self {
        PatientChange {
            full_name: input.full_name,
            photo: input.photo.or_clear(),
            birthday: input.birthday.or_clear(),
            gender: input.gender.or_clear(),
            blood_group: input.blood_group.or_clear(),
            height: input.height.or_clear(),
            weight: input.weight.or_clear(),
            phone_number: input.phone_number.or_clear(),
            address: input.address.or_clear(),
        }
    }
}
