//! `/v1/api/doctor/reviews/` (API.md §4).

use clinic_shared::Role;
use clinic_shared::client::PageQuery;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::v1::lenient::PersonId;
use clinic_shared::v1::reviews::{ReviewChange, ReviewInput};
use serde_json::json;
use uuid::Uuid;

use crate::reviews::patient;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send, status};

on_both! {
    a_patient_writes_and_everybody_reads,
    only_its_author_changes_it_and_admins_delete,
    every_faulty_field_is_told_at_once,
    lists_are_filtered_and_scrolled,
}

const PATH: &str = "/v1/api/doctor/reviews/";

fn review(doctor: Uuid, star: i64) -> ReviewInput {
    ReviewInput {
        doctor: PersonId(doctor),
        body: "Took her time.".to_owned(),
        star,
    }
}

async fn a_patient_writes_and_everybody_reads(on: TestServer) {
    let dora = on.doctor("dora", 500).await.id;
    let ana = patient_of_v1(&on, "ana", "Ana", "Sousa").await;
    let made = ana.write_review(&review(dora, 4)).await.unwrap();
    let nobody = on.anonymous();
    let seen = nobody.review(made.value.id).await.unwrap();
    assert_eq!(seen, made);
    let page = nobody.reviews(&PageQuery::default()).await.unwrap();
    assert_eq!(page.results, std::slice::from_ref(&made.value));
    let (_, shown) = get(&nobody, &format!("{PATH}{}/", made.value.id)).await;
    assert_eq!(
        keys(&shown),
        [
            "body",
            "created_at",
            "doctor",
            "id",
            "reviewer",
            "star",
            "updated_at"
        ]
    );
    assert_eq!(
        (&shown["doctor"]["full_name"], &shown["reviewer"]),
        (&json!("dora"), &json!("Ana Sousa"))
    );
    // Classic shows the same review.
    let (_, classic) = get(&nobody, &format!("/reviews/{}/", made.value.id)).await;
    assert_eq!(classic["rating"], "⭐⭐⭐⭐");
    // Once a doctor, and not without a patient record.
    assert_eq!(status(ana.write_review(&review(dora, 5)).await), 400);
    let ada = on.sign_in(Role::Admin, "ada").await;
    assert_eq!(status(ada.write_review(&review(dora, 5)).await), 400);
    let own = on.signed_in("dora").await;
    assert_eq!(status(own.write_review(&review(dora, 5)).await), 400);
    let body = json!({ "doctor": dora, "body": "Hm.", "star": 1 });
    assert_eq!(post(&nobody, PATH, body).await.0, StatusCode::UNAUTHORIZED);
    // A hidden doctor looks like none.
    on.hidden_doctor("hidden", &[]).await;
    let (_, doctors) = get(&ada, "/v1/api/desk/doctors/?verified=false").await;
    for doctor in [&doctors["results"][0]["id"], &json!(Uuid::nil())] {
        let body = json!({ "doctor": doctor, "body": "Hm.", "star": 1 });
        let (status, answer) = post(&ana, PATH, body).await;
        assert_eq!(
            (status, keys(&answer["errors"])),
            (StatusCode::BAD_REQUEST, vec!["doctor"])
        );
    }
}

/// A patient who may use v1.
async fn patient_of_v1(
    on: &TestServer,
    username: &str,
    first: &str,
    last: &str,
) -> clinic_shared::client::Client {
    on.account_of(Role::Patient, username, (first, last)).await;
    on.signed_in(username).await
}

async fn only_its_author_changes_it_and_admins_delete(on: TestServer) {
    let dora = on.doctor("dora", 500).await.id;
    let ana = patient_of_v1(&on, "ana", "Ana", "Sousa").await;
    let ben = patient_of_v1(&on, "ben", "Ben", "Stein").await;
    let made = ana.write_review(&review(dora, 4)).await.unwrap();
    let id = made.value.id;
    let change = ReviewChange {
        star: Some(2),
        ..ReviewChange::default()
    };
    for other in [&ben, &on.sign_in(Role::Receptionist, "rosa").await] {
        assert_eq!(status(other.change_review(id, &change, None).await), 403);
        assert_eq!(status(other.delete_review(id).await), 403);
    }
    on.wait(60);
    let etag = made.etag.as_deref();
    let changed = ana.change_review(id, &change, etag).await.unwrap().value;
    assert_eq!((changed.star, changed.body.as_str()), (2, "Took her time."));
    assert!(changed.updated_at > changed.created_at);
    assert_eq!(status(ana.change_review(id, &change, etag).await), 412);
    // What GET gave can be sent back; the doctor stays.
    let path = format!("{PATH}{id}/");
    let (_, shown) = get(&ana, &path).await;
    let (status, put) = send(&ana, Method::PUT, &path, shown.clone()).await;
    assert_eq!((status, put), (StatusCode::OK, shown));
    let emil = on.doctor("emil", 500).await.id;
    let (status, body) = send(&ana, Method::PATCH, &path, json!({ "doctor": emil })).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["doctor"])
    );
    let ada = on.sign_in(Role::Admin, "ada").await;
    ada.delete_review(id).await.unwrap();
    assert_eq!(self::status(ana.review(id).await), 404);
    assert_eq!(self::status(ana.delete_review(id).await), 404);
    // An account that was not verified does nothing here.
    let clara = patient(&on, "clara", "Clara", "Noon").await;
    assert_eq!(
        self::status(clara.write_review(&review(dora, 1)).await),
        403
    );
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let ana = patient_of_v1(&on, "ana", "Ana", "Sousa").await;
    let body = json!({ "doctor": "dora", "body": " ", "star": 6, "rating": 5 });
    let (status, body) = post(&ana, PATH, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        ["body", "doctor", "rating", "star"],
        "{body}"
    );
}

async fn lists_are_filtered_and_scrolled(on: TestServer) {
    let dora = on.doctor("dora", 500).await.id;
    let emil = on.doctor("emil", 500).await.id;
    let names = [("ana", "Sousa"), ("ben", "Stein"), ("carl", "Noon")];
    for (n, (first, last)) in (1..).zip(names) {
        let client = patient_of_v1(&on, first, first, last).await;
        client.write_review(&review(dora, n)).await.unwrap();
        client.write_review(&review(emil, 5)).await.unwrap();
    }
    let nobody = on.anonymous();
    for base in [PATH, "/v1/api/public-portal/list/doctor/reviews/"] {
        for (query, count) in [
            (String::new(), 6),
            (format!("doctor={dora}"), 3),
            (format!("doctor={}", Uuid::nil()), 0),
            ("star=5".to_owned(), 3),
            ("star=9".to_owned(), 0),
            (format!("doctor={dora}&star=2"), 1),
            ("search=sousa".to_owned(), 2),
            (format!("search=stein&doctor={emil}"), 1),
        ] {
            let mut path = format!("{base}?limits=2&{query}");
            let mut seen = Vec::new();
            loop {
                let (status, page) = get(&nobody, &path).await;
                assert_eq!(
                    (status, &page["count"]),
                    (StatusCode::OK, &json!(count)),
                    "{path}"
                );
                let rows = page["results"].as_array().unwrap();
                seen.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
                let Some(next) = page["next"].as_str() else {
                    break;
                };
                assert!(next.contains("cursor="), "{next}");
                path = next.strip_prefix(&on.server.url()).unwrap().to_owned();
            }
            assert_eq!(seen.len(), count, "{query}");
            assert!(seen.is_sorted(), "{query}: {seen:?}");
        }
        let wrong = get(&nobody, &format!("{base}?doctor=dora")).await;
        assert_eq!(wrong.0, StatusCode::BAD_REQUEST);
    }
}
