//! What the server on loopback knows beside its patients: three doctors, two appointments, two
//! contact requests.

use serde_json::{Value, json};

/// The id of Lise Meitner, who waits to be verified.
pub(crate) const LISE: &str = "01890000-0000-7000-8000-0000000000a1";
const EMMY: &str = "01890000-0000-7000-8000-0000000000a2";
const OTHER_EMMY: &str = "01890000-0000-7000-8000-0000000000a3";

/// The answer, if this is about one of them.
pub(crate) fn route(method: &str, path: &str, query: &str) -> Option<(u16, Value)> {
    let path = path.strip_prefix("/v1/api/desk/")?;
    let doctor = format!("doctors/{LISE}");
    let answer = match (method, path) {
        ("GET", "doctors") => page(doctors(), query),
        ("GET", path) if path == doctor => doctor_record(false),
        ("POST", path) if path == format!("{doctor}/verify") => doctor_record(true),
        ("GET", "appointments") => page(appointments(), query),
        ("GET", "appointments/7") => appointment(),
        ("GET", "contacts") => page(contacts(), query),
        ("GET", "contacts/3") => contact(3, "in_progress"),
        _ => return None,
    };
    Some((200, answer))
}

fn page(rows: Vec<Value>, query: &str) -> Value {
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_lowercase)
    };
    let words = value("search").unwrap_or_default();
    let results: Vec<_> = rows
        .into_iter()
        .filter(|row| row.to_string().to_lowercase().contains(&words))
        .filter(|row| value("status").is_none_or(|status| row["status"] == status.as_str()))
        .collect();
    json!({
        "count": results.len(), "previous": null, "results": results,
        "next": "http://127.0.0.1/?cursor=later"
    })
}

fn doctors() -> Vec<Value> {
    let row = |id: &str, name: &str, is_verified: bool| {
        json!({
            "id": id, "number": 1, "full_name": name, "specialisations": ["Radiology"],
            "designations": [], "fee": "700.00", "is_verified": is_verified
        })
    };
    vec![
        row(LISE, "Lise \u{1b}[31mMeitner", false),
        row(EMMY, "Emmy Noether", true),
        row(OTHER_EMMY, "Emmy Noether-Klein", true),
    ]
}

fn doctor_record(is_verified: bool) -> Value {
    json!({
        "id": LISE, "number": 1, "full_name": "Lise Meitner", "username": "lise",
        "email": "lise@example.org", "photo": null, "fee": "700.00", "meet_link": null,
        "specialisations": [{"id": 1, "name": "Radiology"}], "designations": [],
        "available_times": [{
            "id": 1, "name": "Mornings", "starts": "09:00", "ends": "12:30",
            "weekdays": ["mon", "tue", "wed"], "slot_minutes": 30, "valid_from": null,
            "valid_to": null
        }],
        "verified_at": is_verified.then_some("2026-11-23T08:00:00Z"), "version": 2,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    })
}

fn row(id: i64, starts: Option<&str>, status: &str, overbooked: bool) -> Value {
    json!({
        "id": id, "date": "2026-11-23", "starts": starts, "ends": starts.map(|_| "09:30"),
        "window": starts.is_none().then_some("Walk-in"), "appointment_type": "offline",
        "status": status, "overbooked": overbooked,
        "patient": {"id": EMMY, "number": 4, "full_name": "Ada \u{1b}[31mLovelace"},
        "doctor": {"id": LISE, "number": 1, "full_name": "Lise Meitner"}
    })
}

fn appointments() -> Vec<Value> {
    vec![
        row(7, Some("09:00"), "confirmed", true),
        row(8, None, "pending", false),
    ]
}

fn appointment() -> Value {
    let mut whole = row(7, Some("09:00"), "cancelled", false);
    let more = json!({
        "starts_at": "2026-11-23T08:00:00Z", "ends_at": "2026-11-23T08:30:00Z",
        "patient_phone": "030 1234", "patient_birth_date": "1990-12-10", "title": "Cough",
        "symptoms": "Since Thursday.\nNo fever.", "meeting_link": null, "is_paid": true,
        "walk_in": false, "priority": "normal",
        "cancelled_by": "patient", "cancel_reason": "Has to work.", "cancelled_late": true,
        "version": 1, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    });
    for (name, value) in more.as_object().unwrap() {
        whole[name] = value.clone();
    }
    whole
}

fn contact(id: i64, status: &str) -> Value {
    json!({
        "id": id, "name": "Grace Hopper", "phone": "", "email": "grace@example.org",
        "subject": "Hours", "message": "Are you open between the holidays,\nand until when?",
        "status": status, "version": 1, "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-20T09:00:00Z"
    })
}

fn contacts() -> Vec<Value> {
    vec![contact(3, "in_progress"), contact(2, "new")]
}
