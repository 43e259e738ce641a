//! The reviews' table. Hidden reviews (their doctor or author left) are in no answer; the counter
//! `reviews` counts the others. Lists are in [`super::review_lists`].

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Session, Sql, Tx};

/// A review as every query answers one, with the names of both.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReviewRow {
    /// Its number.
    pub id: i64,
    /// The doctor it is about.
    pub doctor_id: i64,
    /// The account of who wrote it.
    pub author_id: Option<i64>,
    /// The name of who wrote it.
    pub reviewer: String,
    /// The doctor's name.
    pub doctor_name: String,
    /// What they wrote.
    pub body: String,
    /// 1 to 5.
    pub stars: i64,
    /// The clinic's date of the day it was written.
    pub created_on: NaiveDate,
    /// The doctor's id on v1.
    pub doctor_uid: Uuid,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A new review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview<'a> {
    /// Who writes it.
    pub patient: i64,
    /// Whom it is about.
    pub doctor: i64,
    /// 1 to 5.
    pub stars: i64,
    /// What they write.
    pub body: &'a str,
    /// The clinic's date.
    pub on: NaiveDate,
}

/// The columns of a [`ReviewRow`], from `review r`, `patient p` and `doctor d`.
macro_rules! columns {
    () => {
        "r.id, r.doctor_id, p.account_id AS author_id, p.full_name AS reviewer, \
         d.full_name AS doctor_name, r.body, r.stars, r.created_on, d.uid AS doctor_uid, \
         r.version, r.created_at, r.updated_at"
    };
}

/// `SELECT columns FROM review …`, of a number.
macro_rules! select_one {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM review r JOIN patient p ON p.id = r.patient_id JOIN doctor d ON d.id = r.doctor_id
             WHERE r.id = $1 AND r.hidden_at IS NULL",
            $rest
        )
    };
}

/// The review of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<ReviewRow>> {
    session.sql(select_one!("")).bind(id).maybe().await
}

/// As [`by_id`], and nobody else changes the review until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<ReviewRow>> {
    tx.sql(Sql {
        sqlite: select_one!(""),
        postgres: select_one!(" FOR UPDATE OF r"),
    })
    .bind(id)
    .maybe()
    .await
}

/// The account of a doctor whom patients see, none if there is no such doctor; the doctor does not
/// leave until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn hold_doctor(tx: &mut Tx, doctor: i64) -> sqlx::Result<Option<i64>> {
    let held: Option<(i64,)> = tx
        .sql(Sql {
            sqlite: "SELECT account_id FROM doctor
                     WHERE id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL",
            postgres: "SELECT account_id FROM doctor
                       WHERE id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL
                       FOR SHARE",
        })
        .bind(doctor)
        .maybe()
        .await?;
    Ok(held.map(|(account,)| account))
}

/// Inserts a review, counts it, and answers its number.
///
/// # Errors
/// A unique violation of `review_patient_id_doctor_id_key`; anything else the engine reports.
pub async fn insert(tx: &mut Tx, new: &NewReview<'_>, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO review (patient_id, doctor_id, stars, body, created_on, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6)
             RETURNING id",
        )
        .bind(new.patient)
        .bind(new.doctor)
        .bind(new.stars)
        .bind(new.body)
        .bind(new.on)
        .bind(at)
        .one()
        .await?;
    count_by(tx, 1).await?;
    Ok(id)
}

/// Changes what a review says.
///
/// # Errors
/// Anything the engine reports.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    stars: i64,
    body: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql("UPDATE review SET stars = $2, body = $3, updated_at = $4, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(stars)
        .bind(body)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// Deletes a review that is not hidden, and counts it off.
///
/// # Errors
/// Anything the engine reports.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    let gone = tx
        .sql("DELETE FROM review WHERE id = $1 AND hidden_at IS NULL")
        .bind(id)
        .run()
        .await?;
    count_off(tx, gone).await
}

/// Hides what a patient who leaves has written.
///
/// # Errors
/// Anything the engine reports.
pub async fn hide_of_patient(tx: &mut Tx, patient: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    let hidden = tx
        .sql("UPDATE review SET hidden_at = $2 WHERE patient_id = $1 AND hidden_at IS NULL")
        .bind(patient)
        .bind(at)
        .run()
        .await?;
    count_off(tx, hidden).await
}

/// Hides what was written about a doctor who leaves.
///
/// # Errors
/// Anything the engine reports.
pub async fn hide_of_doctor(tx: &mut Tx, doctor: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    let hidden = tx
        .sql("UPDATE review SET hidden_at = $2 WHERE doctor_id = $1 AND hidden_at IS NULL")
        .bind(doctor)
        .bind(at)
        .run()
        .await?;
    count_off(tx, hidden).await
}

/// How many are not hidden.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql("SELECT value FROM counter WHERE name = 'reviews'")
        .one()
        .await?;
    Ok(count)
}

async fn count_off(tx: &mut Tx, gone: u64) -> sqlx::Result<()> {
    match i64::try_from(gone) {
        Ok(gone @ 1..) => count_by(tx, -gone).await,
        _ => Ok(()),
    }
}

/// Adds to the number of reviews that are not hidden.
pub(super) async fn count_by(tx: &mut Tx, more: i64) -> sqlx::Result<()> {
    tx.sql("UPDATE counter SET value = value + $1 WHERE name = 'reviews'")
        .bind(more)
        .run()
        .await?;
    Ok(())
}
