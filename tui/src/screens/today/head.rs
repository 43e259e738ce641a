//! Over the board: each doctor's day in a few columns, a bar and what matters now.

use clinic_shared::desk::queue::{BoardRow, DoctorBoard};
use ratatui::layout::Rect;

use super::selected;
use crate::app::Model;
use crate::glyphs::Glyphs;
use crate::screens::list;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

/// Columns that a doctor's day takes.
const CELL: u16 = 38;
/// Columns of the name in it.
const NAME: usize = 10;
/// The same in short, where not all doctors have room otherwise: who works today is named.
const SHORT: u16 = 25;
/// Columns of the name in that, and of what stands between it and the bar.
const SHORT_NAME: usize = 9;
/// Columns of the bar.
const BAR: i64 = 6;
/// Columns of the bar in short.
const SHORT_BAR: i64 = 3;
/// Instead of the bar where a doctor offers no time on the day: absent, or not their day.
const NOT_IN: &str = "not in";

/// How many lines the doctors take over a list of this size.
pub(crate) fn lines(model: &Model, width: u16, height: u16) -> u16 {
    // The day that is loading has them too: nothing moves meanwhile.
    let board = model.today.board.as_ref();
    let doctors = board.map_or(0, |board| board.doctors.len());
    if doctors == 0 || height < 8 {
        return 0;
    }
    let most = (height / 7).max(1);
    let wanted = doctors.div_ceil(across(width, cell(doctors, width, most)));
    u16::try_from(wanted).unwrap_or(1).min(most)
}

/// How many days stand beside each other.
fn across(width: u16, cell: u16) -> usize {
    usize::from((width / (cell + 1)).max(1))
}

/// Columns of each of so many days in so many lines at most.
fn cell(doctors: usize, width: u16, lines: u16) -> u16 {
    let fits = |cell| across(width, cell) * usize::from(lines) >= doctors;
    let is_more = across(width, SHORT) > across(width, CELL);
    if fits(CELL) || !is_more { CELL } else { SHORT }
}

/// The doctors of the day on the screen.
fn doctors(model: &Model) -> &[DoctorBoard] {
    match &model.today.board {
        Some(board) if list::is_current::<BoardRow>(model) => &board.doctors,
        _ => &[],
    }
}

/// Draws the doctors; where not all have room, the one of the selected row is among them.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let doctors = doctors(model);
    let columns = cell(doctors.len(), area.width, area.height);
    let across = across(area.width, columns);
    let room = across * usize::from(area.height);
    let of_row = selected(model).map(|row| row.doctor.id);
    let at = doctors.iter().position(|day| Some(day.doctor.id) == of_row);
    // The last cell is theirs; the others stay where they are.
    let hidden_one = at.filter(|at| *at >= room).and_then(|at| doctors.get(at));
    let others = room.saturating_sub(usize::from(hidden_one.is_some()));
    let cells = doctors.iter().take(others).chain(hidden_one);
    let hidden = doctors.len().saturating_sub(room);
    for (at, day) in cells.enumerate() {
        let (line, column) = (at / across, at % across);
        let offset = u16::try_from(column).unwrap_or(0) * (columns + 1);
        let cell = Rect {
            x: area.x + 1 + offset,
            y: area.y + u16::try_from(line).unwrap_or(0),
            width: columns.min(area.width.saturating_sub(offset + 1)),
            height: 1,
        };
        let is_last = at + 1 == room && hidden > 0;
        let more = is_last.then(|| format!("+{hidden}"));
        put(canvas, cell, day, Some(day.doctor.id) == of_row, more);
    }
}

fn put(
    canvas: &mut Canvas<'_>,
    cell: Rect,
    day: &DoctorBoard,
    is_here: bool,
    more: Option<String>,
) {
    let glyphs = canvas.glyphs;
    let is_short = cell.width <= SHORT;
    let room = if is_short { SHORT_NAME } else { NAME };
    let name = text::fit(surname(&day.doctor.full_name), room, glyphs.ellipsis);
    // A sign, not another style: moving the selection then draws two signs, not two names.
    if is_here {
        let before = cell.x.saturating_sub(1);
        canvas.put(cell, before, glyphs.pointer, Role::Text);
    }
    let x = canvas.put(cell, cell.x, &name, Role::Text);
    let columns = if is_short { SHORT_BAR } else { BAR };
    let (bar, percent) = load(day, columns, glyphs);
    let role = if percent > 100 {
        Role::Warning
    } else {
        Role::Dim
    };
    let begins = if is_short { x } else { x + 1 };
    let load = match day.offered_minutes {
        1.. => format!("{bar}{percent:>4}%"),
        // As wide as the bar with what is behind it: what follows stands where it does in the others.
        _ => format!(
            "{:<width$}",
            NOT_IN,
            width = usize::try_from(columns + 5).unwrap_or(0)
        ),
    };
    let x = canvas.put(cell, begins, &load, role);
    let (said, role) = now(day, is_short);
    let said = match more {
        Some(more) if said.is_empty() => more,
        Some(more) => format!("{said} ({more})"),
        None => said,
    };
    canvas.put(cell, x + 1, &said, role);
}

/// How much of what a doctor offers is taken, as a bar and in per cent.
fn load(day: &DoctorBoard, columns: i64, glyphs: Glyphs) -> (String, i64) {
    let (booked, offered) = (day.booked_minutes.max(0), day.offered_minutes.max(0));
    let percent = match (booked, offered) {
        (0, 0) => 0,
        // Nothing is offered and something booked: that is more than all.
        (_, 0) => 101,
        _ => (booked.saturating_mul(100) / offered).min(999),
    };
    let taken = ((percent * columns + 50) / 100).clamp(i64::from(booked > 0), columns);
    let part = |glyph: &str, count: i64| glyph.repeat(usize::try_from(count).unwrap_or(0));
    let bar = format!(
        "{}{}",
        part(glyphs.taken, taken),
        part(glyphs.free, columns - taken)
    );
    (bar, percent)
}

/// What matters of a doctor's day now; in short only what matters most.
fn now(day: &DoctorBoard, is_short: bool) -> (String, Role) {
    let (waiting, late, awaited) = (day.waiting, day.late_minutes, day.awaited);
    let role = match (waiting, late) {
        (_, 1..) => Role::Warning,
        (1.., _) => Role::Text,
        _ => Role::Dim,
    };
    let said = match (waiting, late) {
        // Seven columns are there.
        (1.., 1..) if is_short && (late > 99 || waiting > 9) => format!("+{late}m{waiting}w"),
        (1.., 1..) if is_short => format!("+{late}m {waiting}w"),
        (_, 1..) if is_short => format!("+{late}m"),
        (1.., 1..) => format!("{waiting} wait {late}m late"),
        (_, 1..) => format!("{late}m late"),
        (1.., _) => format!("{waiting} wait"),
        _ if awaited > 0 && is_short => format!("{awaited} due"),
        _ if awaited > 0 => format!("{awaited} to come"),
        _ => String::new(),
    };
    (said, role)
}

/// The last word of a name: what a doctor is called by where there is little room.
pub(super) fn surname(name: &str) -> &str {
    name.rsplit(' ')
        .find(|word| !word.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use clinic_shared::desk::appointments::Person;

    use super::*;

    fn day(booked: i64, offered: i64) -> DoctorBoard {
        DoctorBoard {
            doctor: Person {
                id: uuid::Uuid::nil(),
                number: 1,
                full_name: "Lise Meitner".to_owned(),
            },
            late_minutes: 0,
            offered_minutes: offered,
            booked_minutes: booked,
            awaited: 0,
            waiting: 0,
            running: 0,
            completed: 0,
            missed: 0,
            left: 0,
            cancelled: 0,
            walk_ins: 0,
            longest_wait_minutes: None,
        }
    }

    #[test]
    fn the_bar_is_as_full_as_the_day() {
        let bar = |booked, offered| load(&day(booked, offered), BAR, Glyphs::ASCII);
        assert_eq!(bar(0, 480), ("......".to_owned(), 0));
        assert_eq!(bar(10, 480), ("#.....".to_owned(), 2));
        assert_eq!(bar(240, 480), ("###...".to_owned(), 50));
        assert_eq!(bar(480, 480), ("######".to_owned(), 100));
        assert_eq!(bar(600, 480), ("######".to_owned(), 125));
        assert_eq!(bar(30, 0), ("######".to_owned(), 101));
        assert_eq!(bar(0, 0), ("......".to_owned(), 0));
    }

    #[test]
    fn what_matters_comes_first() {
        let mut one = day(0, 60);
        one.awaited = 4;
        assert_eq!(now(&one, false).0, "4 to come");
        one.waiting = 2;
        one.late_minutes = 20;
        let said = |is_short| now(&one, is_short);
        assert_eq!(said(false), ("2 wait 20m late".to_owned(), Role::Warning));
        assert_eq!(said(true), ("+20m 2w".to_owned(), Role::Warning));
        one.waiting = 0;
        assert_eq!(now(&one, true).0, "+20m");
    }

    #[test]
    fn everybody_is_named_before_anything_is_spelled_out() {
        // In full two stand beside each other, in short three.
        assert_eq!(cell(6, 80, 3), CELL);
        assert_eq!(cell(8, 80, 3), SHORT);
        assert_eq!(cell(8, 40, 3), CELL);
    }

    #[test]
    fn a_doctor_is_called_by_the_last_name() {
        assert_eq!(surname("Marie Skłodowska-Curie"), "Skłodowska-Curie");
        assert_eq!(surname("山田太郎"), "山田太郎");
        assert_eq!(surname(""), "");
    }
}
