//! A patient's record.

use clinic_tui::effect::{Call, Effect, Reply, Slot};

use super::USUAL;
use super::support::{Desk, Look, receptionist, record, refused, rows, tagged, unreachable};

#[test]
fn what_the_list_knows_is_shown_until_the_record_is_there() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter")
        .sees("Grace Hopper")
        .sees_no("penicillin");
    desk.reply(Slot::Record, Reply::Patient(tagged(record(&rows(1)[0]))))
        .sees("penicillin");
    desk.press("esc").sees("Find").sees("Grace Hopper");
}

#[test]
fn a_record_closed_before_its_answer_is_not_asked_for_any_more() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter esc");
    assert!(desk.effects.contains(&Effect::Abort(Slot::Record)));
    desk.sees("Find");
}

#[test]
fn one_leafs_through_records() {
    let mut desk = Desk::with_record(Look::new(120, 40));
    desk.press("]").sees("P-000002");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(rows(2)[1].id)));
    desk.press("[ [").sees("P-000001");
}

#[test]
fn a_record_that_is_gone_says_so() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter")
        .answer(Slot::Record, Err(refused(404, "No Patient matches.")));
    desk.sees("not there any more");
}

#[test]
fn a_record_that_cannot_be_read_shows_what_the_list_knows() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter").answer(Slot::Record, Err(unreachable()));
    desk.sees("030 1007919")
        .sees("male")
        .sees("2 Feb 1951")
        .sees("P-000001")
        .sees("when the server answers");
    desk.press("e")
        .sees_no("Full name")
        .sees("The record can't be read now");
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.reply(Slot::Record, Reply::Patient(tagged(record(&rows(1)[0]))))
        .sees("penicillin");
}
