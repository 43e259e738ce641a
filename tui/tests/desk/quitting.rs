//! Leaving the program.

use clinic_tui::effect::Slot;

use super::support::{Desk, rows};
use super::{USUAL, exits, registering, searched};

#[test]
fn q_quits_at_the_root_and_types_in_the_field() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("q");
    assert!(!exits(&desk));
    assert_eq!(searched(&desk).as_deref(), Some("q"));
    desk.press("esc q")
        .sees("[ Stay ]")
        .sees("[ Leave Clinic ]")
        .press("enter");
    assert!(!exits(&desk), "the safe answer has the focus");
    desk.press("q tab enter");
    assert!(exits(&desk));
}

#[test]
fn a_name_that_begins_with_q_does_not_end_the_program() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc").type_text("quang").press("enter");
    assert!(!exits(&desk));
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn ctrl_c_asks_once_everywhere_but_where_nobody_is_signed_in() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("ctrl-c");
    assert!(exits(&desk));
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-c").sees("Leave Clinic");
    assert!(!exits(&desk));
    desk.press("ctrl-c");
    assert!(exits(&desk));
    let mut desk = registering();
    desk.type_text("Ada").press("ctrl-c").sees("not saved");
    assert!(!exits(&desk));
    desk.press("ctrl-c");
    assert!(exits(&desk));
}

#[test]
fn whoever_types_at_a_question_without_letters_is_told_that_nothing_takes_it() {
    let told = "Nothing is typed here: Tab and Enter choose, Esc goes back.";
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc q").sees_no(told);
    desk.press("u").sees(told).sees("[ Leave Clinic ]");
    // Where letters answer, they do.
    let mut desk = registering();
    desk.type_text("Ada").press("esc").sees_no(told);
    desk.press("k").sees("Ada").sees_no(told);
}
