//! A doctor who runs late (API.md §7).

use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::BoardQuery;
use clinic_shared::desk::queue::RunningLate;

use super::queue::{desk, told};
use crate::support::on_both;
use crate::support::server::{TestServer, status};

on_both! {
    a_doctor_who_runs_late_moves_what_is_expected,
    how_late_is_changed_by_who_saw_it,
}

fn late(minutes: i64) -> RunningLate {
    RunningLate {
        minutes,
        date: None,
        version: None,
    }
}

async fn a_doctor_who_runs_late_moves_what_is_expected(on: TestServer) {
    let desk = desk(on).await;
    desk.at("08:30");
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    desk.booked("Ben Ito", desk.dora, "09:30").await;
    desk.booked("Eve Prado", desk.emil, "09:30").await;
    desk.at("08:50");
    desk.check_in(ana).await;
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    assert_eq!(
        told(&board.appointments),
        [
            ("Ana Berg", "09:00"),
            ("Ben Ito", "09:30"),
            ("Eve Prado", "09:30")
        ]
    );
    let day = desk
        .rosa
        .run_late(desk.dora, &late(20), None)
        .await
        .unwrap();
    assert_eq!((day.value.late_minutes, day.value.version), (20, 1));
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    assert_eq!(
        told(&board.appointments),
        [
            ("Ana Berg", "09:20"),
            ("Ben Ito", "09:50"),
            ("Eve Prado", "09:30")
        ]
    );
    assert_eq!(board.doctors[0].late_minutes, 20);
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert_eq!(told(&queue.entries), [("Ana Berg", "09:20")]);
    assert_eq!(queue.doctor.late_minutes, 20);
    // Another day is not late for that.
    let tomorrow = BoardQuery {
        date: Some("2026-03-03".parse().unwrap()),
        doctor: Some(desk.dora),
    };
    let board = desk.rosa.board(&tomorrow).await.unwrap();
    assert_eq!(board.doctors[0].late_minutes, 0);
    desk.rosa.run_late(desk.dora, &late(0), None).await.unwrap();
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert_eq!(told(&queue.entries), [("Ana Berg", "09:00")]);
    let audit = desk.on.audit(20).await;
    let changes = audit.iter().filter(|(_, action, _)| action == "run_late");
    assert_eq!(changes.count(), 2);
}

async fn how_late_is_changed_by_who_saw_it(on: TestServer) {
    let desk = desk(on).await;
    let none = desk.rosa.running_late(desk.dora).await.unwrap();
    assert_eq!(none.etag.as_deref(), Some("\"v0\""));
    let dora = desk.on.signed_in("dora").await;
    dora.run_late(desk.dora, &late(10), none.etag.as_deref())
        .await
        .unwrap();
    let refused = desk
        .rosa
        .run_late(desk.dora, &late(30), none.etag.as_deref())
        .await;
    assert_eq!(status(refused), 412);
    let seen = RunningLate {
        version: Some(0),
        ..late(30)
    };
    let refused = desk
        .rosa
        .run_late(desk.dora, &seen, None)
        .await
        .unwrap_err();
    let refused = refused.refused().unwrap().clone();
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (409, "version_conflict")
    );
    assert_eq!(refused.detail, "Somebody said 10 minutes at 09:00.");
    let over = RunningLate {
        date: Some("2026-03-01".parse().unwrap()),
        ..late(30)
    };
    assert_eq!(
        status(desk.rosa.run_late(desk.dora, &over, None).await),
        400
    );
    assert_eq!(
        status(desk.rosa.run_late(desk.dora, &late(721), None).await),
        400
    );
    assert_eq!(status(dora.run_late(desk.emil, &late(5), None).await), 403);
    assert_eq!(status(dora.running_late(desk.emil).await), 403);
    let pat = desk.on.sign_in(Role::Patient, "pat").await;
    assert_eq!(status(pat.run_late(desk.dora, &late(5), None).await), 403);
    // Of many at once who saw the same, one is first.
    let tries = (1..=10).map(|minutes| {
        let (rosa, form) = (
            desk.rosa.clone(),
            RunningLate {
                version: Some(1),
                ..late(100 + minutes)
            },
        );
        let dora = desk.dora;
        tokio::spawn(async move { rosa.run_late(dora, &form, None).await.is_ok() })
    });
    let mut first = 0;
    for one in tries.collect::<Vec<_>>() {
        first += u32::from(one.await.unwrap());
    }
    assert_eq!(first, 1);
    let mut reader = desk.on.server.clinic.db.read().await.unwrap();
    let (events,): (i64,) = reader
        .sql("SELECT count(*) FROM event WHERE kind = 'queue' AND doctor_id = object_id")
        .one()
        .await
        .unwrap();
    assert_eq!(events, 2, "an event with each change");
}
