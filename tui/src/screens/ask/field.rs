//! A field of the form of a few lines.

use tui_input::{Input, InputRequest};

use crate::screens::signin::Secret;

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

    pub(crate) fn value(&self) -> &str {
        self.text.0.value()
    }

    /// Whether something was typed that would be lost.
    pub(super) fn is_changed(&self) -> bool {
        self.value() != self.before
    }

    fn set(&mut self, text: &str) {
        self.text = Secret(Input::new(text.to_owned()));
    }

    /// Types into it; where something is chosen, space goes on and a letter chooses.
    pub(super) fn edit(&mut self, request: InputRequest) {
        self.error = None;
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
            InputRequest::InsertChar(' ') | InputRequest::GoToNextChar => {
                now.map(|now| (now + 1) % count)
            }
            InputRequest::GoToPrevChar => now.map(|now| (now + count - 1) % count),
            InputRequest::InsertChar(letter) => self
                .choices
                .iter()
                .position(|choice| choice.starts_with(letter)),
            _ => None,
        };
        if let Some(choice) = next.and_then(|next| self.choices.get(next)) {
            self.set(choice);
        }
    }
}
