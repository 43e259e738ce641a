//! Telling other servers on the same PostgreSQL that something changed. An embedded database has
//! one server only, so there is nobody to tell.

use sqlx::postgres::PgListener;

use super::db::{Db, Engine, Pools, Session, Tx};

/// Tells every [`Listener`] on `channel`, once the transaction commits and only then.
/// `payload` is at most 8000 bytes; send ids, never contents.
///
/// # Errors
/// Anything the engine reports.
pub async fn notify(tx: &mut Tx, channel: &str, payload: &str) -> sqlx::Result<()> {
    if tx.engine() == Engine::Postgres {
        let sent = tx.sql("SELECT 1 FROM (SELECT pg_notify($1, $2)) AS sent");
        sent.bind(channel).bind(payload).run().await?;
    }
    Ok(())
}

/// Hears what other servers tell on PostgreSQL.
pub struct Listener(PgListener);

impl Listener {
    /// Listens on these channels; none on an embedded database. A listener keeps a connection for
    /// itself, so a server opens one for all it wants to hear.
    ///
    /// # Errors
    /// Anything the engine reports.
    pub async fn open(db: &Db, channels: &[&str]) -> sqlx::Result<Option<Self>> {
        let Pools::Postgres { write, .. } = &db.pools else {
            return Ok(None);
        };
        let mut listener = PgListener::connect_with(write).await?;
        listener.listen_all(channels.iter().copied()).await?;
        Ok(Some(Listener(listener)))
    }

    /// The next channel on which something was told; none when the connection was lost and made
    /// again, so that something may have been missed and the caller should look for itself.
    ///
    /// # Errors
    /// Anything the engine reports while connecting again.
    pub async fn next(&mut self) -> sqlx::Result<Option<String>> {
        Ok(self
            .0
            .try_recv()
            .await?
            .map(|told| told.channel().to_owned()))
    }
}
