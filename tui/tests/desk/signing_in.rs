//! Signing in and out, and a server that is away.

use clinic_tui::effect::{Call, Reply, Slot};

use super::support::{Desk, Look, receptionist, rows, unreachable};
use super::{USUAL, found, searched};

#[test]
fn the_kept_session_opens_without_a_password_and_the_typed_search_is_searched() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::Restore { .. })
    ));
    desk.type_text("emmy")
        .sees("emmy")
        .sees("Signing in as eva");
    desk.reply(
        Slot::Session,
        Reply::Restored(Some(Box::new(receptionist()))),
    );
    assert_eq!(searched(&desk).as_deref(), Some("emmy"));
}

#[test]
fn without_a_kept_session_the_password_is_asked_for() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    desk.reply(Slot::Session, Reply::Restored(None))
        .sees("Password")
        .sees("eva");
}

#[test]
fn a_server_away_at_the_start_is_asked_again() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    desk.answer(Slot::Session, Err(unreachable()))
        .sees("Server away");
    desk.wait(1000);
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::Restore { .. })
    ));
    desk.reply(
        Slot::Session,
        Reply::Restored(Some(Box::new(receptionist()))),
    );
    desk.reply(Slot::List, found(rows(3)))
        .sees("Grace Hopper")
        .sees_no("Server away");
}

#[test]
fn waits_between_tries_grow() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-r")
        .answer(Slot::List, Err(unreachable()))
        .sees("next try in 1 s");
    desk.wait(1000)
        .answer(Slot::Link, Err(unreachable()))
        .sees("next try in 2 s");
    desk.wait(2000)
        .answer(Slot::Link, Err(unreachable()))
        .sees("next try in 4 s");
    desk.press("ctrl-r");
    assert_eq!(
        desk.call(Slot::Link),
        Some(&Call::Me),
        "Ctrl-R tries at once"
    );
}

#[test]
fn another_server_of_the_configuration_brings_its_user() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("ctrl-n").sees("annex.example.org").sees("otto");
}

#[test]
fn one_server_is_no_choice_and_the_way_out_is_always_shown() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.sees("Other server").sees("Ctrl-C Quit");
    Desk::start(Look::new(40, 15), None, None).sees("Ctrl-C Quit");
}

#[test]
fn a_doctor_is_told_whom_the_desk_is_for() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.type_text("horse").press("enter");
    let mut who = receptionist();
    who.role = clinic_shared::Role::Doctor;
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(who.clone()),
            kept,
        },
    );
    let why = "The front desk is for receptionists and admins; eva is a doctor.";
    desk.sees(&why[..50]).sees("Password");
    assert_eq!(desk.call(Slot::List), None);
    assert!(
        matches!(desk.call(Slot::Session), Some(Call::SignOut { .. })),
        "what was just signed in is signed out"
    );
    // A session that was kept may be in use by the subcommands.
    let mut desk = Desk::start(USUAL, Some(who), None);
    desk.sees(&why[..50]);
    assert_eq!(desk.call(Slot::Session), None);
}

#[test]
fn signing_out_takes_everything_off_the_screen() {
    let mut desk = Desk::with_record(USUAL);
    desk.press(":").type_text("sign out").press("enter");
    desk.sees("Password")
        .sees_no("Grace Hopper")
        .sees_no("penicillin");
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::SignOut { .. })
    ));
}
