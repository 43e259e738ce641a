//! What the board and the queue show: a day's appointments with everything beside them, and who runs
//! late, in one statement each.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::queue::Priority;
use uuid::Uuid;

use super::Session;
use super::appointment_lists::{NamedRow, named};
use super::appointments::Word;

/// An appointment of a day with everything the board shows of it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct BoardRow {
    /// What every line shows.
    #[sqlx(flatten)]
    pub line: NamedRow,
    /// The patient's phone, as typed.
    pub patient_phone: Option<String>,
    /// What it is about.
    pub title: Option<String>,
    /// Came without being booked.
    pub walk_in: bool,
    /// The number that is called out.
    pub ticket: Option<i64>,
    /// Where the patient is seen.
    pub room: Option<String>,
    /// Who goes first.
    #[sqlx(try_from = "String")]
    pub priority: Word<Priority>,
    /// When the patient came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient was called in.
    pub called_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started_at: Option<DateTime<Utc>>,
    /// When the patient was seen.
    pub completed_at: Option<DateTime<Utc>>,
    /// When the patient left.
    pub left_at: Option<DateTime<Utc>>,
    /// How often the patient did not come before this day.
    pub no_shows: i64,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// Everything of a day, or of one doctor's, in the order of the day.
///
/// # Errors
/// The database's.
pub async fn day(
    session: &mut impl Session,
    date: NaiveDate,
    doctor: Option<Uuid>,
) -> sqlx::Result<Vec<BoardRow>> {
    session
        .sql(named!(
            ", p.phone AS patient_phone, a.title, a.walk_in, a.ticket, a.room, a.priority, \
             a.checked_in_at, a.called_at, a.started_at, a.completed_at, a.left_at, a.version, \
             (SELECT count(*) FROM appointment n WHERE n.patient_id = a.patient_id \
              AND n.status = 'no_show' AND n.date < a.date) AS no_shows",
            "WHERE a.date = $1 AND a.hidden_at IS NULL AND ($2 OR d.uid = $3) ORDER BY a.at, a.id"
        ))
        .bind(date)
        .bind(doctor.is_none())
        .bind(doctor.unwrap_or_default())
        .all()
        .await
}

/// By how many minutes doctors run late on a date: the doctor's number, and the minutes.
///
/// # Errors
/// The database's.
pub async fn late(session: &mut impl Session, date: NaiveDate) -> sqlx::Result<Vec<(i64, i64)>> {
    session
        .sql("SELECT doctor_id, late_minutes FROM doctor_day WHERE date = $1 AND late_minutes > 0")
        .bind(date)
        .all()
        .await
}
