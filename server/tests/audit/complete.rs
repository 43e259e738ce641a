//! Every operation of the document that changes something leaves its row, with who, in which role and
//! session, from where, when, what and to what; and nothing of what people typed is in it or in a log.

use clinic_server::clinic::Clinic;
use clinic_server::store::{Session, Sql};
use clinic_shared::Role;
use clinic_shared::client::reqwest::Method;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, read, request};
use crate::walk::{CANARY, filled, operations};
use crate::{cases, cases_desk, cases_v1, log};

on_both! {
    every_change_is_in_the_audit_and_nothing_personal_is,
    what_is_refused_is_in_no_log_either,
}

/// Operations that are no GET and change nothing: what they leave is a read, or nothing.
const CHANGE_NOTHING: [&str; 3] = [
    "desk_check_booking",
    "desk_possible_duplicates",
    "verify_token",
];

async fn every_change_is_in_the_audit_and_nothing_personal_is(on: TestServer) {
    log::listen();
    let mut story = cases::story(on).await;
    cases::accounts_of_classic(&mut story).await;
    cases::accounts_of_v1(&mut story).await;
    cases::accounts_at_the_desk(&mut story).await;
    cases::doctors(&mut story).await;
    cases::the_front(&mut story).await;
    cases::patients(&mut story).await;
    cases_desk::own_appointments(&mut story).await;
    cases_desk::desk_appointments(&mut story).await;
    cases_desk::time_off(&mut story).await;
    cases_desk::waiting(&mut story).await;
    cases_desk::the_inbox(&mut story).await;
    cases_v1::windows_and_words(&mut story).await;
    cases_v1::people_of_v1(&mut story).await;
    cases_v1::what_is_decided(&mut story).await;
    cases_v1::records_merged(&mut story).await;

    let walk = &story.walk;
    assert_eq!(
        walk.missing(),
        std::collections::BTreeSet::new(),
        "operations without a case here: walk them, and look at what the audit says of each"
    );
    let silent_ones: Vec<_> = walk
        .told
        .iter()
        .filter(|(operation, told)| {
            let is_change = told.lines().any(|line| !line.trim().starts_with("read"));
            !is_change && !CHANGE_NOTHING.contains(&operation.as_str())
        })
        .collect();
    assert!(
        silent_ones.is_empty(),
        "these left no row: {silent_ones:#?}"
    );
    let told = walk.told.iter();
    let told: String = told.map(|(id, told)| format!("{id}\n{told}")).collect();
    insta::assert_snapshot!("what_the_audit_says", told);
    silent(story.clinic()).await;
}

/// Settings of the clinic, whose words are in the audit: what a window is called says when it is.
const SETTINGS: [&str; 1] = ["create_available_time"];

/// No canary in any column of the audit, nor in a log.
async fn silent(clinic: &Clinic) {
    clinic.reads.flush().await;
    let mut reader = clinic.db.read().await.unwrap();
    let rows: Vec<(String, String)> = reader
        .sql(Sql::from(
            "SELECT action, action || ' ' || coalesce(role, '') || ' ' || coalesce(address, '') ||
                    ' ' || coalesce(object_type, '') || ' ' || CAST(detail AS text)
             FROM audit",
        ))
        .all()
        .await
        .unwrap();
    assert!(!rows.is_empty());
    let told: Vec<_> = rows
        .iter()
        .filter(|(action, _)| !SETTINGS.contains(&action.as_str()))
        .filter(|(_, text)| text.to_lowercase().contains(CANARY))
        .collect();
    assert!(
        told.is_empty(),
        "what people typed is in the audit: {told:#?}"
    );
    log::is_silent(CANARY);
}

/// A value for a schema with a canary wherever a text can be.
fn canaries(document: &Value, schema: &Value, depth: u8) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return canaries(
            document,
            &document["components"]["schemas"][name],
            depth + 1,
        );
    }
    for of in ["allOf", "oneOf", "anyOf"] {
        if let Some(some) = schema[of].as_array() {
            let is_text = some.iter().find(|one| one["type"] == "string");
            return canaries(document, is_text.unwrap_or(&some[0]), depth + 1);
        }
    }
    match schema["type"].as_str() {
        Some("object") if depth < 6 => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let filled =
                properties.map(|(name, of)| (name.clone(), canaries(document, of, depth + 1)));
            Value::Object(filled.collect())
        }
        Some("array") => json!([canaries(document, &schema["items"], depth + 1)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!(format!("{CANARY}@example.org")),
    }
}

async fn what_is_refused_is_in_no_log_either(on: TestServer) {
    log::listen();
    on.doctor("dora", 500).await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let nobody = on.anonymous();
    let document = clinic_server::api::document();
    let before = log::lines();
    let mut asked = 0;
    for operation in operations(&document) {
        let word = format!("{CANARY}@example.org");
        let parameters = vec![word.as_str(); operation.path.matches('{').count()];
        let numbers = vec!["1"; parameters.len()];
        for (client, parameters) in [
            (&nobody, &numbers),
            (&ben, &numbers),
            (&ada, &parameters),
            (&ada, &numbers),
        ] {
            // What ends the caller's own session would end the walk; a stream has no end.
            if matches!(
                operation.id,
                "follow_events" | "logout_v1" | "desk_end_user_sessions" | "end_session"
            ) {
                continue;
            }
            let mut path = filled(operation.path, parameters);
            let query = operation.what["parameters"]
                .as_array()
                .into_iter()
                .flatten();
            let query = query.filter(|one| one["in"] == "query");
            let query: Vec<_> = query
                .map(|one| format!("{}={CANARY}%40example.org", one["name"].as_str().unwrap()))
                .collect();
            path = format!("{path}?{}", query.join("&"));
            let mut sent = request(client, operation.method.clone(), &path)
                .header("If-Match", format!("\"{CANARY}\""))
                .header("User-Agent", CANARY);
            let content = &operation.what["requestBody"]["content"];
            let schema = content.as_object().and_then(|content| {
                content
                    .iter()
                    .find(|(kind, _)| kind.starts_with("application/json"))
            });
            if let Some((_, media)) = schema {
                sent = sent.json(&canaries(&document, &media["schema"], 0));
            }
            let (status, answer) = read(sent.send().await.unwrap()).await;
            assert!(
                !status.is_server_error(),
                "{}: {status} {answer}",
                operation.id
            );
            asked += 1;
        }
        if operation.method == Method::GET {
            // One filter at a time: the others may be refused before it is looked at.
            let query = operation.what["parameters"]
                .as_array()
                .into_iter()
                .flatten();
            for one in query.filter(|one| one["in"] == "query") {
                let name = one["name"].as_str().unwrap();
                let path = filled(operation.path, &numbers);
                let path = format!("{path}?{name}={CANARY}");
                read(request(&ada, Method::GET, &path).send().await.unwrap()).await;
                asked += 1;
            }
        }
    }
    assert!(log::lines() >= before + asked, "the log was not heard");
    silent(&on.server.clinic).await;
    log::is_silent(PASSWORD);
}
