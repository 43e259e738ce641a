//! Contact requests as the desk lists them, with the names beside. Whom one led to is shown as the
//! record that took theirs in, where records were merged: the link itself stays.

use uuid::Uuid;

use super::Session;
use super::contacts::ContactRow;

/// A contact request with whose it is and whom it led to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct InboxRow {
    /// The contact request.
    #[sqlx(flatten)]
    pub contact: ContactRow,
    /// The id of the account whose it is.
    pub assignee_uid: Option<Uuid>,
    /// Their sign-in name.
    pub assignee_username: Option<String>,
    /// Their first name.
    pub assignee_first_name: Option<String>,
    /// Their last name.
    pub assignee_last_name: Option<String>,
    /// The number of the record that the patient has now.
    pub patient_number: Option<i64>,
    /// Its id.
    pub patient_uid: Option<Uuid>,
    /// Its name.
    pub patient_name: Option<String>,
}

/// Which contact requests to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand so; `""`: however they stand.
    pub status: &'static str,
    /// Only those of this account.
    pub assignee: Option<i64>,
    /// Only those that somebody has to look at: new, or in progress.
    pub is_open: bool,
    /// Words that must each stand in it; folded, escaped for LIKE, at most [`Filter::WORDS`].
    pub words: Vec<String>,
}

impl Filter {
    /// How many words of a search are looked at.
    pub const WORDS: usize = 4;

    fn patterns(&self) -> [String; Filter::WORDS] {
        std::array::from_fn(|at| {
            let word = self.words.get(at);
            word.map_or("%".to_owned(), |word| format!("%{word}%"))
        })
    }
}

macro_rules! filtered {
    () => {
        " WHERE ($1 = '' OR c.status = $1) AND ($2 = 0 OR c.assignee_id = $2) \
         AND (NOT $3 OR c.status IN ('new', 'in_progress')) \
         AND c.search LIKE $4 ESCAPE '!' AND c.search LIKE $5 ESCAPE '!' \
         AND c.search LIKE $6 ESCAPE '!' AND c.search LIKE $7 ESCAPE '!'"
    };
}

/// `SELECT columns FROM contact c … rest`
macro_rules! select {
    ($($rest:expr),+) => {
        concat!(
            "SELECT c.id, c.name, c.email, c.phone, c.subject, c.message, c.status, \
             c.assignee_id, c.patient_id, c.appointment_id, c.token, c.version, c.created_at, \
             c.updated_at, s.uid AS assignee_uid, s.username AS assignee_username, \
             s.first_name AS assignee_first_name, s.last_name AS assignee_last_name, \
             p.id AS patient_number, p.uid AS patient_uid, p.full_name AS patient_name \
             FROM contact c LEFT JOIN account s ON s.id = c.assignee_id \
             LEFT JOIN patient p ON p.id = ( \
                 WITH RECURSIVE chain (id, next) AS ( \
                     SELECT f.id, f.merged_into FROM patient f WHERE f.id = c.patient_id \
                     UNION ALL \
                     SELECT n.id, n.merged_into FROM chain JOIN patient n ON n.id = chain.next) \
                 SELECT chain.id FROM chain WHERE chain.next IS NULL)",
            $($rest),+
        )
    };
}

/// How many there are.
///
/// # Errors
/// The database's.
pub async fn count(session: &mut impl Session, filter: &Filter) -> sqlx::Result<i64> {
    let [a, b, c, d] = filter.patterns();
    let (count,): (i64,) = session
        .sql(concat!("SELECT count(*) FROM contact c", filtered!()))
        .bind(filter.status)
        .bind(filter.assignee.unwrap_or(0))
        .bind(filter.is_open)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .one()
        .await?;
    Ok(count)
}

/// A page, newest first: `limit` rows older than `before`, after skipping `offset`.
///
/// # Errors
/// The database's.
pub async fn page(
    session: &mut impl Session,
    filter: &Filter,
    before: i64,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<InboxRow>> {
    let [a, b, c, d] = filter.patterns();
    session
        .sql(select!(
            filtered!(),
            " AND c.id < $8 ORDER BY c.id DESC LIMIT $9 OFFSET $10"
        ))
        .bind(filter.status)
        .bind(filter.assignee.unwrap_or(0))
        .bind(filter.is_open)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(before)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// One of them.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<InboxRow>> {
    session
        .sql(select!(" WHERE c.id = $1"))
        .bind(id)
        .maybe()
        .await
}
