//! Changing and moving an appointment (API.md §3 `/appointments/`).

use chrono::NaiveDate;
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{Action, CancelledBy, Kind, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit};
use super::booking::{Booking, Failure, Request, Tries, When, find_place, told_to};
use super::calling_off::call_off;
use super::history::{self, Subject, Taken, Why};
use super::whose::reachable;
use super::{MISSING, changed_meanwhile};
use crate::store::appointments::{self as table, AppointmentRow, New};

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
    let by = reachable(clinic, who, id).await?;
    faults.refuse()?;
    let mut tries = Tries::new();
    loop {
        match try_change(clinic, who, id, change, by).await {
            Ok(row) => return Ok(row),
            Err(failure) => tries
                .again(failure)
                .map_err(|refusal| told_to(who, refusal))?,
        }
    }
}

async fn try_change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    change: &Change,
    by: CancelledBy,
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
    if !row.is_still(seen.seen()) {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    allowed(&row, change, moves)?;
    // Whether it may be moved at all is told before where it may be moved to.
    let target = target.transpose()?;
    let new = New {
        patient: row.patient_id,
        doctor: target
            .as_ref()
            .map_or(row.doctor_id, |found| found.doctor.id),
        place: target.as_ref().map_or(row.place(), |found| found.place),
        kind: change.kind.unwrap_or(row.kind.0),
        title: row.title.as_deref(),
        overbooked: target
            .as_ref()
            .map_or(row.overbooked, |found| found.overbooked),
        symptoms: change.symptoms.as_deref().unwrap_or(&row.symptoms),
        // Who is moved to another time is booked for it.
        walk_in: row.walk_in && target.is_none(),
    };
    let fields = differing(&row, &new);
    if !fields.is_empty() {
        let written = table::update(&mut tx, id, row.version, &new, clinic.clock.now()).await;
        let written = written.map_err(|error| match &target {
            Some(found) => Failure::of(error, &found.doctor.full_name),
            None => error.into(),
        })?;
        if !written {
            return Err(Failure::Lost(changed_meanwhile()));
        }
        let action = match moves {
            true => Action::Reschedule,
            false => Action::Change,
        };
        let (from, to) = (
            history::where_it_is(row.doctor_id, row.place()),
            history::where_it_is(new.doctor, new.place),
        );
        let detail = json!({ "fields": fields, "from": from, "to": to });
        let subject = Subject {
            appointment: id,
            patient: row.patient_id,
            doctor: new.doctor,
            place: new.place,
        };
        let taken = Taken {
            action,
            from: Some(row.status.0),
            to: row.status.0,
            version: row.version + 1,
            why: Why::default(),
            undoes: None,
            overbooked: new.overbooked,
        };
        let step = taken.row(clinic, who);
        history::write(clinic, &mut tx, who, subject, step, detail).await?;
    }
    if calls_off && row.status.0.holds_time() {
        let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
        call_off(clinic, &mut tx, who, &row, by).await?;
    }
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// Whether where it stands lets it be changed so.
fn allowed(row: &AppointmentRow, change: &Change, moves: bool) -> Answer<()> {
    let status = row.status.0;
    let was_with_doctor = matches!(status, Status::Running | Status::Completed);
    match change.cancel {
        Some(false) if !status.holds_time() => {
            return Err(Refusal::field(
                "cancel",
                "This appointment was called off; book a new one.",
            ));
        }
        Some(true) if was_with_doctor => {
            return Err(Refusal::field(
                "cancel",
                "The patient has been with the doctor; it can't be called off any more.",
            ));
        }
        _ => {}
    }
    let symptoms = change.symptoms.as_ref();
    let alters = moves
        || change.kind.is_some_and(|kind| kind != row.kind.0)
        || symptoms.is_some_and(|told| *told != row.symptoms);
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
fn moved(row: &AppointmentRow, change: &Change) -> Booking {
    Booking::from(&Request {
        patient: row.patient_id,
        doctor: change.doctor.unwrap_or(row.doctor_id),
        window: change.window.or(row.available_time_id).unwrap_or(0),
        when: When::On(change.date.unwrap_or(row.date)),
        kind: row.kind.0,
        symptoms: String::new(),
    })
}

fn differing(row: &AppointmentRow, new: &New<'_>) -> Vec<&'static str> {
    let was = row.place();
    audit::fields([
        ("doctor", row.doctor_id != new.doctor),
        ("time", was.available_time != new.place.available_time),
        ("date", was.date != new.place.date),
        ("starts_at", was.span != new.place.span),
        ("appointment_type", row.kind.0 != new.kind),
        ("symptoms", row.symptoms != new.symptoms),
    ])
}
