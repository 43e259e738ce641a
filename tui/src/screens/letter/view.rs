//! The form of several lines, drawn: what is written, and beneath it what it is about.

use ratatui::layout::{Margin, Rect};

use super::{Kind, Letter, about};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::effect::Slot;
use crate::labels;
use crate::text;
use crate::theme::Role;
use crate::widgets::area;
use crate::widgets::canvas::{Canvas, below, line_of};

/// What is inside the frame, as the frame has it.
pub(super) fn inside(body: Rect) -> Rect {
    if body.width < 8 || body.height < 4 {
        return body;
    }
    body.inner(Margin::new(2, 1))
}

/// Draws the form over `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, letter: &Letter, on_top: bool) {
    canvas.hit(body, Target::Layer);
    let title = match letter.kind {
        Kind::Answer { .. } => format!("Answer {}", letter.who),
        Kind::Note => format!("Note about {}", letter.who),
    };
    let inner = canvas.frame(body, &title, on_top);
    let mut at = 0;
    for (label, said) in heading(canvas.model, letter) {
        let row = line_of(inner, at);
        let x = canvas.put(row, row.x, label, Role::Dim);
        canvas.put(row, (row.x + 9).max(x + 1), &said, Role::Text);
        at += 1;
    }
    let room = usize::from(inner.width).max(1);
    let (said, role) = told(canvas.model, letter);
    let lines = text::wrap(&said, room);
    for line in lines.iter().take(3) {
        canvas.put(line_of(inner, at), inner.x, line, role);
        at += 1;
    }
    let rest = below(inner, at);
    // Half of what is left is for writing, and more where they wrote little.
    let theirs = theirs(canvas.model, letter, room);
    let wanted = u16::try_from(theirs.len() + 1).unwrap_or(u16::MAX);
    let height = rest
        .height
        .saturating_sub(wanted)
        .max(rest.height.div_ceil(2));
    let height = if rest.height < 4 { rest.height } else { height };
    let field = Rect { height, ..rest };
    let hint = match letter.kind {
        Kind::Answer { .. } => "what they get to read",
        Kind::Note => "what the desk should know; whoever wrote never sees it",
    };
    area::draw(canvas, field, &letter.text, on_top, hint);
    canvas.hit(field, Target::Layer);
    let beneath = below(rest, height);
    for (row, line) in beneath.rows().zip(&theirs) {
        canvas.put(row, row.x, line, Role::Dim);
    }
    let hidden = theirs.len().saturating_sub(usize::from(beneath.height));
    if hidden > 0 && body.height > inner.height {
        let last = Rect {
            y: body.bottom() - 1,
            height: 1,
            width: body.width - 2,
            ..body
        };
        canvas.put_right(last, &format!(" {hidden} more of theirs "), Role::Dim);
    }
}

fn heading(model: &Model, letter: &Letter) -> Vec<(&'static str, String)> {
    let Kind::Answer {
        to,
        subject,
        stands,
        resolves,
    } = &letter.kind
    else {
        return Vec::new();
    };
    let subject = match subject {
        Some(subject) => format!("Re: {subject}"),
        None => "your message".to_owned(),
    };
    let then = match resolves {
        true => "resolved: nothing else is to do",
        false => labels::contact_status(*stands),
    };
    let key = command::find("letter.resolve").and_then(|command| key_now(model, command));
    let key = key.map(|key| format!(" ({key}: the other)"));
    let then = format!("{then}{}", key.unwrap_or_default());
    vec![("To", to.clone()), ("Subject", subject), ("Then", then)]
}

/// What is wrong, or that it is on its way, or what sends it.
fn told(model: &Model, letter: &Letter) -> (String, Role) {
    if letter.is_sending() && model.flights.is_slow(Slot::Inbox, model.now) {
        return (format!("sending{}", model.glyphs.ellipsis), Role::Dim);
    }
    if let Some(message) = &letter.message {
        return (message.clone(), Role::Error);
    }
    if let Some(obstacle) = model.link.obstacle() {
        return (obstacle.to_owned(), Role::Warning);
    }
    let key = command::find("letter.send").and_then(|command| key_now(model, command));
    let what = match letter.kind {
        Kind::Answer { .. } => "mails it",
        Kind::Note => "keeps it",
    };
    (format!("{} {what}.", key.unwrap_or_default()), Role::Dim)
}

/// What they wrote.
fn theirs(model: &Model, letter: &Letter, room: usize) -> Vec<String> {
    let contact = about(model, letter);
    let rule = model.glyphs.horizontal.repeat(3);
    let mut lines = vec![format!("{rule} {} wrote", letter.who)];
    lines.extend(text::wrap(&contact.message, room));
    lines
}
