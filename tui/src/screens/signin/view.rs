//! The sign-in, drawn.

use ratatui::layout::Rect;

use super::{Part, SignIn, is_busy};
use crate::app::{Session, Target};
use crate::effect::Slot;
use crate::screens::centred;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the field names.
const LABEL: u16 = 10;

/// Draws the sign-in in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, signin: &SignIn, on_top: bool) {
    let model = canvas.model;
    let is_over = matches!(model.session, Session::Ended(_));
    if !is_over {
        canvas.clear(body);
    }
    canvas.hit(body, Target::Outside);
    let width = 60.min(body.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let is_waiting = is_busy(model) && model.flights.is_slow(Slot::Session, model.now);
    let (message, role) = match (&signin.message, is_waiting) {
        (_, true) => (format!("Signing in{}", canvas.glyphs.ellipsis), Role::Dim),
        (Some(message), _) if signin.is_error => (message.clone(), Role::Error),
        (Some(message), _) => (message.clone(), Role::Warning),
        (None, _) => (String::new(), Role::Text),
    };
    let mut lines: Vec<(String, Role)> = Vec::new();
    if !message.is_empty() {
        lines.extend(
            text::wrap(&message, room)
                .into_iter()
                .map(|line| (line, role)),
        );
    }
    // Whatever went wrong before: who can be tried here stays on the screen.
    if let Some(hint) = &model.demo {
        lines.extend(
            text::wrap(hint, room)
                .into_iter()
                .map(|line| (line, Role::Dim)),
        );
    }
    let height = u16::try_from(lines.len().max(2)).unwrap_or(2) + 6;
    let area = centred(body, width, height);
    canvas.hit(area, Target::Layer);
    let title = match model.session {
        Session::Ended(_) => "Sign in again",
        Session::Locked(_) => "Locked",
        _ => "Sign in",
    };
    let inner = canvas.frame(area, title, on_top);
    for (at, part) in (0u16..).zip(Part::ALL) {
        let row = line_of(inner, at);
        let is_focused = on_top && signin.focus == part;
        let role = if is_focused { Role::Title } else { Role::Text };
        canvas.put(row, row.x, part.label(), role);
        let face = Face {
            is_focused,
            is_masked: part == Part::Password,
            placeholder: match part {
                Part::Server => "http://127.0.0.1:8000",
                Part::User => "user name or e-mail",
                Part::Password => "",
            },
            ..Face::default()
        };
        input::draw(canvas, beside(row, LABEL), signin.input(part), face);
        canvas.hit(row, Target::Field(usize::from(at)));
    }
    for (at, (line, role)) in (4u16..).zip(&lines) {
        canvas.put(line_of(inner, at), inner.x, line, *role);
    }
}
