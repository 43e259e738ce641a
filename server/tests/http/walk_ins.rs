//! Somebody who came without being booked (API.md §7 `walk-ins/`).

use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use clinic_shared::client::{BoardQuery, Plain};
use clinic_shared::desk::appointments::{Action, Appointment, NewAppointment, Status};
use clinic_shared::desk::patients::PatientDraft;
use clinic_shared::desk::queue::{Priority, RunningLate, WalkIn};
use serde_json::{Value, json};

use super::queue::{Desk, clock, desk};
use crate::support::bookable::{broken_pairs, person};
use crate::support::on_both;
use crate::support::server::{TestServer, post, status};

on_both! {
    a_new_person_is_registered_and_waits,
    somebody_known_waits_and_is_in_no_queue_twice,
    who_may_have_a_record_already_is_looked_at_first,
    a_walk_in_takes_no_time_of_others,
    who_is_booked_now_is_nowhere_else,
    who_names_no_doctor_gets_the_shortest_queue,
    who_runs_late_is_not_free_first_and_the_board_says_who_is,
    nobody_waits_for_who_is_away,
    everything_in_the_way_is_told_at_once,
    faulty_fields_are_told_together,
    only_the_desk_takes_people_in,
    a_walk_in_that_is_moved_is_a_booking,
}

const PATH: &str = "/v1/api/desk/walk-ins/";

fn new_person(name: &str) -> WalkIn {
    WalkIn::from(PatientDraft {
        full_name: name.to_owned(),
        ..PatientDraft::default()
    })
}

impl Desk {
    async fn known(&self, name: &str) -> String {
        person(&self.on.server.clinic, name).await.to_string()
    }

    async fn taken_in(&self, form: &WalkIn) -> Appointment {
        self.rosa.take_walk_in(form).await.unwrap().value
    }
}

fn codes(body: &Value) -> Vec<&str> {
    let reasons = body["reasons"].as_array();
    let reasons = reasons.unwrap_or_else(|| panic!("{body}"));
    reasons
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

async fn a_new_person_is_registered_and_waits(on: TestServer) {
    let desk = desk(on).await;
    desk.at("09:07");
    let form = WalkIn {
        phone: Some("030 5550 1234".to_owned()),
        doctor: Some(desk.dora),
        priority: Some(Priority::Urgent),
        room: Some(" 2 ".to_owned()),
        title: Some("Cut".to_owned()),
        ..new_person("Ana Berg")
    };
    let made = desk.rosa.take_walk_in(&form).await.unwrap();
    let ana = made.value;
    assert_eq!((ana.status, ana.ticket), (Status::CheckedIn, Some(1)));
    assert_eq!((ana.walk_in, ana.overbooked), (true, true));
    assert_eq!(
        (ana.priority, ana.room.as_deref()),
        (Priority::Urgent, Some("2"))
    );
    assert_eq!(
        (ana.starts.as_deref(), ana.ends.as_deref()),
        (Some("09:07"), Some("09:37")),
        "as long as a slot of Dora's"
    );
    assert_eq!(ana.checked_in_at, Some(clock("09:07")));
    assert_eq!(ana.doctor.id, desk.dora);
    let record = desk.rosa.patient(ana.patient.id).await.unwrap().value;
    assert_eq!(record.phone.as_deref(), Some("030 5550 1234"));
    let steps = desk.rosa.appointment_history(ana.id).await.unwrap();
    let steps: Vec<_> = steps.iter().map(|step| (step.action, step.to)).collect();
    assert_eq!(
        steps,
        [
            (Action::WalkIn, Status::Pending),
            (Action::CheckIn, Status::CheckedIn)
        ]
    );
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert_eq!(queue.entries[0].id, ana.id);
    assert_eq!(queue.doctor.walk_ins, 1);
    let audit = desk.on.audit(30).await;
    for action in ["register_patient", "take_walk_in", "check_in_appointment"] {
        assert!(
            audit.iter().any(|row| row.0 == "change" && row.1 == action),
            "{action}"
        );
    }
    let shown = desk.rosa.appointment(ana.id).await.unwrap();
    assert_eq!(shown.etag, made.etag);
}

async fn somebody_known_waits_and_is_in_no_queue_twice(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.known("Ana Berg").await;
    let to_dora = json!({ "record_number": ana, "doctor": desk.dora });
    let (status, made) = post(&desk.rosa, PATH, to_dora.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    // Pressed twice, and sent to somebody else while they wait.
    let to_emil = json!({ "record_number": ana, "doctor": desk.emil, "duration_minutes": 5 });
    for form in [&to_dora, &json!({ "record_number": ana }), &to_emil] {
        let (status, body) = post(&desk.rosa, PATH, form.clone()).await;
        assert_eq!(status, StatusCode::CONFLICT, "{form}");
        assert_eq!(codes(&body), ["patient_waiting"]);
        assert!(body["detail"].as_str().unwrap().contains("dora"), "{body}");
    }
    // Seen, they can go on to the next doctor at once.
    let id = made["id"].as_i64().unwrap();
    desk.go(id, Plain::Start).await;
    desk.on.wait(5 * 60);
    desk.go(id, Plain::Complete).await;
    let (status, next) = post(&desk.rosa, PATH, to_emil).await;
    assert_eq!(status, StatusCode::CREATED, "{next}");
    assert_eq!(next["ticket"], 2);
    assert_eq!(next["checked_in_at"], "2026-03-02T08:05:00Z");
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn who_may_have_a_record_already_is_looked_at_first(on: TestServer) {
    let desk = desk(on).await;
    let born = Some("1990-12-31".parse().unwrap());
    let draft = PatientDraft {
        full_name: "Ana Berg".to_owned(),
        birth_date: born,
        ..PatientDraft::default()
    };
    let ana = desk.rosa.register_patient(&draft).await.unwrap().value;
    let form = json!({ "full_name": "Berg, Ana", "birth_date": "1990-12-31", "doctor": desk.dora });
    let (status, body) = post(&desk.rosa, PATH, form.clone()).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("possible_duplicates"))
    );
    let candidate = &body["candidates"][0];
    assert_eq!(candidate["patient"]["id"], json!(ana.id));
    assert_eq!(candidate["reasons"], json!(["name_and_birth_date"]));
    assert!(
        body["detail"]
            .as_str()
            .unwrap()
            .contains(&ana.record_number),
        "{body}"
    );
    let same = WalkIn::from(draft);
    let refused = desk.rosa.take_walk_in(&same).await.unwrap_err();
    let candidates = &refused.refused().unwrap().candidates;
    assert_eq!(candidates[0].patient.id, ana.id);
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert!(queue.entries.is_empty(), "nothing was done");
    let mut looked = form;
    looked["anyway"] = json!(true);
    let (status, made) = post(&desk.rosa, PATH, looked).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_ne!(made["patient"]["id"], json!(ana.id));
}

async fn a_walk_in_takes_no_time_of_others(on: TestServer) {
    let desk = desk(on).await;
    // More than may stand beside others (OVERBOOK_LIMIT is 2).
    for name in ["Ana Berg", "Ben Ito", "Cora Lund", "Dan Okoro"] {
        let form = WalkIn {
            doctor: Some(desk.dora),
            ..new_person(name)
        };
        desk.taken_in(&form).await;
    }
    // Each slot of the day can still be sold, and favours are still to be had.
    for slot in ["09:00", "09:30", "10:00"] {
        let booked = desk.booked(&format!("At {slot}"), desk.dora, slot).await;
        assert!(!booked.overbooked);
    }
    let beside = NewAppointment {
        record_number: Some(desk.known("Fay Sol").await),
        doctor: desk.dora,
        starts_at: Some(clock("09:00")),
        overbook: Some("Her sister".to_owned()),
        ..NewAppointment::default()
    };
    assert!(desk.rosa.book(&beside).await.unwrap().value.overbooked);
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    let walked: Vec<bool> = board.appointments.iter().map(|row| row.walk_in).collect();
    assert_eq!(walked.iter().filter(|one| **one).count(), 4);
}

async fn who_is_booked_now_is_nowhere_else(on: TestServer) {
    let desk = desk(on).await;
    desk.at("08:50");
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await;
    let number = ana.patient.number.to_string();
    let form = json!({ "record_number": number, "doctor": desk.emil });
    let (status, body) = post(&desk.rosa, PATH, form).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        (&body["code"], codes(&body)),
        (&json!("slot_unavailable"), vec!["patient_busy"])
    );
    // For a moment before it there is room.
    let form = json!({ "record_number": number, "doctor": desk.emil, "duration_minutes": 10 });
    let (status, body) = post(&desk.rosa, PATH, form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn who_names_no_doctor_gets_the_shortest_queue(on: TestServer) {
    let desk = desk(on).await;
    let mut tx = desk.on.server.clinic.db.begin().await.unwrap();
    tx.sql("INSERT INTO specialisation (id, name, slug) VALUES (71, 'Skin', 'skin')")
        .run()
        .await
        .unwrap();
    tx.sql(
        "INSERT INTO doctor_specialisation (doctor_id, specialisation_id)
         SELECT id, 71 FROM doctor WHERE uid = $1",
    )
    .bind(desk.emil)
    .run()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    // Everybody's time before the doctors come is theirs, too.
    desk.at("08:30");
    let first = desk.taken_in(&new_person("Ana Berg")).await;
    assert_eq!(first.doctor.id, desk.dora);
    let second = desk.taken_in(&new_person("Ben Ito")).await;
    assert_eq!(second.doctor.id, desk.emil);
    desk.go(second.id, Plain::Start).await;
    desk.go(second.id, Plain::Complete).await;
    let third = desk.taken_in(&new_person("Cora Lund")).await;
    assert_eq!(third.doctor.id, desk.emil, "who was seen is in no queue");
    let for_skin = WalkIn {
        specialisation: Some(71),
        ..new_person("Dan Okoro")
    };
    let fourth = desk.taken_in(&for_skin).await;
    assert_eq!(fourth.doctor.id, desk.emil, "nobody else is for it");
    desk.at("12:00");
    let rosa = desk.on.signed_in("rosa").await;
    let form = json!({ "full_name": "Eve Prado" });
    let (status, body) = post(&rosa, PATH, form).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("nobody_on_duty"))
    );
    // A doctor who is named is asked by the desk, not by the clock.
    let form = json!({ "full_name": "Eve Prado", "doctor": desk.dora });
    let (status, body) = post(&rosa, PATH, form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(
        (&body["window"], &body["ends"]),
        (&Value::Null, &json!("12:30"))
    );
}

async fn who_runs_late_is_not_free_first_and_the_board_says_who_is(on: TestServer) {
    let desk = desk(on).await;
    desk.at("09:00");
    let rosa = desk.on.signed_in("rosa").await;
    let whole = BoardQuery::default();
    let free = rosa.board(&whole).await.unwrap().next_free.unwrap();
    assert_eq!((free.doctor.id, &*free.expected), (desk.dora, "09:00"));
    let late = RunningLate {
        minutes: 20,
        date: None,
        version: None,
    };
    rosa.run_late(desk.dora, &late, None).await.unwrap();
    let free = rosa.board(&whole).await.unwrap().next_free.unwrap();
    assert_eq!((free.doctor.id, &*free.expected), (desk.emil, "09:00"));
    assert_eq!(
        desk.taken_in(&new_person("Ana Berg")).await.doctor.id,
        desk.emil
    );
    // Twenty minutes late is sooner than after somebody of half an hour.
    assert_eq!(
        desk.taken_in(&new_person("Ben Ito")).await.doctor.id,
        desk.dora
    );
    let of_dora = BoardQuery {
        doctor: Some(desk.dora),
        ..whole
    };
    assert_eq!(rosa.board(&of_dora).await.unwrap().next_free, None);
}

async fn nobody_waits_for_who_is_away(on: TestServer) {
    let desk = desk(on).await;
    let away = json!({ "doctor": desk.dora, "first_date": "2026-03-02",
        "starts": "09:00", "ends": "10:30", "kind": "training" });
    let (status, body) = post(&desk.rosa, "/v1/api/desk/absences/", away).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let to_dora = |name: &str| json!({ "full_name": name, "doctor": desk.dora });
    let (status, body) = post(&desk.rosa, PATH, to_dora("Ana Berg")).await;
    assert_eq!(status, StatusCode::CONFLICT, "{body}");
    assert_eq!(codes(&body), ["doctor_absent"]);
    for name in ["Ben Ito", "Cora Lund"] {
        let taken = desk.taken_in(&new_person(name)).await;
        assert_eq!(taken.doctor.id, desk.emil, "Dora is away");
    }
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    let offered: Vec<i64> = board
        .doctors
        .iter()
        .map(|one| one.offered_minutes)
        .collect();
    assert_eq!(offered, [90, 180]);
    desk.at("10:30");
    let rosa = desk.on.signed_in("rosa").await;
    let (status, body) = post(&rosa, PATH, to_dora("Ana Berg")).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}

async fn everything_in_the_way_is_told_at_once(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.known("Ana Berg").await;
    let to_dora = json!({ "record_number": ana, "doctor": desk.dora });
    let (status, made) = post(&desk.rosa, PATH, to_dora.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    for (path, form) in [
        (
            "/v1/api/desk/absences/",
            json!({ "doctor": desk.dora, "first_date": "2026-03-02" }),
        ),
        (
            "/v1/api/desk/closures/",
            json!({ "first_date": "2026-03-02" }),
        ),
    ] {
        let (status, body) = post(&desk.rosa, path, form).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    let (status, body) = post(&desk.rosa, PATH, to_dora).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        codes(&body),
        ["patient_waiting", "doctor_absent", "clinic_closed"]
    );
    let new = json!({ "full_name": "Ben Ito", "doctor": desk.dora });
    let (_, body) = post(&desk.rosa, PATH, new).await;
    assert_eq!(codes(&body), ["doctor_absent", "clinic_closed"]);
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    assert_eq!(queue.entries.len(), 1);
}

async fn faulty_fields_are_told_together(on: TestServer) {
    let desk = desk(on).await;
    let nobody = "0198c0de-0000-7000-8000-000000000000";
    for (form, fields) in [
        (json!({}), vec!["patient"]),
        (
            json!({ "patient": nobody, "doctor": nobody }),
            vec!["patient", "doctor"],
        ),
        (
            json!({ "record_number": "P-1", "full_name": "Ana", "specialisation": 9 }),
            vec!["full_name", "specialisation"],
        ),
        (
            json!({ "phone": "1".repeat(33), "birth_date": "2027-01-01", "room": "r".repeat(51) }),
            vec!["full_name", "phone", "birth_date", "room"],
        ),
        (
            json!({ "full_name": "Ana", "doctor": desk.dora, "specialisation": 1, "priority": "vip" }),
            vec!["specialisation", "priority"],
        ),
    ] {
        let (status, body) = post(&desk.rosa, PATH, form.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{form}: {body}");
        for field in fields {
            assert!(body["errors"][field].is_array(), "{form}: {field}: {body}");
        }
    }
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    assert!(board.appointments.is_empty());
}

async fn only_the_desk_takes_people_in(on: TestServer) {
    let desk = desk(on).await;
    let form = new_person("Ana Berg");
    let dora = desk.on.signed_in("dora").await;
    assert_eq!(status(dora.take_walk_in(&form).await), 403);
    let pat = desk.on.sign_in(Role::Patient, "pat").await;
    assert_eq!(status(pat.take_walk_in(&form).await), 403);
    let (status, _) = post(&desk.on.anonymous(), PATH, json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

async fn a_walk_in_that_is_moved_is_a_booking(on: TestServer) {
    let desk = desk(on).await;
    let form = WalkIn {
        doctor: Some(desk.dora),
        ..new_person("Ana Berg")
    };
    let ana = desk.taken_in(&form).await;
    let none = clinic_shared::desk::appointments::Return::default();
    desk.rosa.undo_step(ana.id, &none, None).await.unwrap();
    let to = clinic_shared::desk::appointments::Reschedule {
        starts_at: Some(clock("10:00")),
        ..Default::default()
    };
    let moved = desk.rosa.reschedule(ana.id, &to, None).await.unwrap().value;
    assert_eq!((moved.walk_in, moved.overbooked), (false, false));
    assert_eq!(moved.ticket, Some(1), "the number of the day stays theirs");
}
