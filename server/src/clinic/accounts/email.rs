//! A new e-mail address: it counts once a code that was sent to it is entered together with the
//! password (API.md §2).

use clinic_shared::v1::user::ConfirmEmail;
use serde_json::json;

use super::super::codes::{self, Purpose};
use super::super::guesses::{self, Target};
use super::super::jobs::{self, Job};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, audit, letters, text};
use super::passwords::refuse_code;
use super::{own, taken};
use crate::store::accounts::{self as table, AccountRow, key};
use crate::store::{Tx, codes as code_table};

/// Lets a new address wait for its code, and tells the old one.
///
/// # Errors
/// [`Refusal::Invalid`] on `email`.
pub async fn ask_email_change(clinic: &Clinic, who: &Actor, email: &str) -> Answer<()> {
    let id = own(clinic, who).await?.id;
    let mut tx = clinic.db.begin().await?;
    let account = table::lock(&mut tx, id).await?;
    let account = account.ok_or(Refusal::Missing("User"))?;
    ask_email_change_in(clinic, &mut tx, who, &account, email).await?;
    Ok(tx.commit().await?)
}

/// As [`ask_email_change`], inside the transaction of a form that names the new address.
pub(in crate::clinic) async fn ask_email_change_in(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    email: &str,
) -> Answer<()> {
    let email = email.trim();
    let mut faults = Faults::new();
    if !text::is_email(email) {
        faults.add("email", "Enter a valid email address.");
    } else if key(email) == key(&account.email) {
        faults.add("email", "This is your address already.");
    }
    faults.refuse()?;
    // Somebody else's address is taken like any other: whether it has an account is not told. The
    // code goes to its owner, and entering it would be refused.
    code_table::put_email_change(tx, account.id, email, clinic.clock.now()).await?;
    code_table::void(tx, account.id, Purpose::Email.as_str()).await?;
    let purpose = (Purpose::Email, false);
    codes::ask(clinic, tx, who, &account.email, Some(account), purpose).await?;
    let job = Job::SendNotice {
        account: account.id,
        notice: letters::Notice::EmailChangeAsked,
    };
    jobs::enqueue(clinic, tx, &job, clinic.clock.now()).await?;
    let action = "ask_email_change";
    Ok(audit::account_change(tx, clinic, who, action, account.id, json!({})).await?)
}

/// Takes the new address: the code from its mail and the password. The caller's other sessions end.
///
/// # Errors
/// [`Refusal::Invalid`] on `otp` or `password`.
pub async fn confirm_email(clinic: &Clinic, who: &Actor, form: ConfirmEmail) -> Answer<()> {
    let seen = own(clinic, who).await?;
    let guess = guesses::take(clinic, who, Target::Account(seen.id)).await?;
    let hash = seen.password_hash.as_deref();
    let verdict = clinic.passwords.verify(&form.password, hash).await;
    if !verdict.map_err(Refusal::broken)?.ok {
        return Err(Refusal::field("password", "This is not your password."));
    }
    let mut tx = clinic.db.begin().await?;
    let account = table::lock(&mut tx, seen.id).await?;
    let account = account.filter(|account| account.password_hash == seen.password_hash);
    let Some(mut account) = account else {
        return Err(Refusal::field("password", "This is not your password."));
    };
    let email = code_table::email_change(&mut tx, account.id).await?;
    let is_right = codes::is_right(clinic, &mut tx, &account, Purpose::Email, &form.otp).await?;
    let Some(email) = email.filter(|_| is_right) else {
        return refuse_code(clinic, tx, who, Some(account.id), Purpose::Email).await;
    };
    let (_, is_taken) = table::taken(&mut tx, "", &email, Some(account.id)).await?;
    if is_taken {
        return Err(Refusal::field(
            "email",
            "Another account uses this address.",
        ));
    }
    if let Some(guess) = guess {
        guess.was_right(clinic, &mut tx).await?;
    }
    if key(&account.username) == key(&account.email) {
        account.username.clone_from(&email);
    }
    account.email = email;
    account.is_verified = true;
    let now = clinic.clock.now();
    table::update(&mut tx, &account, now).await.map_err(taken)?;
    code_table::drop_email_change(&mut tx, account.id).await?;
    let keep = who.account.map(|account| account.session);
    clinic
        .sessions
        .end_all(&mut tx, account.id, keep, "change_email", now)
        .await?;
    let action = "change_email";
    audit::account_change(&mut tx, clinic, who, action, account.id, json!({})).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}
