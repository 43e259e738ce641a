//! `/doctors/` (API.md §3).

use std::sync::Arc;

use clinic_server::clinic::doctors::{self, Filter};
use clinic_server::clinic::paging::Paging;
use clinic_server::clinic::{Actor, Clinic, pictures};
use clinic_server::store::{Recorder, Session, doctors as table};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::media::{fetch, png};
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, read, request, send};

on_both! {
    a_profile_is_its_owners_and_staffs_until_it_is_verified,
    an_admins_profile_is_verified_at_once_and_one_is_all,
    only_the_owner_and_staff_change_a_doctor,
    classics_own_clients_are_understood,
    every_faulty_field_is_told,
    put_wants_the_fee_and_patch_keeps_its_cents,
    a_form_carries_photo_and_lists,
    filters_are_any_within_and_all_between,
    pages_keep_their_parameters,
    retiring_keeps_the_number_and_hides_the_reviews,
    the_name_follows_the_account,
    a_list_takes_the_same_few_statements_whatever_the_page,
    what_changes_is_audited_with_its_settings,
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
    own.sign_in("dora", crate::support::server::PASSWORD)
        .await
        .unwrap();
    let other = on.anonymous();
    other
        .sign_in("emil", crate::support::server::PASSWORD)
        .await
        .unwrap();
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

async fn put_wants_the_fee_and_patch_keeps_its_cents(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let doctor = on.doctor("dora", 500).await;
    let path = format!("/doctors/{}/", doctor.number);
    let desk = format!("/v1/api/desk/doctors/{}/", doctor.id);
    let fee = json!({ "fee": "500.75" });
    assert_eq!(
        send(&admin, Method::PATCH, &desk, fee).await.1["fee"],
        "500.75"
    );
    let link = json!({ "meet_link": "https://meet.example.org/d" });
    let required = json!({ "fee": ["This field is required."] });
    let put = send(&admin, Method::PUT, &path, link.clone()).await;
    assert_eq!(put, (StatusCode::BAD_REQUEST, required));
    let (status, shown) = send(&admin, Method::PATCH, &path, link).await;
    assert_eq!((status, &shown["fee"]), (StatusCode::OK, &json!(500)));
    assert_eq!(get(&admin, &desk).await.1["fee"], "500.75");
    send(&admin, Method::PATCH, &path, json!({ "fee": 500 })).await;
    assert_eq!(get(&admin, &desk).await.1["fee"], "500.00");
}

async fn a_form_carries_photo_and_lists(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let heart = made(&admin, "/specialisations/", "Heart").await;
    let lungs = made(&admin, "/specialisations/", "Lungs").await;
    let professor = made(&admin, "/designations/", "Professor").await;
    let photo = || Part::bytes(png()).file_name("me.png");
    let form = Form::new()
        .text("fee", "250")
        .text("specialisation", heart.to_string())
        .text("specialisation", lungs.to_string())
        .text("designation", professor.to_string())
        .text("meet_link", "")
        .part("profile", photo());
    let answer = request(&admin, Method::POST, "/doctors/").multipart(form);
    let (status, doctor) = read(answer.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{doctor}");
    assert_eq!(doctor["specialisation"], json!(["Heart", "Lungs"]));
    assert_eq!(doctor["designation"], json!(["Professor"]));
    assert_eq!(doctor["meet_link"], json!(null));
    // Everybody sees the photo, without a signature.
    let first = doctor["profile"].as_str().unwrap().to_owned();
    assert!(!first.contains('?'), "{first}");
    assert_eq!(
        fetch(&on, &first).await,
        (StatusCode::OK, "image/png".to_owned())
    );

    let path = path(&doctor);
    let patch = async |form: Form| {
        let request = request(&admin, Method::PATCH, &path).multipart(form);
        read(request.send().await.unwrap()).await
    };
    let (status, changed) = patch(Form::new().part("profile", photo())).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    let second = changed["profile"].as_str().unwrap().to_owned();
    assert_eq!(
        fetch(&on, &first).await.0,
        StatusCode::NOT_FOUND,
        "replaced"
    );
    assert_eq!(fetch(&on, &second).await.0, StatusCode::OK);
    // A sweep leaves what a doctor's row names.
    pictures::sweep(&on.server.clinic).await.unwrap();
    assert_eq!(fetch(&on, &second).await.0, StatusCode::OK);

    let svg = Part::bytes(b"<svg/>".to_vec()).file_name("me.svg");
    let (status, errors) = patch(Form::new().part("profile", svg)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(errors["profile"][0].is_string(), "{errors}");
    // The photo of a form with a fault elsewhere goes with it, and the old one stays.
    let faulty = Form::new()
        .text("designation", "99")
        .part("profile", photo());
    assert_eq!(patch(faulty).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(get(&admin, &path).await.1["profile"], json!(second));
}

async fn filters_are_any_within_and_all_between(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let rank = made(&admin, "/designations/", "Professor").await;
    let heart = made(&admin, "/specialisations/", "Heart").await;
    let lungs = made(&admin, "/specialisations/", "Lungs").await;
    let nine = made(&admin, "/available-time/", "09:00").await;
    let mut numbers = Vec::new();
    for (name, fee, change) in [
        (
            "one",
            100,
            json!({ "specialisation": [heart], "designation": [rank] }),
        ),
        (
            "two",
            100,
            json!({ "specialisation": [heart, lungs], "available_time": [nine] }),
        ),
        (
            "three",
            200,
            json!({ "specialisation": [lungs], "designation": [rank] }),
        ),
        ("four", 300, json!({})),
    ] {
        let doctor = on.doctor(name, fee).await;
        let path = format!("/doctors/{}/", doctor.number);
        assert_eq!(
            send(&admin, Method::PATCH, &path, change).await.0,
            StatusCode::OK
        );
        numbers.push(doctor.number);
    }
    let anonymous = on.anonymous();
    for (query, places) in [
        (String::new(), vec![0, 1, 2, 3]),
        (format!("specialisation={heart}"), vec![0, 1]),
        (
            format!("specialisation={heart}&specialisation={lungs}"),
            vec![0, 1, 2],
        ),
        (
            format!("specialisation={heart}&designation={rank}"),
            vec![0],
        ),
        (
            format!("available_time={nine}&specialisation=&x=1"),
            vec![1],
        ),
        ("fee=100".to_owned(), vec![0, 1]),
        ("fee=100&fee=300".to_owned(), vec![0, 1, 3]),
        (format!("fee=200&specialisation={heart}"), vec![]),
        ("designation=987654".to_owned(), vec![]),
        (format!("designation=987654&designation={rank}"), vec![0, 2]),
        ("fee=99999999999999999999".to_owned(), vec![]),
    ] {
        let expected: Vec<i64> = places.iter().map(|place| numbers[*place]).collect();
        assert_eq!(listed(&anonymous, &query).await, expected, "{query}");
    }
    for parameter in ["specialisation", "designation", "available_time", "fee"] {
        let answer = get(&anonymous, &format!("/doctors/?{parameter}=abc")).await;
        let errors = json!({ parameter: ["Enter a number."] });
        assert_eq!(answer, (StatusCode::BAD_REQUEST, errors));
    }
}

async fn pages_keep_their_parameters(on: TestServer) {
    let mut numbers = Vec::new();
    for name in ["one", "two", "three"] {
        numbers.push(on.doctor(name, 100).await.number);
    }
    let anonymous = on.anonymous();
    let (_, first) = get(&anonymous, "/doctors/?limits=2&fee=100").await;
    assert_eq!(first["count"], 3);
    let url = on.server.url();
    let next = first["next"].as_str().unwrap();
    assert_eq!(next, format!("{url}/doctors/?limits=2&fee=100&page=2"));
    let (_, second) = get(&anonymous, next.strip_prefix(&url).unwrap()).await;
    assert_eq!(second["results"][0]["id"], numbers[2], "by number");
    assert_eq!(second["next"], json!(null));
    let first = format!("{url}/doctors/?limits=2&fee=100");
    assert_eq!(second["previous"], json!(first));
    let keys: Vec<_> = second.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["count", "next", "previous", "results"]);
    for page in ["0", "9", "x"] {
        let answer = get(&anonymous, &format!("/doctors/?page={page}")).await;
        let detail = json!({ "detail": "Invalid page." });
        assert_eq!(answer, (StatusCode::NOT_FOUND, detail), "{page}");
    }
}

async fn retiring_keeps_the_number_and_hides_the_reviews(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, old) = post(&admin, "/doctors/", json!({ "fee": 1 })).await;
    let number = old["id"].as_i64().unwrap();
    let patient = get(&ana, "/patients/").await.1["results"][0]["id"].clone();
    let clinic = &on.server.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql(
        "INSERT INTO review (patient_id, doctor_id, stars, body, created_on, created_at, updated_at)
         VALUES ($1, $2, 5, 'Good.', $3, $4, $4)",
    )
    .bind(patient.as_i64())
    .bind(number)
    .bind(clinic.today())
    .bind(clinic.clock.now())
    .run()
    .await
    .unwrap();
    tx.sql("UPDATE counter SET value = value + 1 WHERE name = 'reviews'")
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let path = path(&old);
    let (status, _) = send(&admin, Method::DELETE, &path, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    for client in [&admin, &ana, &on.anonymous()] {
        assert_eq!(get(client, &path).await.0, StatusCode::NOT_FOUND);
        assert!(listed(client, "").await.is_empty());
    }
    let gone = send(&admin, Method::PATCH, &path, json!({ "fee": 2 })).await;
    assert_eq!(gone.0, StatusCode::NOT_FOUND);
    let audit = on.audit(20).await;
    assert!(audit.iter().any(|(_, action, _)| action == "retire_doctor"));
    let mut reader = clinic.db.read().await.unwrap();
    let (shown, counted): (i64, i64) = reader
        .sql(
            "SELECT (SELECT count(*) FROM review WHERE hidden_at IS NULL),
                    (SELECT value FROM counter WHERE name = 'reviews')",
        )
        .one()
        .await
        .unwrap();
    assert_eq!((shown, counted), (0, 0));
    drop(reader);
    let (status, new) = post(&admin, "/doctors/", json!({ "fee": 1 })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(new["id"].as_i64().unwrap() > number, "never used again");
}

async fn the_name_follows_the_account(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let doctor = on.doctor("dora", 100).await;
    let path = format!("/doctors/{}/", doctor.number);
    let own = on.anonymous();
    own.sign_in("dora", crate::support::server::PASSWORD)
        .await
        .unwrap();
    let profile = get(&own, "/api/user/profiles/me/").await.1["id"].clone();
    let profile = format!("/api/user/profiles/{profile}/");
    for (change, name) in [
        (json!({ "username": "dora.b" }), "dora.b"),
        (
            json!({ "first_name": "Dóra", "last_name": "Berg" }),
            "Dóra Berg",
        ),
        (json!({ "username": "dora.c" }), "Dóra Berg"),
    ] {
        let (status, body) = send(&own, Method::PATCH, &profile, change).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(get(&own, &path).await.1["user"], name);
    }
    let found = get(&admin, "/v1/api/desk/doctors/?search=berg%20dor")
        .await
        .1;
    assert_eq!(found["results"][0]["full_name"], "Dóra Berg");
}

async fn a_list_takes_the_same_few_statements_whatever_the_page(on: TestServer) {
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    let paging = Paging {
        page: 1,
        cursor: None,
        limit: 100,
    };
    let nobody = Actor::nobody(None);
    for name in ["one", "two", "three"] {
        on.doctor(name, 100).await;
        recorder.clear();
        doctors::list(&clinic, &nobody, Filter::default(), &paging)
            .await
            .unwrap();
        assert_eq!(recorder.count(), 5, "{:?}", recorder.texts());
        recorder.clear();
        doctors::search(&clinic, "o", None, &paging).await.unwrap();
        assert_eq!(recorder.count(), 4, "{:?}", recorder.texts());
    }
}

async fn what_changes_is_audited_with_its_settings(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let nine = made(&admin, "/available-time/", "09:00").await;
    let doctor = on.doctor("dora", 100).await;
    let path = format!("/doctors/{}/", doctor.number);
    let change = json!({ "fee": 150, "available_time": [nine], "meet_link": "https://secret" });
    send(&admin, Method::PATCH, &path, change.clone()).await;
    on.server.clinic.reads.flush().await;
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let row = async |reader: &mut clinic_server::store::Reader| {
        let rows = clinic_server::store::audit::latest(reader, 1)
            .await
            .unwrap();
        rows.into_iter().next().unwrap()
    };
    let written = row(&mut reader).await;
    assert_eq!(written.action, "change_doctor");
    assert_eq!(
        (written.object_type.as_deref(), written.object_id),
        (Some("doctor"), Some(doctor.number))
    );
    assert_eq!(
        written.detail.0,
        json!({
            "fields": ["meet_link", "fee_cents", "available_times"],
            "from": { "fee_cents": 10_000, "available_times": [] },
            "to": { "fee_cents": 15_000, "available_times": [nine] },
        })
    );
    // The same again changes nothing, and says nothing.
    let version = table::by_id(&mut reader, doctor.number).await.unwrap();
    send(&admin, Method::PATCH, &path, change).await;
    let again = table::by_id(&mut reader, doctor.number).await.unwrap();
    assert_eq!(version, again);
    assert_eq!(row(&mut reader).await.detail.0, written.detail.0);
}
