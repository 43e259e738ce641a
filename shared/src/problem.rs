//! Errors on the wire (API.md §1): classic's `{"detail"}` and field lists, v1's and the desk's
//! RFC 9457 problem.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::patients::Duplicate;

/// What is wrong with which field; cross-field faults stand under `non_field_errors`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// The key for faults that belong to no single field.
    pub const CROSS_FIELD: &'static str = "non_field_errors";

    /// One fault on one field.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds a fault to a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0
            .entry(field.to_owned())
            .or_default()
            .push(message.into());
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first message of a field.
    pub fn first(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.first().map(String::as_str)
    }
}

/// `application/problem+json` (RFC 9457) with a stable `code`, and `errors` for validation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Problem {
    /// A URI that names the kind of problem; `about:blank` where the code says it all.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", oai(rename = "type"))]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// One sentence for a person.
    pub detail: String,
    /// A stable word for a program.
    pub code: String,
    /// For validation: the faulty fields, all at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(skip_serializing_if_is_none))]
    pub errors: Option<BTreeMap<String, Vec<String>>>,
    /// For what the state of things forbids, e.g. a time that can't be booked: everything in the way,
    /// all at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", oai(default, skip_serializing_if_is_empty))]
    pub reasons: Vec<Reason>,
    /// For a record that was merged (404 `merged`): the one that took it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(skip_serializing_if_is_none))]
    pub merged_into: Option<Uuid>,
    /// For a person who may be registered already: the records, likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", oai(default, skip_serializing_if_is_empty))]
    pub candidates: Vec<Duplicate>,
}

/// One thing in the way of a booking (API.md §6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Reason {
    /// A stable word for a program, e.g. `doctor_busy`.
    pub code: String,
    /// One sentence for a person.
    pub detail: String,
    /// The appointment that is in the way; told to staff.
    #[serde(default)]
    pub appointment: Option<i64>,
    /// The doctor's absence that is in the way; told to staff.
    #[serde(default)]
    pub absence: Option<i64>,
    /// The closure of the clinic that is in the way; told to staff.
    #[serde(default)]
    pub closure: Option<i64>,
    /// The entry of the waiting list for which the time is kept; told to staff.
    #[serde(default)]
    pub waiting: Option<i64>,
}
