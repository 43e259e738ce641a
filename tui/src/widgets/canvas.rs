//! The buffer of a frame, drawn on by roles and clipped to its edges: at any size, even 1×1,
//! nothing is drawn outside.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};

use crate::app::{Model, Target};
use crate::glyphs::Glyphs;
use crate::text;
use crate::theme::Role;
use crate::view::Hits;

/// What a frame is drawn on.
pub(crate) struct Canvas<'a> {
    pub(crate) model: &'a Model,
    pub(crate) glyphs: Glyphs,
    buffer: &'a mut Buffer,
    hits: Hits,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(buffer: &'a mut Buffer, model: &'a Model) -> Self {
        Self {
            model,
            glyphs: model.glyphs,
            buffer,
            hits: Hits::default(),
            cursor: None,
        }
    }

    /// What the mouse can hit, and where the cursor is.
    pub(crate) fn finish(self) -> (Hits, Option<Position>) {
        (self.hits, self.cursor)
    }

    /// Writes a text into `area`'s first line from column `x` on; answers the column after it.
    /// What does not fit is cut, and says so.
    pub(crate) fn put(&mut self, area: Rect, x: u16, text: &str, role: Role) -> u16 {
        let room = area.right().saturating_sub(x);
        let start = Position::new(x, area.y);
        let is_inside = self.buffer.area.contains(start) && area.height > 0 && room > 0;
        if !is_inside || text.is_empty() {
            return x;
        }
        let text = text::cut(text, usize::from(room), self.glyphs.ellipsis);
        let style = self.model.theme.style(role);
        self.buffer
            .set_stringn(x, area.y, text, usize::from(room), style)
            .0
    }

    /// Writes a text to the right end of `area`'s first line; answers the column it begins at.
    pub(crate) fn put_right(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let width = u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        let x = area.right().saturating_sub(width).max(area.x);
        self.put(area, x, text, role);
        x
    }

    /// Gives an area the style of a role; what is written there stays.
    pub(crate) fn paint(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, self.model.theme.style(role));
    }

    /// Empties an area.
    pub(crate) fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }

    /// Empties an area and draws a line around it, with a title; answers what is inside. Too
    /// small an area has no line: its content counts.
    pub(crate) fn frame(&mut self, area: Rect, title: &str, is_focused: bool) -> Rect {
        self.clear(area);
        if area.width < 8 || area.height < 4 {
            return area;
        }
        let role = if is_focused {
            Role::BorderFocused
        } else {
            Role::Border
        };
        let [top_left, top_right, bottom_left, bottom_right] = self.glyphs.corners;
        let rule = self.glyphs.horizontal.repeat(usize::from(area.width - 2));
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        self.put(area, area.x, &format!("{top_left}{rule}{top_right}"), role);
        self.put(
            last,
            area.x,
            &format!("{bottom_left}{rule}{bottom_right}"),
            role,
        );
        for line in area.rows().skip(1).take(usize::from(area.height - 2)) {
            self.put(line, area.x, self.glyphs.vertical, role);
            self.put(line, area.right() - 1, self.glyphs.vertical, role);
        }
        if !title.is_empty() {
            let room = Rect {
                width: area.width - 2,
                ..area
            };
            self.put(room, area.x + 2, &format!(" {title} "), Role::Title);
        }
        area.inner(Margin::new(2, 1))
    }

    /// Notes what the mouse hits here.
    pub(crate) fn hit(&mut self, area: Rect, target: Target) {
        self.hits.push(area, target);
    }

    /// Shows the terminal's cursor here.
    pub(crate) fn cursor(&mut self, x: u16, y: u16) {
        let position = Position::new(x, y);
        if self.buffer.area.contains(position) {
            self.cursor = Some(position);
        }
    }
}

/// The `line`-th line of an area; empty below its end.
pub(crate) fn line_of(area: Rect, line: u16) -> Rect {
    let y = area.y.saturating_add(line.min(area.height));
    Rect {
        y,
        height: u16::from(line < area.height),
        ..area
    }
}

/// What is left of an area after its first `lines`.
pub(crate) fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect {
        y: area.y + lines,
        height: area.height - lines,
        ..area
    }
}

/// What is left of an area after its first `columns`.
pub(crate) fn beside(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}
