//! `/designations/` and `/specialisations/` (API.md §3): what doctors are, and what for.

use serde::{Deserialize, Serialize};

/// A designation or a specialisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicTerm")
)]
pub struct Term {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its name in links.
    pub slug: String,
}

/// Body of POST on either.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicTermInput")
)]
pub struct TermInput {
    /// At most 50 characters.
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
