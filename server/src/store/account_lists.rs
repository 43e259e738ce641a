//! Lists of accounts, for admins, and of those that were never activated.

use chrono::{DateTime, Utc};
use clinic_shared::Role;

use super::accounts::AccountRow;
use super::{Session, Tx};

/// Which accounts to list.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Words that must each stand in username, e-mail, first or last name; lower case, escaped for
    /// LIKE, at most [`AccountFilter::WORDS`].
    pub words: Vec<String>,
    /// Only of this role.
    pub role: Option<Role>,
    /// Only those that may, or may not, sign in.
    pub is_active: Option<bool>,
}

impl AccountFilter {
    /// How many words of a search are looked at.
    pub const WORDS: usize = 4;
}

macro_rules! filtered {
    () => {
        " FROM account WHERE search LIKE $1 ESCAPE '!' AND search LIKE $2 ESCAPE '!' \
         AND search LIKE $3 ESCAPE '!' AND search LIKE $4 ESCAPE '!' \
         AND ($5 = '' OR role = $5) AND ($6 OR is_active = $7)"
    };
}

fn patterns(filter: &AccountFilter) -> [String; AccountFilter::WORDS] {
    std::array::from_fn(|at| {
        filter
            .words
            .get(at)
            .map_or("%".to_owned(), |word| format!("%{word}%"))
    })
}

/// How many accounts match.
///
/// # Errors
/// The database's.
pub async fn count(session: &mut impl Session, filter: &AccountFilter) -> sqlx::Result<i64> {
    let [a, b, c, d] = patterns(filter);
    let (count,): (i64,) = session
        .sql(concat!("SELECT count(*)", filtered!()))
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(filter.role.map_or("", Role::as_str))
        .bind(filter.is_active.is_none())
        .bind(filter.is_active.unwrap_or_default())
        .one()
        .await?;
    Ok(count)
}

/// A page of accounts by number: those after `after`, `offset` of them skipped.
///
/// # Errors
/// The database's.
pub async fn page(
    session: &mut impl Session,
    filter: &AccountFilter,
    after: i64,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<AccountRow>> {
    let [a, b, c, d] = patterns(filter);
    session
        .sql(concat!(
            "SELECT id, uid, username, email, first_name, last_name, password_hash, role, \
             is_active, is_verified, awaits_activation, login_codes, version, created_at, \
             updated_at",
            filtered!(),
            " AND id > $8 ORDER BY id LIMIT $9 OFFSET $10"
        ))
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(filter.role.map_or("", Role::as_str))
        .bind(filter.is_active.is_none())
        .bind(filter.is_active.unwrap_or_default())
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// Everybody who works at the desk and may sign in.
///
/// # Errors
/// The database's.
pub async fn active_staff(session: &mut impl Session) -> sqlx::Result<Vec<AccountRow>> {
    session
        .sql(
            "SELECT id, uid, username, email, first_name, last_name, password_hash, role, \
             is_active, is_verified, awaits_activation, login_codes, version, created_at, \
             updated_at FROM account WHERE role IN ('admin', 'receptionist') AND is_active \
             ORDER BY id",
        )
        .all()
        .await
}

/// Accounts that were registered before then and never activated.
///
/// # Errors
/// The database's.
pub async fn never_activated(
    tx: &mut Tx,
    before: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx
        .sql(
            "SELECT id FROM account WHERE awaits_activation AND updated_at < $1
             ORDER BY updated_at LIMIT $2",
        )
        .bind(before)
        .bind(most)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Removes an account that was never activated, with all that hangs on it; false if it was activated
/// meanwhile.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &mut Tx, id: i64) -> sqlx::Result<bool> {
    // Locks the row, so that an activation at this moment comes before or not at all.
    let held = tx
        .sql("UPDATE account SET version = version + 1 WHERE id = $1 AND awaits_activation")
        .bind(id)
        .run()
        .await?;
    if held == 0 {
        return Ok(false);
    }
    for text in [
        "DELETE FROM code WHERE account_id = $1",
        "DELETE FROM email_change WHERE account_id = $1",
        "DELETE FROM familiar_address WHERE account_id = $1",
        "DELETE FROM session WHERE account_id = $1",
        "DELETE FROM profile WHERE account_id = $1",
        "DELETE FROM account WHERE id = $1",
    ] {
        tx.sql(text).bind(id).run().await?;
    }
    Ok(true)
}
