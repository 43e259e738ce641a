//! `/api/user/register|login|logout|token/refresh/` and passwords (API.md §2, §3).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, post, send};

on_both! {
    registering_makes_account_profile_and_patient_and_signs_in,
    every_faulty_field_is_told_at_once,
    names_and_mails_are_unique_whatever_their_case,
    a_name_with_an_at_must_be_the_accounts_own_mail,
    the_documents_password_registers_and_weak_ones_do_not,
    wrong_unknown_and_disabled_answer_alike,
    refreshing_gives_an_access_token_and_only_that,
    changing_the_password_ends_the_other_sessions,
    an_unverified_patient_is_kept_out_of_v1,
    who_mistyped_the_address_proves_the_right_one,
    the_last_admin_stays,
}

fn form(username: &str) -> Value {
    json!({
        "username": username, "first_name": "Ana", "last_name": "Sousa",
        "email": format!("{username}@example.org"),
        "password": "Pass1234", "confirm_password": "Pass1234",
    })
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

async fn registering_makes_account_profile_and_patient_and_signs_in(on: TestServer) {
    let client = on.anonymous();
    let (status, body) = post(&client, "/api/user/register/", form("ana")).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(keys(&body), ["message", "tokens", "user"]);
    assert_eq!(keys(&body["tokens"]), ["access", "refresh"]);
    assert_eq!(
        keys(&body["user"]),
        [
            "date_joined",
            "email",
            "first_name",
            "id",
            "is_active",
            "is_staff",
            "last_name",
            "username"
        ]
    );
    assert_eq!(body["user"]["is_staff"], false);

    client.sign_in("ANA", "Pass1234").await.unwrap();
    let (status, profile) = get(&client, "/api/user/profiles/me/").await;
    assert_eq!(
        (status, &profile["user"]["username"]),
        (StatusCode::OK, &json!("ana"))
    );
    let (_, patients) = get(&client, "/patients/").await;
    assert_eq!(patients["results"][0]["user"], "Ana Sousa");
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let body = json!({
        "username": "no spaces", "email": "nowhere", "password": "short",
        "confirm_password": "other",
    });
    let (status, errors) = post(&on.anonymous(), "/api/user/register/", body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&errors),
        ["email", "non_field_errors", "password", "username"],
        "{errors}"
    );
    let body = json!({
        "username": "a b", "email": "bad", "password": "x", "confirm_password": "x",
        "first_name": "z".repeat(200),
    });
    let (_, errors) = post(&on.anonymous(), "/api/user/register/", body).await;
    assert_eq!(
        keys(&errors),
        ["email", "first_name", "password", "username"],
        "{errors}"
    );

    let (status, errors) = post(&on.anonymous(), "/api/user/register/", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(errors["username"], json!(["This field is required."]));
    assert_eq!(
        keys(&errors),
        ["confirm_password", "email", "password", "username"]
    );
}

async fn names_and_mails_are_unique_whatever_their_case(on: TestServer) {
    post(&on.anonymous(), "/api/user/register/", form("ana")).await;
    let again = json!({
        "username": "Ana", "email": "ANA@example.org", "password": "Pass1234",
        "confirm_password": "Pass1234",
    });
    let (status, errors) = post(&on.anonymous(), "/api/user/register/", again).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(keys(&errors), ["email", "username"], "{errors}");
}

async fn a_name_with_an_at_must_be_the_accounts_own_mail(on: TestServer) {
    let mut squatter = form("ana");
    squatter["username"] = json!("boss@example.org");
    let (status, errors) = post(&on.anonymous(), "/api/user/register/", squatter).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["username"])
    );

    let mut own = form("ana");
    own["username"] = json!("Ana@example.org");
    let (status, body) = post(&on.anonymous(), "/api/user/register/", own).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

async fn the_documents_password_registers_and_weak_ones_do_not(on: TestServer) {
    for weak in ["password1", "ana@example.org", "1234567", &"x".repeat(257)] {
        let mut body = form("ana");
        body["password"] = json!(weak);
        body["confirm_password"] = json!(weak);
        let (status, errors) = post(&on.anonymous(), "/api/user/register/", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{weak}");
        assert!(errors.get("password").is_some(), "{weak}: {errors}");
    }
    let (status, _) = post(&on.anonymous(), "/api/user/register/", form("ana")).await;
    assert_eq!(status, StatusCode::CREATED);
}

async fn wrong_unknown_and_disabled_answer_alike(on: TestServer) {
    on.account(Role::Receptionist, "rosa").await;
    on.account(Role::Receptionist, "gone").await;
    disable(&on, "gone").await;
    let mut answers = Vec::new();
    for (name, password) in [("rosa", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)] {
        let body = json!({ "username": name, "password": password });
        let answer = on
            .anonymous()
            .request(
                clinic_shared::client::reqwest::Method::POST,
                "/api/user/login/",
            )
            .unwrap()
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{name}");
        assert!(answer.headers().contains_key("www-authenticate"));
        answers.push(answer.text().await.unwrap());
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    let refused = on.audit(3).await;
    assert!(
        refused.iter().all(|(kind, action, outcome)| {
            (kind.as_str(), action.as_str(), outcome.as_str()) == ("access", "sign_in", "refused")
        }),
        "{refused:?}"
    );
}

async fn refreshing_gives_an_access_token_and_only_that(on: TestServer) {
    let client = on.sign_in(Role::Receptionist, "rosa").await;
    let tokens = client.tokens().unwrap();
    let (status, body) = post(
        &on.anonymous(),
        "/api/user/token/refresh/",
        json!({ "refresh": tokens.refresh }),
    )
    .await;
    assert_eq!((status, keys(&body)), (StatusCode::OK, vec!["access"]));
    for wrong in [tokens.access.as_str(), "rubbish"] {
        let (status, body) = post(
            &on.anonymous(),
            "/api/user/token/refresh/",
            json!({ "refresh": wrong }),
        )
        .await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            (keys(&body), &body["code"]),
            (vec!["code", "detail"], &json!("token_not_valid"))
        );
    }
}

async fn changing_the_password_ends_the_other_sessions(on: TestServer) {
    let here = on.sign_in(Role::Receptionist, "rosa").await;
    let there = on.anonymous();
    there.sign_in("rosa", PASSWORD).await.unwrap();

    let wrong = json!({ "old_password": "not it", "new_password": "short" });
    let (status, body) = post(&here, "/v1/api/user/change-password/", wrong).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        ["new_password", "old_password"],
        "{body}"
    );

    here.change_password(PASSWORD, "a fine new passphrase")
        .await
        .unwrap();
    here.me().await.unwrap();
    assert_eq!(
        there.me().await,
        Err(clinic_shared::client::Error::SignedOut)
    );
    there
        .sign_in("rosa", "a fine new passphrase")
        .await
        .unwrap();
}

async fn who_mistyped_the_address_proves_the_right_one(on: TestServer) {
    let client = on.anonymous();
    let mut body = form("ana");
    body["email"] = json!("anna@example.org");
    assert_eq!(
        post(&client, "/api/user/register/", body).await.0,
        StatusCode::CREATED
    );
    client.sign_in("ana", "Pass1234").await.unwrap();
    on.wait(61);
    let (_, me) = get(&client, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", me["id"]);
    let right = json!({ "email": "ana@example.org" });
    let (status, body) = send(&client, Method::PATCH, &path, right).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let code = on.code_to("ana@example.org").await;
    let proof = json!({ "otp": code, "password": "Pass1234" });
    let (status, body) = post(&client, "/v1/api/user/me/email/confirm/", proof).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (status, me) = get(&client, "/v1/api/user/me/").await;
    assert_eq!(
        (status, &me["email"]),
        (StatusCode::OK, &json!("ana@example.org"))
    );
}

async fn an_unverified_patient_is_kept_out_of_v1(on: TestServer) {
    let client = on.anonymous();
    post(&client, "/api/user/register/", form("ana")).await;
    client.sign_in("ana", "Pass1234").await.unwrap();
    let (status, body) = get(&client, "/v1/api/user/me/").await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::FORBIDDEN, &json!("account_not_verified"))
    );
}

async fn the_last_admin_stays(on: TestServer) {
    use clinic_server::clinic::{Actor, Refusal, accounts};
    on.account(Role::Admin, "ada").await;
    on.account(Role::Admin, "bea").await;
    let clinic = &on.server.clinic;
    let nobody = Actor::nobody(None);
    let (one, two) = tokio::join!(
        accounts::set_active(clinic, &nobody, "ada", false),
        accounts::set_role(clinic, &nobody, "bea", Role::Patient),
    );
    assert!(
        one.is_ok() != two.is_ok(),
        "exactly one of two at once: {one:?} {two:?}"
    );
    let refused = one.err().or(two.err()).unwrap();
    assert!(matches!(
        refused,
        Refusal::Conflict {
            code: "last_admin",
            ..
        }
    ));
}

async fn disable(on: &TestServer, name: &str) {
    use clinic_server::clinic::{Actor, accounts};
    let nobody = Actor::nobody(None);
    accounts::set_active(&on.server.clinic, &nobody, name, false)
        .await
        .unwrap();
}
