//! Absences of doctors and closures of the clinic: one table, a closure has no doctor (API.md §6).

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::absences::AbsenceKind;
use uuid::Uuid;

use super::appointments::Word;
use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// An absence or a closure, with the doctor's name beside it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AbsenceRow {
    /// Its id.
    pub id: i64,
    /// Who is away; none: the clinic is closed.
    pub doctor_id: Option<i64>,
    /// The doctor's id of v1 and the desk.
    pub doctor_uid: Option<Uuid>,
    /// The doctor's name.
    pub doctor_name: Option<String>,
    /// When.
    #[sqlx(flatten)]
    pub time: OffTime,
    /// Why, in a word.
    #[sqlx(try_from = "String")]
    pub kind: Word<AbsenceKind>,
    /// Why, for the desk.
    pub note: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// When somebody is away: clinic-local dates and minutes, and the same as instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct OffTime {
    /// The first of the clinic's dates.
    pub first_date: NaiveDate,
    /// The last of them.
    pub last_date: NaiveDate,
    /// Minutes after the first date's midnight; none: whole days.
    pub starts: Option<i64>,
    /// Minutes after the last date's midnight.
    pub ends: Option<i64>,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it is over.
    pub ends_at: DateTime<Utc>,
}

/// An absence or a closure, as a booking needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct OffRow {
    /// Its id.
    pub id: i64,
    /// Who is away; none: the clinic is closed.
    pub doctor_id: Option<i64>,
    /// When.
    #[sqlx(flatten)]
    pub time: OffTime,
}

/// What is stored of an absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// When.
    pub time: OffTime,
    /// Why, in a word.
    pub kind: AbsenceKind,
    /// Why, for the desk.
    pub note: Option<String>,
}

/// Inserts one and answers its id; without a doctor the clinic is closed.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    doctor: Option<i64>,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO absence (doctor_id, first_date, last_date, starts, ends, starts_at,
                 ends_at, kind, note, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10) RETURNING id",
        )
        .bind(doctor)
        .bind(new.time.first_date)
        .bind(new.time.last_date)
        .bind(new.time.starts)
        .bind(new.time.ends)
        .bind(new.time.starts_at)
        .bind(new.time.ends_at)
        .bind(new.kind.as_str())
        .bind(new.note.as_deref())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Writes one that still has this version; false if somebody was faster.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    version: i64,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE absence SET first_date = $3, last_date = $4, starts = $5, ends = $6,
                 starts_at = $7, ends_at = $8, kind = $9, note = $10, version = version + 1,
                 updated_at = $11
             WHERE id = $1 AND version = $2",
        )
        .bind(id)
        .bind(version)
        .bind(new.time.first_date)
        .bind(new.time.last_date)
        .bind(new.time.starts)
        .bind(new.time.ends)
        .bind(new.time.starts_at)
        .bind(new.time.ends_at)
        .bind(new.kind.as_str())
        .bind(new.note.as_deref())
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Takes one back, if it still has this version.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, id: i64, version: i64) -> sqlx::Result<bool> {
    let gone = tx
        .sql("DELETE FROM absence WHERE id = $1 AND version = $2")
        .bind(id)
        .bind(version)
        .run()
        .await?;
    Ok(gone == 1)
}

/// `SELECT columns of an [`AbsenceRow`] …`
macro_rules! named {
    ($rest:expr) => {
        concat!(
            "SELECT x.id, x.doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name, \
             x.first_date, x.last_date, x.starts, x.ends, x.starts_at, x.ends_at, x.kind, x.note, \
             x.version, x.created_at, x.updated_at \
             FROM absence x LEFT JOIN doctor d ON d.id = x.doctor_id ",
            $rest
        )
    };
}

/// One by id.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<AbsenceRow>> {
    session
        .sql(named!("WHERE x.id = $1"))
        .bind(id)
        .maybe()
        .await
}

/// Which ones are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Closures; else absences of doctors.
    pub closures: bool,
    /// Only of this doctor.
    pub doctor: Option<Uuid>,
    /// That are not over before this date.
    pub from: NaiveDate,
    /// That begin no later than this date.
    pub to: NaiveDate,
}

/// Those that touch some dates, in order.
///
/// # Errors
/// The database's.
pub async fn list(session: &mut impl Session, listed: &Listed) -> sqlx::Result<Vec<AbsenceRow>> {
    session
        .sql(named!(
            "WHERE (x.doctor_id IS NULL) = $1 AND ($2 OR d.uid = $3) \
             AND x.last_date >= $4 AND x.first_date <= $5 \
             ORDER BY x.starts_at, x.id"
        ))
        .bind(listed.closures)
        .bind(listed.doctor.is_none())
        .bind(listed.doctor.unwrap_or_default())
        .bind(listed.from)
        .bind(listed.to)
        .all()
        .await
}

/// When these doctors are away and the clinic is closed, from one of the clinic's dates to another,
/// both included, in order.
///
/// # Errors
/// The database's.
pub async fn off(
    session: &mut impl Session,
    doctors: &[i64],
    (from, to): (NaiveDate, NaiveDate),
) -> sqlx::Result<Vec<OffRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT id, doctor_id, first_date, last_date, starts, ends, starts_at, ends_at \
                 FROM absence WHERE last_date >= $2 AND first_date <= $3 \
                 AND (doctor_id IS NULL OR doctor_id IN ",
                ids!(sqlite, "$1"),
                ") ORDER BY starts_at, id"
            ),
            postgres: concat!(
                "SELECT id, doctor_id, first_date, last_date, starts, ends, starts_at, ends_at \
                 FROM absence WHERE last_date >= $2 AND first_date <= $3 \
                 AND (doctor_id IS NULL OR doctor_id IN ",
                ids!(postgres, "$1"),
                ") ORDER BY starts_at, id"
            ),
        })
        .bind(json_ids(doctors))
        .bind(from)
        .bind(to)
        .all()
        .await
}
