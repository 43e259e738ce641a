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

/// Whether one of two bindings takes keys away from the other where both count.
fn clash(stacks: &[Vec<Scope>], one: &Binding, other: &Binding) -> bool {
    let begin_alike = one.keys.starts_with(&other.keys) || other.keys.starts_with(&one.keys);
    let scopes = [one.command.scope, other.command.scope];
    let count_together =
        |stack: &Vec<Scope>| scopes.into_iter().all(|scope| stack.contains(&scope));
    one.command != other.command && begin_alike && stacks.iter().any(count_together)
}

/// Why these keys can't be pressed where the command counts, if they can't: they are for the text.
fn typed(binding: &Binding) -> Option<String> {
    let first = *binding.keys.first()?;
    if !binding.command.scope.is_typed_in() {
        return None;
    }
    if first.typed().is_some() {
        let why = "is typed into the fields there; take a key with Ctrl or Alt, or a function key";
        return Some(format!("{first} {why}."));
    }
    first.edits()?;
    Some(format!(
        "{first} edits what is typed there; take another key."
    ))
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

    /// Which commands take built-in keys of which others where both count, because that is meant:
    /// most do the same there, or what the other one does is of no use there. A new pair belongs
    /// here only if it is so; otherwise one of them needs another key.
    const ON_PURPOSE: &[(&str, &str)] = &[
        ("arrival.register", "app.reload"),
        // This list has questions where others have a search field.
        ("audit.which", "list.search"),
        ("book.day", "sequences"),
        ("book.taken", "app.book"),
        ("hits.finish", "pane.close"),
        ("inbox.book", "app.book"),
        ("log.close", "app.log"),
        ("queue.late", "today.late"),
        ("record.close", "today.previous"),
        ("record.next", "today.next"),
        ("record.previous", "today.previous"),
        ("search.down", "list.down"),
        ("search.leave", "list.clear"),
        ("search.leave", "list.search"),
        ("search.open", "list.open"),
        ("search.up", "list.up"),
        ("sessions.end", "list.open"),
        ("settings.previous", "pane.close"),
        ("signin.servers", "go.queue"),
        ("ticket.undo", "app.undo"),
        ("today.next", "list.open"),
        ("visit.leave", "record.close"),
        ("waitlist.book", "app.book"),
    ];

    #[test]
    fn the_built_in_keys_hide_nothing_but_what_they_mean_to() {
        let keymap = Keymap::default();
        let stacks = Scope::stacks();
        let is_inner = |one: Scope, other: Scope| {
            let at = |stack: &Vec<Scope>, scope| stack.iter().position(|other| *other == scope);
            let mut stacks = stacks.iter();
            stacks.any(|stack| {
                at(stack, one)
                    .zip(at(stack, other))
                    .is_some_and(|(a, b)| a < b)
            })
        };
        let mut hidden: Vec<(&str, &str)> = Vec::new();
        for (at, one) in keymap.bindings.iter().enumerate() {
            assert_eq!(typed(one), None, "{}", one.command.name);
            for other in &keymap.bindings[at + 1..] {
                if !clash(&stacks, one, other) {
                    continue;
                }
                let (inner, outer) = match is_inner(one.command.scope, other.command.scope) {
                    true => (one, other),
                    false => (other, one),
                };
                let is_same = inner.keys.len() == outer.keys.len();
                let outer = if is_same {
                    outer.command.name
                } else {
                    "sequences"
                };
                hidden.push((inner.command.name, outer));
            }
        }
        hidden.sort_unstable();
        hidden.dedup();
        assert_eq!(hidden, ON_PURPOSE);
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
    fn ctrl_p_is_the_palette_and_alt_the_way_to_book_and_to_take_in_wherever_one_is() {
        let keymap = Keymap::default();
        for (keys, name) in [
            ("ctrl-p", "app.palette"),
            ("f6", "app.palette"),
            ("alt-b", "app.book"),
            ("alt-w", "app.walk_in"),
        ] {
            let pressed = chord::sequence(keys).unwrap();
            assert_eq!(pressed[0].edits(), None, "{keys} edits text");
            for stack in Scope::stacks() {
                let Meaning::Command(command) = keymap.meaning(&stack, &pressed) else {
                    panic!("{keys} means nothing in {stack:?}");
                };
                assert_eq!(command.name, name, "{keys} in {stack:?}");
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
