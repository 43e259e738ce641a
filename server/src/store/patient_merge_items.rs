//! What a merge of two patients moved: one row for each thing, in the transaction that moves it.
//!
//! A table that refers to a patient has its lines here, or is among those that stay where they are;
//! a test holds the schema against this list.

use chrono::{DateTime, Utc};

use super::reviews;
use super::{Session, Tx};

/// Columns that refer to a patient and move with a merge.
pub const MOVES: [(&str, &str); 3] = [
    ("appointment", "patient_id"),
    ("waiting", "patient_id"),
    ("review", "patient_id"),
];

/// Columns that refer to a patient and stay: the words a name is found by are taken away and put
/// again, and what tells of merges is not merged.
pub const STAYS: [(&str, &str); 4] = [
    ("patient_word", "patient_id"),
    ("patient", "merged_into"),
    ("patient_merge", "survivor_id"),
    ("patient_merge", "retired_id"),
];

/// A thing that moved.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ItemRow {
    /// The merge.
    pub merge_id: i64,
    /// `appointment`, `waiting`, `review` or `hidden_review`.
    pub kind: String,
    /// Which one.
    pub object_id: i64,
}

/// Moves everything of one record to another and notes each thing.
///
/// # Errors
/// The database's; [`super::appointments::busy`] of it tells of two at one time.
pub async fn carry(
    tx: &mut Tx,
    merge: i64,
    (from, to): (i64, i64),
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    tx.sql(
        "INSERT INTO patient_merge_item (merge_id, kind, object_id)
         SELECT $1, 'appointment', id FROM appointment WHERE patient_id = $2
         UNION ALL
         SELECT $1, 'waiting', id FROM waiting WHERE patient_id = $2
         UNION ALL
         SELECT $1, CASE WHEN EXISTS (
                 SELECT 1 FROM review s WHERE s.patient_id = $3 AND s.doctor_id = r.doctor_id
                     AND s.hidden_at IS NULL) THEN 'hidden_review' ELSE 'review' END, r.id
         FROM review r WHERE r.patient_id = $2 AND r.hidden_at IS NULL",
    )
    .bind(merge)
    .bind(from)
    .bind(to)
    .run()
    .await?;
    tx.sql("UPDATE appointment SET patient_id = $2 WHERE patient_id = $1")
        .bind(from)
        .bind(to)
        .run()
        .await?;
    tx.sql("UPDATE waiting SET patient_id = $2 WHERE patient_id = $1")
        .bind(from)
        .bind(to)
        .run()
        .await?;
    tx.sql(
        "UPDATE review SET patient_id = $2 WHERE id IN (
             SELECT object_id FROM patient_merge_item WHERE merge_id = $1 AND kind = 'review')",
    )
    .bind(merge)
    .bind(to)
    .run()
    .await?;
    reviews::hide_of_patient(tx, from, at).await
}

/// Brings everything that a merge moved back to where it was, as it is now.
///
/// # Errors
/// The database's.
pub async fn bring_back(tx: &mut Tx, merge: i64, (from, to): (i64, i64)) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE appointment SET patient_id = $3 WHERE patient_id = $2 AND id IN (
             SELECT object_id FROM patient_merge_item WHERE merge_id = $1
                 AND kind = 'appointment')",
    )
    .bind(merge)
    .bind(from)
    .bind(to)
    .run()
    .await?;
    tx.sql(
        "UPDATE waiting SET patient_id = $3 WHERE patient_id = $2 AND id IN (
             SELECT object_id FROM patient_merge_item WHERE merge_id = $1 AND kind = 'waiting')",
    )
    .bind(merge)
    .bind(from)
    .bind(to)
    .run()
    .await?;
    tx.sql(
        "UPDATE review SET patient_id = $3 WHERE patient_id = $2 AND id IN (
             SELECT object_id FROM patient_merge_item WHERE merge_id = $1 AND kind = 'review')",
    )
    .bind(merge)
    .bind(from)
    .bind(to)
    .run()
    .await?;
    // A doctor who left meanwhile has no reviews.
    let shown = tx
        .sql(
            "UPDATE review SET hidden_at = NULL WHERE patient_id = $2 AND hidden_at IS NOT NULL
                 AND id IN (SELECT object_id FROM patient_merge_item WHERE merge_id = $1
                     AND kind = 'hidden_review')
                 AND doctor_id IN (SELECT id FROM doctor WHERE retired_at IS NULL)",
        )
        .bind(merge)
        .bind(to)
        .run()
        .await?;
    if let Ok(shown @ 1..) = i64::try_from(shown) {
        reviews::count_by(tx, shown).await?;
    }
    Ok(())
}

/// What the merges into a record moved, by merge, kind and id.
///
/// # Errors
/// The database's.
pub async fn of_survivor(session: &mut impl Session, survivor: i64) -> sqlx::Result<Vec<ItemRow>> {
    session
        .sql(
            "SELECT i.merge_id, i.kind, i.object_id
             FROM patient_merge m JOIN patient_merge_item i ON i.merge_id = m.id
             WHERE m.survivor_id = $1 ORDER BY i.merge_id, i.kind, i.object_id",
        )
        .bind(survivor)
        .all()
        .await
}
