//! Reviews: what patients say of doctors, for everybody to read (API.md §3 `/reviews/`).
//!
//! A patient reviews a doctor once. What they wrote only they change; they and admins delete it.
//! When the author or the doctor leaves, their reviews are hidden and in no answer.

mod listing;

use clinic_shared::classic::reviews::{ReviewChange, ReviewInput, Stars};
use clinic_shared::{FieldErrors, Role};
use serde_json::json;

pub use listing::{Listing, list};

use super::{Actor, Answer, Clinic, Faults, Refusal, audit, text};
use crate::store::patients;
use crate::store::reviews::{self as table, NewReview, ReviewRow};
use crate::store::{Tx, unique_violation};

const MISSING: Refusal = Refusal::Missing("Review");
/// The longest review, in characters.
const LONGEST: usize = 5000;

/// What a body says of a review: what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    doctor: Option<i64>,
    body: Option<String>,
    stars: Option<Stars>,
}

impl From<ReviewInput> for Form {
    fn from(input: ReviewInput) -> Self {
        Form {
            doctor: Some(input.doctor.0),
            body: Some(input.body),
            stars: Some(input.rating.0),
        }
    }
}

impl From<ReviewChange> for Form {
    fn from(change: ReviewChange) -> Self {
        Form {
            doctor: change.doctor.map(|doctor| doctor.0),
            body: change.body,
            stars: change.rating.map(|rating| rating.0),
        }
    }
}

/// A review by its number, for everybody.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, id: i64) -> Answer<ReviewRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    row.ok_or(MISSING)
}

/// Writes the caller's review of a doctor.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field; or, across fields, if the caller has no patient
/// record, is that doctor, or reviewed them before.
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    input: ReviewInput,
    mut faults: Faults,
) -> Answer<ReviewRow> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut tx = clinic.db.begin().await?;
    // The doctor before the patient, as bookings lock them.
    let doctor = input.doctor.0;
    let account_of_doctor = table::hold_doctor(&mut tx, doctor).await?;
    let patient = patients::lock_account(&mut tx, account).await?;
    if account_of_doctor.is_none() {
        faults.add("doctor", no_such_doctor(doctor));
    }
    let body = faults.take("body", text::prose(&input.body, LONGEST));
    faults.refuse()?;
    let patient = patient.ok_or_else(|| {
        refused("Only patients write reviews; make your patient record first (POST /patients/).")
    })?;
    if account_of_doctor == Some(account) {
        return Err(refused("You cannot review yourself."));
    }
    let new = NewReview {
        patient: patient.id,
        doctor,
        stars: input.rating.0.count(),
        body: body.as_deref().unwrap_or_default(),
        on: clinic.today(),
    };
    let id = table::insert(&mut tx, &new, clinic.clock.now())
        .await
        .map_err(once)?;
    let detail = json!({ "doctor": doctor });
    audit::change_of(&mut tx, clinic, who, "create_review", "review", id, detail).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// Changes what a review says; its doctor can't change.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`] to everybody but its author, [`Refusal::Invalid`]
/// with every faulty field.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Form,
    mut faults: Faults,
) -> Answer<ReviewRow> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if !is_author(who, &was) {
        return Err(Refusal::forbidden());
    }
    if form.doctor.is_some_and(|doctor| doctor != was.doctor_id) {
        let message =
            "The doctor of a review can't change; write that doctor a review of their own.";
        faults.add("doctor", message);
    }
    let body = match &form.body {
        Some(body) => faults.take("body", text::prose(body, LONGEST)),
        None => Some(was.body.clone()),
    };
    faults.refuse()?;
    let is = ReviewRow {
        body: body.unwrap_or_default(),
        stars: form.stars.map_or(was.stars, Stars::count),
        ..was.clone()
    };
    if is != was {
        update(clinic, &mut tx, who, &was, &is).await?;
    }
    tx.commit().await?;
    Ok(is)
}

async fn update(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    was: &ReviewRow,
    is: &ReviewRow,
) -> Answer<()> {
    table::update(tx, is.id, is.stars, &is.body, clinic.clock.now()).await?;
    let mut fields = Vec::new();
    if was.body != is.body {
        fields.push("body");
    }
    if was.stars != is.stars {
        fields.push("rating");
    }
    let detail = json!({ "fields": fields });
    audit::change_of(tx, clinic, who, "change_review", "review", is.id, detail).await?;
    Ok(())
}

/// Deletes a review for good.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`] to everybody but its author and admins.
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if !is_author(who, &row) && who.role() != Some(Role::Admin) {
        return Err(Refusal::forbidden());
    }
    table::delete(&mut tx, id).await?;
    let detail = json!({ "doctor": row.doctor_id });
    audit::change_of(&mut tx, clinic, who, "delete_review", "review", id, detail).await?;
    tx.commit().await?;
    Ok(())
}

fn is_author(who: &Actor, row: &ReviewRow) -> bool {
    row.author_id.is_some() && row.author_id == who.account_id()
}

fn no_such_doctor(doctor: i64) -> String {
    format!("Invalid pk \"{doctor}\" - object does not exist.")
}

fn refused(sentence: &str) -> Refusal {
    Refusal::field(FieldErrors::CROSS_FIELD, sentence)
}

fn once(error: sqlx::Error) -> Refusal {
    match unique_violation(&error).as_deref() {
        Some("review_patient_id_doctor_id_key") => {
            refused("You have already reviewed this doctor; change that review instead.")
        }
        _ => error.into(),
    }
}
