//! The one rule that changes where an appointment stands (API.md §5): [`decide`] says whether, a
//! compare-and-swap on the version writes it, and history, event and audit row go with it.

use chrono::TimeDelta;
use clinic_shared::desk::appointments::{Action, CancelledBy, ReasonKind, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Faults, Refusal, text};
use super::booking::{Failure, Tries};
use super::history::{self, Expected, Subject, Taken, Why, changed_by};
use super::states::{Forbidden, after, decide};
use super::time_back::{Again, take_back};
use super::whose::Sight;
use super::{MISSING, changed_meanwhile, origins};
use crate::store::appointments::{self as table, AppointmentRow};
use crate::store::{Tx, queue};

/// Called off less than this before it begins is late (API.md §5).
const LATE: TimeDelta = TimeDelta::hours(24);

/// The longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 500;

/// What is asked of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How it is to stand.
    pub to: Status,
    /// Whether it is asked as the patient: then it must be the caller's own.
    pub as_patient: bool,
    /// Whether it is asked at work: then the caller must be staff or the doctor.
    pub at_work: bool,
    /// How it must stand now; none: wherever the states allow it.
    pub only_from: Option<Status>,
    /// Who calls it off, where the desk says so; else it follows from who asks.
    pub by: Option<CancelledBy>,
    /// Why, in a word.
    pub reason_kind: Option<ReasonKind>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Where an online visit takes place from now on; none: as before.
    pub meeting_link: Option<String>,
    /// Why it may stand beside another one if its time was given away. Staff only.
    pub overbook: Option<String>,
    /// Which version the caller saw.
    pub expected: Expected,
}

impl Asked {
    /// To have it stand so, whatever its version.
    pub fn to(to: Status) -> Self {
        Asked {
            to,
            as_patient: false,
            at_work: false,
            only_from: None,
            by: None,
            reason_kind: None,
            reason: None,
            meeting_link: None,
            overbook: None,
            expected: Expected::default(),
        }
    }
}

/// Has an appointment stand as asked, and answers it.
///
/// # Errors
/// [`Refusal::Missing`] if the caller does not see it; [`Refusal::Forbidden`] unless they are staff,
/// its doctor, or the patient who calls it off; [`Refusal::Stale`] and [`Refusal::Conflict`]
/// (`version_conflict`) if it is not what the caller saw; [`Refusal::Conflict`]
/// (`invalid_transition`) where the states forbid it; [`Refusal::Unbookable`] if it takes time back
/// that was given away; [`Refusal::Invalid`] on the reasons.
pub async fn transition(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    mut asked: Asked,
    mut faults: Faults,
) -> Answer<AppointmentRow> {
    asked.reason = cleaned("reason", asked.reason.as_deref(), &mut faults);
    asked.overbook = cleaned("overbook", asked.overbook.as_deref(), &mut faults);
    faults.refuse()?;
    let mut tries = Tries::new();
    loop {
        match try_transition(clinic, who, id, &asked).await {
            Ok(row) => return Ok(row),
            Err(failure) => tries.again(failure)?,
        }
    }
}

/// A reason as it is kept.
pub(super) fn cleaned(field: &str, reason: Option<&str>, faults: &mut Faults) -> Option<String> {
    let reason = text::optional(reason?, LONGEST_REASON);
    faults.take(field, reason).flatten()
}

async fn try_transition(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    asked: &Asked,
) -> Result<AppointmentRow, Failure> {
    let mut tx = clinic.db.begin().await?;
    let sight = Sight::of(&mut tx, who).await?;
    // Only a late comer takes time back; then the people are locked before the appointment.
    let again = match asked.to {
        Status::CheckedIn => {
            let seen = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
            match sight.is_at_work(seen.doctor_id) && !seen.status.0.holds_time() {
                true => Some((
                    seen.seen(),
                    take_back(clinic, &mut tx, sight, &seen, asked.overbook.as_deref()).await,
                )),
                false => None,
            }
        }
        _ => None,
    };
    let row = table::lock(&mut tx, id).await?;
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let row = row.ok_or(MISSING)?;
    if asked.as_patient && !sight.is_patient(row.patient_id) {
        return Err(MISSING.into());
    }
    let may = sight.is_at_work(row.doctor_id) || (asked.to == Status::Cancelled && !asked.at_work);
    if !may {
        return Err(Refusal::forbidden().into());
    }
    let callers = (who, sight);
    asked.expected.check(clinic, &mut tx, callers, &row).await?;
    let from = row.status.0;
    let decided = match asked.only_from {
        Some(only) if only != from => Err(Forbidden::of(from, asked.to)),
        _ => decide(from, asked.to, row.date, clinic.today()),
    };
    if let Err(forbidden) = decided {
        let last = changed_by(clinic, &mut tx, who, sight, id).await?;
        let refusal = Refusal::Conflict {
            code: "invalid_transition",
            detail: format!("{forbidden} {last}"),
        };
        return Err(refusal.into());
    }
    let again = match again {
        Some((seen, again)) if row.is_still(seen) => Some(again?),
        // Somebody changed it between the look and the lock.
        Some(_) => return Err(Failure::Lost(changed_meanwhile())),
        None if !row.status.0.holds_time() && asked.to.holds_time() => {
            return Err(Failure::Lost(changed_meanwhile()));
        }
        None => None,
    };
    let as_patient = asked.as_patient || !sight.is_at_work(row.doctor_id);
    let by = match as_patient {
        true => CancelledBy::Patient,
        false => asked.by.unwrap_or(CancelledBy::Clinic),
    };
    let why = Why {
        cancelled_by: (asked.to == Status::Cancelled).then_some(by),
        late: false,
        kind: asked.reason_kind,
        text: asked.reason.clone(),
    };
    let mut row = apply(clinic, &mut tx, who, &row, asked.to, why, again.as_ref()).await?;
    if let Some(link) = &asked.meeting_link {
        // One change with the step.
        table::set_link(&mut tx, id, link).await?;
        row.meeting_link = Some(link.clone());
    }
    tx.commit().await?;
    Ok(row)
}

/// Writes a step into a transaction in which the appointment is locked, whatever rule led to it; the
/// states must allow it. `again` is the time that it takes back, if it does.
pub(in crate::clinic) async fn apply(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &AppointmentRow,
    to: Status,
    mut why: Why,
    again: Option<&Again>,
) -> Result<AppointmentRow, Failure> {
    let from = row.status.0;
    let action = decide(from, to, row.date, clinic.today()).map_err(|forbidden| {
        Failure::Refused(Refusal::Conflict {
            code: "invalid_transition",
            detail: forbidden.to_string(),
        })
    })?;
    let now = clinic.clock.now();
    why.late = to == Status::Cancelled && row.at < now + LATE;
    let overbooked = again.map_or(row.overbooked, |again| again.overbooked);
    if let Some(reason) = again.and_then(|again| again.because.clone()) {
        why.text.get_or_insert(reason);
    }
    let by_mistake = to == Status::Cancelled && why.kind == Some(ReasonKind::Mistake);
    let mut detail = json!({ "from": from, "to": to, "by": why.cancelled_by, "because": why.kind,
        "late": why.late, "overbooked": overbooked });
    let taken = Taken {
        action,
        from: Some(from),
        to,
        version: row.version + 1,
        why,
        undoes: None,
        overbooked,
    };
    let step = taken.row(clinic, who);
    let marks = after(row.marks.clone(), &step);
    let what = (row.id, row.version);
    let written = table::set_status(tx, what, to, overbooked, &marks, now).await;
    let written = written.map_err(|error| match again {
        Some(again) => Failure::of(error, &again.doctor),
        None => error.into(),
    })?;
    if !written {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    // Who went in without being checked in waits under a number from now on.
    if action == Action::CheckIn || (action == Action::BackToWaiting && row.ticket.is_none()) {
        let number = ticket(clinic, tx, row).await?;
        detail
            .as_object_mut()
            .map(|told| told.insert("ticket".to_owned(), json!(number)));
    }
    history::write(clinic, tx, who, Subject::of(row), step, detail).await?;
    if by_mistake {
        origins::unbooked(clinic, tx, who, row.id).await?;
    }
    let row = table::by_id(tx, row.id).await?.ok_or(MISSING)?;
    Ok(row)
}

/// The number under which a patient is called today: the one that they have, or the next.
async fn ticket(clinic: &Clinic, tx: &mut Tx, row: &AppointmentRow) -> sqlx::Result<i64> {
    let today = clinic.today();
    if let (Some(number), Some(date)) = (row.ticket, row.ticket_date)
        && date == today
    {
        return Ok(number);
    }
    let number = queue::next_ticket(tx, today).await?;
    queue::give_ticket(tx, row.id, today, number).await?;
    Ok(number)
}
