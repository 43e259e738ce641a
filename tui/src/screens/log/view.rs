//! The log, drawn.

use ratatui::layout::Rect;

use super::{LogPane, Severity, shown};
use crate::app::Target;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, line_of};

/// Draws the newest lines that fit, unless one has scrolled back.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, pane: &LogPane) {
    canvas.hit(body, Target::Layer);
    let inner = canvas.frame(body, "Log", true);
    let lines = shown(&canvas.model.log, usize::from(inner.width));
    if lines.is_empty() {
        canvas.put(
            line_of(inner, 0),
            inner.x,
            "Nothing has been logged yet.",
            Role::Dim,
        );
    }
    let end = lines.len().saturating_sub(pane.back);
    let from = end.saturating_sub(usize::from(inner.height));
    for (row, line) in inner.rows().zip(lines.iter().take(end).skip(from)) {
        let role = match line.severity {
            Severity::Error => Role::Error,
            Severity::Warning => Role::Warning,
            Severity::Usual => Role::Text,
        };
        canvas.put(row, row.x, &line.text, role);
    }
}
