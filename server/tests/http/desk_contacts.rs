//! `/v1/api/desk/contacts/` through the typed client (API.md §7).

use std::sync::Arc;

use clinic_server::clinic::contacts::Listing;
use clinic_server::clinic::paging::Paging;
use clinic_server::clinic::{Actor, Clinic, contacts};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::ContactQuery;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::desk::contacts::Status;
use serde_json::json;

use crate::contacts::letter;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send, status};

on_both! {
    staff_see_what_came_newest_first,
    others_do_not,
    pages_by_number_and_by_cursor_walk_all_once,
    a_page_takes_two_statements_however_long,
}

async fn staff_see_what_came_newest_first(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, first) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    post(&on.anonymous(), "/contacts/", letter("Ben")).await;
    let page = rosa.contacts(&ContactQuery::default()).await.unwrap();
    let names: Vec<_> = page.results.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((page.count, names), (2, vec!["Ben", "Ida"]));

    let id = first["id"].as_i64().unwrap();
    let shown = rosa.contact(id).await.unwrap();
    assert_eq!(shown.etag.as_deref(), Some("\"v1\""));
    assert_eq!(shown.value, page.results[1]);
    assert_eq!(shown.value.status, Status::New);
    assert_eq!(shown.value.message, "Do you open on Saturdays?");
    assert_eq!(shown.value.created_at, on.clock.now());
    let (_, raw) = get(&rosa, &format!("/v1/api/desk/contacts/{id}/")).await;
    assert_eq!(
        keys(&raw),
        [
            "appointment",
            "assignee",
            "created_at",
            "email",
            "id",
            "message",
            "name",
            "patient",
            "phone",
            "status",
            "subject",
            "updated_at",
            "version"
        ]
    );
    let phone = json!({ "phone": "030 999" });
    send(&rosa, Method::PATCH, &format!("/contacts/{id}/"), phone).await;
    assert_eq!(
        rosa.contact(id).await.unwrap().etag.as_deref(),
        Some("\"v2\"")
    );

    for (wanted, count) in [(Status::New, 2), (Status::Resolved, 0), (Status::Spam, 0)] {
        let query = ContactQuery {
            status: Some(wanted),
            ..ContactQuery::default()
        };
        assert_eq!(
            rosa.contacts(&query).await.unwrap().count,
            count,
            "{wanted}"
        );
    }
    let (status, problem) = get(&rosa, "/v1/api/desk/contacts/?status=lost").await;
    assert_eq!(
        (status, problem["errors"]["status"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
}

async fn others_do_not(on: TestServer) {
    let (_, made) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    let id = made["id"].as_i64().unwrap();
    for role in [Role::Patient, Role::Doctor] {
        let client = on.sign_in(role, role.as_str()).await;
        assert_eq!(status(client.contacts(&ContactQuery::default()).await), 403);
        assert_eq!(status(client.contact(id).await), 403);
    }
    let path = "/v1/api/desk/contacts/";
    assert_eq!(get(&on.anonymous(), path).await.0, StatusCode::UNAUTHORIZED);
    let ada = on.sign_in(Role::Admin, "ada").await;
    assert_eq!(status(ada.contact(987_654).await), 404);
}

async fn pages_by_number_and_by_cursor_walk_all_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for name in ["One", "Two", "Three", "Four", "Five"] {
        post(&on.anonymous(), "/contacts/", letter(name)).await;
    }
    let mut query = ContactQuery {
        limits: Some(2),
        ..ContactQuery::default()
    };
    let mut names = Vec::new();
    loop {
        let page = rosa.contacts(&query).await.unwrap();
        assert_eq!((page.count, &page.previous), (5, &None));
        names.extend(page.results.into_iter().map(|one| one.name));
        let Some(next) = page.next else { break };
        query.cursor = Some(next.split("cursor=").last().unwrap().to_owned());
    }
    assert_eq!(names, ["Five", "Four", "Three", "Two", "One"]);
    let (_, second) = get(&rosa, "/v1/api/desk/contacts/?limits=2&page=2").await;
    assert_eq!(second["results"][0]["name"], "Three");
    assert!(second["previous"].is_string());
    let beyond = get(&rosa, "/v1/api/desk/contacts/?limits=2&page=4").await;
    assert_eq!(beyond.0, StatusCode::NOT_FOUND);
    let (rubbish, _) = get(&rosa, "/v1/api/desk/contacts/?cursor=rubbish").await;
    assert_eq!(rubbish, StatusCode::BAD_REQUEST);
}

async fn a_page_takes_two_statements_however_long(on: TestServer) {
    for n in 0..5 {
        post(&on.anonymous(), "/contacts/", letter(&format!("No. {n}"))).await;
    }
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    for (status, limit) in [(None, 1), (None, 5), (Some(Status::New), 5)] {
        let paging = Paging {
            page: 1,
            cursor: None,
            limit,
        };
        recorder.clear();
        let listing = Listing {
            status,
            search: Some("no.".to_owned()),
            ..Listing::default()
        };
        contacts::list(&clinic, &Actor::nobody(None), &listing, &paging)
            .await
            .unwrap();
        assert_eq!(recorder.count(), 2);
    }
}
