//! `/contacts/` (API.md §3).

use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, keys, post, send};
use crate::support::{on_both, on_both_databases};

on_both! {
    anybody_writes_and_staff_read,
    every_faulty_field_is_told_at_once,
    staff_correct_and_delete,
    what_came_by_email_only_can_be_sent_back,
}

on_both_databases! {
    writing_is_limited_by_address,
}

pub(crate) fn letter(name: &str) -> Value {
    json!({ "name": name, "phone": "030 123", "massage": "Do you open on Saturdays?" })
}

async fn anybody_writes_and_staff_read(on: TestServer) {
    let nobody = on.anonymous();
    let (status, made) = post(&nobody, "/contacts/", letter("Ida")).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(keys(&made), ["id", "massage", "name", "phone"]);
    assert_eq!(made["massage"], "Do you open on Saturdays?");
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (status, later) = post(&ana, "/contacts/", letter("Ana")).await;
    assert_eq!(status, StatusCode::CREATED);

    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let path = format!("/contacts/{}/", made["id"]);
    let (status, listed) = get(&rosa, "/contacts/").await;
    assert_eq!(
        (status, listed),
        (StatusCode::OK, json!([later, made])),
        "newest first"
    );
    assert_eq!(get(&rosa, &path).await, (StatusCode::OK, made));
    let dora = on.sign_in(Role::Doctor, "dora").await;
    for (client, expected) in [
        (&nobody, StatusCode::UNAUTHORIZED),
        (&ana, StatusCode::FORBIDDEN),
        (&dora, StatusCode::FORBIDDEN),
    ] {
        assert_eq!(get(client, "/contacts/").await.0, expected);
        assert_eq!(get(client, &path).await.0, expected);
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(send(client, method, &path, letter("Eve")).await.0, expected);
        }
    }
    let audit = on.audit(50).await;
    for action in ["list_contacts", "show_contact"] {
        let row = ("read".to_owned(), action.to_owned(), "done".to_owned());
        assert!(audit.contains(&row), "{action}: {audit:?}");
    }
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let nobody = on.anonymous();
    let (status, errors) = post(&nobody, "/contacts/", json!({})).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["massage", "name", "phone"])
    );
    let blank = json!({ "name": " ", "phone": "", "massage": "\n" });
    let (status, errors) = post(&nobody, "/contacts/", blank).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    for field in ["name", "phone", "massage"] {
        assert_eq!(
            errors[field],
            json!(["This field may not be blank."]),
            "{field}"
        );
    }
    let long = json!({
        "name": "n".repeat(101), "phone": "0".repeat(33), "massage": "m".repeat(5001),
    });
    let (_, errors) = post(&nobody, "/contacts/", long).await;
    for (field, most) in [("name", 100), ("phone", 32), ("massage", 5000)] {
        let message = format!("Ensure this field has no more than {most} characters.");
        assert_eq!(errors[field], json!([message]));
    }
    let longest = json!({
        "name": "ñ".repeat(100), "phone": "0".repeat(32), "massage": "m".repeat(5000),
    });
    assert_eq!(
        post(&nobody, "/contacts/", longest).await.0,
        StatusCode::CREATED
    );
    let hostile = json!({ "name": "Ida\nBcc: x", "phone": "1", "massage": "a\u{1b}[2Jb" });
    let (status, errors) = post(&nobody, "/contacts/", hostile).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["massage", "name"])
    );
}

async fn staff_correct_and_delete(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, made) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    let path = format!("/contacts/{}/", made["id"]);
    let (status, errors) = send(&rosa, Method::PUT, &path, json!({ "name": "Ida" })).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["massage", "phone"])
    );
    let mut whole = made.clone();
    whole["name"] = json!("Ida Berg");
    let (status, changed) = send(&rosa, Method::PUT, &path, whole.clone()).await;
    assert_eq!((status, &changed), (StatusCode::OK, &whole));
    let phone = json!({ "phone": "030 999" });
    let (status, changed) = send(&rosa, Method::PATCH, &path, phone).await;
    assert_eq!(
        (status, &changed["phone"]),
        (StatusCode::OK, &json!("030 999"))
    );
    assert_eq!(changed["name"], "Ida Berg");

    assert_eq!(
        send(&rosa, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    let missing = (
        StatusCode::NOT_FOUND,
        json!({ "detail": "No ContactUs matches the given query." }),
    );
    assert_eq!(get(&rosa, &path).await, missing);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        assert_eq!(send(&rosa, method, &path, letter("Ida")).await, missing);
    }
    let audit = on.audit(50).await;
    let changes: Vec<_> = audit
        .iter()
        .filter(|(kind, action, _)| kind == "change" && action.ends_with("_contact"))
        .map(|(_, action, _)| action.as_str())
        .collect();
    assert_eq!(
        changes,
        [
            "delete_contact",
            "change_contact",
            "change_contact",
            "create_contact"
        ]
    );
}

async fn what_came_by_email_only_can_be_sent_back(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, made) = post(&rosa, "/contacts/", letter("Ida")).await;
    let path = format!("/contacts/{}/", made["id"]);
    let blank = json!({ "phone": "" });
    let (status, errors) = send(&rosa, Method::PATCH, &path, blank.clone()).await;
    assert_eq!(
        (status, &errors["phone"]),
        (
            StatusCode::BAD_REQUEST,
            &json!(["This field may not be blank."])
        )
    );
    let clinic = &on.server.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("UPDATE contact SET email = 'ida@example.org', phone = '' WHERE id = $1")
        .bind(made["id"].as_i64().unwrap())
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (_, shown) = get(&rosa, &path).await;
    assert_eq!(
        send(&rosa, Method::PUT, &path, shown.clone()).await,
        (StatusCode::OK, shown)
    );
}

async fn writing_is_limited_by_address(db: TestDb) {
    let on = TestServer::start_with(db, &[("RATE_LIMITS", "public=2/m")]).await;
    for _ in 0..2 {
        let (status, _) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let (status, _) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}
