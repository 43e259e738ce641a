//! What lists of 100 and a search cost through the API, signed in, checked and audited, against the
//! same query and JSON by bare poem and sqlx (DESIGN "Bars for the whole": ≥ 0.8), and what deep
//! pages cost.
//!
//! `cargo bench -p clinic-server --bench lists`; settings from the environment: `BENCH_PATIENTS`
//! (10000 patients, appointments and reviews each; or 1000000), `BENCH_REQUESTS` (4000 of each
//! kind), `BENCH_CLIENTS` (4), `BENCH_DATABASE_URL` (a temporary SQLite file; a database that holds a
//! clinic is used as it is).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, run by hand"
)]

mod bare;
#[path = "../support/mod.rs"]
mod support;

use clinic_server::demo::Size;
use clinic_shared::Role;
use clinic_shared::client::reqwest;

use support::{ask, number, setting, sign_in, told};

/// Both servers are asked in so many short turns, and the middle one counts: what else the machine
/// does then falls on both.
const ROUNDS: u64 = 20;

/// A list of ours and the bare one that answers the same.
struct Case {
    name: &'static str,
    ours: &'static str,
    bare: &'static str,
}

const CASES: [Case; 5] = [
    Case {
        name: "100 patients",
        ours: "/v1/api/desk/patients/?limits=100",
        bare: "/patients",
    },
    Case {
        name: "100 patients, searched",
        ours: "/v1/api/desk/patients/?limits=100&search=ma",
        bare: "/patients?search=ma",
    },
    Case {
        name: "100 doctors",
        ours: "/doctors/?limits=100",
        bare: "/doctors",
    },
    Case {
        name: "100 appointments",
        ours: "/appointments/?limits=100",
        bare: "/appointments",
    },
    Case {
        name: "100 reviews",
        ours: "/reviews/?limits=100",
        bare: "/reviews",
    },
];

#[tokio::main]
async fn main() {
    let patients = number("BENCH_PATIENTS", 10_000);
    let size = match patients >= 1_000_000 {
        // Enough visits for a million reviews.
        true => Size {
            busy: 30,
            reviews: 1_000_000,
            ..Size::of(patients)
        },
        false => Size {
            doctors: 120,
            days: 30,
            busy: 21,
            ..Size::of(patients)
        },
    };
    let dir = tempfile::tempdir().unwrap();
    let url = setting("BENCH_DATABASE_URL")
        .unwrap_or_else(|| format!("sqlite://{}", dir.path().join("bench.db").display()));
    let server = support::server(dir.path(), &url, &size).await;
    let access = sign_in(&server, "bench", Role::Receptionist).await;
    let bare = bare::serve(&url).await;
    let requests = number("BENCH_REQUESTS", 4000);

    println!("{:?}, {requests} requests", server.clinic.db.engine());
    support::head();
    for case in &CASES {
        // Among a million the bare one sorts all it finds; `search` measures ours.
        if patients >= 1_000_000 && case.bare.contains("search") {
            continue;
        }
        let ours = format!("{}{}", server.url(), case.ours);
        let theirs = format!("{bare}{}", case.bare);
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            fast.push(ask(&ours, Some(&access), requests / ROUNDS).await);
            plain.push(ask(&theirs, None, requests / ROUNDS).await);
        }
        let ours = told(&format!("{}, clinicd", case.name), fast);
        let theirs = told(&format!("{}, bare poem + sqlx", case.name), plain);
        println!("{:44} {:>39.2}\n", "ratio of throughputs", ours / theirs);
    }

    for (name, path) in deep(&server.url(), &access).await {
        let url = format!("{}{path}", server.url());
        let runs = vec![ask(&url, Some(&access), requests.min(400)).await];
        told(&name, runs);
    }
    server.shutdown().await;
}

/// Lists far from their beginning, and lists that a filter narrows.
async fn deep(server: &str, access: &str) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for list in ["/appointments/", "/reviews/"] {
        let count = read(server, &format!("{list}?limits=1"), access).await["count"]
            .as_i64()
            .unwrap();
        for page in [1, count / 200, count / 100] {
            let path = format!("{list}?limits=100&page={page}");
            pages.push((format!("{list} page {page} of {}", count / 100), path));
        }
    }
    for path in [
        "/appointments/?doctor_id=5&limits=100",
        "/appointments/?patient_id=5&limits=100",
        "/reviews/?doctor=5&limits=100",
        "/reviews/?reviwer=5&limits=100",
        "/reviews/?rating=3&limits=100",
        "/reviews/?search=vogel&limits=100",
        "/reviews/?search=maria&limits=100",
        "/reviews/?search=m&limits=100",
        "/v1/api/desk/appointments/?limits=100",
    ] {
        pages.push((path.to_owned(), path.to_owned()));
    }
    // The last page of a busy day, by its cursor.
    let mut path = "/v1/api/desk/appointments/?limits=100".to_owned();
    loop {
        let page = read(server, &path, access).await;
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = next[next.find("/v1/").unwrap()..].to_owned();
    }
    pages.push(("the day's last page, by cursor".to_owned(), path));
    pages
}

async fn read(server: &str, path: &str, access: &str) -> serde_json::Value {
    let request = reqwest::Client::new().get(format!("{server}{path}"));
    let answer = request.bearer_auth(access).send().await.unwrap();
    answer.error_for_status().unwrap().json().await.unwrap()
}
