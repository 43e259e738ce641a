//! Designations and specialisations: two tables of one form.

use chrono::{DateTime, Utc};

use super::{Session, Sql, Tx};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taxonomy {
    /// What rank a doctor has.
    Designations,
    /// What a doctor is for.
    Specialisations,
}

/// A designation or specialisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TermRow {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its name in links.
    pub slug: String,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The texts of a taxonomy kept in `$table` and linked by `$links` through `$column`.
macro_rules! texts {
    ($table:literal, $links:literal, $column:literal) => {
        Texts {
            all: concat!(
                "SELECT id, name, slug, version, created_at, updated_at FROM ",
                $table,
                " ORDER BY id"
            ),
            count: concat!("SELECT count(*) FROM ", $table),
            page: concat!(
                "SELECT id, name, slug, version, created_at, updated_at FROM ",
                $table,
                " WHERE id > $1 ORDER BY id LIMIT $2 OFFSET $3"
            ),
            by_id: concat!(
                "SELECT id, name, slug, version, created_at, updated_at FROM ",
                $table,
                " WHERE id = $1"
            ),
            lock: Sql {
                sqlite: concat!(
                    "SELECT id, name, slug, version, created_at, updated_at FROM ",
                    $table,
                    " WHERE id = $1"
                ),
                postgres: concat!(
                    "SELECT id, name, slug, version, created_at, updated_at FROM ",
                    $table,
                    " WHERE id = $1 FOR UPDATE"
                ),
            },
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (name, slug, version, created_at, updated_at) VALUES ($1, $2, 1, $3, $3)
                 RETURNING id, name, slug, version, created_at, updated_at"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET name = $2, slug = $3, version = version + 1, updated_at = $4 WHERE id = $1
                 RETURNING id, name, slug, version, created_at, updated_at"
            ),
            unlink: concat!("DELETE FROM ", $links, " WHERE ", $column, " = $1"),
            delete: concat!("DELETE FROM ", $table, " WHERE id = $1"),
        }
    };
}

struct Texts {
    all: &'static str,
    count: &'static str,
    page: &'static str,
    by_id: &'static str,
    lock: Sql,
    insert: &'static str,
    update: &'static str,
    unlink: &'static str,
    delete: &'static str,
}

impl Taxonomy {
    const fn texts(self) -> Texts {
        match self {
            Taxonomy::Designations => {
                texts!("designation", "doctor_designation", "designation_id")
            }
            Taxonomy::Specialisations => {
                texts!(
                    "specialisation",
                    "doctor_specialisation",
                    "specialisation_id"
                )
            }
        }
    }
}

/// All of them, by id.
///
/// # Errors
/// Anything the engine reports.
pub async fn all(session: &mut impl Session, of: Taxonomy) -> sqlx::Result<Vec<TermRow>> {
    session.sql(of.texts().all).all().await
}

/// How many there are.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session, of: Taxonomy) -> sqlx::Result<i64> {
    let (count,): (i64,) = session.sql(of.texts().count).one().await?;
    Ok(count)
}

/// A page by id: `limit` rows beyond `after`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(
    session: &mut impl Session,
    of: Taxonomy,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<TermRow>> {
    let statement = session.sql(of.texts().page).bind(after);
    statement.bind(limit).bind(offset).all().await
}

/// The one of an id.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(
    session: &mut impl Session,
    of: Taxonomy,
    id: i64,
) -> sqlx::Result<Option<TermRow>> {
    session.sql(of.texts().by_id).bind(id).maybe().await
}

/// As [`by_id`], and nobody else changes or links it until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, of: Taxonomy, id: i64) -> sqlx::Result<Option<TermRow>> {
    tx.sql(of.texts().lock).bind(id).maybe().await
}

/// Inserts one and answers it.
///
/// # Errors
/// A unique violation of `designation_slug_key` or `specialisation_slug_key`; anything else the
/// engine reports.
pub async fn insert(
    tx: &mut Tx,
    of: Taxonomy,
    name: &str,
    slug: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<TermRow> {
    let statement = tx.sql(of.texts().insert).bind(name).bind(slug);
    statement.bind(at).one().await
}

/// Changes one that this transaction has locked, and answers it.
///
/// # Errors
/// As [`insert`].
pub async fn update(
    tx: &mut Tx,
    of: Taxonomy,
    id: i64,
    (name, slug): (&str, &str),
    at: DateTime<Utc>,
) -> sqlx::Result<TermRow> {
    let statement = tx.sql(of.texts().update).bind(id).bind(name).bind(slug);
    statement.bind(at).one().await
}

/// Deletes one that this transaction has locked; its doctors are linked to it no more. Answers how
/// many they were.
///
/// # Errors
/// Anything the engine reports.
pub async fn delete(tx: &mut Tx, of: Taxonomy, id: i64) -> sqlx::Result<u64> {
    let texts = of.texts();
    let unlinked = tx.sql(texts.unlink).bind(id).run().await?;
    tx.sql(texts.delete).bind(id).run().await?;
    Ok(unlinked)
}
