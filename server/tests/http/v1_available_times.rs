//! `/v1/api/doctor/available-times/` (API.md §4, §6).

use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, PageQuery};
use clinic_shared::v1::available_times::{
    AvailableTime, AvailableTimeChange, AvailableTimeInput, Weekday,
};
use clinic_shared::v1::lenient::PersonId;
use clinic_shared::{Patch, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send, status};

on_both! {
    staff_keep_any_of_them,
    a_doctor_keeps_what_only_they_offer,
    what_get_gave_can_be_put_back,
    every_fault_is_told_at_once,
    what_is_booked_keeps_a_retired_one,
    a_change_is_conditional,
    windows_and_profiles_change_at_once,
    who_has_no_profile_makes_none,
}

const PATH: &str = "/v1/api/doctor/available-times/";

fn hours(name: &str, starts: &str, ends: &str) -> AvailableTimeInput {
    AvailableTimeInput {
        name: name.to_owned(),
        starts: Patch::Set(starts.to_owned()),
        ends: Patch::Set(ends.to_owned()),
        ..AvailableTimeInput::default()
    }
}

fn ids(window: &AvailableTime) -> Vec<Uuid> {
    window.doctors.iter().map(|doctor| doctor.id).collect()
}

async fn doctor(on: &TestServer, username: &str) -> (Client, Uuid) {
    let record = on.doctor(username, 500).await;
    (on.signed_in(username).await, record.id)
}

async fn staff_keep_any_of_them(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (dora, dora_id) = doctor(&on, "dora").await;
    let (_, emil_id) = doctor(&on, "emil").await;
    let input = AvailableTimeInput {
        weekdays: Some(vec![Weekday::Mon, Weekday::Wed]),
        slot_minutes: Patch::Set(30),
        valid_from: Patch::Set("2026-04-01".parse().unwrap()),
        doctors: Some(vec![PersonId(dora_id)]),
        ..hours("Mornings", "09:00", "12:00")
    };
    let made = rosa.create_available_time(&input).await.unwrap();
    let window = made.value.clone();
    assert_eq!(
        (window.starts.as_deref(), window.ends.as_deref()),
        (Some("09:00"), Some("12:00"))
    );
    assert_eq!(window.weekdays, [Weekday::Mon, Weekday::Wed]);
    assert_eq!(ids(&window), [dora_id]);
    let (_, shown) = get(&dora, &format!("{PATH}{}/", window.id)).await;
    assert_eq!(
        keys(&shown),
        [
            "doctors",
            "ends",
            "id",
            "name",
            "slot_minutes",
            "starts",
            "valid_from",
            "valid_to",
            "weekdays"
        ]
    );
    // It is among what the doctor offers.
    assert_eq!(
        dora.my_doctor().await.unwrap().value.available_time[0].id,
        window.id
    );
    // Others offer it too, one not any more; null takes the clock away.
    let change = AvailableTimeChange {
        doctors: Some(vec![PersonId(emil_id)]),
        starts: Patch::Clear,
        ends: Patch::Clear,
        slot_minutes: Patch::Clear,
        ..AvailableTimeChange::default()
    };
    let changed = rosa.change_available_time(window.id, &change, None).await;
    let changed = changed.unwrap().value;
    assert_eq!(
        (ids(&changed), changed.starts, changed.slot_minutes),
        (vec![emil_id], None, None)
    );
    assert_eq!(changed.weekdays, [Weekday::Mon, Weekday::Wed]);
    assert!(
        dora.my_doctor()
            .await
            .unwrap()
            .value
            .available_time
            .is_empty()
    );
    // PUT clears what is absent.
    let put = rosa
        .replace_available_time(window.id, &hours("Late", "22:00", "00:00"), None)
        .await
        .unwrap()
        .value;
    assert_eq!(put.weekdays.len(), 7);
    assert_eq!(
        (put.ends.as_deref(), put.valid_from, ids(&put)),
        (Some("00:00"), None, vec![])
    );
    rosa.delete_available_time(window.id).await.unwrap();
    assert_eq!(status(rosa.available_time(window.id).await), 404);
    assert_eq!(status(rosa.delete_available_time(window.id).await), 404);
    let page = rosa.available_times(&PageQuery::default()).await.unwrap();
    assert_eq!(page.count, 0);
    let ana = on.sign_in(Role::Patient, "ana").await;
    assert_eq!(get(&ana, PATH).await.0, StatusCode::FORBIDDEN);
    assert_eq!(get(&on.anonymous(), PATH).await.0, StatusCode::UNAUTHORIZED);
    let audit = on.audit(12).await;
    for action in [
        "create_available_time",
        "change_available_time",
        "retire_available_time",
    ] {
        assert!(audit.iter().any(|row| row.1 == action), "{audit:?}");
    }
}

async fn a_doctor_keeps_what_only_they_offer(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (dora, dora_id) = doctor(&on, "dora").await;
    let (emil, emil_id) = doctor(&on, "emil").await;
    let made = dora
        .create_available_time(&hours("Mine", "09:00", "10:00"))
        .await;
    let mine = made.unwrap().value;
    assert_eq!(ids(&mine), [dora_id]);
    let rename = AvailableTimeChange {
        name: Some("Still mine".to_owned()),
        ..AvailableTimeChange::default()
    };
    let changed = dora.change_available_time(mine.id, &rename, None).await;
    assert_eq!(changed.unwrap().value.name, "Still mine");
    // Seen, but not theirs to change.
    assert_eq!(
        emil.available_time(mine.id).await.unwrap().value.name,
        "Still mine"
    );
    assert_eq!(
        status(emil.change_available_time(mine.id, &rename, None).await),
        403
    );
    assert_eq!(status(emil.delete_available_time(mine.id).await), 403);
    // Nor may a doctor speak for another.
    let both = AvailableTimeChange {
        doctors: Some(vec![PersonId(dora_id), PersonId(emil_id)]),
        ..AvailableTimeChange::default()
    };
    assert_eq!(
        status(dora.change_available_time(mine.id, &both, None).await),
        403
    );
    // Once staff share it, it is nobody's own.
    rosa.change_available_time(mine.id, &both, None)
        .await
        .unwrap();
    assert_eq!(
        status(dora.change_available_time(mine.id, &rename, None).await),
        403
    );
    assert_eq!(status(dora.delete_available_time(mine.id).await), 403);
    // A window that nobody offers is the desk's.
    let free = rosa
        .create_available_time(&hours("Free", "09:00", "10:00"))
        .await;
    let free = free.unwrap().value;
    assert_eq!(status(dora.delete_available_time(free.id).await), 403);
    // A PUT without doctors leaves a doctor's own with them.
    let own = dora
        .create_available_time(&hours("Own", "11:00", "12:00"))
        .await;
    let own = own.unwrap().value;
    let longer = hours("Own", "11:00", "13:00");
    let put = dora.replace_available_time(own.id, &longer, None).await;
    assert_eq!(ids(&put.unwrap().value), [dora_id]);
}

async fn what_get_gave_can_be_put_back(on: TestServer) {
    let (dora, _) = doctor(&on, "dora").await;
    let made = dora
        .create_available_time(&hours("Mine", "09:00", "00:00"))
        .await;
    let path = format!("{PATH}{}/", made.unwrap().value.id);
    let (_, shown) = get(&dora, &path).await;
    for client in [&dora, &on.sign_in(Role::Receptionist, "rosa").await] {
        let (status, put) = send(client, Method::PUT, &path, shown.clone()).await;
        assert_eq!((status, &put), (StatusCode::OK, &shown));
    }
}

async fn every_fault_is_told_at_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let body = json!({ "name": " ", "starts": "9:00", "ends": "25:00", "weekdays": ["monday"],
        "slot_minutes": 1, "valid_from": "soon", "doctors": [Uuid::nil()], "room": 5 });
    let (status, body) = post(&rosa, PATH, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        [
            "doctors",
            "ends",
            "name",
            "room",
            "slot_minutes",
            "starts",
            "valid_from",
            "weekdays"
        ],
        "{body}"
    );
    for (body, field) in [
        (json!({ "name": "x", "starts": "09:00" }), "ends"),
        (json!({ "name": "x", "ends": "09:00" }), "starts"),
        (
            json!({ "name": "x", "starts": "10:00", "ends": "09:00" }),
            "ends",
        ),
        (json!({ "name": "x", "weekdays": [] }), "weekdays"),
        (
            json!({ "name": "x", "starts": "09:00", "ends": "09:20", "slot_minutes": 30 }),
            "slot_minutes",
        ),
        (json!({ "name": "x", "slot_minutes": 30 }), "slot_minutes"),
        (
            json!({ "name": "x", "valid_from": "2026-04-02", "valid_to": "2026-04-01" }),
            "non_field_errors",
        ),
        (json!({ "name": "x", "doctors": ["dora"] }), "doctors"),
    ] {
        let (status, answer) = post(&rosa, PATH, body.clone()).await;
        assert_eq!(
            (status, keys(&answer["errors"])),
            (StatusCode::BAD_REQUEST, vec![field]),
            "{body}"
        );
    }
    assert_eq!(get(&rosa, PATH).await.1["count"], 0);
}

async fn what_is_booked_keeps_a_retired_one(on: TestServer) {
    let (dora, dora_id) = doctor(&on, "dora").await;
    let made = dora
        .create_available_time(&hours("Mine", "09:00", "10:00"))
        .await;
    let window = made.unwrap().value;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let form = json!({ "doctor": dora_id, "meeting_date": "2026-03-04", "meeting_time": window.id,
        "appointment_type": "online", "symptoms": "Cough" });
    let path = "/v1/api/appointment/patient/";
    let (status, booked) = post(&ana, path, form.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{booked}");
    dora.delete_available_time(window.id).await.unwrap();
    let (_, kept) = get(&ana, &format!("{path}{}/", booked["id"])).await;
    assert_eq!(
        (&kept["status"], &kept["meeting_time"]["name"]),
        (&json!("pending"), &json!("Mine"))
    );
    let (status, _) = post(&ana, path, form).await;
    assert!(status.is_client_error(), "{status}: it is offered no more");
    assert_eq!(get(&on.anonymous(), "/available-time/").await.1, json!([]));
}

async fn a_change_is_conditional(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = rosa
        .create_available_time(&hours("A", "09:00", "10:00"))
        .await
        .unwrap();
    let id = made.value.id;
    let etag = made.etag.as_deref();
    let change = |name: &str| AvailableTimeChange {
        name: Some(name.to_owned()),
        ..AvailableTimeChange::default()
    };
    rosa.change_available_time(id, &change("B"), etag)
        .await
        .unwrap();
    let stale = rosa.change_available_time(id, &change("C"), etag).await;
    assert_eq!(status(stale), 412);
}

async fn windows_and_profiles_change_at_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (dora, dora_id) = doctor(&on, "dora").await;
    let made = rosa
        .create_available_time(&hours("A", "09:00", "10:00"))
        .await;
    let id = made.unwrap().value.id;
    let path = format!("{PATH}{id}/");
    for n in 0..8 {
        let named: Value = if n % 2 == 0 {
            json!([dora_id])
        } else {
            json!([])
        };
        let (window, profile) = tokio::join!(
            send(&rosa, Method::PATCH, &path, json!({ "doctors": named })),
            send(
                &dora,
                Method::PATCH,
                "/v1/api/doctor/profile/me/",
                json!({ "available_time": [id] })
            )
        );
        assert_eq!((window.0, profile.0), (StatusCode::OK, StatusCode::OK));
    }
}

async fn who_has_no_profile_makes_none(on: TestServer) {
    let emil = on.sign_in(Role::Doctor, "emil").await;
    let refused = emil
        .create_available_time(&hours("Mine", "09:00", "10:00"))
        .await;
    assert_eq!(status(refused), 400);
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let made = rosa
        .create_available_time(&hours("Free", "09:00", "10:00"))
        .await;
    let id = made.unwrap().value.id;
    assert_eq!(status(emil.delete_available_time(id).await), 403);
}
