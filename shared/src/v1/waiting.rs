//! `/v1/api/doctor/available-times-patient/` (API.md §4): what can still be booked, and asking for a
//! time where nothing is.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::Named;
use crate::desk::slots::PartOfDay;
use crate::desk::waitlist::WaitingStatus;

/// Time that can still be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct OpenTime {
    /// The available time's id.
    pub id: i64,
    /// The available time's label.
    pub name: String,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins, UTC; null in an available time without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, UTC.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Body of `POST`: the patient asks for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct TimeRequest {
    /// With whom.
    pub doctor: Uuid,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do; any without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of_day: Option<PartOfDay>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Option<String>,
}

/// What a patient asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct RequestedTime {
    /// The request's id.
    pub id: i64,
    /// With whom; null: anybody.
    pub doctor: Option<Named>,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do.
    pub part_of_day: Option<PartOfDay>,
    /// What else there is to say.
    pub note: Option<String>,
    /// What became of it.
    pub status: WaitingStatus,
    /// The appointment that came of it.
    pub appointment: Option<i64>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}
