//! The booking screen, drawn: what is chosen already, and what to choose from now.

use ratatui::layout::Rect;

use super::{Book, Goal, Pick, Sender, Step, confirm_view, day, week_view};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::dates;
use crate::effect::Slot;
use crate::screens::walk_in::person_in_words;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the names of things.
pub(super) const LABEL: u16 = 9;

/// Draws the screen into `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, book: &Book, on_top: bool) {
    canvas.hit(body, Target::Layer);
    let title = match &book.moved {
        Some(moved) => format!("Move the appointment of {}", moved.when),
        None if book.offered.is_some() => "A time to keep for who waits".to_owned(),
        None => "Book".to_owned(),
    };
    let inner = canvas.frame(body, &title, on_top);
    let inner = match &book.sender {
        // Where there is next to no room, what is asked matters more.
        Some(sender) if inner.height > 6 => {
            wrote(canvas, line_of(inner, 0), sender);
            below(inner, 1)
        }
        _ => inner,
    };
    who(canvas, line_of(inner, 0), book, on_top);
    with(canvas, line_of(inner, 1), book, on_top);
    when(canvas, line_of(inner, 2), book, on_top);
    let rest = below(inner, if inner.height > 8 { 4 } else { 3 });
    match book.step {
        Step::Who => people(canvas, rest, book, on_top),
        Step::With => goals(canvas, rest, book, on_top),
        Step::When => picks(canvas, rest, book, on_top),
        Step::Confirm => {
            if let Some(confirm) = &book.confirm {
                confirm_view::draw(canvas, rest, book, confirm, on_top);
            }
        }
    }
}

/// A line of what is asked: its name, and the field or what was chosen.
fn asked(canvas: &mut Canvas<'_>, row: Rect, label: &str, is_now: bool) -> Rect {
    let role = if is_now { Role::Title } else { Role::Dim };
    let sign = if is_now { canvas.glyphs.pointer } else { " " };
    canvas.put(row, row.x, &format!("{sign}{label}"), role);
    beside(row, LABEL)
}

/// Who wrote to the clinic, and how that begins.
fn wrote(canvas: &mut Canvas<'_>, row: Rect, sender: &Sender) {
    let field = asked(canvas, row, "From", false);
    let room = usize::from(field.width);
    let line = text::fit(&sender.line(field.width), room, canvas.glyphs.ellipsis);
    canvas.put(field, field.x, line.trim_end(), Role::Text);
}

fn who(canvas: &mut Canvas<'_>, row: Rect, book: &Book, on_top: bool) {
    let is_now = book.step == Step::Who;
    let field = asked(canvas, row, "For", is_now);
    if is_now {
        let face = Face {
            is_focused: on_top,
            is_masked: false,
            placeholder: "name, birth date, phone or record number",
            ..Face::default()
        };
        input::draw(canvas, field, &book.who, face);
    } else if let Some(whom) = &book.whom {
        let x = canvas.put(field, field.x, &whom.full_name, Role::Title);
        let today = canvas.model.today();
        if let Some(born) = whom.birth_date {
            let born = canvas.model.prefs.dates.spelled_out(born, today);
            canvas.put(field, x + 2, &born, Role::Dim);
        }
    }
}

fn with(canvas: &mut Canvas<'_>, row: Rect, book: &Book, on_top: bool) {
    let is_now = book.step == Step::With;
    let field = asked(canvas, row, "With", is_now);
    if is_now {
        let face = Face {
            is_focused: on_top,
            is_masked: false,
            placeholder: "a doctor, or what for",
            ..Face::default()
        };
        input::draw(canvas, field, &book.with, face);
    } else if let Some(goal) = &book.goal {
        canvas.put(field, field.x, &goal.text(), Role::Title);
    }
}

fn when(canvas: &mut Canvas<'_>, row: Rect, book: &Book, on_top: bool) {
    let is_now = book.step == Step::When;
    let field = asked(canvas, row, "When", is_now);
    match (&book.confirm, book.step) {
        (Some(confirm), Step::Confirm) => {
            let text = format!(
                "{}, {}",
                confirm.pick.when(canvas.model.prefs.dates),
                confirm.pick.doctor()
            );
            canvas.put(field, field.x, &text, Role::Title);
        }
        (_, Step::When) if book.day.is_some() => {
            let Some(day) = &book.day else { return };
            let face = Face {
                is_focused: on_top,
                is_masked: false,
                is_chosen: false,
                placeholder: canvas.model.prefs.dates.days_or_parts(),
            };
            input::draw(canvas, field, day, face);
            understood(canvas, field, day.value());
        }
        (_, Step::When) => {
            let today = canvas.model.today();
            let day = match dates::relative(book.from, today) {
                Some(name) => format!("{name}, {}", canvas.model.prefs.dates.day(book.from)),
                None => canvas.model.prefs.dates.day(book.from),
            };
            let part = match book.part {
                Some(part) => format!("{part}s only"),
                None => "all of the day".to_owned(),
            };
            let dot = canvas.glyphs.dot;
            let mut text = match book.by_week {
                true => format!(
                    "week of {} {dot} {part}",
                    canvas.model.prefs.dates.day(super::week::monday(book.from))
                ),
                false => match &book.offered {
                    Some(offered) => {
                        let (dates, dash) = (canvas.model.prefs.dates, canvas.glyphs.dash);
                        let (from, until) = (dates.short(book.from), dates.short(offered.until));
                        format!("{from}{dash}{until} {dot} {part}")
                    }
                    None => format!("from {day} on {dot} {part}"),
                },
            };
            if let Some(minutes) = book.length {
                text.push_str(&format!(" {dot} {minutes} min"));
            }
            // No field as long as nothing is typed, and it says so.
            let x = canvas.put(field, field.x, &text, Role::Text);
            let hint = "type another day";
            let is_room = usize::from(field.right().saturating_sub(x + 2)) >= text::width(hint);
            if on_top && is_room {
                canvas.put_right(field, hint, Role::Dim);
            }
        }
        _ => {}
    }
}

/// How the day that is typed is understood, at the end of its field: in full where there is room.
fn understood(canvas: &mut Canvas<'_>, field: Rect, typed: &str) {
    let room = usize::from(field.width).saturating_sub(text::width(typed) + 3);
    let said = [false, true]
        .into_iter()
        .filter_map(|is_short| day::understood(canvas.model, typed, is_short))
        .find(|said| text::width(said) <= room);
    if let Some(said) = said {
        canvas.put_right(field, &said, Role::Placeholder);
    }
}

/// The lines to choose from, as far as they fit; the selected one is in sight, and so is its place
/// where none is.
fn choices(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (cursor, has_selected): (usize, bool),
    lines: &[(String, Role)],
    on_top: bool,
) {
    let height = usize::from(area.height).max(1);
    let top = (cursor + 1).saturating_sub(height);
    let visible = lines.iter().enumerate().skip(top);
    for (row, (index, (text, role))) in area.rows().zip(visible) {
        let is_selected = has_selected && index == cursor;
        let role = match is_selected {
            true if on_top => Role::Selected,
            true => Role::SelectedAside,
            false => *role,
        };
        if is_selected {
            canvas.paint(row, role);
            canvas.put(row, row.x, canvas.glyphs.pointer, role);
        }
        canvas.put(row, row.x + 2, text, role);
        canvas.hit(row, Target::Candidate(index));
    }
}

/// Why there is nothing to choose from.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, text: &str, role: Role) {
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    for (row, line) in area.rows().zip(text::wrap(text, room)) {
        canvas.put(row, row.x + 2, &line, role);
    }
}

fn is_missing(canvas: &mut Canvas<'_>, area: Rect, book: &Book, slot: Slot) -> bool {
    let model = canvas.model;
    if let Some(message) = &book.message {
        nothing(canvas, area, message, Role::Error);
        return true;
    }
    if model.link.obstacle().is_some() {
        let text = "The server does not answer. This comes as soon as it does.";
        nothing(canvas, area, text, Role::Warning);
        return true;
    }
    if model.flights.is_flying(slot) {
        if model.flights.is_slow(slot, model.now) {
            let text = format!("looking{}", canvas.glyphs.ellipsis);
            nothing(canvas, area, &text, Role::Dim);
        }
        return true;
    }
    false
}

fn people(canvas: &mut Canvas<'_>, area: Rect, book: &Book, on_top: bool) {
    let typed = book.who.value().trim();
    if book.people.is_empty() {
        if is_missing(canvas, area, book, Slot::People) {
            return;
        }
        if typed.is_empty() {
            nothing(canvas, area, "Type who it is for.", Role::Dim);
            return;
        }
    }
    let mut lines: Vec<(String, Role)> = book
        .people
        .iter()
        .map(|person| (person_in_words(canvas.model, person), Role::Text))
        .collect();
    let typed = canvas.glyphs.quoted(typed);
    let register = match book.people.is_empty() {
        true => format!("No patient matches. Register {typed}"),
        false => format!("Somebody new: register {typed}"),
    };
    lines.push((register, Role::Dim));
    choices(canvas, area, (book.cursor, true), &lines, on_top);
}

fn goals(canvas: &mut Canvas<'_>, area: Rect, book: &Book, on_top: bool) {
    let goals = book.goals();
    if book.doctors.is_none() && is_missing(canvas, area, book, Slot::Bookable) {
        return;
    }
    if goals.is_empty() {
        nothing(
            canvas,
            area,
            "No doctor has this name or speciality.",
            Role::Dim,
        );
        return;
    }
    let name = usize::from(area.width / 2).min(30);
    let lines: Vec<(String, Role)> = goals
        .iter()
        .map(|goal| match goal {
            Goal::Doctor { id, name: doctor } => {
                let doctor = text::fit(doctor, name, canvas.glyphs.ellipsis);
                (
                    format!("{doctor} {}", book.specialisations(*id)),
                    Role::Text,
                )
            }
            goal => (goal.text(), Role::Dim),
        })
        .collect();
    choices(canvas, area, (book.cursor, true), &lines, on_top);
}

fn picks(canvas: &mut Canvas<'_>, area: Rect, book: &Book, on_top: bool) {
    let picks = book.picks();
    if picks.is_empty() {
        if !is_missing(canvas, area, book, Slot::Slots) {
            if let Some(offered) = &book.offered {
                let until = canvas.model.prefs.dates.day(offered.until);
                let text = format!(
                    "Nothing is free until {until}, the last day they wait for. {} looks at another part of the day, {} goes back.",
                    key(canvas.model, "book.part"),
                    key(canvas.model, "book.back"),
                );
                nothing(canvas, area, &text, Role::Dim);
                return;
            }
            let text = format!(
                "Nothing is free. {} looks from a week later on, {} at another part of the day, {} puts them on the waiting list, {} goes back.",
                key(canvas.model, "book.next_week"),
                key(canvas.model, "book.part"),
                key(canvas.model, "book.wait"),
                key(canvas.model, "book.back"),
            );
            nothing(canvas, area, &text, Role::Dim);
        }
        return;
    }
    let is_lost = book.taken_away.is_some();
    let area = match book.taken_away.as_ref().or(book.message.as_ref()) {
        Some(message) => {
            let lines = text::wrap(message, usize::from(area.width));
            for (at, line) in (0..).zip(&lines) {
                canvas.put(line_of(area, at), area.x, line, Role::Warning);
            }
            below(area, u16::try_from(lines.len()).unwrap_or(1))
        }
        None => area,
    };
    if book.by_week {
        week_view::draw(canvas, area, book, &picks, on_top && !is_lost);
        return;
    }
    let mut day = None;
    let lines: Vec<(String, Role)> = picks
        .iter()
        .map(|pick| {
            // The day stands at the first of its times.
            let is_new = day.replace(pick.date()) != Some(pick.date());
            let date = match is_new {
                true => canvas.model.prefs.dates.short(pick.date()),
                false => String::new(),
            };
            pick_in_words(canvas.model, pick, &date, area.width)
        })
        .collect();
    choices(canvas, area, (book.cursor, !is_lost), &lines, on_top);
}

fn pick_in_words(model: &Model, pick: &Pick, date: &str, width: u16) -> (String, Role) {
    let ellipsis = model.glyphs.ellipsis;
    let date = text::fit(date, model.prefs.dates.short_width() + 1, ellipsis);
    let is_roomy = width > 50;
    match pick {
        Pick::Free(slot) => {
            let dash = model.glyphs.dash;
            let clock = crate::labels::clock(slot.starts.as_deref(), slot.ends.as_deref(), dash);
            let time = match (is_roomy, &slot.starts) {
                // Where there is little room, with whom it is goes before when it ends.
                (false, Some(starts)) => text::fit(starts, 6, ellipsis),
                _ => {
                    let time = clock.unwrap_or_else(|| slot.window.clone());
                    text::fit(&time, 13, ellipsis)
                }
            };
            let doctor = &slot.doctor.full_name;
            (format!("{date}{time}{doctor}"), Role::Text)
        }
        Pick::Taken(row, _) => {
            let columns = if is_roomy { 13 } else { 6 };
            let starts = text::fit(pick.starts(), columns, ellipsis);
            let who = &row.patient.full_name;
            (format!("{date}{starts}taken: {who}"), Role::Dim)
        }
    }
}

pub(super) fn key(model: &Model, name: &str) -> String {
    let command = command::find(name);
    let key = command.and_then(|command| key_now(model, command));
    key.unwrap_or_default()
}
