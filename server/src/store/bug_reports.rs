//! What people say is wrong with the program.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::decisions::{Decided, Span, word};
use super::{Session, Tx};

/// A report as every query answers one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BugReportRow {
    /// Its number.
    pub id: i64,
    /// The account of who wrote, if they were signed in.
    pub account_uid: Option<Uuid>,
    /// What kind of thing is wrong.
    pub bug_type: String,
    /// What is wrong.
    pub issue: String,
    /// Where to answer.
    pub email: Option<String>,
    /// Media key of the picture.
    pub image: Option<String>,
    /// What became of it.
    #[sqlx(flatten)]
    pub decided: Decided,
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBugReport {
    /// Their account, if they are signed in.
    pub account: Option<i64>,
    /// What kind of thing is wrong.
    pub bug_type: String,
    /// What is wrong.
    pub issue: String,
    /// Where to answer.
    pub email: Option<String>,
    /// Media key of the picture.
    pub image: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, a.uid AS account_uid, b.bug_type, b.issue, b.email, b.image, b.status, \
             b.reason, b.decided_at, b.version, b.created_at, b.updated_at \
             FROM bug_report b LEFT JOIN account a ON a.id = b.account_id ",
            $rest
        )
    };
}

/// Inserts a report and answers its number.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, new: &NewBugReport, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO bug_report (account_id, bug_type, issue, email, image, status, version,
                 created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'pending', 1, $6, $6) RETURNING id",
        )
        .bind(new.account)
        .bind(new.bug_type.as_str())
        .bind(new.issue.as_str())
        .bind(new.email.as_deref())
        .bind(new.image.as_deref())
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// The report of a number.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<BugReportRow>> {
    let statement = session.sql(select!("WHERE b.id = $1"));
    statement.bind(id).maybe().await
}

/// A page, newest first.
///
/// # Errors
/// Anything the engine reports.
pub async fn page(session: &mut impl Session, span: Span) -> sqlx::Result<Vec<BugReportRow>> {
    session
        .sql(select!(
            "WHERE b.id < $1 AND ($2 = '' OR b.status = $2) ORDER BY b.id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(span.before)
        .bind(word(span.status))
        .bind(span.limit)
        .bind(span.offset)
        .all()
        .await
}
