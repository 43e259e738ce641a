//! Calling appointments off: one by one, with the record of somebody who leaves, and for good
//! (API.md §3 `/appointments/`, §5).

use chrono::TimeDelta;
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{CancelledBy, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Refusal};
use super::whose::reachable;
use super::{MISSING, audited, changed_meanwhile};
use crate::store::Tx;
use crate::store::appointments::{self as table, AppointmentRow, Cancel};

/// Called off less than this before it begins is late (API.md §5).
const LATE: TimeDelta = TimeDelta::hours(24);

/// Calls an appointment off if it has yet to happen, and hides it from everybody. The record stays
/// for the audit.
///
/// # Errors
/// [`Refusal::Missing`] if the caller does not see it, [`Refusal::Forbidden`] unless it is theirs
/// as a patient or they are staff, [`Refusal::Invalid`] while the patient is with the doctor.
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let by = reachable(clinic, who, id).await?;
    let mut tx = clinic.db.begin().await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    match row.status.0 {
        Status::Pending | Status::Confirmed | Status::CheckedIn => {
            call_off(clinic, &mut tx, who, &row, row.version, by).await?;
        }
        Status::Running => {
            return Err(Refusal::field(
                FieldErrors::CROSS_FIELD,
                "The patient is with the doctor; delete the appointment before or after that.",
            ));
        }
        Status::Completed | Status::Cancelled | Status::NoShow | Status::Left => {}
    }
    table::hide(&mut tx, id, clinic.clock.now()).await?;
    let what = (id, row.patient_id);
    audited(&mut tx, clinic, who, "delete_appointment", what, json!({})).await?;
    table::count_by(&mut tx, -1).await?;
    tx.commit().await?;
    Ok(())
}

/// Calls a locked appointment off; `version` is the one it has by now.
pub(super) async fn call_off(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &AppointmentRow,
    version: i64,
    by: CancelledBy,
) -> Answer<()> {
    if !table::cancel(tx, row.id, version, cancelled(clinic, by, None)).await? {
        return Err(changed_meanwhile());
    }
    let what = (row.id, row.patient_id);
    let detail = json!({ "from": row.status.0, "by": by });
    audited(tx, clinic, who, "cancel_appointment", what, detail).await
}

/// Calls off whatever a patient whose record is retired has yet to come to, inside the transaction
/// that retires it.
///
/// # Errors
/// The database's.
pub async fn cancel_all_of_patient(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    patient: i64,
) -> Answer<()> {
    let reason = "The patient's record was retired.";
    let how = cancelled(clinic, CancelledBy::Clinic, Some(reason));
    let off = table::cancel_future_of_patient(tx, patient, clinic.today(), how).await?;
    told(clinic, tx, who, off, reason).await
}

/// Calls off whatever a doctor who leaves has yet to give, inside the transaction that retires them.
///
/// # Errors
/// The database's.
pub async fn cancel_all_of_doctor(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    doctor: i64,
) -> Answer<()> {
    let reason = "The doctor left the clinic.";
    let how = cancelled(clinic, CancelledBy::Clinic, Some(reason));
    let off = table::cancel_future_of_doctor(tx, doctor, clinic.today(), how).await?;
    told(clinic, tx, who, off, reason).await
}

async fn told(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    called_off: Vec<(i64, i64)>,
    reason: &str,
) -> Answer<()> {
    for what in called_off {
        let detail = json!({ "by": CancelledBy::Clinic, "because": reason });
        audited(tx, clinic, who, "cancel_appointment", what, detail).await?;
    }
    Ok(())
}

fn cancelled<'a>(clinic: &Clinic, by: CancelledBy, reason: Option<&'a str>) -> Cancel<'a> {
    let now = clinic.clock.now();
    Cancel {
        by,
        reason,
        late_before: now + LATE,
        at: now,
    }
}
