//! Who waits for an earlier time, and the time that is kept for them (API.md §7 `waitlist/`).

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::slots::PartOfDay;
use clinic_shared::desk::waitlist::{Urgency, WaitingStatus};
use uuid::Uuid;

use super::appointments::{Place, Word};
use super::{Session, Sql, Tx};

/// Somebody who waits, with the names beside.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WaitingRow {
    /// The entry's id.
    pub id: i64,
    /// Who waits.
    pub patient_id: i64,
    /// Their id of v1 and the desk.
    pub patient_uid: Uuid,
    /// Their name.
    pub patient_name: String,
    /// Their phone, as typed.
    pub patient_phone: Option<String>,
    /// For whom; none: anybody.
    pub doctor_id: Option<i64>,
    /// The doctor's id of v1 and the desk.
    pub doctor_uid: Option<Uuid>,
    /// The doctor's name.
    pub doctor_name: Option<String>,
    /// For which specialisation; none: any.
    pub specialisation_id: Option<i64>,
    /// Its name.
    pub specialisation_name: Option<String>,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do, as its word.
    pub part_of_day: Option<String>,
    /// How much it matters.
    #[sqlx(try_from = "String")]
    pub urgency: Word<Urgency>,
    /// What else there is to say.
    pub note: Option<String>,
    /// What became of it.
    #[sqlx(try_from = "String")]
    pub status: Word<WaitingStatus>,
    /// The appointment that came of it; of one that waits again, the one that was taken back.
    pub appointment_id: Option<i64>,
    /// How often an offer was not taken.
    pub skipped: i64,
    /// Counts the changes, from 1.
    pub version: i64,
    /// Since when they wait.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whose time is kept.
    pub hold_doctor_id: Option<i64>,
    /// The doctor's id of v1 and the desk.
    pub hold_doctor_uid: Option<Uuid>,
    /// The doctor's name.
    pub hold_doctor_name: Option<String>,
    /// The window of the time that is kept.
    pub hold_window: Option<i64>,
    /// Its date.
    pub hold_date: Option<NaiveDate>,
    /// When it begins.
    pub hold_starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub hold_ends_at: Option<DateTime<Utc>>,
    /// Until when it is kept.
    pub hold_expires_at: Option<DateTime<Utc>>,
}

/// What somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// For whom; none: anybody.
    pub doctor: Option<i64>,
    /// For which specialisation; none: any.
    pub specialisation: Option<i64>,
    /// The first of the clinic's dates that will do.
    pub date_from: NaiveDate,
    /// The last of them.
    pub date_to: NaiveDate,
    /// The part of the day that will do.
    pub part_of_day: Option<PartOfDay>,
    /// How much it matters.
    pub urgency: Urgency,
    /// What else there is to say.
    pub note: Option<String>,
}

/// Puts somebody on the list and answers the entry's id.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    patient: i64,
    wish: &Wish,
    at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO waiting (patient_id, doctor_id, specialisation_id, date_from, date_to,
                 part_of_day, urgency, note, status, skipped, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 1, $9, $9) RETURNING id",
        )
        .bind(patient)
        .bind(wish.doctor)
        .bind(wish.specialisation)
        .bind(wish.date_from)
        .bind(wish.date_to)
        .bind(wish.part_of_day.map(PartOfDay::as_str))
        .bind(wish.urgency.as_str())
        .bind(wish.note.as_deref())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Writes what an entry that still has this version waits for; false if somebody was faster.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    (id, version): (i64, i64),
    wish: &Wish,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE waiting SET doctor_id = $3, specialisation_id = $4, date_from = $5,
                 date_to = $6, part_of_day = $7, urgency = $8, note = $9, version = version + 1,
                 updated_at = $10
             WHERE id = $1 AND version = $2",
        )
        .bind(id)
        .bind(version)
        .bind(wish.doctor)
        .bind(wish.specialisation)
        .bind(wish.date_from)
        .bind(wish.date_to)
        .bind(wish.part_of_day.map(PartOfDay::as_str))
        .bind(wish.urgency.as_str())
        .bind(wish.note.as_deref())
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Ends the waiting of an entry that still has this version and waits; false if not.
///
/// # Errors
/// The database's.
pub async fn end(
    tx: &mut Tx,
    (id, version): (i64, i64),
    status: WaitingStatus,
    appointment: Option<i64>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE waiting SET status = $3, appointment_id = $4, version = version + 1,
                 updated_at = $5
             WHERE id = $1 AND version = $2 AND status = 'waiting'",
        )
        .bind(id)
        .bind(version)
        .bind(status.as_str())
        .bind(appointment)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Has a locked entry wait again. Which appointment it was booked as stays with it.
///
/// # Errors
/// The database's.
pub async fn wait_again(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE waiting SET status = 'waiting', version = version + 1, updated_at = $2
         WHERE id = $1",
    )
    .bind(id)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// The entries that were booked as this appointment last.
///
/// # Errors
/// The database's.
pub async fn of_appointment(
    session: &mut impl Session,
    appointment: i64,
) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = session
        .sql("SELECT id FROM waiting WHERE appointment_id = $1 ORDER BY id")
        .bind(appointment)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Counts a change of an entry that still has this version and waits, and offers that were not taken
/// if there were; false if somebody was faster.
///
/// # Errors
/// The database's.
pub async fn touch(
    tx: &mut Tx,
    (id, version): (i64, i64),
    skipped: bool,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE waiting SET skipped = skipped + $3, version = version + 1, updated_at = $4
             WHERE id = $1 AND version = $2 AND status = 'waiting'",
        )
        .bind(id)
        .bind(version)
        .bind(i64::from(skipped))
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Keeps time for an entry, in place of what was kept before.
///
/// # Errors
/// The database's.
pub async fn hold(
    tx: &mut Tx,
    id: i64,
    doctor: i64,
    place: &Place,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO slot_hold (waiting_id, doctor_id, available_time_id, date, starts_at, ends_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (waiting_id) DO UPDATE SET doctor_id = excluded.doctor_id,
             available_time_id = excluded.available_time_id, date = excluded.date,
             starts_at = excluded.starts_at, ends_at = excluded.ends_at,
             expires_at = excluded.expires_at",
    )
    .bind(id)
    .bind(doctor)
    .bind(place.available_time)
    .bind(place.date)
    .bind(place.span.map(|(starts_at, _)| starts_at))
    .bind(place.span.map(|(_, ends_at)| ends_at))
    .bind(expires_at)
    .run()
    .await?;
    Ok(())
}

/// Gives the time that was kept for an entry back.
///
/// # Errors
/// The database's.
pub async fn release(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    tx.sql("DELETE FROM slot_hold WHERE waiting_id = $1")
        .bind(id)
        .run()
        .await?;
    Ok(())
}

/// Remembers that somebody did not take a time: they are not asked for it again.
///
/// # Errors
/// The database's.
pub async fn skip(
    tx: &mut Tx,
    id: i64,
    doctor: i64,
    date: NaiveDate,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO waiting_skip (waiting_id, doctor_id, date, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(doctor)
    .bind(date)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// `SELECT columns of a [`WaitingRow`] …`; `$1` is now.
macro_rules! named {
    ($rest:expr) => {
        concat!(
            "SELECT w.id, w.patient_id, p.uid AS patient_uid, p.full_name AS patient_name, \
             p.phone AS patient_phone, w.doctor_id, d.uid AS doctor_uid, \
             d.full_name AS doctor_name, w.specialisation_id, s.name AS specialisation_name, \
             w.date_from, w.date_to, w.part_of_day, w.urgency, w.note, w.status, \
             w.appointment_id, w.skipped, w.version, w.created_at, w.updated_at, \
             h.doctor_id AS hold_doctor_id, hd.uid AS hold_doctor_uid, \
             hd.full_name AS hold_doctor_name, h.available_time_id AS hold_window, \
             h.date AS hold_date, h.starts_at AS hold_starts_at, h.ends_at AS hold_ends_at, \
             h.expires_at AS hold_expires_at \
             FROM waiting w JOIN patient p ON p.id = +w.patient_id \
             LEFT JOIN doctor d ON d.id = w.doctor_id \
             LEFT JOIN specialisation s ON s.id = w.specialisation_id \
             LEFT JOIN slot_hold h ON h.waiting_id = w.id AND h.expires_at > $1 \
             LEFT JOIN doctor hd ON hd.id = h.doctor_id ",
            $rest
        )
    };
}

/// One entry.
///
/// # Errors
/// The database's.
pub async fn by_id(
    session: &mut impl Session,
    id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<WaitingRow>> {
    session
        .sql(named!("WHERE w.id = $2"))
        .bind(now)
        .bind(id)
        .maybe()
        .await
}

/// Which entries are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Only those that stand so.
    pub status: Option<WaitingStatus>,
    /// Only those for this doctor.
    pub doctor: Option<Uuid>,
    /// Only this patient's.
    pub patient: Option<Uuid>,
    /// Words that must each begin a part of the name; folded, letters and digits alone, at most
    /// [`Listed::WORDS`].
    pub words: Vec<String>,
}

impl Listed {
    /// How many words of a search are looked at.
    pub const WORDS: usize = 3;

    fn patterns(&self) -> [String; Listed::WORDS] {
        std::array::from_fn(|at| {
            let word = self.words.get(at);
            word.map_or("%".to_owned(), |word| format!("% {word}%"))
        })
    }
}

/// What [`Listed`] chooses, from `waiting w` joined with patient `p` and doctor `d`: `$2` is today,
/// `$3` the state, `$4` to `$7` doctor and patient, `$8` to `$10` words of the name. They are joined
/// with `+w.patient_id`, by which no index of the waiting list can be used: or SQLite, which knows
/// nothing of an empty list, would go through all patients.
macro_rules! listed {
    () => {
        "WHERE p.retired_at IS NULL AND ($4 OR d.uid = $5) AND ($6 OR p.uid = $7) \
         AND p.name_key LIKE $8 AND p.name_key LIKE $9 AND p.name_key LIKE $10 \
         AND ($3 = '' OR ($3 = 'waiting' AND w.status = 'waiting' AND w.date_to >= $2) \
              OR ($3 = 'expired' AND w.status = 'waiting' AND w.date_to < $2) \
              OR ($3 NOT IN ('waiting', 'expired') AND w.status = $3))"
    };
}

/// How many entries there are.
///
/// # Errors
/// The database's.
pub async fn count(
    session: &mut impl Session,
    listed: &Listed,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> sqlx::Result<i64> {
    let [a, b, c] = listed.patterns();
    let (count,): (i64,) = session
        .sql(concat!(
            "SELECT count(*) FROM waiting w JOIN patient p ON p.id = +w.patient_id \
             LEFT JOIN doctor d ON d.id = w.doctor_id ",
            listed!(),
            " AND w.created_at <= $1"
        ))
        .bind(now)
        .bind(today)
        .bind(listed.status.map_or("", WaitingStatus::as_str))
        .bind(listed.doctor.is_none())
        .bind(listed.doctor.unwrap_or_default())
        .bind(listed.patient.is_none())
        .bind(listed.patient.unwrap_or_default())
        .bind(a)
        .bind(b)
        .bind(c)
        .one()
        .await?;
    Ok(count)
}

/// A page of entries: the most urgent first, then who has waited longest.
///
/// # Errors
/// The database's.
pub async fn page(
    session: &mut impl Session,
    listed: &Listed,
    now: DateTime<Utc>,
    today: NaiveDate,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<WaitingRow>> {
    let [a, b, c] = listed.patterns();
    session
        .sql(named!(concat!(
            listed!(),
            " ORDER BY CASE w.urgency WHEN 'urgent' THEN 0 WHEN 'soon' THEN 1 ELSE 2 END, \
             w.created_at, w.id LIMIT $11 OFFSET $12"
        )))
        .bind(now)
        .bind(today)
        .bind(listed.status.map_or("", WaitingStatus::as_str))
        .bind(listed.doctor.is_none())
        .bind(listed.doctor.unwrap_or_default())
        .bind(listed.patient.is_none())
        .bind(listed.patient.unwrap_or_default())
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// How many entries of a patient's wait.
///
/// # Errors
/// The database's.
pub async fn open_of_patient(
    session: &mut impl Session,
    patient: i64,
    today: NaiveDate,
) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(
            "SELECT count(*) FROM waiting
             WHERE patient_id = $1 AND status = 'waiting' AND date_to >= $2",
        )
        .bind(patient)
        .bind(today)
        .one()
        .await?;
    Ok(count)
}

/// Who could take a doctor's time: they wait for that date and that doctor (or for anybody, or for
/// what the doctor is for), did not refuse it before, have nothing kept for them, and are free
/// themselves then. The most urgent first, then who waits for this very doctor, then who has waited
/// longest. `part` is the time's part of the day; what has no clock suits those only who do not mind.
///
/// # Errors
/// The database's.
pub async fn candidates(
    session: &mut impl Session,
    doctor: i64,
    place: &Place,
    part: Option<PartOfDay>,
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<WaitingRow>> {
    session
        .sql(named!(
            "WHERE w.status = 'waiting' AND p.retired_at IS NULL \
             AND $2 BETWEEN w.date_from AND w.date_to \
             AND (w.doctor_id IS NULL OR w.doctor_id = $3) \
             AND (w.specialisation_id IS NULL OR w.specialisation_id IN \
                  (SELECT specialisation_id FROM doctor_specialisation WHERE doctor_id = $3)) \
             AND (w.part_of_day IS NULL OR w.part_of_day = $4) \
             AND h.waiting_id IS NULL \
             AND NOT EXISTS (SELECT 1 FROM waiting_skip k \
                 WHERE k.waiting_id = w.id AND k.doctor_id = $3 AND k.at = $5) \
             AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = w.patient_id \
                 AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed') \
                 AND ((a.starts_at < $7 AND a.ends_at > $6) \
                      OR (a.starts_at IS NULL AND $8 AND a.date = $2 \
                          AND a.available_time_id = $9))) \
             ORDER BY CASE w.urgency WHEN 'urgent' THEN 0 WHEN 'soon' THEN 1 ELSE 2 END, \
             CASE WHEN w.doctor_id = $3 THEN 0 ELSE 1 END, w.created_at, w.id LIMIT $10"
        ))
        .bind(now)
        .bind(place.date)
        .bind(doctor)
        .bind(part.map_or("", PartOfDay::as_str))
        .bind(place.at)
        .bind(place.span.map_or(place.at, |(starts_at, _)| starts_at))
        .bind(place.span.map_or(place.at, |(_, ends_at)| ends_at))
        .bind(place.span.is_none())
        .bind(place.available_time.unwrap_or(0))
        .bind(limit)
        .all()
        .await
}

/// The state of an entry, locked until the transaction ends: its version, and what it waits for.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = tx
        .sql(Sql {
            sqlite: "SELECT id FROM waiting WHERE id = $1",
            postgres: "SELECT id FROM waiting WHERE id = $1 FOR UPDATE",
        })
        .bind(id)
        .maybe()
        .await?;
    Ok(found.is_some())
}

/// Time that was kept for an entry.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HoldRow {
    /// Whose time.
    pub doctor_id: i64,
    /// The window.
    pub available_time_id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
}

/// The time that was kept for an entry last, still kept or not.
///
/// # Errors
/// The database's.
pub async fn held(session: &mut impl Session, id: i64) -> sqlx::Result<Option<HoldRow>> {
    session
        .sql(
            "SELECT doctor_id, available_time_id, date, starts_at, ends_at FROM slot_hold
             WHERE waiting_id = $1",
        )
        .bind(id)
        .maybe()
        .await
}

/// Ends the waiting of a patient for everything, and frees what is kept for them.
///
/// # Errors
/// The database's.
pub async fn withdraw_of_patient(tx: &mut Tx, patient: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "DELETE FROM slot_hold
         WHERE waiting_id IN (SELECT id FROM waiting WHERE patient_id = $1)",
    )
    .bind(patient)
    .run()
    .await?;
    tx.sql(
        "UPDATE waiting SET status = 'withdrawn', version = version + 1, updated_at = $2
         WHERE patient_id = $1 AND status = 'waiting'",
    )
    .bind(patient)
    .bind(at)
    .run()
    .await?;
    Ok(())
}
