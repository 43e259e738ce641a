//! `/api/user/profiles/` (API.md §3).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::accounts::User;
use crate::Patch;

/// A profile with its account inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Profile {
    /// The profile's number.
    pub id: i64,
    /// Whose it is.
    pub user: User,
    /// A few words about the person.
    pub bio: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Birth date.
    pub date_of_birth: Option<NaiveDate>,
    /// Absolute URL of the picture.
    pub profile_picture: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of POST, PUT and PATCH on profiles; as multipart it may carry the file `profile_picture`.
/// No field is required, as in the original, so PUT and PATCH differ in nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct ProfileInput {
    /// The account's sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 150, pattern = r"^\s*[\w.@+-]+\s*$"))
    )]
    pub username: Option<String>,
    /// The account's e-mail; changing one's own takes a code sent to the new address (API.md §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(
            min_length = 3,
            max_length = 254,
            pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
        ))
    )]
    pub email: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
    /// A few words about the person.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub bio: Patch<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 255)))]
    pub address: Patch<String>,
    /// Birth date.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub date_of_birth: Patch<NaiveDate>,
}
