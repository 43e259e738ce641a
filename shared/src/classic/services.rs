//! `/services/`: what the clinic offers (API.md §3).

use serde::{Deserialize, Serialize};

/// A service as classic shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicService")
)]
pub struct Service {
    /// The service's number.
    pub id: i64,
    /// Absolute URL of the picture; anybody may look at it.
    pub image: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// Body of POST on services: a form, with the file `image`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicNewService")
)]
pub struct NewService {
    /// At most 50 characters, on one line.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: String,
    /// What it is.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 10_000))
    )]
    pub description: String,
}

/// Body of PUT on services; as multipart it may carry another file `image`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicServiceInput")
)]
pub struct ServiceInput {
    /// At most 50 characters, on one line.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: String,
    /// What it is.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 10_000))
    )]
    pub description: String,
}

/// Body of PATCH on services: what is absent stays. As multipart it may carry another file `image`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicServiceChange")
)]
pub struct ServiceChange {
    /// At most 50 characters, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(min_length = 1, max_length = 10_000))
    )]
    pub description: Option<String>,
}
