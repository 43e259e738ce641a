//! `/v1/api/desk/reports/`: a day in numbers, and the sheet of who comes when.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::appointments::Person;
use crate::macros::wire_enum;

wire_enum! {
    /// How a report is written.
    #[cfg_attr(feature = "openapi", oai(rename = "ReportFormat"))]
    pub enum Format {
        /// For programs.
        Json = "json",
        /// For paper: 80 columns.
        Text = "text",
        /// For tables.
        Csv = "csv",
    }
}

/// How minutes spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Spread {
    /// Of how many.
    pub count: i64,
    /// Half took no longer, in whole minutes; null of none.
    pub median: Option<i64>,
    /// Nine of ten took no longer.
    pub p90: Option<i64>,
}

/// What became of a day's appointments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DayNumbers {
    /// Booked before the day or on it, whatever became of them.
    pub booked: i64,
    /// Came without being booked.
    pub walk_ins: i64,
    /// Are with the doctor or were seen, walk-ins among them.
    pub seen: i64,
    /// Wait.
    pub waiting: i64,
    /// Are still to come.
    pub awaited: i64,
    /// Did not come.
    pub no_shows: i64,
    /// Were called off.
    pub cancelled: i64,
    /// Left without being seen.
    pub left: i64,
    /// Stand beside another one of the doctor's on purpose, walk-ins not among them.
    pub overbooked: i64,
    /// How long those waited who were seen or left, in minutes from check-in.
    pub wait: Spread,
    /// By how many minutes booked ones began after they were due.
    pub started_late: Spread,
}

/// A doctor's day in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DoctorReport {
    /// The doctor.
    pub doctor: Person,
    /// The numbers.
    pub numbers: DayNumbers,
}

/// A day in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DayReport {
    /// The clinic's date.
    pub date: NaiveDate,
    /// As of when.
    pub at: DateTime<Utc>,
    /// Every doctor with an appointment on that day, by name.
    pub doctors: Vec<DoctorReport>,
    /// All of them together.
    pub total: DayNumbers,
}
