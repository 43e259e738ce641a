//! What a search for free time reads: several doctors, what they offer, and what is held.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::available_times::WindowRow;
use super::bookings::HeldRow;
use super::lists::{ids, json_ids};
use super::{Session, Sql};

/// A doctor whom patients see.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenDoctor {
    /// The doctor's number.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// Their name.
    pub full_name: String,
}

/// The doctors whom patients see, by name: one, those of a specialisation, or all.
///
/// # Errors
/// The database's.
pub async fn doctors(
    session: &mut impl Session,
    doctor: Option<Uuid>,
    specialisation: Option<i64>,
) -> sqlx::Result<Vec<OpenDoctor>> {
    session
        .sql(
            "SELECT d.id, d.uid, d.full_name FROM doctor d
             WHERE d.retired_at IS NULL AND d.verified_at IS NOT NULL
               AND ($1 OR d.uid = $2)
               AND ($3 = 0 OR d.id IN (SELECT doctor_id FROM doctor_specialisation
                                       WHERE specialisation_id = $3))
             ORDER BY d.name_key, d.id",
        )
        .bind(doctor.is_none())
        .bind(doctor.unwrap_or_default())
        .bind(specialisation.unwrap_or(0))
        .all()
        .await
}

/// A window that a doctor offers.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferedRow {
    /// Who offers it.
    pub doctor_id: i64,
    /// The window.
    #[sqlx(flatten)]
    pub window: WindowRow,
}

/// What these doctors offer, by doctor and window.
///
/// # Errors
/// The database's.
pub async fn windows(session: &mut impl Session, doctors: &[i64]) -> sqlx::Result<Vec<OfferedRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT l.doctor_id, w.id, w.name, w.starts_at, w.ends_at, w.weekdays, \
                 w.slot_minutes, w.valid_from, w.valid_to, w.version, w.updated_at \
                 FROM doctor_available_time l JOIN available_time w ON w.id = l.available_time_id \
                 WHERE w.retired_at IS NULL AND l.doctor_id IN ",
                ids!(sqlite, "$1"),
                " ORDER BY l.doctor_id, w.id"
            ),
            postgres: concat!(
                "SELECT l.doctor_id, w.id, w.name, w.starts_at, w.ends_at, w.weekdays, \
                 w.slot_minutes, w.valid_from, w.valid_to, w.version, w.updated_at \
                 FROM doctor_available_time l JOIN available_time w ON w.id = l.available_time_id \
                 WHERE w.retired_at IS NULL AND l.doctor_id IN ",
                ids!(postgres, "$1"),
                " ORDER BY l.doctor_id, w.id"
            ),
        })
        .bind(json_ids(doctors))
        .all()
        .await
}

/// Time that is taken.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TakenRow {
    /// Whose time.
    pub doctor_id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// The window.
    pub available_time_id: Option<i64>,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
}

impl TakenRow {
    /// Whose time it is, and that the doctor holds it.
    pub fn held(self) -> (i64, HeldRow) {
        (self.doctor_id, self.of(true))
    }

    /// That the patient holds it.
    pub fn of_patient(self) -> HeldRow {
        self.of(false)
    }

    fn of(self, is_doctors: bool) -> HeldRow {
        HeldRow {
            id: None,
            waiting_id: None,
            is_doctors,
            is_patients: !is_doctors,
            available_time_id: self.available_time_id,
            date: self.date,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            is_over: false,
        }
    }
}

/// What these doctors hold from one of the clinic's dates to another, both included, by date, with
/// what is kept `now` for the waiting list; what stands beside others on purpose is left out.
///
/// # Errors
/// The database's.
pub async fn taken(
    session: &mut impl Session,
    doctors: &[i64],
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<TakenRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT doctor_id, date, available_time_id, starts_at, ends_at FROM appointment \
                 WHERE NOT overbooked AND date BETWEEN $2 AND $3 AND status IN \
                 ('pending', 'confirmed', 'checked_in', 'running', 'completed') AND doctor_id IN ",
                ids!(sqlite, "$1"),
                " UNION ALL SELECT doctor_id, date, available_time_id, starts_at, ends_at \
                 FROM slot_hold WHERE date BETWEEN $2 AND $3 AND expires_at > $4 AND doctor_id IN ",
                ids!(sqlite, "$1"),
                " ORDER BY 2"
            ),
            postgres: concat!(
                "SELECT doctor_id, date, available_time_id, starts_at, ends_at FROM appointment \
                 WHERE NOT overbooked AND date BETWEEN $2 AND $3 AND status IN \
                 ('pending', 'confirmed', 'checked_in', 'running', 'completed') AND doctor_id IN ",
                ids!(postgres, "$1"),
                " UNION ALL SELECT doctor_id, date, available_time_id, starts_at, ends_at \
                 FROM slot_hold WHERE date BETWEEN $2 AND $3 AND expires_at > $4 AND doctor_id IN ",
                ids!(postgres, "$1"),
                " ORDER BY 2"
            ),
        })
        .bind(json_ids(doctors))
        .bind(from)
        .bind(to)
        .bind(now)
        .all()
        .await
}

/// What a patient holds from one of the clinic's dates to another, both included, with whomever, by
/// date.
///
/// # Errors
/// The database's.
pub async fn taken_of_patient(
    session: &mut impl Session,
    patient: i64,
    (from, to): (NaiveDate, NaiveDate),
) -> sqlx::Result<Vec<TakenRow>> {
    session
        .sql(
            "SELECT doctor_id, date, available_time_id, starts_at, ends_at FROM appointment
             WHERE patient_id = $1 AND date BETWEEN $2 AND $3
               AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
             ORDER BY date",
        )
        .bind(patient)
        .bind(from)
        .bind(to)
        .all()
        .await
}
