//! Taking steps back, and time that was given away meanwhile.

use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use super::{desk, path};
use crate::support::bookable::broken_pairs;
use crate::support::on_both;
use crate::support::server::{TestServer, post};

on_both! {
    the_last_step_is_taken_back_once_within_five_minutes,
    only_who_took_it_or_the_desk_takes_it_back,
    a_cancelled_time_that_is_sold_comes_back_beside_the_other_only,
    a_late_comer_takes_their_time_again,
    marks_are_as_before,
}

async fn the_last_step_is_taken_back_once_within_five_minutes(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    let (status, body) = desk.step(id, "undo", json!({})).await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "a booking is cancelled instead"
    );
    assert_eq!(body["code"], "nothing_to_undo");
    desk.done(id, "confirm", json!({})).await;
    let back = desk.done(id, "undo", json!({ "version": 2 })).await;
    assert_eq!(
        (&back["status"], &back["version"]),
        (&json!("pending"), &json!(3))
    );
    assert_eq!(back["confirmed_at"], Value::Null);
    let (status, body) = desk.step(id, "undo", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "nothing_to_undo");
    let steps = desk.history(id).await;
    assert_eq!(steps[2]["undoes"], 2);
    desk.done(id, "check-in", json!({})).await;
    desk.on.wait(301);
    let rosa = desk.on.signed_in("rosa").await;
    let (status, body) = post(&rosa, &path(id, "undo"), json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.contains("five minutes"), "{detail}");
}

async fn only_who_took_it_or_the_desk_takes_it_back(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    desk.on.account(Role::Admin, "adam").await;
    let (dora, adam) = (
        desk.on.signed_in("dora").await,
        desk.on.signed_in("adam").await,
    );
    desk.done(id, "check-in", json!({})).await;
    let (status, _) = post(&dora, &path(id, "undo"), json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "it was the desk's step");
    let (status, _) = post(&dora, &path(id, "start"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let (status, body) = post(&dora, &path(id, "undo"), json!({})).await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::OK, &json!("checked_in"))
    );
    post(&dora, &path(id, "start"), json!({})).await;
    let (status, body) = post(&adam, &path(id, "undo"), json!({})).await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::OK, &json!("checked_in"))
    );
}

async fn a_cancelled_time_that_is_sold_comes_back_beside_the_other_only(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-04").await;
    let cancel = json!({ "by": "patient" });
    desk.done(id, "cancel", cancel.clone()).await;
    let back = desk.done(id, "undo", json!({})).await;
    assert_eq!(
        (&back["status"], &back["cancelled_by"]),
        (&json!("pending"), &Value::Null)
    );
    desk.done(id, "cancel", cancel).await;
    let other = desk.appointment("Ben", "2026-03-04").await;
    let (status, body) = desk.step(id, "undo", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "slot_unavailable");
    assert_eq!(body["reasons"][0]["code"], "doctor_busy");
    let beside = desk
        .done(id, "undo", json!({ "overbook": "Came from far" }))
        .await;
    assert_eq!(
        (&beside["status"], &beside["overbooked"]),
        (&json!("pending"), &json!(true))
    );
    let last = desk.history(id).await.pop().unwrap();
    assert_eq!(last["reason"], "Came from far");
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
    assert_ne!(id, other);
}

async fn a_late_comer_takes_their_time_again(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    desk.done(id, "no-show", json!({})).await;
    let here = desk.done(id, "check-in", json!({})).await;
    assert_eq!(
        (&here["status"], &here["no_show_at"]),
        (&json!("checked_in"), &Value::Null)
    );
    desk.done(id, "undo", json!({})).await;
    desk.appointment("Ben", "2026-03-02").await;
    let (status, body) = desk.step(id, "check-in", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["reasons"][0]["code"], "doctor_busy");
    // The doctor can't overbook their own day past the desk.
    let dora = desk.on.signed_in("dora").await;
    let overbook = json!({ "overbook": "She waits outside" });
    let (status, _) = post(&dora, &path(id, "check-in"), overbook.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let here = desk.done(id, "check-in", overbook).await;
    assert_eq!(
        (&here["status"], &here["overbooked"]),
        (&json!("checked_in"), &json!(true))
    );
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn marks_are_as_before(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.appointment("Ana", "2026-03-02").await;
    desk.done(id, "confirm", json!({})).await;
    desk.on.wait(30);
    let mut seen = vec![desk.done(id, "check-in", json!({})).await];
    for step in ["start", "back-to-waiting", "start", "complete"] {
        desk.on.wait(10);
        let next = desk.done(id, step, json!({})).await;
        let back = desk.done(id, "undo", json!({})).await;
        let before = seen.last().unwrap();
        for field in [
            "status",
            "confirmed_at",
            "checked_in_at",
            "started_at",
            "completed_at",
        ] {
            assert_eq!(
                back[field], before[field],
                "{field} after taking back {step}"
            );
        }
        assert_ne!(next["status"], back["status"]);
        seen.push(desk.done(id, step, json!({})).await);
    }
}
