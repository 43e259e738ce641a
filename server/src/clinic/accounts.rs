//! Accounts: registering, signing in and out, passwords, roles (API.md §2, §3 `/api/user/`).

use clinic_shared::classic::accounts::{Access, Login, Register, Registered, Tokens, User};
use clinic_shared::v1::user::{ChangePassword, Me};
use clinic_shared::{FieldErrors, Role};
use serde_json::{Value, json};

use super::{Actor, Answer, Clinic, Faults, Refusal, audit, patients, text};
use crate::auth::sessions::{Family, Opening};
use crate::store::accounts::{self as table, AccountRow, NewAccount, RoleWord};
use crate::store::{Tx, sessions, unique_violation};

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
}

/// Registers a patient's account with profile and patient row, and signs it in.
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
    };
    let newcomer = checked(clinic, newcomer, faults).await?;
    let hash = hashed(clinic, &newcomer).await?;

    let mut tx = clinic.db.begin().await?;
    let account = insert(clinic, &mut tx, who, &newcomer, hash).await?;
    let tokens = open_session(clinic, &mut tx, &account, Family::Classic).await?;
    tx.commit().await?;
    Ok(Registered {
        message: "Registration successful".to_owned(),
        tokens,
        user: user(&account),
    })
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

/// Signs in with username or e-mail. Unknown account, disabled account and wrong password answer
/// the same after the same time.
///
/// # Errors
/// [`Refusal::Unauthenticated`], or [`Refusal::Throttled`] after too many tries at one name.
pub async fn sign_in(clinic: &Clinic, who: &Actor, form: Login) -> Answer<Tokens> {
    let name = table::key(form.username.trim());
    clinic
        .tries
        .allow(&name, who.address)
        .map_err(Refusal::Throttled)?;
    let known = table::by_login(&mut clinic.db.read().await?, form.username.trim()).await?;
    let hash = known
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verdict = clinic
        .passwords
        .verify(&form.password, hash)
        .await
        .map_err(Refusal::broken)?;
    let known_id = known.as_ref().map(|account| account.id);
    let Some(account) = known.filter(|account| verdict.ok && account.is_active) else {
        clinic
            .reads
            .push(audit::refused_sign_in(clinic.clock.now(), who, known_id))
            .await;
        return Err(wrong_credentials());
    };
    let new_hash = match verdict.rehash_needed {
        true => Some(
            clinic
                .passwords
                .hash(&form.password)
                .await
                .map_err(Refusal::broken)?,
        ),
        false => None,
    };
    let mut tx = clinic.db.begin().await?;
    if let (Some(new), Some(old)) = (&new_hash, &account.password_hash) {
        table::rehash(&mut tx, account.id, old, new).await?;
    }
    // Between the check and here the account may have been disabled or its password changed.
    let now = table::by_id(&mut tx, account.id)
        .await?
        .ok_or_else(wrong_credentials)?;
    let unchanged = now.password_hash == account.password_hash || now.password_hash == new_hash;
    if !(now.is_active && unchanged) {
        return Err(wrong_credentials());
    }
    let tokens = open_session(clinic, &mut tx, &now, Family::Classic).await?;
    audit::account_change(&mut tx, clinic, who, "sign_in", now.id, json!({})).await?;
    tx.commit().await?;
    clinic.tries.succeeded(&name, who.address);
    Ok(tokens)
}

/// Ends the session of a refresh token; twice is fine.
///
/// # Errors
/// [`Refusal::Invalid`] if it is no refresh token of ours.
pub async fn sign_out(clinic: &Clinic, who: &Actor, refresh: &str) -> Answer<()> {
    let now = clinic.clock.now();
    let Some(session) = clinic.sessions.named_by(refresh, now)? else {
        return Ok(());
    };
    let mut tx = clinic.db.begin().await?;
    if let Some(row) = sessions::find(&mut tx, session).await?
        && clinic.sessions.end(&mut tx, session, "logout", now).await?
    {
        let detail = json!({ "session": session });
        audit::account_change(&mut tx, clinic, who, "sign_out", row.account_id, detail).await?;
    }
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// A new access token for a live classic session; the refresh token stays the same.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub async fn refresh(clinic: &Clinic, refresh: &str) -> Answer<Access> {
    let now = clinic.clock.now();
    let session = clinic
        .sessions
        .of_refresh(refresh, Family::Classic, now)
        .await?;
    Ok(Access {
        access: clinic.sessions.access(&session, clinic.new_id(), now)?,
    })
}

/// The caller's own account.
///
/// # Errors
/// [`Refusal::Missing`] if it is gone.
pub async fn me(clinic: &Clinic, who: &Actor) -> Answer<Me> {
    let account = own(clinic, who).await?;
    Ok(Me {
        id: account.uid,
        username: account.username,
        email: account.email,
        first_name: account.first_name,
        last_name: account.last_name,
        role: account.role.0,
        is_verified: account.is_verified,
        created_at: account.created_at,
        updated_at: account.updated_at,
    })
}

/// Changes the caller's password; ends their other sessions and keeps this one.
///
/// # Errors
/// [`Refusal::Invalid`] on `old_password` or `new_password`.
pub async fn change_password(clinic: &Clinic, who: &Actor, form: ChangePassword) -> Answer<()> {
    let account = own(clinic, who).await?;
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
    for message in password_faults(clinic, &form.new_password, &account) {
        faults.add("new_password", message);
    }
    if verdict.ok && form.old_password == form.new_password {
        faults.add(
            "new_password",
            "The new password must differ from the old one.",
        );
    }
    faults.refuse()?;
    let keep = who.account.map(|account| account.session);
    set_hash(
        clinic,
        who,
        &account,
        &form.new_password,
        keep,
        "change_password",
    )
    .await
}

/// Sets an account's password without knowing the old one: the operator's `clinicd user password`.
///
/// # Errors
/// [`Refusal::Missing`], or [`Refusal::Invalid`] on `password`.
pub async fn set_password(clinic: &Clinic, who: &Actor, name: &str, new: &str) -> Answer<()> {
    let account = named(clinic, name).await?;
    let mut faults = Faults::new();
    for message in password_faults(clinic, new, &account) {
        faults.add("password", message);
    }
    faults.refuse()?;
    set_hash(clinic, who, &account, new, None, "set_password").await
}

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

/// All accounts, by number: `clinicd user list`.
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic) -> Answer<Vec<AccountRow>> {
    Ok(table::all(&mut clinic.db.read().await?).await?)
}

/// Applies a change that ends sessions, keeping at least one active admin, also when two admins
/// remove each other at once. `edit` answers the audit's detail, or none if nothing changed.
async fn change(
    clinic: &Clinic,
    who: &Actor,
    name: &str,
    action: &str,
    edit: impl FnOnce(&mut AccountRow) -> Option<Value>,
) -> Answer<()> {
    let now = clinic.clock.now();
    let id = named(clinic, name).await?.id;
    let mut tx = clinic.db.begin().await?;
    let admins = table::lock_active_admins(&mut tx).await?;
    let mut account = table::by_id(&mut tx, id)
        .await?
        .ok_or(Refusal::Missing("User"))?;
    let Some(detail) = edit(&mut account) else {
        return Ok(());
    };
    let stays_admin = account.is_active && account.role.0 == Role::Admin;
    if admins == [id] && !stays_admin {
        return Err(Refusal::Conflict {
            code: "last_admin",
            detail: "This is the last active admin; make another one first.".to_owned(),
        });
    }
    table::update(&mut tx, &account, now).await?;
    clinic
        .sessions
        .end_all(&mut tx, id, None, action, now)
        .await?;
    audit::account_change(&mut tx, clinic, who, action, id, detail).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

async fn set_hash(
    clinic: &Clinic,
    who: &Actor,
    account: &AccountRow,
    password: &str,
    keep: Option<uuid::Uuid>,
    action: &str,
) -> Answer<()> {
    let now = clinic.clock.now();
    let hash = clinic
        .passwords
        .hash(password)
        .await
        .map_err(Refusal::broken)?;
    let mut tx = clinic.db.begin().await?;
    let mut current = table::by_id(&mut tx, account.id)
        .await?
        .ok_or(Refusal::Missing("User"))?;
    current.password_hash = Some(hash);
    table::update(&mut tx, &current, now).await?;
    clinic
        .sessions
        .end_all(&mut tx, account.id, keep, action, now)
        .await?;
    audit::account_change(&mut tx, clinic, who, action, account.id, json!({})).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
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
    if !text::is_username(username) {
        faults.add("username", WRONG_USERNAME);
    } else if username.contains('@') && table::key(username) != table::key(email) {
        faults.add(
            "username",
            "A username with an @ must be the account's own e-mail address.",
        );
    }
    if !text::is_email(email) {
        faults.add("email", "Enter a valid email address.");
    }
}

fn password_faults(clinic: &Clinic, password: &str, account: &AccountRow) -> Vec<String> {
    clinic
        .password_policy
        .faults(account.role.0, password, &account.username, &account.email)
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
        at: clinic.clock.now(),
    };
    let account = table::insert(tx, &row).await.map_err(taken)?;
    table::insert_profile(tx, account.id, row.at).await?;
    let detail = json!({ "role": new.role });
    audit::account_change(tx, clinic, who, "create_account", account.id, detail).await?;
    if new.role == Role::Patient {
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

async fn open_session(
    clinic: &Clinic,
    tx: &mut Tx,
    account: &AccountRow,
    family: Family,
) -> Answer<Tokens> {
    let opening = Opening {
        session: clinic.new_id(),
        access_jti: clinic.new_id(),
        refresh_jti: clinic.new_id(),
        family,
        account_id: account.id,
        account_uid: account.uid,
        role: account.role.0,
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
