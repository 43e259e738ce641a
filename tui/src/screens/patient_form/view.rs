//! The form, drawn.

use clinic_shared::desk::patients::{Duplicate, DuplicateReason};
use ratatui::layout::Rect;

use super::field::{Elsewhere, FormField, Kind};
use super::{Form, Subject};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::effect::Slot;
use crate::glyphs::Glyphs;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the field names.
const LABEL: u16 = 13;

/// From this width on, what is beside the fields stands beside them, not below.
const WIDE: u16 = 110;

/// What a field takes in which nothing is typed.
const CHOOSES: &str = "Nothing begins so: Backspace begins anew, Space goes on.";

/// A line of the form.
enum Line {
    Blank,
    Field(usize),
    /// Under a field: what is to be known about it.
    Note(String, Role),
    Button,
    Text(String, Role),
    /// A record that may be this person.
    Candidate(usize),
    /// Why it may be.
    Reasons(usize),
}

/// Draws the form into `area`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, form: &Form, on_top: bool) {
    canvas.hit(area, Target::Layer);
    let title = match &form.subject {
        Subject::New if form.from.is_some() => "New patient, who wrote to the clinic".to_owned(),
        Subject::New => "New patient".to_owned(),
        Subject::Known { record_number, .. } => format!("Edit {record_number}"),
    };
    let inner = canvas.frame(area, &title, on_top);
    let (left, aside) = if inner.width >= WIDE {
        let width = inner.width * 3 / 5;
        (Rect { width, ..inner }, Some(beside(inner, width + 3)))
    } else {
        (inner, None)
    };
    let mut lines = fields(canvas.glyphs, form, left);
    let alike = alike(canvas.model, form);
    match aside {
        Some(aside) => {
            for (at, line) in (0u16..).zip(&alike) {
                draw_line(canvas, line_of(aside, at), form, line, on_top);
            }
        }
        None => lines.extend(alike),
    }
    // The line with the cursor stays in sight, and the notes under it.
    let height = usize::from(left.height).max(1);
    let focus = lines
        .iter()
        .position(|line| match line {
            Line::Field(index) => *index == form.focus,
            Line::Button => !form.has_field(),
            _ => false,
        })
        .unwrap_or(0);
    let notes = lines
        .iter()
        .skip(focus + 1)
        .take_while(|line| matches!(line, Line::Note(..)));
    let top = (focus + 1 + notes.count())
        .saturating_sub(height)
        .min(focus);
    for (row, line) in left.rows().zip(lines.iter().skip(top)) {
        draw_line(canvas, row, form, line, on_top);
    }
    let fields_below = lines
        .iter()
        .skip(top + height)
        .filter(|line| matches!(line, Line::Field(_)))
        .count();
    if fields_below > 0 && area.height > inner.height {
        let last = Rect {
            y: area.bottom() - 1,
            height: 1,
            width: area.width - 2,
            ..area
        };
        canvas.put_right(last, &format!(" {fields_below} more below "), Role::Key);
    }
}

/// The fields, with room between them where there is room.
fn fields(glyphs: Glyphs, form: &Form, area: Rect) -> Vec<Line> {
    let is_roomy = area.height >= 28;
    let mut lines = Vec::new();
    for message in form.doubt.iter().chain(&form.message) {
        let room = usize::from(area.width);
        lines.extend(
            text::wrap(message, room)
                .into_iter()
                .map(|line| Line::Text(line, Role::Error)),
        );
        lines.push(Line::Blank);
    }
    for (index, field) in form.fields.iter().enumerate() {
        lines.push(Line::Field(index));
        let room = usize::from(area.width.saturating_sub(LABEL)).max(1);
        let mut note = |text: &str, role: Role| {
            lines.extend(
                text::wrap(text, room)
                    .into_iter()
                    .map(|line| Line::Note(line, role)),
            );
        };
        if let Some(complaint) = field.complaint() {
            note(complaint, Role::Error);
        }
        if field.chose_nothing {
            note(CHOOSES, Role::Warning);
        }
        if let Some(elsewhere) = &field.elsewhere {
            note(&said(glyphs, elsewhere), Role::Warning);
        }
        if is_roomy {
            lines.push(Line::Blank);
        }
    }
    if !is_roomy && area.height >= 12 {
        lines.push(Line::Blank);
    }
    lines.push(Line::Button);
    lines
}

/// What somebody else made of a field.
fn said(glyphs: Glyphs, elsewhere: &Elsewhere) -> String {
    let shown = |value: &str| match value {
        "" => "nothing".to_owned(),
        value => glyphs.quoted(&value.replace('\n', glyphs.line_break)),
    };
    match elsewhere {
        Elsewhere::Contested(now) => {
            format!("Now {} there; saving puts yours in its place.", shown(now))
        }
        Elsewhere::Adopted(before) => format!("Was {}; theirs is taken over.", shown(before)),
    }
}

/// People who look like the one in the form.
fn alike(model: &Model, form: &Form) -> Vec<Line> {
    let mut lines = Vec::new();
    if !form.candidates.is_empty() {
        lines.push(Line::Blank);
        let look = command::find("form.look").and_then(|look| key_now(model, look));
        let hint = look
            .map(|key| format!(" ({key} opens)"))
            .unwrap_or_default();
        lines.push(Line::Text(
            format!("May already be here{hint}:"),
            Role::Warning,
        ));
        let found = 0..form.candidates.len();
        lines.extend(found.flat_map(|index| [Line::Candidate(index), Line::Reasons(index)]));
    }
    lines
}

fn draw_line(canvas: &mut Canvas<'_>, row: Rect, form: &Form, line: &Line, on_top: bool) {
    match line {
        Line::Blank => {}
        Line::Field(index) => {
            if let Some(field) = form.fields.get(*index) {
                let is_focused = on_top && *index == form.focus;
                draw_field(canvas, row, field, is_focused);
                canvas.hit(row, Target::Field(*index));
            }
        }
        Line::Note(text, role) => {
            canvas.put(row, row.x + LABEL, text, *role);
        }
        Line::Button => draw_button(canvas, row, form, on_top),
        Line::Text(text, role) => {
            canvas.put(row, row.x, text, *role);
        }
        Line::Candidate(index) | Line::Reasons(index) => {
            if let Some(candidate) = form.candidates.get(*index) {
                match line {
                    Line::Reasons(_) => draw_reasons(canvas, row, candidate),
                    _ => draw_candidate(canvas, row, candidate),
                }
                canvas.hit(row, Target::Candidate(*index));
            }
        }
    }
}

fn draw_field(canvas: &mut Canvas<'_>, row: Rect, field: &FormField, is_focused: bool) {
    let model = canvas.model;
    let role = match (field.complaint().is_some(), is_focused) {
        (true, _) => Role::Error,
        (false, true) => Role::Title,
        (false, false) => Role::Text,
    };
    let mark = if field.complaint().is_some() {
        canvas.glyphs.error
    } else {
        ""
    };
    canvas.put(
        Rect {
            width: LABEL.min(row.width),
            ..row
        },
        row.x,
        field.kind.label(),
        role,
    );
    if !mark.is_empty() {
        canvas.put(row, (row.x + LABEL).saturating_sub(2), mark, Role::Error);
    }
    let mut area = beside(row, LABEL);
    let hint = hint(model, field, is_focused);
    let width = u16::try_from(text::width(&hint)).unwrap_or(u16::MAX);
    if !hint.is_empty() && area.width > width + 14 {
        canvas.put_right(area, &hint, Role::Dim);
        area.width -= width + 2;
    }
    input::draw(
        canvas,
        area,
        &field.input,
        Face {
            is_focused,
            placeholder: field.kind.placeholder(),
            ..Face::default()
        },
    );
}

/// Beside the field: how it was understood, or how it is used.
fn hint(model: &Model, field: &FormField, is_focused: bool) -> String {
    let today = model.now.date_naive();
    match field.kind {
        Kind::BirthDate => field
            .date(today)
            .map(|date| model.prefs.dates.spelled_out(date, today))
            .unwrap_or_default(),
        Kind::Gender if is_focused => {
            let Glyphs { previous, next, .. } = model.glyphs;
            format!("{previous} {next} or a letter")
        }
        kind if kind.has_breaks() && is_focused => command::find("form.break")
            .and_then(|command| key_now(model, command))
            .map(|key| format!("{key}: new line"))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn draw_button(canvas: &mut Canvas<'_>, row: Rect, form: &Form, on_top: bool) {
    let model = canvas.model;
    let is_focused = on_top && !form.has_field();
    let role = if is_focused {
        Role::ButtonFocused
    } else {
        Role::Button
    };
    let label = match &form.subject {
        Subject::New => "[ Register ]",
        Subject::Known { .. } => "[ Save ]",
    };
    let from = row.x + LABEL.min(row.width / 3);
    let x = canvas.put(row, from, label, role);
    if is_focused {
        canvas.cursor(from + 2, row.y);
    }
    canvas.hit(
        Rect {
            x: from,
            width: x.saturating_sub(from),
            ..row
        },
        Target::Field(form.fields.len()),
    );
    let obstacle = model.link.obstacle();
    let is_slow = |slot| model.flights.is_slow(slot, model.now);
    let is_late = is_slow(Slot::Save)
        || (form.is_saving && is_slow(Slot::Inbox))
        || (form.is_busy() && is_slow(Slot::Duplicates));
    if is_late {
        canvas.put(
            row,
            x + 2,
            &format!("saving{}", canvas.glyphs.ellipsis),
            Role::Dim,
        );
    } else if let Some(obstacle) = obstacle {
        canvas.put(row, x + 2, obstacle, Role::Warning);
    } else if form.is_changed() {
        canvas.put(row, x + 2, "not saved yet", Role::Dim);
    }
}

fn draw_candidate(canvas: &mut Canvas<'_>, row: Rect, candidate: &Duplicate) {
    let patient = &candidate.patient;
    let dot = canvas.glyphs.dot;
    let mut text = format!("{} {}", patient.record_number, patient.full_name);
    if let Some(date) = patient.birth_date {
        let date = canvas.model.prefs.dates.date(date);
        text.push_str(&format!(" {dot} {date}"));
    }
    canvas.put(row, row.x, canvas.glyphs.pointer, Role::Warning);
    canvas.put(row, row.x + 2, &text, Role::Text);
}

fn draw_reasons(canvas: &mut Canvas<'_>, row: Rect, candidate: &Duplicate) {
    let reasons: Vec<&str> = candidate
        .reasons
        .iter()
        .map(|reason| words(*reason))
        .collect();
    canvas.put(row, row.x + 2, &reasons.join(", "), Role::Dim);
}

const fn words(reason: DuplicateReason) -> &'static str {
    match reason {
        DuplicateReason::NameAndBirthDate => "same name and birth date",
        DuplicateReason::Phone => "same phone",
        DuplicateReason::Email => "same e-mail",
        DuplicateReason::SimilarName => "similar name, same birth date",
    }
}
