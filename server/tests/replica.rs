//! A standby that answers lists, with a real one: `WITH_REPLICA=1 scripts/with-postgres cargo test
//! -p clinic-server --test replica`. Without one (no `TEST_REPLICA_URL`) these tests are skipped, or
//! fail with `REQUIRE_REPLICA=1`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures,
    clippy::print_stdout,
    reason = "a test that panics fails, which is what it is for"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::net::{TcpListener, TcpStream};

use support::db::TestDb;
use support::server::{TestServer, get, post};

/// The standby is one for all of these tests, and some of them stop it.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}

fn standby() -> Option<String> {
    let url = variable("TEST_REPLICA_URL");
    if url.is_none() {
        assert_ne!(
            variable("REQUIRE_REPLICA").as_deref(),
            Some("1"),
            "REQUIRE_REPLICA=1, but TEST_REPLICA_URL is not set"
        );
        println!("skipped: TEST_REPLICA_URL is not set");
    }
    url
}

/// The standby's address, between which and the server this test stands.
struct Between {
    url: String,
    open: Arc<AtomicBool>,
}

impl Between {
    /// Of the database at `primary`, which the standby has under the same name.
    async fn of(primary: &str, standby: &str) -> Self {
        let (_, name) = primary.rsplit_once('/').unwrap();
        let to = standby.split('@').nth(1).unwrap();
        let to = to.split('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let open = Arc::new(AtomicBool::new(true));
        let is_open = Arc::clone(&open);
        tokio::spawn(async move {
            loop {
                let (mut from, _) = listener.accept().await.unwrap();
                let (to, is_open) = (to.clone(), Arc::clone(&is_open));
                tokio::spawn(async move {
                    if !is_open.load(Ordering::Relaxed) {
                        return;
                    }
                    let mut to = TcpStream::connect(to).await.unwrap();
                    let closed = async {
                        while is_open.load(Ordering::Relaxed) {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                    };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
                        () = closed => {}
                    }
                });
            }
        });
        Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/{name}"),
            open,
        }
    }

    fn set(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
    }
}

async fn on(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
}

/// How many sessions of servers have run something on the standby's copy of this database.
async fn statements(standby: &str, database: &str) -> i64 {
    let mut connection = PgConnection::connect(standby).await.unwrap();
    let (count,): (i64,) = sqlx::query_as(
        "SELECT coalesce(max(xact_commit), 0) FROM pg_stat_database WHERE datname = $1",
    )
    .bind(database)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    count
}

/// How many sign-ins the audit's list shows.
async fn sign_ins(client: &Client) -> u64 {
    let (status, page) = get(client, "/v1/api/desk/audit/?action=sign_in&limits=1").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["count"].as_u64().unwrap()
}

/// Waits until something is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn server(db: TestDb, between: &Between) -> TestServer {
    TestServer::start_with(db, &[("DATABASE_REPLICA_URL", &between.url)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_may_be_behind_and_records_are_not() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (Some(standby), Some(db)) = (standby(), TestDb::postgres().await) else {
        return;
    };
    let primary = db.url.clone();
    let between = Between::of(&primary, &standby).await;
    let on_server = server(db, &between).await;
    let boss = on_server.sign_in(Role::Admin, "boss").await;
    // Until the standby is found fit, the list comes from the database itself; then from it, and the
    // newest is not there while the standby stands still.
    until("the standby has what there is", async || {
        sign_ins(&boss).await == 1
    })
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    on(&standby, "SELECT pg_wal_replay_pause()").await;
    on_server.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(sign_ins(&boss).await, 1, "the list is the standby's");
    let desk = "/v1/api/desk/patients/";
    let (status, made) = post(&boss, desk, json!({"full_name": "Ana García"})).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, found) = get(&boss, &format!("{desk}?search=garcia")).await;
    assert_eq!(found["count"], 1, "who was registered just now is found");
    let path = format!("{desk}{}/", made["id"].as_str().unwrap());
    assert_eq!(get(&boss, &path).await.0, StatusCode::OK);
    // Too far behind: not asked any more.
    until("it is too far behind", async || sign_ins(&boss).await == 2).await;
    on(&standby, "SELECT pg_wal_replay_resume()").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_is_away_costs_nothing_and_is_used_again() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let (Some(standby), Some(db)) = (standby(), TestDb::postgres().await) else {
        return;
    };
    let primary = db.url.clone();
    let (_, name) = primary.rsplit_once('/').unwrap();
    let between = Between::of(&primary, &standby).await;
    // It is away when the server starts.
    between.set(false);
    let on_server = server(db, &between).await;
    let boss = on_server.sign_in(Role::Admin, "boss").await;
    assert_eq!(sign_ins(&boss).await, 1);
    for _ in 0..2 {
        between.set(true);
        let before = statements(&standby, name).await;
        until("it is used", async || {
            for _ in 0..20 {
                assert_eq!(sign_ins(&boss).await, 1);
            }
            // More than the server's own looking.
            statements(&standby, name).await > before + 30
        })
        .await;
        // It goes away between two requests: the next is answered, and at once.
        between.set(false);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let began = Instant::now();
        assert_eq!(sign_ins(&boss).await, 1);
        let took = began.elapsed();
        assert!(took < Duration::from_millis(900), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_follows_nobody_is_not_taken_for_a_standby() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
    let Some(other) = TestDb::postgres().await else {
        return;
    };
    let settings = [("DATABASE_REPLICA_URL", other.url.as_str())];
    let on_server = TestServer::start_with(db, &settings).await;
    let boss = on_server.sign_in(Role::Admin, "boss").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(sign_ins(&boss).await, 1, "the other one is empty");
}
