//! `/appointments/`: booking, and what stands in its way (API.md §3, §6).

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::bookable::{self, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, request};

on_both! {
    booking_answers_what_the_document_prints,
    a_refusal_says_which_field_and_why,
    every_faulty_field_is_told_at_once,
    without_a_date_the_next_free_one_is_taken,
    a_window_of_slots_fills_up_one_after_the_other,
    a_label_without_a_clock_is_sold_once_a_day,
    who_books_needs_a_patient_record,
}

/// What most of these need: a doctor with one window, and a signed-in patient.
pub(crate) struct Scene {
    pub(crate) on: TestServer,
    pub(crate) ana: Client,
    pub(crate) doctor: i64,
    pub(crate) window: i64,
}

pub(crate) async fn scene(on: TestServer) -> Scene {
    let window = window(&on.server.clinic, "9:00 AM - 9:30 AM").await;
    let doctor = on.doctor_offering("dora", &[window]).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    Scene {
        on,
        ana,
        doctor,
        window,
    }
}

impl Scene {
    pub(crate) fn form(&self, date: Option<&str>) -> Value {
        let mut form = json!({
            "doctor": self.doctor, "appointment_type": "Online", "symptoms": "cough",
            "time": self.window, "cancel": false,
        });
        if let Some(date) = date {
            form["date"] = json!(date);
        }
        form
    }

    pub(crate) async fn book(&self, client: &Client, date: &str) -> i64 {
        let (status, made) = post(client, "/appointments/", self.form(Some(date))).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["id"].as_i64().unwrap()
    }

    async fn refused(&self, client: &Client, form: Value) -> Value {
        let (status, body) = post(client, "/appointments/", form).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        body
    }

    /// The date and local time that the desk sees.
    pub(crate) async fn when(&self, desk: &Client, id: i64) -> (String, Value) {
        let path = format!("/v1/api/desk/appointments/{id}/");
        let (status, shown) = get(desk, &path).await;
        assert_eq!(status, StatusCode::OK, "{shown}");
        let date = shown["date"].as_str().unwrap().to_owned();
        (date, shown["starts"].clone())
    }
}

pub(crate) fn path(id: i64) -> String {
    format!("/appointments/{id}/")
}

async fn booking_answers_what_the_document_prints(on: TestServer) {
    let scene = scene(on).await;
    let own = get(&scene.ana, "/patients/").await.1["results"][0]["id"].clone();
    let form = scene.form(Some("2026-03-04"));
    let answer = request(&scene.ana, Method::POST, "/appointments/")
        .json(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let made: Value = answer.json().await.unwrap();
    let id = made["id"].as_i64().unwrap();
    assert!(location.ends_with(&path(id)), "{location}");
    let expected = json!({
        "id": id, "patient": own, "doctor": scene.doctor, "appointment_type": "Online",
        "appointment_status": "Pendding", "symptoms": "cough", "time": scene.window,
        "cancel": false,
    });
    assert_eq!(made, expected);
    assert_eq!(
        get(&scene.ana, &path(id)).await,
        (StatusCode::OK, expected.clone())
    );
    let (_, listed) = get(&scene.ana, "/appointments/").await;
    let page = json!({ "count": 1, "next": null, "previous": null, "results": [expected] });
    assert_eq!(listed, page);
    let anonymous = get(&scene.on.anonymous(), "/appointments/").await.0;
    assert_eq!(anonymous, StatusCode::UNAUTHORIZED);
}

async fn a_refusal_says_which_field_and_why(on: TestServer) {
    let scene = scene(on).await;
    let ben = scene.on.sign_in(Role::Patient, "ben").await;
    let second = scene.on.doctor_offering("emil", &[scene.window]).await;
    let hidden = scene.on.hidden_doctor("hugo", &[scene.window]).await;
    let other = window(&scene.on.server.clinic, "14:30").await;
    scene.book(&ben, "2026-03-04").await;

    let taken = scene
        .refused(&scene.ana, scene.form(Some("2026-03-04")))
        .await;
    assert_eq!(
        taken["time"],
        json!(["dora is already booked at this time."])
    );
    assert_eq!(taken["detail"], "dora is already booked at this time.");

    let mut busy = scene.form(Some("2026-03-04"));
    busy["doctor"] = json!(second);
    let busy = scene.refused(&ben, busy).await;
    assert_eq!(
        busy["time"],
        json!(["The patient has another appointment at this time."])
    );

    let twice = scene.refused(&ben, scene.form(Some("2026-03-04"))).await;
    assert_eq!(
        twice["time"].as_array().unwrap().len(),
        2,
        "both are told: {twice}"
    );

    for date in ["2026-03-01", "2020-01-01", "0001-01-01"] {
        let past = scene.refused(&scene.ana, scene.form(Some(date))).await;
        assert!(
            past["date"].is_array() && past["detail"].is_string(),
            "{past}"
        );
    }
    // 8:00 UTC is 9:00 in Berlin: the window begins this minute, a minute later it is over.
    scene.on.wait(60);
    let past = scene
        .refused(&scene.ana, scene.form(Some("2026-03-02")))
        .await;
    assert_eq!(past["date"], json!(["This time is over for today."]));
    let far = scene
        .refused(&scene.ana, scene.form(Some("9999-12-31")))
        .await;
    assert!(far["date"].is_array(), "{far}");

    for unseen in [hidden, 987_654] {
        let mut form = scene.form(None);
        form["doctor"] = json!(unseen);
        let refused = scene.refused(&scene.ana, form).await;
        let message = format!("Invalid pk \"{unseen}\" - object does not exist.");
        assert_eq!(refused, json!({ "doctor": [message], "detail": message }));
    }
    let mut form = scene.form(None);
    form["time"] = json!(other);
    let refused = scene.refused(&scene.ana, form).await;
    assert_eq!(
        refused,
        json!({ "time": ["This doctor does not offer this time."],
            "detail": "This doctor does not offer this time." })
    );

    // Monday only, and Wednesday is asked for.
    bookable::shape(&scene.on.server.clinic, scene.window, None, 1).await;
    let refused = scene
        .refused(&scene.ana, scene.form(Some("2026-03-11")))
        .await;
    assert!(
        refused["date"][0].as_str().unwrap().contains("Wednesday"),
        "{refused}"
    );
}

async fn every_faulty_field_is_told_at_once(on: TestServer) {
    let scene = scene(on).await;
    let missing = scene.refused(&scene.ana, json!({})).await;
    let required = json!(["This field is required."]);
    assert_eq!(
        missing,
        json!({ "doctor": required, "appointment_type": required, "symptoms": required,
            "time": required })
    );
    let rubbish = json!({ "doctor": "x", "appointment_type": "Telepathy", "symptoms": "  ",
        "time": null, "date": "4.3.2026" });
    let refused = scene.refused(&scene.ana, rubbish).await;
    let fields: Vec<_> = refused.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        fields,
        ["appointment_type", "date", "doctor", "symptoms", "time"]
    );
    let unknown =
        json!({ "doctor": 77, "appointment_type": "online", "symptoms": "x", "time": 78 });
    let refused = scene.refused(&scene.ana, unknown).await;
    assert!(
        refused["doctor"].is_array() && refused["time"].is_array(),
        "{refused}"
    );
    // As a form or a script writes them.
    let strings = json!({ "doctor": scene.doctor.to_string(), "time": scene.window.to_string(),
        "appointment_type": "oFFline", "symptoms": "x", "cancel": "true", "patient": 99,
        "appointment_status": "Complated", "id": 4, "nonsense": [] });
    let (status, made) = post(&scene.ana, "/appointments", strings).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(
        (
            &made["appointment_type"],
            &made["appointment_status"],
            &made["cancel"]
        ),
        (&json!("Offline"), &json!("Pendding"), &json!(false))
    );
}

async fn without_a_date_the_next_free_one_is_taken(on: TestServer) {
    let scene = scene(on).await;
    let rosa = scene.on.sign_in(Role::Receptionist, "rosa").await;
    let ben = scene.on.sign_in(Role::Patient, "ben").await;
    // Today at nine has just gone by.
    scene.on.wait(60);
    let mut dates = Vec::new();
    for client in [&scene.ana, &ben, &scene.ana] {
        let (status, made) = post(client, "/appointments/", scene.form(None)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        dates.push(scene.when(&rosa, made["id"].as_i64().unwrap()).await);
    }
    let nine = json!("09:00");
    let expected =
        ["2026-03-03", "2026-03-04", "2026-03-05"].map(|date| (date.to_owned(), nine.clone()));
    assert_eq!(dates, expected);

    // A window on no day within the horizon: valid only in a year.
    let clinic = &scene.on.server.clinic;
    let late = window(clinic, "16:00").await;
    let mut tx = clinic.db.begin().await.unwrap();
    use clinic_server::store::Session as _;
    tx.sql("UPDATE available_time SET valid_from = $2 WHERE id = $1")
        .bind(late)
        .bind("2027-03-01".parse::<chrono::NaiveDate>().unwrap())
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let later = scene.on.doctor_offering("lena", &[late]).await;
    let mut form = scene.form(None);
    form["doctor"] = json!(later);
    form["time"] = json!(late);
    let refused = scene.refused(&scene.ana, form.clone()).await;
    assert_eq!(
        refused["date"],
        json!(["lena has nothing free at this time within 90 days."])
    );
    form["date"] = json!("2027-03-02");
    assert_eq!(
        post(&scene.ana, "/appointments/", form).await.0,
        StatusCode::CREATED
    );
}

async fn a_window_of_slots_fills_up_one_after_the_other(on: TestServer) {
    let scene = scene(on).await;
    let rosa = scene.on.sign_in(Role::Receptionist, "rosa").await;
    bookable::shape(&scene.on.server.clinic, scene.window, Some(10), 127).await;
    let mut starts = Vec::new();
    for name in ["ben", "cora", "dan"] {
        let patient = scene.on.sign_in(Role::Patient, name).await;
        let id = scene.book(&patient, "2026-03-04").await;
        starts.push(scene.when(&rosa, id).await.1);
    }
    assert_eq!(starts, ["09:00", "09:10", "09:20"]);
    let full = scene
        .refused(&scene.ana, scene.form(Some("2026-03-04")))
        .await;
    assert!(full["time"].is_array(), "{full}");
}

async fn a_label_without_a_clock_is_sold_once_a_day(on: TestServer) {
    let clinic = on.server.clinic.clone();
    let label = window(&clinic, "Morning round").await;
    let dora = on.doctor_offering("dora", &[label]).await;
    let emil = on.doctor_offering("emil", &[label]).await;
    // All day long, until the day is over.
    on.wait(3600 * 10);
    let (ana, ben) = (
        on.sign_in(Role::Patient, "ana").await,
        on.sign_in(Role::Patient, "ben").await,
    );
    let form = |doctor: i64, date: &str| {
        json!({ "doctor": doctor, "appointment_type": "Offline", "symptoms": "x", "time": label,
            "date": date })
    };
    let booked =
        |client: Client, form: Value| async move { post(&client, "/appointments/", form).await.0 };
    let (made, refused) = (StatusCode::CREATED, StatusCode::BAD_REQUEST);
    assert_eq!(booked(ana.clone(), form(dora, "2026-03-02")).await, made);
    assert_eq!(booked(ben.clone(), form(dora, "2026-03-02")).await, refused);
    assert_eq!(booked(ana.clone(), form(emil, "2026-03-02")).await, refused);
    assert_eq!(booked(ben.clone(), form(emil, "2026-03-02")).await, made);
    assert_eq!(booked(ben.clone(), form(dora, "2026-03-03")).await, made);
    assert_eq!(booked(ben, form(dora, "2026-03-01")).await, refused);
    assert_eq!(bookable::broken_pairs(&clinic).await, 0);
}

async fn who_books_needs_a_patient_record(on: TestServer) {
    let scene = scene(on).await;
    let admin = scene.on.sign_in(Role::Admin, "admin").await;
    let refused = scene.refused(&admin, scene.form(Some("2026-03-04"))).await;
    assert!(refused["non_field_errors"].is_array(), "{refused}");
    let made = post(&admin, "/patients/", json!({})).await;
    assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
    scene.book(&admin, "2026-03-04").await;
}
