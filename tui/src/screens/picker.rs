//! The palette and the help: one list of commands that can be searched and run.

mod view;

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::{Input, InputRequest};

use crate::app::{self, Model};
use crate::command::{self, Availability, Command, Scope, elsewhere};
use crate::effect::Effect;
use crate::layers::Layer;
use crate::screens::ask;

pub(crate) use view::draw;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What can be done, by name.
    Palette,
    /// What the keys do, by place.
    Help,
}

/// The list.
#[derive(Debug)]
pub(crate) struct Picker {
    pub(crate) purpose: Purpose,
    pub(crate) input: Input,
    pub(crate) cursor: usize,
    /// Nothing of the layers beneath is drawn into the list, but their keys are in it.
    pub(crate) scopes: Vec<Scope>,
    /// Whether a code that was mailed is asked for beneath: else none can be asked for again.
    has_code: bool,
}

impl Picker {
    /// Types into the search field; the selection starts at the best match again.
    pub(crate) fn edit(&mut self, request: InputRequest) {
        self.input.handle(request);
        self.cursor = 0;
    }

    /// The commands that match, the best first; in the help, by place while nothing is typed.
    pub(crate) fn entries(&self) -> Vec<&'static Command> {
        let scopes = &self.scopes;
        let here = scopes
            .iter()
            .flat_map(|scope| command::all().filter(move |command| command.scope == *scope));
        let mut commands: Vec<&'static Command> = here.collect();
        if self.purpose == Purpose::Palette {
            commands.retain(|command| !command.is_motion);
        }
        commands.retain(|command| self.has_code || command.name != "ask.resend");
        let typed = self.input.value().trim();
        if typed.is_empty() {
            return commands;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let fuzzy = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        // A sentence has nearly every letter somewhere: there a word must stand as typed.
        let literal = Pattern::new(
            typed,
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Substring,
        );
        let mut commands: Vec<(bool, &'static Command)> = commands
            .into_iter()
            .map(|command| (true, command))
            .collect();
        if self.purpose == Purpose::Palette {
            commands.extend(self.elsewhere(&commands));
        }
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, &'static Command)> = commands
            .into_iter()
            .filter_map(|(is_here, command)| {
                let mut score = |pattern: &Pattern, text: &str| {
                    pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)
                };
                // A word of the title counts most, then another word for it, then letters of the
                // title, and the same word in the explanation least.
                let title = score(&literal, command.title).map(|score| score + 3000);
                let title = title.or_else(|| also(command, typed).map(|score| score + 2000));
                if !is_here {
                    // What is done elsewhere is behind what is called so, or nearly, and done here.
                    return title.map(|score| (score - 1500, command));
                }
                let title =
                    title.or_else(|| score(&fuzzy, command.title).map(|score| score + 1000));
                title
                    .or_else(|| score(&literal, command.doc))
                    .map(|score| (score, command))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, command)| command).collect()
    }
}

impl Picker {
    /// Whether a command is one of another place.
    pub(crate) fn is_elsewhere(&self, command: &Command) -> bool {
        !self.scopes.contains(&command.scope)
    }

    /// What is done in other places, but for what has the name of something here.
    fn elsewhere(&self, here: &[(bool, &'static Command)]) -> Vec<(bool, &'static Command)> {
        let is_other = |command: &&'static Command| {
            self.is_elsewhere(command)
                && !command.is_motion
                && elsewhere::is_somewhere(command)
                && here.iter().all(|(_, known)| known.title != command.title)
        };
        let others = command::all().filter(is_other);
        others.map(|command| (false, command)).collect()
    }

    /// Whether a command can be run where the list was opened, or why not.
    fn availability(&self, model: &Model, command: &Command) -> Availability {
        match self.is_elsewhere(command) {
            true => Availability::Disabled(elsewhere::why(model, command).into()),
            false => (command.available)(model),
        }
    }
}

/// How well what was typed fits the other words for a command, if each typed word begins one of
/// them; the earlier one stands, the better.
fn also(command: &Command, typed: &str) -> Option<u32> {
    let typed = typed.to_lowercase().replace('’', "'");
    let places: Option<Vec<usize>> = typed
        .split_whitespace()
        .map(|word| {
            let mut words = command.also.split(' ');
            words.position(|other| other.starts_with(word))
        })
        .collect();
    let last = places?.into_iter().max()?;
    Some(100_u32.saturating_sub(u32::try_from(last).unwrap_or(100)))
}

/// Opens the palette or the help over what is there.
pub(crate) fn open(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    if let Some(Layer::Picker(picker)) = model.layers.last() {
        let same = picker.purpose == purpose;
        model.layers.pop();
        if same {
            return Vec::new();
        }
    }
    let scopes = model.scopes();
    let has_code = ask::has_code(model);
    model.layers.push(Layer::Picker(Picker {
        purpose,
        input: Input::default(),
        cursor: 0,
        scopes,
        has_code,
    }));
    Vec::new()
}

/// Moves the selection.
pub(crate) fn step(model: &mut Model, by: isize) {
    if let Some(Layer::Picker(picker)) = model.layers.last_mut() {
        let last = picker.entries().len().saturating_sub(1);
        picker.cursor = picker.cursor.saturating_add_signed(by).min(last);
    }
}

/// Runs the selected command where the picker was opened; for one of another place, goes there.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Picker(picker)) => {
            let cursor = picker.cursor;
            run_entry(model, cursor)
        }
        _ => Vec::new(),
    }
}

/// Runs a command of the list where the picker was opened.
pub(crate) fn run_entry(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some(Layer::Picker(picker)) = model.layers.last() else {
        return Vec::new();
    };
    let Some(command) = picker.entries().get(index).copied() else {
        return Vec::new();
    };
    let is_elsewhere = picker.is_elsewhere(command);
    model.layers.pop();
    match is_elsewhere {
        true => elsewhere::go(model, command),
        false => app::run(model, command),
    }
}

/// Closes the picker.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model.layers.pop();
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(scopes: &[Scope], typed: &str) -> Vec<&'static str> {
        let picker = Picker {
            purpose: Purpose::Palette,
            input: Input::new(typed.to_owned()),
            cursor: 0,
            scopes: scopes.to_vec(),
            has_code: false,
        };
        let entries = picker.entries().into_iter();
        entries.map(|command| command.name).take(3).collect()
    }

    #[test]
    fn the_words_of_a_front_desk_find_what_is_meant() {
        let board = [Scope::Today, Scope::List, Scope::Deeds, Scope::Global];
        let queue = [Scope::Queue, Scope::List, Scope::Deeds, Scope::Global];
        let doctor = [Scope::Doctor, Scope::Record, Scope::Global];
        let patients = [Scope::Patients, Scope::List, Scope::Global];
        let patient = [Scope::Patient, Scope::Record, Scope::Global];
        for (scopes, typed, meant) in [
            (&board[..], "leave", "go.doctors"),
            (&board, "vacation", "go.doctors"),
            (&board, "holiday", "go.doctors"),
            (&board, "sick", "go.doctors"),
            (&board, "absence", "go.doctors"),
            (&doctor, "leave", "doctor.absence"),
            (&doctor, "vacation", "doctor.absence"),
            (&doctor, "sick", "doctor.absence"),
            (&board, "public holiday", "go.closures"),
            (&board, "format", "app.settings"),
            (&board, "iso", "app.settings"),
            (&board, "date format", "app.settings"),
            (&board, "order", "today.by_doctor"),
            (&board, "sort", "today.by_doctor"),
            (&queue, "order", "queue.order"),
            (&queue, "sort", "queue.order"),
            (&queue, "who is next", "go.queue"),
            (&board, "ticket", "today.check_in"),
            (&board, "arrived", "today.check_in"),
            (&board, "here", "today.check_in"),
            (&board, "phone", "list.search"),
            (&board, "didn't come", "today.no_show"),
            (&board, "didn’t show", "today.no_show"),
            (&board, "didnt show", "today.no_show"),
            (&board, "too late", "today.late"),
            (&board, "too late", "today.no_show"),
            (&board, "next free", "app.book"),
            (&board, "free slot", "app.book"),
            (&board, "video", "app.book"),
            (&board, "opening hours", "go.closures"),
            (&board, "opening hours", "doctor.windows"),
            (&doctor, "opening hours", "doctor.windows"),
            (&board, "lunch", "go.closures"),
            (&board, "lunch", "go.doctors"),
            (&doctor, "lunch", "doctor.absence"),
            (&board, "double", "record.merge"),
            (&board, "double", "app.book"),
            (&patient, "double", "record.merge"),
            (&board, "call back", "go.contacts"),
            (&board, "telephone", "go.contacts"),
            (&board, "correct", "record.edit"),
            (&patient, "correct", "record.edit"),
            (&board, "find", "list.search"),
            (&patients, "register", "patients.new"),
            (&patient, "phone", "record.edit"),
            (&patient, "duplicate", "record.merge"),
            (&board, "reschedule", "today.move"),
            (&board, "postpone", "today.move"),
            (&board, "call off", "today.cancel"),
            (&board, "delete", "today.cancel"),
            (&board, "absent", "today.no_show"),
            (&board, "missed", "today.no_show"),
            (&board, "urgent", "today.priority"),
            (&board, "delay", "today.late"),
            (&board, "finish", "today.complete"),
            (&board, "new appointment", "app.book"),
            (&board, "tomorrow", "today.next"),
            (&board, "calendar", "today.date"),
            (&board, "legend", "today.signs"),
            (&board, "inbox", "go.contacts"),
            (&board, "email", "go.contacts"),
            (&board, "earlier", "go.waitlist"),
            (&board, "undo", "app.undo"),
            (&board, "revert", "app.undo"),
            (&patient, "mistake", "app.undo"),
            (&board, "refresh", "app.reload"),
            (&board, "print", "go.report"),
            (&board, "logout", "session.sign_out"),
            (&board, "exit", "app.quit"),
            (&board, "colour", "app.theme"),
            (&board, "shortcuts", "app.help"),
        ] {
            let found = found(scopes, typed);
            assert!(found.contains(&meant), "{typed}: {found:?}, not {meant}");
        }
        for (typed, first) in [
            ("leave", "go.doctors"),
            ("phone", "go.phone"),
            ("telephone", "go.phone"),
            ("call back", "go.phone"),
            ("too late", "today.late"),
            // The record says what was done, by whom and why.
            ("who booked", "list.open"),
            ("who moved", "list.open"),
            ("history", "list.open"),
            ("why", "list.open"),
        ] {
            assert_eq!(found(&board, typed).first(), Some(&first), "{typed}");
        }
    }
}
