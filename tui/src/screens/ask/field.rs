//! A field of the form of a few lines.

use clinic_shared::v1::available_times::Weekday;
use tui_input::{Input, InputRequest};

use crate::ahead::Ahead;
use crate::screens::signin::Secret;
use crate::{hours, weekdays};

/// What stands in a field, and what may.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) label: &'static str,
    /// Its name on the wire, under which a refusal comes.
    pub(super) name: &'static str,
    /// Another name under which one comes.
    pub(super) also: &'static str,
    pub(crate) text: Secret,
    /// What stood in it at first.
    before: String,
    pub(crate) is_masked: bool,
    pub(super) is_optional: bool,
    /// What can be chosen, where nothing is typed.
    pub(crate) choices: &'static [&'static str],
    /// What is typed to choose.
    ahead: Ahead,
    /// Whether it says days of the week: the keys 1 to 7 turn them on and off.
    pub(crate) is_days: bool,
    pub(crate) placeholder: String,
    pub(crate) error: Option<String>,
}

impl Field {
    pub(crate) fn new(label: &'static str, name: &'static str) -> Self {
        Self {
            label,
            name,
            also: "",
            text: Secret::default(),
            before: String::new(),
            is_masked: false,
            is_optional: false,
            choices: &[],
            ahead: Ahead::default(),
            is_days: false,
            placeholder: String::new(),
            error: None,
        }
    }

    /// With this text to begin with.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.set(text);
        text.clone_into(&mut self.before);
        self
    }

    /// May stay empty.
    pub(crate) const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// What is typed is not shown.
    pub(super) const fn masked(mut self) -> Self {
        self.is_masked = true;
        self
    }

    /// Shows this while nothing is typed.
    pub(crate) fn placeholder(mut self, text: &str) -> Self {
        text.clone_into(&mut self.placeholder);
        self
    }

    /// A refusal of this name is one of this field, too.
    pub(crate) const fn also(mut self, name: &'static str) -> Self {
        self.also = name;
        self
    }

    /// One of these is chosen.
    pub(crate) const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// Says days of the week.
    pub(crate) const fn days(mut self) -> Self {
        self.is_days = true;
        self
    }

    /// What stood in it at first is otherwise by now: so is what stands in it, unless something
    /// else was typed.
    pub(crate) fn rebase(&mut self, text: &str) {
        if !self.is_changed() {
            self.set(text);
        }
        text.clone_into(&mut self.before);
    }

    pub(crate) fn value(&self) -> &str {
        self.text.0.value()
    }

    /// Whether something was typed that would be lost.
    pub(super) fn is_changed(&self) -> bool {
        self.value() != self.before
    }

    /// Its name on the wire.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Stands in it instead, and is right.
    pub(crate) fn write(&mut self, text: &str) {
        self.set(text);
        self.error = None;
    }

    fn set(&mut self, text: &str) {
        self.text = Secret(Input::new(text.to_owned()));
    }

    /// Turns a day on or off, 1 for Monday; not where what is typed says no days yet.
    fn toggle(&mut self, key: char) {
        let read = match self.value().trim() {
            "" => Ok(Vec::new()),
            text => weekdays::read(text),
        };
        let at = key.to_digit(10).and_then(|key| usize::try_from(key).ok());
        let day = at.and_then(|at| Weekday::ALL.get(at.checked_sub(1)?));
        if let (Ok(days), Some(day)) = (read, day) {
            let days = weekdays::toggled(&days, *day);
            let names: Vec<String> = days.iter().map(|day| day.as_str().to_owned()).collect();
            match names.is_empty() {
                true => self.set(""),
                false => self.set(&hours::weekdays(&names, "-")),
            }
        }
    }

    /// Types into it; where something is chosen, space goes on and a letter chooses.
    pub(super) fn edit(&mut self, request: InputRequest) {
        self.error = None;
        if let (true, InputRequest::InsertChar(key @ '1'..='7')) = (self.is_days, request) {
            self.toggle(key);
            return;
        }
        if self.choices.is_empty() {
            // What is cut from one field must not be pasted from the password's.
            if !(self.is_masked && matches!(request, InputRequest::Yank)) {
                self.text.0.handle(request);
            }
            return;
        }
        let now = self
            .choices
            .iter()
            .position(|choice| *choice == self.value());
        let count = self.choices.len();
        let next = match request {
            InputRequest::InsertChar(' ') if self.ahead.is_in_a_word() => {
                self.ahead.press(' ', self.choices.iter().copied(), now)
            }
            InputRequest::InsertChar(' ') | InputRequest::GoToNextChar => {
                now.map(|now| (now + 1) % count)
            }
            InputRequest::GoToPrevChar => now.map(|now| (now + count - 1) % count),
            InputRequest::InsertChar(letter) => {
                self.ahead.press(letter, self.choices.iter().copied(), now)
            }
            _ => None,
        };
        if !matches!(request, InputRequest::InsertChar(_)) {
            self.ahead.clear();
        }
        if let Some(choice) = next.and_then(|next| self.choices.get(next)) {
            self.set(choice);
        }
    }
}
