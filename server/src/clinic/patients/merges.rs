//! What merging, un-merging and linking share: records that stand by themselves or were merged, and
//! the merges of a record.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use clinic_shared::desk::merging::{Merge, MergedRecord};
use serde_json::json;
use uuid::Uuid;

use super::super::{Actor, Answer, Clinic, Obstacle, Refusal, events};
use super::MISSING;
use super::merge::merged;
use super::record::record_number;
use crate::store::patient_merge_items::{self as items, ItemRow};
use crate::store::patient_merges::{self as table, MergeRow, MovedRow, SideRow};
use crate::store::{Session, Tx};

/// A merge as the desk shows it.
pub type MergeRecord = Merge;

/// The merges into a record, newest first.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Merged`].
pub async fn list_merges(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<Vec<MergeRecord>> {
    let mut reader = clinic.db.read().await?;
    let row = standing(clinic, &mut reader, id).await?;
    let merges = table::merges_of(&mut reader, row.id).await?;
    let items = items::of_survivor(&mut reader, row.id).await?;
    drop(reader);
    clinic
        .reads
        .note(who, "list_merges", Some(row.id), json!({}))
        .await;
    let mut by_merge: HashMap<i64, Vec<ItemRow>> = HashMap::new();
    for item in items {
        by_merge.entry(item.merge_id).or_default().push(item);
    }
    let wired = merges.into_iter().map(|row| {
        let items = by_merge.remove(&row.id).unwrap_or_default();
        wire(row, &items)
    });
    Ok(wired.collect())
}

/// A merge that this transaction wrote.
pub(super) async fn written(tx: &mut Tx, survivor: i64, merge: i64) -> Answer<MergeRecord> {
    let row = table::merge_of(tx, survivor, merge).await?;
    let row = row.ok_or(Refusal::Missing("Merge"))?;
    let mut items = items::of_survivor(tx, survivor).await?;
    items.retain(|item| item.merge_id == merge);
    Ok(wire(row, &items))
}

fn wire(row: MergeRow, items: &[ItemRow]) -> MergeRecord {
    let of = |kind: &str| {
        let mine = items.iter().filter(|item| item.kind == kind);
        mine.map(|item| item.object_id).collect()
    };
    Merge {
        id: row.id,
        at: row.at,
        by: row.by(),
        other: MergedRecord {
            id: row.retired_uid,
            record_number: record_number(row.retired_id),
            full_name: row.retired_name,
        },
        appointments: of("appointment"),
        waiting: of("waiting"),
        reviews: of("review"),
        hidden_reviews: of("hidden_review"),
        fields: row.fields.0.keys().cloned().collect(),
        account: row.moved_account.is_some(),
        undone_at: row.undone_at,
    }
}

/// A record that was neither retired nor merged.
pub(super) async fn standing(
    clinic: &Clinic,
    session: &mut impl Session,
    id: Uuid,
) -> Answer<SideRow> {
    let row = table::by_uid(session, id).await?.ok_or(MISSING)?;
    match row.retired_at {
        None => Ok(row),
        Some(_) => Err(gone(clinic, session, &row).await?),
    }
}

/// Why a record that was there a moment ago is not what it was.
pub(super) async fn gone(
    clinic: &Clinic,
    session: &mut impl Session,
    row: &SideRow,
) -> Answer<Refusal> {
    if row.retired_at.is_none() {
        return Ok(super::stale(clinic, row.updated_at));
    }
    let survivor = table::survivor(session, row.id).await?;
    Ok(survivor.map_or(MISSING, merged))
}

/// For staff who ask for a record that is not there: where it went, if it was merged.
pub(super) async fn pointer(
    clinic: &Clinic,
    session: &mut impl Session,
    who: &Actor,
    id: Uuid,
) -> Answer<()> {
    if !who.is_staff() {
        return Ok(());
    }
    match table::by_uid(session, id).await? {
        Some(row) if row.retired_at.is_some() => Err(gone(clinic, session, &row).await?),
        _ => Ok(()),
    }
}

/// Two records, locked, the smaller number first; answered in the order asked for.
pub(super) async fn lock_in_order(tx: &mut Tx, one: i64, two: i64) -> Answer<(SideRow, SideRow)> {
    let first = table::lock(tx, one.min(two)).await?.ok_or(MISSING)?;
    let second = table::lock(tx, one.max(two)).await?.ok_or(MISSING)?;
    match one < two {
        true => Ok((first, second)),
        false => Ok((second, first)),
    }
}

/// Tells whoever listens that these appointments, and what is waited for, are another record's now.
pub(super) async fn tell_of_moved(
    clinic: &Clinic,
    tx: &mut Tx,
    (appointments, waiting): (&[MovedRow], &[(i64, Option<i64>)]),
    patient: i64,
) -> sqlx::Result<()> {
    let patient = Some(patient);
    for row in appointments {
        let doctor = Some(row.doctor_id);
        events::record(tx, clinic, events::APPOINTMENT, row.id, doctor, patient).await?;
    }
    for (id, doctor) in waiting {
        events::record(tx, clinic, events::WAITLIST, *id, *doctor, patient).await?;
    }
    Ok(())
}

/// Accounts have their phone alone.
pub(super) fn phone_taken() -> Obstacle {
    Obstacle {
        code: "phone_taken",
        field: "phone",
        thing: None,
        detail: "Another account has this phone; change one of the two first.".to_owned(),
    }
}

pub(super) fn local(clinic: &Clinic, at: DateTime<Utc>) -> String {
    at.with_timezone(&clinic.zone).format("%H:%M").to_string()
}
