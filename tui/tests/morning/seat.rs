//! Where the receptionist sits: in front of the screens in this process, or of `clinic` itself.

use std::cell::{RefCell, RefMut};
use std::time::Duration;

use clinic_server::infra::Clock;
use clinic_tui::keymap::chord::Chord;
use crossterm::event::{KeyCode, KeyModifiers};

use super::support::pty::Terminal;
use super::support::terminal::Person;

/// A terminal and what is in it.
pub(crate) enum Seat {
    /// The loop of this process, and the clock that it and the server go by.
    Here(Person, Clock),
    /// The program.
    There(RefCell<Terminal>),
}

impl Seat {
    /// In front of the program.
    pub(crate) const fn at(terminal: Terminal) -> Self {
        Seat::There(RefCell::new(terminal))
    }

    pub(crate) fn press(&self, keys: &str) {
        match self {
            Seat::Here(person, _) => person.press(keys),
            Seat::There(terminal) => {
                let chords: Vec<Chord> = keys.split(' ').map(|key| key.parse().unwrap()).collect();
                let is_esc = |chord: &Chord| chord.code == KeyCode::Esc;
                assert!(
                    !chords.iter().rev().skip(1).any(is_esc),
                    "what follows Esc at once is taken for Alt: {keys}"
                );
                let bytes: String = chords.into_iter().map(bytes).collect();
                terminal.borrow_mut().send(&bytes);
            }
        }
    }

    pub(crate) fn type_text(&self, text: &str) {
        match self {
            Seat::Here(person, _) => person.type_text(text),
            Seat::There(terminal) => terminal.borrow_mut().send(text),
        }
    }

    /// Waits until the screen is so.
    pub(crate) async fn sees(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        match self {
            Seat::Here(person, _) => {
                person.waits_until(what, is_so).await;
            }
            // Blocks this thread, which has nothing else to do: the server has its own.
            Seat::There(terminal) => terminal
                .borrow()
                .wait_until(what, |screen| is_so(&screen.contents())),
        }
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        match self {
            Seat::Here(person, _) => person.text(),
            Seat::There(terminal) => terminal.borrow().contents(),
        }
    }

    /// Lets time pass, where it stands still otherwise.
    pub(crate) fn pass(&self, time: Duration) {
        if let Seat::Here(_, clock) = self {
            clock.advance(time);
        }
    }

    /// The program ends well and leaves the terminal as it was.
    pub(crate) fn gives_back(&self) {
        if let Seat::There(terminal) = self {
            let mut terminal: RefMut<'_, Terminal> = terminal.borrow_mut();
            assert_eq!(terminal.exit_code(), 0);
            terminal.assert_given_back();
        }
    }
}

/// What a terminal sends for a key.
fn bytes(chord: Chord) -> String {
    let alt = if chord.modifiers.contains(KeyModifiers::ALT) {
        "\x1b"
    } else {
        ""
    };
    let has_ctrl = chord.modifiers.contains(KeyModifiers::CONTROL);
    let key = match chord.code {
        KeyCode::Char(c) if has_ctrl => char::from(c as u8 & 0x1f).to_string(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "\r".to_owned(),
        KeyCode::Esc => "\x1b".to_owned(),
        KeyCode::Tab if chord.modifiers.contains(KeyModifiers::SHIFT) => "\x1b[Z".to_owned(),
        KeyCode::Tab => "\t".to_owned(),
        KeyCode::Backspace => "\x7f".to_owned(),
        KeyCode::Up => "\x1b[A".to_owned(),
        KeyCode::Down => "\x1b[B".to_owned(),
        KeyCode::Right => "\x1b[C".to_owned(),
        KeyCode::Left => "\x1b[D".to_owned(),
        KeyCode::Home => "\x1b[H".to_owned(),
        KeyCode::End => "\x1b[F".to_owned(),
        KeyCode::F(number @ 1..=4) => format!("\x1bO{}", char::from(b'O' + number)),
        KeyCode::F(5) => "\x1b[15~".to_owned(),
        KeyCode::F(6) => "\x1b[17~".to_owned(),
        other => panic!("nobody presses {other:?} here"),
    };
    format!("{alt}{key}")
}
