//! Windows of one day only that one doctor offers.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Session, Tx};

/// A window of one day, and whose.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpeningRow {
    /// The window's id.
    pub id: i64,
    /// Its label.
    pub name: String,
    /// Minutes after the clinic's midnight.
    pub starts_at: i64,
    /// Minutes after the clinic's midnight, up to 1440.
    pub ends_at: i64,
    /// Length of its slots; none: it is one.
    pub slot_minutes: Option<i64>,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Whose.
    pub doctor_id: i64,
    /// The doctor's id of v1 and the desk.
    pub doctor_uid: Uuid,
    /// The doctor's name.
    pub doctor_name: String,
}

/// `SELECT columns of an [`OpeningRow`] …`
macro_rules! named {
    ($rest:literal) => {
        concat!(
            "SELECT w.id, w.name, w.starts_at, w.ends_at, w.slot_minutes, w.valid_from AS date, \
             d.id AS doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name \
             FROM available_time w JOIN doctor_available_time l ON l.available_time_id = w.id \
             JOIN doctor d ON d.id = l.doctor_id \
             WHERE w.retired_at IS NULL AND w.valid_from = w.valid_to \
             AND w.starts_at IS NOT NULL AND d.retired_at IS NULL ",
            $rest
        )
    };
}

/// Links a window to a doctor.
///
/// # Errors
/// The database's.
pub async fn offer(tx: &mut Tx, doctor: i64, window: i64) -> sqlx::Result<()> {
    tx.sql("INSERT INTO doctor_available_time (doctor_id, available_time_id) VALUES ($1, $2)")
        .bind(doctor)
        .bind(window)
        .run()
        .await?;
    Ok(())
}

/// Those on some dates, both included, of one doctor or of all, in the order of time.
///
/// # Errors
/// The database's.
pub async fn list(
    session: &mut impl Session,
    doctor: Option<Uuid>,
    (from, to): (NaiveDate, NaiveDate),
) -> sqlx::Result<Vec<OpeningRow>> {
    session
        .sql(named!(
            "AND w.valid_from BETWEEN $1 AND $2 AND ($3 OR d.uid = $4) \
             ORDER BY w.valid_from, w.starts_at, d.name_key, w.id, d.id"
        ))
        .bind(from)
        .bind(to)
        .bind(doctor.is_none())
        .bind(doctor.unwrap_or_default())
        .all()
        .await
}

/// One of a doctor's by the window's id.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<OpeningRow>> {
    let rows: Vec<OpeningRow> = session
        .sql(named!("AND w.id = $1 ORDER BY d.id"))
        .bind(id)
        .all()
        .await?;
    Ok(rows.into_iter().next())
}

/// Offers a window no more: what is booked in it stays.
///
/// # Errors
/// The database's.
pub async fn retire(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE available_time SET retired_at = $2, updated_at = $2
             WHERE id = $1 AND retired_at IS NULL",
        )
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}
