//! Whether the database answers, and whether an error means that it does not.

use super::{Db, Session};

/// Whether a reader gets an answer.
pub async fn answers(db: &Db) -> bool {
    let asked = async { db.read().await?.sql("SELECT 1").one::<(i32,)>().await };
    asked
        .await
        .inspect_err(|error| tracing::warn!(%error, "the database does not answer"))
        .is_ok()
}

/// Whether an error means that the database can't be asked now, though nothing is wrong with what was
/// asked: no connection is free, it was cut, or the server is going down or coming up.
pub fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed => true,
        // 08: the connection; 57P01 to 57P03: shut down, crashed, starting; 53300: too many
        // connections. 5 is SQLite's: another process writes for longer than is waited.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            let code = code.as_ref();
            let is_connection = code.len() == 5 && code.starts_with("08");
            is_connection || matches!(code, "57P01" | "57P02" | "57P03" | "53300" | "5")
        }),
        _ => false,
    }
}
