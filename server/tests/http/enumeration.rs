//! Nobody learns who has an account here: bodies are the same and times are alike (API.md §2).
//!
//! The times are printed, and compared with much room: an answer that came twice as fast because a
//! hash was not computed would be found, a noisy machine is not.

use std::time::{Duration, Instant};

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::{PASSWORD, TestServer, post};

on_both_databases! {
    known_and_unknown_get_the_same_bodies,
    known_and_unknown_take_the_same_time,
}

const SAMPLES: usize = 200;

/// What can be asked about an address without knowing its secret.
const QUESTIONS: [(&str, &str); 8] = [
    ("/v1/api/user/login/", "login"),
    ("/api/user/login/", "classic"),
    ("/v1/api/user/login/otp/verify/", "otp"),
    ("/v1/api/user/login/otp/resend/", "email"),
    ("/v1/api/user/account/activate/", "otp"),
    ("/v1/api/user/account/activate/otp/resend/", "email"),
    ("/v1/api/user/forget-password/", "email"),
    ("/v1/api/user/forget-password/confirm/", "reset"),
];

fn body(kind: &str, email: &str) -> Value {
    match kind {
        "login" => json!({ "email": email, "password": "not the password" }),
        "classic" => json!({ "username": email, "password": "not the password" }),
        "otp" => json!({ "email": email, "otp": "000000" }),
        "reset" => json!({
            "email": email, "otp": "000000", "new_password": "a fine new passphrase",
        }),
        _ => json!({ "email": email }),
    }
}

async fn known_and_unknown_get_the_same_bodies(db: TestDb) {
    let on = TestServer::start(db).await;
    on.account(Role::Receptionist, "rosa").await;
    for (path, kind) in QUESTIONS {
        let client = on.anonymous();
        let (known, unknown) = (
            post(&client, path, body(kind, "rosa@example.org")).await,
            post(&client, path, body(kind, "nobody@example.org")).await,
        );
        assert_eq!(known, unknown, "{path}");
    }
    let register = |email: &str| json!({ "email": email, "password": "Pass1234" });
    let path = "/v1/api/user/register/";
    let known = post(&on.anonymous(), path, register("rosa@example.org")).await;
    let unknown = post(&on.anonymous(), path, register("nobody@example.org")).await;
    assert_eq!(
        (known.0, unknown.0),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(
        known.1.to_string().replace("rosa", "X"),
        unknown.1.to_string().replace("nobody", "X")
    );
    on.anonymous().sign_in("rosa", PASSWORD).await.unwrap();
}

async fn known_and_unknown_take_the_same_time(db: TestDb) {
    let on = TestServer::start(db).await;
    for at in 0..SAMPLES {
        on.account(Role::Patient, &format!("known{at}")).await;
    }
    let client = on.anonymous();
    for (path, kind) in QUESTIONS {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        // In turn, so that both meet the same noise.
        for at in 0..SAMPLES {
            let address = |who: &str| format!("{who}{at}@example.org");
            known.push(took(&client, path, body(kind, &address("known"))).await);
            unknown.push(took(&client, path, body(kind, &address("nobody"))).await);
        }
        let (known, unknown) = (median(known), median(unknown));
        let ratio = known.as_secs_f64() / unknown.as_secs_f64();
        println!("{path}: known {known:?}, unknown {unknown:?}, ratio {ratio:.2}");
        assert!(
            (0.4..2.5).contains(&ratio),
            "{path}: {known:?} against {unknown:?}"
        );
    }
}

async fn took(client: &Client, path: &str, body: Value) -> Duration {
    let start = Instant::now();
    post(client, path, body).await;
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
