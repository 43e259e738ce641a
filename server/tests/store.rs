//! The two engines: opening, migrating, sessions, and that both schemas are one.
#![allow(
    clippy::unwrap_used,
    clippy::large_futures,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on fails"
)]

mod support;

use clinic_server::store::migrate::{self, Error};
use clinic_server::store::{Db, Recorder, Session, Settings, Sql, open, unique_violation};
use std::sync::Arc;
use support::db::{TestDb, both};

const PUT: &str = "INSERT INTO counter (name, value) VALUES ($1, $2)";
/// How many there are beside those that the migrations made.
const COUNT: &str = "SELECT count(*) FROM counter
    WHERE name NOT IN ('appointments', 'reviews')";

both! {
    async fn what_was_committed_is_read_and_what_was_dropped_is_not(t: &TestDb) {
        let mut tx = t.db.begin().await.unwrap();
        tx.sql(PUT).bind("kept").bind(1_i64).run().await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.db.begin().await.unwrap();
        tx.sql(PUT).bind("dropped").bind(1_i64).run().await.unwrap();
        drop(tx);
        let mut reader = t.db.read().await.unwrap();
        let names: Vec<(String,)> = reader
            .sql("SELECT name FROM counter WHERE name NOT IN ('appointments', 'patients', 'reviews')")
            .all()
            .await
            .unwrap();
        assert_eq!(names, [("kept".to_owned(),)]);
    }

    async fn a_reader_can_not_write(t: &TestDb) {
        let mut reader = t.db.read().await.unwrap();
        let error = reader.sql(PUT).bind("x").bind(1_i64).run().await.unwrap_err().to_string();
        assert!(error.contains("read-only") || error.contains("readonly"), "{error}");
        let (count,): (i64,) = reader.sql(COUNT).one().await.unwrap();
        assert_eq!(count, 1);
    }

    async fn a_value_too_few_is_an_error_and_no_null(t: &TestDb) {
        let mut tx = t.db.begin().await.unwrap();
        let error = tx.sql(PUT).bind("x").run().await.unwrap_err().to_string();
        assert!(error.contains("1 values are bound, but the statement wants 2"), "{error}");
        let error = tx.sql(PUT).bind("x").bind(1_i64).bind(2_i64).run().await.unwrap_err();
        assert!(error.to_string().contains("3 values are bound"), "{error}");
    }

    async fn a_unique_violation_has_one_name_on_both_engines(t: &TestDb) {
        let twice = "INSERT INTO account (uid, username, username_key, email, email_key, first_name,
                         last_name, role, is_active, is_verified, search, created_at, updated_at)
                     VALUES ($1, $2, $2, $3, $3, '', '', 'admin', true, true, '', $4, $4)";
        let at: chrono::DateTime<chrono::Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut tx = t.db.begin().await.unwrap();
        let insert = tx.sql(twice).bind(uuid::Uuid::from_u128(1)).bind("ana").bind("a@b.co");
        insert.bind(at).run().await.unwrap();
        let error = tx
            .sql(twice)
            .bind(uuid::Uuid::from_u128(2))
            .bind("ana")
            .bind("c@d.co")
            .bind(at)
            .run()
            .await
            .unwrap_err();
        assert_eq!(unique_violation(&error).as_deref(), Some("account_username_key_key"));
    }

    async fn a_recorder_sees_statements_and_makes_one_fail(t: &TestDb) {
        let recorder = Arc::new(Recorder::new());
        let db = t.db.recorded(&recorder);
        let mut tx = db.begin().await.unwrap();
        tx.sql(PUT).bind("x").bind(1_i64).run().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(recorder.texts(), [PUT, Recorder::COMMIT]);

        recorder.clear();
        recorder.fail_at(2);
        let mut tx = db.begin().await.unwrap();
        tx.sql(PUT).bind("y").bind(1_i64).run().await.unwrap();
        tx.commit().await.unwrap_err();
        let mut reader = db.read().await.unwrap();
        let (count,): (i64,) = reader.sql(COUNT).one().await.unwrap();
        assert_eq!(count, 2, "the failed commit changed nothing");
    }

    async fn migrating_again_changes_nothing(t: &TestDb) {
        migrate::run(&t.db).await.unwrap();
        let status = migrate::status(&t.db).await.unwrap();
        assert_eq!(status.applied, status.known);
        assert!(status.pending.is_empty());
    }

    async fn a_newer_database_is_refused_in_a_sentence(t: &TestDb) {
        let mut tx = t.db.begin().await.unwrap();
        tx.sql(Sql {
            sqlite: "INSERT INTO _sqlx_migrations VALUES (9999, 'later', '2099-01-01', true, x'00', 0)",
            postgres: "INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, '\\x00', 0)",
        })
        .run()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let error = migrate::run(&t.db).await.unwrap_err();
        assert!(matches!(error, Error::Newer(9999)), "{error:?}");
        assert!(error.to_string().contains("newer version of this program"), "{error}");
    }
}

/// Servers that start at once on one fresh database all come up, and each migration ran once.
async fn migrates_once(fresh: &TestDb) {
    let status = migrate::status(&fresh.db).await.unwrap();
    assert_eq!(status.applied, 0);
    assert!(!status.pending.is_empty());
    let mut servers = Vec::new();
    for _ in 0..4 {
        servers.push(Db::open(&Settings::new(&fresh.url)).await.unwrap());
    }
    let starts = servers.iter().cloned().map(|db| {
        tokio::spawn(async move { migrate::run(&db).await.map_err(|error| error.to_string()) })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.unwrap().unwrap();
    }
    let status = migrate::status(&fresh.db).await.unwrap();
    assert_eq!(status.applied, status.known);
    assert!(status.pending.is_empty(), "{:?}", status.pending);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_migrate_once_on_sqlite() {
    migrates_once(&TestDb::empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_migrate_once_on_postgres() {
    if let Some(fresh) = TestDb::empty_postgres().await {
        migrates_once(&fresh).await;
    }
}

async fn refusal(url: &str) -> open::Error {
    match Db::open(&Settings::new(url)).await {
        Ok(_) => panic!("{url} opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_can_not_be_opened_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        refusal("mysql://root@localhost/clinic").await,
        open::Error::Scheme
    ));
    assert!(matches!(refusal("sqlite://").await, open::Error::NoFile));
    assert!(matches!(
        refusal("sqlite://:memory:").await,
        open::Error::NoFile
    ));

    let missing = format!(
        "sqlite://{}/no/such/folder/clinic.db",
        folder.path().display()
    );
    let error = refusal(&missing).await;
    assert!(matches!(error, open::Error::Unwritable { .. }), "{error:?}");
    assert!(error.to_string().contains("create its folder"), "{error}");

    let rubbish = folder.path().join("rubbish.db");
    std::fs::write(
        &rubbish,
        "this is a letter and no database, and long enough to be sure",
    )
    .unwrap();
    let error = refusal(&format!("sqlite://{}", rubbish.display())).await;
    assert!(
        matches!(error, open::Error::NotADatabase { .. }),
        "{error:?}"
    );

    // Nobody listens on port 1.
    let error = refusal("postgres://somebody:secret@127.0.0.1:1/clinic").await;
    assert!(
        matches!(error, open::Error::Unreachable { .. }),
        "{error:?}"
    );
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_from_a_server_that_is_not() {
    let Some(t) = TestDb::empty_postgres().await else {
        return;
    };
    let error = refusal(&format!("{}_not", t.url)).await;
    assert!(matches!(error, open::Error::NoDatabase), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let t = TestDb::sqlite().await;
    let path = t.url.strip_prefix("sqlite://").unwrap();
    for file in [
        path.to_owned(),
        format!("{path}-wal"),
        format!("{path}-shm"),
    ] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_hears_what_was_committed_and_nothing_else() {
    use clinic_server::store::notify::{Listener, notify};
    let embedded = TestDb::sqlite().await;
    assert!(
        Listener::open(&embedded.db, &["changes"])
            .await
            .unwrap()
            .is_none()
    );
    let mut tx = embedded.db.begin().await.unwrap();
    notify(&mut tx, "changes", "nobody hears").await.unwrap();

    let Some(t) = TestDb::postgres().await else {
        return;
    };
    let mut listener = Listener::open(&t.db, &["dropped", "committed"])
        .await
        .unwrap()
        .unwrap();
    let mut tx = t.db.begin().await.unwrap();
    notify(&mut tx, "dropped", "").await.unwrap();
    drop(tx);
    let mut tx = t.db.begin().await.unwrap();
    notify(&mut tx, "committed", "").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listener.next().await.unwrap().as_deref(), Some("committed"));
}
