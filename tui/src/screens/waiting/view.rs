//! The form that puts somebody on the waiting list, drawn.

use ratatui::layout::Rect;

use super::{Line, WaitForm};
use crate::app::{Target, key_now};
use crate::command;
use crate::screens::centred;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the names of things.
const LABEL: u16 = 10;

/// Draws the form in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, form: &WaitForm, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let area = centred(body, 64.min(body.width), 13.min(body.height));
    canvas.clear(area);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, "Onto the waiting list", on_top);
    let told = |canvas: &mut Canvas<'_>, at: u16, label: &str, text: &str| {
        let row = line_of(inner, at);
        canvas.put(row, row.x, label, Role::Dim);
        canvas.put(row, row.x + LABEL, text, Role::Title);
    };
    told(canvas, 0, "Who", &form.whom.full_name);
    told(canvas, 1, "For", &form.goal.text());
    let span = format!(
        "{}, to {}",
        form.span().1,
        canvas.model.prefs.dates.day(form.to())
    );
    let part = match form.part {
        Some(part) => format!("{part}s only"),
        None => "any part of the day".to_owned(),
    };
    let lines = [
        (Line::Span, "Within", span),
        (Line::Part, "Part", part),
        (Line::Urgency, "Urgency", form.urgency.to_string()),
        (Line::Note, "Note", String::new()),
    ];
    let first = if inner.height > 9 { 3 } else { 2 };
    for (index, (line, label, text)) in lines.into_iter().enumerate() {
        let row = line_of(inner, first + u16::try_from(index).unwrap_or(0));
        let is_focused = on_top && form.focus == index;
        let role = if is_focused { Role::Title } else { Role::Text };
        canvas.put(row, row.x, label, role);
        canvas.hit(row, Target::Field(index));
        if line == Line::Note {
            let face = Face {
                is_focused,
                is_masked: false,
                placeholder: "what else there is to say",
                ..Face::default()
            };
            input::draw(canvas, beside(row, LABEL), &form.note, face);
            continue;
        }
        let role = match is_focused {
            true => Role::FieldFocused,
            false => Role::Field,
        };
        let x = canvas.put(row, row.x + LABEL, &text, role);
        if is_focused {
            canvas.cursor(row.x + LABEL, row.y);
            canvas.put(row, x + 2, "Space: another", Role::Dim);
        }
    }
    let rest = below(inner, first + if inner.height > 9 { 5 } else { 4 });
    let key = |name| {
        let command = command::find(name);
        let key = command.and_then(|command| key_now(canvas.model, command));
        key.unwrap_or_default()
    };
    let (said, role) = match (&form.message, canvas.model.link.obstacle()) {
        (Some(message), _) => (message.clone(), Role::Error),
        (None, Some(obstacle)) => (obstacle.to_owned(), Role::Warning),
        (None, None) if form.is_sending() => {
            (format!("saving{}", canvas.glyphs.ellipsis), Role::Dim)
        }
        (None, None) => (
            format!("{} puts them on the list at once.", key("wait.save")),
            Role::Dim,
        ),
    };
    for (row, line) in rest
        .rows()
        .zip(text::wrap(&said, usize::from(rest.width).max(1)))
    {
        canvas.put(row, row.x, &line, role);
    }
}
