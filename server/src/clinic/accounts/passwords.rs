//! Passwords: changed by who knows the old one, or set by a code from the mail (API.md §2, §4).

use clinic_shared::v1::user::{ChangePassword, ConfirmReset};
use serde_json::json;
use uuid::Uuid;

use super::super::audit::Outcome;
use super::super::codes::{self, Purpose};
use super::super::guesses::{self, Target};
use super::super::jobs::{self, Job};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, letters};
use super::{named, own};
use crate::store::accounts::{self as table, AccountRow, key};
use crate::store::{Tx, codes as code_table};

/// Changes the caller's password; ends their other sessions and keeps this one.
///
/// # Errors
/// [`Refusal::Invalid`] on `old_password` or `new_password`, [`Refusal::Throttled`] after too many
/// wrong ones.
pub async fn change_password(clinic: &Clinic, who: &Actor, form: ChangePassword) -> Answer<()> {
    let account = own(clinic, who).await?;
    let guess = guesses::take(clinic, who, Target::Account(account.id)).await?;
    let hash = account.password_hash.as_deref();
    let verdict = clinic
        .passwords
        .verify(&form.old_password, hash)
        .await
        .map_err(Refusal::broken)?;
    let mut faults = Faults::new();
    if !verdict.ok {
        faults.add("old_password", "This is not your password.");
    }
    for message in faults_of(clinic, &form.new_password, &account) {
        faults.add("new_password", message);
    }
    if verdict.ok && form.old_password == form.new_password {
        faults.add(
            "new_password",
            "The new password must differ from the old one.",
        );
    }
    faults.refuse()?;
    let hash = hashed(clinic, &form.new_password).await?;
    let keep = who.account.map(|account| account.session);
    let mut tx = clinic.db.begin().await?;
    let current = locked(&mut tx, account.id).await?;
    if current.password_hash != account.password_hash {
        return Err(Refusal::field("old_password", "This is not your password."));
    }
    if let Some(guess) = guess {
        guess.was_right(clinic, &mut tx).await?;
    }
    set_hash(
        clinic,
        &mut tx,
        who,
        (current, hash),
        (keep, "change_password"),
    )
    .await?;
    notify(clinic, &mut tx, account.id).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// Mails a code that sets a new password. Nobody learns whether there is such an account.
///
/// # Errors
/// The database's.
pub async fn forgot_password(clinic: &Clinic, who: &Actor, email: &str) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email.trim()).await?;
    let account = account.filter(|account| account.is_active && !account.awaits_activation);
    let purpose = (Purpose::Reset, false);
    codes::ask(
        clinic,
        &mut tx,
        who,
        email.trim(),
        account.as_ref(),
        purpose,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Sets a new password by a code from the mail, which also proves the address; ends all sessions.
/// This is how staff who were invited begin.
///
/// # Errors
/// [`Refusal::Invalid`] on `otp` or `new_password`; a code is used up only together with a password
/// that is taken.
pub async fn reset_password(clinic: &Clinic, who: &Actor, form: ConfirmReset) -> Answer<()> {
    let email = form.email.trim();
    let seen = table::by_email(&mut clinic.db.read().await?, email).await?;
    let nobody = key(email);
    let target = seen.as_ref().map_or(Target::Nobody(&nobody), |account| {
        Target::Account(account.id)
    });
    let guess = guesses::take(clinic, who, target).await?;
    // What is wrong with the password is told before the code is looked at: it takes no code to
    // know. By the strictest role where nobody has the address, so that it tells nothing.
    let mut faults = Faults::new();
    let role = clinic_shared::Role::Patient;
    let known = clinic
        .password_policy
        .faults(role, &form.new_password, email, email);
    for message in known {
        faults.add("new_password", message);
    }
    faults.refuse()?;
    let hash = hashed(clinic, &form.new_password).await?;
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email).await?;
    let account = account.filter(|account| account.is_active && !account.awaits_activation);
    let is_right = match &account {
        Some(account) => {
            codes::is_right(clinic, &mut tx, account, Purpose::Reset, &form.otp).await?
        }
        None => false,
    };
    let Some(mut account) = account.filter(|_| is_right) else {
        return refuse_code(clinic, tx, who, seen.map(|seen| seen.id), Purpose::Reset).await;
    };
    let mut faults = Faults::new();
    for message in faults_of(clinic, &form.new_password, &account) {
        faults.add("new_password", message);
    }
    // Dropped, the transaction leaves the code as it was: it can be entered again.
    faults.refuse()?;
    if let Some(guess) = guess {
        guess.was_right(clinic, &mut tx).await?;
    }
    account.is_verified = true;
    let id = account.id;
    set_hash(
        clinic,
        &mut tx,
        who,
        (account, hash),
        (None, "reset_password"),
    )
    .await?;
    notify(clinic, &mut tx, id).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// Notes that a code was wrong, commits that it was tried, and refuses. Known and unknown addresses
/// take the same steps.
pub(super) async fn refuse_code<T>(
    clinic: &Clinic,
    mut tx: Tx,
    who: &Actor,
    account: Option<i64>,
    purpose: Purpose,
) -> Answer<T> {
    let (action, detail) = (
        ("enter_code", Outcome::Refused),
        json!({ "purpose": purpose }),
    );
    audit::access(&mut tx, clinic, who, action, account, detail).await?;
    tx.commit().await?;
    Err(codes::wrong())
}

/// Sets an account's password without knowing the old one: the operator's `clinicd user password`.
///
/// # Errors
/// [`Refusal::Missing`], or [`Refusal::Invalid`] on `password`.
pub async fn set_password(clinic: &Clinic, who: &Actor, name: &str, new: &str) -> Answer<()> {
    let account = named(clinic, name).await?;
    let mut faults = Faults::new();
    for message in faults_of(clinic, new, &account) {
        faults.add("password", message);
    }
    faults.refuse()?;
    let hash = hashed(clinic, new).await?;
    let mut tx = clinic.db.begin().await?;
    let current = locked(&mut tx, account.id).await?;
    set_hash(
        clinic,
        &mut tx,
        who,
        (current, hash),
        (None, "set_password"),
    )
    .await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// Writes a new hash and ends the account's sessions, all or all but one; codes that were on their
/// way are void. After the commit call [`crate::auth::sessions::Sessions::ended`].
async fn set_hash(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (mut account, hash): (AccountRow, String),
    (keep, action): (Option<Uuid>, &str),
) -> Answer<()> {
    let now = clinic.clock.now();
    account.password_hash = Some(hash);
    table::update(tx, &account, now).await?;
    code_table::void(tx, account.id, Purpose::Login.as_str()).await?;
    code_table::void(tx, account.id, Purpose::Reset.as_str()).await?;
    clinic
        .sessions
        .end_all(tx, account.id, keep, action, now)
        .await?;
    Ok(audit::account_change(tx, clinic, who, action, account.id, json!({})).await?)
}

/// Tells the owner.
async fn notify(clinic: &Clinic, tx: &mut Tx, account: i64) -> Answer<()> {
    let job = Job::SendNotice {
        account,
        notice: letters::Notice::PasswordChanged,
    };
    Ok(jobs::enqueue(clinic, tx, &job, clinic.clock.now()).await?)
}

async fn locked(tx: &mut Tx, id: i64) -> Answer<AccountRow> {
    table::lock(tx, id).await?.ok_or(Refusal::Missing("User"))
}

pub(super) async fn hashed(clinic: &Clinic, password: &str) -> Answer<String> {
    let hash = clinic.passwords.hash(password).await;
    hash.map_err(Refusal::broken)
}

fn faults_of(clinic: &Clinic, password: &str, account: &AccountRow) -> Vec<String> {
    clinic
        .password_policy
        .faults(account.role.0, password, &account.username, &account.email)
}
