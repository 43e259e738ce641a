//! The queue, drawn: complete on a small screen, for it is looked at from afar.

use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::queue::{BoardRow, Queue, WaitLevel};
use ratatui::layout::Rect;

use super::order::why;
use super::{Turn, doctor, shown, waited};
use crate::app::{Link, Model, Target};
use crate::dates::Format;
use crate::effect::Slot;
use crate::labels;
use crate::screens::list::table::{Column, mark, placed_apart};
use crate::screens::list::view::{self, Remark, key};
use crate::screens::list::{is_current, list_areas};
use crate::screens::today::{WAIT, cell};
use crate::screens::{deeds, today};
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, line_of};

/// From this width on there are two columns of the terminal between each.
const ROOMY: u16 = 120;
/// Below this width words are short.
const NARROW: u16 = 60;
/// Columns of the names of things over the rows.
const LABEL: u16 = 7;

const TICKET: Column<Turn> = Column {
    heading: "No.",
    rank: 4,
    width: 3,
    wide: 4,
    leaves: 12,
    text: |_, Turn(row), _| {
        row.ticket
            .map(|ticket| ticket.to_string())
            .unwrap_or_default()
    },
};

const TIME: Column<Turn> = Column {
    heading: "Time",
    rank: 3,
    width: 6,
    wide: 12,
    leaves: 8,
    text: |model, Turn(row), width| today::time(model, row, width),
};

const PATIENT: Column<Turn> = Column {
    heading: "Patient",
    rank: 0,
    width: 40,
    wide: 40,
    leaves: 0,
    text: |_, Turn(row), _| row.patient.full_name.clone(),
};

const BORN: Column<Turn> = Column {
    heading: "Born",
    rank: 8,
    width: Format::WIDTH,
    wide: Format::WIDTH,
    leaves: 18,
    text: |model, Turn(row), _| model.prefs.dates.known(row.patient_birth_date),
};

const STATE: Column<Turn> = Column {
    heading: "State",
    rank: 1,
    width: 13,
    wide: 13,
    leaves: 9,
    text: |model, Turn(row), _| state(model, row),
};

const WAITING: Column<Turn> = Column {
    heading: WAIT,
    rank: 2,
    width: 8,
    wide: 9,
    leaves: 9,
    text: |model, Turn(row), _| {
        // Of who is inside the heading would be untrue.
        let minutes = waited(model, row).filter(|_| row.status == Status::CheckedIn);
        minutes.map_or_else(String::new, |minutes| {
            today::wait(model.glyphs, minutes, level(model, row))
        })
    },
};

const ROOM: Column<Turn> = Column {
    heading: "Room",
    rank: 5,
    width: 5,
    wide: 6,
    leaves: 12,
    text: |_, Turn(row), _| row.room.clone().unwrap_or_default(),
};

const FLAGS: Column<Turn> = Column {
    heading: "Flags",
    rank: 6,
    width: 12,
    wide: 16,
    leaves: 14,
    text: |_, Turn(row), width| today::flags_within(row, width),
};

const ABOUT: Column<Turn> = Column {
    heading: "About",
    rank: 7,
    width: 24,
    wide: 28,
    leaves: 20,
    text: |_, Turn(row), _| row.title.clone().unwrap_or_default(),
};

static COLUMNS: [Column<Turn>; 9] = [
    TICKET, TIME, PATIENT, BORN, STATE, WAITING, ROOM, FLAGS, ABOUT,
];

/// How an appointment stands. While the server is told something else, that, and that it is not
/// sure yet.
fn state(model: &Model, row: &BoardRow) -> String {
    let glyphs = &model.glyphs;
    match deeds::becomes(model, row.id) {
        Some(status) => {
            let word = format!("{}{}", labels::status(status), glyphs.ellipsis);
            labels::with_sign(glyphs.status(status), &word)
        }
        None => labels::with_sign(glyphs.status(row.status), labels::status(row.status)),
    }
}

fn level(model: &Model, row: &BoardRow) -> Option<WaitLevel> {
    let queue = shown(model)?;
    let limits = (queue.warn_minutes, queue.alert_minutes);
    today::level_of(row, waited(model, row)?, limits)
}

/// How many lines stand over the rows of a list of this height.
pub(crate) fn head_lines(model: &Model, height: u16) -> u16 {
    match shown(model) {
        Some(_) if height >= 8 => 3,
        Some(_) if height >= 6 => 1,
        _ => 0,
    }
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Turn>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    let room = Rect {
        width: begins.saturating_sub(areas.question.x + 1),
        ..areas.question
    };
    let whose = doctor(model).map_or("Your queue", |doctor| doctor.full_name.as_str());
    let x = canvas.put(room, room.x + 1, whose, Role::Title);
    let date = format!(
        " {} {}",
        canvas.glyphs.dot,
        model.prefs.dates.day(super::day(model))
    );
    canvas.put(room, x, &date, Role::Text);
    view::status::<Turn>(canvas, areas.status, remark(model));
    if let Some(queue) = shown(model) {
        head(canvas, areas.head, queue);
    }
    if model.turns.list.rows.is_empty() || !is_current::<Turn>(model) {
        view::table(canvas, &COLUMNS, on_top, nobody);
        return;
    }
    table(canvas, on_top);
}

/// The numbers of the day; who is with the doctor, and who is next.
fn head(canvas: &mut Canvas<'_>, area: Rect, queue: &Queue) {
    let narrow = area.width < NARROW;
    let (numbers, is_long) = numbers(canvas.model, queue, narrow);
    let role = if is_long { Role::Warning } else { Role::Text };
    let line = line_of(area, 0);
    canvas.put(line, line.x + 1, &numbers, role);
    let rows = &canvas.model.turns.list.rows;
    let first = |status| rows.iter().find(move |turn| turn.0.status == status);
    let inside: Vec<&Turn> = rows
        .iter()
        .filter(|turn| turn.0.status == Status::Running)
        .collect();
    let now = match inside.as_slice() {
        [] => None,
        [one] => Some(told(canvas.model, &one.0, narrow)),
        // More than one: all of them, by name.
        several => {
            let names = several.iter().map(|turn| turn.0.patient.full_name.as_str());
            let names: Vec<&str> = names.collect();
            Some(format!("{} inside: {}", names.len(), names.join(", ")))
        }
    };
    let next = first(Status::CheckedIn).map(|turn| told(canvas.model, &turn.0, narrow));
    let nobody = || "nobody".to_owned();
    for (at, label, who) in [(1, "Now", now), (2, "Next", next)] {
        let line = line_of(area, at);
        let role = match who {
            Some(_) => Role::Title,
            None => Role::Dim,
        };
        canvas.put(line, line.x + 1, label, Role::Dim);
        canvas.put(line, line.x + LABEL, &who.unwrap_or_else(nobody), role);
    }
}

/// The numbers of the day, and whether somebody waits too long.
fn numbers(model: &Model, queue: &Queue, narrow: bool) -> (String, bool) {
    let day = &queue.doctor;
    let rows = model.turns.list.rows.iter();
    let waits = rows.filter(|turn| turn.0.status == Status::CheckedIn);
    let longest = waits.filter_map(|turn| waited(model, &turn.0)).max();
    let mut parts = vec![format!("{} seen", day.completed)];
    parts.push(format!("{} wait", day.waiting));
    let average = queue.average_wait_minutes;
    if narrow {
        parts.extend(longest.map(|minutes| format!("longest {minutes}m")));
        parts.extend(average.map(|minutes| format!("avg {minutes}m")));
    } else {
        parts.extend(longest.map(|minutes| format!("longest {minutes} min")));
        parts.extend(average.map(|minutes| format!("average {minutes} min")));
        parts.push(format!("{} to come", day.awaited));
        if day.missed + day.left > 0 {
            parts.push(format!("{} missed or left", day.missed + day.left));
        }
    }
    if day.late_minutes > 0 {
        parts.insert(0, format!("{}m late", day.late_minutes));
    }
    let is_long = longest.is_some_and(|minutes| minutes >= queue.alert_minutes);
    let sign = if is_long {
        format!("{} ", model.glyphs.warning)
    } else {
        String::new()
    };
    let dot = if narrow {
        ", ".to_owned()
    } else {
        format!(" {} ", model.glyphs.dot)
    };
    (format!("{sign}{}", parts.join(&dot)), is_long)
}

/// Who somebody is, in a line; in a short one, why they are next comes before their number.
fn told(model: &Model, row: &BoardRow, is_short: bool) -> String {
    let mut parts = vec![row.patient.full_name.clone()];
    let ticket = row.ticket.filter(|_| !is_short);
    parts.extend(ticket.map(|ticket| format!("No. {ticket}")));
    let minutes = match (row.status, row.started_at) {
        (Status::Running, Some(at)) => {
            let since = model.now.signed_duration_since(at).num_minutes().max(0);
            Some(format!("for {since} min"))
        }
        (Status::Running, None) => None,
        _ => waited(model, row).map(|minutes| format!("waits {minutes} min")),
    };
    parts.extend(why(model, row));
    parts.extend(minutes);
    parts.extend(row.room.as_ref().map(|room| format!("in {room}")));
    parts.extend(row.title.clone());
    parts.join(&format!(" {} ", model.glyphs.dot))
}

fn table(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let apart = if areas.rows.width >= ROOMY { 2 } else { 1 };
    let placed = placed_apart(&COLUMNS, areas.rows, apart);
    canvas.hit(areas.rows, Target::Layer);
    for place in &placed {
        canvas.put(areas.headings, place.x, place.column.heading, Role::Dim);
    }
    let is_old = model.link != Link::Up || model.flights.is_slow(Slot::List, model.now);
    let height = usize::from(areas.rows.height);
    let rows = &model.turns.list;
    let visible = rows.rows.iter().enumerate().skip(rows.top).take(height);
    for (line, (index, turn)) in areas.rows.rows().zip(visible) {
        let Turn(row) = turn;
        let is_selected = index == rows.cursor;
        let is_fresh = model.turns.fresh.contains_key(&row.id);
        let is_to_come = matches!(row.status, Status::Pending | Status::Confirmed);
        let plain = match (is_old, is_fresh || row.status == Status::Running) {
            (true, _) => Role::Stale,
            (false, true) => Role::Title,
            (false, false) if is_to_come => Role::Dim,
            (false, false) => Role::Text,
        };
        let mark = mark(canvas, line, &placed, is_selected, on_top, plain);
        canvas.hit(line, Target::Row(index));
        if is_fresh {
            let role = mark.role_at(line.x);
            canvas.put(line, line.x + 1, canvas.glyphs.changed, role);
        }
        for place in &placed {
            let waits = level(canvas.model, &turn.0);
            cell(canvas, line, (place, turn), waits, mark.role_at(place.x));
        }
    }
}

/// What there is to know of the selected row beyond its columns.
fn remark(model: &Model) -> Option<Remark> {
    if model.flights.is_slow(Slot::Deed, model.now) {
        return Some((format!("saving{}", model.glyphs.ellipsis), Role::Dim));
    }
    let row = super::selected(model)?;
    let mut parts = vec![row.patient.full_name.clone()];
    parts.extend(why(model, row));
    parts.extend(today::inside(model, row));
    parts.extend(today::expected(row));
    let born = row.patient_birth_date;
    parts.extend(born.map(|born| format!("born {}", model.prefs.dates.date(born))));
    parts.extend(today::flags(row));
    parts.extend(row.title.clone());
    parts.extend(row.patient_phone.clone());
    Some((parts.join(&format!(" {} ", model.glyphs.dot)), Role::Dim))
}

fn nobody(model: &Model) -> Vec<String> {
    let mut lines = vec!["Nobody is here, and nobody is still to come today.".to_owned()];
    let late = key(model, "today.late");
    lines.push(format!(
        "{late} says that you run late; the list comes anew by itself."
    ));
    if !super::is_doctor(model) {
        let (back, on) = (key(model, "queue.previous"), key(model, "queue.next"));
        lines.pop();
        lines.push(format!("{back} and {on} show the other doctors' queues."));
    }
    lines
}
