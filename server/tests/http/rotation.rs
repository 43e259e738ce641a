//! v1's rotating refresh tokens (API.md §2), and that neither family takes forged tokens or the
//! other's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use clinic_shared::Role;
use clinic_shared::classic::accounts::Tokens;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, post};

on_both! {
    a_lost_answer_gets_the_same_pair_again,
    after_the_new_pair_was_used_the_old_token_is_a_replay,
    after_ten_seconds_the_old_token_is_a_replay,
    an_older_token_is_a_replay_whatever_the_time,
    twenty_at_once_get_one_pair,
    the_families_do_not_refresh_each_other,
    forged_tokens_are_refused_by_both_families,
    rotation_does_not_prolong_the_session,
    another_server_rotates_the_same_session,
}

const V1: &str = "/v1/api/user/token/refresh/";
const CLASSIC: &str = "/api/user/token/refresh/";

async fn v1(on: &TestServer, username: &str) -> Client {
    on.account(Role::Receptionist, username).await;
    let client = on.anonymous();
    let email = format!("{username}@example.org");
    client.sign_in_v1(&email, PASSWORD).await.unwrap();
    client
}

async fn refresh(on: &TestServer, refresh: &str) -> (StatusCode, Value) {
    post(&on.anonymous(), V1, json!({ "refresh": refresh })).await
}

async fn refreshed(on: &TestServer, token: &str) -> Tokens {
    let (status, body) = refresh(on, token).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    serde_json::from_value(body).unwrap()
}

async fn works(on: &TestServer, access: &str) -> bool {
    let client = on.anonymous();
    client.set_tokens(Some(Tokens {
        access: access.to_owned(),
        refresh: String::new(),
    }));
    get(&client, "/v1/api/user/me/").await.0 == StatusCode::OK
}

async fn a_lost_answer_gets_the_same_pair_again(on: TestServer) {
    let old = v1(&on, "rosa").await.tokens().unwrap();
    let first = refreshed(&on, &old.refresh).await;
    on.wait(9);
    let again = refreshed(&on, &old.refresh).await;
    assert!(first == again, "the very same tokens");
    // The access token of before still works: its session stands.
    assert!(works(&on, &old.access).await);
    let again = refreshed(&on, &old.refresh).await;
    assert!(first == again, "its use says nothing of the new pair");
    assert!(works(&on, &first.access).await);
}

async fn after_the_new_pair_was_used_the_old_token_is_a_replay(on: TestServer) {
    let old = v1(&on, "rosa").await.tokens().unwrap();
    let new = refreshed(&on, &old.refresh).await;
    assert!(works(&on, &new.access).await);
    let (status, body) = refresh(&on, &old.refresh).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::UNAUTHORIZED, &json!("token_not_valid"))
    );
    // Somebody has a copy: both tokens of the session are dead.
    assert!(!works(&on, &new.access).await);
    assert_eq!(refresh(&on, &new.refresh).await.0, StatusCode::UNAUTHORIZED);
    let actions: Vec<String> = on.audit(5).await.into_iter().map(|row| row.1).collect();
    assert!(
        actions.contains(&"replayed_token".to_owned()),
        "{actions:?}"
    );
}

async fn after_ten_seconds_the_old_token_is_a_replay(on: TestServer) {
    let old = v1(&on, "rosa").await.tokens().unwrap();
    let new = refreshed(&on, &old.refresh).await;
    on.wait(10);
    assert_eq!(refresh(&on, &old.refresh).await.0, StatusCode::UNAUTHORIZED);
    assert!(!works(&on, &new.access).await);
}

async fn an_older_token_is_a_replay_whatever_the_time(on: TestServer) {
    let first = v1(&on, "rosa").await.tokens().unwrap();
    let second = refreshed(&on, &first.refresh).await;
    let third = refreshed(&on, &second.refresh).await;
    assert_eq!(
        refresh(&on, &first.refresh).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert!(!works(&on, &third.access).await);
}

async fn twenty_at_once_get_one_pair(on: TestServer) {
    let old = v1(&on, "rosa").await.tokens().unwrap();
    let url = on.server.url();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (url, body) = (url.clone(), json!({ "refresh": old.refresh }));
            tokio::spawn(async move { post(&Client::new(&url).unwrap(), V1, body).await })
        })
        .collect();
    let mut pairs = Vec::new();
    for task in tasks {
        let (status, body) = task.await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        pairs.push(body);
    }
    assert!(pairs.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(works(&on, pairs[0]["access"].as_str().unwrap()).await);
}

async fn the_families_do_not_refresh_each_other(on: TestServer) {
    let new = v1(&on, "rosa").await.tokens().unwrap();
    let classic = on.signed_in("rosa").await.tokens().unwrap();
    for (path, token) in [(V1, &classic.refresh), (CLASSIC, &new.refresh)] {
        let (status, _) = post(&on.anonymous(), path, json!({ "refresh": token })).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // Asking at the wrong door ends nothing.
    refreshed(&on, &new.refresh).await;
    let body = json!({ "refresh": classic.refresh });
    assert_eq!(post(&on.anonymous(), CLASSIC, body).await.0, StatusCode::OK);
}

/// A JWT with a header and a payload of the forger's choice, signed with this key by HS256.
fn forged(header: &Value, payload: &Value, key: &[u8]) -> String {
    use aws_lc_rs::hmac;
    let text = format!(
        "{}.{}",
        BASE64.encode(header.to_string()),
        BASE64.encode(payload.to_string())
    );
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
    format!("{text}.{}", BASE64.encode(signature))
}

fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
}

async fn forged_tokens_are_refused_by_both_families(on: TestServer) {
    let real = b"a key for tests only, of more than 32 bytes";
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let new = v1(&on, "rosa").await.tokens().unwrap();
    let classic = on.signed_in("rosa").await.tokens().unwrap();
    for (family, tokens, refresh_path) in [("v1", new, V1), ("classic", classic, CLASSIC)] {
        let (access, refresh) = (payload(&tokens.access), payload(&tokens.refresh));
        let with = |claims: &Value, field: &str, value: Value| {
            let mut claims = claims.clone();
            claims[field] = value;
            claims
        };
        // The forger's tool itself makes a token that is taken: the refusals below mean something.
        assert!(
            works(&on, &forged(&header, &access, real)).await,
            "{family}"
        );
        let now = on.clock.now().timestamp();
        let forge = |claims: &Value| {
            let none = json!({ "alg": "none", "typ": "JWT" });
            let unsigned = format!(
                "{}.{}.",
                BASE64.encode(none.to_string()),
                BASE64.encode(claims.to_string())
            );
            vec![
                ("none", unsigned),
                ("none, signed", forged(&none, claims, real)),
                (
                    "HS384 by name",
                    forged(&json!({ "alg": "HS384" }), claims, real),
                ),
                (
                    "RS256 by name",
                    forged(&json!({ "alg": "RS256" }), claims, real),
                ),
                (
                    "another key",
                    forged(&header, claims, b"another key of more than 32 bytes!!"),
                ),
                ("empty key", forged(&header, claims, b"")),
                (
                    "another audience",
                    forged(&header, &with(claims, "aud", json!("billing")), real),
                ),
                (
                    "another issuer",
                    forged(&header, &with(claims, "iss", json!("billing")), real),
                ),
                (
                    "expired",
                    forged(&header, &with(claims, "exp", json!(now)), real),
                ),
                (
                    "an unknown session",
                    forged(
                        &header,
                        &with(claims, "sid", json!(uuid::Uuid::nil())),
                        real,
                    ),
                ),
                (
                    "another account",
                    forged(
                        &header,
                        &with(claims, "sub", json!(uuid::Uuid::nil())),
                        real,
                    ),
                ),
            ]
        };
        for (what, token) in forge(&access) {
            assert!(!works(&on, &token).await, "{family} access: {what}");
        }
        assert!(!works(&on, &tokens.refresh).await, "{family}: wrong type");
        let mut refreshes = forge(&refresh);
        refreshes.push(("wrong type", tokens.access.clone()));
        for (what, token) in refreshes {
            let body = json!({ "refresh": token });
            let (status, _) = post(&on.anonymous(), refresh_path, body).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{family} refresh: {what}");
        }
        assert!(
            works(&on, &tokens.access).await,
            "{family}: the real one stands"
        );
        let body = json!({ "refresh": tokens.refresh });
        let (status, _) = post(&on.anonymous(), refresh_path, body).await;
        assert_eq!(status, StatusCode::OK, "{family}");
    }
}

async fn rotation_does_not_prolong_the_session(on: TestServer) {
    let mut tokens = v1(&on, "rosa").await.tokens().unwrap();
    for _ in 0..15 {
        on.wait(3600);
        tokens = refreshed(&on, &tokens.refresh).await;
    }
    on.wait(3599);
    tokens = refreshed(&on, &tokens.refresh).await;
    on.wait(1);
    assert!(!works(&on, &tokens.access).await);
    assert_eq!(
        refresh(&on, &tokens.refresh).await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn another_server_rotates_the_same_session(on: TestServer) {
    let second = on.second().await;
    let there = Client::new(&second.url()).unwrap();
    let here = v1(&on, "rosa").await;
    let old = here.tokens().unwrap();
    // Known to both caches.
    there.set_tokens(Some(old.clone()));
    here.me().await.unwrap();
    there.me().await.unwrap();
    on.wait(60);
    let (_, body) = post(&on.anonymous(), V1, json!({ "refresh": old.refresh })).await;
    let new: Tokens = serde_json::from_value(body).unwrap();
    // The other server has never heard of the new pair, takes it, and notes that it was used.
    there.set_tokens(Some(new.clone()));
    there.me().await.unwrap();
    assert_eq!(refresh(&on, &old.refresh).await.0, StatusCode::UNAUTHORIZED);
    second.shutdown().await;
}
