//! One appointment of many that have to go elsewhere: called off by the clinic, or moved to the first
//! time that is free.

use chrono::{NaiveDate, TimeDelta};
use clinic_shared::desk::appointments::{CancelledBy, ReasonKind, Reschedule, Status};
use uuid::Uuid;

use super::super::{Actor, Answer, Clinic, Faults, Refusal};
use super::after_change;
use super::desk::reschedule;
use super::free::{Wanted, search};
use super::obstacles::obstacle;
use super::transition::{Asked, transition};
use crate::store::appointment_lists::NamedRow;

/// How many free times are tried: others book beside us.
const TRIES: usize = 10;

/// Where an appointment is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// To whom.
    pub doctor: Uuid,
    /// Not before this date of the clinic.
    pub from: NaiveDate,
    /// Why, for the history.
    pub reason: Option<String>,
}

/// Calls an appointment off in the clinic's name.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Conflict`] where it can't be called off any more.
pub async fn cancel_by_clinic(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    kind: ReasonKind,
    reason: Option<String>,
) -> Answer<()> {
    let asked = Asked {
        at_work: true,
        by: Some(CancelledBy::Clinic),
        reason_kind: Some(kind),
        reason,
        ..Asked::to(Status::Cancelled)
    };
    transition(clinic, who, id, asked, Faults::new()).await?;
    Ok(())
}

/// Moves an appointment to the first free time: the same one where that is free, else the earliest,
/// as long as it was.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Conflict`] if it is not to come any more;
/// [`Refusal::Unbookable`] if nothing is free as far as bookings look ahead.
pub async fn move_to_first_free(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    to: &Elsewhere,
) -> Answer<()> {
    let row = after_change(clinic, id).await?.line;
    if let (Some(starts_at), true) = (row.starts_at, row.date >= to.from) {
        let same = Reschedule {
            starts_at: Some(starts_at),
            ..form(to)
        };
        match reschedule(clinic, who, id, same, None, Faults::new()).await {
            Err(Refusal::Unbookable(_)) => {}
            done => return done,
        }
    }
    for place in places(clinic, &row, to).await? {
        match reschedule(clinic, who, id, place, None, Faults::new()).await {
            Err(Refusal::Unbookable(_)) => {}
            done => return done,
        }
    }
    let days = clinic.booking_horizon;
    let detail = format!("Nothing is free within {days} days from {}.", to.from);
    Err(Refusal::Unbookable(vec![obstacle(
        "no_free_time",
        "date",
        detail,
    )]))
}

fn form(to: &Elsewhere) -> Reschedule {
    Reschedule {
        doctor: Some(to.doctor),
        reason: to.reason.clone(),
        ..Reschedule::default()
    }
}

/// The first free times, as forms that move it there.
async fn places(clinic: &Clinic, row: &NamedRow, to: &Elsewhere) -> Answer<Vec<Reschedule>> {
    let length = row.starts_at.zip(row.ends_at);
    let minutes = length.map(|(starts, ends)| (ends - starts).num_minutes());
    let horizon = TimeDelta::days(i64::from(clinic.booking_horizon));
    let wanted = Wanted {
        doctor: Some(to.doctor),
        from: Some(to.from),
        to: to.from.checked_add_signed(horizon),
        minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        limit: Some(TRIES),
        ..Wanted::default()
    };
    let mut reader = clinic.db.read().await?;
    let patient = Some(row.patient_id);
    let found = search(clinic, &mut reader, &wanted, patient).await?;
    let forms = found.free.into_iter().map(|free| Reschedule {
        date: free.place.span.is_none().then_some(free.place.date),
        available_time: free.place.available_time,
        starts_at: free.place.span.map(|(starts_at, _)| starts_at),
        duration_minutes: free.place.span.and(minutes),
        ..form(to)
    });
    Ok(forms.collect())
}
