//! What can be in the way of a booking, in words.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::super::{Obstacle, Thing};
use crate::store::absences::OffRow;
use crate::store::bookings::HeldRow;

/// A reason without a thing behind it.
pub(super) fn obstacle(code: &'static str, field: &'static str, detail: String) -> Obstacle {
    Obstacle {
        code,
        field,
        detail,
        thing: None,
    }
}

/// The reason that the doctor is booked already, or that the time is kept for somebody; without a
/// row the database itself refused, and nobody knows for whom.
pub(super) fn doctor_busy(doctor: &str, held: Option<&HeldRow>) -> Obstacle {
    let waiting = held.and_then(|held| held.waiting_id);
    let detail = match waiting {
        Some(_) => format!("{doctor}'s time is kept for somebody on the waiting list."),
        None => format!("{doctor} is already booked at this time."),
    };
    let code = match waiting {
        Some(_) => "held",
        None => "doctor_busy",
    };
    Obstacle {
        thing: held.and_then(thing_of),
        ..obstacle(code, "time", detail)
    }
}

/// The reason that the patient is booked already.
pub(super) fn patient_busy(held: Option<&HeldRow>) -> Obstacle {
    let detail = "The patient has another appointment at this time.".to_owned();
    Obstacle {
        thing: held.and_then(thing_of),
        ..obstacle("patient_busy", "time", detail)
    }
}

fn thing_of(held: &HeldRow) -> Option<Thing> {
    let waiting = held.waiting_id.map(Thing::Waiting);
    held.id.map(Thing::Appointment).or(waiting)
}

/// The reason that the doctor is away, or the clinic closed.
pub(super) fn away(doctor: &str, off: &OffRow, zone: Tz) -> Obstacle {
    let when = span_in_words(off, zone);
    let (code, detail, thing) = match off.doctor_id {
        Some(_) => (
            "doctor_absent",
            format!("{doctor} is away {when}."),
            Thing::Absence(off.id),
        ),
        None => (
            "clinic_closed",
            format!("The clinic is closed {when}."),
            Thing::Closure(off.id),
        ),
    };
    Obstacle {
        thing: Some(thing),
        ..obstacle(code, "date", detail)
    }
}

/// `on 2026-03-04`, `from 2026-03-04 to 2026-03-06`, `from 2026-03-04 13:00 to 17:00`.
fn span_in_words(off: &OffRow, zone: Tz) -> String {
    let (first, last) = (off.time.first_date, off.time.last_date);
    if off.time.starts.is_none() {
        return match first == last {
            true => format!("on {first}"),
            false => format!("from {first} to {last}"),
        };
    }
    let clock = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
    let (starts, ends) = (clock(off.time.starts_at), clock(off.time.ends_at));
    match first == last {
        true => format!("on {first} from {starts} to {ends}"),
        false => format!("from {first} {starts} to {last} {ends}"),
    }
}

/// The reason that it is over.
pub(super) fn past(detail: &str) -> Obstacle {
    obstacle("past", "date", detail.to_owned())
}

/// The reason that no slot of the doctor's begins then.
pub(super) fn outside_all(doctor: &str, starts_at: DateTime<Utc>, zone: Tz) -> Obstacle {
    let local = starts_at.with_timezone(&zone);
    let detail = format!(
        "No slot of {doctor}'s begins on {}.",
        local.format("%A, %Y-%m-%d at %H:%M")
    );
    obstacle("outside_window", "date", detail)
}

/// The reason that the window is not offered on that date.
pub(super) fn outside(doctor: &str, window: &str, date: NaiveDate) -> Obstacle {
    let detail = format!(
        "{doctor} does not offer “{window}” on {}.",
        date.format("%A, %Y-%m-%d")
    );
    obstacle("outside_window", "date", detail)
}
