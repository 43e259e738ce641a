//! The caller's own account (API.md §4 `user/me/`).

use clinic_shared::v1::user::{Me, MeChange};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, doctors, patients, text};
use super::own;
use crate::store::Tx;
use crate::store::accounts::{self as table, AccountRow};

/// The longest first or last name, in characters.
const LONGEST_NAME: usize = 150;

/// The caller's own account.
///
/// # Errors
/// [`Refusal::Missing`] if it is gone.
pub async fn me(clinic: &Clinic, who: &Actor) -> Answer<(Me, i64)> {
    let account = own(clinic, who).await?;
    Ok((wire(clinic, account.clone()), account.version))
}

/// Changes the caller's names and their own switch for login codes.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::Stale`] by `If-Match`.
pub async fn change_me(
    clinic: &Clinic,
    who: &Actor,
    (form, mut faults): (MeChange, Faults),
    expected: Option<&[i64]>,
) -> Answer<(Me, i64)> {
    let id = who.account_id().ok_or(Refusal::Missing("User"))?;
    let mut tx = clinic.db.begin().await?;
    let mut account = table::lock(&mut tx, id)
        .await?
        .ok_or(Refusal::Missing("User"))?;
    let mut fields = Vec::new();
    for (field, typed, name) in [
        ("first_name", &form.first_name, &mut account.first_name),
        ("last_name", &form.last_name, &mut account.last_name),
    ] {
        let typed = typed.as_deref().map(text::line);
        if let Some(clean) = typed.and_then(|typed| faults.take(field, typed))
            && *name != clean
        {
            *name = clean;
            fields.push(field);
        }
    }
    faults.refuse()?;
    // A request that would be refused anyway is refused for that (RFC 9110 §13.2.1).
    if expected.is_some_and(|versions| !versions.contains(&account.version)) {
        return Err(stale());
    }
    let renamed = !fields.is_empty();
    if let Some(on) = form.login_codes.filter(|on| *on != account.login_codes) {
        account.login_codes = on;
        fields.push("login_codes");
    }
    if !fields.is_empty() {
        table::update(&mut tx, &account, clinic.clock.now()).await?;
        account.version += 1;
        account.updated_at = clinic.clock.now();
        if renamed {
            patients::rename_of_account(clinic, &mut tx, who, &account).await?;
            doctors::rename_of_account(clinic, &mut tx, who, &account).await?;
        }
        let detail = json!({ "fields": fields });
        audit::account_change(&mut tx, clinic, who, "change_account", id, detail).await?;
        tx.commit().await?;
    }
    let version = account.version;
    Ok((wire(clinic, account), version))
}

/// The account with this name instead of its own: the first word is the given name. None if that
/// can't be, which is among the faults on `full_name`.
pub(in crate::clinic) fn named_so(
    account: &AccountRow,
    full_name: &str,
    faults: &mut Faults,
) -> Option<AccountRow> {
    let name = faults.take("full_name", text::required(full_name, 2 * LONGEST_NAME))?;
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ");
    let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
    if [first, last]
        .iter()
        .any(|part| part.chars().count() > LONGEST_NAME)
    {
        let message = format!("First and last name have at most {LONGEST_NAME} characters each.");
        faults.add("full_name", message);
        return None;
    }
    Some(AccountRow {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        ..account.clone()
    })
}

/// Writes the names of a locked account, whose patient record the caller has renamed.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn write_names(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
) -> Answer<()> {
    table::update(tx, account, clinic.clock.now()).await?;
    doctors::rename_of_account(clinic, tx, who, account).await?;
    let detail = json!({ "fields": ["first_name", "last_name"] });
    audit::account_change(tx, clinic, who, "change_account", account.id, detail).await?;
    Ok(())
}

pub(super) fn stale() -> Refusal {
    Refusal::Stale(
        "This account was changed after you loaded it; load it again and repeat your change."
            .to_owned(),
    )
}

/// An account as its owner sees it.
fn wire(clinic: &Clinic, account: AccountRow) -> Me {
    let asks_for_code = super::sign_in::wants_code(clinic, &account);
    Me {
        id: account.uid,
        username: account.username,
        email: account.email,
        first_name: account.first_name,
        last_name: account.last_name,
        role: account.role.0,
        is_verified: account.is_verified,
        login_codes: account.login_codes,
        signs_in_with_code: asks_for_code,
        created_at: account.created_at,
        updated_at: account.updated_at,
    }
}
