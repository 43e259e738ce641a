//! Whatever is pressed, at whatever size: the program goes on, and stays inside the screen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use clinic_shared::client::{Error, Told};
use clinic_shared::desk::visits::Visits;
use clinic_shared::v1::events::{EndReason, Event as HappenedEvent, EventKind};
use clinic_tui::app::Event;
use clinic_tui::effect::{Call, ConfigReply, LeaveReply, PeopleReply, Reply, Slot};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::layout::Size;
use support::clinic::{
    admin, appointment, booking, busy, colleagues, contact, contact_rows, day, doctor, doctor_row,
    doctor_rows, lise, queue, session, steps, user, users, versioned, whole,
};
use support::{Desk, Look, page, receptionist, record, row, rows, tagged};

#[derive(Debug, Clone)]
enum Act {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Resize(u16, u16),
    Wait(i64),
    Answer(Slot, u8),
    Hear(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let code = prop_oneof![
        6 => prop::char::any().prop_map(KeyCode::Char),
        6 => prop::sample::select(vec![
            'n', 'e', 'g', 'G', 'j', 'k', '/', '?', ':', '[', ']', 'd', 'r', 'q', 't', 'p', 'c', 'f', 'v',
            'y', 'o', 'h', 'l', 'a', 'm', 's', 'x', 'M', 'X', 'u',
        ])
            .prop_map(KeyCode::Char),
        8 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp,
            KeyCode::PageDown, KeyCode::Backspace, KeyCode::Delete, KeyCode::F(1), KeyCode::F(2),
            KeyCode::F(3), KeyCode::F(4), KeyCode::F(5), KeyCode::F(6), KeyCode::F(7), KeyCode::F(9), KeyCode::Insert,
        ]),
    ];
    let modifiers = prop_oneof![
        6 => Just(KeyModifiers::NONE),
        2 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
        1 => Just(KeyModifiers::SHIFT),
    ];
    let slot = prop::sample::select(vec![
        Slot::Session,
        Slot::List,
        Slot::More,
        Slot::Record,
        Slot::Duplicates,
        Slot::Save,
        Slot::Verify,
        Slot::Link,
        Slot::Refresh,
        Slot::Visits,
        Slot::Inbox,
        Slot::History,
        Slot::Staff,
        Slot::Lock,
        Slot::Report,
        Slot::Config,
        Slot::Plan,
        Slot::Leave,
    ]);
    prop_oneof![
        12 => (code, modifiers).prop_map(|(code, modifiers)| Act::Key(code, modifiers)),
        1 => ".{0,40}".prop_map(Act::Paste),
        1 => (1u16..200, 1u16..60).prop_map(|(width, height)| Act::Resize(width, height)),
        1 => (0i64..70_000).prop_map(Act::Wait),
        4 => (slot, any::<u8>()).prop_map(|(slot, kind)| Act::Answer(slot, kind)),
        2 => any::<u8>().prop_map(Act::Hear),
    ]
}

/// A page of what is asked for.
fn list(call: Option<&Call>, count: u32) -> Reply {
    let next = count
        .is_multiple_of(2)
        .then(|| "http://a/?cursor=x".to_owned());
    match call {
        Some(Call::Board(_)) => Reply::Board(Box::new(day("2026-11-23", busy(count % 28)))),
        Some(Call::Doctors(_)) => {
            let mut page = whole(doctor_rows(count));
            page.next = next;
            Reply::Doctors(page)
        }
        Some(Call::Queue(_)) => Reply::Queue(queue(busy(count % 28))),
        Some(Call::Contacts(_)) => {
            let mut page = whole(contact_rows(count % 28));
            page.next = next;
            Reply::Contacts(page)
        }
        Some(Call::Users(_)) => {
            let mut page = whole(users(count % 28));
            page.next = next;
            Reply::Users(page)
        }
        Some(Call::Sessions) => Reply::Sessions((1..=count % 9).map(session).collect()),
        _ => {
            let mut page = page(rows(count));
            page.next = next;
            Reply::Patients(Box::new(page))
        }
    }
}

/// The record that is asked for.
fn opened(call: Option<&Call>) -> Reply {
    match call {
        Some(Call::Appointment(_)) => {
            Reply::Appointment(versioned(appointment(&booking(3, "山田 \u{202e}太郎"))))
        }
        Some(Call::Doctor(_)) => Reply::Doctor(versioned(doctor(&doctor_row(3)))),
        Some(Call::Contact(_)) => Reply::Contact(versioned(contact(2))),
        Some(Call::User(_)) => Reply::User(versioned(user(1))),
        _ => Reply::Patient(tagged(record(&row(1, "山田 \u{202e}太郎")))),
    }
}

/// So many appointments of the patient.
fn visits(count: u32) -> Visits {
    Visits {
        count: i64::from(count),
        no_shows: i64::from(count / 2),
        cancelled: 1,
        cancelled_late: 1,
        left: 0,
        has_more: count > 3,
        appointments: (1..=count)
            .map(|number| appointment(&booking(number, "山田太郎")))
            .collect(),
    }
}

fn answer(desk: &mut Desk, slot: Slot, kind: u8) {
    if desk.call(slot).is_none() {
        return;
    }
    let result = match (kind % 8, slot) {
        (0, _) => Err(Error::Unreachable("it took too long".to_owned())),
        (1, _) => Err(Error::SignedOut),
        (2, _) => Err(Error::Garbled("rubbish".to_owned())),
        (_, Slot::Session) => Ok(Reply::Restored(Some(Box::new(receptionist())))),
        (_, Slot::Link) => Ok(Reply::Me(Box::new(receptionist()))),
        (_, Slot::List | Slot::More | Slot::Refresh) => Ok(list(desk.call(slot), u32::from(kind))),
        (_, Slot::Record) => Ok(opened(desk.call(slot))),
        (_, Slot::Verify) => Ok(Reply::Doctor(versioned(doctor(&doctor_row(1))))),
        (_, Slot::Account) => Ok(Reply::User(versioned(user(3)))),
        (_, Slot::Duplicates) => Ok(Reply::Duplicates(Vec::new())),
        (_, Slot::Inbox) => Ok(Reply::Contact(versioned(contact(2)))),
        (_, Slot::History) => Ok(Reply::Steps(2, steps())),
        (_, Slot::Staff) => Ok(Reply::Colleagues(colleagues())),
        (
            _,
            Slot::Deed
            | Slot::People
            | Slot::Bookable
            | Slot::Terms
            | Slot::Slots
            | Slot::Day
            | Slot::Check
            | Slot::Merges
            | Slot::Twin,
        ) => return,
        (_, Slot::Visits) => Ok(PeopleReply::Visits(Box::new(visits(u32::from(kind) % 5))).into()),
        (_, Slot::Lock) => Ok(Reply::Done),
        (_, Slot::Report) => Ok(Reply::Report("山田\n\u{202e}later\n".repeat(30))),
        (_, Slot::Config) => Ok(Reply::Config(Box::new(ConfigReply::Saved(
            kind.is_multiple_of(2),
        )))),
        (_, Slot::Plan) => Ok(Reply::Leave(Box::new(LeaveReply::Closures(Vec::new())))),
        (_, Slot::Leave) => Ok(Reply::Leave(Box::new(LeaveReply::Gone))),
        (_, Slot::Save) => Ok(Reply::Saved(tagged(record(&row(3, "Zoe\u{308}"))))),
    };
    desk.answer(slot, result);
}

/// The stream says something, or breaks.
fn hear(desk: &mut Desk, kind: u8) {
    if desk.stream.is_none() {
        return;
    }
    let id = i64::from(kind);
    match kind % 16 {
        0 => desk.hears(Told::Reset(id)),
        1 => desk.hears(Told::Ready(id)),
        2 => desk.hears(Told::End(EndReason::TokenExpired)),
        3 => desk.hears(Told::End(EndReason::SessionEnded)),
        4 => desk.hears(Told::End(EndReason::Closing)),
        5 => desk.loses_stream(Error::Unreachable("the stream ended".to_owned())),
        6 => desk.loses_stream(Error::Garbled("rubbish".to_owned())),
        other => {
            let kinds = EventKind::ALL;
            let event = HappenedEvent {
                kind: kinds[usize::from(other) % kinds.len()],
                object: Some(id % 5),
                doctor: None,
                patient: Some(row(1, "").id),
            };
            desk.hears(Told::Happened(id, event))
        }
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks(
        width in 1u16..130,
        height in 1u16..45,
        signed_in in any::<bool>(),
        is_doctor in prop::bool::weighted(0.25),
        acts in prop::collection::vec(act(), 1..60),
    ) {
        // An admin may do everything; a doctor has another home.
        let who = signed_in.then(if is_doctor { lise } else { admin });
        let mut desk = Desk::start(Look::new(width, height), who, None);
        if signed_in {
            answer(&mut desk, Slot::List, 77);
        }
        for act in acts {
            match act {
                Act::Key(code, modifiers) => {
                    desk.happen(Event::Key(KeyEvent::new(code, modifiers)));
                }
                Act::Paste(text) => {
                    desk.happen(Event::Pasted(text));
                }
                Act::Resize(width, height) => {
                    desk.size = Size::new(width, height);
                    desk.happen(Event::Resized(desk.size));
                }
                Act::Wait(ms) => {
                    desk.wait(ms);
                }
                Act::Answer(slot, kind) => answer(&mut desk, slot, kind),
                Act::Hear(kind) => hear(&mut desk, kind),
            }
            let (_, cursor) = desk.draw();
            if let Some((x, y)) = cursor {
                prop_assert!(x < desk.size.width && y < desk.size.height);
            }
            prop_assert!(desk.model.next_wake() > desk.now, "the loop would spin");
        }
    }
}
