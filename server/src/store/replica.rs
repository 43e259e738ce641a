//! A copy of the database on another PostgreSQL server (a streaming standby), which answers what may
//! be some seconds old.
//!
//! Whether it is fit is looked at once a second, beside the requests; whoever asks meanwhile, or
//! meets it just as it goes away, reads from the database itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{Postgres, query_as};

use super::db::{Db, Pools};
use super::migrate;

/// How often [`watch`] looks.
const LOOK: Duration = Duration::from_secs(1);
/// How long a look, and a reader for a connection, waits.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);
/// How many seconds a replica may be behind.
const BEHIND: f64 = 5.0;

/// The pool of a replica.
#[derive(Clone)]
pub(super) struct Replica {
    pool: PgPool,
    fit: Arc<AtomicBool>,
}

impl Replica {
    /// One that nobody has looked at yet.
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            fit: Arc::default(),
        }
    }

    /// A connection to it, if it is fit.
    pub(super) async fn connection(&self) -> Option<PoolConnection<Postgres>> {
        if !self.fit.load(Ordering::Relaxed) {
            return None;
        }
        let got = tokio::time::timeout(PATIENCE, self.pool.acquire()).await;
        match got {
            Ok(Ok(connection)) => Some(connection),
            // The next one need not wait for it.
            _ => {
                self.fit.store(false, Ordering::Relaxed);
                None
            }
        }
    }

    /// Ends its connections.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// What a replica says of itself.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
struct Look {
    /// It follows another server …
    follows: bool,
    /// … and is connected to it.
    connected: bool,
    /// Seconds since the newest change that it has, where it has not everything that it got.
    behind: f64,
    /// The newest migration that it has.
    migrated: i64,
}

impl Look {
    /// Why it is not fit; none: it is.
    fn fault(&self) -> Option<String> {
        let known = migrate::newest();
        if !self.follows {
            Some("it is no standby of another server".to_owned())
        } else if !self.connected {
            Some("it is not connected to its primary".to_owned())
        } else if self.behind > BEHIND {
            Some(format!("it is {:.0} s behind", self.behind))
        } else if self.migrated != known {
            Some(format!("its schema is {}, not {known}", self.migrated))
        } else {
            None
        }
    }
}

/// Why the replica cannot be read from; none: it can, or there is none. For `clinicd check`.
pub async fn fault(db: &Db) -> Option<String> {
    let Pools::Postgres {
        replica: Some(replica),
        ..
    } = &db.pools
    else {
        return None;
    };
    look(&replica.pool).await.err()
}

async fn look(pool: &PgPool) -> Result<(), String> {
    let asked = query_as::<_, Look>(
        "SELECT pg_is_in_recovery() AS follows,
             EXISTS (SELECT 1 FROM pg_stat_wal_receiver) AS connected,
             CASE WHEN pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn() THEN 0
                  ELSE coalesce(CAST(extract(epoch FROM
                      clock_timestamp() - pg_last_xact_replay_timestamp()) AS float8), 0)
             END AS behind,
             (SELECT max(version) FROM _sqlx_migrations) AS migrated",
    )
    .fetch_one(pool);
    match tokio::time::timeout(PATIENCE, asked).await {
        Err(_) => Err("it does not answer".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(look)) => look.fault().map_or(Ok(()), Err),
    }
}

/// Looks at the replica for as long as the server runs; ends at once where there is none.
pub async fn watch(db: Db) {
    let Pools::Postgres {
        replica: Some(replica),
        ..
    } = &db.pools
    else {
        return;
    };
    // What was told last is not told again every second.
    let mut fit = None;
    loop {
        let fault = look(&replica.pool).await.err();
        replica.fit.store(fault.is_none(), Ordering::Relaxed);
        if fit.replace(fault.is_none()) != Some(fault.is_none()) {
            match fault {
                None => tracing::info!("lists are read from the replica"),
                Some(fault) => {
                    tracing::warn!(%fault, "lists are not read from the replica");
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}
