//! Extra openings (API.md §6): hours that a doctor has on one day beside the usual ones. Each is a
//! window of that day, so everything that books windows books them.

use chrono::{Datelike, Days, NaiveDate};
use clinic_shared::desk::openings::{NewOpening, Opening};
use serde_json::json;
use uuid::Uuid;

use super::appointments::{FARTHEST, person};
use super::available_times::{Hours, clock_time, minutes_of};
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, events};
use crate::store::available_times::{self as windows, NewWindow};
use crate::store::openings::{self as table, OpeningRow};
use crate::store::{bookings, doctors};

const MISSING: Refusal = Refusal::Missing("Opening");

/// What the audit calls one.
const OBJECT: &str = "opening";

/// How far a list without an end looks.
const LIST_DAYS: Days = Days::new(366);

/// Those on some dates, from today on where no beginning is said, in the order of time.
///
/// # Errors
/// The database's.
pub async fn list(
    clinic: &Clinic,
    doctor: Option<Uuid>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Answer<Vec<OpeningRow>> {
    let from = from.unwrap_or_else(|| clinic.today());
    let far = from.checked_add_days(LIST_DAYS).unwrap_or(from);
    let dates = (from, to.unwrap_or(far));
    Ok(table::list(&mut clinic.db.read().await?, doctor, dates).await?)
}

/// Opens extra hours of a doctor's and answers them.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn open(
    clinic: &Clinic,
    who: &Actor,
    new: NewOpening,
    mut faults: Faults,
) -> Answer<OpeningRow> {
    let mut tx = clinic.db.begin().await?;
    let doctor = doctors::by_uid(&mut tx, new.doctor).await?;
    if doctor.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    if new.date < clinic.today() {
        faults.add("date", "This date is in the past.");
    }
    let latest = clinic.today().checked_add_days(FARTHEST);
    if latest.is_some_and(|latest| new.date > latest) {
        faults.add("date", "This date is more than ten years ahead.");
    }
    let starts = faults.take("starts", minutes_of(&new.starts));
    let ends = faults.take("ends", minutes_of(&new.ends));
    // Midnight ends a day here.
    let ends = ends.map(|ends| if ends == 0 { 24 * 60 } else { ends });
    let hours = starts.zip(ends).and_then(|(starts, ends)| {
        let hours = Hours::new(starts, ends);
        if hours.is_none() {
            faults.add("ends", "This is not after the beginning.");
        }
        hours
    });
    let too_long = |hours: &Hours| {
        let length = i64::from(hours.ends - hours.starts);
        new.slot_minutes.is_some_and(|slot| slot > length)
    };
    if hours.as_ref().is_some_and(too_long) {
        faults.add("slot_minutes", "No slot of this length fits in.");
    }
    faults.refuse()?;
    let (Some(doctor), Some(hours)) = (doctor, hours) else {
        return Err(MISSING);
    };
    bookings::lock_doctor(&mut tx, doctor.id).await?;
    let name = format!("{} - {}", clock_time(hours.starts), clock_time(hours.ends));
    let window = NewWindow {
        name: &name,
        starts_at: Some(i64::from(hours.starts)),
        ends_at: Some(i64::from(hours.ends)),
        weekdays: 1 << new.date.weekday().num_days_from_monday(),
        slot_minutes: new.slot_minutes,
        valid_from: Some(new.date),
        valid_to: Some(new.date),
    };
    let id = windows::insert(&mut tx, &window, clinic.clock.now())
        .await?
        .id;
    table::offer(&mut tx, doctor.id, id).await?;
    events::record(&mut tx, clinic, events::SCHEDULE, id, Some(doctor.id), None).await?;
    let detail = json!({ "doctor": doctor.id, "date": new.date, "hours": name,
        "slot_minutes": new.slot_minutes });
    audit::change_of(&mut tx, clinic, who, "open_extra_hours", OBJECT, id, detail).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// Closes extra hours again: nobody books in them any more, what is booked stays.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn close(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    bookings::lock_doctor(&mut tx, row.doctor_id).await?;
    if !table::retire(&mut tx, id, clinic.clock.now()).await? {
        return Err(MISSING);
    }
    let doctor = Some(row.doctor_id);
    events::record(&mut tx, clinic, events::SCHEDULE, id, doctor, None).await?;
    let detail = json!({ "doctor": doctor, "date": row.date, "hours": row.name });
    audit::change_of(
        &mut tx,
        clinic,
        who,
        "close_extra_hours",
        OBJECT,
        id,
        detail,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Extra hours as the desk shows them.
pub fn wire(row: OpeningRow) -> Opening {
    let clock = |minutes: i64| clock_time(u16::try_from(minutes).unwrap_or_default());
    Opening {
        id: row.id,
        doctor: person(row.doctor_uid, row.doctor_id, row.doctor_name),
        date: row.date,
        name: row.name,
        starts: clock(row.starts_at),
        ends: clock(row.ends_at),
        slot_minutes: row.slot_minutes,
    }
}
