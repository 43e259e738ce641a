//! Patients: everybody with a record, with or without an account (API.md §3 `/patients/`,
//! §7 `patients/`).
//!
//! Staff see every record, everybody else their own; a record the caller may not see is missing.
//! Every change writes its audit row in its own transaction, every read through the queue.

mod classic;
mod duplicates;
mod fields;
mod form;
mod index;
mod link;
mod listing;
mod merge;
mod merges;
mod own;
mod photo;
mod query;
mod record;
mod search;
mod sight;
mod unmerge;
mod visits;

use chrono::{DateTime, Utc};
use clinic_shared::Patch;
use clinic_shared::desk::patients::{PatientChange, PatientDraft};
use serde_json::json;
use uuid::Uuid;

pub use super::paging::Paging;
pub use classic::{Listing, Order, change_contact, list, make_own, retire, show_number};
pub use duplicates::possible_duplicates;
pub use link::{link_account, unlink_account};
pub use listing::{Found, find, search};
pub use merge::{merge, preview};
pub use merges::{MergeRecord, list_merges};
pub use own::{change_own, close_own, list_whole, show_email, show_own, whole_wire};
pub use photo::{change_with_photo, make_own_with_photo};
pub use record::{PatientLine, PatientRecord, record_number};
pub use unmerge::unmerge;
pub use visits::visits;

use super::{Actor, Answer, Clinic, Faults, Refusal, audit};
use crate::store::accounts::AccountRow;
use crate::store::patients::{self as table, PatientRow};
use crate::store::{Tx, unique_violation};
use form::Form;

const MISSING: Refusal = Refusal::Missing("Patient");

/// The patient whom a body names was there when it was read, and is not now: merged or retired in
/// between.
pub(in crate::clinic) fn gone() -> Refusal {
    Refusal::field(
        "patient",
        "This patient's record was merged or retired a moment ago; look the person up again.",
    )
}

/// A record by its id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller may see, [`Refusal::Merged`].
pub async fn show(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<PatientRecord> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_uid(&mut reader, id).await?;
    if row.is_none() {
        merges::pointer(clinic, &mut reader, who, id).await?;
    }
    let row = sight::seen(&mut reader, who, row).await?;
    drop(reader);
    clinic
        .reads
        .note(who, "show_patient", Some(row.id), json!({}))
        .await;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// The record of the caller's own account, none if it has none.
///
/// # Errors
/// The database's.
pub async fn of_account(clinic: &Clinic, account: i64) -> Answer<Option<PatientRecord>> {
    let row = table::by_account(&mut clinic.db.read().await?, account).await?;
    Ok(row.map(|row| PatientRecord::new(row, clinic.today())))
}

/// Registers a person, with no account.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn register(clinic: &Clinic, who: &Actor, draft: PatientDraft) -> Answer<PatientRecord> {
    register_with(clinic, who, draft, Faults::new()).await
}

/// [`register`], of a draft that may be faulty already.
///
/// # Errors
/// As there.
pub async fn register_with(
    clinic: &Clinic,
    who: &Actor,
    draft: PatientDraft,
    faults: Faults,
) -> Answer<PatientRecord> {
    let person = newcomer(clinic, draft, faults)?;
    let mut tx = clinic.db.begin().await?;
    let id = register_within(clinic, &mut tx, who, &person).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// A person who can be registered: nothing is wrong with what is said of them.
pub(in crate::clinic) struct Newcomer(form::Checked);

/// Checks a draft that may be faulty already.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub(in crate::clinic) fn newcomer(
    clinic: &Clinic,
    draft: PatientDraft,
    faults: Faults,
) -> Answer<Newcomer> {
    let form = Form::of_draft(draft).checked(clinic.today(), faults)?;
    Ok(Newcomer(form))
}

/// Registers a person inside the caller's transaction, and answers the number.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn register_within(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    person: &Newcomer,
) -> Answer<i64> {
    let id = insert(clinic, tx, None, &person.0).await?;
    let detail = json!({ "fields": person.0.filled() });
    audit::change(tx, clinic, who, "register_patient", Some(id), detail).await?;
    Ok(id)
}

/// Changes a record. `expected` is the version the caller saw (`If-Match`).
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`] if somebody changed it since, [`Refusal::Invalid`]
/// with every faulty field.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    change: PatientChange,
    expected: Option<i64>,
) -> Answer<PatientRecord> {
    let expected = expected.map(|version| vec![version]);
    change_with(clinic, who, id, change, expected.as_deref(), Faults::new()).await
}

/// [`change`], of a form that may be faulty already, where any of several versions will do.
///
/// # Errors
/// As there.
pub async fn change_with(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    change: PatientChange,
    expected: Option<&[i64]>,
    faults: Faults,
) -> Answer<PatientRecord> {
    let mut tx = clinic.db.begin().await?;
    let row = table::lock_uid(&mut tx, id).await?;
    if row.is_none() {
        merges::pointer(clinic, &mut tx, who, id).await?;
    }
    let row = sight::changeable(&mut tx, who, row).await?;
    // A request that would be refused anyway is refused for that (RFC 9110 §13.2.1).
    let form = Form::of_row(&row).with(change, &row)?;
    let form = form.checked(clinic.today(), faults)?;
    if expected.is_some_and(|versions| !versions.contains(&row.version)) {
        return Err(stale(clinic, row.updated_at));
    }
    update(clinic, &mut tx, who, &row, &form).await?;
    let row = table::by_id(&mut tx, row.id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// The record of a new account, inside the transaction that makes the account.
///
/// # Errors
/// The database's.
pub async fn insert_for_account(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
) -> Answer<()> {
    let (phone, photo) = (Patch::Keep, Patch::Keep);
    insert_of(clinic, tx, who, account, phone, photo, Faults::new()).await?;
    Ok(())
}

/// Gives the record of an account, if it has one, the account's new name.
///
/// # Errors
/// The database's.
pub async fn rename_of_account(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
) -> Answer<()> {
    let Some(row) = table::lock_account(tx, account.id).await? else {
        return Ok(());
    };
    let form = Form::of_row(&row).named(&display_name(account));
    let form = form.checked(clinic.today(), Faults::new())?;
    update(clinic, tx, who, &row, &form).await
}

/// Who an account is, in one line: "First Last", else the username (API.md §3).
pub(super) fn display_name(account: &AccountRow) -> String {
    let name = format!("{} {}", account.first_name, account.last_name);
    match name.trim() {
        "" => account.username.clone(),
        name => name.to_owned(),
    }
}

async fn insert_of(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    phone: Patch<String>,
    photo: Patch<String>,
    faults: Faults,
) -> Answer<PatientRow> {
    let form = Form::default()
        .named(&display_name(account))
        .with_contact(phone, photo);
    let form = form.checked(clinic.today(), faults)?;
    forbid_second_phone(tx, &form, None).await?;
    let id = insert(clinic, tx, Some(account.id), &form).await?;
    let detail = json!({ "fields": form.filled(), "account": account.id });
    audit::change(tx, clinic, who, "register_patient", Some(id), detail).await?;
    table::by_id(tx, id).await?.ok_or(MISSING)
}

async fn insert(
    clinic: &Clinic,
    tx: &mut Tx,
    account: Option<i64>,
    form: &form::Checked,
) -> Answer<i64> {
    let stored = form.stored();
    let id = table::insert(tx, clinic.new_id(), account, stored, clinic.clock.now()).await;
    let id = id.map_err(taken)?;
    table::count_by(tx, 1).await?;
    index::put(tx, id, &stored.name_key).await?;
    Ok(id)
}

/// Writes what differs; nothing at all if nothing does.
async fn update(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &PatientRow,
    form: &form::Checked,
) -> Answer<()> {
    let fields = form.differing(row);
    if fields.is_empty() {
        return Ok(());
    }
    if row.account_id.is_some() {
        forbid_second_phone(tx, form, Some(row.id)).await?;
    }
    let stored = form.stored();
    let written = table::update(tx, row.id, row.version, stored, clinic.clock.now()).await;
    if !written.map_err(taken)? {
        return Err(stale(clinic, row.updated_at));
    }
    if stored.name_key != row.name_key {
        // The counter's row is the one lock of all who write words.
        table::count_by(tx, 0).await?;
        index::take(tx, row.id, &row.name_key).await?;
        index::put(tx, row.id, &stored.name_key).await?;
    }
    let detail = json!({ "fields": fields });
    audit::change(tx, clinic, who, "change_patient", Some(row.id), detail).await?;
    Ok(())
}

async fn forbid_second_phone(tx: &mut Tx, form: &form::Checked, own: Option<i64>) -> Answer<()> {
    let digits = &form.stored().phone_digits;
    match table::account_with_phone(tx, digits, own).await? {
        Some(_) => Err(phone_taken()),
        None => Ok(()),
    }
}

/// Two who take one phone, or make one record, at once: the loser is told.
fn taken(error: sqlx::Error) -> Refusal {
    match unique_violation(&error).as_deref() {
        Some("patient_phone_digits_key") => phone_taken(),
        Some("patient_account_id_key") => classic::already(),
        _ => error.into(),
    }
}

fn phone_taken() -> Refusal {
    Refusal::field("phone", "patient with this phone already exists.")
}

fn stale(clinic: &Clinic, changed_at: DateTime<Utc>) -> Refusal {
    let ago = clinic.ago(changed_at);
    Refusal::Stale(format!(
        "The record was changed {ago} by somebody else; load it again."
    ))
}
