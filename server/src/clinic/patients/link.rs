//! Linking a record to an account, so that the person sees what is theirs, and unlinking it
//! (API.md §7). Sessions go on: what an account sees is asked anew with every request.

use clinic_shared::Role;
use clinic_shared::desk::merging::MergeKeep;
use serde_json::json;
use uuid::Uuid;

use super::super::jobs::{self, Job};
use super::super::letters::Notice;
use super::super::{Actor, Answer, Clinic, Refusal, audit, events};
use super::merge::merge_within;
use super::merges;
use super::record::{PatientRecord, record_number};
use super::{MISSING, stale, taken};
use crate::store::accounts::{self, AccountRow};
use crate::store::patient_merges::{self as table, SideRow};
use crate::store::{Tx, patients};

/// Links a record without an account to a patient's account. An empty record that the account has
/// is merged into this one; one with anything in it has to be merged by hand, with a look at both.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Merged`], [`Refusal::Stale`]; [`Refusal::Invalid`] on `email` if
/// there is no such account, it is not a patient's, may not sign in, or has not proved its address;
/// [`Refusal::Conflict`] if this record has an account, or the account a record in use.
pub async fn link_account(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    email: &str,
    expected: Option<&[i64]>,
) -> Answer<PatientRecord> {
    let mut tx = clinic.db.begin().await?;
    let seen = merges::standing(clinic, &mut tx, id).await?;
    let account = accounts::lock_by_email(&mut tx, email.trim()).await?;
    let account = linkable(account)?;
    let own = patients::by_account(&mut tx, account.id).await?;
    let own = own.filter(|own| own.id != seen.id);
    let (record, own) = match own {
        None => (table::lock(&mut tx, seen.id).await?.ok_or(MISSING)?, None),
        Some(own) => {
            let (record, own) = merges::lock_in_order(&mut tx, seen.id, own.id).await?;
            (record, Some(own))
        }
    };
    for row in [Some(&record), own.as_ref()].into_iter().flatten() {
        if row.retired_at.is_some() {
            return Err(merges::gone(clinic, &mut tx, row).await?);
        }
    }
    if expected.is_some_and(|versions| !versions.contains(&record.version)) {
        return Err(stale(clinic, record.updated_at));
    }
    if record.account_id.is_some() {
        return Err(Refusal::Conflict {
            code: "has_account",
            detail: "This record has an account already; unlink that one first.".to_owned(),
        });
    }
    match own {
        Some(own) => take_in(clinic, &mut tx, who, &record, &own).await?,
        None => link(clinic, &mut tx, &record, account.id).await?,
    }
    finish(clinic, &mut tx, who, &record, (account.id, "link_account")).await?;
    tell(clinic, &mut tx, account.id, Notice::RecordLinked).await?;
    let row = patients::by_id(&mut tx, record.id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// Unlinks a record from its account; both go on by themselves.
///
/// # Errors
/// [`Refusal::Missing`], also if there is no account; [`Refusal::Merged`], [`Refusal::Stale`].
pub async fn unlink_account(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    expected: Option<&[i64]>,
) -> Answer<()> {
    let none = || Refusal::Missing("Account");
    let mut tx = clinic.db.begin().await?;
    let seen = merges::standing(clinic, &mut tx, id).await?;
    let account = seen.account_id.ok_or_else(none)?;
    accounts::lock(&mut tx, account).await?;
    let record = table::lock(&mut tx, seen.id).await?.ok_or(MISSING)?;
    let is_stale = expected.is_some_and(|versions| !versions.contains(&record.version));
    if is_stale || record.retired_at.is_some() || record.account_id != Some(account) {
        return Err(merges::gone(clinic, &mut tx, &record).await?);
    }
    table::set_account(&mut tx, record.id, None, clinic.clock.now()).await?;
    finish(clinic, &mut tx, who, &record, (account, "unlink_account")).await?;
    tell(clinic, &mut tx, account, Notice::RecordUnlinked).await?;
    Ok(tx.commit().await?)
}

fn linkable(account: Option<AccountRow>) -> Answer<AccountRow> {
    let told = |message| Err(Refusal::field("email", message));
    match account {
        None => told("There is no account with this address."),
        Some(account) if account.role.0 != Role::Patient => {
            told("This is not a patient's account.")
        }
        Some(account) if !account.is_active => told("This account is disabled."),
        // Whoever typed somebody else's address must not read that person's record.
        Some(account) if !account.is_verified => {
            told("This address was not proved yet: its owner enters the code from the mail first.")
        }
        Some(account) => Ok(account),
    }
}

async fn link(clinic: &Clinic, tx: &mut Tx, record: &SideRow, account: i64) -> Answer<()> {
    let holder = patients::account_with_phone(tx, &record.phone_digits, None).await?;
    if holder.is_some() {
        let taken = merges::phone_taken();
        return Err(Refusal::Conflict {
            code: taken.code,
            detail: taken.detail,
        });
    }
    let linked = table::set_account(tx, record.id, Some(account), clinic.clock.now()).await;
    linked.map_err(taken)
}

async fn take_in(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    record: &SideRow,
    own: &SideRow,
) -> Answer<()> {
    if !table::is_empty(tx, own.id).await? {
        return Err(Refusal::Conflict {
            code: "account_has_record",
            detail: format!(
                "This account has the record {}, which is in use; merge the two.",
                record_number(own.id)
            ),
        });
    }
    merge_within(clinic, tx, who, record, own, &MergeKeep::default()).await?;
    Ok(())
}

async fn finish(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    record: &SideRow,
    (account, action): (i64, &str),
) -> sqlx::Result<()> {
    let detail = json!({ "account": account });
    audit::change(tx, clinic, who, action, Some(record.id), detail).await?;
    let patient = Some(record.id);
    events::record(tx, clinic, events::PATIENT, record.id, None, patient).await
}

async fn tell(clinic: &Clinic, tx: &mut Tx, account: i64, notice: Notice) -> sqlx::Result<()> {
    let job = Job::SendNotice { account, notice };
    jobs::enqueue(clinic, tx, &job, clinic.clock.now()).await
}
