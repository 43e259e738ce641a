//! A list over the screen, drawn.

use ratatui::layout::{Margin, Rect};

use super::{Pane, Sheet};
use crate::app::{Model, Target};
use crate::screens::areas;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, line_of};

/// Lines, and how each is meant.
type Texts = Vec<(String, Role)>;

/// Inside of the frame.
pub(super) fn inner(area: Rect) -> Rect {
    if area.width < 8 || area.height < 4 {
        area
    } else {
        area.inner(Margin::new(2, 1))
    }
}

/// Lines of texts as wide as the pane.
fn wrapped(texts: &[(String, Role)], width: u16) -> Texts {
    let lines = texts.iter().flat_map(|(text, role)| {
        let lines = text::wrap(text, usize::from(width).max(1));
        lines.into_iter().map(|line| (line, *role))
    });
    lines.collect()
}

/// How an inner area is divided: what stands above the rows, the rows, what stands below them.
fn divided(inner: Rect, sheet: &Sheet) -> (Texts, Rect, Texts) {
    let mut above = wrapped(&sheet.above, inner.width);
    let mut below = wrapped(&sheet.below, inner.width);
    // The rows count: at least half of the room is theirs.
    let spare = usize::from(inner.height / 2);
    above.truncate(spare.saturating_sub(1));
    if !above.is_empty() {
        above.push((String::new(), Role::Text));
    }
    below.truncate(spare.saturating_sub(above.len()));
    let (over, under) = (lines(above.len()), lines(below.len()));
    let rows = Rect {
        y: inner.y + over.min(inner.height),
        height: inner.height.saturating_sub(over + under),
        ..inner
    };
    (above, rows, below)
}

fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// How many rows there is room for.
pub(super) fn room(model: &Model, sheet: &Sheet) -> usize {
    let (_, rows, _) = divided(inner(areas(model).body), sheet);
    usize::from(rows.height)
}

/// Draws a pane over the whole body.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, pane: &Pane, on_top: bool) {
    canvas.hit(body, Target::Layer);
    let width = usize::from(inner(body).width);
    let sheet = pane.sheet(canvas.model, width);
    let area = canvas.frame(body, &sheet.title, on_top);
    let (above, rows, below) = divided(area, &sheet);
    for (row, (line, role)) in area.rows().zip(&above) {
        canvas.put(row, row.x, line, *role);
    }
    if sheet.rows.is_empty() {
        let texts: Vec<(String, Role)> = (0..)
            .zip(&sheet.nothing)
            .map(|(at, text)| (text.clone(), if at == 0 { Role::Text } else { Role::Dim }))
            .collect();
        for (row, (line, role)) in rows.rows().zip(wrapped(&texts, rows.width)) {
            canvas.put(row, row.x, &line, role);
        }
    }
    let height = usize::from(rows.height);
    let cursor = pane.cursor.min(sheet.rows.len().saturating_sub(1));
    let top = if sheet.is_text {
        cursor.min(sheet.rows.len().saturating_sub(height))
    } else {
        (cursor + 1).saturating_sub(height.max(1))
    };
    for (line, (at, shown)) in rows.rows().zip(sheet.rows.iter().enumerate().skip(top)) {
        if sheet.is_text {
            canvas.put(line, line.x, &shown.text, shown.role);
            continue;
        }
        let is_selected = at == cursor;
        let role = match is_selected {
            true if on_top => Role::Selected,
            true => Role::SelectedAside,
            false => shown.role,
        };
        canvas.hit(line, Target::Candidate(at));
        if is_selected {
            canvas.paint(line, role);
            canvas.put(line, line.x, canvas.glyphs.pointer, role);
        }
        canvas.put(line, line.x + 2, &shown.text, role);
    }
    let hidden = sheet.rows.len().saturating_sub(top + height);
    if hidden > 0 && body.height > area.height {
        let last = Rect {
            y: body.bottom() - 1,
            height: 1,
            width: body.width - 2,
            ..body
        };
        canvas.put_right(last, &format!(" {hidden} more "), Role::Key);
    }
    let begins = area.height.saturating_sub(lines(below.len()));
    for (at, (line, role)) in (begins..).zip(&below) {
        canvas.put(line_of(area, at), area.x, line, *role);
    }
}
