//! After the first key of a sequence: what can follow.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::pending;
use crate::keymap::chord;
use crate::text;
use crate::theme::Role;

/// Draws the hint, if a sequence is under way.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect) {
    let model = canvas.model;
    let Some(next) = pending(model) else { return };
    let keys = next
        .iter()
        .map(|(keys, _)| text::width(keys))
        .max()
        .unwrap_or(0);
    let titles = next
        .iter()
        .map(|(_, command)| text::width(command.title))
        .max()
        .unwrap_or(0);
    let width = u16::try_from(keys + titles + 6)
        .unwrap_or(u16::MAX)
        .max(12)
        .min(body.width);
    let height = u16::try_from(next.len() + 2)
        .unwrap_or(u16::MAX)
        .min(body.height);
    let area = Rect {
        x: body.right() - width,
        y: body.bottom() - height,
        width,
        height,
    };
    let inner = canvas.frame(area, &chord::shown(&model.pressed), true);
    for (row, (rest, command)) in inner.rows().zip(&next) {
        canvas.put(row, row.x, rest, Role::Key);
        let x = row
            .x
            .saturating_add(u16::try_from(keys + 2).unwrap_or(u16::MAX));
        canvas.put(row, x, command.title, Role::Text);
    }
}
