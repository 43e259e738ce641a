//! A contact request whose appointment was booked by mistake: it is put back as it was before that,
//! and led there again when the cancellation is taken back. Each in the transaction that does it.

use clinic_shared::desk::contacts::{Action, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic};
use super::steps::{Done, take, taken};
use crate::store::Tx;
use crate::store::contact_steps::{self, State, StepRow};
use crate::store::contacts::{self as table, ContactRow};

/// Puts the contact request back that led to this appointment, if one did: to no appointment; to no
/// patient, unless it was turned into one by itself; and, where nothing was done about it since, to
/// how it stood and whose it was.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn unbooked(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    appointment: i64,
) -> Answer<()> {
    let led = led_to(tx, appointment).await?;
    let Some(row) = led.filter(|row| row.appointment_id == Some(appointment)) else {
        return Ok(());
    };
    let steps = contact_steps::of_contact(tx, row.id).await?;
    let is_patient = steps.iter().any(|step| step.action.0 == Action::Patient);
    let (status, assignee) = before_booking(&steps).unwrap_or((row.status.0, row.assignee_id));
    let state = State {
        status,
        assignee,
        patient: row.patient_id.filter(|_| is_patient),
        appointment: None,
        ..State::from(&row)
    };
    let done = Done {
        action: Action::Unbooked,
        ..Done::default()
    };
    let detail = json!({ "appointment": appointment });
    take(clinic, tx, who, &row, (&state, &done), detail).await?;
    Ok(())
}

/// How it stood and whose it was before it was booked for, if that was the last thing done.
fn before_booking(steps: &[StepRow]) -> Option<(Status, Option<i64>)> {
    let (booked, before) = steps.split_last()?;
    let is_booking = booked.action.0 == Action::Appointment;
    let assignee = before.last().and_then(|step| step.assignee_id);
    is_booking.then_some((booked.from_status.0, assignee))
}

/// Has the contact request lead to this appointment of this patient again, if it was put back and
/// leads to no other one meanwhile.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn booked_again(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (appointment, patient): (i64, i64),
) -> Answer<()> {
    let led = led_to(tx, appointment).await?;
    let Some(row) = led.filter(|row| row.appointment_id.is_none()) else {
        return Ok(());
    };
    let state = taken(&row, who);
    let state = State {
        patient: state.patient.or(Some(patient)),
        appointment: Some(appointment),
        ..state
    };
    let done = Done {
        action: Action::Appointment,
        ..Done::default()
    };
    let detail = json!({ "appointment": appointment });
    take(clinic, tx, who, &row, (&state, &done), detail).await?;
    Ok(())
}

/// The contact request that led to an appointment, locked.
async fn led_to(tx: &mut Tx, appointment: i64) -> Answer<Option<ContactRow>> {
    match contact_steps::of_appointment(tx, appointment).await? {
        Some(contact) => Ok(table::lock(tx, contact).await?),
        None => Ok(None),
    }
}
