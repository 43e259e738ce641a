//! Putting very many appointments at once, for invented data: the same rows that booking would
//! make, under the same rule of the database, in few statements.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{CancelledBy, Kind, Status};
use serde::Serialize;
use sqlx::types::Json;

use super::patient_bulk::{as_stored, as_stored_maybe};
use super::{Session, Sql, Tx};

/// An appointment in the words of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Who comes.
    pub patient_id: i64,
    /// Whom they see.
    pub doctor_id: i64,
    /// The window.
    pub available_time_id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    #[serde(serialize_with = "as_stored_maybe")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(serialize_with = "as_stored_maybe")]
    pub ends_at: Option<DateTime<Utc>>,
    /// When it begins, or the day's first moment.
    #[serde(serialize_with = "as_stored")]
    pub at: DateTime<Utc>,
    /// Whether people meet.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// Beside another one on purpose.
    pub overbooked: bool,
    /// What the patient says.
    pub symptoms: &'static str,
    /// Where an online visit takes place.
    pub meeting_link: Option<String>,
    /// Whether it was paid for.
    pub is_paid: bool,
    /// Who called it off.
    pub cancelled_by: Option<CancelledBy>,
    /// Why.
    pub cancel_reason: Option<&'static str>,
    /// Called off less than a day before.
    pub cancelled_late: bool,
    /// When the patient came.
    #[serde(serialize_with = "as_stored_maybe")]
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    #[serde(serialize_with = "as_stored_maybe")]
    pub started_at: Option<DateTime<Utc>>,
    /// When the patient was seen.
    #[serde(serialize_with = "as_stored_maybe")]
    pub completed_at: Option<DateTime<Utc>>,
    /// The number that was called out on that date.
    pub ticket: Option<i64>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was booked.
    #[serde(serialize_with = "as_stored")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "as_stored")]
    pub updated_at: DateTime<Utc>,
}

/// Inserts appointments in this order. Count them too ([`super::appointments::count_by`]).
///
/// # Errors
/// Anything the engine reports; [`super::appointments::busy`] tells whether somebody is booked
/// twice.
pub async fn insert(tx: &mut Tx, rows: &[Row]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite:
            "INSERT INTO appointment (patient_id, doctor_id, available_time_id, date, starts_at,
                     ends_at, at, kind, status, overbooked, symptoms, meeting_link, is_paid,
                     cancelled_by, cancel_reason, cancelled_late, version, created_at, updated_at,
                     checked_in_at, started_at, completed_at, ticket, ticket_date)
                 SELECT value ->> 'patient_id', value ->> 'doctor_id',
                     value ->> 'available_time_id', value ->> 'date', value ->> 'starts_at',
                     value ->> 'ends_at', value ->> 'at', value ->> 'kind', value ->> 'status',
                     value ->> 'overbooked', value ->> 'symptoms', value ->> 'meeting_link',
                     value ->> 'is_paid', value ->> 'cancelled_by', value ->> 'cancel_reason',
                     value ->> 'cancelled_late', value ->> 'version', value ->> 'created_at',
                     value ->> 'updated_at', value ->> 'checked_in_at', value ->> 'started_at',
                     value ->> 'completed_at', value ->> 'ticket',
                     CASE WHEN value ->> 'ticket' IS NOT NULL THEN value ->> 'date' END
                 FROM json_each($1) ORDER BY key",
        postgres: "INSERT INTO appointment (patient_id, doctor_id, available_time_id, date,
                       starts_at, ends_at, at, kind, status, overbooked, symptoms, meeting_link,
                       is_paid, cancelled_by, cancel_reason, cancelled_late, version, created_at,
                       updated_at, checked_in_at, started_at, completed_at, ticket, ticket_date)
                   SELECT patient_id, doctor_id, available_time_id, date, starts_at, ends_at, at,
                       kind, status, overbooked, symptoms, meeting_link, is_paid, cancelled_by,
                       cancel_reason, cancelled_late, version, created_at, updated_at,
                       checked_in_at, started_at, completed_at, ticket,
                       CASE WHEN ticket IS NOT NULL THEN date END
                   FROM ROWS FROM (jsonb_to_recordset($1) AS (patient_id bigint, doctor_id bigint,
                       available_time_id bigint, date date, starts_at timestamptz,
                       ends_at timestamptz, at timestamptz, kind text, status text,
                       overbooked boolean, symptoms text, meeting_link text, is_paid boolean,
                       cancelled_by text, cancel_reason text, cancelled_late boolean,
                       version bigint, created_at timestamptz, updated_at timestamptz,
                       checked_in_at timestamptz, started_at timestamptz,
                       completed_at timestamptz, ticket bigint))
                       WITH ORDINALITY AS a (patient_id, doctor_id, available_time_id, date,
                           starts_at, ends_at, at, kind, status, overbooked, symptoms,
                           meeting_link, is_paid, cancelled_by, cancel_reason, cancelled_late,
                           version, created_at, updated_at, checked_in_at, started_at,
                           completed_at, ticket, place)
                   ORDER BY place",
    })
    .bind(Json(rows))
    .run()
    .await?;
    Ok(())
}

/// Counts the tickets of each date on, for those who check in after them.
///
/// # Errors
/// Anything the engine reports.
pub async fn count_tickets(tx: &mut Tx) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO ticket_day (date, last)
         SELECT ticket_date, max(ticket) FROM appointment
         WHERE ticket IS NOT NULL GROUP BY ticket_date
         ON CONFLICT (date) DO UPDATE SET last = CASE
             WHEN excluded.last > ticket_day.last THEN excluded.last ELSE ticket_day.last END",
    )
    .run()
    .await?;
    Ok(())
}

/// The numbers of all patients who have no account, by number: whom invented appointments are for.
///
/// # Errors
/// Anything the engine reports.
pub async fn patients(session: &mut impl Session) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = session
        .sql("SELECT id FROM patient WHERE account_id IS NULL AND retired_at IS NULL ORDER BY id")
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
