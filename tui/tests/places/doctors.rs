//! The doctors, and verifying them.

use clinic_shared::client::Error;
use clinic_tui::effect::{Call, Reply, Slot};

use super::support::clinic::{admin, doctor, doctor_row, doctor_rows, versioned, whole};
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

/// The search and the filter asked for.
fn asked(desk: &Desk) -> (Option<String>, Option<bool>) {
    match desk.call(Slot::List) {
        Some(Call::Doctors(query)) => (query.search.clone(), query.verified),
        other => panic!("no doctors are asked for but {other:?}"),
    }
}

/// A doctor who waits, as the server answers once they are verified.
fn verified(number: u32) -> Reply {
    let mut row = doctor_row(number);
    row.is_verified = true;
    Reply::Doctor(versioned(doctor(&row)))
}

#[test]
fn the_list_tells_who_is_verified_by_sign_and_word() {
    Desk::at_doctors(USUAL, receptionist(), doctor_rows(6))
        .sees("Chien-Shiung Wu")
        .sees("Cardiology, Internal me…")
        .sees("1200.00")
        .sees("✓ verified")
        .sees("? waiting");
}

#[test]
fn a_name_is_searched_from_its_first_letter() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.type_text("me");
    assert_eq!(asked(&desk), (Some("me".to_owned()), None));
    desk.reply(Slot::List, Reply::Doctors(whole(vec![doctor_row(2)])))
        .sees("1–1 of 1");
    desk.press("enter");
    assert_eq!(
        desk.call(Slot::Record),
        Some(&Call::Doctor(doctor_row(2).id))
    );
    // Back at the list it is as it was; Esc leaves the field, then empties it.
    desk.press("esc esc esc");
    assert_eq!(asked(&desk), (None, None));
}

#[test]
fn enter_never_opens_a_doctor_of_an_older_search() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.type_text("me").press("enter");
    assert_eq!(desk.call(Slot::Record), None);
    desk.answer(Slot::List, Err(unreachable()));
    desk.sees("The server does not answer; “me” is not searched yet.");
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn who_waits_can_be_listed_alone() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("f").wait(10);
    assert_eq!(asked(&desk), (None, Some(false)));
    desk.reply(Slot::List, Reply::Doctors(whole(vec![doctor_row(3)])))
        .sees("Only waiting to be verified, by name")
        .sees("Dorothy Hodgkin");
    desk.press("f");
    assert_eq!(asked(&desk), (None, Some(true)));
    desk.press("f");
    assert_eq!(asked(&desk), (None, None));
    desk.press("F F esc");
    assert_eq!(asked(&desk), (None, None));
}

#[test]
fn an_empty_answer_says_what_was_looked_for() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("f")
        .reply(Slot::List, Reply::Doctors(whole(Vec::new())))
        .sees("No doctor is waiting to be verified.")
        .sees("Esc shows everybody.");
    desk.type_text("xy")
        .reply(Slot::List, Reply::Doctors(whole(Vec::new())))
        .sees("No doctor who is waiting to be verified matches “xy”.");
    let mut desk = Desk::at_doctors(USUAL, admin(), Vec::new());
    desk.sees("No doctors yet.");
}

#[test]
fn the_record_says_hours_fee_and_where_to_reach_them() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.press("j enter").reply_record();
    for text in [
        "Chien-Shiung Wu",
        "✓ since 1 Feb 2026, 10:00",
        "Consultant",
        "Cardiology, Internal medicine",
        "Mon–Fri 09:00–12:30, slots of 30 min",
        "Tue, Thu Evening walk-in",
        "1200.00",
        "hodgkin@clinic.example",
        "https://meet.clinic.example/hodgkin",
        "dr_hodgkin",
    ] {
        desk.sees(text);
    }
}

#[test]
fn a_receptionist_is_told_who_verifies() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.press("j j v")
        .sees("Only an admin can verify a doctor.");
    desk.press("enter").reply_record().press("v");
    desk.sees("Only an admin can verify a doctor.")
        .sees_no("Keep waiting");
    desk.press(":")
        .type_text("verify")
        .sees("an admin can verify a doctor.");
    assert_eq!(desk.call(Slot::Verify), None);
}

#[test]
fn who_is_verified_already_is_not_verified_again() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("v").sees("This doctor is verified already.");
    assert_eq!(desk.call(Slot::Verify), None);
}

#[test]
fn verifying_asks_and_the_key_that_asks_does_not_answer() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("j j v v")
        .sees("Patients see Dorothy Hodgkin from then on")
        .press("enter");
    assert_eq!(
        desk.call(Slot::Verify),
        None,
        "the safe answer has the focus"
    );
    desk.press("v esc").sees_no("Keep waiting");
    assert_eq!(desk.call(Slot::Verify), None);
    desk.press("v y");
    assert_eq!(
        desk.call(Slot::Verify),
        Some(&Call::Verify(doctor_row(3).id))
    );
}

#[test]
fn after_it_list_and_record_show_it() {
    let mut desk = Desk::at_doctors(Look::new(120, 40), admin(), vec![doctor_row(3)]);
    desk.sees("? waiting")
        .press("enter")
        .reply_record()
        .sees("? not yet; patients do not see");
    desk.press("v y").reply(Slot::Verify, verified(3));
    desk.sees("Dorothy Hodgkin is verified.")
        .sees("✓ since 1 Feb 2026, 10:00")
        .sees("✓ verified")
        .sees_no("? waiting");
    desk.press("v").sees("This doctor is verified already.");
}

#[test]
fn the_question_is_about_whom_it_names_whatever_the_list_becomes() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("j j ctrl-r v");
    desk.reply(Slot::List, Reply::Doctors(whole(vec![doctor_row(6)])))
        .sees("Dorothy Hodgkin")
        .press("y");
    assert_eq!(
        desk.call(Slot::Verify),
        Some(&Call::Verify(doctor_row(3).id))
    );
}

#[test]
fn a_heavy_hand_verifies_once() {
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("j j v y v")
        .sees("The server is verifying a doctor; wait for its answer.");
}

#[test]
fn a_refusal_is_said_and_changes_nothing() {
    let mut desk = Desk::at_doctors(USUAL, admin(), vec![doctor_row(3)]);
    desk.press("v y")
        .answer(Slot::Verify, Err(refused(403, "Only admins may do this.")));
    desk.sees("Dorothy Hodgkin is not verified. Only admins may do this.")
        .sees("? waiting");
}

#[test]
fn an_answer_that_never_came_leaves_it_open_and_looks_again() {
    let mut desk = Desk::at_doctors(USUAL, admin(), vec![doctor_row(3)]);
    desk.press("enter").reply_record().press("v y");
    desk.answer(Slot::Verify, Err(unreachable()));
    desk.sees("Perhaps not verified: the server did not answer.");
    desk.press("v").sees("The server does not answer.");
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(admin())));
    assert_eq!(desk.call(Slot::Verify), None, "nothing is sent twice");
    assert_eq!(
        desk.call(Slot::Record),
        Some(&Call::Doctor(doctor_row(3).id))
    );
    assert_eq!(asked(&desk), (None, None));
    desk.reply(Slot::Record, verified(3)).sees("✓ since");
}

#[test]
fn a_session_that_ended_verifies_nobody() {
    let mut desk = Desk::at_doctors(USUAL, admin(), vec![doctor_row(3)]);
    desk.press("v y")
        .answer(Slot::Verify, Err(Error::SignedOut));
    desk.sees("Your session has ended").sees_no("Hodgkin");
}

#[test]
fn a_doctor_selected_while_the_answer_is_awaited_is_not_taken_for_another_one() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.press("f down down enter")
        .sees("The list is still loading.");
    desk.reply(Slot::List, Reply::Doctors(whole(vec![doctor_row(6)])));
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn esc_empties_the_search_and_stays_in_the_list() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.type_text("me").press("esc esc");
    assert_eq!(asked(&desk), (None, None));
    desk.sees("Find (press /)").press("f");
    assert_eq!(asked(&desk), (None, Some(false)), "a letter is a command");
}

#[test]
fn the_footer_of_a_record_offers_verifying_only_where_it_can_be_done() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.press("j j enter").reply_record().sees_no("v Verify");
    let mut desk = Desk::at_doctors(USUAL, admin(), doctor_rows(6));
    desk.press("j j enter").reply_record().sees("v Verify");
}
