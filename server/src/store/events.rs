//! What happened, for whoever listens: rows are only ever inserted by the changes themselves, and
//! get their position in commit order afterwards (docs/decisions/0015).

use chrono::{DateTime, Utc};
use uuid::Uuid;

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

/// Something that happened and has its position.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EventRow {
    /// Its place in commit order.
    pub position: i64,
    /// What kind of thing it happened to.
    pub kind: String,
    /// Which one.
    pub object_id: i64,
    /// The number of the doctor whose it is.
    pub doctor_id: Option<i64>,
    /// The number of the patient whose it is.
    pub patient_id: Option<i64>,
    /// The doctor's UUID.
    pub doctor_uid: Option<Uuid>,
    /// The patient's UUID.
    pub patient_uid: Option<Uuid>,
}

/// Which positions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    /// The last that was given.
    pub newest: i64,
    /// The last that is kept no longer.
    pub purged: i64,
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

/// Which positions there are now.
///
/// # Errors
/// The database's.
pub async fn head(session: &mut impl Session) -> sqlx::Result<Head> {
    session
        .sql("SELECT newest, purged FROM event_head")
        .one()
        .await
}

/// What happened after a position, oldest first.
///
/// # Errors
/// The database's.
pub async fn after(
    session: &mut impl Session,
    position: i64,
    most: i64,
) -> sqlx::Result<Vec<EventRow>> {
    session
        .sql(
            "SELECT e.position, e.kind, e.object_id, e.doctor_id, e.patient_id,
                 d.uid AS doctor_uid, p.uid AS patient_uid
             FROM event e LEFT JOIN doctor d ON d.id = e.doctor_id
                 LEFT JOIN patient p ON p.id = e.patient_id
             WHERE e.position > $1 ORDER BY e.position LIMIT $2",
        )
        .bind(position)
        .bind(most)
        .all()
        .await
}

/// Whether something that happened has no position yet.
///
/// # Errors
/// The database's.
pub async fn any_without_position(session: &mut impl Session) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql("SELECT id FROM event WHERE position IS NULL LIMIT 1")
        .maybe()
        .await?;
    Ok(found.is_some())
}

/// Gives what has committed its positions, after all that were given before; answers how many.
///
/// The head's row is locked until the caller commits. The second statement sees everything that
/// had committed when the lock was got, in particular all that was placed before it; so positions
/// become visible in their order.
///
/// # Errors
/// The database's.
pub async fn place(tx: &mut Tx) -> sqlx::Result<u64> {
    let (newest,): (i64,) = tx
        .sql("SELECT newest FROM event_head WHERE id = 1 FOR UPDATE")
        .one()
        .await?;
    let placed = tx
        .sql(
            "UPDATE event SET position = fresh.position FROM (
                 SELECT id, $1 + row_number() OVER (ORDER BY id) AS position
                 FROM event WHERE position IS NULL) AS fresh
             WHERE event.id = fresh.id",
        )
        .bind(newest)
        .run()
        .await?;
    let by = i64::try_from(placed).unwrap_or(i64::MAX);
    tx.sql("UPDATE event_head SET newest = newest + $1")
        .bind(by)
        .run()
        .await?;
    Ok(placed)
}

/// Forgets what happened before then, from the oldest position up; answers how much.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let (last,): (Option<i64>,) = tx
        .sql("SELECT max(position) FROM event WHERE at < $1")
        .bind(before)
        .one()
        .await?;
    let Some(last) = last else {
        return Ok(0);
    };
    let purged = tx
        .sql("DELETE FROM event WHERE position <= $1")
        .bind(last)
        .run()
        .await?;
    tx.sql("UPDATE event_head SET purged = $1")
        .bind(last)
        .run()
        .await?;
    Ok(purged)
}
