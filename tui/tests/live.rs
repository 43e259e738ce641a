//! Being live in the whole loop: at the real server in this process, and at one that misbehaves.
#![cfg(feature = "demo")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support {
    #![allow(dead_code, reason = "each test program uses its part")]
    pub(crate) mod server;
    pub(crate) mod sitting;
    pub(crate) mod terminal;
}

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clinic_server::config::Config;
use clinic_server::demo::DemoServer;
use clinic_shared::classic::accounts::Tokens;
use clinic_shared::client::{BoardQuery, Client};
use clinic_shared::desk::appointments::{Return, Status};
use clinic_shared::desk::queue::BoardRow;
use clinic_tui::run::Start;
use serde_json::{Value, json};
use support::server::{Request, Response, Server, problem};
use support::sitting::{self, start};
use support::terminal::Person;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Runs the program against a person, who leaves with Ctrl-C.
async fn with<F: Future<Output = ()>>(start: Start, act: impl FnOnce(Arc<Person>) -> F) {
    sitting::with(start, (120, 60), act).await;
}

async fn signed_in(demo: &DemoServer) -> Client {
    let client = Client::new(&demo.url()).unwrap();
    client.sign_in(demo.username, demo.password).await.unwrap();
    client
}

/// Today's appointments that can be checked in, once the person has the board before them.
async fn to_come(client: &Client, person: &Person) -> Vec<BoardRow> {
    let board = client.board(&BoardQuery::default()).await.unwrap();
    person
        .sees(&format!(" of {}", board.appointments.len()))
        .await;
    let rows = board.appointments.into_iter();
    rows.filter(|row| row.status == Status::Confirmed && row.starts_at.is_some())
        .collect()
}

async fn check_in(client: &Client, row: &BoardRow) -> i64 {
    let back = Return {
        version: Some(row.version),
        overbook: None,
    };
    let done = client.check_in(row.id, &back, None).await.unwrap();
    done.value.ticket.unwrap()
}

/// The row that has this name in it; the line above the rows may have it, too.
fn line_of(person: &Person, name: &str) -> String {
    let screen = person.text();
    let line = screen.lines().rev().find(|line| line.contains(name));
    line.unwrap_or_default().to_owned()
}

async fn sees_in_line(person: &Person, name: &str, text: &str) -> Duration {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(15) {
        if line_of(person, name).contains(text) {
            return begun.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no {text:?} beside {name:?}:\n{}", person.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_one_does_is_seen_without_a_key() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let (client, other) = (signed_in(&demo).await, signed_in(&demo).await);
    let who = client.me().await.unwrap();
    with(start(&client, who), |person| async move {
        person.sees("● live").await;
        let rows = to_come(&other, &person).await;
        let row = rows.last().unwrap();
        person.press("end");
        person.sees(&row.patient.full_name).await;
        check_in(&other, row).await;
        let took = sees_in_line(&person, &row.patient.full_name, "checked in").await;
        println!("seen after {took:?}");
        assert!(took < Duration::from_secs(5));
    })
    .await;
    demo.shutdown().await;
}

/// The way to a server: it can be cut, and lead to another one afterwards.
struct Way {
    address: String,
    to: Arc<Mutex<String>>,
    is_cut: Arc<AtomicBool>,
    /// The next thing that the server says is lost, and the way is cut then.
    loses_answer: Arc<AtomicBool>,
}

async fn way(to: &str) -> Way {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let to = Arc::new(Mutex::new(to.to_owned()));
    let is_cut = Arc::new(AtomicBool::new(false));
    let way = Way {
        address,
        to: Arc::clone(&to),
        is_cut: Arc::clone(&is_cut),
        loses_answer: Arc::default(),
    };
    let loses = Arc::clone(&way.loses_answer);
    tokio::spawn(async move {
        while let Ok((here, _)) = listener.accept().await {
            let to = to.lock().unwrap().trim_start_matches("http://").to_owned();
            let (away, loses) = (Arc::clone(&is_cut), Arc::clone(&loses));
            tokio::spawn(async move {
                if away.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(there) = TcpStream::connect(to).await else {
                    return;
                };
                let (mut from_here, mut to_here) = here.into_split();
                let (mut from_there, mut to_there) = there.into_split();
                let answers = async {
                    let mut buffer = [0u8; 8192];
                    while let Ok(read @ 1..) = from_there.read(&mut buffer).await {
                        if loses.swap(false, Ordering::SeqCst) {
                            away.store(true, Ordering::SeqCst);
                        }
                        if away.load(Ordering::SeqCst)
                            || to_here.write_all(&buffer[..read]).await.is_err()
                        {
                            return;
                        }
                    }
                };
                let cut = async {
                    while !away.load(Ordering::SeqCst) {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                };
                tokio::select! {
                    _ = tokio::io::copy(&mut from_here, &mut to_there) => {}
                    () = answers => {}
                    () = cut => {}
                }
            });
        }
    });
    way
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_happened_during_an_outage_is_missed() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let way = way(&demo.url()).await;
    let other = signed_in(&demo).await;
    let (user, password) = (demo.username, demo.password);
    let client = Client::new(&way.address).unwrap();
    client.sign_in(user, password).await.unwrap();
    let who = client.me().await.unwrap();
    let config = Config::embedded(directory.path()).unwrap();
    Box::pin(with(start(&client, who), |person| async move {
        person.sees("● live").await;
        let rows = to_come(&other, &person).await;
        let row = rows.last().unwrap();
        person.press("end");
        person.sees(&row.patient.full_name).await;
        demo.shutdown().await;
        person.sees("stale since").await;
        // The next server is there for somebody else first.
        way.is_cut.store(true, Ordering::SeqCst);
        let again = Box::pin(clinic_server::Server::start(&config))
            .await
            .unwrap();
        let other = Client::new(&again.url()).unwrap();
        other.sign_in(user, password).await.unwrap();
        check_in(&other, row).await;
        assert!(!line_of(&person, &row.patient.full_name).contains("checked in"));
        *way.to.lock().unwrap() = again.url();
        way.is_cut.store(false, Ordering::SeqCst);
        person.sees("● live").await;
        sees_in_line(&person, &row.patient.full_name, "checked in").await;
        way.is_cut.store(true, Ordering::SeqCst);
        again.shutdown().await;
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_in_whose_answer_was_lost_is_done_once() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let way = way(&demo.url()).await;
    let other = signed_in(&demo).await;
    let client = Client::new(&way.address).unwrap();
    client.sign_in(demo.username, demo.password).await.unwrap();
    let who = client.me().await.unwrap();
    let version = |row: BoardRow| row.version;
    with(start(&client, who), |person| async move {
        person.sees("● live").await;
        let rows = to_come(&other, &person).await;
        let row = rows.last().unwrap();
        let all = other.board(&BoardQuery::default()).await.unwrap();
        let at = all.appointments.iter().position(|one| one.id == row.id);
        person.press("home");
        for _ in 0..at.unwrap() {
            person.press("j");
        }
        person
            .sees(&format!("▸ {}", row.starts.as_deref().unwrap()))
            .await;
        // It is done, and nobody hears of it.
        way.loses_answer.store(true, Ordering::SeqCst);
        person.press("c");
        person.sees("Not known whether it was done").await;
        way.is_cut.store(false, Ordering::SeqCst);
        person.sees("is checked in, ticket").await;
        let all = other.board(&BoardQuery::default()).await.unwrap();
        let now = all.appointments.into_iter().find(|one| one.id == row.id);
        assert_eq!(now.map(version), Some(row.version + 1), "done once");
    })
    .await;
    demo.shutdown().await;
}

fn me() -> Value {
    json!({"id": uuid(1), "username": "eva", "email": "eva@clinic.example", "first_name": "Eva",
        "last_name": "Empfang", "role": "receptionist", "is_verified": true,
        "created_at": "2026-01-01T08:00:00Z", "updated_at": "2026-01-01T08:00:00Z"})
}

fn uuid(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

fn at(address: &str) -> Start {
    let client = Client::new(address).unwrap();
    client.set_tokens(Some(Tokens {
        access: "old".to_owned(),
        refresh: "r".to_owned(),
    }));
    start(&client, serde_json::from_value(me()).unwrap())
}

fn contacts(name: &str) -> Response {
    Response::Json(
        200,
        json!({"count": 1, "next": null, "previous": null, "results": [
            {"id": 1, "name": name, "phone": "030 1", "email": null, "subject": null,
             "message": "Hello", "status": "new", "assignee": null, "patient": null,
             "appointment": null, "version": 1, "created_at": "2026-01-01T08:00:00Z",
             "updated_at": "2026-01-01T08:00:00Z"}]}),
    )
}

/// Everything but the stream.
fn usual(request: &Request, name: &str) -> Response {
    if request.is("GET /v1/api/user/me/") {
        Response::Json(200, me())
    } else if request.is("GET /v1/api/desk/contacts/") {
        contacts(name)
    } else {
        problem(404, "not_found", "Not here.")
    }
}

fn piece(name: &str, id: i64, data: &str) -> String {
    format!("event: {name}\nid: {id}\ndata: {data}\n\n")
}

fn ready(id: i64) -> String {
    piece("ready", id, "{}")
}

fn contact(id: i64) -> String {
    let data = r#"{"kind":"contact","object":1,"doctor":null,"patient":null}"#;
    piece("contact", id, data)
}

/// So long nothing more is said.
fn silence() -> (u64, String) {
    (60_000, String::new())
}

#[tokio::test]
async fn a_stream_that_drops_is_taken_up_where_it_broke() {
    let server = Server::start(|request| {
        if request.is("GET /v1/api/events/") {
            return match request.head.contains("last-event-id: 8") {
                false => {
                    Response::Stream(vec![(0, ready(7)), (100, contact(8)), (200, String::new())])
                }
                true => Response::Stream(vec![(0, ready(8)), silence()]),
            };
        }
        usual(request, "Nora Neu")
    })
    .await;
    with(at(&server.address), |person| async move {
        person.press("f5");
        person.sees("Nora Neu").await;
        person.sees("stale since").await;
        person.sees("● live").await;
    })
    .await;
    assert_eq!(server.got("GET /v1/api/events/").len(), 2);
}

#[tokio::test]
async fn a_stream_is_refused_breaks_late_and_is_rubbish_and_work_goes_on() {
    for (answer, said) in [
        (problem(403, "forbidden", "Not for you."), "not live"),
        (problem(409, "conflict", "Not now."), "not live"),
        (problem(500, "error", "Something broke here."), "not live"),
        (Response::Cut, "not live"),
        (
            Response::Stream(vec![(0, "event: contact\nid: x\ndata: {}\n\n".to_owned())]),
            "not live",
        ),
        (
            Response::After(60_000, Box::new(Response::Cut)),
            "catching up",
        ),
    ] {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let server = Server::start(move |request| {
            if request.is("GET /v1/api/events/") {
                return answer.clone();
            }
            if request.is("GET /v1/api/desk/contacts/") {
                let n = count.fetch_add(1, Ordering::SeqCst);
                return contacts(&format!("Caller {n}"));
            }
            usual(request, "")
        })
        .await;
        with(at(&server.address), |person| async move {
            person.press("f5");
            person.sees("Caller 0").await;
            person.sees(said).await;
            // By hand, and on coming back.
            person.press("ctrl-r");
            person.sees("Caller 1").await;
            person.press("f3 f5");
            person.sees("Caller 2").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_stream_whose_token_ran_out_is_opened_with_another() {
    let server = Server::start(|request| {
        if request.is("POST /api/user/token/refresh/") {
            return Response::Json(200, json!({"access": "new"}));
        }
        let is_new = request.head.contains("authorization: bearer new");
        if request.is("GET /v1/api/events/") {
            let end = "event: end\ndata: {\"reason\":\"token_expired\"}\n\n".to_owned();
            return match is_new {
                true => Response::Stream(vec![(0, ready(7)), silence()]),
                false if request.head.contains("last-event-id") => {
                    problem(401, "token_not_valid", "Token is expired.")
                }
                false => Response::Stream(vec![(0, ready(7)), (1_200, end)]),
            };
        }
        usual(request, "Nora Neu")
    })
    .await;
    with(at(&server.address), |person| async move {
        person.sees("● live").await;
        tokio::time::sleep(Duration::from_millis(1_800)).await;
        person.sees("● live").await;
        assert!(!person.text().contains("Password"));
    })
    .await;
    assert_eq!(server.got("POST /api/user/token/refresh/").len(), 1);
    assert_eq!(server.got("GET /v1/api/events/").len(), 3);
}

#[tokio::test]
async fn a_late_reading_is_followed_by_another_and_nothing_polls() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Server::start(move |request| {
        if request.is("GET /v1/api/events/") {
            let burst: String = (8..40).map(contact).collect();
            let said = [(0, ready(7)), (500, burst)].into_iter();
            // That the stream lives is read, and shown to nobody.
            let lives = std::iter::repeat_n((100, ": alive\n\n".to_owned()), 60);
            return Response::Stream(said.chain(lives).chain([silence()]).collect());
        }
        if request.is("GET /v1/api/desk/contacts/") {
            let n = count.fetch_add(1, Ordering::SeqCst);
            return Response::After(300, Box::new(contacts(&format!("Caller {n}"))));
        }
        usual(request, "")
    })
    .await;
    with(at(&server.address), |person| async move {
        person.press("f5");
        person.sees("● live").await;
        // When one comes there; once the stream stands; for the burst.
        person.sees("Caller 2").await;
        tokio::time::sleep(Duration::from_millis(1_000)).await;
        let frames = person.frames();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        // The minute may turn, and a mark goes.
        assert!(person.frames() - frames <= 2, "an idle screen was drawn");
    })
    .await;
    let readings = asked.load(Ordering::SeqCst);
    assert!((3..=4).contains(&readings), "{readings} readings");
}
