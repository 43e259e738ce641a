//! The last look before it is booked, drawn: what is known, what is in the way, and what to do.

use clinic_shared::desk::appointments::Kind;
use ratatui::layout::Rect;

use super::view::{LABEL, key};
use super::{Book, Confirm, advice, kind};
use crate::command::Availability;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// Whether they meet at the clinic or by video, and what switches it.
pub(super) fn how(canvas: &mut Canvas<'_>, row: Rect, book: &Book) {
    canvas.put(row, row.x, "How", Role::Title);
    let field = beside(row, LABEL);
    let x = canvas.put(field, field.x, kind::in_words(book.kind), Role::Text);
    if kind::can_switch(canvas.model) == Availability::Ok {
        let key = key(canvas.model, "book.kind");
        let hint = format!("{key}: {}", kind::other_in_words(book.kind));
        if usize::from(field.right().saturating_sub(x + 2)) >= text::width(&hint) {
            canvas.put(field, x + 2, &hint, Role::Dim);
        }
    }
}

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    book: &Book,
    confirm: &Confirm,
    on_top: bool,
) {
    let model = canvas.model;
    let room = usize::from(area.width).max(1);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut say = |text: &str, role: Role| {
        lines.extend(text::wrap(text, room).into_iter().map(|line| (line, role)));
    };
    if let Some((sender, whom)) = book.others() {
        let sign = model.glyphs.warning;
        let (who, whom) = (&sender.name, &whom.full_name);
        say(
            &format!("{sign} {who} wrote; this is for {whom}."),
            Role::Warning,
        );
    }
    for reason in &confirm.reasons {
        let sign = model.glyphs.error;
        say(&format!("{sign} {}", reason.detail), Role::Error);
        say(&format!("  {}", advice(&reason.code)), Role::Text);
    }
    if !confirm.reasons.is_empty() {
        let is_open = |reason: &clinic_shared::Reason| reason.appointment.is_some();
        let next = key(model, "book.next_free");
        let mut keys = format!("{next} looks for the next free time");
        if confirm.reasons.iter().any(is_open) {
            let open = key(model, "book.obstacle");
            keys = format!("{open} opens the appointment in the way, {keys}");
        }
        say(&format!("{keys}."), Role::Dim);
    }
    if let Some(check) = &confirm.check {
        if check.patient_no_shows > 0 {
            let times = match check.patient_no_shows {
                1 => "once".to_owned(),
                2 => "twice".to_owned(),
                many => format!("{many} times"),
            };
            let who = &check.patient.full_name;
            say(
                &format!("{who} did not come {times} before."),
                Role::Warning,
            );
        }
        for row in &check.patient_same_day {
            let (who, doctor) = (&check.patient.full_name, &row.doctor.full_name);
            let time = row.starts.as_deref().map(|starts| format!(" at {starts}"));
            let time = time.or(row.window.as_ref().map(|window| format!(" ({window})")));
            let sign = model.glyphs.warning;
            let text = format!(
                "{sign} {who} has an appointment with {doctor}{} that day already.",
                time.unwrap_or_default()
            );
            say(&text, Role::Warning);
        }
        if check.patient_open_bookings > 0 {
            let who = &check.patient.full_name;
            let ahead = match check.patient_open_bookings {
                1 => "1 appointment".to_owned(),
                many => format!("{many} appointments"),
            };
            say(&format!("{who} has {ahead} ahead already."), Role::Dim);
        }
    }
    if book.moved.is_none() && confirm.is_possible() {
        let text = "It is pending until the doctor or the desk confirms it.";
        say(text, Role::Dim);
    }
    if let Some(message) = &confirm.message {
        say(message, Role::Error);
    }
    // However much is in the way, the field and what Enter does stay in sight.
    // Where there is no room for both, what is in the way goes before how they meet as a rule.
    let is_short = lines.len() + 3 > usize::from(area.height);
    let shows_how = !is_short || book.kind != Kind::Offline;
    let most = area.height.saturating_sub(if shows_how { 3 } else { 2 });
    let mut at = 0;
    for (line, role) in lines.iter().take(usize::from(most)) {
        canvas.put(line_of(area, at), area.x, line, *role);
        at += 1;
    }
    let is_roomy = at + 5 <= area.height;
    if !lines.is_empty() && is_roomy {
        at += 1;
    }
    if shows_how {
        how(canvas, line_of(area, at), book);
        at += 1;
    }
    let (label, field, placeholder) = match (confirm.is_at_why(), &book.moved) {
        (true, _) => ("Because", &confirm.why, "why it may be there"),
        (false, Some(_)) => ("Because", &confirm.title, "if there is a reason to note"),
        (false, None) => ("About", &confirm.title, "in a few words, if known"),
    };
    if confirm.is_possible() {
        let row = line_of(area, at);
        canvas.put(row, row.x, label, Role::Title);
        let face = Face {
            is_focused: on_top,
            is_masked: false,
            placeholder,
            ..Face::default()
        };
        input::draw(canvas, beside(row, LABEL), field, face);
        at += if is_roomy { 2 } else { 1 };
    }
    let enter = key(model, "book.enter");
    let back = key(model, "book.back");
    let verb = match (confirm.can_overbook(), book.moved.is_some()) {
        (true, _) if !confirm.is_at_why() => "goes on to why it may be there",
        (true, true) => "moves it there all the same",
        (true, false) => "books it all the same",
        (false, true) => "moves it",
        (false, false) => "books",
    };
    let hint = if confirm.is_sending() {
        format!("booking{}", canvas.glyphs.ellipsis)
    } else if let Some(obstacle) = model.link.obstacle() {
        obstacle.to_owned()
    } else if confirm.is_possible() {
        format!("{enter} {verb}, {back} looks for another time.")
    } else {
        format!("{back} looks for another time.")
    };
    canvas.put(line_of(area, at), area.x, &hint, Role::Dim);
}
