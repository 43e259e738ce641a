//! `/available-time/` (API.md §3, §6).

use serde::{Deserialize, Serialize};

/// A window of time as classic shows one: by what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicAvailableTime")
)]
pub struct AvailableTime {
    /// Its id.
    pub id: i64,
    /// Its label, e.g. `9:00 AM - 9:30 AM`.
    pub time: String,
}

/// Body of POST.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicAvailableTimeInput")
)]
pub struct AvailableTimeInput {
    /// Hours such as `9:00 AM - 9:30 AM`, `09:00-09:30` or `14:30` (half an hour), every day; any
    /// other label can be booked once per doctor and date. At most 50 characters.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub time: String,
}
