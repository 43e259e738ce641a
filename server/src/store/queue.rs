//! Tickets, rooms, priorities, calls, and how late a doctor runs: what is written about the queue.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::queue::Priority;

use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// The next ticket number of a day. Whoever draws one holds the day's row until the transaction ends,
/// so numbers are given in the order of commits and none twice. Draw it after every person and
/// appointment is locked, and before anything is written that is in one order for all.
///
/// # Errors
/// The database's.
pub async fn next_ticket(tx: &mut Tx, date: NaiveDate) -> sqlx::Result<i64> {
    let (number,): (i64,) = tx
        .sql(
            "INSERT INTO ticket_day (date, last) VALUES ($1, 1)
             ON CONFLICT (date) DO UPDATE SET last = ticket_day.last + 1 RETURNING last",
        )
        .bind(date)
        .one()
        .await?;
    Ok(number)
}

/// Gives an appointment a number of a day, beside another change of the same transaction.
///
/// # Errors
/// The database's; a unique violation of `appointment_ticket_date_ticket_key` if it was given before.
pub async fn give_ticket(tx: &mut Tx, id: i64, date: NaiveDate, number: i64) -> sqlx::Result<()> {
    tx.sql("UPDATE appointment SET ticket_date = $2, ticket = $3 WHERE id = $1")
        .bind(id)
        .bind(date)
        .bind(number)
        .run()
        .await?;
    Ok(())
}

/// What else a walk-in comes with, beside its booking in the same transaction.
///
/// # Errors
/// The database's.
pub async fn furnish(
    tx: &mut Tx,
    id: i64,
    priority: Priority,
    room: Option<&str>,
) -> sqlx::Result<()> {
    tx.sql("UPDATE appointment SET priority = $2, room = $3 WHERE id = $1")
        .bind(id)
        .bind(priority.as_str())
        .bind(room)
        .run()
        .await?;
    Ok(())
}

/// What is written about a patient who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Where they are seen.
    pub room: Option<&'a str>,
    /// Who goes first.
    pub priority: Priority,
    /// Whether they are called in now; else a call that was stays.
    pub is_called: bool,
}

/// Writes room, priority and call, if the appointment still has this version; false if somebody was
/// faster.
///
/// # Errors
/// The database's.
pub async fn mark(
    tx: &mut Tx,
    (id, version): (i64, i64),
    mark: &Mark<'_>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE appointment SET room = $3, priority = $4,
                 called_at = CASE WHEN $5 THEN $6 ELSE called_at END,
                 version = version + 1, updated_at = $6
             WHERE id = $1 AND version = $2 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(mark.room)
        .bind(mark.priority.as_str())
        .bind(mark.is_called)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Whether a patient waits or is with a doctor on a date: the appointment, and the doctor's name.
///
/// # Errors
/// The database's.
pub async fn waits_for(
    session: &mut impl Session,
    patient: i64,
    date: NaiveDate,
) -> sqlx::Result<Option<(i64, String)>> {
    session
        .sql(
            "SELECT a.id, d.full_name FROM appointment a JOIN doctor d ON d.id = a.doctor_id
             WHERE a.patient_id = $1 AND a.date = $2 AND a.hidden_at IS NULL
               AND a.status IN ('checked_in', 'running')
             ORDER BY a.id LIMIT 1",
        )
        .bind(patient)
        .bind(date)
        .maybe()
        .await
}

/// Locks doctors in the order of their numbers, retired ones left out, and answers who is left.
///
/// # Errors
/// The database's.
pub async fn lock_doctors(tx: &mut Tx, doctors: &[i64]) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx
        .sql(Sql {
            sqlite: concat!(
                "SELECT id FROM doctor WHERE retired_at IS NULL AND id IN ",
                ids!(sqlite, "$1"),
                " ORDER BY id"
            ),
            postgres: concat!(
                "SELECT id FROM doctor WHERE retired_at IS NULL AND id IN ",
                ids!(postgres, "$1"),
                " ORDER BY id FOR NO KEY UPDATE"
            ),
        })
        .bind(json_ids(doctors))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What holds of a doctor on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct DayRow {
    /// By how many minutes they run late.
    pub late_minutes: i64,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What holds of a doctor on a day; none if nothing was ever said of it.
///
/// # Errors
/// The database's.
pub async fn doctor_day(
    session: &mut impl Session,
    doctor: i64,
    date: NaiveDate,
) -> sqlx::Result<Option<DayRow>> {
    session
        .sql(
            "SELECT late_minutes, version, updated_at FROM doctor_day
             WHERE date = $1 AND doctor_id = $2",
        )
        .bind(date)
        .bind(doctor)
        .maybe()
        .await
}

/// Writes by how many minutes a doctor runs late, if the day still has this version (0: nothing was
/// said of it yet); false if somebody was faster.
///
/// # Errors
/// The database's.
pub async fn set_late(
    tx: &mut Tx,
    (doctor, date): (i64, NaiveDate),
    version: i64,
    minutes: i64,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "INSERT INTO doctor_day (date, doctor_id, late_minutes, version, updated_at)
             VALUES ($1, $2, $3, 1, $5)
             ON CONFLICT (date, doctor_id) DO UPDATE
             SET late_minutes = $3, version = doctor_day.version + 1, updated_at = $5
             WHERE doctor_day.version = $4",
        )
        .bind(date)
        .bind(doctor)
        .bind(minutes)
        .bind(version)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}
