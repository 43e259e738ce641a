//! `/v1/api/desk/patients/{id}/appointments/`: everything that was ever booked for one person.

use serde::{Deserialize, Serialize};

use super::appointments::Appointment;

/// A patient's appointments, the latest first, and what they come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Visits {
    /// How many there are.
    pub count: i64,
    /// How often the patient did not come.
    pub no_shows: i64,
    /// How many were called off; what was booked by mistake is not held against anybody.
    pub cancelled: i64,
    /// How many of those less than a day before.
    pub cancelled_late: i64,
    /// How often the patient left without being seen.
    pub left: i64,
    /// Whether there are older ones than these.
    pub has_more: bool,
    /// The appointments, the latest first.
    pub appointments: Vec<Appointment>,
}
