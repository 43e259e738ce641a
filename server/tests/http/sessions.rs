//! What ends a session, and that its tokens stop at the next request (API.md §2).

use std::sync::Arc;

use clinic_server::clinic::{Actor, accounts};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{TestServer, get, post};

on_both! {
    each_ending_stops_access_and_refresh_at_the_next_request,
    signing_out_needs_only_the_refresh_token_and_twice_is_fine,
    access_tokens_run_out_and_sessions_too_whatever_is_refreshed,
    what_one_server_ends_the_other_refuses,
    the_check_costs_no_statement_once_known,
}

const STOPPED: (StatusCode, StatusCode) = (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED);

async fn each_ending_stops_access_and_refresh_at_the_next_request(on: TestServer) {
    let clinic = &on.server.clinic;
    let operator = Actor::nobody(None);
    for ending in ["logout", "disable", "role", "password"] {
        let name = format!("user-{ending}");
        let client = on.sign_in(Role::Doctor, &name).await;
        assert_eq!(
            get(&client, "/api/user/profiles/me/").await.0,
            StatusCode::OK
        );
        match ending {
            "logout" => {
                let refresh = client.tokens().unwrap().refresh;
                let body = json!({ "refresh": refresh });
                assert_eq!(
                    post(&on.anonymous(), "/api/user/logout/", body).await.0,
                    StatusCode::OK
                );
            }
            "disable" => accounts::set_active(clinic, &operator, &name, false)
                .await
                .unwrap(),
            "role" => accounts::set_role(clinic, &operator, &name, Role::Patient)
                .await
                .unwrap(),
            _ => accounts::set_password(clinic, &operator, &name, "another passphrase")
                .await
                .unwrap(),
        }
        // A bad bearer is 401 on public endpoints too, so refresh is asked without one.
        let (access, _) = get(&client, "/api/user/profiles/me/").await;
        let body = json!({ "refresh": client.tokens().unwrap().refresh });
        let (refresh, _) = post(&on.anonymous(), "/api/user/token/refresh/", body).await;
        assert_eq!((access, refresh), STOPPED, "{ending}");
    }
}

async fn signing_out_needs_only_the_refresh_token_and_twice_is_fine(on: TestServer) {
    let client = on.sign_in(Role::Patient, "ana").await;
    let tokens = client.tokens().unwrap();
    for _ in 0..2 {
        let body = json!({ "refresh": tokens.refresh });
        let (status, body) = post(&on.anonymous(), "/api/user/logout/", body).await;
        assert_eq!(
            (status, body["message"].is_string()),
            (StatusCode::OK, true)
        );
    }
    for wrong in [tokens.access.as_str(), "rubbish"] {
        let (status, _) = post(
            &on.anonymous(),
            "/api/user/logout/",
            json!({ "refresh": wrong }),
        )
        .await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
}

async fn access_tokens_run_out_and_sessions_too_whatever_is_refreshed(on: TestServer) {
    let client = on.sign_in(Role::Receptionist, "rosa").await;
    on.wait(5 * 60);
    assert_eq!(
        get(&client, "/v1/api/user/me/").await.0,
        StatusCode::UNAUTHORIZED
    );
    // The typed client refreshes by itself.
    client.me().await.unwrap();
    // Staff sessions end 16 hours after sign-in.
    on.wait(16 * 3600);
    assert_eq!(
        client.me().await,
        Err(clinic_shared::client::Error::SignedOut)
    );
}

async fn what_one_server_ends_the_other_refuses(on: TestServer) {
    let second = on.second().await;
    let client = on.sign_in(Role::Receptionist, "rosa").await;
    let there = Client::new(&second.url()).unwrap();
    there.set_tokens(client.tokens());
    // Known to both caches.
    there.me().await.unwrap();
    client.me().await.unwrap();
    client.sign_out().await.unwrap();
    // SQLite: at once. PostgreSQL: as soon as the word has come, a few milliseconds.
    let mut answers = Vec::new();
    for _ in 0..100 {
        let answer = get(&there, "/v1/api/user/me/").await.0;
        if answer == StatusCode::UNAUTHORIZED {
            second.shutdown().await;
            return;
        }
        answers.push(answer);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the other server honours an ended session after 2 s: {answers:?}");
}

async fn the_check_costs_no_statement_once_known(on: TestServer) {
    let client = on.sign_in(Role::Receptionist, "rosa").await;
    let clinic = &on.server.clinic;
    // On PostgreSQL the cache is believed once the listener has its connection.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let recorder = Arc::new(Recorder::new());
    let sessions = clinic.sessions.recorded(&recorder);
    let bearer = client.tokens().unwrap().access;
    let now = clinic.clock.now();
    for _ in 0..10 {
        sessions.authenticate(&bearer, now).await.unwrap();
    }
    assert!(recorder.texts().len() <= 1, "{:?}", recorder.texts());
}
