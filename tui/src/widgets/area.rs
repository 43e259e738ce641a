//! A field of several lines: its text broken between words, with the cursor in sight.

use std::ops::Range;

use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::Canvas;
use crate::text;
use crate::theme::Role;

/// A text of several lines, and where the cursor is in it.
#[derive(Debug, Default)]
pub(crate) struct Area {
    pub(crate) input: Input,
}

impl Area {
    /// What is typed.
    pub(crate) fn value(&self) -> &str {
        self.input.value()
    }

    /// Moves the cursor by so many lines of this width; the column stays as near as it can.
    pub(crate) fn step(&mut self, by: isize, columns: usize) {
        let value = self.input.value().to_owned();
        let lines = broken(&value, columns);
        let at = line_at(&lines, self.input.cursor());
        let next = at
            .saturating_add_signed(by)
            .min(lines.len().saturating_sub(1));
        if next == at {
            return;
        }
        let (Some(from), Some(to)) = (lines.get(at), lines.get(next)) else {
            return;
        };
        let wanted = text::width(&part(&value, from.start..self.input.cursor()));
        let mut cursor = to.start;
        while cursor < to.end && text::width(&part(&value, to.start..cursor + 1)) <= wanted {
            cursor += 1;
        }
        self.input.handle(InputRequest::SetCursor(cursor));
    }
}

/// These characters of a text.
fn part(value: &str, range: Range<usize>) -> String {
    let count = range.end.saturating_sub(range.start);
    value.chars().skip(range.start).take(count).collect()
}

/// The line that the cursor is on.
fn line_at(lines: &[Range<usize>], cursor: usize) -> usize {
    let after = lines.iter().position(|line| line.start > cursor);
    after.unwrap_or(lines.len()).saturating_sub(1)
}

/// Where each line begins and ends, in characters, if none is wider than this.
fn broken(value: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let (mut start, mut at, mut used) = (0, 0, 0);
    // Behind the last space: how many characters, and how many columns.
    let mut space: Option<(usize, usize)> = None;
    for grapheme in value.graphemes(true) {
        let count = grapheme.chars().count();
        if grapheme.ends_with('\n') {
            lines.push(start..at);
            at += count;
            (start, used, space) = (at, 0, None);
            continue;
        }
        let wide = text::width(grapheme);
        if used + wide > columns && at > start {
            let (cut, before) = space.take().unwrap_or((at, used));
            lines.push(start..cut);
            start = cut;
            used -= before;
        }
        at += count;
        used += wide;
        if grapheme == " " {
            space = Some((at, used));
        }
    }
    lines.push(start..at);
    lines
}

/// Draws the text into `area`; its cursor is shown if it is focused.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &Area, is_focused: bool, hint: &str) {
    if area.is_empty() {
        return;
    }
    let role = if is_focused {
        Role::FieldFocused
    } else {
        Role::Field
    };
    if is_focused {
        canvas.paint(area, role);
    }
    let value = text.value();
    let (cursor, columns) = (text.input.cursor(), usize::from(area.width));
    let lines = broken(value, columns);
    let at = line_at(&lines, cursor);
    let height = usize::from(area.height);
    let top = (at + 1).saturating_sub(height);
    for (row, line) in area.rows().zip(lines.iter().skip(top)) {
        let shown = part(value, line.clone());
        canvas.put(row, row.x, &text::line(&shown), role);
    }
    if value.is_empty() {
        canvas.put(area, area.x, hint, Role::Placeholder);
    }
    if is_focused && let Some(line) = lines.get(at) {
        let column = text::width(&part(value, line.start..cursor));
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        let down = u16::try_from(at - top).unwrap_or(0);
        let last = area.right().saturating_sub(1);
        canvas.cursor(area.x.saturating_add(column).min(last), area.y + down);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(value: &str, columns: usize) -> Vec<String> {
        let lines = broken(value, columns).into_iter();
        lines.map(|line| part(value, line)).collect()
    }

    #[test]
    fn lines_are_broken_between_words_where_that_is_possible() {
        assert_eq!(lines("", 5), [""]);
        assert_eq!(lines("ab cd ef", 5), ["ab ", "cd ef"]);
        assert_eq!(lines("one\n\ntwo", 9), ["one", "", "two"]);
        assert_eq!(lines("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(lines("山田太郎", 4), ["山田", "太郎"]);
        assert_eq!(lines("a\n", 4), ["a", ""]);
    }

    #[test]
    fn nothing_of_the_text_is_lost_in_breaking_it() {
        let text = "Dear Mrs Hopper,\nyes: we are open.  Come at nine, and bring 山田太郎 along.";
        for columns in 1..40 {
            let joined: String = lines(text, columns).concat();
            assert_eq!(joined, text.replace('\n', ""), "{columns}");
        }
    }

    #[test]
    fn up_and_down_keep_the_column_as_near_as_they_can() {
        let mut area = Area {
            input: Input::new("a long line\nb\nanother line".to_owned()),
        };
        area.input.handle(InputRequest::SetCursor(8));
        area.step(1, 40);
        assert_eq!(area.input.cursor(), 13);
        area.step(1, 40);
        assert_eq!(area.input.cursor(), 15);
        area.step(5, 40);
        assert_eq!(area.input.cursor(), 15, "there is no line further down");
        area.step(-9, 40);
        assert_eq!(area.input.cursor(), 1);
    }
}
