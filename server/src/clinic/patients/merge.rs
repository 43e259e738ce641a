//! Two records of one person made one (API.md §7, docs/decisions/0012): what would move, and moving
//! it. Parting them again is in [`super::unmerge`].

use clinic_shared::desk::merging::{
    MergeKeep, MergePreview, Merging, MovingAppointment, MovingReview,
};
use clinic_shared::desk::patients::PatientRow as Line;
use serde_json::json;
use uuid::Uuid;

use super::super::{Actor, Answer, Clinic, Obstacle, Refusal, Thing, audit, events};
use super::fields::{self, Joined};
use super::merges::{self, MergeRecord};
use super::record::{PatientLine, PatientRecord, record_number};
use super::{MISSING, index, stale, taken};
use crate::store::appointments::busy;
use crate::store::patient_merge_items as items;
use crate::store::patient_merges::{
    self as table, MovedRow, NewMerge, OverlapRow, ReviewRow, SideRow,
};
use crate::store::patients::{self, LineRow};
use crate::store::{Session, Tx, accounts};

/// What a merge does, and what is in its way.
#[derive(Debug, Clone, PartialEq)]
struct Plan {
    appointments: Vec<MovedRow>,
    waiting: Vec<(i64, Option<i64>)>,
    reviews: Vec<ReviewRow>,
    joined: Joined,
    /// The account that moves.
    account: Option<i64>,
    conflicts: Vec<Obstacle>,
}

/// What merging `other` into a record would do.
///
/// # Errors
/// [`Refusal::Missing`] or [`Refusal::Merged`] of either, [`Refusal::Invalid`] on `other` if it is
/// the same.
pub async fn preview(clinic: &Clinic, who: &Actor, id: Uuid, other: Uuid) -> Answer<MergePreview> {
    let mut reader = clinic.db.read().await?;
    let survivor = merges::standing(clinic, &mut reader, id).await?;
    let other = merges::standing(clinic, &mut reader, other).await?;
    forbid_same(&survivor, &other)?;
    let plan = Plan::of(
        clinic,
        &mut reader,
        &survivor,
        &other,
        &MergeKeep::default(),
    )
    .await?;
    drop(reader);
    for row in [&survivor, &other] {
        clinic
            .reads
            .note(who, "preview_merge", Some(row.id), json!({}))
            .await;
    }
    Ok(MergePreview {
        version: survivor.version,
        other_version: other.version,
        survivor: line(survivor),
        other: line(other),
        appointments: plan
            .appointments
            .into_iter()
            .map(|row| MovingAppointment {
                id: row.id,
                date: row.date,
                starts: row.starts_at.map(|at| merges::local(clinic, at)),
                doctor: row.doctor_name,
                status: row.status.0,
            })
            .collect(),
        waiting: plan.waiting.into_iter().map(|(id, _)| id).collect(),
        reviews: plan
            .reviews
            .into_iter()
            .map(|row| MovingReview {
                id: row.id,
                doctor: row.doctor_name,
                hidden: row.is_second,
            })
            .collect(),
        fields: plan.joined.differing,
        account: plan.account.is_some(),
        conflicts: plan.conflicts.iter().map(Into::into).collect(),
    })
}

/// Merges another record into this one, all of it or nothing: what was booked for it, what it has
/// written and its account move, its number leads here. `expected` is the version the caller saw
/// (`If-Match`).
///
/// # Errors
/// [`Refusal::Missing`] or [`Refusal::Merged`] of either, [`Refusal::Stale`], [`Refusal::Conflict`]
/// (`version_conflict`) if one is not what the caller saw, [`Refusal::Blocked`] with everything in
/// the way.
pub async fn merge(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    asked: &Merging,
    expected: Option<&[i64]>,
) -> Answer<(MergeRecord, PatientRecord)> {
    let mut tx = clinic.db.begin().await?;
    let (survivor, other) = lock_both(clinic, &mut tx, id, asked.other).await?;
    if expected.is_some_and(|versions| !versions.contains(&survivor.version)) {
        return Err(stale(clinic, survivor.updated_at));
    }
    for (said, row) in [(asked.version, &survivor), (asked.other_version, &other)] {
        if said.is_some_and(|version| version != row.version) {
            return Err(Refusal::Conflict {
                code: "version_conflict",
                detail: stale(clinic, row.updated_at).to_string(),
            });
        }
    }
    let keep = asked.keep.clone().unwrap_or_default();
    let merge = merge_within(clinic, &mut tx, who, &survivor, &other, &keep).await?;
    let merge = merges::written(&mut tx, survivor.id, merge).await?;
    let row = patients::by_id(&mut tx, survivor.id)
        .await?
        .ok_or(MISSING)?;
    tx.commit().await?;
    Ok((merge, PatientRecord::new(row, clinic.today())))
}

/// Merges two locked records, and answers the merge's number.
pub(super) async fn merge_within(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    survivor: &SideRow,
    other: &SideRow,
    keep: &MergeKeep,
) -> Answer<i64> {
    table::lock_appointments(tx, other.id).await?;
    let plan = Plan::of(clinic, tx, survivor, other, keep).await?;
    if !plan.conflicts.is_empty() {
        return Err(blocked(plan.conflicts));
    }
    let now = clinic.clock.now();
    let changes = plan.joined.changes;
    let fields: Vec<String> = changes.keys().cloned().collect();
    let new = NewMerge {
        survivor: survivor.id,
        retired: other.id,
        by: who.account_id(),
        photo: survivor
            .fields
            .photo
            .clone()
            .filter(|_| changes.contains_key("photo")),
        fields: changes,
        moved_account: plan.account,
    };
    let merge = table::insert(tx, &new, now).await?;
    let carried = items::carry(tx, merge, (other.id, survivor.id), now).await;
    carried.map_err(|error| match busy(&error) {
        // The locks keep everything as the plan saw it; this is for who writes past the rules.
        Some(_) => blocked(vec![both_busy()]),
        None => error.into(),
    })?;
    table::retire_into(tx, other.id, survivor.id, now).await?;
    let stored = fields::stored(plan.joined.result)?;
    let written = patients::update(tx, survivor.id, survivor.version, &stored, now).await;
    if !written.map_err(taken)? {
        return Err(stale(clinic, survivor.updated_at));
    }
    if let Some(account) = plan.account {
        let linked = table::set_account(tx, survivor.id, Some(account), now).await;
        linked.map_err(taken)?;
    }
    // The counter's row is the one lock of all who write words.
    patients::count_by(tx, -1).await?;
    index::take(tx, other.id, &other.name_key).await?;
    if stored.name_key != survivor.name_key {
        index::take(tx, survivor.id, &survivor.name_key).await?;
        index::put(tx, survivor.id, &stored.name_key).await?;
    }
    let counts = (plan.appointments.len(), plan.reviews.len());
    let detail = json!({ "merge": merge, "survivor": survivor.id, "other": other.id,
        "fields": fields, "appointments": counts.0, "reviews": counts.1, "waiting": plan.waiting.len(),
        "account": plan.account });
    for patient in [survivor.id, other.id] {
        let detail = detail.clone();
        audit::change(tx, clinic, who, "merge_patients", Some(patient), detail).await?;
        events::record(tx, clinic, events::PATIENT, patient, None, Some(patient)).await?;
    }
    merges::tell_of_moved(clinic, tx, (&plan.appointments, &plan.waiting), survivor.id).await?;
    Ok(merge)
}

impl Plan {
    async fn of(
        clinic: &Clinic,
        session: &mut impl Session,
        survivor: &SideRow,
        other: &SideRow,
        keep: &MergeKeep,
    ) -> Answer<Self> {
        let joined = fields::join(&survivor.fields, &other.fields, keep)?;
        let mut conflicts: Vec<Obstacle> = table::overlaps(session, survivor.id, other.id)
            .await?
            .into_iter()
            .map(|row| overlap(clinic, &row))
            .collect();
        if survivor.account_id.is_some() && other.account_id.is_some() {
            conflicts.push(Obstacle {
                code: "two_accounts",
                field: "other",
                thing: None,
                detail: "Each of the two has an account; unlink one first.".to_owned(),
            });
        }
        let account = other.account_id;
        if account.is_some() || survivor.account_id.is_some() {
            let digits = fields::stored(joined.result.clone())?.phone_digits;
            let holder = patients::account_with_phone(session, &digits, Some(survivor.id)).await?;
            if holder.is_some_and(|holder| holder != other.id) {
                conflicts.push(merges::phone_taken());
            }
        }
        Ok(Self {
            appointments: table::appointments(session, other.id).await?,
            waiting: table::waiting(session, other.id).await?,
            reviews: table::reviews(session, other.id, survivor.id).await?,
            joined,
            account,
            conflicts,
        })
    }
}

/// Both records, standing, with their accounts, locked: accounts before patients, the smaller number
/// first.
async fn lock_both(
    clinic: &Clinic,
    tx: &mut Tx,
    id: Uuid,
    other: Uuid,
) -> Answer<(SideRow, SideRow)> {
    let survivor = merges::standing(clinic, tx, id).await?;
    let other = merges::standing(clinic, tx, other).await?;
    forbid_same(&survivor, &other)?;
    let mut owners = [survivor.account_id, other.account_id];
    owners.sort_unstable();
    for account in owners.into_iter().flatten() {
        accounts::lock(tx, account).await?;
    }
    let (a, b) = merges::lock_in_order(tx, survivor.id, other.id).await?;
    for (locked, seen) in [(&a, &survivor), (&b, &other)] {
        if locked.retired_at.is_some() || locked.account_id != seen.account_id {
            // Somebody was faster; the caller looks again.
            return Err(merges::gone(clinic, tx, locked).await?);
        }
    }
    Ok((a, b))
}

fn forbid_same(survivor: &SideRow, other: &SideRow) -> Answer<()> {
    match survivor.id == other.id {
        true => Err(Refusal::field("other", "This is the same record.")),
        false => Ok(()),
    }
}

fn blocked(reasons: Vec<Obstacle>) -> Refusal {
    Refusal::Blocked {
        code: "merge_conflict",
        reasons,
    }
}

fn both_busy() -> Obstacle {
    Obstacle {
        code: "appointments_overlap",
        field: "other",
        thing: None,
        detail: "Both have an appointment at the same time.".to_owned(),
    }
}

fn overlap(clinic: &Clinic, row: &OverlapRow) -> Obstacle {
    let at = row
        .starts_at
        .map(|at| format!(" at {}", merges::local(clinic, at)))
        .unwrap_or_default();
    Obstacle {
        detail: format!(
            "On {}{at} one is with {} (appointment {}) and the other with {} (appointment {}).",
            row.date, row.one_doctor, row.one, row.two_doctor, row.two
        ),
        thing: Some(Thing::Appointment(row.two)),
        ..both_busy()
    }
}

fn line(row: SideRow) -> Line {
    let line = LineRow {
        id: row.id,
        uid: row.uid,
        account_id: row.account_id,
        full_name: row.fields.full_name,
        birth_date: row.fields.birth_date,
        gender: row.fields.gender,
        phone: row.fields.phone,
        photo: row.fields.photo,
    };
    PatientLine::from(line).wire()
}

/// The refusal that tells where a merged record went.
pub(super) fn merged((number, id): (i64, Uuid)) -> Refusal {
    Refusal::Merged {
        into: id,
        record_number: record_number(number),
    }
}
