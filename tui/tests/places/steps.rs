//! What was done to an appointment, below its record; and the mark of an appointment beside another
//! one in its patient's.

use clinic_shared::Role;
use clinic_shared::client::Told;
use clinic_shared::desk::appointments::{Action, Appointment, ReasonKind, Status};
use clinic_shared::desk::visits::Visits;
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::effect::{Call, PeopleCall, PeopleReply, Reply, Slot};

use super::support::clinic::{appointment, booking, bookings, versioned};
use super::support::history::{history, step, taken_back};
use super::support::look::in_every_look;
use super::support::{Desk, Look, refused, rows, unreachable};

const USUAL: Look = Look::new(80, 24);
const TALL: Look = Look::new(80, 60);

fn whole(version: i64, status: Status) -> Appointment {
    let mut whole = appointment(&booking(1, "Grace Hopper"));
    whole.version = version;
    whole.status = status;
    whole
}

fn now(version: i64, status: Status) -> Reply {
    Reply::Appointment(versioned(whole(version, status)))
}

fn steps(of: Vec<clinic_shared::desk::appointments::HistoryEntry>) -> Reply {
    PeopleReply::Steps(of).into()
}

/// The record of the first appointment; its steps are asked for.
fn opened(look: Look) -> Desk {
    let mut desk = Desk::at_today(look, bookings(5));
    desk.press("enter")
        .reply(Slot::Record, now(3, Status::Cancelled));
    desk
}

fn asks_steps(desk: &Desk) -> bool {
    desk.call(Slot::Steps) == Some(&Call::People(PeopleCall::Steps(1)))
}

/// The text of the record without its frame, in one line.
fn said(desk: &mut Desk) -> String {
    let text = desk.text();
    let words = text.split_whitespace();
    let words = words.filter(|word| !matches!(*word, "│" | "││"));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_record_says_who_moved_it_when_and_why() {
    let mut desk = opened(TALL);
    assert!(asks_steps(&desk));
    desk.sees_no("What was done")
        .reply(Slot::Steps, steps(taken_back()));
    let said = said(&mut desk);
    for line in [
        "Fri 20 Nov 09:12 Grace Hopper (patient) booked it: 23 Nov 10:00, Maryam Mirzakhani",
        "Sat 21 Nov 09:30 Eva Empfang moved it: 23 Nov 10:00, Maryam Mirzakhani → 24 Nov 11:20, \
         Chien-Shiung Wu, beside another one: Comes from far away, asked for mornings.",
        "Mon 23 Nov 08:05 Eva Empfang called it off: too ill to come Mon",
        "Mon 23 Nov 08:07 Eva Empfang took back: called off; confirmed again",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn every_step_is_told_in_words() {
    let told = |of: Vec<_>| {
        let mut desk = opened(TALL);
        desk.reply(Slot::Steps, steps(of));
        said(&mut desk)
    };
    let booked = || step(1, "23T07:00:00", Action::Book, Status::Confirmed);
    for (action, to, words) in [
        (
            Action::WalkIn,
            Status::Confirmed,
            "took the patient in as a walk-in",
        ),
        (Action::Confirm, Status::Confirmed, "confirmed it"),
        (Action::CheckIn, Status::CheckedIn, "checked the patient in"),
        (
            Action::Start,
            Status::Running,
            "let the patient in to the doctor",
        ),
        (
            Action::Complete,
            Status::Completed,
            "noted that the patient was seen",
        ),
        (
            Action::BackToWaiting,
            Status::CheckedIn,
            "sent the patient back to wait",
        ),
        (
            Action::NoShow,
            Status::NoShow,
            "noted that the patient did not come",
        ),
        (Action::Leave, Status::Left, "noted that the patient left"),
        (
            Action::Change,
            Status::Completed,
            "changed it; completed now",
        ),
        (Action::Pay, Status::Confirmed, "changed whether it is paid"),
        (Action::AssignRoom, Status::Confirmed, "changed the room"),
        (
            Action::Prioritise,
            Status::Confirmed,
            "changed who goes first",
        ),
        (Action::CallIn, Status::Confirmed, "called the patient in"),
        (Action::Delete, Status::Cancelled, "deleted it"),
    ] {
        let said = told(vec![booked(), step(2, "23T07:10:00", action, to)]);
        let line = format!("Mon 23 Nov 08:10 Eva Empfang {words} └");
        assert!(said.contains(&line), "{line}\n{said}");
    }
    // Somebody who comes late finds their time given away.
    let mut late = step(2, "23T07:10:00", Action::CheckIn, Status::CheckedIn);
    late.overbooked = true;
    late.reason = Some("Missed the bus.".to_owned());
    let mut paid = step(3, "23T07:20:00", Action::Pay, Status::CheckedIn);
    paid.overbooked = true;
    let said_late = told(vec![booked(), late, paid]);
    assert!(said_late.contains("checked the patient in, beside another one: Missed the bus."));
    // It is beside another one still, but that was not this step's doing.
    assert!(!said_late.contains("paid, beside"), "{said_late}");
    // A walk-in holds no time that anybody could be beside of.
    let mut walk_in = step(1, "23T07:00:00", Action::WalkIn, Status::CheckedIn);
    walk_in.overbooked = true;
    assert!(!told(vec![walk_in]).contains("walk-in, beside"));
    // Only the length: the end is said.
    let mut longer = step(2, "23T07:10:00", Action::Reschedule, Status::Confirmed);
    longer.ends = Some("11:00".to_owned());
    let mut back = step(3, "23T07:12:00", Action::Undo, Status::Confirmed);
    back.undoes = Some(2);
    let said = told(vec![booked(), longer, back]);
    assert!(
        said.contains("moved it: 23 Nov 10:00–10:30 → 23 Nov 10:00–11:00"),
        "{said}"
    );
    assert!(
        said.contains("took back: moved; 23 Nov 10:00–10:30 again"),
        "{said}"
    );
}

#[test]
fn what_the_clinic_did_by_itself_or_an_account_that_is_gone_has_no_name() {
    let mut missed = step(2, "23T17:00:00", Action::NoShow, Status::NoShow);
    (missed.by, missed.role) = (None, None);
    let mut gone = step(3, "23T17:05:00", Action::CheckIn, Status::CheckedIn);
    gone.by = None;
    gone.reason_kind = Some(ReasonKind::Other);
    let mut own = step(1, "23T07:00:00", Action::Book, Status::Pending);
    (own.by, own.role) = (None, Some(Role::Patient));
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(vec![own, missed, gone]))
        .sees("The patient booked it")
        .sees("The clinic noted that the patient did not come")
        .sees("Somebody checked the patient in: other");
}

#[test]
fn what_came_from_elsewhere_has_no_steps_and_that_is_said() {
    let lost = "Earlier steps were not kept.";
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(history())).sees_no(lost);
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(Vec::new())).sees(lost);
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(history().split_off(1)))
        .sees(lost)
        .sees("Eva Empfang moved it: → 24 Nov 11:20, Chien-Shiung Wu");
}

#[test]
fn what_somebody_wrote_does_not_act_on_the_terminal() {
    let mut off = step(1, "23T07:00:00", Action::Cancel, Status::Cancelled);
    off.by = Some("Eva\u{202e}\nEmpfang".to_owned());
    off.reason = Some("Rang\u{1b}[2J twice,\nthen came.".to_owned());
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(vec![off]))
        .sees("  then came.")
        .sees_no("\u{202e}")
        .sees_no("\u{1b}");
    assert!(said(&mut desk).contains("Empfang called it off: Rang"));
}

#[test]
fn days_are_written_as_the_setting_says_and_those_of_other_years_with_the_year() {
    let mut old = step(1, "20T08:12:00", Action::Book, Status::Confirmed);
    old.at = "2025-12-30T08:12:00Z".parse().unwrap();
    old.date = "2027-01-04".parse().unwrap();
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(vec![old.clone()]))
        .sees("Tue 30 Dec 2025 09:12  Eva Empfang booked it: 4 Jan 2027 10:00");
    let mut desk = opened(TALL);
    desk.press("esc f9 down down down enter enter esc enter");
    desk.reply(Slot::Steps, steps(vec![old]))
        .sees("Tue 30.12.2025 09:12  Eva Empfang booked it: 04.01.2027 10:00");
}

#[test]
fn it_is_read_again_when_the_appointment_has_changed() {
    let mut desk = opened(TALL);
    desk.reply(Slot::Steps, steps(history()));
    // The record is of the version that the last step made: nothing is missing.
    assert!(desk.asked().is_empty(), "{:?}", desk.asked());
    let event = Event {
        kind: EventKind::Appointment,
        object: Some(1),
        doctor: None,
        patient: None,
    };
    desk.hears(Told::Happened(2, event));
    desk.reply(Slot::Record, now(4, Status::Confirmed));
    assert!(asks_steps(&desk));
    desk.reply(Slot::Steps, steps(taken_back()))
        .sees("took back: called off; confirmed again");
    assert_eq!(desk.call(Slot::Steps), None);
}

#[test]
fn ones_own_deed_is_the_last_step_at_once() {
    let mut desk = Desk::at_today(TALL, bookings(5));
    desk.press("enter")
        .reply(Slot::Record, now(3, Status::Confirmed));
    desk.reply(Slot::Steps, steps(history()));
    desk.press("c").reply(Slot::Deed, now(4, Status::CheckedIn));
    assert!(asks_steps(&desk));
    let mut all = history();
    all.push(step(4, "23T07:31:00", Action::CheckIn, Status::CheckedIn));
    desk.reply(Slot::Steps, steps(all))
        .sees("Eva Empfang checked the patient in");
}

#[test]
fn where_the_steps_cant_be_read_the_record_stays_and_says_so() {
    let mut desk = opened(TALL);
    desk.answer(
        Slot::Steps,
        Err(refused(500, "The database does not answer.")),
    )
    .sees("Record       P-000001")
    .sees("What was done can't be read: The database does not answer.");
    // Loading again asks for both, and what was read once stays if that fails.
    desk.press("ctrl-r");
    assert!(asks_steps(&desk));
    desk.reply(Slot::Record, now(3, Status::Cancelled))
        .reply(Slot::Steps, steps(history()))
        .sees_no("can't be read")
        .sees("Eva Empfang called it off");
    desk.press("ctrl-r")
        .answer(
            Slot::Steps,
            Err(refused(500, "The database does not answer.")),
        )
        .sees("Eva Empfang called it off")
        .sees("What was done can't be read: The database does not answer.");
    // Without a connection it is asked for again by itself.
    let mut desk = opened(TALL);
    desk.answer(Slot::Steps, Err(unreachable()))
        .sees("Record       P-000001")
        .sees("What was done can't be read now.");
}

#[test]
fn a_record_beneath_another_one_has_its_own_steps() {
    let mut desk = Desk::at_today(TALL, bookings(5));
    desk.press("enter")
        .reply(Slot::Record, now(3, Status::Cancelled));
    // The patient's record is opened over it before the steps have come, and left again.
    desk.press("enter");
    assert!(matches!(desk.call(Slot::Record), Some(Call::Patient(_))));
    desk.press("esc");
    assert!(asks_steps(&desk));
    desk.reply(Slot::Steps, steps(history()))
        .sees("called it off");
    // Those of one appointment are not taken for another's.
    desk.press("]").sees_no("called it off");
    assert_eq!(
        desk.call(Slot::Steps),
        Some(&Call::People(PeopleCall::Steps(2)))
    );
}

#[test]
fn a_small_terminal_shows_all_of_it_by_and_by() {
    let mut desk = opened(Look::new(40, 15));
    desk.reply(Slot::Steps, steps(taken_back()))
        .sees("more")
        .sees_no("took back");
    for _ in 0..60 {
        desk.press("j");
    }
    desk.sees("Eva Empfang took")
        .sees("back: called off; confirmed again");
    desk.press("ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u ctrl-u")
        .sees("P-000001");
}

#[test]
fn an_appointment_with_its_steps() {
    insta::assert_snapshot!(
        "appointment_steps",
        in_every_look(|look| {
            let mut desk = opened(look);
            desk.reply(Slot::Steps, steps(taken_back()));
            for _ in 0..60 {
                desk.press("j");
            }
            desk
        })
    );
}

#[test]
fn the_mark_beside_a_time_has_room_in_a_patients_record() {
    let beside = |date: &str| {
        let mut one = whole(3, Status::Confirmed);
        one.patient.id = rows(1)[0].id;
        one.date = date.parse().unwrap();
        one.starts = Some("10:00".to_owned());
        one.ends = Some("10:30".to_owned());
        one.overbooked = true;
        one
    };
    let visits = Visits {
        count: 1,
        no_shows: 0,
        cancelled: 0,
        cancelled_late: 0,
        left: 0,
        has_more: false,
        appointments: vec![beside("2026-11-25")],
    };
    for (look, line) in [
        (USUAL, "Wed 25 Nov 2026 10:00–10:30 + ○ confirmed"),
        (
            Look::new(120, 40),
            "Wed 25 Nov 2026 10:00–10:30 +  ○ confir",
        ),
    ] {
        let mut desk = Desk::with_record(look);
        desk.reply(
            Slot::Visits,
            PeopleReply::Visits(Box::new(visits.clone())).into(),
        );
        desk.press("tab").sees(line);
    }
}
