//! What happened, for whoever listens (API.md §7): ids only, written by the change itself, so that
//! an event is there exactly when its change is.

use super::Clinic;
use crate::store::Tx;
use crate::store::events::{self as table, NewEvent};

/// An appointment was booked, or changed.
pub const APPOINTMENT: &str = "appointment";
/// A patient's record was merged, parted again, or linked.
pub const PATIENT: &str = "patient";
/// The queue of a doctor moved, without any of its appointments: the object is the doctor.
pub const QUEUE: &str = "queue";
/// When somebody can be booked changed: absences, closures, windows.
pub const SCHEDULE: &str = "schedule";
/// Somebody waits for a time, or does not any more.
pub const WAITLIST: &str = "waitlist";

/// Writes an event into the transaction of what happened: the kind of thing, which one, and whose
/// doctor's and patient's it is.
///
/// # Errors
/// The database's.
pub async fn record(
    tx: &mut Tx,
    clinic: &Clinic,
    kind: &'static str,
    object: i64,
    doctor: Option<i64>,
    patient: Option<i64>,
) -> sqlx::Result<()> {
    let event = NewEvent {
        kind,
        object,
        doctor,
        patient,
    };
    table::insert(tx, &event, clinic.clock.now()).await
}
