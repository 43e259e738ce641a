//! `/v1/api/doctor/designations/` and `specializations/` (API.md §4).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{PageQuery, Terms};
use clinic_shared::v1::terms::{TermChange, TermInput};
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, request, send, status};

on_both! {
    an_admin_keeps_them_and_everybody_signed_in_reads,
    slugs_are_unique_and_made_of_the_name,
    a_change_is_conditional,
    what_is_deleted_leaves_the_doctors_who_had_it,
    lists_are_scrolled,
}

const BOTH: [Terms; 2] = [Terms::Designations, Terms::Specializations];

fn named(name: &str) -> TermInput {
    TermInput {
        name: name.to_owned(),
        slug: None,
    }
}

async fn an_admin_keeps_them_and_everybody_signed_in_reads(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for of in BOTH {
        let made = ada.create_term(of, &named("Heart & Lungs")).await.unwrap();
        assert_eq!(made.value.slug, "heart-lungs");
        assert_eq!(made.etag.as_deref(), Some("\"v1\""));
        let id = made.value.id;
        assert_eq!(ana.term(of, id).await.unwrap().value, made.value);
        let page = ana.terms(of, &PageQuery::default()).await.unwrap();
        assert_eq!((page.count, page.results), (1, vec![made.value.clone()]));
        for client in [&ana, &rosa] {
            assert_eq!(status(client.create_term(of, &named("X")).await), 403);
            let change = TermChange::default();
            assert_eq!(
                status(client.change_term((of, id), &change, None).await),
                403
            );
            assert_eq!(
                status(client.replace_term((of, id), &named("X"), None).await),
                403
            );
            assert_eq!(status(client.delete_term(of, id).await), 403);
        }
        ada.delete_term(of, id).await.unwrap();
        assert_eq!(status(ana.term(of, id).await), 404);
        assert_eq!(status(ada.delete_term(of, id).await), 404);
    }
    let path = "/v1/api/doctor/specializations/";
    assert_eq!(get(&on.anonymous(), path).await.0, StatusCode::UNAUTHORIZED);
    let (status, body) = post(&ada, path, json!({ "name": "Eyes", "colour": "blue" })).await;
    assert_eq!(
        (status, &body["errors"]["colour"][0]),
        (
            StatusCode::BAD_REQUEST,
            &json!("This field is not known here.")
        )
    );
    let actions: Vec<String> = on.audit(8).await.into_iter().map(|row| row.1).collect();
    for action in ["create_specialisation", "delete_specialisation"] {
        assert!(actions.iter().any(|one| one == action), "{actions:?}");
    }
}

async fn slugs_are_unique_and_made_of_the_name(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let of = Terms::Specializations;
    let heart = ada.create_term(of, &named("Heart")).await.unwrap().value;
    let eyes = ada.create_term(of, &named("Eyes")).await.unwrap().value;
    assert_eq!(status(ada.create_term(of, &named("heart")).await), 400);
    let path = format!("/v1/api/doctor/specializations/{}/", eyes.id);
    let (status, body) = send(&ada, Method::PATCH, &path, json!({ "slug": "heart" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(keys(&body["errors"]), ["slug"]);
    // PUT makes the slug anew, PATCH keeps it.
    let renamed = TermChange {
        name: Some("Eye medicine".to_owned()),
        slug: None,
    };
    let changed = ada
        .change_term((of, eyes.id), &renamed, None)
        .await
        .unwrap();
    assert_eq!(changed.value.slug, "eyes");
    let whole = named("Eye medicine");
    let replaced = ada.replace_term((of, eyes.id), &whole, None).await;
    assert_eq!(replaced.unwrap().value.slug, "eye-medicine");
    // What GET gave can be sent back.
    let (_, shown) = get(&ada, &path).await;
    let (status, same) = send(&ada, Method::PUT, &path, shown.clone()).await;
    assert_eq!((status, same), (StatusCode::OK, shown));
    assert_eq!(heart.slug, "heart");
    // Classic shows the same ones, under its own spelling.
    let (_, classic) = get(&on.anonymous(), "/specialisations/").await;
    assert_eq!(classic[1]["slug"], "eye-medicine");
}

async fn a_change_is_conditional(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let of = Terms::Designations;
    let made = ada.create_term(of, &named("Chief")).await.unwrap();
    let which = (of, made.value.id);
    let etag = made.etag.as_deref();
    on.wait(60);
    let changed = ada.replace_term(which, &named("Head"), etag).await.unwrap();
    assert!(changed.value.updated_at > made.value.updated_at);
    assert_eq!(changed.value.created_at, made.value.created_at);
    assert_eq!(
        status(ada.replace_term(which, &named("Boss"), etag).await),
        412
    );
    // Nothing new changes nothing.
    let etag = changed.etag.clone();
    let same = ada
        .replace_term(which, &named("Head"), etag.as_deref())
        .await;
    assert_eq!(same.unwrap().etag, etag);
}

async fn what_is_deleted_leaves_the_doctors_who_had_it(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let of = Terms::Designations;
    let chief = ada.create_term(of, &named("Chief")).await.unwrap().value;
    on.doctor("dora", 500).await;
    let dora = on.signed_in("dora").await;
    let body = json!({ "designation": [chief.id] });
    let path = "/v1/api/doctor/profile/me/";
    let (status, profile) = send(&dora, Method::PATCH, path, body.clone()).await;
    assert_eq!(status, StatusCode::OK, "{profile}");
    assert_eq!(
        profile["designation"],
        json!([{ "id": chief.id, "name": "Chief" }])
    );
    ada.delete_term(of, chief.id).await.unwrap();
    let (_, profile) = get(&dora, path).await;
    assert_eq!(profile["designation"], json!([]));
    let (status, refused) = send(&dora, Method::PATCH, path, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(keys(&refused["errors"]), ["designation"]);
    // Linking and deleting at once: one of them is refused or undone, and nothing breaks.
    for _ in 0..10 {
        let term = ada.create_term(of, &named("Chief")).await.unwrap().value;
        let body = json!({ "designation": [term.id] });
        let (linked, deleted) = tokio::join!(
            send(&dora, Method::PATCH, path, body),
            ada.delete_term(of, term.id)
        );
        deleted.unwrap();
        assert!(
            matches!(linked.0, StatusCode::OK | StatusCode::BAD_REQUEST),
            "{linked:?}"
        );
        assert_eq!(get(&dora, path).await.1["designation"], json!([]));
    }
}

async fn lists_are_scrolled(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    for name in ["One", "Two", "Three"] {
        ada.create_term(Terms::Designations, &named(name))
            .await
            .unwrap();
    }
    let mut path = "/v1/api/doctor/designations/?limits=2".to_owned();
    let mut names = Vec::new();
    loop {
        let (status, page) = get(&ada, &path).await;
        assert_eq!((status, &page["count"]), (StatusCode::OK, &json!(3)));
        let rows = page["results"].as_array().unwrap();
        names.extend(
            rows.iter()
                .map(|row| row["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        assert!(next.contains("cursor="), "{next}");
        path = next.strip_prefix(&on.server.url()).unwrap().to_owned();
    }
    assert_eq!(names, ["One", "Two", "Three"]);
    let beyond = get(&ada, "/v1/api/doctor/designations/?page=9").await;
    assert_eq!(beyond.0, StatusCode::NOT_FOUND);
    let foreign = get(&ada, "/v1/api/doctor/designations/?cursor=abc").await;
    assert_eq!(foreign.0, StatusCode::BAD_REQUEST);
    let answer = request(&ada, Method::DELETE, "/v1/api/doctor/designations/")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}
