//! Patients as classic asks for them: by number, with page numbers, phone and picture (API.md §3).

use clinic_shared::{FieldErrors, Patch};
use serde_json::json;

use super::super::paging::Paging;
use super::super::{Actor, Answer, Clinic, Faults, Refusal, appointments, audit, doctors, text};
use super::form::Form;
use super::listing::{self, Found};
use super::{MISSING, PatientRecord, index, insert_of, sight, stale, update};
use crate::store::accounts;
use crate::store::patient_lists::{self, OfDoctor};
use crate::store::patient_search::MOST;
use crate::store::patients::{self as table, PatientRow};
use crate::store::{Tx, reviews, waitlist};

/// Which of the patients that the caller sees are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// As the desk's search: words of the name, number, phone; or the username.
    pub search: Option<String>,
    /// A phone, compared by its digits.
    pub phone: Option<String>,
}

/// In which order a list is, where there is no search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The desk: the latest registration first.
    NewestFirst,
    /// Classic: the smallest number first.
    ByNumber,
}

/// Staff see all, a doctor those with an appointment with them, everybody their own. A search stops counting at 1000, and shows no
/// more than these.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    listing: &Listing,
    order: Order,
    paging: &Paging,
) -> Answer<Found> {
    let search = listing
        .search
        .as_deref()
        .map(str::trim)
        .filter(|typed| !typed.is_empty());
    let found = match (&listing.phone, search) {
        _ if !who.is_staff() => own(clinic, who, listing, search, paging).await?,
        (Some(phone), search) => with_phone(clinic, phone, search, paging).await?,
        (None, Some(typed)) => listing::matching(clinic, typed, paging).await?,
        (None, None) => listing::everybody(clinic, paging, order).await?,
    };
    clinic
        .reads
        .note(who, "list_patients", None, json!({ "count": found.count }))
        .await;
    Ok(found)
}

/// A record by its number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller may see.
pub async fn show_number(clinic: &Clinic, who: &Actor, number: i64) -> Answer<PatientRecord> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_id(&mut reader, number).await?;
    let row = sight::seen(&mut reader, who, row).await?;
    drop(reader);
    clinic
        .reads
        .note(who, "show_patient", Some(row.id), json!({}))
        .await;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// Makes the caller's missing record; `photo` is a media key.
///
/// # Errors
/// [`Refusal::Invalid`] if there is a record already, or on `phone`.
pub async fn make_own(
    clinic: &Clinic,
    who: &Actor,
    phone: Patch<String>,
    photo: Patch<String>,
    faults: Faults,
) -> Answer<PatientRecord> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut tx = clinic.db.begin().await?;
    let account = accounts::by_id(&mut tx, account).await?.ok_or(MISSING)?;
    if table::by_account(&mut tx, account.id).await?.is_some() {
        return Err(already());
    }
    let row = insert_of(clinic, &mut tx, who, &account, phone, photo, faults).await?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// Changes the phone and the picture of a record; `photo` is a media key.
///
/// # Errors
/// [`Refusal::Missing`] if the caller may not see it, [`Refusal::Invalid`] on `phone`.
pub async fn change_contact(
    clinic: &Clinic,
    who: &Actor,
    number: i64,
    phone: Patch<String>,
    photo: Patch<String>,
    faults: Faults,
) -> Answer<PatientRecord> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock_id(&mut tx, number).await?;
    let was = sight::changeable(&mut tx, who, was).await?;
    let form = Form::of_row(&was).with_contact(phone, photo);
    let form = form.checked(clinic.today(), faults)?;
    update(clinic, &mut tx, who, &was, &form).await?;
    let row = table::by_id(&mut tx, number).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// Retires a record: it is found no more, its reviews are hidden, what was booked for it is called off,
/// and its number is never used again.
///
/// # Errors
/// [`Refusal::Missing`] if the caller may not see it.
pub async fn retire(clinic: &Clinic, who: &Actor, number: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = table::lock_id(&mut tx, number).await?;
    let row = sight::changeable(&mut tx, who, row).await?;
    retire_in(clinic, &mut tx, who, &row).await?;
    tx.commit().await?;
    Ok(())
}

/// [`retire`] of a locked record, inside the caller's transaction.
///
/// # Errors
/// The database's.
pub(super) async fn retire_in(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &PatientRow,
) -> Answer<()> {
    let now = clinic.clock.now();
    if !table::retire(tx, row.id, row.version, now).await? {
        return Err(stale(clinic, row.updated_at));
    }
    appointments::cancel_all_of_patient(clinic, tx, who, row.id).await?;
    waitlist::withdraw_of_patient(tx, row.id, now).await?;
    table::count_by(tx, -1).await?;
    index::take(tx, row.id, &row.name_key).await?;
    reviews::hide_of_patient(tx, row.id, now).await?;
    let action = "retire_patient";
    audit::change(tx, clinic, who, action, Some(row.id), json!({})).await?;
    Ok(())
}

/// The refusal of a second record of one account.
pub(super) fn already() -> Refusal {
    Refusal::field(
        FieldErrors::CROSS_FIELD,
        "You already have a patient record.",
    )
}

/// A doctor's patients, or just the caller's own record.
async fn own(
    clinic: &Clinic,
    who: &Actor,
    listing: &Listing,
    search: Option<&str>,
    paging: &Paging,
) -> Answer<Found> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut reader = clinic.db.read().await?;
    // Without a doctor: of number 0, who has no appointments.
    let doctor = doctors::of_caller(&mut reader, who).await?.unwrap_or(0);
    let asked = listing.phone.as_deref().map(text::phone_digits);
    if asked.as_deref() == Some("") {
        return listing::few(paging, Vec::new());
    }
    let mut words = search.map(text::words).unwrap_or_default().into_iter();
    let of = OfDoctor {
        doctor,
        account,
        phone_digits: asked.unwrap_or_default(),
        words: std::array::from_fn(|_| words.next().unwrap_or_default()),
    };
    let count = patient_lists::count_of_doctor(&mut reader, &of).await?;
    let (after, offset) = listing::beginning(paging)?;
    let span = (after.unwrap_or(0), paging.limit() + 1, offset);
    let rows = patient_lists::page_of_doctor(&mut reader, &of, span).await?;
    listing::of_lines(paging, count, rows)
}

/// Those with one phone are few (a family), so a search among them needs no index.
async fn with_phone(
    clinic: &Clinic,
    phone: &str,
    search: Option<&str>,
    paging: &Paging,
) -> Answer<Found> {
    let digits = text::phone_digits(phone);
    let mut rows = match digits.is_empty() {
        true => Vec::new(),
        false => table::by_phone(&mut clinic.db.read().await?, &digits, MOST).await?,
    };
    if let Some(typed) = search {
        let words = text::words(typed);
        rows.retain(|row| {
            words
                .iter()
                .all(|word| row.name_key.contains(&format!(" {word}")))
        });
    }
    listing::few(paging, rows)
}
