//! Everything booked for one person at the desk (API.md §7).

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::desk::appointments::{Cancel, CancelledBy, NewAppointment, ReasonKind, Status};
use clinic_shared::desk::merging::Merging;
use clinic_shared::desk::patients::PatientDraft;
use serde_json::json;
use uuid::Uuid;

use crate::support::bookable::{shape, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get};

on_both! {
    a_record_tells_what_was_booked_and_what_came_of_it,
    a_merged_record_tells_where_its_appointments_went,
}

async fn desk(on: &TestServer) -> (Client, Uuid, i64) {
    let window = window(&on.server.clinic, "10:00-16:00").await;
    shape(&on.server.clinic, window, Some(30), 127).await;
    on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    let dora = doctors["results"][0]["id"].as_str().unwrap();
    (rosa, dora.parse().unwrap(), window)
}

async fn person(rosa: &Client, full_name: &str) -> Uuid {
    let draft = PatientDraft {
        full_name: full_name.to_owned(),
        ..PatientDraft::default()
    };
    rosa.register_patient(&draft).await.unwrap().value.id
}

async fn book(rosa: &Client, (patient, doctor, window): (Uuid, Uuid, i64), at: &str) -> i64 {
    let form = json!({ "patient": patient, "doctor": doctor, "available_time": window,
        "starts_at": format!("2026-03-{at}:00Z"), "title": "Knee" });
    let form: NewAppointment = serde_json::from_value(form).unwrap();
    rosa.book(&form).await.unwrap().value.id
}

async fn a_record_tells_what_was_booked_and_what_came_of_it(on: TestServer) {
    let (rosa, dora, window) = desk(&on).await;
    let ana = person(&rosa, "Ana Garcia").await;
    let ben = person(&rosa, "Ben Other").await;
    let empty = rosa.visits(ana, 100).await.unwrap();
    assert_eq!((empty.count, empty.appointments.len()), (0, 0));
    let first = book(&rosa, (ana, dora, window), "04T10:00").await;
    let last = book(&rosa, (ana, dora, window), "11T10:00").await;
    let middle = book(&rosa, (ana, dora, window), "04T14:00").await;
    book(&rosa, (ben, dora, window), "04T11:00").await;
    let called_off = Cancel {
        by: CancelledBy::Patient,
        reason_kind: Some(ReasonKind::Illness),
        reason: Some("flu".to_owned()),
        version: None,
    };
    rosa.cancel_appointment(middle, &called_off, None)
        .await
        .unwrap();

    let visits = rosa.visits(ana, 100).await.unwrap();
    let ids: Vec<i64> = visits.appointments.iter().map(|row| row.id).collect();
    assert_eq!(
        ids,
        [last, middle, first],
        "the latest first, nobody else's"
    );
    assert_eq!((visits.count, visits.cancelled, visits.no_shows), (3, 1, 0));
    assert!(!visits.has_more);
    let row = &visits.appointments[1];
    assert_eq!((row.status, row.version), (Status::Cancelled, 2));
    assert_eq!(row.cancel_reason.as_deref(), Some("flu"));
    assert_eq!(row.title.as_deref(), Some("Knee"));

    // What the desk booked by mistake is there, and not held against her.
    let slip = book(&rosa, (ana, dora, window), "11T14:00").await;
    let mistake = Cancel {
        by: CancelledBy::Clinic,
        reason_kind: Some(ReasonKind::Mistake),
        reason: None,
        version: None,
    };
    let off = rosa.cancel_appointment(slip, &mistake, None);
    off.await.unwrap();
    let visits = rosa.visits(ana, 100).await.unwrap();
    assert_eq!((visits.count, visits.cancelled), (4, 1));
    assert_eq!(visits.cancelled_late, 0);

    let two = rosa.visits(ana, 2).await.unwrap();
    assert_eq!(two.appointments.len(), 2);
    assert!(two.has_more && two.count == 4 && two.cancelled == 1);
}

async fn a_merged_record_tells_where_its_appointments_went(on: TestServer) {
    let (rosa, dora, window) = desk(&on).await;
    let ana = person(&rosa, "Ana Garcia").await;
    let twin = person(&rosa, "Anna Garcia").await;
    book(&rosa, (twin, dora, window), "04T10:00").await;
    let merging = Merging {
        other: twin,
        version: None,
        other_version: None,
        keep: None,
    };
    rosa.merge_patients(ana, &merging, None).await.unwrap();
    assert_eq!(rosa.visits(ana, 100).await.unwrap().count, 1);
    let refused = rosa.visits(twin, 100).await.unwrap_err();
    let refused = refused.refused().unwrap();
    assert_eq!(refused.code, "merged");
    assert_eq!(refused.merged_into, Some(ana));
    let nobody = rosa.visits(Uuid::nil(), 100).await.unwrap_err();
    assert_eq!(nobody.status(), Some(404));
}
