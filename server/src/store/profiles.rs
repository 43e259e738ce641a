//! Profiles: what accounts say of their persons.

use chrono::{DateTime, NaiveDate, Utc};

use super::accounts::RoleWord;
use super::{Session, Tx};

/// A row of `profile`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProfileRow {
    /// The profile's number.
    pub id: i64,
    /// Whose.
    pub account_id: i64,
    /// A few words.
    pub bio: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Birth date.
    pub date_of_birth: Option<NaiveDate>,
    /// Media key.
    pub picture: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A profile with its account, as one row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProfileOfAccount {
    /// The profile.
    #[sqlx(flatten)]
    pub profile: ProfileRow,
    /// The sign-in name.
    pub username: String,
    /// The e-mail.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Role.
    #[sqlx(try_from = "String")]
    pub role: RoleWord,
    /// False once disabled.
    pub is_active: bool,
    /// When the account was made.
    pub date_joined: DateTime<Utc>,
}

macro_rules! profile_columns {
    () => {
        "p.id, p.account_id, p.bio, p.address, p.date_of_birth, p.picture, p.created_at, \
         p.updated_at, a.username, a.email, a.first_name, a.last_name, a.role, a.is_active, \
         a.created_at AS date_joined"
    };
}

/// Which profiles to list.
#[derive(Debug, Clone, Default)]
pub struct ProfileFilter {
    /// Only this account's.
    pub account: Option<i64>,
    /// Words that must each stand in username, e-mail, first or last name; lower case, escaped
    /// for LIKE, at most [`ProfileFilter::WORDS`].
    pub words: Vec<String>,
}

impl ProfileFilter {
    /// How many words of a search are looked at.
    pub const WORDS: usize = 4;
}

macro_rules! profile_where {
    () => {
        " FROM profile p JOIN account a ON a.id = p.account_id \
         WHERE (CAST($1 AS bigint) IS NULL OR a.id = $1) \
         AND a.search LIKE $2 ESCAPE '!' \
         AND a.search LIKE $3 ESCAPE '!' \
         AND a.search LIKE $4 ESCAPE '!' \
         AND a.search LIKE $5 ESCAPE '!'"
    };
}

fn patterns(filter: &ProfileFilter) -> [String; ProfileFilter::WORDS] {
    std::array::from_fn(|at| {
        filter
            .words
            .get(at)
            .map_or("%".to_owned(), |word| format!("%{word}%"))
    })
}

/// How many profiles match.
///
/// # Errors
/// The database's.
pub async fn count(session: &mut impl Session, filter: &ProfileFilter) -> sqlx::Result<i64> {
    let [a, b, c, d] = patterns(filter);
    let (count,): (i64,) = session
        .sql(concat!("SELECT count(*)", profile_where!()))
        .bind(filter.account)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .one()
        .await?;
    Ok(count)
}

/// A page of profiles by number.
///
/// # Errors
/// The database's.
pub async fn list(
    session: &mut impl Session,
    filter: &ProfileFilter,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ProfileOfAccount>> {
    let [a, b, c, d] = patterns(filter);
    session
        .sql(concat!(
            "SELECT ",
            profile_columns!(),
            profile_where!(),
            " ORDER BY p.id LIMIT $6 OFFSET $7"
        ))
        .bind(filter.account)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// The profile with this number.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<ProfileOfAccount>> {
    session
        .sql(concat!(
            "SELECT ",
            profile_columns!(),
            " FROM profile p JOIN account a ON a.id = p.account_id WHERE p.id = $1"
        ))
        .bind(id)
        .maybe()
        .await
}

/// The profile of this account.
///
/// # Errors
/// The database's.
pub async fn of_account(
    session: &mut impl Session,
    account: i64,
) -> sqlx::Result<Option<ProfileOfAccount>> {
    session
        .sql(concat!(
            "SELECT ",
            profile_columns!(),
            " FROM profile p JOIN account a ON a.id = p.account_id WHERE p.account_id = $1"
        ))
        .bind(account)
        .maybe()
        .await
}

/// Makes an account's empty profile; a unique violation if it has one.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, account: i64, at: DateTime<Utc>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql("INSERT INTO profile (account_id, created_at, updated_at) VALUES ($1, $2, $2) RETURNING id")
        .bind(account)
        .bind(at)
        .one()
        .await?;
    Ok(id)
}

/// Writes a profile's own fields.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, profile: &ProfileRow, at: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql(
        "UPDATE profile SET bio = $2, address = $3, date_of_birth = $4, picture = $5,
                updated_at = $6
         WHERE id = $1",
    )
    .bind(profile.id)
    .bind(profile.bio.as_deref())
    .bind(profile.address.as_deref())
    .bind(profile.date_of_birth)
    .bind(profile.picture.as_deref())
    .bind(at)
    .run()
    .await?;
    Ok(())
}

/// Removes a profile; the account stays.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    Ok(tx
        .sql("DELETE FROM profile WHERE id = $1")
        .bind(id)
        .run()
        .await?
        > 0)
}
