//! Lists of the audit, for admins: by time, newest or oldest first.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Session, Stmt};

/// A row with the names that go with its numbers.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct NamedRow {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `change`, `read` or `access`.
    pub kind: String,
    /// The operation.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Who.
    pub account_id: Option<i64>,
    /// The account's UUID.
    pub account_uid: Option<Uuid>,
    /// The account's sign-in name.
    pub username: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// From which address.
    pub address: Option<String>,
    /// What kind of thing.
    pub object_type: Option<String>,
    /// Which one.
    pub object_id: Option<i64>,
    /// Whose record.
    pub patient_id: Option<i64>,
    /// The patient's UUID.
    pub patient_uid: Option<Uuid>,
    /// The patient's name.
    pub full_name: Option<String>,
    /// Field names, counts, settings.
    pub detail: Json<serde_json::Value>,
}

/// Which rows: all that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this account.
    pub account: Option<i64>,
    /// Of this action.
    pub action: Option<String>,
    /// Of this kind.
    pub kind: Option<&'static str>,
    /// With this outcome.
    pub outcome: Option<&'static str>,
    /// Of things of this type.
    pub object_type: Option<String>,
    /// Of the thing of this number.
    pub object_id: Option<i64>,
    /// Of this patient.
    pub patient: Option<i64>,
}

/// A place between two rows, by time and id.
pub type Place = (DateTime<Utc>, i64);

macro_rules! filtered {
    ($by:literal) => {
        concat!(
            " FROM audit a WHERE (a.at, a.id) > ($1, $2) AND (a.at, a.id) < ($3, $4) \
             AND (CAST($5 AS text) IS NULL OR a.kind = $5) \
             AND (CAST($6 AS text) IS NULL OR a.outcome = $6) \
             AND (CAST($7 AS bigint) IS NULL OR a.account_id = $7) \
             AND (CAST($8 AS text) IS NULL OR a.action = $8) \
             AND (CAST($9 AS text) IS NULL OR a.object_type = $9) \
             AND (CAST($10 AS bigint) IS NULL OR a.object_id = $10) \
             AND (CAST($11 AS bigint) IS NULL OR a.patient_id = $11)",
            $by
        )
    };
}

macro_rules! page {
    ($by:literal, $order:literal) => {
        concat!(
            "SELECT r.id, r.at, r.kind, r.action, r.outcome, r.account_id, \
             account.uid AS account_uid, account.username, r.role, r.session_id, r.address, \
             r.object_type, r.object_id, r.patient_id, patient.uid AS patient_uid, \
             patient.full_name, r.detail FROM (SELECT a.*",
            filtered!($by),
            " ORDER BY a.at ",
            $order,
            ", a.id ",
            $order,
            " LIMIT $12 OFFSET $13) r \
             LEFT JOIN account ON account.id = r.account_id \
             LEFT JOIN patient ON patient.id = r.patient_id \
             ORDER BY r.at ",
            $order,
            ", r.id ",
            $order
        )
    };
}

macro_rules! counted {
    ($by:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1",
            filtered!($by),
            " LIMIT $12) AS counted"
        )
    };
}

/// The text whose index finds the fewest rows: the condition is said once more, alone, so that both
/// engines see it.
macro_rules! by_index {
    ($filter:expr, $text:ident $(, $order:literal)?) => {
        match $filter {
            Filter { patient: Some(_), .. } => $text!(" AND a.patient_id = $11" $(, $order)?),
            Filter { object_type: Some(_), object_id: Some(_), .. } => {
                $text!(" AND a.object_type = $9 AND a.object_id = $10" $(, $order)?)
            }
            Filter { outcome: Some("refused"), .. } => {
                $text!(" AND a.outcome = 'refused'" $(, $order)?)
            }
            Filter { account: Some(_), .. } => $text!(" AND a.account_id = $7" $(, $order)?),
            Filter { action: Some(_), .. } => $text!(" AND a.action = $8" $(, $order)?),
            Filter { object_type: Some(_), .. } => $text!(" AND a.object_type = $9" $(, $order)?),
            _ => $text!("" $(, $order)?),
        }
    };
}

fn bound<'c>(statement: Stmt<'c>, filter: &Filter, (after, before): (Place, Place)) -> Stmt<'c> {
    statement
        .bind(after.0)
        .bind(after.1)
        .bind(before.0)
        .bind(before.1)
        .bind(filter.kind)
        .bind(filter.outcome)
        .bind(filter.account)
        .bind(filter.action.as_deref())
        .bind(filter.object_type.as_deref())
        .bind(filter.object_id)
        .bind(filter.patient)
}

/// How many rows fit between two places: `most` at most.
///
/// # Errors
/// The database's.
pub async fn count(
    session: &mut impl Session,
    filter: &Filter,
    between: (Place, Place),
    most: i64,
) -> sqlx::Result<i64> {
    let text = by_index!(filter, counted);
    let statement = bound(session.sql(text), filter, between).bind(most);
    let (count,): (i64,) = statement.one().await?;
    Ok(count)
}

/// Rows between two places, newest first, `offset` of them skipped.
///
/// # Errors
/// The database's.
pub async fn newest(
    session: &mut impl Session,
    filter: &Filter,
    between: (Place, Place),
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<NamedRow>> {
    let text = by_index!(filter, page, "DESC");
    let statement = bound(session.sql(text), filter, between);
    statement.bind(limit).bind(offset).all().await
}

/// Rows between two places, oldest first.
///
/// # Errors
/// The database's.
pub async fn oldest(
    session: &mut impl Session,
    filter: &Filter,
    between: (Place, Place),
    limit: i64,
) -> sqlx::Result<Vec<NamedRow>> {
    let text = by_index!(filter, page, "ASC");
    let statement = bound(session.sql(text), filter, between);
    statement.bind(limit).bind(0_i64).all().await
}

/// When a row was written.
///
/// # Errors
/// The database's.
pub async fn time_of(session: &mut impl Session, id: i64) -> sqlx::Result<Option<DateTime<Utc>>> {
    let found: Option<(DateTime<Utc>,)> = session
        .sql("SELECT at FROM audit WHERE id = $1")
        .bind(id)
        .maybe()
        .await?;
    Ok(found.map(|(at,)| at))
}
