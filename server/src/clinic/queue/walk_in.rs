//! Somebody who came without being booked: straight into a queue, in one transaction.
//!
//! A walk-in is stored from the minute they came on, marked `walk_in` and `overbooked`: the mark leaves
//! it out of the rule that no two of one doctor overlap, so it takes no time that was sold or can be.
//! It stands under the other half of the rule: a patient is nowhere twice.

use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::patients::PatientDraft;
use clinic_shared::desk::queue::{Priority, WalkIn};

use super::super::appointments::{
    Booking, Failure, LONGEST_ROOM, LONGEST_SYMPTOMS, LONGEST_TITLE, Tries, Why, Wish, apply,
    book_within, find_place, patient_of,
};
use super::super::patients::{self, Newcomer};
use super::super::{Actor, Answer, Clinic, Faults, Obstacle, Refusal, Thing, text};
use super::duty::first_free;
use crate::store::doctor_links::{self, Link};
use crate::store::{Tx, appointments as table, bookings, doctors, queue};

const MISSING: Refusal = Refusal::Missing("Patient");

/// Who came.
enum Whose {
    /// Somebody with a record.
    Known(i64),
    /// Somebody new.
    New(Box<Newcomer>),
}

/// To whom.
enum Goal {
    /// This doctor.
    Doctor(i64),
    /// Whoever is on duty, can see them first, and is for this if it is said.
    Any(Option<i64>),
}

/// What was asked for, checked.
struct Asked {
    whose: Whose,
    goal: Goal,
    priority: Priority,
    room: Option<String>,
    title: Option<String>,
    symptoms: String,
    minutes: Option<i64>,
}

/// Puts somebody who came without being booked into a queue, registering them if they are new, and
/// answers the appointment's id. The policy lets staff in only.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field; [`Refusal::Known`] if the new person may have a
/// record and nobody said that they have not; [`Refusal::Unbookable`] if the patient is busy or waits
/// already; [`Refusal::Conflict`] (`nobody_on_duty`).
pub async fn take_in(clinic: &Clinic, who: &Actor, form: WalkIn, faults: Faults) -> Answer<i64> {
    let person = form.person();
    let anyway = form.anyway.unwrap_or(false);
    let asked = checked(clinic, form, person.clone(), faults).await?;
    if let Some(person) = person.filter(|_| !anyway) {
        let candidates = patients::possible_duplicates(clinic, who, &person).await?;
        if !candidates.is_empty() {
            return Err(Refusal::Known(candidates));
        }
    }
    let mut tries = Tries::new();
    loop {
        match try_take_in(clinic, who, &asked).await {
            Ok(id) => return Ok(id),
            Err(failure) => tries.again(failure)?,
        }
    }
}

async fn checked(
    clinic: &Clinic,
    form: WalkIn,
    person: Option<PatientDraft>,
    mut faults: Faults,
) -> Answer<Asked> {
    let mut reader = clinic.db.read().await?;
    let is_known = form.patient.is_some() || form.record_number.is_some();
    let known = match (is_known, &person) {
        (true, None) => {
            let record_number = form.record_number.as_deref();
            let found = patient_of(&mut reader, form.patient, record_number).await?;
            found
                .map_err(|(field, message)| faults.add(field, message))
                .ok()
        }
        (true, Some(_)) => {
            faults.add("full_name", "Say either who it is, or a new person.");
            None
        }
        (false, None) => {
            faults.add("patient", "Say who came: a patient, or a new person.");
            None
        }
        (false, Some(_)) => None,
    };
    let doctor = match form.doctor {
        Some(id) => {
            let found = doctors::by_uid(&mut reader, id).await?;
            let found = found.ok_or_else(|| "There is no such doctor.".to_owned());
            faults.take("doctor", found)
        }
        None => None,
    };
    if let Some(id) = form.specialisation {
        let known = doctor_links::known(&mut reader, Link::Specialisations, &[id]).await?;
        if known.is_empty() {
            faults.add("specialisation", "There is no such specialisation.");
        }
        if form.doctor.is_some() {
            faults.add("specialisation", "Say either a doctor or what for.");
        }
    }
    drop(reader);
    let mut short = |field: &'static str, text: Option<&str>, most: usize| {
        let text = text::optional(text.unwrap_or_default(), most);
        faults.take(field, text).flatten()
    };
    let room = short("room", form.room.as_deref(), LONGEST_ROOM);
    let title = short("title", form.title.as_deref(), LONGEST_TITLE);
    let symptoms = short("symptoms", form.symptoms.as_deref(), LONGEST_SYMPTOMS);
    let whose = match person {
        Some(person) => Whose::New(Box::new(patients::newcomer(clinic, person, faults)?)),
        None => {
            faults.refuse()?;
            Whose::Known(known.ok_or(MISSING)?.id)
        }
    };
    Ok(Asked {
        whose,
        goal: match doctor {
            Some(doctor) => Goal::Doctor(doctor.id),
            None => Goal::Any(form.specialisation),
        },
        priority: form.priority.unwrap_or(Priority::Normal),
        room,
        title,
        symptoms: symptoms.unwrap_or_default(),
        minutes: form.duration_minutes,
    })
}

async fn try_take_in(clinic: &Clinic, who: &Actor, asked: &Asked) -> Result<i64, Failure> {
    let mut tx = clinic.db.begin().await?;
    // In the order of everybody: the doctor, the patient, the ticket, and then what is written.
    let doctor = match asked.goal {
        Goal::Doctor(doctor) => {
            bookings::lock_doctor(&mut tx, doctor).await?;
            doctor
        }
        Goal::Any(specialisation) => first_free(clinic, &mut tx, specialisation).await?,
    };
    let (patient, waits) = match &asked.whose {
        Whose::Known(patient) => (*patient, waits(clinic, &mut tx, *patient).await?),
        Whose::New(person) => {
            let made = patients::register_within(clinic, &mut tx, who, person).await?;
            (made, None)
        }
    };
    let wish = Wish::Now {
        minutes: asked.minutes,
    };
    let booking = Booking {
        title: asked.title.clone(),
        symptoms: asked.symptoms.clone(),
        outside_hours: true,
        ..Booking::plain(patient, doctor, wish)
    };
    if let Some(waits) = waits {
        return Err(all_in_the_way(clinic, &mut tx, &booking, waits).await);
    }
    let today = clinic.today();
    let number = queue::next_ticket(&mut tx, today).await?;
    let id = book_within(clinic, &mut tx, who, &booking).await?;
    queue::give_ticket(&mut tx, id, today, number).await?;
    queue::furnish(&mut tx, id, asked.priority, asked.room.as_deref()).await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let (to, why) = (Status::CheckedIn, Why::default());
    apply(clinic, &mut tx, who, &row, to, why, None).await?;
    tx.commit().await?;
    Ok(id)
}

/// Locks a patient, and answers the queue that they are in already: whoever presses twice is told.
async fn waits(clinic: &Clinic, tx: &mut Tx, patient: i64) -> Answer<Option<Obstacle>> {
    if !bookings::lock_patient(tx, patient).await? {
        return Err(patients::gone());
    }
    let found = queue::waits_for(tx, patient, clinic.today()).await?;
    Ok(found.map(|(appointment, doctor)| Obstacle {
        code: "patient_waiting",
        field: "patient",
        detail: format!("The patient is in the queue of {doctor} already."),
        thing: Some(Thing::Appointment(appointment)),
    }))
}

/// The refusal of somebody who waits already, with whatever else is in their way.
async fn all_in_the_way(
    clinic: &Clinic,
    tx: &mut Tx,
    booking: &Booking,
    waits: Obstacle,
) -> Failure {
    let others = match find_place(clinic, tx, booking, None)
        .await
        .map_err(Refusal::from)
    {
        Ok(_) => Vec::new(),
        Err(Refusal::Unbookable(others)) => others,
        Err(refusal) => return refusal.into(),
    };
    // That they hold the time at which they wait says nothing new.
    let others = others
        .into_iter()
        .filter(|other| other.thing != waits.thing);
    let all = std::iter::once(waits.clone()).chain(others).collect();
    Refusal::Unbookable(all).into()
}
