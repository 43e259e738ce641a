//! `/patients/` (API.md §3).

use serde::{Deserialize, Serialize};

use crate::Patch;

/// A patient as classic shows one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicPatient")
)]
pub struct Patient {
    /// The patient's number.
    pub id: i64,
    /// Display name: "First Last", else the username.
    pub user: String,
    /// Absolute URL of the picture.
    pub profile: Option<String>,
    /// As typed.
    pub phone: Option<String>,
}

/// Body of POST, PUT and PATCH on patients; as multipart it may carry the file `profile`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicPatientInput")
)]
pub struct PatientInput {
    /// At most 32 characters, unique among accounts by its digits.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: Patch<String>,
}
