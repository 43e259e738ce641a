//! What happened, for whoever listens: rows are only ever inserted by the changes themselves.

use chrono::{DateTime, Utc};

use super::{Session, Tx};

/// Something that happened: ids only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewEvent {
    /// What kind of thing it happened to, e.g. `appointment`.
    pub kind: &'static str,
    /// Which one.
    pub object: i64,
    /// The doctor whose it is.
    pub doctor: Option<i64>,
    /// The patient whose it is.
    pub patient: Option<i64>,
}

/// Writes an event into the transaction of what happened.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, event: &NewEvent, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO event (at, kind, object_id, doctor_id, patient_id)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(at)
    .bind(event.kind)
    .bind(event.object)
    .bind(event.doctor)
    .bind(event.patient)
    .run()
    .await?;
    Ok(())
}
