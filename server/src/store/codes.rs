//! One-time codes: the one that is good now, when codes were asked for, and the address that waits
//! for one.

use chrono::{DateTime, Utc};

use super::{Session, Sql, Tx};

/// A code that is good, or was.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CodeRow {
    /// Its keyed hash.
    pub hash: Vec<u8>,
    /// Good until just before.
    pub expires_at: DateTime<Utc>,
    /// How many wrong tries it still bears.
    pub tries_left: i64,
}

/// Keeps a code's hash; the one before it for the same purpose is void.
///
/// # Errors
/// The database's.
pub async fn put(
    tx: &mut Tx,
    account: i64,
    purpose: &str,
    hash: &[u8],
    expires_at: DateTime<Utc>,
    tries: i64,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO code (account_id, purpose, hash, expires_at, tries_left)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, purpose) DO UPDATE SET hash = excluded.hash,
             expires_at = excluded.expires_at, tries_left = excluded.tries_left",
    )
    .bind(account)
    .bind(purpose)
    .bind(hash)
    .bind(expires_at)
    .bind(tries)
    .run()
    .await?;
    Ok(())
}

/// The code of an account for a purpose, locked until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, account: i64, purpose: &str) -> sqlx::Result<Option<CodeRow>> {
    tx.sql(Sql {
        sqlite: "SELECT hash, expires_at, tries_left FROM code
                 WHERE account_id = $1 AND purpose = $2",
        postgres: "SELECT hash, expires_at, tries_left FROM code
                   WHERE account_id = $1 AND purpose = $2 FOR UPDATE",
    })
    .bind(account)
    .bind(purpose)
    .maybe()
    .await
}

/// A wrong try.
///
/// # Errors
/// The database's.
pub async fn wrong(tx: &mut Tx, account: i64, purpose: &str) -> sqlx::Result<()> {
    tx.sql("UPDATE code SET tries_left = tries_left - 1 WHERE account_id = $1 AND purpose = $2")
        .bind(account)
        .bind(purpose)
        .run()
        .await?;
    Ok(())
}

/// Voids an account's code for a purpose.
///
/// # Errors
/// The database's.
pub async fn void(tx: &mut Tx, account: i64, purpose: &str) -> sqlx::Result<()> {
    tx.sql("DELETE FROM code WHERE account_id = $1 AND purpose = $2")
        .bind(account)
        .bind(purpose)
        .run()
        .await?;
    Ok(())
}

/// Voids all codes of an account.
///
/// # Errors
/// The database's.
pub async fn void_all(tx: &mut Tx, account: i64) -> sqlx::Result<()> {
    tx.sql("DELETE FROM code WHERE account_id = $1")
        .bind(account)
        .run()
        .await?;
    Ok(())
}

/// How often codes were asked for under this hash since then, and when last.
///
/// # Errors
/// The database's.
pub async fn requests(
    tx: &mut Tx,
    who: &[u8],
    since: DateTime<Utc>,
) -> sqlx::Result<(i64, Option<DateTime<Utc>>)> {
    tx.sql("SELECT count(*), max(at) FROM code_request WHERE who = $1 AND at > $2")
        .bind(who)
        .bind(since)
        .one()
        .await
}

/// Notes that a code was asked for.
///
/// # Errors
/// The database's.
pub async fn note_request(tx: &mut Tx, who: &[u8], at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("INSERT INTO code_request (who, at) VALUES ($1, $2)")
        .bind(who)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// Forgets requests made before then.
///
/// # Errors
/// The database's.
pub async fn forget_requests(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql("DELETE FROM code_request WHERE at < $1")
        .bind(before)
        .run()
        .await
}

/// Lets an address wait for its code; the one before it is forgotten.
///
/// # Errors
/// The database's.
pub async fn put_email_change(
    tx: &mut Tx,
    account: i64,
    email: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO email_change (account_id, email, asked_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET email = excluded.email,
             asked_at = excluded.asked_at",
    )
    .bind(account)
    .bind(email)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// The address that waits for an account's code.
///
/// # Errors
/// The database's.
pub async fn email_change(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<String>> {
    let waiting: Option<(String,)> = session
        .sql("SELECT email FROM email_change WHERE account_id = $1")
        .bind(account)
        .maybe()
        .await?;
    Ok(waiting.map(|(email,)| email))
}

/// No address waits any more.
///
/// # Errors
/// The database's.
pub async fn drop_email_change(tx: &mut Tx, account: i64) -> sqlx::Result<()> {
    tx.sql("DELETE FROM email_change WHERE account_id = $1")
        .bind(account)
        .run()
        .await?;
    Ok(())
}
