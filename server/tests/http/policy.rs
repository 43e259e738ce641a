//! Role × operation: every operation of the document against every kind of caller, compared with
//! the policy table (API.md §1; security requirement 31).

use clinic_server::auth::policy::{Allowed, rule_of};
use clinic_server::clinic::{Actor, accounts};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, request};

on_both! {
    every_operation_lets_in_whom_the_table_says_and_nobody_else,
}

struct Operation {
    id: String,
    method: Method,
    path: String,
    body: bool,
}

fn operations() -> Vec<Operation> {
    let document = clinic_server::api::document();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                path: concrete(path, operation),
                body: operation.get("requestBody").is_some(),
            });
        }
    }
    operations
}

/// The path with ids that belong to nobody.
fn concrete(path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "path" {
            let value = match parameter["schema"]["format"].as_str() {
                Some("uuid") => "0198c0de-0000-7000-8000-000000000000",
                _ => "987654321",
            };
            path = path.replace(
                &format!("{{{}}}", parameter["name"].as_str().unwrap()),
                value,
            );
        }
    }
    assert!(
        !path.contains('{'),
        "{path}: a path parameter is not documented"
    );
    path
}

async fn call(client: &Client, operation: &Operation) -> StatusCode {
    let mut request = request(client, operation.method.clone(), &operation.path);
    if operation.id == "logout_v1" {
        // Without a token it would end the caller's session, which is needed for the rest.
        request = request.json(&json!({ "refresh": "rubbish" }));
    } else if operation.id == "close_my_account" {
        // It would close the caller's account, which is needed for the rest.
        request = request.header("if-match", "\"v0\"");
    } else if operation.body {
        request = request.json(&json!({}));
    }
    request.send().await.unwrap().status()
}

/// Open to everybody who has a token in the body, and without one 401 in their own right.
const TAKES_TOKENS: [&str; 3] = ["refresh_token", "refresh_token_v1", "verify_token"];

async fn every_operation_lets_in_whom_the_table_says_and_nobody_else(on: TestServer) {
    let anonymous = on.anonymous();
    let mut callers: Vec<(&str, Option<Role>, Client)> = vec![("anonymous", None, anonymous)];
    for role in Role::ALL {
        callers.push((
            role.as_str(),
            Some(*role),
            on.sign_in(*role, role.as_str()).await,
        ));
    }
    let disabled = on.sign_in(Role::Admin, "disabled").await;
    let nobody = Actor::nobody(None);
    accounts::set_active(&on.server.clinic, &nobody, "disabled", false)
        .await
        .unwrap();

    for operation in operations() {
        let rule = rule_of(&operation.id)
            .unwrap_or_else(|| panic!("{} is missing from the policy table", operation.id));
        for (name, role, client) in &callers {
            let status = call(client, &operation).await;
            let met = match status {
                StatusCode::UNAUTHORIZED => "401",
                StatusCode::FORBIDDEN => "403",
                _ => "in",
            };
            let expected = match (rule.allowed.permits(*role), role) {
                // A refresh token that is none is 401 in its own right.
                (true, _) if TAKES_TOKENS.contains(&operation.id.as_str()) && met == "401" => "401",
                (true, _) => "in",
                (false, None) => "401",
                (false, Some(_)) => "403",
            };
            assert_eq!(met, expected, "{} as {name}: {status}", operation.id);
            assert_ne!(
                status,
                StatusCode::INTERNAL_SERVER_ERROR,
                "{} as {name}",
                operation.id
            );
            assert_ne!(
                status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{} as {name}",
                operation.id
            );
        }
        let status = call(&disabled, &operation).await;
        assert_eq!(
            status,
            StatusCode::UNAUTHORIZED,
            "{} as disabled",
            operation.id
        );
    }

    on.wait(5 * 60);
    for operation in operations() {
        let (_, _, expired) = &callers[1];
        let status = call(expired, &operation).await;
        assert_eq!(
            status,
            StatusCode::UNAUTHORIZED,
            "{} with an expired token",
            operation.id
        );
    }
}

#[test]
fn the_table_is_what_was_agreed() {
    let mut lines = Vec::new();
    for operation in operations() {
        let allowed = match rule_of(&operation.id).map(|rule| rule.allowed) {
            Some(Allowed::Anyone) => "anyone".to_owned(),
            Some(Allowed::SignedIn) => "signed in".to_owned(),
            Some(Allowed::Roles(roles)) => roles
                .iter()
                .map(|role| role.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            None => "MISSING".to_owned(),
        };
        lines.push(format!("{:<26} {allowed}", operation.id));
    }
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}
