//! A one-line field: the part of its text around the cursor.

use ratatui::layout::Rect;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::Canvas;
use crate::text;
use crate::theme::Role;

/// How a field is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Face<'a> {
    /// Whether it has the cursor.
    pub(crate) is_focused: bool,
    /// Whether what is typed next takes the place of its text.
    pub(crate) is_chosen: bool,
    /// Whether its text is hidden.
    pub(crate) is_masked: bool,
    /// Shown while nothing is typed.
    pub(crate) placeholder: &'a str,
}

/// Draws a field into the first line of `area`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &Input, face: Face<'_>) {
    if area.is_empty() {
        return;
    }
    let role = if face.is_focused {
        Role::FieldFocused
    } else {
        Role::Field
    };
    if face.is_focused {
        canvas.paint(Rect { height: 1, ..area }, role);
    }
    let shown = shown(canvas, input.value(), face.is_masked);
    let before: String = input.value().chars().take(input.cursor()).collect();
    let column = text::width(&self::shown(canvas, &before, face.is_masked));
    let room = usize::from(area.width);

    if shown.is_empty() && !face.placeholder.is_empty() {
        canvas.put(area, area.x, face.placeholder, Role::Placeholder);
    } else if !face.is_focused {
        canvas.put(area, area.x, &shown, role);
    } else {
        // The cursor stays in sight; one column is for the cursor behind the last character.
        let skip = (column + 1).saturating_sub(room);
        let role = if face.is_chosen { Role::Selected } else { role };
        canvas.put(area, area.x, &window(&shown, skip, room), role);
    }
    if face.is_focused {
        let column = column - (column + 1).saturating_sub(room).min(column);
        canvas.cursor(
            area.x
                .saturating_add(u16::try_from(column).unwrap_or(u16::MAX)),
            area.y,
        );
    }
}

fn shown(canvas: &Canvas<'_>, value: &str, is_masked: bool) -> String {
    if is_masked {
        return canvas.glyphs.mask.repeat(value.graphemes(true).count());
    }
    text::block(value).replace('\n', canvas.glyphs.line_break)
}

/// `room` columns of a text after the first `skip`. A wide character at the edge becomes a space.
fn window(shown: &str, skip: usize, room: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    for grapheme in shown.graphemes(true) {
        let (from, to) = (at, at + text::width(grapheme));
        at = to;
        if from >= skip && to <= skip + room {
            out.push_str(grapheme);
        } else if to > skip && from < skip {
            out.push_str(&" ".repeat(to - skip));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn the_window_is_never_wider_than_its_room() {
        assert_eq!(window("abcdef", 2, 3), "cde");
        assert_eq!(window("山田太郎", 1, 4), " 田");
        assert_eq!(window("山田太郎", 2, 4), "田太");
        assert_eq!(window("abc", 0, 10), "abc");
        assert_eq!(window("abc", 9, 10), "");
    }
}
