//! A move says where to, and can be taken back as every step (API.md §5).

use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use super::{BOOK, Desk, codes, desk};
use crate::support::bookable::broken_pairs;
use crate::support::on_both;
use crate::support::server::{TestServer, get, post};

on_both! {
    a_move_says_where_to,
    a_move_is_taken_back_to_the_time_before,
    a_move_is_not_taken_back_into_time_that_was_sold,
    an_undo_after_a_move_leaves_the_step_before_it,
    a_move_beside_another_one_keeps_both_reasons,
}

const TEN: &str = "2026-03-04T09:00:00Z";
const HALF_PAST: &str = "2026-03-04T09:30:00Z";

impl Desk {
    async fn step(&self, made: &Value, step: &str, body: Value) -> (StatusCode, Value) {
        post(&self.rosa, &format!("{BOOK}{}/{step}/", made["id"]), body).await
    }

    async fn done(&self, made: &Value, step: &str, body: Value) -> Value {
        let (status, body) = self.step(made, step, body).await;
        assert_eq!(status, StatusCode::OK, "{step}: {body}");
        body
    }
}

async fn a_move_says_where_to(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana", json!({ "starts_at": HALF_PAST })).await;
    for form in [
        json!({}),
        json!({ "reason": "No idea" }),
        json!({ "duration_minutes": 20, "outside_hours": true }),
    ] {
        let (status, body) = desk.step(&ana, "reschedule", form).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(body["errors"]["starts_at"].is_array(), "{body}");
    }
    let (_, now) = get(&desk.rosa, &format!("{BOOK}{}/", ana["id"])).await;
    assert_eq!(
        (&now["starts"], &now["version"]),
        (&json!("10:30"), &json!(1))
    );
}

async fn a_move_is_taken_back_to_the_time_before(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana", json!({ "starts_at": TEN })).await;
    desk.done(&ana, "confirm", json!({})).await;
    let moved = desk
        .done(&ana, "reschedule", json!({ "date": "2026-03-05" }))
        .await;
    assert_eq!(moved["date"], "2026-03-05");
    let back = desk
        .done(&ana, "undo", json!({ "version": moved["version"] }))
        .await;
    assert_eq!(
        (&back["date"], &back["starts"], &back["ends"]),
        (&ana["date"], &ana["starts"], &ana["ends"])
    );
    assert_eq!(back["window"], ana["window"]);
    assert_eq!(back["status"], "confirmed");
    assert!(back["confirmed_at"].is_string(), "{back}");
    let (_, steps) = get(&desk.rosa, &format!("{BOOK}{}/history/", ana["id"])).await;
    let steps = steps.as_array().unwrap();
    let told: Vec<_> = steps
        .iter()
        .map(|step| (&step["action"], &step["date"]))
        .collect();
    assert_eq!(
        told[2..],
        [
            (&json!("reschedule"), &json!("2026-03-05")),
            (&json!("undo"), &json!("2026-03-04"))
        ]
    );
    assert_eq!(steps[3]["undoes"], 3);
    // Once; and the time that it had meanwhile is free again.
    let (status, body) = desk.step(&ana, "undo", json!({})).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_undo"))
    );
    desk.booked("Ben", json!({ "starts_at": "2026-03-05T09:00:00Z" }))
        .await;
    // After five minutes it is too late.
    desk.done(&ana, "reschedule", json!({ "date": "2026-03-06" }))
        .await;
    desk.on.wait(301);
    let rosa = desk.on.signed_in("rosa").await;
    let (status, body) = post(&rosa, &format!("{BOOK}{}/undo/", ana["id"]), json!({})).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_undo"))
    );
}

async fn a_move_is_not_taken_back_into_time_that_was_sold(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana", json!({ "starts_at": TEN })).await;
    desk.done(&ana, "reschedule", json!({ "starts_at": HALF_PAST }))
        .await;
    let ben = desk.booked("Ben", json!({ "starts_at": TEN })).await;
    let (status, body) = desk.step(&ana, "undo", json!({})).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("slot_unavailable"))
    );
    assert_eq!(codes(&body), ["doctor_busy"]);
    assert_eq!(body["reasons"][0]["appointment"], ben["id"]);
    let (_, now) = get(&desk.rosa, &format!("{BOOK}{}/", ana["id"])).await;
    assert_eq!(
        (&now["starts"], &now["version"]),
        (&json!("10:30"), &json!(2))
    );
    let beside = desk
        .done(&ana, "undo", json!({ "overbook": "She was first" }))
        .await;
    assert_eq!(
        (&beside["starts"], &beside["overbooked"]),
        (&json!("10:00"), &json!(true))
    );
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn an_undo_after_a_move_leaves_the_step_before_it(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana", json!({ "starts_at": TEN })).await;
    desk.done(&ana, "reschedule", json!({ "starts_at": HALF_PAST }))
        .await;
    desk.done(&ana, "confirm", json!({})).await;
    let back = desk.done(&ana, "undo", json!({})).await;
    assert_eq!(
        (&back["status"], &back["starts"]),
        (&json!("pending"), &json!("10:30")),
        "the confirmation was the last step"
    );
    let (status, _) = desk.step(&ana, "undo", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

async fn a_move_beside_another_one_keeps_both_reasons(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana", json!({ "starts_at": TEN })).await;
    desk.booked("Ben", json!({ "starts_at": HALF_PAST })).await;
    for (starts_at, reason, overbook, told) in [
        (
            HALF_PAST,
            "Missed her bus.",
            "In pain",
            "Missed her bus; overbooked: In pain",
        ),
        (TEN, "Found another bus", "In pain", "Found another bus"),
        (HALF_PAST, "In pain", "In pain", "In pain"),
    ] {
        let form = json!({ "starts_at": starts_at, "reason": reason, "overbook": overbook });
        let moved = desk.done(&ana, "reschedule", form).await;
        assert_eq!(moved["overbooked"], starts_at == HALF_PAST);
        let (_, steps) = get(&desk.rosa, &format!("{BOOK}{}/history/", ana["id"])).await;
        let last = steps.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["action"], &last["reason"]),
            (&json!("reschedule"), &json!(told))
        );
    }
}
