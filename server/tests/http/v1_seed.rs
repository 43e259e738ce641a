//! The curl lines of the v1 document, run as it prints them with the host added, do what their
//! comments say.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::on_both;
use crate::support::server::TestServer;

on_both! {
    the_documents_curl_lines_do_what_they_say,
}

const REGISTER: &str = r#"curl -s -X POST /v1/api/user/register/ \
-H "Content-Type: application/json" \
-d '{"email":"user@example.com","password":"Pass1234"}'"#;
const ACTIVATE: &str = r#"curl -s -X POST /v1/api/user/account/activate/ \
-H "Content-Type: application/json" \
-d '{"email":"user@example.com","otp":"123456"}'"#;
const LOGIN: &str = r#"curl -s -X POST /v1/api/user/login/ \
-H "Content-Type: application/json" \
-d '{"email":"user@example.com","password":"Pass1234"}'"#;
const REFRESH: &str = r#"curl -s -X POST /v1/api/user/token/refresh/ \
-H "Content-Type: application/json" \
-d '{"refresh":"<refresh_token>"}'"#;

/// Runs a printed line in a shell; answers the JSON that came back.
async fn run(on: &TestServer, line: &str) -> Value {
    let line = line.replace("POST /v1", &format!("POST {}/v1", on.server.url()));
    let command = line.clone();
    let ran = tokio::task::spawn_blocking(move || {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(&command).stdin(Stdio::null()).output()
    });
    let ran = ran.await.unwrap().expect("sh and curl are on the machine");
    assert!(
        ran.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|_| panic!("{line}: {}", String::from_utf8_lossy(&ran.stdout)))
}

async fn the_documents_curl_lines_do_what_they_say(on: TestServer) {
    // 1) Register (returns pending verification)
    let registered = run(&on, REGISTER).await;
    assert_eq!(registered["user"]["email"], "user@example.com");
    assert_eq!(registered["user"]["is_verified"], false);
    assert!(registered["message"].is_string());
    // 2) Activate (OTP delivered via email/SMS)
    let code = on.code_to("user@example.com").await;
    let activated = run(&on, &ACTIVATE.replace("123456", &code)).await;
    assert_eq!(activated["user"]["is_verified"], true, "{activated}");
    // 1) Login -> returns {"access":"<jwt>","refresh":"<refresh_token>"}
    let tokens = run(&on, LOGIN).await;
    let refresh = tokens["refresh"].as_str().unwrap();
    assert!(tokens["access"].as_str().unwrap().split('.').count() == 3);
    // 2) Refresh access token
    let renewed = run(&on, &REFRESH.replace("<refresh_token>", refresh)).await;
    assert!(
        renewed["access"].is_string() && renewed["refresh"].is_string(),
        "{renewed}"
    );
}
