//! Wrong guesses at passwords and codes, and the addresses from which accounts are known to sign in.

use chrono::{DateTime, Utc};

use super::{Session, Tx};

/// Counts a guess as wrong until it proves right; answers how many there are now and until when no
/// other is taken. A count whose last guess is older than `stale` begins anew.
///
/// # Errors
/// The database's.
pub async fn count(
    tx: &mut Tx,
    target: &[u8],
    now: DateTime<Utc>,
    stale: DateTime<Utc>,
) -> sqlx::Result<(i64, DateTime<Utc>)> {
    tx.sql(
        "INSERT INTO guess (target, failures, last_at, blocked_until) VALUES ($1, 1, $2, $2)
         ON CONFLICT (target) DO UPDATE SET
             failures = CASE WHEN guess.last_at < $3 THEN 1 ELSE guess.failures + 1 END,
             last_at = $2
         RETURNING failures, blocked_until",
    )
    .bind(target)
    .bind(now)
    .bind(stale)
    .one()
    .await
}

/// Takes no other guess until then.
///
/// # Errors
/// The database's.
pub async fn block(tx: &mut Tx, target: &[u8], until: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("UPDATE guess SET blocked_until = $2 WHERE target = $1")
        .bind(target)
        .bind(until)
        .run()
        .await?;
    Ok(())
}

/// A guess was right: forgets the wrong ones before it.
///
/// # Errors
/// The database's.
pub async fn clear(tx: &mut Tx, target: &[u8]) -> sqlx::Result<()> {
    tx.sql("DELETE FROM guess WHERE target = $1")
        .bind(target)
        .run()
        .await?;
    Ok(())
}

/// A guess was right: it does not count, but the others do.
///
/// # Errors
/// The database's.
pub async fn take_back(tx: &mut Tx, target: &[u8], now: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE guess SET failures = failures - 1, blocked_until = $2
         WHERE target = $1 AND failures > 0",
    )
    .bind(target)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Forgets guesses whose last one is older than that.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql("DELETE FROM guess WHERE last_at < $1")
        .bind(before)
        .run()
        .await
}

/// Whether an account was signed in from this address since then.
///
/// # Errors
/// The database's.
pub async fn is_familiar(
    session: &mut impl Session,
    account: i64,
    address: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT account_id FROM familiar_address
             WHERE account_id = $1 AND address = $2 AND last_at > $3",
        )
        .bind(account)
        .bind(address)
        .bind(since)
        .maybe()
        .await?;
    Ok(found.is_some())
}

/// An account was signed in from this address.
///
/// # Errors
/// The database's.
pub async fn note_familiar(
    tx: &mut Tx,
    account: i64,
    address: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO familiar_address (account_id, address, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, address) DO UPDATE SET last_at = excluded.last_at",
    )
    .bind(account)
    .bind(address)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// Forgets addresses from which nobody signed in since then.
///
/// # Errors
/// The database's.
pub async fn forget_familiar(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql("DELETE FROM familiar_address WHERE last_at < $1")
        .bind(before)
        .run()
        .await
}
