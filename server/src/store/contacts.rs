//! The contact requests' table: what people write to the clinic.

use chrono::{DateTime, Utc};

use clinic_shared::desk::contacts::Status;

use super::appointments::Word;
use super::{Session, Sql, Tx};

/// A contact request as every query answers one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ContactRow {
    /// Its number.
    pub id: i64,
    /// Who wrote.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Phone as typed; `""` if it came by e-mail only.
    pub phone: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What they wrote.
    pub message: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// The account whose it is.
    pub assignee_id: Option<i64>,
    /// The patient it led to.
    pub patient_id: Option<i64>,
    /// The appointment it led to.
    pub appointment_id: Option<i64>,
    /// Stands in the subjects of its mails; none before the first.
    pub token: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a person writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Who writes.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Phone as typed; `""` if it came by e-mail only.
    pub phone: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What they write.
    pub message: String,
    /// Folded text of all that, to search in.
    pub search: String,
}

/// The columns of a [`ContactRow`].
macro_rules! columns {
    () => {
        "id, name, email, phone, subject, message, status, assignee_id, patient_id, appointment_id, \
         token, version, created_at, updated_at"
    };
}

/// `SELECT columns FROM contact …`
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM contact ", $rest)
    };
}

/// All contact requests, newest first.
///
/// # Errors
/// Anything the engine reports.
pub async fn all(session: &mut impl Session) -> sqlx::Result<Vec<ContactRow>> {
    session.sql(select!("ORDER BY id DESC")).all().await
}

/// The contact request of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<ContactRow>> {
    session.sql(select!("WHERE id = $1")).bind(id).maybe().await
}

/// As [`by_id`], and nobody else changes it until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<ContactRow>> {
    tx.sql(Sql {
        sqlite: select!("WHERE id = $1"),
        postgres: select!("WHERE id = $1 FOR UPDATE"),
    })
    .bind(id)
    .maybe()
    .await
}

/// Inserts a new contact request and answers it.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, new: &Stored, at: DateTime<Utc>) -> sqlx::Result<ContactRow> {
    tx.sql(concat!(
        "INSERT INTO contact (name, email, phone, subject, message, search, status, version,
             created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'new', 1, $7, $7) RETURNING ",
        columns!()
    ))
    .bind(new.name.as_str())
    .bind(new.email.as_deref())
    .bind(new.phone.as_str())
    .bind(new.subject.as_deref())
    .bind(new.message.as_str())
    .bind(new.search.as_str())
    .bind(at)
    .one()
    .await
}

/// Changes what a contact request says and answers it; `RowNotFound` if there is none.
///
/// # Errors
/// Anything the engine reports.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<ContactRow> {
    tx.sql(concat!(
        "UPDATE contact SET name = $2, phone = $3, message = $4, search = $5,
             version = version + 1, updated_at = $6
         WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id)
    .bind(new.name.as_str())
    .bind(new.phone.as_str())
    .bind(new.message.as_str())
    .bind(new.search.as_str())
    .bind(at)
    .one()
    .await
}

/// Deletes a contact request with everything that was said about it; false if there is none.
///
/// # Errors
/// Anything the engine reports.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    for text in [
        "DELETE FROM contact_step WHERE contact_id = $1",
        "DELETE FROM contact_mail WHERE contact_id = $1",
    ] {
        tx.sql(text).bind(id).run().await?;
    }
    let gone = tx
        .sql("DELETE FROM contact WHERE id = $1")
        .bind(id)
        .run()
        .await?;
    Ok(gone == 1)
}
