//! Taking the last step back (API.md §5): once, within five minutes, by who took it or by staff. A
//! move goes back to the time before it, through booking.

use chrono::TimeDelta;
use clinic_shared::desk::appointments::{Action, Status};
use serde_json::json;

use super::super::available_times::first_moment;
use super::super::{Actor, Answer, Clinic, Faults, Refusal};
use super::booking::{Failure, Tries};
use super::history::{self, Expected, Subject, Taken, Why};
use super::states::{last_move, replay};
use super::time_back::take_back;
use super::transition::cleaned;
use super::whose::Sight;
use super::{MISSING, changed_meanwhile, origins};
use crate::store::Tx;
use crate::store::appointment_history::{self, StepRow};
use crate::store::appointments::{self as table, AppointmentRow, New};

/// How long a step can be taken back.
const WITHIN: TimeDelta = TimeDelta::minutes(5);

/// Takes the last step back, and answers the appointment. Time that the step gave away is taken back
/// through booking; `overbook` says why it may stand beside another one.
///
/// # Errors
/// As [`super::transition`]; [`Refusal::Conflict`] (`nothing_to_undo`) if there is no step that can
/// be taken back.
pub async fn undo(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    expected: &Expected,
    overbook: Option<&str>,
    mut faults: Faults,
) -> Answer<AppointmentRow> {
    let overbook = cleaned("overbook", overbook, &mut faults);
    faults.refuse()?;
    let mut tries = Tries::new();
    loop {
        match try_undo(clinic, who, id, expected, overbook.as_deref()).await {
            Ok(row) => return Ok(row),
            Err(failure) => tries.again(failure)?,
        }
    }
}

async fn try_undo(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    expected: &Expected,
    overbook: Option<&str>,
) -> Result<AppointmentRow, Failure> {
    let mut tx = clinic.db.begin().await?;
    let sight = Sight::of(&mut tx, who).await?;
    let seen = table::by_id(&mut tx, id).await?;
    let seen = seen.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let seen = seen.ok_or(MISSING)?;
    let steps = appointment_history::steps(&mut tx, id).await?;
    let step = undoable(clinic, who, sight, &steps);
    let before = match &step {
        Ok((step, _)) if step.action.0 == Action::Reschedule => {
            Some(before_move(clinic, &mut tx, &seen, &steps, step.version).await?)
        }
        _ => None,
    };
    // The people are locked before the appointment, as a booking does.
    let again = match (&before, &step) {
        (Some(before), _) => Some(take_back(clinic, &mut tx, sight, before, overbook).await),
        (None, Ok((_, to))) if to.holds_time() && !seen.status.0.holds_time() => {
            Some(take_back(clinic, &mut tx, sight, &seen, overbook).await)
        }
        (None, _) => None,
    };
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if !row.is_still(seen.seen()) {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    let callers = (who, sight);
    expected.check(clinic, &mut tx, callers, &row).await?;
    let (step, to) = step?;
    let again = again.transpose()?;
    let overbooked = match &again {
        Some(again) => again.overbooked,
        None => row.overbooked,
    };
    let why = Why {
        text: again.as_ref().and_then(|again| again.because.clone()),
        ..Why::default()
    };
    let (from, now) = (row.status.0, clinic.clock.now());
    let taken = Taken {
        action: Action::Undo,
        from: Some(from),
        to,
        version: row.version + 1,
        why,
        undoes: Some(step.version),
        overbooked,
    };
    let subject = before.as_ref().map_or(Subject::of(&row), Subject::of);
    let written = match &before {
        Some(before) => {
            let new = New {
                patient: row.patient_id,
                doctor: before.doctor_id,
                place: before.place(),
                kind: row.kind.0,
                title: row.title.as_deref(),
                symptoms: &row.symptoms,
                overbooked,
                walk_in: before.walk_in,
            };
            table::update(&mut tx, row.id, row.version, &new, now).await
        }
        None => {
            let marks = replay(&steps, Some(step.version));
            let what = (row.id, row.version);
            table::set_status(&mut tx, what, to, overbooked, &marks, now).await
        }
    };
    let written = written.map_err(|error| match &again {
        Some(again) => Failure::of(error, &again.doctor),
        None => error.into(),
    })?;
    if !written {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    let mut detail = json!({ "from": from, "to": to, "undoes": step.version,
        "overbooked": overbooked });
    if let (Some(before), Some(detail)) = (&before, detail.as_object_mut()) {
        let was = history::where_it_is(row.doctor_id, row.place());
        detail.insert("was".to_owned(), was);
        let is = history::where_it_is(before.doctor_id, before.place());
        detail.insert("is".to_owned(), is);
    }
    let taken = taken.row(clinic, who);
    history::write(clinic, &mut tx, who, subject, taken, detail).await?;
    if step.action.0 == Action::Cancel {
        origins::booked_again(clinic, &mut tx, who, (row.id, row.patient_id)).await?;
    }
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// The appointment as it was before the step that moved it.
async fn before_move(
    clinic: &Clinic,
    tx: &mut Tx,
    row: &AppointmentRow,
    steps: &[StepRow],
    version: i64,
) -> Answer<AppointmentRow> {
    let place = appointment_history::place_before(tx, row.id, version).await?;
    let place = place.ok_or(MISSING)?;
    let taken_back = |step: &StepRow| steps.iter().any(|other| other.undoes == Some(step.version));
    let placed = steps.iter().rev().find(|step| {
        let places = matches!(
            step.action.0,
            Action::Book | Action::WalkIn | Action::Reschedule
        );
        step.version < version && places && !taken_back(step)
    });
    let first = first_moment(place.date, clinic.zone);
    Ok(AppointmentRow {
        doctor_id: place.doctor_id,
        available_time_id: place.available_time_id,
        date: place.date,
        starts_at: place.starts_at,
        ends_at: place.ends_at,
        at: place.starts_at.or(first).unwrap_or(row.at),
        overbooked: place.overbooked,
        walk_in: placed.is_some_and(|step| step.action.0 == Action::WalkIn),
        ..row.clone()
    })
}

/// The step that this caller can take back now, and how the appointment stands then.
fn undoable<'a>(
    clinic: &Clinic,
    who: &Actor,
    sight: Sight,
    steps: &'a [StepRow],
) -> Answer<(&'a StepRow, Status)> {
    let nothing = |detail: &str| Refusal::Conflict {
        code: "nothing_to_undo",
        detail: detail.to_owned(),
    };
    let step = last_move(steps).ok_or_else(|| nothing("Nothing was done to this yet."))?;
    let own = step.account_id.is_some() && step.account_id == who.account_id();
    if !sight.all && !own {
        return Err(Refusal::forbidden());
    }
    if step.undoes.is_some() {
        return Err(nothing("The last step was taken back already."));
    }
    let from = step
        .from()
        .ok_or_else(|| nothing("A booking is not taken back; cancel it."))?;
    if clinic.clock.now() - step.at > WITHIN {
        return Err(nothing(
            "The last step is more than five minutes old; it can't be taken back any more.",
        ));
    }
    Ok((step, from))
}
