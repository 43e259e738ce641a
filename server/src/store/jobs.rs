//! The job table: work that is done after the change that asked for it has committed.
//!
//! A claimed job is `running` and its `run_at` is when the claim ends, so that "due" means one
//! thing: waiting jobs whose time has come, and running ones whose server has died.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Session, Sql, Tx};

/// A job to be done.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ClaimedRow {
    /// Its id.
    pub id: i64,
    /// What to do, as JSON.
    pub payload: Json<serde_json::Value>,
    /// How often it was begun, this time included.
    pub tries: i64,
}

/// A job as the operator sees it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow, serde::Serialize)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// What it does.
    pub kind: String,
    /// `waiting`, `running`, `done` or `dead`.
    pub status: String,
    /// When it is tried; while it runs, until when it is claimed.
    pub run_at: DateTime<Utc>,
    /// How often it was begun.
    pub tries: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was done or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job that is asked for.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// What it does, for lists.
    pub kind: &'a str,
    /// What to do.
    pub payload: serde_json::Value,
    /// At most one job is ever made under this key.
    pub once_key: Option<&'a str>,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Asks for a job; false if one was asked for under its key already.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: &NewJob<'_>) -> sqlx::Result<bool> {
    let made = tx
        .sql(
            "INSERT INTO job (kind, payload, once_key, status, run_at, tries, created_at)
             VALUES ($1, $2, $3, 'waiting', $4, 0, $5) ON CONFLICT (once_key) DO NOTHING",
        )
        .bind(new.kind)
        .bind(Json(&new.payload))
        .bind(new.once_key)
        .bind(new.run_at)
        .bind(new.at)
        .run()
        .await?;
    Ok(made == 1)
}

/// Claims the job that has been due longest, for one server until `until`.
///
/// # Errors
/// The database's.
pub async fn claim(
    tx: &mut Tx,
    claim: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Option<ClaimedRow>> {
    tx.sql(Sql {
        sqlite: "UPDATE job SET status = 'running', run_at = $3, claimed_by = $1, tries = tries + 1
                 WHERE id = (SELECT id FROM job WHERE status IN ('waiting', 'running')
                     AND run_at <= $2 ORDER BY run_at, id LIMIT 1)
                 RETURNING id, payload, tries",
        // Two servers that look at once take two jobs instead of waiting for each other.
        postgres: "UPDATE job SET status = 'running', run_at = $3, claimed_by = $1,
                     tries = tries + 1
                 WHERE id = (SELECT id FROM job WHERE status IN ('waiting', 'running')
                     AND run_at <= $2 ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING id, payload, tries",
    })
    .bind(claim)
    .bind(now)
    .bind(until)
    .maybe()
    .await
}

/// Has a claim end at another time; a claim that was lost stays lost.
///
/// # Errors
/// The database's.
pub async fn renew(tx: &mut Tx, id: i64, claim: Uuid, until: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("UPDATE job SET run_at = $3 WHERE id = $1 AND claimed_by = $2 AND status = 'running'")
        .bind(id)
        .bind(claim)
        .bind(until)
        .run()
        .await?;
    Ok(())
}

/// When the next job is due; none: there is nothing to do.
///
/// # Errors
/// The database's.
pub async fn next_due(session: &mut impl Session) -> sqlx::Result<Option<DateTime<Utc>>> {
    let next: Option<(DateTime<Utc>,)> = session
        .sql(
            "SELECT run_at FROM job WHERE status IN ('waiting', 'running')
             ORDER BY run_at, id LIMIT 1",
        )
        .maybe()
        .await?;
    Ok(next.map(|(at,)| at))
}

/// A claimed job is done; false if the claim was lost, and then nothing of it may be kept.
///
/// # Errors
/// The database's.
pub async fn finish(tx: &mut Tx, id: i64, claim: Uuid, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let finished = tx
        .sql(
            "UPDATE job SET status = 'done', claimed_by = NULL, last_error = NULL, finished_at = $3
             WHERE id = $1 AND claimed_by = $2 AND status = 'running'",
        )
        .bind(id)
        .bind(claim)
        .bind(at)
        .run()
        .await?;
    Ok(finished == 1)
}

/// A try failed and there will be another.
///
/// # Errors
/// The database's.
pub async fn postpone(
    tx: &mut Tx,
    id: i64,
    claim: Uuid,
    run_at: DateTime<Utc>,
    why: &str,
) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE job SET status = 'waiting', claimed_by = NULL, run_at = $3, last_error = $4
         WHERE id = $1 AND claimed_by = $2 AND status = 'running'",
    )
    .bind(id)
    .bind(claim)
    .bind(run_at)
    .bind(why)
    .run()
    .await?;
    Ok(())
}

/// A job is given up.
///
/// # Errors
/// The database's.
pub async fn bury(
    tx: &mut Tx,
    id: i64,
    claim: Uuid,
    at: DateTime<Utc>,
    why: &str,
) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE job SET status = 'dead', claimed_by = NULL, finished_at = $3, last_error = $4
         WHERE id = $1 AND claimed_by = $2 AND status = 'running'",
    )
    .bind(id)
    .bind(claim)
    .bind(at)
    .bind(why)
    .run()
    .await?;
    Ok(())
}

/// The newest jobs, or those that stand so.
///
/// # Errors
/// The database's.
pub async fn list(
    session: &mut impl Session,
    status: Option<&str>,
    most: i64,
) -> sqlx::Result<Vec<JobRow>> {
    session
        .sql(
            "SELECT id, kind, status, run_at, tries, last_error, created_at, finished_at
             FROM job WHERE (CAST($1 AS text) IS NULL OR status = $1) ORDER BY id DESC LIMIT $2",
        )
        .bind(status)
        .bind(most)
        .all()
        .await
}

/// Lets dead jobs try again from the beginning, one or (none) all; answers how many.
///
/// # Errors
/// The database's.
pub async fn revive(tx: &mut Tx, id: Option<i64>, at: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql(
        "UPDATE job SET status = 'waiting', tries = 0, run_at = $2, finished_at = NULL
         WHERE status = 'dead' AND (CAST($1 AS bigint) IS NULL OR id = $1)",
    )
    .bind(id)
    .bind(at)
    .run()
    .await
}

/// Forgets jobs that were done before then.
///
/// # Errors
/// The database's.
pub async fn forget_done(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql("DELETE FROM job WHERE status = 'done' AND finished_at < $1")
        .bind(before)
        .run()
        .await
}
