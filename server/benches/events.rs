//! Live events: how long after a commit 50 clients are told, while the clinic writes, and what 2000
//! idle streams cost in memory.
//!
//! `cargo bench -p clinic-server --bench events`; settings from the environment: `BENCH_EVENTS` (500),
//! `BENCH_CLIENTS` (50 who are told of each), `BENCH_IDLE` (2000 streams), `BENCH_DATABASE_URL` (a
//! temporary SQLite file).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that can not go on fails"
)]

mod support;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use clinic_server::Server;
use clinic_server::clinic::events;
use clinic_server::demo::Size;
use clinic_shared::Role;
use clinic_shared::classic::accounts::Tokens;
use clinic_shared::client::{Client, Events, Told};
use support::{Run, number, setting, sign_in, told};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(bench());
}

async fn bench() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = format!("sqlite://{}", dir.path().join("clinic.db").display());
    let url = setting("BENCH_DATABASE_URL").unwrap_or(embedded);
    let server = support::server(dir.path(), &url, &Size::of(100)).await;
    let bearer = sign_in(&server, "benchdesk", Role::Receptionist).await;
    println!("{:?}", server.clinic.db.engine());
    support::head();
    let clients = number("BENCH_CLIENTS", 50);
    for (what, pause) in [
        ("one event every 10 ms", Duration::from_millis(10)),
        ("one after the other", Duration::ZERO),
    ] {
        let run = latency(&server, &bearer, clients, pause).await;
        told(&format!("commit to {clients} clients, {what}"), vec![run]);
    }
    idle(&server, &bearer).await;
    server.shutdown().await;
}

async fn stream(server: &Server, bearer: &str) -> Events {
    let client = Client::new(&server.url()).unwrap();
    client.set_tokens(Some(Tokens {
        access: bearer.to_owned(),
        refresh: String::new(),
    }));
    let mut stream = client.events(None).await.unwrap();
    while !matches!(stream.next().await.unwrap(), Some(Told::Ready(_))) {}
    stream
}

/// From the moment a commit returned until each client has read the event.
async fn latency(server: &Server, bearer: &str, clients: u64, pause: Duration) -> Run {
    let count = i64::try_from(number("BENCH_EVENTS", 500)).unwrap();
    let mut reading = Vec::new();
    for _ in 0..clients {
        let mut stream = stream(server, bearer).await;
        reading.push(tokio::spawn(async move {
            let mut seen = Vec::new();
            while seen.len() < usize::try_from(count).unwrap() {
                if let Told::Happened(_, event) = stream.next().await.unwrap().unwrap() {
                    seen.push((event.object.unwrap(), Instant::now()));
                }
            }
            seen
        }));
    }
    let started = Instant::now();
    let mut committed = HashMap::new();
    let clinic = &server.clinic;
    for object in 0..count {
        let mut tx = clinic.db.begin().await.unwrap();
        events::record(&mut tx, clinic, events::CONTACT, object, None, None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        committed.insert(object, Instant::now());
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    let mut times = Vec::new();
    for reader in reading {
        for (object, at) in reader.await.unwrap() {
            // Read before the writer's task ran on after its commit.
            times.push(at.saturating_duration_since(committed[&object]));
        }
    }
    Run {
        times,
        took: started.elapsed(),
    }
}

/// What idle streams cost this process, which holds both of their ends.
async fn idle(server: &Server, bearer: &str) {
    let count = number("BENCH_IDLE", 2000);
    let before = resident();
    let mut streams = Vec::new();
    let started = Instant::now();
    for _ in 0..count {
        streams.push(bare(server, bearer).await);
    }
    println!(
        "\n{count} streams opened in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    // Over a heartbeat, so that they have been at work.
    tokio::time::sleep(Duration::from_secs(20)).await;
    let after = resident();
    println!(
        "resident memory: {before} KiB before, {after} KiB with them: {} KiB each",
        after.saturating_sub(before) / count
    );
}

/// A stream on a bare socket, so that the memory is the server's.
async fn bare(server: &Server, bearer: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "GET /v1/api/events/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {bearer}\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    while !String::from_utf8_lossy(&read).contains("event: ready") {
        let mut some = [0; 1024];
        let count = socket.read(&mut some).await.unwrap();
        read.extend_from_slice(&some[..count]);
    }
    socket
}

/// Resident memory in KiB; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
