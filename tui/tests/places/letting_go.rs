//! A server that takes long: what is read is not waited for any longer, and what is saved goes on
//! while its form lets one go, once each.

use clinic_tui::effect::{Call, Deed, Effect, Reply, Slot};

use super::booking::{begun, slot, slots};
use super::support::clinic::{appointment, booking, busy, contact_rows, versioned};
use super::support::{Desk, Look, page, record, refused, rows, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

fn ends(desk: &Desk, slot: Slot) -> bool {
    desk.effects.contains(&Effect::Abort(slot))
}

#[test]
fn a_search_that_takes_long_is_stopped_and_what_was_there_stays() {
    let mut desk = Desk::with_rows(USUAL, rows(9));
    desk.press("/").type_text("ada");
    // What is answered in a moment is no search that one stops.
    desk.wait(100).sees_no("searching").wait(300);
    desk.sees("searching…").press("esc");
    assert!(ends(&desk, Slot::List) && desk.call(Slot::List).is_none());
    desk.sees("stopped; still")
        .sees_no("searching")
        .sees("Grace Hopper");
    // Enter means no row of an older question.
    desk.press("enter")
        .sees("That was stopped; “/ada” is not searched");
    assert_eq!(desk.call(Slot::Record), None);
    // It is asked again with the next letter.
    desk.type_text(" l")
        .reply(Slot::List, Reply::Patients(Box::new(page(rows(3)))))
        .sees_no("stopped; still")
        .sees("1–3 of 3");
    // Esc leaves the field as ever where nothing is waited for.
    desk.press("esc").sees("Find (press /)");
}

#[test]
fn a_list_that_takes_long_is_stopped_and_asked_again() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(3));
    desk.press("ctrl-r").wait(300).sees("loading…").press("esc");
    desk.sees("stopped; Ctrl-R asks again").sees("Grace Hopper");
    // One whose question is another one now.
    desk.press("f").wait(300).press("esc");
    desk.sees("Stopped; Ctrl-R asks again.");
    desk.press("ctrl-r");
    assert!(matches!(desk.call(Slot::List), Some(Call::Contacts(_))));
    desk.reply(
        Slot::List,
        Reply::Contacts(super::support::clinic::whole(contact_rows(2))),
    )
    .sees_no("topped")
    .sees("Grace Hopper");
}

#[test]
fn a_record_that_saves_into_silence_lets_one_go_and_is_saved_once() {
    let mut desk = Desk::with_record(USUAL);
    desk.press("e").type_text("!").press("ctrl-s").wait(2_000);
    let key = desk.key(Slot::Save).unwrap().to_owned();
    desk.press("esc")
        .sees("Not known yet whether it was saved")
        .sees("Grace Hopper!");
    assert!(ends(&desk, Slot::Save));
    // What is sent again as it is has the same key; the server may still be at it.
    desk.press("ctrl-s");
    assert_eq!(desk.key(Slot::Save), Some(key.as_str()));
    let busy = match refused(409, "The first one is still under way.") {
        clinic_shared::client::Error::Refused(mut refused) => {
            refused.code = "in_progress".to_owned();
            clinic_shared::client::Error::Refused(refused)
        }
        other => other,
    };
    desk.answer(Slot::Save, Err(busy))
        .sees("Not known yet whether it was saved: the server is still at it.")
        .press("ctrl-s");
    assert_eq!(desk.key(Slot::Save), Some(key.as_str()));
    desk.reply(Slot::Save, Reply::Saved(tagged(record(&rows(1)[0]))))
        .sees("Saved P-000001");
    // Something else is another save.
    let mut desk = Desk::with_record(USUAL);
    desk.press("e").type_text("!").press("ctrl-s esc");
    let key = desk.key(Slot::Save).unwrap().to_owned();
    desk.type_text("?").press("ctrl-s");
    assert_ne!(desk.key(Slot::Save), Some(key.as_str()));
    // Whoever leaves is told what may be.
    let mut desk = Desk::with_record(USUAL);
    desk.press("e").type_text("!").press("ctrl-s esc esc");
    desk.sees("It is not known whether this was saved.");
}

/// At a booking that is on its way, with a word typed.
fn booking_into_silence() -> Desk {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(vec![slot(2, "2026-11-23", "11:00")]));
    desk.press("enter").type_text("knee").press("enter");
    desk.wait(2_000);
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Book(_)))
    ));
    desk.press("esc")
        .sees("Not known yet whether it was done")
        .sees_no("About");
    assert!(!ends(&desk, Slot::Deed), "it goes on");
    desk
}

#[test]
fn a_booking_that_is_not_waited_for_is_told_of() {
    let mut desk = booking_into_silence();
    // Whoever would leave now is told.
    desk.press("ctrl-c")
        .sees("It is not known yet whether your last step is saved.")
        .press("esc");
    // One goes on with something else meanwhile.
    desk.press("f2").reply(
        Slot::List,
        Reply::Board(Box::new(super::support::clinic::day("2026-11-23", busy(3)))),
    );
    let booked = appointment(&booking(1, "Grace Hopper"));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked)))
        .sees("Booked: Grace Hopper")
        .sees_no("Not known yet");
    // No answer at all: asked again under the same key, by itself.
    let mut desk = booking_into_silence();
    let key = desk.key(Slot::Deed).unwrap().to_owned();
    desk.answer(Slot::Deed, Err(unreachable()))
        .sees("Not known whether it was done");
    desk.wait(1_000).reply(
        Slot::Link,
        Reply::Me(Box::new(super::support::receptionist())),
    );
    assert_eq!(desk.key(Slot::Deed), Some(key.as_str()));
}

#[test]
fn a_booking_that_was_refused_after_all_is_there_again_as_it_was_typed() {
    let mut desk = booking_into_silence();
    desk.answer(Slot::Deed, Err(refused(409, "Somebody has that time.")))
        .sees("Not done. Somebody has that time.")
        .sees("knee");
    // Beneath what one is about by now it waits, and a message says why.
    let mut desk = booking_into_silence();
    desk.press("e").type_text("!");
    desk.answer(Slot::Deed, Err(refused(409, "Somebody has that time.")))
        .sees("Grace Hopper!")
        .sees("Somebody has that time.");
    desk.press("esc d").sees("knee");
}

#[test]
fn short_forms_let_one_go_too() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("x 2")
        .type_text("has a fever")
        .press("enter esc");
    desk.sees("Not known yet whether it was done")
        .sees_no("fever");
    desk.answer(Slot::Deed, Err(refused(409, "It has begun.")))
        .sees("has a fever")
        .sees("It has begun.");
    // It can be sent again.
    desk.press("enter");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Cancel(..)))
    ));
    // Somebody without an appointment.
    let mut desk = Desk::at_board(USUAL, busy(3));
    desk.press("w").type_text("Ada Lovelace").press("ctrl-s");
    if desk.call(Slot::Deed).is_none() {
        desk.press("ctrl-s");
    }
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::WalkIn(_)))
    ));
    desk.press("esc").sees_no("Ada Lovelace");
    desk.answer(Slot::Deed, Err(refused(400, "Say when they were born.")))
        .sees("Ada Lovelace")
        .sees("Say when they were born.");
}
