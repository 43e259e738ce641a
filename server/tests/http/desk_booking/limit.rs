//! How many stand beside others holds for time that is taken back, too (API.md §6).

use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use super::{BOOK, Desk, codes, desk};
use crate::support::bookable::broken_pairs;
use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::{TestServer, post};

on_both_databases! {
    a_cancel_is_not_taken_back_past_the_limit,
    a_late_comer_does_not_come_back_past_the_limit,
    many_who_come_back_at_once_stay_within_the_limit,
}

/// A desk at which one a day stands beside others.
async fn strict(db: TestDb) -> Desk {
    desk(TestServer::start_with(db, &[("OVERBOOK_LIMIT", "1")]).await).await
}

fn beside(starts_at: &str) -> Value {
    json!({ "starts_at": starts_at, "overbook": "Came from far" })
}

async fn step(desk: &Desk, made: &Value, step: &str, body: Value) -> (StatusCode, Value) {
    post(&desk.rosa, &format!("{BOOK}{}/{step}/", made["id"]), body).await
}

async fn a_cancel_is_not_taken_back_past_the_limit(db: TestDb) {
    let desk = strict(db).await;
    let at = "2026-03-04T09:00:00Z";
    let ana = desk.booked("Ana", json!({ "starts_at": at })).await;
    let ben = desk.booked("Ben", beside(at)).await;
    let cancel = json!({ "by": "patient" });
    step(&desk, &ben, "cancel", cancel.clone()).await;
    // Nobody else had the favour: it is his again.
    let (status, back) = step(&desk, &ben, "undo", json!({})).await;
    assert_eq!(
        (status, &back["overbooked"]),
        (StatusCode::OK, &json!(true))
    );
    step(&desk, &ben, "cancel", cancel.clone()).await;
    let cora = desk.booked("Cora", beside(at)).await;
    for body in [json!({}), json!({ "overbook": "He insists" })] {
        let (status, body) = step(&desk, &ben, "undo", body).await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        assert_eq!(codes(&body), ["overbook_limit"]);
    }
    // Where there is room again he needs no favour.
    step(&desk, &ana, "cancel", cancel).await;
    let (status, back) = step(&desk, &ben, "undo", json!({})).await;
    assert_eq!(
        (status, &back["overbooked"]),
        (StatusCode::OK, &json!(false)),
        "{back}"
    );
    assert_eq!(cora["overbooked"], true);
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn a_late_comer_does_not_come_back_past_the_limit(db: TestDb) {
    let desk = strict(db).await;
    let at = "2026-03-02T09:00:00Z";
    desk.booked("Ana", json!({ "starts_at": at })).await;
    let ben = desk.booked("Ben", beside(at)).await;
    step(&desk, &ben, "no-show", json!({})).await;
    desk.booked("Cora", beside(at)).await;
    let (status, body) = step(&desk, &ben, "check-in", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
    assert_eq!(body["code"], "slot_unavailable");
    assert_eq!(codes(&body), ["overbook_limit"]);
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn many_who_come_back_at_once_stay_within_the_limit(db: TestDb) {
    let desk = strict(db).await;
    let at = "2026-03-04T09:00:00Z";
    desk.booked("Ana", json!({ "starts_at": at })).await;
    let mut gone = Vec::new();
    for n in 0..8 {
        let made = desk.booked(&format!("Person {n}"), beside(at)).await;
        step(&desk, &made, "cancel", json!({ "by": "clinic" })).await;
        gone.push(made);
    }
    let tasks: Vec<_> = gone
        .iter()
        .map(|made| {
            let path = format!("{BOOK}{}/undo/", made["id"]);
            let rosa = desk.rosa.clone();
            tokio::spawn(async move { post(&rosa, &path, json!({})).await })
        })
        .collect();
    let mut back = 0;
    for task in tasks {
        let (status, body) = task.await.unwrap();
        match status {
            StatusCode::OK => back += 1,
            StatusCode::CONFLICT => assert_eq!(codes(&body), ["overbook_limit"]),
            other => panic!("{other}: {body}"),
        }
    }
    assert_eq!(back, 1);
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}
