//! Lists of appointments: by whose they are, and by day with the names.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Kind, Status};
use clinic_shared::desk::queue::Priority;
use uuid::Uuid;

use super::Session;
use super::absences::OffTime;
use super::appointments::{AppointmentRow, Marks, Word};

/// An appointment as a line of classic's list: no more than is shown.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LineRow {
    /// Its id.
    pub id: i64,
    /// Who comes.
    pub patient_id: i64,
    /// Whom they see.
    pub doctor_id: i64,
    /// The window; none outside any.
    pub available_time_id: Option<i64>,
    /// Whether people meet.
    #[sqlx(try_from = "String")]
    pub kind: Word<Kind>,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// What the patient says.
    pub symptoms: String,
}

impl From<AppointmentRow> for LineRow {
    fn from(row: AppointmentRow) -> Self {
        LineRow {
            id: row.id,
            patient_id: row.patient_id,
            doctor_id: row.doctor_id,
            available_time_id: row.available_time_id,
            kind: row.kind,
            status: row.status,
            symptoms: row.symptoms,
        }
    }
}

/// Whose appointments are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// One doctor's.
    Doctor(i64),
    /// One patient's.
    Patient(i64),
    /// One patient's with one doctor.
    Both {
        /// The doctor.
        doctor: i64,
        /// The patient.
        patient: i64,
    },
    /// Those in which somebody is the doctor, and those in which they are the patient.
    Either {
        /// As the doctor.
        doctor: i64,
        /// As the patient.
        patient: i64,
    },
}

impl Whose {
    /// The doctor and the patient, 0 where there is none.
    const fn numbers(self) -> (i64, i64) {
        match self {
            Whose::All => (0, 0),
            Whose::Doctor(doctor) => (doctor, 0),
            Whose::Patient(patient) => (0, patient),
            Whose::Both { doctor, patient } | Whose::Either { doctor, patient } => {
                (doctor, patient)
            }
        }
    }
}

/// One text for each way to choose: an index serves each, where one text with optional parts
/// would have the planner read the whole table. `$1` is the doctor, `$2` the patient.
macro_rules! chosen {
    ($before:expr, $after:literal, $whose:expr) => {
        match $whose {
            Whose::All => concat!($before, "$1 = $2", $after),
            Whose::Doctor(_) => concat!($before, "a.doctor_id = $1 AND $2 = 0", $after),
            Whose::Patient(_) => concat!($before, "a.patient_id = $2 AND $1 = 0", $after),
            Whose::Both { .. } => {
                concat!($before, "a.patient_id = $2 AND a.doctor_id = $1", $after)
            }
            Whose::Either { .. } => concat!(
                $before,
                "a.id IN (SELECT id FROM appointment WHERE doctor_id = $1 AND hidden_at IS NULL \
                 UNION SELECT id FROM appointment WHERE patient_id = $2 AND hidden_at IS NULL)",
                $after
            ),
        }
    };
}

/// How many appointments a choice holds. Everybody's is a number kept with every change.
///
/// # Errors
/// The database's.
pub async fn count(session: &mut impl Session, whose: Whose) -> sqlx::Result<i64> {
    let (doctor, patient) = whose.numbers();
    let (count,): (i64,) = match whose {
        Whose::All => {
            session
                .sql("SELECT value FROM counter WHERE name = 'appointments'")
                .one()
                .await?
        }
        whose => {
            session
                .sql(chosen!(
                    "SELECT count(*) FROM appointment a WHERE ",
                    " AND a.hidden_at IS NULL",
                    whose
                ))
                .bind(doctor)
                .bind(patient)
                .one()
                .await?
        }
    };
    Ok(count)
}

/// `SELECT columns of a [`LineRow`] FROM appointment a …`
macro_rules! line {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.patient_id, a.doctor_id, a.available_time_id, a.kind, a.status, \
             a.symptoms FROM appointment a",
            $rest
        )
    };
}

/// A page of a choice by id, smallest first: `limit` rows beyond `after`, after skipping `offset`.
///
/// # Errors
/// The database's.
pub async fn page(
    session: &mut impl Session,
    whose: Whose,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    let (doctor, patient) = whose.numbers();
    let text = match offset {
        0 => chosen!(
            line!(" WHERE "),
            " AND a.hidden_at IS NULL AND a.id > $3 ORDER BY a.id LIMIT $4 OFFSET $5",
            whose
        ),
        // What is skipped is counted off along an index, without the texts.
        _ => chosen!(
            line!(" JOIN (SELECT a.id FROM appointment a WHERE "),
            " AND a.hidden_at IS NULL AND a.id > $3 ORDER BY a.id LIMIT $4 OFFSET $5) page \
             ON page.id = a.id ORDER BY a.id",
            whose
        ),
    };
    session
        .sql(text)
        .bind(doctor)
        .bind(patient)
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// An appointment with everything the desk shows beside it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct NamedRow {
    /// Its id.
    pub id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// The window's label; none outside any window.
    pub window_name: Option<String>,
    /// Whether people meet.
    #[sqlx(try_from = "String")]
    pub kind: Word<Kind>,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
    /// Booked beside another one on purpose.
    pub overbooked: bool,
    /// Who comes.
    pub patient_id: i64,
    /// Their id of v1 and the desk.
    pub patient_uid: Uuid,
    /// Their name.
    pub patient_name: String,
    /// Their birth date.
    pub patient_birth_date: Option<NaiveDate>,
    /// Whom they see.
    pub doctor_id: i64,
    /// The doctor's id of v1 and the desk.
    pub doctor_uid: Uuid,
    /// The doctor's name.
    pub doctor_name: String,
}

/// What only a single appointment shows.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct DetailRow {
    /// What every line shows.
    #[sqlx(flatten)]
    pub line: NamedRow,
    /// The patient's phone, as typed.
    pub patient_phone: Option<String>,
    /// The window; none outside any.
    pub available_time_id: Option<i64>,
    /// What it is about.
    pub title: Option<String>,
    /// What the patient says.
    pub symptoms: String,
    /// Where an online visit takes place.
    pub meeting_link: Option<String>,
    /// Whether it was paid for.
    pub is_paid: bool,
    /// Came without being booked.
    pub walk_in: bool,
    /// The number that is called out.
    pub ticket: Option<i64>,
    /// Where the patient is seen.
    pub room: Option<String>,
    /// Who goes first.
    #[sqlx(try_from = "String")]
    pub priority: Word<Priority>,
    /// When the patient was called in, until they go in.
    pub called_at: Option<DateTime<Utc>>,
    /// When and why it came to stand as it does.
    #[sqlx(flatten)]
    pub marks: Marks,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

macro_rules! named {
    ($columns:literal, $rest:expr) => {
        concat!(
            "SELECT a.id, a.date, a.starts_at, a.ends_at, w.name AS window_name, a.kind, a.status, \
             a.overbooked, p.id AS patient_id, p.uid AS patient_uid, p.full_name AS patient_name, \
             p.birth_date AS patient_birth_date, \
             d.id AS doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name",
            $columns,
            " FROM appointment a JOIN patient p ON p.id = a.patient_id \
             JOIN doctor d ON d.id = a.doctor_id \
             LEFT JOIN available_time w ON w.id = a.available_time_id ",
            $rest
        )
    };
}
pub(super) use named;

/// `SELECT columns of a [`DetailRow`] …`
macro_rules! named_detail {
    ($rest:expr) => {
        concat!(
            "SELECT a.id, a.date, a.starts_at, a.ends_at, w.name AS window_name, a.kind, a.status, \
             a.overbooked, p.id AS patient_id, p.uid AS patient_uid, p.full_name AS patient_name, \
             p.birth_date AS patient_birth_date, \
             d.id AS doctor_id, d.uid AS doctor_uid, d.full_name AS doctor_name, \
             p.phone AS patient_phone, a.available_time_id, a.title, a.symptoms, \
             a.meeting_link, a.is_paid, a.walk_in, a.ticket, a.room, a.priority, a.called_at, \
             a.confirmed_at, a.checked_in_at, a.started_at, \
             a.completed_at, a.cancelled_at, a.no_show_at, a.left_at, a.cancelled_by, \
             a.cancel_reason, a.cancelled_late, a.reason_kind, a.version, a.created_at, a.updated_at \
             FROM appointment a JOIN patient p ON p.id = a.patient_id \
             JOIN doctor d ON d.id = a.doctor_id \
             LEFT JOIN available_time w ON w.id = a.available_time_id ",
            $rest
        )
    };
}
pub(super) use named_detail;

/// Which appointments of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The clinic's date.
    pub date: NaiveDate,
    /// Only of this doctor (the id of the desk).
    pub doctor: Option<Uuid>,
    /// Only those that stand so.
    pub status: Option<Status>,
}

/// How many appointments a day has.
///
/// # Errors
/// The database's.
pub async fn count_of_day(session: &mut impl Session, day: &Day) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(
            "SELECT count(*) FROM appointment a JOIN doctor d ON d.id = a.doctor_id
             WHERE a.date = $1 AND a.hidden_at IS NULL
               AND ($2 OR d.uid = $3) AND ($4 = '' OR a.status = $4)",
        )
        .bind(day.date)
        .bind(day.doctor.is_none())
        .bind(day.doctor.unwrap_or_default())
        .bind(day.status.map_or("", Status::as_str))
        .one()
        .await?;
    Ok(count)
}

/// A page of a day in the order of the day: `limit` rows beyond the appointment `after`, after
/// skipping `offset`.
///
/// # Errors
/// The database's.
pub async fn day(
    session: &mut impl Session,
    day: &Day,
    after: Option<i64>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<NamedRow>> {
    session
        .sql(named!(
            "",
            "WHERE a.date = $1 AND a.hidden_at IS NULL \
             AND ($2 OR d.uid = $3) AND ($4 = '' OR a.status = $4) \
             AND ($5 = 0 OR (a.at, a.id) > (SELECT b.at, b.id FROM appointment b WHERE b.id = $5)) \
             ORDER BY a.at, a.id LIMIT $6 OFFSET $7"
        ))
        .bind(day.date)
        .bind(day.doctor.is_none())
        .bind(day.doctor.unwrap_or_default())
        .bind(day.status.map_or("", Status::as_str))
        .bind(after.unwrap_or(0))
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// What a patient has on a day, in the order of time, whatever is called off left out.
///
/// # Errors
/// The database's.
pub async fn of_patient_on(
    session: &mut impl Session,
    patient: i64,
    date: NaiveDate,
) -> sqlx::Result<Vec<NamedRow>> {
    session
        .sql(named!(
            "",
            "WHERE a.patient_id = $1 AND a.date = $2 AND a.hidden_at IS NULL \
             AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed') \
             ORDER BY a.at, a.id"
        ))
        .bind(patient)
        .bind(date)
        .all()
        .await
}

/// One appointment with everything, hidden ones left out.
///
/// # Errors
/// The database's.
pub async fn detail(session: &mut impl Session, id: i64) -> sqlx::Result<Option<DetailRow>> {
    session
        .sql(named_detail!("WHERE a.id = $1 AND a.hidden_at IS NULL"))
        .bind(id)
        .maybe()
        .await
}

/// The appointments to come that fall into the time that a doctor is away, or that the clinic is
/// closed, in the order of time. One without a clock does where the whole day is off.
///
/// # Errors
/// The database's.
pub async fn hit(
    session: &mut impl Session,
    doctor: Option<i64>,
    off: &OffTime,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<NamedRow>> {
    session
        .sql(named!(
            "",
            "WHERE ($1 = 0 OR a.doctor_id = $1) AND a.hidden_at IS NULL \
             AND a.status IN ('pending', 'confirmed') AND a.date BETWEEN $2 AND $3 \
             AND ((a.starts_at < $5 AND a.ends_at > $4 AND a.starts_at > $7) \
                  OR ($6 AND a.starts_at IS NULL AND a.date >= $8 AND a.date >= $9)) \
             ORDER BY a.at, a.id"
        ))
        .bind(doctor.unwrap_or(0))
        // What is booked outside windows may reach over midnight.
        .bind(off.first_date.pred_opt().unwrap_or(off.first_date))
        .bind(off.last_date)
        .bind(off.starts_at)
        .bind(off.ends_at)
        .bind(off.starts.is_none())
        .bind(now)
        .bind(today)
        .bind(off.first_date)
        .all()
        .await
}
