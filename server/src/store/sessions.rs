//! Sessions: one row behind each pair of tokens.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::accounts::RoleWord;
use super::{Session, Tx};

/// A new session.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id, `sid` in the tokens.
    pub id: Uuid,
    /// Whose.
    pub account_id: i64,
    /// Which family opened it: `classic` or `v1`.
    pub family: &'static str,
    /// `jti` of its refresh token.
    pub refresh_jti: Uuid,
    /// Now.
    pub at: DateTime<Utc>,
    /// When it ends whatever is refreshed.
    pub expires_at: DateTime<Utc>,
}

/// A session with what is needed of its account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionOfAccount {
    /// Its id.
    pub id: Uuid,
    /// Which family opened it.
    pub family: String,
    /// `jti` of its refresh token.
    pub refresh_jti: Uuid,
    /// When it ends whatever is refreshed.
    pub expires_at: DateTime<Utc>,
    /// Whether it has been ended.
    pub ended: bool,
    /// The account's number.
    pub account_id: i64,
    /// The account's UUID.
    pub account_uid: Uuid,
    /// Its role.
    #[sqlx(try_from = "String")]
    pub role: RoleWord,
    /// False once disabled.
    pub is_active: bool,
    /// The e-mail was proved.
    pub is_verified: bool,
}

/// Opens a session.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: &NewSession) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO session (id, account_id, family, refresh_jti, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id)
    .bind(new.account_id)
    .bind(new.family)
    .bind(new.refresh_jti)
    .bind(new.at)
    .bind(new.expires_at)
    .run()
    .await?;
    Ok(())
}

/// The session with this id.
///
/// # Errors
/// The database's.
pub async fn find(session: &mut impl Session, id: Uuid) -> sqlx::Result<Option<SessionOfAccount>> {
    session
        .sql(
            "SELECT s.id, s.family, s.refresh_jti, s.expires_at, s.ended_at IS NOT NULL AS ended,
                    a.id AS account_id, a.uid AS account_uid, a.role, a.is_active, a.is_verified
             FROM session s JOIN account a ON a.id = s.account_id WHERE s.id = $1",
        )
        .bind(id)
        .maybe()
        .await
}

/// Ends one session; false if it had ended.
///
/// # Errors
/// The database's.
pub async fn end(tx: &mut Tx, id: Uuid, reason: &str, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let ended = tx
        .sql(
            "UPDATE session SET ended_at = $2, ended_reason = $3
             WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(id)
        .bind(at)
        .bind(reason)
        .run()
        .await?;
    Ok(ended > 0)
}

/// Ends an account's sessions, all or all but one.
///
/// # Errors
/// The database's.
pub async fn end_all(
    tx: &mut Tx,
    account: i64,
    except: Option<Uuid>,
    reason: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<u64> {
    tx.sql(
        "UPDATE session SET ended_at = $2, ended_reason = $3
         WHERE account_id = $1 AND ended_at IS NULL AND id <> $4",
    )
    .bind(account)
    .bind(at)
    .bind(reason)
    .bind(except.unwrap_or(Uuid::nil()))
    .run()
    .await
}
