//! `/api/user/register|login|logout|token/refresh/` (API.md §2, §3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An account as classic shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicUser")
)]
pub struct User {
    /// The account's number.
    pub id: i64,
    /// The sign-in name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// Given name, may be empty.
    pub first_name: String,
    /// Family name, may be empty.
    pub last_name: String,
    /// Whether the account is an admin's or a receptionist's.
    pub is_staff: bool,
    /// False once disabled.
    pub is_active: bool,
    /// When the account was made.
    pub date_joined: DateTime<Utc>,
}

/// Body of `POST /api/user/register/`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Register {
    /// Unique whatever its case; with an `@` it must be the e-mail.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 150, pattern = r"^\s*[\w.@+-]+\s*$"))
    )]
    pub username: String,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
    /// Unique whatever its case.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(
            min_length = 3,
            max_length = 254,
            pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
        ))
    )]
    pub email: String,
    /// At least 8 characters, not a common one.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub password: String,
    /// The same again.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub confirm_password: String,
}

/// A pair of tokens: `access` for requests, `refresh` for the next access.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Tokens {
    /// JWT, a week by default.
    pub refresh: String,
    /// JWT, five minutes by default.
    pub access: String,
}

// Tokens are secrets: they stay out of logs and panics.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

/// Answer of `register/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Registered {
    /// `Registration successful`.
    pub message: String,
    /// The new account's first session.
    pub tokens: Tokens,
    /// The new account.
    pub user: User,
}

/// Body of `login/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Login {
    /// The username, or the e-mail.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub username: String,
    /// The password.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

/// Body of `logout/` and `token/refresh/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct RefreshToken {
    /// The refresh token.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 4096)))]
    pub refresh: String,
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

/// Answer of `token/refresh/`: classic does not rotate (API.md §2).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Access {
    /// A new access token.
    pub access: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Access(…)")
    }
}

/// An answer that is only a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Message {
    /// The sentence.
    pub message: String,
}
