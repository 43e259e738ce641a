//! Being live: what is said of it, what is read again when something happens, and what is said in a
//! form when that changed beneath it.

use clinic_shared::client::{Error, Refused, Told};
use clinic_shared::desk::appointments::Status;
use clinic_shared::v1::events::{EndReason, Event, EventKind};
use clinic_tui::credentials::Kept;
use clinic_tui::effect::{Call, Effect, Reply, Slot};
use clinic_tui::theme::Theme;
use uuid::Uuid;

use super::support::clinic::{
    appointment, board, booking, busy, contact, contact_rows, day, versioned, whole,
};
use super::support::{Desk, Look, receptionist, record, refused, row, rows, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

fn event(kind: EventKind, object: i64) -> Event {
    Event {
        kind,
        object: Some(object),
        doctor: None,
        patient: None,
    }
}

fn happened(desk: &mut Desk, id: i64, event: Event) {
    desk.hears(Told::Happened(id, event));
}

/// At the board, which was read again once the stream stood.
fn at_board() -> Desk {
    let mut desk = Desk::at_board(USUAL, busy(16));
    reread(&mut desk);
    desk.effects.clear();
    desk
}

/// Answers the reading of the board that is under way with the board as it was.
fn reread(desk: &mut Desk) {
    let same = Reply::Board(Box::new(day("2026-11-23", busy(16))));
    desk.reply(Slot::Refresh, same);
}

fn reads(desk: &Desk, slot: Slot) -> usize {
    let is_its =
        |effect: &&Effect| matches!(effect, Effect::Call { slot: other, .. } if *other == slot);
    desk.effects.iter().filter(is_its).count()
}

fn signs_in(desk: &mut Desk, who: clinic_shared::v1::user::Me) {
    desk.type_text("horse").press("enter").reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(who),
            kept: Ok(Kept::Keyring),
        },
    );
}

#[test]
fn live_then_stale_then_catching_up_then_live() {
    let mut desk = at_board();
    desk.sees("● live");
    happened(&mut desk, 7, event(EventKind::Appointment, 2));
    reread(&mut desk);
    desk.wait(60_000);
    desk.loses_stream(unreachable()).sees("! stale since 08:31");
    // Whether the server is away altogether is asked once.
    assert_eq!(desk.call(Slot::Link), Some(&Call::Me));
    desk.reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.sees("! stale since 08:31").sees_no("Server away");
    let (lost, _) = desk.stream.unwrap();
    // Within a second it is opened again, after what was heard last.
    desk.wait(400);
    assert_eq!(desk.stream.unwrap().0, lost, "too early");
    desk.wait(600);
    let (opened, after) = desk.stream.unwrap();
    assert!(opened != lost && after == Some(7));
    desk.sees("stale since 08:31");
    desk.effects.clear();
    happened(&mut desk, 8, event(EventKind::Appointment, 3));
    desk.sees("» catching up");
    desk.hears(Told::Ready(8)).sees("● live");
    assert_eq!(reads(&desk, Slot::Refresh), 1);
    // What happened before it was sent is in its answer.
    reread(&mut desk);
    assert_eq!(reads(&desk, Slot::Refresh), 1);
}

#[test]
fn what_an_older_stream_says_goes_nowhere() {
    let mut desk = at_board();
    let old = desk.stream;
    desk.loses_stream(unreachable()).wait(1_000);
    let new = desk.stream;
    desk.stream = old;
    desk.hears(Told::Ready(9)).sees("stale since");
    desk.stream = new;
    desk.hears(Told::Ready(9)).sees("● live");
}

#[test]
fn the_waits_between_tries_grow_and_are_not_all_alike() {
    let mut desk = at_board();
    let mut waits = Vec::new();
    for _ in 0..8 {
        desk.loses_stream(unreachable());
        if desk.call(Slot::Link).is_some() {
            desk.reply(Slot::Link, Reply::Me(Box::new(receptionist())));
        }
        let (lost, _) = desk.stream.unwrap();
        let mut waited = 0;
        while desk.stream.unwrap().0 == lost {
            desk.wait(50);
            waited += 50;
        }
        waits.push(waited);
    }
    for (wait, longest) in waits.iter().zip([1, 2, 4, 8, 15, 30, 30, 30]) {
        let longest = longest * 1000;
        assert!((longest / 2..=longest).contains(wait), "{waits:?}");
    }
    assert!(waits[5] != waits[6] || waits[6] != waits[7], "{waits:?}");
}

#[test]
fn a_server_that_is_away_is_not_called_live() {
    let mut desk = at_board();
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    desk.sees("! stale since 08:30").sees_no("● live");
    desk.wait(1_000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.sees("● live");
    // A stream that says something is a sign that the server is back.
    desk.reply(Slot::List, board(Vec::new()));
    desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
    happened(&mut desk, 3, event(EventKind::Contact, 1));
    assert_eq!(desk.call(Slot::Link), Some(&Call::Me));
}

#[test]
fn a_token_that_ran_out_is_no_news() {
    let mut desk = at_board();
    desk.wait(3_600_000);
    let (old, _) = desk.stream.unwrap();
    desk.hears(Told::End(EndReason::TokenExpired));
    assert!(desk.stream.unwrap().0 != old, "it is opened again at once");
    assert_eq!(desk.stream.unwrap().1, Some(1));
    desk.sees_no("stale").hears(Told::Ready(1)).sees("● live");
    // One that ends again at once is not asked for without a pause.
    let (old, _) = desk.stream.unwrap();
    desk.hears(Told::End(EndReason::TokenExpired));
    assert_eq!(desk.stream.unwrap().0, old);
    desk.sees("stale since 09:30");
}

#[test]
fn a_server_that_tells_nothing_is_worked_with_all_the_same() {
    for (error, is_tried_again) in [
        (refused(403, "Not for you."), false),
        (refused(404, "Not here."), false),
        (refused(500, "Something broke here."), true),
        (unreachable(), true),
        (Error::Garbled("rubbish".to_owned()), true),
    ] {
        let mut desk = Desk::silent(USUAL, receptionist());
        let today = Reply::Board(Box::new(day("2026-11-23", busy(16))));
        desk.reply(Slot::List, today).sees("» catching up");
        desk.loses_stream(error).sees("– not live");
        let (lost, _) = desk.stream.unwrap();
        desk.wait(60_000);
        assert_eq!(desk.stream.unwrap().0 != lost, is_tried_again);
        // Whoever asks has both again: the list, and another try.
        let (lost, _) = desk.stream.unwrap();
        desk.press("ctrl-r");
        assert!(matches!(desk.call(Slot::List), Some(Call::Board(_))));
        assert!(desk.stream.unwrap().0 != lost);
        desk.hears(Told::Ready(4)).sees("● live");
    }
}

#[test]
fn nobody_listens_when_nobody_is_signed_in() {
    let mut desk = Desk::start(USUAL, None, None);
    assert_eq!(desk.stream, None);
    desk.sees_no("live");
    let mut desk = at_board();
    desk.hears(Told::Ready(12))
        .hears(Told::End(EndReason::SessionEnded));
    desk.sees("Your session has ended");
    assert_eq!(desk.stream, None);
    signs_in(&mut desk, receptionist());
    assert_eq!(desk.stream.unwrap().1, Some(12), "what was missed is told");
    desk.press(":").type_text("sign out").press("enter");
    assert_eq!(desk.stream, None);
}

#[test]
fn while_it_is_live_nothing_wakes_but_the_minute() {
    let mut desk = at_board();
    desk.wait(10_000);
    assert_eq!(desk.stream.unwrap().1, None);
    desk.effects.clear();
    for _ in 0..90 {
        let next = desk.model.next_wake() - desk.now;
        assert_eq!(
            (desk.now + next).format("%S%.f").to_string(),
            "00",
            "woken in the middle of a minute"
        );
        desk.wait(next.num_milliseconds());
    }
    assert_eq!(desk.effects, Vec::new(), "and nothing is asked");
}

#[test]
fn ones_own_deed_and_the_word_of_it_are_one_reading() {
    // The word may come before the answer, or after it.
    for is_first in [true, false] {
        let mut desk = at_board();
        let row = booking(1, "Grace Hopper");
        desk.press("home c");
        let mut whole = appointment(&row);
        whole.status = Status::CheckedIn;
        whole.version = 4;
        let answer = Reply::Appointment(versioned(whole));
        if is_first {
            happened(&mut desk, 7, event(EventKind::Appointment, row.id));
            desk.wait(20).reply(Slot::Deed, answer);
        } else {
            desk.reply(Slot::Deed, answer).wait(20);
            happened(&mut desk, 7, event(EventKind::Appointment, row.id));
        }
        happened(&mut desk, 8, event(EventKind::Queue, row.id));
        reread(&mut desk);
        desk.wait(60_000);
        assert_eq!(reads(&desk, Slot::Refresh), 1, "{is_first}");
    }
}

#[test]
fn a_burst_is_one_reading_and_one_more() {
    let mut desk = at_board();
    for id in 10..60 {
        happened(&mut desk, id, event(EventKind::Appointment, id));
    }
    assert_eq!(reads(&desk, Slot::Refresh), 1);
    // It is on its way: what happens now may not be in its answer.
    desk.wait(100);
    for id in 60..90 {
        happened(&mut desk, id, event(EventKind::Appointment, id));
    }
    assert_eq!(reads(&desk, Slot::Refresh), 1);
    reread(&mut desk);
    assert_eq!(reads(&desk, Slot::Refresh), 2);
    reread(&mut desk);
    desk.wait(60_000);
    assert_eq!(reads(&desk, Slot::Refresh), 2);
}

#[test]
fn each_list_is_read_again_for_what_concerns_it() {
    use EventKind::{Appointment, Contact, Patient, Queue, Schedule, Waitlist};
    let at_patients = || Desk::with_rows(USUAL, rows(9));
    let at_doctors = || Desk::at_doctors(USUAL, receptionist(), Vec::new());
    let at_contacts = || Desk::at_contacts(USUAL, contact_rows(9));
    let at_users = || Desk::at_users(USUAL, Vec::new());
    let places: [(&dyn Fn() -> Desk, &[EventKind]); 5] = [
        (
            &|| Desk::at_board(USUAL, busy(3)),
            &[Appointment, Queue, Patient, Schedule],
        ),
        (&at_patients, &[Patient]),
        (&at_doctors, &[Schedule]),
        (&at_contacts, &[Contact]),
        (&at_users, &[]),
    ];
    for (at, (place, kinds)) in places.iter().enumerate() {
        for kind in [Appointment, Contact, Patient, Queue, Schedule, Waitlist] {
            let mut desk = place();
            if desk.call(Slot::Refresh).is_some() {
                // It was wanted when the stream stood.
                desk.answer(Slot::Refresh, Err(refused(500, "Something broke.")))
                    .sees("These rows may be old.");
            }
            happened(&mut desk, 5, event(kind, 1));
            let is_read = desk.call(Slot::Refresh).is_some();
            assert_eq!(is_read, kinds.contains(&kind), "{kind} at place {at}");
        }
    }
}

#[test]
fn after_a_gap_all_that_is_open_is_read_again() {
    let mut desk = at_board();
    desk.press("enter").reply_record();
    desk.effects.clear();
    desk.hears(Told::Reset(40));
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
    assert_eq!(reads(&desk, Slot::Refresh), 1);
    assert_eq!(reads(&desk, Slot::Record), 1);
    // A record beneath another one is read again when it comes up.
    let mut desk = at_board();
    desk.press("enter").reply_record().press("o");
    let patient = record(&row(1, "Grace Hopper"));
    desk.reply(Slot::Record, Reply::Patient(tagged(patient)));
    happened(&mut desk, 5, event(EventKind::Appointment, 1));
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("esc");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
}

#[test]
fn an_open_record_follows_its_own_events_only() {
    let mut desk = at_board();
    desk.press("enter").reply_record();
    happened(&mut desk, 5, event(EventKind::Appointment, 2));
    assert_eq!(desk.call(Slot::Record), None);
    happened(&mut desk, 6, event(EventKind::Appointment, 1));
    let mut now = appointment(&booking(1, "Grace Hopper"));
    now.status = Status::Running;
    now.version = 4;
    desk.reply(Slot::Record, Reply::Appointment(versioned(now)))
        .sees("» running");
}

#[test]
fn the_cursor_stays_on_its_row_and_what_changed_is_marked_for_two_seconds() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(9));
    desk.press("j j").sees_no("*");
    happened(&mut desk, 5, event(EventKind::Contact, 20));
    let mut now = contact_rows(9);
    now[4].status = clinic_shared::desk::contacts::Status::Resolved;
    let mut new = contact(8);
    new.id = 20;
    new.name = "Nelly New".to_owned();
    now.insert(0, new);
    desk.reply(Slot::Refresh, Reply::Contacts(whole(now)));
    let screen = desk.text();
    let marked = |screen: &str| {
        let is_marked = |line: &&str| line.chars().nth(1) == Some('*');
        screen.lines().filter(is_marked).count()
    };
    assert_eq!(marked(&screen), 2, "{screen}");
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
    desk.press("esc").wait(2_000);
    let screen = desk.text();
    assert_eq!(marked(&screen), 0, "{screen}");
}

#[test]
fn further_pages_stay_where_they_are() {
    let page = |numbers: std::ops::RangeInclusive<u32>, next: Option<&str>| {
        let mut page = whole(numbers.map(contact).collect());
        page.count = 30;
        page.next = next.map(str::to_owned);
        Reply::Contacts(page)
    };
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("f5")
        .reply(Slot::List, page(1..=20, Some("http://a/?cursor=20")))
        .reply(Slot::More, page(21..=30, None));
    desk.press("G");
    happened(&mut desk, 5, event(EventKind::Contact, 3));
    // Number 20 has slipped to the next page.
    let mut first = whole((1..=19).map(contact).collect());
    let mut new = contact(1);
    new.id = 99;
    first.results.insert(0, new);
    first.count = 31;
    first.next = Some("http://a/?cursor=19".to_owned());
    desk.reply(Slot::Refresh, Reply::Contacts(first))
        .sees("31 of 31");
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(30)));
}

#[test]
fn a_form_says_what_changed_beneath_it_and_keeps_what_was_typed() {
    let mut desk = at_board();
    desk.press("x 2").type_text("has a fever");
    happened(&mut desk, 5, event(EventKind::Appointment, 1));
    let mut changed = busy(16);
    changed[0].version = 9;
    changed[0].status = Status::CheckedIn;
    let board = Reply::Board(Box::new(day("2026-11-23", changed)));
    desk.reply(Slot::Refresh, board)
        .sees("Changed elsewhere at 08:30: 08:00")
        .sees("checked in now.")
        .sees("has a fever");
    // Whoever was told goes on from how it is now.
    desk.press("enter");
    match desk.call(Slot::Deed) {
        Some(Call::Deed(clinic_tui::effect::Deed::Cancel(1, body))) => {
            assert_eq!(body.version, Some(9));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_that_changed_is_merged_into_the_open_form() {
    let mut desk = Desk::with_record(USUAL);
    desk.press("e").type_text("!");
    let mut theirs = record(&rows(1)[0]);
    theirs.version = 4;
    theirs.phone = Some("0999".to_owned());
    happened(
        &mut desk,
        5,
        Event {
            kind: EventKind::Patient,
            object: Some(42),
            doctor: None,
            patient: Some(theirs.id),
        },
    );
    assert_eq!(desk.call(Slot::Save), Some(&Call::Patient(theirs.id)));
    desk.reply(Slot::Save, Reply::Patient(tagged(theirs)))
        .sees("Changed elsewhere at 08:30; look, then save.")
        .sees("Grace Hopper!")
        .sees("0999")
        .press("ctrl-s");
    match desk.call(Slot::Save) {
        Some(Call::Change { etag, .. }) => assert_eq!(etag.as_deref(), Some("\"4\"")),
        other => panic!("{other:?}"),
    }
    // Nothing else is said of a record that is as it was.
    let mut desk = Desk::with_record(USUAL);
    let same = record(&rows(1)[0]);
    desk.press("e").hears(Told::Reset(9));
    desk.reply(Slot::Save, Reply::Patient(tagged(same)))
        .sees_no("elsewhere");
}

#[test]
fn a_record_that_was_merged_away_opens_the_one_that_is_left() {
    let mut desk = Desk::with_record(USUAL);
    let left = Uuid::from_u128(2042);
    desk.press("ctrl-r");
    let Error::Refused(gone) = refused(404, "This record was merged into P-000042.") else {
        unreachable!("it is one")
    };
    let gone = Refused {
        code: "merged".to_owned(),
        merged_into: Some(left),
        ..*gone
    };
    desk.answer(Slot::Record, Err(Error::Refused(Box::new(gone))));
    desk.sees("This record was merged into P-000042. That one is open now.");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(left)));
    let mut survivor = record(&row(42, "Augusta Ada King"));
    survivor.id = left;
    desk.reply(Slot::Record, Reply::Patient(tagged(survivor)))
        .sees("Augusta Ada King");
}

#[test]
fn it_is_said_at_every_size_and_without_colour() {
    for (width, height) in [(80, 24), (40, 15), (200, 60)] {
        for (theme, ascii) in [
            (Theme::Default, false),
            (Theme::Mono, false),
            (Theme::Mono, true),
        ] {
            let look = Look {
                size: (width, height),
                theme,
                ascii,
                lock_minutes: 0,
            };
            let mut desk = Desk::at_board(look, busy(3));
            desk.sees(if ascii { "@ live" } else { "● live" });
            desk.loses_stream(unreachable()).sees("! stale since 08:30");
            let mut desk = Desk::silent(look, receptionist());
            desk.reply(Slot::List, board(Vec::new()));
            desk.sees("catching up");
            desk.loses_stream(refused(403, "No.")).sees("not live");
        }
    }
}
