//! The waiting list (API.md §7 `waitlist/`): who waits for an earlier time, whom to ask first when a
//! time frees, and the time that is kept for them while they are asked ([`offer`]).

mod offer;
mod unbooking;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clinic_shared::desk::doctors::Named;
use clinic_shared::desk::waitlist::{
    Hold, NewWaiting, Urgency, Waiting, WaitingChange, WaitingStatus,
};
use clinic_shared::v1::appointments::Named as NamedDoctor;
use clinic_shared::v1::waiting::{RequestedTime, TimeRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use super::appointments::{local, person, word};
use super::paging::{Listed as Page, Paging};
use super::{Actor, Answer, Clinic, Faults, Refusal, appointments, audit, events, patients, text};
use crate::store::doctor_links::{self, Link};
use crate::store::waitlist::{self as table, WaitingRow, Wish};
use crate::store::{Session, Tx, bookings, doctors};

pub use crate::store::waitlist::Listed;
pub use offer::{Freed, accept, candidates, offer, skip};
pub(in crate::clinic) use unbooking::{booked_again, unbooked};

const MISSING: Refusal = Refusal::Missing("Entry of the waiting list");

/// What the audit calls one.
const OBJECT: &str = "waiting";

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;
/// The longest anybody waits, in days.
const LONGEST_DAYS: i64 = 366;

/// The words of a search by name, as [`Listed`] takes them.
pub fn words(typed: Option<&str>) -> Vec<String> {
    let words = text::words(typed.unwrap_or_default()).into_iter();
    words.take(Listed::WORDS).collect()
}

/// A page of the list: the most urgent first, then who has waited longest.
///
/// # Errors
/// [`Refusal::InvalidPage`].
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    listed: &Listed,
    paging: &Paging,
) -> Answer<Page<WaitingRow>> {
    let span = paging.span()?;
    let (now, today) = (clinic.clock.now(), clinic.today());
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader, listed, now, today).await?;
    let places = (span.limit, span.offset);
    let rows = table::page(&mut reader, listed, now, today, places).await?;
    drop(reader);
    let detail = json!({ "count": count });
    clinic.reads.note(who, "list_waiting", None, detail).await;
    paging.listed(count, rows, |row| row.id)
}

/// One entry.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<WaitingRow> {
    let row = after_change(clinic, id).await?;
    let detail = json!({ "waiting": id });
    let patient = Some(row.patient_id);
    clinic
        .reads
        .note(who, "show_waiting", patient, detail)
        .await;
    Ok(row)
}

/// An entry that the caller has just changed: the change was audited, so this is no read of its own.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn after_change(clinic: &Clinic, id: i64) -> Answer<WaitingRow> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_id(&mut reader, id, clinic.clock.now()).await?;
    row.ok_or(MISSING)
}

/// Puts somebody on the list and answers the entry's id.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn add(clinic: &Clinic, who: &Actor, new: NewWaiting, mut faults: Faults) -> Answer<i64> {
    let mut tx = clinic.db.begin().await?;
    let patient =
        appointments::patient_of(&mut tx, new.patient, new.record_number.as_deref()).await?;
    let patient = patient.map_err(|(field, message)| faults.add(field, message));
    let wish = Wish {
        doctor: doctor(&mut tx, new.doctor, &mut faults).await?,
        specialisation: specialisation(&mut tx, new.specialisation, &mut faults).await?,
        date_from: new.date_from,
        date_to: new.date_to,
        part_of_day: new.part_of_day,
        urgency: new.urgency.unwrap_or(Urgency::Routine),
        note: note(new.note.as_deref(), &mut faults),
    };
    check_doctor(&mut tx, &wish, &mut faults).await?;
    check_dates(clinic, &wish, &mut faults);
    faults.refuse()?;
    let Ok(patient) = patient else {
        return Err(MISSING);
    };
    let id = insert(clinic, &mut tx, who, patient.id, &wish).await?;
    tx.commit().await?;
    Ok(id)
}

/// The caller, a patient, asks for a time, and gets the entry's id.
///
/// # Errors
/// [`Refusal::Forbidden`] without a patient record, [`Refusal::Invalid`] with every faulty field,
/// [`Refusal::Conflict`] if they wait for as much as they may already.
pub async fn ask(
    clinic: &Clinic,
    who: &Actor,
    request: TimeRequest,
    mut faults: Faults,
) -> Answer<i64> {
    let mut tx = clinic.db.begin().await?;
    let patient = own_patient(&mut tx, who).await?;
    let wish = Wish {
        doctor: doctor(&mut tx, Some(request.doctor), &mut faults).await?,
        specialisation: None,
        date_from: request.date_from,
        date_to: request.date_to,
        part_of_day: request.part_of_day,
        urgency: Urgency::Routine,
        note: note(request.note.as_deref(), &mut faults),
    };
    check_dates(clinic, &wish, &mut faults);
    faults.refuse()?;
    // Locked, so that two at once do not both count one too few.
    bookings::lock_patient(&mut tx, patient).await?;
    let open = table::open_of_patient(&mut tx, patient, clinic.today()).await?;
    let limit = clinic.open_bookings_limit;
    if open >= i64::from(limit) {
        return Err(Refusal::Conflict {
            code: "waiting_limit",
            detail: format!(
                "You wait for {open} times already, no more than {limit} can be asked for; withdraw one, or ask the front desk."
            ),
        });
    }
    let id = insert(clinic, &mut tx, who, patient, &wish).await?;
    tx.commit().await?;
    Ok(id)
}

/// What the caller asked for.
///
/// # Errors
/// [`Refusal::Missing`] if it is not theirs.
pub async fn show_own(clinic: &Clinic, who: &Actor, id: i64) -> Answer<WaitingRow> {
    let mut reader = clinic.db.read().await?;
    let patient = own_patient(&mut reader, who).await.map_err(|_| MISSING)?;
    let row = table::by_id(&mut reader, id, clinic.clock.now()).await?;
    row.filter(|row| row.patient_id == patient).ok_or(MISSING)
}

/// The caller waits no longer.
///
/// # Errors
/// [`Refusal::Missing`] if it is not theirs; [`Refusal::Conflict`] if it came to an end already.
pub async fn withdraw_own(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    show_own(clinic, who, id).await?;
    withdraw(clinic, who, id, None).await
}

async fn own_patient(session: &mut impl Session, who: &Actor) -> Answer<i64> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let patient = bookings::patient_of_account(session, account).await?;
    patient.ok_or_else(Refusal::forbidden)
}

async fn insert(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    patient: i64,
    wish: &Wish,
) -> Answer<i64> {
    // Nobody is put on the list for a record that was merged or retired a moment ago.
    if !bookings::lock_patient(tx, patient).await? {
        return Err(patients::gone());
    }
    let id = table::insert(tx, patient, wish, clinic.clock.now()).await?;
    let detail = json!({ "doctor": wish.doctor, "from": wish.date_from, "to": wish.date_to });
    let subject = (id, patient, wish.doctor);
    written(clinic, tx, who, "add_waiting", subject, detail).await?;
    Ok(id)
}

/// Changes what somebody waits for, where any of the versions `expected` will do (`If-Match`).
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] with every faulty field, [`Refusal::Stale`],
/// [`Refusal::Conflict`] if they do not wait any more.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    change: WaitingChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id).await?;
    let was = Wish::from(&row);
    let wish = Wish {
        doctor: match change.doctor {
            clinic_shared::Patch::Set(id) => doctor(&mut tx, Some(id), &mut faults).await?,
            clinic_shared::Patch::Clear => None,
            clinic_shared::Patch::Keep => was.doctor,
        },
        specialisation: match change.specialisation {
            clinic_shared::Patch::Set(id) => specialisation(&mut tx, Some(id), &mut faults).await?,
            clinic_shared::Patch::Clear => None,
            clinic_shared::Patch::Keep => was.specialisation,
        },
        date_from: change.date_from.unwrap_or(was.date_from),
        date_to: change.date_to.unwrap_or(was.date_to),
        part_of_day: change.part_of_day.apply(was.part_of_day),
        urgency: change.urgency.unwrap_or(was.urgency),
        note: note(change.note.apply(was.note.clone()).as_deref(), &mut faults),
    };
    if (wish.doctor, wish.specialisation) != (was.doctor, was.specialisation) {
        check_doctor(&mut tx, &wish, &mut faults).await?;
    }
    if (wish.date_from, wish.date_to) != (was.date_from, was.date_to) {
        check_dates(clinic, &wish, &mut faults);
    }
    faults.refuse()?;
    fresh(clinic, &row, expected)?;
    still_waits(&row)?;
    if wish == was {
        return Ok(());
    }
    let now = clinic.clock.now();
    if !table::update(&mut tx, (id, row.version), &wish, now).await? {
        return Err(stale(clinic, &row));
    }
    let detail = json!({ "fields": audit::fields([
        ("doctor", wish.doctor != was.doctor),
        ("specialisation", wish.specialisation != was.specialisation),
        ("dates", (wish.date_from, wish.date_to) != (was.date_from, was.date_to)),
        ("part_of_day", wish.part_of_day != was.part_of_day),
        ("urgency", wish.urgency != was.urgency),
        ("note", wish.note != was.note),
    ]) });
    let subject = (id, row.patient_id, wish.doctor);
    written(clinic, &mut tx, who, "change_waiting", subject, detail).await?;
    Ok(tx.commit().await?)
}

/// Somebody waits no longer; time that was kept for them is free again.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`], [`Refusal::Conflict`] if they do not wait any more.
pub async fn withdraw(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    expected: Option<&[i64]>,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id).await?;
    fresh(clinic, &row, expected)?;
    still_waits(&row)?;
    table::release(&mut tx, id).await?;
    let (status, now) = (WaitingStatus::Withdrawn, clinic.clock.now());
    if !table::end(&mut tx, (id, row.version), status, None, now).await? {
        return Err(stale(clinic, &row));
    }
    let subject = (id, row.patient_id, row.doctor_id);
    written(clinic, &mut tx, who, "withdraw_waiting", subject, json!({})).await?;
    Ok(tx.commit().await?)
}

async fn locked(clinic: &Clinic, tx: &mut Tx, id: i64) -> Answer<WaitingRow> {
    if !table::lock(tx, id).await? {
        return Err(MISSING);
    }
    table::by_id(tx, id, clinic.clock.now())
        .await?
        .ok_or(MISSING)
}

fn fresh(clinic: &Clinic, row: &WaitingRow, expected: Option<&[i64]>) -> Answer<()> {
    Refusal::unless_current(clinic, expected, row.version, row.updated_at)
}

fn stale(clinic: &Clinic, row: &WaitingRow) -> Refusal {
    Refusal::stale(clinic, row.updated_at)
}

fn still_waits(row: &WaitingRow) -> Answer<()> {
    let what = match row.status.0 {
        WaitingStatus::Waiting | WaitingStatus::Expired => return Ok(()),
        WaitingStatus::Booked => "They have an appointment already",
        WaitingStatus::Withdrawn => "They do not wait any more",
    };
    Err(Refusal::Conflict {
        code: "not_waiting",
        detail: format!("{what}; put them on the list again if they wait for another."),
    })
}

/// The number of a doctor whom patients see; a fault if there is none.
async fn doctor(
    session: &mut impl Session,
    id: Option<Uuid>,
    faults: &mut Faults,
) -> Answer<Option<i64>> {
    let Some(id) = id else { return Ok(None) };
    let found = doctors::by_uid(session, id).await?;
    let found = found.filter(|doctor| doctor.verified_at.is_some());
    if found.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    Ok(found.map(|doctor| doctor.id))
}

async fn specialisation(
    session: &mut impl Session,
    id: Option<i64>,
    faults: &mut Faults,
) -> Answer<Option<i64>> {
    let Some(id) = id else { return Ok(None) };
    let found = doctor_links::known(session, Link::Specialisations, &[id]).await?;
    if found.is_empty() {
        faults.add("specialisation", "There is no such specialisation.");
    }
    Ok(found.first().copied())
}

/// Nobody would ever be found who waits for a doctor and for what that doctor is not for.
async fn check_doctor(session: &mut impl Session, wish: &Wish, faults: &mut Faults) -> Answer<()> {
    if let (Some(doctor), Some(wanted)) = (wish.doctor, wish.specialisation) {
        let theirs = doctor_links::of(session, Link::Specialisations, &[doctor]).await?;
        if theirs.iter().all(|linked| linked.id != wanted) {
            faults.add("specialisation", "This doctor is not for this.");
        }
    }
    Ok(())
}

fn note(said: Option<&str>, faults: &mut Faults) -> Option<String> {
    let checked = text::optional(said.unwrap_or_default(), LONGEST_NOTE);
    faults.take("note", checked).flatten()
}

fn check_dates(clinic: &Clinic, wish: &Wish, faults: &mut Faults) {
    let (from, to) = (wish.date_from, wish.date_to);
    if to < from {
        faults.add("date_to", "This is before the first date.");
    } else if to < clinic.today() {
        faults.add("date_to", "These dates are over.");
    } else if (to - from).num_days() > LONGEST_DAYS {
        faults.add("date_to", "Nobody waits for more than a year.");
    }
}

/// Event and audit row of a change to an entry (its id, patient and doctor).
async fn written(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    action: &str,
    (id, patient, doctor): (i64, i64, Option<i64>),
    detail: Value,
) -> Answer<()> {
    events::record(tx, clinic, events::WAITLIST, id, doctor, Some(patient)).await?;
    audit::change_to(tx, clinic, who, action, (OBJECT, id), patient, detail).await?;
    Ok(())
}

impl From<&WaitingRow> for Wish {
    fn from(row: &WaitingRow) -> Self {
        Wish {
            doctor: row.doctor_id,
            specialisation: row.specialisation_id,
            date_from: row.date_from,
            date_to: row.date_to,
            part_of_day: word(row.part_of_day.as_deref()),
            urgency: row.urgency.0,
            note: row.note.clone(),
        }
    }
}

/// How an entry stands on a date: one whose dates are over is expired.
fn status(row: &WaitingRow, today: NaiveDate) -> WaitingStatus {
    match row.status.0 {
        WaitingStatus::Waiting if row.date_to < today => WaitingStatus::Expired,
        status => status,
    }
}

/// The appointment that came of an entry, unless that was taken back.
fn booked_as(row: &WaitingRow) -> Option<i64> {
    let is_booked = row.status.0 == WaitingStatus::Booked;
    row.appointment_id.filter(|_| is_booked)
}

/// An entry as the desk shows it.
pub fn wire(row: WaitingRow, today: NaiveDate, zone: Tz) -> Waiting {
    let status = status(&row, today);
    let (hold, appointment) = (hold_wire(&row, zone), booked_as(&row));
    let doctor = row.doctor_uid.zip(row.doctor_id).zip(row.doctor_name);
    let specialisation = row.specialisation_id.zip(row.specialisation_name);
    Waiting {
        id: row.id,
        patient: person(row.patient_uid, row.patient_id, row.patient_name),
        patient_phone: row.patient_phone,
        doctor: doctor.map(|((id, number), full_name)| person(id, number, full_name)),
        specialisation: specialisation.map(|(id, name)| Named { id, name }),
        date_from: row.date_from,
        date_to: row.date_to,
        part_of_day: word(row.part_of_day.as_deref()),
        urgency: row.urgency.0,
        note: row.note,
        status,
        appointment,
        skipped: row.skipped,
        hold,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn hold_wire(row: &WaitingRow, zone: Tz) -> Option<Hold> {
    let starts = row.hold_starts_at;
    Some(Hold {
        doctor: person(
            row.hold_doctor_uid?,
            row.hold_doctor_id?,
            row.hold_doctor_name.clone()?,
        ),
        available_time: row.hold_window?,
        date: row.hold_date?,
        starts: local(starts, zone),
        starts_at: starts,
        ends_at: row.hold_ends_at,
        expires_at: row.hold_expires_at?,
    })
}

/// An entry as its patient sees it.
pub fn requested_wire(row: WaitingRow, today: NaiveDate) -> RequestedTime {
    let (status, appointment) = (status(&row, today), booked_as(&row));
    let doctor = row.doctor_uid.zip(row.doctor_name);
    RequestedTime {
        id: row.id,
        doctor: doctor.map(|(id, full_name)| NamedDoctor { id, full_name }),
        date_from: row.date_from,
        date_to: row.date_to,
        part_of_day: word(row.part_of_day.as_deref()),
        note: row.note,
        status,
        appointment,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
