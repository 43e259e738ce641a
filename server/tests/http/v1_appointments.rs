//! `/v1/api/appointment/`: what patients and doctors see, book and change (API.md §4).

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::media::png;
use crate::support::bookable::{shape, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, read, request, send};

on_both! {
    a_patient_books_and_sees_their_own,
    a_refusal_tells_the_reasons,
    a_slot_is_on_the_day_that_was_said,
    pictures_come_with_a_booking_and_are_private,
    a_doctor_books_for_their_patients_only,
    the_doctor_changes_where_it_stands,
    a_patient_calls_off_what_is_theirs,
}

const PATIENT: &str = "/v1/api/appointment/patient/";
const DOCTOR: &str = "/v1/api/appointment/doctor/";

struct Clinic {
    on: TestServer,
    rosa: Client,
    ana: Client,
    dora: Client,
    dora_id: Value,
    window: i64,
}

async fn clinic(on: TestServer) -> Clinic {
    let window = window(&on.server.clinic, "10:00-11:00").await;
    shape(&on.server.clinic, window, Some(30), 127).await;
    on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let dora = on.signed_in("dora").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    Clinic {
        dora_id: doctors["results"][0]["id"].clone(),
        on,
        rosa,
        ana,
        dora,
        window,
    }
}

impl Clinic {
    fn form(&self, date: &str) -> Value {
        json!({ "doctor": self.dora_id, "meeting_date": date, "meeting_time": self.window,
            "appointment_type": "online", "symptoms": "Coughs", "title": "Cough" })
    }

    async fn booked(&self, date: &str) -> Value {
        let (status, body) = post(&self.ana, PATIENT, self.form(date)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    async fn update(&self, client: &Client, id: &Value, body: Value) -> (StatusCode, Value) {
        send(
            client,
            Method::PATCH,
            &format!("{DOCTOR}{id}/update_status/"),
            body,
        )
        .await
    }
}

async fn a_patient_books_and_sees_their_own(on: TestServer) {
    let clinic = clinic(on).await;
    let made = clinic.booked("2026-03-04").await;
    assert_eq!(
        keys(&made),
        [
            "appointment_type",
            "created_at",
            "doctor",
            "ends_at",
            "id",
            "images",
            "is_paid",
            "meeting_date",
            "meeting_link",
            "meeting_time",
            "patient",
            "starts_at",
            "status",
            "symptoms",
            "title",
            "updated_at",
            "version"
        ]
    );
    assert_eq!(made["doctor"]["id"], clinic.dora_id);
    assert_eq!(
        made["meeting_time"],
        json!({ "id": clinic.window, "name": "10:00-11:00" })
    );
    assert_eq!(made["starts_at"], "2026-03-04T09:00:00Z");
    assert_eq!(made["status"], "pending");
    let (status, seen) = get(&clinic.ana, &format!("{PATIENT}{}/", made["id"])).await;
    assert_eq!((status, &seen), (StatusCode::OK, &made));
    let mut exact = clinic.form("2026-03-05");
    exact["starts_at"] = json!("2026-03-05T09:30:00Z");
    let (status, second) = post(&clinic.ana, PATIENT, exact).await;
    assert_eq!(
        (status, &second["starts_at"]),
        (StatusCode::CREATED, &json!("2026-03-05T09:30:00Z"))
    );
    let (_, page) = get(&clinic.ana, PATIENT).await;
    assert_eq!(page["count"], 2);
    assert_eq!(
        page["results"][0]["id"], second["id"],
        "the last booked first"
    );
    let (_, page) = get(&clinic.ana, &format!("{PATIENT}?limits=1")).await;
    let next = page["next"].as_str().unwrap();
    let cursor = next.split("cursor=").nth(1).unwrap();
    let (_, rest) = get(&clinic.ana, &format!("{PATIENT}?limits=1&cursor={cursor}")).await;
    assert_eq!(rest["results"][0]["id"], made["id"]);
    // Others see nothing of it; its doctor does.
    let ben = clinic.on.sign_in(Role::Patient, "ben").await;
    let (status, _) = get(&ben, &format!("{PATIENT}{}/", made["id"])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(get(&ben, PATIENT).await.1["count"], 0);
    let (_, theirs) = get(
        &clinic.dora,
        &format!("{DOCTOR}?date=2026-03-04&status=pending"),
    )
    .await;
    assert_eq!(
        (&theirs["count"], &theirs["results"][0]["id"]),
        (&json!(1), &made["id"])
    );
    let (status, _) = get(&clinic.ana, DOCTOR).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

async fn a_refusal_tells_the_reasons(on: TestServer) {
    let clinic = clinic(on).await;
    clinic.booked("2026-03-04").await;
    let mut same = clinic.form("2026-03-04");
    same["starts_at"] = json!("2026-03-04T09:00:00Z");
    let (status, body) = post(&clinic.ana, PATIENT, same).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("slot_unavailable"))
    );
    let reasons = body["reasons"].as_array().unwrap();
    let codes: Vec<_> = reasons
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["doctor_busy", "patient_busy"]);
    assert!(reasons.iter().all(|one| one["detail"].is_string()));
    let mut odd = clinic.form("2026-03-05");
    odd["starts_at"] = json!("2026-03-05T09:10:00Z");
    let (_, body) = post(&clinic.ana, PATIENT, odd).await;
    assert_eq!(body["reasons"][0]["code"], "outside_window");
    let mut faulty = clinic.form("2026-03-05");
    faulty["overbook"] = json!("please");
    let (status, body) = post(&clinic.ana, PATIENT, faulty).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "patients overbook nobody");
    assert!(body["errors"]["overbook"].is_array(), "{body}");
}

async fn a_slot_is_on_the_day_that_was_said(on: TestServer) {
    let clinic = clinic(on).await;
    for (who, path) in [(&clinic.ana, PATIENT), (&clinic.dora, DOCTOR)] {
        let mut form = clinic.form("2026-12-10");
        form["starts_at"] = json!("2026-12-11T09:00:00Z");
        if path == DOCTOR {
            let (_, patients) = get(&clinic.rosa, "/v1/api/desk/patients/").await;
            form["patient"] = patients["results"][0]["id"].clone();
            form.as_object_mut().unwrap().remove("doctor");
        }
        let (status, body) = post(who, path, form).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(keys(&body["errors"]).contains(&"meeting_date"), "{body}");
    }
}

async fn pictures_come_with_a_booking_and_are_private(on: TestServer) {
    let clinic = clinic(on).await;
    let form = |images: usize, bytes: Vec<u8>| {
        let mut form = Form::new();
        for (key, value) in clinic.form("2026-03-04").as_object().unwrap() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(key.clone(), text);
        }
        for _ in 0..images {
            form = form.part("images", Part::bytes(bytes.clone()).file_name("x.png"));
        }
        request(&clinic.ana, Method::POST, PATIENT)
            .multipart(form)
            .send()
    };
    let (status, body) = read(form(6, png()).await.unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "six are too many");
    assert!(body["errors"]["images"].is_array(), "{body}");
    let (status, body) = read(form(1, b"no picture".to_vec()).await.unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["images"].is_array(), "{body}");
    let (status, made) = read(form(2, png()).await.unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let images = made["images"].as_array().unwrap();
    assert_eq!(images.len(), 2);
    let signed = images[0].as_str().unwrap();
    let path = signed.split_once("/media/").unwrap().1;
    let anonymous = clinic.on.anonymous();
    let status = |path: String| {
        let request = anonymous.request(Method::GET, &path).unwrap();
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(status(format!("/media/{path}")).await, StatusCode::OK);
    let bare = path.split('?').next().unwrap();
    assert_eq!(
        status(format!("/media/{bare}")).await,
        StatusCode::NOT_FOUND
    );
    let own = request(&clinic.ana, Method::GET, &format!("/media/{bare}"));
    assert_eq!(
        own.send().await.unwrap().status(),
        StatusCode::OK,
        "the owner's bearer"
    );
    let (_, page) = get(&clinic.dora, DOCTOR).await;
    assert_eq!(page["results"][0]["images"].as_array().unwrap().len(), 2);
    clinic_server::clinic::pictures::sweep(&clinic.on.server.clinic)
        .await
        .unwrap();
    assert_eq!(
        status(format!("/media/{path}")).await,
        StatusCode::OK,
        "the sweep spares it"
    );
}

async fn a_doctor_books_for_their_patients_only(on: TestServer) {
    let clinic = clinic(on).await;
    let made = clinic.booked("2026-03-04").await;
    let mut form = json!({ "patient": made["patient"]["id"], "meeting_date": "2026-03-11",
        "meeting_time": clinic.window, "appointment_type": "offline", "symptoms": "Again" });
    let (status, again) = post(&clinic.dora, DOCTOR, form.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{again}");
    assert_eq!(again["patient"], made["patient"]);
    let stranger = json!({ "full_name": "Ben Stranger" });
    let (_, ben) = post(&clinic.rosa, "/v1/api/desk/patients/", stranger).await;
    form["patient"] = ben["id"].clone();
    let (status, body) = post(&clinic.dora, DOCTOR, form).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["patient"].is_array(), "{body}");
}

async fn the_doctor_changes_where_it_stands(on: TestServer) {
    let clinic = clinic(on).await;
    let made = clinic.booked("2026-03-02").await;
    let id = &made["id"];
    let link =
        json!({ "status": "running", "meeting_link": "https://meet.example/x", "version": 1 });
    let (status, running) = clinic.update(&clinic.dora, id, link).await;
    assert_eq!(status, StatusCode::OK, "{running}");
    assert_eq!(
        (&running["status"], &running["version"]),
        (&json!("running"), &json!(2))
    );
    assert_eq!(running["meeting_link"], "https://meet.example/x");
    let (status, body) = clinic
        .update(&clinic.dora, id, json!({ "status": "no_show" }))
        .await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("invalid_transition"))
    );
    let stale = json!({ "status": "completed", "version": 1 });
    let (status, body) = clinic.update(&clinic.rosa, id, stale).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    assert_eq!(body["detail"], "dora moved this to running 0 s ago.");
    let (status, _) = clinic
        .update(&clinic.rosa, id, json!({ "status": "completed" }))
        .await;
    assert_eq!(status, StatusCode::OK, "staff may");
    for status in ["pending", "Running", ""] {
        let (answer, body) = clinic
            .update(&clinic.dora, id, json!({ "status": status }))
            .await;
        let expected = match status {
            "pending" => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        };
        assert_eq!(answer, expected, "{status}: {body}");
    }
    // Neither the patient nor another doctor.
    let (status, _) = clinic
        .update(&clinic.ana, id, json!({ "status": "cancelled" }))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    clinic.on.doctor_offering("emil", &[clinic.window]).await;
    let emil = clinic.on.signed_in("emil").await;
    let (status, _) = clinic
        .update(&emil, id, json!({ "status": "running" }))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

async fn a_patient_calls_off_what_is_theirs(on: TestServer) {
    let clinic = clinic(on).await;
    let made = clinic.booked("2026-03-02").await;
    let path = format!("{PATIENT}{}/cancel/", made["id"]);
    let ben = clinic.on.sign_in(Role::Patient, "ben").await;
    for other in [&ben, &clinic.dora, &clinic.rosa] {
        let (status, _) = post(other, &path, json!({})).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let (status, off) = post(
        &clinic.ana,
        &path,
        json!({ "reason": "A cold", "version": 1 }),
    )
    .await;
    assert_eq!(
        (status, &off["status"]),
        (StatusCode::OK, &json!("cancelled")),
        "{off}"
    );
    let (_, told) = get(
        &clinic.rosa,
        &format!("/v1/api/desk/appointments/{}/", made["id"]),
    )
    .await;
    assert_eq!(
        (&told["cancelled_by"], &told["cancelled_late"]),
        (&json!("patient"), &json!(true))
    );
    let (status, body) = post(&clinic.ana, &path, json!({})).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("invalid_transition"))
    );
    let detail = body["detail"].as_str().unwrap();
    assert!(
        detail.ends_with("You moved this to cancelled 0 s ago."),
        "{detail}"
    );
}
