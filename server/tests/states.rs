//! The rules of appointments under pressure (API.md §5, §6): random days, many at once, and a database
//! that fails at any statement, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::large_futures,
    reason = "a test that can not go on fails"
)]

mod support;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use clinic_server::clinic::appointments::{
    self, Asked, Booking, Expected, Request, When, Wish, replay,
};
use clinic_server::clinic::{Actor, Clinic, Faults, Refusal};
use clinic_server::store::{Engine, Recorder, Session, appointment_history, appointments as table};
use clinic_shared::Role;
use clinic_shared::desk::appointments::{
    CancelledBy, Kind, NewAppointment, ReasonKind, Reschedule, Status,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::bookable::{broken_pairs, person, shape, window};
use support::db::TestDb;
use support::on_both_databases;
use support::server::TestServer;
use uuid::Uuid;

on_both_databases!(
    random_days_break_no_rule_and_the_history_tells_them_whole,
    a_thousand_steps_at_once_lose_none,
    a_database_that_fails_anywhere_leaves_before_or_after,
);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A clinic of one morning.
struct Morning {
    clinic: Clinic,
    who: Actor,
    doctors: Vec<(i64, Uuid)>,
    window: i64,
    patients: Vec<i64>,
}

async fn morning(on: &TestServer) -> Morning {
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "10:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let mut doctors = Vec::new();
    for name in ["dora", "emil"] {
        let number = on.doctor_offering(name, &[window]).await;
        let mut reader = clinic.db.read().await.unwrap();
        let row = clinic_server::store::doctors::by_id(&mut reader, number).await;
        doctors.push((number, row.unwrap().unwrap().uid));
    }
    let mut patients = Vec::new();
    for n in 0..5 {
        patients.push(person(&clinic, &format!("Person {n}")).await);
    }
    Morning {
        who: on.actor(Role::Receptionist, "desk").await,
        clinic,
        doctors,
        window,
        patients,
    }
}

/// Something that happens at a desk; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Book {
        patient: usize,
        doctor: usize,
        slot: i64,
        overbook: bool,
    },
    Go {
        which: usize,
        to: usize,
    },
    Undo {
        which: usize,
        overbook: bool,
    },
    Move {
        which: usize,
        doctor: usize,
        slot: i64,
        overbook: bool,
    },
    Pay {
        which: usize,
        paid: bool,
    },
    Wait {
        minutes: u64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..5_usize, 0..2_usize, 0..4_i64, any::<bool>()).prop_map(
            |(patient, doctor, slot, overbook)| Step::Book { patient, doctor, slot, overbook }),
        8 => (0..20_usize, 0..8_usize).prop_map(|(which, to)| Step::Go { which, to }),
        3 => (0..20_usize, any::<bool>()).prop_map(|(which, overbook)| Step::Undo { which, overbook }),
        3 => (0..20_usize, 0..2_usize, 0..4_i64, any::<bool>()).prop_map(
            |(which, doctor, slot, overbook)| Step::Move { which, doctor, slot, overbook }),
        1 => (0..20_usize, any::<bool>()).prop_map(|(which, paid)| Step::Pay { which, paid }),
        1 => (1..4_u64).prop_map(|minutes| Step::Wait { minutes }),
    ];
    proptest::collection::vec(step, 1..40)
}

async fn random_days_break_no_rule_and_the_history_tells_them_whole(db: TestDb) {
    let on = TestServer::start(db).await;
    let morning = Arc::new(morning(&on).await);
    let clock = on.clock.clone();
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
        runner.run(&steps(), |steps| {
            let wait = |minutes: u64| clock.advance(std::time::Duration::from_secs(minutes * 2));
            runtime.block_on(play(&morning, &wait, steps))
        })
    });
    played.await.unwrap().unwrap();
}

async fn play(
    morning: &Morning,
    wait: &impl Fn(u64),
    steps: Vec<Step>,
) -> Result<(), TestCaseError> {
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
        if let Step::Wait { minutes } = step {
            wait(minutes);
            continue;
        }
        let done = take(morning, &step, &mut made).await;
        prop_assert!(
            matches!(
                done,
                Ok(())
                    | Err(Refusal::Unbookable(_) | Refusal::Conflict { .. } | Refusal::Missing(_))
            ),
            "{step:?}: {done:?}"
        );
        prop_assert_eq!(broken_pairs(clinic).await, 0, "after {:?}", step);
        prop_assert!(overbooked(clinic).await <= i64::from(clinic.overbook_limit));
    }
    for id in made {
        told_whole(clinic, id).await?;
    }
    Ok(())
}

/// The most appointments beside others of one doctor on one day.
async fn overbooked(clinic: &Clinic) -> i64 {
    let mut reader = clinic.db.read().await.unwrap();
    let most: Vec<(i64,)> = reader
        .sql(
            "SELECT count(*) FROM appointment WHERE overbooked
               AND status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
             GROUP BY doctor_id, date",
        )
        .all()
        .await
        .unwrap();
    most.into_iter().map(|(count,)| count).max().unwrap_or(0)
}

/// The history has every version once, each begins where the one before ended, and read from the
/// oldest on it gives the row.
async fn told_whole(clinic: &Clinic, id: i64) -> Result<(), TestCaseError> {
    let mut reader = clinic.db.read().await.unwrap();
    let row = table::by_id(&mut reader, id).await.unwrap().unwrap();
    let steps = appointment_history::steps(&mut reader, id).await.unwrap();
    let named = appointment_history::named(&mut reader, id).await.unwrap();
    let versions: Vec<i64> = steps.iter().map(|step| step.version).collect();
    let expected: Vec<i64> = (1..=row.version).collect();
    prop_assert_eq!(versions, expected);
    for pair in steps.windows(2) {
        prop_assert_eq!(pair[1].from(), Some(pair[0].to_status.0));
    }
    let last = named.last().unwrap();
    prop_assert_eq!(last.step.to_status.0, row.status.0);
    prop_assert_eq!(last.step.overbooked, row.overbooked);
    prop_assert_eq!(last.doctor_id, row.doctor_id);
    prop_assert_eq!(
        (last.date, last.starts_at, last.ends_at),
        (row.date, row.starts_at, row.ends_at)
    );
    prop_assert_eq!(replay(&steps, None), row.marks);
    Ok(())
}

fn booking(morning: &Morning, patient: usize, doctor: usize, slot: i64, overbook: bool) -> Booking {
    Booking {
        wish: Wish::At {
            window: None,
            starts_at: "2026-03-02T09:00:00Z"
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                + TimeDelta::minutes(30 * slot),
            minutes: None,
        },
        overbook: overbook.then(|| "On purpose".to_owned()),
        ..Booking::from(&Request {
            patient: morning.patients[patient],
            doctor: morning.doctors[doctor].0,
            window: morning.window,
            when: When::Next,
            kind: Kind::Offline,
            symptoms: String::new(),
        })
    }
}

async fn take(morning: &Morning, step: &Step, made: &mut Vec<i64>) -> Result<(), Refusal> {
    let Morning {
        clinic,
        who,
        doctors,
        ..
    } = morning;
    let pick = |which: usize| made.get(which % made.len().max(1)).copied().unwrap_or(0);
    match *step {
        Step::Book {
            patient,
            doctor,
            slot,
            overbook,
        } => {
            let booking = booking(morning, patient, doctor, slot, overbook);
            made.push(appointments::book_as(clinic, who, &booking).await?);
        }
        Step::Go { which, to } => {
            let asked = Asked {
                by: Some(CancelledBy::Patient),
                reason_kind: Some(ReasonKind::Other),
                ..Asked::to(Status::ALL[to])
            };
            appointments::transition(clinic, who, pick(which), asked, Faults::new()).await?;
        }
        Step::Undo { which, overbook } => {
            let why = overbook.then_some("On purpose");
            let any = Expected::default();
            appointments::undo(clinic, who, pick(which), &any, why, Faults::new()).await?;
        }
        Step::Move {
            which,
            doctor,
            slot,
            overbook,
        } => {
            let form = Reschedule {
                doctor: Some(doctors[doctor].1),
                starts_at: Some(
                    "2026-03-02T09:00:00Z"
                        .parse::<chrono::DateTime<chrono::Utc>>()
                        .unwrap()
                        + TimeDelta::minutes(30 * slot),
                ),
                overbook: overbook.then(|| "On purpose".to_owned()),
                ..Reschedule::default()
            };
            appointments::reschedule(clinic, who, pick(which), form, None, Faults::new()).await?;
        }
        Step::Pay { which, paid } => {
            let any = Expected::default();
            appointments::set_paid(clinic, who, pick(which), paid, &any).await?;
        }
        Step::Wait { .. } => {}
    }
    Ok(())
}

async fn book_one(morning: &Morning) -> i64 {
    let booking = booking(morning, 0, 0, 0, false);
    appointments::book_as(&morning.clinic, &morning.who, &booking)
        .await
        .unwrap()
}

/// A thousand steps between the waiting room and the doctor's, each from the version that its taker
/// saw: of those who saw one version, one is first and all others hear so.
async fn a_thousand_steps_at_once_lose_none(db: TestDb) {
    let on = TestServer::start_with(db, &[("DATABASE_CONNECTIONS", "16")]).await;
    let morning = morning(&on).await;
    let id = book_one(&morning).await;
    let (clinic, who) = (morning.clinic.clone(), morning.who.clone());
    let here = Asked::to(Status::CheckedIn);
    appointments::transition(&clinic, &who, id, here, Faults::new())
        .await
        .unwrap();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (clinic, who) = (clinic.clone(), who.clone());
            tokio::spawn(async move {
                let (mut done, mut refused) = (0_i64, 0_i64);
                for _ in 0..20 {
                    let mut reader = clinic.db.read().await.unwrap();
                    let seen = table::by_id(&mut reader, id).await.unwrap().unwrap();
                    drop(reader);
                    let asked = Asked {
                        expected: Expected {
                            if_match: None,
                            version: Some(seen.version),
                        },
                        ..Asked::to(match seen.status.0 {
                            Status::Running => Status::CheckedIn,
                            _ => Status::Running,
                        })
                    };
                    match appointments::transition(&clinic, &who, id, asked, Faults::new()).await {
                        Ok(_) => done += 1,
                        Err(Refusal::Conflict {
                            code: "version_conflict",
                            ..
                        }) => refused += 1,
                        Err(other) => panic!("{other}"),
                    }
                }
                (done, refused)
            })
        })
        .collect();
    let (mut done, mut refused) = (0, 0);
    for task in tasks {
        let (more, less) = task.await.unwrap();
        done += more;
        refused += less;
    }
    assert_eq!(done + refused, 1000);
    let row = table::by_id(&mut clinic.db.read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        row.version,
        2 + done,
        "every step that was answered is there"
    );
    println!("{done} of 1000 steps were first");
    told_whole(&clinic, id).await.unwrap();
}

/// Everything that a step may write, as one text.
async fn all_of(clinic: &Clinic) -> String {
    let mut reader = clinic.db.read().await.unwrap();
    let rows: Vec<(i64, String, i64, bool, bool, NaiveDate)> = reader
        .sql("SELECT id, status, version, overbooked, is_paid, date FROM appointment ORDER BY id")
        .all()
        .await
        .unwrap();
    let (history, events): (i64, i64) = reader
        .sql("SELECT (SELECT count(*) FROM appointment_history), (SELECT count(*) FROM event)")
        .one()
        .await
        .unwrap();
    let (audit, counted): (i64, i64) = reader
        .sql(
            "SELECT (SELECT count(*) FROM audit WHERE kind = 'change'),
                    (SELECT value FROM counter WHERE name = 'appointments')",
        )
        .one()
        .await
        .unwrap();
    format!("{rows:?} {history} {events} {audit} {counted}")
}

/// Which write is made to fail.
#[derive(Debug, Clone, Copy)]
enum Write {
    Book,
    Overbook,
    CheckIn,
    Cancel,
    Undo,
    TakeBack,
    LateComer,
    Move,
    Pay,
    Delete,
    Close,
}

const WRITES: [Write; 11] = [
    Write::Book,
    Write::Overbook,
    Write::CheckIn,
    Write::Cancel,
    Write::Undo,
    Write::TakeBack,
    Write::LateComer,
    Write::Move,
    Write::Pay,
    Write::Delete,
    Write::Close,
];

async fn a_database_that_fails_anywhere_leaves_before_or_after(db: TestDb) {
    let on = TestServer::start(db).await;
    let morning = morning(&on).await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = morning.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    for write in WRITES {
        let mut fails = 0;
        for n in 1.. {
            prepare(&morning, write).await;
            let before = all_of(&morning.clinic).await;
            recorder.clear();
            recorder.fail_at(n);
            let done = run(&failing, &morning, write).await;
            recorder.clear();
            let after = all_of(&morning.clinic).await;
            match done {
                Err(Refusal::Broken(_)) => {
                    assert_eq!(before, after, "{write:?} failed at statement {n}");
                    fails += 1;
                    assert!(fails < 290, "it fails whatever is written");
                }
                Ok(()) => {
                    let parts = |all: &str| -> Vec<i64> {
                        let rest = all.rsplit(' ').take(4);
                        rest.map(|number| number.parse().unwrap()).collect()
                    };
                    let (before, after) = (parts(&before), parts(&after));
                    let more = |at: usize| after[at] - before[at];
                    // From the end: the count, audit rows, events, history rows.
                    assert!(more(1) >= 1, "{write:?} is audited");
                    assert_eq!(more(1), more(3), "{write:?}: a row of history with each");
                    assert_eq!(more(2), more(3), "{write:?}: an event with each");
                    break;
                }
                Err(other) => panic!("{write:?} at {n}: {other}"),
            }
        }
        assert!(
            fails >= 4,
            "{write:?} was failed at {fails} statements only"
        );
    }
}

/// Where each write begins.
async fn prepare(morning: &Morning, write: Write) {
    let (clinic, who) = (&morning.clinic, &morning.who);
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("DELETE FROM appointment_history")
        .run()
        .await
        .unwrap();
    tx.sql("DELETE FROM appointment").run().await.unwrap();
    tx.commit().await.unwrap();
    if matches!(write, Write::Book) {
        return;
    }
    book_one(morning).await;
    let id = only(clinic).await;
    let go = |to: Status| {
        let asked = Asked::to(to);
        async move {
            let done = appointments::transition(clinic, who, id, asked, Faults::new()).await;
            done.unwrap();
        }
    };
    match write {
        Write::Undo => go(Status::CheckedIn).await,
        Write::TakeBack => go(Status::Cancelled).await,
        Write::LateComer => go(Status::NoShow).await,
        Write::Close => {
            let mut tx = clinic.db.begin().await.unwrap();
            tx.sql("UPDATE appointment SET date = $1")
                .bind(day("2026-03-01"))
                .run()
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        _ => {}
    }
}

/// The first appointment there is.
async fn only(clinic: &Clinic) -> i64 {
    let mut reader = clinic.db.read().await.unwrap();
    let (id,): (i64,) = reader
        .sql("SELECT min(id) FROM appointment")
        .one()
        .await
        .unwrap();
    id
}

async fn run(failing: &Clinic, morning: &Morning, write: Write) -> Result<(), Refusal> {
    let who = &morning.who;
    let any = Expected::default();
    let none = Faults::new;
    match write {
        Write::Book | Write::Overbook => {
            let form = NewAppointment {
                record_number: Some(morning.patients[1].to_string()),
                doctor: morning.doctors[0].1,
                starts_at: Some("2026-03-02T09:00:00Z".parse().unwrap()),
                overbook: Some("On purpose".to_owned()),
                ..NewAppointment::default()
            };
            appointments::book_at_desk(failing, who, form, none()).await?;
            return Ok(());
        }
        Write::Close => {
            appointments::close_missed(failing).await?;
            return Ok(());
        }
        _ => {}
    }
    let id = only(&morning.clinic).await;
    match write {
        Write::CheckIn | Write::LateComer => {
            let asked = Asked::to(Status::CheckedIn);
            appointments::transition(failing, who, id, asked, none()).await?;
        }
        Write::Cancel => {
            let asked = Asked::to(Status::Cancelled);
            appointments::transition(failing, who, id, asked, none()).await?;
        }
        Write::Undo | Write::TakeBack => {
            appointments::undo(failing, who, id, &any, None, none()).await?;
        }
        Write::Move => {
            let form = Reschedule {
                date: Some(day("2026-03-05")),
                ..Reschedule::default()
            };
            appointments::reschedule(failing, who, id, form, None, none()).await?;
        }
        Write::Pay => appointments::set_paid(failing, who, id, true, &any).await?,
        Write::Delete => appointments::delete(failing, who, id).await?,
        Write::Book | Write::Overbook | Write::Close => {}
    }
    Ok(())
}
