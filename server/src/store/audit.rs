//! The audit table. Rows are only ever inserted; what seals them stands in
//! [`super::audit_chain`].

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Session, Sql, Tx};

/// A row of the audit.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// When.
    pub at: DateTime<Utc>,
    /// `change`, `read` or `access` (sign-ins).
    pub kind: String,
    /// The operation.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Who, if an account.
    pub account_id: Option<i64>,
    /// In which role.
    pub role: Option<String>,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// From which client address.
    pub address: Option<String>,
    /// What kind of thing.
    pub object_type: Option<String>,
    /// Which one.
    pub object_id: Option<i64>,
    /// Whose record, where it is one person's.
    pub patient_id: Option<i64>,
    /// Field names, counts, settings.
    pub detail: Json<serde_json::Value>,
}

/// Inserts rows, in order.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, rows: &[Row]) -> sqlx::Result<()> {
    for row in rows {
        tx.sql(Sql {
            sqlite: "INSERT INTO audit (at, kind, action, outcome, account_id, role, session_id,
                         address, object_type, object_id, patient_id, detail)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            // The transaction has its number before the row has its id: so the sealer knows which
            // ids can no longer appear.
            postgres: "WITH me AS MATERIALIZED (SELECT pg_current_xact_id() AS xid)
                       INSERT INTO audit (at, kind, action, outcome, account_id, role, session_id,
                           address, object_type, object_id, patient_id, detail)
                       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
                       FROM me WHERE xid IS NOT NULL",
        })
        .bind(row.at)
        .bind(row.kind.as_str())
        .bind(row.action.as_str())
        .bind(row.outcome.as_str())
        .bind(row.account_id)
        .bind(row.role.as_deref())
        .bind(row.session_id)
        .bind(row.address.as_deref())
        .bind(row.object_type.as_deref())
        .bind(row.object_id)
        .bind(row.patient_id)
        .bind(&row.detail)
        .run()
        .await?;
    }
    Ok(())
}

/// The newest rows first, for tests and for the operator.
///
/// # Errors
/// The database's.
pub async fn latest(session: &mut impl Session, limit: i64) -> sqlx::Result<Vec<Row>> {
    session
        .sql(
            "SELECT at, kind, action, outcome, account_id, role, session_id, address,
                    object_type, object_id, patient_id, detail
             FROM audit ORDER BY id DESC LIMIT $1",
        )
        .bind(limit)
        .all()
        .await
}
