//! One-time codes (API.md §2): asked for inside a change, made when they are mailed, used once.
//!
//! A code exists in the mail and nowhere else: the job says whose and what for, and only the keyed
//! hash of what was mailed is kept.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::audit::{self, Outcome};
use super::jobs::{self, Claim, Failure, Job};
use super::{Actor, Answer, Clinic, Refusal, letters};
use crate::auth::codes::new_code;
use crate::store::accounts::{self, AccountRow, key};
use crate::store::{Tx, codes as table};

/// How long a code is good.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How many wrong tries it bears.
const TRIES: i64 = 5;
/// How often one address is mailed at most: once in this time …
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// … and this often …
const MOST: i64 = 6;
/// … in this time.
const WITHIN: TimeDelta = TimeDelta::hours(1);
/// How long after its code ran out a sign-in can ask for another one.
const PENDING: TimeDelta = TimeDelta::minutes(10);

/// What a code is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Proves the address of an account.
    Activation,
    /// Signs in, after the password.
    Login,
    /// Sets a new password.
    Reset,
    /// Proves a new address.
    Email,
}

impl Purpose {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Activation => "activation",
            Purpose::Login => "login",
            Purpose::Reset => "reset",
            Purpose::Email => "email",
        }
    }
}

/// Asks for a code to be made and mailed, inside the caller's transaction. Asked too often it does
/// nothing (the caller answers the same); the code before is void only if there will be a new one.
/// `address` is the account's own, or one that nobody has: then the same steps lead nowhere.
///
/// # Errors
/// The database's.
pub(super) async fn ask(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    address: &str,
    account: Option<&AccountRow>,
    (purpose, invited): (Purpose, bool),
) -> Answer<()> {
    let now = clinic.clock.now();
    let addressee = clinic.hasher.hash(&["address", &key(address)]);
    let account = account.map(|account| account.id);
    let (count, last) = table::requests(tx, &addressee, now - WITHIN).await?;
    let is_too_often = count >= MOST || last.is_some_and(|last| last > now - PAUSE);
    let outcome = match account {
        Some(_) if !is_too_often => Outcome::Done,
        _ => Outcome::Refused,
    };
    let detail = json!({ "purpose": purpose, "too_often": is_too_often });
    audit::access(tx, clinic, who, ("ask_code", outcome), account, detail).await?;
    if is_too_often {
        return Ok(());
    }
    table::note_request(tx, &addressee, now).await?;
    table::void(tx, account.unwrap_or(0), purpose.as_str()).await?;
    let job = Job::SendCode {
        account,
        purpose,
        invited,
    };
    Ok(jobs::enqueue(clinic, tx, &job, now).await?)
}

/// Makes a code and mails it: its hash is committed before the mail goes out, so that no code
/// arrives that the clinic does not know. A try that repeats makes a new code, which voids the last.
///
/// # Errors
/// [`Failure`].
pub async fn send(
    clinic: &Clinic,
    account: Option<i64>,
    purpose: Purpose,
    invited: bool,
    claim: &Claim,
) -> Result<(), Failure> {
    let Some(account) = account else {
        return claim.done(clinic).await;
    };
    let mut tx = clinic.db.begin().await?;
    let account = accounts::lock(&mut tx, account).await?;
    let Some((account, address)) = addressee(&mut tx, account, purpose).await? else {
        claim.finish(clinic, &mut tx).await?;
        return Ok(tx.commit().await?);
    };
    let code = new_code(&clinic.ids);
    let word = purpose.as_str();
    let hash = clinic.hasher.code(account.uid, word, &key(&address), &code);
    let until = clinic.clock.now() + LIFETIME;
    table::put(&mut tx, account.id, word, &hash, until, TRIES).await?;
    tx.commit().await?;
    let mail = letters::of_code(clinic, claim.id, &address, (purpose, invited), &code);
    clinic.mailer.send(&mail, clinic.clock.now()).await?;
    claim.done(clinic).await
}

/// The account, and the address that a code goes to; none if there is no more use for it.
async fn addressee(
    tx: &mut Tx,
    account: Option<AccountRow>,
    purpose: Purpose,
) -> sqlx::Result<Option<(AccountRow, String)>> {
    let Some(account) = account.filter(|account| account.is_active) else {
        return Ok(None);
    };
    let address = match purpose {
        Purpose::Activation if account.is_verified => None,
        Purpose::Email => table::email_change(tx, account.id).await?,
        _ => Some(account.email.clone()),
    };
    Ok(address.map(|address| (account, address)))
}

/// Uses a code up if it is right, and counts the try if it is not. The account is locked by the
/// caller, whose transaction must commit either way: a wrong try counts.
///
/// # Errors
/// The database's.
pub(super) async fn is_right(
    clinic: &Clinic,
    tx: &mut Tx,
    account: &AccountRow,
    purpose: Purpose,
    typed: &str,
) -> Answer<bool> {
    let word = purpose.as_str();
    let address = match purpose {
        Purpose::Email => table::email_change(tx, account.id).await?,
        _ => Some(account.email.clone()),
    };
    let (Some(code), Some(address)) = (table::lock(tx, account.id, word).await?, address) else {
        return Ok(false);
    };
    let is_good = code.tries_left > 0 && clinic.clock.now() < code.expires_at;
    let bound = (account.uid, word, key(&address));
    let bound = (bound.0, bound.1, bound.2.as_str());
    if is_good && clinic.hasher.is_code(&code.hash, bound, typed.trim()) {
        table::void(tx, account.id, word).await?;
        return Ok(true);
    }
    table::wrong(tx, account.id, word).await?;
    Ok(false)
}

/// The one answer to a code that is wrong, used, voided, or too late, and to an unknown address.
pub(super) fn wrong() -> Refusal {
    Refusal::field(
        "otp",
        "This code is wrong or has run out; try again or ask for a new one.",
    )
}

/// Whether signing in (or whatever else takes a code) is under way: a code was mailed lately, even
/// if it has run out.
///
/// # Errors
/// The database's.
pub(super) async fn is_pending(
    clinic: &Clinic,
    tx: &mut Tx,
    account: &AccountRow,
    purpose: Purpose,
) -> Answer<bool> {
    let code = table::lock(tx, account.id, purpose.as_str()).await?;
    Ok(code.is_some_and(|code| clinic.clock.now() < code.expires_at + PENDING))
}
