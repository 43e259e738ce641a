//! Windows of time, and which doctors offer them (API.md §6).

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// A window as every query answers one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WindowRow {
    /// Its id.
    pub id: i64,
    /// Its label.
    pub name: String,
    /// Minutes after the clinic's midnight, 0 to 1439; none: no clock.
    pub starts_at: Option<i64>,
    /// 1 to 1440.
    pub ends_at: Option<i64>,
    /// Bit 0 is Monday.
    pub weekdays: i64,
    /// Length of its slots; none: it is one.
    pub slot_minutes: Option<i64>,
    /// The first day it is offered.
    pub valid_from: Option<NaiveDate>,
    /// The last day it is offered.
    pub valid_to: Option<NaiveDate>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Somebody who offers a window.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferRow {
    /// The window.
    pub available_time_id: i64,
    /// The doctor's number.
    pub doctor_id: i64,
    /// The doctor's id on v1.
    pub doctor_uid: Uuid,
    /// The doctor's name.
    pub full_name: String,
}

/// How much of a doctor's is still to come in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct BookedRow {
    /// The window.
    pub available_time_id: i64,
    /// The doctor's number.
    pub doctor_id: i64,
    /// How many appointments.
    pub count: i64,
}

/// What is stored of a window.
#[derive(Debug, Clone, Copy)]
pub struct NewWindow<'a> {
    /// Its label.
    pub name: &'a str,
    /// Minutes after midnight.
    pub starts_at: Option<i64>,
    /// Minutes after midnight.
    pub ends_at: Option<i64>,
    /// Bit 0 is Monday.
    pub weekdays: i64,
    /// Length of its slots; none: it is one.
    pub slot_minutes: Option<i64>,
    /// The first day it is offered.
    pub valid_from: Option<NaiveDate>,
    /// The last day it is offered.
    pub valid_to: Option<NaiveDate>,
}

/// The columns of a [`WindowRow`], from `available_time`.
macro_rules! columns {
    () => {
        "id, name, starts_at, ends_at, weekdays, slot_minutes, valid_from, valid_to, version, \
         updated_at"
    };
}

/// How many appointments to come there are by window and doctor, in one engine's spelling.
macro_rules! booked {
    ($engine:ident) => {
        concat!(
            "SELECT available_time_id, doctor_id, count(*) AS count FROM appointment \
             WHERE hidden_at IS NULL AND status IN ('pending', 'confirmed') AND date >= $2 \
             AND (starts_at IS NULL OR starts_at >= $3) AND available_time_id IN ",
            ids!($engine, "$1"),
            " GROUP BY available_time_id, doctor_id"
        )
    };
}

/// Inserts a window and answers it.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(
    tx: &mut Tx,
    new: &NewWindow<'_>,
    at: DateTime<Utc>,
) -> sqlx::Result<WindowRow> {
    tx.sql(concat!(
        "INSERT INTO available_time (name, starts_at, ends_at, weekdays, slot_minutes, valid_from, \
         valid_to, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING ",
        columns!()
    ))
    .bind(new.name)
    .bind(new.starts_at)
    .bind(new.ends_at)
    .bind(new.weekdays)
    .bind(new.slot_minutes)
    .bind(new.valid_from)
    .bind(new.valid_to)
    .bind(at)
    .one()
    .await
}

/// The windows on offer by id: those of these ids, or all if there are none given.
///
/// # Errors
/// Anything the engine reports.
pub async fn offered(session: &mut impl Session, ids: &[i64]) -> sqlx::Result<Vec<WindowRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT ",
                columns!(),
                " FROM available_time WHERE retired_at IS NULL \
                 AND ($1 = '[]' OR id IN ",
                ids!(sqlite, "$1"),
                ") ORDER BY id"
            ),
            postgres: concat!(
                "SELECT ",
                columns!(),
                " FROM available_time WHERE retired_at IS NULL \
                 AND ($1 = '[]' OR id IN ",
                ids!(postgres, "$1"),
                ") ORDER BY id"
            ),
        })
        .bind(json_ids(ids))
        .all()
        .await
}

/// The windows that a doctor offers, by id; retired ones are offered no more.
///
/// # Errors
/// Anything the engine reports.
pub async fn of_doctor(session: &mut impl Session, doctor: i64) -> sqlx::Result<Vec<WindowRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM doctor_available_time JOIN available_time ON id = available_time_id \
             WHERE doctor_id = $1 AND retired_at IS NULL ORDER BY id"
        ))
        .bind(doctor)
        .all()
        .await
}

/// How many windows are on offer.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql("SELECT count(*) FROM available_time WHERE retired_at IS NULL")
        .one()
        .await?;
    Ok(count)
}

/// A page of the windows on offer by id: `limit` rows beyond `after`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(
    session: &mut impl Session,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<WindowRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM available_time WHERE retired_at IS NULL AND id > $1 \
             ORDER BY id LIMIT $2 OFFSET $3"
        ))
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// The window of an id, unless it is retired.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<WindowRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM available_time WHERE id = $1 AND retired_at IS NULL"
        ))
        .bind(id)
        .maybe()
        .await
}

/// As [`by_id`], and nobody else changes the window until the transaction ends. Others may still
/// link it.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<WindowRow>> {
    tx.sql(Sql {
        sqlite: concat!(
            "SELECT ",
            columns!(),
            " FROM available_time WHERE id = $1 AND retired_at IS NULL"
        ),
        postgres: concat!(
            "SELECT ",
            columns!(),
            " FROM available_time WHERE id = $1 AND retired_at IS NULL FOR NO KEY UPDATE"
        ),
    })
    .bind(id)
    .maybe()
    .await
}

/// Changes a window that this transaction has locked, and answers it.
///
/// # Errors
/// Anything the engine reports.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    new: &NewWindow<'_>,
    at: DateTime<Utc>,
) -> sqlx::Result<WindowRow> {
    tx.sql(concat!(
        "UPDATE available_time SET name = $2, starts_at = $3, ends_at = $4, weekdays = $5, \
         slot_minutes = $6, valid_from = $7, valid_to = $8, updated_at = $9, \
         version = version + 1 WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id)
    .bind(new.name)
    .bind(new.starts_at)
    .bind(new.ends_at)
    .bind(new.weekdays)
    .bind(new.slot_minutes)
    .bind(new.valid_from)
    .bind(new.valid_to)
    .bind(at)
    .one()
    .await
}

/// Retires a window that this transaction has locked: it is offered no more, and what was booked in
/// it keeps it.
///
/// # Errors
/// Anything the engine reports.
pub async fn retire(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE available_time SET retired_at = $2, updated_at = $2, version = version + 1
         WHERE id = $1",
    )
    .bind(id)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// Who offers these windows, by window and doctor; doctors who left are left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn offers(session: &mut impl Session, windows: &[i64]) -> sqlx::Result<Vec<OfferRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT l.available_time_id, d.id AS doctor_id, d.uid AS doctor_uid, d.full_name \
                 FROM doctor_available_time l JOIN doctor d ON d.id = l.doctor_id \
                 WHERE d.retired_at IS NULL AND l.available_time_id IN ",
                ids!(sqlite, "$1"),
                " ORDER BY l.available_time_id, d.id"
            ),
            postgres: concat!(
                "SELECT l.available_time_id, d.id AS doctor_id, d.uid AS doctor_uid, d.full_name \
                 FROM doctor_available_time l JOIN doctor d ON d.id = l.doctor_id \
                 WHERE d.retired_at IS NULL AND l.available_time_id IN ",
                ids!(postgres, "$1"),
                " ORDER BY l.available_time_id, d.id"
            ),
        })
        .bind(json_ids(windows))
        .all()
        .await
}

/// How many appointments are still to come in these windows: from this moment on, and without a
/// clock from this date of the clinic on.
///
/// # Errors
/// Anything the engine reports.
pub async fn booked(
    session: &mut impl Session,
    windows: &[i64],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<BookedRow>> {
    session
        .sql(Sql {
            sqlite: booked!(sqlite),
            postgres: booked!(postgres),
        })
        .bind(json_ids(windows))
        .bind(today)
        .bind(now)
        .all()
        .await
}

/// A doctor with this number offers the window from now on.
///
/// # Errors
/// Anything the engine reports.
pub async fn offer(tx: &mut Tx, window: i64, doctor: i64) -> sqlx::Result<()> {
    // Their own change may have linked it since it was looked for.
    tx.sql(
        "INSERT INTO doctor_available_time (available_time_id, doctor_id) VALUES ($1, $2)
         ON CONFLICT DO NOTHING",
    )
    .bind(window)
    .bind(doctor)
    .run()
    .await?;
    Ok(())
}

/// A doctor with this number does not offer the window any more.
///
/// # Errors
/// Anything the engine reports.
pub async fn withdraw(tx: &mut Tx, window: i64, doctor: i64) -> sqlx::Result<()> {
    tx.sql("DELETE FROM doctor_available_time WHERE available_time_id = $1 AND doctor_id = $2")
        .bind(window)
        .bind(doctor)
        .run()
        .await?;
    Ok(())
}
