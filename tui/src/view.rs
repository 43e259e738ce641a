//! The model as a picture. Drawing changes nothing; what it finds out is where the mouse may hit.

mod latin;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{Model, Spot, Target};
use crate::glyphs::Glyphs;
use crate::layers::Layer;
use crate::screens::{
    self, Areas, ask, book, dialog, letter, log, merge, pane, patient_form, picker, prompt, record,
    signin, staff, waiting, walk_in,
};
use crate::widgets::canvas::Canvas;
use crate::widgets::{banner, footer, header, toasts, which_key};

/// What lies where, for the mouse. The last drawn is on top.
#[derive(Debug, Default)]
pub struct Hits(Vec<(Rect, Target)>);

impl Hits {
    /// What lies at this cell.
    pub(crate) fn at(&self, position: Position) -> Option<Target> {
        self.0
            .iter()
            .rev()
            .find(|(area, _)| area.contains(position))
            .map(|(_, target)| *target)
    }

    /// What a click at this cell is about.
    pub fn spot(&self, x: u16, y: u16) -> Option<Spot> {
        self.at(Position::new(x, y)).map(Spot)
    }

    pub(crate) fn push(&mut self, area: Rect, target: Target) {
        self.0.push((area, target));
    }
}

/// Draws the model; answers what the mouse can hit.
pub fn draw(frame: &mut Frame<'_>, model: &Model) -> Hits {
    let areas = screens::areas(model);
    let mut canvas = Canvas::new(frame.buffer_mut(), model);
    header::draw(&mut canvas, areas.header);
    banner::draw(&mut canvas, areas.banner);
    body(&mut canvas, areas);
    footer::draw(&mut canvas, areas.footer);
    which_key::draw(&mut canvas, areas.body);
    toasts::draw(&mut canvas, areas.toasts);
    let (hits, cursor) = canvas.finish();
    if model.glyphs == Glyphs::ASCII {
        latin::spell(frame.buffer_mut(), cursor);
    }
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    hits
}

fn body(canvas: &mut Canvas<'_>, areas: Areas) {
    let model = canvas.model;
    let body = areas.body;
    let is_wide = screens::split(body).is_some();
    // Nothing beneath a layer that fills the body is drawn.
    let from = model.layers.iter().rposition(|layer| match layer {
        Layer::Form(_)
        | Layer::Book(_)
        | Layer::Letter(_)
        | Layer::Merge(_)
        | Layer::Log(_)
        | Layer::Pane(_) => true,
        Layer::Record(_) => !is_wide,
        // Strangers stand at the desk of whoever is not signed in.
        Layer::SignIn(_) => true,
        Layer::Ask(_)
        | Layer::Prompt(_)
        | Layer::Staff(_)
        | Layer::Arrival(_)
        | Layer::Wait(_)
        | Layer::Dialog(_)
        | Layer::Picker(_) => false,
    });
    if from.is_none() {
        let on_top = model.layers.is_empty();
        model.place.list().draw(canvas, on_top);
    }
    for (at, layer) in model.layers.iter().enumerate().skip(from.unwrap_or(0)) {
        let on_top = at + 1 == model.layers.len();
        match layer {
            Layer::Record(shown) => {
                let area = screens::split(body).map_or(body, |(_, drawer)| drawer);
                record::draw(canvas, area, shown, on_top);
            }
            Layer::Form(form) => patient_form::draw(canvas, body, form, on_top),
            Layer::SignIn(signin) => signin::draw(canvas, body, signin, on_top),
            Layer::Ask(ask) => ask::draw(canvas, body, ask, on_top),
            Layer::Prompt(prompt) => prompt::draw(canvas, body, prompt, on_top),
            Layer::Letter(letter) => letter::draw(canvas, body, letter, on_top),
            Layer::Staff(staff) => staff::draw(canvas, body, staff, on_top),
            Layer::Arrival(form) => walk_in::draw(canvas, body, form, on_top),
            Layer::Book(book) => book::draw(canvas, body, book, on_top),
            Layer::Wait(form) => waiting::draw(canvas, body, form, on_top),
            Layer::Merge(merger) => merge::draw(canvas, body, merger, on_top),
            Layer::Dialog(dialog) => dialog::draw(canvas, body, dialog),
            Layer::Picker(picker) => picker::draw(canvas, body, picker),
            Layer::Log(pane) => log::draw(canvas, body, pane),
            Layer::Pane(shown) => pane::draw(canvas, body, shown, on_top),
        }
    }
}
