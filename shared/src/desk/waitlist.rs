//! `/v1/api/desk/waitlist/`: who waits for an earlier time.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::{Kind, Person};
use super::doctors::Named;
use super::slots::PartOfDay;
use crate::Patch;
use crate::macros::wire_enum;

wire_enum! {
    /// How much it matters that somebody comes soon.
    pub enum Urgency {
        /// It can wait.
        Routine = "routine",
        /// It should not wait long.
        Soon = "soon",
        /// As soon as anything is free.
        Urgent = "urgent",
    }
}

wire_enum! {
    /// What became of an entry.
    pub enum WaitingStatus {
        /// They wait.
        Waiting = "waiting",
        /// They have an appointment.
        Booked = "booked",
        /// They wait no longer.
        Withdrawn = "withdrawn",
        /// The dates are over.
        Expired = "expired",
    }
}

/// Time that is kept for somebody while they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Hold {
    /// With whom.
    pub doctor: Person,
    /// The available time, by id.
    pub available_time: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Clinic-local beginning, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// When it begins, UTC.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, UTC.
    pub ends_at: Option<DateTime<Utc>>,
    /// Until when others can't have it.
    pub expires_at: DateTime<Utc>,
}

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Waiting {
    /// The entry's id.
    pub id: i64,
    /// Who waits.
    pub patient: Person,
    /// Their phone, as typed.
    pub patient_phone: Option<String>,
    /// For whom; null: anybody.
    pub doctor: Option<Person>,
    /// For a doctor of which specialisation; null: any.
    pub specialisation: Option<Named>,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do; null: any.
    pub part_of_day: Option<PartOfDay>,
    /// How much it matters.
    pub urgency: Urgency,
    /// What else there is to say.
    pub note: Option<String>,
    /// What became of it.
    pub status: WaitingStatus,
    /// The appointment that came of it.
    pub appointment: Option<i64>,
    /// How often an offer was not taken.
    pub skipped: i64,
    /// The time that is kept for them now.
    pub hold: Option<Hold>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// Since when they wait.
    pub created_at: DateTime<Utc>,
    /// When the entry last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `POST /v1/api/desk/waitlist/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct NewWaiting {
    /// Who waits, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Who waits, by record number: `P-000042`, or `42`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 24)))]
    pub record_number: Option<String>,
    /// For whom; without it, anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// For a doctor of which specialisation, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialisation: Option<i64>,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of_day: Option<PartOfDay>,
    /// How much it matters; `routine` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Option<String>,
}

/// Body of `PATCH /v1/api/desk/waitlist/{id}/`: absent keeps, null clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct WaitingChange {
    /// For whom; null: anybody.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub doctor: Patch<Uuid>,
    /// For a doctor of which specialisation, by id; null: any.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub specialisation: Patch<i64>,
    /// The first of the clinic's dates that will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_from: Option<NaiveDate>,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_to: Option<NaiveDate>,
    /// The part of the day that will do; null: any.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub part_of_day: Patch<PartOfDay>,
    /// How much it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Patch<String>,
}

/// Body of `offer/`: the time that is to be kept for them while they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct Offer {
    /// With whom.
    pub doctor: Uuid,
    /// The available time, by id.
    pub available_time: i64,
    /// When it begins; without it, the earliest free slot of the available time on `date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// The clinic's date; not needed beside `starts_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// For how long others can't have it, in minutes; 15 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(minimum(value = "1"), maximum(value = "240")))
    )]
    pub hold_minutes: Option<i64>,
}

/// Body of `accept/`: what the appointment is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct Accept {
    /// Whether people meet; at the clinic without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_type: Option<Kind>,
    /// What it is about, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 200)))]
    pub title: Option<String>,
    /// What the patient says; the entry's note without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 5000)))]
    pub symptoms: Option<String>,
}
