//! `/available-time/` (API.md §3, §6).

use clinic_server::clinic::available_times;
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, post};

on_both! {
    admins_make_them_and_everybody_reads_them,
    the_filter_by_id_tells_unknown_from_faulty,
    labels_become_windows_with_and_without_a_clock,
}

async fn made(on: &TestServer, labels: &[&str]) -> Vec<Value> {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let mut made = Vec::new();
    for label in labels {
        let (status, time) = post(&admin, "/available-time/", json!({ "time": label })).await;
        assert_eq!(status, StatusCode::CREATED, "{time}");
        made.push(time);
    }
    made
}

async fn admins_make_them_and_everybody_reads_them(on: TestServer) {
    let made = made(&on, &["9:00 AM - 9:30 AM", " Evening "]).await;
    assert_eq!(
        made[0],
        json!({ "id": made[0]["id"], "time": "9:00 AM - 9:30 AM" })
    );
    assert_eq!(made[1]["time"], "Evening");
    let (status, listed) = get(&on.anonymous(), "/available-time/").await;
    assert_eq!((status, listed), (StatusCode::OK, json!(made)));
    assert_eq!(on.audit(1).await[0].1, "create_available_time");

    let admin = on.sign_in(Role::Admin, "bea").await;
    for (body, message) in [
        (json!({}), "This field is required."),
        (json!({ "time": "  " }), "This field may not be blank."),
        (
            json!({ "time": "x".repeat(51) }),
            "Ensure this field has no more than 50 characters.",
        ),
        (json!({ "time": "a\nb" }), "Write this on one line."),
    ] {
        let answer = post(&admin, "/available-time/", body).await;
        let errors = json!({ "time": [message] });
        assert_eq!(answer, (StatusCode::BAD_REQUEST, errors));
    }
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let new = json!({ "time": "14:30" });
    for (client, status) in [
        (&rosa, StatusCode::FORBIDDEN),
        (&on.anonymous(), StatusCode::UNAUTHORIZED),
    ] {
        let answer = post(client, "/available-time/", new.clone()).await;
        assert_eq!(answer.0, status);
    }
}

async fn the_filter_by_id_tells_unknown_from_faulty(on: TestServer) {
    let made = made(&on, &["09:00", "10:00", "11:00"]).await;
    let ids = [&made[0]["id"], &made[2]["id"]];
    let anonymous = on.anonymous();
    let list = async |query: &str| get(&anonymous, &format!("/available-time/?{query}")).await;
    let (status, found) = list(&format!("id={}", ids[1])).await;
    assert_eq!((status, found), (StatusCode::OK, json!([made[2]])));
    let (_, found) = list(&format!("id={}&id={}", ids[1], ids[0])).await;
    assert_eq!(found, json!([made[0], made[2]]), "any of several");
    for unknown in ["id=987654", "id=-1", "id=99999999999999999999"] {
        assert_eq!(
            list(unknown).await,
            (StatusCode::OK, json!([])),
            "{unknown}"
        );
    }
    assert_eq!(list("id=&colour=red").await.1, json!(made));
    let errors = json!({ "id": ["Enter a number."] });
    assert_eq!(list("id=abc").await, (StatusCode::BAD_REQUEST, errors));
}

async fn labels_become_windows_with_and_without_a_clock(on: TestServer) {
    made(&on, &["9:00 AM - 9:30 AM", "23:45", "After lunch"]).await;
    let windows = available_times::list(&on.server.clinic, &[]).await.unwrap();
    let hours: Vec<_> = windows
        .iter()
        .map(|window| window.hours.map(|hours| (hours.starts, hours.ends)))
        .collect();
    assert_eq!(hours, [Some((540, 570)), Some((1425, 1440)), None]);
    let zone = on.server.clinic.zone;
    let monday = "2026-03-02".parse().unwrap();
    let slots = available_times::slots(&windows[0], monday, zone);
    assert_eq!(slots.len(), 1);
    assert_eq!(slots[0].starts_at.to_rfc3339(), "2026-03-02T08:00:00+00:00");
    assert!(available_times::slots(&windows[2], monday, zone).is_empty());
}
