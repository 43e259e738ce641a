//! A fresh, migrated database for each test, on either engine.
//!
//! SQLite always: one file is migrated once a process and copied for each test. PostgreSQL when
//! `TEST_DATABASE_URL` names a server and a user who may create databases (e.g.
//! `postgres://postgres@localhost/postgres`): a template is made once for a state of the
//! migrations, under a lock, and cloned for each test. Without the variable the PostgreSQL tests
//! print that they were skipped; with `REQUIRE_POSTGRES=1` they fail instead.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinic_server::store::{Db, Settings, migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database for one test; gone when this is dropped.
pub struct TestDb {
    /// The database, open.
    pub db: Db,
    /// Its URL, so that a whole server can be started on it.
    pub url: String,
    _home: Home,
}

enum Home {
    Folder(TempDir),
    Server { admin: String, name: String },
}

impl TestDb {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("clinic.db");
        std::fs::write(&path, sqlite_template().await).expect("a copy of the template");
        let url = format!("sqlite://{}", path.display());
        let db = Db::open(&settings(&url))
            .await
            .expect("the copied database opens");
        TestDb {
            db,
            url,
            _home: Home::Folder(folder),
        }
    }

    /// On PostgreSQL, if there is one for tests.
    pub async fn postgres() -> Option<Self> {
        let admin = postgres_server()?;
        let template = postgres_template(&admin).await;
        let name = fresh_name();
        create(&admin, &name, Some(&template)).await;
        Some(Self::on_server(admin, name).await)
    }

    /// On PostgreSQL, without any table.
    pub async fn empty_postgres() -> Option<Self> {
        let admin = postgres_server()?;
        let name = fresh_name();
        create(&admin, &name, None).await;
        Some(Self::on_server(admin, name).await)
    }

    /// On SQLite, without any table.
    pub async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("clinic.db").display());
        let db = Db::open(&settings(&url))
            .await
            .expect("a fresh database opens");
        TestDb {
            db,
            url,
            _home: Home::Folder(folder),
        }
    }

    async fn on_server(admin: String, name: String) -> Self {
        let url = url_of(&admin, &name);
        let db = Db::open(&settings(&url))
            .await
            .expect("the cloned database opens");
        TestDb {
            db,
            url,
            _home: Home::Server { admin, name },
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let Home::Server { admin, name } = self else {
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        // Dropped inside a test's runtime, which can't wait here: another one does.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                let mut admin = PgConnection::connect(&admin)
                    .await
                    .expect("the server answers");
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::raw_sql(AssertSqlSafe(drop))
                    .execute(&mut admin)
                    .await
                    .expect("drops");
            });
        });
        let _ = dropping.join();
    }
}

/// Makes two tests, `sqlite` and `postgres`, out of one body over a [`TestDb`]:
///
/// ```ignore
/// both! { async fn a_patient_is_found(t: &TestDb) { … } }
/// ```
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident: &TestDb) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($t: &$crate::support::db::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(&$crate::support::db::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(t) = $crate::support::db::TestDb::postgres().await {
                    body(&t).await;
                }
            }
        }
    )+};
}
pub(crate) use both;

fn settings(url: &str) -> Settings {
    Settings {
        pool_size: 4,
        acquire_timeout: Duration::from_secs(30),
        ..Settings::new(url)
    }
}

async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let t = TestDb::empty_sqlite().await;
            migrate::run(&t.db).await.expect("the migrations run");
            // Closing folds the log into the file.
            t.db.close().await;
            let path = t.url.strip_prefix("sqlite://").expect("an SQLite URL");
            std::fs::read(path).expect("the template reads")
        })
        .await
}

fn postgres_server() -> Option<String> {
    let text = |name| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let url = text("TEST_DATABASE_URL").filter(|url| !url.is_empty());
    if url.is_none() {
        let required = text("REQUIRE_POSTGRES").is_some_and(|value| value == "1");
        assert!(
            !required,
            "REQUIRE_POSTGRES=1, but TEST_DATABASE_URL is not set"
        );
        println!("skipped: TEST_DATABASE_URL is not set");
    }
    url
}

/// The template's name says what was migrated, so it is made once and never stale.
async fn postgres_template(admin: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = || async {
        let name = format!("clinic_template_{}", migrate::fingerprint());
        let mut session = PgConnection::connect(admin)
            .await
            .expect("the server answers");
        // Other test programs may be at it; the lock is this session's.
        sqlx::raw_sql("SELECT pg_advisory_lock(20260001)")
            .execute(&mut session)
            .await
            .expect("lock");
        let there: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_optional(&mut session)
            .await
            .expect("databases are listed");
        if there.is_none() {
            let half = fresh_name();
            create(admin, &half, None).await;
            let db = Db::open(&settings(&url_of(admin, &half)))
                .await
                .expect("the template opens");
            migrate::run(&db).await.expect("the migrations run");
            db.close().await;
            let rename = format!("ALTER DATABASE {half} RENAME TO {name}");
            sqlx::raw_sql(AssertSqlSafe(rename))
                .execute(&mut session)
                .await
                .expect("renamed");
        }
        session.close().await.expect("closes");
        name
    };
    TEMPLATE.get_or_init(make).await.clone()
}

async fn create(admin: &str, name: &str, template: Option<&str>) {
    let mut session = PgConnection::connect(admin)
        .await
        .expect("the server answers");
    let mut create = format!("CREATE DATABASE {name}");
    if let Some(template) = template {
        create.push_str(" TEMPLATE ");
        create.push_str(template);
    }
    sqlx::raw_sql(AssertSqlSafe(create))
        .execute(&mut session)
        .await
        .expect("a new database");
    session.close().await.expect("closes");
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!(
        "clinic_test_{}_{}_{next}",
        std::process::id(),
        since.as_micros()
    )
}

/// The admin URL with another database's name.
fn url_of(admin: &str, name: &str) -> String {
    let (address, options) = match admin.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (admin, String::new()),
    };
    let (_, rest) = address.split_once("://").expect("a URL");
    let end = rest
        .find('/')
        .map_or(address.len(), |at| address.len() - rest.len() + at);
    format!("{}/{name}{options}", &address[..end])
}
