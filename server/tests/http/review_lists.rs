//! `/reviews/`: filters, search and pages (API.md §3).

use std::sync::Arc;

use clinic_server::clinic::Clinic;
use clinic_server::clinic::paging::Paging;
use clinic_server::clinic::reviews::{self, Listing};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::reviews::{found, id, patient, write};
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send};

on_both! {
    filters_take_any_of_several_and_all_kinds_at_once,
    search_takes_the_beginnings_of_both_names,
    pages_keep_their_parameters,
    reviews_leave_with_their_author,
    a_list_takes_few_statements_however_long,
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
    for (listing, statements) in [(all, 2), (of_doctor, 1), (searched, 3)] {
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
