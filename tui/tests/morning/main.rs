//! A receptionist's morning over a real server: once in this process, with her keys counted and the
//! pictures of the guide made, and once with `clinic` itself in a pseudo-terminal on each engine.
//! Whatever the screen says is asked of the server, too.
#![cfg(all(unix, feature = "demo"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod hours;
mod house;
mod meanwhile;
mod pictures;
mod receptionist;
mod seat;
mod support;
mod svg;
mod tasks;

use std::sync::Arc;

use clinic_server::infra::Clock;
use clinic_tui::credentials::MemoryStore;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Options, Start, run_at};
use house::House;
use pictures::Pictures;
use receptionist::Receptionist;
use seat::Seat;
use support::db::TestDb;
use support::pty::Terminal;
use support::terminal::terminal;

/// Her morning, from the sign-in to the last key.
async fn morning(desk: &Receptionist) {
    tasks::sign_in(desk).await;
    tasks::check_in_three(desk).await;
    tasks::walk_in(desk).await;
    let booked = tasks::book(desk).await;
    tasks::move_it(desk, booked).await;
    tasks::cancel_and_undo(desk).await;
    tasks::answer_a_contact_request(desk).await;
    tasks::enter_leave(desk).await;
    tasks::merge_a_duplicate(desk).await;
}

/// The program, at this house, before anybody is signed in.
fn start(house: &House) -> Start {
    Start {
        server: house.url(),
        user: None,
        who: None,
        client: None,
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log: clinic_tui::log::Ring::default(),
        options: Options {
            clinic_name: Some("Clinic on the Park".to_owned()),
            ..Options::default()
        },
    }
}

/// The same Monday, always: what is shown can be compared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_few_and_the_guide_shows_what_the_screens_are() {
    let clock = Clock::fixed("2026-11-23T10:10:00Z".parse().unwrap());
    let house = Box::pin(House::open(TestDb::sqlite().await, clock.clone())).await;
    let start = start(&house);
    let (mut screen, input, person) = terminal(100, 30);
    let pictures = Pictures::of(&house.url());
    let desk = Receptionist::new(Seat::Here(person, clock.clone()), house, Some(pictures)).await;
    let told = clinic_tui::clock::Clock::new(move || clock.now().fixed_offset());
    let script = async {
        morning(&desk).await;
        desk.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(
        Box::pin(run_at(&mut screen, input, start, told)),
        Box::pin(script)
    );
    assert_eq!(ended.unwrap(), ExitReason::Quit);
    Box::pin(desk.leave()).await;
}

/// `clinic` in 24 lines of 80 columns, at the time it is.
async fn in_a_terminal(db: TestDb) {
    let house = Box::pin(House::open(db, Clock::system())).await;
    let home = tempfile::tempdir().unwrap();
    let tokens = home.path().join("tokens.json");
    let url = house.url();
    let arguments = [
        "--server",
        &url,
        "--insecure-file",
        tokens.to_str().unwrap(),
    ];
    let terminal = Terminal::clinic(home.path(), &arguments, &[("TZ", "UTC")]);
    let desk = Receptionist::new(Seat::at(terminal), house, None).await;
    morning(&desk).await;
    desk.press("ctrl-c ctrl-c");
    desk.seat.gives_back();
    Box::pin(desk.leave()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_in_a_terminal_on_sqlite() {
    Box::pin(in_a_terminal(TestDb::sqlite().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_in_a_terminal_on_postgres() {
    if let Some(db) = TestDb::postgres().await {
        Box::pin(in_a_terminal(db)).await;
    }
}

/// The waiting list, in a window of the usual size.
async fn on_the_waiting_list(db: TestDb) {
    let clock = Clock::fixed("2026-11-23T10:10:00Z".parse().unwrap());
    let house = Box::pin(House::open(db, clock.clone())).await;
    let start = start(&house);
    let (mut screen, input, person) = terminal(80, 24);
    let desk = Receptionist::new(Seat::Here(person, clock.clone()), house, None).await;
    let told = clinic_tui::clock::Clock::new(move || clock.now().fixed_offset());
    let script = async {
        tasks::sign_in(&desk).await;
        tasks::wait_and_be_offered(&desk).await;
        desk.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(
        Box::pin(run_at(&mut screen, input, start, told)),
        Box::pin(script)
    );
    assert_eq!(ended.unwrap(), ExitReason::Quit);
    Box::pin(desk.leave()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_offered_a_time_and_waits_again_on_sqlite() {
    Box::pin(on_the_waiting_list(TestDb::sqlite().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_offered_a_time_and_waits_again_on_postgres() {
    if let Some(db) = TestDb::postgres().await {
        Box::pin(on_the_waiting_list(db)).await;
    }
}
