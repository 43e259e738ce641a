//! Absences, extra openings and the waiting list under pressure (API.md §6, §7): random weeks, and a
//! database that fails at any statement, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures,
    reason = "a test that can not go on fails"
)]

mod support;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clinic_server::clinic::absences::{self, Of};
use clinic_server::clinic::appointments::{self, Asked, Wanted};
use clinic_server::clinic::{Actor, Clinic, Faults, Refusal, openings, waitlist};
use clinic_server::store::{Engine, Recorder, Session};
use clinic_shared::desk::absences::{
    AbsenceChange, CancelHits, HitOutcome, MoveHits, NewAbsence, NewClosure,
};
use clinic_shared::desk::appointments::{NewAppointment, Reschedule, Status};
use clinic_shared::desk::openings::NewOpening;
use clinic_shared::desk::waitlist::{Accept, NewWaiting, Offer, Urgency, WaitingChange};
use clinic_shared::{Patch, Role};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::bookable::{broken_pairs, person, shape, window};
use support::db::TestDb;
use support::on_both_databases;
use support::server::TestServer;
use uuid::Uuid;

on_both_databases!(
    random_weeks_break_no_rule,
    a_database_that_fails_anywhere_leaves_before_or_after,
);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A clinic of two doctors who are there from ten to twelve in slots of half an hour.
struct House {
    clinic: Clinic,
    who: Actor,
    doctors: Vec<Uuid>,
    window: i64,
    patients: Vec<i64>,
}

async fn house(on: &TestServer) -> House {
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "10:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let mut doctors = Vec::new();
    for name in ["dora", "emil"] {
        let number = on.doctor_offering(name, &[window]).await;
        let mut reader = clinic.db.read().await.unwrap();
        let row = clinic_server::store::doctors::by_id(&mut reader, number).await;
        doctors.push(row.unwrap().unwrap().uid);
    }
    let mut patients = Vec::new();
    for n in 0..5 {
        patients.push(person(&clinic, &format!("Person {n}")).await);
    }
    House {
        who: on.actor(Role::Receptionist, "desk").await,
        clinic,
        doctors,
        window,
        patients,
    }
}

/// The n-th slot from the Wednesday on: four a day.
fn slot(n: i64) -> DateTime<Utc> {
    let wednesday: DateTime<Utc> = "2026-03-04T09:00:00Z".parse().unwrap();
    wednesday + TimeDelta::days(n / 4) + TimeDelta::minutes(30 * (n % 4))
}

async fn clear(clinic: &Clinic) {
    let mut tx = clinic.db.begin().await.unwrap();
    for text in [
        "DELETE FROM waiting_skip",
        "DELETE FROM slot_hold",
        "DELETE FROM waiting",
        "DELETE FROM absence",
        "DELETE FROM appointment_history",
        "DELETE FROM appointment",
        "DELETE FROM doctor_available_time WHERE available_time_id IN
             (SELECT id FROM available_time WHERE valid_from IS NOT NULL)",
        "DELETE FROM available_time WHERE valid_from IS NOT NULL",
    ] {
        tx.sql(text).run().await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Something that happens in a week; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Book {
        patient: usize,
        doctor: usize,
        slot: i64,
        overbook: bool,
    },
    Move {
        which: usize,
        doctor: usize,
        slot: i64,
    },
    Cancel {
        which: usize,
    },
    Undo {
        which: usize,
    },
    Leave {
        doctor: Option<usize>,
        slot: i64,
        slots: i64,
    },
    Back {
        which: usize,
    },
    Answer {
        which: usize,
        to: Option<usize>,
    },
    CallOff {
        which: usize,
    },
    Wait {
        patient: usize,
    },
    Offer {
        which: usize,
        doctor: usize,
        slot: i64,
    },
    Accept {
        which: usize,
    },
    Skip {
        which: usize,
    },
    Later {
        minutes: u64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (d, s) = (0..2_usize, 0..12_i64);
    let step = prop_oneof![
        6 => (0..5_usize, d.clone(), s.clone(), any::<bool>()).prop_map(
            |(patient, doctor, slot, overbook)| Step::Book { patient, doctor, slot, overbook }),
        3 => (0..20_usize, d.clone(), s.clone()).prop_map(
            |(which, doctor, slot)| Step::Move { which, doctor, slot }),
        2 => (0..20_usize).prop_map(|which| Step::Cancel { which }),
        2 => (0..20_usize).prop_map(|which| Step::Undo { which }),
        3 => (prop::option::of(d.clone()), s.clone(), 1..6_i64).prop_map(
            |(doctor, slot, slots)| Step::Leave { doctor, slot, slots }),
        1 => (0..5_usize).prop_map(|which| Step::Back { which }),
        2 => (0..5_usize, prop::option::of(d.clone())).prop_map(
            |(which, to)| Step::Answer { which, to }),
        1 => (0..5_usize).prop_map(|which| Step::CallOff { which }),
        2 => (0..5_usize).prop_map(|patient| Step::Wait { patient }),
        3 => (0..8_usize, d, s).prop_map(
            |(which, doctor, slot)| Step::Offer { which, doctor, slot }),
        2 => (0..8_usize).prop_map(|which| Step::Accept { which }),
        1 => (0..8_usize).prop_map(|which| Step::Skip { which }),
        1 => (1..9_u64).prop_map(|minutes| Step::Later { minutes }),
    ];
    proptest::collection::vec(step, 1..40)
}

async fn random_weeks_break_no_rule(db: TestDb) {
    let on = TestServer::start(db).await;
    let house = Arc::new(house(&on).await);
    let clock = on.clock.clone();
    let cases = match house.clinic.db.engine() {
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
            let wait = |minutes: u64| clock.advance(std::time::Duration::from_secs(minutes * 60));
            runtime.block_on(play(&house, &wait, steps))
        })
    });
    played.await.unwrap().unwrap();
}

/// What a week has made so far.
#[derive(Default)]
struct Made {
    appointments: Vec<i64>,
    absences: Vec<(Of, i64)>,
    waiting: Vec<i64>,
}

async fn play(house: &House, wait: &impl Fn(u64), steps: Vec<Step>) -> Result<(), TestCaseError> {
    let clinic = &house.clinic;
    clear(clinic).await;
    let mut made = Made::default();
    for step in steps {
        if let Step::Later { minutes } = step {
            wait(minutes);
            continue;
        }
        let before = inside(clinic).await;
        let done = take(house, &step, &mut made).await;
        prop_assert!(
            matches!(
                done,
                Ok(())
                    | Err(Refusal::Unbookable(_) | Refusal::Conflict { .. } | Refusal::Missing(_))
            ),
            "{step:?}: {done:?}"
        );
        prop_assert_eq!(broken_pairs(clinic).await, 0, "after {:?}", step);
        // Time is never taken where nobody is there: what stands in an absence stood there before.
        if !matches!(step, Step::Leave { .. }) {
            let new: Vec<i64> = inside(clinic).await;
            let new = new.iter().find(|id| !before.contains(id));
            prop_assert!(new.is_none(), "{step:?} put {new:?} into an absence");
        }
        prop_assert_eq!(sold_while_kept(clinic).await, 0, "after {:?}", step);
    }
    // Whatever is told to be free can be booked.
    free_is_free(house).await
}

/// Appointments that hold time in which their doctor is away or the clinic closed.
async fn inside(clinic: &Clinic) -> Vec<i64> {
    let mut reader = clinic.db.read().await.unwrap();
    let rows: Vec<(i64,)> = reader
        .sql(
            "SELECT DISTINCT a.id FROM appointment a JOIN absence x
               ON (x.doctor_id IS NULL OR x.doctor_id = a.doctor_id)
               AND x.starts_at < a.ends_at AND a.starts_at < x.ends_at
             WHERE a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')",
        )
        .all()
        .await
        .unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

/// Appointments in time that is kept for somebody who waits.
async fn sold_while_kept(clinic: &Clinic) -> i64 {
    let mut reader = clinic.db.read().await.unwrap();
    let (count,): (i64,) = reader
        .sql(
            "SELECT count(*) FROM appointment a JOIN slot_hold h
               ON h.doctor_id = a.doctor_id AND h.starts_at < a.ends_at AND a.starts_at < h.ends_at
             WHERE h.expires_at > $1 AND NOT a.overbooked
               AND a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')",
        )
        .bind(clinic.clock.now())
        .one()
        .await
        .unwrap();
    count
}

async fn free_is_free(house: &House) -> Result<(), TestCaseError> {
    let (clinic, who) = (&house.clinic, &house.who);
    let wanted = Wanted {
        from: Some(day("2026-03-04")),
        to: Some(day("2026-03-06")),
        limit: Some(1000),
        ..Wanted::default()
    };
    let free = appointments::free_slots(clinic, who, &wanted)
        .await
        .unwrap();
    for slot in free.slots {
        let form = NewAppointment {
            record_number: Some(house.patients[4].to_string()),
            doctor: slot.doctor.id,
            starts_at: slot.starts_at,
            ..NewAppointment::default()
        };
        let done = appointments::check(clinic, who, form, Faults::new()).await;
        let check = done.unwrap();
        let others: Vec<_> = check
            .reasons
            .iter()
            .filter(|reason| reason.code != "patient_busy")
            .collect();
        prop_assert!(others.is_empty(), "{slot:?} is not free: {others:?}");
    }
    Ok(())
}

fn form(house: &House, patient: usize, doctor: usize, n: i64) -> NewAppointment {
    NewAppointment {
        record_number: Some(house.patients[patient].to_string()),
        doctor: house.doctors[doctor],
        starts_at: Some(slot(n)),
        ..NewAppointment::default()
    }
}

fn at<T: Copy>(all: &[T], which: usize) -> Option<T> {
    all.get(which % all.len().max(1)).copied()
}

async fn take(house: &House, step: &Step, made: &mut Made) -> Result<(), Refusal> {
    let (clinic, who) = (&house.clinic, &house.who);
    let none = Faults::new;
    match *step {
        Step::Book {
            patient,
            doctor,
            slot,
            overbook,
        } => {
            let form = NewAppointment {
                overbook: overbook.then(|| "On purpose".to_owned()),
                ..form(house, patient, doctor, slot)
            };
            let id = appointments::book_at_desk(clinic, who, form, none()).await?;
            made.appointments.push(id);
        }
        Step::Move {
            which,
            doctor,
            slot: n,
        } => {
            let id = at(&made.appointments, which).unwrap_or(0);
            let form = Reschedule {
                doctor: Some(house.doctors[doctor]),
                starts_at: Some(slot(n)),
                ..Reschedule::default()
            };
            appointments::reschedule(clinic, who, id, form, None, none()).await?;
        }
        Step::Cancel { which } => {
            let id = at(&made.appointments, which).unwrap_or(0);
            let asked = Asked::to(Status::Cancelled);
            appointments::transition(clinic, who, id, asked, none()).await?;
        }
        Step::Undo { which } => {
            let id = at(&made.appointments, which).unwrap_or(0);
            let any = appointments::Expected::default();
            appointments::undo(clinic, who, id, &any, None, none()).await?;
        }
        Step::Leave {
            doctor,
            slot: n,
            slots,
        } => {
            let (from, until) = (slot(n), slot(n) + TimeDelta::minutes(30 * slots));
            let zone = clinic.zone;
            let local = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
            let clock = |at| Some(local(at).format("%H:%M").to_string());
            let (first, last) = (local(from).date(), local(until).date());
            let entered = match doctor {
                Some(doctor) => {
                    let new = NewAbsence {
                        doctor: house.doctors[doctor],
                        first_date: first,
                        last_date: Some(last),
                        starts: clock(from),
                        ends: clock(until),
                        kind: None,
                        note: None,
                    };
                    (
                        Of::Doctors,
                        absences::enter(clinic, who, new, none()).await?,
                    )
                }
                None => {
                    let new = NewClosure {
                        first_date: first,
                        last_date: Some(last),
                        starts: clock(from),
                        ends: clock(until),
                        kind: None,
                        note: None,
                    };
                    (Of::Clinic, absences::close(clinic, who, new, none()).await?)
                }
            };
            made.absences.push(entered);
        }
        Step::Back { which } => {
            let one = at(&made.absences, which).unwrap_or((Of::Doctors, 0));
            absences::take_back(clinic, who, one, None).await?;
        }
        Step::Answer { which, to } => {
            let one = at(&made.absences, which).unwrap_or((Of::Doctors, 0));
            let form = MoveHits {
                doctor: to.map(|doctor| house.doctors[doctor]),
                ..MoveHits::default()
            };
            absences::move_hits(clinic, who, one, form, none()).await?;
        }
        Step::CallOff { which } => {
            let one = at(&made.absences, which).unwrap_or((Of::Doctors, 0));
            let all = CancelHits::default();
            let done = absences::cancel_hits(clinic, who, one, all, none()).await?;
            assert!(done.iter().all(|one| one.outcome == HitOutcome::Cancelled));
            let (_, left) = absences::hit(clinic, who, one.0, one.1).await?;
            assert!(left.is_empty(), "what was hit is answered");
        }
        Step::Wait { patient } => {
            let new = NewWaiting {
                record_number: Some(house.patients[patient].to_string()),
                date_from: day("2026-03-02"),
                date_to: day("2026-03-20"),
                ..NewWaiting::default()
            };
            made.waiting
                .push(waitlist::add(clinic, who, new, none()).await?);
        }
        Step::Offer {
            which,
            doctor,
            slot: n,
        } => {
            let id = at(&made.waiting, which).unwrap_or(0);
            let offer = offer(house, doctor, n);
            waitlist::offer(clinic, who, id, offer, None, none()).await?;
        }
        Step::Accept { which } => {
            let id = at(&made.waiting, which).unwrap_or(0);
            let accept = Accept::default();
            let id = waitlist::accept(clinic, who, id, &accept, None, none()).await?;
            made.appointments.push(id);
        }
        Step::Skip { which } => {
            let id = at(&made.waiting, which).unwrap_or(0);
            waitlist::skip(clinic, who, id, None).await?;
        }
        Step::Later { .. } => {}
    }
    Ok(())
}

fn offer(house: &House, doctor: usize, n: i64) -> Offer {
    Offer {
        doctor: house.doctors[doctor],
        available_time: house.window,
        starts_at: Some(slot(n)),
        date: None,
        hold_minutes: None,
    }
}

/// Everything that a write here may change, as one text; then how many events and audit rows of
/// changes there are.
async fn all_of(clinic: &Clinic) -> (String, i64, i64) {
    let mut reader = clinic.db.read().await.unwrap();
    let absences: Vec<(i64, i64, NaiveDate)> = reader
        .sql("SELECT id, version, last_date FROM absence ORDER BY id")
        .all()
        .await
        .unwrap();
    let waiting: Vec<(i64, i64, String, i64)> = reader
        .sql("SELECT id, version, status, skipped FROM waiting ORDER BY id")
        .all()
        .await
        .unwrap();
    let appointments: Vec<(i64, i64, String)> = reader
        .sql("SELECT id, version, status FROM appointment ORDER BY id")
        .all()
        .await
        .unwrap();
    let counts: (i64, i64, i64, i64) = reader
        .sql(
            "SELECT (SELECT count(*) FROM slot_hold), (SELECT count(*) FROM waiting_skip),
                 (SELECT count(*) FROM available_time WHERE retired_at IS NULL),
                 (SELECT count(*) FROM doctor_available_time)",
        )
        .one()
        .await
        .unwrap();
    let (events, audit): (i64, i64) = reader
        .sql(
            "SELECT (SELECT count(*) FROM event),
                 (SELECT count(*) FROM audit WHERE kind = 'change')",
        )
        .one()
        .await
        .unwrap();
    let text = format!("{absences:?} {waiting:?} {appointments:?} {counts:?}");
    (text, events, audit)
}

/// Which write is made to fail.
#[derive(Debug, Clone, Copy)]
enum Write {
    Enter,
    Change,
    TakeBack,
    Close,
    CancelHits,
    MoveHits,
    Open,
    Shut,
    Add,
    ChangeWaiting,
    Offer,
    Accept,
    Skip,
    Withdraw,
}

const WRITES: [Write; 14] = [
    Write::Enter,
    Write::Change,
    Write::TakeBack,
    Write::Close,
    Write::CancelHits,
    Write::MoveHits,
    Write::Open,
    Write::Shut,
    Write::Add,
    Write::ChangeWaiting,
    Write::Offer,
    Write::Accept,
    Write::Skip,
    Write::Withdraw,
];

async fn a_database_that_fails_anywhere_leaves_before_or_after(db: TestDb) {
    let on = TestServer::start(db).await;
    let house = house(&on).await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = house.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    for write in WRITES {
        let mut fails = 0;
        for n in 1.. {
            clear(&house.clinic).await;
            let made = prepare(&house, write).await;
            let before = all_of(&house.clinic).await;
            recorder.clear();
            recorder.fail_at(n);
            let done = run(&failing, &house, write, &made).await;
            recorder.clear();
            let after = all_of(&house.clinic).await;
            match done {
                Err(Refusal::Broken(_)) => {
                    assert!(
                        before == after || after.1 > before.1 && after.2 > before.2,
                        "{write:?} failed at statement {n}: {before:?} {after:?}"
                    );
                    fails += 1;
                    assert!(fails < 290, "it fails whatever is written");
                }
                Ok(()) => {
                    assert_ne!(before.0, after.0, "{write:?} does something");
                    assert!(after.1 > before.1, "{write:?} is an event");
                    assert!(after.2 > before.2, "{write:?} is audited");
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

fn away(house: &House) -> NewAbsence {
    NewAbsence {
        doctor: house.doctors[0],
        first_date: day("2026-03-04"),
        last_date: None,
        starts: None,
        ends: None,
        kind: None,
        note: None,
    }
}

fn closed() -> NewClosure {
    NewClosure {
        first_date: day("2026-03-04"),
        last_date: None,
        starts: None,
        ends: None,
        kind: None,
        note: None,
    }
}

fn hours(house: &House) -> NewOpening {
    NewOpening {
        doctor: house.doctors[0],
        date: day("2026-03-04"),
        starts: "18:00".to_owned(),
        ends: "20:00".to_owned(),
        slot_minutes: Some(20),
    }
}

fn waits(house: &House) -> NewWaiting {
    NewWaiting {
        record_number: Some(house.patients[0].to_string()),
        date_from: day("2026-03-02"),
        date_to: day("2026-03-20"),
        ..NewWaiting::default()
    }
}

/// Where each write begins: the id it is about.
async fn prepare(house: &House, write: Write) -> i64 {
    let (clinic, who) = (&house.clinic, &house.who);
    let none = Faults::new;
    match write {
        Write::Enter | Write::Close | Write::Open | Write::Add => 0,
        Write::Change | Write::TakeBack => {
            let entered = absences::enter(clinic, who, away(house), none()).await;
            entered.unwrap()
        }
        Write::CancelHits | Write::MoveHits => {
            let form = form(house, 0, 0, 0);
            let booked = appointments::book_at_desk(clinic, who, form, none()).await;
            booked.unwrap();
            let entered = absences::enter(clinic, who, away(house), none()).await;
            entered.unwrap()
        }
        Write::Shut => {
            let opened = openings::open(clinic, who, hours(house), none()).await;
            opened.unwrap().id
        }
        Write::ChangeWaiting | Write::Offer | Write::Withdraw => {
            let added = waitlist::add(clinic, who, waits(house), none()).await;
            added.unwrap()
        }
        Write::Accept | Write::Skip => {
            let added = waitlist::add(clinic, who, waits(house), none()).await;
            let id = added.unwrap();
            let offer = offer(house, 0, 0);
            let offered = waitlist::offer(clinic, who, id, offer, None, none()).await;
            offered.unwrap();
            id
        }
    }
}

async fn run(failing: &Clinic, house: &House, write: Write, made: &i64) -> Result<(), Refusal> {
    let (who, id) = (&house.who, *made);
    let none = Faults::new;
    match write {
        Write::Enter => {
            absences::enter(failing, who, away(house), none()).await?;
        }
        Write::Change => {
            let change = AbsenceChange {
                last_date: Some(day("2026-03-06")),
                note: Patch::Set("Longer".to_owned()),
                ..AbsenceChange::default()
            };
            absences::change(failing, who, (Of::Doctors, id), change, None, none()).await?;
        }
        Write::TakeBack => absences::take_back(failing, who, (Of::Doctors, id), None).await?,
        Write::Close => {
            absences::close(failing, who, closed(), none()).await?;
        }
        Write::CancelHits => {
            let (at, all) = ((Of::Doctors, id), CancelHits::default());
            absences::cancel_hits(failing, who, at, all, none()).await?;
        }
        Write::MoveHits => {
            let (at, all) = ((Of::Doctors, id), MoveHits::default());
            absences::move_hits(failing, who, at, all, none()).await?;
        }
        Write::Open => {
            openings::open(failing, who, hours(house), none()).await?;
        }
        Write::Shut => openings::close(failing, who, id).await?,
        Write::Add => {
            waitlist::add(failing, who, waits(house), none()).await?;
        }
        Write::ChangeWaiting => {
            let change = WaitingChange {
                urgency: Some(Urgency::Urgent),
                ..WaitingChange::default()
            };
            waitlist::change(failing, who, id, change, None, none()).await?;
        }
        Write::Offer => {
            let offer = offer(house, 0, 0);
            waitlist::offer(failing, who, id, offer, None, none()).await?;
        }
        Write::Accept => {
            waitlist::accept(failing, who, id, &Accept::default(), None, none()).await?;
        }
        Write::Skip => waitlist::skip(failing, who, id, None).await?,
        Write::Withdraw => waitlist::withdraw(failing, who, id, None).await?,
    }
    Ok(())
}
