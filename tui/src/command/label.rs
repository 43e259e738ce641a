//! What a key is called in the footer where that depends on what is on the screen: always what it
//! does now.

use super::Availability;
use crate::app::Model;
use crate::layers::Layer;
use crate::screens::place::Place;
use crate::screens::waiting::Line;
use crate::screens::{away, list, servers, walk_in};

/// Below this width words are short.
const NARROW: u16 = 70;

/// Enter in the search field of a list.
pub(super) fn search(model: &Model) -> Option<&'static str> {
    let goes = model.place == Place::Today || !list::has_selected(model);
    let word = match model.size.width < NARROW {
        true => "List",
        false => "To the list",
    };
    goes.then_some(word)
}

/// Enter in the form of a walk-in.
pub(super) fn arrival(model: &Model) -> Option<&'static str> {
    let Some(Layer::Arrival(form)) = model.acting() else {
        return None;
    };
    Some(match (form.cursor, form.focus) {
        (Some(_), _) => "It is them",
        (None, walk_in::WHOM) if form.must_choose && !form.people.is_empty() => "Choose",
        (None, walk_in::WHOM) if form.is_queued(model) => "Here already",
        (None, walk_in::WHOM) => match walk_in::can_take_in(model) {
            Availability::Ok => "Take in",
            Availability::Disabled(_) => return None,
        },
        _ if model.size.width < NARROW => "Next",
        _ => "Next field",
    })
}

/// Enter among absences, extra hours or closures.
pub(super) fn away(model: &Model) -> Option<&'static str> {
    let has_none = away::selected(model).is_none();
    has_none.then_some("New entry")
}

/// Enter among the servers.
pub(super) fn server(model: &Model) -> Option<&'static str> {
    let has_none = servers::has_selected(model) != Availability::Ok;
    has_none.then_some("New server")
}

/// Enter in the form of the waiting list.
pub(super) fn wait(model: &Model) -> Option<&'static str> {
    let Some(Layer::Wait(form)) = model.acting() else {
        return None;
    };
    Some(match Line::ALL.get(form.focus) {
        Some(Line::Note) => "Put on the list",
        _ => "Next line",
    })
}

/// Enter while two records are made one.
pub(super) fn merge(model: &Model) -> Option<&'static str> {
    let Some(Layer::Merge(merger)) = model.acting() else {
        return None;
    };
    Some(match merger.is_finding() {
        true => "Compare",
        false => "Merge",
    })
}

/// Enter at a question: the answer that is marked.
pub(super) fn answer(model: &Model) -> Option<&'static str> {
    let Some(Layer::Dialog(dialog)) = model.acting() else {
        return None;
    };
    let choice = dialog.choices.get(dialog.focus);
    choice.map(|choice| choice.label)
}

/// Enter at the sign-in.
pub(super) fn sign_in(model: &Model) -> Option<&'static str> {
    let Some(Layer::SignIn(form)) = model.acting() else {
        return None;
    };
    form.first_empty().is_some().then_some("Next field")
}
