//! Slips of a busy hand: what was done is taken back step by step, what is done next is done with
//! whom one has just booked, and what can hardly be meant is asked about.

use clinic_shared::client::Error;
use clinic_shared::desk::appointments::{Appointment, ReasonKind, Status};
use clinic_shared::desk::patients::{Duplicate, DuplicateReason, PatientRow};
use clinic_shared::desk::queue::BoardRow;
use clinic_tui::effect::{Call, Deed, Reply, Slot};

use super::support::clinic::{appointment, board_row, booking, busy, day, versioned};
use super::support::{Desk, Look, refused, row};

const USUAL: Look = Look::new(80, 24);

fn deed(desk: &Desk) -> Option<&Deed> {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(deed)) => Some(deed),
        _ => None,
    }
}

/// The answer to a step of the appointment with this number.
fn stands(number: u32, who: &str, status: Status, version: i64) -> Reply {
    let mut whole = appointment(&booking(number, who));
    whole.status = status;
    whole.version = version;
    whole.ticket = Some(17);
    Reply::Appointment(versioned(whole))
}

/// The board of three who are to come, at these times.
fn awaited(times: [&str; 3]) -> Vec<BoardRow> {
    let rows = times.iter().zip(1..).map(|(at, number)| {
        let mut row = booking(
            number,
            ["Ada Ahr", "Bea Boll", "Cy Cole"][number as usize - 1],
        );
        row.starts = Some((*at).to_owned());
        row.status = Status::Confirmed;
        board_row(&row)
    });
    rows.collect()
}

#[test]
fn what_was_done_is_taken_back_one_after_the_other() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "08:20"]));
    desk.press("c");
    desk.reply(Slot::Deed, stands(1, "Ada Ahr", Status::CheckedIn, 4));
    desk.press("j c");
    desk.reply(Slot::Deed, stands(2, "Bea Boll", Status::CheckedIn, 4));
    desk.press("u");
    assert!(matches!(deed(&desk), Some(Deed::Undo(2, _))));
    desk.reply(Slot::Deed, stands(2, "Bea Boll", Status::Confirmed, 5));
    desk.sees("Taken back: Bea Boll").press("u");
    assert!(matches!(deed(&desk), Some(Deed::Undo(1, _))));
    desk.reply(Slot::Deed, stands(1, "Ada Ahr", Status::Confirmed, 5));
    desk.sees("Taken back: Ada Ahr").press("u");
    desk.sees("There is nothing that can be taken back now.");
}

#[test]
fn of_one_appointment_the_last_step_is_taken_back_and_nobody_elses_then() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "08:20"]));
    desk.press("c");
    desk.reply(Slot::Deed, stands(1, "Ada Ahr", Status::CheckedIn, 4));
    desk.press("j c");
    desk.reply(Slot::Deed, stands(2, "Bea Boll", Status::CheckedIn, 4));
    desk.press("s");
    desk.reply(Slot::Deed, stands(2, "Bea Boll", Status::Running, 5));
    desk.press("u");
    desk.reply(Slot::Deed, stands(2, "Bea Boll", Status::CheckedIn, 6));
    // Bea's check-in is older than what was taken back; Ada's is not what would be meant.
    desk.press("u")
        .sees("There is nothing that can be taken back now.");
}

#[test]
fn what_was_called_off_for_the_doctors_absence_offers_no_way_back() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "08:20"]));
    desk.press("x").sees("Cancel appointment");
    let screen = desk.text();
    let line = screen.lines().find(|line| line.contains("doctor away"));
    let line = line.unwrap().to_owned();
    let digit: String = line
        .split("doctor away")
        .next()
        .and_then(|before| before.trim_end().chars().last())
        .into_iter()
        .collect();
    desk.press(&digit).press("enter");
    let mut whole: Appointment = appointment(&booking(1, "Ada Ahr"));
    whole.status = Status::Cancelled;
    whole.reason_kind = Some(ReasonKind::DoctorAway);
    whole.version = 4;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(whole)));
    desk.sees("Ada Ahr is cancelled").sees_no("undo");
}

#[test]
fn who_is_not_due_yet_is_no_no_show_without_a_question() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "11:10", "11:20"]));
    desk.press("j m").sees("Bea Boll is not due before 11:10.");
    assert_eq!(deed(&desk), None);
    desk.press("enter").sees_no("No-show already?");
    assert_eq!(deed(&desk), None, "the safe answer is the first");
    desk.press("m n");
    assert!(matches!(deed(&desk), Some(Deed::NoShow(2, _))));
}

#[test]
fn whoever_was_booked_is_selected_then() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "11:20"]));
    let arrives = |desk: &mut Desk| {
        let mut whole = appointment(&booking(9, "Nina New"));
        whole.starts = Some("10:00".to_owned());
        whole.starts_at = "2026-11-23T10:00:00Z".parse().ok();
        whole.status = Status::Pending;
        whole.version = 1;
        desk.reply(Slot::Deed, Reply::Appointment(versioned(whole)));
    };
    desk.press("w").type_text("Nina New").press("ctrl-s");
    assert!(matches!(deed(&desk), Some(Deed::WalkIn(_))));
    arrives(&mut desk);
    desk.press("enter y");
    assert!(
        matches!(deed(&desk), Some(Deed::Plain(9, ..))),
        "{:?}",
        deed(&desk)
    );
    // And stays so when the board comes.
    let rows = awaited(["08:00", "08:10", "11:20"]);
    let mut all = rows;
    let mut new = booking(9, "Nina New");
    new.starts = Some("10:00".to_owned());
    all.insert(2, board_row(&new));
    desk.reply(
        Slot::Refresh,
        Reply::Board(Box::new(day("2026-11-23", all))),
    );
    desk.sees(" Nina New · born");
}

#[test]
fn a_note_is_not_lost_by_one_key() {
    let mut desk = Desk::at_board(USUAL, busy(4));
    desk.press("x").type_text("three weeks away").press("esc");
    desk.sees("Discard?")
        .press("enter")
        .sees("three weeks away");
    desk.press("esc d").sees_no("Cancel appointment");
    // Without words, one key leaves.
    desk.press("x esc")
        .sees_no("Discard?")
        .sees_no("Cancel appointment");
}

#[test]
fn the_same_name_and_birth_date_in_the_queue_is_asked_about() {
    let mut here = booking(1, "Ada Ahr");
    here.status = Status::CheckedIn;
    let mut here = board_row(&here);
    here.ticket = Some(41);
    let person = PatientRow {
        id: here.patient.id,
        full_name: "Ada Ahr".to_owned(),
        birth_date: "1946-01-30".parse().ok(),
        ..row(1, "Ada Ahr")
    };
    let mut desk = Desk::at_board(USUAL, vec![here]);
    desk.press("w").type_text("ada ahr").press("enter");
    desk.type_text("1946-01-30").press("ctrl-s");
    let Error::Refused(mut known) = refused(409, "This person may be registered already.") else {
        unreachable!("it is one")
    };
    known.candidates = vec![Duplicate {
        patient: person,
        reasons: vec![DuplicateReason::NameAndBirthDate],
    }];
    desk.answer(Slot::Deed, Err(Error::Refused(known)));
    desk.press("ctrl-s")
        .sees("The same person?")
        .sees("ticket 41");
    assert_eq!(deed(&desk), None);
    desk.press("enter").sees_no("The same person?");
    assert_eq!(deed(&desk), None);
}

#[test]
fn a_digit_that_begins_a_note_chooses_nothing() {
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "08:20"]));
    desk.press("x").type_text("2 days fever").press("enter");
    let Some(Deed::Cancel(1, cancel)) = deed(&desk) else {
        panic!("{:?}", deed(&desk))
    };
    assert_eq!(cancel.reason_kind, None);
    assert_eq!(cancel.reason.as_deref(), Some("2 days fever"));
    // A digit alone, or one with a word at once, chooses.
    let mut desk = Desk::at_board(USUAL, awaited(["08:00", "08:10", "08:20"]));
    desk.press("x").type_text("2fever").press("enter");
    let Some(Deed::Cancel(1, cancel)) = deed(&desk) else {
        panic!("{:?}", deed(&desk))
    };
    assert!(cancel.reason_kind.is_some());
    assert_eq!(cancel.reason.as_deref(), Some("fever"));
}

#[test]
fn a_walk_in_goes_to_the_doctor_whose_name_is_typed() {
    for (typed, who) in [
        ("Wu", "Chien-Shiung Wu"),
        ("meitner", "Lise Meitner"),
        ("Dr. Mirzakhani", "Maryam Mirzakhani"),
    ] {
        let mut desk = Desk::at_board(USUAL, busy(8));
        desk.press("w").type_text("Nina New").press("tab tab tab");
        desk.type_text(typed).sees(&format!("To          {who}"));
        desk.press("enter");
        let Some(Call::Deed(Deed::WalkIn(form))) = desk.call(Slot::Deed) else {
            panic!("nobody is taken in for {typed}")
        };
        assert!(form.doctor.is_some());
    }
}
