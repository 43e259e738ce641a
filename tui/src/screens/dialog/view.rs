//! A question, drawn.

use ratatui::layout::Rect;

use super::Dialog;
use crate::app::Target;
use crate::screens::centred;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, line_of};

/// Draws a question in the middle of `body`; nothing beneath it takes the mouse.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, dialog: &Dialog) {
    canvas.hit(body, Target::Outside);
    let labels: Vec<String> = dialog
        .choices
        .iter()
        .map(|choice| match choice.letter {
            Some(letter) => format!("[ {} ({letter}) ]", choice.label),
            None => format!("[ {} ]", choice.label),
        })
        .collect();
    let in_a_row = labels
        .iter()
        .map(|label| text::width(label) + 2)
        .sum::<usize>();
    let wanted = in_a_row.max(text::width(&dialog.text)).min(66) + 4;
    let width = u16::try_from(wanted).unwrap_or(u16::MAX).min(body.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines = text::wrap(&dialog.text, room);
    // The answers stand in a row if they fit, else one below the other.
    let is_row = in_a_row <= room + 2;
    let buttons = if is_row { 1 } else { labels.len() };
    let height = u16::try_from(lines.len() + 1 + buttons + 2).unwrap_or(u16::MAX);
    let area = centred(body, width, height);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, dialog.title, true);
    for (at, line) in (0u16..).zip(&lines) {
        canvas.put(line_of(inner, at), inner.x, line, Role::Text);
    }
    let mut row = u16::try_from(lines.len() + 1).unwrap_or(u16::MAX);
    let mut x = inner.x;
    for (index, label) in labels.iter().enumerate() {
        let is_focused = index == dialog.focus;
        let role = if is_focused {
            Role::ButtonFocused
        } else {
            Role::Button
        };
        let line = line_of(inner, row);
        let from = x;
        x = canvas.put(line, x, label, role);
        if is_focused {
            canvas.cursor(from + 2, line.y);
        }
        let width = x.saturating_sub(from);
        canvas.hit(
            Rect {
                x: from,
                width,
                ..line
            },
            Target::Button(index),
        );
        if is_row {
            x += 2;
        } else {
            x = inner.x;
            row = row.saturating_add(1);
        }
    }
}
