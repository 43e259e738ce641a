//! Appointments: who comes to whom, and when (API.md §3 `/appointments/`, §5, §6).
//!
//! Staff see all, a doctor theirs, a patient their own; one the caller may not see is missing. There
//! is one way to take time ([`booking`]), for a new appointment and for one that is moved; the
//! database itself forbids that anybody is booked twice at once.

mod booking;
mod calling_off;
mod change;
mod classic;
mod day;
mod place;
mod record;
mod whose;

pub use booking::{Request, When, book};
pub use calling_off::{cancel_all_of_doctor, cancel_all_of_patient, delete};
pub use change::{Change, change};
pub use classic::{Draft, Filter, Line, book_own, list, show};
pub use day::{Listing, detail, of_day};
pub use record::{detail_wire, line_wire};

use super::{Actor, Answer, Clinic, Refusal, audit};
use crate::store::Tx;

const MISSING: Refusal = Refusal::Missing("Appointment");

/// Others keep changing it.
fn changed_meanwhile() -> Refusal {
    Refusal::Conflict {
        code: "version_conflict",
        detail: "Somebody else is changing this appointment; load it again.".to_owned(),
    }
}

/// Writes the audit row of a change to an appointment.
async fn audited(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    (appointment, patient): (i64, i64),
    detail: serde_json::Value,
) -> Answer<()> {
    audit::appointment_change(tx, clinic, who, action, appointment, patient, detail).await?;
    Ok(())
}
