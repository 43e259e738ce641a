//! Parting two records that were merged: exactly what moved goes back, as it is now; what was booked
//! since stays with the survivor (docs/decisions/0012).

use serde_json::json;
use uuid::Uuid;

use super::super::{Actor, Answer, Clinic, Obstacle, Refusal, audit, events};
use super::merges::{self, MergeRecord};
use super::record::PatientRecord;
use super::{MISSING, fields, index, stale, taken};
use crate::store::patient_merge_items as items;
use crate::store::patient_merges::{self as table, MergeRow, SideRow};
use crate::store::{Session, accounts, patients};

/// Undoes a merge; answers it, the record that had taken the other one in, and the one that stands by
/// itself again.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Merged`] if the record was merged on, [`Refusal::Stale`],
/// [`Refusal::Conflict`] (`already_undone`), [`Refusal::Blocked`] with everything that was changed in
/// the way.
pub async fn unmerge(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    merge: i64,
    expected: Option<&[i64]>,
) -> Answer<(MergeRecord, PatientRecord, PatientRecord)> {
    let mut tx = clinic.db.begin().await?;
    let seen = merges::standing(clinic, &mut tx, id).await?;
    let merge = table::merge_of(&mut tx, seen.id, merge).await?;
    let merge = merge.ok_or(Refusal::Missing("Merge"))?;
    if let Some(account) = merge.moved_account {
        accounts::lock(&mut tx, account).await?;
    }
    let (survivor, retired) =
        merges::lock_in_order(&mut tx, merge.survivor_id, merge.retired_id).await?;
    if survivor.retired_at.is_some() {
        return Err(merges::gone(clinic, &mut tx, &survivor).await?);
    }
    if expected.is_some_and(|versions| !versions.contains(&survivor.version)) {
        return Err(stale(clinic, survivor.updated_at));
    }
    if merge.undone_at.is_some() || retired.merged_into != Some(survivor.id) {
        return Err(Refusal::Conflict {
            code: "already_undone",
            detail: "This merge was undone already.".to_owned(),
        });
    }
    let (named, reasons) = parted(&mut tx, &merge, &survivor, &retired).await?;
    if !reasons.is_empty() {
        return Err(Refusal::Blocked {
            code: "unmerge_conflict",
            reasons,
        });
    }
    table::lock_appointments(&mut tx, survivor.id).await?;
    let now = clinic.clock.now();
    let stored = fields::stored(named)?;
    let written = patients::update(&mut tx, survivor.id, survivor.version, &stored, now).await;
    if !written.map_err(taken)? {
        return Err(stale(clinic, survivor.updated_at));
    }
    if merge.moved_account.is_some() {
        table::set_account(&mut tx, survivor.id, None, now).await?;
    }
    let restored = table::restore(&mut tx, merge.id, retired.id, now).await;
    restored.map_err(taken)?;
    items::bring_back(&mut tx, merge.id, (survivor.id, retired.id)).await?;
    // The counter's row is the one lock of all who write words.
    patients::count_by(&mut tx, 1).await?;
    index::put(&mut tx, retired.id, &retired.name_key).await?;
    if stored.name_key != survivor.name_key {
        index::take(&mut tx, survivor.id, &survivor.name_key).await?;
        index::put(&mut tx, survivor.id, &stored.name_key).await?;
    }
    for patient in [survivor.id, retired.id] {
        let detail = json!({ "merge": merge.id, "survivor": survivor.id, "other": retired.id });
        audit::change(
            &mut tx,
            clinic,
            who,
            "unmerge_patients",
            Some(patient),
            detail,
        )
        .await?;
        events::record(
            &mut tx,
            clinic,
            events::PATIENT,
            patient,
            None,
            Some(patient),
        )
        .await?;
    }
    let moved = table::appointments(&mut tx, retired.id).await?;
    let waiting = table::waiting(&mut tx, retired.id).await?;
    merges::tell_of_moved(clinic, &mut tx, (&moved, &waiting), retired.id).await?;
    let merge = merges::written(&mut tx, survivor.id, merge.id).await?;
    let left = patients::by_id(&mut tx, survivor.id)
        .await?
        .ok_or(MISSING)?;
    let restored = patients::by_id(&mut tx, retired.id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    let today = clinic.today();
    let record = |row| PatientRecord::new(row, today);
    Ok((merge, record(left), record(restored)))
}

/// The survivor's fields as they were, and everything that was changed in the way.
async fn parted(
    session: &mut impl Session,
    merge: &MergeRow,
    survivor: &SideRow,
    retired: &SideRow,
) -> Answer<(fields::Named, Vec<Obstacle>)> {
    let (named, changed) = fields::part(&survivor.fields, &merge.fields.0)?;
    let mut reasons: Vec<Obstacle> = changed.iter().map(|field| changed_since(field)).collect();
    if merge.moved_account.is_some() && survivor.account_id != merge.moved_account {
        reasons.push(Obstacle {
            code: "account_changed",
            field: "merge",
            thing: None,
            detail: "The account that moved with the merge is not linked to this record any more."
                .to_owned(),
        });
    }
    let mut phones = Vec::new();
    if retired.account_id.is_some() {
        phones.push(retired.phone_digits.clone());
    }
    if survivor.account_id.is_some() && merge.moved_account.is_none() {
        phones.push(fields::stored(named.clone())?.phone_digits);
    }
    for digits in phones {
        let holder = patients::account_with_phone(session, &digits, Some(survivor.id)).await?;
        if holder.is_some() {
            reasons.push(merges::phone_taken());
        }
    }
    Ok((named, reasons))
}

fn changed_since(field: &str) -> Obstacle {
    Obstacle {
        code: "field_changed",
        field: "merge",
        thing: None,
        detail: format!(
            "The merge gave the record another {}, which was changed again since.",
            field.replace('_', " ")
        ),
    }
}
