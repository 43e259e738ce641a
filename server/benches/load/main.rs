//! A whole clinic at once: half of the clients at the desk, half of them doctors, each with the next
//! request as soon as the last is answered, against `clinicd` processes that share one database (and
//! one Redis). Prints p50, p95 and p99 of each kind of request, and afterwards what must be nothing:
//! answers of 5xx, lost events, double bookings.
//!
//! `cargo bench -p clinic-server --bench load`; settings from the environment: `BENCH_SECONDS` (30),
//! `BENCH_CLIENTS` (70), `BENCH_SERVERS` (1; more need PostgreSQL), `BENCH_DATABASE_URL` (a temporary
//! SQLite file; otherwise an empty database), `BENCH_REDIS_URL` (none).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench that can not go on fails"
)]

mod house;
mod listeners;
mod people;
mod servers;
#[path = "../support/mod.rs"]
mod support;
mod tally;

use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{number, setting};
use tally::Tally;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = format!("sqlite://{}", dir.path().join("clinic.db").display());
    let url = setting("BENCH_DATABASE_URL").unwrap_or(embedded);
    let clients = usize::try_from(number("BENCH_CLIENTS", 70)).unwrap();
    let duration = Duration::from_secs(number("BENCH_SECONDS", 30));
    let house = Arc::new(Box::pin(house::furnish(dir.path(), &url, clients)).await);

    let count = usize::try_from(number("BENCH_SERVERS", 1)).unwrap();
    let servers = servers::start(dir.path(), &url, count).await;
    println!(
        "{count} servers over {}, {clients} clients, {} s",
        url.split(':').next().unwrap_or_default(),
        duration.as_secs()
    );
    let listening = listeners::open(&servers, &house).await;
    let tally = Arc::new(Tally::default());
    let until = Instant::now() + duration;
    let started = Instant::now();
    let mut working = tokio::task::JoinSet::new();
    for n in 0..clients {
        let place = people::Place {
            n,
            client: house.sign_in(n, &servers[n % count].url).await,
            house: Arc::clone(&house),
            tally: Arc::clone(&tally),
            until: until + started.elapsed(),
        };
        match n % 2 {
            0 => working.spawn(place.desk()),
            _ => working.spawn(place.doctor()),
        };
    }
    working.join_all().await;
    tally.print(started.elapsed());
    listening.finish(&tally).await;
    house.find_double_bookings(&servers[0].url).await;
    for server in servers {
        server.stop().await;
    }
}
