//! The flow board: what each key does with the selected appointment, and what is said when it can't.

use clinic_shared::client::{Error, Plain, Told};
use clinic_shared::desk::appointments::{
    Appointment, Cancel, CancelledBy, Loss, ReasonKind, Return, Status, Step,
};
use clinic_shared::desk::queue::{CallIn, DoctorDay, Priority, SetPriority, SetRoom};
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::credentials::Kept;
use clinic_tui::effect::{Call, Deed, Reply, Slot};

use super::booking::{begun, slot, slots};
use super::support::clinic::{appointment, booking, busy, day, versioned};
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

/// Which rows stand how: row n of the busy morning stands as the n-th status, round and round.
const CONFIRMED: usize = 1;
const CHECKED_IN: usize = 2;
const RUNNING: usize = 3;
const COMPLETED: usize = 4;
const PENDING: usize = 8;

fn at_board() -> Desk {
    Desk::at_board(USUAL, busy(16))
}

/// At this row of the busy morning.
fn at(row: usize) -> Desk {
    let mut desk = at_board();
    for _ in 1..row {
        desk.press("j");
    }
    desk
}

fn deed(desk: &Desk) -> Option<&Deed> {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(deed)) => Some(deed),
        None => None,
        other => panic!("no deed but {other:?}"),
    }
}

/// An appointment of the busy morning as it stands after a step.
fn stands(row: usize, status: Status) -> Appointment {
    let mut whole = appointment(&booking(u32::try_from(row).unwrap(), "Grace Hopper"));
    whole.status = status;
    whole.version = 4;
    whole.ticket = Some(17);
    whole
}

fn replies(desk: &mut Desk, whole: Appointment) {
    desk.reply(Slot::Deed, Reply::Appointment(versioned(whole)));
}

#[test]
fn a_key_does_its_step_with_the_version_on_the_screen() {
    let version = Some(3);
    let again = Return {
        version,
        overbook: None,
    };
    let loss = Loss {
        version,
        ..Loss::default()
    };
    let plain = |row: i64, plain| Deed::Plain(row, plain, Step { version });
    for (row, key, expected) in [
        (CONFIRMED, "c", Deed::CheckIn(1, again.clone())),
        (CONFIRMED, "s", plain(1, Plain::Start)),
        (CONFIRMED, "m", Deed::NoShow(1, loss.clone())),
        (CHECKED_IN, "s t", plain(2, Plain::Start)),
        (CHECKED_IN, "E", Deed::Left(2, loss)),
        (
            CHECKED_IN,
            "i",
            Deed::CallIn(
                2,
                CallIn {
                    room: None,
                    version,
                },
            ),
        ),
        (RUNNING, "d", plain(3, Plain::Complete)),
        (RUNNING, "z", plain(3, Plain::BackToWaiting)),
        (PENDING, "y", plain(8, Plain::Confirm)),
        (COMPLETED, "U", Deed::Undo(4, again)),
    ] {
        let mut desk = at(row);
        desk.press(key);
        assert!(deed(&desk) == Some(&expected), "{key} on row {row}");
    }
}

#[test]
fn a_key_that_can_do_nothing_says_why() {
    for (row, key, why) in [
        (
            COMPLETED,
            "c",
            "This appointment is completed; it can't be checked in.",
        ),
        (CONFIRMED, "d", "it can't be completed. Check it in (c) and"),
        (CONFIRMED, "z", "it can't be sent back to the waiting room."),
        (
            RUNNING,
            "x",
            "This appointment is running; it can't be cancelled.",
        ),
        (COMPLETED, "r", "it can't be given a room."),
        (RUNNING, "v", "it can't be moved."),
        (
            COMPLETED,
            "u",
            "There is nothing that can be taken back now.",
        ),
    ] {
        let mut desk = at(row);
        desk.press(key).sees(why);
        assert!(deed(&desk).is_none(), "{key} on row {row}");
    }
    let mut nobody = Desk::at_board(USUAL, Vec::new());
    nobody.press("c").sees("No appointment is selected.");
}

#[test]
fn what_belongs_to_the_day_waits_for_it() {
    let mut desk = at_board();
    let tomorrow = day("2026-11-24", busy(3));
    desk.press("]")
        .reply(Slot::List, Reply::Board(Box::new(tomorrow)));
    desk.press("c")
        .sees("That can be done on the day itself only.");
    desk.press("x").sees("Cancel appointment");
}

#[test]
fn the_next_patient_is_checked_in_by_one_key_and_taken_back_by_one() {
    let mut desk = at(CONFIRMED);
    desk.press("c");
    replies(&mut desk, stands(1, Status::CheckedIn));
    desk.sees("Grace Hopper is checked in, ticket 17. (u: undo)")
        .sees("*08:00");
    // The board is asked for again beside it, and the cursor stays.
    assert!(matches!(desk.call(Slot::Refresh), Some(Call::Board(_))));
    desk.press("j j u");
    let back = Return {
        version: Some(4),
        overbook: None,
    };
    assert!(deed(&desk) == Some(&Deed::Undo(1, back)));
    replies(&mut desk, stands(1, Status::Confirmed));
    desk.sees("Taken back: Grace Hopper is confirmed again.");
    // Once.
    desk.press("u")
        .sees("There is nothing that can be taken back now.");
}

#[test]
fn a_board_that_was_read_before_a_step_does_not_take_it_back() {
    let mut desk = at(CONFIRMED);
    desk.press("c");
    replies(&mut desk, stands(1, Status::CheckedIn));
    desk.wait(150).press("u");
    let mut taken_back = stands(1, Status::Confirmed);
    taken_back.version = 5;
    replies(&mut desk, taken_back);
    desk.sees("Taken back: Grace Hopper is confirmed again.");
    // Asked for after the check-in and read before the undo; only now it is here.
    let mut before = busy(16);
    before[0].status = Status::CheckedIn;
    before[0].version = 4;
    before[7].status = Status::Confirmed;
    let board = Reply::Board(Box::new(day("2026-11-23", before)));
    desk.reply(Slot::Refresh, board);
    desk.sees("Lise Meitner           Wu         ○ confirmed");
    let again = Return {
        version: Some(5),
        overbook: None,
    };
    desk.press("c");
    assert!(
        deed(&desk) == Some(&Deed::CheckIn(1, again)),
        "{}",
        desk.text()
    );
    // How it is now is asked for.
    assert!(matches!(desk.call(Slot::Refresh), Some(Call::Board(_))));
}

#[test]
fn undo_waits_for_the_step_that_is_meant() {
    let mut desk = at(CONFIRMED);
    desk.press("c");
    replies(&mut desk, stands(1, Status::CheckedIn));
    // Who is meant is the one whose step is under way, not the one before.
    desk.press("j j j j j j j j j s u")
        .sees("The last step is still being saved.");
    replies(&mut desk, stands(10, Status::Running));
    assert!(deed(&desk).is_none(), "nothing else was sent");
    desk.press("u");
    assert!(matches!(deed(&desk), Some(Deed::Undo(10, _))));
}

#[test]
fn steps_go_one_after_the_other_and_none_is_dropped() {
    let mut desk = at(CONFIRMED);
    desk.press("c j s t j d");
    assert!(matches!(deed(&desk), Some(Deed::CheckIn(1, _))));
    // On the same appointment one waits for the other.
    desk.press("k").press("s").sees("still being saved");
    replies(&mut desk, stands(1, Status::CheckedIn));
    assert!(matches!(deed(&desk), Some(Deed::Plain(2, Plain::Start, _))));
    replies(&mut desk, stands(2, Status::Running));
    assert!(matches!(
        deed(&desk),
        Some(Deed::Plain(3, Plain::Complete, _))
    ));
    replies(&mut desk, stands(3, Status::Completed));
    assert!(deed(&desk).is_none());
}

#[test]
fn who_was_faster_is_said_and_the_board_is_asked_for_again() {
    let mut desk = at(CONFIRMED);
    desk.press("c");
    let detail = "Ann Winter moved this to running 12 s ago.";
    desk.answer(Slot::Deed, Err(refused(409, detail)));
    desk.sees("Hopper: Ann Winter moved this to running 12 s ago.");
    assert!(matches!(desk.call(Slot::Refresh), Some(Call::Board(_))));
}

#[test]
fn without_the_server_nothing_is_done_and_the_reason_is_said() {
    let mut desk = at(CONFIRMED);
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    for key in ["c", "x", "r", "L", "w"] {
        desk.press(key).sees("The server does not answer.");
        desk.sees("[F2 Today]").sees_no("Cancel appointment");
        assert!(deed(&desk).is_none(), "{key}");
    }
}

#[test]
fn words_typed_at_once_are_the_note_and_choose_nothing() {
    let mut desk = at(CONFIRMED);
    desk.press("x").type_text("flu, called us").press("enter");
    match deed(&desk) {
        Some(Deed::Cancel(_, body)) => {
            assert_eq!(body.reason.as_deref(), Some("flu, called us"));
            assert_eq!((body.by, body.reason_kind), (CancelledBy::Patient, None));
        }
        other => panic!("{other:?}"),
    }
    // A note may begin with a digit, once the cursor is there.
    let mut desk = at(CONFIRMED);
    desk.press("x tab")
        .type_text("2 days' notice")
        .press("enter");
    match deed(&desk) {
        Some(Deed::Cancel(_, body)) => {
            assert_eq!(body.reason.as_deref(), Some("2 days' notice"));
            assert_eq!(body.reason_kind, None);
        }
        other => panic!("{other:?}"),
    }
    // The first digit chooses, and Backspace takes that back; then it is text.
    let mut desk = at(CONFIRMED);
    desk.press("x 3 backspace 2")
        .type_text("39 fever")
        .press("enter");
    match deed(&desk) {
        Some(Deed::Cancel(_, body)) => {
            assert_eq!(body.reason.as_deref(), Some("39 fever"));
            assert_eq!(body.reason_kind, Some(ReasonKind::Illness));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn calling_off_takes_three_keys() {
    let mut desk = at(CONFIRMED);
    desk.press("x 2 enter");
    let body = Cancel {
        by: CancelledBy::Patient,
        reason_kind: Some(ReasonKind::Illness),
        reason: None,
        version: Some(3),
    };
    assert!(deed(&desk) == Some(&Deed::Cancel(1, body)));
    let mut off = stands(1, Status::Cancelled);
    off.cancelled_by = Some(CancelledBy::Patient);
    off.reason_kind = Some(ReasonKind::Illness);
    replies(&mut desk, off);
    desk.sees("is cancelled: by the patient, too ill to come. (u: undo)")
        .sees_no("Cancel appointment");
}

#[test]
fn who_calls_off_follows_from_why_and_can_be_said() {
    for (keys, by) in [
        ("x 6 enter", CancelledBy::Clinic),
        // It can't be the patient's.
        ("x 6 tab space enter", CancelledBy::Clinic),
        ("x shift-tab space tab 2 enter", CancelledBy::Patient),
        ("x shift-tab space tab 0 enter", CancelledBy::Clinic),
        ("x 8 tab space enter", CancelledBy::Patient),
        ("x 8 tab right enter", CancelledBy::Patient),
        ("x down down enter", CancelledBy::Patient),
    ] {
        let mut desk = at(CONFIRMED);
        desk.press(keys);
        match deed(&desk) {
            Some(Deed::Cancel(_, body)) => assert_eq!(body.by, by, "{keys}"),
            other => panic!("{keys}: {other:?}"),
        }
    }
    let mut desk = at(CONFIRMED);
    desk.press("x enter")
        .sees("Say why: press a digit, or type it.");
    desk.type_text("is in hospital").press("enter");
    match deed(&desk) {
        Some(Deed::Cancel(_, body)) => {
            assert_eq!(body.reason.as_deref(), Some("is in hospital"));
            assert_eq!(body.reason_kind, None);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_typed_outlives_conflict_outage_and_session() {
    let mut desk = at(CONFIRMED);
    desk.press("x 2").type_text("has a fever").press("enter");
    let detail = "Ann Winter changed the room 3 s ago.";
    desk.answer(Slot::Deed, Err(refused(409, detail)));
    desk.sees("Not done. Ann Winter changed the room 3 s ago.")
        .sees("has a fever");
    let mut changed = busy(16);
    changed[0].version = 5;
    let board = Reply::Board(Box::new(day("2026-11-23", changed)));
    desk.reply(Slot::Refresh, board);
    // Who has been told goes on from how it is now.
    desk.press("enter");
    match deed(&desk) {
        Some(Deed::Cancel(_, body)) => assert_eq!(body.version, Some(5)),
        other => panic!("{other:?}"),
    }
    desk.answer(Slot::Deed, Err(Error::SignedOut));
    desk.sees("Your session has ended").sees_no("has a fever");
    desk.type_text("horse").press("enter").reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(Kept::Keyring),
        },
    );
    desk.sees("has a fever").sees("sign in, then do it again");
    desk.press("enter").answer(Slot::Deed, Err(unreachable()));
    desk.sees("has a fever")
        .sees("Not known whether it was done");
}

#[test]
fn a_room_is_typed_and_put_back() {
    let mut desk = at(RUNNING);
    desk.press("r").sees("B 12").type_text("C 4");
    desk.press("enter");
    let room = |room: &str, version| SetRoom {
        room: room.to_owned(),
        version: Some(version),
    };
    assert!(deed(&desk) == Some(&Deed::Room(3, room("C 4", 3))));
    let mut whole = stands(3, Status::Running);
    whole.room = Some("C 4".to_owned());
    replies(&mut desk, whole);
    desk.sees("is seen in C 4. (u: undo)").press("u");
    assert!(deed(&desk) == Some(&Deed::Room(3, room("B 12", 4))));
}

#[test]
fn what_is_typed_takes_the_place_of_the_room_and_an_arrow_goes_on_with_it() {
    let typed = |keys: &str, text: &str| {
        let mut desk = at(RUNNING);
        desk.press(keys).type_text(text).press("enter");
        match deed(&desk) {
            Some(Deed::Room(_, body)) => body.room.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(typed("r", "7"), "7");
    assert_eq!(typed("r end", "a"), "B 12a");
    assert_eq!(typed("r backspace", "3"), "B 13");
}

#[test]
fn how_late_is_typed_anew_and_more_than_two_hours_are_asked_about() {
    let mut desk = at(CONFIRMED);
    let late = |desk: &Desk| match deed(desk) {
        Some(Deed::RunLate(_, body)) => Some(body.minutes),
        _ => None,
    };
    desk.press("L").type_text("510").press("enter");
    desk.sees("That is 8 h 30 min. Enter once more if it is meant.");
    assert_eq!(late(&desk), None);
    // Another number is another question.
    desk.press("ctrl-u").type_text("721").press("enter");
    desk.sees("At most 720 minutes, 12 hours.");
    desk.press("ctrl-u").type_text("180").press("enter");
    desk.sees("That is 3 h 00 min.");
    desk.press("enter");
    assert_eq!(late(&desk), Some(180));
}

#[test]
fn who_goes_first_is_one_letter() {
    let mut desk = at(CHECKED_IN);
    desk.press("p 2 enter");
    let body = SetPriority {
        priority: Priority::Urgent,
        reason: None,
        version: Some(3),
    };
    assert!(deed(&desk) == Some(&Deed::Priority(2, body)));
}

#[test]
fn a_doctor_runs_late_and_is_on_time_again() {
    let mut desk = at(CONFIRMED);
    desk.press("L enter").sees("How many minutes?");
    desk.type_text("2x").sees("In digits").type_text("0");
    desk.press("enter");
    let Some(Deed::RunLate(doctor, body)) = deed(&desk) else {
        panic!("nobody runs late")
    };
    assert_eq!(body.minutes, 20);
    let late = DoctorDay {
        doctor: clinic_shared::desk::appointments::Person {
            id: *doctor,
            number: 1,
            full_name: "Maryam Mirzakhani".to_owned(),
        },
        date: body.date.unwrap(),
        late_minutes: 20,
        version: 1,
    };
    desk.reply(Slot::Deed, Reply::Late(Box::new(late)));
    desk.sees("Maryam Mirzakhani runs 20 minutes late. (u: undo)")
        .sees("20m late")
        .press("u");
    match deed(&desk) {
        Some(Deed::RunLate(_, body)) => {
            assert_eq!((body.minutes, body.version), (0, Some(1)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_board_follows_what_happens_and_marks_what_changed() {
    let mut desk = at(CHECKED_IN);
    let same = Reply::Board(Box::new(day("2026-11-23", busy(16))));
    desk.reply(Slot::Refresh, same).wait(600_000);
    assert_eq!(
        desk.call(Slot::Refresh),
        None,
        "nothing is asked for nothing"
    );
    let event = Event {
        kind: EventKind::Queue,
        object: None,
        doctor: None,
        patient: None,
    };
    desk.hears(Told::Happened(4, event));
    assert!(matches!(desk.call(Slot::Refresh), Some(Call::Board(_))));
    let mut changed = busy(16);
    changed[4].status = Status::Confirmed;
    changed[4].version = 9;
    let mut early = busy(1).remove(0);
    early.id = 99;
    changed.insert(0, early);
    let board = Reply::Board(Box::new(day("2026-11-23", changed)));
    desk.reply(Slot::Refresh, board);
    desk.sees("*10:00").sees("*08:00").sees("▸ 08:30");
    desk.wait(2_000).sees_no("*10:00").sees("▸ 08:30");
    // While the server is away it is not asked in vain.
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    desk.wait(500);
    assert!(desk.model.next_wake() > desk.now);
    assert_eq!(desk.call(Slot::Refresh), None);
}

#[test]
fn a_wait_grows_and_its_level_is_a_sign_too() {
    let mut desk = at_board();
    desk.sees("4 min").sees("! 17 min");
    desk.wait(14 * 60_000);
    desk.sees("! 18 min").sees("!!31 min");
}

#[test]
fn an_appointment_is_dealt_with_in_its_record_too() {
    let mut desk = at(CONFIRMED);
    desk.press("enter").reply_record().press("c");
    assert!(matches!(deed(&desk), Some(Deed::CheckIn(1, _))));
    replies(&mut desk, stands(1, Status::CheckedIn));
    desk.sees("● checked in").sees("(u: undo)");
    desk.press("x 2 enter");
    assert!(matches!(deed(&desk), Some(Deed::Cancel(1, body)) if body.version == Some(4)));
    replies(&mut desk, stands(1, Status::Cancelled));
    desk.press("t").sees("Close the record first.");
}

#[test]
fn in_forty_columns_a_wait_is_seen_still() {
    let mut desk = Desk::at_board(Look::new(40, 15), busy(16));
    desk.sees("● 4 min").sees("confirmed");
}

#[test]
fn the_day_can_be_read_by_doctor() {
    let mut desk = at(CHECKED_IN);
    desk.sees("Time   Patient");
    // Whose rows these are stands once, before the first of them; the cursor is where it was.
    desk.press("D").sees(", by doctor").sees("Doctor     Time");
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(2)));
    desk.press("esc D").sees_no("by doctor");
}

#[test]
fn the_doctors_of_the_day_and_how_full_they_are_stand_over_it() {
    let mut desk = at_board();
    desk.sees("Meitner").sees("10m late").sees("%");
    let mut small = Desk::at_board(Look::new(40, 15), busy(16));
    small.sees("Mirzakhani").sees("(+2)");
}

/// The board as it is after this row has changed.
fn with_row(row: usize, status: Status) -> Reply {
    let mut rows = busy(16);
    rows[row - 1].status = status;
    rows[row - 1].version = 4;
    Reply::Board(Box::new(day("2026-11-23", rows)))
}

#[test]
fn under_a_filter_the_selection_stays_with_whom_something_was_done_to() {
    let mut desk = at(CONFIRMED);
    desk.press("f f").sees("only confirmed").press("c");
    assert!(matches!(deed(&desk), Some(Deed::CheckIn(1, _))));
    replies(&mut desk, stands(1, Status::CheckedIn));
    desk.sees("▸*08:00").sees("● checked in");
    // Once more is no check-in of the next person.
    desk.press("c").sees("is checked in already");
    desk.reply(Slot::Refresh, with_row(1, Status::CheckedIn));
    desk.sees("● checked in").press("c");
    desk.sees("is checked in already");
    assert!(deed(&desk).is_none());
    // The row goes once one has gone on.
    desk.press("j").press("ctrl-r");
    let board = with_row(1, Status::CheckedIn);
    desk.reply(Slot::List, board).sees_no("● checked in");
    desk.press("c");
    assert!(matches!(deed(&desk), Some(Deed::CheckIn(9, _))));
}

#[test]
fn turning_the_filter_comes_back_to_the_person() {
    let mut desk = at(COMPLETED);
    // Through every filter and out again.
    desk.press("f f f f f f f f f").sees("all").press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(4)));
    desk.press("esc f f esc enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(4)));
    // Whoever chooses somebody else meanwhile has chosen them.
    desk.press("esc f f k esc enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
}

#[test]
fn who_left_the_day_takes_the_next_person_not_along() {
    let mut desk = at(CONFIRMED);
    desk.press("x 2 enter");
    let mut whole = stands(1, Status::Confirmed);
    whole.date = "2026-11-24".parse().unwrap();
    replies(&mut desk, whole);
    desk.press("s")
        .sees("Who was selected is not in this list any more");
    assert!(deed(&desk).is_none());
    desk.press("s t");
    assert!(matches!(deed(&desk), Some(Deed::Plain(2, Plain::Start, _))));
}

#[test]
fn somebody_who_says_their_name_is_checked_in_in_seven_keys() {
    let mut desk = at(COMPLETED);
    // The slash, three letters, Enter, and the step.
    desk.press("/ e m m").sees("Find").sees("1–2 of 2");
    desk.press("enter j c");
    assert!(matches!(deed(&desk), Some(Deed::CheckIn(14, _))));
    let mut whole = appointment(&booking(14, "Emmy Noether"));
    whole.status = Status::CheckedIn;
    replies(&mut desk, whole);
    // Everybody comes back, and the selection stays.
    desk.press("esc").sees("of 16").press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(14)));
    // Whoever was found is whom one deals with, also once everybody is back.
    let mut desk = at(COMPLETED);
    desk.press("/ e m m enter esc").sees("of 16").press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(2)));
    // Without marks, by the record's number, and by nobody's.
    for (words, found) in [
        ("/ s k l o", "Skłodowska-Curie"),
        ("/ 1 3 enter", "1–1 of 1"),
        ("/ z z z", "matches “zzz”"),
    ] {
        let mut desk = at_board();
        desk.press(words).sees(found);
        desk.press("esc esc").sees("of 16");
    }
}

#[test]
fn a_date_is_gone_to() {
    let mut desk = at_board();
    desk.press("T").sees("Go to date").sees_no("By the other");
    desk.type_text("soon");
    desk.press("enter").sees("Not a day; type tomorrow");
    desk.press("ctrl-u").type_text("3.12.");
    desk.press("enter");
    let Some(Call::Board(query)) = desk.call(Slot::List) else {
        panic!("no other day is asked for")
    };
    assert_eq!(query.date, "2026-12-03".parse().ok());
    desk.press("T")
        .type_text("+7")
        .sees("Mon 30 Nov 2026: Enter");
}

#[test]
fn the_date_to_go_to_is_typed_as_it_is_shown() {
    for (turns, example, typed, day) in [
        (0, "3 dec, next tue, +7", "12 aug", "Thu 12 Aug 2027"),
        (1, "12-03, next tue, +7", "12-08", "Tue 2026-12-08"),
        (2, "3.12., next tue, +7", "8.12.", "Tue 08.12.2026"),
        (3, "3/12, next tue, +7", "8/12", "Tue 08/12/2026"),
    ] {
        let mut desk = at_board();
        desk.press("f9 down down down");
        for _ in 0..turns {
            desk.press("enter");
        }
        desk.press("esc T").sees(example);
        // The nearest such day: what was in August is nearer than what comes in it.
        let nearest = day.replace("Thu 12 Aug 2027", "Wed 12 Aug 2026");
        desk.type_text(typed).sees(&format!("{nearest}: Enter"));
    }
}

#[test]
fn whom_one_looks_for_next_takes_the_place_of_whom_one_looked_for() {
    let mut desk = at_board();
    desk.press("/ e m m")
        .sees("Enter To the list")
        .press("enter");
    desk.press("/").type_text("ada").sees("Find  ada ");
    desk.press("esc /").press("backspace").sees("Find  ad ");
}

#[test]
fn a_colon_is_the_palette_where_nothing_is_searched_for_yet() {
    let mut desk = at_board();
    desk.press("/ :").sees("Commands");
    desk.press("esc").type_text("e:").sees("Find  e: ");
}

#[test]
fn only_what_is_taken_back_next_offers_that() {
    let mut desk = at(CONFIRMED);
    desk.press("c");
    replies(&mut desk, stands(1, Status::CheckedIn));
    desk.sees("is checked in, ticket 17. (u: undo)")
        .press("j s t");
    replies(&mut desk, stands(2, Status::Running));
    assert_eq!(desk.text().matches("undo)").count(), 1);
    desk.press("u").sees_no("undo)");
}

#[test]
fn a_second_patient_is_asked_about_while_somebody_is_inside() {
    let rows = || {
        let mut rows = busy(16);
        for row in &mut rows[..2] {
            row.doctor = busy(3)[2].doctor.clone();
        }
        rows
    };
    let version = Some(3);
    let plain = |row: i64, plain| Deed::Plain(row, plain, Step { version });
    let asked = || {
        let mut desk = Desk::at_board(USUAL, rows());
        // Row 3 is inside.
        desk.press("home j s").sees("Somebody is inside");
        assert!(deed(&desk).is_none());
        desk
    };
    let mut desk = asked();
    desk.press("enter").sees_no("Somebody is inside");
    assert!(deed(&desk).is_none(), "the safe answer has the focus");
    let mut desk = asked();
    desk.press("t");
    assert!(deed(&desk) == Some(&plain(2, Plain::Start)));
    let mut desk = asked();
    desk.press("f");
    assert!(deed(&desk) == Some(&plain(3, Plain::Complete)));
    replies(&mut desk, stands(3, Status::Completed));
    assert!(deed(&desk) == Some(&plain(2, Plain::Start)));
}

#[test]
fn a_move_that_is_taken_back_says_where_they_are_again() {
    let mut desk = begun(at(CONFIRMED), "v");
    let moved = |date: &str, starts: &str, version| {
        let mut whole = stands(1, Status::Confirmed);
        whole.date = date.parse().unwrap();
        whole.starts = Some(starts.to_owned());
        whole.version = version;
        whole
    };
    desk.reply(Slot::Slots, slots(vec![slot(1, "2026-12-01", "09:00")]));
    desk.press("enter enter");
    assert!(matches!(deed(&desk), Some(Deed::Move(..))));
    replies(&mut desk, moved("2026-12-01", "09:00", 4));
    desk.sees("Moved: Grace Hopper, Tue 1 Dec, 09:00")
        .press("u");
    assert!(matches!(deed(&desk), Some(Deed::Move(..))));
    replies(&mut desk, moved("2026-11-23", "08:00", 5));
    desk.sees("Taken back: Grace Hopper is at Mon 23 Nov 08:00 again.")
        .sees_no("undo)");
}

#[test]
fn who_was_moved_to_another_day_does_not_come_back_with_an_older_board() {
    let mut desk = begun(at(CONFIRMED), "v");
    desk.reply(Slot::Slots, slots(vec![slot(1, "2026-12-01", "09:00")]));
    desk.press("enter enter");
    let mut moved = stands(1, Status::Confirmed);
    moved.date = "2026-12-01".parse().unwrap();
    moved.version = 4;
    replies(&mut desk, moved);
    let there = |desk: &mut Desk| {
        let text = desk.text();
        let lines = text.lines().filter(|line| line.contains("Hopper"));
        lines.filter(|line| line.contains("confirmed")).count()
    };
    assert_eq!(there(&mut desk), 0, "{}", desk.text());
    // Read before the move, and only now here.
    let mut before = busy(16);
    before[0].status = Status::Confirmed;
    let board = |rows| Reply::Board(Box::new(day("2026-11-23", rows)));
    desk.reply(Slot::Refresh, board(before.clone()));
    assert_eq!(there(&mut desk), 0, "{}", desk.text());
    // Somebody moves it back: that is newer.
    before[0].version = 5;
    desk.press("ctrl-r").reply(Slot::List, board(before));
    assert_eq!(there(&mut desk), 1, "{}", desk.text());
}

#[test]
fn the_doctors_over_the_rows_stay_where_they_are() {
    let mut rows = busy(40);
    for (number, row) in (0u128..).zip(&mut rows) {
        row.doctor.id = uuid::Uuid::from_u128(700 + number % 10);
        row.doctor.full_name = format!("Doctor N{}", number % 10);
    }
    let mut desk = Desk::at_board(USUAL, rows);
    let head = |desk: &mut Desk| -> Vec<String> {
        let lines = desk.text();
        let lines = lines.lines().filter(|line| line.contains('%'));
        let bare = |line: &str| line.replace('▸', " ").chars().take(38).collect();
        lines.map(bare).collect()
    };
    let before = head(&mut desk);
    // To the ninth doctor's row, with a message, under a filter, and with nobody in it.
    for keys in ["j j j j j j j j", "d", "f", "f f f f f", "] "] {
        desk.press(keys.trim());
        let now = head(&mut desk);
        if keys != "] " {
            assert_eq!(now, before, "{keys}");
        }
    }
    // While another day comes, the rows begin where they began.
    desk.sees("Tomorrow");
}

#[test]
fn the_footer_names_what_is_of_use_on_the_day() {
    let mut desk = at(CONFIRMED);
    desk.sees(" c Check in  s Start").sees_no("x Cancel");
    for (key, date) in [("]", "2026-11-24"), ("[ [ [", "2026-11-20")] {
        let mut desk = at_board();
        desk.press(key);
        let other = day(date, busy(1));
        desk.reply(Slot::List, Reply::Board(Box::new(other)));
        desk.sees(" v Move  x Cancel").sees_no("Check in");
    }
    let mut desk = at(RUNNING);
    desk.sees(" d Done").sees_no("Check in");
    // What a key does is said in the help too where it can't be used now.
    desk.press("?")
        .type_text("check")
        .sees("The patient is here; they get");
}

#[test]
fn the_signs_are_explained() {
    let mut desk = at_board();
    desk.press("S").sees("booked beside").sees("! waits long");
    desk.press("enter").sees_no("booked beside");
}

#[test]
fn a_search_finds_the_rows_of_a_doctor_too_and_a_patient_of_that_name_first() {
    let mut rows = busy(16);
    for row in &mut rows {
        row.doctor.full_name = "Hugo Vogel".to_owned();
    }
    rows[0].doctor.full_name = "Zita Quast".to_owned();
    rows[5].patient.full_name = "Vera Vogel".to_owned();
    let mut desk = Desk::at_board(Look::new(120, 40), rows);
    let other = "Zita Quast";
    desk.sees(other).press("/").type_text("vogel");
    let screen = desk.text();
    let selected = screen.lines().find(|line| line.starts_with('▸'));
    assert!(
        selected.is_some_and(|line| line.contains("Vera Vogel")),
        "{screen}"
    );
    assert!(
        screen.contains("Hugo Vogel") && !screen.contains(other),
        "{screen}"
    );
    desk.press("ctrl-u").type_text("qua");
    desk.sees(other).sees_no("Vera Vogel");
}

#[test]
fn a_doctor_who_offers_no_time_is_not_in() {
    let mut day = day("2026-11-23", busy(16));
    day.doctors[0].offered_minutes = 0;
    let count = day.doctors.len();
    let mut desk = at_board();
    desk.press("ctrl-r")
        .reply(Slot::List, Reply::Board(Box::new(day)));
    let screen = desk.text();
    assert_eq!(screen.matches("not in").count(), 1, "{screen}");
    assert_eq!(screen.matches('%').count(), count - 1, "{screen}");
}
