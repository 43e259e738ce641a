//! The line that says the server is away, since when, and when it is asked again.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Link, key_now, seconds};
use crate::command;
use crate::screens::deeds;
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
    let unknown = match deeds::doubted(model) {
        Some(deed) => format!("Not known whether it was done: {deed}."),
        None => "What you see may be old.".to_owned(),
    };
    let doubted = deeds::doubted(model)
        .map(|deed| format!("{sign} Server away: {deed} not known; {next}."))
        .unwrap_or_default();
    let long =
        format!("{sign} No answer from the server since {since} ({why}); {next}{now}. {unknown}");
    let short = format!("{sign} Server away since {since}; {next}{now}.");
    let shortest = format!("{sign} Server away; {next}.");
    let fits = |text: &&String| crate::text::width(text) + 2 <= usize::from(area.width);
    // What is not known matters more than since when.
    let choices: &[&String] = match doubted.is_empty() {
        true => &[&long, &short],
        false => &[&long, &doubted],
    };
    let text = choices.iter().copied().find(fits).unwrap_or(&shortest);
    canvas.put(area, area.x + 1, text, Role::Warning);
}
