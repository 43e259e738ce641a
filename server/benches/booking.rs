//! What a booking takes: through the rule alone, and through HTTP, signed in. SQLite writes with
//! `synchronous=FULL`; PostgreSQL as the server it is on is set up.
//!
//! `cargo bench -p clinic-server --bench booking`; settings from the environment: `BENCH_PATIENTS`
//! (1000), `BENCH_BOOKINGS` (1000 of each kind), `BENCH_CLIENTS` (4), `BENCH_DATABASE_URL` (a
//! temporary SQLite file; a database that holds a clinic is used as it is).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, run by hand"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::{Days, NaiveDate};
use clinic_server::Server;
use clinic_server::clinic::appointments::{Request, When, book};
use clinic_server::clinic::{Actor, Clinic, Refusal};
use clinic_server::demo::Size;
use clinic_server::store::{Session, appointment_bulk};
use clinic_shared::Role;
use clinic_shared::client::reqwest;
use clinic_shared::desk::appointments::Kind;
use serde_json::json;

use support::{Run, number, setting, sign_in, told};

/// What can be booked: doctors with their windows, each of which has a clock.
struct Offer {
    windows: Vec<(i64, i64)>,
    patients: Vec<i64>,
    today: NaiveDate,
    /// The next booking's number.
    next: AtomicU64,
}

impl Offer {
    async fn of(clinic: &Clinic) -> Self {
        let mut reader = clinic.db.read().await.unwrap();
        let windows = reader
            .sql(
                "SELECT d.id, w.id FROM doctor d
                 JOIN doctor_available_time l ON l.doctor_id = d.id
                 JOIN available_time w ON w.id = l.available_time_id
                 WHERE d.verified_at IS NOT NULL AND w.weekdays = 31 AND w.starts_at IS NOT NULL
                 ORDER BY 1, 2",
            )
            .all()
            .await
            .unwrap();
        Offer {
            windows,
            patients: appointment_bulk::patients(&mut reader).await.unwrap(),
            today: clinic.today(),
            next: AtomicU64::new(0),
        }
    }

    /// Another patient, doctor, window and weekday each time.
    fn request(&self, when: impl Fn(NaiveDate) -> When) -> Request {
        let at = self.next.fetch_add(1, Ordering::Relaxed) as usize;
        let (doctor, window) = self.windows[at % self.windows.len()];
        Request {
            patient: self.patients[at % self.patients.len()],
            doctor,
            window,
            when: when(self.weekday(at as u64)),
            kind: Kind::Offline,
            symptoms: "A booking of a bench.".to_owned(),
        }
    }

    /// Beyond what the invented diary has, twelve bookings a day: so many fit into a patient's.
    fn weekday(&self, at: u64) -> NaiveDate {
        let monday = self.today.week(chrono::Weekday::Mon).first_day();
        let day = at / 12;
        monday + Days::new(21 + day / 5 * 7 + day % 5)
    }
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let url = setting("BENCH_DATABASE_URL")
        .unwrap_or_else(|| format!("sqlite://{}", dir.path().join("bench.db").display()));
    let size = Size::of(number("BENCH_PATIENTS", 1000));
    let server = support::server(dir.path(), &url, &size).await;
    let (bookings, clients) = (number("BENCH_BOOKINGS", 1000), number("BENCH_CLIENTS", 4));
    let offer = Arc::new(Offer::of(&server.clinic).await);
    println!(
        "{:?}, {bookings} bookings of each kind",
        server.clinic.db.engine()
    );
    support::head();
    for clients in [1, clients] {
        let run = through_the_rule(&server, &offer, clients, bookings, When::On).await;
        told(
            &format!("the rule, on a date, {clients} at once"),
            vec![run],
        );
        let run = through_the_rule(&server, &offer, clients, bookings, |_| When::Next).await;
        told(
            &format!("the rule, the next free one, {clients} at once"),
            vec![run],
        );
        let run = through_http(&server, &offer, clients, bookings).await;
        told(
            &format!("POST /appointments/, {clients} at once"),
            vec![run],
        );
    }
    server.shutdown().await;
}

/// Books by the domain's own function. Times count whether booked or refused for being taken; more
/// than a tenth of refusals is no measurement.
async fn through_the_rule(
    server: &Server,
    offer: &Arc<Offer>,
    clients: u64,
    bookings: u64,
    when: fn(NaiveDate) -> When,
) -> Run {
    let started = Instant::now();
    let tasks = (0..clients).map(|_| {
        let (clinic, offer) = (server.clinic.clone(), Arc::clone(offer));
        tokio::spawn(async move {
            let (mut times, mut refused) = (Vec::new(), 0);
            for _ in 0..bookings.div_ceil(clients) {
                let request = offer.request(when);
                let started = Instant::now();
                let booked = Box::pin(book(&clinic, &Actor::nobody(None), &request)).await;
                times.push(started.elapsed());
                match booked {
                    Ok(_) => {}
                    Err(Refusal::Unbookable(_)) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            assert!(refused * 10 <= times.len(), "{refused} refused");
            times
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    Run {
        times,
        took: started.elapsed(),
    }
}

/// Books as patients do, each client signed in as its own.
async fn through_http(server: &Server, offer: &Arc<Offer>, clients: u64, bookings: u64) -> Run {
    let mut bearers = Vec::new();
    for client in 0..clients {
        bearers.push(sign_in(server, &format!("patient{client}"), Role::Patient).await);
    }
    let started = Instant::now();
    let tasks = bearers.into_iter().map(|bearer| {
        let (url, offer) = (format!("{}/appointments/", server.url()), Arc::clone(offer));
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let (mut times, mut refused) = (Vec::new(), 0);
            for _ in 0..bookings.div_ceil(clients) {
                let request = offer.request(When::On);
                let When::On(date) = request.when else {
                    continue;
                };
                let body = json!({
                    "doctor": request.doctor,
                    "time": request.window,
                    "date": date,
                    "appointment_type": "Offline",
                    "symptoms": request.symptoms,
                });
                let started = Instant::now();
                let sent = client.post(&url).bearer_auth(&bearer).json(&body).send();
                let answer = sent.await.unwrap();
                let status = answer.status().as_u16();
                let text = answer.text().await.unwrap();
                times.push(started.elapsed());
                match status {
                    201 => {}
                    400 => refused += 1,
                    _ => panic!("{status}: {text}"),
                }
            }
            assert!(refused * 10 <= times.len(), "{refused} refused");
            times
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    Run {
        times,
        took: started.elapsed(),
    }
}
