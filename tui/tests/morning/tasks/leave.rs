//! A doctor will be away on a day on which two people are booked.

use clinic_shared::client::{DatesQuery, Off, PatientQuery};
use clinic_shared::desk::absences::AbsenceKind;
use clinic_shared::desk::appointments::{Action, CancelledBy, ReasonKind, Status};

use crate::receptionist::Receptionist;

/// The absence is entered; one of the two appointments is moved, the other called off.
pub(crate) async fn enter_leave(desk: &Receptionist) {
    // A month from now: nobody else is booked that far ahead.
    let (day, doctor, free) = desk.free_day(30).await;
    let query = PatientQuery {
        limits: Some(2),
        ..PatientQuery::default()
    };
    let people = desk.client.patients(&query).await.unwrap().results;
    let titles = ["Check-up", "Blood pressure"];
    let mut hit = Vec::new();
    for ((patient, slot), title) in people.iter().zip(&free).zip(titles) {
        hit.push(desk.colleague_books(patient.id, slot, title).await);
    }
    let [first, second] = [hit[0], hit[1]];

    desk.begin();
    desk.press("f4");
    desk.sees("Everybody, by name").await;
    desk.type_text(&doctor.full_name.to_lowercase());
    desk.sees("1–1 of 1").await;
    desk.press("enter");
    desk.sees("Specialised").await;
    desk.press("a");
    desk.sees("can't be booked then").await;
    desk.type_text(&day.format("%-d.%-m.").to_string());
    desk.sees("the whole day").await;
    desk.picture(
        "leave",
        "Entering leave",
        "The form for an absence: from when to when, why, and how the day is understood.",
    )
    .await;
    desk.press("ctrl-s");
    desk.sees("2 appointments stand in this time").await;
    desk.count("enter leave of a found doctor", 4);
    for patient in &people {
        desk.sees(&patient.full_name).await;
    }
    desk.picture(
        "leave-hits",
        "What it hits",
        "The appointments that stand in the absence: when, who, the phone, what it is about.",
    )
    .await;
    let query = DatesQuery {
        doctor: Some(doctor.id),
        from: Some(day),
        to: Some(day),
    };
    let entered = desk.client.absences(Off::Absence, &query).await.unwrap();
    let [absence] = entered.as_slice() else {
        panic!("not one absence: {entered:?}")
    };
    assert_eq!((absence.first_date, absence.last_date), (day, day));
    assert_eq!(absence.kind, AbsenceKind::Holiday);
    desk.is_audited_of("absence", "enter_absence", absence.id, 1)
        .await;
    desk.rests().await;

    desk.begin();
    desk.press("m");
    desk.sees("Move the appointment of").await;
    desk.sees_that("free times of the doctor", |screen| {
        screen
            .lines()
            .any(|line| line.contains(&doctor.full_name) && line.contains('–'))
    })
    .await;
    desk.press("enter");
    desk.sees("Enter moves it").await;
    desk.press("enter");
    desk.sees(&format!("Moved: {}", people[0].full_name)).await;
    desk.sees("1 appointment stands in this time").await;
    desk.count("move what leave hits", 3);
    let moved = desk.appointment(first).await;
    assert!(moved.date > day && moved.status.holds_time(), "{moved:?}");
    assert_eq!(moved.doctor, doctor);
    desk.did(first, Action::Reschedule).await;
    desk.is_audited("move_appointment", first, 1).await;
    desk.rests().await;

    desk.press("x");
    // Why and by whom stands there already.
    desk.sees("doctor away").await;
    desk.press("enter");
    desk.sees(&format!(
        "{} is cancelled: by the clinic",
        people[1].full_name
    ))
    .await;
    desk.sees("all is dealt with").await;
    desk.count("cancel what leave hits", 2);
    let cancelled = desk.becomes(second, Status::Cancelled).await;
    assert_eq!(cancelled.reason_kind, Some(ReasonKind::DoctorAway));
    assert_eq!(cancelled.cancelled_by, Some(CancelledBy::Clinic));
    desk.is_audited("cancel_appointment", second, 1).await;
    let left = desk.client.absence(Off::Absence, absence.id).await;
    assert!(left.unwrap().value.appointments.is_empty());
    desk.rests().await;

    // Nothing is left to do, so nothing is asked.
    desk.press("esc");
    desk.sees("Specialised").await;
    desk.press("f2");
    desk.sees("[F2 Today]").await;
    desk.begin();
}
