//! What every refusal looks like, in both families (API.md §1 "Errors").

use clinic_shared::Role;
use clinic_shared::client::reqwest::header::{CONTENT_TYPE, HeaderMap};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, post, read, request};
use crate::support::{on_both, on_both_databases};

on_both! {
    unknown_paths_methods_and_bodies,
    a_slash_more_or_less_makes_no_difference,
    what_is_no_text_is_found_nowhere,
    problems_have_all_their_members,
    unknown_fields_are_ignored_in_classic_and_refused_on_the_desk,
    every_answer_carries_the_careful_headers,
    bodies_too_large_are_refused_whether_announced_or_not,
    a_bad_bearer_is_refused_on_public_endpoints_too,
    a_refusal_of_an_unread_body_says_that_the_connection_ends,
}

on_both_databases! {
    limits_answer_429_with_a_time_to_wait,
    pages_of_known_origins_may_call_others_not,
}

async fn unknown_paths_methods_and_bodies(on: TestServer) {
    let client = on.sign_in(Role::Admin, "ada").await;
    let (status, body) = get(&client, "/nowhere/").await;
    assert_eq!(
        (status, body),
        (StatusCode::NOT_FOUND, json!({ "detail": "Not found." }))
    );
    let (status, body) = get(&client, "/patients/abc/").await;
    assert_eq!(
        (status, body),
        (StatusCode::NOT_FOUND, json!({ "detail": "Not found." }))
    );
    let (status, body) = get(&client, "/patients/99999999999999999999/").await;
    assert_eq!(
        (status, body),
        (StatusCode::NOT_FOUND, json!({ "detail": "Not found." }))
    );

    let answer = request(&client, Method::PUT, "/patients/")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["allow"], "GET, HEAD, OPTIONS, POST");
    let (status, body) = read(answer).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(body, json!({ "detail": "Method \"PUT\" not allowed." }));

    for (media, text, expected) in [
        ("text/plain", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/json", "{", StatusCode::BAD_REQUEST),
        ("application/json", "[]", StatusCode::BAD_REQUEST),
        ("multipart/form-data", "x", StatusCode::BAD_REQUEST),
    ] {
        let answer = request(&client, Method::POST, "/patients/")
            .header(CONTENT_TYPE, media)
            .body(text)
            .send()
            .await
            .unwrap();
        let (status, body) = read(answer).await;
        assert_eq!(status, expected, "{media} {text}: {body}");
    }
}

async fn what_is_no_text_is_found_nowhere(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let made = post(
        &ada,
        "/v1/api/desk/patients/",
        json!({ "full_name": "Ana" }),
    )
    .await;
    assert_eq!(made.0, StatusCode::CREATED);
    for path in [
        "/v1/api/doctor/profile/%00/",
        "/v1/api/doctor/profile/a%00b@example.org/",
        "/v1/api/patient/patients/a%00b%40example.org/",
        "/v1/api/patient/patients/%ff/",
        "/v1/api/doctor/reviews/%FF/",
        "/patients/%FF/",
        "/patients/1%00/",
    ] {
        let (status, body) = get(&ada, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {body}");
    }
    for (list, query) in [
        ("/v1/api/desk/patients/", "search=a%00b"),
        ("/v1/api/desk/patients/", "search=0000-01-01"),
        ("/v1/api/desk/patients/", "search=31.12.0000"),
        ("/v1/api/patient/patients/", "search=0000-01-01"),
        ("/v1/api/desk/audit/", "who=%00"),
        ("/v1/api/desk/audit/", "action=%00"),
        ("/v1/api/desk/audit/", "object_type=a%00"),
        ("/v1/api/desk/audit/", "who=%ff"),
        ("/patients/", "search=0000-12-31"),
    ] {
        let (status, body) = get(&ada, &format!("{list}?{query}")).await;
        let found = body
            .get("count")
            .cloned()
            .unwrap_or_else(|| body["results"].clone());
        assert_eq!(status, StatusCode::OK, "{list} {query}: {body}");
        assert!(
            found == json!(0) || found == json!([]),
            "{list} {query}: {body}"
        );
    }
    // Nobody is called like that, and that is said.
    let name = json!({ "full_name": "0000-12-31" });
    let (status, body) = post(&ada, "/v1/api/desk/patients/duplicates/", name).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

async fn a_slash_more_or_less_makes_no_difference(on: TestServer) {
    let client = on.sign_in(Role::Admin, "ada").await;
    for path in [
        "/patients",
        "/patients/",
        "/api/user/profiles/me",
        "/v1/api/desk/patients",
    ] {
        assert_eq!(get(&client, path).await.0, StatusCode::OK, "{path}");
    }
}

async fn problems_have_all_their_members(on: TestServer) {
    let client = on.sign_in(Role::Admin, "ada").await;
    let draft = json!({ "full_name": "", "birth_date": "yesterday" });
    let answer = request(&client, Method::POST, "/v1/api/desk/patients/")
        .json(&draft)
        .send()
        .await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    let (status, problem) = read(answer).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        (
            &problem["type"],
            &problem["title"],
            &problem["status"],
            &problem["code"]
        ),
        (
            &json!("about:blank"),
            &json!("Bad Request"),
            &json!(400),
            &json!("invalid")
        )
    );
    assert!(problem["detail"].is_string());
    assert_eq!(
        problem["errors"]["full_name"],
        json!(["This field may not be blank."])
    );
    assert!(problem["errors"]["birth_date"].is_array());
}

async fn unknown_fields_are_ignored_in_classic_and_refused_on_the_desk(on: TestServer) {
    let client = on.sign_in(Role::Patient, "ana").await;
    let (_, mine) = get(&client, "/patients/").await;
    let path = format!("/patients/{}/", mine["results"][0]["id"]);
    let body = json!({ "phone": "030 1234", "user": "somebody", "id": 7 });
    let answer = request(&client, Method::PATCH, &path)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);

    let staff = on.sign_in(Role::Receptionist, "rosa").await;
    let body = json!({ "full_name": "Ana", "role": "admin" });
    let (status, problem) = post(&staff, "/v1/api/desk/patients/", body).await;
    assert_eq!(
        (status, problem["errors"]["role"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
}

async fn every_answer_carries_the_careful_headers(on: TestServer) {
    let client = on.anonymous();
    for path in ["/", "/patients/", "/nowhere", "/v1/api/user/me/"] {
        let answer = request(&client, Method::GET, path).send().await.unwrap();
        let headers: &HeaderMap = answer.headers();
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers.contains_key("x-request-id"), "{path}");
        if answer.status() == StatusCode::UNAUTHORIZED {
            assert!(headers.contains_key("www-authenticate"), "{path}");
        }
    }
}

async fn bodies_too_large_are_refused_whether_announced_or_not(on: TestServer) {
    let large = "x".repeat(2 * 1024 * 1024);
    let announced = json!({ "username": large });
    let (status, _) = post(&on.anonymous(), "/api/user/login/", announced.clone()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

async fn a_bad_bearer_is_refused_on_public_endpoints_too(on: TestServer) {
    let answer = on
        .anonymous()
        .request(Method::POST, "/api/user/login/")
        .unwrap()
        .bearer_auth("rubbish")
        .json(&json!({ "username": "a", "password": "b" }))
        .send()
        .await
        .unwrap();
    let (status, body) = read(answer).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::UNAUTHORIZED, &json!("token_not_valid"))
    );
}

async fn limits_answer_429_with_a_time_to_wait(db: TestDb) {
    let on = TestServer::start_with(db, &[("RATE_LIMITS", "auth=3/m")]).await;
    let body = json!({ "username": "nobody", "password": "wrong" });
    let mut last = (StatusCode::OK, Value::Null);
    for _ in 0..3 {
        last = post(&on.anonymous(), "/api/user/login/", body.clone()).await;
    }
    assert_eq!(last.0, StatusCode::UNAUTHORIZED);
    // A header of the caller's own making does not help.
    let answer = on
        .anonymous()
        .request(Method::POST, "/api/user/login/")
        .unwrap()
        .header("x-forwarded-for", "203.0.113.9")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    on.wait(wait);
    let (status, _) = post(&on.anonymous(), "/api/user/login/", body).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

async fn pages_of_known_origins_may_call_others_not(db: TestDb) {
    let known = "https://www.example.org";
    let on = TestServer::start_with(db, &[("CORS_ORIGINS", known)]).await;
    for (origin, allowed) in [(known, true), ("https://evil.example", false)] {
        let preflight = on
            .anonymous()
            .request(Method::OPTIONS, "/patients/")
            .unwrap()
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
            .await
            .unwrap();
        assert_eq!(
            preflight
                .headers()
                .contains_key("access-control-allow-methods"),
            allowed
        );
        let answer = on
            .anonymous()
            .request(Method::GET, "/patients/")
            .unwrap()
            .header("origin", origin);
        let answer = answer.send().await.unwrap();
        assert_eq!(
            answer.status(),
            StatusCode::UNAUTHORIZED,
            "errors carry the headers too"
        );
        let echoed = answer.headers().get("access-control-allow-origin");
        assert_eq!(
            echoed.map(|value| value.to_str().unwrap()),
            allowed.then_some(known)
        );
        assert_eq!(
            answer
                .headers()
                .contains_key("access-control-allow-credentials"),
            allowed
        );
    }
}

async fn a_refusal_of_an_unread_body_says_that_the_connection_ends(on: TestServer) {
    let client = on.anonymous();
    for (method, path, status) in [
        (Method::POST, "/patients/", StatusCode::UNAUTHORIZED),
        (Method::POST, "/nowhere/", StatusCode::NOT_FOUND),
        (Method::POST, "/health", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let answer = request(&client, method, path)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["connection"], "close", "{path}");
    }
    let answer = request(&client, Method::GET, "/patients/")
        .send()
        .await
        .unwrap();
    assert!(
        !answer.headers().contains_key("connection"),
        "without a body it stays"
    );
}
