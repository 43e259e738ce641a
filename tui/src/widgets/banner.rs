//! The line that says the server is away, since when, and when it is asked again.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Link, key_now, seconds};
use crate::command;
use crate::theme::Role;

/// Draws the banner, if there is one.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let Link::Down {
        since,
        next_try,
        why,
        ..
    } = &model.link
    else {
        return;
    };
    if area.is_empty() {
        return;
    }
    let sign = canvas.glyphs.warning;
    let since = since.format("%H:%M");
    let next = match next_try {
        Some(at) => format!("next try in {} s", seconds(*at, model.now)),
        None => "trying again".to_owned(),
    };
    let key = command::find("app.reload").and_then(|reload| key_now(model, reload));
    let now = match key {
        Some(key) if next_try.is_some() => format!(" ({key}: now)"),
        _ => String::new(),
    };
    let long = format!(
        "{sign} No answer from the server since {since} ({why}); {next}{now}. What you see may be old."
    );
    let short = format!("{sign} Server away since {since}; {next}{now}.");
    let shortest = format!("{sign} Server away; {next}.");
    let fits = |text: &&String| crate::text::width(text) + 2 <= usize::from(area.width);
    let text = [&long, &short].into_iter().find(fits).unwrap_or(&shortest);
    canvas.put(area, area.x + 1, text, Role::Warning);
}
