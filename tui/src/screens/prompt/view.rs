//! The form of a few words, drawn.

use clinic_shared::desk::appointments::CancelledBy;
use ratatui::layout::Rect;

use super::{Kind, Prompt};
use crate::app::{Model, Target, key_now};
use crate::command;
use crate::dates::Format;
use crate::screens::centred;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, beside, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the names of things.
const LABEL: u16 = 9;

/// Columns that two choices beside each other need; in fewer their words are shorter.
const WIDE: usize = 44;

/// Draws the form in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, prompt: &Prompt, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let width = 62.min(body.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let choices = prompt.choices(room < WIDE);
    let message = match &prompt.message {
        Some(message) => text::wrap(message, room),
        None => Vec::new(),
    };
    let across = 2.min(choices.len().max(1));
    let lines = u16::try_from(choices.len().div_ceil(across)).unwrap_or(0);
    let by = u16::from(matches!(prompt.kind, Kind::Cancel { .. }));
    let told = u16::try_from(message.len()).unwrap_or(0);
    let hints = u16::from(told == 0);
    let area = centred(body, width, 2 + 1 + by + lines + 1 + told + hints);
    canvas.clear(area);
    canvas.hit(area, Target::Layer);
    let inner = canvas.frame(area, prompt.title(), on_top);
    let first = line_of(inner, 0);
    let x = canvas.put(first, first.x, &prompt.who, Role::Title);
    if !prompt.what.is_empty() {
        canvas.put(first, x + 1, &prompt.what, Role::Dim);
    }
    let mut at = 1;
    if let Kind::Cancel { by, .. } = &prompt.kind {
        who(canvas, line_of(inner, at), *by);
        at += 1;
    }
    let half = inner.width / 2;
    for (index, (digit, word, is_chosen)) in choices.iter().enumerate() {
        // Down the first column, then down the second.
        let down = u16::try_from(index).unwrap_or(0);
        let (column, down) = (down / lines.max(1), down % lines.max(1));
        let line = line_of(inner, at + down);
        let cell = Rect {
            x: line.x + column * half,
            width: half.saturating_sub(1),
            ..line
        };
        let role = match is_chosen {
            true => Role::Selected,
            false => Role::Text,
        };
        let sign = if *is_chosen {
            canvas.glyphs.pointer
        } else {
            " "
        };
        let x = canvas.put(cell, cell.x, &format!("{sign}{digit}"), Role::Key);
        canvas.put(cell, x + 1, word, role);
        canvas.hit(cell, Target::Field(index));
    }
    at += lines;
    let row = line_of(inner, at);
    canvas.put(row, row.x, prompt.label(), Role::Title);
    let face = Face {
        is_focused: on_top,
        is_masked: false,
        placeholder: placeholder(&prompt.kind, canvas.model.prefs.dates),
        ..Face::default()
    };
    input::draw(canvas, beside(row, LABEL), &prompt.words, face);
    at += 1;
    for line in &message {
        canvas.put(line_of(inner, at), inner.x, line, Role::Error);
        at += 1;
    }
    if message.is_empty() {
        let text = match prompt.is_sending {
            true => format!("saving{}", canvas.glyphs.ellipsis),
            false => hint(canvas.model, prompt, room),
        };
        canvas.put(line_of(inner, at), inner.x, &text, Role::Dim);
    }
}

fn who(canvas: &mut Canvas<'_>, row: Rect, by: CancelledBy) {
    let x = canvas.put(row, row.x, "By", Role::Text).max(row.x + LABEL);
    let name = match by {
        CancelledBy::Patient => "the patient",
        CancelledBy::Clinic => "the clinic",
    };
    let x = canvas.put(row, x, name, Role::Title);
    if let Some(key) = command::find("prompt.side").and_then(|side| key_now(canvas.model, side)) {
        canvas.put(row, x + 2, &format!("{key}: the other"), Role::Dim);
    }
}

const fn placeholder(kind: &Kind, dates: Format) -> &'static str {
    match kind {
        Kind::Cancel { .. } | Kind::Priority { .. } => "if there is more to say",
        Kind::Room { .. } => "none",
        Kind::Late { .. } => "e.g. 20; 0: on time",
        Kind::Date => dates.days_in_short(),
    }
}

fn hint(model: &Model, prompt: &Prompt, room: usize) -> String {
    let key = |name| command::find(name).and_then(|command| key_now(model, command));
    let send = key("prompt.submit").unwrap_or_default();
    if let Some(day) = prompt.day(model.today(), model.prefs.dates) {
        return format!("{}: {send} goes there.", model.prefs.dates.day(day));
    }
    let chooses = format!("A digit chooses, letters are the note, {send} does it.");
    match prompt.choices(false).is_empty() {
        false if text::width(&chooses) <= room => chooses,
        false => "A digit chooses; letters: the note.".to_owned(),
        true => format!("{send} does it."),
    }
}
