//! Signing in, on both families, with a code where one is asked for (API.md §2).

use clinic_shared::classic::accounts::{Login, Tokens};
use clinic_shared::v1::user::{EmailLogin, OtpForm};

use super::super::codes::{self, Purpose};
use super::super::guesses::{self, Guess, Target};
use super::super::{Actor, Answer, Clinic, Refusal, audit};
use super::passwords::{hashed, refuse_code};
use super::{open_session, wrong_credentials};
use crate::auth::sessions::Family;
use crate::store::Tx;
use crate::store::accounts::{self as table, AccountRow, key};

/// What signing in on v1 came to.
#[derive(Debug, Clone, PartialEq)]
pub enum SignedIn {
    /// A session.
    Tokens(Tokens),
    /// A code is on its way; signing in goes on with it.
    CodeAsked,
}

/// Signs in on classic, with username or e-mail. Unknown account, disabled account and wrong
/// password answer the same after the same time.
///
/// # Errors
/// [`Refusal::Unauthenticated`]; [`Refusal::Forbidden`] to the right password where the account
/// wants a code or was never activated; [`Refusal::Throttled`] after too many wrong ones.
pub async fn sign_in(clinic: &Clinic, who: &Actor, form: Login) -> Answer<Tokens> {
    let known = table::by_login(&mut clinic.db.read().await?, form.username.trim()).await?;
    let name = key(form.username.trim());
    let (mut tx, account, guess) = proved(clinic, who, (&name, known), &form.password).await?;
    activated(&account)?;
    if wants_code(clinic, &account) {
        return Err(Refusal::Forbidden {
            code: "login_code_required",
            detail: "This account signs in with a code; sign in with your e-mail address where a code can be entered.".to_owned(),
        });
    }
    let tokens = opened(clinic, &mut tx, who, &account, Family::Classic, guess).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Signs in on v1, with the e-mail; where the account wants a code, one is mailed instead.
///
/// # Errors
/// As [`sign_in`]; [`Refusal::Forbidden`] to the right password of an unproved address.
pub async fn sign_in_v1(clinic: &Clinic, who: &Actor, form: EmailLogin) -> Answer<SignedIn> {
    let known = table::by_email(&mut clinic.db.read().await?, form.email.trim()).await?;
    let name = key(form.email.trim());
    let (mut tx, account, guess) = proved(clinic, who, (&name, known), &form.password).await?;
    activated(&account)?;
    verified(&account)?;
    let signed_in = match wants_code(clinic, &account) {
        // The guess goes on counting until the code proves right too.
        true => {
            let purpose = (Purpose::Login, false);
            codes::ask(
                clinic,
                &mut tx,
                who,
                &account.email,
                Some(&account),
                purpose,
            )
            .await?;
            SignedIn::CodeAsked
        }
        false => {
            let opened = opened(clinic, &mut tx, who, &account, Family::V1, guess).await?;
            SignedIn::Tokens(opened)
        }
    };
    tx.commit().await?;
    Ok(signed_in)
}

/// Finishes signing in with the code from the mail.
///
/// # Errors
/// [`Refusal::Invalid`] on `otp`, also for an unknown address.
pub async fn verify_login_code(clinic: &Clinic, who: &Actor, form: OtpForm) -> Answer<Tokens> {
    let email = form.email.trim();
    let seen = table::by_email(&mut clinic.db.read().await?, email).await?;
    let nobody = key(email);
    let target = seen.as_ref().map_or(Target::Nobody(&nobody), |account| {
        Target::Account(account.id)
    });
    let guess = guesses::take(clinic, who, target).await?;
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email).await?;
    let account = account.filter(|account| account.is_active && account.is_verified);
    let is_right = match &account {
        Some(account) => {
            codes::is_right(clinic, &mut tx, account, Purpose::Login, &form.otp).await?
        }
        None => false,
    };
    let Some(account) = account.filter(|_| is_right) else {
        return refuse_code(clinic, tx, who, seen.map(|seen| seen.id), Purpose::Login).await;
    };
    let tokens = opened(clinic, &mut tx, who, &account, Family::V1, guess).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Mails another sign-in code, if signing in has come so far; the answer is the same for everybody.
///
/// # Errors
/// The database's.
pub async fn resend_login_code(clinic: &Clinic, who: &Actor, email: &str) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let account = table::lock_by_email(&mut tx, email.trim()).await?;
    // Only after the password: whoever has not given it lately gets no mail sent.
    let pending = match &account {
        Some(account) if account.is_active && account.is_verified => {
            codes::is_pending(clinic, &mut tx, account, Purpose::Login).await?
        }
        _ => false,
    };
    let account = account.filter(|_| pending);
    let purpose = (Purpose::Login, false);
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

/// Whether signing in takes a code: the clinic's setting, or the account's own switch.
pub(super) fn wants_code(clinic: &Clinic, account: &AccountRow) -> bool {
    account.login_codes || clinic.login_codes.applies_to(account.role.0)
}

/// The account whose password this is, locked in a transaction. The wrong one is refused.
async fn proved(
    clinic: &Clinic,
    who: &Actor,
    (name, known): (&str, Option<AccountRow>),
    password: &str,
) -> Answer<(Tx, AccountRow, Option<Guess>)> {
    let target = known
        .as_ref()
        .map_or(Target::Nobody(name), |account| Target::Account(account.id));
    let guess = guesses::take(clinic, who, target).await?;
    let hash = known
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verdict = clinic.passwords.verify(password, hash).await;
    let verdict = verdict.map_err(Refusal::broken)?;
    let known_id = known.as_ref().map(|account| account.id);
    let Some(account) = known.filter(|account| verdict.ok && account.is_active) else {
        let refused = audit::refused_sign_in(clinic.clock.now(), who, known_id);
        clinic.reads.push(refused).await;
        return Err(wrong_credentials());
    };
    let new_hash = match verdict.rehash_needed {
        true => Some(hashed(clinic, password).await?),
        false => None,
    };
    let mut tx = clinic.db.begin().await?;
    if let (Some(new), Some(old)) = (&new_hash, &account.password_hash) {
        table::rehash(&mut tx, account.id, old, new).await?;
    }
    // Between the check and here the account may have been disabled or its password changed.
    let now = table::lock(&mut tx, account.id)
        .await?
        .ok_or_else(wrong_credentials)?;
    let unchanged = now.password_hash == account.password_hash || now.password_hash == new_hash;
    match now.is_active && unchanged {
        true => Ok((tx, now, guess)),
        false => Err(wrong_credentials()),
    }
}

/// Opens the session of an account that has proved itself.
async fn opened(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    family: Family,
    guess: Option<Guess>,
) -> Answer<Tokens> {
    if let Some(guess) = guess {
        guess.was_right(clinic, tx).await?;
    }
    open_session(clinic, tx, who, account, family).await
}

/// An account that was registered on v1 is nobody's before its code was entered.
fn activated(account: &AccountRow) -> Answer<()> {
    match account.awaits_activation {
        true => Err(not_verified()),
        false => Ok(()),
    }
}

fn verified(account: &AccountRow) -> Answer<()> {
    match account.is_verified {
        true => Ok(()),
        false => Err(not_verified()),
    }
}

fn not_verified() -> Refusal {
    Refusal::Forbidden {
        code: "account_not_verified",
        detail: "Prove your e-mail address with the code that was sent to it first.".to_owned(),
    }
}
