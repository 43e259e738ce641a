//! What the mouse points at.

use super::{Model, keys};
use crate::command::Command;
use crate::effect::Effect;
use crate::layers::{self, Layer};
use crate::screens::{finder, list, picker, record};

/// A place on the screen that means something to the mouse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    /// The search field.
    Search,
    /// A row of the list, counted from the first loaded one.
    Row(usize),
    /// A command of the footer, or a place in the header.
    Command(&'static Command),
    /// A field of the top layer's form.
    Field(usize),
    /// A button of the dialog on top.
    Button(usize),
    /// One of several in the top layer: a record that may be meant, a time.
    Candidate(usize),
    /// Something in the record on top that can be chosen.
    Told(usize),
    /// An entry of the palette or of the help.
    Entry(usize),
    /// The top layer's own room: it takes the wheel.
    Layer,
    /// Beside the top layer.
    Outside,
}

pub(super) fn click(model: &mut Model, target: Target) -> Vec<Effect> {
    model.pressed.clear();
    match target {
        Target::Search => {
            finder::focus(model);
            Vec::new()
        }
        Target::Row(index) => list::click_row(model, index),
        Target::Command(command) => keys::run(model, command),
        Target::Field(index) => layers::focus_field(model, index),
        Target::Button(index) => crate::screens::dialog::press(model, index),
        Target::Candidate(index) => layers::choose(model, index),
        Target::Told(index) => record::story::click(model, index),
        Target::Entry(index) => picker::run_entry(model, index),
        Target::Layer => Vec::new(),
        Target::Outside => match model.layers.last() {
            Some(Layer::Picker(_) | Layer::Log(_)) => {
                model.layers.pop();
                Vec::new()
            }
            _ => Vec::new(),
        },
    }
}

pub(super) fn wheel(model: &mut Model, target: Target, down: bool) -> Vec<Effect> {
    match target {
        Target::Row(_) => {
            list::step(model, if down { 3 } else { -3 });
            Vec::new()
        }
        Target::Layer
        | Target::Told(_)
        | Target::Entry(_)
        | Target::Field(_)
        | Target::Candidate(_) => {
            layers::scroll(model, down);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
