//! What a list of 100 and a search cost through the API, signed in, checked and audited, against
//! the same query and JSON by bare poem and sqlx (DESIGN "Bars for the whole": ≥ 0.8).
//!
//! `cargo bench -p clinic-server --bench lists`; settings from the environment: `BENCH_PATIENTS`
//! (10000), `BENCH_REQUESTS` (2000 a run), `BENCH_CLIENTS` (4), `BENCH_POSTGRES_URL` (an empty
//! database; without it SQLite only). Both servers are asked in turns, so that both meet the same
//! machine.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, run by hand"
)]

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clinic_server::clinic::Actor;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::config::Config;
use clinic_server::{Server, demo};
use clinic_shared::Role;
use clinic_shared::client::{Client, reqwest};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json, Query};
use poem::{EndpointExt, Route, handler};
use sqlx::{PgPool, SqlitePool};
use uuid::Uuid;

const PASSWORD: &str = "a bench is no secret";

#[derive(serde::Serialize, sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: i64,
    full_name: String,
    birth_date: Option<NaiveDate>,
    gender: Option<String>,
    phone: Option<String>,
    has_account: bool,
}

#[derive(serde::Serialize)]
struct Page {
    count: i64,
    next: Option<String>,
    results: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Asked {
    search: Option<String>,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

macro_rules! columns {
    () => {
        "SELECT p.uid AS id, p.id AS number, p.full_name, p.birth_date, p.gender, p.phone, \
         p.account_id IS NOT NULL AS has_account FROM patient p \
         LEFT JOIN account a ON a.id = p.account_id "
    };
}
const LIST: &str = concat!(
    columns!(),
    "WHERE p.retired_at IS NULL ORDER BY p.id DESC LIMIT 100"
);
const SEARCH: &str = concat!(
    columns!(),
    "WHERE p.retired_at IS NULL AND p.id IN \
     (SELECT patient_id FROM patient_word WHERE word >= $1 AND word < $2) \
     ORDER BY p.name_key, p.id LIMIT 100"
);
const COUNT: &str = "SELECT value FROM counter WHERE name = 'patients'";

#[handler]
async fn bare(pool: Data<&Pool>, Query(asked): Query<Asked>) -> Json<Page> {
    let from = asked.search.clone().unwrap_or_default();
    let to = format!("{from}\u{10ffff}");
    let sql = if asked.search.is_some() { SEARCH } else { LIST };
    let (results, count): (Vec<Row>, (i64,)) = match &*pool {
        Pool::Sqlite(pool) => {
            let mut query = sqlx::query_as(sql);
            if asked.search.is_some() {
                query = query.bind(from).bind(to);
            }
            (
                query.fetch_all(pool).await.unwrap(),
                sqlx::query_as(COUNT).fetch_one(pool).await.unwrap(),
            )
        }
        Pool::Postgres(pool) => {
            let mut query = sqlx::query_as(sql);
            if asked.search.is_some() {
                query = query.bind(from).bind(to);
            }
            (
                query.fetch_all(pool).await.unwrap(),
                sqlx::query_as(COUNT).fetch_one(pool).await.unwrap(),
            )
        }
    };
    Json(Page {
        count: count.0,
        next: None,
        results,
    })
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}", dir.path().join("bench.db").display());
    run("SQLite", dir.path(), &sqlite).await;
    if let Some(url) = setting("BENCH_POSTGRES_URL") {
        run("PostgreSQL", dir.path(), &url).await;
    }
}

async fn run(engine: &str, dir: &std::path::Path, url: &str) {
    let patients = number("BENCH_PATIENTS", 10_000);
    let data_dir = dir.to_string_lossy().into_owned();
    let config = Config::from_lookup(|name| match name {
        "DATA_DIR" => Some(data_dir.clone()),
        "DATABASE_URL" => Some(url.replace("sqlite://", "sqlite:///")),
        "SECRET_KEY" => Some("a key for benches only, of more than 32 bytes".to_owned()),
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        "RATE_LIMITS" => Some("off".to_owned()),
        "JWT_ACCESS_LIFETIME" => Some("8h".to_owned()),
        _ => None,
    })
    .unwrap();
    let server = Server::start(&config).await.unwrap();
    demo::fill(&server.clinic.db, patients, 1, |_| {})
        .await
        .unwrap();
    let newcomer = Newcomer {
        username: "bench".to_owned(),
        email: "bench@example.org".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        password: Some(PASSWORD.to_owned()),
        role: Role::Receptionist,
        is_verified: true,
    };
    accounts::create(&server.clinic, &Actor::nobody(None), newcomer)
        .await
        .unwrap();
    let client = Client::new(&server.url()).unwrap();
    let access = client.sign_in("bench", PASSWORD).await.unwrap().access;

    let pool = match url.starts_with("sqlite") {
        true => Pool::Sqlite(SqlitePool::connect(url).await.unwrap()),
        false => Pool::Postgres(PgPool::connect(url).await.unwrap()),
    };
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .unwrap();
    let address = acceptor.local_addr()[0]
        .as_socket_addr()
        .unwrap()
        .to_string();
    let plain = Route::new().at("/", poem::get(bare)).data(pool);
    tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(plain));

    println!(
        "{engine}, {patients} patients, {} clients",
        number("BENCH_CLIENTS", 4)
    );
    println!("{:32} {:>9} {:>9} {:>9}", "", "p50 ms", "p95 ms", "per s");
    for (what, query) in [("list of 100", ""), ("search of 100", "&search=ma")] {
        let ours = format!("{}/v1/api/desk/patients/?limits=100{query}", server.url());
        let theirs = format!("http://{address}/?{}", query.trim_start_matches('&'));
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            fast.push(ask(&ours, Some(&access)).await);
            plain.push(ask(&theirs, None).await);
        }
        let (ours, theirs) = (
            told(what, "clinicd", fast),
            told(what, "bare poem + sqlx", plain),
        );
        println!("{:32} {:>29.2}\n", "ratio of throughputs", ours / theirs);
    }
    server.shutdown().await;
}

/// Latencies of all requests, and the time they took together.
async fn ask(url: &str, bearer: Option<&str>) -> (Vec<Duration>, Duration) {
    let (clients, requests) = (number("BENCH_CLIENTS", 4), number("BENCH_REQUESTS", 2000));
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (url, bearer) = (url.to_owned(), bearer.map(str::to_owned));
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                let mut times = Vec::new();
                for _ in 0..requests / clients {
                    let mut request = client.get(&url);
                    if let Some(bearer) = &bearer {
                        request = request.bearer_auth(bearer);
                    }
                    let started = Instant::now();
                    let answer = request.send().await.unwrap().error_for_status().unwrap();
                    answer.bytes().await.unwrap();
                    times.push(started.elapsed());
                }
                times
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    (all, started.elapsed())
}

/// Prints one line and answers the best run's requests a second.
fn told(what: &str, who: &str, runs: Vec<(Vec<Duration>, Duration)>) -> f64 {
    let rate = |(times, took): &(Vec<Duration>, Duration)| times.len() as f64 / took.as_secs_f64();
    let best = runs.iter().map(rate).fold(0.0, f64::max);
    let mut times: Vec<_> = runs.into_iter().flat_map(|(times, _)| times).collect();
    times.sort_unstable();
    let ms = |part: f64| times[(times.len() as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!(
        "{:32} {:9.2} {:9.2} {best:9.0}",
        format!("{what}, {who}"),
        ms(0.5),
        ms(0.95)
    );
    best
}

fn number(name: &str, default: u64) -> u64 {
    setting(name).map_or(default, |text| text.parse().unwrap())
}

fn setting(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}
