//! Changing, moving, calling off and deleting an appointment (API.md §3 `/appointments/`).

use chrono::{NaiveDate, TimeDelta};
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{CancelledBy, Kind, Status};
use serde_json::{Value, json};

use super::super::{Actor, Answer, Clinic, Faults, Refusal};
use super::booking::{Failure, Request, Tries, When, find_place};
use super::whose::Sight;
use super::{MISSING, audited};
use crate::store::Tx;
use crate::store::appointments::{self as table, AppointmentRow, Cancel, New, Place};

/// Called off less than this before it begins is late (API.md §5).
const LATE: TimeDelta = TimeDelta::hours(24);

/// What to change; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Another doctor's number: a move.
    pub doctor: Option<i64>,
    /// Another window's id: a move.
    pub window: Option<i64>,
    /// Another date: a move.
    pub date: Option<NaiveDate>,
    /// Whether people meet.
    pub kind: Option<Kind>,
    /// What the patient says.
    pub symptoms: Option<String>,
    /// True calls it off; false is no change, but a called-off one can't be brought back with it.
    pub cancel: Option<bool>,
}

/// Changes an appointment; a new doctor, window or date goes through booking.
///
/// # Errors
/// [`Refusal::Missing`] if the caller does not see it, [`Refusal::Forbidden`] unless it is theirs
/// as a patient or they are staff, [`Refusal::Invalid`] where it stands in the way,
/// [`Refusal::Unbookable`] with everything that forbids the new time.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    change: &Change,
    faults: Faults,
) -> Answer<AppointmentRow> {
    reachable(clinic, who, id).await?;
    faults.refuse()?;
    let mut tries = Tries::new();
    loop {
        match try_change(clinic, who, id, change).await {
            Ok(row) => return Ok(row),
            Err(failure) => tries.again(failure)?,
        }
    }
}

async fn try_change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    change: &Change,
) -> Result<AppointmentRow, Failure> {
    let mut tx = clinic.db.begin().await?;
    let seen = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    let calls_off = change.cancel == Some(true);
    let moves = !calls_off && is_move(&seen, change);
    // Doctor and patient are locked before the appointment, as a booking does.
    let target = match moves {
        true => Some(find_place(clinic, &mut tx, &moved(&seen, change), Some(id)).await),
        false => None,
    };
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if row.version != seen.version {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    allowed(&row, change, moves)?;
    // Whether it may be moved at all is told before where it may be moved to.
    let target = target.transpose()?;
    let place = match &target {
        Some((_, place)) => *place,
        None => Place {
            available_time: row.available_time_id,
            date: row.date,
            span: row.starts_at.zip(row.ends_at),
            at: row.at,
        },
    };
    let new = New {
        patient: row.patient_id,
        doctor: match moves {
            true => change.doctor.unwrap_or(row.doctor_id),
            false => row.doctor_id,
        },
        place,
        kind: change.kind.unwrap_or(row.kind.0),
        symptoms: change.symptoms.as_deref().unwrap_or(&row.symptoms),
    };
    let fields = differing(&row, &new);
    let mut version = row.version;
    if !fields.is_empty() {
        if !table::update(&mut tx, row.id, version, &new, clinic.clock.now())
            .await
            .map_err(|error| match &target {
                Some((doctor, _)) => Failure::of(error, doctor),
                None => error.into(),
            })?
        {
            return Err(Failure::Lost(changed_meanwhile()));
        }
        version += 1;
        let what = (row.id, row.patient_id);
        let action = if moves {
            "move_appointment"
        } else {
            "change_appointment"
        };
        let detail = json!({ "fields": fields, "from": when(&row), "to": place_of(&new) });
        audited(&mut tx, clinic, who, action, what, detail).await?;
    }
    if calls_off && row.status.0.holds_time() {
        call_off(clinic, &mut tx, who, &row, version).await?;
    }
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// Calls an appointment off if it still holds its time, and hides it from everybody. The record
/// stays for the audit.
///
/// # Errors
/// As [`change`].
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    reachable(clinic, who, id).await?;
    let mut tx = clinic.db.begin().await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    match row.status.0 {
        Status::Pending | Status::Confirmed | Status::CheckedIn => {
            call_off(clinic, &mut tx, who, &row, row.version).await?;
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
    let (today, how) = (clinic.today(), by_clinic(clinic, reason));
    let off = table::cancel_future_of_patient(tx, patient, today, how).await?;
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
    let (today, how) = (clinic.today(), by_clinic(clinic, reason));
    let off = table::cancel_future_of_doctor(tx, doctor, today, how).await?;
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

/// Others keep changing it.
fn changed_meanwhile() -> Refusal {
    Refusal::Conflict {
        code: "version_conflict",
        detail: "Somebody else is changing this appointment; load it again.".to_owned(),
    }
}

fn by_clinic<'a>(clinic: &Clinic, reason: &'a str) -> Cancel<'a> {
    Cancel {
        by: CancelledBy::Clinic,
        reason: Some(reason),
        late_before: clinic.clock.now() + LATE,
        at: clinic.clock.now(),
    }
}

async fn call_off(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &AppointmentRow,
    version: i64,
) -> Answer<()> {
    let sight = Sight::of(tx, who).await?;
    let by = match sight.is_patient(row.patient_id) {
        true => CancelledBy::Patient,
        false => CancelledBy::Clinic,
    };
    let how = Cancel {
        by,
        reason: None,
        late_before: clinic.clock.now() + LATE,
        at: clinic.clock.now(),
    };
    if !table::cancel(tx, row.id, version, how).await? {
        return Err(changed_meanwhile());
    }
    let what = (row.id, row.patient_id);
    let detail = json!({ "from": row.status.0, "by": by });
    audited(tx, clinic, who, "cancel_appointment", what, detail).await
}

/// The appointment, if the caller sees it and may change it.
async fn reachable(clinic: &Clinic, who: &Actor, id: i64) -> Answer<AppointmentRow> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of(&mut reader, who).await?;
    let row = table::by_id(&mut reader, id).await?;
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let row = row.ok_or(MISSING)?;
    match sight.all || sight.is_patient(row.patient_id) {
        true => Ok(row),
        // The doctor changes states, on v1.
        false => Err(Refusal::forbidden()),
    }
}

/// Whether where it stands lets it be changed so.
fn allowed(row: &AppointmentRow, change: &Change, moves: bool) -> Answer<()> {
    let status = row.status.0;
    if change.cancel == Some(false) && !status.holds_time() {
        return Err(Refusal::field(
            "cancel",
            "This appointment was called off; book a new one.",
        ));
    }
    if change.cancel == Some(true) {
        return match status {
            Status::Running | Status::Completed => Err(Refusal::field(
                "cancel",
                "The patient has been with the doctor; it can't be called off any more.",
            )),
            _ => Ok(()),
        };
    }
    let alters = moves
        || change.kind.is_some_and(|kind| kind != row.kind.0)
        || change
            .symptoms
            .as_ref()
            .is_some_and(|told| *told != row.symptoms);
    match (alters, status) {
        (false, _) | (_, Status::Pending | Status::Confirmed) => Ok(()),
        _ => Err(Refusal::field(
            FieldErrors::CROSS_FIELD,
            "Only an appointment that is still to come can be changed.",
        )),
    }
}

fn is_move(row: &AppointmentRow, change: &Change) -> bool {
    change.doctor.is_some_and(|doctor| doctor != row.doctor_id)
        || change.date.is_some_and(|date| date != row.date)
        || (change.window.is_some() && change.window != row.available_time_id)
}

/// The booking that a move asks for. What is not said stays, the date too.
fn moved(row: &AppointmentRow, change: &Change) -> Request {
    Request {
        patient: row.patient_id,
        doctor: change.doctor.unwrap_or(row.doctor_id),
        window: change.window.or(row.available_time_id).unwrap_or(0),
        when: When::On(change.date.unwrap_or(row.date)),
        kind: row.kind.0,
        symptoms: String::new(),
    }
}

fn differing(row: &AppointmentRow, new: &New<'_>) -> Vec<&'static str> {
    let parts = [
        ("doctor", row.doctor_id != new.doctor),
        ("time", row.available_time_id != new.place.available_time),
        ("date", row.date != new.place.date),
        (
            "starts_at",
            row.starts_at != new.place.span.map(|(starts, _)| starts),
        ),
        ("appointment_type", row.kind.0 != new.kind),
        ("symptoms", row.symptoms != new.symptoms),
    ];
    let differing = parts.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(field, _)| field).collect()
}

fn when(row: &AppointmentRow) -> Value {
    json!({ "doctor": row.doctor_id, "window": row.available_time_id, "date": row.date,
        "starts_at": row.starts_at })
}

fn place_of(new: &New<'_>) -> Value {
    json!({ "doctor": new.doctor, "window": new.place.available_time, "date": new.place.date,
        "starts_at": new.place.span.map(|(starts, _)| starts) })
}
