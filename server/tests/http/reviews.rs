//! `/reviews/` (API.md §3).

use std::sync::Arc;

use clinic_server::clinic::Clinic;
use clinic_server::clinic::paging::Paging;
use clinic_server::clinic::reviews::{self, Listing};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send};

on_both! {
    a_patient_writes_and_everybody_reads,
    a_rating_may_be_stars_number_or_digit,
    every_faulty_field_is_told_at_once,
    only_patients_review_others_and_each_once,
    doctors_whom_nobody_sees_are_not_reviewed,
    the_author_changes_the_author_and_admins_delete,
    filters_take_any_of_several_and_all_kinds_at_once,
    search_takes_the_beginnings_of_both_names,
    pages_keep_their_parameters,
    reviews_leave_with_their_author,
    a_list_takes_few_statements_however_long,
}

async fn write(client: &Client, doctor: i64, rating: Value) -> Value {
    let body = json!({ "doctor": doctor, "body": "Took her time.", "rating": rating });
    let (status, made) = post(client, "/reviews/", body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

/// A patient with an account of this name and a full one.
async fn patient(on: &TestServer, username: &str, first: &str, last: &str) -> Client {
    let form = json!({
        "username": username, "first_name": first, "last_name": last,
        "email": format!("{username}@example.org"),
        "password": "Pass1234", "confirm_password": "Pass1234",
    });
    let client = on.anonymous();
    let (status, body) = post(&client, "/api/user/register/", form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    client.sign_in(username, "Pass1234").await.unwrap();
    client
}

/// The numbers of the reviews that a query finds.
async fn found(on: &TestServer, query: &str) -> Vec<i64> {
    let (status, page) = get(&on.anonymous(), &format!("/reviews/?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len(), "{query}");
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

fn id(review: &Value) -> i64 {
    review["id"].as_i64().unwrap()
}

async fn a_patient_writes_and_everybody_reads(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let ana = patient(&on, "ana", "Ana", "Sousa").await;
    let made = write(&ana, doctor, json!("⭐⭐⭐⭐⭐")).await;
    assert_eq!(
        made,
        json!({
            "id": made["id"], "reviewer": "Ana Sousa", "doctor_name": "Dora Keller",
            "body": "Took her time.", "created_on": "2026-03-02", "rating": "⭐⭐⭐⭐⭐",
        })
    );
    let nobody = on.anonymous();
    let path = format!("/reviews/{}/", made["id"]);
    assert_eq!(get(&nobody, &path).await, (StatusCode::OK, made.clone()));
    let (status, page) = get(&nobody, "/reviews/").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        page,
        json!({ "count": 1, "next": null, "previous": null, "results": [made] })
    );
    assert_eq!(
        get(&nobody, "/reviews/987654/").await,
        (
            StatusCode::NOT_FOUND,
            json!({ "detail": "No Review matches the given query." })
        )
    );
    let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
    assert_eq!(
        post(&nobody, "/reviews/", body).await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn a_rating_may_be_stars_number_or_digit(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ways = [json!("⭐⭐⭐"), json!(3), json!("3")];
    for (n, way) in ways.iter().enumerate() {
        let doctor = on.named_doctor(&format!("d{n}"), "Dora Keller").await;
        assert_eq!(
            write(&ana, doctor, way.clone()).await["rating"],
            "⭐⭐⭐",
            "{way}"
        );
    }
    let doctor = on.named_doctor("dd", "Dora Keller").await;
    for wrong in [
        json!(0),
        json!(6),
        json!("6"),
        json!(""),
        json!("⭐⭐⭐⭐⭐⭐"),
        json!(1.5),
        json!([3]),
    ] {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": wrong });
        let (status, errors) = post(&ana, "/reviews/", body).await;
        assert_eq!(
            (status, keys(&errors)),
            (StatusCode::BAD_REQUEST, vec!["rating"]),
            "{wrong}"
        );
        assert_eq!(
            errors["rating"],
            json!(["Choose from 1 to 5, or from ⭐ to ⭐⭐⭐⭐⭐."])
        );
    }
    // Ids come as digits too.
    let body = json!({ "doctor": doctor.to_string(), "body": "Hm.", "rating": "⭐" });
    assert_eq!(post(&ana, "/reviews/", body).await.0, StatusCode::CREATED);
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (status, errors) = post(&ana, "/reviews/", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let required = json!(["This field is required."]);
    assert_eq!(
        errors,
        json!({ "doctor": required, "body": required, "rating": required })
    );
    let faulty = json!({ "doctor": 7, "body": "x".repeat(5001), "rating": 9 });
    let (_, errors) = post(&ana, "/reviews/", faulty).await;
    assert_eq!(keys(&errors), ["body", "doctor", "rating"]);
    assert_eq!(
        errors["doctor"],
        json!(["Invalid pk \"7\" - object does not exist."])
    );
    let faulty = json!({ "doctor": "seven", "body": " ", "rating": null });
    let (_, errors) = post(&ana, "/reviews/", faulty).await;
    assert_eq!(keys(&errors), ["body", "doctor", "rating"]);
    assert_eq!(errors["body"], json!(["This field may not be blank."]));
    assert_eq!(errors["rating"], json!(["This field may not be null."]));
}

async fn only_patients_review_others_and_each_once(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let refused = async |client: &Client, why: &str| {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
        let (status, errors) = post(client, "/reviews/", body).await;
        assert_eq!(
            (status, keys(&errors)),
            (StatusCode::BAD_REQUEST, vec!["non_field_errors"])
        );
        let message = errors["non_field_errors"][0].as_str().unwrap().to_owned();
        assert!(message.contains(why), "{message}");
    };
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    refused(&rosa, "patient record").await;

    let dora = on.anonymous();
    dora.sign_in("dora", crate::support::server::PASSWORD)
        .await
        .unwrap();
    refused(&dora, "patient record").await;
    assert_eq!(
        post(&dora, "/patients/", json!({})).await.0,
        StatusCode::CREATED
    );
    refused(&dora, "yourself").await;

    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    write(&ana, doctor, json!(5)).await;
    refused(&ana, "already").await;
    write(&ben, doctor, json!(4)).await;
    assert_eq!(found(&on, "").await.len(), 2);
}

async fn doctors_whom_nobody_sees_are_not_reviewed(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let new = on.named_doctor("new", "New Doctor").await;
    on.of_doctor("UPDATE doctor SET verified_at = NULL WHERE id = $1", new)
        .await;
    let gone = on.named_doctor("gone", "Gone Doctor").await;
    on.of_doctor(
        "UPDATE doctor SET retired_at = created_at WHERE id = $1",
        gone,
    )
    .await;
    for doctor in [new, gone, 987_654] {
        let body = json!({ "doctor": doctor, "body": "Hm.", "rating": 1 });
        let message = format!("Invalid pk \"{doctor}\" - object does not exist.");
        assert_eq!(
            post(&ana, "/reviews/", body).await,
            (StatusCode::BAD_REQUEST, json!({ "doctor": [message] }))
        );
    }
}

async fn the_author_changes_the_author_and_admins_delete(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let other = on.named_doctor("emil", "Emil Roth").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    let made = write(&ana, doctor, json!(5)).await;
    let path = format!("/reviews/{}/", made["id"]);
    let whole = json!({ "doctor": doctor, "body": "Better now.", "rating": "⭐⭐" });
    for stranger in [&ben, &rosa, &ada] {
        for method in [Method::PUT, Method::PATCH] {
            let refused = send(stranger, method, &path, whole.clone()).await;
            assert_eq!(refused.0, StatusCode::FORBIDDEN);
        }
    }
    for stranger in [&ben, &rosa] {
        let refused = send(stranger, Method::DELETE, &path, json!({})).await;
        assert_eq!(refused.0, StatusCode::FORBIDDEN);
    }
    let nobody = on.anonymous();
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = send(&nobody, method, &path, whole.clone()).await;
        assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    }

    on.wait(24 * 3600 - 60);
    let ana = {
        let again = on.anonymous();
        again
            .sign_in("ana", crate::support::server::PASSWORD)
            .await
            .unwrap();
        again
    };
    let (status, changed) = send(&ana, Method::PUT, &path, whole.clone()).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (&changed["body"], &changed["rating"]),
        (&json!("Better now."), &json!("⭐⭐"))
    );
    assert_eq!(
        changed["created_on"], "2026-03-02",
        "the day it was written"
    );
    let (status, errors) = send(&ana, Method::PUT, &path, json!({ "rating": 3 })).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["body", "doctor"])
    );
    let (status, changed) = send(&ana, Method::PATCH, &path, json!({ "rating": "3" })).await;
    assert_eq!(
        (status, &changed["rating"]),
        (StatusCode::OK, &json!("⭐⭐⭐"))
    );
    assert_eq!(changed["body"], "Better now.");
    let move_it = json!({ "doctor": other, "body": " " });
    let (status, errors) = send(&ana, Method::PATCH, &path, move_it).await;
    assert_eq!(
        (status, keys(&errors)),
        (StatusCode::BAD_REQUEST, vec!["body", "doctor"])
    );

    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(get(&nobody, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(found(&on, "").await, Vec::<i64>::new());
    let again = write(&ana, doctor, json!(1)).await;
    let path = format!("/reviews/{}/", again["id"]);
    let ada = {
        let again = on.anonymous();
        again
            .sign_in("ada", crate::support::server::PASSWORD)
            .await
            .unwrap();
        again
    };
    assert_eq!(
        send(&ada, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        send(&ada, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(get(&nobody, "/reviews/").await.1["count"], 0);
    let audit = on.audit(100).await;
    let changes: Vec<_> = audit
        .iter()
        .map(|(_, action, _)| action.as_str())
        .filter(|action| action.ends_with("_review"))
        .collect();
    assert_eq!(
        changes,
        [
            "delete_review",
            "create_review",
            "delete_review",
            "change_review",
            "change_review",
            "create_review"
        ]
    );
}

async fn filters_take_any_of_several_and_all_kinds_at_once(on: TestServer) {
    let dora = on.named_doctor("dora", "Dora Keller").await;
    let emil = on.named_doctor("emil", "Emil Roth").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let number =
        async |client: &Client| get(client, "/patients/").await.1["results"][0]["id"].clone();
    let (a, b) = (number(&ana).await, number(&ben).await);
    let one = id(&write(&ana, dora, json!(5)).await);
    let two = id(&write(&ana, emil, json!(3)).await);
    let three = id(&write(&ben, dora, json!(1)).await);
    let cases = [
        (String::new(), vec![one, two, three]),
        (format!("doctor={dora}"), vec![one, three]),
        (
            format!("doctor={dora}&doctor={emil}"),
            vec![one, two, three],
        ),
        (format!("doctor={emil}&doctor=987654"), vec![two]),
        ("doctor=987654".to_owned(), vec![]),
        ("doctor=99999999999999999999".to_owned(), vec![]),
        ("doctor=".to_owned(), vec![one, two, three]),
        (format!("reviwer={a}"), vec![one, two]),
        (format!("reviwer={a}&reviwer={b}"), vec![one, two, three]),
        ("reviwer=987654".to_owned(), vec![]),
        (format!("reviewer={a}"), vec![one, two, three]),
        ("rating=5".to_owned(), vec![one]),
        ("rating=%E2%AD%90%E2%AD%90%E2%AD%90".to_owned(), vec![two]),
        (
            "rating=1&rating=%E2%AD%90%E2%AD%90%E2%AD%90".to_owned(),
            vec![two, three],
        ),
        ("rating=2".to_owned(), vec![]),
        (format!("doctor={dora}&reviwer={a}&rating=5"), vec![one]),
        (format!("doctor={dora}&reviwer={a}&rating=1"), vec![]),
        (format!("doctor={dora}&rating=1&search=ben"), vec![three]),
        (format!("reviwer={a}&search=roth"), vec![two]),
        (
            "rating=5&rating=1&search=keller".to_owned(),
            vec![one, three],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&on, &query).await, expected, "{query}");
    }
    for (query, field) in [
        ("doctor=abc", "doctor"),
        ("reviwer=1.5", "reviwer"),
        ("rating=6", "rating"),
        ("rating=good", "rating"),
        ("rating=5&rating=x", "rating"),
    ] {
        let (status, errors) = get(&on.anonymous(), &format!("/reviews/?{query}")).await;
        assert_eq!(
            (status, keys(&errors)),
            (StatusCode::BAD_REQUEST, vec![field]),
            "{query}"
        );
    }
}

async fn search_takes_the_beginnings_of_both_names(on: TestServer) {
    let dora = on.named_doctor("dora", "Dora Müller-Keller").await;
    let emil = on.named_doctor("emil", "Emil Roth").await;
    let lucja = patient(&on, "lucja", "Łucja", "Ångström").await;
    let ben = patient(&on, "ben", "Ben", "Rothschild").await;
    let one = id(&write(&lucja, dora, json!(5)).await);
    let two = id(&write(&lucja, emil, json!(4)).await);
    let three = id(&write(&ben, dora, json!(3)).await);
    for (typed, expected) in [
        ("lucja", vec![one, two]),
        ("LUC%20ang", vec![one, two]),
        ("roth", vec![two, three]),
        ("rothsch", vec![three]),
        ("muller", vec![one, three]),
        ("mueller", vec![one, three]),
        ("keller%20luc", vec![one]),
        ("dora%20roth", vec![three]),
        ("oth", vec![]),
        ("nobody", vec![]),
        ("%25", vec![]),
        ("_", vec![]),
        ("%20", vec![one, two, three]),
    ] {
        assert_eq!(
            found(&on, &format!("search={typed}")).await,
            expected,
            "{typed}"
        );
    }
}

async fn pages_keep_their_parameters(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    for name in ["ana", "ben", "cleo"] {
        let client = on.sign_in(Role::Patient, name).await;
        write(&client, doctor, json!(4)).await;
    }
    let nobody = on.anonymous();
    for query in ["", "&search=keller", "&rating=4", "&doctor=1"] {
        let path = format!("/reviews/?limits=2{query}");
        let (_, first) = get(&nobody, &path).await;
        assert_eq!(
            (&first["count"], first["results"].as_array().unwrap().len()),
            (&json!(3), 2)
        );
        let next = first["next"].as_str().unwrap();
        assert_eq!(next, format!("{}{path}&page=2", on.server.url()));
        let (_, second) = get(&nobody, next.strip_prefix(&on.server.url()).unwrap()).await;
        assert_eq!(
            (
                &second["count"],
                second["results"].as_array().unwrap().len()
            ),
            (&json!(3), 1)
        );
        assert_eq!(second["next"], json!(null));
        assert_eq!(second["previous"], format!("{}{path}", on.server.url()));
        let beyond = get(&nobody, &format!("{path}&page=3")).await;
        assert_eq!(
            beyond,
            (StatusCode::NOT_FOUND, json!({ "detail": "Invalid page." }))
        );
    }
    let (status, page) = get(&nobody, "/reviews/?limits=rubbish&page=").await;
    assert_eq!((status, &page["count"]), (StatusCode::OK, &json!(3)));
}

async fn reviews_leave_with_their_author(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let hers = write(&ana, doctor, json!(5)).await;
    let his = write(&ben, doctor, json!(2)).await;
    let (_, page) = get(&ana, "/patients/").await;
    let record = format!("/patients/{}/", page["results"][0]["id"]);
    assert_eq!(
        send(&ana, Method::DELETE, &record, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    let path = format!("/reviews/{}/", hers["id"]);
    assert_eq!(get(&on.anonymous(), &path).await.0, StatusCode::NOT_FOUND);
    for method in [Method::PATCH, Method::DELETE] {
        assert_eq!(
            send(&ana, method, &path, json!({})).await.0,
            StatusCode::NOT_FOUND
        );
    }
    for query in ["", "doctor=1", "rating=5&rating=2", "search=keller"] {
        assert_eq!(found(&on, query).await, [id(&his)], "{query}");
    }
    // Back again with another record, she may review anew.
    assert_eq!(
        post(&ana, "/patients/", json!({})).await.0,
        StatusCode::CREATED
    );
    write(&ana, doctor, json!(4)).await;
    assert_eq!(found(&on, "").await.len(), 2);
}

async fn a_list_takes_few_statements_however_long(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    for name in ["ana", "ben", "cleo"] {
        let client = on.sign_in(Role::Patient, name).await;
        write(&client, doctor, json!(4)).await;
    }
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    let all = Listing::default();
    let of_doctor = Listing {
        doctors: vec![doctor],
        ..Listing::default()
    };
    let searched = Listing {
        search: Some("keller a".to_owned()),
        ..Listing::default()
    };
    for (listing, statements) in [(all, 2), (of_doctor, 1), (searched, 2)] {
        for limit in [1, 100] {
            let paging = Paging {
                page: 1,
                cursor: None,
                limit,
            };
            recorder.clear();
            reviews::list(&clinic, &listing, &paging).await.unwrap();
            assert_eq!(recorder.count(), statements, "{:?}", recorder.texts());
        }
    }
}
