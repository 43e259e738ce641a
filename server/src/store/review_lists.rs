//! Lists of reviews by number. Of a million reviews a page must not read all, so each kind of
//! filter has its own way in: along the patients named, the doctors named, the stars, or the word
//! that was typed; what else was asked for is tested on the reviews found that way.
//!
//! Texts take their lists as JSON arrays, so that one statement serves any number of values; an
//! empty one asks for nothing.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::patient_search::Range;
use super::reviews::ReviewRow;
use super::{Session, Sql, Stmt};

/// At most this many reviews are found by a word that very many names have.
pub const MOST: i64 = 1000;

/// A review as a line of a list: no more than is shown.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LineRow {
    /// Its number.
    pub id: i64,
    /// The name of who wrote it.
    pub reviewer: String,
    /// The doctor's name.
    pub doctor_name: String,
    /// What they wrote.
    pub body: String,
    /// 1 to 5.
    pub stars: i64,
    /// The clinic's date of the day it was written.
    pub created_on: NaiveDate,
    /// The doctor's id on v1.
    pub doctor_uid: Uuid,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<ReviewRow> for LineRow {
    fn from(row: ReviewRow) -> Self {
        LineRow {
            id: row.id,
            reviewer: row.reviewer,
            doctor_name: row.doctor_name,
            body: row.body,
            stars: row.stars,
            created_on: row.created_on,
            doctor_uid: row.doctor_uid,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The columns of a [`LineRow`], from `review r`, `patient p` and `doctor d`.
macro_rules! columns {
    () => {
        "r.id, p.full_name AS reviewer, d.full_name AS doctor_name, r.body, r.stars, r.created_on, \
         d.uid AS doctor_uid, r.created_at, r.updated_at"
    };
}

/// A review in a list of found ones.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Hit {
    /// The review.
    #[sqlx(flatten)]
    pub review: LineRow,
    /// How many were found on all pages.
    pub total: i64,
}

/// Which reviews.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// About any of these doctors.
    pub doctors: Vec<i64>,
    /// By any of these patients.
    pub patients: Vec<i64>,
    /// With any of these numbers of stars.
    pub stars: Vec<i64>,
    /// LIKE patterns over the keys of names: each fits the doctor's or the author's.
    pub patterns: Vec<String>,
}

/// Where to begin reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// What the filter names by number: patients, else doctors, else stars.
    Numbers,
    /// Names with a word in the range (a patient's), or that fit the pattern (a doctor's). The
    /// filter's own patterns need not name that word again.
    Word(Range, String),
    /// All in their order, until [`MOST`] are found: for words that very many reviews have.
    InOrder,
}

/// A page of all reviews: `limit` rows beyond the number `after`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn everything(
    session: &mut impl Session,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    let text = match offset {
        // SQLite takes a CROSS JOIN as an order to begin with the reviews.
        0 => concat!(
            "SELECT ",
            columns!(),
            " FROM review r CROSS JOIN patient p CROSS JOIN doctor d
             WHERE p.id = r.patient_id AND d.id = r.doctor_id AND r.hidden_at IS NULL AND r.id > $3
             ORDER BY r.id LIMIT $1 OFFSET $2"
        ),
        // What is skipped is counted off along an index, without the texts.
        _ => concat!(
            "SELECT ",
            columns!(),
            " FROM (SELECT id FROM review WHERE hidden_at IS NULL AND id > $3
                    ORDER BY id LIMIT $1 OFFSET $2) page
             JOIN review r ON r.id = page.id
             JOIN patient p ON p.id = r.patient_id JOIN doctor d ON d.id = r.doctor_id
             ORDER BY r.id"
        ),
    };
    let statement = session.sql(text).bind(limit).bind(offset);
    statement.bind(after).all().await
}

/// A page of the numbers found by `$found`, with the total and both names. `$1` and `$2` are limit
/// and offset, `$3` the number before the page.
macro_rules! page_of {
    ($found:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            ", page.total FROM
                 (SELECT counted.id, counted.total FROM
                     (SELECT found.id, count(*) OVER () AS total FROM (",
            $found,
            ") found) counted
                  WHERE counted.id > $3 ORDER BY counted.id LIMIT $1 OFFSET $2) page
             JOIN review r ON r.id = page.id
             JOIN patient p ON p.id = r.patient_id JOIN doctor d ON d.id = r.doctor_id
             ORDER BY r.id"
        )
    };
}

/// One text for each engine: they unfold JSON arrays by different names. PostgreSQL walks an index
/// along an array, where of a subselect it expects so much that it reads all reviews.
macro_rules! both {
    ($text:ident) => {
        Sql {
            sqlite: $text!(" IN (SELECT value FROM json_each(", "))"),
            postgres: $text!(
                " = ANY (ARRAY(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(",
                ")))"
            ),
        }
    };
    ($text:ident, patterns) => {
        Sql {
            sqlite: $text!(
                " IN (SELECT value FROM json_each(",
                "))",
                "SELECT 1 FROM json_each($7) AS typed WHERE"
            ),
            postgres: $text!(
                " = ANY (ARRAY(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(",
                ")))",
                "SELECT 1 FROM jsonb_array_elements_text($7) AS typed (value) WHERE"
            ),
        }
    };
}

/// The filters by number: `$4` doctors, `$5` patients, `$6` stars.
macro_rules! numbers {
    ($open:literal, $close:literal) => {
        concat!(
            " r.hidden_at IS NULL
              AND ($4 = '[]' OR r.doctor_id",
            $open,
            "$4",
            $close,
            ") AND ($5 = '[]' OR r.patient_id",
            $open,
            "$5",
            $close,
            ") AND ($6 = '[]' OR r.stars",
            $open,
            "$6",
            $close,
            ")"
        )
    };
}

/// [`numbers`], and `$7` the patterns of names: none that fits neither name.
macro_rules! names {
    ($open:literal, $close:literal, $typed:literal) => {
        concat!(
            numbers!($open, $close),
            " AND NOT EXISTS (",
            $typed,
            " NOT (p.name_key LIKE typed.value OR d.name_key LIKE typed.value))"
        )
    };
}

macro_rules! named_from {
    () => {
        "SELECT r.id FROM review r JOIN patient p ON p.id = r.patient_id \
         JOIN doctor d ON d.id = r.doctor_id WHERE "
    };
}

macro_rules! by_patients {
    ($open:literal, $close:literal) => {
        page_of!(concat!(
            "SELECT r.id FROM review r WHERE r.patient_id",
            $open,
            "$5",
            $close,
            " AND",
            numbers!($open, $close)
        ))
    };
    ($open:literal, $close:literal, $typed:literal) => {
        page_of!(concat!(
            named_from!(),
            "r.patient_id",
            $open,
            "$5",
            $close,
            " AND",
            names!($open, $close, $typed)
        ))
    };
}

macro_rules! by_doctors {
    ($open:literal, $close:literal) => {
        page_of!(concat!(
            "SELECT r.id FROM review r WHERE r.doctor_id",
            $open,
            "$4",
            $close,
            " AND",
            numbers!($open, $close)
        ))
    };
    ($open:literal, $close:literal, $typed:literal) => {
        page_of!(concat!(
            named_from!(),
            "r.doctor_id",
            $open,
            "$4",
            $close,
            " AND",
            names!($open, $close, $typed)
        ))
    };
}

/// By stars alone: the index of each, one after the other. SQLite takes a CROSS JOIN as that order;
/// PostgreSQL keeps to it behind the OFFSET. Left to themselves both read all reviews.
const BY_STARS: Sql = Sql {
    sqlite: page_of!(
        "SELECT r.id FROM (SELECT DISTINCT value AS star FROM json_each($6)) asked
         CROSS JOIN review r
         WHERE r.stars = asked.star AND r.hidden_at IS NULL AND $4 = '[]' AND $5 = '[]'"
    ),
    postgres: page_of!(
        "SELECT r.id
         FROM (SELECT DISTINCT CAST(value AS bigint) AS star FROM jsonb_array_elements_text($6)) asked
         CROSS JOIN LATERAL (SELECT id FROM review
             WHERE stars = asked.star AND hidden_at IS NULL OFFSET 0) r
         WHERE $4 = '[]' AND $5 = '[]'"
    ),
};

/// The reviews that a word finds: their author has a word in the range, or their doctor fits the
/// pattern.
macro_rules! of_word {
    ($from:literal, $to:literal, $pattern:literal) => {
        concat!(
            "r.id IN (
                 SELECT v.id FROM patient_word w
                 JOIN review v ON v.patient_id = w.patient_id AND v.hidden_at IS NULL
                 WHERE w.word >= ",
            $from,
            " AND w.word < ",
            $to,
            "
                 UNION
                 SELECT v.id FROM doctor b
                 JOIN review v ON v.doctor_id = b.id AND v.hidden_at IS NULL
                 WHERE b.name_key LIKE ",
            $pattern,
            ") AND"
        )
    };
}

macro_rules! by_word {
    ($open:literal, $close:literal) => {
        page_of!(concat!(
            "SELECT r.id FROM review r WHERE ",
            of_word!("$7", "$8", "$9"),
            numbers!($open, $close)
        ))
    };
    ($open:literal, $close:literal, $typed:literal) => {
        page_of!(concat!(
            named_from!(),
            of_word!("$8", "$9", "$10"),
            names!($open, $close, $typed)
        ))
    };
}

macro_rules! in_order {
    ($open:literal, $close:literal, $typed:literal) => {
        page_of!(concat!(
            named_from!(),
            names!($open, $close, $typed),
            " ORDER BY r.id LIMIT $8"
        ))
    };
}

/// How many reviews there are about doctors whose names fit a pattern, counted up to `most`.
///
/// # Errors
/// Anything the engine reports.
pub async fn about(session: &mut impl Session, pattern: &str, most: i64) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(
            "SELECT count(*) FROM
                 (SELECT 1 FROM doctor d
                  JOIN review r ON r.doctor_id = d.id AND r.hidden_at IS NULL
                  WHERE d.name_key LIKE $1 LIMIT $2) some_of",
        )
        .bind(pattern)
        .bind(most)
        .one()
        .await?;
    Ok(count)
}

/// A page of the reviews that fit a filter: so many rows, after
/// skipping so many, beyond a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn matching(
    session: &mut impl Session,
    filter: &Filter,
    way: &Way,
    (limit, offset, after): (i64, i64, i64),
) -> sqlx::Result<Vec<Hit>> {
    let named = !filter.patterns.is_empty();
    let text = match (way, named) {
        (Way::Word(..), true) => both!(by_word, patterns),
        (Way::Word(..), false) => both!(by_word),
        (Way::InOrder, _) => both!(in_order, patterns),
        (Way::Numbers, true) if !filter.patients.is_empty() => both!(by_patients, patterns),
        (Way::Numbers, true) => both!(by_doctors, patterns),
        (Way::Numbers, false) if !filter.patients.is_empty() => both!(by_patients),
        (Way::Numbers, false) if !filter.doctors.is_empty() => both!(by_doctors),
        (Way::Numbers, false) => BY_STARS,
    };
    let statement = session.sql(text).bind(limit).bind(offset).bind(after);
    let statement = numbered(statement, filter);
    let statement = match named || *way == Way::InOrder {
        true => statement.bind(Json(&filter.patterns)),
        false => statement,
    };
    let statement = match way {
        Way::Numbers => statement,
        Way::Word(range, pattern) => statement
            .bind(range.from.as_str())
            .bind(range.to.as_str())
            .bind(pattern.as_str()),
        Way::InOrder => statement.bind(MOST),
    };
    statement.all().await
}

fn numbered<'s>(statement: Stmt<'s>, filter: &Filter) -> Stmt<'s> {
    statement
        .bind(Json(&filter.doctors))
        .bind(Json(&filter.patients))
        .bind(Json(&filter.stars))
}
