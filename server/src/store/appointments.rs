//! Appointments. That nobody is booked twice at once is the database's own rule (migration
//! `0005_appointments`); [`busy`] tells which one an error is about. What a booking reads before
//! it writes is in [`super::bookings`].

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{CancelledBy, Kind, Status};

use super::{Session, Sql, Tx, unique_violation};

/// An appointment as the rules work with it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AppointmentRow {
    /// Its id.
    pub id: i64,
    /// Who comes.
    pub patient_id: i64,
    /// Whom they see.
    pub doctor_id: i64,
    /// The window it was booked in; none outside any.
    pub available_time_id: Option<i64>,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it begins, or the day's first moment.
    pub at: DateTime<Utc>,
    /// Whether people meet.
    #[sqlx(try_from = "String")]
    pub kind: Word<Kind>,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// What the patient says.
    pub symptoms: String,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl AppointmentRow {
    /// When it is.
    pub fn place(&self) -> Place {
        Place {
            available_time: self.available_time_id,
            date: self.date,
            span: self.starts_at.zip(self.ends_at),
            at: self.at,
        }
    }
}

/// A word of an enum, read from its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: std::str::FromStr<Err = String>> TryFrom<String> for Word<T> {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse().map(Word)
    }
}

/// When an appointment is, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The window; none outside any.
    pub available_time: Option<i64>,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Begin and end; none in a window without a clock.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Begin, or the day's first moment: lists are in this order.
    pub at: DateTime<Utc>,
}

/// A new appointment, beside its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New<'a> {
    /// Who comes.
    pub patient: i64,
    /// Whom they see.
    pub doctor: i64,
    /// When.
    pub place: Place,
    /// Whether people meet.
    pub kind: Kind,
    /// What the patient says.
    pub symptoms: &'a str,
}

/// Who is booked at that time already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// The doctor.
    Doctor,
    /// The patient.
    Patient,
}

/// Whose time an error of [`insert`] or [`update`] is about; none: it is another error.
pub fn busy(error: &sqlx::Error) -> Option<Busy> {
    let database = error.as_database_error()?;
    // PostgreSQL names the exclusion constraint, SQLite's trigger says the same name.
    let name = match (unique_violation(error), database.constraint()) {
        (Some(name), _) => name,
        (None, Some(name)) => name.to_owned(),
        (None, None) => database.message().to_owned(),
    };
    match name.as_str() {
        "appointment_doctor_busy" | "appointment_doctor_id_available_time_id_date_key" => {
            Some(Busy::Doctor)
        }
        "appointment_patient_busy" | "appointment_patient_id_available_time_id_date_key" => {
            Some(Busy::Patient)
        }
        _ => None,
    }
}

/// The columns of an [`AppointmentRow`], from `appointment a`.
macro_rules! columns {
    () => {
        "a.id, a.patient_id, a.doctor_id, a.available_time_id, a.date, a.starts_at, a.ends_at, \
         a.at, a.kind, a.status, a.symptoms, a.version"
    };
}

/// Calls off what is booked from now on, of one patient or one doctor.
macro_rules! cancel_future_where {
    ($whose:literal) => {
        concat!(
            "UPDATE appointment SET status = 'cancelled', cancelled_by = $2, cancel_reason = $3, \
             cancelled_late = (at < $4), version = version + 1, updated_at = $5 WHERE ",
            $whose,
            " = $1 AND hidden_at IS NULL AND status IN ('pending', 'confirmed') \
             AND (starts_at > $5 OR (starts_at IS NULL AND date >= $6)) RETURNING id, patient_id"
        )
    };
}
/// Inserts a pending appointment and answers its id.
///
/// # Errors
/// The database's; [`busy`] tells whether the time was taken.
pub async fn insert(tx: &mut Tx, new: &New<'_>, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO appointment (patient_id, doctor_id, available_time_id, date, starts_at,
                 ends_at, at, kind, status, overbooked, symptoms, is_paid, cancelled_late, version,
                 created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $9, $9, 1, $11, $11)
             RETURNING id",
        )
        .bind(new.patient)
        .bind(new.doctor)
        .bind(new.place.available_time)
        .bind(new.place.date)
        .bind(new.place.span.map(|(starts, _)| starts))
        .bind(new.place.span.map(|(_, ends)| ends))
        .bind(new.place.at)
        .bind(new.kind.as_str())
        .bind(false)
        .bind(new.symptoms)
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Writes kind, symptoms, doctor and time if the appointment still has this version; false if
/// somebody was faster.
///
/// # Errors
/// The database's; [`busy`] tells whether the time was taken.
pub async fn update(
    tx: &mut Tx,
    id: i64,
    version: i64,
    new: &New<'_>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE appointment SET doctor_id = $3, available_time_id = $4, date = $5,
                 starts_at = $6, ends_at = $7, at = $8, kind = $9, symptoms = $10,
                 version = version + 1, updated_at = $11
             WHERE id = $1 AND version = $2 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(new.doctor)
        .bind(new.place.available_time)
        .bind(new.place.date)
        .bind(new.place.span.map(|(starts, _)| starts))
        .bind(new.place.span.map(|(_, ends)| ends))
        .bind(new.place.at)
        .bind(new.kind.as_str())
        .bind(new.symptoms)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// How an appointment is called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancel<'a> {
    /// By whom.
    pub by: CancelledBy,
    /// Why.
    pub reason: Option<&'a str>,
    /// An appointment before this is called off late.
    pub late_before: DateTime<Utc>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Calls an appointment off if it still has this version; false if somebody was faster.
///
/// # Errors
/// The database's.
pub async fn cancel(tx: &mut Tx, id: i64, version: i64, how: Cancel<'_>) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE appointment SET status = 'cancelled', cancelled_by = $3, cancel_reason = $4,
                 cancelled_late = (at < $5), version = version + 1, updated_at = $6
             WHERE id = $1 AND version = $2 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(how.by.as_str())
        .bind(how.reason)
        .bind(how.late_before)
        .bind(how.at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Hides an appointment from everybody; its record stays. False if it is hidden already.
///
/// # Errors
/// The database's.
pub async fn hide(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let hidden = tx
        .sql(
            "UPDATE appointment SET hidden_at = $2, version = version + 1, updated_at = $2
             WHERE id = $1 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(hidden == 1)
}

/// Calls off all that a patient has yet to come to; answers the appointments, each with its
/// patient.
///
/// # Errors
/// The database's.
pub async fn cancel_future_of_patient(
    tx: &mut Tx,
    patient: i64,
    today: NaiveDate,
    how: Cancel<'_>,
) -> sqlx::Result<Vec<(i64, i64)>> {
    cancel_future(tx, cancel_future_where!("patient_id"), patient, today, how).await
}

/// Calls off all that a doctor has yet to give; answers the appointments, each with its
/// patient.
///
/// # Errors
/// The database's.
pub async fn cancel_future_of_doctor(
    tx: &mut Tx,
    doctor: i64,
    today: NaiveDate,
    how: Cancel<'_>,
) -> sqlx::Result<Vec<(i64, i64)>> {
    cancel_future(tx, cancel_future_where!("doctor_id"), doctor, today, how).await
}

async fn cancel_future(
    tx: &mut Tx,
    text: &'static str,
    of: i64,
    today: NaiveDate,
    how: Cancel<'_>,
) -> sqlx::Result<Vec<(i64, i64)>> {
    let mut called_off: Vec<(i64, i64)> = tx
        .sql(text)
        .bind(of)
        .bind(how.by.as_str())
        .bind(how.reason)
        .bind(how.late_before)
        .bind(how.at)
        .bind(today)
        .all()
        .await?;
    called_off.sort_unstable();
    Ok(called_off)
}

/// The appointment of an id, hidden ones left out.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<AppointmentRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM appointment a WHERE a.id = $1 AND a.hidden_at IS NULL"
        ))
        .bind(id)
        .maybe()
        .await
}

/// As [`by_id`], and nobody else changes it until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<AppointmentRow>> {
    tx.sql(Sql {
        sqlite: concat!(
            "SELECT ",
            columns!(),
            " FROM appointment a WHERE a.id = $1 AND a.hidden_at IS NULL"
        ),
        postgres: concat!(
            "SELECT ",
            columns!(),
            " FROM appointment a WHERE a.id = $1 AND a.hidden_at IS NULL FOR UPDATE"
        ),
    })
    .bind(id)
    .maybe()
    .await
}

/// Adds to the number of appointments that are not hidden.
///
/// # Errors
/// The database's.
pub async fn count_by(tx: &mut Tx, more: i64) -> sqlx::Result<()> {
    tx.sql("UPDATE counter SET value = value + $1 WHERE name = 'appointments'")
        .bind(more)
        .run()
        .await?;
    Ok(())
}
