//! `/services/` (API.md §3). What comes with files is in [`super::uploads`].

use std::sync::Arc;

use clinic_server::clinic::{Clinic, services};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::media::{fetch, png};
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, read, request, send};

on_both! {
    everybody_reads_and_staff_write,
    every_faulty_field_is_told_at_once,
    a_put_wants_the_texts_and_a_patch_none,
    the_list_takes_one_statement_however_long,
}

/// A service's form with its picture.
pub(crate) fn form(name: &str) -> Form {
    Form::new()
        .text("name", name.to_owned())
        .text("description", "We look into it.")
        .part("image", Part::bytes(png()).file_name("a.png"))
}

/// Sends a form: status and JSON answer.
pub(crate) async fn send_form(
    client: &Client,
    method: Method,
    path: &str,
    form: Form,
) -> (StatusCode, Value) {
    read(
        request(client, method, path)
            .multipart(form)
            .send()
            .await
            .unwrap(),
    )
    .await
}

/// Makes a service.
pub(crate) async fn make(staff: &Client, name: &str) -> Value {
    let (status, made) = send_form(staff, Method::POST, "/services/", form(name)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn everybody_reads_and_staff_write(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let nobody = on.anonymous();
    assert_eq!(
        get(&nobody, "/services/").await,
        (StatusCode::OK, json!([]))
    );
    let made = make(&rosa, "X-ray").await;
    assert_eq!(keys(&made), ["description", "id", "image", "name"]);
    assert_eq!(
        (&made["name"], &made["description"]),
        (&json!("X-ray"), &json!("We look into it."))
    );
    make(&rosa, "Blood test").await;
    let path = format!("/services/{}/", made["id"]);

    assert_eq!(get(&nobody, &path).await, (StatusCode::OK, made.clone()));
    let (_, listed) = get(&nobody, "/services/").await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]), (2, &made));
    assert!(keys(&listed[1]) == keys(&made));
    let image = fetch(&on, made["image"].as_str().unwrap()).await;
    assert_eq!(image, (StatusCode::OK, "image/png".to_owned()));

    let ana = on.sign_in(Role::Patient, "ana").await;
    let dora = on.sign_in(Role::Doctor, "dora").await;
    for (client, expected) in [
        (&nobody, StatusCode::UNAUTHORIZED),
        (&ana, StatusCode::FORBIDDEN),
        (&dora, StatusCode::FORBIDDEN),
    ] {
        let posted = send_form(client, Method::POST, "/services/", form("Mine")).await;
        assert_eq!(posted.0, expected);
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let refused = send(client, method, &path, json!({ "name": "Mine" })).await;
            assert_eq!(refused.0, expected);
        }
    }
    let ada = on.sign_in(Role::Admin, "ada").await;
    assert_eq!(
        send(&ada, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    let gone = get(&nobody, &path).await;
    assert_eq!(
        gone,
        (
            StatusCode::NOT_FOUND,
            json!({ "detail": "No Service matches the given query." })
        )
    );
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let body = json!({ "name": "Mine", "description": "?" });
        assert_eq!(send(&ada, method, &path, body).await, gone);
    }
    let audit = on.audit(50).await;
    let changes: Vec<_> = audit
        .iter()
        .map(|(_, action, _)| action.as_str())
        .filter(|action| action.ends_with("_service"))
        .collect();
    assert_eq!(
        changes,
        ["delete_service", "create_service", "create_service"]
    );
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (status, errors) = send_form(&rosa, Method::POST, "/services/", Form::new()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        errors,
        json!({
            "name": ["This field is required."],
            "description": ["This field is required."],
            "image": ["No file was submitted."],
        })
    );
    let faulty = Form::new()
        .text("name", "x".repeat(51))
        .text("description", " ")
        .part(
            "image",
            Part::bytes(b"<svg></svg>".to_vec()).file_name("a.svg"),
        );
    let (status, errors) = send_form(&rosa, Method::POST, "/services/", faulty).await;
    assert_eq!(
        (status, keys(&errors)),
        (
            StatusCode::BAD_REQUEST,
            vec!["description", "image", "name"]
        )
    );
    assert_eq!(
        errors["name"],
        json!(["Ensure this field has no more than 50 characters."])
    );
    assert_eq!(
        errors["description"],
        json!(["This field may not be blank."])
    );

    let body = json!({ "name": "X-ray", "description": "?" });
    assert_eq!(
        post(&rosa, "/services/", body).await.0,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    assert_eq!(get(&rosa, "/services/").await.1, json!([]));
}

async fn a_put_wants_the_texts_and_a_patch_none(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = make(&rosa, "X-ray").await;
    let path = format!("/services/{}/", made["id"]);
    let (status, errors) = send(&rosa, Method::PUT, &path, json!({})).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["description", "name"])
    );
    assert_eq!(
        send(&rosa, Method::PATCH, &path, json!({})).await,
        (StatusCode::OK, made.clone())
    );

    // The whole object as it was read, with the read-only fields and another name.
    let mut whole = made.clone();
    whole["name"] = json!("  Röntgen ");
    let (status, changed) = send(&rosa, Method::PUT, &path, whole).await;
    assert_eq!(
        (status, &changed["name"]),
        (StatusCode::OK, &json!("Röntgen"))
    );
    assert_eq!(
        (&changed["id"], &changed["image"]),
        (&made["id"], &made["image"])
    );
    let form = Form::new().text("description", "Bones.\nAnd teeth.");
    let (status, changed) = send_form(&rosa, Method::PATCH, &path, form).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&changed["name"], &changed["description"]),
        (&json!("Röntgen"), &json!("Bones.\nAnd teeth."))
    );
    for blank in [
        json!({ "name": " " }),
        json!({ "description": "" }),
        json!({ "name": null }),
    ] {
        let refused = send(&rosa, Method::PATCH, &path, blank).await;
        assert_eq!(refused.0, StatusCode::BAD_REQUEST, "{}", refused.1);
    }
}

async fn the_list_takes_one_statement_however_long(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    for many in [1, 4] {
        for n in 0..many {
            make(&rosa, &format!("Service {n} of {many}")).await;
        }
        recorder.clear();
        services::list(&clinic).await.unwrap();
        assert_eq!(recorder.count(), 1);
    }
}
