//! The patients' table: one row a person, with or without an account. Finding them by words and
//! digits is in [`super::patient_search`].

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// A patient as every query answers one. `email` is the account's where there is one.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct PatientRow {
    /// The classic id; the record number is made of it.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// The linked account.
    pub account_id: Option<i64>,
    /// Full name as typed.
    pub full_name: String,
    /// Folded words of the name, each between spaces.
    pub name_key: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or `other`.
    pub gender: Option<String>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// The account's e-mail, else the person's own.
    pub email: Option<String>,
    /// The account's sign-in name.
    pub username: Option<String>,
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
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was retired; never among lists and searches then.
    pub retired_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A patient as a line of a list: what a hundred of are read at once, so no more than is shown.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct LineRow {
    /// The classic id; the record number is made of it.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// The linked account.
    pub account_id: Option<i64>,
    /// Full name as typed.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or `other`.
    pub gender: Option<String>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// Media key of the picture.
    pub photo: Option<String>,
}

impl From<PatientRow> for LineRow {
    fn from(row: PatientRow) -> Self {
        LineRow {
            id: row.id,
            uid: row.uid,
            account_id: row.account_id,
            full_name: row.full_name,
            birth_date: row.birth_date,
            gender: row.gender,
            phone: row.phone,
            photo: row.photo,
        }
    }
}

/// What is stored of a patient, beside ids and times.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Full name as typed.
    pub full_name: String,
    /// Folded words of the name, each between spaces.
    pub name_key: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or `other`.
    pub gender: Option<&'static str>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// Its digits, `""` without a phone.
    pub phone_digits: String,
    /// The person's own e-mail; the account's is not kept twice.
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

impl Stored {
    fn phone_ending(&self) -> String {
        self.phone_digits.chars().rev().collect()
    }

    fn email_key(&self) -> Option<String> {
        self.email.as_ref().map(|email| email.to_lowercase())
    }
}

/// The columns of a [`PatientRow`], from `patient p LEFT JOIN account a`.
macro_rules! columns {
    () => {
        "p.id, p.uid, p.account_id, p.full_name, p.name_key, p.birth_date, p.gender, p.phone, \
         coalesce(a.email, p.email) AS email, a.username, p.address, p.blood_group, p.height, \
         p.weight, p.note, p.photo, p.version, p.retired_at, p.created_at, p.updated_at"
    };
}

/// The columns of a [`LineRow`], from `patient p`.
macro_rules! line_columns {
    () => {
        "p.id, p.uid, p.account_id, p.full_name, p.birth_date, p.gender, p.phone, p.photo"
    };
}
pub(super) use line_columns;

/// `SELECT columns FROM patient p LEFT JOIN account a …`
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM patient p LEFT JOIN account a ON a.id = p.account_id ",
            $rest
        )
    };
}

/// [`select`], keeping the patient's row to this transaction. SQLite has one writer anyway.
macro_rules! lock {
    ($rest:literal) => {
        Sql {
            sqlite: select!($rest),
            postgres: concat!(
                "SELECT ",
                columns!(),
                " FROM patient p LEFT JOIN account a ON a.id = p.account_id ",
                $rest,
                " FOR UPDATE OF p"
            ),
        }
    };
}

/// Inserts a patient and answers its number. Words and counter are the caller's to keep.
///
/// # Errors
/// A unique violation of `patient_account_id_key` or `patient_phone_digits_key`; anything else the
/// engine reports.
pub async fn insert(
    tx: &mut Tx,
    uid: Uuid,
    account: Option<i64>,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO patient (uid, account_id, full_name, name_key, birth_date, gender, phone,
                 phone_digits, phone_ending, email, email_key, address, blood_group, height, weight,
                 note, photo, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1,
                 $18, $18)
             RETURNING id",
        )
        .bind(uid)
        .bind(account)
        .bind(new.full_name.as_str())
        .bind(new.name_key.as_str())
        .bind(new.birth_date)
        .bind(new.gender)
        .bind(new.phone.as_deref())
        .bind(new.phone_digits.as_str())
        .bind(new.phone_ending())
        .bind(new.email.as_deref())
        .bind(new.email_key())
        .bind(new.address.as_deref())
        .bind(new.blood_group.as_deref())
        .bind(new.height)
        .bind(new.weight)
        .bind(new.note.as_deref())
        .bind(new.photo.as_deref())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Changes a patient if it still has this version; false if somebody was faster or it is retired.
///
/// # Errors
/// As [`insert`].
pub async fn update(
    tx: &mut Tx,
    id: i64,
    version: i64,
    new: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE patient SET full_name = $3, name_key = $4, birth_date = $5, gender = $6,
                 phone = $7, phone_digits = $8, phone_ending = $9, email = $10, email_key = $11,
                 address = $12, blood_group = $13, height = $14, weight = $15, note = $16,
                 photo = $17, version = version + 1, updated_at = $18
             WHERE id = $1 AND version = $2 AND retired_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(new.full_name.as_str())
        .bind(new.name_key.as_str())
        .bind(new.birth_date)
        .bind(new.gender)
        .bind(new.phone.as_deref())
        .bind(new.phone_digits.as_str())
        .bind(new.phone_ending())
        .bind(new.email.as_deref())
        .bind(new.email_key())
        .bind(new.address.as_deref())
        .bind(new.blood_group.as_deref())
        .bind(new.height)
        .bind(new.weight)
        .bind(new.note.as_deref())
        .bind(new.photo.as_deref())
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Retires a patient if it still has this version; false if somebody was faster.
///
/// # Errors
/// Anything the engine reports.
pub async fn retire(tx: &mut Tx, id: i64, version: i64, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let retired = tx
        .sql(
            "UPDATE patient SET retired_at = $3, updated_at = $3, version = version + 1
             WHERE id = $1 AND version = $2 AND retired_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(at)
        .run()
        .await?;
    Ok(retired == 1)
}

/// Adds to the number of patients who are not retired. The row is also the lock that lets one
/// writer at a time keep the words.
///
/// # Errors
/// Anything the engine reports.
pub async fn count_by(tx: &mut Tx, more: i64) -> sqlx::Result<()> {
    tx.sql("UPDATE counter SET value = value + $1 WHERE name = 'patients'")
        .bind(more)
        .run()
        .await?;
    Ok(())
}

/// How many patients are not retired.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(session: &mut impl Session) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql("SELECT value FROM counter WHERE name = 'patients'")
        .one()
        .await?;
    Ok(count)
}

/// The patient of an id, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_uid(session: &mut impl Session, uid: Uuid) -> sqlx::Result<Option<PatientRow>> {
    session
        .sql(select!("WHERE p.uid = $1 AND p.retired_at IS NULL"))
        .bind(uid)
        .maybe()
        .await
}

/// The patient of a number, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<PatientRow>> {
    session
        .sql(select!("WHERE p.id = $1 AND p.retired_at IS NULL"))
        .bind(id)
        .maybe()
        .await
}

/// The patient of an account, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<PatientRow>> {
    session
        .sql(select!("WHERE p.account_id = $1 AND p.retired_at IS NULL"))
        .bind(account)
        .maybe()
        .await
}

/// As [`by_uid`], and nobody else changes the patient until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_uid(tx: &mut Tx, uid: Uuid) -> sqlx::Result<Option<PatientRow>> {
    tx.sql(lock!("WHERE p.uid = $1 AND p.retired_at IS NULL"))
        .bind(uid)
        .maybe()
        .await
}

/// As [`by_id`], and nobody else changes the patient until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_id(tx: &mut Tx, id: i64) -> sqlx::Result<Option<PatientRow>> {
    tx.sql(lock!("WHERE p.id = $1 AND p.retired_at IS NULL"))
        .bind(id)
        .maybe()
        .await
}

/// As [`by_account`], and nobody else changes the patient until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_account(tx: &mut Tx, account: i64) -> sqlx::Result<Option<PatientRow>> {
    tx.sql(lock!("WHERE p.account_id = $1 AND p.retired_at IS NULL"))
        .bind(account)
        .maybe()
        .await
}

/// A page of all, newest first: `limit` rows older than `before`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn newest(
    session: &mut impl Session,
    before: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    session
        .sql(concat!("SELECT ", line_columns!(), " FROM patient p WHERE p.id < $1 AND p.retired_at IS NULL ORDER BY p.id DESC LIMIT $2 OFFSET $3"))
        .bind(before)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// A page of all by number, smallest first: `limit` rows beyond `after`, after skipping `offset`.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_number(
    session: &mut impl Session,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LineRow>> {
    session
        .sql(concat!("SELECT ", line_columns!(), " FROM patient p WHERE p.id > $1 AND p.retired_at IS NULL ORDER BY p.id LIMIT $2 OFFSET $3"))
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// Those who have exactly these phone digits, by number, at most `limit`.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_phone(
    session: &mut impl Session,
    digits: &str,
    limit: i64,
) -> sqlx::Result<Vec<PatientRow>> {
    session
        .sql(select!(
            "WHERE p.phone_digits = $1 AND p.retired_at IS NULL ORDER BY p.id LIMIT $2"
        ))
        .bind(digits)
        .bind(limit)
        .all()
        .await
}

/// Those of these numbers, retired ones left out, in no order.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_ids(session: &mut impl Session, numbers: &[i64]) -> sqlx::Result<Vec<PatientRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                select!("WHERE p.retired_at IS NULL AND p.id IN "),
                ids!(sqlite, "$1")
            ),
            postgres: concat!(
                select!("WHERE p.retired_at IS NULL AND p.id IN "),
                ids!(postgres, "$1")
            ),
        })
        .bind(json_ids(numbers))
        .all()
        .await
}

/// Those with this e-mail, in lower case: the account's first, then people without one who may be
/// written to there; at most 20.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_email(
    session: &mut impl Session,
    email_key: &str,
) -> sqlx::Result<Vec<PatientRow>> {
    session
        .sql(select!(
            "WHERE p.id IN (
                 SELECT q.id FROM account b JOIN patient q ON q.account_id = b.id
                     WHERE b.email_key = $1 AND q.retired_at IS NULL
                 UNION SELECT id FROM patient
                     WHERE email_key = $1 AND email_key IS NOT NULL AND retired_at IS NULL)
             ORDER BY (p.account_id IS NULL), p.id LIMIT 20"
        ))
        .bind(email_key)
        .all()
        .await
}

/// Whoever shares something telling with a draft: name and birth date, phone, e-mail, or the birth
/// date alone (the caller compares the names). Empty and absent things match nobody.
///
/// # Errors
/// Anything the engine reports.
pub async fn alike(
    session: &mut impl Session,
    birth_date: Option<NaiveDate>,
    phone_digits: &str,
    email: Option<&str>,
) -> sqlx::Result<Vec<PatientRow>> {
    let email_key = email.map(str::to_lowercase);
    session
        .sql(select!(
            "WHERE p.id IN (
                 SELECT id FROM patient WHERE birth_date = $1 AND retired_at IS NULL
                 UNION SELECT id FROM
                     (SELECT id FROM patient
                      WHERE phone_digits = $2 AND $2 <> '' AND retired_at IS NULL LIMIT 100) f
                 UNION SELECT id FROM patient
                     WHERE email_key = $3 AND email_key IS NOT NULL AND retired_at IS NULL
                 UNION SELECT q.id FROM account b JOIN patient q ON q.account_id = b.id
                     WHERE b.email_key = $3 AND q.retired_at IS NULL)
             ORDER BY p.id LIMIT 500"
        ))
        .bind(birth_date)
        .bind(phone_digits)
        .bind(email_key)
        .all()
        .await
}

/// Who has these phone digits and an account, other than `except`: that forbids the phone to
/// another account.
///
/// # Errors
/// Anything the engine reports.
pub async fn account_with_phone(
    session: &mut impl Session,
    digits: &str,
    except: Option<i64>,
) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT id FROM patient
             WHERE phone_digits = $1 AND phone_digits <> '' AND account_id IS NOT NULL
               AND retired_at IS NULL AND id <> coalesce($2, 0)",
        )
        .bind(digits)
        .bind(except)
        .maybe()
        .await?;
    Ok(found.map(|(id,)| id))
}
