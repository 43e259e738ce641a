//! `/v1/api/desk/absences/` and `/v1/api/desk/closures/`: when nobody can be booked although a
//! window says so (API.md §6).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::{AppointmentRow, Person};
use crate::macros::wire_enum;
use crate::{Patch, Reason};

wire_enum! {
    /// Why a doctor is away, or the clinic closed.
    pub enum AbsenceKind {
        /// A holiday: the doctor's, or everybody's.
        Holiday = "holiday",
        /// The doctor is ill.
        Illness = "illness",
        /// A course, a congress.
        Training = "training",
        /// Something else.
        Other = "other",
    }
}

/// A doctor's absence or, without a doctor, a closure of the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Absence {
    /// Its id.
    pub id: i64,
    /// Who is away; null: the whole clinic is closed.
    pub doctor: Option<Person>,
    /// The first of the clinic's dates.
    pub first_date: NaiveDate,
    /// The last of them.
    pub last_date: NaiveDate,
    /// Clinic-local `HH:MM` on the first date; null: whole days.
    pub starts: Option<String>,
    /// Clinic-local `HH:MM` on the last date; `00:00` is midnight at its end.
    pub ends: Option<String>,
    /// When it begins, UTC.
    pub starts_at: DateTime<Utc>,
    /// When it is over, UTC.
    pub ends_at: DateTime<Utc>,
    /// Why, in a word.
    pub kind: AbsenceKind,
    /// Why, for the desk's eyes only.
    pub note: Option<String>,
    /// Counts the changes; the `ETag` is made of it.
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// An absence or a closure, and the appointments that are still booked in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct AbsenceDetail {
    /// What was entered.
    pub absence: Absence,
    /// What it hits: appointments to come that nobody will give. In the order of time.
    pub appointments: Vec<AppointmentRow>,
}

/// Body of `POST /v1/api/desk/absences/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct NewAbsence {
    /// Who is away.
    pub doctor: Uuid,
    /// The first of the clinic's dates.
    pub first_date: NaiveDate,
    /// The last of them; without it, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_date: Option<NaiveDate>,
    /// From this clinic-local time of the first date on, `HH:MM`; without it whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: Option<String>,
    /// Until this clinic-local time of the last date, `HH:MM`; `00:00` is midnight at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: Option<String>,
    /// Why, in a word; `other` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    /// Why, for the desk's eyes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Option<String>,
}

/// Body of `POST /v1/api/desk/closures/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct NewClosure {
    /// The first of the clinic's dates.
    pub first_date: NaiveDate,
    /// The last of them; without it, the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_date: Option<NaiveDate>,
    /// From this clinic-local time of the first date on, `HH:MM`; without it whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: Option<String>,
    /// Until this clinic-local time of the last date, `HH:MM`; `00:00` is midnight at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: Option<String>,
    /// Why, in a word; `holiday` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    /// What day it is, e.g. `Christmas`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Option<String>,
}

/// Body of `PATCH`: absent keeps, null clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct AbsenceChange {
    /// The first of the clinic's dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_date: Option<NaiveDate>,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_date: Option<NaiveDate>,
    /// Clinic-local `HH:MM` on the first date; null, with `ends`: whole days.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub starts: Patch<String>,
    /// Clinic-local `HH:MM` on the last date.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(
        feature = "openapi",
        oai(validator(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    )]
    pub ends: Patch<String>,
    /// Why, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    /// Why, for the desk's eyes only.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub note: Patch<String>,
}

/// Body of `…/cancel-appointments/`: which of the appointments that are hit are called off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct CancelHits {
    /// Which; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_items = "1000")))]
    pub appointments: Option<Vec<i64>>,
    /// Why, as the patient may read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
}

/// Body of `…/move-appointments/`: which of the appointments that are hit go to another time, each to
/// the first that is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct MoveHits {
    /// Which; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_items = "1000")))]
    pub appointments: Option<Vec<i64>>,
    /// To whom; without it each stays with its doctor. Another doctor takes it at the same time if
    /// that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Not before this date of the clinic; without it, with another doctor the appointment's own, with
    /// the same one the first after the absence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Why, for the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 500)))]
    pub reason: Option<String>,
}

wire_enum! {
    /// What became of an appointment that was hit.
    pub enum HitOutcome {
        /// It was called off.
        Cancelled = "cancelled",
        /// It has another time.
        Moved = "moved",
        /// It stands as it stood; the reasons say why.
        Refused = "refused",
    }
}

/// What became of one appointment that was hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct HitResult {
    /// What became of it.
    pub outcome: HitOutcome,
    /// Why nothing did; empty otherwise.
    pub reasons: Vec<Reason>,
    /// The appointment as it is now.
    pub appointment: AppointmentRow,
}
