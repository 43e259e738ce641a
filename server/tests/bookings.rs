//! The booking rule (API.md §6): nobody is booked twice at once, whoever tries, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::large_futures,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on fails"
)]

mod support;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clinic_server::clinic::appointments::{self, Change, Request, When};
use clinic_server::clinic::{Actor, Clinic, Faults, Refusal};
use clinic_server::store::appointments::{self as table, Busy, New, Place};
use clinic_server::store::{Engine, Session};
use clinic_shared::Role;
use clinic_shared::desk::appointments::Kind;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::bookable::{broken_pairs, person, set_status, shape, window};
use support::db::TestDb;
use support::server::TestServer;
use support::{on_both, on_both_databases};

on_both!(
    the_database_itself_refuses_what_overlaps,
    time_that_was_given_back_is_not_taken_twice,
    a_dateless_booking_that_loses_its_day_takes_the_next,
);

on_both_databases!(
    of_two_hundred_who_want_one_time_one_gets_it,
    of_a_hundred_interleaved_windows_none_overlap,
    moves_and_bookings_at_once_never_double_book,
    random_mornings_never_break_the_rule,
);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(minutes: i64) -> DateTime<Utc> {
    "2026-03-04T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

fn request(patient: i64, doctor: i64, window: i64, when: When) -> Request {
    Request {
        patient,
        doctor,
        window,
        when,
        kind: Kind::Offline,
        symptoms: "x".to_owned(),
    }
}

/// A receptionist.
async fn desk(on: &TestServer) -> Actor {
    on.actor(Role::Receptionist, "desk").await
}

/// Writes an appointment past every rule but the database's own.
async fn put(
    clinic: &Clinic,
    (patient, doctor): (i64, i64),
    (from, to): (i64, i64),
    overbooked: bool,
) -> Result<i64, Busy> {
    let mut tx = clinic.db.begin().await.unwrap();
    let place = Place {
        available_time: None,
        date: day("2026-03-04"),
        span: Some((at(from), at(to))),
        at: at(from),
    };
    let new = New {
        patient,
        doctor,
        place,
        kind: Kind::Offline,
        title: None,
        symptoms: "x",
        overbooked: false,
        walk_in: false,
    };
    let result = if overbooked {
        // The mark is set in the row before the rule looks, so in one statement.
        let row: sqlx::Result<(i64,)> = tx
            .sql(
                "INSERT INTO appointment (patient_id, doctor_id, date, starts_at, ends_at, at, kind,
                     status, overbooked, symptoms, is_paid, cancelled_late, version, created_at,
                     updated_at)
                 VALUES ($1, $2, $3, $4, $5, $4, 'offline', 'pending', $6, 'x', $7, $7, 1, $4, $4)
                 RETURNING id",
            )
            .bind(patient)
            .bind(doctor)
            .bind(place.date)
            .bind(at(from))
            .bind(at(to))
            .bind(true)
            .bind(false)
            .one()
            .await;
        row.map(|(id,)| id)
    } else {
        table::insert(&mut tx, &new, at(0)).await
    };
    match result {
        Ok(id) => {
            tx.commit().await.unwrap();
            Ok(id)
        }
        Err(error) => Err(table::busy(&error).unwrap_or_else(|| panic!("{error}"))),
    }
}

async fn the_database_itself_refuses_what_overlaps(on: TestServer) {
    let clinic = on.server.clinic.clone();
    let (dora, emil) = (
        on.doctor_offering("dora", &[]).await,
        on.doctor_offering("emil", &[]).await,
    );
    let ana = person(&clinic, "Ana").await;
    let ben = person(&clinic, "Ben").await;
    let cora = person(&clinic, "Cora").await;
    let first = put(&clinic, (ana, dora), (0, 30), false).await.unwrap();
    for span in [(0, 30), (10, 20), (-10, 10), (29, 60), (-10, 60)] {
        assert_eq!(
            put(&clinic, (ben, dora), span, false).await,
            Err(Busy::Doctor),
            "{span:?}"
        );
        assert_eq!(
            put(&clinic, (ana, emil), span, true).await,
            Err(Busy::Patient),
            "{span:?}"
        );
    }
    // Touching is not overlapping.
    put(&clinic, (ben, dora), (30, 60), false).await.unwrap();
    put(&clinic, (ben, dora), (-30, 0), false).await.unwrap();
    // Beside another on purpose: the doctor may, a patient never.
    let beside = put(&clinic, (cora, dora), (0, 30), true).await.unwrap();
    assert_eq!(
        put(&clinic, (cora, emil), (15, 45), false).await,
        Err(Busy::Patient)
    );
    put(&clinic, (ben, emil), (0, 30), true).await.unwrap();
    // Losing the mark is taking time.
    let mut tx = clinic.db.begin().await.unwrap();
    let unmarked = tx
        .sql("UPDATE appointment SET overbooked = $2 WHERE id = $1")
        .bind(beside)
        .bind(false)
        .run()
        .await;
    assert_eq!(table::busy(&unmarked.unwrap_err()), Some(Busy::Doctor));
    drop(tx);
    for status in ["cancelled", "no_show", "left"] {
        set_status(&clinic, first, status).await.unwrap();
        let other = put(&clinic, (cora, emil), (60, 61), false).await.unwrap();
        set_status(&clinic, other, "cancelled").await.unwrap();
        for holding in ["pending", "confirmed", "checked_in", "running", "completed"] {
            set_status(&clinic, first, holding).await.unwrap();
            let refused = put(&clinic, (ben, dora), (5, 10), false).await;
            assert_eq!(refused, Err(Busy::Doctor), "{holding} holds time");
        }
    }
    assert_eq!(broken_pairs(&clinic).await, 0);
}

async fn time_that_was_given_back_is_not_taken_twice(on: TestServer) {
    let clinic = on.server.clinic.clone();
    let dora = on.doctor_offering("dora", &[]).await;
    let (ana, ben) = (person(&clinic, "Ana").await, person(&clinic, "Ben").await);
    let first = put(&clinic, (ana, dora), (0, 30), false).await.unwrap();
    set_status(&clinic, first, "no_show").await.unwrap();
    put(&clinic, (ben, dora), (10, 40), false).await.unwrap();
    let error = set_status(&clinic, first, "checked_in").await.unwrap_err();
    assert_eq!(table::busy(&error), Some(Busy::Doctor));
}

/// Somebody who asks no rule writes between the look and the booking. Only PostgreSQL lets two
/// write at once; on SQLite the booking waits for the writer and then sees the row.
async fn a_dateless_booking_that_loses_its_day_takes_the_next(on: TestServer) {
    let clinic = on.server.clinic.clone();
    let slot = window(&clinic, "09:00-09:30").await;
    let dora = on.doctor_offering("dora", &[slot]).await;
    let (ana, ben) = (person(&clinic, "Ana").await, person(&clinic, "Ben").await);
    let who = desk(&on).await;
    let mut tx = clinic.db.begin().await.unwrap();
    let begins: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().unwrap();
    let new = New {
        patient: ben,
        doctor: dora,
        place: Place {
            available_time: Some(slot),
            date: day("2026-03-02"),
            span: Some((begins, begins + TimeDelta::minutes(30))),
            at: begins,
        },
        kind: Kind::Offline,
        title: None,
        symptoms: "x",
        overbooked: false,
        walk_in: false,
    };
    table::insert(&mut tx, &new, begins).await.unwrap();
    let booking = tokio::spawn({
        let clinic = clinic.clone();
        async move {
            let request = request(ana, dora, slot, When::Next);
            appointments::book(&clinic, &who, &request).await
        }
    });
    // Long enough for the booking to wait for this transaction.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!booking.is_finished());
    tx.commit().await.unwrap();
    let id = booking.await.unwrap().unwrap();
    let row = table::by_id(&mut clinic.db.read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.date, day("2026-03-03"));
}

/// A server with as many connections as a busy one has.
async fn busy_server(db: TestDb) -> TestServer {
    TestServer::start_with(db, &[("DATABASE_CONNECTIONS", "16")]).await
}

async fn people(clinic: &Clinic, count: usize) -> Vec<i64> {
    let mut numbers = Vec::new();
    for n in 0..count {
        numbers.push(person(clinic, &format!("Person {n}")).await);
    }
    numbers
}

async fn of_two_hundred_who_want_one_time_one_gets_it(db: TestDb) {
    let on = busy_server(db).await;
    let second = on.second().await;
    let clinics = [on.server.clinic.clone(), second.clinic.clone()];
    let slot = window(&clinics[0], "09:00-09:30").await;
    let dora = on.doctor_offering("dora", &[slot]).await;
    let who = desk(&on).await;
    let everybody = people(&clinics[0], 200).await;
    let mut tasks = Vec::new();
    for (n, patient) in everybody.into_iter().enumerate() {
        let (clinic, who) = (clinics[n % 2].clone(), who.clone());
        tasks.push(tokio::spawn(async move {
            let request = request(patient, dora, slot, When::On(day("2026-03-04")));
            appointments::book(&clinic, &who, &request).await
        }));
    }
    let (mut booked, mut refused) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => booked += 1,
            Err(Refusal::Unbookable(reasons)) => {
                assert_eq!(reasons[0].code, "doctor_busy");
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((booked, refused), (1, 199));
    assert_eq!(broken_pairs(&clinics[0]).await, 0);
}

async fn of_a_hundred_interleaved_windows_none_overlap(db: TestDb) {
    let on = busy_server(db).await;
    let clinic = on.server.clinic.clone();
    let mut windows = Vec::new();
    for n in 0..100 {
        let begins = 8 * 60 + n * 5;
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let label = format!("{}-{}", clock(begins), clock(begins + 30));
        windows.push(window(&clinic, &label).await);
    }
    let dora = on.doctor_offering("dora", &windows).await;
    let who = desk(&on).await;
    let everybody = people(&clinic, 100).await;
    let mut tasks = Vec::new();
    for (patient, window) in everybody.into_iter().zip(windows) {
        let (clinic, who) = (clinic.clone(), who.clone());
        tasks.push(tokio::spawn(async move {
            let request = request(patient, dora, window, When::On(day("2026-03-04")));
            appointments::book(&clinic, &who, &request).await.is_ok()
        }));
    }
    let mut booked = 0;
    for task in tasks {
        booked += i64::from(task.await.unwrap());
    }
    assert_eq!(broken_pairs(&clinic).await, 0);
    // 525 minutes in all, half an hour each. Whoever is refused overlaps somebody who is not, so at
    // least one in every eleven windows is booked, and no more than fit.
    assert!((9..=17).contains(&booked), "{booked}");
}

async fn moves_and_bookings_at_once_never_double_book(db: TestDb) {
    let on = busy_server(db).await;
    let clinic = on.server.clinic.clone();
    let slot = window(&clinic, "09:00-11:00").await;
    shape(&clinic, slot, Some(20), 127).await;
    let dora = on.doctor_offering("dora", &[slot]).await;
    let emil = on.doctor_offering("emil", &[slot]).await;
    let who = desk(&on).await;
    let everybody = people(&clinic, 12).await;
    let mut ids = Vec::new();
    for (n, patient) in everybody.iter().enumerate() {
        let doctor = if n % 2 == 0 { dora } else { emil };
        let request = request(*patient, doctor, slot, When::On(day("2026-03-04")));
        ids.push(appointments::book(&clinic, &who, &request).await.unwrap());
    }
    let mut tasks = Vec::new();
    for round in 0..6_i64 {
        for (n, id) in ids.iter().enumerate() {
            let (clinic, who, id) = (clinic.clone(), who.clone(), *id);
            // Everybody swaps doctor and day in another order.
            let to = if (round + i64::try_from(n).unwrap()) % 2 == 0 {
                dora
            } else {
                emil
            };
            let date = day(["2026-03-04", "2026-03-05"][usize::try_from(round).unwrap() % 2]);
            tasks.push(tokio::spawn(async move {
                let change = Change {
                    doctor: Some(to),
                    date: Some(date),
                    ..Change::default()
                };
                match appointments::change(&clinic, &who, id, &change, Faults::new()).await {
                    Ok(_) | Err(Refusal::Unbookable(_) | Refusal::Conflict { .. }) => {}
                    Err(other) => panic!("{other}"),
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(broken_pairs(&clinic).await, 0);
    let mut reader = clinic.db.read().await.unwrap();
    let (holding,): (i64,) = reader
        .sql("SELECT count(*) FROM appointment WHERE status = 'pending'")
        .one()
        .await
        .unwrap();
    assert_eq!(holding, 12, "nobody lost their appointment");
}

/// Something that happens at a desk; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Book {
        patient: usize,
        doctor: usize,
        window: usize,
        day: u32,
    },
    Next {
        patient: usize,
        doctor: usize,
        window: usize,
    },
    Move {
        which: usize,
        doctor: usize,
        window: usize,
        day: u32,
    },
    Cancel {
        which: usize,
    },
    Delete {
        which: usize,
    },
    State {
        which: usize,
        status: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..4_usize, 0..2_usize, 0..4_usize, 0..3_u32).prop_map(|(patient, doctor, window, day)|
            Step::Book { patient, doctor, window, day }),
        2 => (0..4_usize, 0..2_usize, 0..4_usize).prop_map(|(patient, doctor, window)|
            Step::Next { patient, doctor, window }),
        3 => (0..20_usize, 0..2_usize, 0..4_usize, 0..3_u32).prop_map(|(which, doctor, window, day)|
            Step::Move { which, doctor, window, day }),
        1 => (0..20_usize).prop_map(|which| Step::Cancel { which }),
        1 => (0..20_usize).prop_map(|which| Step::Delete { which }),
        2 => (0..20_usize, 0..8_usize).prop_map(|(which, status)| Step::State { which, status }),
    ];
    proptest::collection::vec(step, 1..40)
}

const STATES: [&str; 8] = [
    "pending",
    "confirmed",
    "checked_in",
    "running",
    "completed",
    "cancelled",
    "no_show",
    "left",
];

/// One morning's clinic, emptied between cases.
struct Morning {
    clinic: Clinic,
    who: Actor,
    doctors: Vec<i64>,
    windows: Vec<i64>,
    patients: Vec<i64>,
}

async fn random_mornings_never_break_the_rule(db: TestDb) {
    let on = TestServer::start(db).await;
    let clinic = on.server.clinic.clone();
    let mut windows = Vec::new();
    for label in ["09:00-10:00", "09:30-10:30", "10:00-10:20", "Morning round"] {
        windows.push(window(&clinic, label).await);
    }
    shape(&clinic, windows[0], Some(20), 127).await;
    let doctors = vec![
        on.doctor_offering("dora", &windows).await,
        on.doctor_offering("emil", &windows).await,
    ];
    let morning = Arc::new(Morning {
        who: desk(&on).await,
        patients: people(&clinic, 4).await,
        doctors,
        windows,
        clinic,
    });
    let cases = match morning.clinic.db.engine() {
        Engine::Sqlite => 24,
        Engine::Postgres => 12,
    };
    let runtime = tokio::runtime::Handle::current();
    let played = tokio::task::spawn_blocking(move || {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        runner.run(&steps(), |steps| runtime.block_on(play(&morning, steps)))
    });
    played.await.unwrap().unwrap();
}

async fn play(morning: &Morning, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let clinic = &morning.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("DELETE FROM appointment_history")
        .run()
        .await
        .unwrap();
    tx.sql("DELETE FROM appointment").run().await.unwrap();
    tx.commit().await.unwrap();
    let mut made = Vec::new();
    for step in steps {
        let done = take(morning, &step, &mut made).await;
        prop_assert!(
            matches!(
                done,
                Ok(()) | Err(Refusal::Unbookable(_) | Refusal::Invalid(_) | Refusal::Missing(_))
            ),
            "{step:?}: {done:?}"
        );
        prop_assert_eq!(broken_pairs(clinic).await, 0, "after {:?}", step);
        // Whoever was told that the doctor is busy was told the truth.
        if let (
            Step::Book {
                doctor,
                window,
                day,
                ..
            },
            Err(Refusal::Unbookable(reasons)),
        ) = (&step, &done)
        {
            let held = held_by(clinic, morning.doctors[*doctor], date_of(*day)).await;
            let said = reasons.iter().any(|reason| reason.code == "doctor_busy");
            prop_assert!(!said || held > 0, "{:?} in window {}", reasons, window);
        }
    }
    Ok(())
}

fn date_of(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 4 + number).unwrap()
}

async fn held_by(clinic: &Clinic, doctor: i64, date: NaiveDate) -> i64 {
    let mut reader = clinic.db.read().await.unwrap();
    let (count,): (i64,) = reader
        .sql(
            "SELECT count(*) FROM appointment WHERE doctor_id = $1 AND date = $2
               AND status NOT IN ('cancelled', 'no_show', 'left')",
        )
        .bind(doctor)
        .bind(date)
        .one()
        .await
        .unwrap();
    count
}

async fn take(morning: &Morning, step: &Step, made: &mut Vec<i64>) -> Result<(), Refusal> {
    let Morning {
        clinic,
        who,
        doctors,
        windows,
        patients,
    } = morning;
    let pick = |which: usize| made.get(which % made.len().max(1)).copied().unwrap_or(0);
    match *step {
        Step::Book {
            patient,
            doctor,
            window,
            day,
        } => {
            let when = When::On(date_of(day));
            let request = request(patients[patient], doctors[doctor], windows[window], when);
            made.push(appointments::book(clinic, who, &request).await?);
        }
        Step::Next {
            patient,
            doctor,
            window,
        } => {
            let request = request(
                patients[patient],
                doctors[doctor],
                windows[window],
                When::Next,
            );
            made.push(appointments::book(clinic, who, &request).await?);
        }
        Step::Move {
            which,
            doctor,
            window,
            day,
        } => {
            let change = Change {
                doctor: Some(doctors[doctor]),
                window: Some(windows[window]),
                date: Some(date_of(day)),
                ..Change::default()
            };
            appointments::change(clinic, who, pick(which), &change, Faults::new()).await?;
        }
        Step::Cancel { which } => {
            let change = Change {
                cancel: Some(true),
                ..Change::default()
            };
            appointments::change(clinic, who, pick(which), &change, Faults::new()).await?;
        }
        Step::Delete { which } => appointments::delete(clinic, who, pick(which)).await?,
        Step::State { which, status } => {
            // Whoever writes states: time that is sold is not taken back.
            match set_status(clinic, pick(which), STATES[status]).await {
                Err(error) if table::busy(&error).is_none() => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}
