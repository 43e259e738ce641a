//! What is free: at the desk, and for patients on v1 (API.md §4, §7 `slots/`).

use clinic_server::Server;
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use clinic_shared::client::{Client, OpenTimeQuery, SlotQuery};
use clinic_shared::desk::absences::{NewAbsence, NewClosure};
use clinic_shared::desk::appointments::NewAppointment;
use clinic_shared::desk::slots::{FreeSlots, PartOfDay};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::bookable::{person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{PASSWORD, TestServer, get, post, send, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    the_next_free_ones_come_first_without_what_is_taken,
    they_are_searched_by_doctor_specialisation_and_part_of_day,
    a_length_of_ones_own_fits_between_appointments,
    a_patient_is_not_offered_what_they_can_not_come_to,
    absences_and_closures_leave_no_slot,
    what_is_answered_can_be_booked,
    patients_see_what_is_open_and_nothing_else,
    a_search_is_bounded,
    a_search_ends_after_it_begins,
}

on_both_databases! {
    both_nights_on_which_the_clocks_change_are_right,
}

struct Desk {
    on: TestServer,
    rosa: Client,
    dora: Uuid,
    window: i64,
}

/// Dora is there from ten to twelve in slots of half an hour.
async fn desk(on: TestServer) -> Desk {
    let window = window(&on.server.clinic, "10:00-12:00").await;
    shape(&on.server.clinic, window, Some(30), 127).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let dora = doctor(&on, &rosa, "dora", &[window]).await;
    Desk {
        on,
        rosa,
        dora,
        window,
    }
}

async fn doctor(on: &TestServer, rosa: &Client, name: &str, windows: &[i64]) -> Uuid {
    let number = on.doctor_offering(name, windows).await;
    let (_, doctors) = get(rosa, "/v1/api/desk/doctors/").await;
    let mut rows = doctors["results"].as_array().unwrap().iter();
    let found = rows.find(|row| row["number"] == number).unwrap();
    found["id"].as_str().unwrap().parse().unwrap()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn on_day(date: &str) -> SlotQuery {
    SlotQuery {
        from: Some(day(date)),
        to: Some(day(date)),
        ..SlotQuery::default()
    }
}

/// `dora 10:00`, in the order of the answer.
fn told(found: &FreeSlots) -> Vec<String> {
    let slots = found.slots.iter();
    let told = slots.map(|slot| {
        let starts = slot.starts.as_deref().unwrap_or("--:--");
        format!("{} {starts}", slot.doctor.full_name)
    });
    told.collect()
}

impl Desk {
    async fn free(&self, query: &SlotQuery) -> Vec<String> {
        told(&self.rosa.free_slots(query).await.unwrap())
    }

    async fn book(&self, name: &str, starts_at: &str, minutes: Option<i64>) -> Uuid {
        let number = person(&self.on.server.clinic, name).await;
        let form = NewAppointment {
            record_number: Some(number.to_string()),
            doctor: self.dora,
            starts_at: Some(starts_at.parse().unwrap()),
            duration_minutes: minutes,
            ..NewAppointment::default()
        };
        self.rosa.book(&form).await.unwrap().value.patient.id
    }
}

async fn the_next_free_ones_come_first_without_what_is_taken(on: TestServer) {
    let desk = desk(on).await;
    // Monday, nine o'clock in Berlin.
    let query = SlotQuery {
        limit: Some(6),
        ..SlotQuery::default()
    };
    desk.book("Ana", "2026-03-02T09:30:00Z", None).await;
    let found = desk.rosa.free_slots(&query).await.unwrap();
    assert_eq!(
        told(&found),
        [
            "dora 10:00",
            "dora 11:00",
            "dora 11:30",
            "dora 10:00",
            "dora 10:30",
            "dora 11:00"
        ]
    );
    assert_eq!(
        (found.from, found.to),
        (day("2026-03-02"), day("2026-03-03"))
    );
    assert!(found.has_more);
    // What has begun is not free any more.
    desk.on.wait(2 * 3600);
    let found = desk.rosa.free_slots(&on_day("2026-03-02")).await.unwrap();
    assert_eq!(told(&found), ["dora 11:00", "dora 11:30"]);
    assert!(!found.has_more);
}

async fn they_are_searched_by_doctor_specialisation_and_part_of_day(on: TestServer) {
    let desk = desk(on).await;
    let clinic = desk.on.server.clinic.clone();
    let evening = window(&clinic, "16:00-18:00").await;
    shape(&clinic, evening, Some(60), 127).await;
    let round = window(&clinic, "House calls").await;
    let ada = desk.on.sign_in(Role::Admin, "ada").await;
    let emil = doctor(&desk.on, &desk.rosa, "emil", &[evening, round]).await;
    let (_, skin) = post(&ada, "/specialisations/", json!({ "name": "Skin" })).await;
    let path = format!("/v1/api/desk/doctors/{emil}/");
    let change = json!({ "specialisation_ids": [skin["id"]] });
    let patch = clinic_shared::client::reqwest::Method::PATCH;
    send(&desk.rosa, patch, &path, change).await;
    let wednesday = on_day("2026-03-04");
    assert_eq!(
        desk.free(&wednesday).await,
        [
            "dora 10:00",
            "dora 10:30",
            "dora 11:00",
            "dora 11:30",
            "emil 16:00",
            "emil 17:00",
            "emil --:--"
        ]
    );
    let of_emil = SlotQuery {
        doctor: Some(emil),
        ..wednesday.clone()
    };
    assert_eq!(
        desk.free(&of_emil).await,
        ["emil 16:00", "emil 17:00", "emil --:--"]
    );
    let for_skin = SlotQuery {
        specialisation: skin["id"].as_i64(),
        part_of_day: Some(PartOfDay::Afternoon),
        ..wednesday.clone()
    };
    assert_eq!(desk.free(&for_skin).await, ["emil 16:00"]);
    let late = SlotQuery {
        part_of_day: Some(PartOfDay::Evening),
        ..wednesday.clone()
    };
    assert_eq!(desk.free(&late).await, ["emil 17:00"]);
    let early = SlotQuery {
        part_of_day: Some(PartOfDay::Morning),
        limit: Some(2),
        ..wednesday
    };
    assert_eq!(desk.free(&early).await, ["dora 10:00", "dora 10:30"]);
}

async fn a_length_of_ones_own_fits_between_appointments(on: TestServer) {
    let desk = desk(on).await;
    desk.book("Ana", "2026-03-04T10:00:00Z", None).await;
    let long = SlotQuery {
        duration: Some(60),
        ..on_day("2026-03-04")
    };
    assert_eq!(desk.free(&long).await, ["dora 10:00"]);
    let longer = SlotQuery {
        duration: Some(90),
        ..on_day("2026-03-05")
    };
    assert_eq!(desk.free(&longer).await, ["dora 10:00", "dora 10:30"]);
    let short = SlotQuery {
        duration: Some(10),
        ..on_day("2026-03-04")
    };
    assert_eq!(
        desk.free(&short).await,
        ["dora 10:00", "dora 10:30", "dora 11:30"]
    );
}

async fn a_patient_is_not_offered_what_they_can_not_come_to(on: TestServer) {
    let desk = desk(on).await;
    let emil = doctor(&desk.on, &desk.rosa, "emil", &[desk.window]).await;
    let ana = desk.book("Ana", "2026-03-04T09:00:00Z", None).await;
    let query = SlotQuery {
        doctor: Some(emil),
        patient: Some(ana),
        ..on_day("2026-03-04")
    };
    assert_eq!(
        desk.free(&query).await,
        ["emil 10:30", "emil 11:00", "emil 11:30"]
    );
    let unknown = SlotQuery {
        patient: Some(emil),
        ..query
    };
    assert_eq!(status(desk.rosa.free_slots(&unknown).await), 400);
}

async fn absences_and_closures_leave_no_slot(on: TestServer) {
    let desk = desk(on).await;
    let away = NewAbsence {
        doctor: desk.dora,
        first_date: day("2026-03-04"),
        last_date: None,
        starts: Some("11:00".to_owned()),
        ends: Some("11:10".to_owned()),
        kind: None,
        note: None,
    };
    desk.rosa.enter_absence(&away).await.unwrap();
    assert_eq!(
        desk.free(&on_day("2026-03-04")).await,
        ["dora 10:00", "dora 10:30", "dora 11:30"]
    );
    let closed = NewClosure {
        first_date: day("2026-03-05"),
        last_date: None,
        starts: None,
        ends: None,
        kind: None,
        note: None,
    };
    desk.rosa.close_clinic(&closed).await.unwrap();
    assert!(desk.free(&on_day("2026-03-05")).await.is_empty());
}

async fn what_is_answered_can_be_booked(on: TestServer) {
    let desk = desk(on).await;
    let round = window(&desk.on.server.clinic, "House calls").await;
    doctor(&desk.on, &desk.rosa, "emil", &[round]).await;
    for n in 0..5 {
        let free = desk.rosa.free_slots(&on_day("2026-03-04")).await.unwrap();
        let slot = free.slots[0].clone();
        let number = person(&desk.on.server.clinic, &format!("Person {n}")).await;
        let form = NewAppointment {
            record_number: Some(number.to_string()),
            doctor: slot.doctor.id,
            available_time: Some(slot.available_time),
            date: slot.starts_at.is_none().then_some(slot.date),
            starts_at: slot.starts_at,
            ..NewAppointment::default()
        };
        let made = desk.rosa.book(&form).await.unwrap().value;
        assert_eq!((made.starts, made.ends), (slot.starts, slot.ends));
    }
    assert!(desk.free(&on_day("2026-03-04")).await.is_empty());
}

async fn patients_see_what_is_open_and_nothing_else(on: TestServer) {
    let desk = desk(on).await;
    desk.book("Ben", "2026-03-04T09:00:00Z", None).await;
    let ana = desk.on.sign_in(Role::Patient, "ana").await;
    let query = OpenTimeQuery {
        doctor_id: Some(desk.dora),
        date: Some(day("2026-03-04")),
    };
    let page = ana.open_times(&query).await.unwrap();
    assert_eq!(page.count, 3);
    let (_, body) = get(
        &ana,
        &format!(
            "/v1/api/doctor/available-times-patient/?doctor_id={}&date=2026-03-04&limits=1&page=2",
            desk.dora
        ),
    )
    .await;
    assert_eq!(
        body["results"],
        json!([{ "id": desk.window, "name": "10:00-12:00", "date": "2026-03-04",
            "starts_at": "2026-03-04T10:00:00Z", "ends_at": "2026-03-04T10:30:00Z" }])
    );
    assert!(body["next"].is_string() && body["previous"].is_string());
    let path = "/v1/api/doctor/available-times-patient/";
    let (_, past) = get(&ana, &format!("{path}?date=2026-03-01")).await;
    assert_eq!(past["count"], 0);
    let unknown = "0198c0de-0000-7000-8000-000000000000";
    let (_, nobody) = get(&ana, &format!("{path}?doctor_id={unknown}")).await;
    assert_eq!(nobody["count"], 0);
    for wrong in ["doctor_id=x", "date=tomorrow"] {
        let (told, _) = get(&ana, &format!("{path}?{wrong}")).await;
        assert_eq!(told, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (told, _) = get(&desk.on.anonymous(), path).await;
    assert_eq!(told, StatusCode::UNAUTHORIZED);
    let (told, _) = get(&ana, "/v1/api/desk/slots/").await;
    assert_eq!(told, StatusCode::FORBIDDEN);
}

async fn a_search_ends_after_it_begins(on: TestServer) {
    let desk = desk(on).await;
    for list in ["slots", "openings", "absences", "closures"] {
        let path = format!("/v1/api/desk/{list}/");
        let (status, body) =
            get(&desk.rosa, &format!("{path}?from=2026-03-05&to=2026-03-04")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{list}");
        assert!(body["errors"]["to"].is_array(), "{body}");
        let (status, _) = get(&desk.rosa, &format!("{path}?from=2026-03-04&to=2026-03-04")).await;
        assert_eq!(status, StatusCode::OK, "{list}");
        let (status, body) = get(&desk.rosa, &format!("{path}?from=2026-3-4")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{list}");
        assert!(body["errors"]["from"].is_array(), "{body}");
    }
}

async fn a_search_is_bounded(on: TestServer) {
    let desk = desk(on).await;
    let (told, body) = get(&desk.rosa, "/v1/api/desk/slots/?to=2028-01-01").await;
    assert_eq!(told, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["to"].is_array(), "{body}");
    for wrong in ["limit=0", "limit=1001", "duration=0", "part_of_day=night"] {
        let (told, _) = get(&desk.rosa, &format!("/v1/api/desk/slots/?{wrong}")).await;
        assert_eq!(told, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (_, none) = get(&desk.rosa, "/v1/api/desk/slots/?to=2026-03-01").await;
    assert_eq!(none["slots"], json!([]), "what is over is not free");
    let year = SlotQuery {
        to: Some(day("2027-03-02")),
        limit: Some(1000),
        ..SlotQuery::default()
    };
    let found = desk.rosa.free_slots(&year).await.unwrap();
    assert_eq!((found.slots.len(), found.has_more), (1000, true));
}

/// Zone, night, and what of a window from one to four in slots of an hour can be booked, in UTC.
const NIGHTS: &[(&str, &str, &[&str])] = &[
    ("Europe/Berlin", "2026-03-29", &["00:00", "01:00"]),
    (
        "Europe/Berlin",
        "2026-10-25",
        &["23:00", "00:00", "01:00", "02:00"],
    ),
    ("America/New_York", "2026-03-08", &["06:00", "07:00"]),
    (
        "America/New_York",
        "2026-11-01",
        &["05:00", "06:00", "07:00", "08:00"],
    ),
    // Half an hour only: what is left of it is no slot.
    ("Australia/Lord_Howe", "2026-10-04", &["14:30", "15:30"]),
    (
        "Australia/Lord_Howe",
        "2026-04-05",
        &["14:00", "15:00", "16:00"],
    ),
];

async fn both_nights_on_which_the_clocks_change_are_right(db: TestDb) {
    let on = TestServer::start(db).await;
    let window = window(&on.server.clinic, "01:00-04:00").await;
    shape(&on.server.clinic, window, Some(60), 127).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let nina = doctor(&on, &rosa, "nina", &[window]).await;
    for (zone, night, expected) in NIGHTS {
        // Another server on the same database: the zone is a setting.
        let mut config = on.config.clone();
        config.zone = zone.parse().unwrap();
        let server = Server::start_with(&config, &on.parts, true).await.unwrap();
        let clinic = server.clinic.clone();
        let rosa = Client::new(&server.url()).unwrap();
        rosa.sign_in("rosa", PASSWORD).await.unwrap();
        let query = SlotQuery {
            doctor: Some(nina),
            ..on_day(night)
        };
        let free = rosa.free_slots(&query).await.unwrap();
        let starts: Vec<String> = free
            .slots
            .iter()
            .map(|slot| slot.starts_at.unwrap().format("%H:%M").to_string())
            .collect();
        assert_eq!(starts, *expected, "{zone} {night}");
        // Each of them is booked, for as long as it says, on that date of the clinic.
        for slot in &free.slots {
            let number = person(&clinic, "Somebody").await;
            let form = NewAppointment {
                record_number: Some(number.to_string()),
                doctor: nina,
                starts_at: slot.starts_at,
                ..NewAppointment::default()
            };
            let booked = rosa.book(&form).await.unwrap().value;
            assert_eq!(booked.date, day(night), "{zone}");
            let length = booked.ends_at.unwrap() - booked.starts_at.unwrap();
            assert_eq!(length, chrono::TimeDelta::hours(1));
        }
        assert!(rosa.free_slots(&query).await.unwrap().slots.is_empty());
        let (_, listed): (_, Value) =
            get(&rosa, &format!("/v1/api/desk/appointments/?date={night}")).await;
        assert_eq!(listed["count"], expected.len(), "{zone} {night}");
        // Away all day: every one of them is hit, also in a night of 25 hours.
        let away = NewAbsence {
            doctor: nina,
            first_date: day(night),
            last_date: None,
            starts: None,
            ends: None,
            kind: None,
            note: None,
        };
        let entered = rosa.enter_absence(&away).await.unwrap().value;
        assert_eq!(entered.appointments.len(), expected.len(), "{zone} {night}");
        server.shutdown().await;
    }
}
