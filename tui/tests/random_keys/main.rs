//! Whatever is pressed, at whatever size: the program goes on, and stays inside the screen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod answers;
mod layers;
mod rare;
#[path = "../support/mod.rs"]
mod support;

use answers::{answer, hear};
use clinic_tui::app::Event;
use clinic_tui::command;
use clinic_tui::keymap::chord::Chord;
use clinic_tui::theme::Theme;
use clinic_tui::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use support::clinic::{admin, lise};
use support::{Desk, Look};

#[derive(Debug, Clone)]
enum Act {
    Key(KeyCode, KeyModifiers),
    /// Keys that lead to a screen or a layer.
    Go(&'static str),
    Paste(String),
    Resize(u16, u16),
    Wait(i64),
    /// The end of one of the calls that wait, one way or another.
    Answer(u8, u8),
    /// A click, or the wheel, somewhere.
    Mouse(u16, u16, Option<bool>),
    /// Something on the stream of events.
    Hear(u8),
}

/// Every key that means something somewhere, one or several.
fn meant() -> Vec<&'static str> {
    command::all()
        .flat_map(|command| command.keys.iter().copied())
        .collect()
}

fn act() -> impl Strategy<Value = Act> {
    let code = prop_oneof![
        4 => prop::char::any().prop_map(KeyCode::Char),
        4 => prop::char::range(' ', '~').prop_map(KeyCode::Char),
        6 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp,
            KeyCode::PageDown, KeyCode::Backspace, KeyCode::Delete, KeyCode::Insert,
        ]),
    ];
    let modifiers = prop_oneof![
        6 => Just(KeyModifiers::NONE),
        2 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
        1 => Just(KeyModifiers::SHIFT),
    ];
    prop_oneof![
        8 => (code, modifiers).prop_map(|(code, modifiers)| Act::Key(code, modifiers)),
        8 => prop::sample::select(meant()).prop_map(Act::Go),
        2 => prop::sample::select(layers::WAYS.to_vec()).prop_map(|(keys, _)| Act::Go(keys)),
        1 => ".{0,40}".prop_map(Act::Paste),
        1 => (1u16..200, 1u16..60).prop_map(|(width, height)| Act::Resize(width, height)),
        1 => (0i64..70_000).prop_map(Act::Wait),
        6 => any::<(u8, u8)>().prop_map(|(which, how)| Act::Answer(which, how)),
        2 => any::<u8>().prop_map(Act::Hear),
        2 => (0u16..200, 0u16..60, any::<Option<bool>>())
            .prop_map(|(x, y, wheel)| Act::Mouse(x, y, wheel)),
    ]
}

fn go(desk: &mut Desk, keys: &str) {
    for key in keys.split(' ') {
        let chord: Chord = key.parse().unwrap();
        desk.happen(Event::Key(KeyEvent::new(chord.code, chord.modifiers)));
    }
}

fn mouse(desk: &mut Desk, (x, y): (u16, u16), wheel: Option<bool>) {
    let (width, height) = (desk.size.width, desk.size.height);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut spot = None;
    let (x, y) = (x % width, y % height);
    terminal
        .draw(|frame| spot = view::draw(frame, &desk.model).spot(x, y))
        .unwrap();
    if let Some(spot) = spot {
        desk.happen(match wheel {
            Some(down) => Event::Wheeled { spot, down },
            None => Event::Clicked(spot),
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks(
        width in 1u16..130,
        height in 1u16..45,
        signed_in in any::<bool>(),
        is_doctor in prop::bool::weighted(0.25),
        theme in prop::sample::select(Theme::ALL.to_vec()),
        ascii in any::<bool>(),
        acts in prop::collection::vec(act(), 1..80),
    ) {
        // An admin may do everything; a doctor has another home.
        let who = signed_in.then(if is_doctor { lise } else { admin });
        let look = Look { size: (width, height), theme, ascii, lock_minutes: 10 };
        let mut desk = Desk::start(look, who, None);
        if signed_in {
            answer(&mut desk, 0, 77);
        }
        for act in acts {
            match act {
                Act::Key(code, modifiers) => {
                    desk.happen(Event::Key(KeyEvent::new(code, modifiers)));
                }
                Act::Go(keys) => go(&mut desk, keys),
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
                Act::Answer(which, how) => answer(&mut desk, which, how),
                Act::Hear(kind) => hear(&mut desk, kind),
                Act::Mouse(x, y, wheel) => mouse(&mut desk, (x, y), wheel),
            }
            let (_, cursor) = desk.draw();
            if let Some((x, y)) = cursor {
                prop_assert!(x < desk.size.width && y < desk.size.height);
            }
            prop_assert!(desk.model.next_wake() > desk.now, "the loop would spin");
        }
    }
}
