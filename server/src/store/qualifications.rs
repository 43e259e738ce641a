//! Proofs of what doctors have learnt.

use chrono::{DateTime, Utc};
use clinic_shared::v1::qualifications::Decision;
use uuid::Uuid;

use super::decisions::{Decided, Span, word};
use super::{Session, Tx};

/// A qualification as every query answers one, with its doctor.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct QualificationRow {
    /// Its number.
    pub id: i64,
    /// The doctor's number.
    pub doctor_id: i64,
    /// The doctor's id on v1.
    pub doctor_uid: Uuid,
    /// The doctor's name.
    pub doctor_name: String,
    /// What it is called.
    pub title: String,
    /// Where it was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// In which year.
    pub year: Option<i64>,
    /// How well.
    pub grade: Option<String>,
    /// Under which number it is registered.
    pub registration_id: Option<String>,
    /// Media key of the certificate's picture.
    pub certificate: Option<String>,
    /// What became of it.
    #[sqlx(flatten)]
    pub decided: Decided,
}

/// What a doctor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQualification {
    /// The doctor.
    pub doctor: i64,
    /// What it is called.
    pub title: String,
    /// Where it was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// In which year.
    pub year: Option<i64>,
    /// How well.
    pub grade: Option<String>,
    /// Under which number it is registered.
    pub registration_id: Option<String>,
    /// Media key of the certificate's picture.
    pub certificate: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name, q.title, \
             q.institution, q.degree, q.year, q.grade, q.registration_id, q.certificate, q.status, \
             q.reason, q.decided_at, q.version, q.created_at, q.updated_at \
             FROM qualification q JOIN doctor d ON d.id = q.doctor_id ",
            $rest
        )
    };
}

/// Inserts a qualification that nobody has decided, and answers its number.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, new: &NewQualification, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO qualification (doctor_id, title, institution, degree, year, grade,
                 registration_id, certificate, status, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 1, $9, $9) RETURNING id",
        )
        .bind(new.doctor)
        .bind(new.title.as_str())
        .bind(new.institution.as_str())
        .bind(new.degree.as_str())
        .bind(new.year)
        .bind(new.grade.as_deref())
        .bind(new.registration_id.as_deref())
        .bind(new.certificate.as_deref())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// The qualification of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<QualificationRow>> {
    let statement = session.sql(select!("WHERE q.id = $1"));
    statement.bind(id).maybe().await
}

/// A doctor's, by number; with a status, those that stand so.
///
/// # Errors
/// Anything the engine reports.
pub async fn of_doctor(
    session: &mut impl Session,
    doctor: i64,
    status: Option<Decision>,
) -> sqlx::Result<Vec<QualificationRow>> {
    session
        .sql(select!(
            "WHERE q.doctor_id = $1 AND ($2 = '' OR q.status = $2) ORDER BY q.id"
        ))
        .bind(doctor)
        .bind(word(status))
        .all()
        .await
}

/// A page, newest first.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(session: &mut impl Session, span: Span) -> sqlx::Result<Vec<QualificationRow>> {
    session
        .sql(select!(
            "WHERE q.id < $1 AND ($2 = '' OR q.status = $2) ORDER BY q.id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(span.before)
        .bind(word(span.status))
        .bind(span.limit)
        .bind(span.offset)
        .all()
        .await
}
