//! What is done elsewhere: where a command of another place is, how one gets there, and what is
//! chosen there first.

use super::{Availability, Command, Scope, all, find};
use crate::app::{Model, Tone, key_now};
use crate::effect::Effect;
use crate::keymap::chord::{Chord, shown};
use crate::layers::Layer;
use crate::screens::place::Place;
use crate::screens::queue;
use crate::screens::record::{self, Subject, story};

/// So many are named where a key is looked for.
const AT_MOST: usize = 2;

/// Where the commands of a scope are, and what is chosen there before.
struct Home {
    place: Place,
    first: Option<&'static str>,
}

/// Where the commands of a scope are, if one goes to a place for them.
const fn home(scope: Scope) -> Option<Home> {
    let (place, first) = match scope {
        Scope::Today => (Place::Today, None),
        Scope::Queue => (Place::Queue, None),
        Scope::Deeds => (Place::Today, Some("choose an appointment")),
        Scope::Appointment => (Place::Today, Some("open an appointment")),
        Scope::Patients => (Place::Patients, None),
        Scope::Patient => (Place::Patients, Some("open a patient's record")),
        Scope::Doctors => (Place::Doctors, None),
        Scope::Doctor => (Place::Doctors, Some("open a doctor's record")),
        Scope::Contacts => (Place::Contacts, None),
        Scope::Inbox => (Place::Contacts, Some("choose a contact request")),
        Scope::Users => (Place::Users, None),
        Scope::User => (Place::Users, Some("open an account")),
        Scope::Sessions => (Place::Sessions, Some("choose a session")),
        Scope::Waitlist => (Place::Waitlist, Some("choose who waits")),
        Scope::Decisions => (Place::Decisions, None),
        Scope::Ruling => (Place::Decisions, Some("choose what to decide")),
        Scope::Audit => (Place::Audit, None),
        Scope::AuditRow => (Place::Audit, Some("open a row")),
        _ => return None,
    };
    Some(Home { place, first })
}

/// The same for whoever sits here: doctors see the appointments in their queue.
fn home_of(model: &Model, command: &Command) -> Option<Home> {
    let home = home(command.scope)?;
    let place = match command.scope {
        Scope::Deeds if queue::is_doctor(model) => Place::Queue,
        _ => home.place,
    };
    Some(Home { place, ..home })
}

/// Whether one goes to another place for a command, or opens something there.
pub(crate) fn is_somewhere(command: &Command) -> bool {
    home(command.scope).is_some()
}

/// Whether the place itself is on the screen, with nothing over it.
fn is_there(model: &Model, place: Place) -> bool {
    model.place == place && model.acting().is_none()
}

/// Whether an appointment of the patient whose record is open can be chosen for it.
fn is_beneath(model: &Model, command: &Command) -> bool {
    command.scope == Scope::Deeds
        && matches!(record::acting(model), Some(Subject::Patient(_)))
        && story::can_choose(model) == Availability::Ok
}

/// The command that goes to a place.
fn way(place: Place) -> Option<&'static Command> {
    find(place.command())
}

/// The place and the key that goes there: `Today (F2)`.
fn named(model: &Model, place: Place) -> String {
    // A single key goes there from a field, too.
    let key = way(place).and_then(|way| {
        let keys = model.keymap.sequences_of(way);
        keys.min_by_key(|keys| keys.len()).map(shown)
    });
    let key = key.map(|key| format!(" ({key})")).unwrap_or_default();
    format!("{}{key}", place.title())
}

/// Why a command of another place can't be run here: what to do first.
pub(crate) fn why(model: &Model, command: &Command) -> String {
    if is_beneath(model, command) {
        return "First choose one of the appointments below.".to_owned();
    }
    let Some(Home { place, first }) = home_of(model, command) else {
        return String::new();
    };
    if let Some(Availability::Disabled(why)) = way(place).map(|way| (way.available)(model)) {
        return why.into_owned();
    }
    match first {
        Some(first) if is_there(model, place) => format!("First {first}."),
        Some(first) => format!("Go to {} and {first}.", named(model, place)),
        None => format!("Go to {}.", named(model, place)),
    }
}

/// Goes where a command is and says what is left to do; where one can't go, says why.
pub(crate) fn go(model: &mut Model, command: &'static Command) -> Vec<Effect> {
    let Some(Home { place, first }) = home_of(model, command) else {
        return Vec::new();
    };
    let mut first = first;
    let effects = match way(place).map(|way| ((way.available)(model), way)) {
        _ if is_beneath(model, command) => {
            first = Some("choose one of the appointments");
            story::choose_first(model)
        }
        _ if is_there(model, place) => Vec::new(),
        Some((Availability::Ok, way)) => (way.run)(model),
        Some((Availability::Disabled(why), _)) => {
            model.toast(Tone::Info, why);
            return Vec::new();
        }
        None => return Vec::new(),
    };
    let any = || model.keymap.keys_of(command).next();
    let press = match key_now(model, command).or_else(any) {
        Some(key) => format!("press {key}"),
        None => "choose it once more".to_owned(),
    };
    let then = match first {
        Some(first) => format!("{first}, then {press}"),
        None => press,
    };
    model.toast(Tone::Info, format!("{}: {then}.", command.title));
    effects
}

/// What a key that means nothing here does elsewhere, if it does something there.
pub(crate) fn hint(model: &Model, chord: Chord) -> Option<String> {
    use crossterm::event::KeyCode;
    // Keys that go about mean nothing in particular.
    if !matches!(chord.code, KeyCode::Char(_) | KeyCode::F(_)) || !model.session.is_in() {
        return None;
    }
    let scopes = model.scopes();
    let has_key = |command: &&'static Command| {
        let mut keys = model.keymap.sequences_of(command);
        keys.any(|keys| keys == [chord])
    };
    let mut found: Vec<&Command> = Vec::new();
    for command in all().filter(|command| !command.is_motion && is_somewhere(command)) {
        let is_known = found.iter().any(|other| other.title == command.title);
        if has_key(&command) && !scopes.contains(&command.scope) && !is_known {
            found.push(command);
        }
    }
    if found.is_empty() {
        return None;
    }
    if matches!(model.layers.last(), Some(Layer::Dialog(_))) {
        return Some("Answer the question first.".to_owned());
    }
    // What one may do is of more use than what one may not.
    let is_barred = |command: &&Command| {
        let way = home_of(model, command).and_then(|home| way(home.place));
        way.is_none_or(|way| (way.available)(model) != Availability::Ok)
    };
    found.sort_by_key(is_barred);
    let open = found.iter().filter(|command| !is_barred(command)).count();
    let said = found.iter().take(open.clamp(1, AT_MOST)).map(|command| {
        let why = why(model, command);
        format!(" {}: {}", command.title, lower(&why))
    });
    let key = shown(&[chord]);
    Some(format!(
        "{key} does nothing here.{}",
        said.collect::<String>()
    ))
}

/// A sentence within another one.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters.clone()).collect()
}
