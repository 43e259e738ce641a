//! Doctors as everybody finds them: the verified ones, by name, and what reviews say of them.

use uuid::Uuid;

use super::lists::{ids, json_ids};
use super::{Session, Sql};

/// A doctor as everybody sees one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicRow {
    /// The number.
    pub id: i64,
    /// The id of v1.
    pub uid: Uuid,
    /// The account's display name.
    pub full_name: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them.
    pub personal_status: Option<String>,
}

/// What reviews say of a doctor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct RatingRow {
    /// The doctor.
    pub doctor_id: i64,
    /// All stars together.
    pub stars: i64,
    /// How many reviews.
    pub reviews: i64,
}

/// Which of them: any of the ids of each filter, all filters at once; an empty filter is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicFilter {
    /// Folded words, each the beginning of one of the name's or of a specialisation's.
    pub words: Vec<String>,
    /// Specialisations.
    pub specialisations: Vec<i64>,
    /// Designations.
    pub designations: Vec<i64>,
    /// Windows of time.
    pub available_times: Vec<i64>,
    /// No dearer than this.
    pub most_cents: Option<i64>,
}

macro_rules! columns {
    () => {
        "SELECT d.id, d.uid, d.full_name, d.photo, d.fee_cents, d.year_of_experience, \
         d.personal_status"
    };
}

macro_rules! words {
    (sqlite) => {
        "json_each($1) w"
    };
    (postgres) => {
        "jsonb_array_elements_text(CAST($1 AS jsonb)) w"
    };
}

/// What a [`PublicFilter`] says, bound as `$1` to `$5`.
macro_rules! filtered {
    ($engine:ident) => {
        concat!(
            " FROM doctor d WHERE d.retired_at IS NULL AND d.verified_at IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM ",
            words!($engine),
            " WHERE d.name_key NOT LIKE '% ' || w.value || '%' \
                 AND NOT EXISTS (SELECT 1 FROM doctor_specialisation l \
                     JOIN specialisation s ON s.id = l.specialisation_id \
                     WHERE l.doctor_id = d.id AND '-' || s.slug LIKE '%-' || w.value || '%')) \
             AND ($2 = '[]' OR d.id IN (SELECT doctor_id FROM doctor_specialisation \
                 WHERE specialisation_id IN ",
            ids!($engine, "$2"),
            ")) AND ($3 = '[]' OR d.id IN (SELECT doctor_id FROM doctor_designation \
                 WHERE designation_id IN ",
            ids!($engine, "$3"),
            ")) AND ($4 = '[]' OR d.id IN (SELECT l.doctor_id FROM doctor_available_time l \
                 JOIN available_time t ON t.id = l.available_time_id \
                 WHERE t.retired_at IS NULL AND t.id IN ",
            ids!($engine, "$4"),
            ")) AND (CAST($5 AS bigint) IS NULL OR d.fee_cents <= $5)"
        )
    };
}

/// A page by name, bound as `$6` (the doctor before it), `$7` and `$8`.
macro_rules! page {
    () => {
        " AND (CAST($6 AS bigint) IS NULL \
             OR (d.name_key, d.id) > (SELECT name_key, id FROM doctor WHERE id = $6)) \
         ORDER BY d.name_key, d.id LIMIT $7 OFFSET $8"
    };
}

fn json(words: &[String]) -> String {
    serde_json::Value::from(words).to_string()
}

/// How many doctors a filter leaves.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session, filter: &PublicFilter) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(Sql {
            sqlite: concat!("SELECT count(*)", filtered!(sqlite)),
            postgres: concat!("SELECT count(*)", filtered!(postgres)),
        })
        .bind(json(&filter.words))
        .bind(json_ids(&filter.specialisations))
        .bind(json_ids(&filter.designations))
        .bind(json_ids(&filter.available_times))
        .bind(filter.most_cents)
        .one()
        .await?;
    Ok(count)
}

/// The doctors that a filter leaves, by name: those after the doctor `after`, `limit` of them, after
/// skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(
    session: &mut impl Session,
    filter: &PublicFilter,
    after: Option<i64>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<PublicRow>> {
    session
        .sql(Sql {
            sqlite: concat!(columns!(), filtered!(sqlite), page!()),
            postgres: concat!(columns!(), filtered!(postgres), page!()),
        })
        .bind(json(&filter.words))
        .bind(json_ids(&filter.specialisations))
        .bind(json_ids(&filter.designations))
        .bind(json_ids(&filter.available_times))
        .bind(filter.most_cents)
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// What reviews say of these doctors; those without one are left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn ratings(session: &mut impl Session, doctors: &[i64]) -> sqlx::Result<Vec<RatingRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT doctor_id, sum(stars) AS stars, count(*) AS reviews FROM review \
                 WHERE hidden_at IS NULL AND doctor_id IN ",
                ids!(sqlite, "$1"),
                " GROUP BY doctor_id"
            ),
            postgres: concat!(
                "SELECT doctor_id, CAST(sum(stars) AS bigint) AS stars, count(*) AS reviews \
                 FROM review WHERE hidden_at IS NULL AND doctor_id IN ",
                ids!(postgres, "$1"),
                " GROUP BY doctor_id"
            ),
        })
        .bind(json_ids(doctors))
        .all()
        .await
}
