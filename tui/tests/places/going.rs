//! Going from place to place.

use clinic_shared::desk::appointments::Status;
use clinic_tui::app::Event;
use clinic_tui::effect::{Answer, Call, Deed, Reply, Slot};

use super::support::clinic::{
    appointment, board, booking, bookings, busy, contact_rows, doctor_rows, versioned, whole,
};
use super::support::{Desk, Look, page, receptionist, row, unreachable};

const USUAL: Look = Look::new(80, 24);

fn at_work() -> Desk {
    Desk::at_work(USUAL, receptionist())
}

#[test]
fn the_program_starts_at_today() {
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    desk.sees("[F2 Today]").sees("Today, Mon 23 Nov 2026");
    assert!(matches!(desk.call(Slot::List), Some(Call::Board(_))));
}

#[test]
fn function_keys_go_places_while_one_types() {
    let mut desk = at_work();
    desk.type_text("ada").press("f2").sees("[F2 Today]");
    assert!(matches!(desk.call(Slot::List), Some(Call::Board(_))));
    desk.press("f4").sees("[F4 Doctors]");
    assert!(matches!(desk.call(Slot::List), Some(Call::Doctors(_))));
    desk.press("f5").sees("[F5 Contacts]");
    assert!(matches!(desk.call(Slot::List), Some(Call::Contacts(_))));
    // What was typed is still searched for, and the cursor is where it was.
    desk.press("f3").sees("[F3 Patients]").sees("ada");
    let Some(Call::Patients(query)) = desk.call(Slot::List) else {
        panic!("the patients are not asked for")
    };
    assert_eq!(query.search.as_deref(), Some("ada"));
    // The next letter is another search, at once.
    desk.type_text("m").sees("Find  m ");
}

#[test]
fn g_and_a_letter_go_places_and_the_hint_says_where() {
    let mut desk = at_work();
    desk.press("esc g")
        .sees("Go to doctors")
        .sees("First row")
        .press("d")
        .sees("[F4 Doctors]");
    desk.press("g c").sees("[F5 Contacts]");
    desk.press("g t").sees("[F2 Today]");
    desk.press("g p").sees("[F3 Patients]");
    // In a field they are typed; at the patients it has the cursor.
    desk.press("g d").sees("[F3 Patients]").sees("gd");
}

#[test]
fn the_palette_goes_places_too() {
    let mut desk = at_work();
    desk.press("f6")
        .type_text("contacts")
        .press("enter")
        .sees("[F5 Contacts]");
}

#[test]
fn a_click_on_a_place_goes_there() {
    let mut desk = at_work();
    let at = desk.text().find("Doctors").unwrap();
    desk.click(u16::try_from(at).unwrap() + 2, 0);
    desk.sees("[F4 Doctors]");
}

#[test]
fn each_list_is_as_it_was_left_and_asked_for_anew() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(12));
    desk.press("j j j f3 f5");
    assert!(matches!(desk.call(Slot::List), Some(Call::Contacts(_))));
    desk.reply(Slot::List, Reply::Contacts(whole(contact_rows(12))));
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(4)));
}

#[test]
fn records_are_closed_by_going_and_their_answers_land_nowhere() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("enter");
    let id = desk.id(Slot::Record);
    desk.press("g d")
        .reply(Slot::List, Reply::Doctors(whole(doctor_rows(3))));
    desk.sees("Barbara McClintock").sees_no("Status");
    let late = Answer {
        slot: Slot::Record,
        id,
        result: Err(unreachable()),
    };
    desk.happen(Event::Answered(late)).sees_no("Server away");
}

#[test]
fn a_late_list_of_another_place_lands_nowhere() {
    let mut desk = at_work();
    desk.press("f2");
    let id = desk.id(Slot::List);
    desk.press("f4")
        .reply(Slot::List, Reply::Doctors(whole(doctor_rows(3))));
    let late = Answer {
        slot: Slot::List,
        id,
        result: Ok(board(bookings(5))),
    };
    desk.happen(Event::Answered(late)).sees("Dorothy Hodgkin");
    desk.press("f2").sees_no("Grace Hopper");
}

#[test]
fn an_enter_that_waited_opens_nothing_after_one_has_gone_on() {
    let mut desk = at_work();
    desk.type_text("emmy").press("enter f4 f3");
    desk.reply(
        Slot::List,
        Reply::Patients(Box::new(page(vec![row(7, "Emmy Noether")]))),
    );
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn nothing_typed_is_left_behind() {
    let mut desk = at_work();
    desk.press("esc n")
        .type_text("Ada")
        .press("f4")
        .sees("Save or discard the form first.")
        .sees("New patient");
    desk.press("esc")
        .press("f4")
        .sees("Answer the question first.");
    // A form nobody typed into is no reason to stay.
    let mut desk = at_work();
    desk.press("esc n f4")
        .sees("[F4 Doctors]")
        .sees_no("Full name");
}

#[test]
fn nobody_goes_anywhere_before_the_password() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.sees_no("Contacts")
        .press("f4")
        .sees("Sign in first.")
        .sees("Password");
    desk.press("f1").sees("Clinic · Praxis am Park");
}

#[test]
fn signing_out_empties_every_place() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(3));
    desk.press("f2").reply(Slot::List, board(bookings(3)));
    desk.press(":").type_text("sign out").press("enter");
    desk.sees("Password").sees_no("Grace Hopper");
    // Whoever comes next says who they are.
    desk.type_text("eva").press("tab").type_text("horse");
    desk.press("enter").reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(clinic_tui::credentials::Kept::Keyring),
        },
    );
    desk.sees("[F2 Today]").sees_no("Grace Hopper");
    desk.press("f5").sees_no("Grace Hopper");
}

#[test]
fn after_an_outage_the_place_one_is_at_is_asked_for() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    desk.sees("from before 08:30").sees("Grace Hopper");
    desk.press("f4").answer(Slot::List, Err(unreachable()));
    desk.sees("The list comes as soon as it does.");
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    assert!(matches!(desk.call(Slot::List), Some(Call::Doctors(_))));
    desk.reply(Slot::List, Reply::Doctors(whole(doctor_rows(3))))
        .sees("Dorothy Hodgkin")
        .sees_no("from before");
}

#[test]
fn a_session_that_ends_goes_on_at_the_same_place() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(3));
    desk.press("ctrl-r")
        .answer(Slot::List, Err(clinic_shared::client::Error::SignedOut));
    desk.sees("Your session has ended").sees_no("Hodgkin");
    desk.type_text("horse").press("enter").reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(clinic_tui::credentials::Kept::Keyring),
        },
    );
    desk.sees("[F4 Doctors]").sees("Hodgkin");
    assert!(matches!(desk.call(Slot::List), Some(Call::Doctors(_))));
}

#[test]
fn whoever_signs_in_after_another_finds_nothing_of_theirs() {
    let signed_in = |desk: &mut Desk, number: u128| {
        desk.type_text("horse").press("enter");
        let mut who = receptionist();
        who.id = uuid::Uuid::from_u128(number);
        let kept = Ok(clinic_tui::credentials::Kept::Keyring);
        let who = Box::new(who);
        desk.reply(Slot::Session, Reply::SignedIn { who, kept });
    };
    let begun = || {
        let mut desk = Desk::with_record(USUAL);
        desk.press("e").type_text("!").press("ctrl-s");
        desk.answer(Slot::Save, Err(clinic_shared::client::Error::SignedOut));
        desk.sees("Your session has ended");
        desk
    };
    // The same person goes on with what they typed.
    let mut desk = begun();
    signed_in(&mut desk, 1);
    desk.sees("Grace Hopper!");
    // Another one begins at their own place, and no place has what was there.
    let mut desk = begun();
    signed_in(&mut desk, 77);
    desk.sees("[F2 Today]").sees("You are Eva Empfang now.");
    desk.sees_no("Grace").sees_no("Full name");
    for place in ["f3", "f2", "f5", "f4"] {
        desk.press(place).sees_no("Grace").sees_no("P-0000");
    }
}

#[test]
fn where_there_is_little_room_the_places_go_before_what_is_live() {
    let mut desk = Desk::at_doctors(Look::new(48, 15), receptionist(), doctor_rows(3));
    desk.sees("Today Patients[Doctors]Contacts   ● live 08:30");
    // The keys lead to the others as long as there is room for them.
    Desk::at_doctors(Look::new(40, 10), receptionist(), doctor_rows(3))
        .sees("F2  F3 [F4 Doctors] F5 ");
    for width in [40, 24] {
        let mut desk = Desk::at_doctors(Look::new(width, 10), receptionist(), doctor_rows(3));
        desk.sees("Doctors]")
            .sees_no("Contacts")
            .sees("● live 08:30");
    }
}

#[test]
fn a_demo_says_so_and_how_to_try_it_as_somebody_else() {
    let mut desk = Desk::in_demo(USUAL, Some(receptionist()));
    desk.sees("F2 Today").sees("demo  ● live 08:30");
    desk.press("f4")
        .reply(Slot::List, Reply::Doctors(whole(doctor_rows(3))));
    desk.press("v").sees("clinic demo --user admin");
    let mut desk = Desk::in_demo(USUAL, None);
    desk.sees("The password of all: no secret");
    desk.type_text("admin")
        .press("tab")
        .type_text("wrong")
        .press("enter");
    desk.sees("The password of all: no secret");
}

#[test]
fn what_was_done_is_taken_back_anywhere_by_the_key_that_the_message_names() {
    let mut desk = Desk::at_board(Look::new(80, 24), busy(8));
    desk.press("c");
    let mut here = appointment(&booking(1, "Grace Hopper"));
    here.status = Status::CheckedIn;
    here.version = 4;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(here)))
        .sees("(u: undo)");
    // In a field the letter is typed: the message names the other key.
    desk.press("/").sees("(Alt-U: undo)").press("esc");
    desk.sees("(u: undo)");
    desk.press("f4").press("u");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Undo(1, _)))
    ));
    let mut desk = Desk::at_board(Look::new(80, 24), busy(8));
    for place in ["f4", "f5", "f7", "g w", "g s", "g o"] {
        desk.press(place)
            .press("u")
            .sees("There is nothing that can be taken back now.")
            .wait(9_000);
    }
    desk.press("f2 x").sees_no("Nothing was done");
    desk.press("alt-u")
        .sees("There is nothing that can be taken back now.");
}

#[test]
fn the_footer_says_what_enter_does_now() {
    let mut desk = Desk::at_board(Look::new(80, 24), busy(8));
    desk.press("/").sees("Enter To the list").press("esc");
    desk.press("x").sees("Enter Cancel it  Tab To the note");
    desk.press("8").sees("Tab By whom").press("esc");
    desk.press("w").sees("Enter Next field");
    desk.press("tab tab tab").sees("Enter Take in").press("esc");
    desk.press("q").sees("Enter Stay  Tab Next answer");
    desk.press("tab").sees("Enter Leave Clinic");
    let mut desk = Desk::at_board(Look::new(40, 15), busy(8));
    desk.press("w").sees("Enter Next  Ctrl-S Take in  F1 Help");
}

#[test]
fn a_reason_has_one_name_however_wide_the_screen_is() {
    let mut wide = Desk::at_board(Look::new(80, 24), busy(8));
    wide.press("x")
        .sees("3 could not get here")
        .sees("9 booked by mistake");
    let mut narrow = Desk::at_board(Look::new(40, 15), busy(8));
    narrow
        .press("x")
        .sees("3 could not get ")
        .sees("9 booked by m");
    narrow.sees("2 too ill to come").sees("5 waited too long");
}

#[test]
fn what_is_known_of_the_selected_one_stays_on_the_board_without_the_server() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.sees("born 8 Mar 1951 · 030 5550 17");
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    desk.sees("Server away since 08:30")
        .sees("born 8 Mar 1951 · 030 5550 17")
        .sees("from before 08:30 · 1–");
    // Where there is no room for the count, the banner says it.
    let mut desk = Desk::at_board(Look::new(40, 15), busy(16));
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    desk.sees("Server away").sees("Grace Hopper · born");
}

#[test]
fn an_open_record_says_that_it_is_from_before_the_server_went_away() {
    let mut desk = Desk::with_record(USUAL);
    desk.sees_no("from before");
    desk.press("ctrl-r")
        .answer(Slot::Record, Err(unreachable()));
    desk.sees("from before the server went away")
        .sees("penicillin");
    desk.wait(1_000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.sees_no("from before");
}
