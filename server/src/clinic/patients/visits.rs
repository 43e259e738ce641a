//! Everything that was ever booked for one person.

use clinic_shared::desk::visits::Visits;
use serde_json::json;
use uuid::Uuid;

use super::super::appointments::detail_wire;
use super::super::{Actor, Answer, Clinic};
use super::merges::standing;
use crate::store::visits as table;

/// How many are answered where nobody says how many.
const USUAL: u32 = 100;

/// A patient's appointments, the latest first. The policy lets staff in only.
///
/// # Errors
/// [`super::Refusal::Missing`], [`super::Refusal::Merged`].
pub async fn visits(clinic: &Clinic, who: &Actor, id: Uuid, limit: Option<u32>) -> Answer<Visits> {
    let limit = i64::from(limit.unwrap_or(USUAL));
    let mut reader = clinic.db.read().await?;
    let row = standing(clinic, &mut reader, id).await?;
    let sums = table::sums(&mut reader, row.id).await?;
    let rows = table::latest(&mut reader, row.id, limit).await?;
    drop(reader);
    let detail = json!({ "count": rows.len() });
    clinic
        .reads
        .note(who, "list_visits", Some(row.id), detail)
        .await;
    let zone = clinic.zone;
    Ok(Visits {
        count: sums.count,
        no_shows: sums.no_shows,
        cancelled: sums.cancelled,
        cancelled_late: sums.cancelled_late,
        left: sums.left_count,
        has_more: sums.count > limit,
        appointments: rows.into_iter().map(|row| detail_wire(row, zone)).collect(),
    })
}
