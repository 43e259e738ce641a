//! An absence and a closure at the same time, and dates that nobody means.

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{BOOK, Desk, WEDNESDAY, desk};
use crate::support::on_both;
use crate::support::server::{TestServer, post, send};

on_both! {
    an_absence_and_a_closure_are_both_told,
    dates_that_nobody_books_are_refused,
}

const ABSENCES: &str = "/v1/api/desk/absences/";
const CLOSURES: &str = "/v1/api/desk/closures/";

fn codes(reasons: &Value) -> Vec<&str> {
    let reasons = reasons.as_array().unwrap_or_else(|| panic!("{reasons}"));
    reasons
        .iter()
        .map(|reason| reason["code"].as_str().unwrap())
        .collect()
}

async fn entered(desk: &Desk, path: &str, form: Value) {
    let (status, body) = post(&desk.rosa, path, form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

async fn an_absence_and_a_closure_are_both_told(on: TestServer) {
    let desk = desk(on).await;
    // Once the closure is entered first, once the absence.
    entered(&desk, CLOSURES, json!({ "first_date": WEDNESDAY })).await;
    for day in [WEDNESDAY, "2026-03-05"] {
        entered(
            &desk,
            ABSENCES,
            json!({ "doctor": desk.dora, "first_date": day }),
        )
        .await;
    }
    entered(&desk, CLOSURES, json!({ "first_date": "2026-03-05" })).await;
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    for day in [WEDNESDAY, "2026-03-05"] {
        let at = format!("{day}T09:00:00Z");
        let both = ["doctor_absent", "clinic_closed"];
        assert_eq!(codes(&desk.refused("Ben", &at).await), both, "{day}");
        let form = json!(desk.form("Cora", &at).await);
        let (_, check) = post(&desk.rosa, &format!("{BOOK}check/"), form).await;
        assert_eq!(codes(&check["reasons"]), both, "{day}");
        let own = json!({ "doctor": desk.dora, "meeting_date": day, "meeting_time": desk.window,
            "appointment_type": "offline", "symptoms": "x" });
        let (status, body) = post(&ana, "/v1/api/appointment/patient/", own).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(codes(&body["reasons"]), both, "{day}");
    }
}

async fn dates_that_nobody_books_are_refused(on: TestServer) {
    let desk = desk(on).await;
    for (form, field) in [
        (json!({ "first_date": "9999-12-31" }), "first_date"),
        (json!({ "first_date": "0001-01-01" }), "first_date"),
        (
            json!({ "first_date": "2026-03-04", "last_date": "2036-03-20" }),
            "last_date",
        ),
    ] {
        for (path, with_doctor) in [(ABSENCES, true), (CLOSURES, false)] {
            let mut form = form.clone();
            if with_doctor {
                form["doctor"] = json!(desk.dora);
            }
            let (status, body) = post(&desk.rosa, path, form).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {body}");
            assert!(body["errors"][field].is_array(), "{body}");
        }
    }
    let hours =
        json!({ "doctor": desk.dora, "date": "9999-12-31", "starts": "09:00", "ends": "10:00" });
    let (status, body) = post(&desk.rosa, "/v1/api/desk/openings/", hours).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["date"].is_array(), "{body}");
    // What was forgotten yesterday is entered today, and can be changed.
    let yesterday = json!({ "doctor": desk.dora, "first_date": "2026-03-01" });
    let (status, made) = post(&desk.rosa, ABSENCES, yesterday).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let one = format!("{ABSENCES}{}/", made["absence"]["id"]);
    let noted = json!({ "note": "She called late." });
    let (status, body) = send(&desk.rosa, Method::PATCH, &one, noted).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let far = json!({ "last_date": "9999-12-31" });
    let (status, body) = send(&desk.rosa, Method::PATCH, &one, far).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["last_date"].is_array(), "{body}");
}
