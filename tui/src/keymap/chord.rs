//! One key with its modifiers: read from an event, from a configuration file, and written for a
//! person.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

/// A key press. Shift is part of the character (`G`), so it is kept for other keys only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// What was held down with it.
    pub modifiers: KeyModifiers,
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no key; write it like: n, G, ctrl-s, alt-x, shift-tab, f1, enter, esc, space, pgdn."
)]
pub struct UnknownKey(pub String);

/// Names of keys that are no characters, and how the footer writes them.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("space", "Space", KeyCode::Char(' ')),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("delete", "Del", KeyCode::Delete),
    ("insert", "Ins", KeyCode::Insert),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pgup", "PgUp", KeyCode::PageUp),
    ("pgdn", "PgDn", KeyCode::PageDown),
    ("up", "Up", KeyCode::Up),
    ("down", "Down", KeyCode::Down),
    ("left", "Left", KeyCode::Left),
    ("right", "Right", KeyCode::Right),
];

impl Chord {
    /// The key with nothing held down.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }

    /// The character this key types into a field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            // AltGr arrives as ctrl-alt on some terminals.
            KeyCode::Char(c)
                if self.modifiers.is_empty()
                    || (self.modifiers == KeyModifiers::CONTROL | KeyModifiers::ALT
                        && !c.is_ascii_alphanumeric()) =>
            {
                Some(c)
            }
            _ => None,
        }
    }

    /// What this key does to a field's text, if it is no character.
    pub(crate) fn edits(self) -> Option<InputRequest> {
        let event = Event::Key(KeyEvent::new(self.code, self.modifiers));
        to_input_request(&event).filter(|request| !matches!(request, InputRequest::InsertChar(_)))
    }
}

impl From<KeyEvent> for Chord {
    fn from(key: KeyEvent) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut chord = Self {
            code: key.code,
            modifiers: key.modifiers & kept,
        };
        match chord.code {
            KeyCode::BackTab => {
                chord.code = KeyCode::Tab;
                chord.modifiers |= KeyModifiers::SHIFT;
            }
            KeyCode::Char(c) if chord.modifiers.contains(KeyModifiers::CONTROL) => {
                chord.code = KeyCode::Char(c.to_ascii_lowercase());
                chord.modifiers -= KeyModifiers::SHIFT;
            }
            KeyCode::Char(_) => chord.modifiers -= KeyModifiers::SHIFT,
            _ => {}
        }
        chord
    }
}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        let unknown = || UnknownKey(text.to_owned());
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, after) = if let Some(after) = rest.strip_prefix("ctrl-") {
                (KeyModifiers::CONTROL, after)
            } else if let Some(after) = rest.strip_prefix("alt-") {
                (KeyModifiers::ALT, after)
            } else if let Some(after) = rest.strip_prefix("shift-") {
                (KeyModifiers::SHIFT, after)
            } else {
                break;
            };
            modifiers |= modifier;
            rest = after;
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.next()) {
            (Some(c), None) => KeyCode::Char(c),
            (Some('f'), Some('0'..='9')) => {
                let number = rest
                    .get(1..)
                    .and_then(|n| n.parse().ok())
                    .ok_or_else(unknown)?;
                if !(1..=12).contains(&number) {
                    return Err(unknown());
                }
                KeyCode::F(number)
            }
            _ => {
                let named = NAMED.iter().find(|(name, ..)| *name == rest);
                named.map(|(.., code)| *code).ok_or_else(unknown)?
            }
        };
        let is_character = matches!(code, KeyCode::Char(_));
        if is_character && code != KeyCode::Char(' ') && modifiers.contains(KeyModifiers::SHIFT) {
            return Err(unknown());
        }
        Ok(Self { code, modifiers })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in [
            (KeyModifiers::CONTROL, "Ctrl-"),
            (KeyModifiers::ALT, "Alt-"),
            (KeyModifiers::SHIFT, "Shift-"),
        ] {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        if let Some((_, shown, _)) = NAMED.iter().find(|(.., code)| *code == self.code) {
            return f.write_str(shown);
        }
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => write!(f, "{c}"),
            KeyCode::Char(c) => write!(f, "{}", c.to_uppercase()),
            KeyCode::F(number) => write!(f, "F{number}"),
            other => write!(f, "{other}"),
        }
    }
}

/// Reads a sequence: keys with spaces between them (`g g`).
///
/// # Errors
/// The first key that is none.
pub fn sequence(text: &str) -> Result<Vec<Chord>, UnknownKey> {
    let chords: Vec<Chord> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    if chords.is_empty() {
        Err(UnknownKey(text.to_owned()))
    } else {
        Ok(chords)
    }
}

/// Writes a sequence for a person: `g g`, `Ctrl-S`.
pub fn shown(sequence: &[Chord]) -> String {
    sequence
        .iter()
        .map(Chord::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_keys_are_read_and_shown() {
        for (text, expected) in [
            ("n", "n"),
            ("G", "G"),
            ("ctrl-s", "Ctrl-S"),
            ("alt-x", "Alt-X"),
            ("shift-tab", "Shift-Tab"),
            ("f1", "F1"),
            ("g g", "g g"),
            ("space", "Space"),
            ("ctrl--", "Ctrl--"),
        ] {
            assert_eq!(shown(&sequence(text).unwrap()), expected);
        }
        for text in ["", "ctrl", "f13", "hello", "shift-g"] {
            assert!(sequence(text).is_err(), "{text}");
        }
    }

    #[test]
    fn events_and_written_keys_meet() {
        let event = |code, modifiers| Chord::from(KeyEvent::new(code, modifiers));
        let key = |text: &str| text.parse::<Chord>().unwrap();
        assert_eq!(event(KeyCode::Char('G'), KeyModifiers::SHIFT), key("G"));
        assert_eq!(
            event(KeyCode::BackTab, KeyModifiers::SHIFT),
            key("shift-tab")
        );
        assert_eq!(
            event(KeyCode::BackTab, KeyModifiers::NONE),
            key("shift-tab")
        );
        let both = KeyModifiers::CONTROL | KeyModifiers::SHIFT;
        assert_eq!(event(KeyCode::Char('S'), both), key("ctrl-s"));
    }

    #[test]
    fn only_characters_type() {
        assert_eq!("é".parse::<Chord>().unwrap().typed(), Some('é'));
        assert_eq!("ctrl-a".parse::<Chord>().unwrap().typed(), None);
        assert_eq!("ctrl-alt-@".parse::<Chord>().unwrap().typed(), Some('@'));
        assert_eq!("enter".parse::<Chord>().unwrap().typed(), None);
    }
}
