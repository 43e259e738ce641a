//! What the desk waits for: free slots of a full clinic, the board of a day of five hundred
//! appointments, the queue, a step of an appointment, a booking. Through HTTP, signed in as a
//! receptionist. SQLite writes with `synchronous=FULL`; PostgreSQL as the server it is on is set up.
//!
//! `cargo bench -p clinic-server --bench desk`; settings from the environment: `BENCH_REQUESTS` (400 of
//! each kind), `BENCH_CLIENTS` (4), `BENCH_DATABASE_URL` (a temporary SQLite file; a database that
//! this bench has furnished is used as it is).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench, run by hand"
)]

mod support;

use std::time::Instant;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use clinic_server::Server;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::clinic::{Actor, Clinic, doctors};
use clinic_server::demo::Size;
use clinic_server::store::Session;
use clinic_server::store::appointment_bulk::{self, Row};
use clinic_server::store::available_times::{self, NewWindow};
use clinic_shared::Role;
use clinic_shared::classic::doctors::DoctorInput;
use clinic_shared::client::reqwest;
use clinic_shared::desk::appointments::{Kind, Status};
use serde_json::json;

use support::{Run, ask, number, setting, sign_in, told};

/// How many doctors the clinic has beside the invented ones.
const DOCTORS: i64 = 50;
/// For how many days they are booked.
const DAYS: u64 = 30;
/// Slots of a day: 09:00 to 12:00 and 13:00 to 17:00 in pieces of twenty minutes.
const SLOTS: i64 = 21;
/// The board's day has so many appointments.
const BOARD: usize = 500;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let url = setting("BENCH_DATABASE_URL")
        .unwrap_or_else(|| format!("sqlite://{}", dir.path().join("bench.db").display()));
    let server = support::server(dir.path(), &url, &Size::of(6000)).await;
    let clinic = &server.clinic;
    let house = furnish(clinic).await;
    let rosa = sign_in(&server, "benchdesk", Role::Receptionist).await;
    let requests = number("BENCH_REQUESTS", 400);
    println!(
        "{:?}, {DOCTORS} doctors with {} appointments in {DAYS} days, {} free slots left",
        clinic.db.engine(),
        house.booked,
        house.free.len()
    );
    support::head();
    let desk = format!("{}/v1/api/desk", server.url());
    let (from, to) = (house.first, house.last);
    let part = "part_of_day=afternoon";
    for (what, path) in [
        (
            "the next 50 of anybody",
            format!("slots/?from={from}&to={to}"),
        ),
        (
            "the next 10 of one doctor",
            format!(
                "slots/?from={from}&to={to}&doctor={}&limit=10",
                house.doctor
            ),
        ),
        (
            "the next 50 afternoons",
            format!("slots/?from={from}&to={to}&{part}"),
        ),
        (
            "all that is left in 30 days",
            format!("slots/?from={from}&to={to}&limit=1000"),
        ),
        ("the board of 500", format!("board/?date={}", house.board)),
        (
            "the queue of one doctor",
            format!("queue/?doctor={}", house.doctor),
        ),
    ] {
        let run = ask(&format!("{desk}/{path}"), Some(&rosa), requests).await;
        told(what, vec![run]);
    }
    let run = book(&server, &rosa, &house, requests).await;
    told("book a slot", vec![run]);
    let run = step(&server, &rosa, &house, requests).await;
    told("a step (check in, start, back …)", vec![run]);
    server.shutdown().await;
}

/// The clinic that is measured.
struct House {
    first: NaiveDate,
    last: NaiveDate,
    board: NaiveDate,
    /// One of the doctors.
    doctor: uuid::Uuid,
    booked: usize,
    /// Doctor and beginning of what is left.
    free: Vec<(uuid::Uuid, DateTime<Utc>)>,
    patients: Vec<i64>,
    /// Appointments of a day that is over.
    past: Vec<i64>,
}

/// Fifty doctors whose month is nine tenths full, and one day of five hundred appointments in all.
async fn furnish(clinic: &Clinic) -> House {
    let started = Instant::now();
    let first = clinic.today() + Days::new(60);
    let last = first + Days::new(DAYS - 1);
    let mut tx = clinic.db.begin().await.unwrap();
    let mut windows = Vec::new();
    for (name, starts, ends) in [("09:00 - 12:00", 540, 720), ("13:00 - 17:00", 780, 1020)] {
        let window = NewWindow {
            name,
            starts_at: Some(starts),
            ends_at: Some(ends),
            weekdays: 127,
            slot_minutes: Some(20),
            valid_from: None,
            valid_to: None,
        };
        let row = available_times::insert(&mut tx, &window, clinic.clock.now()).await;
        windows.push(row.unwrap().id);
    }
    let patients = appointment_bulk::patients(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut people = Vec::new();
    for n in 0..DOCTORS {
        people.push(doctor(clinic, n, &windows).await);
    }
    let (mut rows, mut free) = (Vec::new(), Vec::new());
    let past = clinic.today() - Days::new(200);
    let mut dates: Vec<NaiveDate> = first.iter_days().take_while(|date| *date <= last).collect();
    dates.push(past);
    for date in &dates {
        for (n, (number, uid)) in people.iter().enumerate() {
            for slot in 0..SLOTS {
                let starts_at = slot_of(*date, slot);
                // A tenth of the slots is left, in no order that repeats by the day.
                let left = (slot + n as i64 * 7 + i64::from(date.ordinal()) * 3) % 10 == 0;
                if left && *date != past {
                    free.push((*uid, starts_at));
                    continue;
                }
                let patient = patients[n * 100 + usize::try_from(slot).unwrap()];
                let window = windows[usize::from(slot >= 9)];
                rows.push(row(patient, *number, window, *date, starts_at));
            }
        }
    }
    // The board's day is emptied to five hundred.
    let board = last;
    let mut kept = 0;
    rows.retain(|row| {
        row.date != board || {
            kept += 1;
            kept <= BOARD
        }
    });
    let mut tx = clinic.db.begin().await.unwrap();
    for some in rows.chunks(2000) {
        appointment_bulk::insert(&mut tx, some).await.unwrap();
    }
    let of_past: Vec<(i64,)> = tx
        .sql("SELECT id FROM appointment WHERE date = $1 AND status = 'confirmed' ORDER BY id")
        .bind(past)
        .all()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    free.retain(|(_, starts_at)| starts_at.date_naive() != board);
    println!(
        "{} appointments put in {:.1} s",
        rows.len(),
        started.elapsed().as_secs_f64()
    );
    House {
        first,
        last,
        board,
        doctor: people[0].1,
        booked: rows.len(),
        free,
        patients,
        past: of_past.into_iter().map(|(id,)| id).collect(),
    }
}

fn slot_of(date: NaiveDate, slot: i64) -> DateTime<Utc> {
    let minutes = match slot < 9 {
        true => 540 + 20 * slot,
        false => 780 + 20 * (slot - 9),
    };
    date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes)
}

fn row(patient: i64, doctor: i64, window: i64, date: NaiveDate, at: DateTime<Utc>) -> Row {
    Row {
        patient_id: patient,
        doctor_id: doctor,
        available_time_id: window,
        date,
        starts_at: Some(at),
        ends_at: Some(at + TimeDelta::minutes(20)),
        at,
        kind: Kind::Offline,
        status: Status::Confirmed,
        overbooked: false,
        symptoms: "An appointment of a bench.",
        meeting_link: None,
        is_paid: false,
        cancelled_by: None,
        cancel_reason: None,
        cancelled_late: false,
        checked_in_at: None,
        started_at: None,
        completed_at: None,
        ticket: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

async fn doctor(clinic: &Clinic, n: i64, windows: &[i64]) -> (i64, uuid::Uuid) {
    let newcomer = Newcomer {
        username: format!("benchdoctor{n}"),
        email: format!("benchdoctor{n}@example.org"),
        first_name: "Doctor".to_owned(),
        last_name: format!("{n:02}"),
        password: None,
        role: Role::Doctor,
        is_verified: true,
        awaits_activation: false,
    };
    let nobody = Actor::nobody(None);
    let account = accounts::create(clinic, &nobody, newcomer).await.unwrap();
    let input = DoctorInput {
        fee: 500.into(),
        available_time: Some(windows.iter().copied().map(Into::into).collect()),
        ..DoctorInput::default()
    };
    let made = doctors::create_verified(clinic, &nobody, account.id, input, None).await;
    let made = made.unwrap();
    (made.number, made.id)
}

/// Books what is left, one slot after the other.
async fn book(server: &Server, bearer: &str, house: &House, requests: u64) -> Run {
    let url = format!("{}/v1/api/desk/appointments/", server.url());
    let client = reqwest::Client::new();
    let started = Instant::now();
    let mut times = Vec::new();
    let requests = usize::try_from(requests).unwrap();
    for (n, (doctor, starts_at)) in house.free.iter().take(requests).enumerate() {
        let patient = house.patients[house.patients.len() - 1 - n % 400];
        let body = json!({ "record_number": patient.to_string(), "doctor": doctor,
            "starts_at": starts_at });
        let started = Instant::now();
        let sent = client.post(&url).bearer_auth(bearer).json(&body).send();
        let answer = sent.await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        times.push(started.elapsed());
        assert_eq!(status.as_u16(), 201, "{text}");
    }
    Run {
        times,
        took: started.elapsed(),
    }
}

/// Checks patients of a day long ago in, has them start, sends them back, and so on.
async fn step(server: &Server, bearer: &str, house: &House, requests: u64) -> Run {
    let client = reqwest::Client::new();
    let started = Instant::now();
    let mut times = Vec::new();
    let requests = usize::try_from(requests).unwrap();
    for step in ["check-in", "start", "back-to-waiting", "start", "complete"] {
        for id in house.past.iter().take(requests.div_ceil(5)) {
            let url = format!("{}/v1/api/desk/appointments/{id}/{step}/", server.url());
            let started = Instant::now();
            let sent = client
                .post(&url)
                .bearer_auth(bearer)
                .json(&json!({}))
                .send();
            let answer = sent.await.unwrap();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            times.push(started.elapsed());
            assert_eq!(status.as_u16(), 200, "{step}: {text}");
        }
    }
    Run {
        times,
        took: started.elapsed(),
    }
}
