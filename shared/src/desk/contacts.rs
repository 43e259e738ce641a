//! `/v1/api/desk/contacts/`: what people wrote to the clinic.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::macros::wire_enum;

wire_enum! {
    /// Where a contact request stands.
    #[cfg_attr(feature = "openapi", oai(rename = "ContactStatus"))]
    pub enum Status {
        /// Nobody has taken it yet.
        New = "new",
        /// Somebody is at it.
        InProgress = "in_progress",
        /// Done.
        Resolved = "resolved",
        /// Not meant for the clinic.
        Spam = "spam",
    }
}

/// A contact request: a line of the list is the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "DeskContact")
)]
pub struct Contact {
    /// Its id.
    pub id: i64,
    /// Who wrote.
    pub name: String,
    /// Phone as typed; empty if there is only an e-mail.
    pub phone: String,
    /// E-mail.
    pub email: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What they wrote.
    pub message: String,
    /// Where it stands.
    pub status: Status,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
