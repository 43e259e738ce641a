//! The appointments that an absence hits: listed, called off, or moved in one go.

use chrono::{Days, NaiveDate};
use clinic_shared::Reason;
use clinic_shared::desk::absences::{CancelHits, HitOutcome, HitResult, MoveHits};
use clinic_shared::desk::appointments::ReasonKind;
use serde_json::json;
use uuid::Uuid;

use super::super::appointments::{self, Elsewhere, line_wire};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, text};
use super::{Of, show};
use crate::store::absences::AbsenceRow;
use crate::store::appointment_lists::{self as lists, NamedRow};
use crate::store::doctors;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// An absence with what it hits, as it is after something was done.
pub type After = (AbsenceRow, Vec<NamedRow>);

/// The appointments still to come that an absence or a closure hits, in the order of time.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn hit(clinic: &Clinic, who: &Actor, of: Of, id: i64) -> Answer<After> {
    let absence = show(clinic, of, id).await?;
    let rows = rows(clinic, &absence).await?;
    let detail = json!({ "absence": id, "count": rows.len() });
    clinic
        .reads
        .note(who, "list_hit_appointments", None, detail)
        .await;
    Ok((absence, rows))
}

async fn rows(clinic: &Clinic, absence: &AbsenceRow) -> Answer<Vec<NamedRow>> {
    let mut reader = clinic.db.read().await?;
    let (doctor, time) = (absence.doctor_id, &absence.time);
    let (today, now) = (clinic.today(), clinic.clock.now());
    Ok(lists::hit(&mut reader, doctor, time, today, now).await?)
}

/// The ones that are meant: all, or those that are named; a named one that is not hit is a fault.
async fn chosen(
    clinic: &Clinic,
    absence: &AbsenceRow,
    named: Option<&[i64]>,
    faults: &mut Faults,
) -> Answer<Vec<NamedRow>> {
    let mut rows = rows(clinic, absence).await?;
    let Some(named) = named else {
        return Ok(rows);
    };
    if let Some(other) = named
        .iter()
        .find(|id| rows.iter().all(|row| row.id != **id))
    {
        let message =
            format!("Appointment {other} is not hit, or not any more; load the list again.");
        faults.add("appointments", message);
    }
    rows.retain(|row| named.contains(&row.id));
    Ok(rows)
}

/// Calls off what an absence hits, each in a transaction of its own: what became of each is answered.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`].
pub async fn cancel_hits(
    clinic: &Clinic,
    who: &Actor,
    (of, id): (Of, i64),
    form: CancelHits,
    mut faults: Faults,
) -> Answer<Vec<HitResult>> {
    let absence = show(clinic, of, id).await?;
    let reason = reason(form.reason.as_deref(), &mut faults);
    let rows = chosen(clinic, &absence, form.appointments.as_deref(), &mut faults).await?;
    faults.refuse()?;
    let kind = match of {
        Of::Doctors => ReasonKind::DoctorAway,
        Of::Clinic => ReasonKind::ClinicClosed,
    };
    let mut results = Vec::new();
    for row in rows {
        let done = appointments::cancel_by_clinic(clinic, who, row.id, kind, reason.clone()).await;
        results.push(result(clinic, row, HitOutcome::Cancelled, done).await?);
    }
    Ok(results)
}

/// Moves what an absence hits, each to the first time that is free, in a transaction of its own:
/// what became of each is answered.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`].
pub async fn move_hits(
    clinic: &Clinic,
    who: &Actor,
    (of, id): (Of, i64),
    form: MoveHits,
    mut faults: Faults,
) -> Answer<Vec<HitResult>> {
    let absence = show(clinic, of, id).await?;
    let reason = reason(form.reason.as_deref(), &mut faults);
    if let Some(doctor) = form.doctor {
        let found = doctors::by_uid(&mut clinic.db.read().await?, doctor).await?;
        if found.is_none_or(|doctor| doctor.verified_at.is_none()) {
            faults.add("doctor", "There is no such doctor.");
        }
    }
    let rows = chosen(clinic, &absence, form.appointments.as_deref(), &mut faults).await?;
    faults.refuse()?;
    let mut results = Vec::new();
    for row in rows {
        let to = Elsewhere {
            doctor: form.doctor.unwrap_or(row.doctor_uid),
            from: form
                .from
                .unwrap_or_else(|| usual_from(&absence, &row, form.doctor)),
            reason: reason.clone(),
        };
        let done = appointments::move_to_first_free(clinic, who, row.id, &to).await;
        results.push(result(clinic, row, HitOutcome::Moved, done).await?);
    }
    Ok(results)
}

/// From when on a time is looked for where nothing is said.
fn usual_from(absence: &AbsenceRow, row: &NamedRow, to: Option<Uuid>) -> NaiveDate {
    let another = to.is_some_and(|doctor| doctor != row.doctor_uid);
    match another && absence.doctor_id.is_some() {
        true => row.date,
        false => {
            let last = absence.time.last_date;
            last.checked_add_days(Days::new(1)).unwrap_or(last)
        }
    }
}

fn reason(said: Option<&str>, faults: &mut Faults) -> Option<String> {
    let checked = text::optional(said.unwrap_or_default(), LONGEST_REASON);
    faults.take("reason", checked).flatten()
}

/// What became of one: what forbids it is told beside the others, what is broken ends it all.
async fn result(
    clinic: &Clinic,
    row: NamedRow,
    outcome: HitOutcome,
    done: Answer<()>,
) -> Answer<HitResult> {
    let (outcome, reasons) = match done {
        Ok(()) => (outcome, Vec::new()),
        Err(Refusal::Unbookable(obstacles)) => {
            let reasons = obstacles.iter().map(Reason::from).collect();
            (HitOutcome::Refused, reasons)
        }
        Err(Refusal::Conflict { code, detail }) => {
            let reason = Reason {
                code: code.to_owned(),
                detail,
                ..Reason::default()
            };
            (HitOutcome::Refused, vec![reason])
        }
        // Deleted meanwhile.
        Err(Refusal::Missing(_)) => {
            let reason = Reason {
                code: "not_found".to_owned(),
                detail: "This appointment was deleted meanwhile.".to_owned(),
                ..Reason::default()
            };
            let appointment = line_wire(row, clinic.zone);
            return Ok(HitResult {
                outcome: HitOutcome::Refused,
                reasons: vec![reason],
                appointment,
            });
        }
        Err(refusal) => return Err(refusal),
    };
    let now = appointments::after_change(clinic, row.id).await?;
    Ok(HitResult {
        outcome,
        reasons,
        appointment: line_wire(now.line, clinic.zone),
    })
}
