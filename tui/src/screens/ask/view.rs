//! The form of a few lines, drawn.

use ratatui::layout::Rect;

use super::{Ask, Kind, is_busy};
use crate::app::Target;
use crate::screens::centred;
use crate::screens::windows;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the field names.
const LABEL: u16 = 14;

/// Draws the form in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, ask: &Ask, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let width = 64.min(body.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let (message, role) = match &ask.message {
        _ if is_busy(canvas.model) => (format!("Asking{}", canvas.glyphs.ellipsis), Role::Dim),
        Some(message) if ask.is_error => (message.clone(), Role::Error),
        Some(message) => (message.clone(), Role::Dim),
        None => (String::new(), Role::Dim),
    };
    let hint = match &ask.kind {
        Kind::Away(form) => form.hint(ask, canvas.model),
        Kind::Windows(_) => windows::form::Form::hint(ask, canvas.model),
        _ => None,
    };
    let mut lines: Vec<(String, Role)> = Vec::new();
    for field in &ask.fields {
        if let Some(error) = &field.error {
            let wrapped = text::wrap(&format!("{}: {error}", field.label), room);
            lines.extend(wrapped.into_iter().map(|line| (line, Role::Error)));
        }
    }
    // What stands on its field already is not said twice.
    let is_said = |text: &String| {
        let mut errors = ask.fields.iter().filter_map(|field| field.error.as_ref());
        errors.any(|error| error == text)
    };
    let hint = hint.filter(|hint| !is_said(hint));
    let hint = hint.map(|hint| (hint, Role::Title));
    let message = Some((message, role)).filter(|(message, _)| !message.is_empty());
    let message = message.filter(|(message, _)| !is_said(message));
    // What went wrong is read before how it is understood, where there is no room for both.
    let texts = match ask.is_error {
        true => [message, hint],
        false => [hint, message],
    };
    for (text, role) in texts.into_iter().flatten() {
        let wrapped = text::wrap(&text, room);
        lines.extend(wrapped.into_iter().map(|line| (line, role)));
    }
    let fields = u16::try_from(ask.fields.len()).unwrap_or(1);
    let height = u16::try_from(lines.len().max(2)).unwrap_or(2) + fields + 3;
    let area = centred(body, width, height);
    canvas.clear(area);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, ask.kind.title(), on_top);
    for (at, field) in (0u16..).zip(&ask.fields) {
        let row = line_of(inner, at);
        let is_focused = on_top && ask.focus == usize::from(at);
        let role = match (is_focused, field.error.is_some()) {
            (_, true) => Role::Error,
            (true, _) => Role::Title,
            _ => Role::Text,
        };
        canvas.put(row, row.x, field.label, role);
        let is_choice = !field.choices.is_empty();
        let face = Face {
            is_focused: is_focused && !is_choice,
            is_masked: field.is_masked,
            placeholder: &field.placeholder,
            ..Face::default()
        };
        input::draw(canvas, beside(row, LABEL), &field.text.0, face);
        if is_choice && is_focused {
            canvas.put_right(row, "Space: another", Role::Dim);
        }
        if field.is_days && is_focused && !field.value().is_empty() {
            canvas.put_right(row, "1-7: on, off", Role::Dim);
        }
        canvas.hit(row, Target::Field(usize::from(at)));
    }
    for (at, (line, role)) in (fields + 1..).zip(&lines) {
        canvas.put(line_of(inner, at), inner.x, line, *role);
    }
}
