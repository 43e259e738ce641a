//! Lists that lie over the screen: what is special about a doctor's days, what an absence hits, the
//! settings, the known servers, the report of a day. Each says what its lines are; moving about in
//! them and drawing them is the same for all.

mod view;

use super::away::Away;
use super::away::hits::Hits;
use super::report::Report;
use super::{areas, away, servers, settings, windows};
use crate::app::Model;
use crate::command::Scope;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::theme::Role;

pub(crate) use view::draw;

/// A list over the screen.
#[derive(Debug)]
pub(crate) struct Pane {
    pub(crate) kind: Kind,
    /// The selected line.
    pub(crate) cursor: usize,
}

/// What it lists.
#[derive(Debug)]
pub(crate) enum Kind {
    /// When a doctor is away or there beside the usual hours, or when the clinic is closed.
    Away(Away),
    /// What an absence or a closure hits.
    Hits(Box<Hits>),
    /// How the screens look and behave.
    Settings,
    /// Whom to phone after an absence.
    Told,
    /// The servers of the configuration file.
    Servers,
    /// When a doctor can be booked in any week.
    Windows(windows::Whose),
    /// A day in numbers.
    Report(Report),
}

/// What a pane shows.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// On the frame.
    pub(crate) title: String,
    /// Above the lines.
    pub(crate) above: Vec<(String, Role)>,
    /// The lines.
    pub(crate) rows: Vec<Row>,
    /// Why there are none: the reason, and what to do.
    pub(crate) nothing: Vec<String>,
    /// Below the lines: about the selected one.
    pub(crate) below: Vec<(String, Role)>,
    /// Whether the lines are only read: none is selected.
    pub(crate) is_text: bool,
}

/// A line of a pane.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) role: Role,
}

impl Row {
    pub(crate) const fn new(text: String) -> Self {
        Self {
            text,
            role: Role::Text,
        }
    }
}

impl Pane {
    /// The scope of its own keys.
    pub(crate) const fn scope(&self) -> Scope {
        match self.kind {
            Kind::Away(_) => Scope::Away,
            Kind::Hits(_) => Scope::Hits,
            Kind::Settings => Scope::Settings,
            Kind::Told => Scope::Told,
            Kind::Servers => Scope::Servers,
            Kind::Windows(_) => Scope::Windows,
            Kind::Report(_) => Scope::Report,
        }
    }

    /// What it shows in lines of `width` columns.
    pub(crate) fn sheet(&self, model: &Model, width: usize) -> Sheet {
        match &self.kind {
            Kind::Away(away) => away::view::sheet(model, away, self.cursor, width),
            Kind::Hits(hits) => away::view::hits(model, hits, self.cursor, width),
            Kind::Settings => settings::sheet(model, self.cursor, width),
            Kind::Told => away::told::sheet(model, self.cursor, width),
            Kind::Servers => servers::sheet(model, self.cursor, width),
            Kind::Windows(whose) => windows::view::sheet(model, whose, self.cursor, width),
            Kind::Report(report) => super::report::sheet(model, report, width),
        }
    }
}

/// Opens a pane on top of what is there.
pub(crate) fn open(model: &mut Model, kind: Kind) {
    let pane = Pane { kind, cursor: 0 };
    model.layers.push(Layer::Pane(Box::new(pane)));
}

/// The pane that commands are about: the one on top, also beneath palette and help.
pub(crate) fn acting(model: &Model) -> Option<&Pane> {
    match model.acting() {
        Some(Layer::Pane(pane)) => Some(pane),
        _ => None,
    }
}

/// The pane that lies highest, whatever lies over it.
pub(crate) fn highest(model: &mut Model) -> Option<&mut Pane> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => Some(pane.as_mut()),
        _ => None,
    })
}

/// Moves the selection by so many lines.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(pane) = acting(model) else { return };
    let width = view::inner(areas(model).body).width;
    let sheet = pane.sheet(model, usize::from(width));
    let mut last = sheet.rows.len().saturating_sub(1);
    if sheet.is_text {
        // A text is scrolled: its end stays at the end of the screen.
        last = (last + 1).saturating_sub(view::room(model, &sheet));
    }
    if let Some(Layer::Pane(pane)) = model.layers.last_mut() {
        pane.cursor = pane.cursor.min(last).saturating_add_signed(by).min(last);
    }
}

/// Moves the selection by screens.
pub(crate) fn page(model: &mut Model, pages: isize) {
    let height = isize::try_from(areas(model).body.height).unwrap_or(1);
    step(model, pages * (height - 4).max(1));
}

/// Selects a line by a click.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(Layer::Pane(pane)) = model.layers.last_mut() {
        pane.cursor = index;
    }
    Vec::new()
}

/// Closes the pane on top.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    if matches!(model.layers.last(), Some(Layer::Pane(_))) {
        model.layers.pop();
    }
    Vec::new()
}
