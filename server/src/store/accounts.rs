//! Accounts. Lists of them are in [`super::account_lists`], profiles in [`super::profiles`].

use chrono::{DateTime, Utc};
use clinic_shared::Role;
use uuid::Uuid;

use super::{Session, Sql, Tx};

/// A row of `account`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AccountRow {
    /// The classic id.
    pub id: i64,
    /// The v1 id.
    pub uid: Uuid,
    /// Sign-in name as typed.
    pub username: String,
    /// E-mail as typed.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// PHC string; none until the owner sets a password.
    pub password_hash: Option<String>,
    /// Role, as its word.
    #[sqlx(try_from = "String")]
    pub role: RoleWord,
    /// False once disabled.
    pub is_active: bool,
    /// The e-mail was proved.
    pub is_verified: bool,
    /// Registered on v1 and not activated yet.
    pub awaits_activation: bool,
    /// Signing in takes a code as well.
    pub login_codes: bool,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A role read from its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleWord(pub Role);

impl TryFrom<String> for RoleWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse().map(RoleWord)
    }
}

/// What is needed to make an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The v1 id.
    pub uid: Uuid,
    /// Sign-in name as typed.
    pub username: String,
    /// E-mail as typed.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// PHC string.
    pub password_hash: Option<String>,
    /// Role.
    pub role: Role,
    /// The e-mail was proved.
    pub is_verified: bool,
    /// Registered on v1 and not activated yet.
    pub awaits_activation: bool,
    /// Now.
    pub at: DateTime<Utc>,
}

/// The form under which usernames and e-mails are compared.
pub fn key(text: &str) -> String {
    text.to_lowercase()
}

macro_rules! columns {
    () => {
        "id, uid, username, email, first_name, last_name, password_hash, role, is_active, \
         is_verified, awaits_activation, login_codes, version, created_at, updated_at"
    };
}

/// Who an account is, in one line: "First Last", else the username; none without an account.
pub fn name_of(first: Option<&str>, last: Option<&str>, username: Option<&str>) -> Option<String> {
    let name = format!("{} {}", first.unwrap_or_default(), last.unwrap_or_default());
    let name = match name.trim() {
        "" => username?,
        name => name,
    };
    Some(name.to_owned())
}

/// What a search over accounts looks at; lower case is made here, since SQLite's knows ASCII only.
fn search(username: &str, email: &str, first_name: &str, last_name: &str) -> String {
    key(&format!("{username} {email} {first_name} {last_name}"))
}

/// Inserts an account; a unique violation tells which of the two keys is taken.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: &NewAccount) -> sqlx::Result<AccountRow> {
    tx.sql(concat!(
        "INSERT INTO account (uid, username, username_key, email, email_key, first_name, \
         last_name, password_hash, role, is_active, is_verified, created_at, updated_at, search, \
         awaits_activation) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14) RETURNING ",
        columns!()
    ))
    .bind(new.uid)
    .bind(new.username.as_str())
    .bind(key(&new.username))
    .bind(new.email.as_str())
    .bind(key(&new.email))
    .bind(new.first_name.as_str())
    .bind(new.last_name.as_str())
    .bind(new.password_hash.as_deref())
    .bind(new.role.as_str())
    .bind(true)
    .bind(new.is_verified)
    .bind(new.at)
    .bind(search(
        &new.username,
        &new.email,
        &new.first_name,
        &new.last_name,
    ))
    .bind(new.awaits_activation)
    .one()
    .await
}

/// The account with this number.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<AccountRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE id = $1"
        ))
        .bind(id)
        .maybe()
        .await
}

/// As [`by_id`], and nobody else changes the account until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock(tx: &mut Tx, id: i64) -> sqlx::Result<Option<AccountRow>> {
    tx.sql(Sql {
        // One writer at a time: the transaction itself is the lock.
        sqlite: concat!("SELECT ", columns!(), " FROM account WHERE id = $1"),
        postgres: concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE id = $1 FOR UPDATE"
        ),
    })
    .bind(id)
    .maybe()
    .await
}

/// The account with this sign-in name or, if no name matches, this e-mail.
///
/// # Errors
/// The database's.
pub async fn by_login(session: &mut impl Session, name: &str) -> sqlx::Result<Option<AccountRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE username_key = $1 OR email_key = $1 \
             ORDER BY (username_key = $1) DESC, id LIMIT 1"
        ))
        .bind(key(name))
        .maybe()
        .await
}

/// The account with this e-mail.
///
/// # Errors
/// The database's.
pub async fn by_email(session: &mut impl Session, email: &str) -> sqlx::Result<Option<AccountRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE email_key = $1"
        ))
        .bind(key(email))
        .maybe()
        .await
}

/// As [`by_email`], and nobody else changes the account until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock_by_email(tx: &mut Tx, email: &str) -> sqlx::Result<Option<AccountRow>> {
    tx.sql(Sql {
        sqlite: concat!("SELECT ", columns!(), " FROM account WHERE email_key = $1"),
        postgres: concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE email_key = $1 FOR UPDATE"
        ),
    })
    .bind(key(email))
    .maybe()
    .await
}

/// The account with this UUID.
///
/// # Errors
/// The database's.
pub async fn by_uid(session: &mut impl Session, uid: Uuid) -> sqlx::Result<Option<AccountRow>> {
    session
        .sql(concat!(
            "SELECT ",
            columns!(),
            " FROM account WHERE uid = $1"
        ))
        .bind(uid)
        .maybe()
        .await
}

/// Which of the two keys other accounts already use: (username taken, e-mail taken).
///
/// # Errors
/// The database's.
pub async fn taken(
    session: &mut impl Session,
    username: &str,
    email: &str,
    except: Option<i64>,
) -> sqlx::Result<(bool, bool)> {
    session
        .sql(
            "SELECT EXISTS (SELECT 1 FROM account WHERE username_key = $1 AND id <> $3),
                    EXISTS (SELECT 1 FROM account WHERE email_key = $2 AND id <> $3)",
        )
        .bind(key(username))
        .bind(key(email))
        .bind(except.unwrap_or(0))
        .one()
        .await
}

/// All accounts, by number.
///
/// # Errors
/// The database's.
pub async fn all(session: &mut impl Session) -> sqlx::Result<Vec<AccountRow>> {
    session
        .sql(concat!("SELECT ", columns!(), " FROM account ORDER BY id"))
        .all()
        .await
}

/// Changes names, sign-in name and e-mail.
///
/// # Errors
/// The database's; a unique violation if a key is taken.
pub async fn update(tx: &mut Tx, account: &AccountRow, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE account SET username = $2, username_key = $3, email = $4, email_key = $5,
                first_name = $6, last_name = $7, password_hash = $8, role = $9, is_active = $10,
                is_verified = $11, updated_at = $12, search = $13, awaits_activation = $14,
                login_codes = $15, version = version + 1
         WHERE id = $1",
    )
    .bind(account.id)
    .bind(account.username.as_str())
    .bind(key(&account.username))
    .bind(account.email.as_str())
    .bind(key(&account.email))
    .bind(account.first_name.as_str())
    .bind(account.last_name.as_str())
    .bind(account.password_hash.as_deref())
    .bind(account.role.0.as_str())
    .bind(account.is_active)
    .bind(account.is_verified)
    .bind(at)
    .bind(search(
        &account.username,
        &account.email,
        &account.first_name,
        &account.last_name,
    ))
    .bind(account.awaits_activation)
    .bind(account.login_codes)
    .run()
    .await?;
    Ok(())
}

/// Gives an account another role.
///
/// # Errors
/// The database's.
pub async fn set_role(tx: &mut Tx, id: i64, role: Role, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("UPDATE account SET role = $2, version = version + 1, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(role.as_str())
        .bind(at)
        .run()
        .await?;
    Ok(())
}

/// Replaces the password hash if it is still `was`: a rehash must not undo a change of password.
///
/// # Errors
/// The database's.
pub async fn rehash(tx: &mut Tx, id: i64, was: &str, hash: &str) -> sqlx::Result<()> {
    tx.sql("UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id)
        .bind(was)
        .bind(hash)
        .run()
        .await?;
    Ok(())
}

/// Locks every active admin until the transaction ends and answers their numbers, so that two
/// admins can't remove each other at once.
///
/// # Errors
/// The database's.
pub async fn lock_active_admins(tx: &mut Tx) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx
        .sql(Sql {
            // One writer at a time: the transaction itself is the lock.
            sqlite: "SELECT id FROM account WHERE role = 'admin' AND is_active ORDER BY id",
            postgres: "SELECT id FROM account WHERE role = 'admin' AND is_active ORDER BY id FOR UPDATE",
        })
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
