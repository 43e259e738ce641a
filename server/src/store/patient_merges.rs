//! Two records of one person: what of each there is to move, and the rows that tell how to part
//! them again (docs/decisions/0012).

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::Status;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::accounts::name_of;
use super::appointments::Word;
use super::{Session, Sql, Tx};

/// The fields that a record holds of a person; `email` is the record's own, whatever the account's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Fields {
    /// Full name as typed.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or `other`.
    pub gender: Option<String>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// The person's own e-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Blood group as written.
    pub blood_group: Option<String>,
    /// Hundredths of a centimetre.
    pub height: Option<i64>,
    /// Hundredths of a kilogram.
    pub weight: Option<i64>,
    /// What the desk should know.
    pub note: Option<String>,
    /// Media key of the picture.
    pub photo: Option<String>,
}

/// A record, retired or not.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct SideRow {
    /// Its number.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// The linked account.
    pub account_id: Option<i64>,
    /// Folded words of the name.
    pub name_key: String,
    /// Its phone's digits.
    pub phone_digits: String,
    /// Counts the changes.
    pub version: i64,
    /// When it was retired.
    pub retired_at: Option<DateTime<Utc>>,
    /// The record that took it in.
    pub merged_into: Option<i64>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What it holds of the person.
    #[sqlx(flatten)]
    pub fields: Fields,
}

macro_rules! side {
    ($rest:literal) => {
        concat!(
            "SELECT id, uid, account_id, name_key, phone_digits, version, retired_at, merged_into, \
             updated_at, full_name, birth_date, gender, phone, email, address, blood_group, height, \
             weight, note, photo FROM patient WHERE ",
            $rest
        )
    };
}

/// A record by its id, retired or not.
///
/// # Errors
/// The database's.
pub async fn by_uid(session: &mut impl Session, uid: Uuid) -> sqlx::Result<Option<SideRow>> {
    session.sql(side!("uid = $1")).bind(uid).maybe().await
}

/// A record by its number, retired or not.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<SideRow>> {
    session.sql(side!("id = $1")).bind(id).maybe().await
}

/// As [`by_id`], and nobody else changes the record, or books for it, until the transaction ends. Of
/// two, lock the smaller number first, and accounts before patients.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<SideRow>> {
    tx.sql(Sql {
        sqlite: side!("id = $1"),
        postgres: side!("id = $1 FOR UPDATE"),
    })
    .bind(id)
    .maybe()
    .await
}

/// The record that a merged one became, through all merges; none if it was not merged.
///
/// # Errors
/// The database's.
pub async fn survivor(session: &mut impl Session, id: i64) -> sqlx::Result<Option<(i64, Uuid)>> {
    session
        .sql(
            "WITH RECURSIVE chain (id, next) AS (
                 SELECT id, merged_into FROM patient WHERE id = $1 AND merged_into IS NOT NULL
                 UNION ALL
                 SELECT p.id, p.merged_into FROM chain c JOIN patient p ON p.id = c.next)
             SELECT p.id, p.uid FROM chain c JOIN patient p ON p.id = c.id WHERE c.next IS NULL",
        )
        .bind(id)
        .maybe()
        .await
}

/// An appointment that moves.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct MovedRow {
    /// Its id.
    pub id: i64,
    /// The doctor.
    pub doctor_id: i64,
    /// The doctor's name.
    pub doctor_name: String,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When it begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: Word<Status>,
}

macro_rules! moved {
    ($lock:literal) => {
        concat!(
            "SELECT a.id, a.doctor_id, d.full_name AS doctor_name, a.date, a.starts_at, a.status \
             FROM appointment a JOIN doctor d ON d.id = a.doctor_id \
             WHERE a.patient_id = $1 ORDER BY a.id",
            $lock
        )
    };
}

/// Everything that was ever booked for a record, by id.
///
/// # Errors
/// The database's.
pub async fn appointments(session: &mut impl Session, patient: i64) -> sqlx::Result<Vec<MovedRow>> {
    session.sql(moved!("")).bind(patient).all().await
}

/// Keeps everything booked for a record as it stands until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock_appointments(tx: &mut Tx, patient: i64) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: moved!(""),
        postgres: moved!(" FOR UPDATE OF a"),
    })
    .bind(patient)
    .run()
    .await?;
    Ok(())
}

/// What a record waits for, or once did, by id; each with its doctor, if it is for one.
///
/// # Errors
/// The database's.
pub async fn waiting(
    session: &mut impl Session,
    patient: i64,
) -> sqlx::Result<Vec<(i64, Option<i64>)>> {
    session
        .sql("SELECT id, doctor_id FROM waiting WHERE patient_id = $1 ORDER BY id")
        .bind(patient)
        .all()
        .await
}

/// A review that moves.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReviewRow {
    /// Its number.
    pub id: i64,
    /// The name of whom it is about.
    pub doctor_name: String,
    /// Whether the other record has reviewed that doctor too.
    pub is_second: bool,
}

/// What a record has written, by number; `other` is the record that it would go to.
///
/// # Errors
/// The database's.
pub async fn reviews(
    session: &mut impl Session,
    patient: i64,
    other: i64,
) -> sqlx::Result<Vec<ReviewRow>> {
    session
        .sql(
            "SELECT r.id, d.full_name AS doctor_name, EXISTS (
                 SELECT 1 FROM review s WHERE s.patient_id = $2 AND s.doctor_id = r.doctor_id
                     AND s.hidden_at IS NULL) AS is_second
             FROM review r JOIN doctor d ON d.id = r.doctor_id
             WHERE r.patient_id = $1 AND r.hidden_at IS NULL ORDER BY r.id",
        )
        .bind(patient)
        .bind(other)
        .all()
        .await
}

/// Two appointments that one person can't both have.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OverlapRow {
    /// One record's.
    pub one: i64,
    /// Its doctor's name.
    pub one_doctor: String,
    /// The other record's.
    pub two: i64,
    /// Its doctor's name.
    pub two_doctor: String,
    /// The clinic's date.
    pub date: NaiveDate,
    /// When the later one begins; none in a window without a clock.
    pub starts_at: Option<DateTime<Utc>>,
}

/// Appointments of two records at the same time, as the database would refuse them of one.
///
/// # Errors
/// The database's.
pub async fn overlaps(
    session: &mut impl Session,
    one: i64,
    two: i64,
) -> sqlx::Result<Vec<OverlapRow>> {
    session
        .sql(
            "SELECT a.id AS one, d.full_name AS one_doctor, b.id AS two, e.full_name AS two_doctor,
                 b.date, CASE WHEN a.starts_at > b.starts_at THEN a.starts_at ELSE b.starts_at END
                     AS starts_at
             FROM appointment a JOIN appointment b ON b.patient_id = $2
                  JOIN doctor d ON d.id = a.doctor_id JOIN doctor e ON e.id = b.doctor_id
             WHERE a.patient_id = $1
               AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
               AND b.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
               AND ((a.starts_at < b.ends_at AND b.starts_at < a.ends_at)
                    OR (a.starts_at IS NULL AND b.starts_at IS NULL AND a.date = b.date
                        AND a.available_time_id = b.available_time_id))
             ORDER BY a.id, b.id LIMIT 100",
        )
        .bind(one)
        .bind(two)
        .all()
        .await
}

/// A merge.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct MergeRow {
    /// Its number.
    pub id: i64,
    /// The record that stayed.
    pub survivor_id: i64,
    /// The record that it took in.
    pub retired_id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Given name of who did it.
    pub first_name: Option<String>,
    /// Their family name.
    pub last_name: Option<String>,
    /// Their sign-in name; none if they are no longer there.
    pub username: Option<String>,
    /// Of each field that changed: what it was, and what it became.
    pub fields: Json<Map<String, Value>>,
    /// The account that the survivor got.
    pub moved_account: Option<i64>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// The retired record's id of v1 and the desk.
    pub retired_uid: Uuid,
    /// The retired record's name.
    pub retired_name: String,
}

impl MergeRow {
    /// The display name of who did it, if they are still there.
    pub fn by(&self) -> Option<String> {
        let (first, last) = (self.first_name.as_deref(), self.last_name.as_deref());
        name_of(first, last, self.username.as_deref())
    }
}

macro_rules! merges {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.survivor_id, m.retired_id, m.at, b.first_name, b.last_name, b.username, m.fields, \
             m.moved_account, m.undone_at, p.uid AS retired_uid, p.full_name AS retired_name \
             FROM patient_merge m JOIN patient p ON p.id = m.retired_id \
             LEFT JOIN account b ON b.id = m.account_id WHERE m.survivor_id = $1",
            $rest
        )
    };
}

/// A merge into a record.
///
/// # Errors
/// The database's.
pub async fn merge_of(
    session: &mut impl Session,
    survivor: i64,
    id: i64,
) -> sqlx::Result<Option<MergeRow>> {
    session
        .sql(merges!(" AND m.id = $2"))
        .bind(survivor)
        .bind(id)
        .maybe()
        .await
}

/// All merges into a record, newest first.
///
/// # Errors
/// The database's.
pub async fn merges_of(session: &mut impl Session, survivor: i64) -> sqlx::Result<Vec<MergeRow>> {
    session
        .sql(merges!(" ORDER BY m.id DESC"))
        .bind(survivor)
        .all()
        .await
}

/// A merge, to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMerge {
    /// The record that stays.
    pub survivor: i64,
    /// The record that it takes in.
    pub retired: i64,
    /// Who does it.
    pub by: Option<i64>,
    /// Of each field that changes: what it was, and what it becomes.
    pub fields: Map<String, Value>,
    /// The survivor's own picture, if it is replaced.
    pub photo: Option<String>,
    /// The account that the survivor gets.
    pub moved_account: Option<i64>,
}

/// Writes a merge and answers its number.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: &NewMerge, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO patient_merge
                 (survivor_id, retired_id, at, account_id, fields, photo, moved_account)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(new.survivor)
        .bind(new.retired)
        .bind(at)
        .bind(new.by)
        .bind(Json(&new.fields))
        .bind(new.photo.as_deref())
        .bind(new.moved_account)
        .one()
        .await?;
    Ok(id)
}

/// Retires a record into another.
///
/// # Errors
/// The database's.
pub async fn retire_into(
    tx: &mut Tx,
    retired: i64,
    survivor: i64,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE patient SET merged_into = $2, retired_at = $3, updated_at = $3,
             version = version + 1 WHERE id = $1",
    )
    .bind(retired)
    .bind(survivor)
    .bind(at)
    .run()
    .await?;
    // Who wants no reminders gets none by another record.
    tx.sql(
        "UPDATE patient SET no_reminders = true
         WHERE id = $1 AND (SELECT r.no_reminders FROM patient r WHERE r.id = $2)",
    )
    .bind(survivor)
    .bind(retired)
    .run()
    .await?;
    Ok(())
}

/// Has a record that was taken in stand by itself again, and notes that its merge was undone.
///
/// # Errors
/// A unique violation of `patient_account_id_key` or `patient_phone_digits_key`; anything else the
/// engine reports.
pub async fn restore(tx: &mut Tx, merge: i64, retired: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE patient SET merged_into = NULL, retired_at = NULL, updated_at = $2,
             version = version + 1 WHERE id = $1",
    )
    .bind(retired)
    .bind(at)
    .run()
    .await?;
    tx.sql("UPDATE patient_merge SET undone_at = $2 WHERE id = $1")
        .bind(merge)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// Links a record to an account, or (none) to nobody's.
///
/// # Errors
/// As [`restore`].
pub async fn set_account(
    tx: &mut Tx,
    patient: i64,
    account: Option<i64>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE patient SET account_id = $2, updated_at = $3, version = version + 1
         WHERE id = $1",
    )
    .bind(patient)
    .bind(account)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// Whether anything was ever booked for a record, or written by it.
///
/// # Errors
/// The database's.
pub async fn is_empty(session: &mut impl Session, patient: i64) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT patient_id FROM appointment WHERE patient_id = $1
             UNION SELECT patient_id FROM waiting WHERE patient_id = $1
             UNION SELECT patient_id FROM review WHERE patient_id = $1",
        )
        .bind(patient)
        .maybe()
        .await?;
    Ok(found.is_none())
}
