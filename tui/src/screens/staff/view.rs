//! The list of who can see to it, drawn.

use ratatui::layout::Rect;

use super::{Line, Staff};
use crate::app::Target;
use crate::effect::Slot;
use crate::screens::centred;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, beside, line_of};
use crate::widgets::input::{self, Face};

/// Draws the list in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, staff: &Staff, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let lines = staff.lines();
    let wanted = u16::try_from(lines.len().max(1)).unwrap_or(u16::MAX);
    let height = wanted.saturating_add(4).min(16);
    let area = centred(body, 50, height);
    canvas.clear(area);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, "Who sees to it?", on_top);
    let first = line_of(inner, 0);
    canvas.put(first, first.x, staff.who(), Role::Title);
    let row = line_of(inner, 1);
    canvas.put(row, row.x, "Name", Role::Text);
    let face = Face {
        is_focused: on_top,
        is_masked: false,
        placeholder: "typing narrows the list",
        ..Face::default()
    };
    input::draw(canvas, beside(row, 6), &staff.input, face);
    let rows = below(inner, 2);
    if let Some(error) = &staff.error {
        canvas.put(rows, rows.x, error, Role::Error);
        return;
    }
    if lines.is_empty() {
        let model = canvas.model;
        let text = match staff.is_loaded() {
            true => "Nobody else has this name.".to_owned(),
            false if model.flights.is_slow(Slot::Staff, model.now) => {
                format!("loading{}", canvas.glyphs.ellipsis)
            }
            false => String::new(),
        };
        canvas.put(rows, rows.x, &text, Role::Dim);
        return;
    }
    let top = (staff.cursor + 1).saturating_sub(usize::from(rows.height).max(1));
    for (row, (index, line)) in rows.rows().zip(lines.iter().enumerate().skip(top)) {
        let is_selected = index == staff.cursor;
        let role = if is_selected {
            Role::Selected
        } else {
            Role::Text
        };
        if is_selected {
            canvas.paint(row, role);
            canvas.put(row, row.x, canvas.glyphs.pointer, role);
        }
        let name = match line {
            Line::Somebody(one) => one.name.as_str(),
            Line::Nobody => "nobody",
        };
        canvas.put(row, row.x + 2, name, role);
        canvas.hit(row, Target::Candidate(index));
    }
}
