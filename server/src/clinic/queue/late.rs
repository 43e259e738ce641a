//! A doctor who runs late on a day: said once, it moves what everybody is told.

use chrono::NaiveDate;
use clinic_shared::desk::queue::{DoctorDay, RunningLate};
use serde_json::json;
use uuid::Uuid;

use super::super::appointments::{Expected, person};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, doctors, events};
use crate::store::doctors::{self as doctor_table, DoctorRow};
use crate::store::queue::{self as table, DayRow};
use crate::store::{Session, bookings};

const MISSING: Refusal = Refusal::Missing("Doctor");

/// By how many minutes a doctor runs late on a date, today if none is said: any doctor for staff, for
/// a doctor themselves.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`].
pub async fn late_of(
    clinic: &Clinic,
    who: &Actor,
    doctor: Uuid,
    date: Option<NaiveDate>,
) -> Answer<DoctorDay> {
    let date = date.unwrap_or_else(|| clinic.today());
    let mut reader = clinic.db.read().await?;
    let row = reachable(&mut reader, who, doctor).await?;
    let day = table::doctor_day(&mut reader, row.id, date).await?;
    drop(reader);
    clinic
        .reads
        .note_of(who, "show_running_late", "doctor", row.id)
        .await;
    Ok(wire(row, date, day))
}

/// Notes by how many minutes a doctor runs late on a day; 0: on time again.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Forbidden`] if a doctor says so of another;
/// [`Refusal::Invalid`] on `date` if it is over; [`Refusal::Stale`] and [`Refusal::Conflict`] if it is
/// not what the caller saw.
pub async fn run_late(
    clinic: &Clinic,
    who: &Actor,
    doctor: Uuid,
    form: RunningLate,
    if_match: Option<Vec<i64>>,
    mut faults: Faults,
) -> Answer<DoctorDay> {
    let (today, now) = (clinic.today(), clinic.clock.now());
    let date = form.date.unwrap_or(today);
    let mut tx = clinic.db.begin().await?;
    let row = reachable(&mut tx, who, doctor).await?;
    if date < today {
        faults.add("date", "This day is over.");
    }
    faults.refuse()?;
    // Whoever holds the doctor writes the doctor's day.
    bookings::lock_doctor(&mut tx, row.id)
        .await?
        .ok_or(MISSING)?;
    let day = table::doctor_day(&mut tx, row.id, date).await?;
    let (was, version) = day.map_or((0, 0), |day| (day.late_minutes, day.version));
    let expected = Expected {
        if_match,
        version: form.version,
    };
    unchanged(clinic, &expected, day)?;
    if was == form.minutes {
        return Ok(wire(row, date, day));
    }
    if !table::set_late(&mut tx, (row.id, date), version, form.minutes, now).await? {
        return Err(conflict(told(clinic, day)));
    }
    let detail = json!({ "date": date, "minutes": { "from": was, "to": form.minutes } });
    audit::change_of(&mut tx, clinic, who, "run_late", "doctor", row.id, detail).await?;
    events::record(&mut tx, clinic, events::QUEUE, row.id, Some(row.id), None).await?;
    tx.commit().await?;
    let day = DayRow {
        late_minutes: form.minutes,
        version: version + 1,
        updated_at: now,
    };
    Ok(wire(row, date, Some(day)))
}

/// The doctor, if the caller is staff or that doctor. Everybody sees doctors, so another one's day is
/// forbidden rather than missing.
async fn reachable(session: &mut impl Session, who: &Actor, doctor: Uuid) -> Answer<DoctorRow> {
    let row = doctor_table::by_uid(session, doctor)
        .await?
        .ok_or(MISSING)?;
    match who.is_staff() || doctors::of_caller(session, who).await? == Some(row.id) {
        true => Ok(row),
        false => Err(Refusal::forbidden()),
    }
}

/// Whether the day is still what the caller saw: `If-Match` first, then `version` (API.md §5).
fn unchanged(clinic: &Clinic, expected: &Expected, day: Option<DayRow>) -> Answer<()> {
    let version = day.map_or(0, |day| day.version);
    let stale = expected.if_match.as_ref();
    if stale.is_some_and(|versions| !versions.contains(&version)) {
        return Err(Refusal::Stale(told(clinic, day)));
    }
    match expected.version {
        Some(seen) if seen != version => Err(conflict(told(clinic, day))),
        _ => Ok(()),
    }
}

fn conflict(detail: String) -> Refusal {
    Refusal::Conflict {
        code: "version_conflict",
        detail,
    }
}

fn told(clinic: &Clinic, day: Option<DayRow>) -> String {
    match day {
        Some(day) => format!(
            "Somebody said {} minutes at {}.",
            day.late_minutes,
            day.updated_at.with_timezone(&clinic.zone).format("%H:%M")
        ),
        None => "Nothing was said of this day yet.".to_owned(),
    }
}

fn wire(row: DoctorRow, date: NaiveDate, day: Option<DayRow>) -> DoctorDay {
    DoctorDay {
        doctor: person(row.uid, row.id, row.full_name),
        date,
        late_minutes: day.map_or(0, |day| day.late_minutes),
        version: day.map_or(0, |day| day.version),
    }
}
