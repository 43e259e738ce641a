//! The queue under pressure (API.md §7): its order against a model, many check-ins and walk-ins at
//! once, statements counted, and a database that fails at any of them, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::large_futures,
    reason = "a test that can not go on fails"
)]

mod notes;
mod order;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use clinic_server::clinic::appointments::{self, Asked, Booking, Expected, Request, When, Wish};
use clinic_server::clinic::{Actor, Clinic, Faults, Refusal, queue};
use clinic_server::store::{Recorder, Session, doctors};
use clinic_shared::Role;
use clinic_shared::desk::appointments::{Kind, Status};
use clinic_shared::desk::patients::PatientDraft;
use clinic_shared::desk::queue::{Priority, WalkIn};
use notes::a_note_is_whole_or_not_at_all;
use support::bookable::{broken_pairs, person, shape, window};
use support::db::TestDb;
use support::on_both_databases;
use support::server::TestServer;
use uuid::Uuid;

on_both_databases!(
    fifty_check_ins_at_once_get_fifty_numbers,
    many_who_walk_in_at_once_are_spread_and_numbered,
    pressed_twice_at_once_somebody_waits_once,
    board_and_queue_take_as_many_statements_however_long_they_are,
    a_walk_in_is_whole_or_not_at_all,
    a_note_is_whole_or_not_at_all,
);

fn nine() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// A clinic where Dora and Emil are there the whole day.
struct House {
    on: TestServer,
    clinic: Clinic,
    who: Actor,
    doctors: Vec<(i64, Uuid)>,
    window: i64,
}

async fn house(db: TestDb) -> House {
    let on = TestServer::start_with(db, &[("DATABASE_CONNECTIONS", "16")]).await;
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "09:00-23:00").await;
    shape(&clinic, window, Some(15), 127).await;
    let mut found = Vec::new();
    for name in ["dora", "emil"] {
        let number = on.doctor_offering(name, &[window]).await;
        let row = doctors::by_id(&mut clinic.db.read().await.unwrap(), number).await;
        found.push((number, row.unwrap().unwrap().uid));
    }
    House {
        who: on.actor(Role::Receptionist, "desk").await,
        on,
        clinic,
        doctors: found,
        window,
    }
}

impl House {
    /// An appointment of somebody new in one of today's slots.
    async fn booked(&self, doctor: usize, slot: i64) -> i64 {
        let patient = person(&self.clinic, &format!("Person {doctor} {slot}")).await;
        let booking = Booking {
            wish: Wish::At {
                window: None,
                starts_at: nine() + TimeDelta::minutes(15 * slot),
                minutes: None,
            },
            ..Booking::from(&Request {
                patient,
                doctor: self.doctors[doctor].0,
                window: self.window,
                when: When::Next,
                kind: Kind::Offline,
                symptoms: String::new(),
            })
        };
        appointments::book_as(&self.clinic, &self.who, &booking)
            .await
            .unwrap()
    }

    async fn tickets(&self) -> Vec<i64> {
        let mut reader = self.clinic.db.read().await.unwrap();
        let rows: Vec<(i64,)> = reader
            .sql("SELECT ticket FROM appointment WHERE ticket IS NOT NULL ORDER BY ticket")
            .all()
            .await
            .unwrap();
        rows.into_iter().map(|(ticket,)| ticket).collect()
    }
}

async fn check_in(clinic: &Clinic, who: &Actor, id: i64) -> i64 {
    let here = Asked::to(Status::CheckedIn);
    let row = appointments::transition(clinic, who, id, here, Faults::new()).await;
    row.unwrap().ticket.unwrap()
}

fn newcomer(name: &str) -> WalkIn {
    WalkIn {
        anyway: Some(true),
        ..WalkIn::from(PatientDraft {
            full_name: name.to_owned(),
            ..PatientDraft::default()
        })
    }
}

async fn fifty_check_ins_at_once_get_fifty_numbers(db: TestDb) {
    let house = house(db).await;
    let mut made = Vec::new();
    for slot in 0..25 {
        for doctor in 0..2 {
            made.push(house.booked(doctor, slot).await);
        }
    }
    let tasks: Vec<_> = made
        .iter()
        .map(|id| {
            let (clinic, who, id) = (house.clinic.clone(), house.who.clone(), *id);
            tokio::spawn(async move { check_in(&clinic, &who, id).await })
        })
        .collect();
    let mut given = BTreeSet::new();
    for task in tasks {
        assert!(
            given.insert(task.await.unwrap()),
            "a number was given twice"
        );
    }
    assert_eq!(given, (1..=50).collect::<BTreeSet<i64>>());
    // Taken back and given anew, at once: each keeps its number, nobody gets another's.
    let before = house.tickets().await;
    let tasks: Vec<_> = made
        .iter()
        .map(|id| {
            let (clinic, who, id) = (house.clinic.clone(), house.who.clone(), *id);
            tokio::spawn(async move {
                let any = Expected::default();
                let undone = appointments::undo(&clinic, &who, id, &any, None, Faults::new()).await;
                let was = undone.unwrap().ticket.unwrap();
                assert_eq!(check_in(&clinic, &who, id).await, was);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(house.tickets().await, before);
    let next = house.booked(0, 30).await;
    assert_eq!(check_in(&house.clinic, &house.who, next).await, 51);
    // And the database itself refuses a number that was given.
    let mut tx = house.clinic.db.begin().await.unwrap();
    let twice = tx
        .sql("UPDATE appointment SET ticket = 1 WHERE id = $1")
        .bind(next)
        .run()
        .await;
    let name = clinic_server::store::unique_violation(&twice.unwrap_err());
    assert_eq!(name.as_deref(), Some("appointment_ticket_date_ticket_key"));
}

async fn many_who_walk_in_at_once_are_spread_and_numbered(db: TestDb) {
    let house = house(db).await;
    let mut booked = Vec::new();
    for slot in 0..10 {
        booked.push(house.booked(0, slot).await);
    }
    let mut tasks = Vec::new();
    for n in 0..20 {
        let (clinic, who) = (house.clinic.clone(), house.who.clone());
        tasks.push(tokio::spawn(async move {
            let form = newcomer(&format!("Walker {n}"));
            let taken = queue::take_in(&clinic, &who, form, Faults::new()).await;
            taken.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut lengths = Vec::new();
    for (_, doctor) in &house.doctors {
        let answered = queue::of_doctor(&house.clinic, &house.who, Some(*doctor)).await;
        lengths.push(answered.unwrap().entries.len());
    }
    assert_eq!(lengths, [10, 10]);
    // Check-ins, walk-ins and bookings at once wait for each other, but never in a circle.
    let mut tasks = Vec::new();
    for (n, id) in booked.into_iter().enumerate() {
        let (clinic, who) = (house.clinic.clone(), house.who.clone());
        tasks.push(tokio::spawn(async move {
            check_in(&clinic, &who, id).await;
        }));
        let (clinic, who) = (house.clinic.clone(), house.who.clone());
        tasks.push(tokio::spawn(async move {
            let form = newcomer(&format!("Runner {n}"));
            let taken = queue::take_in(&clinic, &who, form, Faults::new()).await;
            taken.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(house.tickets().await, (1..=40).collect::<Vec<i64>>());
    assert_eq!(broken_pairs(&house.clinic).await, 0);
}

async fn pressed_twice_at_once_somebody_waits_once(db: TestDb) {
    let house = house(db).await;
    let ana = person(&house.clinic, "Ana Berg").await;
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (clinic, who) = (house.clinic.clone(), house.who.clone());
            tokio::spawn(async move {
                let form = WalkIn {
                    record_number: Some(ana.to_string()),
                    ..WalkIn::default()
                };
                queue::take_in(&clinic, &who, form, Faults::new()).await
            })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => taken += 1,
            Err(Refusal::Unbookable(reasons)) => assert_eq!(reasons[0].code, "patient_waiting"),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(taken, 1);
    assert_eq!(house.tickets().await, [1], "who is refused takes no number");
}

async fn board_and_queue_take_as_many_statements_however_long_they_are(db: TestDb) {
    let house = house(db).await;
    let recorder = Arc::new(Recorder::new());
    let mut counted = house.clinic.clone();
    counted.db = counted.db.recorded(&recorder);
    let mut counts = Vec::new();
    for (from, until) in [(0, 1), (1, 40)] {
        for slot in from..until {
            for doctor in 0..2 {
                let id = house.booked(doctor, slot).await;
                if slot % 2 == 0 {
                    check_in(&house.clinic, &house.who, id).await;
                }
            }
        }
        recorder.clear();
        let board = queue::board(&counted, &house.who, None, None)
            .await
            .unwrap();
        let of_board = recorder.count();
        let dora = Some(house.doctors[0].1);
        let queue = queue::of_doctor(&counted, &house.who, dora).await.unwrap();
        counts.push((of_board, recorder.count() - of_board));
        assert_eq!(
            board.appointments.len(),
            2 * usize::try_from(until).unwrap()
        );
        assert!(!queue.entries.is_empty());
    }
    println!("board and queue: {:?} statements", counts[0]);
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].0 <= 5, "{counts:?}");
    drop(house.on);
}

/// Everything that a walk-in writes, as numbers: patients, their words, appointments, history, events,
/// audit rows, the two counters, and the last ticket.
async fn all_of(clinic: &Clinic) -> Vec<i64> {
    let mut reader = clinic.db.read().await.unwrap();
    let mut numbers = Vec::new();
    for text in [
        "SELECT count(*) FROM patient",
        "SELECT count(*) FROM patient_word",
        "SELECT count(*) FROM appointment",
        "SELECT count(*) FROM appointment WHERE status = 'checked_in' AND ticket IS NOT NULL",
        "SELECT count(*) FROM appointment_history",
        "SELECT count(*) FROM event",
        "SELECT count(*) FROM audit WHERE kind = 'change'",
        "SELECT value FROM counter WHERE name = 'patients'",
        "SELECT value FROM counter WHERE name = 'appointments'",
        "SELECT CAST(coalesce(max(last), 0) AS bigint) FROM ticket_day",
    ] {
        let (number,): (i64,) = reader.sql(text).one().await.unwrap();
        numbers.push(number);
    }
    numbers
}

async fn a_walk_in_is_whole_or_not_at_all(db: TestDb) {
    let house = house(db).await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = house.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    for is_known in [false, true] {
        let known = person(&house.clinic, "Ana Berg").await;
        let form = match is_known {
            true => WalkIn {
                record_number: Some(known.to_string()),
                priority: Some(Priority::Urgent),
                ..WalkIn::default()
            },
            false => newcomer("Ben Ito"),
        };
        let before = all_of(&house.clinic).await;
        let mut fails = 0;
        for n in 1.. {
            recorder.clear();
            recorder.fail_at(n);
            let done = queue::take_in(&failing, &house.who, form.clone(), Faults::new()).await;
            recorder.clear();
            let after = all_of(&house.clinic).await;
            match done {
                Err(Refusal::Broken(_)) => {
                    assert_eq!(before, after, "failed at statement {n}");
                    fails += 1;
                    assert!(fails < 290, "it fails whatever is written");
                }
                Ok(_) => {
                    let more: Vec<i64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
                    let people = i64::from(!is_known);
                    // Two steps: each with its history, its event and its audit row.
                    assert_eq!(more[2..6], [1, 1, 2, 2]);
                    assert_eq!(more[6], 2 + people, "and one for who was registered");
                    assert_eq!((more[0], more[7], more[8], more[9]), (people, people, 1, 1));
                    break;
                }
                Err(other) => panic!("at {n}: {other}"),
            }
        }
        println!("failed at {fails} statements");
        assert!(fails >= 15, "at {fails} statements only");
    }
}
