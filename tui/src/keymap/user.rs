//! The user's own keys: a TOML file of command names and keys.
//!
//! ```toml
//! "patients.new" = ["n", "insert"]
//! "app.log" = "f9"
//! "list.bottom" = []      # no key; still in the palette
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::chord::{self, Chord};
use super::{Binding, Keymap, begin_alike, overlap};
use crate::command;

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
/// The file can't be read, names an unknown command or key, or gives one key to two commands that
/// can be meant at the same place.
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
    for (line, binding) in own {
        if let Some(taken) = keymap
            .bindings
            .iter()
            .find(|other| overlap(other, &binding) || hides(other, &binding))
        {
            let key = chord::shown(&binding.keys);
            let reason = format!(
                "{key} already means “{}” ({}) there; give that another key first.",
                taken.command.title, taken.command.name,
            );
            return Err((line, reason));
        }
        keymap.bindings.push(binding);
    }
    Ok(keymap)
}

/// Whether one of two bindings whose keys count together hides the other. What the built-in keys
/// hide on purpose (`l` is the next day where it opens a row elsewhere) is no mistake.
fn hides(other: &Binding, own: &Binding) -> bool {
    let count_together = own.command.scope.beneath() == Some(other.command.scope)
        || other.command.scope.beneath() == Some(own.command.scope);
    let is_built_in = |binding: &Binding| {
        let keys = chord::shown(&binding.keys);
        let mut built_in = binding.command.keys.iter();
        built_in.any(|known| chord::sequence(known).is_ok_and(|known| chord::shown(&known) == keys))
    };
    count_together && begin_alike(other, own) && !is_built_in(own)
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
    fn a_key_that_hides_a_sequence_is_a_conflict() {
        let (_, why) = merge("\"patients.new\" = \"g\"").err().unwrap();
        assert!(why.contains("already means"), "{why}");
    }
}
