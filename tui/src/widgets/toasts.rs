//! Short messages, on lines of their own above the footer.

use super::canvas::Canvas;
use crate::app::{Model, Toast, Tone};
use crate::screens::undo;
use crate::text;
use crate::theme::Role;
use ratatui::layout::Rect;

/// Columns beside the text: a space at each end, the sign and a space after it.
const BESIDE: u16 = 4;

fn wrapped(model: &Model, toast: &Toast, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(BESIDE)).max(1);
    let offer = match toast.offers_undo {
        true => undo::hint(model),
        false => String::new(),
    };
    text::wrap(&format!("{}{offer}", toast.text), room)
}

/// The messages that fit into `room` lines, the newest ones if not all do.
fn fitting(model: &Model, width: u16, room: u16) -> Vec<(&Toast, Vec<String>)> {
    let mut room = usize::from(room);
    let mut shown = Vec::new();
    for toast in model.toasts.iter().rev() {
        let mut lines = wrapped(model, toast, width);
        if shown.is_empty() {
            lines.truncate(room);
        }
        if lines.is_empty() || lines.len() > room {
            break;
        }
        room -= lines.len();
        shown.push((toast, lines));
    }
    shown.reverse();
    shown
}

/// How many of at most `room` lines the messages take now.
pub(crate) fn height(model: &Model, width: u16, room: u16) -> u16 {
    let lines = fitting(model, width, room)
        .iter()
        .map(|(_, lines)| lines.len())
        .sum::<usize>();
    u16::try_from(lines).unwrap_or(room)
}

/// Draws the messages into their lines, the newest last.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    let mut rows = area.rows();
    for (toast, lines) in fitting(canvas.model, area.width, area.height) {
        let (sign, role) = match toast.tone {
            Tone::Done => (canvas.glyphs.done, Role::Success),
            Tone::Info => (canvas.glyphs.info, Role::Title),
            Tone::Warning => (canvas.glyphs.warning, Role::Warning),
            Tone::Error => (canvas.glyphs.error, Role::Error),
        };
        for (at, line) in lines.iter().enumerate() {
            let Some(row) = rows.next() else { return };
            let sign = if at == 0 { sign } else { " " };
            let x = canvas.put(row, row.x + 1, sign, role);
            canvas.put(row, x + 1, line, role);
        }
    }
}
