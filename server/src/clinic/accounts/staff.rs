//! Accounts as admins keep them (API.md §4 `user/list/`, §7 `users/`).

use clinic_shared::Role;
use clinic_shared::desk::users::{Invitation, User, UserChange};
use serde_json::json;
use uuid::Uuid;

use super::super::codes::{self, Purpose};
use super::super::paging::{Listed, Paging};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, doctors, patients, text};
use super::me::stale;
use super::{Newcomer, checked, insert, names, roles};
use crate::store::account_lists::{self as lists, AccountFilter};
use crate::store::accounts::{self as table, AccountRow, RoleWord, key};

const MISSING: Refusal = Refusal::Missing("User");

/// Which accounts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in username, e-mail or name.
    pub search: Option<String>,
    /// Only of this role.
    pub role: Option<Role>,
    /// Only those that may, or may not, sign in.
    pub is_active: Option<bool>,
}

/// A page of accounts by number, for admins.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list_users(
    clinic: &Clinic,
    who: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Answer<Listed<User>> {
    let span = paging.span()?;
    let filter = AccountFilter {
        words: text::search_words(filter.search.as_deref(), AccountFilter::WORDS),
        role: filter.role,
        is_active: filter.is_active,
    };
    let mut reader = clinic.db.read().await?;
    let count = lists::count(&mut reader, &filter).await?;
    let after = span.after.unwrap_or(0);
    let rows = lists::page(&mut reader, &filter, after, span.limit, span.offset).await?;
    drop(reader);
    let listed = paging.listed(count, rows, |row| row.id)?;
    let detail = json!({ "rows": listed.rows.len() });
    clinic.reads.note(who, "list_users", None, detail).await;
    Ok(listed.map(|row| wire(clinic, row)))
}

/// One account, for admins; its version beside it.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show_user(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<(User, i64)> {
    let row = table::by_uid(&mut clinic.db.read().await?, id).await?;
    let row = row.ok_or(MISSING)?;
    clinic.reads.note_account(who, "show_user", row.id).await;
    Ok(with_version(clinic, row))
}

/// Makes an account without a password for somebody who will work here, and mails them a code that
/// sets one.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn invite(
    clinic: &Clinic,
    who: &Actor,
    form: Invitation,
    mut faults: Faults,
) -> Answer<(User, i64)> {
    if form.role == Role::Patient {
        faults.add(
            "role",
            "Patients register themselves, or are registered at the desk.",
        );
    }
    let email = form.email.trim().to_owned();
    let newcomer = Newcomer {
        username: form.username.unwrap_or_else(|| email.clone()),
        email,
        first_name: form.first_name.unwrap_or_default(),
        last_name: form.last_name.unwrap_or_default(),
        password: None,
        role: form.role,
        is_verified: false,
        awaits_activation: false,
    };
    let newcomer = checked(clinic, newcomer, faults).await?;
    let mut tx = clinic.db.begin().await?;
    let row = insert(clinic, &mut tx, who, &newcomer, None).await?;
    let purpose = (Purpose::Reset, true);
    codes::ask(clinic, &mut tx, who, &row.email, Some(&row), purpose).await?;
    tx.commit().await?;
    Ok(with_version(clinic, row))
}

/// Changes an account: names, e-mail, role, whether it may sign in, whether that takes a code. A new
/// role or address, and disabling, end its sessions. The last active admin stays one.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`], [`Refusal::Stale`], or [`Refusal::Conflict`] for the
/// last admin.
pub async fn change_user(
    clinic: &Clinic,
    who: &Actor,
    id: Uuid,
    (form, faults): (UserChange, Faults),
    expected: Option<&[i64]>,
) -> Answer<(User, i64)> {
    let seen = table::by_uid(&mut clinic.db.read().await?, id).await?;
    let seen = seen.ok_or(MISSING)?;
    let mut tx = clinic.db.begin().await?;
    let admins = table::lock_active_admins(&mut tx).await?;
    let was = table::lock(&mut tx, seen.id).await?.ok_or(MISSING)?;
    let is = edited(&was, &form, faults)?;
    // A request that would be refused anyway is refused for that (RFC 9110 §13.2.1).
    if expected.is_some_and(|versions| !versions.contains(&was.version)) {
        return Err(stale());
    }
    let fields = audit::fields([
        ("first_name", was.first_name != is.first_name),
        ("last_name", was.last_name != is.last_name),
        ("email", was.email != is.email),
        ("role", was.role != is.role),
        ("is_active", was.is_active != is.is_active),
        ("login_codes", was.login_codes != is.login_codes),
    ]);
    if fields.is_empty() {
        return Ok(with_version(clinic, was));
    }
    let (_, is_taken) = table::taken(&mut tx, "", &is.email, Some(is.id)).await?;
    if is_taken {
        return Err(Refusal::field(
            "email",
            "A user with that email already exists.",
        ));
    }
    let detail = json!({
        "fields": fields,
        "role": { "from": was.role.0, "to": is.role.0 },
        "is_active": { "from": was.is_active, "to": is.is_active },
        "login_codes": { "from": was.login_codes, "to": is.login_codes },
    });
    let ends_sessions =
        was.role != is.role || was.email != is.email || (was.is_active && !is.is_active);
    let action = "change_user";
    if ends_sessions {
        roles::write(clinic, &mut tx, who, (&is, &admins), (action, detail)).await?;
    } else {
        table::update(&mut tx, &is, clinic.clock.now()).await?;
        audit::account_change(&mut tx, clinic, who, action, is.id, detail).await?;
    }
    if (&was.first_name, &was.last_name) != (&is.first_name, &is.last_name) {
        patients::rename_of_account(clinic, &mut tx, who, &is).await?;
        doctors::rename_of_account(clinic, &mut tx, who, &is).await?;
    }
    let row = table::by_id(&mut tx, is.id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    if ends_sessions {
        clinic.sessions.ended();
    }
    Ok(with_version(clinic, row))
}

/// The row with the form's fields in it.
fn edited(was: &AccountRow, form: &UserChange, mut faults: Faults) -> Answer<AccountRow> {
    let mut is = was.clone();
    for (field, typed, name) in [
        ("first_name", &form.first_name, &mut is.first_name),
        ("last_name", &form.last_name, &mut is.last_name),
    ] {
        let typed = typed.as_deref().map(text::line);
        if let Some(clean) = typed.and_then(|typed| faults.take(field, typed)) {
            *name = clean;
        }
    }
    if let Some(email) = form.email.as_deref().map(str::trim)
        && key(email) != key(&was.email)
    {
        if key(&was.username) == key(&was.email) {
            email.clone_into(&mut is.username);
        }
        email.clone_into(&mut is.email);
        // The owner proves the new address by the next code that is entered.
        is.is_verified = false;
        names(&mut faults, &is.username, &is.email);
    }
    if let Some(role) = form.role {
        is.role = RoleWord(role);
    }
    is.is_active = form.is_active.unwrap_or(is.is_active);
    is.login_codes = form.login_codes.unwrap_or(is.login_codes);
    faults.refuse()?;
    Ok(is)
}

/// Ends all sessions of an account.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn end_sessions(clinic: &Clinic, who: &Actor, id: Uuid) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let row = table::by_uid(&mut tx, id).await?.ok_or(MISSING)?;
    let now = clinic.clock.now();
    let ended = clinic
        .sessions
        .end_all(&mut tx, row.id, None, "revoked", now)
        .await?;
    let detail = json!({ "sessions": ended });
    audit::account_change(&mut tx, clinic, who, "end_sessions", row.id, detail).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

fn with_version(clinic: &Clinic, row: AccountRow) -> (User, i64) {
    let version = row.version;
    (wire(clinic, row), version)
}

/// An account as admins see it.
fn wire(clinic: &Clinic, row: AccountRow) -> User {
    let signs_in_with_code = super::sign_in::wants_code(clinic, &row);
    User {
        id: row.uid,
        number: row.id,
        username: row.username,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        role: row.role.0,
        is_active: row.is_active,
        is_verified: row.is_verified,
        has_password: row.password_hash.is_some(),
        login_codes: row.login_codes,
        signs_in_with_code,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
