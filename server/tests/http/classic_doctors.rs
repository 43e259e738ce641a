//! `/doctors/` (API.md §3): who sees and changes one, and what classic's clients send.

mod changes;
mod lists;

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, post, read, request, send};

on_both! {
    a_profile_is_its_owners_and_staffs_until_it_is_verified,
    an_admins_profile_is_verified_at_once_and_one_is_all,
    only_the_owner_and_staff_change_a_doctor,
    classics_own_clients_are_understood,
    every_faulty_field_is_told,
}

/// A designation, a specialisation or an available time, by its id.
async fn made(admin: &Client, path: &str, name: &str) -> i64 {
    let body = json!({ "name": name, "time": name });
    let (status, made) = post(admin, path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["id"].as_i64().unwrap()
}

/// The numbers of the listed doctors.
async fn listed(client: &Client, query: &str) -> Vec<i64> {
    let (status, page) = get(client, &format!("/doctors/?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len(), "{query}");
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

fn path(doctor: &Value) -> String {
    format!("/doctors/{}/", doctor["id"])
}

async fn a_profile_is_its_owners_and_staffs_until_it_is_verified(on: TestServer) {
    let dora = on.sign_in(Role::Doctor, "dora").await;
    let emil = on.sign_in(Role::Doctor, "emil").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let admin = on.sign_in(Role::Admin, "ada").await;
    let (status, doctor) = post(&dora, "/doctors/", json!({ "fee": 500 })).await;
    assert_eq!(status, StatusCode::CREATED, "{doctor}");
    let expected = json!({
        "id": doctor["id"], "user": "dora", "profile": null, "designation": [],
        "specialisation": [], "available_time": [], "fee": 500, "meet_link": null,
    });
    assert_eq!(doctor, expected);

    let path = path(&doctor);
    let missing = get(&ana, "/doctors/987654/").await;
    assert_eq!(
        missing,
        (
            StatusCode::NOT_FOUND,
            json!({ "detail": "No Doctor matches the given query." })
        )
    );
    for client in [&dora, &rosa, &admin] {
        assert_eq!(get(client, &path).await, (StatusCode::OK, expected.clone()));
        assert_eq!(listed(client, "").await.len(), 1);
    }
    for stranger in [&emil, &ana, &on.anonymous()] {
        assert_eq!(get(stranger, &path).await, missing, "as if it were missing");
        assert!(listed(stranger, "").await.is_empty());
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        for stranger in [&emil, &ana] {
            let answer = send(stranger, method.clone(), &path, json!({ "fee": 1 })).await;
            assert_eq!(answer, missing, "{method}");
        }
        let answer = send(&on.anonymous(), method.clone(), &path, json!({ "fee": 1 })).await;
        assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{method}");
    }
    let desk = get(&rosa, "/v1/api/desk/doctors/").await.1;
    let id = desk["results"][0]["id"].as_str().unwrap().to_owned();
    let verify = format!("/v1/api/desk/doctors/{id}/verify/");
    assert_eq!(
        post(&admin, &verify, json!({})).await.0,
        StatusCode::OK,
        "verified"
    );
    for anybody in [&emil, &ana, &on.anonymous()] {
        assert_eq!(
            get(anybody, &path).await,
            (StatusCode::OK, expected.clone())
        );
        assert_eq!(listed(anybody, "").await.len(), 1);
    }
}

async fn an_admins_profile_is_verified_at_once_and_one_is_all(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let answer = request(&admin, Method::POST, "/doctors/")
        .json(&json!({ "fee": "70" }))
        .send()
        .await
        .unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let (status, doctor) = read(answer).await;
    assert_eq!(status, StatusCode::CREATED);
    let own = path(&doctor);
    assert_eq!(location, format!("{}{own}", on.server.url()));
    let anonymous = on.anonymous();
    assert_eq!(get(&anonymous, &own).await, (StatusCode::OK, doctor));
    // A receptionist waits like everybody, and nobody has two.
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, second) = post(&rosa, "/doctors/", json!({ "fee": 60 })).await;
    assert_eq!(
        get(&anonymous, &path(&second)).await.0,
        StatusCode::NOT_FOUND
    );
    for client in [&admin, &rosa] {
        let again = post(client, "/doctors/", json!({ "fee": 1 })).await;
        let errors = json!({ "non_field_errors": ["You already have a doctor profile."] });
        assert_eq!(again, (StatusCode::BAD_REQUEST, errors));
    }
    let (status, _) = post(&anonymous, "/doctors/", json!({ "fee": 1 })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

async fn only_the_owner_and_staff_change_a_doctor(on: TestServer) {
    let dora = on.doctor("dora", 100).await;
    on.doctor("emil", 100).await;
    let path = format!("/doctors/{}/", dora.number);
    let own = on.anonymous();
    own.sign_in("dora", PASSWORD).await.unwrap();
    let other = on.anonymous();
    other.sign_in("emil", PASSWORD).await.unwrap();
    let ana = on.sign_in(Role::Patient, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for stranger in [&other, &ana] {
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let (status, body) = send(stranger, method, &path, json!({ "fee": 1 })).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
        }
    }
    for (client, method, fee) in [
        (&own, Method::PUT, 110),
        (&own, Method::PATCH, 120),
        (&rosa, Method::PUT, 130),
        (&rosa, Method::PATCH, 140),
    ] {
        let (status, doctor) = send(client, method, &path, json!({ "fee": fee })).await;
        assert_eq!((status, &doctor["fee"]), (StatusCode::OK, &json!(fee)));
    }
    let (status, _) = send(&own, Method::DELETE, &path, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}

async fn classics_own_clients_are_understood(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let professor = made(&admin, "/designations/", "Professor").await;
    let heart = made(&admin, "/specialisations/", "Heart").await;
    let lungs = made(&admin, "/specialisations/", "Lungs").await;
    let nine = made(&admin, "/available-time/", "9:00 AM - 9:30 AM").await;
    // Numbers and ids as digits, ids twice and in any order, read-only fields sent along.
    let body = json!({
        "id": 999, "user": "Somebody Else", "fee": "500", "meet_link": " https://meet.example.org/a ",
        "designation": [professor.to_string()], "specialisation": [lungs, heart, lungs],
        "available_time": [nine],
    });
    let (status, doctor) = post(&admin, "/doctors/", body).await;
    assert_eq!(status, StatusCode::CREATED, "{doctor}");
    let expected = json!({
        "id": doctor["id"], "user": "ada", "profile": null, "designation": ["Professor"],
        "specialisation": ["Heart", "Lungs"], "available_time": [nine], "fee": 500,
        "meet_link": "https://meet.example.org/a",
    });
    assert_eq!(doctor, expected);
    let page = get(&on.anonymous(), "/doctors").await.1;
    assert_eq!(page["results"], json!([expected]));
    // Without a slash, absent lists stay, an empty one clears.
    let path = format!("/doctors/{}", doctor["id"]);
    let (_, changed) = send(
        &admin,
        Method::PATCH,
        &path,
        json!({ "specialisation": [] }),
    )
    .await;
    assert_eq!(changed["specialisation"], json!([]));
    assert_eq!(changed["designation"], json!(["Professor"]));
    let put = json!({ "fee": 600, "meet_link": null });
    let (status, changed) = send(&admin, Method::PUT, &path, put).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (&changed["available_time"], &changed["meet_link"]),
        (&json!([nine]), &json!(null))
    );
    assert_eq!(changed["fee"], 600);
}

async fn every_faulty_field_is_told(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    for (body, errors) in [
        (json!({}), json!({ "fee": ["This field is required."] })),
        (
            json!({ "fee": -1 }),
            json!({ "fee": ["Ensure this value is greater than or equal to 0."] }),
        ),
        (
            json!({ "fee": 1_000_000_000 }),
            json!({ "fee": ["Ensure this value is less than or equal to 999999999."] }),
        ),
        (
            json!({ "fee": "many", "designation": "x" }),
            json!({
                "fee": ["A valid integer is required."],
                "designation": ["Expected a list of items but got type \"str\"."],
            }),
        ),
        (
            json!({ "fee": null, "available_time": ["soon"] }),
            json!({
                "fee": ["This field may not be null."],
                "available_time": ["A valid integer is required."],
            }),
        ),
        (
            json!({ "fee": 1, "designation": [99], "specialisation": ["98", 97],
                    "available_time": [96], "meet_link": "x".repeat(251) }),
            json!({
                "designation": ["Invalid pk \"99\" - object does not exist."],
                "specialisation": ["Invalid pk \"97\" - object does not exist.",
                                   "Invalid pk \"98\" - object does not exist."],
                "available_time": ["Invalid pk \"96\" - object does not exist."],
                "meet_link": ["Ensure this field has no more than 250 characters."],
            }),
        ),
        (
            json!({ "fee": 1, "meet_link": "a\nb" }),
            json!({ "meet_link": ["Write this on one line."] }),
        ),
    ] {
        let answer = post(&admin, "/doctors/", body.clone()).await;
        assert_eq!(answer, (StatusCode::BAD_REQUEST, errors), "{body}");
    }
    assert!(listed(&admin, "").await.is_empty(), "nothing was made");
}
