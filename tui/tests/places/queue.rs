//! The queue of a doctor: three patients served with single keys, and what is the front desk's.

use clinic_shared::client::{Error, Plain};
use clinic_shared::desk::appointments::{Appointment, Status, Step};
use clinic_shared::desk::queue::{BoardRow, DoctorDay, Priority, RunningLate, WaitLevel};
use clinic_tui::effect::{Call, Deed, Reply, Slot};

use super::support::clinic::{
    appointment, board_row, booking, busy, lise, queue, rows_of_status, versioned,
};
use super::support::{Desk, Look, receptionist, refused};

const USUAL: Look = Look::new(80, 24);

const NAMES: [&str; 3] = ["Ana Berg", "Ben Ito", "Cora Lund"];

/// Three who wait.
fn waiting() -> Vec<BoardRow> {
    (1u32..)
        .zip(NAMES)
        .map(|(number, name)| {
            let mut row = board_row(&booking(number, name));
            row.status = Status::CheckedIn;
            row.waiting_minutes = Some(i64::from(number) * 10);
            row.wait_level = Some(WaitLevel::Ok);
            row.ticket = Some(i64::from(number));
            row
        })
        .collect()
}

fn deed(desk: &Desk) -> Option<&Deed> {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(deed)) => Some(deed),
        None => None,
        other => panic!("no deed but {other:?}"),
    }
}

/// One of the three as they stand after a step.
fn stands(number: u32, status: Status, version: i64) -> Appointment {
    let name = NAMES[number as usize - 1];
    let mut whole = appointment(&booking(number, name));
    whole.doctor = queue(Vec::new()).doctor.doctor;
    whole.status = status;
    whole.version = version;
    whole.ticket = Some(i64::from(number));
    whole
}

fn step(id: i64, plain: Plain, version: i64) -> Deed {
    let version = Some(version);
    Deed::Plain(id, plain, Step { version })
}

#[test]
fn three_patients_are_served_with_two_keys_each() {
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.sees("Next  Ana Berg");
    for (number, name) in (1u32..).zip(NAMES) {
        let id = i64::from(number);
        desk.press("s");
        assert!(deed(&desk) == Some(&step(id, Plain::Start, 3)), "{name}");
        let inside = stands(number, Status::Running, 4);
        desk.reply(Slot::Deed, Reply::Appointment(versioned(inside)))
            .sees(&format!("Now   {name}"));
        desk.press("d");
        assert!(deed(&desk) == Some(&step(id, Plain::Complete, 4)), "{name}");
        let seen = stands(number, Status::Completed, 5);
        desk.reply(Slot::Deed, Reply::Appointment(versioned(seen)))
            .sees(&format!("{name} was seen. (u: undo)"))
            .sees("Now   nobody");
    }
    desk.sees("Nobody is here");
    // Each time the queue was asked for again, and never the board, which is the desk's.
    assert_eq!(desk.call(Slot::Refresh), Some(&Call::Queue(None)));
    desk.press("u");
    assert!(matches!(deed(&desk), Some(Deed::Undo(3, _))));
}

#[test]
fn everybody_inside_is_named() {
    let mut rows = waiting();
    rows[0].status = Status::Running;
    rows[1].status = Status::Running;
    let mut desk = Desk::at_queue(USUAL, rows);
    desk.sees("Now   2 inside: Ana Berg, Ben Ito");
    desk.press("j j s")
        .sees("Ana Berg and Ben Ito are still inside with")
        .sees("Cora Lund.");
    desk.press("f");
    assert!(deed(&desk) == Some(&step(1, Plain::Complete, 3)));
}

#[test]
fn a_row_shows_at_once_what_becomes_of_it_and_one_key_acts_once() {
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("s").sees("» running…");
    desk.press("s").sees("The last step is still being saved.");
    assert!(deed(&desk) == Some(&step(1, Plain::Start, 3)));
    // The next patient's row can be dealt with meanwhile.
    desk.press("j i");
    desk.answer(Slot::Deed, Err(refused(409, "Rosa called this off.")));
    desk.sees("Ana Berg: Rosa called this off.")
        .sees_no("running…");
    assert!(matches!(deed(&desk), Some(Deed::CallIn(2, _))));
}

#[test]
fn a_queue_that_was_read_before_a_step_does_not_take_it_back() {
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("s");
    let inside = stands(1, Status::Running, 4);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(inside)));
    desk.wait(150).press("d");
    let seen = stands(1, Status::Completed, 5);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(seen)));
    desk.press("s");
    let inside = stands(2, Status::Running, 4);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(inside)));
    // Asked for after the first step and read before the second; only now it is here.
    let mut before = waiting();
    before[0].status = Status::Running;
    before[0].version = 4;
    desk.reply(Slot::Refresh, Reply::Queue(queue(before)))
        .sees("Now   Ben Ito")
        .sees("Next  Cora Lund")
        .sees_no("▸ 08:00");
    desk.press("d");
    assert!(deed(&desk) == Some(&step(2, Plain::Complete, 4)));
    assert_eq!(desk.call(Slot::Refresh), Some(&Call::Queue(None)));
}

#[test]
fn the_head_has_the_numbers_of_the_day() {
    let mut desk = Desk::at_queue(USUAL, busy(24));
    desk.sees("Lise Meitner · Mon 23 Nov 2026")
        .sees("3 seen · 3 wait · longest 31 min · 6 to come · average 12 min");
    // A minute later somebody has waited a minute longer.
    desk.wait(10_000).wait(50_500).sees("longest 32 min");
    desk.sees("Now   ").sees("Next  ");
}

#[test]
fn the_queue_is_asked_for_again_by_itself_and_changes_are_marked() {
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("j").wait(15_000);
    assert_eq!(desk.call(Slot::Refresh), Some(&Call::Queue(None)));
    let mut rows = waiting();
    let mut urgent = board_row(&booking(9, "Dan Okoro"));
    urgent.status = Status::CheckedIn;
    rows.insert(0, urgent);
    desk.reply(Slot::Refresh, Reply::Queue(queue(rows)))
        .sees(" *")
        .sees("Next  Dan Okoro");
    // The selection stays with its row.
    desk.press("s");
    assert!(deed(&desk) == Some(&step(2, Plain::Start, 3)));
    desk.wait(2_500).sees_no(" *");
}

#[test]
fn running_late_can_be_said_with_nobody_there() {
    let mut desk = Desk::at_queue(USUAL, Vec::new());
    desk.sees("Nobody is here, and nobody is still to come today.");
    desk.press("L").sees("Lise Meitner").type_text("20");
    desk.press("enter");
    let doctor = queue(Vec::new()).doctor.doctor;
    let late = RunningLate {
        minutes: 20,
        date: "2026-11-23".parse().ok(),
        version: None,
    };
    assert!(deed(&desk) == Some(&Deed::RunLate(doctor.id, late)));
    let day = DoctorDay {
        doctor,
        date: "2026-11-23".parse().unwrap(),
        late_minutes: 20,
        version: 1,
    };
    desk.reply(Slot::Deed, Reply::Late(Box::new(day)))
        .sees("Lise Meitner runs 20 minutes late. (u: undo)")
        .sees("20 min late");
}

#[test]
fn the_queue_says_why_somebody_is_next() {
    let mut rows = waiting();
    rows.truncate(2);
    let at = |clock: &str| format!("2026-11-23T{clock}:00Z").parse().ok();
    rows[0].priority = Priority::Urgent;
    rows[1].starts_at = at("07:10");
    rows[1].checked_in_at = at("07:20");
    let mut desk = Desk::at_queue(Look::new(120, 30), rows.clone());
    desk.sees("Next  Ana Berg · No. 1 · goes before others: urgent");
    desk.press("j").sees("Ben Ito · due since 08:10");
    rows[0].priority = Priority::Normal;
    rows[0].starts_at = at("08:00");
    rows[0].checked_in_at = at("07:05");
    let mut desk = Desk::at_queue(Look::new(120, 30), rows);
    desk.sees("Next  Ana Berg · No. 1 · came 08:05");
    desk.press("o").sees("The order").sees("emergencies");
}

#[test]
fn who_is_inside_does_not_wait() {
    let mut rows = waiting();
    rows.truncate(1);
    rows[0].status = Status::Running;
    rows[0].started_at = "2026-11-23T07:18:00Z".parse().ok();
    Desk::at_queue(USUAL, rows)
        .sees("» running")
        .sees("Ana Berg · inside for 12 min")
        .sees_no(" 10 min");
}

#[test]
fn who_did_not_come_and_who_goes_back_to_waiting_have_their_keys() {
    for (status, key, expected) in [
        (Status::Confirmed, "m", "no-show"),
        (Status::Running, "z", "back to waiting"),
        (Status::CheckedIn, "E", "left"),
        (Status::CheckedIn, "i", "call in"),
        (Status::Confirmed, "c", "check in"),
    ] {
        let mut desk = Desk::at_queue(USUAL, rows_of_status(status));
        desk.press(key);
        assert_eq!(deed(&desk).map(Deed::name), Some(expected), "{key}");
    }
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("r").sees("Room").type_text("B 12");
    desk.press("enter");
    assert_eq!(deed(&desk).map(Deed::name), Some("set a room"));
}

#[test]
fn what_the_server_refuses_a_doctor_is_not_offered() {
    let mut desk = Desk::at_queue(Look::new(120, 60), waiting());
    for (keys, why) in [
        ("f2", "That is for the front desk; you see your queue."),
        ("f5", "That is for the front desk; you see your queue."),
        ("g u", "Only an admin keeps the accounts."),
        ("]", "You see your own queue here."),
    ] {
        desk.press(keys).sees(why).sees("[F7 Queue]");
    }
    desk.press("?")
        .sees("Running late")
        .sees_no("Walk-in")
        .sees_no("Moves the appointment");
    desk.press("esc enter").reply_record().press("o");
    desk.sees("That is for the front desk; you see your queue.");
    assert_eq!(desk.call(Slot::Record), None, "no patient's record");
}

#[test]
fn the_desk_looks_at_the_queue_of_any_doctor() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    let whose = board_row(&booking(1, "")).doctor;
    desk.press("f7").sees("[Queue]").sees(&whose.full_name);
    assert_eq!(desk.call(Slot::List), Some(&Call::Queue(Some(whose.id))));
    desk.press("]");
    let Some(Call::Queue(Some(next))) = desk.call(Slot::List) else {
        panic!("no other queue is asked for")
    };
    assert_ne!(*next, whose.id);
    desk.press("[");
    assert_eq!(desk.call(Slot::List), Some(&Call::Queue(Some(whose.id))));
}

#[test]
fn a_session_that_ended_leaves_the_queue_for_the_next_sign_in() {
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("s");
    desk.answer(Slot::Deed, Err(Error::SignedOut));
    desk.sees("Password").sees_no("Ana Berg");
    desk.type_text("horse").press("enter");
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    let who = Box::new(lise());
    desk.reply(Slot::Session, Reply::SignedIn { who, kept })
        .sees("Ana Berg");
    // Somebody of the desk goes on at the board.
    let mut desk = Desk::at_queue(USUAL, waiting());
    desk.press("s");
    desk.answer(Slot::Deed, Err(Error::SignedOut));
    desk.type_text("horse").press("enter");
    let mut eva = receptionist();
    eva.id = uuid::Uuid::from_u128(55);
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    let who = Box::new(eva);
    desk.reply(Slot::Session, Reply::SignedIn { who, kept })
        .sees_no("Ana Berg")
        .sees("[F2 Today]");
    assert!(matches!(desk.call(Slot::List), Some(Call::Board(_))));
}
