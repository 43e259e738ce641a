//! A write whose answer was lost: it is said that nobody knows, it is asked again under the same
//! key, and it is done once.

use clinic_shared::Role;
use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::appointments::{Appointment, Status};
use clinic_tui::credentials::Kept;
use clinic_tui::effect::{Call, Deed, Reply, Slot};
use uuid::Uuid;

use super::support::clinic::{appointment, booking, busy, versioned};
use super::support::{Desk, Look, receptionist, record, refused, rows, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

fn stands(id: u32, status: Status) -> Appointment {
    let mut whole = appointment(&booking(id, "Grace Hopper"));
    whole.status = status;
    whole.version = 4;
    whole.ticket = Some(17);
    whole
}

fn done(desk: &mut Desk, id: u32, status: Status) {
    desk.reply(
        Slot::Deed,
        Reply::Appointment(versioned(stands(id, status))),
    );
}

/// Asks whether the server is back, and it is.
fn comes_back(desk: &mut Desk) {
    desk.wait(1_000);
    desk.reply(Slot::Link, Reply::Me(Box::new(receptionist())));
}

fn key(desk: &Desk) -> String {
    desk.key(Slot::Deed).unwrap().to_owned()
}

fn coded(status: u16, code: &str, detail: &str) -> Error {
    let Error::Refused(refusal) = refused(status, detail) else {
        unreachable!("it is one")
    };
    Error::Refused(Box::new(Refused {
        code: code.to_owned(),
        ..*refusal
    }))
}

#[test]
fn every_write_has_a_key_of_its_own() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("c");
    let first = key(&desk);
    done(&mut desk, 1, Status::CheckedIn);
    desk.press("u");
    let second = key(&desk);
    assert_ne!(first, second);
    assert!((1..=255).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_graphic()));
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    // The second step is pressed before the answer to the first is lost.
    desk.press("c j s t");
    let under = key(&desk);
    desk.answer(Slot::Deed, Err(unreachable()));
    desk.sees("Not known whether it was done (check in): no answer.")
        .sees("Asked again at")
        .sees("08:30:01; it is done once.")
        .sees("check in not known; next try in 1 s.");
    assert_eq!(desk.call(Slot::Deed), None);
    // Again and again, until there is an answer.
    for _ in 0..2 {
        comes_back(&mut desk);
        assert!(matches!(
            desk.call(Slot::Deed),
            Some(Call::Deed(Deed::CheckIn(1, _)))
        ));
        assert_eq!(key(&desk), under);
        desk.answer(Slot::Deed, Err(unreachable()));
    }
    comes_back(&mut desk);
    done(&mut desk, 1, Status::CheckedIn);
    desk.sees("Grace Hopper is checked in, ticket 17.")
        .sees_no("not known");
    // What waited behind it is done after it, under a key of its own.
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Plain(2, ..)))
    ));
    assert_ne!(key(&desk), under);
    done(&mut desk, 2, Status::Running);
    assert_eq!(desk.call(Slot::Deed), None);
}

#[test]
fn the_form_stays_and_sends_nothing_else_meanwhile() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("x 2").type_text("has a fever").press("enter");
    let under = key(&desk);
    desk.answer(Slot::Deed, Err(unreachable()));
    desk.sees("Not known whether it was done")
        .sees("has a fever")
        .press("enter");
    assert_eq!(desk.call(Slot::Deed), None);
    // What is typed meanwhile changes nothing of what was sent.
    desk.type_text(", and");
    comes_back(&mut desk);
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Cancel(1, body))) => {
            assert_eq!(body.reason.as_deref(), Some("has a fever"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(key(&desk), under);
    done(&mut desk, 1, Status::Cancelled);
    desk.sees("is cancelled.").sees_no("Cancel appointment");
}

#[test]
fn a_server_that_is_busy_with_it_is_asked_again_in_a_while() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("c");
    let under = key(&desk);
    for wait in [2_000, 4_000, 8_000] {
        let busy = coded(409, "in_progress", "This is being done.");
        desk.answer(Slot::Deed, Err(busy)).sees("Not known whether");
        assert_eq!(desk.call(Slot::Deed), None);
        assert!(desk.model.next_wake() > desk.now);
        desk.wait(wait - 1);
        assert_eq!(desk.call(Slot::Deed), None);
        desk.wait(1);
        assert_eq!(key(&desk), under);
        assert!(desk.call(Slot::Deed).is_some());
    }
    done(&mut desk, 1, Status::CheckedIn);
    desk.sees("is checked in");
}

#[test]
fn what_was_done_and_can_not_be_told_is_no_failure() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("x 2 enter")
        .answer(Slot::Deed, Err(unreachable()));
    comes_back(&mut desk);
    let detail = "This was done, but the server stopped before it had answered; look for it.";
    desk.answer(Slot::Deed, Err(coded(409, "answer_lost", detail)));
    desk.sees("This was done, but the server stopped")
        .sees_no("Not done")
        .sees_no("Cancel appointment");
}

#[test]
fn a_session_that_ends_meanwhile_forgets_nothing_for_the_same_person() {
    for is_same in [true, false] {
        let mut desk = Desk::at_board(USUAL, busy(16));
        desk.press("c");
        let under = key(&desk);
        desk.answer(Slot::Deed, Err(unreachable()));
        comes_back(&mut desk);
        desk.answer(Slot::Deed, Err(Error::SignedOut));
        desk.sees("Your session has ended");
        let mut who = receptionist();
        if !is_same {
            who.id = Uuid::from_u128(4711);
            who.role = Role::Admin;
        }
        desk.type_text("horse").press("enter").reply(
            Slot::Session,
            Reply::SignedIn {
                who: Box::new(who),
                kept: Ok(Kept::Keyring),
            },
        );
        if is_same {
            assert_eq!(key(&desk), under);
            done(&mut desk, 1, Status::CheckedIn);
            desk.sees("is checked in");
        } else {
            assert_eq!(desk.call(Slot::Deed), None, "not in another's name");
        }
    }
}

#[test]
fn a_person_whose_registration_was_not_answered_is_registered_once() {
    let mut desk = Desk::with_rows(USUAL, rows(4));
    desk.press("esc n").type_text("Zoe Zuse").press("ctrl-s");
    let under = desk.key(Slot::Save).unwrap().to_owned();
    desk.answer(Slot::Save, Err(unreachable()));
    desk.sees("Not known whether").sees("Zoe Zuse");
    comes_back(&mut desk);
    assert!(matches!(desk.call(Slot::Save), Some(Call::Register(_))));
    assert_eq!(desk.key(Slot::Save), Some(under.as_str()));
    let mut zoe = record(&rows(1)[0]);
    zoe.full_name = "Zoe Zuse".to_owned();
    desk.reply(Slot::Save, Reply::Saved(tagged(zoe)))
        .sees("Registered Zoe Zuse");
    // A form that says something else by now waits for the person.
    let mut desk = Desk::with_rows(USUAL, rows(4));
    desk.press("esc n").type_text("Zoe Zus").press("ctrl-s");
    let under = desk.key(Slot::Save).unwrap().to_owned();
    desk.answer(Slot::Save, Err(unreachable()));
    desk.type_text("e");
    comes_back(&mut desk);
    assert_eq!(desk.call(Slot::Save), None);
    desk.press("ctrl-s");
    assert!(desk.key(Slot::Save) != Some(under.as_str()));
}
