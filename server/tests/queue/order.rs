//! The order of a random queue against a model that was written from API.md §7, not from the code.

use std::sync::Arc;

use chrono::TimeDelta;
use clinic_server::clinic::queue;
use clinic_server::store::{Engine, Session};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::queue::Priority;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{House, house, nine};
use crate::support::bookable::person;
use crate::support::db::TestDb;
use crate::support::on_both_databases;

on_both_databases!(the_order_is_the_models);

/// Somebody of a random queue: where they stand, who goes first, when they are due and when they came,
/// in minutes of the day, and when they went in.
#[derive(Debug, Clone)]
struct Somebody {
    status: usize,
    priority: usize,
    due: Option<i64>,
    came: i64,
    went: i64,
}

const STANDS: [Status; 5] = [
    Status::CheckedIn,
    Status::CheckedIn,
    Status::Running,
    Status::Confirmed,
    Status::Completed,
];

fn people() -> impl Strategy<Value = Vec<Somebody>> {
    let somebody = (
        0..5_usize,
        0..3_usize,
        proptest::option::weighted(0.9, 0..24_i64),
        0..240_i64,
        0..240_i64,
    );
    let somebody = somebody.prop_map(|(status, priority, due, came, went)| Somebody {
        status,
        priority,
        due: due.map(|slot| slot * 10),
        came,
        went,
    });
    proptest::collection::vec(somebody, 0..14)
}

/// Whether the first of two goes before the second, said as API.md says it; ids break ties.
fn before((a, a_id): (&Somebody, i64), (b, b_id): (&Somebody, i64)) -> bool {
    let runs = |one: &Somebody| STANDS[one.status] == Status::Running;
    if runs(a) != runs(b) {
        return runs(a);
    }
    if runs(a) {
        return (a.went, a_id) < (b.went, b_id);
    }
    if a.priority != b.priority {
        return a.priority > b.priority;
    }
    let turn = |one: &Somebody| match one.due {
        Some(due) if due < one.came => due,
        _ => one.came,
    };
    (turn(a), a_id) < (turn(b), b_id)
}

/// Takes the one out whom nobody goes before, until none is left.
fn model(people: &[(Somebody, i64)]) -> Vec<i64> {
    let here = |one: &Somebody| matches!(STANDS[one.status], Status::Running | Status::CheckedIn);
    let mut left: Vec<&(Somebody, i64)> = people.iter().filter(|(one, _)| here(one)).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let first = left.iter().position(|(one, id)| {
            left.iter()
                .all(|(other, other_id)| id == other_id || before((one, *id), (other, *other_id)))
        });
        order.push(left.remove(first.unwrap()).1);
    }
    order
}

async fn the_order_is_the_models(db: TestDb) {
    let house = Arc::new(house(db).await);
    let mut patients = Vec::new();
    for n in 0..14 {
        patients.push(person(&house.clinic, &format!("Person {n}")).await);
    }
    let cases = match house.clinic.db.engine() {
        Engine::Sqlite => 48,
        Engine::Postgres => 24,
    };
    let runtime = tokio::runtime::Handle::current();
    let played = tokio::task::spawn_blocking(move || {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        runner.run(&people(), |people| {
            let compared = runtime.block_on(compared(&house, &patients, people.clone()));
            let (found, expected) = compared;
            prop_assert_eq!(found, expected, "{:?}", people);
            Ok(())
        })
    });
    played.await.unwrap().unwrap();
}

/// The queue of these people as it is answered, and as the model says.
async fn compared(house: &House, patients: &[i64], people: Vec<Somebody>) -> (Vec<i64>, Vec<i64>) {
    let clinic = &house.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("DELETE FROM appointment").run().await.unwrap();
    let mut placed = Vec::new();
    for (one, patient) in people.into_iter().zip(patients) {
        let at = |minutes: i64| nine() + TimeDelta::minutes(minutes);
        let went = matches!(STANDS[one.status], Status::Running | Status::Completed);
        let came = STANDS[one.status] != Status::Confirmed;
        let (id,): (i64,) = tx
            .sql(
                "INSERT INTO appointment (patient_id, doctor_id, available_time_id, date, starts_at,
                     ends_at, at, kind, status, overbooked, symptoms, is_paid, cancelled_late,
                     version, created_at, updated_at, priority, checked_in_at, started_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'offline', $8, $9, '', $10, $10, 1, $11, $11,
                     $12, $13, $14)
                 RETURNING id",
            )
            .bind(*patient)
            .bind(house.doctors[0].0)
            .bind(house.window)
            .bind(clinic.today())
            .bind(one.due.map(at))
            .bind(one.due.map(|due| at(due + 10)))
            .bind(one.due.map_or_else(nine, at))
            .bind(STANDS[one.status].as_str())
            .bind(true)
            .bind(false)
            .bind(nine())
            .bind(Priority::ALL[one.priority].as_str())
            .bind(came.then(|| at(one.came)))
            .bind(went.then(|| at(one.went)))
            .one()
            .await
            .unwrap();
        placed.push((one, id));
    }
    tx.commit().await.unwrap();
    let answered = queue::of_doctor(clinic, &house.who, Some(house.doctors[0].1)).await;
    let found = answered.unwrap().entries.iter().map(|one| one.id).collect();
    (found, model(&placed))
}
