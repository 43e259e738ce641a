//! `doctor/available-times/` (API.md §4, §6).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::appointments::Named;
use super::lenient::PersonId;
use crate::Patch;
use crate::macros::wire_enum;

wire_enum! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
}

/// A window of time in which doctors can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "V1AvailableTime")
)]
pub struct AvailableTime {
    /// Its id.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Clinic-local beginning, `HH:MM`; null without a clock.
    pub starts: Option<String>,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    pub ends: Option<String>,
    /// On which days.
    pub weekdays: Vec<Weekday>,
    /// It is cut into slots of this length; null: it is one slot.
    pub slot_minutes: Option<i64>,
    /// The first day it is offered.
    pub valid_from: Option<NaiveDate>,
    /// The last day it is offered.
    pub valid_to: Option<NaiveDate>,
    /// Who offers it.
    pub doctors: Vec<Named>,
}

/// Body of POST and PUT on available times: what is absent is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AvailableTimeInput", deny_unknown_fields)
)]
pub struct AvailableTimeInput {
    /// What people call it, at most 50 characters.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: String,
    /// Clinic-local beginning, `HH:MM`; without one it has no clock.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: Patch<String>,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: Patch<String>,
    /// On which days; absent: on all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<Weekday>>,
    /// It is cut into slots of this length; absent: it is one slot.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "5"), maximum(value = "1440")))
    )]
    pub slot_minutes: Patch<i64>,
    /// The first day it is offered.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub valid_from: Patch<NaiveDate>,
    /// The last day it is offered.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub valid_to: Patch<NaiveDate>,
    /// Who offers it, by id or as GET shows them; absent: nobody, or the doctor who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctors: Option<Vec<PersonId>>,
}

/// Body of PATCH on available times: absent keeps, null clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AvailableTimeChange", deny_unknown_fields)
)]
pub struct AvailableTimeChange {
    /// What people call it, at most 50 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 50)))]
    pub name: Option<String>,
    /// Clinic-local beginning, `HH:MM`.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: Patch<String>,
    /// Clinic-local end, `HH:MM`; `00:00` is midnight at the day's end.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: Patch<String>,
    /// On which days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<Weekday>>,
    /// It is cut into slots of this length; null: it is one slot.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "5"), maximum(value = "1440")))
    )]
    pub slot_minutes: Patch<i64>,
    /// The first day it is offered.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub valid_from: Patch<NaiveDate>,
    /// The last day it is offered.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub valid_to: Patch<NaiveDate>,
    /// Who offers it, by id or as GET shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctors: Option<Vec<PersonId>>,
}

impl From<AvailableTimeInput> for AvailableTimeChange {
    fn from(input: AvailableTimeInput) -> Self {
        AvailableTimeChange {
            name: Some(input.name),
            starts: input.starts.or_clear(),
            ends: input.ends.or_clear(),
            weekdays: Some(input.weekdays.unwrap_or_else(|| Weekday::ALL.to_vec())),
            slot_minutes: input.slot_minutes.or_clear(),
            valid_from: input.valid_from.or_clear(),
            valid_to: input.valid_to.or_clear(),
            doctors: input.doctors,
        }
    }
}
