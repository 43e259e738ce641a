//! Public lists that all servers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use clinic_shared::client::reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::redis::{connection, shared};
use crate::support::server::{TestServer, get, post, request, send};
use crate::{client, mark, with_redis};

on_both_databases! {
    what_one_server_read_the_other_shows,
    a_change_is_seen_through_every_server_at_the_next_request,
    every_change_that_a_list_shows_is_seen,
    what_depends_on_who_asks_is_not_kept,
    who_has_it_already_is_told_so,
}

const LISTS: [&str; 3] = [
    "/doctors/",
    "/v1/api/doctor/list/",
    "/v1/api/public-portal/list/doctor/",
];

async fn what_one_server_read_the_other_shows(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "off").await;
    let other = on.second().await;
    let two = client(&other);
    let mut redis = connection(&url).await;
    for (number, path) in LISTS.into_iter().enumerate() {
        let word = format!("Quendra{number}x{}", other.address.port());
        let name = format!("{word} Ahmed");
        on.named_doctor(&format!("ahmed{number}"), &name).await;
        let marked = word.replace("Quendra", "Marked");
        mark(&mut redis, &on.anonymous(), path, (&word, &marked)).await;
        let (_, shown) = get(&two, path).await;
        assert!(shown.to_string().contains(&marked), "{path}: {shown}");
        // The next change ends it.
        on.named_doctor(&format!("weber{number}"), "Ida Weber")
            .await;
        let (_, shown) = get(&two, path).await;
        let shown = shown.to_string();
        assert!(shown.contains(&word) && !shown.contains(&marked), "{shown}");
    }
    other.shutdown().await;
}

/// Hundreds of changes, by turns through a server with and one without Redis, while others read all
/// the time and put what they find into Redis, early or late.
async fn a_change_is_seen_through_every_server_at_the_next_request(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "off").await;
    let (other, without) = (on.second().await, on.second_without_redis().await);
    let number = on.named_doctor("ahmed", "Quendra Ahmed").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let apart = client(&without);
    apart
        .sign_in("rosa", crate::support::server::PASSWORD)
        .await
        .unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = [on.anonymous(), client(&other), client(&other)]
        .into_iter()
        .map(|reader| {
            let over = Arc::clone(&over);
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    get(&reader, "/doctors/").await;
                    get(&reader, "/v1/api/doctor/list/").await;
                }
            })
        })
        .collect();
    let (one, two) = (on.anonymous(), client(&other));
    let path = format!("/doctors/{number}/");
    for fee in 1..=200_i64 {
        let by = if fee % 2 == 0 { &rosa } else { &apart };
        let (status, body) = send(by, Method::PATCH, &path, json!({ "fee": fee })).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        for reader in [&two, &one] {
            let (_, list) = get(reader, "/doctors/").await;
            assert_eq!(list["results"][0]["fee"], fee, "{list}");
            let (_, list) = get(reader, "/v1/api/doctor/list/").await;
            let shown = list["results"][0]["fee"].to_string();
            assert!(
                shown.trim_matches('"').starts_with(&fee.to_string()),
                "{list}"
            );
        }
    }
    over.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    other.shutdown().await;
    without.shutdown().await;
}

/// Runs a statement as somebody with a database shell would.
async fn shell(on: &TestServer, sql: &'static str) {
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    tx.sql(sql).run().await.unwrap();
    tx.commit().await.unwrap();
}

async fn every_change_that_a_list_shows_is_seen(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "off").await;
    let other = on.second().await;
    let two = client(&other);
    on.named_doctor("ahmed", "Quendra Ahmed").await;
    let lists = [
        "/doctors/",
        "/v1/api/doctor/list/",
        "/available-time/",
        "/services/",
        "/v1/api/public-portal/services/",
    ];
    let look = async || {
        let mut seen = String::new();
        for path in lists {
            // Twice: the second is what Redis holds.
            get(&on.anonymous(), path).await;
            let (status, body) = get(&two, path).await;
            assert_eq!(status, StatusCode::OK);
            seen.push_str(&body.to_string());
        }
        seen
    };
    // What the program does.
    let root = on.sign_in(Role::Admin, "root").await;
    let mut before = look().await;
    for (who, path, body) in [
        (
            &root,
            "/available-time/",
            json!({ "time": "9:00 AM - 9:30 AM" }),
        ),
        (&root, "/designations/", json!({ "name": "Consultant" })),
        (&root, "/specialisations/", json!({ "name": "Cardiology" })),
    ] {
        let (status, made) = post(who, path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
    }
    let after = look().await;
    assert_ne!(before, after, "an available time");
    before = after;
    let linked = json!({ "fee": 7, "designation": [1], "specialisation": [1],
        "available_time": [1], "meet_link": null });
    let (status, body) = send(&root, Method::PATCH, "/doctors/1/", linked).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let after = look().await;
    assert_ne!(before, after, "what is linked to a doctor");
    for shown in ["Consultant", "Cardiology"] {
        assert!(after.contains(shown), "{after}");
    }
    before = after;
    // What no program did: the database itself knows.
    for sql in [
        "UPDATE designation SET name = 'Chief'",
        "UPDATE specialisation SET name = 'Hearts'",
        "UPDATE available_time SET name = 'mornings'",
        "INSERT INTO service (image, name, description, created_at, updated_at) \
         VALUES ('public/2026/x.png', 'X-ray', 'We look.', \
         '2026-03-02T08:00:00+00:00', '2026-03-02T08:00:00+00:00')",
        "UPDATE service SET name = 'Blood test'",
        "DELETE FROM service",
        "DELETE FROM doctor_designation",
        "DELETE FROM doctor_specialisation",
        "DELETE FROM doctor_available_time",
        "UPDATE doctor SET retired_at = '2026-03-02T08:00:00+00:00'",
    ] {
        shell(&on, sql).await;
        let after = look().await;
        assert_ne!(before, after, "{sql}");
        before = after;
    }
    other.shutdown().await;
}

async fn what_depends_on_who_asks_is_not_kept(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "off").await;
    on.named_doctor("ahmed", "Quendra Ahmed").await;
    on.hidden_doctor("ida", &[]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ida = on.signed_in("ida").await;
    let nobody = on.anonymous();
    let count = async |client: &Client| get(client, "/doctors/").await.1["count"].clone();
    for _ in 0..5 {
        assert_eq!(count(&rosa).await, 2, "staff see all");
        assert_eq!(count(&ida).await, 2, "and she her own");
        assert_eq!(count(&nobody).await, 1);
    }
}

async fn asked(client: &Client, tag: Option<&str>) -> Response {
    let mut asked = request(client, Method::GET, "/v1/api/doctor/list/");
    if let Some(tag) = tag {
        asked = asked.header(IF_NONE_MATCH, tag);
    }
    asked.send().await.unwrap()
}

async fn who_has_it_already_is_told_so(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "off").await;
    let other = on.second().await;
    let (one, two) = (on.anonymous(), client(&other));
    on.named_doctor("ahmed", "Quendra Ahmed").await;
    for round in 0..5 {
        let first = asked(&one, None).await;
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        for client in [&two, &one] {
            let again = asked(client, Some(&tag)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.headers()[ETAG], tag.as_str());
            assert_eq!(again.headers()[CACHE_CONTROL], "public, max-age=60");
        }
        on.named_doctor(&format!("weber{round}"), "Ida Weber").await;
        for client in [&two, &one] {
            let changed = asked(client, Some(&tag)).await;
            assert_eq!(changed.status(), StatusCode::OK, "round {round}");
        }
    }
    other.shutdown().await;
}
