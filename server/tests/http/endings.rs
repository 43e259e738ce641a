//! Whatever ends a session ends its access and its refresh token at the next request, on both
//! families (API.md §2).

use clinic_server::clinic::{Actor, accounts};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::desk::users::UserChange;
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, post, send};

on_both! {
    every_ending_stops_both_tokens_of_both_families,
    changing_the_password_keeps_this_session_and_ends_the_others,
}

const ENDINGS: [&str; 8] = [
    "logout",
    "reset",
    "disable",
    "role",
    "revoke all",
    "revoke one",
    "operator",
    "e-mail",
];

/// Signs in by a family; answers the client and the path where its family refreshes.
async fn signed_in(on: &TestServer, family: &str, name: &str) -> (Client, &'static str) {
    let client = on.anonymous();
    match family {
        "classic" => {
            client.sign_in(name, PASSWORD).await.unwrap();
            (client, "/api/user/token/refresh/")
        }
        _ => {
            let email = format!("{name}@example.org");
            client.sign_in_v1(&email, PASSWORD).await.unwrap();
            (client, "/v1/api/user/token/refresh/")
        }
    }
}

async fn every_ending_stops_both_tokens_of_both_families(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    for family in ["classic", "v1"] {
        for ending in ENDINGS {
            let name = format!("{family}-{}", ending.replace(' ', "-"));
            let account = on.account(Role::Doctor, &name).await;
            let (client, refresh) = signed_in(&on, family, &name).await;
            assert_eq!(get(&client, "/v1/api/user/me/").await.0, StatusCode::OK);
            end(&on, &admin, &client, (ending, &name, account.uid)).await;
            let access = get(&client, "/v1/api/user/me/").await.0;
            let body = json!({ "refresh": client.tokens().unwrap().refresh });
            let refresh = post(&on.anonymous(), refresh, body).await.0;
            assert_eq!(
                (access, refresh),
                (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED),
                "{family}, {ending}"
            );
        }
    }
}

async fn end(
    on: &TestServer,
    admin: &Client,
    client: &Client,
    (ending, name, id): (&str, &str, uuid::Uuid),
) {
    let change = match ending {
        "disable" => UserChange {
            is_active: Some(false),
            ..UserChange::default()
        },
        "role" => UserChange {
            role: Some(Role::Patient),
            ..UserChange::default()
        },
        "e-mail" => UserChange {
            email: Some(format!("{name}@elsewhere.example")),
            ..UserChange::default()
        },
        _ => UserChange::default(),
    };
    match ending {
        "logout" => {
            let body = json!({ "refresh": client.tokens().unwrap().refresh });
            assert_eq!(
                post(&on.anonymous(), "/v1/api/user/logout/", body).await.0,
                StatusCode::OK
            );
        }
        "reset" => {
            let email = format!("{name}@example.org");
            on.anonymous().forgot_password(&email).await.unwrap();
            let code = on.code_to(&email).await;
            on.anonymous()
                .reset_password(&email, &code, "a fine new passphrase")
                .await
                .unwrap();
        }
        "revoke all" => admin.end_user_sessions(id).await.unwrap(),
        "revoke one" => {
            let own = client.sessions().await.unwrap();
            let current = own.iter().find(|session| session.is_current).unwrap();
            let path = format!("/v1/api/user/sessions/{}/", current.id);
            assert_eq!(
                send(client, Method::DELETE, &path, json!({})).await.0,
                StatusCode::NO_CONTENT
            );
        }
        "operator" => {
            let nobody = Actor::nobody(None);
            let new = "another passphrase";
            accounts::set_password(&on.server.clinic, &nobody, name, new)
                .await
                .unwrap();
        }
        _ => {
            admin.change_user(id, &change, None).await.unwrap();
        }
    }
}

async fn changing_the_password_keeps_this_session_and_ends_the_others(on: TestServer) {
    for family in ["classic", "v1"] {
        let name = format!("{family}-own");
        on.account(Role::Receptionist, &name).await;
        let (here, _) = signed_in(&on, family, &name).await;
        let mut others = Vec::new();
        for other in ["classic", "v1"] {
            others.push(signed_in(&on, other, &name).await);
        }
        here.change_password(PASSWORD, "a fine new passphrase")
            .await
            .unwrap();
        here.me().await.unwrap();
        for (other, refresh) in others {
            assert_eq!(
                get(&other, "/v1/api/user/me/").await.0,
                StatusCode::UNAUTHORIZED
            );
            let body = json!({ "refresh": other.tokens().unwrap().refresh });
            let answer = post(&on.anonymous(), refresh, body).await.0;
            assert_eq!(answer, StatusCode::UNAUTHORIZED);
        }
    }
}
