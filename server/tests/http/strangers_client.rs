//! A client that somebody else wrote against the classic document works as it is: a page of another
//! origin, ids and numbers as strings, whole objects sent back, paths without the last slash
//! (API.md §1, §3). The document's own examples are in [`super::document_examples`].

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::header::{CONTENT_TYPE, HeaderMap};
use clinic_shared::client::reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::services::{form, send_form};
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, keys, post, read, request, send};
use crate::support::{on_both, on_both_databases};

on_both! {
    from_registering_to_the_patient_record,
    the_last_slash_may_be_missing_whatever_the_method,
    a_content_type_on_get_does_no_harm,
    logging_out_needs_no_bearer,
    whole_objects_go_back_as_they_came,
    numbers_may_be_strings,
}

on_both_databases! {
    a_page_of_another_origin_reads_answers_and_errors,
}

const PAGE: &str = "https://front.example.org";

/// Registers as the document prints it, and answers a client with the access token.
pub(crate) async fn registered(on: &TestServer, username: &str) -> (Client, Value) {
    let body = json!({
        "username": username,
        "first_name": "string",
        "last_name": "string",
        "email": format!("{username}@example.com"),
        "password": "Pass1234",
        "confirm_password": "Pass1234",
    });
    let client = on.anonymous();
    let (status, answer) = post(&client, "/api/user/register/", body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    client.sign_in(username, "Pass1234").await.unwrap();
    (client, answer)
}

fn assert_page_may_read(headers: &HeaderMap, what: &str) {
    assert_eq!(headers["access-control-allow-origin"], PAGE, "{what}");
    assert_eq!(
        headers["access-control-allow-credentials"], "true",
        "{what}"
    );
    let varies = headers
        .get_all("vary")
        .iter()
        .any(|value| value == "Origin");
    assert!(varies, "{what}: caches must tell origins apart");
}

async fn from_page(request: RequestBuilder) -> Response {
    request.header("origin", PAGE).send().await.unwrap()
}

async fn a_page_of_another_origin_reads_answers_and_errors(db: TestDb) {
    let settings = [(
        "CORS_ORIGINS",
        "https://other.example.org,https://front.example.org",
    )];
    let on = TestServer::start_with(db, &settings).await;
    let client = on.anonymous();
    for (method, path) in [
        ("POST", "/api/user/login/"),
        ("POST", "/reviews"),
        ("PUT", "/services/1/"),
        ("DELETE", "/contacts/1/"),
        ("PATCH", "/patients/1/"),
    ] {
        let asked = "authorization,content-type,x-csrftoken,x-requested-with";
        let preflight = request(&client, Method::OPTIONS, path)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", asked);
        let answer = from_page(preflight).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let headers = answer.headers();
        assert_page_may_read(headers, path);
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(methods.split(", ").any(|one| one == method), "{methods}");
        let allowed = headers["access-control-allow-headers"].to_str().unwrap();
        for header in asked.split(',') {
            assert!(
                allowed.split(", ").any(|one| one == header),
                "{header}: {allowed}"
            );
        }
    }
    let body = |value: Value| {
        client
            .request(Method::POST, "/contacts/")
            .unwrap()
            .json(&value)
    };
    let text = client.request(Method::POST, "/contacts/").unwrap();
    let letter = json!({ "name": "string", "phone": "string", "massage": "string" });
    let plain = |method, path| client.request(method, path).unwrap();
    for (request, expected) in [
        (plain(Method::GET, "/services/"), StatusCode::OK),
        (body(letter), StatusCode::CREATED),
        (body(json!({})), StatusCode::BAD_REQUEST),
        (plain(Method::GET, "/patients/"), StatusCode::UNAUTHORIZED),
        (plain(Method::GET, "/reviews/7/"), StatusCode::NOT_FOUND),
        (plain(Method::GET, "/nowhere/"), StatusCode::NOT_FOUND),
        (
            plain(Method::PUT, "/reviews/"),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            text.body("x").header(CONTENT_TYPE, "text/plain"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            body(json!({ "name": "x".repeat(2 << 20) })),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let answer = from_page(request).await;
        assert_eq!(answer.status(), expected);
        assert_page_may_read(answer.headers(), expected.as_str());
    }
    // A cookie that the browser adds is no credential.
    let with_cookie = plain(Method::GET, "/patients/").header("cookie", "sessionid=1; csrftoken=2");
    assert_eq!(
        from_page(with_cookie).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

async fn from_registering_to_the_patient_record(on: TestServer) {
    let (_, registered) = registered(&on, "string").await;
    // The register answer's own tokens work, and so do those of a sign-in.
    let login = json!({ "username": "string", "password": "Pass1234" });
    let (status, signed_in) = post(&on.anonymous(), "/api/user/login", login).await;
    assert_eq!(status, StatusCode::OK);
    for access in [&registered["tokens"]["access"], &signed_in["access"]] {
        let bearer = |method, path: &str| {
            let request = on.anonymous().request(method, path).unwrap();
            request.bearer_auth(access.as_str().unwrap())
        };
        let (status, profile) = read(
            bearer(Method::GET, "/api/user/profiles/me")
                .send()
                .await
                .unwrap(),
        )
        .await;
        assert_eq!(
            (status, &profile["user"]),
            (StatusCode::OK, &registered["user"])
        );
        let (status, page) = read(bearer(Method::GET, "/patients").send().await.unwrap()).await;
        assert_eq!((status, &page["count"]), (StatusCode::OK, &json!(1)));
        assert_eq!(page["results"][0]["user"], "string string");
    }
    // The page reads `exp` from the token's middle part.
    let access = signed_in["access"].as_str().unwrap();
    assert_eq!(access.split('.').count(), 3);
    let refresh = json!({ "refresh": signed_in["refresh"] });
    let (status, refreshed) = post(&on.anonymous(), "/api/user/token/refresh", refresh).await;
    assert_eq!((status, keys(&refreshed)), (StatusCode::OK, vec!["access"]));
}

async fn the_last_slash_may_be_missing_whatever_the_method(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (ana, _) = registered(&on, "ana").await;
    for path in [
        "/services",
        "/reviews",
        "/contacts",
        "/patients",
        "/api/user/profiles",
    ] {
        assert_eq!(
            get(&rosa, path).await,
            get(&rosa, &format!("{path}/")).await,
            "{path}"
        );
    }
    let letter = json!({ "name": "Ida", "phone": "1", "massage": "Hello." });
    let (status, contact) = post(&on.anonymous(), "/contacts", letter).await;
    assert_eq!(status, StatusCode::CREATED);
    let review = json!({ "doctor": doctor, "body": "Good.", "rating": 5 });
    let (status, review) = post(&ana, "/reviews", review).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, service) = send_form(&rosa, Method::POST, "/services", form("X-ray")).await;
    assert_eq!(status, StatusCode::CREATED);
    for (client, path, change) in [
        (
            &rosa,
            format!("/contacts/{}", contact["id"]),
            json!({ "name": "Ada" }),
        ),
        (
            &ana,
            format!("/reviews/{}", review["id"]),
            json!({ "rating": 4 }),
        ),
        (
            &rosa,
            format!("/services/{}", service["id"]),
            json!({ "name": "CT" }),
        ),
    ] {
        assert_eq!(get(client, &path).await.0, StatusCode::OK, "{path}");
        assert_eq!(
            send(client, Method::PATCH, &path, change).await.0,
            StatusCode::OK,
            "{path}"
        );
        let gone = request(client, Method::DELETE, &path).send().await.unwrap();
        assert_eq!(gone.status(), StatusCode::NO_CONTENT, "{path}");
    }
    let listed = get(&rosa, "/reviews?limits=1").await;
    assert_eq!(listed.0, StatusCode::OK);
}

async fn a_content_type_on_get_does_no_harm(on: TestServer) {
    let (ana, _) = registered(&on, "ana").await;
    for path in [
        "/services/",
        "/reviews/?limits=2",
        "/patients/",
        "/api/user/profiles/me/",
    ] {
        let plain = get(&ana, path).await;
        assert_eq!(plain.0, StatusCode::OK, "{path}");
        for media in ["application/json", "multipart/form-data", "text/html"] {
            let typed = request(&ana, Method::GET, path).header(CONTENT_TYPE, media);
            assert_eq!(read(typed.send().await.unwrap()).await.0, StatusCode::OK);
            let with_body = request(&ana, Method::GET, path)
                .header(CONTENT_TYPE, media)
                .body("");
            assert_eq!(
                read(with_body.send().await.unwrap()).await.0,
                StatusCode::OK
            );
        }
        let empty_object = request(&ana, Method::GET, path).json(&json!({}));
        assert_eq!(
            read(empty_object.send().await.unwrap()).await.0,
            StatusCode::OK
        );
    }
    // A form without parts is an empty form, however it is written.
    let (_, page) = get(&ana, "/patients/").await;
    let path = format!("/patients/{}/", page["results"][0]["id"]);
    for body in ["", "--b--\r\n"] {
        let sent = request(&ana, Method::PATCH, &path)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(body);
        assert_eq!(
            read(sent.send().await.unwrap()).await.0,
            StatusCode::OK,
            "{body:?}"
        );
    }
    let bare = request(&ana, Method::PATCH, &path);
    assert_eq!(read(bare.send().await.unwrap()).await.0, StatusCode::OK);
}

async fn logging_out_needs_no_bearer(on: TestServer) {
    let (ana, _) = registered(&on, "ana").await;
    let tokens = ana.tokens().unwrap();
    let body = json!({ "refresh": tokens.refresh });
    for _ in 0..2 {
        let (status, answer) = post(&on.anonymous(), "/api/user/logout/", body.clone()).await;
        assert_eq!((status, keys(&answer)), (StatusCode::OK, vec!["message"]));
    }
    assert_eq!(get(&ana, "/patients/").await.0, StatusCode::UNAUTHORIZED);
    for (wrong, expected) in [
        (json!({ "refresh": tokens.access }), StatusCode::BAD_REQUEST),
        (json!({ "refresh": "string" }), StatusCode::BAD_REQUEST),
        (json!({}), StatusCode::BAD_REQUEST),
    ] {
        let refused = post(&on.anonymous(), "/api/user/logout/", wrong).await;
        assert_eq!(refused.0, expected, "{}", refused.1);
    }
}

async fn whole_objects_go_back_as_they_came(on: TestServer) {
    let (ana, _) = registered(&on, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, profile) = get(&ana, "/api/user/profiles/me/").await;
    let (_, page) = get(&ana, "/patients/").await;
    let patient = page["results"][0].clone();
    let (_, service) = send_form(&rosa, Method::POST, "/services/", form("X-ray")).await;
    let letter = json!({ "name": "Ida", "phone": "1", "massage": "Hello." });
    let (_, contact) = post(&rosa, "/contacts/", letter).await;
    for (client, path, object) in [
        (&ana, "/api/user/profiles", profile),
        (&ana, "/patients", patient),
        (&rosa, "/services", service),
        (&rosa, "/contacts", contact),
    ] {
        let path = format!("{path}/{}/", object["id"]);
        for method in [Method::PUT, Method::PATCH] {
            let (status, mut answer) = send(client, method, &path, object.clone()).await;
            assert_eq!(status, StatusCode::OK, "{path}: {answer}");
            if answer.get("updated_at").is_some() {
                answer["updated_at"] = object["updated_at"].clone();
            }
            assert_eq!(answer, object, "{path}");
        }
    }
}

async fn numbers_may_be_strings(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let (ana, _) = registered(&on, "ana").await;
    let body = json!({ "doctor": doctor.to_string(), "body": "Good.", "rating": "4", "id": "9", "reviewer": 3 });
    let (status, review) = post(&ana, "/reviews/", body.clone()).await;
    assert_eq!(
        (status, &review["rating"]),
        (StatusCode::CREATED, &json!("⭐⭐⭐⭐"))
    );
    let path = format!("/reviews/{}/", review["id"]);
    assert_eq!(
        send(&ana, Method::PUT, &path, body).await,
        (StatusCode::OK, review)
    );
}
