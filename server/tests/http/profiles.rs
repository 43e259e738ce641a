//! `/api/user/profiles/` (API.md §3).

use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{TestServer, get, post, read, request, send};

on_both! {
    everybody_sees_their_own_and_staff_all,
    a_change_reaches_the_account_and_the_patient_record,
    a_picture_comes_by_form_and_goes_with_the_profile,
    staff_make_an_account_by_making_its_profile,
    a_receptionist_may_not_touch_an_admins_sign_in,
    ones_own_new_mail_is_not_taken_without_a_code,
}

async fn everybody_sees_their_own_and_staff_all(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    assert_eq!(get(&ana, &path).await.0, StatusCode::OK);
    let (status, body) = get(&ben, &path).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let missing = get(&ben, "/api/user/profiles/987654/").await.1;
    assert_eq!(body, missing, "a foreign row looks missing");
    assert_eq!(
        send(&ben, Method::PATCH, &path, json!({"bio": "x"}))
            .await
            .0,
        StatusCode::NOT_FOUND
    );

    assert_eq!(get(&ben, "/api/user/profiles/").await.1["count"], 1);
    let (_, all) = get(&rosa, "/api/user/profiles/?search=ANA,example").await;
    assert_eq!(
        (&all["count"], &all["results"][0]["user"]["username"]),
        (&json!(1), &json!("ana"))
    );
    let (status, _) = get(&rosa, "/api/user/profiles/?search=a%00b").await;
    assert_eq!(
        status,
        StatusCode::OK,
        "a NUL is nobody's name, and no fault of ours"
    );
    assert_eq!(
        get(&rosa, "/api/user/profiles/?page=9").await.0,
        StatusCode::NOT_FOUND
    );
}

async fn a_change_reaches_the_account_and_the_patient_record(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    let change = json!({
        "first_name": "Ana", "last_name": "Sousa", "bio": "Plays the oud.",
        "date_of_birth": "1980-02-01",
    });
    let (status, changed) = send(&ana, Method::PUT, &path, change).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&changed["bio"], &changed["date_of_birth"]),
        (&json!("Plays the oud."), &json!("1980-02-01"))
    );
    assert_eq!(changed["user"]["last_name"], "Sousa");
    assert_eq!(
        get(&ana, "/patients/").await.1["results"][0]["user"],
        "Ana Sousa"
    );

    let (_, cleared) = send(&ana, Method::PATCH, &path, json!({ "bio": null })).await;
    assert_eq!(
        (&cleared["bio"], &cleared["date_of_birth"]),
        (&json!(null), &json!("1980-02-01"))
    );
    for wrong in ["-001-01-01", "0000-01-01", "1500-01-01"] {
        let (status, _) = send(
            &ana,
            Method::PATCH,
            &path,
            json!({ "date_of_birth": wrong }),
        )
        .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (status, errors) = send(
        &ana,
        Method::PATCH,
        &path,
        json!({ "date_of_birth": "2999-01-01" }),
    )
    .await;
    assert_eq!(
        (status, errors["date_of_birth"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
}

async fn a_picture_comes_by_form_and_goes_with_the_profile(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    let form = Form::new().text("address", "Rua Nova 1").part(
        "profile_picture",
        Part::bytes(super::media::png()).file_name("../../a.png"),
    );
    let (status, changed) = read(
        request(&ana, Method::PATCH, &path)
            .multipart(form)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (status, &changed["address"]),
        (StatusCode::OK, &json!("Rua Nova 1")),
        "{changed}"
    );
    let url = changed["profile_picture"].as_str().unwrap().to_owned();
    let answer = super::media::fetch(&on, &url).await;
    assert_eq!((answer.0, answer.1.as_str()), (StatusCode::OK, "image/png"));

    let form = Form::new().part(
        "profile_picture",
        Part::bytes(b"<svg/>".to_vec()).file_name("a.png"),
    );
    let (status, errors) = read(
        request(&ana, Method::PATCH, &path)
            .multipart(form)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (status, errors["profile_picture"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );

    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        get(&ana, "/api/user/profiles/me/").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        super::media::fetch(&on, &url).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, made) = post(&ana, "/api/user/profiles/", json!({ "bio": "Back." })).await;
    assert_eq!(
        (status, &made["bio"]),
        (StatusCode::CREATED, &json!("Back."))
    );
    assert_eq!(
        post(&ana, "/api/user/profiles/", json!({})).await.0,
        StatusCode::BAD_REQUEST
    );
}

async fn staff_make_an_account_by_making_its_profile(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (status, errors) = post(&rosa, "/api/user/profiles/", json!({ "username": "cai" })).await;
    assert_eq!(
        (status, errors["email"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
    // A fault anywhere leaves no half-made account behind.
    let faulty =
        json!({ "username": "cai", "email": "cai@example.org", "date_of_birth": "2999-01-01" });
    let (status, errors) = post(&rosa, "/api/user/profiles/", faulty).await;
    assert_eq!(
        (status, errors["date_of_birth"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
    let body = json!({ "username": "cai", "email": "cai@example.org", "first_name": "Cai", "address": "Hill 2" });
    let (status, made) = post(&rosa, "/api/user/profiles/", body.clone()).await;
    assert_eq!(
        (status, &made["user"]["username"]),
        (StatusCode::CREATED, &json!("cai")),
        "{made}"
    );
    assert_eq!(made["address"], "Hill 2");
    // Nobody knows a password for it yet.
    let (status, _) = post(
        &on.anonymous(),
        "/api/user/login/",
        json!({"username": "cai", "password": ""}),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        post(&rosa, "/api/user/profiles/", body).await.0,
        StatusCode::BAD_REQUEST
    );
}

async fn a_receptionist_may_not_touch_an_admins_sign_in(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    let (_, own) = get(&ada, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    for change in [
        json!({ "email": "mine@example.org" }),
        json!({ "username": "owned" }),
    ] {
        assert_eq!(
            send(&rosa, Method::PATCH, &path, change).await.0,
            StatusCode::FORBIDDEN
        );
    }
    // A patient's e-mail staff may correct; that ends the patient's sessions.
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    let (status, changed) = send(
        &rosa,
        Method::PATCH,
        &path,
        json!({ "email": "ana@new.example" }),
    )
    .await;
    assert_eq!(
        (status, &changed["user"]["email"]),
        (StatusCode::OK, &json!("ana@new.example"))
    );
    assert_eq!(
        get(&ana, "/api/user/profiles/me/").await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn ones_own_new_mail_is_not_taken_without_a_code(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    let (status, changed) = send(
        &ana,
        Method::PATCH,
        &path,
        json!({ "email": "x@example.org" }),
    )
    .await;
    assert_eq!(
        (status, &changed["user"]["email"]),
        (StatusCode::OK, &json!("ana@example.org"))
    );
}
