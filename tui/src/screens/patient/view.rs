//! A record, drawn.

use clinic_shared::desk::patients::{Patient, PatientRow};
use ratatui::layout::Rect;

use super::{Record, UNREAD};
use crate::app::{Link, Model, Target};
use crate::dates;
use crate::effect::Slot;
use crate::layers::Layer;
use crate::screens::{areas, split};
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

/// Columns of the names of things.
const LABEL: u16 = 13;

/// A line of the record: the name of a thing, if it begins here, and (part of) what it is.
struct Line {
    label: &'static str,
    text: String,
    role: Role,
}

impl Line {
    /// Whether it begins where the names of things do.
    const fn is_whole(&self) -> bool {
        matches!(self.role, Role::Title | Role::Error | Role::Warning)
    }
}

/// Draws a record into `area`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, record: &Record, on_top: bool) {
    let model = canvas.model;
    let number = match (&record.patient, &record.row) {
        (Some(patient), _) => &patient.record_number,
        (None, Some(row)) => &row.record_number,
        (None, None) => "",
    };
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, number, on_top);
    let lines = lines(model, record, inner.width);
    for (row, line) in inner.rows().zip(lines.iter().skip(record.top)) {
        canvas.put(row, row.x, line.label, Role::Dim);
        let x = if line.is_whole() {
            row.x
        } else {
            row.x + LABEL
        };
        canvas.put(row, x, &line.text, line.role);
    }
    let shown = record.top + usize::from(inner.height);
    if shown < lines.len() && area.height > inner.height {
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            width: area.width - 2,
            ..area
        };
        let more = format!(" {} more ", lines.len() - shown);
        canvas.put_right(last, &more, Role::Key);
    }
}

/// How far the record on top can be scrolled.
pub(super) fn overflow(model: &Model) -> usize {
    let Some(Layer::Record(record)) = model.layers.last() else {
        return 0;
    };
    let body = areas(model).body;
    let area = split(body).map_or(body, |(_, drawer)| drawer);
    let inner = if area.width < 8 || area.height < 4 {
        area
    } else {
        area.inner(ratatui::layout::Margin::new(2, 1))
    };
    lines(model, record, inner.width)
        .len()
        .saturating_sub(usize::from(inner.height))
}

fn lines(model: &Model, record: &Record, width: u16) -> Vec<Line> {
    let whole = usize::from(width);
    let room = usize::from(width.saturating_sub(LABEL)).max(1);
    let mut lines = Vec::new();
    let name = match (&record.patient, &record.row) {
        (Some(patient), _) => &patient.full_name,
        (None, Some(row)) => &row.full_name,
        (None, None) => "",
    };
    let add_whole = |lines: &mut Vec<Line>, text: &str, role| {
        lines.extend(text::wrap(text, whole).into_iter().map(|text| Line {
            label: "",
            text,
            role,
        }));
    };
    add_whole(&mut lines, name, Role::Title);
    lines.push(Line {
        label: "",
        text: String::new(),
        role: Role::Text,
    });
    if let Some(error) = &record.error {
        add_whole(&mut lines, error, Role::Error);
    }
    let facts: Vec<_> = match (&record.patient, &record.row) {
        (Some(patient), _) => facts(model, patient).into(),
        (None, Some(row)) if record.error.is_none() => known(model, row).into(),
        (None, _) => Vec::new(),
    };
    for (label, value) in facts {
        let (value, role) = match value {
            Some(value) => (value, Role::Text),
            None => (model.glyphs.none.to_owned(), Role::Dim),
        };
        for (at, text) in text::wrap(&value, room).into_iter().enumerate() {
            lines.push(Line {
                label: if at == 0 { label } else { "" },
                text,
                role,
            });
        }
    }
    if record.patient.is_none() && record.error.is_none() {
        let (text, role) = if model.link != Link::Up {
            (format!("Only what the list knows. {UNREAD}"), Role::Warning)
        } else if model.flights.is_slow(Slot::Record, model.now) {
            (format!("loading{}", model.glyphs.ellipsis), Role::Dim)
        } else {
            return lines;
        };
        lines.push(Line {
            label: "",
            text: String::new(),
            role: Role::Text,
        });
        add_whole(&mut lines, &text, role);
    }
    lines
}

/// What a row of the list says already.
fn known(model: &Model, row: &PatientRow) -> [(&'static str, Option<String>); 4] {
    [
        ("Record", Some(row.record_number.clone())),
        ("Born", row.birth_date.map(|date| born(model, date))),
        ("Gender", row.gender.map(|gender| gender.to_string())),
        ("Phone", row.phone.clone()),
    ]
}

fn born(model: &Model, date: chrono::NaiveDate) -> String {
    let today = model.now.date_naive();
    format!(
        "{date} {} {}",
        model.glyphs.dot,
        dates::spelled_out(date, today)
    )
}

fn facts(model: &Model, patient: &Patient) -> [(&'static str, Option<String>); 10] {
    let local = |at: chrono::DateTime<chrono::Utc>| {
        at.with_timezone(model.now.offset())
            .format("%Y-%m-%d %H:%M")
            .to_string()
    };
    let born = patient.birth_date.map(|date| born(model, date));
    [
        ("Born", born),
        ("Gender", patient.gender.map(|gender| gender.to_string())),
        ("Phone", patient.phone.clone()),
        ("E-mail", patient.email.clone()),
        ("Address", patient.address.clone()),
        ("Blood group", patient.blood_group.clone()),
        ("Note", patient.note.clone()),
        ("Account", patient.username.clone()),
        ("Registered", Some(local(patient.created_at))),
        ("Changed", Some(local(patient.updated_at))),
    ]
}
