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

/// The tables of the document: methods and paths.
const TABLES: &str = "
POST /v1/api/user/register/
POST /v1/api/user/account/activate/
POST /v1/api/user/account/activate/otp/resend/
POST /v1/api/user/login/
POST /v1/api/user/login/otp/resend/
POST /v1/api/user/login/otp/verify/
POST /v1/api/user/token/refresh/
POST /v1/api/user/token/verify/
POST /v1/api/user/change-password/
POST /v1/api/user/forget-password/
POST /v1/api/user/forget-password/otp/send/
POST /v1/api/user/forget-password/otp/resend/
POST /v1/api/user/forget-password/confirm/
GET /v1/api/user/list/
GET /v1/api/patient/patients/
GET /v1/api/patient/patients/{user__email}/
GET/PUT/PATCH/DELETE /v1/api/patient/patients/me/
GET /v1/api/doctor/list/
GET /v1/api/doctor/profile/{user__email}
GET/PUT/PATCH/DELETE /v1/api/doctor/profile/me/
GET/POST /v1/api/appointment/doctor/
PATCH /v1/api/appointment/doctor/{id}/update_status/
GET/POST /v1/api/appointment/patient/
POST /v1/api/public-portal/contact-us/
POST /v1/api/public-portal/report-bug/
GET /v1/api/public-portal/list/doctor/
GET /v1/api/public-portal/list/doctor/reviews/
GET /v1/api/public-portal/services/
GET/POST /v1/api/doctor/available-times/
GET/POST /v1/api/doctor/available-times-patient/
GET/PUT/PATCH/DELETE /v1/api/doctor/available-times/{id}/
GET/POST /v1/api/doctor/designations/
GET/POST /v1/api/doctor/specializations/
GET/POST /v1/api/doctor/reviews/
GET/PUT/PATCH/DELETE /v1/api/doctor/reviews/{id}/
GET /v1/api/doctor/{doctor_id}/qualifications/
POST /v1/api/doctor/qualifications/apply/
POST /v1/api/operations/apply/to-be/doctor/
";

#[test]
fn every_path_of_the_documents_tables_is_there_as_it_is_spelled() {
    let document = clinic_server::api::document();
    for line in TABLES.trim().lines() {
        let (methods, path) = line.split_once(' ').unwrap();
        for method in methods.split('/') {
            let operation = &document["paths"][path][method.to_lowercase()];
            assert!(operation.is_object(), "{method} {path}");
        }
    }
}

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
