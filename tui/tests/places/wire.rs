//! The places over a real connection: what is asked, and what a click hits.

use std::sync::Arc;

use clinic_shared::classic::accounts::Tokens;
use clinic_shared::client::Client;
use clinic_shared::desk::waitlist::WaitingStatus;
use clinic_tui::credentials::MemoryStore;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Options, Start, run};
use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use serde::Serialize;
use serde_json::json;

use super::support::clinic::{
    admin, appointment, board_row, booking, bookings, contact, contact_rows, day, doctor,
    doctor_row, steps, waiting, whole,
};
use super::support::rows;
use super::support::server::{Request, Response, Server, problem};
use super::support::terminal::{Person, terminal};

fn page<T: clinic_shared::WireType + Serialize>(rows: Vec<T>) -> Response {
    Response::Json(200, json!(whole(rows)))
}

fn one(value: impl Serialize) -> Response {
    Response::Tagged(200, json!(value), "\"3\"")
}

fn answer(request: &Request) -> Response {
    let mut verified = doctor_row(3);
    verified.is_verified = true;
    if request.is("GET /v1/api/desk/patients/?") {
        let page = super::support::page(rows(3));
        Response::Json(200, json!(page))
    } else if request.is("GET /v1/api/desk/board/?") {
        let rows = bookings(5).iter().map(board_row).collect();
        Response::Json(200, json!(day("2026-11-23", rows)))
    } else if request.is("GET /v1/api/desk/appointments/1/") {
        one(appointment(&booking(1, "Grace Hopper")))
    } else if request.is("GET /v1/api/desk/doctors/?") {
        page(vec![doctor_row(3)])
    } else if request.is("GET /v1/api/desk/doctors/") {
        one(doctor(&doctor_row(3)))
    } else if request.is("POST /v1/api/desk/doctors/") {
        one(doctor(&verified))
    } else if request.is("GET /v1/api/desk/contacts/?") {
        page(contact_rows(3))
    } else if request.is("GET /v1/api/desk/contacts/1/history/") {
        Response::Json(200, json!(steps()))
    } else if request.is("GET /v1/api/desk/contacts/1/") {
        one(contact(1))
    } else if request.is("GET /v1/api/desk/waitlist/?") {
        page(vec![waiting(1), waiting(2)])
    } else if request.is("POST /v1/api/desk/waitlist/1/withdraw/") {
        let mut gone = waiting(1);
        gone.status = WaitingStatus::Withdrawn;
        one(gone)
    } else {
        problem(404, "not_found", "Not here.")
    }
}

/// Runs the program as an admin against a person, who leaves with Ctrl-C.
async fn with<F: Future<Output = ()>>(server: &Server, act: impl FnOnce(Arc<Person>) -> F) {
    let client = Client::new(&server.address).unwrap();
    client.set_tokens(Some(Tokens {
        access: "access".to_owned(),
        refresh: "refresh".to_owned(),
    }));
    let start = Start {
        server: server.address.clone(),
        user: None,
        who: Some(admin()),
        client: Some(client),
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log: clinic_tui::log::Ring::default(),
        options: Options::default(),
    };
    let (mut screen, input, person) = terminal(80, 24);
    let person = Arc::new(person);
    let script = async {
        act(Arc::clone(&person)).await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(run(&mut screen, input, start), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
}

/// A click on the first place this text stands at.
fn click(person: &Person, text: &str) {
    let screen = person.text();
    let (row, line) = screen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .unwrap();
    let before = line.split(text).next().unwrap();
    person.send_event(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: u16::try_from(before.chars().count()).unwrap(),
        row: u16::try_from(row).unwrap(),
        modifiers: KeyModifiers::NONE,
    }));
}

#[tokio::test]
async fn every_place_asks_what_it_shows() {
    let server = Server::start(answer).await;
    with(&server, |person| async move {
        person.sees("Emmy Noether").await;
        person.press("f2");
        person.sees("Grace Hopper").await;
        // Which row is selected at first depends on the time of day.
        person.press("home enter");
        person.sees("Coughs since Thursday").await;
        person.press("esc f5");
        person.sees("030 55 0001").await;
        person.press("enter");
        person.sees("for her vaccination").await;
        person.press("esc f4");
        person.sees("? waiting").await;
        person.press("enter");
        person.sees("not yet; patients do not see them").await;
        person.press("v");
        person.sees("Verify this doctor").await;
        person.press("y");
        person.sees("Dorothy Hodgkin is verified.").await;
        person.press("esc");
        person.sees("✓ verified").await;
    })
    .await;
    let id = doctor_row(3).id;
    assert!(!server.got("GET /v1/api/desk/board/?date=").is_empty());
    assert_eq!(server.got("GET /v1/api/desk/appointments/1/").len(), 1);
    // The request itself, and what was done about it.
    assert_eq!(server.got("GET /v1/api/desk/contacts/1/").len(), 2);
    assert_eq!(server.got("GET /v1/api/desk/contacts/1/history/").len(), 1);
    let verified = server.got(&format!("POST /v1/api/desk/doctors/{id}/verify/"));
    assert_eq!(verified.len(), 1);
}

#[tokio::test]
async fn the_mouse_goes_places_opens_rows_and_answers() {
    let server = Server::start(answer).await;
    with(&server, |person| async move {
        person.sees("Emmy Noether").await;
        click(&person, "Doctors");
        person.sees("Dorothy Hodgkin").await;
        // The row that is selected already is opened.
        click(&person, "Dorothy Hodgkin");
        person.sees("hodgkin@clinic.example").await;
        click(&person, "v Verify");
        person.sees("Keep waiting").await;
        click(&person, "Keep waiting");
        person.sees_no_more("Keep waiting").await;
        click(&person, "Today");
        person.sees("Grace Hopper").await;
        click(&person, "· all");
        person.sees("only pending").await;
    })
    .await;
    assert!(server.got("POST /v1/api/desk/doctors/").is_empty());
}

#[tokio::test]
async fn the_waiting_list_is_read_and_somebody_taken_off_it() {
    let server = Server::start(answer).await;
    with(&server, |person| async move {
        person.press("g w");
        person.sees("Waiting list · only waiting").await;
        person.sees("Bo Lind").await;
        person.press("x t");
        person.sees("Bo Lind waits no longer.").await;
    })
    .await;
    assert_eq!(
        server.got("POST /v1/api/desk/waitlist/1/withdraw/").len(),
        1
    );
    assert!(
        !server
            .got("GET /v1/api/desk/waitlist/?status=waiting")
            .is_empty()
    );
}
