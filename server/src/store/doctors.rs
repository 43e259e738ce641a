//! The doctors' table: one row a profile; what is linked to it is in [`super::doctor_links`], lists
//! are in [`super::doctor_lists`].

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Session, Sql, Tx};

/// A doctor as every query answers one, with the account's sign-in name and e-mail.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct DoctorRow {
    /// The classic id.
    pub id: i64,
    /// The id of v1 and the desk.
    pub uid: Uuid,
    /// Whose profile it is.
    pub account_id: i64,
    /// The account's display name.
    pub full_name: String,
    /// Folded words of the name, each between spaces.
    pub name_key: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them that everybody reads.
    pub personal_status: Option<String>,
    /// When an admin verified it; until then its owner and staff see it.
    pub verified_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The account's sign-in name.
    pub username: String,
    /// The account's e-mail.
    pub email: String,
}

/// What is stored of a doctor, beside ids and times.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The account's display name.
    pub full_name: String,
    /// Folded words of the name, each between spaces.
    pub name_key: String,
    /// Media key of the photo.
    pub photo: Option<String>,
    /// What a visit costs.
    pub fee_cents: i64,
    /// Where online visits take place.
    pub meet_link: Option<String>,
    /// Years of experience.
    pub year_of_experience: Option<i64>,
    /// A line about them that everybody reads.
    pub personal_status: Option<String>,
}

/// `SELECT columns of a DoctorRow FROM doctor d JOIN account a …`, retired ones left out.
macro_rules! select {
    ($one:literal $(, $more:literal)?) => {
        concat!(
            "SELECT d.id, d.uid, d.account_id, d.full_name, d.name_key, d.photo, d.fee_cents, \
             d.meet_link, d.year_of_experience, d.personal_status, d.verified_at, d.version, \
             d.created_at, d.updated_at, a.username, a.email FROM doctor d JOIN account a ON a.id = d.account_id \
             WHERE d.retired_at IS NULL AND ",
            $one
            $(, $more)?
        )
    };
}

/// [`select`], keeping the doctor's row to this transaction. SQLite has one writer anyway.
macro_rules! lock {
    ($one:literal) => {
        Sql {
            sqlite: select!($one),
            postgres: select!($one, " FOR UPDATE OF d"),
        }
    };
}

/// Inserts a doctor and answers its number.
///
/// # Errors
/// A unique violation of `doctor_account_id_key`; anything else the engine reports.
pub async fn insert(
    tx: &mut Tx,
    uid: Uuid,
    account: i64,
    new: &Stored,
    verified_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO doctor (uid, account_id, full_name, name_key, photo, fee_cents, meet_link,
                 year_of_experience, personal_status, verified_at, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11) RETURNING id",
        )
        .bind(uid)
        .bind(account)
        .bind(new.full_name.as_str())
        .bind(new.name_key.as_str())
        .bind(new.photo.as_deref())
        .bind(new.fee_cents)
        .bind(new.meet_link.as_deref())
        .bind(new.year_of_experience)
        .bind(new.personal_status.as_deref())
        .bind(verified_at)
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Changes a doctor whose row this transaction has locked.
///
/// # Errors
/// Anything the engine reports.
pub async fn update(tx: &mut Tx, id: i64, new: &Stored, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE doctor SET full_name = $2, name_key = $3, photo = $4, fee_cents = $5,
             meet_link = $6, year_of_experience = $7, personal_status = $8,
             version = version + 1, updated_at = $9
         WHERE id = $1",
    )
    .bind(id)
    .bind(new.full_name.as_str())
    .bind(new.name_key.as_str())
    .bind(new.photo.as_deref())
    .bind(new.fee_cents)
    .bind(new.meet_link.as_deref())
    .bind(new.year_of_experience)
    .bind(new.personal_status.as_deref())
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// Verifies a doctor; false if somebody was faster, or it is retired.
///
/// # Errors
/// Anything the engine reports.
pub async fn verify(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let verified = tx
        .sql(
            "UPDATE doctor SET verified_at = $2, updated_at = $2, version = version + 1
             WHERE id = $1 AND verified_at IS NULL AND retired_at IS NULL",
        )
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(verified == 1)
}

/// Retires a doctor whose row this transaction has locked; its number is never used again.
///
/// # Errors
/// Anything the engine reports.
pub async fn retire(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE doctor SET retired_at = $2, updated_at = $2, version = version + 1
         WHERE id = $1",
    )
    .bind(id)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// The doctor of an id, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_uid(session: &mut impl Session, uid: Uuid) -> sqlx::Result<Option<DoctorRow>> {
    session.sql(select!("d.uid = $1")).bind(uid).maybe().await
}

/// The doctor of a number, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<DoctorRow>> {
    session.sql(select!("d.id = $1")).bind(id).maybe().await
}

/// The doctor of an account, retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<DoctorRow>> {
    let statement = session.sql(select!("d.account_id = $1")).bind(account);
    statement.maybe().await
}

/// The doctor whose account has this e-mail, in lower case; retired ones left out.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_email(
    session: &mut impl Session,
    email_key: &str,
) -> sqlx::Result<Option<DoctorRow>> {
    let statement = session.sql(select!("a.email_key = $1")).bind(email_key);
    statement.maybe().await
}

/// As [`by_uid`], and nobody else changes the doctor until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_uid(tx: &mut Tx, uid: Uuid) -> sqlx::Result<Option<DoctorRow>> {
    tx.sql(lock!("d.uid = $1")).bind(uid).maybe().await
}

/// As [`by_id`], and nobody else changes the doctor until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_id(tx: &mut Tx, id: i64) -> sqlx::Result<Option<DoctorRow>> {
    tx.sql(lock!("d.id = $1")).bind(id).maybe().await
}

/// As [`by_account`], and nobody else changes the doctor until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock_account(tx: &mut Tx, account: i64) -> sqlx::Result<Option<DoctorRow>> {
    tx.sql(lock!("d.account_id = $1"))
        .bind(account)
        .maybe()
        .await
}

/// A doctor whose row this transaction has locked offers other windows now.
///
/// # Errors
/// Anything the engine reports.
pub async fn touch(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("UPDATE doctor SET version = version + 1, updated_at = $2 WHERE id = $1")
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// The number of the doctor that an account is, if it is one that was verified.
///
/// # Errors
/// Anything the engine reports.
pub async fn verified_of_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT id FROM doctor
             WHERE account_id = $1 AND retired_at IS NULL AND verified_at IS NOT NULL",
        )
        .bind(account)
        .maybe()
        .await?;
    Ok(found.map(|(id,)| id))
}
