//! What a contact request leads to: a patient, an appointment. Each in one transaction with the link.

use clinic_shared::desk::appointments::NewAppointment;
use clinic_shared::desk::contacts::{Action, TurnIntoPatient};
use clinic_shared::desk::patients::PatientDraft;
use serde_json::json;

use super::super::appointments::{Failure, Tries, book_within, booking_of, patient_of};
use super::super::patients::{self, Newcomer};
use super::super::{Actor, Answer, Clinic, Faults, Refusal};
use super::MISSING;
use super::inbox::{Seen, locked, shown_after_change};
use super::steps::{Done, take, taken};
use crate::store::bookings;
use crate::store::contact_steps::State;
use crate::store::contacts::ContactRow;

/// Whom a contact request leads to.
enum Whose {
    /// Somebody with a record.
    Known(i64),
    /// Somebody new.
    New(Box<Newcomer>),
}

/// Registers who wrote, or finds their record, and links it.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Invalid`] with every faulty field; [`Refusal::Known`] if the new
/// person may have a record and nobody said that they have not; [`Refusal::Stale`] and
/// [`Refusal::Conflict`] if it is not what the caller saw, or is linked already (`has_patient`).
pub async fn turn_into_patient(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: TurnIntoPatient,
    seen: &Seen,
    faults: Faults,
) -> Answer<()> {
    let contact = shown_after_change(clinic, id).await?.contact;
    let anyway = form.anyway.unwrap_or(false);
    let (whose, draft) = whose(clinic, &contact, &form, faults).await?;
    unlinked(&contact)?;
    if let Some(draft) = draft.filter(|_| !anyway) {
        let candidates = patients::possible_duplicates(clinic, who, &draft).await?;
        if !candidates.is_empty() {
            return Err(Refusal::Known(candidates));
        }
    }
    let mut tx = clinic.db.begin().await?;
    let patient = match &whose {
        Whose::Known(patient) => match bookings::lock_patient(&mut tx, *patient).await? {
            true => *patient,
            false => return Err(patients::gone()),
        },
        Whose::New(person) => patients::register_within(clinic, &mut tx, who, person).await?,
    };
    let row = locked(clinic, &mut tx, id, seen).await?;
    unlinked(&row)?;
    let state = State {
        patient: Some(patient),
        ..taken(&row, who)
    };
    let done = Done {
        action: Action::Patient,
        ..Done::default()
    };
    let is_new = matches!(whose, Whose::New(_));
    let detail = json!({ "patient": patient, "registered": is_new });
    take(clinic, &mut tx, who, &row, (&state, &done), detail).await?;
    Ok(tx.commit().await?)
}

fn unlinked(row: &ContactRow) -> Answer<()> {
    match row.patient_id {
        None => Ok(()),
        Some(_) => Err(Refusal::Conflict {
            code: "has_patient",
            detail: "It was turned into a patient already.".to_owned(),
        }),
    }
}

async fn whose(
    clinic: &Clinic,
    contact: &ContactRow,
    form: &TurnIntoPatient,
    mut faults: Faults,
) -> Answer<(Whose, Option<PatientDraft>)> {
    let said = form.person();
    if form.patient.is_none() && form.record_number.is_none() {
        let own = |said: Option<String>, text: &str| {
            said.or_else(|| Some(text.to_owned()).filter(|text| !text.is_empty()))
        };
        let draft = PatientDraft {
            full_name: form.full_name.clone().unwrap_or(contact.name.clone()),
            phone: own(said.phone.clone(), &contact.phone),
            email: said.email.clone().or_else(|| contact.email.clone()),
            ..said
        };
        let person = patients::newcomer(clinic, draft.clone(), faults)?;
        return Ok((Whose::New(Box::new(person)), Some(draft)));
    }
    if said != PatientDraft::default() {
        faults.add("full_name", "Say either who it is, or a new person.");
    }
    let mut reader = clinic.db.read().await?;
    let found = patient_of(&mut reader, form.patient, form.record_number.as_deref()).await?;
    let field = match form.patient {
        Some(_) => "patient",
        None => "record_number",
    };
    let found = faults.take(field, found);
    faults.refuse()?;
    Ok((Whose::Known(found.ok_or(MISSING)?.id), None))
}

/// Books an appointment and links it. Without a patient in the form it is for the patient that the
/// contact request led to; one that led to nobody yet leads to whom it is booked for.
///
/// # Errors
/// [`Refusal::Missing`]; as a booking at the desk; [`Refusal::Stale`] and [`Refusal::Conflict`] if it
/// is not what the caller saw, or is linked already (`has_appointment`).
pub async fn turn_into_appointment(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    mut form: NewAppointment,
    seen: &Seen,
    faults: Faults,
) -> Answer<()> {
    let contact = shown_after_change(clinic, id).await?;
    if form.patient.is_none() && form.record_number.is_none() {
        form.patient = contact.patient_uid;
    }
    let (booking, _) = booking_of(clinic, form, faults).await?;
    unbooked(&contact.contact)?;
    let mut tries = Tries::new();
    loop {
        let tried = async {
            let mut tx = clinic.db.begin().await?;
            let appointment = book_within(clinic, &mut tx, who, &booking).await?;
            let row = locked(clinic, &mut tx, id, seen).await?;
            unbooked(&row)?;
            let state = taken(&row, who);
            let state = State {
                patient: state.patient.or(Some(booking.patient)),
                appointment: Some(appointment),
                ..state
            };
            let done = Done {
                action: Action::Appointment,
                ..Done::default()
            };
            let detail = json!({ "appointment": appointment });
            take(clinic, &mut tx, who, &row, (&state, &done), detail).await?;
            tx.commit().await?;
            Ok::<_, Failure>(())
        };
        match Box::pin(tried).await {
            Ok(()) => return Ok(()),
            Err(failure) => tries.again(failure)?,
        }
    }
}

fn unbooked(row: &ContactRow) -> Answer<()> {
    match row.appointment_id {
        None => Ok(()),
        Some(_) => Err(Refusal::Conflict {
            code: "has_appointment",
            detail: "It was turned into an appointment already.".to_owned(),
        }),
    }
}
