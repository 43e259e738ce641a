//! What benches share: settings from the environment, a server over an invented clinic, and
//! latencies told as a line of a table.
#![allow(
    dead_code,
    reason = "each bench is a crate of its own and uses its part"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use clinic_server::Server;
use clinic_server::clinic::Actor;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::config::Config;
use clinic_server::demo::{self, Size};
use clinic_server::store::doctor_lists;
use clinic_shared::Role;
use clinic_shared::client::{Client, reqwest};

/// The password of whoever a bench signs in.
pub(crate) const PASSWORD: &str = "a bench is no secret";
/// The servers' key.
pub(crate) const SECRET: &str = "a key for benches only, of more than 32 bytes";

/// A setting of the environment.
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}

/// The same as a number.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    setting(name).map_or(default, |text| text.parse().unwrap())
}

/// A server over this database, which gets an invented clinic unless it holds one.
pub(crate) async fn server(dir: &Path, url: &str, size: &Size) -> Server {
    let data_dir = dir.to_string_lossy().into_owned();
    let config = Config::from_lookup(|name| match name {
        "DATA_DIR" => Some(data_dir.clone()),
        "DATABASE_URL" => Some(url.replace("sqlite://", "sqlite:///")),
        "SECRET_KEY" => Some(SECRET.to_owned()),
        "LISTEN" => Some("127.0.0.1:0".to_owned()),
        "RATE_LIMITS" => Some("off".to_owned()),
        "JWT_ACCESS_LIFETIME" => Some("8h".to_owned()),
        _ => None,
    })
    .unwrap();
    let server = Server::start(&config).await.unwrap();
    let everybody = doctor_lists::Search::default();
    let mut reader = server.clinic.db.read().await.unwrap();
    let doctors = doctor_lists::count_found(&mut reader, &everybody)
        .await
        .unwrap();
    drop(reader);
    if doctors == 0 {
        let (started, mut since) = (Instant::now(), Instant::now());
        demo::furnish(&server.clinic, size, 1, None, |progress| {
            if progress.done == progress.of {
                let took = since.elapsed().as_secs_f64();
                println!("{} {} put in {took:.1} s", progress.of, progress.what);
                since = Instant::now();
            }
        })
        .await
        .unwrap();
        println!(
            "the clinic put in {:.1} s\n",
            started.elapsed().as_secs_f64()
        );
    }
    server
}

/// Signs somebody in, making the account if it is not there; answers the bearer.
pub(crate) async fn sign_in(server: &Server, username: &str, role: Role) -> String {
    let newcomer = Newcomer {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        first_name: String::new(),
        last_name: String::new(),
        password: Some(PASSWORD.to_owned()),
        role,
        is_verified: true,
        awaits_activation: false,
    };
    // There already, in a database that is used again.
    let _ = accounts::create(&server.clinic, &Actor::nobody(None), newcomer).await;
    let client = Client::new(&server.url()).unwrap();
    client.sign_in(username, PASSWORD).await.unwrap().access
}

/// The latencies of a run, and how long all of it took.
pub(crate) struct Run {
    /// One a request.
    pub(crate) times: Vec<Duration>,
    /// From the first to the last.
    pub(crate) took: Duration,
}

/// Asks for a URL `BENCH_REQUESTS` times from `BENCH_CLIENTS` clients at once.
pub(crate) async fn ask(url: &str, bearer: Option<&str>, requests: u64) -> Run {
    let clients = number("BENCH_CLIENTS", 4);
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (url, bearer) = (url.to_owned(), bearer.map(str::to_owned));
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                let mut times = Vec::new();
                for _ in 0..requests.div_ceil(clients) {
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
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    Run {
        times,
        took: started.elapsed(),
    }
}

/// The head of the table that [`told`] prints lines of.
pub(crate) fn head() {
    println!(
        "{:44} {:>9} {:>9} {:>9} {:>9}",
        "", "p50 ms", "p95 ms", "p99 ms", "per s"
    );
}

/// Prints one line and answers the middle run's requests a second.
pub(crate) fn told(what: &str, runs: Vec<Run>) -> f64 {
    let rate = |run: &Run| run.times.len() as f64 / run.took.as_secs_f64();
    let mut rates: Vec<f64> = runs.iter().map(rate).collect();
    rates.sort_by(f64::total_cmp);
    let middle = rates[rates.len() / 2];
    let mut times: Vec<_> = runs.into_iter().flat_map(|run| run.times).collect();
    times.sort_unstable();
    let ms = |part: f64| times[(times.len() as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!(
        "{what:44} {:9.2} {:9.2} {:9.2} {middle:9.0}",
        ms(0.5),
        ms(0.95),
        ms(0.99)
    );
    middle
}
