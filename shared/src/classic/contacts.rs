//! `/contacts/`: what people write to the clinic (API.md §3). On the wire the message is `massage`.

use serde::{Deserialize, Serialize};

/// A contact request as classic shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicContact")
)]
pub struct Contact {
    /// Its number.
    pub id: i64,
    /// Who wrote.
    pub name: String,
    /// Phone as typed; empty if there is only an e-mail.
    pub phone: String,
    /// What they wrote.
    #[serde(rename = "massage")]
    #[cfg_attr(feature = "openapi", oai(rename = "massage"))]
    pub message: String,
}

/// Body of POST and PUT on contacts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicContactInput")
)]
pub struct ContactInput {
    /// At most 100 characters, on one line.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 100)))]
    pub name: String,
    /// At most 32 characters; blank only where there is an e-mail instead.
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: String,
    /// At most 5000 characters.
    #[serde(rename = "massage")]
    #[cfg_attr(
        feature = "openapi",
        oai(rename = "massage", validator(min_length = 1, max_length = 5000))
    )]
    pub message: String,
}

/// Body of PATCH on contacts: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicContactChange")
)]
pub struct ContactChange {
    /// At most 100 characters, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 100)))]
    pub name: Option<String>,
    /// At most 32 characters; blank only where there is an e-mail instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 32)))]
    pub phone: Option<String>,
    /// At most 5000 characters.
    #[serde(rename = "massage", default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(rename = "massage", validator(min_length = 1, max_length = 5000))
    )]
    pub message: Option<String>,
}
