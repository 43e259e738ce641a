//! The services' table: what the clinic offers, each with a public picture.

use chrono::{DateTime, Utc};

use super::{Session, Sql, Tx};

/// A service as every query answers one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ServiceRow {
    /// Its number.
    pub id: i64,
    /// Media key of the picture.
    pub image: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is stored of a service, beside id and times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Media key of the picture.
    pub image: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// All services by number.
///
/// # Errors
/// Anything the engine reports.
pub async fn all(session: &mut impl Session) -> sqlx::Result<Vec<ServiceRow>> {
    session
        .sql("SELECT id, image, name, description, created_at, updated_at FROM service ORDER BY id")
        .all()
        .await
}

/// How many there are.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session) -> sqlx::Result<i64> {
    let (count,): (i64,) = session.sql("SELECT count(*) FROM service").one().await?;
    Ok(count)
}

/// A page by number: `limit` rows beyond `after`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(
    session: &mut impl Session,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ServiceRow>> {
    session
        .sql(
            "SELECT id, image, name, description, created_at, updated_at FROM service
             WHERE id > $1 ORDER BY id LIMIT $2 OFFSET $3",
        )
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// The service of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<ServiceRow>> {
    session
        .sql("SELECT id, image, name, description, created_at, updated_at FROM service WHERE id = $1")
        .bind(id)
        .maybe()
        .await
}

/// As [`by_id`], and nobody else changes the service until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<ServiceRow>> {
    tx.sql(Sql {
        sqlite: "SELECT id, image, name, description, created_at, updated_at FROM service WHERE id = $1",
        postgres: "SELECT id, image, name, description, created_at, updated_at FROM service WHERE id = $1 FOR UPDATE",
    })
    .bind(id)
    .maybe()
    .await
}

/// Inserts a service and answers it.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, new: &Stored, at: DateTime<Utc>) -> sqlx::Result<ServiceRow> {
    tx.sql(
        "INSERT INTO service (image, name, description, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $4)
         RETURNING id, image, name, description, created_at, updated_at",
    )
    .bind(new.image.as_str())
    .bind(new.name.as_str())
    .bind(new.description.as_str())
    .bind(at)
    .one()
    .await
}

/// Changes a service and answers it; `RowNotFound` if there is none.
///
/// # Errors
/// Anything the engine reports.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<ServiceRow> {
    tx.sql(
        "UPDATE service SET image = $2, name = $3, description = $4, updated_at = $5 WHERE id = $1
         RETURNING id, image, name, description, created_at, updated_at",
    )
    .bind(id)
    .bind(new.image.as_str())
    .bind(new.name.as_str())
    .bind(new.description.as_str())
    .bind(at)
    .one()
    .await
}

/// Deletes a service and answers its picture's key, none if there is no such service.
///
/// # Errors
/// Anything the engine reports.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<Option<String>> {
    let gone: Option<(String,)> = tx
        .sql("DELETE FROM service WHERE id = $1 RETURNING image")
        .bind(id)
        .maybe()
        .await?;
    Ok(gone.map(|(image,)| image))
}
