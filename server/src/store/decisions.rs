//! What an admin decides: three tables that have their decision in the same columns. What else
//! stands in them is in [`super::applications`], [`super::qualifications`] and
//! [`super::bug_reports`].

use chrono::{DateTime, Utc};
use clinic_shared::v1::qualifications::Decision;

use super::{Session, Sql, Tx};

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Somebody wants to be a doctor.
    Application,
    /// A proof of what a doctor has learnt.
    Qualification,
    /// What is wrong with the program.
    BugReport,
}

/// A decision read from its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionWord(pub Decision);

impl TryFrom<String> for DecisionWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse().map(DecisionWord)
    }
}

/// What the decision's columns say.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Decided {
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub status: DecisionWord,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Which of them a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Only those that stand so.
    pub status: Option<Decision>,
    /// Only numbers smaller than this: lists begin with the newest.
    pub before: i64,
    /// Rows to read.
    pub limit: i64,
    /// Rows to skip.
    pub offset: i64,
}

macro_rules! texts {
    ($table:literal) => {
        Texts {
            count: concat!(
                "SELECT count(*) FROM ",
                $table,
                " WHERE $1 = '' OR status = $1"
            ),
            lock: Sql {
                sqlite: concat!(
                    "SELECT status, reason, decided_at, version, created_at, updated_at FROM ",
                    $table,
                    " WHERE id = $1"
                ),
                postgres: concat!(
                    "SELECT status, reason, decided_at, version, created_at, updated_at FROM ",
                    $table,
                    " WHERE id = $1 FOR UPDATE"
                ),
            },
            decide: concat!(
                "UPDATE ",
                $table,
                " SET status = $2, reason = $3, decided_by = $4, decided_at = $5, updated_at = $5,
                     version = version + 1
                 WHERE id = $1"
            ),
        }
    };
}

struct Texts {
    count: &'static str,
    lock: Sql,
    decide: &'static str,
}

impl Matter {
    const fn texts(self) -> Texts {
        match self {
            Matter::Application => texts!("doctor_application"),
            Matter::Qualification => texts!("qualification"),
            Matter::BugReport => texts!("bug_report"),
        }
    }

    /// Its table, and what the audit calls one.
    pub const fn table(self) -> &'static str {
        match self {
            Matter::Application => "doctor_application",
            Matter::Qualification => "qualification",
            Matter::BugReport => "bug_report",
        }
    }
}

/// A status as lists bind it: `""` for any.
pub(super) fn word(status: Option<Decision>) -> &'static str {
    status.map_or("", Decision::as_str)
}

/// How many there are that stand so.
///
/// # Errors
/// Anything the engine reports.
pub async fn count(
    session: &mut impl Session,
    of: Matter,
    status: Option<Decision>,
) -> sqlx::Result<i64> {
    let statement = session.sql(of.texts().count).bind(word(status));
    let (count,): (i64,) = statement.one().await?;
    Ok(count)
}

/// How one stands; nobody else decides it until the transaction ends.
///
/// # Errors
/// Anything the engine reports.
pub async fn lock(tx: &mut Tx, of: Matter, id: i64) -> sqlx::Result<Option<Decided>> {
    tx.sql(of.texts().lock).bind(id).maybe().await
}

/// Decides one that this transaction has locked.
///
/// # Errors
/// Anything the engine reports.
pub async fn decide(
    tx: &mut Tx,
    of: Matter,
    id: i64,
    (status, reason): (Decision, Option<&str>),
    by: Option<i64>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let statement = tx.sql(of.texts().decide).bind(id).bind(status.as_str());
    let statement = statement.bind(reason).bind(by).bind(at);
    statement.run().await?;
    Ok(())
}
