//! Reminders of appointments: which are due, and which were asked for.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Kind, Status};

use super::appointments::Word;
use super::{Session, Tx};

/// An appointment that is to be reminded of: its id, and when it begins (or its day).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// The appointment.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a reminder says, and whether it is still to be sent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReminderRow {
    /// The appointment's patient.
    pub patient_id: i64,
    /// Their name.
    pub patient_name: String,
    /// Where they can be written to: their own address, or one that was proved.
    pub email: Option<String>,
    /// Whether they want none.
    pub no_reminders: bool,
    /// When the record was retired.
    pub retired_at: Option<DateTime<Utc>>,
    /// Whom they see.
    pub doctor_name: String,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it begins, or its day.
    pub at: DateTime<Utc>,
    /// The window.
    pub window_name: Option<String>,
    /// Whether people meet.
    #[sqlx(try_from = "String")]
    pub kind: Word<Kind>,
    /// Where, if online.
    pub meeting_link: Option<String>,
    /// How it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// When it was deleted for its people.
    pub hidden_at: Option<DateTime<Utc>>,
    /// When the reminder was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Where somebody can be written to. An account's address only after it was proved: nobody gets
/// somebody else's appointments by registering with a wrong address.
macro_rules! address {
    () => {
        "CASE WHEN p.account_id IS NULL THEN p.email \
              WHEN u.is_verified AND u.is_active THEN u.email END"
    };
}

/// Appointments of some dates that are still to come, that nobody was reminded of yet, and whose
/// patients want it: the first of them.
///
/// # Errors
/// The database's.
pub async fn due(
    session: &mut impl Session,
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Due>> {
    session
        .sql(concat!(
            "SELECT a.id, a.at FROM appointment a JOIN patient p ON p.id = a.patient_id
             LEFT JOIN account u ON u.id = p.account_id
             WHERE a.date BETWEEN $1 AND $2 AND a.hidden_at IS NULL
               AND a.status IN ('pending', 'confirmed') AND a.at > $3
               AND NOT p.no_reminders AND p.retired_at IS NULL AND ",
            address!(),
            " IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM reminder r
                   WHERE r.appointment_id = a.id AND r.at = a.at)
             ORDER BY a.date, a.id LIMIT $4"
        ))
        .bind(from)
        .bind(to)
        .bind(now)
        .bind(most)
        .all()
        .await
}

/// Notes that a reminder is asked for; false if it was already.
///
/// # Errors
/// The database's.
pub async fn ask(tx: &mut Tx, due: Due, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let made = tx
        .sql(
            "INSERT INTO reminder (appointment_id, at, asked_at) VALUES ($1, $2, $3)
             ON CONFLICT (appointment_id, at) DO NOTHING",
        )
        .bind(due.id)
        .bind(due.at)
        .bind(now)
        .run()
        .await?;
    Ok(made == 1)
}

/// What there is to say of a reminder that was asked for.
///
/// # Errors
/// The database's.
pub async fn asked(session: &mut impl Session, due: Due) -> sqlx::Result<Option<ReminderRow>> {
    session
        .sql(concat!(
            "SELECT a.patient_id, p.full_name AS patient_name, ",
            address!(),
            " AS email, p.no_reminders, p.retired_at, d.full_name AS doctor_name, a.date,
                    a.starts_at, a.at, w.name AS window_name, a.kind, a.meeting_link, a.status,
                    a.hidden_at, r.sent_at
             FROM reminder r JOIN appointment a ON a.id = r.appointment_id
             JOIN patient p ON p.id = a.patient_id JOIN doctor d ON d.id = a.doctor_id
             LEFT JOIN account u ON u.id = p.account_id
             LEFT JOIN available_time w ON w.id = a.available_time_id
             WHERE r.appointment_id = $1 AND r.at = $2"
        ))
        .bind(due.id)
        .bind(due.at)
        .maybe()
        .await
}

/// Notes that a reminder was sent.
///
/// # Errors
/// The database's.
pub async fn sent(tx: &mut Tx, due: Due, now: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("UPDATE reminder SET sent_at = $3 WHERE appointment_id = $1 AND at = $2")
        .bind(due.id)
        .bind(due.at)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Forgets a reminder that was not sent: if its time comes back, it is asked for again.
///
/// # Errors
/// The database's.
pub async fn drop_unsent(tx: &mut Tx, due: Due) -> sqlx::Result<()> {
    tx.sql("DELETE FROM reminder WHERE appointment_id = $1 AND at = $2 AND sent_at IS NULL")
        .bind(due.id)
        .bind(due.at)
        .run()
        .await?;
    Ok(())
}
