//! The classic document's examples, sent as printed, answer as printed, ids and dates aside
//! (seeds/classic-api).

use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::Form;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::services::{form, send_form};
use crate::strangers_client::registered;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send};

on_both! {
    accounts_profiles_and_patients,
    what_is_public,
}

async fn accounts_profiles_and_patients(on: TestServer) {
    let (ana, answer) = registered(&on, "string").await;
    assert_eq!(keys(&answer), ["message", "tokens", "user"]);
    assert_eq!(keys(&answer["tokens"]), ["access", "refresh"]);
    let user = [
        "date_joined",
        "email",
        "first_name",
        "id",
        "is_active",
        "is_staff",
        "last_name",
        "username",
    ];
    assert_eq!(keys(&answer["user"]), user);
    let login = json!({ "username": "string", "password": "Pass1234" });
    let (status, tokens) = post(&on.anonymous(), "/api/user/login/", login).await;
    assert_eq!(
        (status, keys(&tokens)),
        (StatusCode::OK, vec!["access", "refresh"])
    );

    let (status, page) = get(&ana, "/api/user/profiles/?page=1&limits=100&search=string").await;
    assert_eq!(
        (status, keys(&page)),
        (StatusCode::OK, vec!["count", "next", "previous", "results"])
    );
    let profile = &page["results"][0];
    let fields = [
        "address",
        "bio",
        "created_at",
        "date_of_birth",
        "id",
        "profile_picture",
        "updated_at",
        "user",
    ];
    assert_eq!(
        (keys(profile), keys(&profile["user"])),
        (fields.to_vec(), user.to_vec())
    );
    let path = format!("/api/user/profiles/{}/", profile["id"]);
    let texts = || {
        Form::new()
            .text("username", "string")
            .text("email", "string@example.com")
            .text("first_name", "string")
            .text("last_name", "string")
            .text("bio", "string")
            .text("address", "string")
            .text("date_of_birth", "2023-01-01")
    };
    for method in [Method::PUT, Method::PATCH] {
        let (status, changed) = send_form(&ana, method, &path, texts()).await;
        assert_eq!(
            (status, keys(&changed)),
            (StatusCode::OK, fields.to_vec()),
            "{changed}"
        );
        assert_eq!(
            (
                &changed["bio"],
                &changed["address"],
                &changed["date_of_birth"]
            ),
            (&json!("string"), &json!("string"), &json!("2023-01-01"))
        );
    }
    assert_eq!(
        get(&ana, "/api/user/profiles/me/").await,
        get(&ana, &path).await
    );
    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    let (status, made) = send_form(&ana, Method::POST, "/api/user/profiles/", texts()).await;
    assert_eq!(
        (status, keys(&made)),
        (StatusCode::CREATED, fields.to_vec())
    );

    let (_, page) = get(&ana, "/patients/").await;
    assert_eq!(
        keys(&page["results"][0]),
        ["id", "phone", "profile", "user"]
    );
    let path = format!("/patients/{}/", page["results"][0]["id"]);
    let phone = Form::new().text("phone", "0123456789");
    let (status, changed) = send_form(&ana, Method::PUT, &path, phone).await;
    assert_eq!(
        (status, &changed["phone"]),
        (StatusCode::OK, &json!("0123456789"))
    );
    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
}

async fn what_is_public(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (ana, _) = registered(&on, "ana").await;
    let printed = json!({ "name": "string", "phone": "string", "massage": "string" });
    let (status, contact) = post(&on.anonymous(), "/contacts/", printed.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    let expected = json!({
        "id": contact["id"], "name": "string", "phone": "string", "massage": "string",
    });
    assert_eq!(contact, expected);
    let path = format!("/contacts/{}/", contact["id"]);
    for method in [Method::PUT, Method::PATCH] {
        assert_eq!(
            send(&rosa, method, &path, printed.clone()).await,
            (StatusCode::OK, expected.clone())
        );
    }

    let doctor = on.named_doctor("dora", "string").await;
    let printed = json!({ "doctor": doctor, "body": "string", "rating": "⭐⭐⭐⭐⭐" });
    let (status, review) = post(&ana, "/reviews/", printed.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    let expected = json!({
        "id": review["id"], "reviewer": "string string", "doctor_name": "string", "body": "string",
        "created_on": "2026-03-02", "rating": "⭐⭐⭐⭐⭐",
    });
    assert_eq!(review, expected);
    let path = format!("/reviews/{}/", review["id"]);
    for method in [Method::PUT, Method::PATCH] {
        assert_eq!(
            send(&ana, method, &path, printed.clone()).await,
            (StatusCode::OK, expected.clone())
        );
    }
    let query = format!("/reviews/?page=1&limits=100&doctor={doctor}&rating=5&search=string");
    let (status, page) = get(&on.anonymous(), &query).await;
    assert_eq!(
        (status, &page["results"]),
        (StatusCode::OK, &json!([expected]))
    );

    let (status, service) = send_form(&rosa, Method::POST, "/services/", form("string")).await;
    assert_eq!(
        (status, keys(&service)),
        (
            StatusCode::CREATED,
            vec!["description", "id", "image", "name"]
        )
    );
}
