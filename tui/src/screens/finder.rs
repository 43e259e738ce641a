//! The search field over a list: what is typed there is searched for at once.

use std::time::Duration;

use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};

use super::list::DEBOUNCE;
use super::place::Place;
use super::today;
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::effect::Effect;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::widgets::input::{self, Face};

/// A search field.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// What is typed.
    pub(crate) input: Input,
    /// Whether it has the cursor; otherwise the keys act on the list.
    pub(crate) has_cursor: bool,
    /// What stands there has done its work: what is typed next takes its place, and any other key
    /// that edits goes on with it.
    pub(crate) is_used: bool,
}

impl Finder {
    /// What is searched for: what was typed, without spaces around it.
    pub(crate) fn wanted(&self) -> &str {
        self.input.value().trim()
    }

    /// What is searched for, as the API takes it: nothing is no search.
    pub(crate) fn search(&self) -> Option<String> {
        Some(self.wanted().to_owned()).filter(|wanted| !wanted.is_empty())
    }
}

/// The search field of the place one is at, if it has one.
pub(crate) const fn here(model: &Model) -> Option<&Finder> {
    match model.place {
        Place::Patients => Some(&model.patients.finder),
        Place::Doctors => Some(&model.doctors.finder),
        Place::Users => Some(&model.users.finder),
        Place::Contacts => Some(&model.contacts.finder),
        Place::Today => Some(&model.today.finder),
        Place::Waitlist => Some(&model.waitlist.finder),
        Place::Queue | Place::Sessions | Place::Decisions | Place::Audit => None,
    }
}

const fn here_mut(model: &mut Model) -> Option<&mut Finder> {
    match model.place {
        Place::Patients => Some(&mut model.patients.finder),
        Place::Doctors => Some(&mut model.doctors.finder),
        Place::Users => Some(&mut model.users.finder),
        Place::Contacts => Some(&mut model.contacts.finder),
        Place::Today => Some(&mut model.today.finder),
        Place::Waitlist => Some(&mut model.waitlist.finder),
        Place::Queue | Place::Sessions | Place::Decisions | Place::Audit => None,
    }
}

/// Whether the search field has the cursor, if nothing lies over it.
pub(crate) fn has_cursor(model: &Model) -> bool {
    here(model).is_some_and(|finder| finder.has_cursor)
}

/// Types into the search field, and searches.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    changed(model, DEBOUNCE, |finder| {
        let is_used = std::mem::take(&mut finder.is_used);
        if is_used && matches!(request, InputRequest::InsertChar(_)) {
            finder.input.reset();
        }
        finder.input.handle(request);
    })
}

/// Searches for this instead of what stands in the search field, which gets the cursor.
pub(crate) fn search_for(model: &mut Model, text: &str) -> Vec<Effect> {
    changed(model, DEBOUNCE, |finder| {
        finder.input = Input::new(text.to_owned());
        finder.has_cursor = true;
        finder.is_used = false;
    })
}

/// Empties the search field; the keys go on to act on what they did.
pub(crate) fn clear(model: &mut Model) -> Vec<Effect> {
    changed(model, Duration::ZERO, |finder| finder.input.reset())
}

fn changed(model: &mut Model, after: Duration, by: impl FnOnce(&mut Finder)) -> Vec<Effect> {
    let Some(finder) = here_mut(model) else {
        return Vec::new();
    };
    let before = finder.wanted().to_owned();
    by(finder);
    let is_other = finder.wanted() != before;
    if model.place == Place::Today {
        // The whole day is known.
        if is_other {
            today::search(model);
        }
        return Vec::new();
    }
    let list = model.place.list();
    list.forget_enter(model);
    if is_other {
        list.ask(model, after)
    } else {
        Vec::new()
    }
}

/// Puts the cursor into the search field, behind what stands there. Whoever was looked for has been
/// seen to: what is typed next is another search.
pub(crate) fn focus(model: &mut Model) {
    if let Some(finder) = here_mut(model) {
        finder.is_used |= !finder.has_cursor && !finder.input.value().is_empty();
        finder.has_cursor = true;
        finder.input.handle(InputRequest::GoToEnd);
    }
}

/// Whether what is typed next is the first of a search.
pub(crate) fn is_at_start(model: &Model) -> bool {
    here(model).is_some_and(|finder| finder.is_used || finder.input.value().is_empty())
}

/// What was searched for was found, or one comes back to it later: what is typed next is another
/// search.
pub(crate) fn used(model: &mut Model) {
    if let Some(finder) = here_mut(model) {
        finder.is_used = !finder.input.value().is_empty();
    }
}

/// Enter: opens the selected row; on the board lets the keys act on whom it found.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    if model.place == Place::Today {
        leave(model);
        return Vec::new();
    }
    super::list::enter(model)
}

/// Lets the keys act on the list.
pub(crate) fn leave(model: &mut Model) {
    if let Some(finder) = here_mut(model) {
        finder.has_cursor = false;
    }
}

/// Draws the search field of the place one is at; `right` is the column it has to end before.
pub(crate) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    right: u16,
    placeholder: &str,
    on_top: bool,
) {
    let model = canvas.model;
    let Some(finder) = here(model) else { return };
    let is_focused = on_top && finder.has_cursor;
    let role = if is_focused { Role::Title } else { Role::Text };
    // Where the keys act on the list, the label says how to come back.
    let key = command::find("list.search").and_then(|search| key_now(model, search));
    let label = match key {
        Some(key) if on_top && !is_focused => format!("Find (press {key})"),
        _ => "Find".to_owned(),
    };
    let x = canvas.put(area, area.x + 1, &label, role) + 2;
    let field = Rect {
        x,
        width: right.saturating_sub(x + 2),
        ..area
    };
    let face = Face {
        is_focused,
        is_chosen: finder.is_used,
        placeholder,
        ..Face::default()
    };
    input::draw(canvas, field, &finder.input, face);
    canvas.hit(area, Target::Search);
}
