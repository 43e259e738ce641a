//! The first line: where one is, as whom, and what time it is.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Session, display_name};
use crate::theme::Role;

/// Draws the header.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let model = canvas.model;
    canvas.paint(area, Role::Header);
    let who = match &model.session {
        Session::In(who) | Session::Ended(who) => {
            format!("{} ({})  ", display_name(who), who.role)
        }
        Session::Opening(_) | Session::Out => String::new(),
    };
    let right = format!("  {who}{} ", model.now.format("%H:%M"));
    let inner = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let clock = format!("{} ", model.now.format("%H:%M"));
    // In a narrow terminal the name goes before the clock does.
    let right = if crate::text::width(&right) > usize::from(area.width) * 2 / 3 {
        clock
    } else {
        right
    };
    let begins = canvas.put_right(area, &right, Role::Header);
    let left = Rect {
        width: begins.saturating_sub(inner.x),
        ..inner
    };
    let place = model.clinic_name.as_deref().unwrap_or(&model.server);
    let place = place
        .trim_start_matches("http://")
        .trim_start_matches("https://");
    let dot = canvas.glyphs.dot;
    canvas.put(
        left,
        left.x + 1,
        &format!("Clinic {dot} {place}"),
        Role::Header,
    );
}
