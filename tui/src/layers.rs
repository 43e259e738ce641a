//! What lies over the screen. The last layer is on top: it gets the keys first, and what it does
//! not know goes no further than the global keys.

use tui_input::InputRequest;

use crate::app::Model;
use crate::command::Scope;
use crate::effect::Effect;
use crate::keymap::chord::Chord;
use crate::screens::ask::{self, Ask};
use crate::screens::book::{self, Book};
use crate::screens::dialog::{self, Dialog};
use crate::screens::letter::{self, Letter};
use crate::screens::log::LogPane;
use crate::screens::merge::{self, Merger};
use crate::screens::pane::{self, Pane};
use crate::screens::patient_form::{self, Form};
use crate::screens::picker::{self, Picker};
use crate::screens::place::Place;
use crate::screens::prompt::{self, Prompt};
use crate::screens::record::{self, Record};
use crate::screens::signin::{self, SignIn};
use crate::screens::staff::{self, Staff};
use crate::screens::waiting::{self, WaitForm};
use crate::screens::walk_in::{self, Arrival};
use crate::screens::{finder, list, log};

/// One layer.
#[derive(Debug)]
pub(crate) enum Layer {
    /// A record, beside the list or over it.
    Record(Box<Record>),
    /// A form that registers or edits a person.
    Form(Box<Form>),
    /// The sign-in screen, or the dialog that asks for the password again.
    SignIn(Box<SignIn>),
    /// A form of a few lines.
    Ask(Box<Ask>),
    /// A few words before something is done with an appointment.
    Prompt(Box<Prompt>),
    /// An answer or a note of several lines.
    Letter(Box<Letter>),
    /// Who at the desk is to see to a contact request.
    Staff(Box<Staff>),
    /// Somebody who came without being booked.
    Arrival(Box<Arrival>),
    /// Booking.
    Book(Box<Book>),
    /// Onto the waiting list.
    Wait(Box<WaitForm>),
    /// Two records of one person made one.
    Merge(Box<Merger>),
    /// A question with a few answers.
    Dialog(Dialog),
    /// The palette or the help.
    Picker(Picker),
    /// The log.
    Log(LogPane),
    /// A list over the screen.
    Pane(Box<Pane>),
}

impl Layer {
    /// The scope of its keys.
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Layer::Record(record) => record.scope(),
            Layer::Form(_) => Scope::Form,
            Layer::SignIn(_) => Scope::SignIn,
            Layer::Ask(_) => Scope::Ask,
            Layer::Prompt(_) => Scope::Prompt,
            Layer::Letter(_) => Scope::Letter,
            Layer::Staff(_) => Scope::Staff,
            Layer::Arrival(form) if form.ticket.is_some() => Scope::Ticket,
            Layer::Arrival(_) => Scope::Arrival,
            Layer::Book(book) if book.is_week() => Scope::Week,
            Layer::Book(_) => Scope::Book,
            Layer::Wait(_) => Scope::Wait,
            Layer::Merge(_) => Scope::Merge,
            Layer::Dialog(_) => Scope::Dialog,
            Layer::Picker(_) => Scope::Picker,
            Layer::Log(_) => Scope::Log,
            Layer::Pane(pane) => pane.scope(),
        }
    }
}

/// Whether a field has the cursor, so that characters are typed, with this layer on top.
pub(crate) fn is_field(model: &Model, top: Option<&Layer>) -> bool {
    match top {
        None => finder::has_cursor(model),
        Some(Layer::Form(form)) => form.has_field(),
        Some(Layer::Arrival(form)) => form.has_field(),
        Some(Layer::Book(book)) => book.has_field(),
        Some(Layer::Merge(merger)) => merger.is_finding(),
        // Whoever types on is not taken at a word where no letter is an answer.
        Some(Layer::Dialog(dialog)) => !dialog.has_letters(),
        Some(
            Layer::SignIn(_)
            | Layer::Ask(_)
            | Layer::Prompt(_)
            | Layer::Wait(_)
            | Layer::Picker(_)
            | Layer::Letter(_)
            | Layer::Staff(_),
        ) => true,
        Some(Layer::Record(_) | Layer::Log(_) | Layer::Pane(_)) => false,
    }
}

/// Whether what is typed next is the first of a search, with this layer on top.
pub(crate) fn begins_search(model: &Model, top: Option<&Layer>) -> bool {
    match top {
        None => finder::is_at_start(model),
        Some(Layer::Book(book)) => book.begins_search(),
        Some(Layer::Merge(merger)) => merger.find.value().is_empty(),
        _ => false,
    }
}

/// Whether a letter that is no key begins a search of the list. Where nearly every letter does
/// something, it does not.
pub(crate) fn is_list(model: &Model) -> bool {
    let is_plain = !matches!(
        model.place,
        Place::Contacts | Place::Today | Place::Waitlist
    );
    let finder = finder::here(model).filter(|_| is_plain);
    model.layers.is_empty() && finder.is_some_and(|finder| !finder.has_cursor)
}

/// Changes the field that has the cursor.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    match model.layers.last_mut() {
        None => finder::edit(model, request),
        Some(Layer::Form(_)) => patient_form::edit(model, request),
        Some(Layer::Ask(_)) => ask::edit(model, request),
        Some(Layer::Prompt(_)) => prompt::edit(model, request),
        Some(Layer::Letter(_)) => letter::edit(model, request),
        Some(Layer::Staff(_)) => staff::edit(model, request),
        Some(Layer::Arrival(_)) => walk_in::edit(model, request),
        Some(Layer::Book(_)) => book::edit(model, request),
        Some(Layer::Wait(_)) => waiting::edit(model, request),
        Some(Layer::Merge(_)) => merge::edit(model, request),
        Some(Layer::SignIn(signin)) => {
            signin.edit(request);
            Vec::new()
        }
        Some(Layer::Picker(picker)) => {
            picker.edit(request);
            Vec::new()
        }
        Some(Layer::Dialog(_)) => dialog::edit(model, request),
        Some(Layer::Record(_) | Layer::Log(_) | Layer::Pane(_)) => Vec::new(),
    }
}

/// Types pasted text into the field that has the cursor. Line breaks are for fields that hold
/// them; the others take spaces.
pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let breaks = match model.layers.last() {
        Some(Layer::Form(form)) => form.takes_breaks(),
        Some(Layer::Letter(_)) => true,
        _ => false,
    };
    let text = if breaks {
        text
    } else {
        text.trim_end_matches('\n')
    };
    if matches!(model.layers.last(), Some(Layer::Form(_))) {
        let text = if breaks {
            text.to_owned()
        } else {
            text.replace('\n', " ")
        };
        return patient_form::paste(model, &text);
    }
    if matches!(model.layers.last(), Some(Layer::Prompt(_))) {
        return prompt::paste(model, text);
    }
    let mut effects = Vec::new();
    for c in text.chars() {
        let c = if c == '\n' && !breaks { ' ' } else { c };
        effects = edit(model, InputRequest::InsertChar(c));
    }
    effects
}

/// Takes a key that no scope knows; answers whether it meant something all the same.
pub(crate) fn unbound(model: &mut Model, chord: Chord) -> bool {
    match model.layers.last() {
        Some(Layer::Book(_)) => book::begin_with(model, chord),
        _ => false,
    }
}

/// Puts the cursor into a field of the top layer.
pub(crate) fn focus_field(model: &mut Model, index: usize) -> Vec<Effect> {
    match model.layers.last_mut() {
        Some(Layer::Form(_)) => patient_form::click(model, index),
        Some(Layer::SignIn(_)) => signin::click(model, index),
        Some(Layer::Ask(_)) => ask::click(model, index),
        Some(Layer::Prompt(_)) => prompt::click(model, index),
        Some(Layer::Arrival(_)) => walk_in::click(model, index),
        Some(Layer::Wait(_)) => waiting::click(model, index),
        _ => Vec::new(),
    }
}

/// Chooses one of several in the top layer.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Arrival(_)) => walk_in::choose(model, index),
        Some(Layer::Book(_)) => book::choose(model, index),
        Some(Layer::Merge(_)) => merge::choose(model, index),
        Some(Layer::Staff(_)) => staff::choose(model, index),
        Some(Layer::Pane(_)) => pane::choose(model, index),
        _ => patient_form::open_candidate(model, index),
    }
}

/// Turns the wheel over the top layer.
pub(crate) fn scroll(model: &mut Model, down: bool) {
    let step = if down { 1 } else { -1 };
    match model.layers.last_mut() {
        None => list::step(model, step * 3),
        Some(Layer::Record(_)) => record::scroll(model, step * 3),
        Some(Layer::Form(form)) => form.step(step),
        Some(Layer::Picker(_)) => picker::step(model, step),
        Some(Layer::Log(_)) => log::scroll(model, step * 3),
        Some(Layer::Pane(_)) => pane::step(model, step),
        Some(Layer::Prompt(_)) => prompt::step(model, step),
        Some(Layer::Letter(_)) => letter::step(model, step),
        Some(Layer::Staff(_)) => staff::step(model, step),
        Some(Layer::Arrival(_)) => walk_in::step(model, step),
        Some(Layer::Book(_)) => book::step(model, step),
        Some(Layer::Wait(_)) => waiting::go(model, step),
        Some(Layer::Merge(_)) => merge::step(model, step),
        Some(Layer::SignIn(_) | Layer::Ask(_) | Layer::Dialog(_)) => {}
    }
}
