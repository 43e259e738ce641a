//! `/v1/api/desk/openings/`: hours that a doctor has on one day beside the usual ones.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::Person;

/// Extra hours of a doctor on one day: a window of that day only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Opening {
    /// The id of the available time.
    pub id: i64,
    /// Whose.
    pub doctor: Person,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Its label.
    pub name: String,
    /// Clinic-local beginning, `HH:MM`.
    pub starts: String,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    pub ends: String,
    /// It is cut into slots of this length; null: it is one slot.
    pub slot_minutes: Option<i64>,
}

/// Body of `POST /v1/api/desk/openings/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct NewOpening {
    /// Whose.
    pub doctor: Uuid,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Clinic-local beginning, `HH:MM`.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: String,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: String,
    /// Length of its slots, in minutes; without it, it is one slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "720")))
    )]
    pub slot_minutes: Option<i64>,
}
