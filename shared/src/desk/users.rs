//! `/v1/api/desk/users/`: accounts as admins keep them (API.md §7).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Role;

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct User {
    /// The account's id.
    pub id: Uuid,
    /// The number classic knows it by.
    pub number: i64,
    /// The sign-in name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// Given name, may be empty.
    pub first_name: String,
    /// Family name, may be empty.
    pub last_name: String,
    /// What the account may do.
    pub role: Role,
    /// Whether it may sign in.
    pub is_active: bool,
    /// Whether the e-mail was proved.
    pub is_verified: bool,
    /// Whether a password was set; false for somebody invited who has not begun.
    pub has_password: bool,
    /// The account's own switch: signing in takes a code as well.
    pub login_codes: bool,
    /// Whether signing in takes a code, by this switch or by the clinic's setting.
    pub signs_in_with_code: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `POST users/`: somebody who will work here gets a mail with a code that sets a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct Invitation {
    /// Unique whatever its case.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(
            min_length = 3,
            max_length = 150,
            pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
        ))
    )]
    pub email: String,
    /// The sign-in name; the e-mail without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 150, pattern = r"^\s*[\w.@+-]+\s*$"))
    )]
    pub username: Option<String>,
    /// admin, receptionist or doctor.
    pub role: Role,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
}

/// Body of `PATCH users/{id}/`: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct UserChange {
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
    /// A corrected e-mail: it counts as unproved, and the sessions end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(
            min_length = 3,
            max_length = 150,
            pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
        ))
    )]
    pub email: Option<String>,
    /// Another role: the sessions end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether it may sign in: false ends the sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Whether signing in takes a code as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_codes: Option<bool>,
}
