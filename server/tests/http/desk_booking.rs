//! Booking and moving at the desk: every reason at once, beside others on purpose, and checked
//! before (API.md §6, §7).

mod limit;
mod moves;

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::bookable::{broken_pairs, person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, post};
use crate::support::{on_both, on_both_databases};

on_both! {
    a_patient_is_booked_by_id_or_record_number,
    every_reason_is_told_at_once,
    an_exact_time_is_a_slot_or_as_long_as_said,
    outside_the_windows_only_when_said_so,
    faulty_fields_are_told_together,
    nobody_is_booked_for_somebody_else,
    a_move_keeps_the_appointment_and_its_history,
    a_move_that_is_refused_changes_nothing,
    the_desk_knows_who_did_not_come,
    patients_book_so_many_ahead_and_the_desk_more,
}

on_both_databases! {
    beside_others_only_with_a_reason_and_so_often,
    two_hundred_at_once_stay_within_the_limit,
}

const BOOK: &str = "/v1/api/desk/appointments/";

struct Desk {
    on: TestServer,
    rosa: Client,
    dora: Value,
    window: i64,
}

async fn desk(on: TestServer) -> Desk {
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "10:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let number = on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let dora = id_of_doctor(&rosa, number).await;
    Desk {
        on,
        rosa,
        dora,
        window,
    }
}

async fn id_of_doctor(rosa: &Client, number: i64) -> Value {
    let (_, doctors) = get(rosa, "/v1/api/desk/doctors/").await;
    let mut rows = doctors["results"].as_array().unwrap().iter();
    rows.find(|row| row["number"] == number).unwrap()["id"].clone()
}

impl Desk {
    async fn person(&self, name: &str) -> String {
        format!("P-{:06}", person(&self.on.server.clinic, name).await)
    }

    /// A form for somebody, on the Wednesday.
    async fn form(&self, name: &str, more: Value) -> Value {
        let mut form = json!({ "record_number": self.person(name).await, "doctor": self.dora });
        for (key, value) in more.as_object().unwrap() {
            form[key] = value.clone();
        }
        form
    }

    async fn book(&self, name: &str, more: Value) -> (StatusCode, Value) {
        let form = self.form(name, more).await;
        post(&self.rosa, BOOK, form).await
    }

    async fn booked(&self, name: &str, more: Value) -> Value {
        let (status, body) = self.book(name, more).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }
}

fn codes(body: &Value) -> Vec<&str> {
    let reasons = body["reasons"]
        .as_array()
        .unwrap_or_else(|| panic!("{body}"));
    reasons
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

async fn a_patient_is_booked_by_id_or_record_number(on: TestServer) {
    let desk = desk(on).await;
    let on_the_day =
        json!({ "available_time": desk.window, "date": "2026-03-04", "title": "Cough" });
    let first = desk.booked("Ana", on_the_day.clone()).await;
    assert_eq!(
        (&first["starts"], &first["ends"]),
        (&json!("10:00"), &json!("10:30"))
    );
    assert_eq!(first["title"], "Cough");
    assert_eq!(first["status"], "pending");
    let form = json!({ "patient": first["patient"]["id"], "doctor": desk.dora,
        "available_time": desk.window, "appointment_type": "online" });
    let (status, second) = post(&desk.rosa, BOOK, form).await;
    assert_eq!(status, StatusCode::CREATED, "{second}");
    // The clinic's Monday, after nine: the next free slot is today's first.
    assert_eq!(
        (&second["date"], &second["starts"]),
        (&json!("2026-03-02"), &json!("10:00"))
    );
    assert_eq!(second["appointment_type"], "online");
    let (_, steps) = get(&desk.rosa, &format!("{BOOK}{}/history/", first["id"])).await;
    assert_eq!(steps[0]["by"], "rosa");
}

async fn every_reason_is_told_at_once(on: TestServer) {
    let desk = desk(on).await;
    let at = json!({ "starts_at": "2026-03-04T09:00:00Z" });
    let ana = desk.booked("Ana", at.clone()).await;
    // The same patient at the same time with the same doctor, longer than the window.
    let form = json!({ "patient": ana["patient"]["id"], "doctor": desk.dora,
        "starts_at": "2026-03-04T09:15:00Z", "duration_minutes": 300 });
    let (status, body) = post(&desk.rosa, BOOK, form).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(body["code"], "slot_unavailable");
    assert_eq!(
        codes(&body),
        ["outside_window", "doctor_busy", "patient_busy"]
    );
    // Each with the thing in the way.
    for reason in &body["reasons"].as_array().unwrap()[1..] {
        assert_eq!(reason["appointment"], ana["id"], "{body}");
    }
    let past = json!({ "starts_at": "2026-03-01T09:00:00Z" });
    let (_, body) = desk.book("Ben", past).await;
    assert_eq!(codes(&body), ["past"]);
    let (status, check) = post(
        &desk.rosa,
        &format!("{BOOK}check/"),
        desk.form("Ben", at).await,
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(check["is_bookable"], false);
    assert_eq!(codes(&check), ["doctor_busy"]);
    let (_, day) = get(&desk.rosa, &format!("{BOOK}?date=2026-03-04")).await;
    assert_eq!(day["count"], 1, "checking books nothing");
}

async fn an_exact_time_is_a_slot_or_as_long_as_said(on: TestServer) {
    let desk = desk(on).await;
    let slot = desk
        .booked("Ana", json!({ "starts_at": "2026-03-04T09:30:00Z" }))
        .await;
    assert_eq!(
        (&slot["starts"], &slot["ends"]),
        (&json!("10:30"), &json!("11:00"))
    );
    let long = json!({ "starts_at": "2026-03-04T10:05:00Z", "duration_minutes": 40 });
    let long = desk.booked("Ben", long).await;
    assert_eq!(
        (&long["starts"], &long["ends"]),
        (&json!("11:05"), &json!("11:45"))
    );
    assert_eq!(long["window"], "10:00-12:00");
    // Slots that it reaches into are gone, the others are not.
    let rest = json!({ "available_time": desk.window, "date": "2026-03-04" });
    assert_eq!(desk.booked("Cora", rest.clone()).await["starts"], "10:00");
    let (_, body) = desk.book("Dan", rest).await;
    assert_eq!(codes(&body), ["doctor_busy"]);
    let (status, body) = desk
        .book("Eve", json!({ "starts_at": "2026-03-04T09:30:30Z" }))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["starts_at"].is_array(), "{body}");
}

async fn outside_the_windows_only_when_said_so(on: TestServer) {
    let desk = desk(on).await;
    let evening = json!({ "starts_at": "2026-03-04T17:00:00Z", "duration_minutes": 20 });
    let (_, body) = desk.book("Ana", evening.clone()).await;
    assert_eq!(codes(&body), ["outside_window"]);
    let mut said = evening;
    said["outside_hours"] = json!(true);
    let made = desk.booked("Ana", said).await;
    assert_eq!(
        (&made["window"], &made["starts"]),
        (&Value::Null, &json!("18:00"))
    );
    let endless = json!({ "starts_at": "2026-03-04T19:00:00Z", "outside_hours": true });
    let (status, body) = desk.book("Ben", endless).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["duration_minutes"].is_array(), "{body}");
}

async fn faulty_fields_are_told_together(on: TestServer) {
    let desk = desk(on).await;
    let nobody = "0198c0de-0000-7000-8000-000000000000";
    let form = json!({ "record_number": "P-999999", "doctor": nobody });
    let (status, body) = post(&desk.rosa, BOOK, form).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    for field in ["record_number", "doctor", "starts_at"] {
        assert!(body["errors"][field].is_array(), "{field}: {body}");
    }
    let (status, body) = desk.book("Ana", json!({ "starts_at": "tomorrow" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["starts_at"].is_array(), "{body}");
    let two_days = json!({ "starts_at": "2026-03-04T09:00:00Z", "date": "2026-03-05" });
    let (status, body) = desk.book("Ben", two_days).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["date"].is_array(), "{body}");
}

async fn nobody_is_booked_for_somebody_else(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk
        .booked("Ana", json!({ "starts_at": "2026-03-04T09:00:00Z" }))
        .await;
    let mut form = desk
        .form("Ben", json!({ "starts_at": "2026-03-04T09:30:00Z" }))
        .await;
    form["patient"] = ana["patient"]["id"].clone();
    let walk_in = json!({ "patient": form["patient"], "record_number": form["record_number"],
        "doctor": desk.dora });
    let waiting = json!({ "patient": form["patient"], "record_number": form["record_number"],
        "date_from": "2026-03-04", "date_to": "2026-03-05" });
    for (path, form) in [
        (BOOK, &form),
        ("/v1/api/desk/appointments/check/", &form),
        ("/v1/api/desk/walk-ins/", &walk_in),
        ("/v1/api/desk/waitlist/", &waiting),
    ] {
        let (status, body) = post(&desk.rosa, path, form.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {body}");
        assert!(body["errors"]["record_number"].is_array(), "{path}: {body}");
        assert!(body["errors"]["patient"].is_null(), "{path}: {body}");
    }
    // The same person said twice is one person.
    let number = format!("P-{:06}", ana["patient"]["number"].as_i64().unwrap());
    form["record_number"] = json!(number);
    let (status, body) = post(&desk.rosa, BOOK, form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(body["patient"]["id"], ana["patient"]["id"]);
}

async fn a_move_keeps_the_appointment_and_its_history(on: TestServer) {
    let desk = desk(on).await;
    let made = desk
        .booked("Ana", json!({ "starts_at": "2026-03-04T09:00:00Z" }))
        .await;
    let path = format!("{BOOK}{}/", made["id"]);
    post(&desk.rosa, &format!("{path}confirm/"), json!({})).await;
    post(
        &desk.rosa,
        &format!("{path}paid/"),
        json!({ "is_paid": true }),
    )
    .await;
    let form = json!({ "date": "2026-03-05", "reason": "Asked for Thursday", "version": 3 });
    let (status, moved) = post(&desk.rosa, &format!("{path}reschedule/"), form).await;
    assert_eq!(status, StatusCode::OK, "{moved}");
    assert_eq!(moved["id"], made["id"]);
    assert_eq!(
        (&moved["date"], &moved["starts"]),
        (&json!("2026-03-05"), &json!("10:00"))
    );
    assert_eq!(
        (&moved["status"], &moved["is_paid"]),
        (&json!("confirmed"), &json!(true))
    );
    let (_, steps) = get(&desk.rosa, &format!("{path}history/")).await;
    let last = steps.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["action"], &last["reason"]),
        (&json!("reschedule"), &json!("Asked for Thursday"))
    );
    assert_eq!(
        (&steps[0]["date"], &last["date"]),
        (&json!("2026-03-04"), &json!("2026-03-05"))
    );
    // The old time is free again.
    desk.booked("Ben", json!({ "starts_at": "2026-03-04T09:00:00Z" }))
        .await;
    // Exactly there, as long as before.
    let exactly = json!({ "starts_at": "2026-03-05T10:30:00Z" });
    let (_, moved) = post(&desk.rosa, &format!("{path}reschedule/"), exactly).await;
    assert_eq!(
        (&moved["starts"], &moved["ends"]),
        (&json!("11:30"), &json!("12:00"))
    );
}

async fn a_move_that_is_refused_changes_nothing(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk
        .booked("Ana", json!({ "starts_at": "2026-03-04T09:00:00Z" }))
        .await;
    desk.booked("Ben", json!({ "starts_at": "2026-03-04T09:30:00Z" }))
        .await;
    let path = format!("{BOOK}{}/", ana["id"]);
    let onto = json!({ "starts_at": "2026-03-04T09:30:00Z" });
    let (status, body) = post(&desk.rosa, &format!("{path}reschedule/"), onto.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(codes(&body), ["doctor_busy"]);
    let (_, now) = get(&desk.rosa, &path).await;
    assert_eq!(
        (&now["starts"], &now["version"]),
        (&ana["starts"], &ana["version"])
    );
    let mut stale = onto.clone();
    stale["version"] = json!(9);
    let (status, body) = post(&desk.rosa, &format!("{path}reschedule/"), stale).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    let mut beside = onto;
    beside["overbook"] = json!("Both are quick");
    let (status, moved) = post(&desk.rosa, &format!("{path}reschedule/"), beside).await;
    assert_eq!(
        (status, &moved["overbooked"]),
        (StatusCode::OK, &json!(true))
    );
    post(
        &desk.rosa,
        &format!("{path}cancel/"),
        json!({ "by": "clinic" }),
    )
    .await;
    let (status, body) = post(
        &desk.rosa,
        &format!("{path}reschedule/"),
        json!({ "date": "2026-03-05" }),
    )
    .await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("invalid_transition"))
    );
}

async fn the_desk_knows_who_did_not_come(on: TestServer) {
    let desk = desk(on).await;
    let missed = desk
        .booked("Ana", json!({ "available_time": desk.window }))
        .await;
    post(
        &desk.rosa,
        &format!("{BOOK}{}/no-show/", missed["id"]),
        json!({}),
    )
    .await;
    let form = json!({ "patient": missed["patient"]["id"], "doctor": desk.dora,
        "available_time": desk.window, "date": "2026-03-04" });
    let (_, check) = post(&desk.rosa, &format!("{BOOK}check/"), form.clone()).await;
    assert_eq!(
        (&check["patient_no_shows"], &check["is_bookable"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(
        (&check["date"], &check["starts"]),
        (&json!("2026-03-04"), &json!("10:00"))
    );
    assert_eq!(check["patient_open_bookings"], 0);
    assert_eq!(check["patient_same_day"], json!([]));
    let (_, booked) = post(&desk.rosa, BOOK, form.clone()).await;
    let (_, check) = post(&desk.rosa, &format!("{BOOK}check/"), form.clone()).await;
    assert_eq!(check["patient_open_bookings"], 1);
    // What they have on that day is told with time and doctor, until it is called off.
    let [same_day] = check["patient_same_day"].as_array().unwrap().as_slice() else {
        panic!("{check}")
    };
    assert_eq!(
        (
            &same_day["id"],
            &same_day["starts"],
            &same_day["doctor"]["id"]
        ),
        (&booked["id"], &json!("10:00"), &desk.dora)
    );
    let cancel = format!("{BOOK}{}/cancel/", booked["id"]);
    let by = json!({ "by": "patient", "reason_kind": "illness" });
    let (status, body) = post(&desk.rosa, &cancel, by).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (_, check) = post(&desk.rosa, &format!("{BOOK}check/"), form).await;
    assert_eq!(check["patient_same_day"], json!([]));
}

async fn patients_book_so_many_ahead_and_the_desk_more(on: TestServer) {
    // The default is twenty.
    let desk = desk(on).await;
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    let (_, mine) = get(&desk.rosa, "/v1/api/desk/patients/?search=ana").await;
    let id = mine["results"][0]["id"].clone();
    for day in 1..=20 {
        let form = json!({ "patient": id, "doctor": desk.dora, "available_time": desk.window,
            "date": format!("2026-04-{day:02}") });
        let (status, body) = post(&desk.rosa, BOOK, form).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    let own = json!({ "doctor": desk.dora, "meeting_date": "2026-05-04",
        "meeting_time": desk.window, "appointment_type": "offline", "symptoms": "x" });
    let (status, body) = post(&ana, "/v1/api/appointment/patient/", own.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(codes(&body), ["booking_limit"]);
    let form = json!({ "patient": id, "doctor": desk.dora, "available_time": desk.window,
        "date": "2026-05-04" });
    let (status, _) = post(&desk.rosa, BOOK, form).await;
    assert_eq!(status, StatusCode::CREATED, "the desk may");
}

async fn beside_others_only_with_a_reason_and_so_often(db: TestDb) {
    let desk = desk(TestServer::start_with(db, &[("OVERBOOK_LIMIT", "1")]).await).await;
    let at = json!({ "starts_at": "2026-03-04T09:00:00Z" });
    desk.booked("Ana", at.clone()).await;
    let mut beside = at;
    beside["overbook"] = json!("Came from far");
    let made = desk.booked("Ben", beside.clone()).await;
    assert_eq!(made["overbooked"], true);
    let (_, steps) = get(&desk.rosa, &format!("{BOOK}{}/history/", made["id"])).await;
    assert_eq!(steps[0]["reason"], "Came from far");
    let (status, body) = desk.book("Cora", beside).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(codes(&body), ["overbook_limit"]);
    // Where there is a free slot, nobody stands beside anybody.
    let free = json!({ "available_time": desk.window, "date": "2026-03-04", "overbook": "Urgent" });
    let made = desk.booked("Dan", free).await;
    assert_eq!(
        (&made["overbooked"], &made["starts"]),
        (&json!(false), &json!("10:30"))
    );
    let blank = json!({ "starts_at": "2026-03-04T09:00:00Z", "overbook": "  " });
    let (status, _) = desk.book("Eve", blank).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a reason is words");
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn two_hundred_at_once_stay_within_the_limit(db: TestDb) {
    let settings = [("OVERBOOK_LIMIT", "3"), ("DATABASE_CONNECTIONS", "16")];
    let desk = desk(TestServer::start_with(db, &settings).await).await;
    let at = json!({ "starts_at": "2026-03-04T09:00:00Z", "overbook": "All at once" });
    desk.booked("Ana", at.clone()).await;
    let mut forms = Vec::new();
    for n in 0..200 {
        forms.push(desk.form(&format!("Person {n}"), at.clone()).await);
    }
    let tasks = forms.into_iter().map(|form| {
        let rosa = desk.rosa.clone();
        tokio::spawn(async move { post(&rosa, BOOK, form).await })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut booked = 0;
    for task in tasks {
        let (status, body) = task.await.unwrap();
        match status {
            StatusCode::CREATED => booked += 1,
            StatusCode::CONFLICT => assert_eq!(codes(&body), ["overbook_limit"]),
            other => panic!("{other}: {body}"),
        }
    }
    assert_eq!(booked, 3);
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}
