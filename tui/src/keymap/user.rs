//! The user's own keys: a TOML file of command names and keys.
//!
//! ```toml
//! "patients.new" = ["n", "insert"]
//! "app.log" = "f8"
//! "list.bottom" = []      # no key; still in the palette
//! ```

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::chord::{self, Chord};
use super::{Binding, Keymap, clash, typed};
use crate::command::{self, Scope};

/// Why the key file can't be used. `Display` names file and line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The file can't be read.
    #[error("The key file {} can't be read ({reason}).", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A line of it can't be used.
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what to do.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Keys {
    One(String),
    Many(Vec<String>),
}

/// Reads the file and merges it over the built-in keys: what it names gets the keys it says, and
/// only those.
///
/// # Errors
/// The file can't be read, names an unknown command or key, gives one key to two commands that can
/// be meant at the same place, or a letter to one whose place takes letters as text.
pub fn load(path: &Path) -> Result<Keymap, KeyFileError> {
    let text = std::fs::read_to_string(path).map_err(|error| KeyFileError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    merge(&text).map_err(|(line, reason)| KeyFileError::Line {
        path: path.to_owned(),
        line,
        reason,
    })
}

fn merge(text: &str) -> Result<Keymap, (usize, String)> {
    let line_of = |at: usize| {
        text.get(..at)
            .map_or(1, |before| before.matches('\n').count() + 1)
    };
    let entries: BTreeMap<String, Spanned<Keys>> = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        (
            line,
            format!(
                "{}; write: \"command.name\" = \"key\".",
                error.message().trim_end()
            ),
        )
    })?;

    let mut keymap = Keymap::default();
    let mut own: Vec<(usize, Binding)> = Vec::new();
    for (name, keys) in entries {
        let line = line_of(keys.span().start);
        let command = command::find(&name).ok_or_else(|| {
            (
                line,
                format!("there is no command “{name}”; `clinic keys` lists them."),
            )
        })?;
        keymap
            .bindings
            .retain(|binding| binding.command.name != command.name);
        let keys = match keys.into_inner() {
            Keys::One(key) => vec![key],
            Keys::Many(keys) => keys,
        };
        for key in keys {
            let keys: Vec<Chord> =
                chord::sequence(&key).map_err(|error| (line, error.to_string()))?;
            own.push((line, Binding { keys, command }));
        }
    }
    own.sort_by_key(|(line, _)| *line);
    let built_in = Keymap::default().bindings;
    let stacks = Scope::stacks();
    for (line, binding) in own {
        if let Some(why) = typed(&binding) {
            return Err((line, why));
        }
        // What the built-in keys hide on purpose (`l` is the next day where it opens a row
        // elsewhere) is no mistake.
        let is_meant = |other| built_in.contains(&binding) && built_in.contains(other);
        let mut others = keymap.bindings.iter();
        if let Some(taken) =
            others.find(|other| clash(&stacks, other, &binding) && !is_meant(other))
        {
            return Err((line, said(&binding, taken)));
        }
        keymap.bindings.push(binding);
    }
    Ok(keymap)
}

/// What is wrong with keys that another command has.
fn said(own: &Binding, taken: &Binding) -> String {
    let Binding { keys, command } = taken;
    let (key, taken_key) = (chord::shown(&own.keys), chord::shown(keys));
    let begins = match own.keys.len().cmp(&keys.len()) {
        Ordering::Less => format!("{key} begins {taken_key}, which already means"),
        Ordering::Equal => format!("{key} already means"),
        Ordering::Greater => format!("{key} can't be typed there: {taken_key} already means"),
    };
    let place = match command.scope == own.command.scope {
        true => String::new(),
        false => format!("; {}", command.scope.title().to_lowercase()),
    };
    format!(
        "{begins} “{}” ({}{place}); give that another key first.",
        command.title, command.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_keys_replace_the_built_in_ones() {
        let keymap = merge("# mine\n\"patients.new\" = [\"insert\", \"x n\"]\n").unwrap();
        let keys: Vec<String> = keymap
            .keys_of(command::find("patients.new").unwrap())
            .collect();
        assert_eq!(keys, ["Ins", "x n"]);
    }

    #[test]
    fn an_empty_list_takes_the_keys_away() {
        let keymap = merge("\"patients.new\" = []").unwrap();
        assert_eq!(
            keymap
                .keys_of(command::find("patients.new").unwrap())
                .count(),
            0
        );
    }

    #[test]
    fn conflicts_and_mistakes_name_their_line() {
        let (line, why) = merge("\n\"patients.new\" = \"/\"").err().unwrap();
        assert_eq!(line, 2);
        assert!(why.contains("already means"), "{why}");
        let (line, why) = merge("\"patients.new\" = \"f5\"\n\"nobody.knows\" = \"x\"")
            .err()
            .unwrap();
        assert_eq!(line, 2);
        assert!(why.contains("no command"), "{why}");
        let (line, why) = merge("\"patients.new\" = \"hyper-x\"").err().unwrap();
        assert_eq!(line, 1);
        assert!(why.contains("is no key"), "{why}");
        let (line, _) = merge("\n\n\"patients.new\" = 3").err().unwrap();
        assert_eq!(line, 3);
    }

    #[test]
    fn a_key_of_the_list_beneath_is_taken_unless_it_was_so_from_the_start() {
        let (_, why) = merge("\"today.next\" = \"j\"").err().unwrap();
        assert!(why.contains("list.down"), "{why}");
        assert!(merge("\"today.next\" = [\"l\", \"right\"]").is_ok());
        assert!(
            merge("\"doctors.verify\" = \"n\"").is_ok(),
            "another place's"
        );
    }

    #[test]
    fn a_key_that_means_something_there_already_is_refused_with_its_line_and_what_it_means() {
        for (name, keys, means) in [
            // Of the keys that count everywhere.
            (
                "today.room",
                "f1",
                "F1 already means “Help” (app.help; everywhere)",
            ),
            (
                "today.check_in",
                "ctrl-c",
                "Ctrl-C already means “Quit” (app.quit;",
            ),
            (
                "today.room",
                "g t",
                "g t already means “Go to today” (go.today;",
            ),
            (
                "today.room",
                ":",
                ": already means “Commands” (app.palette;",
            ),
            ("today.room", "?", "? already means “Help” (app.help;"),
            ("patients.new", "f9", "F9 already means “Settings”"),
            ("doctor.away", "u", "u already means “Undo last step”"),
            ("form.save", "f2", "F2 already means “Go to today”"),
            ("search.leave", "f1", "F1 already means “Help”"),
            // Of the list beneath, and of what is done with its rows.
            ("today.check_in", "enter", "Enter already means “Open”"),
            ("today.room", "j", "j already means “Down”"),
            (
                "today.filter",
                "c",
                "c already means “Check in” (today.check_in; appointment of",
            ),
            ("queue.order", "s", "s already means “Start”"),
            ("contacts.filter", "a", "a already means “Answer”"),
            ("decisions.filter", "x", "x already means “Reject”"),
            ("visit.open", "c", "c already means “Check in”"),
            ("appointment.patient", "t", "t already means “Today”"),
            ("search.open", "ctrl-d", "Ctrl-D already means “Page down”"),
            // Of an inner place: the key would do nothing there.
            ("app.help", "j", "j already means “Down”"),
            ("app.log", "c", "c already means “Check in”"),
            ("list.open", "c", "c already means “Check in”"),
            ("app.reload", "ctrl-s", "Ctrl-S already means"),
            // In the same place.
            (
                "today.room",
                "c",
                "c already means “Check in” (today.check_in);",
            ),
            // Sequences, and what begins them.
            (
                "patients.new",
                "g",
                "g begins g g, which already means “First row”",
            ),
            (
                "today.room",
                "c x",
                "c x can't be typed there: c already means “Check in”",
            ),
            (
                "app.log",
                "j l",
                "j l can't be typed there: j already means “Down”",
            ),
            // Where letters are text.
            ("form.save", "a", "a is typed into the fields there"),
            ("search.open", "n", "n is typed into the fields there"),
            (
                "prompt.submit",
                "space",
                "Space is typed into the fields there",
            ),
            ("ask.send", "s s", "s is typed into the fields there"),
            (
                "letter.send",
                "backspace",
                "Backspace edits what is typed there",
            ),
            ("form.save", "ctrl-a", "Ctrl-A edits what is typed there"),
        ] {
            let text = format!("# mine\n\"app.theme\" = []\n\"{name}\" = [\"{keys}\"]\n");
            let (line, why) = merge(&text).err().unwrap_or_else(|| panic!("{text}"));
            assert_eq!(line, 3, "{text}");
            assert!(why.contains(means), "{text}: {why}");
        }
    }

    #[test]
    fn a_key_is_free_once_what_had_it_has_another() {
        for text in [
            "\"today.room\" = \"f1\"\n\"app.help\" = \"?\"",
            "\"app.help\" = \"?\"\n\"today.room\" = \"f1\"",
            "\"today.check_in\" = \"s\"\n\"today.start\" = \"c\"",
            "\"app.palette\" = \"f6\"\n\"today.room\" = \":\"",
            "\"today.room\" = \"g t\"\n\"go.today\" = \"f2\"",
            // Where nothing else has it, or where the other never counts.
            "\"today.room\" = \"f8\"",
            "\"doctors.verify\" = \"n\"",
            "\"form.save\" = [\"f8\", \"alt-s\"]",
            "\"book.part\" = \"n\"",
        ] {
            assert!(merge(text).is_ok(), "{text}: {:?}", merge(text).err());
        }
        let (_, why) = merge("\"today.room\" = \"f1\"\n\"app.help\" = [\"?\", \"f1\"]")
            .err()
            .unwrap();
        assert!(why.contains("F1 already means “Room”"), "{why}");
    }
}
