//! The week, drawn: readable in half a screen of 80 columns.

use chrono::Days;
use ratatui::layout::Rect;

use super::week::{DAYS, Grid, monday};
use super::{Book, Goal, Pick};
use crate::app::{Target, key_now};
use crate::command;
use crate::labels;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, line_of};

/// Columns of the times.
const TIME: u16 = 6;

/// From this width of a day on, names stand in it.
const NAMED: u16 = 10;

/// Draws the week of these picks.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, book: &Book, picks: &[Pick], on_top: bool) {
    let grid = Grid::of(picks);
    let width = (area.width.saturating_sub(TIME) / 7).max(1);
    let days = line_of(area, 0);
    let first = monday(book.from);
    for day in 0..DAYS {
        let ahead = Days::new(u64::try_from(day).unwrap_or(0));
        let date = first.checked_add_days(ahead).unwrap_or(first);
        let format = match width {
            0..5 => "%-d",
            5..11 => "%a %-d",
            _ => "%a %-d %b",
        };
        let text = match width {
            0..5 => {
                let name = date.format("%a").to_string();
                let letter: String = name.chars().take(1).collect();
                format!("{letter}{}", date.format(format))
            }
            _ => date.format(format).to_string(),
        };
        let is_today = date == canvas.model.today();
        let role = if is_today { Role::Title } else { Role::Dim };
        let cell = cell_of(days, width, day);
        canvas.put(cell, cell.x, &text, role);
    }
    let last = area.height.saturating_sub(1);
    let list = Rect {
        height: last.saturating_sub(1),
        ..below(area, 1)
    };
    let place = grid.place(book.cursor);
    let height = usize::from(list.height).max(1);
    let row = place.map_or(0, |(row, _)| row);
    // What comes after it is in sight too, as far as there is room.
    let rows = grid.times.len();
    let top = (row + 1 + height / 3).min(rows).saturating_sub(height);
    let visible = grid.times.iter().enumerate().skip(top);
    for (line, (at, time)) in list.rows().zip(visible) {
        let label = text::fit(time, usize::from(TIME) - 1, "");
        canvas.put(line, line.x, &label, Role::Dim);
        for day in 0..DAYS {
            let cell = cell_of(line, width, day);
            let picked = grid.cell(at, day);
            let is_here = place == Some((at, day));
            draw_cell(canvas, cell, book, picks, picked, is_here, on_top);
        }
    }
    told(canvas, line_of(area, last), book, picks, &grid);
}

fn cell_of(row: Rect, width: u16, day: usize) -> Rect {
    let before = width.saturating_mul(u16::try_from(day).unwrap_or(0));
    Rect {
        x: row.x.saturating_add(TIME).saturating_add(before),
        width,
        ..row
    }
}

fn draw_cell(
    canvas: &mut Canvas<'_>,
    cell: Rect,
    book: &Book,
    picks: &[Pick],
    picked: &[usize],
    is_here: bool,
    on_top: bool,
) {
    let Some(first) = picked.first() else {
        canvas.put(cell, cell.x + 1, canvas.glyphs.dot, Role::Dim);
        return;
    };
    let shown = if is_here { &book.cursor } else { first };
    let is_doctor = matches!(book.goal, Some(Goal::Doctor { .. }));
    let room = usize::from(cell.width).saturating_sub(3);
    let text = match (picks.get(*shown), picked.len()) {
        (_, 1) if is_doctor && cell.width >= NAMED => "free".to_owned(),
        (_, 1) if is_doctor => canvas.glyphs.open.to_owned(),
        (Some(pick), count) if cell.width >= NAMED => {
            let name = pick.doctor().split_whitespace().next_back().unwrap_or("");
            let more = match count {
                1 => String::new(),
                count => format!(" +{}", count - 1),
            };
            let room = room.saturating_sub(more.len());
            let name = text::cut(name, room, canvas.glyphs.ellipsis);
            format!("{name}{more}")
        }
        (_, count) => count.to_string(),
    };
    // Brackets, so that it is seen without colour too.
    let (text, x) = match is_here {
        true => (format!("[{text}]"), cell.x),
        false => (text, cell.x + 1),
    };
    let role = match (is_here, on_top) {
        (true, true) => Role::Selected,
        (true, false) => Role::SelectedAside,
        (false, _) => Role::Text,
    };
    canvas.put(cell, x, &text, role);
    if is_here {
        canvas.cursor(cell.x + 1, cell.y);
    }
    canvas.hit(cell, Target::Candidate(*shown));
}

/// The time under the cursor, whole.
fn told(canvas: &mut Canvas<'_>, row: Rect, book: &Book, picks: &[Pick], grid: &Grid) {
    let model = canvas.model;
    let Some(Pick::Free(slot)) = picks.get(book.cursor) else {
        return;
    };
    let clock = labels::clock(
        slot.starts.as_deref(),
        slot.ends.as_deref(),
        model.glyphs.dash,
    );
    let time = clock.unwrap_or_else(|| slot.window.clone());
    let day = slot.date.format("%a %-d %b");
    let mut text = format!("{day}, {time}, {}", slot.doctor.full_name);
    let place = grid.place(book.cursor);
    let many = place.map_or(1, |(row, day)| grid.cell(row, day).len());
    if many > 1 {
        let key = command::find("book.doctor").and_then(|command| key_now(model, command));
        text.push_str(&format!(
            " ({many} are free; {}: the next)",
            key.unwrap_or_default()
        ));
    }
    canvas.put(row, row.x, &text, Role::Title);
}
