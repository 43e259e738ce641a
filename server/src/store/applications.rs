//! Who wants to be a doctor.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::decisions::{Decided, Span, word};
use super::{Session, Tx};

/// An application as every query answers one, with its applicant.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ApplicationRow {
    /// Its number.
    pub id: i64,
    /// The applicant's account.
    pub account_id: i64,
    /// The account's id on v1.
    pub account_uid: Uuid,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Sign-in name.
    pub username: String,
    /// E-mail.
    pub email: String,
    /// Under which number they say to be registered as a doctor.
    pub registration_number: String,
    /// Where the degree was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// The certificate's own number.
    pub certificate_registration_number: String,
    /// In which year.
    pub year: i64,
    /// Media key of the certificate's picture.
    pub certificate: String,
    /// What became of it.
    #[sqlx(flatten)]
    pub decided: Decided,
}

/// What an applicant says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// The applicant's account.
    pub account: i64,
    /// Under which number they say to be registered as a doctor.
    pub registration_number: String,
    /// Where the degree was earned.
    pub institution: String,
    /// Which degree it is.
    pub degree: String,
    /// The certificate's own number.
    pub certificate_registration_number: String,
    /// In which year.
    pub year: i64,
    /// Media key of the certificate's picture.
    pub certificate: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.account_id, a.uid AS account_uid, a.first_name, a.last_name, \
             a.username, a.email, p.registration_number, p.institution, p.degree, \
             p.certificate_registration_number, p.year, p.certificate, p.status, p.reason, \
             p.decided_at, p.version, p.created_at, p.updated_at \
             FROM doctor_application p JOIN account a ON a.id = p.account_id ",
            $rest
        )
    };
}

/// Inserts an application and answers its number.
///
/// # Errors
/// A unique violation of `doctor_application_account_id_key` while another one is pending; anything
/// else the engine reports.
pub async fn insert(tx: &mut Tx, new: &NewApplication, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO doctor_application (account_id, registration_number, institution, degree,
                 certificate_registration_number, year, certificate, status, version, created_at,
                 updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 1, $8, $8) RETURNING id",
        )
        .bind(new.account)
        .bind(new.registration_number.as_str())
        .bind(new.institution.as_str())
        .bind(new.degree.as_str())
        .bind(new.certificate_registration_number.as_str())
        .bind(new.year)
        .bind(new.certificate.as_str())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// The application of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<ApplicationRow>> {
    let statement = session.sql(select!("WHERE p.id = $1"));
    statement.bind(id).maybe().await
}

/// Those of an account, newest first.
///
/// # Errors
/// Anything the engine reports.
pub async fn of_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Vec<ApplicationRow>> {
    let statement = session.sql(select!("WHERE p.account_id = $1 ORDER BY p.id DESC"));
    statement.bind(account).all().await
}

/// A page, newest first.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(session: &mut impl Session, span: Span) -> sqlx::Result<Vec<ApplicationRow>> {
    session
        .sql(select!(
            "WHERE p.id < $1 AND ($2 = '' OR p.status = $2) ORDER BY p.id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(span.before)
        .bind(word(span.status))
        .bind(span.limit)
        .bind(span.offset)
        .all()
        .await
}
