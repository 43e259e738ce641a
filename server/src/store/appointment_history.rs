//! The history of appointments: one row for every version. Rows are only ever inserted.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Action, Status};
use uuid::Uuid;

use super::accounts::name_of;
use super::appointments::{Place, Word};
use super::{Session, Tx};

/// One step of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    /// The version that it made.
    pub version: i64,
    /// What was done.
    #[sqlx(try_from = "String")]
    pub action: Word<Action>,
    /// How it stood before, as its word; none for the booking itself.
    pub from_status: Option<String>,
    /// How it stood afterwards.
    #[sqlx(try_from = "String")]
    pub to_status: Word<Status>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none: the clinic by itself.
    pub account_id: Option<i64>,
    /// In which role, as its word.
    pub role: Option<String>,
    /// Who called it off, as its word.
    pub cancelled_by: Option<String>,
    /// Called off less than a day before.
    pub cancelled_late: bool,
    /// Why, as its word.
    pub reason_kind: Option<String>,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
    /// The version whose step this one takes back.
    pub undoes: Option<i64>,
    /// Whether it stood beside another one on purpose from then on.
    pub overbooked: bool,
}

impl StepRow {
    /// How it stood before; none for the booking itself.
    pub fn from(&self) -> Option<Status> {
        self.from_status.as_deref()?.parse().ok()
    }
}

/// A step with the names beside it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedStepRow {
    /// The step.
    #[sqlx(flatten)]
    pub step: StepRow,
    /// Given name of who did it.
    pub first_name: Option<String>,
    /// Their family name.
    pub last_name: Option<String>,
    /// Their sign-in name.
    pub username: Option<String>,
    /// Whom the patient was to see from then on.
    pub doctor_id: i64,
    /// The doctor's id of v1 and the desk.
    pub doctor_uid: Uuid,
    /// The doctor's name.
    pub doctor_name: String,
    /// The clinic's date from then on.
    pub date: NaiveDate,
    /// When it began from then on; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ends_at: Option<DateTime<Utc>>,
}

impl NamedStepRow {
    /// The display name of who did it; none for the clinic by itself.
    pub fn by(&self) -> Option<String> {
        let (first, last) = (self.first_name.as_deref(), self.last_name.as_deref());
        name_of(first, last, self.username.as_deref())
    }
}

/// Where an appointment was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct PlaceRow {
    /// With which doctor.
    pub doctor_id: i64,
    /// In which window; none outside any.
    pub available_time_id: Option<i64>,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it began; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether it stood beside another one on purpose.
    pub overbooked: bool,
}

/// A step to write: a [`StepRow`] and where the appointment is from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The appointment.
    pub appointment: i64,
    /// The step.
    pub step: StepRow,
    /// With which doctor.
    pub doctor: i64,
    /// When.
    pub place: Place,
}

macro_rules! step {
    () => {
        "h.version, h.action, h.from_status, h.to_status, h.at, h.account_id, h.role, \
         h.cancelled_by, h.cancelled_late, h.reason_kind, h.reason, h.undoes, h.overbooked"
    };
}

macro_rules! named {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            step!(),
            ", c.first_name, c.last_name, c.username, d.id AS doctor_id, d.uid AS doctor_uid, \
             d.full_name AS doctor_name, h.date, h.starts_at, h.ends_at \
             FROM appointment_history h JOIN doctor d ON d.id = h.doctor_id \
             LEFT JOIN account c ON c.id = h.account_id WHERE h.appointment_id = $1 ",
            $rest
        )
    };
}

/// Writes a step.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: &NewStep) -> sqlx::Result<()> {
    let step = &new.step;
    tx.sql(
        "INSERT INTO appointment_history (appointment_id, version, action, from_status, to_status,
             at, account_id, role, cancelled_by, cancelled_late, reason_kind, reason, undoes,
             doctor_id, available_time_id, date, starts_at, ends_at, overbooked)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)",
    )
    .bind(new.appointment)
    .bind(step.version)
    .bind(step.action.0.as_str())
    .bind(step.from_status.as_deref())
    .bind(step.to_status.0.as_str())
    .bind(step.at)
    .bind(step.account_id)
    .bind(step.role.as_deref())
    .bind(step.cancelled_by.as_deref())
    .bind(step.cancelled_late)
    .bind(step.reason_kind.as_deref())
    .bind(step.reason.as_deref())
    .bind(step.undoes)
    .bind(new.doctor)
    .bind(new.place.available_time)
    .bind(new.place.date)
    .bind(new.place.span.map(|(starts, _)| starts))
    .bind(new.place.span.map(|(_, ends)| ends))
    .bind(step.overbooked)
    .run()
    .await?;
    Ok(())
}

/// All steps of an appointment, oldest first.
///
/// # Errors
/// The database's.
pub async fn steps(session: &mut impl Session, appointment: i64) -> sqlx::Result<Vec<StepRow>> {
    session
        .sql(concat!(
            "SELECT ",
            step!(),
            " FROM appointment_history h WHERE h.appointment_id = $1 ORDER BY h.version"
        ))
        .bind(appointment)
        .all()
        .await
}

/// Where an appointment was before the step that made this version: with which doctor, when, and
/// whether beside another one on purpose.
///
/// # Errors
/// The database's.
pub async fn place_before(
    session: &mut impl Session,
    appointment: i64,
    version: i64,
) -> sqlx::Result<Option<PlaceRow>> {
    session
        .sql(
            "SELECT doctor_id, available_time_id, date, starts_at, ends_at, overbooked
             FROM appointment_history WHERE appointment_id = $1 AND version < $2
             ORDER BY version DESC LIMIT 1",
        )
        .bind(appointment)
        .bind(version)
        .maybe()
        .await
}

/// The same with the names.
///
/// # Errors
/// The database's.
pub async fn named(
    session: &mut impl Session,
    appointment: i64,
) -> sqlx::Result<Vec<NamedStepRow>> {
    session
        .sql(named!("ORDER BY h.version"))
        .bind(appointment)
        .all()
        .await
}

/// The newest step, with the names.
///
/// # Errors
/// The database's.
pub async fn latest(
    session: &mut impl Session,
    appointment: i64,
) -> sqlx::Result<Option<NamedStepRow>> {
    session
        .sql(named!("ORDER BY h.version DESC LIMIT 1"))
        .bind(appointment)
        .maybe()
        .await
}
