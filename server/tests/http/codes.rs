//! One-time codes under pressure: races, wrong tries, restarts, lifetimes, and that none is ever
//! kept in clear (API.md §2).

use std::sync::Arc;

use clinic_server::Server;
use clinic_server::clinic::Actor;
use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, post, status};

on_both! {
    of_fifty_who_enter_one_code_at_once_one_succeeds,
    five_wrong_tries_void_a_code_also_over_a_restart,
    fifty_wrong_tries_at_once_are_five,
    a_code_is_good_for_five_minutes,
    codes_are_mailed_once_a_minute_and_six_times_an_hour,
    a_new_code_voids_the_old_one,
    a_code_is_good_for_its_purpose_and_account_only,
    codes_stand_nowhere_in_clear,
    a_code_survives_a_restart_between_asking_and_mailing,
}

const ROSA: &str = "rosa@example.org";
const RESET: &str = "/v1/api/user/forget-password/confirm/";

async fn asked(on: &TestServer) -> String {
    on.account(Role::Receptionist, "rosa").await;
    on.anonymous().forgot_password(ROSA).await.unwrap();
    on.code_to(ROSA).await
}

/// A code that is not this one.
fn other(code: &str, by: u32) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + by) % 1_000_000)
}

async fn enter(client: &Client, code: &str) -> StatusCode {
    let body = json!({ "email": ROSA, "otp": code, "new_password": "a fine new passphrase" });
    post(client, RESET, body).await.0
}

async fn of_fifty_who_enter_one_code_at_once_one_succeeds(on: TestServer) {
    let code = Arc::new(asked(&on).await);
    let second = on.second().await;
    let urls = [on.server.url(), second.url()];
    let tasks: Vec<_> = (0..50)
        .map(|at| {
            let (client, code) = (Client::new(&urls[at % 2]).unwrap(), Arc::clone(&code));
            tokio::spawn(async move { enter(&client, &code).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!(
        (count(StatusCode::OK), count(StatusCode::BAD_REQUEST)),
        (1, 49),
        "{answers:?}"
    );
    second.shutdown().await;
}

async fn five_wrong_tries_void_a_code_also_over_a_restart(on: TestServer) {
    let code = asked(&on).await;
    for by in 1..=3 {
        assert_eq!(
            enter(&on.anonymous(), &other(&code, by)).await,
            StatusCode::BAD_REQUEST
        );
    }
    // Another process, as after a restart.
    let restarted: Server = on.second().await;
    let client = Client::new(&restarted.url()).unwrap();
    for by in 4..=5 {
        assert_eq!(
            enter(&client, &other(&code, by)).await,
            StatusCode::BAD_REQUEST
        );
    }
    assert_eq!(
        enter(&client, &code).await,
        StatusCode::BAD_REQUEST,
        "right, but too late"
    );
    restarted.shutdown().await;
    on.wait(61);
    on.anonymous().forgot_password(ROSA).await.unwrap();
    let new = on.code_to(ROSA).await;
    assert_eq!(
        enter(&on.anonymous(), &new).await,
        StatusCode::OK,
        "a new one is good"
    );
}

async fn fifty_wrong_tries_at_once_are_five(on: TestServer) {
    let code = asked(&on).await;
    let url = on.server.url();
    let tasks: Vec<_> = (1..=50)
        .map(|by| {
            let (client, wrong) = (Client::new(&url).unwrap(), other(&code, by));
            tokio::spawn(async move { enter(&client, &wrong).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(enter(&on.anonymous(), &code).await, StatusCode::BAD_REQUEST);
}

async fn a_code_is_good_for_five_minutes(on: TestServer) {
    let code = asked(&on).await;
    on.wait(5 * 60);
    assert_eq!(enter(&on.anonymous(), &code).await, StatusCode::BAD_REQUEST);
    on.anonymous().forgot_password(ROSA).await.unwrap();
    let code = on.code_to(ROSA).await;
    on.wait(5 * 60 - 1);
    assert_eq!(enter(&on.anonymous(), &code).await, StatusCode::OK);
}

async fn codes_are_mailed_once_a_minute_and_six_times_an_hour(on: TestServer) {
    on.account(Role::Receptionist, "rosa").await;
    let client = on.anonymous();
    let ask = async |way: usize| match way % 3 {
        0 => client.forgot_password(ROSA).await.unwrap(),
        1 => client.forgot_password("ROSA@example.org").await.unwrap(),
        _ => {
            let body = json!({ "email": ROSA });
            let path = "/v1/api/user/forget-password/otp/resend/";
            assert_eq!(post(&client, path, body).await.0, StatusCode::OK);
        }
    };
    for way in 0..3 {
        ask(way).await;
    }
    assert_eq!(
        on.mails_to(ROSA).await.len(),
        1,
        "once a minute, whatever the way"
    );
    for minute in 2..=20 {
        on.wait(60);
        ask(minute).await;
        let mailed = on.mails_to(ROSA).await.len();
        assert_eq!(mailed, minute.min(6), "six an hour");
    }
    on.wait(41 * 60);
    ask(0).await;
    assert_eq!(on.mails_to(ROSA).await.len(), 7, "an hour after the first");
}

async fn a_new_code_voids_the_old_one(on: TestServer) {
    let old = asked(&on).await;
    on.wait(61);
    on.anonymous().forgot_password(ROSA).await.unwrap();
    // Void as soon as the new one is asked for, not only when it arrives.
    let new = on.code_to(ROSA).await;
    if old != new {
        assert_eq!(enter(&on.anonymous(), &old).await, StatusCode::BAD_REQUEST);
    }
    assert_eq!(enter(&on.anonymous(), &new).await, StatusCode::OK);
}

async fn a_code_is_good_for_its_purpose_and_account_only(on: TestServer) {
    let code = asked(&on).await;
    on.account(Role::Receptionist, "emma").await;
    on.anonymous()
        .forgot_password("emma@example.org")
        .await
        .unwrap();
    on.settle().await;
    let client = on.anonymous();
    let emmas = client
        .reset_password("emma@example.org", &code, "a fine new passphrase")
        .await;
    let emma_code = on.code_to("emma@example.org").await;
    if code != emma_code {
        assert_eq!(status(emmas), 400);
    }
    assert_eq!(status(client.verify_login_code(ROSA, &code).await), 400);
    assert_eq!(status(client.activate(ROSA, &code).await), 400);
    assert_eq!(enter(&client, &code).await, StatusCode::OK);
}

async fn codes_stand_nowhere_in_clear(on: TestServer) {
    let code = asked(&on).await;
    let rosa = on.signed_in("rosa").await;
    on.wait(61);
    rosa.ask_email_change("rosa@winter.example").await.unwrap();
    let second = on.code_to("rosa@winter.example").await;
    enter(&on.anonymous(), &other(&code, 1)).await;
    on.server.clinic.reads.flush().await;
    let dump = dump(&on).await;
    assert!(
        dump.contains("send_code") && dump.contains("enter_code"),
        "the dump shows the rows"
    );
    assert!(!dump.contains(PASSWORD));
    for code in [code, second] {
        // Six digits may stand in a time by chance, but never between quotes or alone.
        for clear in [
            format!("\"{code}\""),
            format!("|{code}|"),
            format!(": {code}"),
        ] {
            assert!(!dump.contains(&clear), "{clear} in {dump}");
        }
    }
}

/// Every text and every blob of every table that accounts touch, as text.
async fn dump(on: &TestServer) -> String {
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let mut all = String::new();
    for text in [
        "SELECT '|' || CAST(kind AS text) || '|' || CAST(payload AS text) || '|' FROM job",
        "SELECT '|' || coalesce(last_error, '') || '|' || coalesce(once_key, '') || '|' FROM job",
        "SELECT '|' || action || '|' || CAST(detail AS text) || '|' FROM audit",
        "SELECT '|' || username || '|' || email || '|' || search || '|' FROM account",
        "SELECT '|' || purpose || '|' || CAST(tries_left AS text) || '|' FROM code",
        "SELECT '|' || email || '|' FROM email_change",
    ] {
        let rows: Vec<(String,)> = reader.sql(text).all().await.unwrap();
        all.extend(rows.into_iter().map(|(row,)| row + "\n"));
    }
    let hashes: Vec<(Vec<u8>,)> = reader.sql("SELECT hash FROM code").all().await.unwrap();
    for (hash,) in hashes {
        assert_eq!(hash.len(), 32, "a keyed hash");
        all.push_str(&format!("|{}|", String::from_utf8_lossy(&hash)));
    }
    all
}

async fn a_code_survives_a_restart_between_asking_and_mailing(on: TestServer) {
    on.account(Role::Receptionist, "rosa").await;
    // Asked for in a process that ended before it mailed: the job stands, and nothing runs it.
    let clinic = on.server.clinic.clone();
    clinic_server::clinic::accounts::forgot_password(&clinic, &Actor::nobody(None), ROSA)
        .await
        .unwrap();
    let restarted = on.second().await;
    let code = on.code_to(ROSA).await;
    let client = Client::new(&restarted.url()).unwrap();
    assert_eq!(enter(&client, &code).await, StatusCode::OK);
    restarted.shutdown().await;
}
