//! `/reviews/`: writing, changing and deleting (API.md §3). Lists are in [`super::review_lists`].

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, keys, post, send};

on_both! {
    a_patient_writes_and_everybody_reads,
    a_rating_may_be_stars_number_or_digit,
    every_faulty_field_is_told_at_once,
    only_patients_review_others_and_each_once,
    doctors_whom_nobody_sees_are_not_reviewed,
    the_author_changes_the_author_and_admins_delete,
}

pub(crate) async fn write(client: &Client, doctor: i64, rating: Value) -> Value {
    let body = json!({ "doctor": doctor, "body": "Took her time.", "rating": rating });
    let (status, made) = post(client, "/reviews/", body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

/// A patient with an account of this name and a full one.
pub(crate) async fn patient(on: &TestServer, username: &str, first: &str, last: &str) -> Client {
    let form = json!({
        "username": username, "first_name": first, "last_name": last,
        "email": format!("{username}@example.org"),
        "password": "Pass1234", "confirm_password": "Pass1234",
    });
    let client = on.anonymous();
    let (status, body) = post(&client, "/api/user/register/", form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    client.sign_in(username, "Pass1234").await.unwrap();
    client
}

/// Signs in somebody who has an account already.
async fn back(on: &TestServer, username: &str) -> Client {
    let client = on.anonymous();
    client.sign_in(username, PASSWORD).await.unwrap();
    client
}

/// The numbers of the reviews that a query finds.
pub(crate) async fn found(on: &TestServer, query: &str) -> Vec<i64> {
    let (status, page) = get(&on.anonymous(), &format!("/reviews/?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len(), "{query}");
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

pub(crate) fn id(review: &Value) -> i64 {
    review["id"].as_i64().unwrap()
}

async fn a_patient_writes_and_everybody_reads(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let ana = patient(&on, "ana", "Ana", "Sousa").await;
    let made = write(&ana, doctor, json!("⭐⭐⭐⭐⭐")).await;
    assert_eq!(
        made,
        json!({
            "id": made["id"], "reviewer": "Ana Sousa", "doctor_name": "Dora Keller",
            "body": "Took her time.", "created_on": "2026-03-02", "rating": "⭐⭐⭐⭐⭐",
        })
    );
    let nobody = on.anonymous();
    let path = format!("/reviews/{}/", made["id"]);
    assert_eq!(get(&nobody, &path).await, (StatusCode::OK, made.clone()));
    let (status, page) = get(&nobody, "/reviews/").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        page,
        json!({ "count": 1, "next": null, "previous": null, "results": [made] })
    );
    assert_eq!(
        get(&nobody, "/reviews/987654/").await,
        (
            StatusCode::NOT_FOUND,
            json!({ "detail": "No Review matches the given query." })
        )
    );
    let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
    assert_eq!(
        post(&nobody, "/reviews/", body).await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn a_rating_may_be_stars_number_or_digit(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ways = [json!("⭐⭐⭐"), json!(3), json!("3")];
    for (n, way) in ways.iter().enumerate() {
        let doctor = on.named_doctor(&format!("d{n}"), "Dora Keller").await;
        assert_eq!(
            write(&ana, doctor, way.clone()).await["rating"],
            "⭐⭐⭐",
            "{way}"
        );
    }
    let doctor = on.named_doctor("dd", "Dora Keller").await;
    for wrong in [
        json!(0),
        json!(6),
        json!("6"),
        json!(""),
        json!("⭐⭐⭐⭐⭐⭐"),
        json!(1.5),
        json!([3]),
    ] {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": wrong });
        let (status, errors) = post(&ana, "/reviews/", body).await;
        assert_eq!(
            (status, keys(&errors)),
            (StatusCode::BAD_REQUEST, vec!["rating"]),
            "{wrong}"
        );
        assert_eq!(
            errors["rating"],
            json!(["Choose from 1 to 5, or from ⭐ to ⭐⭐⭐⭐⭐."])
        );
    }
    // Ids come as digits too.
    let body = json!({ "doctor": doctor.to_string(), "body": "Hm.", "rating": "⭐" });
    assert_eq!(post(&ana, "/reviews/", body).await.0, StatusCode::CREATED);
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (status, errors) = post(&ana, "/reviews/", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let required = json!(["This field is required."]);
    assert_eq!(
        errors,
        json!({ "doctor": required, "body": required, "rating": required })
    );
    let faulty = json!({ "doctor": 7, "body": "x".repeat(5001), "rating": 9 });
    let (_, errors) = post(&ana, "/reviews/", faulty).await;
    assert_eq!(keys(&errors), ["body", "doctor", "rating"]);
    assert_eq!(
        errors["doctor"],
        json!(["Invalid pk \"7\" - object does not exist."])
    );
    let faulty = json!({ "doctor": "seven", "body": " ", "rating": null });
    let (_, errors) = post(&ana, "/reviews/", faulty).await;
    assert_eq!(keys(&errors), ["body", "doctor", "rating"]);
    assert_eq!(errors["body"], json!(["This field may not be blank."]));
    assert_eq!(errors["rating"], json!(["This field may not be null."]));
}

async fn only_patients_review_others_and_each_once(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let refused = async |client: &Client, why: &str| {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
        let (status, errors) = post(client, "/reviews/", body).await;
        assert_eq!(
            (status, keys(&errors)),
            (StatusCode::BAD_REQUEST, vec!["non_field_errors"])
        );
        let message = errors["non_field_errors"][0].as_str().unwrap().to_owned();
        assert!(message.contains(why), "{message}");
    };
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    refused(&rosa, "patient record").await;

    let dora = back(&on, "dora").await;
    refused(&dora, "patient record").await;
    assert_eq!(
        post(&dora, "/patients/", json!({})).await.0,
        StatusCode::CREATED
    );
    refused(&dora, "yourself").await;

    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    write(&ana, doctor, json!(5)).await;
    refused(&ana, "already").await;
    write(&ben, doctor, json!(4)).await;
    assert_eq!(found(&on, "").await.len(), 2);
}

async fn doctors_whom_nobody_sees_are_not_reviewed(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let new = on.named_doctor("new", "New Doctor").await;
    on.of_doctor("UPDATE doctor SET verified_at = NULL WHERE id = $1", new)
        .await;
    let gone = on.named_doctor("gone", "Gone Doctor").await;
    on.of_doctor(
        "UPDATE doctor SET retired_at = created_at WHERE id = $1",
        gone,
    )
    .await;
    for doctor in [new, gone, 987_654] {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
        let message = format!("Invalid pk \"{doctor}\" - object does not exist.");
        assert_eq!(
            post(&ana, "/reviews/", body).await,
            (StatusCode::BAD_REQUEST, json!({ "doctor": [message] }))
        );
    }
}

async fn the_author_changes_the_author_and_admins_delete(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let other = on.named_doctor("emil", "Emil Roth").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    let made = write(&ana, doctor, json!(5)).await;
    let path = format!("/reviews/{}/", made["id"]);
    let whole = json!({ "doctor": doctor, "body": "Better now.", "rating": "⭐⭐" });
    for stranger in [&ben, &rosa, &ada] {
        for method in [Method::PUT, Method::PATCH] {
            let refused = send(stranger, method, &path, whole.clone()).await;
            assert_eq!(refused.0, StatusCode::FORBIDDEN);
        }
    }
    for stranger in [&ben, &rosa] {
        let refused = send(stranger, Method::DELETE, &path, json!({})).await;
        assert_eq!(refused.0, StatusCode::FORBIDDEN);
    }
    let nobody = on.anonymous();
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = send(&nobody, method, &path, whole.clone()).await;
        assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    }

    on.wait(24 * 3600 - 60);
    let ana = back(&on, "ana").await;
    let (status, changed) = send(&ana, Method::PUT, &path, whole.clone()).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (&changed["body"], &changed["rating"]),
        (&json!("Better now."), &json!("⭐⭐"))
    );
    assert_eq!(
        changed["created_on"], "2026-03-02",
        "the day it was written"
    );
    let (status, errors) = send(&ana, Method::PUT, &path, json!({ "rating": 3 })).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["body", "doctor"])
    );
    let (status, changed) = send(&ana, Method::PATCH, &path, json!({ "rating": "3" })).await;
    assert_eq!(
        (status, &changed["rating"]),
        (StatusCode::OK, &json!("⭐⭐⭐"))
    );
    assert_eq!(changed["body"], "Better now.");
    let move_it = json!({ "doctor": other, "body": " " });
    let (status, errors) = send(&ana, Method::PATCH, &path, move_it).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["body", "doctor"])
    );

    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(get(&nobody, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(found(&on, "").await, Vec::<i64>::new());
    let again = write(&ana, doctor, json!(1)).await;
    let path = format!("/reviews/{}/", again["id"]);
    let ada = back(&on, "ada").await;
    assert_eq!(
        send(&ada, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        send(&ada, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(get(&nobody, "/reviews/").await.1["count"], 0);
    let audit = on.audit(100).await;
    let changes: Vec<_> = audit
        .iter()
        .map(|(_, action, _)| action.as_str())
        .filter(|action| action.ends_with("_review"))
        .collect();
    assert_eq!(
        changes,
        [
            "delete_review",
            "create_review",
            "delete_review",
            "change_review",
            "change_review",
            "create_review"
        ]
    );
}
