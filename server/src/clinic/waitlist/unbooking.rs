//! An entry of the waiting list whose appointment was booked by mistake: it waits again, and is booked
//! again when the cancellation is taken back. Each in the transaction that does it.

use clinic_shared::desk::waitlist::WaitingStatus;
use serde_json::json;

use super::super::{Actor, Answer, Clinic};
use super::{locked, written};
use crate::store::Tx;
use crate::store::waitlist as table;

/// Has the entry wait again that this appointment came of, if it came of one.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn unbooked(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    appointment: i64,
) -> Answer<()> {
    for id in table::of_appointment(tx, appointment).await? {
        let row = locked(clinic, tx, id).await?;
        if row.status.0 != WaitingStatus::Booked {
            continue;
        }
        table::wait_again(tx, id, clinic.clock.now()).await?;
        let detail = json!({ "appointment": appointment });
        let subject = (id, row.patient_id, row.doctor_id);
        written(clinic, tx, who, "unbook_waiting", subject, detail).await?;
    }
    Ok(())
}

/// Has the entry be booked again that waits again since this appointment was called off, unless it
/// was booked otherwise or withdrawn meanwhile. What is kept for them is free again.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn booked_again(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    appointment: i64,
) -> Answer<()> {
    for id in table::of_appointment(tx, appointment).await? {
        let row = locked(clinic, tx, id).await?;
        if row.status.0 != WaitingStatus::Waiting {
            continue;
        }
        table::release(tx, id).await?;
        let (to, made) = (WaitingStatus::Booked, Some(appointment));
        table::end(tx, (id, row.version), to, made, clinic.clock.now()).await?;
        let detail = json!({ "appointment": appointment });
        let subject = (id, row.patient_id, row.doctor_id);
        written(clinic, tx, who, "rebook_waiting", subject, detail).await?;
    }
    Ok(())
}
