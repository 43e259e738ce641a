//! The log pane: the program's own last words, for whoever has to say what went wrong.

mod view;

use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;

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
    let oldest = model.log.len().saturating_sub(height);
    if let Some(Layer::Log(pane)) = model.layers.last_mut() {
        pane.back = pane.back.saturating_add_signed(-lines).min(oldest);
    }
}

/// Scrolls by screens.
pub(crate) fn page(model: &mut Model, pages: isize) {
    let height = isize::try_from(super::areas(model).body.height.saturating_sub(3)).unwrap_or(1);
    scroll(model, pages * height.max(1));
}
