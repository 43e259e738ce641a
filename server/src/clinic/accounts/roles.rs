//! Roles, and who may sign in at all: changes that end an account's sessions.

use clinic_shared::Role;
use serde_json::{Value, json};

use super::super::{Actor, Answer, Clinic, Refusal, audit};
use super::named;
use crate::store::Tx;
use crate::store::accounts::{self as table, AccountRow, RoleWord};

/// Gives an account another role, which ends its sessions. The last active admin stays one.
///
/// # Errors
/// [`Refusal::Missing`], or [`Refusal::Conflict`] for the last admin.
pub async fn set_role(clinic: &Clinic, who: &Actor, name: &str, role: Role) -> Answer<()> {
    change(clinic, who, name, "set_role", |account| {
        let was = account.role.0;
        account.role = RoleWord(role);
        (was != role).then(|| json!({ "from": was, "to": role }))
    })
    .await
}

/// Disables or enables an account; disabling ends its sessions. The last active admin stays.
///
/// # Errors
/// [`Refusal::Missing`], or [`Refusal::Conflict`] for the last admin.
pub async fn set_active(clinic: &Clinic, who: &Actor, name: &str, active: bool) -> Answer<()> {
    let action = if active {
        "enable_account"
    } else {
        "disable_account"
    };
    change(clinic, who, name, action, |account| {
        let was = std::mem::replace(&mut account.is_active, active);
        (was != active).then(|| json!({ "from": was, "to": active }))
    })
    .await
}

/// Closes a locked account that is no admin's, at its owner's wish; its sessions end. After the commit
/// call [`crate::auth::sessions::Sessions::ended`].
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn close(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    mut account: AccountRow,
) -> Answer<()> {
    account.is_active = false;
    let closed = (&account, [].as_slice());
    write(clinic, tx, who, closed, ("close_account", json!({}))).await
}

/// Takes an account's e-mail as proved: the operator's word instead of a code.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn set_verified(clinic: &Clinic, who: &Actor, name: &str) -> Answer<()> {
    change(clinic, who, name, "verify_account", |account| {
        let was = std::mem::replace(&mut account.is_verified, true);
        (!was).then(|| json!({ "from": was, "to": true }))
    })
    .await
}

/// Applies a change that ends sessions; `edit` answers the audit's detail, or none if nothing
/// changed.
async fn change(
    clinic: &Clinic,
    who: &Actor,
    name: &str,
    action: &str,
    edit: impl FnOnce(&mut AccountRow) -> Option<Value>,
) -> Answer<()> {
    let id = named(clinic, name).await?.id;
    let mut tx = clinic.db.begin().await?;
    let admins = table::lock_active_admins(&mut tx).await?;
    let mut account = table::by_id(&mut tx, id)
        .await?
        .ok_or(Refusal::Missing("User"))?;
    let Some(detail) = edit(&mut account) else {
        return Ok(());
    };
    write(clinic, &mut tx, who, (&account, &admins), (action, detail)).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// Writes such a change, keeping at least one active admin, also when two admins remove each other
/// at once: `admins` are the active ones before it, locked. After the commit call
/// [`crate::auth::sessions::Sessions::ended`].
pub(super) async fn write(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (account, admins): (&AccountRow, &[i64]),
    (action, detail): (&str, Value),
) -> Answer<()> {
    let now = clinic.clock.now();
    let stays_admin = account.is_active && account.role.0 == Role::Admin;
    if admins == [account.id] && !stays_admin {
        return Err(Refusal::Conflict {
            code: "last_admin",
            detail: "This is the last active admin; make another one first.".to_owned(),
        });
    }
    table::update(tx, account, now)
        .await
        .map_err(super::taken)?;
    clinic
        .sessions
        .end_all(tx, account.id, None, action, now)
        .await?;
    Ok(audit::account_change(tx, clinic, who, action, account.id, detail).await?)
}
