//! Lists of doctors: filters, pages, and what they cost.

use std::sync::Arc;

use clinic_server::clinic::doctors::{self, Filter};
use clinic_server::clinic::paging::Paging;
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use super::{listed, made};
use crate::support::on_both;
use crate::support::server::{TestServer, get, send};

on_both! {
    filters_are_any_within_and_all_between,
    pages_keep_their_parameters,
    a_list_takes_the_same_few_statements_whatever_the_page,
}

async fn filters_are_any_within_and_all_between(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let rank = made(&admin, "/designations/", "Professor").await;
    let heart = made(&admin, "/specialisations/", "Heart").await;
    let lungs = made(&admin, "/specialisations/", "Lungs").await;
    let nine = made(&admin, "/available-time/", "09:00").await;
    let mut numbers = Vec::new();
    for (name, fee, change) in [
        (
            "one",
            100,
            json!({ "specialisation": [heart], "designation": [rank] }),
        ),
        (
            "two",
            100,
            json!({ "specialisation": [heart, lungs], "available_time": [nine] }),
        ),
        (
            "three",
            200,
            json!({ "specialisation": [lungs], "designation": [rank] }),
        ),
        ("four", 300, json!({})),
    ] {
        let doctor = on.doctor(name, fee).await;
        let path = format!("/doctors/{}/", doctor.number);
        assert_eq!(
            send(&admin, Method::PATCH, &path, change).await.0,
            StatusCode::OK
        );
        numbers.push(doctor.number);
    }
    let anonymous = on.anonymous();
    for (query, places) in [
        (String::new(), vec![0, 1, 2, 3]),
        (format!("specialisation={heart}"), vec![0, 1]),
        (
            format!("specialisation={heart}&specialisation={lungs}"),
            vec![0, 1, 2],
        ),
        (
            format!("specialisation={heart}&designation={rank}"),
            vec![0],
        ),
        (
            format!("available_time={nine}&specialisation=&x=1"),
            vec![1],
        ),
        ("fee=100".to_owned(), vec![0, 1]),
        ("fee=100&fee=300".to_owned(), vec![0, 1, 3]),
        (format!("fee=200&specialisation={heart}"), vec![]),
        ("designation=987654".to_owned(), vec![]),
        (format!("designation=987654&designation={rank}"), vec![0, 2]),
        ("fee=99999999999999999999".to_owned(), vec![]),
    ] {
        let expected: Vec<i64> = places.iter().map(|place| numbers[*place]).collect();
        assert_eq!(listed(&anonymous, &query).await, expected, "{query}");
    }
    for parameter in ["specialisation", "designation", "available_time", "fee"] {
        let answer = get(&anonymous, &format!("/doctors/?{parameter}=abc")).await;
        let errors = json!({ parameter: ["Enter a number."] });
        assert_eq!(answer, (StatusCode::BAD_REQUEST, errors));
    }
}

async fn pages_keep_their_parameters(on: TestServer) {
    let mut numbers = Vec::new();
    for name in ["one", "two", "three"] {
        numbers.push(on.doctor(name, 100).await.number);
    }
    let anonymous = on.anonymous();
    let (_, first) = get(&anonymous, "/doctors/?limits=2&fee=100").await;
    assert_eq!(first["count"], 3);
    let url = on.server.url();
    let next = first["next"].as_str().unwrap();
    assert_eq!(next, format!("{url}/doctors/?limits=2&fee=100&page=2"));
    let (_, second) = get(&anonymous, next.strip_prefix(&url).unwrap()).await;
    assert_eq!(second["results"][0]["id"], numbers[2], "by number");
    assert_eq!(second["next"], json!(null));
    let first = format!("{url}/doctors/?limits=2&fee=100");
    assert_eq!(second["previous"], json!(first));
    let keys: Vec<_> = second.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["count", "next", "previous", "results"]);
    for page in ["0", "9", "x"] {
        let answer = get(&anonymous, &format!("/doctors/?page={page}")).await;
        let detail = json!({ "detail": "Invalid page." });
        assert_eq!(answer, (StatusCode::NOT_FOUND, detail), "{page}");
    }
}

async fn a_list_takes_the_same_few_statements_whatever_the_page(on: TestServer) {
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: on.server.clinic.db.recorded(&recorder),
        ..on.server.clinic.clone()
    };
    let paging = Paging {
        page: 1,
        cursor: None,
        limit: 100,
    };
    let nobody = Actor::nobody(None);
    for name in ["one", "two", "three"] {
        on.doctor(name, 100).await;
        recorder.clear();
        doctors::list(&clinic, &nobody, Filter::default(), &paging)
            .await
            .unwrap();
        assert_eq!(recorder.count(), 3, "{:?}", recorder.texts());
        recorder.clear();
        doctors::search(&clinic, "o", None, &paging).await.unwrap();
        assert_eq!(recorder.count(), 3, "{:?}", recorder.texts());
    }
}
