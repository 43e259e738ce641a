//! From a key to a command, or into the field that has the cursor.

use crossterm::event::KeyCode;
use tui_input::InputRequest;

use super::{Model, Tone};
use crate::command::{Availability, Command, Scope, elsewhere};
use crate::effect::Effect;
use crate::keymap::Meaning;
use crate::keymap::chord::{Chord, shown};
use crate::layers::{self, Layer};
use crate::screens::{dialog, finder, list};
use crate::text;

/// What a key would do now.
#[derive(Debug, Clone, PartialEq)]
enum Sense {
    Command(&'static Command),
    Prefix(Vec<(String, &'static Command)>),
    Edit(InputRequest),
    Nothing,
}

/// Takes a key.
pub(super) fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if !model.pressed.is_empty() && chord == Chord::plain(KeyCode::Esc) {
        model.pressed.clear();
        return Vec::new();
    }
    // What takes long is not waited for any longer.
    if chord == Chord::plain(KeyCode::Esc)
        && let Some(effects) = list::stop(model)
    {
        return effects;
    }
    // An answer of a question has its letter before the keys that count everywhere.
    if model.pressed.is_empty() && dialog::has_letter(model, chord) {
        return dialog::letter(model, chord);
    }
    model.pressed.push(chord);
    let sense = sense(model, &model.pressed);
    if matches!(sense, Sense::Prefix(_)) {
        return Vec::new();
    }
    let pressed = std::mem::take(&mut model.pressed);
    match sense {
        Sense::Command(command) => run(model, command),
        Sense::Edit(request) => layers::edit(model, request),
        Sense::Nothing => nothing(model, &pressed),
        Sense::Prefix(_) => Vec::new(),
    }
}

/// Takes keys that mean nothing: where letters search, they do; else what they mean elsewhere is
/// said.
fn nothing(model: &mut Model, pressed: &[Chord]) -> Vec<Effect> {
    if layers::is_list(model)
        && let Some(text) = typed(pressed)
    {
        return finder::search_for(model, &text);
    }
    let said = match pressed {
        [chord] if layers::unbound(model, *chord) => None,
        [chord] => elsewhere::hint(model, *chord),
        _ => Some(format!("{} means nothing here.", shown(pressed))),
    };
    if let Some(said) = said {
        model.toast(Tone::Info, said);
    }
    Vec::new()
}

/// What these keys type, if they are all characters and begin a word.
fn typed(pressed: &[Chord]) -> Option<String> {
    let text: Option<String> = pressed.iter().map(|chord| chord.typed()).collect();
    text.filter(|text| !text.starts_with(char::is_whitespace))
}

/// What these keys mean now.
fn sense(model: &Model, pressed: &[Chord]) -> Sense {
    sense_at(model, model.layers.last(), pressed)
}

/// What these keys mean with this layer on top. In a field, a character is typed; then come the
/// keys of the field's own scope, then those that edit text, then the rest.
fn sense_at(model: &Model, top: Option<&Layer>, pressed: &[Chord]) -> Sense {
    let mut scopes = model.scopes_with(top);
    // Among the slots of a booking a letter that a day begins with is typed.
    if let (Some(Layer::Book(book)), &[chord]) = (top, pressed)
        && chord.typed().is_some_and(|letter| book.begins_day(letter))
    {
        scopes.retain(|scope| *scope != Scope::Global);
    }
    let meaning = |scopes| match model.keymap.meaning(scopes, pressed) {
        Meaning::Command(command) => Some(Sense::Command(command)),
        Meaning::Prefix(next) => Some(Sense::Prefix(next)),
        Meaning::Nothing => None,
    };
    if layers::is_field(model, top)
        && let &[chord] = pressed
    {
        if let Some(c) = chord.typed() {
            let is_first = layers::begins_search(model, top);
            let global = (is_first && is_no_beginning(c)).then(|| meaning(&[Scope::Global]));
            let typed = Sense::Edit(InputRequest::InsertChar(c));
            return global.flatten().unwrap_or(typed);
        }
        let (inner, outer) = scopes.split_at(scopes.len().min(1));
        return meaning(inner)
            .or_else(|| chord.edits().map(Sense::Edit))
            .or_else(|| meaning(outer))
            .unwrap_or(Sense::Nothing);
    }
    meaning(&scopes).unwrap_or(Sense::Nothing)
}

/// Whether nothing that is searched for begins with it: no name, number, phone or mail address.
fn is_no_beginning(c: char) -> bool {
    matches!(c, ':' | '?')
}

/// What the keys pressed so far can become: for the which-key hint.
pub(crate) fn pending(model: &Model) -> Option<Vec<(String, &'static Command)>> {
    if model.pressed.is_empty() {
        return None;
    }
    match sense(model, &model.pressed) {
        Sense::Prefix(next) => Some(next),
        _ => None,
    }
}

/// The key that runs this command, as a person reads it; none if no key does. Beneath a question it is
/// the key that does so once that is answered: what the screen says stays whole.
pub(crate) fn key_now(model: &Model, command: &'static Command) -> Option<String> {
    let is_beneath = |layer: &&Layer| !matches!(layer, Layer::Dialog(_));
    key_on_top(model, command).or_else(|| {
        let top = model.layers.iter().rev().find(is_beneath);
        key_at(model, top, command)
    })
}

/// The key that runs this command now, whatever lies on top.
pub(crate) fn key_on_top(model: &Model, command: &'static Command) -> Option<String> {
    key_at(model, model.layers.last(), command)
}

/// The key that runs this command once palette or help are closed.
pub(crate) fn key_beneath(model: &Model, command: &'static Command) -> Option<String> {
    key_at(model, model.acting(), command)
}

/// The keys that run this command once palette or help are closed: those that an inner place
/// takes for itself, or a field types, are not among them.
pub(crate) fn keys_beneath(model: &Model, command: &'static Command) -> Vec<String> {
    let top = model.acting();
    let runs = |keys: &&[Chord]| reaches(model, top, keys, command);
    model
        .keymap
        .sequences_of(command)
        .filter(runs)
        .map(shown)
        .collect()
}

/// Whether these keys run this command with this layer on top.
fn reaches(model: &Model, top: Option<&Layer>, keys: &[Chord], command: &'static Command) -> bool {
    let first = keys.get(..1).unwrap_or_default();
    // In a field the first key of a sequence is typed.
    let begins = keys.len() == 1 || matches!(sense_at(model, top, first), Sense::Prefix(_));
    begins && sense_at(model, top, keys) == Sense::Command(command)
}

fn key_at(model: &Model, top: Option<&Layer>, command: &'static Command) -> Option<String> {
    model
        .keymap
        .sequences_of(command)
        .find(|keys| reaches(model, top, keys, command))
        .map(shown)
}

/// Runs a command, or says why that can't be done now.
pub(crate) fn run(model: &mut Model, command: &'static Command) -> Vec<Effect> {
    match (command.available)(model) {
        Availability::Ok => (command.run)(model),
        Availability::Disabled(why) => {
            model.toast(Tone::Info, why);
            Vec::new()
        }
    }
}

/// Takes pasted text into the field that has the cursor; elsewhere it is no keys.
pub(super) fn paste(model: &mut Model, pasted: &str) -> Vec<Effect> {
    model.pressed.clear();
    if !layers::is_field(model, model.layers.last()) {
        return Vec::new();
    }
    layers::paste(model, &text::block(pasted))
}
