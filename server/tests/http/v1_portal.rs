//! `/v1/api/public-portal/` (API.md §4): open to everybody, throttled, kept for a while, and nothing
//! private in it.

use clinic_shared::Role;
use clinic_shared::client::reqwest::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use clinic_shared::client::reqwest::{Method, Response, StatusCode};
use clinic_shared::client::{Client, PageQuery};
use clinic_shared::v1::portal::{BugReportInput, ContactUs};
use serde_json::{Value, json};

use crate::media::{fetch, png};
use crate::reviews::{patient, write};
use crate::services::make;
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, keys, post, request, status};
use crate::support::{on_both, on_both_databases};
use crate::uploads::files;

on_both! {
    people_write_with_an_email_or_a_phone,
    faults_of_what_people_write,
    a_bug_is_reported_with_a_picture,
    services_are_shown_in_pages,
    nothing_private_slips_out,
    what_is_kept_is_asked_for_once,
}

on_both_databases! {
    the_portal_is_throttled_as_the_public,
}

const BASE: &str = "/v1/api/public-portal/";

fn contact() -> ContactUs {
    ContactUs {
        name: "Ana Sousa".to_owned(),
        message: "When do you open?".to_owned(),
        ..ContactUs::default()
    }
}

async fn people_write_with_an_email_or_a_phone(on: TestServer) {
    let nobody = on.anonymous();
    let by_mail = ContactUs {
        email: Some(" ana@example.org ".to_owned()),
        subject: Some("Hours".to_owned()),
        ..contact()
    };
    let made = nobody.contact_us(&by_mail).await.unwrap();
    assert_eq!(
        (made.email.as_deref(), made.phone, made.subject.as_deref()),
        (Some("ana@example.org"), None, Some("Hours"))
    );
    let by_phone = ContactUs {
        phone: Some("030 555".to_owned()),
        ..contact()
    };
    nobody.contact_us(&by_phone).await.unwrap();
    // Signed in or not, staff or not.
    let ana = on.sign_in(Role::Patient, "ana").await;
    ana.contact_us(&by_phone).await.unwrap();
    // Staff read them, in both families.
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, desk) = get(&rosa, "/v1/api/desk/contacts/").await;
    assert_eq!(desk["count"], 3);
    let first = &desk["results"][2];
    assert_eq!(
        (&first["email"], &first["phone"], &first["subject"]),
        (&json!("ana@example.org"), &json!(""), &json!("Hours"))
    );
    let (_, classic) = get(&rosa, "/contacts/").await;
    assert_eq!(classic[2]["massage"], "When do you open?");
    // Correcting one in classic keeps what classic does not show.
    let path = format!("/contacts/{}/", made.id);
    let mut body = classic[2].clone();
    body["name"] = json!("Ana S.");
    let answer = request(&rosa, Method::PUT, &path).json(&body).send().await;
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
    let (_, kept) = get(&rosa, &format!("/v1/api/desk{path}")).await;
    assert_eq!(
        (&kept["name"], &kept["email"], &kept["subject"]),
        (&json!("Ana S."), &json!("ana@example.org"), &json!("Hours"))
    );
    assert_eq!(
        get(&nobody, "/v1/api/desk/contacts/").await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn faults_of_what_people_write(on: TestServer) {
    let nobody = on.anonymous();
    let path = format!("{BASE}contact-us/");
    let (status, body) = post(&nobody, &path, json!({ "name": "Ana", "message": "Hi" })).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["non_field_errors"])
    );
    let body = json!({ "name": " ", "email": "nowhere", "phone": "1".repeat(33), "message": "",
        "website": "https://spam.example.org" });
    let (status, body) = post(&nobody, &path, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        ["email", "message", "name", "phone", "website"],
        "{body}"
    );
    let (status, body) = post(&nobody, &format!("{BASE}report-bug/"), json!({})).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["bug_type", "issue"])
    );
}

async fn a_bug_is_reported_with_a_picture(on: TestServer) {
    let nobody = on.anonymous();
    let report = BugReportInput {
        bug_type: "display".to_owned(),
        issue: "The page is upside down.".to_owned(),
        email: None,
    };
    let made = nobody.report_bug(&report, Some(png())).await.unwrap();
    let image = made.image.unwrap();
    assert_eq!(fetch(&on, &image).await.0, StatusCode::OK, "a signed link");
    let bare = image.split('?').next().unwrap();
    assert_eq!(fetch(&on, bare).await.0, StatusCode::NOT_FOUND);
    let plain = nobody.report_bug(&report, None).await.unwrap();
    assert_eq!(plain.image, None);
    let wrong = nobody
        .report_bug(&report, Some(b"no picture".to_vec()))
        .await;
    assert_eq!(status(wrong), 400);
    assert_eq!(files(&on).len(), 1);
    // JSON works too, and who is signed in is known.
    let ana = on.sign_in(Role::Patient, "ana").await;
    let body = json!({ "bug_type": "other", "issue": "Slow" });
    let (created, _) = post(&ana, &format!("{BASE}report-bug/"), body).await;
    assert_eq!(created, StatusCode::CREATED);
    let ada = on.sign_in(Role::Admin, "ada").await;
    let (_, list) = get(&ada, "/v1/api/desk/bug-reports/").await;
    assert_eq!(list["count"], 3);
    assert!(list["results"][0]["user"].is_string());
    assert!(list["results"][2]["user"].is_null());
}

async fn services_are_shown_in_pages(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for name in ["X-ray", "Blood test", "Vaccination"] {
        make(&rosa, name).await;
    }
    let nobody = on.anonymous();
    let query = PageQuery {
        limits: Some(2),
        ..PageQuery::default()
    };
    let page = nobody.public_services(&query).await.unwrap();
    assert_eq!((page.count, page.results.len()), (3, 2));
    assert_eq!(fetch(&on, &page.results[0].image).await.0, StatusCode::OK);
    let next = page.next.unwrap();
    let (_, rest) = get(&nobody, next.strip_prefix(&on.server.url()).unwrap()).await;
    assert_eq!(rest["results"][0]["name"], "Vaccination");
    assert_eq!(rest["next"], Value::Null);
}

/// Every key of an answer, with the place it stands at.
fn paths(value: &Value, at: &str, found: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{at}.{name}");
                paths(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| paths(value, &format!("{at}[]"), found)),
        _ => {}
    }
}

async fn nothing_private_slips_out(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let mut ids = Vec::new();
    for (path, body) in [
        ("designations", json!({ "name": "Chief" })),
        ("specializations", json!({ "name": "Cardiology" })),
        ("available-times", json!({ "name": "Mornings" })),
    ] {
        let (_, made) = post(&ada, &format!("/v1/api/doctor/{path}/"), body).await;
        ids.push(made["id"].clone());
    }
    let dora = on.signed_in("dora").await;
    let body = json!({ "designation": [ids[0]], "specialization": [ids[1]],
        "available_time": [ids[2]], "meet_link": "https://secret.example.org", "fee": "10" });
    let me = "/v1/api/doctor/profile/me/";
    let answer = request(&dora, Method::PATCH, me).json(&body).send().await;
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
    crate::v1_operations::accepted_qualification(&on, &dora, &ada).await;
    let ana = patient(&on, "ana", "Ana", "Sousa").await;
    write(&ana, doctor, json!(5)).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    make(&rosa, "X-ray").await;

    let nobody = on.anonymous();
    let mut lines = Vec::new();
    for path in [
        "/v1/api/doctor/list/",
        "/v1/api/doctor/profile/dora@example.org",
        "/v1/api/doctor/reviews/",
        "/v1/api/public-portal/list/doctor/",
        "/v1/api/public-portal/list/doctor/reviews/",
        "/v1/api/public-portal/services/",
    ] {
        let (status, body) = get(&nobody, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let text = body.to_string();
        assert!(
            !text.contains("secret") && !text.contains("@"),
            "{path}: {text}"
        );
        let mut found = std::collections::BTreeSet::new();
        paths(&body, "", &mut found);
        lines.push(path.to_owned());
        lines.extend(found.into_iter().map(|field| format!("  {field}")));
    }
    insta::assert_snapshot!("public_fields", lines.join("\n"));
}

async fn asked(client: &Client, path: &str, etag: Option<&str>) -> Response {
    let mut request = request(client, Method::GET, path);
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    request.send().await.unwrap()
}

fn header(answer: &Response, name: clinic_shared::client::reqwest::header::HeaderName) -> String {
    let all = answer.headers().get_all(name).iter();
    let all: Vec<&str> = all.map(|value| value.to_str().unwrap()).collect();
    all.join(", ")
}

async fn what_is_kept_is_asked_for_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    make(&rosa, "X-ray").await;
    on.doctor("dora", 500).await;
    let nobody = on.anonymous();
    for path in [
        "/v1/api/doctor/list/",
        "/v1/api/doctor/profile/dora@example.org",
        "/v1/api/public-portal/list/doctor/",
        "/v1/api/public-portal/list/doctor/reviews/",
        "/v1/api/public-portal/services/",
    ] {
        let first = asked(&nobody, path, None).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        let etag = header(&first, ETAG);
        assert_eq!(header(&first, CACHE_CONTROL), "public, max-age=60");
        assert!(header(&first, VARY).contains("Authorization"), "{path}");
        for tags in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let again = asked(&nobody, path, Some(&tags)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {tags}");
            assert_eq!(header(&again, ETAG), etag);
            assert!(!header(&again, CACHE_CONTROL).is_empty());
            assert_eq!(again.text().await.unwrap(), "");
        }
        let other = asked(&nobody, path, Some("\"other\"")).await;
        assert_eq!(other.status(), StatusCode::OK);
        // The same to whoever is signed in.
        assert_eq!(header(&asked(&rosa, path, None).await, ETAG), etag);
    }
    let path = "/v1/api/public-portal/services/";
    let etag = header(&asked(&nobody, path, None).await, ETAG);
    make(&rosa, "Blood test").await;
    let changed = asked(&nobody, path, Some(&etag)).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(header(&changed, ETAG), etag);
}

async fn the_portal_is_throttled_as_the_public(db: TestDb) {
    let settings = [(
        "RATE_LIMITS",
        "auth=100/m,public=3/m,user=1000/m,staff=1000/m",
    )];
    let on = TestServer::start_with(db, &settings).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let path = format!("{BASE}services/");
    // Signed in or not.
    for client in [&ana, &on.anonymous()] {
        let mut refused = 0;
        for _ in 0..6 {
            let answer = asked(client, &path, None).await;
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                assert!(answer.headers().contains_key("retry-after"));
                refused += 1;
            }
        }
        assert!(refused >= 2, "{refused}");
    }
    // What else she does is hers.
    assert_eq!(
        get(&ana, "/v1/api/patient/patients/me/").await.0,
        StatusCode::OK
    );
}
