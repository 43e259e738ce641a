//! `doctor/reviews/` and `public-portal/list/doctor/reviews/` (API.md §4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::appointments::Named;
use super::lenient::PersonId;

/// A review of a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "Review")
)]
pub struct Review {
    /// Its id.
    pub id: i64,
    /// The doctor it is about.
    pub doctor: Named,
    /// The name of who wrote it.
    pub reviewer: String,
    /// What they wrote.
    pub body: String,
    /// 1 to 5.
    pub star: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of POST and PUT on reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ReviewInput", deny_unknown_fields)
)]
pub struct ReviewInput {
    /// The doctor it is about, by id or as GET shows them.
    pub doctor: PersonId,
    /// What there is to say.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub body: String,
    /// 1 to 5.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "5")))
    )]
    pub star: i64,
}

/// Body of PATCH on a review: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ReviewChange", deny_unknown_fields)
)]
pub struct ReviewChange {
    /// The doctor it is about, by id or as GET shows them: can't change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<PersonId>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub body: Option<String>,
    /// 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "5")))
    )]
    pub star: Option<i64>,
}
