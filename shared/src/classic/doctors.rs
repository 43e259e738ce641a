//! `/doctors/` (API.md §3).

use serde::{Deserialize, Serialize};

use super::lenient::{Id, Whole};
use crate::Patch;

/// A doctor as classic shows one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicDoctor")
)]
pub struct Doctor {
    /// The doctor's number.
    pub id: i64,
    /// Display name: "First Last", else the username.
    pub user: String,
    /// Absolute URL of the photo.
    pub profile: Option<String>,
    /// Names of the designations.
    pub designation: Vec<String>,
    /// Names of the specialisations.
    pub specialisation: Vec<String>,
    /// Ids of the available times.
    pub available_time: Vec<i64>,
    /// What a visit costs, in whole units.
    pub fee: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
}

/// Body of POST and PUT on doctors; as multipart it may carry the file `profile`. Lists that are
/// absent stay as they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicDoctorInput")
)]
pub struct DoctorInput {
    /// Ids of the designations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Vec<Id>>,
    /// Ids of the specialisations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialisation: Option<Vec<Id>>,
    /// Ids of the available times, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<Vec<Id>>,
    /// What a visit costs, in whole units.
    pub fee: Whole,
    /// Where online visits take place.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 250)))]
    pub meet_link: Patch<String>,
}

/// Body of PATCH on doctors: as [`DoctorInput`], with nothing required.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicDoctorChange")
)]
pub struct DoctorChange {
    /// Ids of the designations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Vec<Id>>,
    /// Ids of the specialisations, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialisation: Option<Vec<Id>>,
    /// Ids of the available times, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_time: Option<Vec<Id>>,
    /// What a visit costs, in whole units; absent keeps it to the cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Whole>,
    /// Where online visits take place.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 250)))]
    pub meet_link: Patch<String>,
}

impl From<DoctorInput> for DoctorChange {
    fn from(input: DoctorInput) -> Self {
        DoctorChange {
            designation: input.designation,
            specialisation: input.specialisation,
            available_time: input.available_time,
            fee: Some(input.fee),
            meet_link: input.meet_link,
        }
    }
}
