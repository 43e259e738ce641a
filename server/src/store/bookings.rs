//! What a booking reads before it writes: the two people, locked, and what they hold already.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Session, Sql, Tx};

/// A doctor, as a booking needs to know them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BookedDoctor {
    /// The doctor's number.
    pub id: i64,
    /// Their account.
    pub account_id: i64,
    /// Their name, for the reasons of a refusal.
    pub full_name: String,
    /// Whether patients see them.
    pub is_verified: bool,
}

/// Time that is taken.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldRow {
    /// The appointment that holds it; none: it is kept for somebody on the waiting list.
    pub id: Option<i64>,
    /// The entry of the waiting list for which it is kept.
    pub waiting_id: Option<i64>,
    /// Whether the doctor asked for is in it, unless beside another on purpose.
    pub is_doctors: bool,
    /// Whether the patient asked for is in it.
    pub is_patients: bool,
    /// The window.
    pub available_time_id: Option<i64>,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether the patient was seen already.
    pub is_over: bool,
}

/// The doctor, retired ones left out. Bookings of one doctor come one after the other: whoever
/// holds this lock books, everybody else waits. (PostgreSQL's exclusion constraint alone would let
/// two who insert at once wait for each other.) Take the doctor before the patient.
///
/// # Errors
/// The database's.
pub async fn lock_doctor(tx: &mut Tx, id: i64) -> sqlx::Result<Option<BookedDoctor>> {
    tx.sql(Sql {
        sqlite: "SELECT id, account_id, full_name, verified_at IS NOT NULL AS is_verified
                 FROM doctor WHERE id = $1 AND retired_at IS NULL",
        postgres: "SELECT id, account_id, full_name, verified_at IS NOT NULL AS is_verified
                   FROM doctor WHERE id = $1 AND retired_at IS NULL FOR NO KEY UPDATE",
    })
    .bind(id)
    .maybe()
    .await
}

/// Locks every doctor, by number: no booking goes on beside what follows.
///
/// # Errors
/// The database's.
pub async fn lock_all_doctors(tx: &mut Tx) -> sqlx::Result<()> {
    let _locked: Vec<(i64,)> = tx
        .sql(Sql {
            // One writer at a time: nobody else writes anyway.
            sqlite: "SELECT id FROM doctor WHERE FALSE",
            postgres: "SELECT id FROM doctor WHERE retired_at IS NULL ORDER BY id
                       FOR NO KEY UPDATE",
        })
        .all()
        .await?;
    Ok(())
}

/// Locks the patient, after the doctor; false if the record is retired or was never there.
///
/// # Errors
/// The database's.
pub async fn lock_patient(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = tx
        .sql(Sql {
            sqlite: "SELECT id FROM patient WHERE id = $1 AND retired_at IS NULL",
            postgres: "SELECT id FROM patient WHERE id = $1 AND retired_at IS NULL
                       FOR NO KEY UPDATE",
        })
        .bind(id)
        .maybe()
        .await?;
    Ok(found.is_some())
}

/// Whether there is such a window on offer, whoever offers it.
///
/// # Errors
/// The database's.
pub async fn window_exists(session: &mut impl Session, id: i64) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql("SELECT id FROM available_time WHERE id = $1 AND retired_at IS NULL")
        .bind(id)
        .maybe()
        .await?;
    Ok(found.is_some())
}

/// What is left out of what people hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Except {
    /// The appointment that is being moved.
    pub appointment: Option<i64>,
    /// The entry of the waiting list whose kept time is being taken.
    pub waiting: Option<i64>,
}

/// What a doctor and a patient hold from one clinic date to another, both included, and what is kept
/// of the doctor's time for the waiting list `now`. Hidden ones count as the database counts them.
///
/// # Errors
/// The database's.
pub async fn held(
    session: &mut impl Session,
    (doctor, patient): (i64, i64),
    dates: (NaiveDate, NaiveDate),
    except: Except,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<HeldRow>> {
    session
        .sql(
            "SELECT id, CAST(NULL AS bigint) AS waiting_id, NOT overbooked AS is_doctors,
                 patient_id = $2 AS is_patients, available_time_id, date, starts_at, ends_at,
                 status = 'completed' AS is_over
             FROM appointment
             WHERE doctor_id = $1 AND date BETWEEN $3 AND $4 AND id <> $5
               AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
             UNION ALL
             SELECT id, CAST(NULL AS bigint), FALSE, TRUE, available_time_id, date, starts_at, ends_at,
                 status = 'completed'
             FROM appointment
             WHERE patient_id = $2 AND doctor_id <> $1 AND date BETWEEN $3 AND $4 AND id <> $5
               AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
             UNION ALL
             SELECT CAST(NULL AS bigint), waiting_id, TRUE, FALSE, available_time_id, date, starts_at, ends_at,
                 FALSE
             FROM slot_hold
             WHERE doctor_id = $1 AND date BETWEEN $3 AND $4 AND waiting_id <> $6
               AND expires_at > $7",
        )
        .bind(doctor)
        .bind(patient)
        .bind(dates.0)
        .bind(dates.1)
        .bind(except.appointment.unwrap_or(0))
        .bind(except.waiting.unwrap_or(0))
        .bind(now)
        .all()
        .await
}

/// The number of an account's patient record, if it has one.
///
/// # Errors
/// The database's.
pub async fn patient_of_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> = session
        .sql("SELECT id FROM patient WHERE account_id = $1 AND retired_at IS NULL")
        .bind(account)
        .maybe()
        .await?;
    Ok(found.map(|(id,)| id))
}

/// How many appointments a doctor has on a date that stand beside others, walk-ins and one other
/// excepted.
///
/// # Errors
/// The database's.
pub async fn overbooked(
    session: &mut impl Session,
    doctor: i64,
    date: NaiveDate,
    except: Option<i64>,
) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(
            "SELECT count(*) FROM appointment
             WHERE doctor_id = $1 AND date = $2 AND id <> $3 AND overbooked AND NOT walk_in
               AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')",
        )
        .bind(doctor)
        .bind(date)
        .bind(except.unwrap_or(0))
        .one()
        .await?;
    Ok(count)
}

/// How many appointments a patient has ahead.
///
/// # Errors
/// The database's.
pub async fn open_of_patient(
    session: &mut impl Session,
    patient: i64,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(
            "SELECT count(*) FROM appointment
             WHERE patient_id = $1 AND hidden_at IS NULL AND status IN ('pending', 'confirmed')
               AND (starts_at > $2 OR (starts_at IS NULL AND date >= $3))",
        )
        .bind(patient)
        .bind(now)
        .bind(today)
        .one()
        .await?;
    Ok(count)
}

/// Whether a patient has an appointment with a doctor, past or to come.
///
/// # Errors
/// The database's.
pub async fn knows(session: &mut impl Session, doctor: i64, patient: i64) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT id FROM appointment
             WHERE doctor_id = $1 AND patient_id = $2 AND hidden_at IS NULL LIMIT 1",
        )
        .bind(doctor)
        .bind(patient)
        .maybe()
        .await?;
    Ok(found.is_some())
}
