//! Lists of doctors: classic's by number, the desk's by name.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::lists::{ids, json_ids};
use super::{Session, Sql};

/// A doctor as a line of a list.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct LineRow {
    /// The classic id.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// The account's display name.
    pub full_name: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// When an admin verified it.
    pub verified_at: Option<DateTime<Utc>>,
}

/// Which doctors classic lists: any of the ids of each filter, all filters at once; an empty filter
/// is none.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Unverified ones too.
    pub unverified: bool,
    /// And this account's own, verified or not.
    pub own: Option<i64>,
    /// Specialisations.
    pub specialisations: Vec<i64>,
    /// Designations.
    pub designations: Vec<i64>,
    /// Windows of time.
    pub available_times: Vec<i64>,
    /// Fees, in whole units.
    pub fees: Vec<i64>,
}

/// Which doctors the desk lists.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Folded words, each the beginning of one of the name's.
    pub words: Vec<String>,
    /// Only verified ones, or only others.
    pub verified: Option<bool>,
}

macro_rules! columns {
    () => {
        "SELECT d.id, d.uid, d.full_name, d.photo, d.fee_cents, d.meet_link, d.verified_at"
    };
}

/// What a [`Filter`] says, bound as `$1` to `$6`.
macro_rules! filtered {
    ($engine:ident) => {
        concat!(
            " FROM doctor d WHERE d.retired_at IS NULL \
             AND ($1 OR d.verified_at IS NOT NULL OR d.account_id = $2) \
             AND ($3 = '[]' OR d.id IN (SELECT doctor_id FROM doctor_specialisation \
                 WHERE specialisation_id IN ",
            ids!($engine, "$3"),
            ")) AND ($4 = '[]' OR d.id IN (SELECT doctor_id FROM doctor_designation \
                 WHERE designation_id IN ",
            ids!($engine, "$4"),
            ")) AND ($5 = '[]' OR d.id IN (SELECT l.doctor_id FROM doctor_available_time l \
                 JOIN available_time w ON w.id = l.available_time_id \
                 WHERE w.retired_at IS NULL AND w.id IN ",
            ids!($engine, "$5"),
            ")) AND ($6 = '[]' OR d.fee_cents / 100 IN ",
            ids!($engine, "$6"),
            ")"
        )
    };
}

/// No specialisation of the doctor `d` has a word that begins with the typed `w`. A slug is its name's
/// words, folded.
macro_rules! no_specialisation {
    () => {
        "NOT EXISTS (SELECT 1 FROM doctor_specialisation l \
             JOIN specialisation s ON s.id = l.specialisation_id \
             WHERE l.doctor_id = d.id AND '-' || s.slug LIKE '%-' || w.value || '%')"
    };
}

/// What a [`Search`] says, bound as `$1` (words) and `$2`.
macro_rules! searched {
    (sqlite) => {
        concat!(
            " FROM doctor d WHERE d.retired_at IS NULL \
             AND ($2 IS NULL OR (d.verified_at IS NOT NULL) = $2) \
             AND NOT EXISTS (SELECT 1 FROM json_each($1) w \
                 WHERE d.name_key NOT LIKE '% ' || w.value || '%' AND ",
            no_specialisation!(),
            ")"
        )
    };
    (postgres) => {
        concat!(
            " FROM doctor d WHERE d.retired_at IS NULL \
             AND (CAST($2 AS boolean) IS NULL OR (d.verified_at IS NOT NULL) = $2) \
             AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(CAST($1 AS jsonb)) w \
                 WHERE d.name_key NOT LIKE '% ' || w.value || '%' AND ",
            no_specialisation!(),
            ")"
        )
    };
}

/// A page by name, bound as `$3` (the doctor before it), `$4` and `$5`.
macro_rules! page {
    () => {
        " AND (CAST($3 AS bigint) IS NULL \
             OR (d.name_key, d.id) > (SELECT name_key, id FROM doctor WHERE id = $3)) \
         ORDER BY d.name_key, d.id LIMIT $4 OFFSET $5"
    };
}

/// How many doctors a filter leaves.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session, filter: &Filter) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(Sql {
            sqlite: concat!("SELECT count(*)", filtered!(sqlite)),
            postgres: concat!("SELECT count(*)", filtered!(postgres)),
        })
        .bind(filter.unverified)
        .bind(filter.own)
        .bind(json_ids(&filter.specialisations))
        .bind(json_ids(&filter.designations))
        .bind(json_ids(&filter.available_times))
        .bind(json_ids(&filter.fees))
        .one()
        .await?;
    Ok(count)
}

/// The doctors that a filter leaves, by number: `limit` of them after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_number(
    session: &mut impl Session,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                columns!(),
                filtered!(sqlite),
                " ORDER BY d.id LIMIT $7 OFFSET $8"
            ),
            postgres: concat!(
                columns!(),
                filtered!(postgres),
                " ORDER BY d.id LIMIT $7 OFFSET $8"
            ),
        })
        .bind(filter.unverified)
        .bind(filter.own)
        .bind(json_ids(&filter.specialisations))
        .bind(json_ids(&filter.designations))
        .bind(json_ids(&filter.available_times))
        .bind(json_ids(&filter.fees))
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// How many doctors the desk's search finds.
///
/// # Errors
/// Anything the engine reports.
pub async fn count_found(session: &mut impl Session, search: &Search) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(Sql {
            sqlite: concat!("SELECT count(*)", searched!(sqlite)),
            postgres: concat!("SELECT count(*)", searched!(postgres)),
        })
        .bind(json_words(search))
        .bind(search.verified)
        .one()
        .await?;
    Ok(count)
}

/// The doctors that the desk's search finds, by name: those after the doctor `after`, `limit` of
/// them, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_name(
    session: &mut impl Session,
    search: &Search,
    after: Option<i64>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    session
        .sql(Sql {
            sqlite: concat!(columns!(), searched!(sqlite), page!()),
            postgres: concat!(columns!(), searched!(postgres), page!()),
        })
        .bind(json_words(search))
        .bind(search.verified)
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

fn json_words(search: &Search) -> String {
    serde_json::Value::from(search.words.as_slice()).to_string()
}
