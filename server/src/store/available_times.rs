//! Windows of time, and which doctors offer them (API.md §6).

use chrono::{DateTime, NaiveDate, Utc};

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
}

/// What is stored of a new window.
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
    /// The one day it is offered; none: any.
    pub only_on: Option<NaiveDate>,
}

/// The columns of a [`WindowRow`], from `available_time`.
macro_rules! columns {
    () => {
        "id, name, starts_at, ends_at, weekdays, slot_minutes, valid_from, valid_to"
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
         valid_to, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $7) RETURNING ",
        columns!()
    ))
    .bind(new.name)
    .bind(new.starts_at)
    .bind(new.ends_at)
    .bind(new.weekdays)
    .bind(new.slot_minutes)
    .bind(new.only_on)
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
