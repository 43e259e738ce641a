//! Putting very many steps of appointments at once, for invented data: the rows that taking the
//! steps would have made, in few statements.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::Role;
use clinic_shared::desk::appointments::{Action, Status};
use serde::Serialize;
use sqlx::types::Json;

use super::accounts::RoleWord;
use super::appointments::Word;
use super::patient_bulk::as_stored;
use super::{Session, Sql, Tx};

/// An appointment as it stands, with what its steps are told from.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// The appointment.
    pub id: i64,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// Beside another one on purpose.
    pub overbooked: bool,
    /// Who called it off, as its word.
    pub cancelled_by: Option<String>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// When the patient came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The doctor's account.
    pub doctor_account: Option<i64>,
}

/// A step in the words of the columns. Where and when the appointment is, and who called it off, are
/// the appointment's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The appointment.
    pub appointment: i64,
    /// The version that it made.
    pub version: i64,
    /// What was done.
    pub action: Action,
    /// How it stood before; none for the booking itself.
    pub from_status: Option<Status>,
    /// How it stood afterwards.
    pub to_status: Status,
    /// When.
    #[serde(serialize_with = "as_stored")]
    pub at: DateTime<Utc>,
    /// Who; none: nobody who has an account.
    pub account: Option<i64>,
    /// In which role; none: the clinic by itself.
    pub role: Option<Role>,
    /// Why.
    pub reason: Option<String>,
}

/// All appointments from this date on.
///
/// # Errors
/// Anything the engine reports.
pub async fn standing(session: &mut impl Session, from: NaiveDate) -> sqlx::Result<Vec<Standing>> {
    session
        .sql(
            "SELECT a.id, a.status, a.overbooked, a.cancelled_by, a.cancel_reason,
                 a.checked_in_at, a.started_at, a.created_at, a.updated_at,
                 d.account_id AS doctor_account
             FROM appointment a JOIN doctor d ON d.id = a.doctor_id
             WHERE a.date >= $1 ORDER BY a.id",
        )
        .bind(from)
        .all()
        .await
}

/// Who works at the desk, receptionists first: accounts and what they are.
///
/// # Errors
/// Anything the engine reports.
pub async fn desk(session: &mut impl Session) -> sqlx::Result<Vec<(i64, Role)>> {
    let rows: Vec<(i64, String)> = session
        .sql(
            "SELECT id, role FROM account WHERE role IN ('receptionist', 'admin') AND is_active
             ORDER BY role DESC, id",
        )
        .all()
        .await?;
    let known = rows.into_iter().filter_map(|(id, role)| {
        let role = RoleWord::try_from(role).ok()?;
        Some((id, role.0))
    });
    Ok(known.collect())
}

/// Inserts steps.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, steps: &[Step]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "INSERT INTO appointment_history (appointment_id, version, action, from_status,
                     to_status, at, account_id, role, cancelled_by, cancelled_late, reason,
                     doctor_id, available_time_id, date, starts_at, ends_at, overbooked)
                 SELECT a.id, s.value ->> 'version', s.value ->> 'action',
                     s.value ->> 'from_status', s.value ->> 'to_status', s.value ->> 'at',
                     s.value ->> 'account', s.value ->> 'role',
                     CASE WHEN s.value ->> 'to_status' = 'cancelled' THEN a.cancelled_by END,
                     s.value ->> 'to_status' = 'cancelled' AND a.cancelled_late,
                     s.value ->> 'reason', a.doctor_id, a.available_time_id, a.date, a.starts_at,
                     a.ends_at, a.overbooked
                 FROM json_each($1) AS s
                     CROSS JOIN appointment a ON a.id = s.value ->> 'appointment'
                 ORDER BY a.id, s.value ->> 'version'",
        postgres: "INSERT INTO appointment_history (appointment_id, version, action, from_status,
                       to_status, at, account_id, role, cancelled_by, cancelled_late, reason,
                       doctor_id, available_time_id, date, starts_at, ends_at, overbooked)
                   SELECT a.id, s.version, s.action, s.from_status, s.to_status, s.at, s.account,
                       s.role, CASE WHEN s.to_status = 'cancelled' THEN a.cancelled_by END,
                       s.to_status = 'cancelled' AND a.cancelled_late, s.reason, a.doctor_id,
                       a.available_time_id, a.date, a.starts_at, a.ends_at, a.overbooked
                   FROM jsonb_to_recordset($1) AS s (appointment bigint, version bigint,
                           action text, from_status text, to_status text, at timestamptz,
                           account bigint, role text, reason text)
                       JOIN appointment a ON a.id = s.appointment
                   ORDER BY a.id, s.version",
    })
    .bind(Json(steps))
    .run()
    .await?;
    Ok(())
}

/// Notes with each appointment when it came to stand as its steps say.
///
/// # Errors
/// Anything the engine reports.
pub async fn mark(tx: &mut Tx) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE appointment SET
             confirmed_at = (SELECT h.at FROM appointment_history h
                 WHERE h.appointment_id = appointment.id AND h.to_status = 'confirmed'),
             cancelled_at = (SELECT h.at FROM appointment_history h
                 WHERE h.appointment_id = appointment.id AND h.to_status = 'cancelled'),
             no_show_at = (SELECT h.at FROM appointment_history h
                 WHERE h.appointment_id = appointment.id AND h.to_status = 'no_show'),
             left_at = (SELECT h.at FROM appointment_history h
                 WHERE h.appointment_id = appointment.id AND h.to_status = 'left')
         WHERE id IN (SELECT appointment_id FROM appointment_history
             WHERE to_status IN ('confirmed', 'cancelled', 'no_show', 'left'))",
    )
    .run()
    .await?;
    Ok(())
}
