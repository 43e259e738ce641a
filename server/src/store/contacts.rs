//! The contact requests' table: what people write to the clinic.

use chrono::{DateTime, Utc};

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
    /// `new`, `in_progress`, `resolved` or `spam`.
    pub status: String,
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
    /// Phone as typed; `""` if there is an e-mail only.
    pub phone: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What they write.
    pub message: String,
}

/// The columns of a [`ContactRow`].
macro_rules! columns {
    () => {
        "id, name, email, phone, subject, message, status, version, created_at, updated_at"
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

/// A page, newest first: `limit` rows older than `before`, after skipping `offset`; with a status,
/// of those that stand so.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(
    session: &mut impl Session,
    status: Option<&str>,
    before: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ContactRow>> {
    let statement = match status {
        None => session
            .sql(select!("WHERE id < $1 ORDER BY id DESC LIMIT $2 OFFSET $3"))
            .bind(before)
            .bind(limit)
            .bind(offset),
        Some(status) => session
            .sql(select!(
                "WHERE id < $1 AND status = $4 ORDER BY id DESC LIMIT $2 OFFSET $3"
            ))
            .bind(before)
            .bind(limit)
            .bind(offset)
            .bind(status),
    };
    statement.all().await
}

/// How many there are; with a status, that stand so.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session, status: Option<&str>) -> sqlx::Result<i64> {
    let statement = match status {
        None => session.sql("SELECT count(*) FROM contact"),
        Some(status) => session
            .sql("SELECT count(*) FROM contact WHERE status = $1")
            .bind(status),
    };
    let (count,): (i64,) = statement.one().await?;
    Ok(count)
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
        "INSERT INTO contact (name, email, phone, subject, message, status, version, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, 'new', 1, $6, $6) RETURNING ",
        columns!()
    ))
    .bind(new.name.as_str())
    .bind(new.email.as_deref())
    .bind(new.phone.as_str())
    .bind(new.subject.as_deref())
    .bind(new.message.as_str())
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
        "UPDATE contact SET name = $2, phone = $3, message = $4, version = version + 1,
             updated_at = $5
         WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id)
    .bind(new.name.as_str())
    .bind(new.phone.as_str())
    .bind(new.message.as_str())
    .bind(at)
    .one()
    .await
}

/// Deletes a contact request; false if there is none.
///
/// # Errors
/// Anything the engine reports.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    let gone = tx
        .sql("DELETE FROM contact WHERE id = $1")
        .bind(id)
        .run()
        .await?;
    Ok(gone == 1)
}
