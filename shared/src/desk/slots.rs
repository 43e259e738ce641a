//! `/v1/api/desk/slots/`: what is still free.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::appointments::Person;
use crate::macros::wire_enum;

wire_enum! {
    /// A part of the clinic's day.
    pub enum PartOfDay {
        /// Before noon.
        Morning = "morning",
        /// From noon to five.
        Afternoon = "afternoon",
        /// From five on.
        Evening = "evening",
    }
}

/// Time that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct FreeSlot {
    /// With whom.
    pub doctor: Person,
    /// The available time that it is in, by id.
    pub available_time: i64,
    /// The available time's label.
    pub window: String,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`.
    pub ends: Option<String>,
    /// When it begins, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, UTC.
    pub ends_at: Option<DateTime<Utc>>,
}

/// The free slots within dates, next first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct FreeSlots {
    /// The first date that was looked at.
    pub from: NaiveDate,
    /// The last date that was looked at: the one asked for, or the one on which enough were found.
    pub to: NaiveDate,
    /// Whether there may be more up to the date asked for.
    pub has_more: bool,
    /// The slots by time, then by doctor.
    pub slots: Vec<FreeSlot>,
}
