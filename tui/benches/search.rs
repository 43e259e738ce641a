//! From a keystroke in the search to its results on the screen: the loop, the client, a server on
//! loopback and its database, all in this process.
//!
//! `cargo bench -p clinic-tui --bench search`; settings from the environment: `BENCH_PATIENTS`
//! (20000; a million takes minutes to put in), `BENCH_WORDS` (12).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that can not go on fails, and its table is printed"
)]

#[path = "../tests/support/terminal.rs"]
#[allow(dead_code, reason = "measures with its part")]
mod terminal;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic_server::clinic::Actor;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::config::Config;
use clinic_server::{Server, demo};
use clinic_shared::Role;
use clinic_shared::client::{Client, PatientQuery};
use clinic_tui::credentials::MemoryStore;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Options, Start, run};
use terminal::{Person, terminal};

/// The patients that are put in are always the same.
const SEED: u64 = 1;
/// Who searches.
const USER: &str = "rosa";
const PASSWORD: &str = "a benchmark is no secret";

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var_os(name).and_then(|value| value.into_string().ok());
    text.map_or(default, |text| text.parse().unwrap())
}

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let config = Config::embedded(directory.path()).unwrap();
    let server = Server::start(&config).await.unwrap();
    let count = number("BENCH_PATIENTS", 20_000);
    demo::fill(&server.clinic.db, count, SEED, |_| {})
        .await
        .unwrap();
    println!("{count} patients put in after {:.0?}", begun.elapsed());

    hire(&server).await;
    let client = Client::new(&server.url()).unwrap();
    client.sign_in(USER, PASSWORD).await.unwrap();
    let start = Start {
        server: server.url(),
        user: None,
        who: Some(client.me().await.unwrap()),
        client: Some(client.clone()),
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log: clinic_tui::log::Ring::default(),
        options: Options::default(),
    };
    let (mut screen, input, person) = terminal(120, 40);
    let script = async {
        type_names(&person, &client).await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(run(&mut screen, input, start), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
    server.shutdown().await;
}

/// Makes the receptionist's account.
async fn hire(server: &Server) {
    let newcomer = Newcomer {
        username: USER.to_owned(),
        email: "rosa@example.org".to_owned(),
        first_name: "Rosa".to_owned(),
        last_name: "Winter".to_owned(),
        password: Some(PASSWORD.to_owned()),
        role: Role::Receptionist,
        is_verified: true,
        awaits_activation: false,
    };
    let nobody = Actor::nobody(None);
    accounts::create(&server.clinic, &nobody, newcomer)
        .await
        .unwrap();
}

/// Types names letter by letter, and waits for the results of each.
async fn type_names(person: &Person, client: &Client) {
    person.sees("[F2 Today]").await;
    person.press("f3");
    person.sees("[F3 Patients]").await;
    let words = usize::try_from(number("BENCH_WORDS", 12)).unwrap();
    let names: Vec<String> = demo::People::of_seed(SEED)
        .map(|person| person.full_name.to_lowercase())
        .filter(|name| name.is_ascii())
        .step_by(97)
        .take(words)
        .collect();
    let mut took: BTreeMap<usize, Vec<Duration>> = BTreeMap::new();
    for name in names {
        let mut typed = String::new();
        let mut last = String::new();
        for letter in name.chars().take(8) {
            typed.push(letter);
            let first = first(client, &typed).await;
            let begun = Instant::now();
            person.type_text(&letter.to_string());
            let shown = format!("▸ {first}");
            // Where the best match stays the same, its arrival can't be seen.
            if first == last {
                continue;
            }
            person.sees(&shown).await;
            took.entry(typed.len()).or_default().push(begun.elapsed());
            last = first;
        }
        person.press("ctrl-u");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    println!("\nkeystroke to results on the screen, loopback (aim: 100 ms)");
    for (letters, took) in &mut took {
        line(&format!("letter {letters}"), took);
    }
    let mut all: Vec<Duration> = took.into_values().flatten().collect();
    line("all", &mut all);
}

/// The record number of the best match.
async fn first(client: &Client, search: &str) -> String {
    let query = PatientQuery {
        search: Some(search.to_owned()),
        ..PatientQuery::default()
    };
    let found = client.patients(&query).await.unwrap();
    let row = found.results.into_iter().next();
    row.map(|row| row.record_number).unwrap_or_default()
}

fn line(what: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    println!(
        "  {what:<9} {:>4} times  p50 {:>8.1?}  p95 {:>8.1?}  longest {:>8.1?}",
        took.len(),
        at(50),
        at(95),
        took[took.len() - 1]
    );
}
