//! `doctor/designations/` and `doctor/specializations/` (API.md §4): what doctors are, and what for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A designation or a specialization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "Term")
)]
pub struct Term {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its name in links.
    pub slug: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of POST and PUT on either.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "TermInput", deny_unknown_fields)
)]
pub struct TermInput {
    /// At most 50 characters, on one line.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: String,
    /// Letters, digits, underscores and hyphens, at most 60; absent or empty: made of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 60, pattern = r"^[-a-zA-Z0-9_]*$"))
    )]
    pub slug: Option<String>,
}

/// Body of PATCH on either: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "TermChange", deny_unknown_fields)
)]
pub struct TermChange {
    /// At most 50 characters, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: Option<String>,
    /// Letters, digits, underscores and hyphens, at most 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 60, pattern = r"^[-a-zA-Z0-9_]+$"))
    )]
    pub slug: Option<String>,
}
