//! New doctors: one profile an account.

use clinic_shared::classic::doctors::DoctorInput;
use clinic_shared::{FieldErrors, Role};
use serde_json::json;

use super::form::{Changes, Checked, Form};
use super::record::DoctorRecord;
use super::{MISSING, OBJECT, PHOTO, linked, table, verify};
use crate::clinic::{
    Actor, Answer, Clinic, Faults, Refusal, audit, events, patients, pictures, text,
};
use crate::infra::media::Kind;
use crate::store::accounts::{self, AccountRow};
use crate::store::doctors::Stored;
use crate::store::{Tx, unique_violation};

/// Makes the caller's own profile, with the photo if one came. An admin's is verified at once; any
/// other waits for an admin.
///
/// # Errors
/// [`Refusal::Invalid`] if the caller has one already or on a faulty field, [`Refusal::TooLarge`].
pub async fn create_own(
    clinic: &Clinic,
    who: &Actor,
    input: DoctorInput,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<DoctorRecord> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let form = Form::of_classic(input.into());
    let write = async |photo, faults| {
        let mut tx = clinic.db.begin().await?;
        // Kept to this transaction, so that a new name can't pass the new profile by.
        let account = accounts::lock(&mut tx, account).await?.ok_or(MISSING)?;
        if table::by_account(&mut tx, account.id).await?.is_some() {
            return Err(already());
        }
        let form = form.with_photo(photo).checked(&mut tx, faults).await?;
        let verified = account.role.0 == Role::Admin;
        let made = insert(clinic, &mut tx, who, &account, &form, verified).await?;
        tx.commit().await?;
        Ok(made)
    };
    pictures::replacing(clinic, Kind::Public, picture, PHOTO, None, faults, write).await
}

/// Makes a verified doctor of an account, as one change: its profile, and its role (an admin stays
/// one). For the operator, the demo clinic and tests.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such account, [`Refusal::Invalid`] if it has a profile
/// already or on a faulty field, [`Refusal::TooLarge`].
pub async fn create_verified(
    clinic: &Clinic,
    who: &Actor,
    account: i64,
    input: DoctorInput,
    picture: Option<Vec<u8>>,
) -> Answer<DoctorRecord> {
    let form = Form::of_classic(input.into());
    let write = async |photo, faults| {
        let mut tx = clinic.db.begin().await?;
        let account = accounts::lock(&mut tx, account).await?;
        let account = account.ok_or(Refusal::Missing("User"))?;
        let form = form.with_photo(photo);
        let form = form.checked(&mut tx, faults).await?;
        let promoted = verify::promote(clinic, &mut tx, who, &account).await?;
        let made = insert(clinic, &mut tx, who, &account, &form, true).await?;
        tx.commit().await?;
        if promoted {
            clinic.sessions.ended();
        }
        Ok(made)
    };
    pictures::replacing(
        clinic,
        Kind::Public,
        picture,
        PHOTO,
        None,
        Faults::new(),
        write,
    )
    .await
}

pub(super) async fn insert(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    form: &Checked,
    verified: bool,
) -> Answer<DoctorRecord> {
    let now = clinic.clock.now();
    let blank = blank(patients::display_name(account));
    let stored = form.applied(blank.clone());
    let verified_at = verified.then_some(now);
    let inserted = table::insert(tx, clinic.new_id(), account.id, &stored, verified_at, now).await;
    let id = inserted.map_err(taken)?;
    let mut filled = Changes::between(&blank, &stored);
    for window in linked::replace(tx, id, form, &mut filled).await? {
        events::record(tx, clinic, events::SCHEDULE, window, Some(id), None).await?;
    }
    let fields = filled.fields();
    let detail = json!({ "fields": fields, "account": account.id, "verified": verified });
    audit::change_of(tx, clinic, who, "create_doctor", OBJECT, id, detail).await?;
    let row = table::by_id(tx, id).await?.ok_or(MISSING)?;
    linked::record(tx, row).await
}

fn blank(full_name: String) -> Stored {
    Stored {
        name_key: text::name_key(&full_name),
        full_name,
        photo: None,
        fee_cents: 0,
        meet_link: None,
        year_of_experience: None,
        personal_status: None,
    }
}

/// Two who make one profile at once: the loser is told.
fn taken(error: sqlx::Error) -> Refusal {
    match unique_violation(&error).as_deref() {
        Some("doctor_account_id_key") => already(),
        _ => error.into(),
    }
}

/// The refusal of a second profile of one account.
fn already() -> Refusal {
    Refusal::field(
        FieldErrors::CROSS_FIELD,
        "You already have a doctor profile.",
    )
}
