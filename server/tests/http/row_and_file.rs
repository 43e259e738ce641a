//! A picture and the row that names it come and go together (API.md §1 "Images").

use std::path::PathBuf;
use std::sync::Arc;

use clinic_server::clinic::{Actor, Clinic, Faults, pictures, services};
use clinic_server::infra::media::Kind;
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::classic::services::NewService;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::media::{fetch, png};
use crate::services::{form, make, send_form};
use crate::support::on_both;
use crate::support::server::{TestServer, get, send};
use crate::uploads::files;

on_both! {
    a_new_picture_takes_the_place_of_the_old,
    a_write_that_fails_leaves_no_file,
    the_sweep_takes_what_no_row_names,
}

async fn a_new_picture_takes_the_place_of_the_old(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = make(&rosa, "X-ray").await;
    let path = format!("/services/{}/", made["id"]);
    let (status, changed) = send_form(&rosa, Method::PUT, &path, form("X-ray")).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    let (old, new) = (
        made["image"].as_str().unwrap(),
        changed["image"].as_str().unwrap(),
    );
    assert_ne!(old, new);
    assert_eq!(fetch(&on, old).await.0, StatusCode::NOT_FOUND);
    assert_eq!(fetch(&on, new).await.0, StatusCode::OK);
    assert_eq!(files(&on).len(), 1);

    // A change that is refused touches neither the row nor the files.
    let faulty = form(" ");
    assert_eq!(
        send_form(&rosa, Method::PATCH, &path, faulty).await.0,
        StatusCode::BAD_REQUEST
    );
    let missing = send_form(&rosa, Method::PATCH, "/services/987654/", form("X-ray")).await;
    assert_eq!(missing.0, StatusCode::NOT_FOUND);
    assert_eq!(files(&on).len(), 1);
    assert_eq!(get(&rosa, &path).await.1, changed);

    assert_eq!(
        send(&rosa, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(fetch(&on, new).await.0, StatusCode::NOT_FOUND);
    assert_eq!(files(&on), Vec::<PathBuf>::new());
}

async fn a_write_that_fails_leaves_no_file(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = make(&rosa, "X-ray").await;
    let id = made["id"].as_i64().unwrap();
    let before = files(&on);
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    let who = Actor::nobody(None);
    let new = || NewService {
        name: "Blood test".to_owned(),
        description: "A drop.".to_owned(),
    };
    let create =
        async || services::create(&clinic, &who, new().into(), Faults::new(), Some(png())).await;
    let change = async || {
        services::change(&clinic, &who, id, new().into(), Faults::new(), Some(png())).await
    };
    // Insert, audit, commit; read, lock, update, audit, commit.
    for n in 1..=3 {
        recorder.clear();
        recorder.fail_at(n);
        assert!(create().await.is_err(), "statement {n}");
        assert_eq!(files(&on), before, "statement {n}");
    }
    for n in 1..=5 {
        recorder.clear();
        recorder.fail_at(n);
        assert!(change().await.is_err(), "statement {n}");
        assert_eq!(files(&on), before, "statement {n}");
    }
    for n in 1..=3 {
        recorder.clear();
        recorder.fail_at(n);
        assert!(
            services::delete(&clinic, &who, id).await.is_err(),
            "statement {n}"
        );
        assert_eq!(files(&on), before, "statement {n}");
    }
    assert_eq!(get(&rosa, "/services/").await.1, json!([made]));
    recorder.clear();
    create().await.unwrap();
    assert_eq!(recorder.count(), 3, "{:?}", recorder.texts());
    recorder.clear();
    change().await.unwrap();
    assert_eq!(recorder.count(), 5, "{:?}", recorder.texts());
}

async fn the_sweep_takes_what_no_row_names(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = make(&rosa, "X-ray").await;
    // As a crash between file and row leaves it.
    let clinic = &on.server.clinic;
    pictures::store(clinic, Kind::Public, png(), "image")
        .await
        .unwrap();
    // Files carry the time of the machine, not of the test's clock.
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let ahead = now - u64::try_from(on.clock.now().timestamp()).unwrap().min(now);
    on.wait(ahead);
    pictures::sweep(clinic).await.unwrap();
    assert_eq!(files(&on).len(), 2, "a young file may be a transaction's");
    on.wait(3600 + 60);
    pictures::sweep(clinic).await.unwrap();
    assert_eq!(files(&on).len(), 1);
    let url = made["image"].as_str().unwrap();
    assert_eq!(fetch(&on, url).await.0, StatusCode::OK);
}
