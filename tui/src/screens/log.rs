//! The log pane: the program's own last words, for whoever has to say what went wrong.

mod view;

use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::text;

pub(crate) use view::draw;

/// The pane.
#[derive(Debug, Default)]
pub(crate) struct LogPane {
    /// Lines scrolled up from the newest.
    pub(crate) back: usize,
}

/// Opens the pane.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Log(LogPane::default()));
    Vec::new()
}

/// Closes the pane.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model.layers.pop();
    Vec::new()
}

/// Scrolls towards the newest line, or away from it.
pub(crate) fn scroll(model: &mut Model, lines: isize) {
    let height = usize::from(super::areas(model).body.height.saturating_sub(2));
    let width = inner_width(model);
    let oldest = shown(&model.log, width).len().saturating_sub(height);
    if let Some(Layer::Log(pane)) = model.layers.last_mut() {
        pane.back = pane.back.saturating_add_signed(-lines).min(oldest);
    }
}

/// A line as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) severity: Severity,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    Usual,
    Warning,
    Error,
}

/// Columns of the time: what follows it is wrapped beside it.
const TIME: usize = 9;

/// The log in lines of `width` columns: `03:33:13 message`, wrapped. That it is no more than
/// information is not said.
pub(crate) fn shown(log: &[String], width: usize) -> Vec<Shown> {
    let mut lines = Vec::new();
    for line in log {
        let (time, rest) = line.split_once(' ').unwrap_or(("", line));
        let rest = rest.trim_start();
        let (level, message) = rest.split_once(' ').unwrap_or(("", rest));
        let (severity, message) = match level {
            "ERROR" => (Severity::Error, rest),
            "WARN" => (Severity::Warning, rest),
            "INFO" | "DEBUG" | "TRACE" => (Severity::Usual, message),
            _ => (Severity::Usual, rest),
        };
        let mut margin = format!("{time} ");
        for part in text::wrap(message, width.saturating_sub(TIME).max(1)) {
            let text = format!("{margin}{part}");
            lines.push(Shown { text, severity });
            margin = " ".repeat(TIME);
        }
    }
    lines
}

fn inner_width(model: &Model) -> usize {
    usize::from(super::areas(model).body.width.saturating_sub(4))
}

/// Scrolls by screens.
pub(crate) fn page(model: &mut Model, pages: isize) {
    let height = isize::try_from(super::areas(model).body.height.saturating_sub(3)).unwrap_or(1);
    scroll(model, pages * height.max(1));
}
