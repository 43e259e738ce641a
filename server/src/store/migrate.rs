//! The schema, and how it gets there: `migrations/{sqlite,postgres}`, embedded in the program.

use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Connection, SqlStr};

use super::db::{Db, Engine, Pools, Session, Sql};

/// How long a second server waits for a first one's migrations on an embedded database.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why the schema could not be brought up to date. The sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A newer program was here before.
    #[error(
        "The database was migrated by a newer version of this program (to {0}); start that version, or restore a backup."
    )]
    Newer(i64),
    /// A migration that ran is no longer what this program has under its number.
    #[error(
        "Migration {0} of the database differs from this program's; start the version that made the database."
    )]
    Changed(i64),
    /// Another server has held the database for too long.
    #[error("Another server is migrating the database; wait until it is done, then start again.")]
    Busy,
    /// Anything else; nothing of the failed migration was kept.
    #[error("The database could not be migrated: {0}")]
    Failed(#[from] MigrateError),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Error::Failed(MigrateError::Execute(error))
    }
}

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The newest migration that ran; 0 for a fresh database.
    pub applied: i64,
    /// The newest migration this program knows.
    pub known: i64,
    /// Names of the migrations that have not run yet.
    pub pending: Vec<&'static str>,
}

struct Step {
    version: i64,
    name: &'static str,
    sql: Sql,
}

macro_rules! steps {
    ($($version:literal $name:literal),+ $(,)?) => {
        [$(Step {
            version: $version,
            name: $name,
            sql: Sql {
                sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
                postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
            },
        }),+]
    };
}

/// Every migration, oldest first. One that was released is never edited.
static STEPS: &[Step] = &steps![
    1 "0001_accounts",
    2 "0002_patients",
    3 "0003_audit",
    4 "0004_doctors",
    5 "0005_appointments",
    6 "0006_front",
    7 "0007_jobs",
    8 "0008_codes",
    9 "0009_availability",
    10 "0010_states",
    11 "0011_kept_answers",
    12 "0012_patient_merges",
    13 "0013_queue",
    14 "0014_waitlist",
    15 "0015_events",
    16 "0016_v1",
    17 "0017_reminders",
    18 "0018_appointment_images",
    19 "0019_contacts",
    20 "0020_audit_chain",
    21 "0021_growth",
    22 "0022_list_versions",
    23 "0023_unbooked",
];

/// The newest migration that this program knows.
pub(super) fn newest() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

fn migrator(engine: Engine) -> Migrator {
    let migration = |step: &Step| {
        let sql = match engine {
            Engine::Sqlite => step.sql.sqlite,
            Engine::Postgres => step.sql.postgres,
        };
        Migration::new(
            step.version,
            step.name.into(),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations(STEPS.iter().map(migration).collect())
}

/// Brings the schema up to date. Does nothing when it is; safe when several servers start at once.
///
/// # Errors
/// [`Error`]; a migration that fails leaves nothing behind.
pub async fn run(db: &Db) -> Result<(), Error> {
    let migrated = match &db.pools {
        Pools::Sqlite { write, .. } => {
            // sqlx takes no lock on SQLite: the one writer of all processes is the lock.
            let mut tx = patiently(|| write.begin_with("BEGIN IMMEDIATE")).await?;
            match migrator(Engine::Sqlite)
                .run_direct(None, &mut *tx, false)
                .await
            {
                Ok(()) => tx.commit().await.map_err(MigrateError::Execute),
                error => error,
            }
        }
        Pools::Postgres { write, .. } => {
            // sqlx holds an advisory lock on this connection; closing it frees the lock whatever
            // happened in between.
            let mut connection = write.acquire().await?.detach();
            let migrated = migrator(Engine::Postgres)
                .run_direct(None, &mut connection, false)
                .await;
            let closed = connection.close().await.map_err(MigrateError::Execute);
            migrated.and(closed)
        }
    };
    migrated.map_err(|error| match error {
        MigrateError::VersionMissing(version) => Error::Newer(version),
        MigrateError::VersionMismatch(version) => Error::Changed(version),
        error => Error::Failed(error),
    })
}

/// Where the database stands, without changing it: for `clinicd check`.
///
/// # Errors
/// Anything the engine reports.
pub async fn status(db: &Db) -> sqlx::Result<Status> {
    let mut reader = db.read().await?;
    let migrated: Option<(i64,)> = reader
        .sql(Sql {
            sqlite: "SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'",
            postgres: "SELECT CAST(1 AS bigint) FROM pg_tables
                       WHERE schemaname = current_schema() AND tablename = '_sqlx_migrations'",
        })
        .maybe()
        .await?;
    let applied: Vec<(i64,)> = match migrated {
        Some(_) => {
            reader
                .sql("SELECT version FROM _sqlx_migrations ORDER BY version")
                .all()
                .await?
        }
        None => Vec::new(),
    };
    let pending = STEPS
        .iter()
        .filter(|step| !applied.contains(&(step.version,)));
    Ok(Status {
        applied: applied.last().map_or(0, |(version,)| *version),
        known: STEPS.last().map_or(0, |step| step.version),
        pending: pending.map(|step| step.name).collect(),
    })
}

/// A word that is another one whenever a migration is: names test templates.
pub fn fingerprint() -> String {
    let all = migrator(Engine::Sqlite);
    let both = all
        .iter()
        .zip(migrator(Engine::Postgres).migrations.into_owned());
    let mut folded: u64 = 0;
    for (sqlite, postgres) in both {
        for byte in sqlite.checksum.iter().chain(postgres.checksum.iter()) {
            folded = folded.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte);
        }
    }
    format!("{folded:016x}")
}

/// Tries again while another process holds the writer.
async fn patiently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = sqlx::Result<T>>,
{
    let started = Instant::now();
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(error) if !is_busy(&error) => return Err(error.into()),
            Err(_) if started.elapsed() > PATIENCE => return Err(Error::Busy),
            // The driver has waited for the busy timeout already.
            Err(_) => {}
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY and its extended codes (their low byte is 5).
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}
