//! Appointments. That nobody is booked twice at once is the database's own rule (migration
//! `0005_appointments`); [`busy`] tells which one an error is about. What a booking reads before
//! it writes is in [`super::bookings`].

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Kind, Status};
use clinic_shared::desk::queue::Priority;

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
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// What the patient says.
    pub symptoms: String,
    /// Beside another one on purpose.
    pub overbooked: bool,
    /// Came without being booked.
    pub walk_in: bool,
    /// The number that is called out.
    pub ticket: Option<i64>,
    /// The clinic's date that the number is of.
    pub ticket_date: Option<NaiveDate>,
    /// Where the patient is seen.
    pub room: Option<String>,
    /// Who goes first.
    #[sqlx(try_from = "String")]
    pub priority: Word<Priority>,
    /// Whether it was paid for.
    pub is_paid: bool,
    /// Where an online visit takes place.
    pub meeting_link: Option<String>,
    /// When and why it came to stand as it does.
    #[sqlx(flatten)]
    pub marks: Marks,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// When each state was entered that still counts, and why the last one was.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Marks {
    /// When it was agreed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the patient came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started_at: Option<DateTime<Utc>>,
    /// When the patient was seen.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When it was noted that the patient did not come.
    pub no_show_at: Option<DateTime<Utc>>,
    /// When the patient left without being seen.
    pub left_at: Option<DateTime<Utc>>,
    /// Who called it off, as its word.
    pub cancelled_by: Option<String>,
    /// Less than a day before.
    pub cancelled_late: bool,
    /// Why it was called off, missed or left, as its word.
    pub reason_kind: Option<String>,
    /// The same in the words of who did it.
    #[sqlx(rename = "cancel_reason")]
    pub reason: Option<String>,
}

impl AppointmentRow {
    /// Whether it is still what somebody saw before it was locked: nobody changed it, and its patient
    /// was not merged into another one.
    pub fn is_still(&self, seen: (i64, i64)) -> bool {
        (self.version, self.patient_id) == seen
    }

    /// What [`AppointmentRow::is_still`] compares: version and patient.
    pub fn seen(&self) -> (i64, i64) {
        (self.version, self.patient_id)
    }

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
    /// What it is about, in a few words.
    pub title: Option<&'a str>,
    /// What the patient says.
    pub symptoms: &'a str,
    /// Whether it stands beside another one on purpose.
    pub overbooked: bool,
    /// Whether the patient came without being booked; then it is marked overbooked, too.
    pub walk_in: bool,
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
         a.at, a.kind, a.status, a.title, a.symptoms, a.overbooked, a.walk_in, a.ticket, \
         a.ticket_date, a.room, a.priority, a.is_paid, a.meeting_link, \
         a.confirmed_at, a.checked_in_at, a.started_at, a.completed_at, a.cancelled_at, \
         a.no_show_at, a.left_at, a.cancelled_by, a.cancelled_late, a.reason_kind, \
         a.cancel_reason, a.version"
    };
}

/// A choice of appointments, locked on PostgreSQL until the transaction ends.
macro_rules! locked {
    ($chosen:literal) => {
        Sql {
            sqlite: concat!(
                "SELECT ",
                columns!(),
                " FROM appointment a WHERE a.hidden_at IS NULL AND ",
                $chosen
            ),
            postgres: concat!(
                "SELECT ",
                columns!(),
                " FROM appointment a WHERE a.hidden_at IS NULL AND ",
                $chosen,
                " FOR UPDATE"
            ),
        }
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
                 ends_at, at, kind, status, overbooked, title, symptoms, is_paid, cancelled_late,
                 version, created_at, updated_at, walk_in)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, $12, $12, 1, $13, $13,
                 $14)
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
        .bind(new.overbooked)
        .bind(new.title)
        .bind(new.symptoms)
        .bind(false)
        .bind(at)
        .bind(new.walk_in)
        .one()
        .await?;
    Ok(id)
}

/// Writes kind, title, symptoms, doctor and time if the appointment still has this version; false if
/// somebody was faster. Ticket and room are of a day: a move to another one leaves them behind.
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
                 title = $11, overbooked = $12, walk_in = $14,
                 ticket = CASE WHEN date = $5 THEN ticket END,
                 ticket_date = CASE WHEN date = $5 THEN ticket_date END,
                 room = CASE WHEN date = $5 THEN room END,
                 version = version + 1, updated_at = $13
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
        .bind(new.title)
        .bind(new.overbooked)
        .bind(at)
        .bind(new.walk_in)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Writes where an appointment stands, if it still has this version; false if somebody was faster.
/// Who was called in before it was called to the step before.
///
/// # Errors
/// The database's; [`busy`] tells whether the time that it takes back was given away.
pub async fn set_status(
    tx: &mut Tx,
    (id, version): (i64, i64),
    status: Status,
    overbooked: bool,
    marks: &Marks,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE appointment SET status = $3, overbooked = $4, confirmed_at = $5,
                 checked_in_at = $6, started_at = $7, completed_at = $8, cancelled_at = $9,
                 no_show_at = $10, left_at = $11, cancelled_by = $12, cancelled_late = $13,
                 reason_kind = $14, cancel_reason = $15, called_at = NULL,
                 version = version + 1, updated_at = $16
             WHERE id = $1 AND version = $2 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(status.as_str())
        .bind(overbooked)
        .bind(marks.confirmed_at)
        .bind(marks.checked_in_at)
        .bind(marks.started_at)
        .bind(marks.completed_at)
        .bind(marks.cancelled_at)
        .bind(marks.no_show_at)
        .bind(marks.left_at)
        .bind(marks.cancelled_by.as_deref())
        .bind(marks.cancelled_late)
        .bind(marks.reason_kind.as_deref())
        .bind(marks.reason.as_deref())
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Writes whether it was paid for, if the appointment still has this version; false if somebody was
/// faster.
///
/// # Errors
/// The database's.
pub async fn set_paid(
    tx: &mut Tx,
    (id, version): (i64, i64),
    is_paid: bool,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE appointment SET is_paid = $3, version = version + 1, updated_at = $4
             WHERE id = $1 AND version = $2 AND hidden_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(is_paid)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Writes where an online visit takes place, beside another change of the same transaction.
///
/// # Errors
/// The database's.
pub async fn set_link(tx: &mut Tx, id: i64, link: &str) -> sqlx::Result<()> {
    tx.sql("UPDATE appointment SET meeting_link = $2 WHERE id = $1")
        .bind(id)
        .bind(link)
        .run()
        .await?;
    Ok(())
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

/// What a patient has yet to come to, by id, locked.
///
/// # Errors
/// The database's.
pub async fn lock_future_of_patient(
    tx: &mut Tx,
    patient: i64,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<AppointmentRow>> {
    tx.sql(locked!(
        "a.patient_id = $1 AND a.status IN ('pending', 'confirmed') \
         AND (a.starts_at > $2 OR (a.starts_at IS NULL AND a.date >= $3)) ORDER BY a.id"
    ))
    .bind(patient)
    .bind(now)
    .bind(today)
    .all()
    .await
}

/// What a doctor has yet to give, by id, locked.
///
/// # Errors
/// The database's.
pub async fn lock_future_of_doctor(
    tx: &mut Tx,
    doctor: i64,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<AppointmentRow>> {
    tx.sql(locked!(
        "a.doctor_id = $1 AND a.status IN ('pending', 'confirmed') \
         AND (a.starts_at > $2 OR (a.starts_at IS NULL AND a.date >= $3)) ORDER BY a.id"
    ))
    .bind(doctor)
    .bind(now)
    .bind(today)
    .all()
    .await
}

/// Appointments of days before this one to which nobody came, oldest first, locked; at most so many.
///
/// # Errors
/// The database's.
pub async fn lock_missed(
    tx: &mut Tx,
    before: NaiveDate,
    most: i64,
) -> sqlx::Result<Vec<AppointmentRow>> {
    tx.sql(locked!(
        "a.status IN ('pending', 'confirmed') AND a.date < $1 ORDER BY a.date, a.id LIMIT $2"
    ))
    .bind(before)
    .bind(most)
    .all()
    .await
}

/// How often a patient did not come.
///
/// # Errors
/// The database's.
pub async fn no_shows(session: &mut impl Session, patient: i64) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql("SELECT count(*) FROM appointment WHERE patient_id = $1 AND status = 'no_show'")
        .bind(patient)
        .one()
        .await?;
    Ok(count)
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
    tx.sql(locked!("a.id = $1")).bind(id).maybe().await
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
