//! The form for whoever came without being booked, drawn; and their ticket, large.

use clinic_shared::desk::patients::PatientRow;
use ratatui::layout::Rect;

use super::take_in::{booked_in_words, queued_in_words};
use super::{Arrival, Ticket, WHOM, queued};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::screens::centred;
use crate::screens::patient_form::field::Kind;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, beside, line_of};
use crate::widgets::digits;
use crate::widgets::input::{self, Face};

/// Columns of the names of things.
const LABEL: u16 = 12;

/// Draws the form, or the ticket, in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, form: &Arrival, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let area = centred(body, 72.min(body.width), 17.min(body.height));
    canvas.clear(area);
    canvas.hit(area, Target::Layer);
    if let Some(ticket) = &form.ticket {
        let inner = canvas.frame(area, "Taken in", on_top);
        draw_ticket(canvas, inner, ticket);
        return;
    }
    let inner = canvas.frame(area, "Walk-in", on_top);
    let mut at = 0;
    for (index, field) in form.fields.iter().enumerate() {
        let row = line_of(inner, at);
        let is_focused = on_top && form.focus == index && form.cursor.is_none();
        let complaint = field.complaint();
        label(
            canvas,
            row,
            field.kind.label(),
            is_focused,
            complaint.is_some(),
        );
        let face = Face {
            is_focused,
            is_masked: false,
            placeholder: field.kind.placeholder(),
            ..Face::default()
        };
        input::draw(canvas, beside(row, LABEL), &field.input, face);
        canvas.hit(row, Target::Field(index));
        if field.kind == Kind::BirthDate
            && let Some(date) = field.date(canvas.model.now.date_naive())
        {
            let spelled = canvas
                .model
                .prefs
                .dates
                .spelled_out(date, canvas.model.now.date_naive());
            // Beside what was typed, or below it where that has no room.
            let taken = text::width(field.input.value()) + usize::from(LABEL) + 2;
            let has_room = usize::from(row.width) >= taken + text::width(&spelled);
            at += u16::from(!has_room);
            canvas.put_right(line_of(inner, at), &spelled, Role::Dim);
        }
        at += 1;
        if let Some(complaint) = complaint {
            let line = beside(line_of(inner, at), LABEL);
            canvas.put(line, line.x, complaint, Role::Error);
            at += 1;
        }
    }
    let row = line_of(inner, at);
    let is_focused = on_top && form.focus == WHOM && form.cursor.is_none();
    label(canvas, row, "To", is_focused, false);
    let role = if is_focused {
        Role::FieldFocused
    } else {
        Role::Field
    };
    let room = usize::from(row.width.saturating_sub(LABEL));
    let whom = form.whom(canvas.model);
    let whom = text::cut(&whom, room, canvas.glyphs.ellipsis);
    let x = canvas.put(row, row.x + LABEL, &whom, role);
    if is_focused {
        canvas.cursor(row.x + LABEL, row.y);
        let hint = "Space: another";
        let is_room = usize::from(row.right().saturating_sub(x + 2)) >= hint.len();
        if is_room {
            canvas.put(row, x + 2, hint, Role::Dim);
        }
    }
    canvas.hit(row, Target::Field(WHOM));
    rest(canvas, below(inner, at + 2), form, on_top);
}

fn label(canvas: &mut Canvas<'_>, row: Rect, text: &str, is_focused: bool, is_faulty: bool) {
    let role = match (is_faulty, is_focused) {
        (true, _) => Role::Error,
        (false, true) => Role::Title,
        (false, false) => Role::Text,
    };
    canvas.put(row, row.x, text, role);
}

/// Below the fields: what is to be known, and who it may be.
fn rest(canvas: &mut Canvas<'_>, area: Rect, form: &Arrival, on_top: bool) {
    let (lines, role) = said(canvas.model, form);
    let mut at = 0;
    for line in lines
        .iter()
        .flat_map(|line| text::wrap(line, usize::from(area.width).max(1)))
    {
        canvas.put(line_of(area, at), area.x, &line, role);
        at += 1;
    }
    for (index, person) in form.people.iter().enumerate() {
        let row = line_of(area, at);
        let is_selected = form.cursor == Some(index);
        let role = match is_selected {
            true if on_top => Role::Selected,
            true => Role::SelectedAside,
            false => Role::Text,
        };
        if is_selected {
            canvas.paint(row, role);
            canvas.put(row, row.x, canvas.glyphs.pointer, role);
            canvas.cursor(row.x, row.y);
        }
        let mut told = person_in_words(canvas.model, person);
        if let Some(queued) = queued(canvas.model, person) {
            let ticket = queued.ticket.map(|ticket| format!(", ticket {ticket}"));
            told = format!("here{}: {told}", ticket.unwrap_or_default());
        }
        canvas.put(row, row.x + 2, &told, role);
        canvas.hit(row, Target::Candidate(index));
        at += 1;
    }
}

/// A person in a line: number, name, birth date, phone.
pub(crate) fn person_in_words(model: &Model, person: &PatientRow) -> String {
    let mut parts = vec![person.full_name.clone()];
    let born = |date| format!("born {}", model.prefs.dates.date(date));
    parts.extend(person.birth_date.map(born));
    parts.extend(person.phone.clone());
    let dot = format!(" {} ", model.glyphs.dot);
    format!("{} {}", person.record_number, parts.join(&dot))
}

fn said(model: &Model, form: &Arrival) -> (Vec<String>, Role) {
    let key = |name| {
        let command = command::find(name);
        let key = command.and_then(|command| key_now(model, command));
        key.unwrap_or_default()
    };
    let (down, up) = (model.glyphs.down, model.glyphs.up);
    if let Some(message) = &form.message {
        return (vec![message.clone()], Role::Error);
    }
    if let Some(obstacle) = model.link.obstacle() {
        return (vec![obstacle.to_owned()], Role::Warning);
    }
    if form.is_sending() {
        let text = format!("taking in{}", model.glyphs.ellipsis);
        return (vec![text], Role::Dim);
    }
    if form.must_choose {
        let text = format!(
            "May be here already: choose with {down} {up} and Enter, or {} registers somebody new.",
            key("arrival.take_in")
        );
        return (vec![text], Role::Warning);
    }
    if let Some(row) = form.queued(model) {
        let text = format!("{} Esc goes back.", queued_in_words(row));
        return (vec![text], Role::Warning);
    }
    if let Some(row) = form.booked(model) {
        return (vec![booked_in_words(row)], Role::Warning);
    }
    if let Some(known) = &form.known {
        let text = format!("{} has a record; Enter takes them in.", known.record_number);
        return (vec![text], Role::Success);
    }
    if form.people.is_empty() {
        let text = format!(
            "Enter goes on and, from the last field, takes in; {} does at once.",
            key("arrival.take_in")
        );
        return (vec![text], Role::Dim);
    }
    let text = format!("Here already? {down} {up} and Enter choose:");
    (vec![text], Role::Dim)
}

fn draw_ticket(canvas: &mut Canvas<'_>, area: Rect, ticket: &Ticket) {
    let mut at = 0;
    let centre = |canvas: &mut Canvas<'_>, at: u16, text: &str, role: Role| {
        let row = line_of(area, at);
        let width = u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        let x = row.x + row.width.saturating_sub(width) / 2;
        canvas.put(row, x, text, role);
    };
    match ticket.number {
        Some(number) => {
            centre(canvas, at, &format!("Ticket {number}"), Role::Title);
            at += 2;
            if area.height > digits::HEIGHT + 6 {
                for line in digits::lines(number, canvas.glyphs) {
                    centre(canvas, at, &line, Role::Title);
                    at += 1;
                }
                at += 1;
            }
        }
        None => centre(canvas, at, "No ticket", Role::Title),
    }
    centre(canvas, at, &ticket.who, Role::Title);
    centre(canvas, at + 1, &format!("to {}", ticket.doctor), Role::Text);
    if let Some(room) = &ticket.room {
        centre(canvas, at + 2, &format!("in {room}"), Role::Text);
    }
    centre(canvas, at + 3, "Enter closes", Role::Dim);
}
