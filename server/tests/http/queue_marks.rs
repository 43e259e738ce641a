//! Ticket numbers, rooms, priorities and calls of those who wait (API.md §7).

use clinic_server::store::Session;
use clinic_shared::client::Plain;
use clinic_shared::desk::appointments::{Action, Cancel, CancelledBy, Reschedule, Return, Status};
use clinic_shared::desk::queue::{CallIn, Priority, SetPriority, SetRoom};

use super::queue::{clock, desk};
use crate::support::on_both;
use crate::support::server::{TestServer, status};

on_both! {
    numbers_are_given_at_check_in_and_kept,
    each_day_begins_with_one_and_a_move_leaves_the_number_behind,
    a_room_is_assigned_and_taken_back,
    whoever_saw_something_else_is_refused,
    a_call_lasts_until_the_patient_is_inside,
    what_is_over_is_not_marked,
    a_doctor_marks_their_own,
}

fn room(room: &str) -> SetRoom {
    SetRoom {
        room: room.to_owned(),
        version: None,
    }
}

fn priority(priority: Priority) -> SetPriority {
    SetPriority {
        priority,
        reason: None,
        version: None,
    }
}

async fn numbers_are_given_at_check_in_and_kept(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await;
    let ben = desk.booked("Ben Ito", desk.emil, "09:00").await.id;
    assert_eq!(ana.ticket, None);
    assert_eq!(desk.check_in(ana.id).await.ticket, Some(1));
    assert_eq!(
        desk.check_in(ben).await.ticket,
        Some(2),
        "one row of numbers for all"
    );
    // Taken back, the number stays with the appointment, and nobody else gets it.
    let undone = desk.rosa.undo_step(ana.id, &Return::default(), None).await;
    let undone = undone.unwrap().value;
    assert_eq!((undone.status, undone.ticket), (Status::Pending, Some(1)));
    let cora = desk.booked("Cora Lund", desk.dora, "09:30").await.id;
    assert_eq!(desk.check_in(cora).await.ticket, Some(3));
    assert_eq!(desk.check_in(ana.id).await.ticket, Some(1));
    // Inside and out again: the same number.
    desk.go(ana.id, Plain::Start).await;
    assert_eq!(desk.go(ana.id, Plain::BackToWaiting).await.ticket, Some(1));
    // Who goes straight in needs none.
    let dan = desk.booked("Dan Okoro", desk.dora, "10:00").await.id;
    assert_eq!(desk.go(dan, Plain::Start).await.ticket, None);
    let off = Cancel {
        by: CancelledBy::Patient,
        reason_kind: None,
        reason: None,
        version: None,
    };
    let off = desk.rosa.cancel_appointment(cora, &off, None).await;
    assert_eq!(off.unwrap().value.ticket, Some(3));
    let eve = desk.booked("Eve Prado", desk.dora, "09:30").await.id;
    assert_eq!(desk.check_in(eve).await.ticket, Some(4));
    let mut reader = desk.on.server.clinic.db.read().await.unwrap();
    let (told,): (i64,) = reader
        .sql(
            "SELECT count(*) FROM audit
             WHERE action = 'check_in_appointment' AND CAST(detail AS text) LIKE '%ticket%'",
        )
        .one()
        .await
        .unwrap();
    assert_eq!(told, 5, "the audit tells the number");
}

async fn each_day_begins_with_one_and_a_move_leaves_the_number_behind(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    let ben = desk.booked("Ben Ito", desk.dora, "09:30").await.id;
    desk.check_in(ana).await;
    desk.check_in(ben).await;
    desk.rosa.set_room(ben, &room("3"), None).await.unwrap();
    desk.rosa
        .undo_step(ben, &Return::default(), None)
        .await
        .unwrap();
    let tomorrow = Reschedule {
        date: Some("2026-03-03".parse().unwrap()),
        ..Reschedule::default()
    };
    let moved = desk.rosa.reschedule(ben, &tomorrow, None).await.unwrap();
    assert_eq!((moved.value.ticket, moved.value.room), (None, None));
    let cora = desk.booked("Cora Lund", desk.dora, "10:00").await.id;
    assert_eq!(
        desk.check_in(cora).await.ticket,
        Some(3),
        "two is not given again"
    );
    desk.on
        .clock
        .set(clock("09:00") + chrono::TimeDelta::days(1));
    let rosa = desk.on.signed_in("rosa").await;
    let here = rosa.check_in(ben, &Return::default(), None).await.unwrap();
    assert_eq!(here.value.ticket, Some(1));
}

async fn a_room_is_assigned_and_taken_back(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    let given = desk
        .rosa
        .set_room(ana, &room(" Room 2 "), None)
        .await
        .unwrap();
    assert_eq!(given.value.room.as_deref(), Some("Room 2"));
    assert_eq!(given.value.version, 2);
    let same = desk
        .rosa
        .set_room(ana, &room("Room 2"), None)
        .await
        .unwrap();
    assert_eq!(same.value.version, 2, "nothing changed");
    let taken = desk.rosa.set_room(ana, &room(""), None).await.unwrap();
    assert_eq!((taken.value.room, taken.value.version), (None, 3));
    let long = room(&"r".repeat(51));
    assert_eq!(status(desk.rosa.set_room(ana, &long, None).await), 400);
    let steps = desk.rosa.appointment_history(ana).await.unwrap();
    let steps: Vec<_> = steps.iter().map(|step| step.action).collect();
    assert_eq!(
        steps,
        [Action::Book, Action::AssignRoom, Action::AssignRoom]
    );
    let audit = desk.on.audit(20).await;
    let rows = audit
        .iter()
        .filter(|(_, action, _)| action == "assign_room");
    assert_eq!(rows.count(), 2);
    let mut reader = desk.on.server.clinic.db.read().await.unwrap();
    let (events,): (i64,) = reader
        .sql("SELECT count(*) FROM event WHERE kind = 'appointment' AND object_id = $1")
        .bind(ana)
        .one()
        .await
        .unwrap();
    assert_eq!(events, 3);
}

async fn whoever_saw_something_else_is_refused(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    let seen = desk.rosa.appointment(ana).await.unwrap().etag;
    let urgent = SetPriority {
        reason: Some("In pain".to_owned()),
        ..priority(Priority::Urgent)
    };
    let done = desk.rosa.prioritise(ana, &urgent, seen.as_deref()).await;
    assert_eq!(done.unwrap().value.priority, Priority::Urgent);
    let steps = desk.rosa.appointment_history(ana).await.unwrap();
    assert_eq!(steps[1].reason.as_deref(), Some("In pain"));
    let stale = desk.rosa.set_room(ana, &room("1"), seen.as_deref()).await;
    assert_eq!(status(stale), 412);
    let old = SetPriority {
        version: Some(1),
        ..priority(Priority::Emergency)
    };
    let refused = desk.rosa.prioritise(ana, &old, None).await.unwrap_err();
    let refused = refused.refused().unwrap().clone();
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (409, "version_conflict")
    );
    assert_eq!(refused.detail, "You changed the priority 0 s ago.");
}

async fn a_call_lasts_until_the_patient_is_inside(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    let call = CallIn::default();
    let early = desk.rosa.call_in(ana, &call, None).await.unwrap_err();
    let early = early.refused().unwrap().clone();
    assert_eq!(
        (early.status, early.code.as_str()),
        (409, "invalid_transition")
    );
    desk.check_in(ana).await;
    let into = CallIn {
        room: Some("4".to_owned()),
        version: None,
    };
    let called = desk.rosa.call_in(ana, &into, None).await.unwrap().value;
    assert_eq!(called.called_at, Some(clock("09:00")));
    assert_eq!(
        (called.room.as_deref(), called.status),
        (Some("4"), Status::CheckedIn)
    );
    // Nobody came: once more, into the same room.
    desk.on.wait(120);
    let again = desk.rosa.call_in(ana, &call, None).await.unwrap().value;
    assert_eq!(again.called_at, Some(clock("09:02")));
    assert_eq!(again.room.as_deref(), Some("4"));
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert_eq!(queue.entries[0].called_at, again.called_at);
    assert_eq!(desk.go(ana, Plain::Start).await.called_at, None);
    let back = desk.go(ana, Plain::BackToWaiting).await;
    assert_eq!((back.called_at, back.room.as_deref()), (None, Some("4")));
}

async fn what_is_over_is_not_marked(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    desk.go(ana, Plain::Start).await;
    desk.go(ana, Plain::Complete).await;
    assert_eq!(status(desk.rosa.set_room(ana, &room("1"), None).await), 409);
    let urgent = priority(Priority::Urgent);
    assert_eq!(status(desk.rosa.prioritise(ana, &urgent, None).await), 409);
    assert_eq!(
        status(desk.rosa.set_room(9999, &room("1"), None).await),
        404
    );
}

async fn a_doctor_marks_their_own(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    desk.check_in(ana).await;
    let (dora, emil) = (
        desk.on.signed_in("dora").await,
        desk.on.signed_in("emil").await,
    );
    let call = CallIn::default();
    dora.call_in(ana, &call, None).await.unwrap();
    dora.set_room(ana, &room("2"), None).await.unwrap();
    dora.prioritise(ana, &priority(Priority::Emergency), None)
        .await
        .unwrap();
    assert_eq!(status(emil.call_in(ana, &call, None).await), 404);
    assert_eq!(status(emil.set_room(ana, &room("3"), None).await), 404);
    assert_eq!(
        status(
            emil.prioritise(ana, &priority(Priority::Normal), None)
                .await
        ),
        404
    );
    let pat = desk.on.sign_in(clinic_shared::Role::Patient, "pat").await;
    assert_eq!(status(pat.call_in(ana, &call, None).await), 403);
}
