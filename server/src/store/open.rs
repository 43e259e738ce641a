//! Opening a database: what to open, how its connections are set, and what to say when it fails.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::db::Pools;
use super::replica::{self, Replica};

/// The oldest PostgreSQL that is supported, as `server_version_num` writes it.
const OLDEST_POSTGRES: i32 = 150_000;
/// Prepared statements kept per connection: more than the server has texts.
const STATEMENT_CACHE: usize = 500;
/// How long the first connection to PostgreSQL may take.
const REACH: Duration = Duration::from_secs(10);

/// What to open, and how.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`.
    pub url: String,
    /// A replica of it, for lists (PostgreSQL only).
    pub replica: Option<String>,
    /// How many connections read at once; PostgreSQL gets as many for writing (SQLite has one).
    pub pool_size: u32,
    /// How long a request waits for a free connection before the answer is 503.
    pub acquire_timeout: Duration,
    /// How long one reading statement may run on PostgreSQL.
    pub statement_timeout: Duration,
}

impl Settings {
    /// The usual settings for a database.
    pub fn new(url: impl Into<String>) -> Self {
        Settings {
            url: url.into(),
            replica: None,
            pool_size: 8,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        }
    }
}

// The URL may hold a password.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("pool_size", &self.pool_size)
            .finish_non_exhaustive()
    }
}

/// Why a database could not be opened. The sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither engine's URL.
    #[error(
        "DATABASE_URL must start with sqlite:// (then a path) or postgres:// (then user@host/name)."
    )]
    Scheme,
    /// The URL has the right beginning and a wrong rest.
    #[error(
        "DATABASE_URL is not a valid PostgreSQL address; write it as postgres://USER:PASSWORD@HOST:5432/NAME."
    )]
    Malformed,
    /// An in-memory or empty path.
    #[error(
        "DATABASE_URL names no file; write sqlite:// and then a path, e.g. sqlite://clinic.db."
    )]
    NoFile,
    /// The folder of the file is missing, or may not be written.
    #[error(
        "The database file {path} cannot be made or written; create its folder and let this user write there."
    )]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The file is there, but is no SQLite database.
    #[error(
        "The file {path} is not a database of this program; move it away or correct DATABASE_URL."
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The replica's URL is not one.
    #[error(
        "DATABASE_REPLICA_URL is not a valid PostgreSQL address; write it as postgres://USER:PASSWORD@HOST:5432/NAME."
    )]
    MalformedReplica,
    /// Nobody answers.
    #[error(
        "PostgreSQL cannot be reached at {host}:{port}; start it, or correct the host in DATABASE_URL."
    )]
    Unreachable {
        /// Host name or socket folder.
        host: String,
        /// Port.
        port: u16,
        /// What the driver said.
        #[source]
        cause: Option<Box<sqlx::Error>>,
    },
    /// Wrong user or password.
    #[error(
        "PostgreSQL refused the sign-in of {user}; correct the user and password in DATABASE_URL."
    )]
    SignIn {
        /// The user.
        user: String,
    },
    /// The server has no such database.
    #[error(
        "PostgreSQL has no database of the name in DATABASE_URL; create it with createdb, or correct the name."
    )]
    NoDatabase,
    /// The server is too old.
    #[error("This PostgreSQL is version {0}; Clinic needs 15 or newer.")]
    TooOld(i32),
    /// Anything else.
    #[error("The database cannot be opened: {0}")]
    Other(#[from] sqlx::Error),
}

/// Opens the pools.
pub(super) async fn pools(settings: &Settings) -> Result<Pools, Error> {
    if let Some(path) = settings.url.strip_prefix("sqlite://") {
        sqlite(settings, path).await
    } else if settings.url.starts_with("postgres://") || settings.url.starts_with("postgresql://") {
        postgres(settings).await
    } else {
        Err(Error::Scheme)
    }
}

async fn sqlite(settings: &Settings, path: &str) -> Result<Pools, Error> {
    if path.is_empty() || path.contains(":memory:") {
        return Err(Error::NoFile);
    }
    let path = PathBuf::from(path);
    keep_private(&path).map_err(|cause| Error::Unwritable {
        path: path.clone(),
        cause,
    })?;

    let options = SqliteConnectOptions::new()
        .filename(&path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL may lose the last commits when the power fails; these are patients' records.
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(STATEMENT_CACHE)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "1073741824")
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging();

    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(settings.acquire_timeout)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let classify = |error: sqlx::Error| match code(&error).as_deref() {
        // SQLITE_NOTADB
        Some("26") => Error::NotADatabase { path: path.clone() },
        _ => Error::Other(error),
    };
    let write = pool()
        .max_connections(1)
        .connect_with(options.clone().optimize_on_close(true, Some(400)))
        .await
        .map_err(classify)?;
    let read = pool()
        .max_connections(settings.pool_size.max(1))
        .connect_with(options.read_only(true))
        .await
        .map_err(classify)?;
    Ok(Pools::Sqlite { read, write })
}

/// Makes the file if it is missing, readable by its owner alone. SQLite gives its log files the
/// same mode.
fn keep_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    options.open(path)?;
    Ok(())
}

async fn postgres(settings: &Settings) -> Result<Pools, Error> {
    let options = postgres_options(&settings.url).map_err(|_| Error::Malformed)?;
    probe(&options).await?;

    let size = settings.pool_size.max(1);
    let pool = |connections| {
        PgPoolOptions::new()
            .acquire_timeout(settings.acquire_timeout)
            .max_connections(connections)
    };
    let timeout = settings.statement_timeout.as_millis().to_string();
    let reading = |options: PgConnectOptions| {
        options.options([
            ("default_transaction_read_only", "on"),
            ("statement_timeout", &*timeout),
        ])
    };
    // It may be away when a server starts, and while it runs.
    let replica = match &settings.replica {
        None => None,
        Some(url) => {
            let options = postgres_options(url).map_err(|_| Error::MalformedReplica)?;
            let pool = pool(size).acquire_timeout(replica::PATIENCE);
            Some(Replica::new(pool.connect_lazy_with(reading(options))))
        }
    };
    Ok(Pools::Postgres {
        replica,
        read: pool(size).connect_lazy_with(reading(options.clone())),
        // One more, which a server keeps to listen.
        write: pool(size.saturating_add(1)).connect_lazy_with(options),
    })
}

fn postgres_options(url: &str) -> sqlx::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("clinicd")
        .options([
            // Compiling a statement takes longer than any of ours runs.
            ("jit", "off"),
            // On the disks of today, and in memory, one place is as near as another.
            ("random_page_cost", "1.1"),
        ])
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging())
}

/// One connection outside the pools, which would go on trying where nobody answers.
async fn probe(options: &PgConnectOptions) -> Result<(), Error> {
    let unreachable = |cause| Error::Unreachable {
        host: options.get_socket().map_or_else(
            || options.get_host().to_owned(),
            |socket| socket.display().to_string(),
        ),
        port: options.get_port(),
        cause,
    };
    let connecting = PgConnection::connect_with(options);
    let mut connection = match tokio::time::timeout(REACH, connecting).await {
        Err(_) => return Err(unreachable(None)),
        Ok(Err(error @ (sqlx::Error::Io(_) | sqlx::Error::Tls(_)))) => {
            return Err(unreachable(Some(Box::new(error))));
        }
        Ok(Err(error)) => {
            return Err(match code(&error).as_deref() {
                Some("28P01" | "28000") => Error::SignIn {
                    user: options.get_username().to_owned(),
                },
                Some("3D000") => Error::NoDatabase,
                _ => Error::Other(error),
            });
        }
        Ok(Ok(connection)) => connection,
    };
    let (version,): (i32,) =
        sqlx::query_as("SELECT CAST(current_setting('server_version_num') AS integer)")
            .fetch_one(&mut connection)
            .await?;
    connection.close().await?;
    if version < OLDEST_POSTGRES {
        Err(Error::TooOld(version / 10_000))
    } else {
        Ok(())
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}
