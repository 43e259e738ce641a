//! `Idempotency-Key`: whatever happens on the way, a write is done once, and whoever asks again is
//! answered as before (API.md §7, docs/decisions/0011).

use std::sync::Arc;
use std::time::Duration;

use clinic_server::clinic::idempotency::{self, Once};
use clinic_server::clinic::{Refusal, jobs, patients};
use clinic_server::store::{Recorder, Session};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::header::HeaderMap;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, RequestBuilder, StatusCode};
use clinic_shared::desk::patients::PatientDraft;
use serde_json::{Value, json};

use crate::media::png;
use crate::support::bookable::{person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{PASSWORD, TestServer, get, post, read, request};
use crate::support::{on_both, on_both_databases};

on_both! {
    an_answer_that_was_lost_comes_again_with_its_headers,
    another_request_under_the_same_key_is_refused,
    callers_and_operations_have_keys_of_their_own,
    twenty_at_once_make_one_appointment,
    a_form_with_a_picture_is_taken_once_under_any_boundary,
    refusals_come_again_and_faults_of_ours_do_not,
    a_key_is_good_for_a_day,
    faulty_keys_are_told_and_others_let_go_by,
    whoever_hangs_up_and_asks_again_has_it_once,
    a_server_that_dies_before_it_answers_has_done_it_once,
    answers_do_not_stand_in_the_clear,
    a_database_that_fails_anywhere_has_both_or_neither,
    the_typed_client_sends_its_key,
}

on_both_databases! {
    two_servers_do_it_once,
}

const PATIENTS: &str = "/v1/api/desk/patients/";
const APPOINTMENTS: &str = "/v1/api/desk/appointments/";
const KEY: &str = "Idempotency-Key";

type Answered = (StatusCode, HeaderMap, Value);

async fn answered(request: RequestBuilder) -> Answered {
    let answer = request.send().await.unwrap();
    let mut headers = answer.headers().clone();
    // These belong to each answer, not to what was done.
    for own in ["x-request-id", "date"] {
        headers.remove(own);
    }
    let (status, body) = read(answer).await;
    (status, headers, body)
}

async fn with_key(client: &Client, path: &str, key: &str, body: &Value) -> Answered {
    answered(
        request(client, Method::POST, path)
            .header(KEY, key)
            .json(body),
    )
    .await
}

async fn count(on: &TestServer, sql: &'static str) -> i64 {
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let (count,): (i64,) = reader.sql(sql).one().await.unwrap();
    count
}

async fn people(on: &TestServer) -> i64 {
    count(on, "SELECT count(*) FROM patient").await
}

async fn booked(on: &TestServer) -> i64 {
    count(on, "SELECT count(*) FROM appointment").await
}

async fn run(on: &TestServer, sql: &'static str) {
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    tx.sql(sql).run().await.unwrap();
    tx.commit().await.unwrap();
}

/// A form that books somebody, and the window it is about.
async fn booking(on: &TestServer, rosa: &Client) -> Value {
    let window = window(&on.server.clinic, "10:00-12:00").await;
    shape(&on.server.clinic, window, None, 127).await;
    on.doctor_offering("dora", &[window]).await;
    let (_, doctors) = get(rosa, "/v1/api/desk/doctors/").await;
    let number = person(&on.server.clinic, "Ana Kovač").await;
    json!({ "record_number": format!("P-{number:06}"), "doctor": doctors["results"][0]["id"],
        "available_time": window, "date": "2026-03-04" })
}

async fn an_answer_that_was_lost_comes_again_with_its_headers(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = json!({ "full_name": "Ana Kovač", "phone": "030 5550 1234" });
    let first = with_key(&rosa, PATIENTS, "k1", &ana).await;
    assert_eq!(first.0, StatusCode::CREATED, "{}", first.2);
    assert_eq!(first.1["etag"], "\"v1\"");
    assert!(first.1.contains_key("location"));
    on.wait(120);
    // The same, written otherwise.
    let body = r#"{ "phone": "030 5550 1234", "full_name": "Ana Kovač" }"#;
    let again = request(&rosa, Method::POST, "/v1/api/desk/patients")
        .header(KEY, "k1")
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(answered(again).await, first);
    assert_eq!(people(&on).await, 1);
    // What changed since does not change the answer.
    let path = format!("{PATIENTS}{}/", first.2["id"].as_str().unwrap());
    let change = |key: &str, if_match: &str| {
        request(&rosa, Method::PATCH, &path)
            .header(KEY, key)
            .header("If-Match", if_match)
            .json(&json!({ "phone": null }))
    };
    let changed = answered(change("k2", "\"v1\"")).await;
    assert_eq!(
        (changed.0, &changed.1["etag"]),
        (StatusCode::OK, &"\"v2\"".parse().unwrap())
    );
    assert_eq!(
        answered(change("k2", "\"v1\"")).await,
        changed,
        "and not 412"
    );
    assert_eq!(
        answered(change("k3", "\"v1\"")).await.0,
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(with_key(&rosa, PATIENTS, "k1", &ana).await, first);
}

async fn another_request_under_the_same_key_is_refused(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = with_key(&rosa, PATIENTS, "k", &json!({ "full_name": "Ana" })).await;
    assert_eq!(made.0, StatusCode::CREATED);
    let (status, headers, problem) =
        with_key(&rosa, PATIENTS, "k", &json!({ "full_name": "Ben" })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(problem["code"], "idempotency_key_reused");
    assert_eq!(headers["content-type"], "application/problem+json");
    // The object and the version it is meant for are part of the request.
    let other = post(&rosa, PATIENTS, json!({ "full_name": "Cid" })).await.1;
    let change = |id: &Value, if_match: &str| {
        let path = format!("{PATIENTS}{}/", id.as_str().unwrap());
        let request = request(&rosa, Method::PATCH, &path).header(KEY, "k");
        request
            .header("If-Match", if_match)
            .json(&json!({ "note": "deaf" }))
    };
    assert_eq!(
        answered(change(&made.2["id"], "\"v1\"")).await.0,
        StatusCode::OK
    );
    for (id, if_match) in [(&other["id"], "\"v1\""), (&made.2["id"], "\"v2\"")] {
        let (status, _, problem) = answered(change(id, if_match)).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["code"], "idempotency_key_reused");
    }
    assert_eq!(people(&on).await, 2);
}

async fn callers_and_operations_have_keys_of_their_own(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let rita = on.sign_in(Role::Receptionist, "rita").await;
    let ana = json!({ "full_name": "Ana" });
    let mut made = Vec::new();
    for client in [&rosa, &rita, &rosa, &rita] {
        made.push(with_key(client, PATIENTS, "k", &ana).await.2["id"].clone());
    }
    assert_eq!(people(&on).await, 2);
    assert_eq!((&made[0], &made[1]), (&made[2], &made[3]));
    assert_ne!(made[0], made[1]);
    let path = format!("{PATIENTS}{}/", made[0].as_str().unwrap());
    let change = request(&rosa, Method::PATCH, &path).header(KEY, "k");
    let change = change.json(&json!({ "note": "deaf" }));
    assert_eq!(answered(change).await.0, StatusCode::OK);
}

async fn twenty_at_once_make_one_appointment(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let form = booking(&on, &rosa).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (rosa, form) = (rosa.clone(), form.clone());
        asking.spawn(async move { with_key(&rosa, APPOINTMENTS, "k", &form).await });
    }
    let all = asking.join_all().await;
    assert_eq!(all[0].0, StatusCode::CREATED, "{}", all[0].2);
    assert!(all.iter().all(|one| *one == all[0]));
    assert_eq!(booked(&on).await, 1);
    // Without a key, or under another, it is another request: the slot is sold.
    assert_eq!(
        post(&rosa, APPOINTMENTS, form.clone()).await.0,
        StatusCode::CONFLICT
    );
    let other = with_key(&rosa, APPOINTMENTS, "l", &form).await;
    assert_eq!(other.2["code"], "slot_unavailable");
}

async fn two_servers_do_it_once(db: TestDb) {
    let on = TestServer::start(db).await;
    let second = on.second().await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let form = booking(&on, &rosa).await;
    let there = Client::new(&second.url()).unwrap();
    there.set_tokens(rosa.tokens());
    for round in 0..5 {
        let key = format!("k{round}");
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..8 {
            let client = if n % 2 == 0 {
                rosa.clone()
            } else {
                there.clone()
            };
            let (form, key) = (form.clone(), key.clone());
            asking.spawn(async move {
                // Somebody else's is not answered yet: as the answer says, ask again.
                for _ in 0..50 {
                    let answer = with_key(&client, APPOINTMENTS, &key, &form).await;
                    if answer.2["code"] != "in_progress" {
                        return (answer.0, answer.2["id"].clone());
                    }
                    assert_eq!(answer.1["retry-after"], "1");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                panic!("no answer");
            });
        }
        let all = asking.join_all().await;
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        assert_eq!(all[0].0, StatusCode::CREATED);
        assert_eq!(booked(&on).await, 1);
        run(&on, "DELETE FROM appointment_history").await;
        run(&on, "DELETE FROM appointment").await;
    }
    second.shutdown().await;
}

async fn a_form_with_a_picture_is_taken_once_under_any_boundary(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let window = booking(&on, &rosa).await["available_time"].to_string();
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    let doctor = doctors["results"][0]["id"].as_str().unwrap().to_owned();
    let book = |symptoms: &'static str| {
        let picture = Part::bytes(png()).file_name("skin.png");
        let form = Form::new()
            .text("doctor", doctor.clone())
            .text("meeting_date", "2026-03-04")
            .text("meeting_time", window.clone())
            .text("appointment_type", "online")
            .text("symptoms", symptoms)
            .part("images", picture);
        answered(
            request(&ana, Method::POST, "/v1/api/appointment/patient/")
                .header(KEY, "k")
                .multipart(form),
        )
    };
    let first = book("itches").await;
    assert_eq!(first.0, StatusCode::CREATED, "{}", first.2);
    assert_eq!(book("itches").await, first);
    assert_eq!(booked(&on).await, 1);
    assert_eq!(
        count(&on, "SELECT count(*) FROM appointment_image").await,
        1
    );
    let other = book("burns").await;
    assert_eq!(other.2["code"], "idempotency_key_reused");
}

async fn refusals_come_again_and_faults_of_ours_do_not(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let form = booking(&on, &rosa).await;
    assert_eq!(
        with_key(&rosa, APPOINTMENTS, "a", &form).await.0,
        StatusCode::CREATED
    );
    let refused = with_key(&rosa, APPOINTMENTS, "b", &form).await;
    assert_eq!(refused.0, StatusCode::CONFLICT);
    let faulty = with_key(&rosa, PATIENTS, "c", &json!({ "full_name": "" })).await;
    assert_eq!(faulty.0, StatusCode::BAD_REQUEST);
    run(&on, "DELETE FROM appointment_history").await;
    run(&on, "DELETE FROM appointment").await;
    assert_eq!(with_key(&rosa, APPOINTMENTS, "b", &form).await, refused);
    assert_eq!(
        with_key(&rosa, PATIENTS, "c", &json!({ "full_name": "" })).await,
        faulty
    );
    // A fault of ours: the table is away for a moment.
    run(&on, "ALTER TABLE counter RENAME TO away").await;
    let broken = with_key(&rosa, PATIENTS, "d", &json!({ "full_name": "Ben" })).await;
    assert_eq!(broken.0, StatusCode::INTERNAL_SERVER_ERROR);
    run(&on, "ALTER TABLE away RENAME TO counter").await;
    let made = with_key(&rosa, PATIENTS, "d", &json!({ "full_name": "Ben" })).await;
    assert_eq!(made.0, StatusCode::CREATED);
}

async fn a_key_is_good_for_a_day(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = json!({ "full_name": "Ana" });
    let first = with_key(&rosa, PATIENTS, "k", &ana).await;
    on.wait(24 * 3600 - 1);
    let rosa = on.signed_in("rosa").await;
    assert_eq!(with_key(&rosa, PATIENTS, "k", &ana).await, first);
    on.wait(1);
    let rosa = on.signed_in("rosa").await;
    let next = with_key(&rosa, PATIENTS, "k", &json!({ "full_name": "Ben" })).await;
    assert_eq!(next.0, StatusCode::CREATED);
    assert_eq!(people(&on).await, 2);
    // The night's work clears the table.
    on.wait(48 * 3600);
    on.server.clinic.jobs.wake();
    for _ in 0..300 {
        jobs::run_due(&on.server.clinic).await.unwrap();
        if count(&on, "SELECT count(*) FROM kept_answer").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the night forgot nothing");
}

async fn faulty_keys_are_told_and_others_let_go_by(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let long = "x".repeat(256);
    for key in ["", &long, "two words"] {
        let refused = with_key(&rosa, PATIENTS, key, &json!({ "full_name": "Ana" })).await;
        assert_eq!(refused.0, StatusCode::BAD_REQUEST, "{key}");
        assert!(refused.2["errors"][KEY][0].is_string(), "{}", refused.2);
    }
    assert_eq!(people(&on).await, 0);
    assert_eq!(
        with_key(&rosa, PATIENTS, &long[1..], &json!({ "full_name": "Ana" }))
            .await
            .0,
        StatusCode::CREATED
    );
    // Reading, signing in and classic know no key.
    let listed = answered(request(&rosa, Method::GET, PATIENTS).header(KEY, "")).await;
    assert_eq!(listed.0, StatusCode::OK);
    let anonymous = on.anonymous();
    let login = json!({ "email": "rosa@example.org", "password": PASSWORD });
    let mut tokens = Vec::new();
    for key in ["", "k", "k"] {
        let signed_in = with_key(&anonymous, "/v1/api/user/login/", key, &login).await;
        assert_eq!(signed_in.0, StatusCode::OK);
        tokens.push(signed_in.2["refresh"].clone());
    }
    assert_ne!(tokens[1], tokens[2], "each sign-in is one");
    let contact = json!({ "name": "Ana", "phone": "030 5550", "massage": "hello" });
    for _ in 0..2 {
        let sent = with_key(&anonymous, "/contacts/", "k", &contact).await;
        assert_eq!(sent.0, StatusCode::CREATED, "{}", sent.2);
    }
    assert_eq!(count(&on, "SELECT count(*) FROM contact").await, 2);
    assert_eq!(count(&on, "SELECT count(*) FROM kept_answer").await, 1);
}

async fn whoever_hangs_up_and_asks_again_has_it_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for n in 0..40_u64 {
        let key = format!("k{n}");
        let ana = json!({ "full_name": format!("Ana {n}") });
        let hung_up = request(&rosa, Method::POST, PATIENTS)
            .header(KEY, &key)
            .json(&ana)
            .timeout(Duration::from_micros(200 * n))
            .send()
            .await;
        drop(hung_up);
        let made = with_key(&rosa, PATIENTS, &key, &ana).await;
        assert_eq!(made.0, StatusCode::CREATED, "{}", made.2);
    }
    assert_eq!(people(&on).await, 40);
}

async fn a_server_that_dies_before_it_answers_has_done_it_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = json!({ "full_name": "Ana" });
    with_key(&rosa, PATIENTS, "k", &ana).await;
    // What a death between the change and its answer leaves behind.
    run(&on, "UPDATE kept_answer SET answer = NULL").await;
    let early = with_key(&rosa, PATIENTS, "k", &ana).await;
    assert_eq!(
        (early.0, &early.2["code"]),
        (StatusCode::CONFLICT, &json!("in_progress"))
    );
    assert_eq!(early.1["retry-after"], "1");
    on.wait(60);
    let late = with_key(&rosa, PATIENTS, "k", &ana).await;
    assert_eq!(
        (late.0, &late.2["code"]),
        (StatusCode::CONFLICT, &json!("answer_lost"))
    );
    assert_eq!(people(&on).await, 1);
}

async fn answers_do_not_stand_in_the_clear(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = with_key(
        &rosa,
        PATIENTS,
        "my-key",
        &json!({ "full_name": "Ana Kovač" }),
    )
    .await;
    assert_eq!(made.0, StatusCode::CREATED);
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = reader
        .sql("SELECT id, request, answer FROM kept_answer")
        .all()
        .await
        .unwrap();
    let (id, request, answer) = rows[0].clone();
    let stored = [id, request, answer].concat();
    for said in ["Ana", "full_name", "my-key", "created_at"] {
        let found = stored
            .windows(said.len())
            .any(|part| part == said.as_bytes());
        assert!(!found, "{said}");
    }
}

async fn a_database_that_fails_anywhere_has_both_or_neither(on: TestServer) {
    let who = on.actor(Role::Receptionist, "desk").await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = on.server.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    let now = on.clock.now();
    for n in 1.. {
        let draft = PatientDraft {
            full_name: format!("Ana {n}"),
            ..PatientDraft::default()
        };
        let before = people(&on).await;
        recorder.clear();
        recorder.fail_at(n);
        let id = vec![u8::try_from(n).unwrap()];
        let once = Once::new(id, Vec::new(), now);
        let done = idempotency::under(&once, patients::register(&failing, &who, draft)).await;
        recorder.clear();
        let kept = count(&on, "SELECT count(*) FROM kept_answer").await;
        assert_eq!(people(&on).await - before, kept, "failed at {n}");
        assert_eq!(once.is_committed(), kept == 1);
        match done {
            Ok(_) => {
                assert!(n > 5 && kept == 1);
                break;
            }
            Err(refusal) => assert!(matches!(refusal, Refusal::Broken(_))),
        }
    }
}

async fn the_typed_client_sends_its_key(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let draft = PatientDraft {
        full_name: "Ana".to_owned(),
        ..PatientDraft::default()
    };
    let first = rosa.under_key("k").register_patient(&draft).await.unwrap();
    let again = rosa.under_key("k").register_patient(&draft).await.unwrap();
    assert_eq!(first, again);
    rosa.register_patient(&draft).await.unwrap();
    assert_eq!(people(&on).await, 2);
}
