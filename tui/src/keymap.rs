//! Which keys mean which command, per scope: the built-in keys of the command table with the
//! user's file merged over them.

pub mod chord;
pub mod user;

use chord::Chord;
pub use user::KeyFileError;

use crate::command::{self, Command, Scope};

/// One way to reach a command.
#[derive(Debug, Clone, PartialEq)]
struct Binding {
    keys: Vec<Chord>,
    command: &'static Command,
}

/// All keys of all scopes.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// What the keys pressed so far mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// This command.
    Command(&'static Command),
    /// Nothing yet: more keys can follow. What is missing, and what it would do.
    Prefix(Vec<(String, &'static Command)>),
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    /// The built-in keys. That all of them can be read is tested.
    fn default() -> Self {
        let bindings = command::all()
            .flat_map(|command| {
                let keys = command
                    .keys
                    .iter()
                    .filter_map(|keys| chord::sequence(keys).ok());
                keys.map(move |keys| Binding { keys, command })
            })
            .collect();
        Self { bindings }
    }
}

impl Keymap {
    /// What `pressed` means where these scopes count, the innermost first.
    pub fn meaning(&self, scopes: &[Scope], pressed: &[Chord]) -> Meaning {
        // What can follow in any of the scopes, less what an inner scope has taken.
        let mut following: Vec<(String, &'static Command)> = Vec::new();
        for scope in scopes {
            let here = || {
                self.bindings
                    .iter()
                    .filter(|binding| binding.command.scope == *scope)
            };
            if following.is_empty()
                && let Some(binding) = here().find(|binding| binding.keys == pressed)
            {
                return Meaning::Command(binding.command);
            }
            let longer = here().filter_map(|binding| {
                let rest = binding.keys.strip_prefix(pressed)?;
                (!rest.is_empty()).then(|| (chord::shown(rest), binding.command))
            });
            for (rest, command) in longer {
                if following.iter().all(|(taken, _)| *taken != rest) {
                    following.push((rest, command));
                }
            }
        }
        if following.is_empty() {
            Meaning::Nothing
        } else {
            Meaning::Prefix(following)
        }
    }

    /// The keys of a command as a person reads them, the usual one first.
    pub fn keys_of(&self, command: &'static Command) -> impl Iterator<Item = String> {
        self.sequences_of(command).map(chord::shown)
    }

    /// The keys of a command.
    pub(crate) fn sequences_of(&self, command: &'static Command) -> impl Iterator<Item = &[Chord]> {
        self.bindings
            .iter()
            .filter(move |binding| binding.command.name == command.name)
            .map(|binding| binding.keys.as_slice())
    }
}

/// Whether one of two bindings makes the other unreachable.
fn overlap(one: &Binding, other: &Binding) -> bool {
    one.command.scope == other.command.scope && begin_alike(one, other)
}

/// Whether the keys of one begin with those of the other.
fn begin_alike(one: &Binding, other: &Binding) -> bool {
    one.keys.starts_with(&other.keys) || other.keys.starts_with(&one.keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_key_can_be_read() {
        for command in command::all() {
            for keys in command.keys {
                assert!(chord::sequence(keys).is_ok(), "{}: {keys}", command.name);
            }
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        let keymap = Keymap::default();
        for (at, one) in keymap.bindings.iter().enumerate() {
            for other in &keymap.bindings[at + 1..] {
                assert!(
                    !overlap(one, other),
                    "{} means {} and {}",
                    chord::shown(&one.keys),
                    one.command.name,
                    other.command.name,
                );
            }
        }
    }

    #[test]
    fn a_sequence_shows_what_can_follow() {
        let keymap = Keymap::default();
        let pressed = chord::sequence("g").unwrap();
        let Meaning::Prefix(next) = keymap.meaning(&[Scope::List, Scope::Global], &pressed) else {
            panic!("g starts a sequence");
        };
        for (key, name) in [("g", "list.top"), ("d", "go.doctors")] {
            assert!(
                next.iter()
                    .any(|(rest, command)| rest == key && command.name == name),
                "{key}: {next:?}"
            );
        }
        let pressed = chord::sequence("g g").unwrap();
        let Meaning::Command(command) = keymap.meaning(&[Scope::List], &pressed) else {
            panic!("g g is a command");
        };
        assert_eq!(command.name, "list.top");
    }

    #[test]
    fn the_undo_key_is_nowhere_anything_else() {
        let keymap = Keymap::default();
        for keys in ["u", "alt-u"] {
            let keys = chord::sequence(keys).unwrap();
            for scope in Scope::ALL {
                let scopes: Vec<Scope> = [Some(*scope), scope.beneath(), Some(Scope::Global)]
                    .into_iter()
                    .flatten()
                    .collect();
                let Meaning::Command(command) = keymap.meaning(&scopes, &keys) else {
                    panic!("{scope:?}: nothing is taken back there");
                };
                assert!(
                    ["app.undo", "ticket.undo"].contains(&command.name),
                    "{scope:?}: {}",
                    command.name
                );
            }
        }
    }

    #[test]
    fn the_inner_scope_wins() {
        let keymap = Keymap::default();
        let esc = chord::sequence("esc").unwrap();
        let Meaning::Command(command) = keymap.meaning(&[Scope::Record, Scope::Global], &esc)
        else {
            panic!("esc closes the record");
        };
        assert_eq!(command.scope, Scope::Record);
    }
}
