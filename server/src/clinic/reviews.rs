//! Reviews: what patients say of doctors, for everybody to read (API.md §3 `/reviews/`).
//!
//! A patient reviews a doctor once. What they wrote only they change; they and admins delete it.
//! When the author or the doctor leaves, their reviews are hidden and in no answer.

mod listing;

use clinic_shared::classic::reviews::{ReviewChange, ReviewInput};
use clinic_shared::v1::reviews as v1;
use clinic_shared::{FieldErrors, Role};
use serde_json::json;
use uuid::Uuid;

pub use listing::{Listing, list};

use super::{Actor, Answer, Clinic, Faults, Refusal, audit, text};
use crate::store::reviews::{self as table, NewReview, ReviewRow};
use crate::store::{Tx, unique_violation};
use crate::store::{doctors, patients};

const MISSING: Refusal = Refusal::Missing("Review");
/// The longest review, in characters.
const LONGEST: usize = 5000;

/// The doctor of a review, as classic and v1 name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// By number.
    Number(i64),
    /// By id.
    Id(Uuid),
}

impl Whom {
    fn is_of(self, row: &ReviewRow) -> bool {
        match self {
            Whom::Number(number) => number == row.doctor_id,
            Whom::Id(id) => id == row.doctor_uid,
        }
    }

    fn no_such(self) -> String {
        let asked = match self {
            Whom::Number(number) => number.to_string(),
            Whom::Id(id) => id.to_string(),
        };
        format!("Invalid pk \"{asked}\" - object does not exist.")
    }
}

/// What a body says of a new review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    doctor: Whom,
    body: String,
    stars: i64,
}

impl From<ReviewInput> for New {
    fn from(input: ReviewInput) -> Self {
        New {
            doctor: Whom::Number(input.doctor.0),
            body: input.body,
            stars: input.rating.0.count(),
        }
    }
}

impl From<v1::ReviewInput> for New {
    fn from(input: v1::ReviewInput) -> Self {
        New {
            doctor: Whom::Id(input.doctor.0),
            body: input.body,
            stars: input.star,
        }
    }
}

/// What a body says of a review: what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    doctor: Option<Whom>,
    body: Option<String>,
    stars: Option<i64>,
}

impl Form {
    /// Of a PUT, which says everything.
    pub fn whole(whole: impl Into<New>) -> Self {
        let new = whole.into();
        Form {
            doctor: Some(new.doctor),
            body: Some(new.body),
            stars: Some(new.stars),
        }
    }

    /// Of classic's PATCH.
    pub fn of_classic(change: ReviewChange) -> Self {
        Form {
            doctor: change.doctor.map(|doctor| Whom::Number(doctor.0)),
            body: change.body,
            stars: change.rating.map(|rating| rating.0.count()),
        }
    }

    /// Of v1's PATCH.
    pub fn of_v1(change: v1::ReviewChange) -> Self {
        Form {
            doctor: change.doctor.map(|doctor| Whom::Id(doctor.0)),
            body: change.body,
            stars: change.star,
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
    new: New,
    mut faults: Faults,
) -> Answer<ReviewRow> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut tx = clinic.db.begin().await?;
    // The doctor before the patient, as bookings lock them.
    let doctor = match new.doctor {
        Whom::Number(number) => number,
        Whom::Id(id) => {
            let found = doctors::by_uid(&mut tx, id).await?;
            found.map_or(0, |doctor| doctor.id)
        }
    };
    let account_of_doctor = table::hold_doctor(&mut tx, doctor).await?;
    let patient = patients::lock_account(&mut tx, account).await?;
    if account_of_doctor.is_none() {
        faults.add("doctor", new.doctor.no_such());
    }
    let body = faults.take("body", text::prose(&new.body, LONGEST));
    faults.refuse()?;
    let patient = patient.ok_or_else(|| {
        refused("Only patients write reviews; make your patient record first (POST /patients/).")
    })?;
    if account_of_doctor == Some(account) {
        return Err(refused("You cannot review yourself."));
    }
    let written = NewReview {
        patient: patient.id,
        doctor,
        stars: new.stars,
        body: body.as_deref().unwrap_or_default(),
        on: clinic.today(),
    };
    let id = table::insert(&mut tx, &written, clinic.clock.now())
        .await
        .map_err(once)?;
    let detail = json!({ "doctor": doctor });
    audit::change_of(&mut tx, clinic, who, "create_review", "review", id, detail).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// Changes what a review says, where any of the versions `expected` will do; its doctor can't change.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`] to everybody but its author, [`Refusal::Invalid`]
/// with every faulty field, [`Refusal::Stale`].
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Form,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<ReviewRow> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if !is_author(who, &was) {
        return Err(Refusal::forbidden());
    }
    if form.doctor.is_some_and(|doctor| !doctor.is_of(&was)) {
        let message =
            "The doctor of a review can't change; write that doctor a review of their own.";
        faults.add("doctor", message);
    }
    let body = match &form.body {
        Some(body) => faults.take("body", text::prose(body, LONGEST)),
        None => Some(was.body.clone()),
    };
    faults.refuse()?;
    Refusal::unless_current(clinic, expected, was.version, was.updated_at)?;
    let mut is = ReviewRow {
        body: body.unwrap_or_default(),
        stars: form.stars.unwrap_or(was.stars),
        ..was.clone()
    };
    if is != was {
        update(clinic, &mut tx, who, &was, &is).await?;
        is = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
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
