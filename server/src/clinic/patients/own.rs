//! Patients as v1 shows them, and a patient's own record there (API.md §4 `patient/`).

use std::collections::HashMap;

use clinic_shared::v1::lenient::Measure;
use clinic_shared::v1::patients::{Patient, PatientChange};
use clinic_shared::{FieldErrors, Patch, Role};
use serde_json::json;

use super::classic::{self, Listing, Order};
use super::form::Form;
use super::{MISSING, PatientRecord, display_name, sight, stale, table, update};
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Actor, Answer, Clinic, Faults, Refusal, accounts, pictures};
use crate::infra::media::Kind;
use crate::store::accounts as account_table;
use crate::store::patients::PatientRow;

/// The picture's field on v1.
const FIELD: &str = "photo";

/// A page of the records that the caller sees, whole: staff all, a doctor those with an appointment
/// with them, everybody their own. A search stops counting at 1000.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list_whole(
    clinic: &Clinic,
    who: &Actor,
    search: Option<String>,
    paging: &Paging,
) -> Answer<Listed<PatientRecord>> {
    let listing = Listing {
        search,
        phone: None,
    };
    let found = classic::list(clinic, who, &listing, Order::NewestFirst, paging).await?;
    let numbers: Vec<i64> = found.patients.iter().map(|line| line.number).collect();
    let rows = table::by_ids(&mut clinic.db.read().await?, &numbers).await?;
    let mut rows: HashMap<i64, PatientRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let today = clinic.today();
    let whole = numbers.iter().filter_map(|number| rows.remove(number));
    Ok(Listed {
        count: found.count,
        next: found.next,
        rows: whole.map(|row| PatientRecord::new(row, today)).collect(),
    })
}

/// The record with an e-mail: the account's, else of a person who may be written to there.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller may see.
pub async fn show_email(clinic: &Clinic, who: &Actor, email: &str) -> Answer<PatientRecord> {
    let key = account_table::key(email.trim());
    let mut reader = clinic.db.read().await?;
    let mut seen = None;
    for row in table::by_email(&mut reader, &key).await? {
        match sight::seen(&mut reader, who, Some(row)).await {
            Err(Refusal::Missing(_)) => {}
            answer => {
                seen = Some(answer?);
                break;
            }
        }
    }
    drop(reader);
    noted(clinic, who, seen.ok_or(MISSING)?).await
}

/// The caller's own record.
///
/// # Errors
/// [`Refusal::Missing`] if they have none.
pub async fn show_own(clinic: &Clinic, who: &Actor) -> Answer<PatientRecord> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let row = table::by_account(&mut clinic.db.read().await?, account).await?;
    noted(clinic, who, row.ok_or(MISSING)?).await
}

async fn noted(clinic: &Clinic, who: &Actor, row: PatientRow) -> Answer<PatientRecord> {
    let reads = &clinic.reads;
    reads
        .note(who, "show_patient", Some(row.id), json!({}))
        .await;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// Changes the caller's own record, with another picture if one came, where any of the versions
/// `expected` will do. A new name is the account's too.
///
/// # Errors
/// [`Refusal::Missing`] if they have none, [`Refusal::Invalid`] with every faulty field,
/// [`Refusal::Stale`], [`Refusal::TooLarge`].
pub async fn change_own(
    clinic: &Clinic,
    who: &Actor,
    change: PatientChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<PatientRecord> {
    let id = who.account_id().ok_or_else(Refusal::forbidden)?;
    let seen = table::by_account(&mut clinic.db.read().await?, id).await?;
    let old = seen.ok_or(MISSING)?.photo;
    let cleared = pictures::is_cleared(&change.photo, old.as_deref(), FIELD, &mut faults);
    let is_cleared = cleared && picture.is_none();
    let write = async |photo: Option<String>, faults: Faults| {
        let photo = match (photo, is_cleared) {
            (Some(key), _) => Patch::Set(key),
            (None, true) => Patch::Clear,
            (None, false) => Patch::Keep,
        };
        let written = write_own(clinic, who, id, change, photo, expected, faults).await;
        written.map_err(in_words_of_v1)
    };
    let discarded = old.clone().filter(|_| is_cleared);
    let changed =
        pictures::replacing(clinic, Kind::Private, picture, FIELD, old, faults, write).await?;
    if let Some(key) = discarded {
        pictures::discard(clinic, &key).await;
    }
    Ok(changed)
}

async fn write_own(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    change: PatientChange,
    photo: Patch<String>,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<PatientRecord> {
    let mut tx = clinic.db.begin().await?;
    // The account before the record, as a rename takes them.
    let account = account_table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let row = table::lock_account(&mut tx, id).await?.ok_or(MISSING)?;
    let name = change.full_name.clone();
    let renamed = match name.filter(|name| name.trim() != row.full_name) {
        Some(name) => accounts::named_so(&account, &name, &mut faults),
        None => None,
    };
    let form = Form::of_row(&row).with_own(change, photo);
    let form = match &renamed {
        Some(account) => form.named(&display_name(account)),
        None => form,
    };
    let form = form.checked(clinic.today(), faults)?;
    if expected.is_some_and(|versions| !versions.contains(&row.version)) {
        return Err(stale(clinic, row.updated_at));
    }
    update(clinic, &mut tx, who, &row, &form).await?;
    if let Some(account) = &renamed {
        accounts::write_names(clinic, &mut tx, who, account).await?;
    }
    let row = table::by_id(&mut tx, row.id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(PatientRecord::new(row, clinic.today()))
}

/// The rules call some fields by other names than v1 does.
fn in_words_of_v1(refusal: Refusal) -> Refusal {
    let Refusal::Invalid(errors) = refusal else {
        return refusal;
    };
    let renamed = errors.0.into_iter().map(|(field, messages)| {
        let field = match field.as_str() {
            "birth_date" => "birthday".to_owned(),
            "phone" => "phone_number".to_owned(),
            _ => field,
        };
        (field, messages)
    });
    Refusal::Invalid(FieldErrors(renamed.collect()))
}

/// Closes the caller's account: nobody signs in with it any more, what was booked is called off, and
/// the record stays for the clinic. Who works here loses the record only; their account is an
/// admin's to close.
///
/// # Errors
/// [`Refusal::Missing`] if they have no record, [`Refusal::Stale`] if none of the versions `expected`
/// is the current one.
pub async fn close_own(clinic: &Clinic, who: &Actor, expected: Option<&[i64]>) -> Answer<()> {
    let id = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut tx = clinic.db.begin().await?;
    let account = account_table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let row = table::lock_account(&mut tx, id).await?.ok_or(MISSING)?;
    if expected.is_some_and(|versions| !versions.contains(&row.version)) {
        return Err(stale(clinic, row.updated_at));
    }
    classic::retire_in(clinic, &mut tx, who, &row).await?;
    let closes = account.role.0 == Role::Patient;
    if closes {
        accounts::close(clinic, &mut tx, who, account).await?;
    }
    tx.commit().await?;
    if closes {
        clinic.sessions.ended();
    }
    Ok(())
}

/// A record on v1, with the URL of the picture.
pub fn whole_wire(record: PatientRecord, photo: Option<String>) -> Patient {
    Patient {
        id: record.id,
        email: record.email,
        full_name: record.full_name,
        photo,
        birthday: record.birth_date,
        age: record.age,
        gender: record.gender,
        blood_group: record.blood_group,
        height: record.height.map(of_hundredths),
        weight: record.weight.map(of_hundredths),
        phone_number: record.phone,
        address: record.address,
        created_at: record.created_at,
        updated_at: record.updated_at,
    }
}

#[expect(clippy::cast_precision_loss, reason = "measures of a person are small")]
fn of_hundredths(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// A measure as it is stored, rounded to the hundredth; the schema has seen to its bounds, but for
/// decimals in a string.
///
/// # Errors
/// The message for the field.
#[expect(
    clippy::cast_possible_truncation,
    reason = "within the bounds, which are small"
)]
pub(super) fn hundredths<const MAX: i64>(measure: Measure<MAX>) -> Result<i64, String> {
    let rounded = (measure.0 * 100.0).round() as i64;
    match rounded {
        10.. if rounded <= MAX * 100 => Ok(rounded),
        _ => Err(format!("Enter a measure from 0.1 to {MAX}.")),
    }
}
