//! Sessions: one row behind each pair of tokens.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::accounts::RoleWord;
use super::{Session, Sql, Tx};

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
    /// `jti` of its access token, where pairs rotate.
    pub access_jti: Option<Uuid>,
    /// Where it was opened.
    pub address: Option<String>,
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
    /// `jti` of the newest access token, where pairs rotate.
    pub access_jti: Option<Uuid>,
    /// When the newest pair was made; none for the first.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Whether the newest pair was used.
    pub pair_used: bool,
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
        "INSERT INTO session (id, account_id, family, refresh_jti, access_jti, address, created_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.account_id)
    .bind(new.family)
    .bind(new.refresh_jti)
    .bind(new.access_jti)
    .bind(new.address.as_deref())
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
                    s.access_jti, s.rotated_at, s.pair_used, a.id AS account_id, a.uid AS account_uid, a.role, a.is_active, a.is_verified
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

/// What a rotating session keeps of its newest pair of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct PairRow {
    /// `jti` of the refresh token.
    pub refresh_jti: Uuid,
    /// `jti` of the access token.
    pub access_jti: Option<Uuid>,
    /// The refresh token that was traded for it; none for the first pair.
    pub previous_jti: Option<Uuid>,
    /// When it was made; none for the first pair.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Expiry of the access token, Unix seconds.
    pub access_exp: Option<i64>,
    /// Expiry of the refresh token, Unix seconds.
    pub refresh_exp: Option<i64>,
    /// Whether either of the two was used.
    pub pair_used: bool,
}

/// The newest pair of a session, locked until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock_pair(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<PairRow>> {
    tx.sql(Sql {
        sqlite: "SELECT refresh_jti, access_jti, previous_jti, rotated_at, access_exp, refresh_exp,
                     pair_used
                 FROM session WHERE id = $1",
        postgres: "SELECT refresh_jti, access_jti, previous_jti, rotated_at, access_exp,
                     refresh_exp, pair_used
                   FROM session WHERE id = $1 FOR UPDATE",
    })
    .bind(id)
    .maybe()
    .await
}

/// Replaces a session's pair by a newer one, which nobody has used yet.
///
/// # Errors
/// The database's.
pub async fn rotate(tx: &mut Tx, id: Uuid, pair: &PairRow) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE session SET refresh_jti = $2, access_jti = $3, previous_jti = $4, rotated_at = $5,
             access_exp = $6, refresh_exp = $7, pair_used = $8
         WHERE id = $1",
    )
    .bind(id)
    .bind(pair.refresh_jti)
    .bind(pair.access_jti)
    .bind(pair.previous_jti)
    .bind(pair.rotated_at)
    .bind(pair.access_exp)
    .bind(pair.refresh_exp)
    .bind(pair.pair_used)
    .run()
    .await?;
    Ok(())
}

/// The pair with this access token was used; nothing if there is a newer one.
///
/// # Errors
/// The database's.
pub async fn mark_used(tx: &mut Tx, id: Uuid, access_jti: Uuid) -> sqlx::Result<()> {
    tx.sql("UPDATE session SET pair_used = $3 WHERE id = $1 AND access_jti = $2")
        .bind(id)
        .bind(access_jti)
        .bind(true)
        .run()
        .await?;
    Ok(())
}

/// A live session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LiveRow {
    /// Its id.
    pub id: Uuid,
    /// Which family opened it.
    pub family: String,
    /// Where it was opened.
    pub address: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed, where pairs rotate.
    pub rotated_at: Option<DateTime<Utc>>,
    /// When it ends whatever is refreshed.
    pub expires_at: DateTime<Utc>,
}

/// An account's live sessions, newest first.
///
/// # Errors
/// The database's.
pub async fn live_of(
    session: &mut impl Session,
    account: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<LiveRow>> {
    session
        .sql(
            "SELECT id, family, address, created_at, rotated_at, expires_at FROM session
             WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2
             ORDER BY created_at DESC, id DESC",
        )
        .bind(account)
        .bind(now)
        .all()
        .await
}
