//! A time that was freed by calling an appointment off: whether somebody waits for it is said.

use clinic_shared::desk::appointments::{Appointment, ReasonKind, Status};
use clinic_tui::effect::{Call, Deed, PeopleCall, PeopleReply, Reply, Slot};

use super::support::clinic::{appointment, booking, busy, versioned};
use super::support::{Desk, Look, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

/// The appointment as it is called off: in an hour and a half.
fn gone(name: &str) -> Reply {
    let mut gone: Appointment = appointment(&booking(1, name));
    gone.starts_at = "2026-11-23T09:00:00Z".parse().ok();
    gone.status = Status::Cancelled;
    Reply::Appointment(versioned(gone))
}

/// On the board, an appointment is called off.
fn cancelled(look: Look, name: &str) -> Desk {
    let mut desk = Desk::at_board(look, busy(16));
    desk.press("x 1 enter").reply(Slot::Deed, gone(name));
    desk
}

fn asked(desk: &Desk) -> bool {
    desk.call(Slot::Freed) == Some(&Call::People(PeopleCall::Candidates(1)))
}

#[test]
fn who_waits_for_the_time_is_said_where_it_was_called_off() {
    let mut desk = cancelled(USUAL, "Grace Hopper");
    assert!(asked(&desk));
    desk.reply(Slot::Freed, PeopleReply::Candidates(2).into())
        .sees("Grace Hopper is cancelled. 2 wait for such a time (g w: list). (u: undo)");
    // Both keys do what they say.
    desk.press("g w");
    assert!(matches!(
        desk.call(Slot::List),
        Some(Call::People(PeopleCall::WaitingList(_)))
    ));
    let mut desk = cancelled(USUAL, "Grace Hopper");
    desk.reply(Slot::Freed, PeopleReply::Candidates(1).into())
        .sees("1 waits for such a time")
        .press("u");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Undo(..)))
    ));
}

#[test]
fn where_nobody_waits_nothing_more_is_said() {
    let mut desk = cancelled(USUAL, "Grace Hopper");
    desk.reply(Slot::Freed, PeopleReply::Candidates(0).into())
        .sees("Grace Hopper is cancelled")
        .sees_no("such a time");
    for error in [refused(403, "Not for you."), unreachable()] {
        let mut desk = cancelled(USUAL, "Grace Hopper");
        desk.answer(Slot::Freed, Err(error))
            .sees("Grace Hopper is cancelled")
            .sees_no("such a time")
            .sees_no("Not for you");
    }
}

#[test]
fn an_answer_after_the_message_went_is_a_remark() {
    let mut desk = cancelled(USUAL, "Grace Hopper");
    desk.wait(5_000).sees_no("is cancelled");
    desk.reply(Slot::Freed, PeopleReply::Candidates(3).into())
        .sees("Grace Hopper is cancelled. 3 wait for such a time")
        .sees_no("(u: undo)");
}

#[test]
fn a_time_that_nobody_can_be_given_is_not_asked_about() {
    // It has passed already.
    let mut desk = Desk::at_board(USUAL, busy(16));
    let mut over = appointment(&booking(1, "Grace Hopper"));
    over.starts_at = "2026-11-23T07:00:00Z".parse().ok();
    over.status = Status::Cancelled;
    desk.press("x 1 enter")
        .reply(Slot::Deed, Reply::Appointment(versioned(over)));
    assert!(!asked(&desk));
    // The doctor is away then.
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("x");
    let away = (1..=9)
        .find(|digit| {
            desk.press(&digit.to_string()).press("enter");
            let is_away = matches!(
                desk.call(Slot::Deed),
                Some(Call::Deed(Deed::Cancel(_, body)))
                    if body.reason_kind == Some(ReasonKind::DoctorAway)
            );
            if !is_away {
                desk = Desk::at_board(USUAL, busy(16));
                desk.press("x");
            }
            is_away
        })
        .is_some();
    assert!(away, "no digit says that the doctor is away");
    desk.reply(Slot::Deed, gone("Grace Hopper"));
    assert!(!asked(&desk));
}

#[test]
fn it_is_said_at_every_size() {
    for (width, height) in [(80, 24), (40, 15), (200, 60)] {
        let mut desk = cancelled(Look::new(width, height), "Marie Skłodowska");
        desk.reply(Slot::Freed, PeopleReply::Candidates(12).into())
            .sees("for such a time");
    }
    // On one line of the usual screen.
    let mut desk = cancelled(USUAL, "Marie Skłodowska");
    desk.reply(Slot::Freed, PeopleReply::Candidates(12).into())
        .sees("Cancelled. 12 wait for such a time (g w: waiting list). (u: undo)");
}
