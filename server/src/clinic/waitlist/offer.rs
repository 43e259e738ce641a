//! Offering a time to somebody who waits: it is kept for them while they are asked, through the same
//! locks as a booking, so that nobody gets it meanwhile.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clinic_shared::desk::appointments::Kind;
use clinic_shared::desk::waitlist::{Accept, Offer, WaitingStatus};
use serde_json::json;
use uuid::Uuid;

use super::super::appointments::{
    self, Booking, Failure, LONGEST_SYMPTOMS, LONGEST_TITLE, Tries, When, Wish, told_to,
};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, text};
use super::{MISSING, fresh, locked, stale, still_waits, written};
use crate::store::appointments::Place;
use crate::store::waitlist::{self as table, WaitingRow};
use crate::store::{Tx, appointment_lists, appointments as appointment_table, doctors};

/// How long a time is kept, in minutes, where nothing is said.
const USUAL_HOLD: i64 = 15;
/// How many candidates are told.
const CANDIDATES: i64 = 50;

/// The time that is to be given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freed {
    /// That of an appointment, which was called off or moved.
    Of(i64),
    /// A doctor's from one instant to another.
    At {
        /// The doctor.
        doctor: Uuid,
        /// When it begins.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
    },
}

/// Who could take a time, whom to ask first before the others.
///
/// # Errors
/// [`Refusal::Invalid`] if there is no such appointment or doctor.
pub async fn candidates(clinic: &Clinic, who: &Actor, freed: Freed) -> Answer<Vec<WaitingRow>> {
    let mut reader = clinic.db.read().await?;
    let (doctor, place) = match freed {
        Freed::Of(id) => {
            let row = appointment_lists::detail(&mut reader, id).await?;
            let missing = || Refusal::field("appointment", "There is no such appointment.");
            let row = row.ok_or_else(missing)?;
            let place = appointment_table::by_id(&mut reader, id).await?;
            let place = place.ok_or_else(missing)?.place();
            (row.line.doctor_id, place)
        }
        Freed::At {
            doctor,
            starts_at,
            ends_at,
        } => {
            let found = doctors::by_uid(&mut reader, doctor).await?;
            let missing = || Refusal::field("doctor", "There is no such doctor.");
            let place = Place {
                available_time: None,
                date: starts_at.with_timezone(&clinic.zone).date_naive(),
                span: Some((starts_at, ends_at)),
                at: starts_at,
            };
            (found.ok_or_else(missing)?.id, place)
        }
    };
    let part = appointments::part_of_day(&place, clinic.zone);
    let now = clinic.clock.now();
    let rows = table::candidates(&mut reader, doctor, &place, part, now, CANDIDATES).await?;
    drop(reader);
    let detail = json!({ "doctor": doctor, "count": rows.len() });
    clinic
        .reads
        .note(who, "list_candidates", None, detail)
        .await;
    Ok(rows)
}

/// Keeps a time for somebody while they are asked; what was kept for them before is free again.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Invalid`] with every faulty field; [`Refusal::Stale`];
/// [`Refusal::Conflict`] if they do not wait any more; [`Refusal::Unbookable`] with everything in
/// the way.
pub async fn offer(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Offer,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<()> {
    let date = date_of(clinic, &form, &mut faults);
    let doctor = doctors::by_uid(&mut clinic.db.read().await?, form.doctor).await?;
    if doctor.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    faults.refuse()?;
    let (Some(doctor), Some(date)) = (doctor, date) else {
        return Err(MISSING);
    };
    let seen = super::after_change(clinic, id).await?;
    let wish = match form.starts_at {
        Some(starts_at) => Wish::At {
            window: Some(form.available_time),
            starts_at,
            minutes: None,
        },
        None => Wish::Window {
            window: form.available_time,
            when: When::On(date),
        },
    };
    let booking = Booking {
        waiting: Some(id),
        ..Booking::plain(seen.patient_id, doctor.id, wish)
    };
    let mut tx = clinic.db.begin().await?;
    // Doctor and patient are locked before the entry, as a booking that takes the time does.
    let found = appointments::find_place(clinic, &mut tx, &booking, None).await;
    let row = locked(clinic, &mut tx, id).await?;
    fresh(clinic, &row, expected)?;
    still_waits(&row)?;
    let found = found.map_err(|failure| told_to(who, failure.into()))?;
    let now = clinic.clock.now();
    let minutes = form.hold_minutes.unwrap_or(USUAL_HOLD);
    let until = now + TimeDelta::minutes(minutes);
    table::hold(&mut tx, id, doctor.id, &found.place, until).await?;
    if !table::touch(&mut tx, (id, row.version), false, now).await? {
        return Err(stale(clinic, &row));
    }
    let detail = json!({ "doctor": doctor.id, "date": found.place.date, "minutes": minutes });
    let subject = (id, row.patient_id, Some(doctor.id));
    written(clinic, &mut tx, who, "offer_waiting", subject, detail).await?;
    Ok(tx.commit().await?)
}

fn date_of(clinic: &Clinic, form: &Offer, faults: &mut Faults) -> Option<NaiveDate> {
    let of_time = form
        .starts_at
        .map(|at| at.with_timezone(&clinic.zone).date_naive());
    match (of_time, form.date) {
        (Some(date), Some(said)) if date != said => {
            faults.add("date", "This is not the date of starts_at.");
            None
        }
        (Some(date), _) | (None, Some(date)) => Some(date),
        (None, None) => {
            faults.add("starts_at", "Give a time, or a date to find one on.");
            None
        }
    }
}

/// They take the time that is kept for them: it is booked, in the same transaction. When the time is
/// no longer kept but still free, they get it all the same.
///
/// # Errors
/// As [`offer`]; [`Refusal::Conflict`] if nothing was offered to them.
pub async fn accept(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: &Accept,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<i64> {
    let title = form.title.as_deref();
    let title = title.map(|title| text::optional(title, LONGEST_TITLE));
    let title = title.and_then(|title| faults.take("title", title).flatten());
    let symptoms = form.symptoms.as_deref().unwrap_or_default();
    let symptoms = faults.take("symptoms", text::optional(symptoms, LONGEST_SYMPTOMS));
    faults.refuse()?;
    let about = About {
        kind: form.appointment_type.unwrap_or(Kind::Offline),
        title,
        symptoms: symptoms.flatten(),
    };
    let mut tries = Tries::new();
    loop {
        match try_accept(clinic, who, id, &about, expected).await {
            Ok(appointment) => return Ok(appointment),
            Err(failure) => tries.again(failure)?,
        }
    }
}

/// What the appointment is about.
struct About {
    kind: Kind,
    title: Option<String>,
    symptoms: Option<String>,
}

async fn try_accept(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    about: &About,
    expected: Option<&[i64]>,
) -> Result<i64, Failure> {
    let mut tx = clinic.db.begin().await?;
    let now = clinic.clock.now();
    let seen = table::by_id(&mut tx, id, now).await?.ok_or(MISSING)?;
    fresh(clinic, &seen, expected)?;
    still_waits(&seen)?;
    let held = table::held(&mut tx, id).await?.ok_or_else(nothing_kept)?;
    let wish = match held.starts_at.zip(held.ends_at) {
        Some((starts_at, ends_at)) => Wish::At {
            window: Some(held.available_time_id),
            starts_at,
            minutes: Some((ends_at - starts_at).num_minutes()),
        },
        None => Wish::Window {
            window: held.available_time_id,
            when: When::On(held.date),
        },
    };
    let booking = Booking {
        kind: about.kind,
        title: about.title.clone(),
        symptoms: about
            .symptoms
            .clone()
            .or_else(|| seen.note.clone())
            .unwrap_or_default(),
        waiting: Some(id),
        ..Booking::plain(seen.patient_id, held.doctor_id, wish)
    };
    let appointment = appointments::book_within(clinic, &mut tx, who, &booking).await?;
    let row = locked(clinic, &mut tx, id).await?;
    if row.version != seen.version {
        return Err(Failure::Lost(stale(clinic, &row)));
    }
    table::release(&mut tx, id).await?;
    let (to, made) = (WaitingStatus::Booked, Some(appointment));
    if !table::end(&mut tx, (id, row.version), to, made, now).await? {
        return Err(Failure::Lost(stale(clinic, &row)));
    }
    let detail = json!({ "appointment": appointment });
    let subject = (id, row.patient_id, Some(held.doctor_id));
    written(clinic, &mut tx, who, "accept_waiting", subject, detail).await?;
    tx.commit().await?;
    Ok(appointment)
}

/// They do not take the time that is kept for them: it is free again, and they are not asked for it
/// any more. They wait on.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`], [`Refusal::Conflict`] if nothing was offered to them or
/// they do not wait any more.
pub async fn skip(clinic: &Clinic, who: &Actor, id: i64, expected: Option<&[i64]>) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id).await?;
    fresh(clinic, &row, expected)?;
    still_waits(&row)?;
    let held = table::held(&mut tx, id).await?.ok_or_else(nothing_kept)?;
    forget(clinic, &mut tx, &row, &held).await?;
    let detail = json!({ "doctor": held.doctor_id, "date": held.date });
    let subject = (id, row.patient_id, Some(held.doctor_id));
    written(clinic, &mut tx, who, "skip_waiting", subject, detail).await?;
    Ok(tx.commit().await?)
}

async fn forget(
    clinic: &Clinic,
    tx: &mut Tx,
    row: &WaitingRow,
    held: &table::HoldRow,
) -> Answer<()> {
    let now = clinic.clock.now();
    let first = super::super::available_times::first_moment(held.date, clinic.zone);
    let at = held.starts_at.or(first).unwrap_or(now);
    table::skip(tx, row.id, held.doctor_id, held.date, at).await?;
    table::release(tx, row.id).await?;
    match table::touch(tx, (row.id, row.version), true, now).await? {
        true => Ok(()),
        false => Err(stale(clinic, row)),
    }
}

fn nothing_kept() -> Refusal {
    Refusal::Conflict {
        code: "nothing_offered",
        detail: "No time is kept for them; offer one first.".to_owned(),
    }
}
