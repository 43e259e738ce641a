//! Becoming an account: classic signs in at once, v1 wants the address proved by a code first.

use chrono::TimeDelta;
use clinic_shared::classic::accounts::{Register, Registered};
use clinic_shared::v1::user::{Activated, EmailUser, OtpForm, RegisterV1};
use clinic_shared::{FieldErrors, Role};
use serde_json::json;

use super::super::audit::Outcome;
use super::super::codes::{self, Purpose};
use super::super::guesses::{self, Target};
use super::super::jobs::{self, Job};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, letters, patients, text};
use super::passwords::{hashed as hash, refuse_code};
use super::{Newcomer, checked, hashed, insert, names, open_session, user};
use crate::auth::sessions::Family;
use crate::store::accounts::{self as table, AccountRow, key};
use crate::store::{Tx, account_lists, codes as code_table};

/// Accounts that were never activated are kept so long (API.md §2).
const KEPT: TimeDelta = TimeDelta::days(7);
/// How many of them go in one night at most: a flood must not hold the database for minutes.
const PURGED: i64 = 10_000;

/// Registers a patient's account with profile and patient row, and signs it in: classic.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn register(
    clinic: &Clinic,
    who: &Actor,
    form: Register,
    mut faults: Faults,
) -> Answer<Registered> {
    if form.password != form.confirm_password && !form.confirm_password.is_empty() {
        faults.add(
            FieldErrors::CROSS_FIELD,
            "Password and confirm_password don't match.",
        );
    }
    let newcomer = Newcomer {
        username: form.username,
        email: form.email,
        first_name: form.first_name.unwrap_or_default(),
        last_name: form.last_name.unwrap_or_default(),
        password: Some(form.password),
        role: Role::Patient,
        is_verified: false,
        awaits_activation: false,
    };
    let newcomer = checked(clinic, newcomer, faults).await?;
    let hash = hashed(clinic, &newcomer).await?;

    let mut tx = clinic.db.begin().await?;
    let account = insert(clinic, &mut tx, who, &newcomer, hash).await?;
    let tokens = open_session(clinic, &mut tx, who, &account, Family::Classic).await?;
    tx.commit().await?;
    Ok(Registered {
        message: "Registration successful".to_owned(),
        tokens,
        user: user(&account),
    })
}

/// Registers an account on v1: it waits for its code. Whether somebody has the address already is
/// told to its owner by mail, and to nobody else (API.md §4 `register/`).
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn register_v1(
    clinic: &Clinic,
    who: &Actor,
    form: RegisterV1,
    mut faults: Faults,
) -> Answer<EmailUser> {
    let differs = |again: &String| *again != form.password;
    if form.password2.as_ref().is_some_and(differs) {
        faults.add("password2", "The two passwords don't match.");
    }
    let new = newcomer(clinic, &form, faults)?;
    let hash = hash(clinic, &form.password).await?;
    let mut tx = clinic.db.begin().await?;
    match table::lock_by_email(&mut tx, &new.email).await? {
        None => {
            let made = insert_unless_taken(clinic, &mut tx, who, &new, hash).await?;
            ask_activation(clinic, &mut tx, who, &made).await?;
        }
        Some(waiting) if waiting.awaits_activation => {
            let again = replaced(clinic, &mut tx, who, waiting, (&new, hash)).await?;
            ask_activation(clinic, &mut tx, who, &again).await?;
        }
        Some(owner) => {
            let job = Job::SendNotice {
                account: owner.id,
                notice: letters::Notice::AlreadyRegistered,
            };
            jobs::enqueue(clinic, &mut tx, &job, clinic.clock.now()).await?;
            let action = ("register", Outcome::Refused);
            audit::access(&mut tx, clinic, who, action, Some(owner.id), json!({})).await?;
        }
    }
    tx.commit().await?;
    Ok(EmailUser {
        email: new.email,
        is_verified: false,
    })
}

fn newcomer(clinic: &Clinic, form: &RegisterV1, mut faults: Faults) -> Answer<Newcomer> {
    let email = form.email.trim().to_owned();
    let mut part = |field: &'static str, typed: &Option<String>| {
        let typed = typed.as_deref().unwrap_or_default();
        faults.take(field, text::line(typed)).unwrap_or_default()
    };
    let first_name = part("first_name", &form.first_name);
    let last_name = part("last_name", &form.last_name);
    let mut found = Faults::new();
    names(&mut found, &email, &email);
    if found.refuse().is_err() {
        faults.add("email", "Enter a valid email address.");
    }
    let policy = clinic.password_policy;
    for message in policy.faults(Role::Patient, &form.password, &email, &email) {
        faults.add("password", message);
    }
    faults.refuse()?;
    Ok(Newcomer {
        username: email.clone(),
        email,
        first_name,
        last_name,
        password: None,
        role: Role::Patient,
        is_verified: false,
        awaits_activation: true,
    })
}

/// Two who register one address at once: the second is asked to try again and then meets the first.
async fn insert_unless_taken(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    new: &Newcomer,
    hash: String,
) -> Answer<AccountRow> {
    match insert(clinic, tx, who, new, Some(hash)).await {
        Err(Refusal::Invalid(_)) => Err(Refusal::Unavailable(
            "Somebody is registering this address at this moment; try again.".to_owned(),
        )),
        made => made,
    }
}

/// An address that waits for its code is registered again: the newest name and password count, and
/// codes that were mailed for the older ones are void, so that nobody activates what they did not
/// choose.
async fn replaced(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    mut account: AccountRow,
    (new, hash): (&Newcomer, String),
) -> Answer<AccountRow> {
    account.password_hash = Some(hash);
    account.email.clone_from(&new.email);
    account.username.clone_from(&new.username);
    account.first_name.clone_from(&new.first_name);
    account.last_name.clone_from(&new.last_name);
    table::update(tx, &account, clinic.clock.now()).await?;
    code_table::void_all(tx, account.id).await?;
    let action = "register_again";
    audit::account_change(tx, clinic, who, action, account.id, json!({})).await?;
    Ok(account)
}

async fn ask_activation(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
) -> Answer<()> {
    let purpose = (Purpose::Activation, false);
    codes::ask(clinic, tx, who, &account.email, Some(account), purpose).await
}

/// Proves an account's address by the code from the mail, and signs in.
///
/// # Errors
/// [`Refusal::Invalid`] on `otp`, also for an unknown address.
pub async fn activate(clinic: &Clinic, who: &Actor, form: OtpForm) -> Answer<Activated> {
    let email = form.email.trim();
    let seen = table::by_email(&mut clinic.db.read().await?, email).await?;
    let nobody = key(email);
    let target = seen.as_ref().map_or(Target::Nobody(&nobody), |account| {
        Target::Account(account.id)
    });
    let guess = guesses::take(clinic, who, target).await?;
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email).await?;
    let account = account.filter(|account| account.is_active && !account.is_verified);
    let is_right = match &account {
        Some(account) => {
            codes::is_right(clinic, &mut tx, account, Purpose::Activation, &form.otp).await?
        }
        None => false,
    };
    let Some(mut account) = account.filter(|_| is_right) else {
        return refuse_code(
            clinic,
            tx,
            who,
            seen.map(|seen| seen.id),
            Purpose::Activation,
        )
        .await;
    };
    if let Some(guess) = guess {
        guess.was_right(clinic, &mut tx).await?;
    }
    let is_new = std::mem::replace(&mut account.awaits_activation, false);
    account.is_verified = true;
    table::update(&mut tx, &account, clinic.clock.now()).await?;
    if is_new {
        patients::insert_for_account(clinic, &mut tx, who, &account).await?;
    }
    let action = "activate_account";
    audit::account_change(&mut tx, clinic, who, action, account.id, json!({})).await?;
    let tokens = open_session(clinic, &mut tx, who, &account, Family::V1).await?;
    tx.commit().await?;
    // A classic session of this account is known to be unproved: what is cached of it is old.
    clinic.sessions.ended();
    Ok(Activated {
        message: "Your account is active.".to_owned(),
        user: EmailUser {
            email: account.email,
            is_verified: true,
        },
        access: tokens.access,
        refresh: tokens.refresh,
    })
}

/// Mails another activation code; the answer is the same for everybody.
///
/// # Errors
/// The database's.
pub async fn resend_activation(clinic: &Clinic, who: &Actor, email: &str) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email.trim()).await?;
    let account = account.filter(|account| account.is_active && !account.is_verified);
    let purpose = (Purpose::Activation, false);
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

/// Removes accounts that were registered on v1 a week ago and never activated: every night.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn purge_unactivated(clinic: &Clinic, tx: &mut Tx) -> Answer<()> {
    let before = clinic.clock.now() - KEPT;
    let nobody = Actor::nobody(None);
    for id in account_lists::never_activated(tx, before, PURGED).await? {
        if account_lists::purge(tx, id).await? {
            let action = "purge_account";
            audit::account_change(tx, clinic, &nobody, action, id, json!({})).await?;
        }
    }
    Ok(())
}
