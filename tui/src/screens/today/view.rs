//! The board, drawn.

use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::queue::{BoardRow, WaitLevel};
use ratatui::layout::Rect;

use super::words::{expected, flags, flags_within, inside, wait};
use super::{day, head, level, selected, waited};
use crate::app::{Link, Model, Target};
use crate::dates::Format;
use crate::effect::Slot;
use crate::screens::list::table::{Column, Placed, mark, placed_apart};
use crate::screens::list::view::{self, Remark, key};
use crate::screens::list::{is_current, list_areas};
use crate::screens::{filter, finder};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::{dates, labels, text};

/// From this width on there is room for whole names and hours.
const WIDE: u16 = 120;

/// From this width on there are two columns of the terminal between each.
const ROOMY: u16 = 150;

/// Below this width there is no column for the wait.
const NARROW: u16 = 50;

/// The heading of the column whose colour says something, too.
pub(crate) const WAIT: &str = "Wait";
/// The heading of the column that a group begins with.
const DOCTOR: &str = "Doctor";

const TIME: Column<BoardRow> = Column {
    heading: "Time",
    rank: 1,
    width: 6,
    wide: 12,
    leaves: 8,
    text: time,
};

/// When it is due, as much of it as there is room for, and whether it stands beside another one.
pub(crate) fn time(model: &Model, row: &BoardRow, width: u16) -> String {
    let whole = width > 8;
    let time = match (whole, &row.starts) {
        (true, _) => labels::clock(
            row.starts.as_deref(),
            row.ends.as_deref(),
            model.glyphs.dash,
        ),
        (false, starts) => starts.clone(),
    };
    let time = time.or_else(|| row.window.clone()).unwrap_or_default();
    // The last column is the mark's, however long a label is.
    let room = usize::from(width).saturating_sub(1);
    let time = text::cut(&time, room, model.glyphs.ellipsis);
    let is_beside = row.overbooked && !row.walk_in;
    let mark = if is_beside {
        model.glyphs.overbooked
    } else {
        ""
    };
    format!("{time}{mark}")
}

const PATIENT: Column<BoardRow> = Column {
    heading: "Patient",
    rank: 0,
    width: 40,
    wide: 34,
    leaves: 0,
    text: |_, row, _| row.patient.full_name.clone(),
};

const STATE: Column<BoardRow> = Column {
    heading: "State",
    rank: 2,
    width: 12,
    wide: 12,
    leaves: 9,
    text: |model, row, _| {
        let sign = model.glyphs.status(row.status);
        // Where there is no room for both, how long somebody waits says that they do.
        let waits = model.size.width < NARROW && row.status == Status::CheckedIn;
        match waits {
            true => labels::with_sign(sign, &wait_of(model, row)),
            false => labels::with_sign(sign, labels::status(row.status)),
        }
    },
};

const WAITING: Column<BoardRow> = Column {
    heading: WAIT,
    rank: 3,
    width: 8,
    wide: 9,
    leaves: 9,
    text: |model, row, _| wait_of(model, row),
};

const WHOM: Column<BoardRow> = Column {
    heading: DOCTOR,
    rank: 4,
    width: 10,
    wide: 18,
    leaves: 12,
    text: |_, row, width| {
        let name = &row.doctor.full_name;
        match text::width(name) > usize::from(width) {
            true => head::surname(name).to_owned(),
            false => name.clone(),
        }
    },
};

const ROOM: Column<BoardRow> = Column {
    heading: "Room",
    rank: 7,
    width: 5,
    wide: 6,
    leaves: 20,
    text: |_, row, _| row.room.clone().unwrap_or_default(),
};

const TICKET: Column<BoardRow> = Column {
    heading: "No.",
    rank: 5,
    width: 3,
    wide: 4,
    leaves: 12,
    text: |_, row, _| {
        // Whose check-in was taken back has no number in the waiting room.
        let ticket = row.ticket.filter(|_| row.checked_in_at.is_some());
        ticket.map(|ticket| ticket.to_string()).unwrap_or_default()
    },
};

const FLAGS: Column<BoardRow> = Column {
    heading: "Flags",
    rank: 6,
    width: 10,
    wide: 14,
    leaves: 20,
    text: |_, row, width| flags_within(row, width),
};

static COLUMNS: [Column<BoardRow>; 8] = [TIME, PATIENT, WHOM, STATE, WAITING, ROOM, TICKET, FLAGS];

static BY_DOCTOR: [Column<BoardRow>; 8] =
    [WHOM, TIME, PATIENT, STATE, WAITING, ROOM, TICKET, FLAGS];

const BORN: Column<BoardRow> = Column {
    heading: "Born",
    rank: 8,
    width: Format::WIDTH,
    wide: Format::WIDTH,
    leaves: 18,
    text: |model, row, _| model.prefs.dates.known(row.patient_birth_date),
};

const PHONE: Column<BoardRow> = Column {
    heading: "Phone",
    rank: 9,
    width: 16,
    wide: 16,
    leaves: 24,
    text: |_, row, _| row.patient_phone.clone().unwrap_or_default(),
};

const ABOUT: Column<BoardRow> = Column {
    heading: "About",
    rank: 10,
    width: 28,
    wide: 28,
    leaves: 24,
    text: |_, row, _| row.title.clone().unwrap_or_default(),
};

static WIDE_COLUMNS: [Column<BoardRow>; 11] = [
    TIME, PATIENT, BORN, WHOM, STATE, WAITING, ROOM, TICKET, FLAGS, PHONE, ABOUT,
];

static WIDE_BY_DOCTOR: [Column<BoardRow>; 11] = [
    WHOM, TIME, PATIENT, BORN, STATE, WAITING, ROOM, TICKET, FLAGS, PHONE, ABOUT,
];

fn wait_of(model: &Model, row: &BoardRow) -> String {
    // Of who is inside, or was, the heading would be untrue.
    let minutes = waited(model, row).filter(|_| row.status == Status::CheckedIn);
    minutes.map_or_else(String::new, |minutes| {
        wait(model.glyphs, minutes, level(model, row))
    })
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<BoardRow>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    let day = day(model);
    let text = match dates::relative(day, model.today()) {
        Some(name) => format!("{name}, {}", model.prefs.dates.day(day)),
        None => model.prefs.dates.day(day),
    };
    match is_searched(model) {
        true => search(canvas, areas.question, begins, on_top),
        false => filter::draw(canvas, areas.question, begins, &text),
    }
    view::status::<BoardRow>(canvas, areas.status, remark(model));
    head::draw(canvas, areas.head);
    let rows = &model.today.list.rows;
    if rows.is_empty() || !is_current::<BoardRow>(model) {
        // Says why there are none; there is nothing to place.
        view::table(canvas, &COLUMNS, on_top, nobody);
        return;
    }
    table(canvas, on_top);
}

/// Whether somebody is looked for.
fn is_searched(model: &Model) -> bool {
    let finder = &model.today.finder;
    finder.has_cursor || !finder.wanted().is_empty()
}

/// The day, the filter if there is one, and the search field.
fn search(canvas: &mut Canvas<'_>, area: Rect, right: u16, on_top: bool) {
    let model = canvas.model;
    let mut text = model.prefs.dates.short(day(model));
    if let Some(status) = filter::shown(model) {
        text = format!("{text} {} only {status}", canvas.glyphs.dot);
    }
    let x = canvas.put(area, area.x + 1, &text, Role::Title);
    let field = Rect {
        x: x + 1,
        width: area.right().saturating_sub(x + 1),
        ..area
    };
    finder::draw(canvas, field, right, "name, number or ticket", on_top);
}

/// The columns that have room in this area, and where they stand.
fn columns(model: &Model, area: Rect) -> Vec<Placed<BoardRow>> {
    let is_wide = area.width >= WIDE;
    let columns: &'static [Column<BoardRow>] = match (is_wide, model.today.by_doctor) {
        (true, false) => &WIDE_COLUMNS,
        (true, true) => &WIDE_BY_DOCTOR,
        (false, false) => &COLUMNS,
        (false, true) => &BY_DOCTOR,
    };
    let apart = if area.width >= ROOMY { 2 } else { 1 };
    placed_apart(columns, area, apart)
}

fn table(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let today = &model.today;
    let areas = list_areas(model);
    let placed = columns(model, areas.rows);
    canvas.hit(areas.rows, Target::Layer);
    for place in &placed {
        canvas.put(areas.headings, place.x, place.column.heading, Role::Dim);
    }
    let is_old = model.link != Link::Up || model.flights.is_slow(Slot::List, model.now);
    let height = usize::from(areas.rows.height);
    let rows = &today.list;
    let visible = rows.rows.iter().enumerate().skip(rows.top).take(height);
    let mut above: Option<&BoardRow> = None;
    for (line, (index, row)) in areas.rows.rows().zip(visible) {
        let is_over = !row.status.holds_time() || row.status == Status::Completed;
        let plain = match (is_old, today.is_fresh(row.id)) {
            (true, _) => Role::Stale,
            (false, true) => Role::Title,
            (false, false) if is_over => Role::Dim,
            (false, false) => Role::Text,
        };
        let is_selected = index == rows.cursor;
        let mark = mark(canvas, line, &placed, is_selected, on_top, plain);
        canvas.hit(line, Target::Row(index));
        if today.is_fresh(row.id) {
            let role = mark.role_at(line.x);
            canvas.put(line, line.x + 1, canvas.glyphs.changed, role);
        }
        // A doctor's name stands at the head of their rows only.
        let is_repeated =
            today.by_doctor && above.is_some_and(|above| above.doctor.id == row.doctor.id);
        for place in &placed {
            if !(is_repeated && place.column.heading == DOCTOR) {
                let waits = level(canvas.model, row);
                cell(canvas, line, (place, row), waits, mark.role_at(place.x));
            }
        }
        above = Some(row);
    }
}

/// A cell of a list of appointments; a long wait is told by colour as well.
pub(crate) fn cell<T>(
    canvas: &mut Canvas<'_>,
    line: Rect,
    (place, row): (&Placed<T>, &T),
    waits: Option<WaitLevel>,
    role: Role,
) {
    let text = (place.column.text)(canvas.model, row, place.width);
    let text = text::fit(&text, usize::from(place.width), canvas.glyphs.ellipsis);
    let is_plain = matches!(role, Role::Text | Role::Title);
    let role = match (place.column.heading, waits) {
        (WAIT, Some(WaitLevel::Alert)) if is_plain => Role::Error,
        (WAIT, Some(WaitLevel::Warn)) if is_plain => Role::Warning,
        _ => role,
    };
    canvas.put(line, place.x, &text, role);
}

/// What there is to know of the selected row beyond its columns.
fn remark(model: &Model) -> Option<Remark> {
    if model.flights.is_slow(Slot::Deed, model.now) {
        return Some((format!("saving{}", model.glyphs.ellipsis), Role::Dim));
    }
    let row = selected(model)?;
    let area = list_areas(model).rows;
    let placed = columns(model, area);
    // What the row says whole is not said twice where there is room for it; beside a short row the
    // name and the birthday stand together, as they are asked for on the phone.
    let is_whole = |column: &Column<BoardRow>, text: &str| {
        let place = placed
            .iter()
            .find(|place| place.column.heading == column.heading);
        place.is_some_and(|place| text::width(text) <= usize::from(place.width))
    };
    let unsaid = |column: &Column<BoardRow>, text: String| {
        let is_said = area.width >= WIDE && is_whole(column, &text);
        (!is_said).then_some(text)
    };
    let mut parts = Vec::new();
    parts.extend(unsaid(&PATIENT, row.patient.full_name.clone()));
    let born = row.patient_birth_date;
    let born = born.map(|born| model.prefs.dates.date(born));
    let born = born.and_then(|born| unsaid(&BORN, born));
    parts.extend(born.map(|born| format!("born {born}")));
    // What the row has no room for comes before what is looked up less often.
    let room = row.room.clone().and_then(|room| unsaid(&ROOM, room));
    parts.extend(room.map(|room| format!("in {room}")));
    let flags = flags(row);
    if !is_whole(&FLAGS, &flags.join(", ")) {
        parts.extend(flags);
    }
    if row.overbooked && !row.walk_in {
        parts.push("overbooked".to_owned());
    }
    parts.extend(inside(model, row));
    parts.extend(expected(row));
    let phone = row.patient_phone.clone();
    parts.extend(phone.and_then(|phone| unsaid(&PHONE, phone)));
    parts.extend(unsaid(&WHOM, row.doctor.full_name.clone()));
    let title = row.title.clone();
    parts.extend(title.and_then(|title| unsaid(&ABOUT, title)));
    let text = parts.join(&format!(" {} ", model.glyphs.dot));
    Some((text, Role::Dim)).filter(|_| !parts.is_empty())
}

fn nobody(model: &Model) -> Vec<String> {
    let words = model.prefs.dates.in_words(day(model), model.today());
    let wanted = model.today.finder.wanted();
    if !wanted.is_empty() {
        let whom = model.glyphs.quoted(wanted);
        return vec![
            format!("No appointment on {words} matches {whom}."),
            format!(
                "{} takes the search off and shows everybody.",
                match model.today.finder.has_cursor {
                    true => "Esc, twice,".to_owned(),
                    false => key(model, "list.clear"),
                }
            ),
        ];
    }
    match model.today.status {
        None => vec![
            format!("Nobody is booked on {words}."),
            format!(
                "{} and {} show the days around it.",
                key(model, "today.previous"),
                key(model, "today.next")
            ),
        ],
        Some(status) => vec![
            format!("{} on {words}.", labels::nobody(status)),
            format!(
                "{} shows all appointments of the day.",
                key(model, "list.clear")
            ),
        ],
    }
}
