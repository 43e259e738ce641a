//! The two engines behind one face: a [`Db`] hands out [`Reader`]s and [`Tx`]s, both are
//! [`Session`]s, and a session makes [`Stmt`]s out of SQL texts.
//!
//! One text serves both engines where the dialects agree (nearly always), a named pair where they
//! do not ([`Sql`]). Placeholders are `$1`, `$2` … on both.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{Arguments, Encode, FromRow, Postgres, Sqlite, Transaction, Type};
use tokio::sync::watch;

use super::kept_answers;
use super::open;
use super::recorder::{Recorder, check_arity};
use super::replica::Replica;

/// What both engines can store.
pub trait Value<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}
impl<'q, T> Value<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

/// What both engines can give back: anything with `#[derive(sqlx::FromRow)]`, and tuples.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// Which engine is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: one file, one writer at a time.
    Sqlite,
    /// A server, shared by several `clinicd`.
    Postgres,
}

/// One text where the dialects agree; a pair where they do not.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// What SQLite runs.
    pub sqlite: &'static str,
    /// What PostgreSQL runs.
    pub postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(both: &'static str) -> Self {
        Sql {
            sqlite: both,
            postgres: both,
        }
    }
}

/// The pools of a database. Readers can't write on either engine.
#[derive(Clone)]
pub(super) enum Pools {
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres {
        read: PgPool,
        write: PgPool,
        replica: Option<Replica>,
    },
}

/// A database, open. Cheap to clone: clones share the pools.
#[derive(Clone)]
pub struct Db {
    pub(super) pools: Pools,
    recorder: Option<Arc<Recorder>>,
}

impl Db {
    /// Opens the database, creating an embedded one if it is not there. Runs no migration
    /// (see [`super::migrate::run`]).
    ///
    /// # Errors
    /// [`open::Error`], whose sentence says what to do.
    pub async fn open(settings: &open::Settings) -> Result<Self, open::Error> {
        Ok(Db {
            pools: open::pools(settings).await?,
            recorder: None,
        })
    }

    /// The same database, every statement of whose sessions goes past `recorder`: for tests.
    pub fn recorded(&self, recorder: &Arc<Recorder>) -> Self {
        Db {
            pools: self.pools.clone(),
            recorder: Some(Arc::clone(recorder)),
        }
    }

    /// Which engine this is.
    pub const fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A session that only reads, outside any transaction: each statement sees what was committed
    /// when it began.
    ///
    /// # Errors
    /// `PoolTimedOut` when every reader is busy for too long; anything the engine reports.
    pub async fn read(&self) -> sqlx::Result<Reader> {
        let on = match &self.pools {
            Pools::Sqlite { read, .. } => ReaderOn::Sqlite(read.acquire().await?),
            Pools::Postgres { read, .. } => ReaderOn::Postgres(read.acquire().await?),
        };
        Ok(Reader {
            on,
            recorder: self.recorder.clone(),
        })
    }

    /// A session that only reads, and may see what was committed some seconds ago: it asks the
    /// replica where there is one that is fit ([`super::replica`]). For lists that caches may keep
    /// as long anyway, or that nobody changes and looks at again; never for what decides a write.
    ///
    /// # Errors
    /// As [`read`](Db::read).
    pub async fn read_behind(&self) -> sqlx::Result<Reader> {
        if let Pools::Postgres {
            replica: Some(replica),
            ..
        } = &self.pools
            && let Some(connection) = replica.connection().await
        {
            return Ok(Reader {
                on: ReaderOn::Postgres(connection),
                recorder: self.recorder.clone(),
            });
        }
        self.read().await
    }

    /// A transaction that writes. Dropped without [`Tx::commit`], it changes nothing.
    ///
    /// # Errors
    /// `PoolTimedOut` when the writer is busy for too long; anything the engine reports.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        let on = match &self.pools {
            // A deferred BEGIN that turns into a write later fails at once under contention,
            // whatever the busy timeout.
            Pools::Sqlite { write, .. } => TxOn::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres { write, .. } => TxOn::Postgres(write.begin().await?),
        };
        Ok(Tx {
            on,
            recorder: self.recorder.clone(),
            told: Vec::new(),
        })
    }

    /// Waits for running sessions, then closes every connection (SQLite: optimises, and folds the
    /// log into the file).
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres {
                read,
                write,
                replica,
            } => {
                if let Some(replica) = replica {
                    replica.close().await;
                }
                read.close().await;
                write.close().await;
            }
        }
    }
}

enum ReaderOn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A session that only reads ([`Db::read`]).
pub struct Reader {
    on: ReaderOn,
    recorder: Option<Arc<Recorder>>,
}

enum TxOn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction ([`Db::begin`]).
pub struct Tx {
    on: TxOn,
    recorder: Option<Arc<Recorder>>,
    /// Who of this process is told once the changes are visible.
    told: Vec<watch::Sender<()>>,
}

impl Tx {
    /// Makes the transaction's changes durable and visible; with them goes the row of an
    /// Idempotency-Key, if the work was asked for under one ([`kept_answers`]).
    ///
    /// # Errors
    /// Anything the engine reports; then nothing was changed.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let owed = kept_answers::write(&mut self).await?;
        if let Some(recorder) = &self.recorder {
            recorder.pass(Recorder::COMMIT)?;
        }
        match self.on {
            TxOn::Sqlite(tx) => tx.commit().await?,
            TxOn::Postgres(tx) => tx.commit().await?,
        }
        owed.settle();
        for listener in self.told {
            listener.send_replace(());
        }
        Ok(())
    }

    /// Tells somebody of this process once the changes are visible to them. (For other processes
    /// there is [`super::notify::notify`].)
    pub fn tell_on_commit(&mut self, listener: &watch::Sender<()>) {
        self.told.push(listener.clone());
    }

    /// Undoes everything, and waits until that is done (dropping the transaction does it later).
    ///
    /// # Errors
    /// Anything the engine reports.
    pub async fn rollback(self) -> sqlx::Result<()> {
        match self.on {
            TxOn::Sqlite(tx) => tx.rollback().await,
            TxOn::Postgres(tx) => tx.rollback().await,
        }
    }
}

/// Anything SQL can be run on: a [`Reader`] or a [`Tx`].
pub trait Session: Send {
    /// A statement, to be bound and run.
    fn sql(&mut self, text: impl Into<Sql>) -> Stmt<'_>;

    /// Which engine this is, for the rare rule that must know.
    fn engine(&self) -> Engine;
}

macro_rules! session {
    ($session:ident, $on:ident) => {
        impl Session for $session {
            fn sql(&mut self, text: impl Into<Sql>) -> Stmt<'_> {
                let text = text.into();
                let (on, text) = match &mut self.on {
                    $on::Sqlite(c) => (On::Sqlite(c, SqliteArguments::default()), text.sqlite),
                    $on::Postgres(c) => (On::Postgres(c, PgArguments::default()), text.postgres),
                };
                Stmt {
                    on,
                    text,
                    failed: None,
                    recorder: self.recorder.as_deref(),
                }
            }

            fn engine(&self) -> Engine {
                match self.on {
                    $on::Sqlite(_) => Engine::Sqlite,
                    $on::Postgres(_) => Engine::Postgres,
                }
            }
        }
    };
}
session!(Reader, ReaderOn);
session!(Tx, TxOn);

enum On<'c> {
    Sqlite(&'c mut SqliteConnection, SqliteArguments),
    Postgres(&'c mut PgConnection, PgArguments),
}

/// A statement on its way: [`bind`](Stmt::bind) its values in order, then run it with
/// [`all`](Stmt::all), [`one`](Stmt::one), [`maybe`](Stmt::maybe) or [`run`](Stmt::run).
#[must_use = "a statement does nothing until it is run"]
pub struct Stmt<'c> {
    on: On<'c>,
    text: &'static str,
    /// The first value that could not be encoded; told when the statement is run.
    failed: Option<sqlx::Error>,
    recorder: Option<&'c Recorder>,
}

/// The same words for either engine; the types are checked for both at compile time.
macro_rules! each {
    ($on:expr, ($conn:ident, $args:ident) => $do:expr) => {
        match $on {
            On::Sqlite($conn, $args) => $do,
            On::Postgres($conn, $args) => $do,
        }
    };
}

impl<'c> Stmt<'c> {
    /// Binds the next `$n`.
    pub fn bind<'q>(mut self, value: impl Value<'q>) -> Self {
        if let Err(error) = each!(&mut self.on, (_conn, args) => args.add(value)) {
            self.failed.get_or_insert(sqlx::Error::Encode(error));
        }
        self
    }

    /// Every row.
    ///
    /// # Errors
    /// Anything the engine reports, an encoding error, or an arity mismatch.
    pub async fn all<T: Record>(self) -> sqlx::Result<Vec<T>> {
        let (on, text) = self.ready()?;
        each!(on, (conn, args) => sqlx::query_as_with(text, args).fetch_all(conn).await)
    }

    /// Exactly one row.
    ///
    /// # Errors
    /// `RowNotFound` when there is none; else as [`all`](Stmt::all).
    pub async fn one<T: Record>(self) -> sqlx::Result<T> {
        let (on, text) = self.ready()?;
        each!(on, (conn, args) => sqlx::query_as_with(text, args).fetch_one(conn).await)
    }

    /// One row or none.
    ///
    /// # Errors
    /// As [`all`](Stmt::all).
    pub async fn maybe<T: Record>(self) -> sqlx::Result<Option<T>> {
        let (on, text) = self.ready()?;
        each!(on, (conn, args) => sqlx::query_as_with(text, args).fetch_optional(conn).await)
    }

    /// Runs it and answers how many rows it touched.
    ///
    /// # Errors
    /// As [`all`](Stmt::all).
    pub async fn run(self) -> sqlx::Result<u64> {
        let (on, text) = self.ready()?;
        Ok(each!(on, (conn, args) => {
            sqlx::query_with(text, args).execute(conn).await?.rows_affected()
        }))
    }

    /// The last checks before the engine sees it.
    fn ready(self) -> sqlx::Result<(On<'c>, &'static str)> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let bound = each!(&self.on, (_conn, args) => args.len());
        // SQLite takes a value that was never bound for NULL, in silence.
        check_arity(self.text, bound)?;
        if let Some(recorder) = self.recorder {
            recorder.pass(self.text)?;
        }
        Ok((self.on, self.text))
    }
}

/// The unique constraint an error is about, under one name for both engines:
/// `table_column_key` (several columns: `table_first_second_key`).
///
/// PostgreSQL gives `UNIQUE` columns that name by itself; unique indexes are given it in the
/// migrations (the schema test checks). SQLite names the columns in its message.
pub fn unique_violation(error: &sqlx::Error) -> Option<String> {
    let error = error
        .as_database_error()
        .filter(|error| error.is_unique_violation())?;
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let columns = error.message().rsplit_once("constraint failed: ")?.1;
    let mut name = String::new();
    for (i, column) in columns.split(", ").enumerate() {
        let (table, column) = column.split_once('.')?;
        if i == 0 {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name.push_str("_key");
    Some(name)
}
