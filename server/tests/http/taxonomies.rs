//! `/designations/` and `/specialisations/` (API.md §3).

use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, post, request};

on_both! {
    admins_make_them_and_everybody_reads_them,
    a_slug_is_made_of_the_name_and_stays_unique,
    every_faulty_field_is_told,
}

const PATHS: [&str; 2] = ["/designations/", "/specialisations/"];

async fn admins_make_them_and_everybody_reads_them(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    for (path, action) in PATHS
        .into_iter()
        .zip(["create_designation", "create_specialisation"])
    {
        assert_eq!(get(&on.anonymous(), path).await.1, json!([]), "{path}");
        for (name, slug) in [("Professor", "prof"), ("Associate", "assoc")] {
            let (status, made) = post(&admin, path, json!({ "name": name, "slug": slug })).await;
            assert_eq!(status, StatusCode::CREATED, "{made}");
            let id = made["id"].clone();
            assert_eq!(made, json!({ "id": id, "name": name, "slug": slug }));
        }
        let (status, listed) = get(&on.anonymous(), path).await;
        assert_eq!(status, StatusCode::OK);
        let names: Vec<&Value> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|term| &term["name"])
            .collect();
        assert_eq!(names, ["Professor", "Associate"], "a plain array, by id");
        assert_eq!(on.audit(1).await[0].1, action);
    }
    for (role, name) in [
        (Role::Receptionist, "rosa"),
        (Role::Doctor, "dora"),
        (Role::Patient, "ana"),
    ] {
        let client = on.sign_in(role, name).await;
        for path in PATHS {
            let (status, body) = post(&client, path, json!({ "name": "Mine" })).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name}: {body}");
        }
    }
    let (status, _) = post(&on.anonymous(), PATHS[0], json!({ "name": "Mine" })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

async fn a_slug_is_made_of_the_name_and_stays_unique(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    for (path, word) in PATHS.into_iter().zip(["designation", "specialisation"]) {
        let (_, made) = post(&admin, path, json!({ "name": " Ear, Nose & Throat " })).await;
        assert_eq!(
            (&made["name"], &made["slug"]),
            (&json!("Ear, Nose & Throat"), &json!("ear-nose-throat"))
        );
        for again in [
            json!({ "name": "Ear Nose Throat" }),
            json!({ "name": "Other", "slug": "ear-nose-throat" }),
        ] {
            let (status, errors) = post(&admin, path, again).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let message = format!("{word} with this slug already exists.");
            assert_eq!(errors, json!({ "slug": [message] }));
        }
        // Names that no link can hold get something else, each its own.
        let (_, one) = post(&admin, path, json!({ "name": "Кардиолог", "slug": "" })).await;
        let (_, two) = post(&admin, path, json!({ "name": "Хирург" })).await;
        assert!(one["slug"].as_str().unwrap().len() > 10, "{one}");
        assert_ne!(one["slug"], two["slug"]);
    }
}

async fn every_faulty_field_is_told(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let slug = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
    for (body, errors) in [
        (json!({}), json!({ "name": ["This field is required."] })),
        (
            json!({ "name": " ", "slug": "a b" }),
            json!({ "name": ["This field may not be blank."], "slug": [slug] }),
        ),
        (
            json!({ "name": "x".repeat(51), "slug": "x".repeat(61) }),
            json!({
                "name": ["Ensure this field has no more than 50 characters."],
                "slug": ["Ensure this field has no more than 60 characters."],
            }),
        ),
        (
            json!({ "name": 7 }),
            json!({ "name": ["Not a valid string."] }),
        ),
    ] {
        let answer = post(&admin, "/designations/", body).await;
        assert_eq!(answer, (StatusCode::BAD_REQUEST, errors));
    }
    // Fields that are not known, such as what was read, are ignored.
    let body = json!({ "id": 77, "name": "Professor", "colour": "red" });
    let (status, made) = post(&admin, "/designations/", body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(made["id"], 77);
    let form = request(
        &admin,
        clinic_shared::client::reqwest::Method::POST,
        "/designations/",
    );
    let answer = form.body("name=x").header("content-type", "text/plain");
    assert_eq!(
        answer.send().await.unwrap().status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}
