//! `public-portal/` (API.md §4): what everybody may say and see. Doctors and reviews are those of
//! [`super::doctors`] and [`super::reviews`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Body of `contact-us/`: an e-mail or a phone must be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ContactUs", deny_unknown_fields)
)]
pub struct ContactUs {
    /// Who writes.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 100)))]
    pub name: String,
    /// Where to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 254, pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"))
    )]
    pub email: Option<String>,
    /// Where to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub subject: Option<String>,
    /// What there is to say.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub message: String,
}

/// What was written to the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Contacted {
    /// Its id.
    pub id: i64,
    /// Who wrote.
    pub name: String,
    /// Where to answer.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What there is to say.
    pub message: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `report-bug/`; as multipart it may carry a picture as the file `image`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "BugReportInput", deny_unknown_fields)
)]
pub struct BugReportInput {
    /// What kind of thing is wrong, in a few words.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub bug_type: String,
    /// What is wrong.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub issue: String,
    /// Where to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(max_length = 254, pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"))
    )]
    pub email: Option<String>,
}

/// What was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct BugReported {
    /// Its id.
    pub id: i64,
    /// What kind of thing is wrong.
    pub bug_type: String,
    /// What is wrong.
    pub issue: String,
    /// Where to answer.
    pub email: Option<String>,
    /// Absolute, signed URL of the picture; it expires.
    pub image: Option<String>,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What the clinic offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Service {
    /// Its id.
    pub id: i64,
    /// Absolute URL of the picture.
    pub image: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
