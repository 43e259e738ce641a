//! The waiting list: whom to ask first, time that is kept while they are asked, and what patients ask
//! for on v1 (API.md §4, §7 `waitlist/`).

use clinic_server::store::Session;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, WaitingQuery, etag};
use clinic_shared::desk::appointments::{
    Cancel, CancelledBy, NewAppointment, ReasonKind, Return, Status,
};
use clinic_shared::desk::slots::PartOfDay;
use clinic_shared::desk::waitlist::{
    Accept, NewWaiting, Offer, Urgency, Waiting, WaitingChange, WaitingStatus,
};
use clinic_shared::v1::waiting::TimeRequest;
use clinic_shared::{Patch, Role};
use serde_json::json;
use uuid::Uuid;

use crate::support::bookable::{person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{PASSWORD, TestServer, get, post, send, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    a_freed_time_goes_to_the_most_urgent_then_the_longest_waiting,
    only_those_whom_it_suits_are_candidates,
    a_time_that_is_kept_is_nobody_elses,
    nobody_stands_beside_who_is_being_asked,
    who_does_not_take_it_is_not_asked_again,
    who_was_booked_by_mistake_waits_again,
    what_changed_elsewhere_is_told_not_overwritten,
    entries_change_expire_and_are_withdrawn,
    who_waits_is_found_by_name,
    patients_ask_for_times_on_v1,
    faulty_entries_are_refused_field_by_field,
    nobody_waits_for_what_the_doctor_is_not_for,
    who_leaves_the_clinic_waits_no_longer,
}

on_both_databases! {
    one_time_is_offered_once,
}

const WEDNESDAY: &str = "2026-03-04";
const TEN: &str = "2026-03-04T09:00:00Z";

struct Desk {
    on: TestServer,
    rosa: Client,
    dora: Uuid,
    window: i64,
}

async fn desk(on: TestServer) -> Desk {
    let window = window(&on.server.clinic, "10:00-12:00").await;
    shape(&on.server.clinic, window, Some(30), 127).await;
    let number = on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    assert_eq!(doctors["results"][0]["number"], number);
    let dora = doctors["results"][0]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    Desk {
        on,
        rosa,
        dora,
        window,
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

impl Desk {
    async fn form(&self, name: &str) -> NewWaiting {
        let number = person(&self.on.server.clinic, name).await;
        NewWaiting {
            record_number: Some(format!("P-{number:06}")),
            date_from: day("2026-03-02"),
            date_to: day("2026-03-31"),
            ..NewWaiting::default()
        }
    }

    async fn add(&self, form: &NewWaiting) -> i64 {
        // Each waits a little longer than the next.
        self.on.wait(60);
        self.rosa.add_waiting(form).await.unwrap().value.id
    }

    async fn book(&self, name: &str, starts_at: &str) -> i64 {
        let number = person(&self.on.server.clinic, name).await;
        let form = NewAppointment {
            record_number: Some(number.to_string()),
            doctor: self.dora,
            starts_at: Some(starts_at.parse().unwrap()),
            ..NewAppointment::default()
        };
        self.rosa.book(&form).await.unwrap().value.id
    }

    /// An appointment at ten on the Wednesday that was just called off.
    async fn freed(&self) -> i64 {
        let id = self.book("Zoe", TEN).await;
        self.cancel(id, CancelledBy::Patient, None).await;
        id
    }

    async fn asked_first(&self, freed: i64) -> Vec<String> {
        let found = self.rosa.candidates(freed).await.unwrap();
        found.into_iter().map(|one| one.patient.full_name).collect()
    }

    fn at_ten(&self) -> Offer {
        Offer {
            doctor: self.dora,
            available_time: self.window,
            starts_at: Some(TEN.parse().unwrap()),
            date: None,
            hold_minutes: None,
        }
    }

    async fn cancel(&self, id: i64, by: CancelledBy, why: Option<ReasonKind>) {
        let cancel = Cancel {
            by,
            reason_kind: why,
            reason: None,
            version: None,
        };
        let done = self.rosa.cancel_appointment(id, &cancel, None).await;
        done.unwrap();
    }

    /// How often the audit tells of this about an entry, and how many events there were about it.
    async fn told_of(&self, action: &str, id: i64) -> (i64, i64) {
        let mut reader = self.on.server.clinic.db.read().await.unwrap();
        let text = "SELECT (SELECT count(*) FROM audit WHERE action = $1
                AND object_type = 'waiting' AND object_id = $2),
            (SELECT count(*) FROM event WHERE kind = 'waitlist' AND object_id = $3)";
        let told = reader.sql(text).bind(action).bind(id).bind(id);
        told.one().await.unwrap()
    }

    async fn entry(&self, id: i64) -> Waiting {
        let all = self.rosa.waiting_list(&WaitingQuery::default()).await;
        let mut rows = all.unwrap().results.into_iter();
        rows.find(|row| row.id == id).unwrap()
    }
}

async fn a_freed_time_goes_to_the_most_urgent_then_the_longest_waiting(on: TestServer) {
    let desk = desk(on).await;
    for (name, urgency, for_dora) in [
        ("Ana", Urgency::Routine, false),
        ("Ben", Urgency::Routine, true),
        ("Cora", Urgency::Soon, false),
        ("Dan", Urgency::Urgent, false),
        ("Eve", Urgency::Routine, true),
    ] {
        let mut form = desk.form(name).await;
        form.urgency = Some(urgency);
        form.doctor = for_dora.then_some(desk.dora);
        desk.add(&form).await;
    }
    let freed = desk.freed().await;
    assert_eq!(
        desk.asked_first(freed).await,
        ["Dan", "Cora", "Ben", "Eve", "Ana"]
    );
    let listed = desk.rosa.waiting_list(&WaitingQuery::default()).await;
    let rows = listed.unwrap().results.into_iter();
    let names: Vec<String> = rows.map(|one| one.patient.full_name).collect();
    assert_eq!(names, ["Dan", "Cora", "Ana", "Ben", "Eve"]);
}

async fn only_those_whom_it_suits_are_candidates(on: TestServer) {
    let desk = desk(on).await;
    let number = desk.on.doctor_offering("emil", &[desk.window]).await;
    let (_, doctors) = get(&desk.rosa, "/v1/api/desk/doctors/?search=emil").await;
    assert_eq!(doctors["results"][0]["number"], number);
    let emil = doctors["results"][0]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let ada = desk.on.sign_in(Role::Admin, "ada").await;
    let (_, skin) = post(&ada, "/specialisations/", json!({ "name": "Skin" })).await;
    let suits = desk.form("Suits").await;
    desk.add(&suits).await;
    let mornings = NewWaiting {
        part_of_day: Some(PartOfDay::Morning),
        ..desk.form("Mornings").await
    };
    desk.add(&mornings).await;
    for other in [
        NewWaiting {
            part_of_day: Some(PartOfDay::Evening),
            ..desk.form("Evenings").await
        },
        NewWaiting {
            doctor: Some(emil),
            ..desk.form("For Emil").await
        },
        NewWaiting {
            specialisation: skin["id"].as_i64(),
            ..desk.form("For the skin").await
        },
        NewWaiting {
            date_from: day("2026-03-05"),
            ..desk.form("Later").await
        },
    ] {
        desk.add(&other).await;
    }
    // Somebody who is here at that time anyway.
    let busy = desk.form("Busy").await;
    desk.add(&busy).await;
    let at_emils = NewAppointment {
        record_number: busy.record_number,
        doctor: emil,
        starts_at: Some("2026-03-04T09:00:00Z".parse().unwrap()),
        ..NewAppointment::default()
    };
    desk.rosa.book(&at_emils).await.unwrap();
    let freed = desk.freed().await;
    assert_eq!(desk.asked_first(freed).await, ["Suits", "Mornings"]);
}

async fn a_time_that_is_kept_is_nobody_elses(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.add(&desk.form("Ana").await).await;
    let freed = desk.freed().await;
    let offered = desk
        .rosa
        .offer(ana, &desk.at_ten(), None)
        .await
        .unwrap()
        .value;
    let hold = offered.hold.unwrap();
    assert_eq!(hold.starts.as_deref(), Some("10:00"));
    assert!(
        desk.asked_first(freed).await.is_empty(),
        "she is being asked"
    );
    let number = person(&desk.on.server.clinic, "Ben").await;
    let form = json!({ "record_number": number.to_string(), "doctor": desk.dora,
        "starts_at": TEN });
    let path = "/v1/api/desk/appointments/";
    let (told, body) = post(&desk.rosa, path, form.clone()).await;
    assert_eq!(told, StatusCode::CONFLICT);
    assert_eq!(
        (&body["reasons"][0]["code"], &body["reasons"][0]["waiting"]),
        (&json!("held"), &json!(ana))
    );
    let (_, free) = get(&desk.rosa, &format!("/v1/api/desk/slots/?from={WEDNESDAY}")).await;
    assert_eq!(free["slots"][0]["starts"], "10:30");
    let mut beside = form.clone();
    beside["overbook"] = json!("Urgent");
    assert_eq!(post(&desk.rosa, path, beside).await.0, StatusCode::CONFLICT);
    let booked = desk
        .rosa
        .accept_offer(ana, &Accept::default(), None)
        .await
        .unwrap();
    assert_eq!(booked.value.starts.as_deref(), Some("10:00"));
    let entry = desk.entry(ana).await;
    assert_eq!(entry.status, WaitingStatus::Booked);
    assert_eq!(
        (entry.appointment, entry.hold),
        (Some(booked.value.id), None)
    );
    assert_eq!(
        status(desk.rosa.accept_offer(ana, &Accept::default(), None).await),
        409,
        "once is enough"
    );
    // What is kept too long is free again, and who comes late gets it while nobody else has it.
    let cora = desk.add(&desk.form("Cora").await).await;
    let half_past = Offer {
        starts_at: Some("2026-03-04T09:30:00Z".parse().unwrap()),
        hold_minutes: Some(5),
        ..desk.at_ten()
    };
    desk.rosa.offer(cora, &half_past, None).await.unwrap();
    desk.on.wait(5 * 60);
    assert_eq!(desk.entry(cora).await.hold, None);
    let mut other = form;
    other["starts_at"] = json!("2026-03-04T09:30:00Z");
    assert_eq!(post(&desk.rosa, path, other).await.0, StatusCode::CREATED);
    let late = desk.rosa.accept_offer(cora, &Accept::default(), None).await;
    assert_eq!(status(late), 409, "somebody else was faster");
    assert_eq!(desk.entry(cora).await.status, WaitingStatus::Waiting);
}

/// In a full window somebody may stand beside an appointment, never in the time that is kept.
async fn nobody_stands_beside_who_is_being_asked(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.add(&desk.form("Ana").await).await;
    desk.rosa.offer(ana, &desk.at_ten(), None).await.unwrap();
    for slot in ["09:30", "10:00", "10:30"] {
        desk.book(slot, &format!("2026-03-04T{slot}:00Z")).await;
    }
    let number = person(&desk.on.server.clinic, "Ben").await;
    let form = NewAppointment {
        record_number: Some(number.to_string()),
        doctor: desk.dora,
        available_time: Some(desk.window),
        date: Some(day(WEDNESDAY)),
        overbook: Some("Urgent".to_owned()),
        ..NewAppointment::default()
    };
    let made = desk.rosa.book(&form).await.unwrap().value;
    assert_eq!(
        (made.starts.as_deref(), made.overbooked),
        (Some("10:30"), true)
    );
    // Nor across both: an appointment and what is kept.
    let number = person(&desk.on.server.clinic, "Cora").await;
    let across = NewAppointment {
        record_number: Some(number.to_string()),
        available_time: None,
        date: None,
        starts_at: Some("2026-03-04T09:15:00Z".parse().unwrap()),
        duration_minutes: Some(30),
        ..form
    };
    assert_eq!(status(desk.rosa.book(&across).await), 409);
}

async fn who_does_not_take_it_is_not_asked_again(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.add(&desk.form("Ana").await).await;
    let ben = desk.add(&desk.form("Ben").await).await;
    let freed = desk.freed().await;
    assert_eq!(
        status(desk.rosa.skip_offer(ana, None).await),
        409,
        "nothing was offered"
    );
    desk.rosa.offer(ana, &desk.at_ten(), None).await.unwrap();
    let second = desk.rosa.offer(ben, &desk.at_ten(), None).await;
    assert_eq!(status(second), 409, "one at a time");
    let skipped = desk.rosa.skip_offer(ana, None).await.unwrap();
    assert_eq!((skipped.value.skipped, skipped.value.hold), (1, None));
    assert_eq!(skipped.value.status, WaitingStatus::Waiting);
    assert_eq!(desk.asked_first(freed).await, ["Ben"]);
    let accept = Accept {
        title: Some("Check-up".to_owned()),
        ..Accept::default()
    };
    desk.rosa.offer(ben, &desk.at_ten(), None).await.unwrap();
    let booked = desk
        .rosa
        .accept_offer(ben, &accept, None)
        .await
        .unwrap()
        .value;
    assert_eq!(booked.title.as_deref(), Some("Check-up"));
    // Another time is offered to her again.
    let other = desk.book("Yan", "2026-03-04T09:30:00Z").await;
    assert_eq!(desk.asked_first(other).await, ["Ana"]);
}

/// Taking the booking back is to cancel it as a mistake; that can be taken back in its turn.
async fn who_was_booked_by_mistake_waits_again(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.add(&desk.form("Ana").await).await;
    let freed = desk.freed().await;
    desk.rosa.offer(ana, &desk.at_ten(), None).await.unwrap();
    let accept = Accept::default();
    let booked = desk.rosa.accept_offer(ana, &accept, None).await.unwrap();
    let booked = booked.value.id;
    let before = desk.entry(ana).await;
    desk.cancel(booked, CancelledBy::Clinic, Some(ReasonKind::Mistake))
        .await;
    let entry = desk.entry(ana).await;
    assert_eq!(
        (entry.status, entry.appointment, entry.hold.as_ref()),
        (WaitingStatus::Waiting, None, None)
    );
    assert!(entry.version > before.version, "who looked must look again");
    assert_eq!(desk.asked_first(freed).await, ["Ana"], "not lost");
    assert_eq!(desk.told_of("unbook_waiting", ana).await, (1, 4));

    // It was none: she is booked as before, and what was kept for her since is free.
    let later = Offer {
        starts_at: Some("2026-03-04T10:00:00Z".parse().unwrap()),
        ..desk.at_ten()
    };
    desk.rosa.offer(ana, &later, None).await.unwrap();
    let back = desk.rosa.undo_step(booked, &Return::default(), None).await;
    assert_eq!(back.unwrap().value.status, Status::Pending);
    let entry = desk.entry(ana).await;
    assert_eq!(
        (entry.status, entry.appointment, entry.hold),
        (WaitingStatus::Booked, Some(booked), None)
    );
    assert_eq!(desk.told_of("rebook_waiting", ana).await, (1, 6));
    desk.book("Ben", "2026-03-04T10:00:00Z").await;

    // Whoever is called off for another reason had an appointment, and asks anew.
    desk.cancel(booked, CancelledBy::Patient, Some(ReasonKind::Illness))
        .await;
    assert_eq!(desk.entry(ana).await.status, WaitingStatus::Booked);
    // What was withdrawn or booked otherwise meanwhile stays so.
    let cora = desk.add(&desk.form("Cora").await).await;
    desk.rosa.offer(cora, &desk.at_ten(), None).await.unwrap();
    let booked = desk.rosa.accept_offer(cora, &accept, None).await.unwrap();
    let booked = booked.value.id;
    desk.cancel(booked, CancelledBy::Clinic, Some(ReasonKind::Mistake))
        .await;
    desk.rosa.withdraw_waiting(cora, None).await.unwrap();
    let back = desk.rosa.undo_step(booked, &Return::default(), None).await;
    assert_eq!(back.unwrap().value.status, Status::Pending);
    let entry = desk.entry(cora).await;
    assert_eq!(
        (entry.status, entry.appointment),
        (WaitingStatus::Withdrawn, None)
    );
}

async fn what_changed_elsewhere_is_told_not_overwritten(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.add(&desk.form("Ana").await).await;
    let seen = etag(desk.entry(ana).await.version);
    let kept = desk.rosa.offer(ana, &desk.at_ten(), Some(&seen)).await;
    let now = kept.unwrap().etag.unwrap();
    let (rosa, seen) = (&desk.rosa, Some(seen.as_str()));
    assert_eq!(status(rosa.offer(ana, &desk.at_ten(), seen).await), 412);
    let accept = Accept::default();
    assert_eq!(status(rosa.accept_offer(ana, &accept, seen).await), 412);
    assert_eq!(status(rosa.skip_offer(ana, seen).await), 412);
    assert_eq!(status(rosa.withdraw_waiting(ana, seen).await), 412);
    let entry = desk.entry(ana).await;
    assert_eq!(entry.status, WaitingStatus::Waiting);
    assert!(entry.hold.is_some(), "what is kept stays kept");
    rosa.skip_offer(ana, Some(&now)).await.unwrap();
}

async fn entries_change_expire_and_are_withdrawn(on: TestServer) {
    let desk = desk(on).await;
    let form = NewWaiting {
        doctor: Some(desk.dora),
        date_to: day("2026-03-03"),
        note: Some("Mornings are best".to_owned()),
        ..desk.form("Ana").await
    };
    let made = desk.rosa.add_waiting(&form).await.unwrap();
    let (id, etag) = (made.value.id, made.etag.as_deref());
    let change = WaitingChange {
        doctor: Patch::Clear,
        urgency: Some(Urgency::Soon),
        ..WaitingChange::default()
    };
    let changed = desk
        .rosa
        .change_waiting(id, &change, etag)
        .await
        .unwrap()
        .value;
    assert_eq!((changed.doctor, changed.urgency), (None, Urgency::Soon));
    assert_eq!(changed.note.as_deref(), Some("Mornings are best"));
    assert_eq!(
        status(desk.rosa.change_waiting(id, &change, etag).await),
        412
    );
    desk.on.wait(2 * 24 * 3600);
    desk.rosa.sign_in("rosa", PASSWORD).await.unwrap();
    assert_eq!(desk.entry(id).await.status, WaitingStatus::Expired);
    let waiting = WaitingQuery {
        status: Some(WaitingStatus::Waiting),
        ..WaitingQuery::default()
    };
    assert_eq!(desk.rosa.waiting_list(&waiting).await.unwrap().count, 0);
    let longer = WaitingChange {
        date_to: Some(day("2026-03-20")),
        ..WaitingChange::default()
    };
    desk.rosa.change_waiting(id, &longer, None).await.unwrap();
    assert_eq!(desk.rosa.waiting_list(&waiting).await.unwrap().count, 1);
    let gone = desk.rosa.withdraw_waiting(id, None).await.unwrap();
    assert_eq!(gone.value.status, WaitingStatus::Withdrawn);
    assert_eq!(status(desk.rosa.withdraw_waiting(id, None).await), 409);
    assert_eq!(
        status(desk.rosa.change_waiting(id, &longer, None).await),
        409
    );
    let audit = desk.on.audit(40).await;
    for action in [
        "add_waiting",
        "change_waiting",
        "withdraw_waiting",
        "list_waiting",
    ] {
        assert!(audit.iter().any(|row| row.1 == action), "{action}");
    }
}

async fn who_waits_is_found_by_name(on: TestServer) {
    let desk = desk(on).await;
    for name in ["Ana García-López", "Anatol Berg", "Bo Lind"] {
        let form = desk.form(name).await;
        desk.add(&form).await;
    }
    for (typed, found) in [
        ("ana", vec!["Ana García-López", "Anatol Berg"]),
        ("garcia", vec!["Ana García-López"]),
        ("lopez, ANA", vec!["Ana García-López"]),
        // Not in the middle of a name.
        ("ind", vec![]),
        ("bo berg", vec![]),
        // Nothing that means something to the database.
        ("b%g", vec![]),
        ("b_", vec!["Anatol Berg", "Bo Lind"]),
        ("", vec!["Ana García-López", "Anatol Berg", "Bo Lind"]),
    ] {
        let query = WaitingQuery {
            search: Some(typed.to_owned()),
            ..WaitingQuery::default()
        };
        let page = desk.rosa.waiting_list(&query).await.unwrap();
        let names = page.results.into_iter().map(|one| one.patient.full_name);
        assert_eq!(names.collect::<Vec<_>>(), found, "{typed}");
        assert_eq!(page.count, i64::try_from(found.len()).unwrap());
    }
}

async fn patients_ask_for_times_on_v1(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    let request = TimeRequest {
        doctor: desk.dora,
        date_from: day("2026-03-03"),
        date_to: day("2026-03-10"),
        part_of_day: Some(PartOfDay::Morning),
        note: Some("My knee".to_owned()),
    };
    let asked = ana.request_time(&request).await.unwrap();
    assert_eq!(asked.doctor.as_ref().unwrap().full_name, "dora");
    assert_eq!(asked.status, WaitingStatus::Waiting);
    let freed = desk.freed().await;
    assert_eq!(desk.asked_first(freed).await, ["ana"]);
    desk.rosa
        .offer(asked.id, &desk.at_ten(), None)
        .await
        .unwrap();
    let booked = desk
        .rosa
        .accept_offer(asked.id, &Accept::default(), None)
        .await;
    let booked = booked.unwrap().value;
    assert_eq!(booked.symptoms, "My knee");
    let shown = ana.requested_time(asked.id).await.unwrap();
    assert_eq!(shown.appointment, Some(booked.id));
    let ben = desk.on.sign_in(Role::Patient, "ben").await;
    assert_eq!(status(ben.requested_time(asked.id).await), 404);
    assert_eq!(status(ben.withdraw_request(asked.id).await), 404);
    let other = ana.request_time(&request).await.unwrap();
    ana.withdraw_request(other.id).await.unwrap();
    assert_eq!(
        ana.requested_time(other.id).await.unwrap().status,
        WaitingStatus::Withdrawn
    );
    // Only who is a patient asks.
    assert_eq!(status(desk.rosa.request_time(&request).await), 403);
    let wrong = TimeRequest {
        doctor: Uuid::nil(),
        date_to: day("2026-03-01"),
        ..request.clone()
    };
    assert_eq!(status(ana.request_time(&wrong).await), 400);
    for _ in 0..20 {
        ben.request_time(&request).await.unwrap();
    }
    assert_eq!(status(ben.request_time(&request).await), 409);
}

async fn nobody_waits_for_what_the_doctor_is_not_for(on: TestServer) {
    let desk = desk(on).await;
    let adam = desk.on.sign_in(Role::Admin, "adam").await;
    let mut made = Vec::new();
    for name in ["Cardiology", "Dermatology"] {
        let (status, body) = post(&adam, "/specialisations/", json!({ "name": name })).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        made.push(body["id"].as_i64().unwrap());
    }
    let clinic = &desk.on.server.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql(
        "INSERT INTO doctor_specialisation (doctor_id, specialisation_id)
         SELECT id, $1 FROM doctor",
    )
    .bind(made[0])
    .run()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let wanting = |form: NewWaiting, specialisation| NewWaiting {
        doctor: Some(desk.dora),
        specialisation: Some(specialisation),
        ..form
    };
    let form = wanting(desk.form("Ana").await, made[1]);
    let (status, body) = post(&desk.rosa, "/v1/api/desk/waitlist/", json!(form)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(body["errors"]["specialisation"].is_array(), "{body}");
    let id = desk.add(&wanting(desk.form("Ben").await, made[0])).await;
    let path = format!("/v1/api/desk/waitlist/{id}/");
    let other = json!({ "specialisation": made[1] });
    let (status, body) = send(&desk.rosa, Method::PATCH, &path, other).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(body["errors"]["specialisation"].is_array(), "{body}");
}

async fn faulty_entries_are_refused_field_by_field(on: TestServer) {
    let desk = desk(on).await;
    let nobody = "0198c0de-0000-7000-8000-000000000000";
    let path = "/v1/api/desk/waitlist/";
    let form = json!({ "record_number": "P-999999", "doctor": nobody, "specialisation": 999,
        "date_from": "2026-03-04", "date_to": "2026-03-01", "note": "x".repeat(501) });
    let (told, body) = post(&desk.rosa, path, form).await;
    assert_eq!(told, StatusCode::BAD_REQUEST);
    for field in [
        "record_number",
        "doctor",
        "specialisation",
        "date_to",
        "note",
    ] {
        assert!(body["errors"][field].is_array(), "{field}: {body}");
    }
    let id = desk.add(&desk.form("Ana").await).await;
    let no_time = json!({ "doctor": desk.dora, "available_time": desk.window });
    let (told, body) = post(&desk.rosa, &format!("{path}{id}/offer/"), no_time).await;
    assert_eq!(told, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["starts_at"].is_array(), "{body}");
    for wrong in ["", "?appointment=999", "?doctor=x"] {
        let (told, _) = get(&desk.rosa, &format!("{path}candidates/{wrong}")).await;
        assert_eq!(told, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    assert_eq!(
        status(ana.waiting_list(&WaitingQuery::default()).await),
        403
    );
}

async fn who_leaves_the_clinic_waits_no_longer(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    let request = TimeRequest {
        doctor: desk.dora,
        date_from: day("2026-03-03"),
        date_to: day("2026-03-10"),
        part_of_day: None,
        note: None,
    };
    let asked = ana.request_time(&request).await.unwrap();
    desk.rosa
        .offer(asked.id, &desk.at_ten(), None)
        .await
        .unwrap();
    let (_, mine) = get(&ana, "/patients/").await;
    let path = format!("/patients/{}/", mine["results"][0]["id"]);
    let (told, _) = send(&ana, Method::DELETE, &path, json!({})).await;
    assert_eq!(told, StatusCode::NO_CONTENT);
    // What was kept for her is free again.
    desk.book("Ben", TEN).await;
    let listed = desk.rosa.waiting_list(&WaitingQuery::default()).await;
    assert_eq!(listed.unwrap().count, 0);
}

/// Twenty are offered the same time at once: it is kept for one, and somebody books it before or
/// not at all.
async fn one_time_is_offered_once(db: TestDb) {
    let settings = [("DATABASE_CONNECTIONS", "12")];
    let desk = desk(TestServer::start_with(db, &settings).await).await;
    let mut ids = Vec::new();
    for n in 0..20 {
        ids.push(desk.add(&desk.form(&format!("Person {n}")).await).await);
    }
    let tasks: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let (rosa, offer) = (desk.rosa.clone(), desk.at_ten());
            tokio::spawn(async move { (id, rosa.offer(id, &offer, None).await) })
        })
        .collect();
    let mut kept = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (id, Ok(_)) => kept.push(id),
            (_, refused) => assert_eq!(status(refused), 409),
        }
    }
    assert_eq!(kept.len(), 1);
    let booked = desk
        .rosa
        .accept_offer(kept[0], &Accept::default(), None)
        .await;
    assert_eq!(booked.unwrap().value.starts.as_deref(), Some("10:00"));
}
