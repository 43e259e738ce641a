//! Who is told what: what they may see, and ids only.

use clinic_server::clinic::events;
use clinic_shared::Role;
use clinic_shared::client::reqwest::Method;
use clinic_shared::client::{Client, Events};
use clinic_shared::v1::events::{Event, EventKind};
use serde_json::json;

use super::{happen, happen_to, happened, ready};
use crate::support::bookable::window;
use crate::support::on_both;
use crate::support::server::{TestServer, post};

on_both! {
    everybody_is_told_what_is_theirs,
    changes_of_every_kind_are_told,
    whom_an_appointment_leaves_hears_of_it,
    nobody_follows_without_a_session,
}

async fn book(client: &Client, doctor: i64, window: i64) -> i64 {
    let form = json!({ "doctor": doctor, "appointment_type": "Offline", "symptoms": "x",
        "time": window, "date": "2026-03-04" });
    let (_, made) = post(client, "/appointments/", form).await;
    made["id"].as_i64().unwrap_or_else(|| panic!("{made}"))
}

/// What a stream told before the contact request with this number, as kinds and objects.
async fn until(stream: &mut Events, last: i64) -> Vec<(EventKind, Option<i64>)> {
    let mut seen = Vec::new();
    loop {
        let (_, event) = happened(stream).await.expect("the stream goes on");
        if event.object == Some(last) {
            return seen;
        }
        seen.push((event.kind, event.object));
    }
}

async fn everybody_is_told_what_is_theirs(on: TestServer) {
    let clinic = &on.server.clinic;
    let window = window(clinic, "10:00-10:30").await;
    let dora = on.doctor_offering("dora", &[window]).await;
    let emil = on.doctor_offering("emil", &[window]).await;
    let (ana, ben) = (
        on.sign_in(Role::Patient, "ana").await,
        on.sign_in(Role::Patient, "ben").await,
    );
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (mut ana_hears, _) = ready(&ana).await;
    let (mut dora_hears, _) = ready(&on.signed_in("dora").await).await;
    let (mut emil_hears, _) = ready(&on.signed_in("emil").await).await;
    let (mut rosa_hears, _) = ready(&rosa).await;

    let anas = book(&ana, dora, window).await;
    let bens = book(&ben, emil, window).await;
    let mut reader = clinic.db.read().await.unwrap();
    let of_anas = clinic_server::store::appointments::by_id(&mut reader, anas).await;
    let ana_number = of_anas.unwrap().unwrap().patient_id;
    drop(reader);
    happen_to(
        clinic,
        events::WAITLIST,
        501,
        (Some(dora), Some(ana_number)),
    )
    .await;
    happen_to(clinic, events::QUEUE, dora, (Some(dora), None)).await;
    happen_to(clinic, events::SCHEDULE, 502, (Some(emil), None)).await;
    happen_to(clinic, events::SCHEDULE, 503, (None, None)).await;
    happen(clinic, events::CONTACT, 504).await;
    // The last word, which everybody here is told.
    for doctor in [dora, emil] {
        happen_to(
            clinic,
            events::APPOINTMENT,
            900,
            (Some(doctor), Some(ana_number)),
        )
        .await;
    }

    let appointment = |id| (EventKind::Appointment, Some(id));
    let wish = (EventKind::Waitlist, Some(501));
    let queue = (EventKind::Queue, None);
    let emils = (EventKind::Schedule, Some(502));
    let closed = (EventKind::Schedule, Some(503));
    let letter = (EventKind::Contact, Some(504));
    assert_eq!(
        until(&mut rosa_hears, 900).await,
        [
            appointment(anas),
            appointment(bens),
            wish,
            queue,
            emils,
            closed,
            letter
        ]
    );
    assert_eq!(until(&mut ana_hears, 900).await, [appointment(anas), wish]);
    assert_eq!(
        until(&mut dora_hears, 900).await,
        [appointment(anas), queue, closed]
    );
    assert_eq!(
        until(&mut emil_hears, 900).await,
        [appointment(bens), emils, closed]
    );

    // The same is replayed to her, and nothing else.
    let mut replayed = ana.events(Some(0)).await.unwrap();
    assert_eq!(until(&mut replayed, 900).await, [appointment(anas), wish]);
}

async fn changes_of_every_kind_are_told(on: TestServer) {
    let clinic = &on.server.clinic;
    let window = window(clinic, "10:00-10:30").await;
    let dora = on.doctor_offering("dora", &[window]).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (mut stream, _) = ready(&rosa).await;

    let letter = json!({ "name": "Ida", "phone": "030 1", "massage": "Hello" });
    let (_, made) = post(&on.anonymous(), "/contacts/", letter).await;
    let contact = made["id"].as_i64().unwrap();
    let told = |object| Event {
        kind: EventKind::Contact,
        object: Some(object),
        doctor: None,
        patient: None,
    };
    assert_eq!(happened(&mut stream).await.unwrap().1, told(contact));
    let path = format!("/contacts/{contact}/");
    let change = json!({ "phone": "030 2" });
    let patch = crate::support::server::send;
    patch(&rosa, Method::PATCH, &path, change).await;
    assert_eq!(happened(&mut stream).await.unwrap().1, told(contact));

    let appointment = book(&ana, dora, window).await;
    let (_, event) = happened(&mut stream).await.unwrap();
    assert_eq!(event.kind, EventKind::Appointment);
    assert_eq!(event.object, Some(appointment));
    // Doctors and patients by the ids that v1 and the desk use.
    let query = clinic_shared::client::DoctorQuery::default();
    let doctors = rosa.doctors(&query).await.unwrap();
    assert_eq!(event.doctor, Some(doctors.results[0].id));
    assert!(event.patient.is_some());

    let path = format!("/doctors/{dora}/");
    let none = json!({ "available_time": [] });
    patch(&rosa, Method::PATCH, &path, none).await;
    let (_, event) = happened(&mut stream).await.unwrap();
    assert_eq!(event.kind, EventKind::Schedule);
    assert_eq!(event.object, Some(window), "a window that went");
}

async fn whom_an_appointment_leaves_hears_of_it(on: TestServer) {
    let clinic = &on.server.clinic;
    let window = window(clinic, "10:00-10:30").await;
    let dora = on.doctor_offering("dora", &[window]).await;
    on.doctor_offering("emil", &[window]).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let emil = on.signed_in("emil").await;
    let moved = book(&ana, dora, window).await;
    let (mut dora_hears, _) = ready(&on.signed_in("dora").await).await;
    let (mut emil_hears, _) = ready(&emil).await;

    let to = emil.my_doctor().await.unwrap().value.id;
    let desk = format!("/v1/api/desk/appointments/{moved}");
    let form = json!({ "doctor": to, "date": "2026-03-04", "available_time": window });
    let (status, body) = post(&rosa, &format!("{desk}/reschedule/"), form).await;
    assert!(status.is_success(), "{body}");
    let told = (EventKind::Appointment, Some(moved));
    for hears in [&mut dora_hears, &mut emil_hears] {
        let (_, event) = happened(hears).await.unwrap();
        assert_eq!((event.kind, event.object), told);
    }
    let (status, body) = post(&rosa, &format!("{desk}/undo/"), json!({})).await;
    assert!(status.is_success(), "{body}");
    for hears in [&mut dora_hears, &mut emil_hears] {
        let (_, event) = happened(hears).await.unwrap();
        assert_eq!((event.kind, event.object), told);
    }
}

async fn nobody_follows_without_a_session(on: TestServer) {
    assert!(on.anonymous().events(None).await.is_err());
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (stream, _) = ready(&rosa).await;
    drop(stream);
    let noted = on.audit(10).await;
    assert!(
        noted
            .iter()
            .any(|(kind, action, _)| kind == "read" && action == "follow_events"),
        "{noted:?}"
    );
}
