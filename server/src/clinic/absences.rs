//! Absences of doctors and closures of the clinic (API.md §6): entered, changed and taken back at the
//! desk, and enforced wherever time is taken. Whoever enters one is told which appointments it hits;
//! [`hits`] moves or calls them off.
//!
//! An absence and a booking of the same doctor lock the doctor: whichever comes second knows of the
//! first. So no appointment slips in unseen.

mod form;
mod hits;

use chrono::{Days, NaiveDate};
use clinic_shared::desk::absences::{Absence, AbsenceChange, NewAbsence, NewClosure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::appointments::person;
use super::available_times::clock_time;
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, events};
use crate::store::absences::{self as table, AbsenceRow, Listed, Stored};
use crate::store::{Tx, bookings, doctors};

pub use hits::{After, cancel_hits, hit, move_hits};

/// How far a list without an end looks.
const LIST_DAYS: Days = Days::new(3660);

/// Which of the two is meant: their paths differ, and their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Absences of doctors.
    Doctors,
    /// Closures of the clinic.
    Clinic,
}

impl Of {
    const fn missing(self) -> Refusal {
        match self {
            Of::Doctors => Refusal::Missing("Absence"),
            Of::Clinic => Refusal::Missing("Closure"),
        }
    }

    const fn object(self) -> &'static str {
        match self {
            Of::Doctors => "absence",
            Of::Clinic => "closure",
        }
    }

    const fn is_closure(self) -> bool {
        matches!(self, Of::Clinic)
    }
}

/// Those that touch some dates, from today on where no beginning is said, in order.
///
/// # Errors
/// The database's.
pub async fn list(
    clinic: &Clinic,
    of: Of,
    doctor: Option<Uuid>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Answer<Vec<AbsenceRow>> {
    let from = from.unwrap_or_else(|| clinic.today());
    let far = from.checked_add_days(LIST_DAYS).unwrap_or(from);
    let listed = Listed {
        closures: of.is_closure(),
        doctor,
        from,
        to: to.unwrap_or(far),
    };
    Ok(table::list(&mut clinic.db.read().await?, &listed).await?)
}

/// One by id.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, of: Of, id: i64) -> Answer<AbsenceRow> {
    let found = table::by_id(&mut clinic.db.read().await?, id).await?;
    only(of, found)
}

fn only(of: Of, row: Option<AbsenceRow>) -> Answer<AbsenceRow> {
    let row = row.filter(|row| row.doctor_id.is_none() == of.is_closure());
    row.ok_or(of.missing())
}

/// Enters a doctor's absence and answers its id.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn enter(
    clinic: &Clinic,
    who: &Actor,
    new: NewAbsence,
    mut faults: Faults,
) -> Answer<i64> {
    let mut tx = clinic.db.begin().await?;
    let doctor = doctors::by_uid(&mut tx, new.doctor).await?;
    if doctor.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    let stored = form::of_absence(clinic.zone, &new, &mut faults);
    faults.refuse()?;
    let (Some(doctor), Some(stored)) = (doctor, stored) else {
        return Err(Refusal::Missing("Doctor"));
    };
    let id = insert(clinic, &mut tx, who, Some(doctor.id), &stored).await?;
    tx.commit().await?;
    Ok(id)
}

/// Enters a closure of the clinic and answers its id.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn close(
    clinic: &Clinic,
    who: &Actor,
    new: NewClosure,
    mut faults: Faults,
) -> Answer<i64> {
    let stored = form::of_closure(clinic.zone, &new, &mut faults);
    faults.refuse()?;
    let stored = stored.ok_or(Refusal::Missing("Closure"))?;
    let mut tx = clinic.db.begin().await?;
    let id = insert(clinic, &mut tx, who, None, &stored).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    doctor: Option<i64>,
    stored: &Stored,
) -> Answer<i64> {
    lock(tx, doctor).await?;
    let id = table::insert(tx, doctor, stored, clinic.clock.now()).await?;
    let detail = json!({ "doctor": doctor, "is": told(stored) });
    written(clinic, tx, who, ("enter", id), doctor, detail).await?;
    Ok(id)
}

/// Changes one, where any of the versions `expected` will do (`If-Match`).
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] with every faulty field, [`Refusal::Stale`].
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    (of, id): (Of, i64),
    change: AbsenceChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = locked(&mut tx, of, id).await?;
    let was = Stored::from(&row);
    let stored = form::changed(clinic.zone, &was, change, &mut faults);
    faults.refuse()?;
    let stored = stored.ok_or(of.missing())?;
    Refusal::unless_current(clinic, expected, row.version, row.updated_at)?;
    if stored == was {
        return Ok(());
    }
    if !table::update(&mut tx, id, row.version, &stored, clinic.clock.now()).await? {
        return Err(Refusal::stale(clinic, row.updated_at));
    }
    let detail = json!({ "doctor": row.doctor_id, "was": told(&was), "is": told(&stored) });
    written(clinic, &mut tx, who, ("change", id), row.doctor_id, detail).await?;
    Ok(tx.commit().await?)
}

/// Takes one back: its time can be booked again.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`].
pub async fn take_back(
    clinic: &Clinic,
    who: &Actor,
    (of, id): (Of, i64),
    expected: Option<&[i64]>,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = locked(&mut tx, of, id).await?;
    Refusal::unless_current(clinic, expected, row.version, row.updated_at)?;
    if !table::delete(&mut tx, id, row.version).await? {
        return Err(Refusal::stale(clinic, row.updated_at));
    }
    let detail = json!({ "doctor": row.doctor_id, "was": told(&Stored::from(&row)) });
    written(
        clinic,
        &mut tx,
        who,
        ("take_back", id),
        row.doctor_id,
        detail,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The row, with the doctor (or everybody) locked until the transaction ends.
async fn locked(tx: &mut Tx, of: Of, id: i64) -> Answer<AbsenceRow> {
    let seen = only(of, table::by_id(tx, id).await?)?;
    lock(tx, seen.doctor_id).await?;
    only(of, table::by_id(tx, id).await?)
}

async fn lock(tx: &mut Tx, doctor: Option<i64>) -> Answer<()> {
    match doctor {
        Some(doctor) => {
            bookings::lock_doctor(tx, doctor).await?;
        }
        None => bookings::lock_all_doctors(tx).await?,
    }
    Ok(())
}

/// Event and audit row of a change.
async fn written(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (did, id): (&str, i64),
    doctor: Option<i64>,
    detail: Value,
) -> Answer<()> {
    let object = match doctor {
        Some(_) => Of::Doctors.object(),
        None => Of::Clinic.object(),
    };
    events::record(tx, clinic, events::SCHEDULE, id, doctor, None).await?;
    let action = format!("{did}_{object}");
    audit::change_of(tx, clinic, who, &action, object, id, detail).await?;
    Ok(())
}

/// When and why, for the audit: schedules are told with what they were and are.
fn told(stored: &Stored) -> Value {
    json!({ "starts_at": stored.time.starts_at, "ends_at": stored.time.ends_at,
        "first_date": stored.time.first_date, "last_date": stored.time.last_date,
        "kind": stored.kind.as_str() })
}

impl From<&AbsenceRow> for Stored {
    fn from(row: &AbsenceRow) -> Self {
        Stored {
            time: row.time,
            kind: row.kind.0,
            note: row.note.clone(),
        }
    }
}

/// One as the desk shows it.
pub fn wire(row: AbsenceRow) -> Absence {
    let doctor = row.doctor_uid.zip(row.doctor_id).zip(row.doctor_name);
    let clock = |minutes: i64| clock_time(u16::try_from(minutes).unwrap_or_default());
    Absence {
        id: row.id,
        doctor: doctor.map(|((id, number), full_name)| person(id, number, full_name)),
        first_date: row.time.first_date,
        last_date: row.time.last_date,
        starts: row.time.starts.map(clock),
        ends: row.time.ends.map(clock),
        starts_at: row.time.starts_at,
        ends_at: row.time.ends_at,
        kind: row.kind.0,
        note: row.note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
