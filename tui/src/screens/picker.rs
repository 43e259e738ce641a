//! The palette and the help: one list of commands that can be searched and run.

mod view;

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::{Input, InputRequest};

use crate::app::{self, Model};
use crate::command::{self, Command, Scope};
use crate::effect::Effect;
use crate::layers::Layer;

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
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, &'static Command)> = commands
            .into_iter()
            .filter_map(|command| {
                let mut score = |pattern: &Pattern, text: &str| {
                    pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)
                };
                // A word of the title counts more than another word for it, and that more than the
                // same word in the explanation.
                let title = score(&fuzzy, command.title).map(|score| score + 2000);
                let title = title.or_else(|| {
                    let also = score(&literal, command.also);
                    also.map(|score| score + 1000)
                });
                title
                    .or_else(|| score(&literal, command.doc))
                    .map(|score| (score, command))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, command)| command).collect()
    }
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
    model.layers.push(Layer::Picker(Picker {
        purpose,
        input: Input::default(),
        cursor: 0,
        scopes,
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

/// Runs the selected command where the picker was opened.
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
    model.layers.pop();
    app::run(model, command)
}

/// Closes the picker.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model.layers.pop();
    Vec::new()
}
