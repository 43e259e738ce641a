//! What a receptionist does, and what the screen and the calls are then.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod commands;
mod form;
mod quitting;
mod record;
mod searching;
mod signing_in;
#[path = "../support/mod.rs"]
mod support;

use clinic_shared::client::PatientQuery;
use clinic_tui::effect::{Call, Effect, ExitReason, Reply, Slot};
use support::{Desk, Look, page, rows};

const USUAL: Look = Look::new(80, 24);

fn found(rows: Vec<clinic_shared::desk::patients::PatientRow>) -> Reply {
    Reply::Patients(Box::new(page(rows)))
}

fn searched(desk: &Desk) -> Option<String> {
    match desk.call(Slot::List) {
        Some(Call::Patients(PatientQuery { search, .. })) => search.clone(),
        other => panic!("no search under way but {other:?}"),
    }
}

fn editing() -> Desk {
    let mut desk = Desk::with_record(USUAL);
    desk.press("e");
    desk
}

fn registering() -> Desk {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc n");
    desk
}

fn exits(desk: &Desk) -> bool {
    desk.effects.contains(&Effect::Exit(ExitReason::Quit))
}
