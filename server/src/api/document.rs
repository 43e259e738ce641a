//! The OpenAPI document: what the types say, made true and complete.
//!
//! poem-openapi writes the paths and schemas. What follows from a rule is written here, once, from
//! that rule: security from the policy table, error answers from what an operation can meet, null
//! where null can come, no unknown fields where they are refused.

mod dialect;

use std::collections::BTreeSet;

use clinic_shared::Problem;
use poem::http::Method;
use poem_openapi::registry::Registry;
use poem_openapi::types::Type;
use serde_json::{Map, Value, json};

use super::idempotent::{KEY_PATTERN, MAX_KEY};
use super::operations::takes_key;
use crate::auth::policy::{Allowed, rule_of};

/// Completes the document that poem-openapi wrote.
pub(super) fn complete(mut document: Value) -> Value {
    strip_charset(&mut document);
    spell_paths(&mut document);
    let requests = reachable(&document, Side::Request);
    let strict = reachable(&document, Side::StrictRequest);
    if let Some(schemas) = pointer(&mut document, "/components/schemas") {
        for (name, schema) in schemas.iter_mut() {
            dates(schema);
            if !requests.contains(name) {
                always_there(schema);
            }
            if strict.contains(name) {
                set(schema, "additionalProperties", json!(false));
            }
        }
        for (name, schema) in problem() {
            // What answers use too was written for them.
            schemas.entry(name).or_insert(schema);
        }
        schemas.insert("ClassicError".to_owned(), classic_error());
        schemas.insert("ClassicRefusal".to_owned(), classic_refusal());
    }
    if let Some(components) = pointer(&mut document, "/components") {
        let bearer = json!({
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The `access` token of a sign-in.",
        });
        components.insert("securitySchemes".to_owned(), json!({ "bearer": bearer }));
    }
    if let Some(paths) = pointer(&mut document, "/paths") {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                operation_rules(path, method, operation);
            }
        }
    }
    dialect::renew(&mut document);
    document
}

/// Paths that the seeds spell without a slash at the end; all others have one.
const NO_SLASH: [&str; 2] = [
    "/media/{kind}/{year}/{name}",
    "/v1/api/doctor/profile/{user__email}",
];

/// Open to everybody, but closed to the right password of an account that must do something first.
const SIGN_IN: [&str; 2] = ["login", "login_v1"];

/// What the caller may not have.
const OWN: [&str; 11] = [
    "desk_day_sheet",
    "desk_queue",
    "my_profile",
    "my_patient",
    "replace_my_patient",
    "change_my_patient",
    "close_my_account",
    "my_doctor",
    "replace_my_doctor",
    "change_my_doctor",
    "delete_my_doctor",
];

/// Classic's query parameters that take ids, once or repeated ([`super::filters::ids`]).
const ID_FILTERS: [&str; 9] = [
    "doctor",
    "specialisation",
    "designation",
    "available_time",
    "fee",
    "id",
    "reviwer",
    "patient_id",
    "doctor_id",
];

/// The same on v1; its doctors' and patients' ids are no numbers.
const V1_ID_FILTERS: [&str; 3] = ["specialization", "designation", "available_time"];

/// Where the state of things may forbid a change.
const CONFLICTING: [&str; 3] = [
    "/v1/api/desk/",
    "/v1/api/appointment/",
    "/v1/api/operations/",
];

/// poem-openapi drops the slash at the end of a path; the seeds spell it (API.md §1).
fn spell_paths(document: &mut Value) {
    let Some(paths) = pointer(document, "/paths") else {
        return;
    };
    let spelled = std::mem::take(paths).into_iter().map(|(path, item)| {
        let path = match NO_SLASH.contains(&path.as_str()) || path.ends_with('/') {
            true => path,
            false => format!("{path}/"),
        };
        (path, item)
    });
    *paths = spelled.collect();
}

/// The schemas of [`clinic_shared::Problem`], which no handler answers by itself.
fn problem() -> Map<String, Value> {
    let mut registry = Registry::new();
    Problem::register(&mut registry);
    let schemas = registry.schemas.iter();
    let written = schemas.filter_map(|(name, schema)| {
        let schema = serde_json::to_value(schema).ok()?;
        Some((name.clone(), schema))
    });
    written.collect()
}

fn operation_rules(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let allowed = rule_of(&id).map(|rule| rule.allowed);
    let security = match allowed {
        Some(Allowed::Anyone) => json!([{}, {"bearer": []}]),
        _ => json!([{"bearer": []}]),
    };
    set(operation, "security", security);
    dates(operation);
    blank_is_no_value(operation);
    if path.starts_with("/v1/") {
        let form = "/requestBody/content/multipart~1form-data/schema";
        if let Some(form) = pointer(operation, form) {
            form.insert("additionalProperties".to_owned(), json!(false));
        }
    }
    let mut pages = false;
    let mut asks = false;
    let mut names_one = false;
    let mut if_match = false;
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        match parameter["in"].as_str() {
            Some("path") => names_one = true,
            Some("query") => asks = true,
            Some("header") => if_match |= name == "If-Match",
            _ => {}
        }
        let takes_ids = match path.starts_with("/v1/") {
            true => V1_ID_FILTERS.contains(&name.as_str()),
            false => ID_FILTERS.contains(&name.as_str()),
        };
        if takes_ids {
            // Repeated means any of them; an empty one is no filter (API.md §3 `/doctors/`).
            parameter["schema"] = json!({"type": "array", "items": {"type": "integer"}});
        }
        if name == "rating" {
            // Repeated means any of them.
            let mut words = clinic_shared::classic::reviews::Stars::spellings();
            words.push(String::new());
            parameter["schema"] =
                json!({"type": "array", "items": {"type": "string", "enum": words}});
        }
        if name == "max_fee" {
            parameter["schema"] = json!({"type": "number", "minimum": 0});
        }
        if name == "page" || name == "limits" {
            pages |= name == "page";
            // A number is meant; what is none is answered, not refused (API.md §1).
            parameter["schema"] = json!({"anyOf": [{"type": "integer"}, {"type": "string"}]});
        }
    }
    let body = operation.get("requestBody").is_some();
    let once = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
        .is_ok_and(|method| takes_key(path, &method, &id));
    if once {
        idempotency_key(operation);
    }
    let statuses = [
        // A running appointment is not deleted.
        (400, body || asks || once || id == "delete_appointment"),
        (401, true),
        (
            403,
            allowed != Some(Allowed::Anyone) || SIGN_IN.contains(&id.as_str()),
        ),
        (404, names_one || pages || OWN.contains(&id.as_str())),
        (
            409,
            once || (body && CONFLICTING.iter().any(|prefix| path.starts_with(prefix)))
                || path.ends_with("/accept/"),
        ),
        (412, if_match),
        (413, body),
        (415, body),
        (429, true),
        (500, true),
        (503, true),
    ];
    for (status, can) in statuses {
        if can && let Some(responses) = operation["responses"].as_object_mut() {
            responses
                .entry(status.to_string())
                .or_insert_with(|| error(path, status));
        }
    }
}

/// The header that every write of v1 and the desk takes.
fn idempotency_key(operation: &mut Value) {
    let parameter = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A word of the caller's own for this one request. Sent again within a day, \
            the request is answered as it was and not done again; another request under the same \
            key is refused (409 `idempotency_key_reused`).",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": KEY_PATTERN},
    });
    let Some(operation) = operation.as_object_mut() else {
        return;
    };
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(parameter);
    }
}

/// An error answer of a family.
fn error(path: &str, status: u16) -> Value {
    let description = match status {
        400 => "Faulty fields, or a request that can't be read.",
        401 => "No valid session.",
        403 => "Not allowed.",
        404 => "Not there, or not the caller's to see.",
        409 => "The state of things forbids it.",
        412 => "Somebody else changed it first.",
        413 => "Too large.",
        415 => "This media type is not taken.",
        429 => "Too often; see `Retry-After`.",
        503 => "Not now; see `Retry-After`.",
        _ => "Something went wrong on the server.",
    };
    let (media, schema) = match path.starts_with("/v1/") {
        true => ("application/problem+json", "Problem"),
        false if status == 400 => ("application/json", "ClassicRefusal"),
        false => ("application/json", "ClassicError"),
    };
    let mut answer = json!({
        "description": description,
        "content": {media: {"schema": {"$ref": format!("#/components/schemas/{schema}")}}},
    });
    let header = match status {
        401 => Some("WWW-Authenticate"),
        429 | 503 => Some("Retry-After"),
        _ => None,
    };
    if let Some(header) = header {
        set(
            &mut answer,
            "headers",
            json!({header: {"schema": {"type": "string"}}}),
        );
    }
    answer
}

fn classic_error() -> Value {
    json!({
        "type": "object",
        "description": "An error of the classic family.",
        "required": ["detail"],
        "properties": {
            "detail": {"type": "string", "description": "One sentence for a person."},
            "code": {"type": "string", "description": "A stable word, where clients need one."},
        },
    })
}

fn classic_refusal() -> Value {
    json!({
        "type": "object",
        "description": "Faulty fields with their messages, all at once; or `detail`.",
        "additionalProperties": {"oneOf": [
            {"type": "array", "items": {"type": "string"}},
            {"type": "string"},
        ]},
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Request,
    /// v1 and desk refuse unknown fields.
    StrictRequest,
}

/// Names of the schemas that bodies of this side use, directly or through others.
fn reachable(document: &Value, side: Side) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        if side == Side::StrictRequest && !path.starts_with("/v1/") {
            continue;
        }
        for (_, operation) in item.as_object().into_iter().flatten() {
            references(&operation["requestBody"], document, &mut names);
        }
    }
    names
}

fn references(value: &Value, document: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = value
                    .as_str()
                    .and_then(|text| text.strip_prefix("#/components/schemas/"));
                match name {
                    Some(name) if key == "$ref" => {
                        let schema = document.pointer(&format!("/components/schemas/{name}"));
                        if let Some(schema) = schema.filter(|_| names.insert(name.to_owned())) {
                            references(schema, document, names);
                        }
                    }
                    _ => references(value, document, names),
                }
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| references(value, document, names)),
        _ => {}
    }
}

/// In answers every field is there, and those that need not have a value are null.
fn always_there(schema: &mut Value) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let names: Vec<String> = properties.keys().cloned().collect();
    let given: BTreeSet<String> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let mut required = Vec::new();
    for name in names {
        // What a problem has only sometimes is left out rather than null.
        if ["errors", "reasons", "merged_into", "candidates"].contains(&name.as_str()) {
            continue;
        }
        let property = pointer(schema, "/properties").and_then(|all| all.get_mut(&name));
        if let Some(property) = property.filter(|_| !given.contains(&name)) {
            match property.get("$ref").cloned() {
                Some(reference) => {
                    *property = json!({"allOf": [{"$ref": reference}], "nullable": true});
                }
                None => set(property, "nullable", json!(true)),
            }
        }
        required.push(json!(name));
    }
    set(schema, "required", Value::Array(required));
}

/// A form can't write null: there an empty field is no value, for what is more than plain text.
fn blank_is_no_value(operation: &mut Value) {
    let form = "/requestBody/content/multipart~1form-data/schema/properties";
    for (_, property) in pointer(operation, form).into_iter().flatten() {
        if property["nullable"] == json!(true) && property["format"].is_string() {
            *property = json!({"anyOf": [property.take(), {"type": "string", "maxLength": 0}]});
        }
    }
}

/// chrono's `naive-date` is OpenAPI's `date`.
fn dates(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map
                .get("format")
                .is_some_and(|format| format == "naive-date")
            {
                map.insert("format".to_owned(), json!("date"));
            }
            map.values_mut().for_each(dates);
        }
        Value::Array(values) => values.iter_mut().for_each(dates),
        _ => {}
    }
}

fn strip_charset(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(schema) = map.remove("application/json; charset=utf-8") {
                map.insert("application/json".to_owned(), schema);
            }
            map.values_mut().for_each(strip_charset);
        }
        Value::Array(values) => values.iter_mut().for_each(strip_charset),
        _ => {}
    }
}

fn pointer<'a>(document: &'a mut Value, path: &str) -> Option<&'a mut Map<String, Value>> {
    document.pointer_mut(path)?.as_object_mut()
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}
