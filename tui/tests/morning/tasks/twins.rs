//! One person has two records.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clinic_shared::client::{AuditQuery, PatientQuery};
use clinic_shared::desk::patients::{Patient, PatientDraft};
use uuid::Uuid;

use crate::receptionist::Receptionist;
use crate::support::pty::PATIENCE;

/// Her records of once, and of today.
const NAMES: [&str; 2] = ["Dorothea Doppelgang", "Dorothea Doppelgank"];

/// The two become one that has what was booked for either; parted by one key, and merged again.
pub(crate) async fn merge_a_duplicate(desk: &Receptionist) {
    let (stays, goes) = two_records(desk).await;
    let (_, _, free) = desk.free_day(40).await;
    let old = desk.colleague_books(stays.id, &free[0], "Check-up").await;
    let new = desk.colleague_books(goes.id, &free[1], "Vaccination").await;
    assert_eq!(booked(desk, stays.id).await, [old]);
    assert_eq!(booked(desk, goes.id).await, [new]);

    desk.begin();
    desk.press("f3");
    desk.sees("[F3 Patients]").await;
    // What was looked for before stands there still, and what is typed takes its place.
    desk.type_text(&stays.record_number);
    desk.sees(&format!("Find  {}", stays.record_number)).await;
    desk.sees("1–1 of 1").await;
    desk.sees(&stays.full_name).await;
    desk.press("enter");
    desk.sees("Registered").await;
    merges(desk, &goes, true).await;
    desk.count("merge a duplicate", 6);
    desk.sees("Took in").await;
    desk.picture(
        "merged",
        "Merged",
        "The record that stays: what was booked for either, and which record it took in.",
    )
    .await;
    are_one(desk, (&stays, old), (&goes, new), 1).await;
    desk.rests().await;

    desk.begin();
    desk.press("alt-u");
    desk.sees(&format!(
        "Parted: {} {} stands by itself again.",
        goes.record_number, goes.full_name
    ))
    .await;
    desk.count("undo a merge", 1);
    assert_eq!(booked(desk, stays.id).await, [old]);
    assert_eq!(booked(desk, goes.id).await, [new]);
    let as_it_was = desk.client.patient(goes.id).await.unwrap().value;
    assert_eq!(as_it_was.phone, goes.phone);
    desk.rests().await;

    merges(desk, &goes, false).await;
    are_one(desk, (&stays, old), (&goes, new), 2).await;
    desk.rests().await;
    desk.press("f2");
    desk.sees("[F2 Today]").await;
    desk.begin();
}

/// From the record that stays to the one that has taken the other in.
async fn merges(desk: &Receptionist, goes: &Patient, is_first: bool) {
    desk.press("m");
    desk.sees("Which record goes in?").await;
    // Nothing is typed: who looks like her is there.
    desk.sees(&format!("{} {} ·", goes.record_number, goes.full_name))
        .await;
    desk.press("enter");
    desk.sees("Moves: 1 appointment to come.").await;
    if is_first {
        desk.picture(
            "merge",
            "Merging",
            "Both records side by side: what stays of each, and what moves.",
        )
        .await;
    }
    desk.press("enter");
    desk.sees("Keep both").await;
    desk.press("m");
    desk.sees(&format!(
        "Merged: {} {} is part of",
        goes.record_number, goes.full_name
    ))
    .await;
    desk.sees("(u: undo)").await;
}

/// She was registered twice: nearly the same name, and another phone.
async fn two_records(desk: &Receptionist) -> (Patient, Patient) {
    let born: NaiveDate = "1974-06-30".parse().unwrap();
    let draft = |name: &str, phone: &str| PatientDraft {
        full_name: name.to_owned(),
        birth_date: Some(born),
        phone: Some(phone.to_owned()),
        ..PatientDraft::default()
    };
    let once = draft(NAMES[0], "030 5550 6061");
    let today = PatientDraft {
        address: Some("Torstraße 1, 10119 Berlin".to_owned()),
        ..draft(NAMES[1], "0171 5550 77")
    };
    let stays = desk.admin.register_patient(&once).await.unwrap().value;
    let goes = desk.admin.register_patient(&today).await.unwrap().value;
    (stays, goes)
}

/// What was ever booked for one of them.
async fn booked(desk: &Receptionist, id: Uuid) -> Vec<i64> {
    let visits = desk.client.visits(id, 10).await.unwrap();
    let mut ids: Vec<i64> = visits.appointments.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    ids
}

/// The server has one record of the two, with what was booked for either; the other's number leads
/// to it.
async fn are_one(
    desk: &Receptionist,
    (stays, old): (&Patient, i64),
    (goes, new): (&Patient, i64),
    times: usize,
) {
    // What is said of it may be about the merge before.
    let begun = Instant::now();
    let merges = loop {
        let merges = desk.client.merges(stays.id).await.unwrap();
        if merges.len() == times {
            break merges;
        }
        assert!(begun.elapsed() < PATIENCE, "not merged: {merges:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(booked(desk, stays.id).await, [old, new]);
    let stand: Vec<_> = merges
        .iter()
        .filter(|one| one.undone_at.is_none())
        .collect();
    assert_eq!(stand.len(), 1, "{merges:?}");
    assert_eq!(stand[0].other.id, goes.id);
    assert_eq!(stand[0].appointments, [new]);
    let gone = desk.client.patient(goes.id).await.unwrap_err();
    assert_eq!(gone.status(), Some(404), "{gone}");
    let number = PatientQuery {
        search: Some(goes.record_number.clone()),
        ..PatientQuery::default()
    };
    let found = desk.client.patients(&number).await.unwrap().results;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].id, stays.id);
    let now = desk.client.patient(stays.id).await.unwrap().value;
    assert_eq!(now.full_name, stays.full_name);
    assert_eq!(now.phone, stays.phone);
    assert_eq!(now.address, goes.address, "what only the other had is kept");
    let query = AuditQuery {
        action: Some("merge_patients".to_owned()),
        patient: Some(stays.id),
        ..AuditQuery::default()
    };
    assert_eq!(desk.audited(&query).await, times);
}
