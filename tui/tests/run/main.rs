//! The whole loop: a real client, a real (but misbehaving) server, a terminal that can be looked
//! at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod board;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clinic_shared::classic::accounts::Tokens;
use clinic_shared::client::Client;
use clinic_tui::credentials::{CredentialError, CredentialStore, Kept, MemoryStore};
use clinic_tui::run::{ExitReason, Input, Start, run};
use crossterm::event::{Event as TerminalEvent, MouseButton, MouseEvent, MouseEventKind};
use serde_json::{Value, json};
use support::server::{Request, Response, Server, problem};
use support::sitting;
use support::terminal::{Person, terminal};

fn me() -> Value {
    json!({"id": uuid(1), "username": "eva", "email": "eva@clinic.example", "first_name": "Eva",
        "last_name": "Empfang", "role": "receptionist", "is_verified": true,
        "created_at": "2026-01-01T08:00:00Z", "updated_at": "2026-01-01T08:00:00Z"})
}

fn uuid(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

fn row(number: u32, name: &str) -> Value {
    json!({"id": uuid(number), "record_number": format!("P-{number:06}"), "full_name": name,
        "birth_date": "1990-12-31", "gender": "female", "phone": "030 1", "has_account": false})
}

fn page(rows: &[Value]) -> Response {
    let count = rows.len();
    Response::Json(
        200,
        json!({"count": count, "count_capped": false, "next": null, "previous": null,
            "corrections": [], "results": rows}),
    )
}

fn patient(number: u32, name: &str, phone: &str, version: i64) -> Value {
    json!({"id": uuid(number), "number": number, "record_number": format!("P-{number:06}"),
        "full_name": name, "birth_date": "1990-12-31", "age": 35, "gender": "female",
        "phone": phone, "email": null, "address": null, "blood_group": null, "note": null,
        "photo": null, "username": null, "version": version,
        "created_at": "2026-01-01T08:00:00Z", "updated_at": "2026-01-01T08:00:00Z"})
}

fn everybody() -> Response {
    page(
        &(1..=60)
            .map(|number| row(number, "Grace Hopper"))
            .collect::<Vec<_>>(),
    )
}

/// The list for `GET …/patients/`, one record for `GET …/patients/{id}/`.
fn usual(request: &Request) -> Response {
    if request.is("GET /v1/api/user/me/") {
        Response::Json(200, me())
    } else if request.is("GET /v1/api/desk/patients/?") {
        everybody()
    } else if request.is("GET /v1/api/desk/patients/") {
        Response::Tagged(200, patient(1, "Grace Hopper", "030 1", 1), "\"1\"")
    } else if request.is("POST /v1/api/desk/patients/duplicates/") {
        Response::Json(200, json!([]))
    } else {
        problem(404, "not_found", "Not here.")
    }
}

fn start(address: &str, credentials: Arc<dyn CredentialStore>) -> Start {
    Start {
        credentials,
        ..sitting::nobody(address)
    }
}

fn signed_in(address: &str) -> Start {
    let client = Client::new(address).unwrap();
    client.set_tokens(Some(Tokens {
        access: "old".to_owned(),
        refresh: "r".to_owned(),
    }));
    Start {
        client: Some(client),
        who: Some(serde_json::from_value(me()).unwrap()),
        ..start(address, Arc::new(MemoryStore::default()))
    }
}

/// Runs the program against a person, who leaves with Ctrl-C.
async fn with<F: Future<Output = ()>>(start: Start, act: impl FnOnce(Arc<Person>) -> F) {
    let is_in = start.who.is_some();
    let at_the_patients = |person: Arc<Person>| {
        if is_in {
            person.press("f3");
        }
        act(person)
    };
    sitting::with(start, (80, 24), at_the_patients).await;
}

#[tokio::test]
async fn typing_never_waits_for_a_slow_server() {
    let server = Server::start(|request| Response::After(700, Box::new(usual(request)))).await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Eva Empfang").await;
        person.type_text("hopper");
        let echoed = person.sees("Find  hopper").await;
        assert!(
            echoed < Duration::from_millis(200),
            "the keys took {echoed:?} to be seen"
        );
        person.sees("searching").await;
        person.sees("Grace Hopper").await;
    })
    .await;
}

#[tokio::test]
async fn the_answer_to_an_older_search_never_lands() {
    let server = Server::start(|request| {
        if request.line.contains("search=a&") {
            return Response::After(400, Box::new(page(&[row(8, "Late Answer")])));
        }
        if request.line.contains("search=ab") {
            return page(&[row(9, "Abby Right")]);
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace").await;
        person.type_text("a");
        tokio::time::sleep(Duration::from_millis(120)).await;
        person.type_text("b");
        person.sees("Abby Right").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(person.text().contains("Abby Right") && !person.text().contains("Late Answer"));
    })
    .await;
    assert_eq!(server.got("GET /v1/api/desk/patients/?search=a&").len(), 1);
}

#[tokio::test]
async fn a_late_record_does_not_land_in_another_one() {
    let server = Server::start(|request| {
        if request.is(&format!("GET /v1/api/desk/patients/{}/", uuid(1))) {
            let first = Response::Tagged(200, patient(1, "First Person", "0111", 1), "\"1\"");
            return Response::After(300, Box::new(first));
        }
        if request.is(&format!("GET /v1/api/desk/patients/{}/", uuid(2))) {
            return Response::Tagged(200, patient(2, "Second Person", "0222", 1), "\"1\"");
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("P-000002").await;
        person.press("enter");
        person.sees("P-000001").await;
        person.press("]");
        person.sees("0222").await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(person.text().contains("Second Person") && !person.text().contains("0111"));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_can_be_refreshed_is_not_noticed() {
    let server = Server::start(|request| {
        if request.is("POST /api/user/token/refresh/") {
            return Response::Json(200, json!({"access": "new"}));
        }
        if !request.head.contains("authorization: bearer new") {
            return problem(401, "token_not_valid", "Token is expired.");
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        assert!(!person.text().contains("Password"));
    })
    .await;
    assert_eq!(server.got("POST /api/user/token/refresh/").len(), 1);
}

#[tokio::test]
async fn a_session_that_ended_asks_for_the_password_and_goes_on() {
    let ended = Arc::new(AtomicBool::new(false));
    let is_ended = Arc::clone(&ended);
    let server = Server::start(move |request| {
        if request.is("POST /api/user/login/") {
            if request.body["password"] != "correct horse" {
                return problem(401, "no_active_account", "No active account.");
            }
            return Response::Json(200, json!({"access": "fresh", "refresh": "r2"}));
        }
        let is_fresh = request.head.contains("authorization: bearer fresh");
        if is_ended.load(Ordering::SeqCst) && !is_fresh {
            return problem(401, "token_not_valid", "Token is expired.");
        }
        if request.is("PATCH") {
            return Response::Tagged(200, patient(1, "Grace Hopper!", "030 1", 2), "\"2\"");
        }
        usual(request)
    })
    .await;
    let store = Arc::new(MemoryStore::default());
    let mut start = signed_in(&server.address);
    start.credentials = Arc::clone(&store) as Arc<dyn CredentialStore>;
    with(start, |person| async move {
        person.sees("P-000001").await;
        person.press("enter");
        person.sees("31 Dec 1990 (").await;
        person.press("e");
        person.sees("Full name").await;
        person.type_text("!");
        ended.store(true, Ordering::SeqCst);
        person.press("ctrl-s");
        person.sees("Your session has ended").await;
        person.type_text("wrong");
        person.press("enter");
        person.sees("User or password is wrong").await;
        person.type_text("correct horse");
        person.press("enter");
        person.sees("This machine has no keyring").await;
        assert!(person.text().contains("Grace Hopper!"), "{}", person.text());
        person.press("ctrl-s");
        person.sees("Saved P-000001").await;
    })
    .await;
    let kept = store.load(&server.address, "eva").unwrap();
    assert_eq!(
        kept.as_deref(),
        Some("r2"),
        "the new session is the one that is kept"
    );
}

#[tokio::test]
async fn a_change_that_came_too_late_is_merged_and_saved() {
    let record = format!("GET /v1/api/desk/patients/{}/", uuid(1));
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        // The second look at the record finds another phone number.
        if request.is(&record) && asked.fetch_add(1, Ordering::SeqCst) > 0 {
            return Response::Tagged(200, patient(1, "Grace Hopper", "0999", 2), "\"2\"");
        }
        if request.is("PATCH") && request.head.contains("if-match: \"1\"") {
            return problem(412, "stale", "Somebody else changed this record.");
        }
        if request.is("PATCH") {
            return Response::Tagged(200, patient(1, "Grace Hopper!", "0999", 3), "\"3\"");
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("P-000001").await;
        person.press("enter");
        person.sees("31 Dec 1990 (").await;
        person.press("e");
        person.sees("Full name").await;
        person.type_text("!");
        person.press("ctrl-s");
        person.sees("Changed by somebody else meanwhile").await;
        person.sees("0999").await;
        person.press("ctrl-s");
        person.sees("Saved P-000001").await;
    })
    .await;
    let sent = server.got("PATCH");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].body, json!({"full_name": "Grace Hopper!"}));
    assert!(sent[1].head.contains("if-match: \"2\""));
}

#[tokio::test]
async fn the_servers_complaints_stand_at_their_fields() {
    let server = Server::start(|request| {
        if request.is("POST /v1/api/desk/patients/ ") || request.line.ends_with("/desk/patients/") {
            return Response::Json(
                400,
                json!({"type": "about:blank", "title": "Bad Request", "status": 400,
                    "detail": "One field is faulty.", "code": "invalid",
                    "errors": {"phone": ["Too \u{1b}[2Jlong."]}}),
            );
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        person.press("esc n");
        person.type_text("Ada");
        person.press("ctrl-s");
        person.sees("Too [2Jlong.").await;
        assert!(person.text().contains("Ada"));
    })
    .await;
}

#[tokio::test]
async fn a_server_error_is_said_and_nothing_is_lost() {
    let server = Server::start(|request| {
        if request.line.contains("search=") {
            return problem(500, "internal", "Something broke here.");
        }
        usual(request)
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        person.type_text("x");
        person.sees("Something broke here.").await;
        person.press("backspace");
        person.sees("Grace Hopper").await;
    })
    .await;
}

#[tokio::test]
async fn a_cut_connection_shows_the_banner_and_heals_by_itself() {
    let away = Arc::new(AtomicBool::new(false));
    let is_away = Arc::clone(&away);
    let server = Server::start(move |request| {
        if is_away.load(Ordering::SeqCst) {
            Response::Cut
        } else {
            usual(request)
        }
    })
    .await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        away.store(true, Ordering::SeqCst);
        person.type_text("x");
        person.sees("Server away since").await;
        assert!(person.text().contains("Grace Hopper"), "the rows stay");
        away.store(false, Ordering::SeqCst);
        person.sees("The server answers again").await;
        person.sees_no_more("Server away").await;
        person.sees("Grace Hopper").await;
    })
    .await;
}

/// A keyring that takes its time.
struct Slow;

impl CredentialStore for Slow {
    fn load(&self, _: &str, _: &str) -> Result<Option<String>, CredentialError> {
        std::thread::park_timeout(Duration::from_millis(600));
        Ok(Some("kept".to_owned()))
    }
    fn save(&self, _: &str, _: &str, _: &str) -> Result<Kept, CredentialError> {
        Ok(Kept::Keyring)
    }
    fn forget(&self, _: &str, _: &str) -> Result<(), CredentialError> {
        Ok(())
    }
    fn place(&self) -> String {
        "in a slow place".to_owned()
    }
}

#[tokio::test]
async fn the_first_frame_waits_for_nobody() {
    let server = Server::start(usual).await;
    let begun = Instant::now();
    let user = Some("eva".to_owned());
    let start = Start {
        user,
        ..start(&server.address, Arc::new(Slow))
    };
    with(start, |person| async move {
        person.sees("Signing in as eva").await;
        let first = begun.elapsed();
        assert!(
            first < Duration::from_millis(150),
            "the first frame took {first:?}"
        );
        println!("first frame after {first:?}");
        person.press("f3");
        person.type_text("hop");
        person.sees("Find  hop").await;
        person.sees("Grace Hopper").await;
    })
    .await;
    assert_eq!(server.got("GET /v1/api/desk/patients/?search=hop").len(), 1);
}

#[tokio::test]
async fn a_burst_of_keys_is_few_frames_and_each_frame_is_whole() {
    let server = Server::start(usual).await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        person.press("esc");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let before = person.frames();
        for _ in 0..200 {
            person.press("j");
        }
        person.sees("P-000060").await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        let frames = person.frames() - before;
        assert!(frames <= 6, "{frames} frames for 200 keys");
        let raw = String::from_utf8(person.raw()).unwrap();
        assert_eq!(
            raw.matches("\u{1b}[?2026h").count(),
            raw.matches("\u{1b}[?2026l").count()
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_costs_few_bytes_and_an_idle_screen_none() {
    let server = Server::start(usual).await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        println!("first screens: {} bytes", person.bytes());
        person.press("esc");
        tokio::time::sleep(Duration::from_millis(60)).await;
        let mut spent = Vec::new();
        for key in [
            "j",
            "j",
            "k",
            "down",
            "pgdn",
            "G",
            "g g",
            "/",
            "x",
            "backspace",
        ] {
            let before = person.bytes();
            person.press(key);
            tokio::time::sleep(Duration::from_millis(80)).await;
            spent.push((key, person.bytes() - before));
        }
        println!("bytes per key: {spent:?}");
        let moves = spent
            .iter()
            .filter(|(key, _)| ["j", "k", "down"].contains(key));
        for (key, bytes) in moves {
            assert!(*bytes <= 400, "{key} costs {bytes} bytes");
        }
        let before = person.bytes();
        tokio::time::sleep(Duration::from_millis(400)).await;
        // The minute may turn meanwhile; nothing else may happen.
        assert!(
            person.bytes() - before <= 80,
            "an idle screen cost {} bytes",
            person.bytes() - before
        );
    })
    .await;
}

#[tokio::test]
async fn the_mouse_selects_opens_and_presses() {
    let server = Server::start(usual).await;
    with(signed_in(&server.address), |person| async move {
        let click = |column: u16, row: u16| {
            person.send_event(TerminalEvent::Mouse(MouseEvent {
                kind: MouseEventKind::Down(MouseButton::Left),
                column,
                row,
                modifiers: crossterm::event::KeyModifiers::NONE,
            }));
        };
        person.sees("P-000004").await;
        click(20, 7);
        person.sees("▸ P-000004").await;
        click(20, 7);
        person.sees("e Edit").await;
        // The footer's first hint is a button.
        person.sees("31 Dec 1990 (").await;
        click(2, 23);
        person.sees("Full name").await;
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_input_and_a_signal_end_the_program() {
    let server = Server::start(usual).await;
    let (mut screen, input, person) = terminal(80, 24);
    drop(person);
    let ended = run(&mut screen, input, signed_in(&server.address)).await;
    assert_eq!(ended.unwrap(), ExitReason::HungUp);
    let (mut screen, input, person) = terminal(80, 24);
    person.send_input(Input::Stop(ExitReason::Terminated));
    let ended = run(&mut screen, input, signed_in(&server.address)).await;
    assert_eq!(ended.unwrap(), ExitReason::Terminated);
}

#[tokio::test]
async fn a_lost_screen_is_drawn_again_whole() {
    let server = Server::start(usual).await;
    with(signed_in(&server.address), |person| async move {
        person.sees("Grace Hopper").await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        let before = person.bytes();
        person.send_input(Input::Redraw);
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(
            person.bytes() - before > 800,
            "only {} bytes",
            person.bytes() - before
        );
        assert!(person.text().contains("Grace Hopper"));
    })
    .await;
}
