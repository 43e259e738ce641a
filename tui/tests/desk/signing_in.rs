//! Signing in and out, and a server that is away.

use clinic_shared::client::Error;
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
    desk.press("f3")
        .type_text("emmy")
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
    desk.press("f3")
        .reply(Slot::List, found(rows(3)))
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
fn a_doctor_begins_at_their_queue() {
    let mut who = receptionist();
    who.role = clinic_shared::Role::Doctor;
    let mut desk = Desk::start(USUAL, None, None);
    desk.type_text("horse").press("enter");
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    let reply = Reply::SignedIn {
        who: Box::new(who.clone()),
        kept,
    };
    desk.reply(Slot::Session, reply);
    desk.sees("[F7 Queue]").sees_no("Patients");
    assert_eq!(desk.call(Slot::List), Some(&Call::Queue(None)));
    let mut desk = Desk::start(USUAL, Some(who), None);
    desk.sees("[F7 Queue]");
    assert_eq!(desk.call(Slot::List), Some(&Call::Queue(None)));
    // What is for the front desk says so.
    desk.press("f3")
        .sees("That is for the front desk; you see your queue.");
}

#[test]
fn a_doctor_who_signs_in_at_the_desk_sees_nothing_of_it() {
    let mut desk = Desk::with_record(USUAL);
    desk.press("ctrl-r");
    desk.answer(Slot::Record, Err(Error::SignedOut));
    desk.sees("Password");
    let mut who = receptionist();
    who.id = uuid::Uuid::from_u128(77);
    who.role = clinic_shared::Role::Doctor;
    desk.type_text("horse").press("enter");
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    let reply = Reply::SignedIn {
        who: Box::new(who),
        kept,
    };
    desk.reply(Slot::Session, reply);
    desk.sees("[F7 Queue]")
        .sees_no("penicillin")
        .sees_no("Grace Hopper");
    assert_eq!(desk.call(Slot::List), Some(&Call::Queue(None)));
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn a_patient_is_told_whom_the_desk_is_for() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.type_text("horse").press("enter");
    let mut who = receptionist();
    who.role = clinic_shared::Role::Patient;
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(who.clone()),
            kept,
        },
    );
    let why = "The front desk is for who works at the clinic; eva is a patient.";
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

/// At the sign-in, with this user and a password typed.
fn typed(user: &str) -> Desk {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("shift-tab ctrl-u")
        .type_text(user)
        .press("tab")
        .type_text("horse");
    desk
}

#[test]
fn where_a_code_is_asked_for_it_is_typed_and_can_be_mailed_again() {
    let mut desk = typed("eva@clinic.example");
    desk.press("enter");
    desk.reply(Slot::Session, Reply::CodeAsked)
        .sees("Sign in with a code")
        .sees("A code was mailed to eva@clinic.example");
    desk.type_text("12345").press("enter");
    let Some(Call::VerifyCode { user, otp, .. }) = desk.call(Slot::Session) else {
        panic!("{:?}", desk.call(Slot::Session))
    };
    assert_eq!(
        (user.as_str(), otp.as_str()),
        ("eva@clinic.example", "12345")
    );
    let wrong = "This code is wrong or has run out; try again or ask for a new one.";
    let refusal = clinic_shared::client::Refused {
        status: 400,
        code: "invalid".to_owned(),
        detail: wrong.to_owned(),
        fields: clinic_shared::FieldErrors::one("otp", wrong),
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
        retry_after: None,
    };
    let refusal = clinic_shared::client::Error::Refused(Box::new(refusal));
    desk.answer(Slot::Session, Err(refusal))
        .sees("Code: This code is wrong")
        .sees("12345");
    desk.press("ctrl-n");
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::ResendCode { .. })
    ));
    desk.reply(Slot::Session, Reply::CodeSent)
        .sees("a new code was");
    desk.press("ctrl-u").type_text("654321").press("enter");
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    let who = Box::new(receptionist());
    desk.reply(Slot::Session, Reply::SignedIn { who, kept })
        .sees_no("Sign in with a code")
        .sees("[F2 Today]");
}

#[test]
fn a_forgotten_password_is_set_with_a_code() {
    let mut desk = typed("eva@clinic.example");
    desk.press("ctrl-o")
        .sees("Forgotten password")
        .sees("eva@clinic.example")
        .press("enter");
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::Forgot { .. })
    ));
    desk.reply(Slot::Session, Reply::CodeSent)
        .sees("New password")
        .sees("a code was mailed");
    desk.type_text("123456")
        .press("tab")
        .type_text("a fine new passphrase");
    desk.sees_no("a fine new passphrase").press("enter");
    let Some(Call::Reset { otp, password, .. }) = desk.call(Slot::Session) else {
        panic!("{:?}", desk.call(Slot::Session))
    };
    assert_eq!(
        (otp.as_str(), password.as_str()),
        ("123456", "a fine new passphrase")
    );
    desk.answer(Slot::Session, Err(unreachable()))
        .sees("The server does not answer")
        .sees("123456");
    desk.press("enter").reply(Slot::Session, Reply::PasswordSet);
    desk.sees("Your new password is set")
        .sees("eva@clinic.example")
        .sees("Password");
}

#[test]
fn leaving_the_code_goes_back_to_the_password() {
    let mut desk = typed("eva@clinic.example");
    desk.press("enter").reply(Slot::Session, Reply::CodeAsked);
    desk.press("esc")
        .sees_no("Sign in with a code")
        .sees("Password");
    desk.press("ctrl-o esc")
        .sees_no("Forgotten password?")
        .sees("Password");
}
