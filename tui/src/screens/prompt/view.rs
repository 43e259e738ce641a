//! The form of a few words, drawn.

use clinic_shared::desk::appointments::CancelledBy;
use ratatui::layout::Rect;

use super::{Focus, Kind, Prompt};
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

/// Columns before a choice's word: the sign, the digit, a space.
const DIGIT: u16 = 3;

/// Draws the form in the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, prompt: &Prompt, on_top: bool) {
    canvas.hit(body, Target::Outside);
    let width = 62.min(body.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let choices = prompt.choices();
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
        who(canvas, line_of(inner, at), *by, prompt.focus == Focus::Side);
        at += 1;
    }
    let first = first_column(&choices, usize::from(lines), inner.width);
    for (index, (digit, word, is_chosen)) in choices.iter().enumerate() {
        // Down the first column, then down the second.
        let down = u16::try_from(index).unwrap_or(0);
        let (column, down) = (down / lines.max(1), down % lines.max(1));
        let line = line_of(inner, at + down);
        let cell = match column {
            0 => Rect {
                width: first,
                ..line
            },
            _ => beside(line, first + 1),
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
        is_focused: on_top && prompt.focus == Focus::Words,
        is_masked: false,
        is_chosen: prompt.is_old,
        placeholder: placeholder(&prompt.kind, canvas.model.prefs.dates),
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

/// How wide the first of the two columns of choices is: as its words need it, if the second has
/// room for its own; else each gives up as much.
fn first_column(choices: &[(char, &'static str, bool)], lines: usize, width: u16) -> u16 {
    let needs = |some: &[(char, &'static str, bool)]| {
        let widths = some.iter().map(|(_, word, _)| text::width(word));
        DIGIT + u16::try_from(widths.max().unwrap_or(0)).unwrap_or(0)
    };
    let (first, second) = choices.split_at(lines.min(choices.len()));
    if second.is_empty() {
        return width;
    }
    let (first, second) = (needs(first), needs(second));
    let half = width / 2;
    let missing = (first + 1 + second).saturating_sub(width);
    match missing {
        0 => half.max(first + 1).saturating_sub(1),
        _ => first.saturating_sub(missing.div_ceil(2)),
    }
}

fn who(canvas: &mut Canvas<'_>, row: Rect, by: CancelledBy, is_focused: bool) {
    let x = canvas.put(row, row.x, "By", Role::Text).max(row.x + LABEL);
    let name = match by {
        CancelledBy::Patient => "the patient",
        CancelledBy::Clinic => "the clinic",
    };
    if !is_focused {
        canvas.put(row, x, name, Role::Title);
        return;
    }
    let pointer = canvas.glyphs.pointer;
    let x = canvas.put(row, x, &format!("{pointer}{name}"), Role::Selected);
    canvas.put(row, x + 2, "Space: the other", Role::Dim);
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
    match (prompt.focus, prompt.choices().is_empty()) {
        (_, true) => format!("{send} does it."),
        (Focus::Choices, _) => {
            let note = key("prompt.next").unwrap_or_default();
            let whole = format!("A digit chooses; letters, or {note}: the note. {send} does it.");
            match text::width(&whole) <= room {
                true => whole,
                false => format!("A digit chooses; {note}: the note."),
            }
        }
        (Focus::Words, _) => {
            let whole = format!("Digits are text here. {send} does it.");
            match text::width(&whole) <= room {
                true => whole,
                false => format!("{send} does it."),
            }
        }
        (Focus::Side, _) => format!("Space: the other; {send} does it."),
    }
}
