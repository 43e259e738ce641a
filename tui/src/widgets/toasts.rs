//! Short messages above the footer.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::Tone;
use crate::text;
use crate::theme::Role;

/// Draws the messages at the lower end of `body`, the newest last.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect) {
    let model = canvas.model;
    let room = usize::from(body.width.saturating_sub(6)).max(1);
    let mut bottom = body.bottom();
    for toast in model.toasts.iter().rev() {
        let (sign, role) = match toast.tone {
            Tone::Done => (canvas.glyphs.done, Role::Success),
            Tone::Info => (canvas.glyphs.info, Role::Title),
            Tone::Warning => (canvas.glyphs.warning, Role::Warning),
            Tone::Error => (canvas.glyphs.error, Role::Error),
        };
        let lines = text::wrap(&toast.text, room);
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        if height > bottom - body.y {
            return;
        }
        bottom -= height;
        let width = lines
            .iter()
            .map(|line| text::width(line))
            .max()
            .unwrap_or(0)
            + 4;
        let width = u16::try_from(width).unwrap_or(u16::MAX).min(body.width);
        let area = Rect {
            x: body.right() - width,
            y: bottom,
            width,
            height,
        };
        canvas.clear(area);
        for (at, (row, line)) in area.rows().zip(&lines).enumerate() {
            let sign = if at == 0 { sign } else { " " };
            let x = canvas.put(row, row.x + 1, sign, role);
            canvas.put(row, x + 1, line, role);
        }
    }
}
