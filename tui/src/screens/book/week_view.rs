//! The week, drawn: readable in half a screen of 80 columns.

use chrono::{Days, NaiveDate};
use clinic_shared::desk::absences::Absence;
use ratatui::layout::Rect;

use super::week::{DAYS, Grid, monday};
use super::{Book, Goal, Pick};
use crate::app::{Target, key_now};
use crate::command;
use crate::labels;
use crate::screens::away;
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
    let dates = canvas.model.prefs.dates;
    for day in 0..DAYS {
        let ahead = Days::new(u64::try_from(day).unwrap_or(0));
        let date = first.checked_add_days(ahead).unwrap_or(first);
        let text = match width {
            0..5 => {
                let name = date.format("%a").to_string();
                let letter: String = name.chars().take(1).collect();
                format!("{letter}{}", date.format("%-d"))
            }
            _ if usize::from(width) > dates.short_width() => dates.short(date),
            _ => date.format("%a %-d").to_string(),
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
    let mut shows_other = false;
    for (line, (at, time)) in list.rows().zip(visible) {
        let label = text::fit(time, usize::from(TIME) - 1, "");
        canvas.put(line, line.x, &label, Role::Dim);
        for day in 0..DAYS {
            let cell = cell_of(line, width, day);
            let picked = grid.cell(at, day);
            let is_here = place == Some((at, day));
            if picked.is_empty() {
                let ahead = Days::new(u64::try_from(day).unwrap_or(0));
                let date = first.checked_add_days(ahead).unwrap_or(first);
                shows_other |= draw_none(canvas, cell, book, (date, time));
                continue;
            }
            draw_cell(canvas, cell, book, picks, picked, is_here, on_top);
        }
    }
    told(canvas, line_of(area, last), book, picks, &grid, shows_other);
}

/// Why nobody is free at a time that is still to come, if it is known.
fn why_not(
    canvas: &Canvas<'_>,
    book: &Book,
    (date, time): (NaiveDate, &str),
) -> Option<&'static str> {
    let model = canvas.model;
    let plan = match &book.goal {
        Some(Goal::Doctor { id, .. }) => away::plan_of(model, *id),
        _ => None,
    };
    let closures = plan
        .map(|plan| &plan.closures)
        .or(model.days.closures.as_ref());
    let covers = |off: &&Absence| off_at(off, date, time);
    if closures.into_iter().flatten().any(|off| covers(&off)) {
        return Some("closed");
    }
    let absences = plan.into_iter().flat_map(|plan| &plan.absences);
    absences.filter(covers).map(|_| "away").next()
}

/// Whether an absence takes this time of the clinic's clock; what has no clock, only by a whole day.
fn off_at(off: &Absence, date: NaiveDate, time: &str) -> bool {
    let has_clock = time.starts_with(|sign: char| sign.is_ascii_digit());
    match (&off.starts, &off.ends) {
        (Some(starts), Some(ends)) if has_clock => {
            // Midnight at the day's end is written as its beginning.
            let ends = if ends == "00:00" { "24:00" } else { ends };
            let at = (date, time);
            (off.first_date, starts.as_str()) <= at && at < (off.last_date, ends)
        }
        (Some(_), Some(_)) => false,
        _ => (off.first_date..=off.last_date).contains(&date),
    }
}

/// A place where nobody is free: why, by a word where it is known; answers whether it is not. What is
/// over stays empty.
fn draw_none(canvas: &mut Canvas<'_>, cell: Rect, book: &Book, at: (NaiveDate, &str)) -> bool {
    let now = canvas.model.clinic_now();
    let clock = now.format("%H:%M").to_string();
    if at < (now.date_naive(), clock.as_str()) {
        return false;
    }
    let room = usize::from(cell.width).saturating_sub(1).max(1);
    match why_not(canvas, book, at) {
        Some(why) => {
            let why = if room < why.len() {
                why.get(..2)
            } else {
                Some(why)
            };
            canvas.put(cell, cell.x + 1, why.unwrap_or_default(), Role::Dim);
            false
        }
        None => {
            canvas.put(cell, cell.x + 1, canvas.glyphs.dot, Role::Dim);
            true
        }
    }
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
    let Some(first) = picked.first() else { return };
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

/// The time under the cursor, whole, and what the sign for no free time means.
fn told(
    canvas: &mut Canvas<'_>,
    row: Rect,
    book: &Book,
    picks: &[Pick],
    grid: &Grid,
    shows_other: bool,
) {
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
    let day = model.prefs.dates.short(slot.date);
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
    let x = canvas.put(row, row.x, &text, Role::Title);
    let legend = format!("{} not free", model.glyphs.dot);
    let is_room = usize::from(row.right().saturating_sub(x + 2)) >= text::width(&legend);
    if shows_other && is_room {
        canvas.put_right(row, &legend, Role::Dim);
    }
}
