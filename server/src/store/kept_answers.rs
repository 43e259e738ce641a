//! Answers that are kept for whoever asks again under the same Idempotency-Key
//! (docs/decisions/0011).
//!
//! The row is written by the change's own commit: work that runs [`under`] a [`Once`] takes the row
//! with it in the first transaction that it commits. So there is never a change without its row nor
//! a row without its change, and of two who do the same at once the second can't commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use chrono::{DateTime, Utc};

use super::{Session, Tx};

tokio::task_local! {
    static ONCE: Arc<Once>;
}

const FRESH: u8 = 0;
const COMMITTED: u8 = 1;
const TAKEN: u8 = 2;

/// Something that is done once, and how far it has come.
#[derive(Debug)]
pub struct Once {
    id: Vec<u8>,
    request: Vec<u8>,
    at: DateTime<Utc>,
    state: AtomicU8,
}

impl Once {
    /// Under this id, for this request.
    pub fn new(id: Vec<u8>, request: Vec<u8>, at: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self {
            id,
            request,
            at,
            state: AtomicU8::new(FRESH),
        })
    }

    /// Whether something was committed, and the row with it.
    pub fn is_committed(&self) -> bool {
        self.state.load(Ordering::Acquire) == COMMITTED
    }

    /// Whether somebody else was faster; then nothing was committed.
    pub fn is_taken(&self) -> bool {
        self.state.load(Ordering::Acquire) == TAKEN
    }

    fn is_fresh(&self) -> bool {
        self.state.load(Ordering::Acquire) == FRESH
    }
}

/// Does work whose first commit writes the row.
pub async fn under<F: Future>(once: &Arc<Once>, work: F) -> F::Output {
    ONCE.scope(Arc::clone(once), work).await
}

/// What a commit owes to the work that it belongs to.
pub(super) struct Owed(Option<Arc<Once>>);

/// Writes the row into a transaction that is about to commit, if it belongs to such work.
///
/// # Errors
/// The database's; one of ours if somebody else did the same and has committed: then this
/// transaction must not.
pub(super) async fn write(tx: &mut Tx) -> sqlx::Result<Owed> {
    let once = ONCE.try_with(Arc::clone).ok();
    let Some(once) = once.filter(|once| once.is_fresh()) else {
        return Ok(Owed(None));
    };
    if !insert(tx, &once, None).await? {
        once.state.store(TAKEN, Ordering::Release);
        return Err(sqlx::Error::Protocol(
            "the same request under the same key was faster".to_owned(),
        ));
    }
    Ok(Owed(Some(once)))
}

impl Owed {
    /// The transaction has committed.
    pub(super) fn settle(self) {
        if let Some(once) = self.0 {
            once.state.store(COMMITTED, Ordering::Release);
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptRow {
    /// Hash of what was asked.
    pub request: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
    /// The answer, encrypted; none if it was not made yet, or never will be.
    pub answer: Option<Vec<u8>>,
}

/// The row of an id.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: &[u8]) -> sqlx::Result<Option<KeptRow>> {
    session
        .sql("SELECT request, at, answer FROM kept_answer WHERE id = $1")
        .bind(id)
        .maybe()
        .await
}

/// Inserts the row, with its answer if there is one; false if there is one already. Waits for
/// another who is inserting it.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, once: &Once, answer: Option<&[u8]>) -> sqlx::Result<bool> {
    let inserted = tx
        .sql(
            "INSERT INTO kept_answer (id, request, at, answer) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(once.id.as_slice())
        .bind(once.request.as_slice())
        .bind(once.at)
        .bind(answer)
        .run()
        .await?;
    Ok(inserted == 1)
}

/// Gives the row of work that has committed its answer.
///
/// # Errors
/// The database's.
pub async fn answer(tx: &mut Tx, once: &Once, answer: &[u8]) -> sqlx::Result<()> {
    tx.sql("UPDATE kept_answer SET answer = $2 WHERE id = $1 AND answer IS NULL")
        .bind(once.id.as_slice())
        .bind(answer)
        .run()
        .await?;
    Ok(())
}

/// Forgets one that is older than then.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, id: &[u8], before: DateTime<Utc>) -> sqlx::Result<()> {
    tx.sql("DELETE FROM kept_answer WHERE id = $1 AND at <= $2")
        .bind(id)
        .bind(before)
        .run()
        .await?;
    Ok(())
}

/// Forgets all that are older than then.
///
/// # Errors
/// The database's.
pub async fn forget_old(tx: &mut Tx, before: DateTime<Utc>) -> sqlx::Result<u64> {
    tx.sql("DELETE FROM kept_answer WHERE at <= $1")
        .bind(before)
        .run()
        .await
}
