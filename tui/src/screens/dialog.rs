//! A question with a few answers, each a verb. The safe one has the focus, and the key that
//! opened the question never answers it.

mod view;

use std::fmt;

use crossterm::event::KeyCode;
use tui_input::InputRequest;

use crate::app::{Model, Session, Tone};
use crate::command::Availability;
use crate::effect::Effect;
use crate::keymap::chord::Chord;
use crate::layers::Layer;

pub(crate) use view::draw;

/// An answer.
#[derive(Clone)]
pub(crate) struct Choice {
    pub(crate) label: &'static str,
    /// The key that chooses it at once, if one does.
    pub(crate) letter: Option<char>,
    /// What it does; the dialog is closed by then.
    run: fn(&mut Model) -> Vec<Effect>,
}

impl Choice {
    pub(crate) const fn new(
        label: &'static str,
        letter: char,
        run: fn(&mut Model) -> Vec<Effect>,
    ) -> Self {
        Self {
            label,
            letter: Some(letter),
            run,
        }
    }

    /// An answer that no letter chooses.
    pub(crate) const fn without_letter(
        label: &'static str,
        run: fn(&mut Model) -> Vec<Effect>,
    ) -> Self {
        Self {
            label,
            letter: None,
            run,
        }
    }

    /// The safe answer: nothing happens.
    pub(crate) const fn keep(label: &'static str) -> Self {
        Self {
            label,
            letter: Some('k'),
            run: |_| Vec::new(),
        }
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label)
    }
}

/// A question.
#[derive(Debug)]
pub(crate) struct Dialog {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) focus: usize,
}

impl Dialog {
    /// A question; the first choice is the safe one.
    pub(crate) fn new(title: &'static str, text: &str, choices: Vec<Choice>) -> Self {
        Self {
            title,
            text: text.to_owned(),
            choices,
            focus: 0,
        }
    }

    /// Whether an answer is chosen by a letter.
    pub(crate) fn has_letters(&self) -> bool {
        self.choices.iter().any(|choice| choice.letter.is_some())
    }
}

/// Asks before the program is left; asked twice, it is left. Where nobody is signed in, there is
/// nothing to ask about.
pub(crate) fn ask_to_quit(model: &mut Model) -> Vec<Effect> {
    use crate::effect::ExitReason::Quit;
    let asked = matches!(
        model.layers.last(),
        Some(Layer::Dialog(dialog)) if dialog.title == QUIT_TITLE
    );
    if asked || matches!(model.session, Session::Out) {
        return vec![Effect::Exit(Quit)];
    }
    let (text, choices) = if model.has_unsaved() {
        let choices = vec![
            Choice::keep("Keep editing"),
            Choice::new("Discard and quit", 'd', |_| vec![Effect::Exit(Quit)]),
        ];
        ("What you typed is not saved.", choices)
    } else {
        // No letters: whoever types a name that begins with q goes on typing.
        let choices = vec![
            Choice::without_letter("Stay", |_| Vec::new()),
            Choice::without_letter("Leave Clinic", |_| vec![Effect::Exit(Quit)]),
        ];
        let text = match model.deeds.is_busy() {
            true => "It is not known yet whether your last step is saved.",
            false => "Everything is saved.",
        };
        (text, choices)
    };
    model
        .layers
        .push(Layer::Dialog(Dialog::new(QUIT_TITLE, text, choices)));
    Vec::new()
}

const QUIT_TITLE: &str = "Quit?";

/// Whether there is another answer to mark.
pub(crate) fn has_others(model: &Model) -> Availability {
    match model.acting() {
        Some(Layer::Dialog(dialog)) if dialog.choices.len() > 1 => Availability::Ok,
        _ => Availability::Disabled("There is one answer only.".into()),
    }
}

/// Moves the focus to another answer.
pub(crate) fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(Layer::Dialog(dialog)) = model.layers.last_mut() {
        let count = isize::try_from(dialog.choices.len()).unwrap_or(1).max(1);
        let focus = isize::try_from(dialog.focus).unwrap_or(0) + by;
        dialog.focus = usize::try_from(focus.rem_euclid(count)).unwrap_or(0);
    }
    Vec::new()
}

/// Chooses the answer with the focus.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Dialog(dialog)) => {
            let focus = dialog.focus;
            press(model, focus)
        }
        _ => Vec::new(),
    }
}

/// The answer that has this letter.
fn lettered(model: &Model, chord: Chord) -> Option<usize> {
    let (Some(Layer::Dialog(dialog)), KeyCode::Char(letter)) = (model.layers.last(), chord.code)
    else {
        return None;
    };
    let mut choices = dialog.choices.iter();
    let chosen = choices.position(|choice| choice.letter == Some(letter));
    chosen.filter(|_| chord.modifiers.is_empty())
}

/// Whether a key is the letter of an answer.
pub(crate) fn has_letter(model: &Model, chord: Chord) -> bool {
    lettered(model, chord).is_some()
}

/// Chooses an answer by its letter.
pub(crate) fn letter(model: &mut Model, chord: Chord) -> Vec<Effect> {
    match lettered(model, chord) {
        Some(index) => press(model, index),
        None => Vec::new(),
    }
}

/// Whoever types where no letter is an answer is told that nothing takes it.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    if matches!(request, InputRequest::InsertChar(_)) {
        model.toast(Tone::Info, NOT_TYPED);
    }
    Vec::new()
}

const NOT_TYPED: &str = "Nothing is typed here: Tab and Enter choose, Esc goes back.";

/// Chooses an answer.
pub(crate) fn press(model: &mut Model, index: usize) -> Vec<Effect> {
    let choice = match model.layers.last() {
        Some(Layer::Dialog(dialog)) => dialog.choices.get(index).cloned(),
        _ => None,
    };
    match choice {
        Some(choice) => {
            model.layers.pop();
            (choice.run)(model)
        }
        None => Vec::new(),
    }
}

/// Esc: the safe answer.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    press(model, 0)
}
