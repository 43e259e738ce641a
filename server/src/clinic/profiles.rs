//! Profiles: what an account says of its person (API.md §3 `/api/user/profiles/`).

use clinic_shared::Role;
use clinic_shared::classic::profiles::ProfileInput;
use serde_json::json;

use super::accounts::{self, Newcomer};
use super::{Account, Actor, Answer, Clinic, Faults, Refusal, audit, patients, pictures, text};
use crate::store::accounts::{
    self as table, AccountRow, ProfileFilter, ProfileOfAccount, ProfileRow, key,
};
use crate::store::{Tx, unique_violation};

/// A page of profiles with their total.
pub struct ProfilePage {
    /// How many match in all.
    pub count: i64,
    /// The page's rows.
    pub rows: Vec<ProfileOfAccount>,
}

/// Lists profiles: staff see all, others their own. `search` words must each stand in username,
/// e-mail or a name.
///
/// # Errors
/// The database's.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    search: Option<&str>,
    limit: i64,
    offset: i64,
) -> Answer<ProfilePage> {
    let filter = ProfileFilter {
        account: if who.is_staff() {
            None
        } else {
            who.account_id()
        },
        words: search
            .unwrap_or_default()
            .split([' ', ','])
            .filter(|word| !word.is_empty() && !word.contains('\0'))
            .take(ProfileFilter::WORDS)
            .map(|word| escaped(&key(word)))
            .collect(),
    };
    let mut reader = clinic.db.read().await?;
    let count = table::count_profiles(&mut reader, &filter).await?;
    let rows = table::list_profiles(&mut reader, &filter, limit, offset).await?;
    drop(reader);
    clinic
        .reads
        .note(who, "list_profiles", None, json!({ "rows": rows.len() }))
        .await;
    Ok(ProfilePage { count, rows })
}

/// One profile: the owner's or, for staff, anybody's.
///
/// # Errors
/// [`Refusal::Missing`], also when it is somebody else's.
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<ProfileOfAccount> {
    let profile = visible(clinic, who, id).await?;
    clinic
        .reads
        .note_account(who, "show_profile", profile.profile.account_id)
        .await;
    Ok(profile)
}

/// The caller's own profile.
///
/// # Errors
/// [`Refusal::Missing`] if it was deleted.
pub async fn mine(clinic: &Clinic, who: &Actor) -> Answer<ProfileOfAccount> {
    let account = signed_in(who)?;
    let profile = table::profile_of(&mut clinic.db.read().await?, account.id).await?;
    profile.ok_or(Refusal::Missing("UserProfile"))
}

/// Makes the caller's missing profile; staff who name a `username` and an `email` make that
/// person's account as well, which has no password until its owner sets one.
///
/// # Errors
/// [`Refusal::Invalid`], also when the caller has a profile already.
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    form: ProfileInput,
    picture: Option<Vec<u8>>,
) -> Answer<ProfileOfAccount> {
    let caller = signed_in(who)?;
    let account = match (&form.username, &form.email) {
        (Some(username), Some(email)) if who.is_staff() => {
            let newcomer = Newcomer {
                username: username.clone(),
                email: email.clone(),
                first_name: form.first_name.clone().unwrap_or_default(),
                last_name: form.last_name.clone().unwrap_or_default(),
                password: None,
                role: Role::Patient,
                is_verified: false,
            };
            accounts::create(clinic, who, newcomer).await?.id
        }
        _ => {
            let mut tx = clinic.db.begin().await?;
            let made = table::insert_profile(&mut tx, caller.id, clinic.clock.now()).await;
            made.map_err(|error| match unique_violation(&error) {
                Some(_) => Refusal::field(
                    clinic_shared::FieldErrors::CROSS_FIELD,
                    "You already have a profile.",
                ),
                None => error.into(),
            })?;
            let detail = json!({});
            audit::account_change(&mut tx, clinic, who, "create_profile", caller.id, detail)
                .await?;
            tx.commit().await?;
            caller.id
        }
    };
    let made = table::profile_of(&mut clinic.db.read().await?, account).await?;
    let made = made.ok_or(Refusal::Missing("UserProfile"))?;
    let rest = ProfileInput {
        username: None,
        email: None,
        ..form
    };
    change(clinic, who, made.profile.id, rest, picture).await
}

/// Changes a profile and its account's names. One's own new e-mail is not taken here: it takes a
/// code sent to it (API.md §2), and the answer still shows the old one.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`], or [`Refusal::Forbidden`] when a receptionist
/// touches the sign-in name or e-mail of staff or doctors.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: ProfileInput,
    picture: Option<Vec<u8>>,
) -> Answer<ProfileOfAccount> {
    let seen = visible(clinic, who, id).await?;
    let old = seen.profile.picture.clone();
    pictures::replacing(clinic, picture, "profile_picture", old, async |picture| {
        write(clinic, who, &seen, form, picture.as_deref()).await
    })
    .await?;
    visible(clinic, who, id).await
}

/// Removes a profile; the account stays.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let seen = visible(clinic, who, id).await?;
    let mut tx = clinic.db.begin().await?;
    if !table::delete_profile(&mut tx, id).await? {
        return Err(Refusal::Missing("UserProfile"));
    }
    let account = seen.profile.account_id;
    audit::account_change(&mut tx, clinic, who, "delete_profile", account, json!({})).await?;
    tx.commit().await?;
    if let Some(picture) = seen.profile.picture {
        pictures::discard(clinic, &picture).await;
    }
    Ok(())
}

async fn write(
    clinic: &Clinic,
    who: &Actor,
    seen: &ProfileOfAccount,
    form: ProfileInput,
    picture: Option<&str>,
) -> Answer<()> {
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    let account = table::by_id(&mut tx, seen.profile.account_id).await?;
    let mut account = account.ok_or(Refusal::Missing("UserProfile"))?;
    let mut profile = seen.profile.clone();
    let was = account.clone();
    let fields = apply(clinic, who, form, picture, &mut account, &mut profile)?;
    if account_differs(&was, &account) {
        check_keys(&mut tx, &account).await?;
        table::update(&mut tx, &account, now)
            .await
            .map_err(accounts::taken)?;
        if (&was.first_name, &was.last_name) != (&account.first_name, &account.last_name) {
            patients::rename_of_account(clinic, &mut tx, who, &account).await?;
        }
    }
    let email_changed = was.email != account.email;
    if email_changed {
        clinic
            .sessions
            .end_all(&mut tx, account.id, None, "email_changed", now)
            .await?;
    }
    table::update_profile(&mut tx, &profile, now).await?;
    let detail = json!({ "fields": fields });
    audit::account_change(&mut tx, clinic, who, "change_profile", account.id, detail).await?;
    tx.commit().await?;
    if email_changed {
        clinic.sessions.ended();
    }
    Ok(())
}

/// Puts the form's fields into the rows; answers the names of the fields that were given.
fn apply(
    clinic: &Clinic,
    who: &Actor,
    form: ProfileInput,
    picture: Option<&str>,
    account: &mut AccountRow,
    profile: &mut ProfileRow,
) -> Answer<Vec<&'static str>> {
    let own = who.account_id() == Some(account.id);
    let mut faults = Faults::new();
    let mut fields = Vec::new();
    let mut given = |name| fields.push(name);
    if let Some(email) = form
        .email
        .filter(|email| !own && key(email) != key(&account.email))
    {
        may_change_sign_in(who, account)?;
        given("email");
        if key(&account.username) == key(&account.email) {
            account.username = email.trim().to_owned();
        }
        account.email = email.trim().to_owned();
        account.is_verified = false;
    }
    if let Some(username) = form.username.filter(|name| *name != account.username) {
        if !own {
            may_change_sign_in(who, account)?;
        }
        given("username");
        account.username = username.trim().to_owned();
    }
    accounts::names(&mut faults, &account.username, &account.email);
    for (field, typed, name) in [
        ("first_name", form.first_name, &mut account.first_name),
        ("last_name", form.last_name, &mut account.last_name),
    ] {
        let Some(typed) = typed else { continue };
        given(field);
        if let Some(clean) = faults.take(field, text::line(&typed)) {
            *name = clean;
        }
    }
    if !form.bio.is_keep() {
        given("bio");
        profile.bio = form.bio.apply(None);
    }
    if !form.address.is_keep() {
        given("address");
        profile.address = form.address.apply(None);
    }
    if !form.date_of_birth.is_keep() {
        given("date_of_birth");
        profile.date_of_birth = form.date_of_birth.apply(None);
        if profile
            .date_of_birth
            .is_some_and(|date| date > clinic.today())
        {
            faults.add("date_of_birth", "A birth date can't be in the future.");
        }
    }
    if let Some(picture) = picture {
        given("profile_picture");
        profile.picture = Some(picture.to_owned());
    }
    faults.refuse()?;
    Ok(fields)
}

/// Sign-in name and e-mail of staff and doctors are an admin's business (API.md §2).
fn may_change_sign_in(who: &Actor, account: &AccountRow) -> Answer<()> {
    let allowed = account.role.0 == Role::Patient || who.role() == Some(Role::Admin);
    if allowed {
        Ok(())
    } else {
        Err(Refusal::forbidden())
    }
}

fn account_differs(was: &AccountRow, is: &AccountRow) -> bool {
    (&was.username, &was.email, &was.first_name, &was.last_name)
        != (&is.username, &is.email, &is.first_name, &is.last_name)
}

async fn check_keys(tx: &mut Tx, account: &AccountRow) -> Answer<()> {
    let (username, email) =
        table::taken(tx, &account.username, &account.email, Some(account.id)).await?;
    let mut faults = Faults::new();
    if username {
        faults.add("username", "A user with that username already exists.");
    }
    if email {
        faults.add("email", "A user with that email already exists.");
    }
    faults.refuse()
}

async fn visible(clinic: &Clinic, who: &Actor, id: i64) -> Answer<ProfileOfAccount> {
    let profile = table::profile(&mut clinic.db.read().await?, id).await?;
    profile
        .filter(|found| who.is_staff() || who.account_id() == Some(found.profile.account_id))
        .ok_or(Refusal::Missing("UserProfile"))
}

fn signed_in(who: &Actor) -> Answer<Account> {
    who.account.ok_or_else(|| Refusal::Unauthenticated {
        code: "not_authenticated",
        detail: "Authentication credentials were not provided.".to_owned(),
    })
}

/// Escapes what LIKE would take for a wildcard.
fn escaped(word: &str) -> String {
    word.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}
