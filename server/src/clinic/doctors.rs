//! Doctors: their profiles, who sees them and who may change them (API.md §3 `/doctors/`,
//! §7 `doctors/`).
//!
//! A profile is public once an admin has verified it; until then its owner and staff see it, and
//! for everybody else it is missing. Its owner and staff change it. What the public sees is no
//! personal data, so reads are not audited; every change is.

mod form;
mod linked;
mod listing;
mod make;
mod own;
mod public;
mod record;
mod retire;
mod verify;

use clinic_shared::{Role, classic, desk};
use uuid::Uuid;

pub use crate::store::doctor_lists::{Filter, Search};
pub use crate::store::doctor_public::PublicFilter;
pub use listing::{list, search};
pub use make::{create_own, create_verified};
pub(super) use own::accept;
pub use own::{OwnProfile, change_own, own_profile, retire_own};
pub use public::{PublicDoctor, find, profile};
pub use record::{DoctorLine, DoctorRecord};
pub use retire::retire;
pub use verify::verify;

use super::{Actor, Answer, Clinic, Faults, Refusal, audit, events, patients, pictures, text};
use crate::infra::media::Kind;
use crate::store::accounts::AccountRow;
use crate::store::doctors::{self as table, DoctorRow, Stored};
use crate::store::{Session, Tx};
use form::{Checked, Form};

const MISSING: Refusal = Refusal::Missing("Doctor");

/// What the audit calls one.
const OBJECT: &str = "doctor";

/// The photo's field in classic's forms.
const PHOTO: &str = "profile";

/// A doctor by id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller may see.
pub async fn show(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<DoctorRecord> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_uid(&mut reader, id).await?;
    let row = row.filter(|row| may_see(who, row)).ok_or(MISSING)?;
    linked::record(&mut reader, row).await
}

/// The number of a doctor whom everybody sees, 0 if there is none of this id.
///
/// # Errors
/// The database's.
pub async fn number_of(clinic: &Clinic, id: Uuid) -> Answer<i64> {
    let row = table::by_uid(&mut clinic.db.read().await?, id).await?;
    let row = row.filter(|row| row.verified_at.is_some());
    Ok(row.map_or(0, |row| row.id))
}

/// A doctor by number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller may see.
pub async fn show_number(clinic: &Clinic, who: &Actor, number: i64) -> Answer<DoctorRecord> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_id(&mut reader, number).await?;
    let row = row.filter(|row| may_see(who, row)).ok_or(MISSING)?;
    linked::record(&mut reader, row).await
}

/// Changes a doctor as the desk does, where any of the versions `expected` will do (`If-Match`).
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`], [`Refusal::Invalid`] with every faulty field, or
/// [`Refusal::Stale`] if somebody changed it since.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    change: desk::doctors::DoctorChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<DoctorRecord> {
    let mut tx = clinic.db.begin().await?;
    let row = changeable(who, table::lock_uid(&mut tx, id).await?)?;
    let form = Form::of_desk(change, &mut faults);
    let form = form.checked(&mut tx, faults).await?;
    // A request that would be refused anyway is refused for that (RFC 9110 §13.2.1).
    if expected.is_some_and(|versions| !versions.contains(&row.version)) {
        return Err(stale(clinic, &row));
    }
    finish(clinic, tx, who, &row, form).await
}

/// Changes a doctor as classic does, with the photo if one came.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`], [`Refusal::TooLarge`], or [`Refusal::Invalid`]
/// with every faulty field.
pub async fn change_number(
    clinic: &Clinic,
    who: &Actor,
    number: i64,
    change: classic::doctors::DoctorChange,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<DoctorRecord> {
    let seen = table::by_id(&mut clinic.db.read().await?, number).await?;
    let old = changeable(who, seen)?.photo;
    let form = Form::of_classic(change);
    let write = async |photo, faults| {
        let mut tx = clinic.db.begin().await?;
        let row = changeable(who, table::lock_id(&mut tx, number).await?)?;
        let form = form.with_photo(photo).checked(&mut tx, faults).await?;
        finish(clinic, tx, who, &row, form).await
    };
    pictures::replacing(clinic, Kind::Public, picture, PHOTO, old, faults, write).await
}

/// The number of the doctor that a caller is, if their role says so and an admin verified them.
///
/// # Errors
/// The database's.
pub(super) async fn of_caller(session: &mut impl Session, who: &Actor) -> Answer<Option<i64>> {
    match who.account {
        Some(account) if account.role == Role::Doctor => {
            Ok(table::verified_of_account(session, account.id).await?)
        }
        _ => Ok(None),
    }
}

/// Gives the doctor of an account, if there is one, the account's new name.
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
    let form = Checked::renamed(patients::display_name(account));
    update(clinic, tx, who, &row, &form).await
}

/// Writes the change and commits; the doctor as it is then.
async fn finish(
    clinic: &Clinic,
    mut tx: Tx,
    who: &Actor,
    row: &DoctorRow,
    form: Checked,
) -> Answer<DoctorRecord> {
    update(clinic, &mut tx, who, row, &form).await?;
    let row = table::by_id(&mut tx, row.id).await?.ok_or(MISSING)?;
    let record = linked::record(&mut tx, row).await?;
    tx.commit().await?;
    Ok(record)
}

/// Writes what differs into a locked row; nothing at all if nothing does.
async fn update(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &DoctorRow,
    form: &Checked,
) -> Answer<()> {
    let was = Stored::from(row);
    let stored = form.applied(was.clone());
    let mut changes = form::Changes::between(&was, &stored);
    let windows = linked::replace(tx, row.id, form, &mut changes).await?;
    if changes.are_none() {
        return Ok(());
    }
    for window in windows {
        events::record(tx, clinic, events::SCHEDULE, window, Some(row.id), None).await?;
    }
    table::update(tx, row.id, &stored, clinic.clock.now()).await?;
    let detail = changes.detail();
    audit::change_of(tx, clinic, who, "change_doctor", OBJECT, row.id, detail).await?;
    Ok(())
}

fn is_own(who: &Actor, row: &DoctorRow) -> bool {
    who.account_id() == Some(row.account_id)
}

fn may_see(who: &Actor, row: &DoctorRow) -> bool {
    row.verified_at.is_some() || who.is_staff() || is_own(who, row)
}

/// The row, if the caller sees it and may change it.
fn changeable(who: &Actor, row: Option<DoctorRow>) -> Answer<DoctorRow> {
    let row = row.filter(|row| may_see(who, row)).ok_or(MISSING)?;
    match who.is_staff() || is_own(who, &row) {
        true => Ok(row),
        false => Err(Refusal::forbidden()),
    }
}

fn stale(clinic: &Clinic, row: &DoctorRow) -> Refusal {
    let ago = clinic.ago(row.updated_at);
    Refusal::Stale(format!(
        "The doctor was changed {ago} by somebody else; load it again."
    ))
}
