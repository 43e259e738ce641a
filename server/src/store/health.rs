//! Whether the database answers.

use super::{Db, Session};

/// Whether a reader gets an answer.
pub async fn answers(db: &Db) -> bool {
    let asked = async { db.read().await?.sql("SELECT 1").one::<(i32,)>().await };
    asked
        .await
        .inspect_err(|error| tracing::warn!(%error, "the database does not answer"))
        .is_ok()
}
