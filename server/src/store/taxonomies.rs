//! Designations and specialisations: two tables of one form.

use super::{Session, Tx};

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
}

/// All of them, by id.
///
/// # Errors
/// Anything the engine reports.
pub async fn all(session: &mut impl Session, of: Taxonomy) -> sqlx::Result<Vec<TermRow>> {
    let sql = match of {
        Taxonomy::Designations => "SELECT id, name, slug FROM designation ORDER BY id",
        Taxonomy::Specialisations => "SELECT id, name, slug FROM specialisation ORDER BY id",
    };
    session.sql(sql).all().await
}

/// Inserts one and answers it.
///
/// # Errors
/// A unique violation of `designation_slug_key` or `specialisation_slug_key`; anything else the
/// engine reports.
pub async fn insert(tx: &mut Tx, of: Taxonomy, name: &str, slug: &str) -> sqlx::Result<TermRow> {
    let sql = match of {
        Taxonomy::Designations => {
            "INSERT INTO designation (name, slug) VALUES ($1, $2) RETURNING id, name, slug"
        }
        Taxonomy::Specialisations => {
            "INSERT INTO specialisation (name, slug) VALUES ($1, $2) RETURNING id, name, slug"
        }
    };
    tx.sql(sql).bind(name).bind(slug).one().await
}
