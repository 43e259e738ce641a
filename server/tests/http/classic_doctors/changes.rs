//! What becomes of a doctor: photos, fees, names, retiring; all of it, or nothing.

use std::sync::Arc;

use clinic_server::clinic::doctors;
use clinic_server::clinic::{Actor, Clinic, accounts, pictures};
use clinic_server::store::{Recorder, Session, audit, doctors as table};
use clinic_shared::Role;
use clinic_shared::classic::doctors::DoctorInput;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use super::{listed, made, path};
use crate::media::{fetch, png};
use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, post, read, request, send};

on_both! {
    a_form_carries_photo_and_lists,
    put_wants_the_fee_and_patch_keeps_its_cents,
    the_name_follows_the_account,
    retiring_keeps_the_number_and_hides_the_reviews,
    what_changes_is_audited_with_its_settings,
    of_several_at_once_one_makes_the_profile,
    a_doctor_that_fails_anywhere_leaves_nothing,
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
    let rows = on.audit(20).await;
    assert!(rows.iter().any(|(_, action, _)| action == "retire_doctor"));
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
    own.sign_in("dora", PASSWORD).await.unwrap();
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
        let rows = audit::latest(reader, 1).await.unwrap();
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

async fn of_several_at_once_one_makes_the_profile(on: TestServer) {
    let dora = on.sign_in(Role::Doctor, "dora").await;
    let answers = (0..8).map(|fee| {
        let dora = dora.clone();
        tokio::spawn(async move { post(&dora, "/doctors/", json!({ "fee": fee })).await.0 })
    });
    let mut made = 0;
    for answer in answers.collect::<Vec<_>>() {
        match answer.await.unwrap() {
            StatusCode::CREATED => made += 1,
            status => assert_eq!(status, StatusCode::BAD_REQUEST),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(listed(&dora, "").await.len(), 1);
}

async fn a_doctor_that_fails_anywhere_leaves_nothing(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let heart = made(&admin, "/specialisations/", "Heart").await;
    on.account(Role::Patient, "dora").await;
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    let accounts = accounts::list(&on.server.clinic).await.unwrap();
    let dora = accounts.iter().find(|row| row.username == "dora").unwrap();
    let nobody = Actor::nobody(None);
    let make = async || {
        let input = DoctorInput {
            specialisation: Some(vec![heart.into()]),
            ..DoctorInput::default()
        };
        doctors::create_verified(&clinic, &nobody, dora.id, input, None).await
    };
    let everything = async || {
        on.server.clinic.reads.flush().await;
        let mut reader = on.server.clinic.db.read().await.unwrap();
        let (sum,): (i64,) = reader
            .sql(
                "SELECT (SELECT count(*) FROM doctor) + (SELECT count(*) FROM doctor_specialisation)
                     + (SELECT count(*) FROM account WHERE role = 'doctor')
                     + (SELECT count(*) FROM audit WHERE kind = 'change')",
            )
            .one()
            .await
            .unwrap();
        sum
    };
    let before = everything().await;
    let mut n = 1;
    loop {
        recorder.clear();
        recorder.fail_at(n);
        if make().await.is_ok() {
            break;
        }
        assert_eq!(everything().await, before, "statement {n}");
        n += 1;
    }
    assert!(n > 10, "{:?}", recorder.texts());
    assert_eq!(
        everything().await,
        before + 5,
        "a doctor, a link, a role, two rows of audit"
    );
}
