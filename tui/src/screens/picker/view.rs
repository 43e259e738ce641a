//! The palette and the help, drawn.

use ratatui::layout::Rect;

use super::{Picker, Purpose};
use crate::app::{Model, Target, key_beneath, keys_beneath};
use crate::command::{Availability, Command};
use crate::screens::centred;
use crate::text;
use crate::theme::Role;
use crate::widgets::canvas::{Canvas, below, line_of};
use crate::widgets::input::{self, Face};

/// Columns of the titles, and no more than so many if some are longer.
const TITLE: u16 = 18;
const TITLE_AT_MOST: u16 = 26;

enum Line {
    Heading(&'static str),
    Entry(usize, &'static Command),
}

/// Draws the list over the middle of `body`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, body: Rect, picker: &Picker) {
    let model = canvas.model;
    canvas.hit(body, Target::Outside);
    let lines = lines(picker);
    let height = match picker.purpose {
        Purpose::Help => body.height,
        // As high for one match as for all: a box that jumps while one types is hard to read.
        Purpose::Palette => body.height.min(20),
    };
    let area = centred(body, body.width.min(92), height);
    canvas.hit(area, Target::Layer);
    let title = match picker.purpose {
        Purpose::Palette => "Commands",
        Purpose::Help => "Help",
    };
    let inner = canvas.frame(area, title, true);
    let placeholder = "type to search";
    input::draw(
        canvas,
        line_of(inner, 0),
        &picker.input,
        Face {
            is_focused: true,
            placeholder,
            ..Face::default()
        },
    );
    let list = below(inner, if inner.height > 4 { 2 } else { 1 });
    if lines.is_empty() {
        canvas.put(list, list.x, "No command fits these words.", Role::Dim);
        return;
    }
    let list = explain(canvas, list, picker);
    let height = usize::from(list.height).max(1);
    let is_cursor = |line: &Line| matches!(line, Line::Entry(index, _) if *index == picker.cursor);
    let at = lines.iter().position(is_cursor).unwrap_or(0);
    let top = (at + 1).saturating_sub(height.max(3) - height.min(3) / 2);
    let top = top.min(lines.len().saturating_sub(height)).min(at);
    let widths = Widths {
        keys: keys_width(model, picker, &lines),
        titles: titles_width(picker, &lines),
    };
    for (row, line) in list.rows().zip(lines.iter().skip(top)) {
        match line {
            Line::Heading(title) => {
                canvas.put(row, row.x, title, Role::Title);
            }
            Line::Entry(index, command) => {
                canvas.hit(row, Target::Entry(*index));
                entry(
                    canvas,
                    row,
                    picker,
                    command,
                    widths,
                    *index == picker.cursor,
                );
            }
        }
    }
}

/// Writes the whole explanation of the selected command to the end of `list`; answers what is
/// left. The room is the same for every command: a list that jumps is hard to read.
fn explain(canvas: &mut Canvas<'_>, list: Rect, picker: &Picker) -> Rect {
    let room = usize::from(list.width).max(1);
    let explained = |command: &Command| match picker.availability(canvas.model, command) {
        Availability::Ok => text::wrap(command.doc, room),
        Availability::Disabled(why) => text::wrap(&format!("{} {why}", command.doc), room),
    };
    let entries = picker.entries();
    let longest = entries.iter().map(|command| explained(command).len()).max();
    let lines = u16::try_from(longest.unwrap_or(0)).unwrap_or(u16::MAX);
    // On a small screen the list has the greater part.
    let lines = lines.min((list.height / 3).max(2));
    if list.height < lines.saturating_add(4) {
        return list;
    }
    let left = Rect {
        height: list.height - lines - 1,
        ..list
    };
    if let Some(command) = entries.get(picker.cursor) {
        let mut said = explained(command);
        let rest = said.split_off(usize::from(lines).min(said.len()));
        if let (Some(last), false) = (said.last_mut(), rest.is_empty()) {
            // What follows is cut from its end, and says so.
            *last = format!("{last} {}", rest.join(" "));
        }
        for (at, line) in (left.height + 1..).zip(said) {
            canvas.put(line_of(list, at), list.x, &line, Role::Text);
        }
    }
    left
}

/// The command's title, with its place where another one in the list has the same.
fn title_of(picker: &Picker, command: &Command, among: &[&Command]) -> String {
    let same = among.iter().filter(|other| other.title == command.title);
    if picker.purpose == Purpose::Palette && same.count() > 1 {
        format!(
            "{} ({})",
            command.title,
            command.scope.title().to_lowercase()
        )
    } else {
        command.title.to_owned()
    }
}

fn titles_width(picker: &Picker, lines: &[Line]) -> u16 {
    let among = picker.entries();
    let widest = lines.iter().map(|line| match line {
        Line::Heading(_) => 0,
        Line::Entry(_, command) => text::width(&title_of(picker, command, &among)) + 2,
    });
    u16::try_from(widest.max().unwrap_or(0))
        .unwrap_or(u16::MAX)
        .clamp(TITLE, TITLE_AT_MOST)
}

/// Columns of a list's parts.
#[derive(Clone, Copy)]
struct Widths {
    keys: u16,
    titles: u16,
}

/// The matches; where nothing is typed into the help, each place has its heading.
fn lines(picker: &Picker) -> Vec<Line> {
    let with_headings = picker.purpose == Purpose::Help && picker.input.value().trim().is_empty();
    let mut lines = Vec::new();
    let mut scope = None;
    for (index, command) in picker.entries().into_iter().enumerate() {
        if with_headings && scope != Some(command.scope) {
            scope = Some(command.scope);
            lines.push(Line::Heading(command.scope.title()));
        }
        lines.push(Line::Entry(index, command));
    }
    lines
}

fn keys_of(model: &Model, picker: &Picker, command: &'static Command) -> String {
    match picker.purpose {
        Purpose::Palette => key_beneath(model, command).unwrap_or_default(),
        Purpose::Help => keys_beneath(model, command).join(", "),
    }
}

fn keys_width(model: &Model, picker: &Picker, lines: &[Line]) -> u16 {
    let widest = lines.iter().map(|line| match line {
        Line::Heading(_) => 0,
        Line::Entry(_, command) => text::width(&keys_of(model, picker, command)),
    });
    u16::try_from(widest.max().unwrap_or(0))
        .unwrap_or(u16::MAX)
        .min(20)
}

fn entry(
    canvas: &mut Canvas<'_>,
    row: Rect,
    picker: &Picker,
    command: &'static Command,
    widths: Widths,
    is_selected: bool,
) {
    let model = canvas.model;
    let unavailable = match picker.availability(model, command) {
        Availability::Ok => None,
        Availability::Disabled(why) => Some(why),
    };
    let (key_role, role, doc_role) = match (is_selected, unavailable.is_some()) {
        (true, _) => (Role::Selected, Role::Selected, Role::Selected),
        (false, true) => (Role::Dim, Role::Dim, Role::Dim),
        (false, false) => (Role::Key, Role::Text, Role::Dim),
    };
    if is_selected {
        canvas.paint(row, Role::Selected);
        canvas.put(row, row.x, canvas.glyphs.pointer, role);
    }
    let keys = keys_of(model, picker, command);
    let x = row.x + 2;
    canvas.put(
        Rect {
            width: (widths.keys + 2).min(row.width),
            ..row
        },
        x,
        &keys,
        key_role,
    );
    let x = x + widths.keys + 2;
    canvas.put(row, x, &title_of(picker, command, &picker.entries()), role);
    let doc = match &unavailable {
        Some(why) => format!("{} ({why})", command.doc),
        None => command.doc.to_owned(),
    };
    if row.right().saturating_sub(x) > widths.titles + 12 {
        canvas.put(row, x + widths.titles, &doc, doc_role);
    }
}
