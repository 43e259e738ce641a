//! Absences, closures and extra openings: enforced wherever time is taken, and what they hit answered
//! in one go (API.md §6, §7).

mod reasons;

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, DatesQuery, Off};
use clinic_shared::desk::absences::{
    AbsenceChange, AbsenceKind, CancelHits, HitOutcome, MoveHits, NewAbsence, NewClosure,
};
use clinic_shared::desk::appointments::{NewAppointment, Status};
use clinic_shared::desk::openings::NewOpening;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::bookable::{broken_pairs, person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, post, send, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    nobody_is_booked_while_the_doctor_is_away,
    half_a_day_off_leaves_the_other_half,
    a_closed_clinic_books_nobody,
    what_is_hit_is_listed_and_called_off_in_one_go,
    what_is_hit_moves_to_the_first_free_time,
    another_doctor_takes_it_at_the_same_time,
    extra_hours_are_booked_like_others,
    time_is_not_taken_back_into_an_absence,
    faulty_absences_are_refused_field_by_field,
    changes_are_conditional_and_audited,
    only_the_desk_enters_them,
}

on_both_databases! {
    an_absence_and_bookings_at_once_know_of_each_other,
}

const BOOK: &str = "/v1/api/desk/appointments/";
const WEDNESDAY: &str = "2026-03-04";

struct Desk {
    on: TestServer,
    rosa: Client,
    /// Dora, who is there from ten to twelve in slots of half an hour.
    dora: Uuid,
    window: i64,
}

async fn desk(on: TestServer) -> Desk {
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "10:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let number = on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let dora = doctor(&rosa, number).await;
    Desk {
        on,
        rosa,
        dora,
        window,
    }
}

async fn doctor(rosa: &Client, number: i64) -> Uuid {
    let (_, doctors) = get(rosa, "/v1/api/desk/doctors/").await;
    let mut rows = doctors["results"].as_array().unwrap().iter();
    let found = rows.find(|row| row["number"] == number).unwrap();
    found["id"].as_str().unwrap().parse().unwrap()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn absence(doctor: Uuid, first: &str, last: &str) -> NewAbsence {
    NewAbsence {
        doctor,
        first_date: day(first),
        last_date: Some(day(last)),
        starts: None,
        ends: None,
        kind: Some(AbsenceKind::Holiday),
        note: Some("Skiing".to_owned()),
    }
}

impl Desk {
    async fn form(&self, name: &str, starts_at: &str) -> NewAppointment {
        let number = person(&self.on.server.clinic, name).await;
        NewAppointment {
            record_number: Some(number.to_string()),
            doctor: self.dora,
            starts_at: Some(starts_at.parse().unwrap()),
            ..NewAppointment::default()
        }
    }

    async fn booked(&self, name: &str, starts_at: &str) -> i64 {
        let form = self.form(name, starts_at).await;
        self.rosa.book(&form).await.unwrap().value.id
    }

    /// Why somebody can't be booked then.
    async fn refused(&self, name: &str, starts_at: &str) -> Value {
        let form = self.form(name, starts_at).await;
        let (status, body) = post(&self.rosa, BOOK, json!(form)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        body["reasons"].clone()
    }
}

async fn nobody_is_booked_while_the_doctor_is_away(on: TestServer) {
    let desk = desk(on).await;
    let away = absence(desk.dora, WEDNESDAY, "2026-03-06");
    let made = desk.rosa.enter_absence(&away).await.unwrap().value;
    assert!(made.appointments.is_empty());
    let reasons = desk.refused("Ana", "2026-03-04T09:00:00Z").await;
    assert_eq!(reasons[0]["code"], "doctor_absent");
    assert_eq!(
        reasons[0]["detail"],
        "dora is away from 2026-03-04 to 2026-03-06."
    );
    assert_eq!(reasons[0]["absence"], made.absence.id);
    // Not beside others either, and on no other path.
    let mut form = desk.form("Ben", "2026-03-04T09:00:00Z").await;
    form.overbook = Some("Urgent".to_owned());
    assert_eq!(status(desk.rosa.book(&form).await), 409);
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    let own = json!({ "doctor": desk.dora, "meeting_date": WEDNESDAY,
        "meeting_time": desk.window, "appointment_type": "offline", "symptoms": "x" });
    let (told, body) = post(&ana, "/v1/api/appointment/patient/", own).await;
    assert_eq!(told, StatusCode::CONFLICT);
    assert_eq!(body["reasons"][0]["code"], "doctor_absent");
    assert!(
        body["reasons"][0]["absence"].is_null(),
        "the desk's business: {body}"
    );
    assert!(!body.to_string().contains("Skiing"));
    let (_, doctors) = get(&ana, "/doctors/").await;
    let classic = json!({ "doctor": doctors["results"][0]["id"], "time": desk.window,
        "date": WEDNESDAY, "appointment_type": "Offline", "symptoms": "x", "cancel": false });
    let (told, body) = post(&ana, "/appointments/", classic.clone()).await;
    assert_eq!(told, StatusCode::BAD_REQUEST, "{body}");
    assert!(
        body["date"][0].as_str().unwrap().contains("is away"),
        "{body}"
    );
    // Without a date classic finds the first day on which somebody is there.
    desk.rosa
        .enter_absence(&absence(desk.dora, "2026-03-02", "2026-03-03"))
        .await
        .unwrap();
    let mut next = classic;
    next.as_object_mut().unwrap().remove("date");
    let (told, body) = post(&ana, "/appointments/", next).await;
    assert_eq!(told, StatusCode::CREATED, "{body}");
    let (_, day) = get(&desk.rosa, &format!("{BOOK}?date=2026-03-07")).await;
    assert_eq!(day["count"], 1);
    // Taken back, the time is free again.
    desk.rosa
        .take_back_absence((Off::Absence, made.absence.id))
        .await
        .unwrap();
    desk.booked("Cora", "2026-03-04T09:00:00Z").await;
}

async fn half_a_day_off_leaves_the_other_half(on: TestServer) {
    let desk = desk(on).await;
    let away = NewAbsence {
        starts: Some("10:00".to_owned()),
        ends: Some("11:00".to_owned()),
        ..absence(desk.dora, WEDNESDAY, WEDNESDAY)
    };
    let made = desk.rosa.enter_absence(&away).await.unwrap().value.absence;
    assert_eq!(made.starts_at.to_rfc3339(), "2026-03-04T09:00:00+00:00");
    let reasons = desk.refused("Ana", "2026-03-04T09:30:00Z").await;
    assert_eq!(
        reasons[0]["detail"],
        "dora is away on 2026-03-04 from 10:00 to 11:00."
    );
    desk.booked("Ana", "2026-03-04T10:00:00Z").await;
    // A window's earliest slot is the first one after it.
    let number = person(&desk.on.server.clinic, "Ben").await;
    let form = NewAppointment {
        record_number: Some(number.to_string()),
        doctor: desk.dora,
        available_time: Some(desk.window),
        date: Some(day(WEDNESDAY)),
        ..NewAppointment::default()
    };
    let booked = desk.rosa.book(&form).await.unwrap().value;
    assert_eq!(booked.starts.as_deref(), Some("11:30"));
}

async fn a_closed_clinic_books_nobody(on: TestServer) {
    let desk = desk(on).await;
    let label = window(&desk.on.server.clinic, "Morning round").await;
    let (_, shown) = get(&desk.rosa, &format!("/v1/api/desk/doctors/{}/", desk.dora)).await;
    let ids = json!({ "available_time_ids": [desk.window, label] });
    let path = format!("/v1/api/desk/doctors/{}/", desk.dora);
    send(&desk.rosa, Method::PATCH, &path, ids).await;
    assert_eq!(shown["available_times"][0]["id"], desk.window);
    let closure = NewClosure {
        first_date: day(WEDNESDAY),
        last_date: None,
        starts: None,
        ends: None,
        kind: None,
        note: Some("Carnival".to_owned()),
    };
    let made = desk.rosa.close_clinic(&closure).await.unwrap().value;
    assert_eq!(made.absence.doctor, None);
    assert_eq!(made.absence.kind, AbsenceKind::Holiday);
    let reasons = desk.refused("Ana", "2026-03-04T09:00:00Z").await;
    assert_eq!(reasons[0]["code"], "clinic_closed");
    assert_eq!(reasons[0]["closure"], made.absence.id);
    let number = person(&desk.on.server.clinic, "Ben").await;
    let round = NewAppointment {
        record_number: Some(number.to_string()),
        doctor: desk.dora,
        available_time: Some(label),
        date: Some(day(WEDNESDAY)),
        ..NewAppointment::default()
    };
    assert_eq!(
        status(desk.rosa.book(&round).await),
        409,
        "without a clock too"
    );
    // Half a closed day leaves what has no clock.
    let half = AbsenceChange {
        starts: clinic_shared::Patch::Set("10:00".to_owned()),
        ends: clinic_shared::Patch::Set("12:00".to_owned()),
        ..AbsenceChange::default()
    };
    let at = (Off::Closure, made.absence.id);
    desk.rosa.change_absence(at, &half, None).await.unwrap();
    desk.rosa.book(&round).await.unwrap();
    let (_, absences) = get(&desk.rosa, "/v1/api/desk/absences/").await;
    assert_eq!(absences, json!([]), "a closure is no absence");
    let listed = desk
        .rosa
        .absences(Off::Closure, &DatesQuery::default())
        .await;
    assert_eq!(listed.unwrap().len(), 1);
    assert_eq!(status(desk.rosa.absence(Off::Absence, at.1).await), 404);
}

async fn what_is_hit_is_listed_and_called_off_in_one_go(on: TestServer) {
    let desk = desk(on).await;
    let first = desk.booked("Ana", "2026-03-04T09:00:00Z").await;
    let second = desk.booked("Ben", "2026-03-05T09:00:00Z").await;
    let outside = desk.booked("Cora", "2026-03-06T09:00:00Z").await;
    let away = absence(desk.dora, WEDNESDAY, "2026-03-05");
    let made = desk.rosa.enter_absence(&away).await.unwrap().value;
    let hit: Vec<i64> = made.appointments.iter().map(|row| row.id).collect();
    assert_eq!(hit, [first, second]);
    let at = (Off::Absence, made.absence.id);
    let wrong = CancelHits {
        appointments: Some(vec![outside]),
        reason: None,
    };
    assert_eq!(status(desk.rosa.cancel_hits(at, &wrong).await), 400);
    let all = CancelHits {
        reason: Some("Dr Dora is away".to_owned()),
        ..CancelHits::default()
    };
    let done = desk.rosa.cancel_hits(at, &all).await.unwrap();
    assert!(done.iter().all(|one| one.outcome == HitOutcome::Cancelled));
    let (_, shown) = get(&desk.rosa, &format!("{BOOK}{first}/")).await;
    assert_eq!(
        (
            &shown["status"],
            &shown["reason_kind"],
            &shown["cancelled_by"]
        ),
        (&json!("cancelled"), &json!("doctor_away"), &json!("clinic"))
    );
    assert_eq!(shown["cancel_reason"], "Dr Dora is away");
    let left = desk.rosa.absence(Off::Absence, at.1).await.unwrap().value;
    assert!(left.appointments.is_empty(), "nothing is left to answer");
    let (_, shown) = get(&desk.rosa, &format!("{BOOK}{outside}/")).await;
    assert_eq!(shown["status"], "pending");
}

async fn what_is_hit_moves_to_the_first_free_time(on: TestServer) {
    let desk = desk(on).await;
    let first = desk.booked("Ana", "2026-03-04T09:00:00Z").await;
    let second = desk.booked("Ben", "2026-03-04T09:30:00Z").await;
    // The first slot after the absence is taken.
    desk.booked("Cora", "2026-03-06T09:00:00Z").await;
    let away = absence(desk.dora, WEDNESDAY, "2026-03-05");
    let made = desk.rosa.enter_absence(&away).await.unwrap().value;
    let at = (Off::Absence, made.absence.id);
    let done = desk.rosa.move_hits(at, &MoveHits::default()).await.unwrap();
    let where_to: Vec<_> = done
        .iter()
        .map(|one| {
            let row = &one.appointment;
            (row.id, row.date, row.starts.clone().unwrap(), one.outcome)
        })
        .collect();
    let friday = day("2026-03-06");
    let moved = HitOutcome::Moved;
    assert_eq!(
        where_to,
        [
            (first, friday, "10:30".to_owned(), moved),
            (second, friday, "11:00".to_owned(), moved)
        ]
    );
    let (_, steps) = get(&desk.rosa, &format!("{BOOK}{first}/history/")).await;
    assert_eq!(steps[1]["action"], "reschedule");
    assert_eq!(broken_pairs(&desk.on.server.clinic).await, 0);
}

async fn another_doctor_takes_it_at_the_same_time(on: TestServer) {
    let desk = desk(on).await;
    let number = desk.on.doctor_offering("emil", &[desk.window]).await;
    let emil = doctor(&desk.rosa, number).await;
    let first = desk.booked("Ana", "2026-03-04T09:00:00Z").await;
    let second = desk.booked("Ben", "2026-03-04T09:30:00Z").await;
    // Emil is busy at the second one's time.
    let mut busy = desk.form("Cora", "2026-03-04T09:30:00Z").await;
    busy.doctor = emil;
    desk.rosa.book(&busy).await.unwrap();
    let away = absence(desk.dora, WEDNESDAY, WEDNESDAY);
    let made = desk.rosa.enter_absence(&away).await.unwrap().value;
    let to_emil = MoveHits {
        doctor: Some(emil),
        ..MoveHits::default()
    };
    let at = (Off::Absence, made.absence.id);
    let done = desk.rosa.move_hits(at, &to_emil).await.unwrap();
    let rows: Vec<_> = done
        .iter()
        .map(|one| {
            let row = &one.appointment;
            (row.id, row.doctor.id, row.starts.clone().unwrap())
        })
        .collect();
    assert_eq!(
        rows,
        [
            (first, emil, "10:00".to_owned()),
            (second, emil, "11:00".to_owned())
        ]
    );
}

async fn extra_hours_are_booked_like_others(on: TestServer) {
    let desk = desk(on).await;
    let reasons = desk.refused("Ana", "2026-03-04T17:00:00Z").await;
    assert_eq!(reasons[0]["code"], "outside_window");
    let form = NewOpening {
        doctor: desk.dora,
        date: day(WEDNESDAY),
        starts: "18:00".to_owned(),
        ends: "20:00".to_owned(),
        slot_minutes: Some(20),
    };
    let opening = desk.rosa.open_hours(&form).await.unwrap();
    assert_eq!(opening.name, "18:00 - 20:00");
    let id = desk.booked("Ana", "2026-03-04T17:00:00Z").await;
    // That day only.
    let reasons = desk.refused("Ben", "2026-03-11T17:00:00Z").await;
    assert_eq!(reasons[0]["code"], "outside_window");
    let listed = desk.rosa.openings(&DatesQuery::default()).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&opening));
    desk.rosa.close_hours(opening.id).await.unwrap();
    assert_eq!(status(desk.rosa.close_hours(opening.id).await), 404);
    desk.refused("Ben", "2026-03-04T17:20:00Z").await;
    let (_, kept) = get(&desk.rosa, &format!("{BOOK}{id}/")).await;
    assert_eq!(kept["status"], "pending", "what is booked stays");
    let wrong = NewOpening {
        date: day("2026-03-01"),
        starts: "18:00".to_owned(),
        ends: "18:00".to_owned(),
        ..form
    };
    let (told, body) = post(&desk.rosa, "/v1/api/desk/openings/", json!(wrong)).await;
    assert_eq!(told, StatusCode::BAD_REQUEST);
    for field in ["date", "ends"] {
        assert!(body["errors"][field].is_array(), "{field}: {body}");
    }
}

async fn time_is_not_taken_back_into_an_absence(on: TestServer) {
    let desk = desk(on).await;
    let id = desk.booked("Ana", "2026-03-04T09:00:00Z").await;
    let path = format!("{BOOK}{id}/");
    let by = json!({ "by": "clinic" });
    post(&desk.rosa, &format!("{path}cancel/"), by).await;
    let away = absence(desk.dora, WEDNESDAY, WEDNESDAY);
    let made = desk.rosa.enter_absence(&away).await.unwrap().value;
    let (told, body) = post(&desk.rosa, &format!("{path}undo/"), json!({})).await;
    assert_eq!(told, StatusCode::CONFLICT);
    assert_eq!(body["reasons"][0]["absence"], made.absence.id);
    let at = (Off::Absence, made.absence.id);
    desk.rosa.take_back_absence(at).await.unwrap();
    let (told, body) = post(&desk.rosa, &format!("{path}undo/"), json!({})).await;
    assert_eq!((told, &body["status"]), (StatusCode::OK, &json!("pending")));
}

async fn faulty_absences_are_refused_field_by_field(on: TestServer) {
    let desk = desk(on).await;
    let nobody = "0198c0de-0000-7000-8000-000000000000";
    let form = json!({ "doctor": nobody, "first_date": WEDNESDAY, "last_date": "2026-03-01",
        "note": "x".repeat(501) });
    let (told, body) = post(&desk.rosa, "/v1/api/desk/absences/", form).await;
    assert_eq!(told, StatusCode::BAD_REQUEST);
    for field in ["doctor", "last_date", "note"] {
        assert!(body["errors"][field].is_array(), "{field}: {body}");
    }
    for (more, field) in [
        (json!({ "starts": "13:00" }), "ends"),
        (json!({ "ends": "13:00" }), "starts"),
        (json!({ "starts": "13:00", "ends": "13:00" }), "ends"),
        (json!({ "starts": "25:00", "ends": "13:00" }), "starts"),
        (json!({ "reason": "x" }), "reason"),
    ] {
        let mut form = json!({ "doctor": desk.dora, "first_date": WEDNESDAY });
        for (key, value) in more.as_object().unwrap() {
            form[key] = value.clone();
        }
        let (told, body) = post(&desk.rosa, "/v1/api/desk/absences/", form).await;
        assert_eq!(told, StatusCode::BAD_REQUEST, "{body}");
        assert!(body["errors"][field].is_array(), "{field}: {body}");
    }
}

async fn changes_are_conditional_and_audited(on: TestServer) {
    let desk = desk(on).await;
    let away = absence(desk.dora, WEDNESDAY, "2026-03-06");
    let made = desk.rosa.enter_absence(&away).await.unwrap();
    let at = (Off::Absence, made.value.absence.id);
    let shorter = AbsenceChange {
        last_date: Some(day(WEDNESDAY)),
        ..AbsenceChange::default()
    };
    let etag = made.etag.as_deref();
    let changed = desk.rosa.change_absence(at, &shorter, etag).await.unwrap();
    assert_eq!(changed.value.absence.last_date, day(WEDNESDAY));
    assert_eq!(changed.value.absence.note.as_deref(), Some("Skiing"));
    let longer = AbsenceChange {
        last_date: Some(day("2026-03-09")),
        ..AbsenceChange::default()
    };
    let late = desk.rosa.change_absence(at, &longer, etag).await;
    assert_eq!(status(late), 412);
    desk.booked("Ana", "2026-03-05T09:00:00Z").await;
    let longer = desk.rosa.change_absence(at, &longer, None).await.unwrap();
    assert_eq!(longer.value.appointments.len(), 1, "it hits more now");
    // What GET gave can be sent back.
    let (_, shown) = get(&desk.rosa, &format!("/v1/api/desk/absences/{}/", at.1)).await;
    let path = format!("/v1/api/desk/absences/{}/", at.1);
    let (told, body) = send(&desk.rosa, Method::PATCH, &path, shown["absence"].clone()).await;
    assert_eq!(told, StatusCode::OK, "{body}");
    let audit = desk.on.audit(40).await;
    for action in ["enter_absence", "change_absence"] {
        assert!(audit.iter().any(|row| row.1 == action), "{action}");
    }
}

async fn only_the_desk_enters_them(on: TestServer) {
    let desk = desk(on).await;
    let form = absence(desk.dora, WEDNESDAY, WEDNESDAY);
    for role in [Role::Patient, Role::Doctor] {
        let client = desk.on.sign_in(role, role.as_str()).await;
        assert_eq!(status(client.enter_absence(&form).await), 403);
        assert_eq!(
            status(client.absences(Off::Closure, &DatesQuery::default()).await),
            403
        );
    }
    let admin = desk.on.sign_in(Role::Admin, "ada").await;
    admin.enter_absence(&form).await.unwrap();
}

/// Whichever comes second knows of the first: either a booking is refused, or it is listed.
async fn an_absence_and_bookings_at_once_know_of_each_other(db: TestDb) {
    let settings = [("DATABASE_CONNECTIONS", "12")];
    let desk = desk(TestServer::start_with(db, &settings).await).await;
    for round in 0..6 {
        let date = day("2026-04-06") + chrono::TimeDelta::days(round);
        let mut forms = Vec::new();
        for slot in 0..4 {
            let at = format!("{date}T08:{:02}:00Z", slot % 2 * 30);
            let at = match slot < 2 {
                true => at,
                false => at.replace("T08", "T09"),
            };
            forms.push(desk.form(&format!("Person {round} {slot}"), &at).await);
        }
        let tasks: Vec<_> = forms
            .into_iter()
            .map(|form| {
                let rosa = desk.rosa.clone();
                tokio::spawn(async move { rosa.book(&form).await })
            })
            .collect();
        let away = absence(desk.dora, &date.to_string(), &date.to_string());
        let entered = desk.rosa.enter_absence(&away).await.unwrap().value;
        let mut booked = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(made) => {
                    assert_eq!(made.value.status, Status::Pending);
                    booked.push(made.value.id);
                }
                refused => assert_eq!(status(refused), 409),
            }
        }
        let mut hit: Vec<i64> = entered.appointments.iter().map(|row| row.id).collect();
        booked.sort_unstable();
        hit.sort_unstable();
        assert_eq!(hit, booked, "no booking slipped in unseen");
    }
}
