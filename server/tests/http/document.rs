//! The OpenAPI document: a snapshot, and what must hold of every operation.

use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, request};

on_both! {
    the_document_and_its_page_are_linked_from_the_root,
}

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(|(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

#[test]
fn the_document_is_what_was_agreed() {
    insta::assert_json_snapshot!(clinic_server::api::document());
}

#[test]
fn every_operation_has_a_name_a_summary_a_tag_and_its_errors() {
    let document = clinic_server::api::document();
    for (path, method, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(operation["operationId"].is_string(), "{place}");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{place}"
        );
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{place}"
        );
        assert!(operation["security"].is_array(), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["401", "429", "500"] {
            assert!(responses.contains_key(status), "{place} {status}");
        }
        let media = if path.starts_with("/v1/") {
            "application/problem+json"
        } else {
            "application/json"
        };
        assert!(responses["401"]["content"][media].is_object(), "{place}");
        if operation.get("requestBody").is_some() {
            for status in ["400", "413", "415"] {
                assert!(responses.contains_key(status), "{place} {status}");
            }
        }
    }
}

#[test]
fn fields_of_an_answer_are_always_there_and_null_is_said() {
    let document = clinic_server::api::document();
    let patient = &document["components"]["schemas"]["PatientRecord"];
    let properties = patient["properties"].as_object().unwrap();
    assert_eq!(
        patient["required"].as_array().unwrap().len(),
        properties.len()
    );
    assert_eq!(properties["phone"]["type"], json!(["string", "null"]));
    let gender = properties["gender"]["anyOf"].as_array().unwrap();
    assert_eq!(gender.last(), Some(&json!({"type": "null"})));
    assert_eq!(properties["full_name"]["type"], "string");
    assert_eq!(properties["birth_date"]["format"], "date");
}

async fn the_document_and_its_page_are_linked_from_the_root(on: TestServer) {
    let client = on.anonymous();
    let (status, root) = get(&client, "/").await;
    assert_eq!(status, StatusCode::OK);
    let (_, served) = get(&client, root["openapi"].as_str().unwrap()).await;
    assert_eq!(served["paths"], clinic_server::api::document()["paths"]);
    let docs = request(
        &client,
        clinic_shared::client::reqwest::Method::GET,
        root["docs"].as_str().unwrap(),
    );
    let page = docs.send().await.unwrap().text().await.unwrap();
    // The page shows the completed document, not the framework's own.
    assert!(
        page.contains("WWW-Authenticate") && page.contains("swagger"),
        "{}",
        &page[..300]
    );
    let (status, ready) = get(&client, "/ready").await;
    assert_eq!(
        (status, ready),
        (StatusCode::OK, json!({ "status": "ready" }))
    );
}
