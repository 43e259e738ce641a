//! Accounts: registering, signing in and out, passwords, roles (API.md §2, §3 `/api/user/`, §4
//! `user/`).

mod email;
mod me;
mod passwords;
mod registering;
mod roles;
mod sessions;
mod sign_in;
mod staff;

pub(super) use email::ask_email_change_in;
pub use email::{ask_email_change, confirm_email};
pub use me::{change_me, me};
pub(super) use me::{named_so, write_names};
pub use passwords::{change_password, forgot_password, reset_password, set_password};
pub use registering::{activate, register, register_v1, resend_activation};
pub(super) use roles::close;
pub use roles::{set_active, set_role, set_verified};
pub use sessions::{
    end_session, own_sessions, refresh, refresh_v1, sign_out, sign_out_v1, verify_token,
};
pub use sign_in::{SignedIn, resend_login_code, sign_in, sign_in_v1, verify_login_code};
pub use staff::{Filter, change_user, end_sessions, invite, list_users, show_user};

pub(super) use registering::purge_unactivated;

use clinic_shared::Role;
use clinic_shared::classic::accounts::{Tokens, User};
use serde_json::json;

use super::audit::Outcome;
use super::{Account, Actor, Answer, Clinic, Faults, Refusal, audit, guesses, patients, text};
use crate::auth::sessions::{Family, Opening};
use crate::store::accounts::{self as table, AccountRow, NewAccount};
use crate::store::{Tx, codes, profiles, unique_violation};

/// What the operator or an admin says of a new account.
#[derive(Clone)]
pub struct Newcomer {
    /// Sign-in name.
    pub username: String,
    /// E-mail.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Password; none: the owner sets one through the reset flow.
    pub password: Option<String>,
    /// Role.
    pub role: Role,
    /// Whether the e-mail counts as proved.
    pub is_verified: bool,
    /// Whether it is nobody's yet: registered on v1, and the code that was mailed not entered. Its
    /// patient row is made when it is (API.md §4 `patient/`).
    pub awaits_activation: bool,
}

/// Makes an account: `clinicd createsuperuser`, `clinicd user add`, and staff by way of a profile.
/// Admins have no patient row (API.md §4); everybody has a profile.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn create(clinic: &Clinic, who: &Actor, newcomer: Newcomer) -> Answer<AccountRow> {
    let newcomer = checked(clinic, newcomer, Faults::new()).await?;
    let hash = hashed(clinic, &newcomer).await?;
    let mut tx = clinic.db.begin().await?;
    let account = insert(clinic, &mut tx, who, &newcomer, hash).await?;
    tx.commit().await?;
    Ok(account)
}

/// All accounts, by number: `clinicd user list`.
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic) -> Answer<Vec<AccountRow>> {
    Ok(table::all(&mut clinic.db.read().await?).await?)
}

/// Forgets what throttling and codes remember when it is too old to matter: every night.
///
/// # Errors
/// The database's.
pub(super) async fn forget_tries(clinic: &Clinic, tx: &mut Tx) -> Answer<()> {
    let day = chrono::TimeDelta::days(1);
    codes::forget_requests(tx, clinic.clock.now() - day).await?;
    guesses::forget_old(clinic, tx).await
}

async fn own(clinic: &Clinic, who: &Actor) -> Answer<AccountRow> {
    let id = who.account_id().ok_or_else(wrong_credentials)?;
    let account = table::by_id(&mut clinic.db.read().await?, id).await?;
    account.ok_or(Refusal::Missing("User"))
}

async fn named(clinic: &Clinic, name: &str) -> Answer<AccountRow> {
    let account = table::by_login(&mut clinic.db.read().await?, name).await?;
    account.ok_or(Refusal::Missing("User"))
}

/// Trims and checks everything about a newcomer, together with faults already found.
pub(super) async fn checked(
    clinic: &Clinic,
    mut new: Newcomer,
    mut faults: Faults,
) -> Answer<Newcomer> {
    for part in [&mut new.username, &mut new.email] {
        *part = part.trim().to_owned();
    }
    for (field, part) in [
        ("first_name", &mut new.first_name),
        ("last_name", &mut new.last_name),
    ] {
        if let Some(clean) = faults.take(field, text::line(part)) {
            *part = clean;
        }
    }
    names(&mut faults, &new.username, &new.email);
    if let Some(password) = &new.password {
        let found = clinic
            .password_policy
            .faults(new.role, password, &new.username, &new.email);
        for message in found {
            faults.add("password", message);
        }
    }
    let mut reader = clinic.db.read().await?;
    let (username, email) = table::taken(&mut reader, &new.username, &new.email, None).await?;
    if username {
        faults.add("username", USERNAME_TAKEN);
    }
    if email {
        faults.add("email", EMAIL_TAKEN);
    }
    faults.refuse()?;
    Ok(new)
}

/// What is wrong with a sign-in name that is none.
pub const WRONG_USERNAME: &str = "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.";
const USERNAME_TAKEN: &str = "A user with that username already exists.";
const EMAIL_TAKEN: &str = "A user with that email already exists.";

/// Checks a sign-in name and an e-mail: a name with `@` must be the account's own e-mail, so that
/// nobody can sit on somebody else's address (API.md §2).
pub(super) fn names(faults: &mut Faults, username: &str, email: &str) {
    let is_email_too = table::key(username) == table::key(email);
    if is_email_too {
        // Whatever may stand in an address may stand in this name; the address is checked below.
    } else if !text::is_username(username) {
        faults.add("username", WRONG_USERNAME);
    } else if username.contains('@') {
        faults.add(
            "username",
            "A username with an @ must be the account's own e-mail address.",
        );
    }
    if !text::is_email(email) {
        faults.add("email", "Enter a valid email address.");
    }
}

async fn hashed(clinic: &Clinic, newcomer: &Newcomer) -> Answer<Option<String>> {
    match &newcomer.password {
        Some(password) => Ok(Some(
            clinic
                .passwords
                .hash(password)
                .await
                .map_err(Refusal::broken)?,
        )),
        None => Ok(None),
    }
}

/// Inserts account, profile and, for a patient, the patient row, with the audit row.
pub(super) async fn insert(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    new: &Newcomer,
    password_hash: Option<String>,
) -> Answer<AccountRow> {
    let row = NewAccount {
        uid: clinic.new_id(),
        username: new.username.clone(),
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        password_hash,
        role: new.role,
        is_verified: new.is_verified,
        awaits_activation: new.awaits_activation,
        at: clinic.clock.now(),
    };
    let account = table::insert(tx, &row).await.map_err(taken)?;
    profiles::insert(tx, account.id, row.at).await?;
    let detail = json!({ "role": new.role });
    audit::account_change(tx, clinic, who, "create_account", account.id, detail).await?;
    if new.role == Role::Patient && !new.awaits_activation {
        patients::insert_for_account(clinic, tx, who, &account).await?;
    }
    Ok(account)
}

/// Two who take one name at once: the loser is told which.
pub(super) fn taken(error: sqlx::Error) -> Refusal {
    match unique_violation(&error).as_deref() {
        Some(key) if key.contains("username") => Refusal::field("username", USERNAME_TAKEN),
        Some(key) if key.contains("email") => Refusal::field("email", EMAIL_TAKEN),
        _ => error.into(),
    }
}

/// Opens a session; its row in the audit is its owner's.
async fn open_session(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    family: Family,
) -> Answer<Tokens> {
    let session = clinic.new_id();
    let owner = Actor {
        account: Some(Account {
            id: account.id,
            uid: account.uid,
            role: account.role.0,
            session,
            is_verified: account.is_verified,
        }),
        address: who.address,
    };
    let detail = json!({ "family": family.as_str() });
    let action = ("sign_in", Outcome::Done);
    audit::access(tx, clinic, &owner, action, Some(account.id), detail).await?;
    let opening = Opening {
        session,
        access_jti: clinic.new_id(),
        refresh_jti: clinic.new_id(),
        family,
        account_id: account.id,
        account_uid: account.uid,
        role: account.role.0,
        address: who.address,
    };
    clinic.sessions.open(tx, opening, clinic.clock.now()).await
}

fn wrong_credentials() -> Refusal {
    Refusal::Unauthenticated {
        code: "wrong_credentials",
        detail: "No active account found with the given credentials.".to_owned(),
    }
}

/// An account as classic shows it.
pub fn user(account: &AccountRow) -> User {
    User {
        id: account.id,
        username: account.username.clone(),
        email: account.email.clone(),
        first_name: account.first_name.clone(),
        last_name: account.last_name.clone(),
        is_staff: account.role.0.is_staff(),
        is_active: account.is_active,
        date_joined: account.created_at,
    }
}
