//! Putting many reviews and contact requests at once, for invented data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::types::Json;

use super::patient_bulk::as_stored;
use super::{Session, Sql, Tx};

/// A review in the words of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Who wrote it.
    pub patient_id: i64,
    /// Whom it is about.
    pub doctor_id: i64,
    /// 1 to 5.
    pub stars: i64,
    /// What they wrote.
    pub body: &'static str,
    /// The clinic's date.
    pub created_on: NaiveDate,
    /// When it was written.
    #[serde(serialize_with = "as_stored")]
    pub at: DateTime<Utc>,
}

/// Inserts reviews in this order, and counts them.
///
/// # Errors
/// A unique violation of `review_patient_id_doctor_id_key`; anything else the engine reports.
pub async fn reviews(tx: &mut Tx, reviews: &[Review]) -> sqlx::Result<()> {
    let put = tx.sql(Sql {
        sqlite: "INSERT INTO review (patient_id, doctor_id, stars, body, created_on, created_at,
                     updated_at)
                 SELECT value ->> 'patient_id', value ->> 'doctor_id', value ->> 'stars',
                     value ->> 'body', value ->> 'created_on', value ->> 'at', value ->> 'at'
                 FROM json_each($1) ORDER BY key",
        postgres: "INSERT INTO review (patient_id, doctor_id, stars, body, created_on, created_at,
                       updated_at)
                   SELECT patient_id, doctor_id, stars, body, created_on, at, at
                   FROM ROWS FROM (jsonb_to_recordset($1) AS (patient_id bigint, doctor_id bigint,
                       stars bigint, body text, created_on date, at timestamptz))
                       WITH ORDINALITY AS r (patient_id, doctor_id, stars, body, created_on, at,
                           place)
                   ORDER BY place",
    });
    let put = put.bind(Json(reviews)).run().await?;
    super::reviews::count_by(tx, i64::try_from(put).unwrap_or(0)).await
}

/// A contact request in the words of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Who wrote.
    pub name: &'static str,
    /// E-mail.
    pub email: Option<&'static str>,
    /// Phone as typed; `""` if it came by e-mail only.
    pub phone: &'static str,
    /// What it is about.
    pub subject: Option<&'static str>,
    /// What they wrote.
    pub message: &'static str,
    /// Folded text of all that, to search in.
    pub search: String,
    /// `new`, `in_progress`, `resolved` or `spam`.
    pub status: &'static str,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it came.
    #[serde(serialize_with = "as_stored")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "as_stored")]
    pub updated_at: DateTime<Utc>,
}

/// Inserts contact requests in this order.
///
/// # Errors
/// Anything the engine reports.
pub async fn contacts(tx: &mut Tx, contacts: &[Contact]) -> sqlx::Result<()> {
    let put = tx.sql(Sql {
        sqlite: "INSERT INTO contact (name, email, phone, subject, message, search, status, version,
                     created_at, updated_at)
                 SELECT value ->> 'name', value ->> 'email', value ->> 'phone',
                     value ->> 'subject', value ->> 'message', value ->> 'search', value ->> 'status',
                     value ->> 'version', value ->> 'created_at', value ->> 'updated_at'
                 FROM json_each($1) ORDER BY key",
        postgres: "INSERT INTO contact (name, email, phone, subject, message, search, status, version,
                       created_at, updated_at)
                   SELECT name, email, phone, subject, message, search, status, version, created_at,
                       updated_at
                   FROM ROWS FROM (jsonb_to_recordset($1) AS (name text, email text, phone text,
                       subject text, message text, search text, status text, version bigint,
                       created_at timestamptz, updated_at timestamptz))
                       WITH ORDINALITY AS c (name, email, phone, subject, message, search, status, version,
                           created_at, updated_at, place)
                   ORDER BY place",
    });
    put.bind(Json(contacts)).run().await?;
    Ok(())
}
