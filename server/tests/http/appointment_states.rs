//! Where appointments stand: every step at the desk, its conflicts, its history, taking it back
//! (API.md §5).

mod taking_back;

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::header::{ETAG, IF_MATCH};
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::desk::appointments::Status;
use serde_json::{Value, json};

use crate::support::bookable::{person, set_status, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, request};

on_both! {
    every_state_goes_where_the_table_says_and_nowhere_else,
    nothing_of_its_day_happens_before_its_day,
    a_conflict_says_who_did_what_and_when,
    if_match_is_judged_before_the_version,
    who_waits_has_waited_since_they_came,
    calling_off_keeps_who_why_and_whether_late,
    a_doctor_takes_steps_with_their_own_patients_only,
    the_history_tells_every_step,
    paying_is_noted_once,
    a_night_closes_what_nobody_came_to,
    faulty_reasons_are_refused,
}

/// A clinic with Dora and her window of slots, and Rosa at the desk.
pub(super) struct Desk {
    pub(super) on: TestServer,
    pub(super) rosa: Client,
    pub(super) dora: i64,
    pub(super) window: i64,
}

pub(super) async fn desk(on: TestServer) -> Desk {
    let window = window(&on.server.clinic, "10:00-10:30").await;
    let dora = on.doctor_offering("dora", &[window]).await;
    on.account_of(Role::Receptionist, "rosa", ("Rosa", "Winter"))
        .await;
    let rosa = on.signed_in("rosa").await;
    Desk {
        on,
        rosa,
        dora,
        window,
    }
}

impl Desk {
    /// Somebody's appointment with Dora on a date.
    pub(super) async fn appointment(&self, name: &str, date: &str) -> i64 {
        self.appointment_with(self.dora, name, date).await
    }

    async fn appointment_with(&self, doctor: i64, name: &str, date: &str) -> i64 {
        use clinic_server::clinic::appointments::{Request, When, book};
        let clinic = &self.on.server.clinic;
        let request = Request {
            patient: person(clinic, name).await,
            doctor,
            window: self.window,
            when: When::On(date.parse().unwrap()),
            kind: clinic_shared::desk::appointments::Kind::Offline,
            symptoms: "x".to_owned(),
        };
        let nobody = clinic_server::clinic::Actor::nobody(None);
        book(clinic, &nobody, &request).await.unwrap()
    }

    pub(super) async fn step(&self, id: i64, step: &str, body: Value) -> (StatusCode, Value) {
        post(&self.rosa, &path(id, step), body).await
    }

    /// A step that goes well; answers the appointment.
    pub(super) async fn done(&self, id: i64, step: &str, body: Value) -> Value {
        let (status, body) = self.step(id, step, body).await;
        assert_eq!(status, StatusCode::OK, "{step}: {body}");
        body
    }

    pub(super) async fn history(&self, id: i64) -> Vec<Value> {
        let (status, steps) = get(&self.rosa, &path(id, "history")).await;
        assert_eq!(status, StatusCode::OK, "{steps}");
        steps.as_array().unwrap().clone()
    }
}

pub(super) fn path(id: i64, step: &str) -> String {
    format!("/v1/api/desk/appointments/{id}/{step}/")
}

/// The actions and where they lead.
const STEPS: [(&str, Status); 7] = [
    ("confirm", Status::Confirmed),
    ("check-in", Status::CheckedIn),
    ("start", Status::Running),
    ("complete", Status::Completed),
    ("cancel", Status::Cancelled),
    ("no-show", Status::NoShow),
    ("left", Status::Left),
];

fn body_of(step: &str) -> Value {
    match step {
        "cancel" => json!({ "by": "patient", "reason_kind": "illness", "reason": "A cold." }),
        "no-show" | "left" => json!({ "reason_kind": "other" }),
        _ => json!({}),
    }
}

/// The table of API.md §5, written down once more on purpose.
fn allowed(from: Status, to: Status) -> bool {
    use Status::{Cancelled, CheckedIn, Completed, Confirmed, Left, NoShow, Pending, Running};
    let table: &[(Status, &[Status])] = &[
        (Pending, &[Confirmed, CheckedIn, Running, Cancelled, NoShow]),
        (Confirmed, &[CheckedIn, Running, Cancelled, NoShow]),
        (CheckedIn, &[Running, Left, Cancelled]),
        (Running, &[Completed, CheckedIn]),
        (NoShow, &[CheckedIn]),
    ];
    table
        .iter()
        .any(|(one, others)| *one == from && others.contains(&to))
}

async fn every_state_goes_where_the_table_says_and_nowhere_else(on: TestServer) {
    let desk = desk(on).await;
    let clinic = &desk.on.server.clinic;
    let id = desk.appointment("Ana", "2026-03-02").await;
    for from in Status::ALL {
        for (step, to) in STEPS {
            set_status(clinic, id, from.as_str()).await.unwrap();
            let before = desk.history(id).await.len();
            let (status, body) = desk.step(id, step, body_of(step)).await;
            let place = format!("{from} to {to}: {body}");
            if allowed(*from, to) {
                assert_eq!(status, StatusCode::OK, "{place}");
                assert_eq!(body["status"], to.as_str(), "{place}");
                let steps = desk.history(id).await;
                assert_eq!(steps.len(), before + 1, "{place}");
                let last = steps.last().unwrap();
                assert_eq!(last["from"], from.as_str(), "{place}");
                assert_eq!(last["to"], to.as_str(), "{place}");
                assert_eq!(last["version"], body["version"], "{place}");
                assert_eq!(last["by"], "Rosa Winter", "{place}");
            } else {
                assert_eq!(status, StatusCode::CONFLICT, "{place}");
                assert_eq!(body["code"], "invalid_transition", "{place}");
                let (_, now) = get(&desk.rosa, &format!("/v1/api/desk/appointments/{id}/")).await;
                assert_eq!(now["status"], from.as_str(), "{place}");
                assert_eq!(desk.history(id).await.len(), before, "{place}");
            }
        }
        // Back to waiting is a step of its own: from the doctor's room only.
        set_status(clinic, id, from.as_str()).await.unwrap();
        let (status, body) = desk.step(id, "back-to-waiting", json!({})).await;
        let expected = match from {
            Status::Running => StatusCode::OK,
            _ => StatusCode::CONFLICT,
        };
        assert_eq!(status, expected, "{from} back to waiting: {body}");
    }
}

async fn nothing_of_its_day_happens_before_its_day(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-03").await;
    for step in ["check-in", "start", "no-show"] {
        let (status, body) = desk.step(id, step, body_of(step)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{step}");
        assert_eq!(body["code"], "invalid_transition");
        let detail = body["detail"].as_str().unwrap();
        assert!(
            detail.contains("This appointment is on 2026-03-03"),
            "{detail}"
        );
    }
    // The clinic's midnight is an hour before UTC's: 08:00 UTC + 15 h is midnight in Berlin.
    desk.on.wait(15 * 3600 - 1);
    let rosa = desk.on.signed_in("rosa").await;
    let (status, _) = post(&rosa, &path(id, "check-in"), json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "a second before midnight");
    desk.on.wait(1);
    let (status, body) = post(&rosa, &path(id, "check-in"), json!({})).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

async fn a_conflict_says_who_did_what_and_when(on: TestServer) {
    let desk = desk(on).await;
    desk.on
        .account_of(Role::Receptionist, "ann", ("Ann", "Winter"))
        .await;
    let ann = desk.on.signed_in("ann").await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    desk.done(id, "check-in", json!({ "version": 1 })).await;
    let (status, _) = post(&ann, &path(id, "start"), json!({ "version": 2 })).await;
    assert_eq!(status, StatusCode::OK);
    desk.on.wait(12);
    let (status, body) = desk.step(id, "left", json!({ "version": 2 })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "version_conflict");
    assert_eq!(body["detail"], "Ann Winter moved this to running 12 s ago.");
    // Without a version the states themselves refuse it, and say the same.
    let (status, body) = desk.step(id, "left", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "invalid_transition");
    assert_eq!(
        body["detail"],
        "An appointment that is running can't become left. Ann Winter moved this to running 12 s ago."
    );
    // The doctor, who is not of the desk, hears what they are.
    let dora = desk.on.signed_in("dora").await;
    let (_, body) = post(&dora, &path(id, "complete"), json!({ "version": 1 })).await;
    assert_eq!(
        body["detail"],
        "The front desk moved this to running 12 s ago."
    );
}

async fn if_match_is_judged_before_the_version(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    let confirm = |tag: &'static str, version: i64| {
        request(&desk.rosa, Method::POST, &path(id, "confirm"))
            .header(IF_MATCH, tag)
            .json(&json!({ "version": version }))
            .send()
    };
    let answer = confirm("\"v7\"", 7).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PRECONDITION_FAILED);
    let answer = confirm("\"v1\"", 7).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let answer = confirm("\"v1\"", 1).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[ETAG], "\"v2\"");
}

async fn who_waits_has_waited_since_they_came(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    let came = desk.done(id, "check-in", json!({})).await["checked_in_at"].clone();
    assert!(came.is_string());
    desk.on.wait(60);
    let running = desk.done(id, "start", json!({})).await;
    assert_ne!(running["started_at"], came);
    assert_eq!(running["checked_in_at"], came);
    desk.on.wait(60);
    let waiting = desk.done(id, "back-to-waiting", json!({})).await;
    assert_eq!(waiting["status"], "checked_in");
    assert_eq!(waiting["checked_in_at"], came);
    assert_eq!(waiting["started_at"], Value::Null);
    desk.done(id, "start", json!({})).await;
    let seen = desk.done(id, "complete", json!({})).await;
    assert!(seen["completed_at"].is_string());
}

async fn calling_off_keeps_who_why_and_whether_late(on: TestServer) {
    let desk = desk(on).await;
    // It is 9 in the morning; a day and a half ahead is not late, an hour ahead is.
    for (date, late) in [("2026-03-03", false), ("2026-03-02", true)] {
        let id = desk.appointment("Ana", date).await;
        let off = desk.done(id, "cancel", body_of("cancel")).await;
        assert_eq!(off["cancelled_by"], "patient");
        assert_eq!(off["reason_kind"], "illness");
        assert_eq!(off["cancel_reason"], "A cold.");
        assert_eq!(off["cancelled_late"], late, "{date}");
        assert!(off["cancelled_at"].is_string());
    }
    let (_, audited) = (0, desk.on.audit(40).await);
    assert!(
        audited
            .iter()
            .any(|(_, action, _)| action == "cancel_appointment")
    );
    let clinic = &desk.on.server.clinic;
    let mut reader = clinic.db.read().await.unwrap();
    let rows = clinic_server::store::audit::latest(&mut reader, 40)
        .await
        .unwrap();
    let told = rows
        .iter()
        .any(|row| row.detail.0.to_string().contains("cold"));
    assert!(!told, "what the patient has stays out of the audit");
}

async fn a_doctor_takes_steps_with_their_own_patients_only(on: TestServer) {
    let desk = desk(on).await;
    let emil = desk.on.doctor_offering("emil", &[desk.window]).await;
    let of_dora = desk.appointment("Ana", "2026-03-02").await;
    let of_emil = desk.appointment_with(emil, "Ben", "2026-03-02").await;
    let dora = desk.on.signed_in("dora").await;
    for step in ["start", "complete"] {
        let (status, body) = post(&dora, &path(of_dora, step), json!({})).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    for step in ["confirm", "check-in", "start", "no-show", "cancel", "undo"] {
        let (status, body) = post(&dora, &path(of_emil, step), body_of(step)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{step}: {body}");
    }
    let (status, _) = get(&dora, &path(of_emil, "history")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, steps) = get(&dora, &path(of_dora, "history")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(steps.as_array().unwrap().len(), 3);
}

async fn the_history_tells_every_step(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    desk.done(id, "confirm", json!({})).await;
    desk.done(id, "check-in", json!({})).await;
    desk.done(id, "left", json!({ "reason_kind": "waited_too_long" }))
        .await;
    let steps = desk.history(id).await;
    let told: Vec<_> = steps
        .iter()
        .map(|step| (step["action"].as_str().unwrap(), step["version"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("book", json!(1)),
            ("confirm", json!(2)),
            ("check_in", json!(3)),
            ("leave", json!(4))
        ]
    );
    assert_eq!(steps[0]["from"], Value::Null);
    assert_eq!(steps[0]["by"], Value::Null, "booked by nobody in this test");
    assert_eq!(steps[0]["starts"], "10:00");
    assert_eq!(steps[3]["reason_kind"], "waited_too_long");
    assert_eq!(steps[3]["role"], "receptionist");
    // Each step has its audit row and its event.
    let audited = desk.on.audit(50).await;
    for action in [
        "confirm_appointment",
        "check_in_appointment",
        "leave_appointment",
    ] {
        assert!(audited.iter().any(|(_, one, _)| one == action), "{action}");
    }
    use clinic_server::store::Session;
    let mut reader = desk.on.server.clinic.db.read().await.unwrap();
    let (events,): (i64,) = reader
        .sql("SELECT count(*) FROM event WHERE kind = 'appointment' AND object_id = $1")
        .bind(id)
        .one()
        .await
        .unwrap();
    assert_eq!(events, 4);
}

async fn paying_is_noted_once(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    let paid = desk
        .done(id, "paid", json!({ "is_paid": true, "version": 1 }))
        .await;
    assert_eq!(
        (&paid["is_paid"], &paid["version"]),
        (&json!(true), &json!(2))
    );
    let again = desk.done(id, "paid", json!({ "is_paid": true })).await;
    assert_eq!(again["version"], 2, "nothing changed");
    let (status, body) = desk
        .step(id, "paid", json!({ "is_paid": false, "version": 1 }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["detail"], "You changed whether this was paid 0 s ago.");
    assert_eq!(desk.history(id).await.len(), 2);
}

async fn a_night_closes_what_nobody_came_to(on: TestServer) {
    let desk = desk(on).await;
    let missed = desk.appointment("Ana", "2026-03-02").await;
    let agreed = desk.appointment("Ben", "2026-03-03").await;
    let to_come = desk.appointment("Cora", "2026-03-04").await;
    desk.done(agreed, "confirm", json!({})).await;
    desk.on.wait(30 * 3600);
    let clinic = &desk.on.server.clinic;
    clinic_server::clinic::appointments::close_missed(clinic)
        .await
        .unwrap();
    let rosa = desk.on.signed_in("rosa").await;
    for (id, status) in [
        (missed, "no_show"),
        (agreed, "confirmed"),
        (to_come, "pending"),
    ] {
        let (_, now) = get(&rosa, &format!("/v1/api/desk/appointments/{id}/")).await;
        assert_eq!(now["status"], status);
    }
    let (_, steps) = get(&rosa, &path(missed, "history")).await;
    let last = steps.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["by"]),
        (&json!("no_show"), &Value::Null)
    );
    // Who missed yesterday is not checked in today.
    let (status, body) = post(&rosa, &path(missed, "check-in"), json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "invalid_transition");
}

async fn faulty_reasons_are_refused(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    for (step, body, field) in [
        ("cancel", json!({}), "by"),
        ("cancel", json!({ "by": "weather" }), "by"),
        (
            "cancel",
            json!({ "by": "clinic", "reason": "x".repeat(501) }),
            "reason",
        ),
        ("no-show", json!({ "reason_kind": "aliens" }), "reason_kind"),
        ("confirm", json!({ "reason": "x" }), "reason"),
        ("confirm", json!({ "version": 0 }), "version"),
    ] {
        let (status, answer) = desk.step(id, step, body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{step} {body}");
        assert!(answer["errors"][field].is_array(), "{answer}");
    }
}
