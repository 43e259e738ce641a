//! The board before a server that is slow, refuses, breaks, cuts off, or answers too late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use clinic_shared::desk::appointments::Status;
use clinic_tui::clock::Clock;
use clinic_tui::run::{ExitReason, run_at};
use serde_json::json;

use super::support::clinic::{appointment, board_row, booking, busy, day};
use super::support::morning;
use super::support::server::{Request, Response, Server, problem};
use super::support::terminal::{Person, terminal};
use super::{signed_in, usual};

const CHECK_IN: &str = "POST /v1/api/desk/appointments/1/check-in/";
const BOARD: &str = "GET /v1/api/desk/board/";

/// A morning in full swing on the day that is asked for; ids 1 and 9 are confirmed. Whoever is
/// checked in gets ticket 20.
fn clinic(request: &Request) -> Response {
    if request.is(BOARD) {
        let date = request.line.split("date=").nth(1).unwrap();
        let board = day(&date[..10], busy(12));
        return Response::Json(200, serde_json::to_value(board).unwrap());
    }
    if request.is(CHECK_IN) {
        let mut whole = appointment(&booking(1, "Grace Hopper"));
        whole.status = Status::CheckedIn;
        (whole.ticket, whole.version) = (Some(20), 4);
        return Response::Tagged(200, serde_json::to_value(whole).unwrap(), "\"4\"");
    }
    usual(request)
}

/// Runs the program on the morning of all tests, from half past eight on, at the board's first row;
/// the person leaves at the end.
async fn at_board<F: Future<Output = ()>>(server: &Server, act: impl FnOnce(Arc<Person>) -> F) {
    let (mut screen, input, person) = terminal(80, 24);
    let person = Arc::new(person);
    let begun = Instant::now();
    let clock = Clock::new(move || morning() + TimeDelta::from_std(begun.elapsed()).unwrap());
    let script = async {
        person.sees("born").await;
        person.press("home");
        person.sees("Grace Hopper · born 8 Mar 1951").await;
        act(Arc::clone(&person)).await;
        person.press("ctrl-c ctrl-c");
    };
    let start = signed_in(&server.address);
    let (ended, ()) = tokio::join!(
        Box::pin(run_at(&mut screen, input, start, clock)),
        Box::pin(script)
    );
    assert_eq!(ended.unwrap(), ExitReason::Quit);
}

#[tokio::test]
async fn a_slow_step_is_said_and_holds_nobody_up() {
    let server = Server::start(|request| {
        let answer = clinic(request);
        match request.is(CHECK_IN) {
            true => Response::After(800, Box::new(answer)),
            false => answer,
        }
    })
    .await;
    at_board(&server, |person| async move {
        person.press("c j");
        person.sees("▸ 08:30").await;
        person.sees("saving…").await;
        person.sees("Grace Hopper is checked in, ticket 20.").await;
        assert!(person.text().contains("▸ 08:30"), "{}", person.text());
    })
    .await;
    assert_eq!(server.got(CHECK_IN).len(), 1);
}

#[tokio::test]
async fn a_session_that_ended_at_a_step_is_begun_anew_and_nothing_is_done_unasked() {
    let server = Server::start(|request| {
        if request.is("POST /api/user/login/") {
            return Response::Json(200, json!({"access": "fresh", "refresh": "r2"}));
        }
        let is_fresh = request.head.contains("authorization: bearer fresh");
        // What is read by the old session still is.
        if !is_fresh && !request.is("GET") {
            return problem(401, "token_not_valid", "Token is expired.");
        }
        clinic(request)
    })
    .await;
    at_board(&server, |person| async move {
        person.press("c");
        person.sees("Your session has ended").await;
        person.type_text("correct horse");
        person.press("enter");
        person.sees_no_more("Your session has ended").await;
        person.sees("Grace Hopper · born").await;
        person.press("c");
        person.sees("Grace Hopper is checked in, ticket 20.").await;
    })
    .await;
    let asked = server.got(CHECK_IN);
    let fresh = asked
        .iter()
        .filter(|request| request.head.contains("bearer fresh"));
    assert_eq!(fresh.count(), 1, "once, and by the second key");
}

#[tokio::test]
async fn who_was_faster_is_said_and_the_board_comes_again() {
    let server = Server::start(|request| match request.is(CHECK_IN) {
        true => problem(
            409,
            "moved_on",
            "Ann Winter moved this to running 12 s ago.",
        ),
        false => clinic(request),
    })
    .await;
    let server = &server;
    at_board(server, |person| async move {
        person.press("c");
        person.sees("Ann Winter moved this to running").await;
        person.press("j");
        person.sees("▸ 08:30").await;
        // It is read together with what else happens in that moment.
        for _ in 0..100 {
            if server.got(BOARD).len() >= 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!(server.got(CHECK_IN).len(), 1);
    assert!(server.got(BOARD).len() >= 2);
}

#[tokio::test]
async fn a_broken_server_is_said_and_the_next_key_works() {
    let breaks = Arc::new(AtomicUsize::new(0));
    let server = Server::start(move |request| {
        if request.is(CHECK_IN) && breaks.fetch_add(1, Ordering::SeqCst) == 0 {
            return problem(500, "internal", "Something broke here.");
        }
        clinic(request)
    })
    .await;
    at_board(&server, |person| async move {
        person.press("c");
        person.sees("Something broke here.").await;
        person.press("c");
        person.sees("Grace Hopper is checked in, ticket 20.").await;
    })
    .await;
    assert_eq!(server.got(CHECK_IN).len(), 2);
}

#[tokio::test]
async fn a_step_that_was_cut_off_is_asked_again_until_it_is_known() {
    let away = Arc::new(AtomicBool::new(true));
    let is_away = Arc::clone(&away);
    let server = Server::start(move |request| {
        match request.is(CHECK_IN) && is_away.load(Ordering::SeqCst) {
            true => Response::Cut,
            false => clinic(request),
        }
    })
    .await;
    at_board(&server, |person| async move {
        person.press("c");
        person
            .sees("Not known whether it was done (check in)")
            .await;
        person.sees("Grace Hopper").await;
        away.store(false, Ordering::SeqCst);
        person.sees("Grace Hopper is checked in, ticket 20.").await;
    })
    .await;
    let keys = server.got(CHECK_IN);
    assert!(keys.len() >= 2, "asked again: {keys:?}");
}

#[tokio::test]
async fn the_late_answer_for_another_day_never_lands() {
    let server = Server::start(|request| {
        if !request.line.contains("date=2026-11-24") {
            return clinic(request);
        }
        let late = vec![board_row(&booking(1, "Late Answer"))];
        let board = serde_json::to_value(day("2026-11-24", late)).unwrap();
        Response::After(500, Box::new(Response::Json(200, board)))
    })
    .await;
    at_board(&server, |person| async move {
        person.press("]");
        person.sees("Tomorrow").await;
        // Asked for, before it is not wanted any more.
        tokio::time::sleep(Duration::from_millis(150)).await;
        person.press("]");
        person.sees("Wed 25 Nov 2026").await;
        person.sees("Emmy Noether").await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        let screen = person.text();
        assert!(screen.contains("Wed 25 Nov 2026"), "{screen}");
        assert!(
            screen.contains("Emmy Noether") && !screen.contains("Late"),
            "{screen}"
        );
    })
    .await;
    assert_eq!(
        server.got("GET /v1/api/desk/board/?date=2026-11-25").len(),
        1
    );
}
