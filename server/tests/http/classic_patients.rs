//! `/patients/` (API.md §3).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, post, send};

on_both! {
    each_role_sees_what_is_theirs,
    search_and_phone_find,
    phones_are_unique_among_accounts_by_their_digits,
    a_username_is_found_before_a_name_like_it,
    retiring_keeps_the_number_and_a_new_row_gets_another,
    pages_keep_their_parameters,
}

async fn own(on: &TestServer, client: &clinic_shared::client::Client) -> Value {
    let _ = on;
    get(client, "/patients/").await.1["results"][0].clone()
}

async fn each_role_sees_what_is_theirs(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let dora = on.sign_in(Role::Doctor, "dora").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let patient = own(&on, &ana).await;
    let keys: Vec<_> = patient.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["id", "phone", "profile", "user"]);
    let path = format!("/patients/{}/", patient["id"]);

    assert_eq!(get(&ana, &path).await.0, StatusCode::OK);
    assert_eq!(get(&rosa, &path).await.0, StatusCode::OK);
    for stranger in [&ben, &dora] {
        let foreign = get(stranger, &path).await;
        assert_eq!(
            foreign,
            get(stranger, "/patients/987654/").await,
            "foreign looks missing"
        );
        assert_eq!(foreign.0, StatusCode::NOT_FOUND);
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let (status, _) = send(stranger, method, &path, json!({})).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
        }
    }
    assert_eq!(get(&rosa, "/patients/").await.1["count"], 2);
    assert_eq!(get(&ben, "/patients/").await.1["count"], 1);
    assert_eq!(get(&dora, "/patients/").await.1["count"], 0);
    assert_eq!(
        get(&on.anonymous(), "/patients/").await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn search_and_phone_find(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    on.account(Role::Patient, "ben").await;
    let id = own(&on, &ana).await["id"].clone();
    let change = json!({ "phone": "+49 30 123-456" });
    assert_eq!(
        send(&ana, Method::PATCH, &format!("/patients/{id}/"), change)
            .await
            .0,
        StatusCode::OK
    );
    let searches = [
        "search=ana".to_owned(),
        format!("search={id}"),
        "phone=%2B4930123456".to_owned(),
        "search=123456".to_owned(),
    ];
    for query in searches {
        let (status, found) = get(&rosa, &format!("/patients/?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}");
        assert_eq!(
            (&found["count"], &found["results"][0]["id"]),
            (&json!(1), &id),
            "{query}: {found}"
        );
    }
    assert_eq!(get(&rosa, "/patients/?phone=999").await.1["count"], 0);
}

async fn a_username_is_found_before_a_name_like_it(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let pia = on.sign_in(Role::Patient, "pat_1").await;
    let path = format!(
        "/api/user/profiles/{}/",
        get(&pia, "/api/user/profiles/me/").await.1["id"]
    );
    let named = json!({ "first_name": "Pia", "last_name": "Lund" });
    assert_eq!(
        send(&pia, Method::PATCH, &path, named).await.0,
        StatusCode::OK
    );
    on.account(Role::Patient, "pat_3").await;
    for client in [&rosa, &pia] {
        for typed in ["pat_1", "pia", "lund%20pi"] {
            let (_, found) = get(client, &format!("/patients/?search={typed}")).await;
            assert_eq!(
                (&found["count"], &found["results"][0]["user"]),
                (&json!(1), &json!("Pia Lund")),
                "{typed}: {found}"
            );
        }
    }
}

async fn phones_are_unique_among_accounts_by_their_digits(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let path = |id: &Value| format!("/patients/{id}/");
    let (a, b) = (
        own(&on, &ana).await["id"].clone(),
        own(&on, &ben).await["id"].clone(),
    );
    send(
        &ana,
        Method::PATCH,
        &path(&a),
        json!({ "phone": "030-1234" }),
    )
    .await;
    let (status, errors) = send(
        &ben,
        Method::PATCH,
        &path(&b),
        json!({ "phone": "(030) 12 34" }),
    )
    .await;
    assert_eq!(
        (status, errors["phone"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
    // A family member without an account may share it.
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let child = json!({ "full_name": "Ana Junior", "phone": "0301234" });
    assert_eq!(
        post(&rosa, "/v1/api/desk/patients/", child).await.0,
        StatusCode::CREATED
    );
    let (status, cleared) = send(&ana, Method::PATCH, &path(&a), json!({ "phone": null })).await;
    assert_eq!((status, &cleared["phone"]), (StatusCode::OK, &json!(null)));
}

async fn retiring_keeps_the_number_and_a_new_row_gets_another(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let old = own(&on, &ana).await["id"].as_i64().unwrap();
    assert_eq!(
        post(&ana, "/patients/", json!({})).await.0,
        StatusCode::BAD_REQUEST
    );
    let path = format!("/patients/{old}/");
    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(get(&ana, &path).await.0, StatusCode::NOT_FOUND);
    let (status, made) = post(&ana, "/patients/", json!({ "phone": "030 99" })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(made["id"].as_i64().unwrap() > old);
    let audit = on.audit(50).await;
    let actions: Vec<_> = audit.iter().map(|(_, action, _)| action.as_str()).collect();
    assert!(actions.contains(&"retire_patient") && actions.contains(&"register_patient"));
}

async fn pages_keep_their_parameters(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for name in ["Ida One", "Ida Two", "Ida Three"] {
        post(
            &rosa,
            "/v1/api/desk/patients/",
            json!({ "full_name": name }),
        )
        .await;
    }
    let (_, first) = get(&rosa, "/patients/?limits=2&search=ida").await;
    assert_eq!(
        (&first["count"], first["results"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    let next = first["next"].as_str().unwrap();
    assert_eq!(
        next,
        format!("{}/patients/?limits=2&search=ida&page=2", on.server.url())
    );
    let (_, second) = get(&rosa, next.strip_prefix(&on.server.url()).unwrap()).await;
    assert_eq!(
        (second["results"].as_array().unwrap().len(), &second["next"]),
        (1, &json!(null))
    );
    assert!(second["previous"].is_string());
    for page in ["0", "9", "x"] {
        let (status, body) = get(&rosa, &format!("/patients/?page={page}")).await;
        assert_eq!(
            (status, body),
            (StatusCode::NOT_FOUND, json!({ "detail": "Invalid page." })),
            "{page}"
        );
    }
}
