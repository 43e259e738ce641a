//! Calling appointments off: one by one, with the record of somebody who leaves, and for good
//! (API.md §3 `/appointments/`, §5).

use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{Action, CancelledBy, ReasonKind, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Refusal};
use super::MISSING;
use super::booking::Failure;
use super::history::{self, Subject, Taken, Why};
use super::transition::apply;
use super::whose::reachable;
use crate::store::Tx;
use crate::store::appointments::{self as table, AppointmentRow};

/// Calls an appointment off if it has yet to happen, and hides it from everybody. The record stays
/// for the audit.
///
/// # Errors
/// [`Refusal::Missing`] if the caller does not see it, [`Refusal::Forbidden`] unless it is theirs
/// as a patient or they are staff, [`Refusal::Invalid`] while the patient is with the doctor.
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let by = reachable(clinic, who, id).await?;
    let mut tx = clinic.db.begin().await?;
    let mut row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    match row.status.0 {
        Status::Pending | Status::Confirmed | Status::CheckedIn => {
            row = call_off(clinic, &mut tx, who, &row, by).await?;
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
    let taken = Taken {
        action: Action::Delete,
        from: Some(row.status.0),
        to: row.status.0,
        version: row.version + 1,
        why: Why::default(),
        undoes: None,
        overbooked: row.overbooked,
    };
    let step = taken.row(clinic, who);
    history::write(clinic, &mut tx, who, Subject::of(&row), step, json!({})).await?;
    table::count_by(&mut tx, -1).await?;
    tx.commit().await?;
    Ok(())
}

/// Calls a locked appointment off.
pub(super) async fn call_off(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &AppointmentRow,
    by: CancelledBy,
) -> Result<AppointmentRow, Failure> {
    let why = Why {
        cancelled_by: Some(by),
        ..Why::default()
    };
    apply(clinic, tx, who, row, Status::Cancelled, why, None).await
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
    let why = because(ReasonKind::Other, "The patient's record was retired.");
    let (today, now) = (clinic.today(), clinic.clock.now());
    let rows = table::lock_future_of_patient(tx, patient, today, now).await?;
    cancel_each(clinic, tx, who, &rows, &why).await
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
    let why = because(ReasonKind::DoctorAway, "The doctor left the clinic.");
    let (today, now) = (clinic.today(), clinic.clock.now());
    let rows = table::lock_future_of_doctor(tx, doctor, today, now).await?;
    cancel_each(clinic, tx, who, &rows, &why).await
}

/// Calls locked appointments off, each with its history, event and audit row.
///
/// # Errors
/// The database's, and [`Refusal::Conflict`] if one can't be called off any more.
pub async fn cancel_each(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    rows: &[AppointmentRow],
    why: &Why,
) -> Answer<()> {
    for row in rows {
        apply(clinic, tx, who, row, Status::Cancelled, why.clone(), None).await?;
    }
    Ok(())
}

/// The clinic's reason.
fn because(kind: ReasonKind, text: &str) -> Why {
    Why {
        cancelled_by: Some(CancelledBy::Clinic),
        late: false,
        kind: Some(kind),
        text: Some(text.to_owned()),
    }
}
