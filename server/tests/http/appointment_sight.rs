//! Who sees which appointments, and what follows from having one (API.md §1, §3).

use std::sync::Arc;

use clinic_server::clinic::appointments::{self, Filter};
use clinic_server::clinic::paging::Paging;
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::bookable::window;
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, send};

on_both! {
    each_role_sees_what_is_theirs,
    a_doctor_who_is_a_patient_too_sees_both,
    filters_narrow_and_rubbish_is_refused,
    pages_go_by_number,
    a_doctor_reads_the_patients_who_come_and_changes_none,
    retiring_a_patient_calls_off_what_is_to_come,
    retiring_a_doctor_calls_off_what_is_to_come,
    the_desk_sees_a_day_with_names_and_times,
    a_list_takes_the_same_few_statements_whatever_its_length,
    reading_and_changing_are_audited,
}

async fn book(client: &Client, doctor: i64, window: i64, date: &str) -> i64 {
    let form = json!({ "doctor": doctor, "appointment_type": "Offline", "symptoms": "x",
        "time": window, "date": date });
    let (status, made) = post(client, "/appointments/", form).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["id"].as_i64().unwrap()
}

/// Ana with Dora, Ben with Emil.
struct Two {
    on: TestServer,
    window: i64,
    dora: i64,
    emil: i64,
    ana: Client,
    ben: Client,
    anas: i64,
    bens: i64,
}

async fn two(on: TestServer) -> Two {
    let window = window(&on.server.clinic, "10:00-10:30").await;
    let dora = on.doctor_offering("dora", &[window]).await;
    let emil = on.doctor_offering("emil", &[window]).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let anas = book(&ana, dora, window, "2026-03-04").await;
    let bens = book(&ben, emil, window, "2026-03-04").await;
    Two {
        on,
        window,
        dora,
        emil,
        ana,
        ben,
        anas,
        bens,
    }
}

fn path(id: i64) -> String {
    format!("/appointments/{id}/")
}

async fn ids(client: &Client, query: &str) -> Vec<i64> {
    let (status, page) = get(client, &format!("/appointments/{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len(), "{query}");
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

async fn each_role_sees_what_is_theirs(on: TestServer) {
    let two = two(on).await;
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    let admin = two.on.sign_in(Role::Admin, "admin").await;
    let (dora, emil) = (
        two.on.signed_in("dora").await,
        two.on.signed_in("emil").await,
    );
    for (client, seen) in [
        (&two.ana, vec![two.anas]),
        (&two.ben, vec![two.bens]),
        (&dora, vec![two.anas]),
        (&emil, vec![two.bens]),
        (&rosa, vec![two.anas, two.bens]),
        (&admin, vec![two.anas, two.bens]),
    ] {
        assert_eq!(ids(client, "").await, seen);
        for id in [two.anas, two.bens] {
            let (status, body) = get(client, &path(id)).await;
            if seen.contains(&id) {
                assert_eq!(status, StatusCode::OK);
            } else {
                assert_eq!(
                    (status, body),
                    get(client, &path(987_654)).await,
                    "looks missing"
                );
                for method in [Method::PUT, Method::PATCH, Method::DELETE] {
                    let whole = get(&rosa, &path(id)).await.1;
                    let (status, _) = send(client, method, &path(id), whole).await;
                    assert_eq!(status, StatusCode::NOT_FOUND);
                }
            }
        }
    }
    // The doctor sees it, but changes states on v1 only.
    for (method, body) in [
        (Method::PATCH, json!({ "symptoms": "y" })),
        (Method::PATCH, json!({ "cancel": true })),
        (Method::DELETE, json!({})),
    ] {
        let (status, _) = send(&dora, method, &path(two.anas), body).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
}

async fn a_doctor_who_is_a_patient_too_sees_both(on: TestServer) {
    let two = two(on).await;
    let dora = two.on.signed_in("dora").await;
    let made = post(&dora, "/patients/", json!({})).await;
    assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
    let own = book(&dora, two.emil, two.window, "2026-03-05").await;
    assert_eq!(ids(&dora, "").await, [two.anas, own]);
    assert_eq!(ids(&dora, &format!("?doctor_id={}", two.emil)).await, [own]);
    assert_eq!(
        ids(&dora, &format!("?patient_id={}", made.1["id"])).await,
        [own]
    );
    let (status, _) = send(&dora, Method::PATCH, &path(own), json!({ "cancel": true })).await;
    assert_eq!(status, StatusCode::OK, "their own they change");
}

async fn filters_narrow_and_rubbish_is_refused(on: TestServer) {
    let two = two(on).await;
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    let patient = get(&rosa, &path(two.bens)).await.1["patient"].clone();
    assert_eq!(
        ids(&rosa, &format!("?doctor_id={}", two.dora)).await,
        [two.anas]
    );
    assert_eq!(
        ids(&rosa, &format!("?patient_id={patient}")).await,
        [two.bens]
    );
    let both = format!("?patient_id={patient}&doctor_id={}", two.dora);
    assert_eq!(ids(&rosa, &both).await, [0_i64; 0]);
    for query in ["?doctor_id=987654", "?patient_id=99999999999999999999"] {
        assert_eq!(ids(&rosa, query).await, [0_i64; 0], "{query}");
    }
    assert_eq!(ids(&rosa, "?doctor_id=&patient_id=").await.len(), 2);
    for name in ["doctor_id", "patient_id"] {
        let (status, body) = get(&rosa, &format!("/appointments/?{name}=abc")).await;
        assert_eq!(
            (status, body[name].is_array()),
            (StatusCode::BAD_REQUEST, true)
        );
    }
    // A filter shows nobody what they may not see.
    assert_eq!(
        ids(&two.ana, &format!("?doctor_id={}", two.emil)).await,
        [0_i64; 0]
    );
    assert_eq!(
        ids(&two.ana, &format!("?patient_id={patient}")).await,
        [0_i64; 0]
    );
}

async fn pages_go_by_number(on: TestServer) {
    let two = two(on).await;
    for day in 5..=8 {
        book(&two.ana, two.dora, two.window, &format!("2026-03-0{day}")).await;
    }
    let (_, first) = get(&two.ana, "/appointments/?limits=2").await;
    assert_eq!(first["count"], 5);
    let next = first["next"].as_str().unwrap();
    assert!(next.ends_with("/appointments/?limits=2&page=2"), "{next}");
    let (_, last) = get(&two.ana, "/appointments/?limits=2&page=3").await;
    assert_eq!(last["results"].as_array().unwrap().len(), 1);
    assert_eq!(last["next"], Value::Null);
    for page in ["0", "4", "x"] {
        let (status, body) = get(&two.ana, &format!("/appointments/?limits=2&page={page}")).await;
        let invalid = json!({ "detail": "Invalid page." });
        assert_eq!((status, body), (StatusCode::NOT_FOUND, invalid), "{page}");
    }
}

async fn a_doctor_reads_the_patients_who_come_and_changes_none(on: TestServer) {
    let two = two(on).await;
    let dora = two.on.signed_in("dora").await;
    let (_, page) = get(&dora, "/patients/").await;
    assert_eq!(
        page["count"], 1,
        "Ana comes, Ben does not, Dora has no record: {page}"
    );
    assert_eq!(page["results"][0]["user"], "ana");
    let anas = format!("/patients/{}/", page["results"][0]["id"]);
    assert_eq!(get(&dora, &anas).await.0, StatusCode::OK);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let (status, _) = send(&dora, method, &anas, json!({ "phone": "1" })).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    for (query, count) in [("search=an", 1), ("search=ben", 0), ("phone=123", 0)] {
        let found = get(&dora, &format!("/patients/?{query}")).await.1;
        assert_eq!(found["count"], count, "{query}");
    }
    let bens = get(&two.ben, "/patients/").await.1["results"][0]["id"].clone();
    let (status, _) = get(&dora, &format!("/patients/{bens}/")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // What was called off stays in the doctor's memory; what was deleted does not.
    send(
        &two.ana,
        Method::PATCH,
        &path(two.anas),
        json!({ "cancel": true }),
    )
    .await;
    assert_eq!(get(&dora, &anas).await.0, StatusCode::OK);
    send(&two.ana, Method::DELETE, &path(two.anas), json!({})).await;
    assert_eq!(get(&dora, &anas).await.0, StatusCode::NOT_FOUND);
}

async fn retiring_a_patient_calls_off_what_is_to_come(on: TestServer) {
    let two = two(on).await;
    let past = book(&two.ana, two.emil, two.window, "2026-03-02").await;
    // Ten o'clock on the first day has gone by.
    two.on.wait(3600 * 3);
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    let patient = get(&rosa, &path(two.anas)).await.1["patient"].clone();
    let (status, _) = send(
        &rosa,
        Method::DELETE,
        &format!("/patients/{patient}/"),
        json!({}),
    )
    .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let desk = |id: i64| format!("/v1/api/desk/appointments/{id}/");
    let (_, off) = get(&rosa, &desk(two.anas)).await;
    assert_eq!(
        (&off["status"], &off["cancelled_by"], &off["cancel_reason"]),
        (
            &json!("cancelled"),
            &json!("clinic"),
            &json!("The patient's record was retired.")
        )
    );
    assert_eq!(get(&rosa, &desk(past)).await.1["status"], "pending");
    assert_eq!(get(&rosa, &desk(two.bens)).await.1["status"], "pending");
    let ben = two.on.signed_in("ben").await;
    book(&ben, two.dora, two.window, "2026-03-05").await;
}

async fn retiring_a_doctor_calls_off_what_is_to_come(on: TestServer) {
    let two = two(on).await;
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    let (status, _) = send(
        &rosa,
        Method::DELETE,
        &format!("/doctors/{}/", two.dora),
        json!({}),
    )
    .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, off) = get(&two.ana, &path(two.anas)).await;
    assert_eq!(off["cancel"], true, "{off}");
    let (_, desk) = get(&rosa, &format!("/v1/api/desk/appointments/{}/", two.anas)).await;
    assert_eq!(desk["cancel_reason"], "The doctor left the clinic.");
    let (_, other) = get(&two.ben, &path(two.bens)).await;
    assert_eq!(other["cancel"], false);
}

async fn the_desk_sees_a_day_with_names_and_times(on: TestServer) {
    let two = two(on).await;
    let clinic = two.on.server.clinic.clone();
    let early = window(&clinic, "08:00-08:20").await;
    let round = window(&clinic, "Morning round").await;
    let fritz = two.on.doctor_offering("fritz", &[early, round]).await;
    let first = book(&two.ben, fritz, early, "2026-03-04").await;
    let label = book(&two.ana, fritz, round, "2026-03-04").await;
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    let (status, day) = get(&rosa, "/v1/api/desk/appointments/?date=2026-03-04").await;
    assert_eq!(status, StatusCode::OK, "{day}");
    let rows = day["results"].as_array().unwrap();
    let order: Vec<_> = rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(order, [label, first, two.anas, two.bens]);
    let keys: Vec<_> = rows[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "appointment_type",
            "date",
            "doctor",
            "ends",
            "id",
            "overbooked",
            "patient",
            "patient_birth_date",
            "starts",
            "status",
            "window"
        ]
    );
    assert_eq!(
        (
            &rows[1]["starts"],
            &rows[1]["ends"],
            &rows[1]["patient"]["full_name"]
        ),
        (&json!("08:00"), &json!("08:20"), &json!("ben"))
    );
    assert_eq!(
        (&rows[0]["starts"], &rows[0]["window"]),
        (&Value::Null, &json!("Morning round"))
    );

    let fritz_uid = rows[0]["doctor"]["id"].as_str().unwrap();
    let filtered = format!("/v1/api/desk/appointments/?date=2026-03-04&doctor={fritz_uid}");
    assert_eq!(get(&rosa, &filtered).await.1["count"], 2);
    let none = "/v1/api/desk/appointments/?date=2026-03-04&status=completed";
    assert_eq!(get(&rosa, none).await.1["count"], 0);
    assert_eq!(
        get(&rosa, "/v1/api/desk/appointments/").await.1["count"],
        0,
        "today"
    );
    for query in ["date=4.3.2026", "status=here", "doctor=7", "cursor=zzz"] {
        let (status, problem) = get(&rosa, &format!("/v1/api/desk/appointments/?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {problem}");
    }
    // By cursor, each once.
    let mut seen = Vec::new();
    let mut next = Some("/v1/api/desk/appointments/?date=2026-03-04&limits=1".to_owned());
    while let Some(path) = next {
        let (_, page) = get(&rosa, &path).await;
        seen.push(page["results"][0]["id"].as_i64().unwrap());
        let url = page["next"].as_str().map(str::to_owned);
        next = url.map(|url| url.strip_prefix(&two.on.server.url()).unwrap().to_owned());
    }
    assert_eq!(seen, order);
    // The desk's list is staff's; of one that is another doctor's a doctor does not learn that it is.
    let dora = two.on.signed_in("dora").await;
    for (client, expected) in [
        (&two.ana, StatusCode::FORBIDDEN),
        (&dora, StatusCode::NOT_FOUND),
    ] {
        let (status, _) = get(client, "/v1/api/desk/appointments/").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, _) = get(client, &format!("/v1/api/desk/appointments/{first}/")).await;
        assert_eq!(status, expected);
    }
    let (status, missing) = get(&rosa, "/v1/api/desk/appointments/987654/").await;
    assert_eq!(
        (status, &missing["code"]),
        (StatusCode::NOT_FOUND, &json!("not_found"))
    );
}

async fn a_list_takes_the_same_few_statements_whatever_its_length(on: TestServer) {
    let two = two(on).await;
    let recorder = Arc::new(Recorder::new());
    let mut clinic = two.on.server.clinic.clone();
    clinic.db = clinic.db.recorded(&recorder);
    let paging = Paging {
        page: 1,
        cursor: None,
        limit: 100,
    };
    let admin = two.on.actor(Role::Admin, "admin").await;
    let mut counts = Vec::new();
    let mut rows = 2;
    for _ in 0..2 {
        recorder.clear();
        let all = appointments::list(&clinic, &admin, Filter::default(), &paging).await;
        assert_eq!(all.unwrap().rows.len(), rows);
        rows = 5;
        let listing = appointments::Listing {
            date: Some("2026-03-04".parse().unwrap()),
            ..appointments::Listing::default()
        };
        appointments::of_day(&clinic, &admin, &listing, &paging)
            .await
            .unwrap();
        counts.push(recorder.count());
        let later = two
            .on
            .doctor_offering(&format!("extra{}", counts.len()), &[two.window])
            .await;
        for name in ["x", "y", "z"] {
            let name = format!("{name}{}", counts.len());
            let client = two.on.sign_in(Role::Patient, &name).await;
            let date = if name.starts_with('x') {
                4
            } else if name.starts_with('y') {
                5
            } else {
                6
            };
            book(&client, later, two.window, &format!("2026-03-0{date}")).await;
        }
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(
        counts[0], 4,
        "count and rows of a list; count and rows of a day"
    );
}

async fn reading_and_changing_are_audited(on: TestServer) {
    let two = two(on).await;
    let rosa = two.on.sign_in(Role::Receptionist, "rosa").await;
    get(&rosa, "/appointments/").await;
    get(&rosa, &path(two.anas)).await;
    get(&rosa, "/v1/api/desk/appointments/").await;
    send(
        &rosa,
        Method::PATCH,
        &path(two.anas),
        json!({ "date": "2026-03-09" }),
    )
    .await;
    send(
        &rosa,
        Method::PATCH,
        &path(two.anas),
        json!({ "symptoms": "y" }),
    )
    .await;
    let rows = two.on.audit(60).await;
    for (kind, action) in [
        ("read", "list_appointments"),
        ("read", "show_appointment"),
        ("read", "list_day"),
        ("change", "book_appointment"),
        ("change", "move_appointment"),
        ("change", "change_appointment"),
    ] {
        let row = (kind.to_owned(), action.to_owned(), "done".to_owned());
        assert!(rows.contains(&row), "{action} in {rows:?}");
    }
}
