//! What was done to the newest appointments of an invented clinic.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clinic_server::clinic::appointments::{decide, replay};
use clinic_server::demo::{self, Size};
use clinic_server::store::{Session, appointment_history, appointments};
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use super::support::db::TestDb;
use super::support::server::{TestServer, get, post};
use super::support::{on_both, on_both_databases};
use super::{clear, furnish};

on_both!(
    a_step_that_was_told_is_taken_back_as_any_other,
    who_booked_is_told_where_somebody_was_faster,
);
on_both_databases!(the_newest_ones_tell_every_step_that_led_to_how_they_stand);

/// An appointment, beside its row: booked when, changed when, and the doctor's account.
type Around = (i64, NaiveDate, DateTime<Utc>, DateTime<Utc>, i64);

/// By day, at night and on Sunday; with a colleague at the desk and, last, without one.
async fn the_newest_ones_tell_every_step_that_led_to_how_they_stand(db: TestDb) {
    let on = TestServer::start(db).await;
    let clinic = &on.server.clinic;
    for (at, now) in [
        "2026-03-04T11:30:00Z",
        "2026-03-09T02:10:00Z",
        "2026-03-08T13:55:00Z",
        "2026-03-06T08:20:00Z",
    ]
    .into_iter()
    .enumerate()
    {
        clear(&on).await;
        on.clock.set(now.parse().unwrap());
        let rosa = match at {
            3 => None,
            _ => Some(on.account(Role::Receptionist, "rosa").await.id),
        };
        demo::furnish(clinic, &Size::of(300), at as u64, None, |_| {})
            .await
            .unwrap();
        let mut reader = clinic.db.read().await.unwrap();
        let all: Vec<Around> = reader
            .sql(
                "SELECT a.id, a.date, a.created_at, a.updated_at, d.account_id
                 FROM appointment a JOIN doctor d ON d.id = a.doctor_id ORDER BY a.id",
            )
            .all()
            .await
            .unwrap();
        let first = clinic.today() - TimeDelta::days(14);
        let mut by = BTreeMap::new();
        for (id, date, created, changed, doctor) in all {
            let steps = appointment_history::steps(&mut reader, id).await.unwrap();
            if date < first {
                assert_eq!(steps, [], "{now}: of {date}");
                continue;
            }
            let row = appointments::by_id(&mut reader, id).await.unwrap().unwrap();
            let told = format!("{now}: {row:?} {steps:?}");
            let versions: Vec<i64> = steps.iter().map(|step| step.version).collect();
            assert_eq!(versions, (1..=row.version).collect::<Vec<_>>(), "{told}");
            assert!(steps.is_sorted_by(|a, b| a.at < b.at), "{told}");
            let ends = (&steps[0], steps.last().unwrap());
            assert_eq!((ends.0.at, ends.1.at), (created, changed), "{told}");
            assert_eq!(ends.1.to_status, row.status, "{told}");
            assert_eq!(replay(&steps, None), row.marks, "{told}");
            assert_eq!(ends.0.from(), None, "{told}");
            for pair in steps.windows(2) {
                let (before, after) = (pair[0].to_status.0, pair[1].to_status.0);
                assert_eq!(pair[1].from(), Some(before), "{told}");
                let action = decide(before, after, date, date).unwrap();
                assert_eq!(pair[1].action.0, action, "{told}");
            }
            for step in &steps {
                let who = match step.role.as_deref() {
                    Some("receptionist") => rosa,
                    Some("doctor") => Some(doctor),
                    role => {
                        assert!(matches!(role, Some("patient") | None), "{told}");
                        None
                    }
                };
                assert_eq!(step.account_id, who, "{told}");
                *by.entry((step.action.0.as_str(), step.role.clone()))
                    .or_insert(0) += 1;
            }
            // Only the desk books beside another one, and says why.
            assert_eq!(ends.0.reason.is_some(), row.overbooked, "{told}");
            let desk = rosa.map(|_| "receptionist");
            assert!(!row.overbooked || ends.0.role.as_deref() == desk, "{told}");
        }
        let desk = rosa.map(|_| "receptionist".to_owned());
        let (doctor, patient) = (Some("doctor".to_owned()), Some("patient".to_owned()));
        let lets_in = desk.clone().or_else(|| doctor.clone());
        for (what, role) in [
            ("book", patient.clone()),
            ("book", desk.clone()),
            ("confirm", desk.clone()),
            ("check_in", desk.clone()),
            ("start", lets_in),
            ("complete", doctor),
            ("cancel", patient),
            ("cancel", desk.clone()),
            ("no_show", desk.clone()),
            ("leave", desk),
        ] {
            let key = (what, role);
            assert!(
                by.get(&key).is_some_and(|often| *often > 5),
                "{key:?} of {by:?}"
            );
        }
    }
}

async fn who_booked_is_told_where_somebody_was_faster(on: TestServer) {
    on.clock.set("2026-03-04T11:30:00Z".parse().unwrap());
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    furnish(&on).await;
    for (role, name) in [("patient", "The patient"), ("receptionist", "You")] {
        let mut reader = on.server.clinic.db.read().await.unwrap();
        let (id,): (i64,) = reader
            .sql(
                "SELECT min(appointment_id) FROM appointment_history h
                 JOIN appointment a ON a.id = h.appointment_id
                 WHERE a.status = 'pending' AND h.role = $1",
            )
            .bind(role)
            .one()
            .await
            .unwrap();
        drop(reader);
        let path = format!("/v1/api/desk/appointments/{id}/confirm/");
        let (status, body) = post(&rosa, &path, json!({ "version": 7 })).await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(&format!("{name} booked this ")),
            "{detail}"
        );
    }
}

async fn a_step_that_was_told_is_taken_back_as_any_other(on: TestServer) {
    on.clock.set("2026-03-04T11:30:00Z".parse().unwrap());
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    furnish(&on).await;
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let lately = on.clock.now() - TimeDelta::minutes(5);
    let (id, came): (i64, DateTime<Utc>) = reader
        .sql(
            "SELECT id, checked_in_at FROM appointment
             WHERE status = 'running' AND started_at > $1 ORDER BY id LIMIT 1",
        )
        .bind(lately)
        .one()
        .await
        .unwrap();
    drop(reader);
    let path = format!("/v1/api/desk/appointments/{id}");
    let (status, back) = post(&rosa, &format!("{path}/undo/"), json!({ "version": 4 })).await;
    assert_eq!(status, StatusCode::OK, "{back}");
    assert_eq!(
        (&back["status"], &back["started_at"], &back["version"]),
        (&json!("checked_in"), &Value::Null, &json!(5))
    );
    let here: DateTime<Utc> = back["checked_in_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(here, came);
    assert!(back["confirmed_at"].is_string(), "{back}");
    let (_, steps) = get(&rosa, &format!("{path}/history/")).await;
    let told = steps.as_array().unwrap().iter();
    let told: Vec<&str> = told.map(|step| step["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["book", "confirm", "check_in", "start", "undo"]);
    let (status, body) = post(&rosa, &format!("{path}/undo/"), json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
    // What is older stays.
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let (old,): (i64,) = reader
        .sql("SELECT min(id) FROM appointment WHERE status = 'completed' AND date = $1")
        .bind(on.server.clinic.today() - TimeDelta::days(7))
        .one()
        .await
        .unwrap();
    drop(reader);
    let path = format!("/v1/api/desk/appointments/{old}/undo/");
    let (status, body) = post(&rosa, &path, json!({})).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_undo"))
    );
    assert!(body["detail"].as_str().unwrap().contains("five minutes"));
}
