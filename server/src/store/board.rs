//! What the board and the queue show: a day's appointments with everything beside them, and who
//! works on it, in one statement each.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::queue::Priority;
use uuid::Uuid;

use super::Session;
use super::appointment_lists::{NamedRow, named};
use super::appointments::Word;
use super::available_times::WindowRow;

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

/// A window that a doctor offers, with the doctor.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct OfferRow {
    /// The doctor.
    pub doctor_id: i64,
    /// Their id of v1 and the desk.
    pub doctor_uid: Uuid,
    /// Their name.
    pub doctor_name: String,
    /// The window.
    #[sqlx(flatten)]
    pub window: WindowRow,
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

/// The windows that doctors offer whom patients see, by the doctors' names: of one doctor, or of
/// those who are for something, or of all.
///
/// # Errors
/// The database's.
pub async fn offers(
    session: &mut impl Session,
    doctor: Option<Uuid>,
    specialisation: Option<i64>,
) -> sqlx::Result<Vec<OfferRow>> {
    session
        .sql(
            "SELECT d.id AS doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name, w.id,
                 w.name, w.starts_at, w.ends_at, w.weekdays, w.slot_minutes, w.valid_from,
                 w.valid_to
             FROM doctor d JOIN doctor_available_time l ON l.doctor_id = d.id
             JOIN available_time w ON w.id = l.available_time_id
             WHERE d.retired_at IS NULL AND d.verified_at IS NOT NULL AND w.retired_at IS NULL
               AND ($1 OR d.uid = $2)
               AND ($3 OR EXISTS (SELECT 1 FROM doctor_specialisation s
                                  WHERE s.doctor_id = d.id AND s.specialisation_id = $4))
             ORDER BY d.full_name, d.id, w.id",
        )
        .bind(doctor.is_none())
        .bind(doctor.unwrap_or_default())
        .bind(specialisation.is_none())
        .bind(specialisation.unwrap_or(0))
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
