//! The patients screen, drawn.

use clinic_shared::desk::patients::PatientRow;
use ratatui::layout::Rect;

use super::list_areas;
use crate::app::{Link, Model, Session, Target, key_now};
use crate::command;
use crate::effect::Slot;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// A column of the list. Columns that do not fit are left out, the last of [`COLUMNS`] first.
struct Column {
    heading: &'static str,
    width: u16,
    /// The column is left out rather than that the name gets less than this.
    leaves_name: u16,
    text: fn(&PatientRow) -> String,
}

impl Column {
    /// A phone number with its country and an extension needs more, where there is more.
    fn width(&self, list: u16) -> u16 {
        if list >= 100 && self.heading == "Phone" {
            24
        } else {
            self.width
        }
    }
}

/// Names are given no more columns than this: what is left widens the gaps.
const NAME_AT_MOST: u16 = 50;

/// In the order of importance; the record number stands left of the name, the others right.
const COLUMNS: [Column; 4] = [
    Column {
        heading: "Born",
        width: 10,
        leaves_name: 18,
        text: |row| {
            row.birth_date
                .map(|date| date.to_string())
                .unwrap_or_default()
        },
    },
    Column {
        heading: "Record",
        width: 9,
        leaves_name: 20,
        text: |row| row.record_number.clone(),
    },
    Column {
        heading: "Phone",
        width: 20,
        leaves_name: 22,
        text: |row| row.phone.clone().unwrap_or_default(),
    },
    Column {
        heading: "Gender",
        width: 6,
        leaves_name: 26,
        text: |row| {
            row.gender
                .map(|gender| gender.to_string())
                .unwrap_or_default()
        },
    },
];

/// Where each column stands in a row.
struct Grid {
    record: Option<(u16, &'static Column)>,
    name: (u16, u16),
    right: Vec<(u16, &'static Column)>,
}

impl Grid {
    /// Two columns are for the pointer, two between each; more where there is more room than the
    /// longest names need.
    fn new(area: Rect) -> Self {
        let mut free = area.width.saturating_sub(2 + 1);
        let mut taken: Vec<&'static Column> = Vec::new();
        for column in &COLUMNS {
            if column.width(area.width) + 2 + column.leaves_name > free {
                break;
            }
            free -= column.width(area.width) + 2;
            taken.push(column);
        }
        let mut x = area.x + 2;
        let record = taken
            .iter()
            .find(|column| column.heading == "Record")
            .copied();
        let record = record.map(|column| {
            let at = x;
            x += column.width(area.width) + 2;
            (at, column)
        });
        let others: Vec<&'static Column> = taken
            .into_iter()
            .filter(|column| column.heading != "Record")
            .collect();
        let reserved: u16 = others
            .iter()
            .map(|column| column.width(area.width) + 2)
            .sum();
        let room = area.right().saturating_sub(x + reserved + 1);
        let width = room.min(NAME_AT_MOST);
        let gaps = u16::try_from(others.len()).unwrap_or(0);
        let gap = 2 + (room - width).checked_div(gaps).unwrap_or(0);
        let name = (x, if gaps == 0 { room } else { width });
        x += width + gap;
        let right = others
            .into_iter()
            .map(|column| {
                let at = x;
                x += column.width(area.width) + gap;
                (at, column)
            })
            .collect();
        Self {
            record,
            name,
            right,
        }
    }
}

/// Draws the screen; `on_top` says whether its field may have the cursor.
pub(crate) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let areas = list_areas(canvas.model);
    search(canvas, areas.search, on_top);
    status(canvas, areas.status);
    headings(canvas, areas.headings);
    rows(canvas, areas.rows, on_top);
}

fn search(canvas: &mut Canvas<'_>, area: Rect, on_top: bool) {
    let model = canvas.model;
    let count = count(model);
    let begins = if area.width >= 50 {
        canvas.put_right(
            Rect {
                width: area.width.saturating_sub(1),
                ..area
            },
            &count,
            Role::Dim,
        )
    } else {
        area.right()
    };
    let is_focused = on_top && model.patients.is_searching();
    let role = if is_focused { Role::Title } else { Role::Text };
    // Where the keys act on the list, the label says how to come back.
    let key = command::find("patients.search").and_then(|search| key_now(model, search));
    let label = match key {
        Some(key) if on_top && !is_focused => format!("Find (press {key})"),
        _ => "Find".to_owned(),
    };
    let x = canvas.put(area, area.x + 1, &label, role) + 2;
    let field = Rect {
        x,
        width: begins.saturating_sub(x + 2),
        ..area
    };
    let placeholder = "name, phone, birth date or record number";
    input::draw(
        canvas,
        field,
        &model.patients.search,
        Face {
            is_focused,
            placeholder,
            ..Face::default()
        },
    );
    canvas.hit(area, Target::Search);
}

/// `1–20 of 1000+`.
fn count(model: &Model) -> String {
    let list = &model.patients.list;
    let Some(_) = &list.query else {
        return String::new();
    };
    let more = if list.count_capped { "+" } else { "" };
    if list.rows.is_empty() {
        return "nobody".to_owned();
    }
    let height = usize::from(list_areas(model).rows.height);
    let from = list.top + 1;
    let to = (list.top + height).min(list.rows.len());
    let dash = model.glyphs.dash;
    format!("{from}{dash}{to} of {}{more}", list.count)
}

/// What there is to say about the rows: that they are old, still coming, or of other words.
fn status(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let list = &model.patients.list;
    let line = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let x = line.x + 1;
    let is_unasked = !model.patients.is_current() && !model.flights.is_flying(Slot::List);
    if model.flights.is_slow(Slot::List, model.now) {
        canvas.put(
            line,
            x,
            &format!("searching{}", canvas.glyphs.ellipsis),
            Role::Dim,
        );
    } else if list.query.is_some() && (model.link != Link::Up || is_unasked) {
        let what = match list.query.as_deref() {
            _ if model.patients.is_current() => "from before the server went away".to_owned(),
            Some("") | None => "not searched yet; still the whole list".to_owned(),
            Some(query) => {
                format!(
                    "not searched yet; still the rows of {}",
                    canvas.glyphs.quoted(query)
                )
            }
        };
        canvas.put(line, x, &what, Role::Warning);
    } else if model.patients.is_current() && !list.corrections.is_empty() {
        let corrections = list
            .corrections
            .iter()
            .map(|correction| correction.replace('→', canvas.glyphs.arrow))
            .collect::<Vec<_>>()
            .join(", ");
        let text = format!("Showing results for {corrections}");
        canvas.put(line, x, &text, Role::Warning);
    } else if model.patients.is_current() && list.query.as_deref() == Some("") {
        canvas.put(line, x, "Everybody, newest first", Role::Dim);
    }
}

fn headings(canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.model.patients.list.rows.is_empty() {
        return;
    }
    let grid = Grid::new(area);
    let heading = |canvas: &mut Canvas<'_>, (x, column): (u16, &Column)| {
        canvas.put(area, x, column.heading, Role::Dim);
    };
    if let Some(record) = grid.record {
        heading(canvas, record);
    }
    canvas.put(area, grid.name.0, "Name", Role::Dim);
    for column in grid.right {
        heading(canvas, column);
    }
}

fn rows(canvas: &mut Canvas<'_>, area: Rect, on_top: bool) {
    let model = canvas.model;
    let list = &model.patients.list;
    canvas.hit(area, Target::Layer);
    if list.rows.is_empty() {
        empty(canvas, area);
        return;
    }
    let grid = Grid::new(area);
    let is_old = model.link != Link::Up || model.flights.is_slow(Slot::List, model.now);
    let height = usize::from(area.height);
    let visible = list.rows.iter().enumerate().skip(list.top).take(height);
    for (line, (index, row)) in area.rows().zip(visible) {
        let is_selected = index == list.cursor;
        let role = match (is_selected, is_old) {
            (true, _) if on_top => Role::Selected,
            (true, _) => Role::SelectedAside,
            (false, true) => Role::Stale,
            (false, false) => Role::Text,
        };
        canvas.hit(line, Target::Row(index));
        if is_selected {
            canvas.paint(line, role);
            canvas.put(line, line.x, canvas.glyphs.pointer, role);
        }
        let cell = |canvas: &mut Canvas<'_>, x: u16, width: u16, text: &str| {
            let text = text::fit(text, usize::from(width), canvas.glyphs.ellipsis);
            canvas.put(line, x, &text, role);
        };
        if let Some((x, column)) = grid.record {
            cell(canvas, x, column.width(area.width), &(column.text)(row));
        }
        cell(canvas, grid.name.0, grid.name.1, &row.full_name);
        for (x, column) in &grid.right {
            cell(canvas, *x, column.width(area.width), &(column.text)(row));
        }
    }
}

/// Why there are no rows, and what to do.
fn empty(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let list = &model.patients.list;
    let area = beside(
        Rect {
            width: area.width.saturating_sub(1),
            ..area
        },
        2,
    );
    let key = |name: &str| {
        command::find(name)
            .and_then(|command| key_now(model, command))
            .unwrap_or_default()
    };
    let ellipsis = canvas.glyphs.ellipsis;
    let (lines, role) = if let Some(error) = &list.error {
        (
            vec![error.clone(), format!("{} asks again.", key("app.reload"))],
            Role::Error,
        )
    } else if list.query.is_none() {
        let text = match (&model.session, &model.link) {
            (_, Link::Down { .. }) => {
                "The server does not answer. The list comes as soon as it does.".to_owned()
            }
            (Session::Opening(Some(user)), _) => format!("Signing in as {user}{ellipsis}"),
            (Session::Opening(None), _) => format!("Signing in{ellipsis}"),
            (Session::In(_), _) => format!("Loading{ellipsis}"),
            (Session::Ended(_) | Session::Out, _) => String::new(),
        };
        (vec![text], Role::Dim)
    } else if list.query.as_deref() == Some("") {
        let new = key("patients.new");
        (
            vec![
                "No patients yet.".to_owned(),
                format!("{new} registers the first one."),
            ],
            Role::Text,
        )
    } else {
        let query = list.query.as_deref().unwrap_or_default();
        let key = if model.patients.is_searching() {
            key("search.open")
        } else {
            key("patients.new")
        };
        let lines = vec![
            format!("Nobody is found for {}.", canvas.glyphs.quoted(query)),
            format!("{key} registers a new patient with it."),
        ];
        (lines, Role::Text)
    };
    let mut at = 0;
    for (n, text) in lines.iter().enumerate() {
        let role = if n == 0 { role } else { Role::Dim };
        for line in text::wrap(text, usize::from(area.width)) {
            canvas.put(line_of(area, at), area.x, &line, role);
            at += 1;
        }
    }
}
