//! Profiles: what an account says of its person (API.md §3 `/api/user/profiles/`).

use clinic_shared::classic::profiles::ProfileInput;
use clinic_shared::{FieldErrors, Patch, Role};
use serde_json::json;

use super::accounts::{self, Newcomer};
use super::{
    Account, Actor, Answer, Clinic, Faults, Refusal, audit, doctors, patients, pictures, text,
};
use crate::infra::media::Kind;
use crate::store::accounts::{self as account_table, AccountRow, key};
use crate::store::profiles::{self as table, ProfileFilter, ProfileOfAccount, ProfileRow};
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
        words: text::search_words(search, ProfileFilter::WORDS),
    };
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader, &filter).await?;
    let rows = table::list(&mut reader, &filter, limit, offset).await?;
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
    let profile = table::of_account(&mut clinic.db.read().await?, account.id).await?;
    let profile = profile.ok_or(Refusal::Missing("UserProfile"))?;
    clinic
        .reads
        .note_account(who, "show_profile", account.id)
        .await;
    Ok(profile)
}

/// A form, what is wrong with it already, and the picture that came along.
pub type Sent = (ProfileInput, Faults, Option<Vec<u8>>);

/// The picture's field.
const PICTURE: &str = "profile_picture";

/// Makes the caller's missing profile; staff who name a `username` and an `email` make that
/// person's account as well, which has no password until its owner sets one.
///
/// # Errors
/// [`Refusal::Invalid`], also when the caller has a profile already.
pub async fn create(clinic: &Clinic, who: &Actor, sent: Sent) -> Answer<ProfileOfAccount> {
    let (form, faults, picture) = sent;
    let id = pictures::replacing(
        clinic,
        Kind::Private,
        picture,
        PICTURE,
        None,
        faults,
        async |picture, faults| {
            let named = form.username.is_some() || form.email.is_some();
            match who.is_staff() && named {
                true => create_for(clinic, who, form, faults, picture).await,
                false => create_own(clinic, who, form, faults, picture).await,
            }
        },
    )
    .await?;
    visible(clinic, who, id).await
}

async fn create_own(
    clinic: &Clinic,
    who: &Actor,
    form: ProfileInput,
    faults: Faults,
    picture: Option<String>,
) -> Answer<i64> {
    let caller = signed_in(who)?;
    let mut tx = clinic.db.begin().await?;
    let made = table::insert(&mut tx, caller.id, clinic.clock.now()).await;
    made.map_err(|error| match unique_violation(&error) {
        Some(_) => Refusal::field(FieldErrors::CROSS_FIELD, "You already have a profile."),
        None => error.into(),
    })?;
    audit::account_change(&mut tx, clinic, who, "create_profile", caller.id, json!({})).await?;
    let id = write(clinic, &mut tx, who, caller.id, form, faults, picture)
        .await?
        .profile;
    tx.commit().await?;
    Ok(id)
}

/// Account, profile and its fields in one transaction: all of it, or nothing.
async fn create_for(
    clinic: &Clinic,
    who: &Actor,
    form: ProfileInput,
    mut faults: Faults,
    picture: Option<String>,
) -> Answer<i64> {
    for (field, given) in [("username", &form.username), ("email", &form.email)] {
        if given.is_none() {
            faults.add(field, "This field is required.");
        }
    }
    let newcomer = Newcomer {
        username: form.username.clone().unwrap_or_default(),
        email: form.email.clone().unwrap_or_default(),
        first_name: form.first_name.clone().unwrap_or_default(),
        last_name: form.last_name.clone().unwrap_or_default(),
        password: None,
        role: Role::Patient,
        is_verified: false,
        awaits_activation: false,
    };
    check_person(clinic, &form, &mut faults);
    let newcomer = accounts::checked(clinic, newcomer, faults).await?;
    let mut tx = clinic.db.begin().await?;
    let account = accounts::insert(clinic, &mut tx, who, &newcomer, None).await?;
    let rest = ProfileInput {
        username: None,
        email: None,
        ..form
    };
    let written = write(
        clinic,
        &mut tx,
        who,
        account.id,
        rest,
        Faults::new(),
        picture,
    )
    .await?;
    tx.commit().await?;
    Ok(written.profile)
}

/// Changes a profile and its account's names. One's own new e-mail waits for the code that is sent
/// to it (API.md §2): the answer still shows the old one.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`], or [`Refusal::Forbidden`] when a receptionist
/// touches the sign-in name or e-mail of staff or doctors.
pub async fn change(clinic: &Clinic, who: &Actor, id: i64, sent: Sent) -> Answer<ProfileOfAccount> {
    let (form, faults, picture) = sent;
    let seen = visible(clinic, who, id).await?.profile;
    let written = pictures::replacing(
        clinic,
        Kind::Private,
        picture,
        PICTURE,
        seen.picture,
        faults,
        async |picture, faults| {
            let mut tx = clinic.db.begin().await?;
            let written =
                write(clinic, &mut tx, who, seen.account_id, form, faults, picture).await?;
            tx.commit().await?;
            Ok(written)
        },
    )
    .await?;
    if written.ended_sessions {
        clinic.sessions.ended();
    }
    visible(clinic, who, id).await
}

/// Removes a profile; the account stays.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let seen = visible(clinic, who, id).await?;
    let mut tx = clinic.db.begin().await?;
    if !table::delete(&mut tx, id).await? {
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

/// What was written.
struct Written {
    profile: i64,
    ended_sessions: bool,
}

/// Writes a form into an account and its profile, inside the caller's transaction.
async fn write(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: i64,
    form: ProfileInput,
    faults: Faults,
    picture: Option<String>,
) -> Answer<Written> {
    let now = clinic.clock.now();
    let missing = || Refusal::Missing("UserProfile");
    let mut account = account_table::by_id(tx, account)
        .await?
        .ok_or_else(missing)?;
    let mut profile = table::of_account(tx, account.id)
        .await?
        .ok_or_else(missing)?
        .profile;
    let was = account.clone();
    let own_email = form.email.clone().filter(|email| {
        who.account_id() == Some(account.id) && key(email.trim()) != key(&account.email)
    });
    let fields = apply(
        clinic,
        who,
        form,
        faults,
        picture,
        &mut account,
        &mut profile,
    )?;
    if account_differs(&was, &account) {
        check_keys(tx, &account).await?;
        account_table::update(tx, &account, now)
            .await
            .map_err(accounts::taken)?;
        if (&was.first_name, &was.last_name) != (&account.first_name, &account.last_name) {
            patients::rename_of_account(clinic, tx, who, &account).await?;
        }
        doctors::rename_of_account(clinic, tx, who, &account).await?;
    }
    let ended_sessions = was.email != account.email;
    if ended_sessions {
        clinic
            .sessions
            .end_all(tx, account.id, None, "email_changed", now)
            .await?;
    }
    if let Some(email) = own_email {
        accounts::ask_email_change_in(clinic, tx, who, &account, &email).await?;
    }
    table::update(tx, &profile, now).await?;
    let detail = json!({ "fields": fields });
    audit::account_change(tx, clinic, who, "change_profile", account.id, detail).await?;
    Ok(Written {
        profile: profile.id,
        ended_sessions,
    })
}

/// Checks what a form says of the person, beside sign-in name and e-mail.
fn check_person(clinic: &Clinic, form: &ProfileInput, faults: &mut Faults) {
    for (field, typed) in [
        ("first_name", &form.first_name),
        ("last_name", &form.last_name),
    ] {
        if let Some(typed) = typed {
            faults.take(field, text::line(typed));
        }
    }
    for (field, typed) in [("bio", &form.bio), ("address", &form.address)] {
        if let Patch::Set(typed) = typed {
            faults.take(field, text::cleaned(typed));
        }
    }
    if let Patch::Set(date) = form.date_of_birth {
        faults.take("date_of_birth", text::birth_date(date, clinic.today()));
    }
}

/// Puts the form's fields into the rows; answers the names of the fields that were given.
fn apply(
    clinic: &Clinic,
    who: &Actor,
    form: ProfileInput,
    mut faults: Faults,
    picture: Option<String>,
    account: &mut AccountRow,
    profile: &mut ProfileRow,
) -> Answer<Vec<&'static str>> {
    let own = who.account_id() == Some(account.id);
    check_person(clinic, &form, &mut faults);
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
        if let Some(typed) = typed {
            given(field);
            *name = typed.trim().to_owned();
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
    }
    if let Some(picture) = picture {
        given("profile_picture");
        profile.picture = Some(picture);
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
        account_table::taken(tx, &account.username, &account.email, Some(account.id)).await?;
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
    let profile = table::by_id(&mut clinic.db.read().await?, id).await?;
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
