//! Verification: an admin's word that somebody is a doctor.

use clinic_shared::Role;
use serde_json::json;
use uuid::Uuid;

use super::record::DoctorRecord;
use super::{MISSING, OBJECT, linked, table};
use crate::clinic::{Actor, Answer, Clinic, audit};
use crate::store::Tx;
use crate::store::accounts::{self, AccountRow};

/// Verifies a doctor: from now on everybody sees the profile, and the account's role is doctor (an
/// admin stays one), which ends its sessions like any change of role. Again changes nothing.
///
/// # Errors
/// [`crate::clinic::Refusal::Missing`].
pub async fn verify(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<DoctorRecord> {
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    let row = table::by_uid(&mut tx, id).await?.ok_or(MISSING)?;
    if row.verified_at.is_some() {
        return linked::record(&mut tx, row).await;
    }
    // The account before the doctor, as a rename takes them.
    let account = accounts::lock(&mut tx, row.account_id).await?;
    let account = account.ok_or(MISSING)?;
    let promoted = promote(clinic, &mut tx, who, &account).await?;
    if table::verify(&mut tx, row.id, now).await? {
        let detail = json!({ "account": account.id });
        audit::change_of(
            &mut tx,
            clinic,
            who,
            "verify_doctor",
            OBJECT,
            row.id,
            detail,
        )
        .await?;
    }
    let row = table::by_uid(&mut tx, id).await?.ok_or(MISSING)?;
    let record = linked::record(&mut tx, row).await?;
    tx.commit().await?;
    if promoted {
        clinic.sessions.ended();
    }
    Ok(record)
}

/// Makes a locked account a doctor's and ends its sessions, unless it is one or an admin's; says
/// whether it did.
pub(super) async fn promote(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
) -> Answer<bool> {
    let was = account.role.0;
    if matches!(was, Role::Admin | Role::Doctor) {
        return Ok(false);
    }
    let now = clinic.clock.now();
    accounts::set_role(tx, account.id, Role::Doctor, now).await?;
    let sessions = &clinic.sessions;
    sessions
        .end_all(tx, account.id, None, "set_role", now)
        .await?;
    let detail = json!({ "from": was, "to": Role::Doctor });
    audit::account_change(tx, clinic, who, "set_role", account.id, detail).await?;
    Ok(true)
}
