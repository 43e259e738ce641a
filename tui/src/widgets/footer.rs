//! The last line: what can be done here, from the command table.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Model, Target, key_on_top};
use crate::command::{Availability, Command, Scope, all};
use crate::screens::here;
use crate::text;
use crate::theme::Role;

/// More are not read.
const AT_MOST: usize = 7;

/// From this width on what can be done with the selected row stands apart from the rest: that
/// stays where it is when the selection moves.
const APART: u16 = 70;
/// Columns for what can be done with the row.
const FOR_ROW: usize = 42;
/// How much of the rest is shown beside it, and on a wide screen.
const REST: usize = 4;
const REST_WIDE: usize = 5;
/// From this width on a screen is a wide one.
const WIDE: u16 = 120;

/// From this place on a step is none that the day's work is made of.
const ASIDE: u8 = 7;

/// What is done with who is to come, or waits.
const TO_COME: [&str; 3] = ["today.check_in", "today.start", "today.call_in"];

struct Hint {
    key: String,
    title: &'static str,
    command: &'static Command,
}

impl Hint {
    fn width(&self) -> usize {
        text::width(&self.key) + 1 + text::width(self.title) + 2
    }

    fn is_about_row(&self) -> bool {
        is_row_scope(&self.command.scope)
    }
}

/// Draws the footer.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let hints = hints(model);
    let has_row = model.scopes().iter().any(is_row_scope);
    let x = area.x.saturating_add(1);
    if !has_row || area.width < APART {
        let shown = fitting(model, hints, usize::from(area.width), AT_MOST);
        put(canvas, area, x, shown);
        return;
    }
    let (mut row, rest): (Vec<Hint>, _) = hints.into_iter().partition(Hint::is_about_row);
    let room = usize::from(area.width);
    let at_most = match area.width < WIDE {
        true => REST,
        false => REST_WIDE,
    };
    let rest = fitting(model, rest, room, at_most);
    let wide = rest.iter().map(Hint::width).sum::<usize>();
    let begins = FOR_ROW.min(room.saturating_sub(wide));
    row.truncate(AT_MOST - rest.len());
    while row.iter().map(Hint::width).sum::<usize>() > begins {
        row.pop();
    }
    put(canvas, area, x, row);
    let begins = u16::try_from(begins).unwrap_or(0);
    put(canvas, area, x + begins, rest);
}

fn put(canvas: &mut Canvas<'_>, area: Rect, mut x: u16, hints: Vec<Hint>) {
    let model = canvas.model;
    for Hint {
        key,
        title,
        command,
    } in hints
    {
        let from = x;
        let is_on = (command.available)(model) == Availability::Ok;
        let (key_role, role) = if is_on {
            (Role::Key, Role::Footer)
        } else {
            (Role::Dim, Role::Dim)
        };
        x = canvas.put(area, x, &key, key_role);
        x = canvas.put(area, x + 1, title, role);
        let width = x.saturating_sub(from);
        canvas.hit(
            Rect {
                x: from,
                width,
                ..area
            },
            Target::Command(command),
        );
        x += 2;
    }
}

/// Whether a command has a place here: what can be begun anywhere is named where one would.
fn is_named(command: &Command, scopes: &[Scope]) -> bool {
    let places: &[Scope] = match command.name {
        "app.walk_in" => &[Scope::Today, Scope::Queue],
        "app.book" => &[
            Scope::Today,
            Scope::Queue,
            Scope::Patients,
            Scope::Patient,
            Scope::Doctors,
            Scope::Doctor,
        ],
        // It is open.
        "app.palette" => return !scopes.contains(&Scope::Picker),
        _ => return true,
    };
    scopes.iter().any(|scope| places.contains(scope))
}

/// Whether the keys of a scope are about the selected row.
const fn is_row_scope(scope: &Scope) -> bool {
    matches!(scope, Scope::Deeds | Scope::Inbox | Scope::Ruling)
}

/// At the sign-in the way out matters more than anything but signing in.
fn is_signing_in(model: &Model) -> bool {
    model.scopes().contains(&Scope::SignIn)
}

/// What may be shown, the most useful first.
fn hints(model: &Model) -> Vec<Hint> {
    let scopes = model.scopes();
    let mut hints: Vec<Hint> = all()
        .filter(|command| command.footer > 0 && scopes.contains(&command.scope))
        .filter(|command| is_named(command, &scopes))
        // What can't be done now has no room here, but for the main thing: that it can't be done
        // is what one wants to know.
        .filter(|command| command.footer == 1 || (command.available)(model) == Availability::Ok)
        .filter_map(|command| {
            Some(Hint {
                key: key_on_top(model, command)?,
                title: title(model, command),
                command,
            })
        })
        .collect();
    let is_on = |hint: &Hint| (hint.command.available)(model) == Availability::Ok;
    // Of the main things that can't be done, the one of the innermost place says so.
    let inner = |hint: &Hint| scopes.iter().position(|scope| *scope == hint.command.scope);
    let off = hints.iter().filter(|hint| !is_on(hint)).filter_map(inner);
    let innermost = off.min();
    hints.retain(|hint| is_on(hint) || inner(hint) == innermost);
    // What can't be done with the row is of no use there.
    hints.retain(|hint| !hint.is_about_row() || is_on(hint));
    // Of a day that is over somebody may still be noted; it is not what one would do next.
    let is_over = here::day(model) < model.today();
    hints.retain(|hint| !is_over || !TO_COME.contains(&hint.command.name));
    // The next step is what one looks for; moving and cancelling stand where there is none.
    let is_step = |hint: &Hint| hint.is_about_row() && hint.command.footer < ASIDE;
    let has_step = hints.iter().any(is_step);
    hints.retain(|hint| !has_step || !hint.is_about_row() || is_step(hint));
    hints.sort_by_key(|hint| hint.command.footer);
    let mut titles = Vec::new();
    hints.retain(|hint| {
        let is_new = !titles.contains(&hint.title);
        titles.push(hint.title);
        is_new
    });
    hints
}

/// What a command is called here: what it does now, else its title, a short one where there is
/// little room.
fn title(model: &Model, command: &Command) -> &'static str {
    let usual = match model.size.width < APART && !command.short.is_empty() {
        true => command.short,
        false => command.title,
    };
    (command.label)(model).unwrap_or(usual)
}

/// The hints that fit, the most useful first, the help always. Where there is little room, what
/// can't be done now has none.
fn fitting(model: &Model, hints: Vec<Hint>, room: usize, at_most: usize) -> Vec<Hint> {
    let keeps_quit = is_signing_in(model);
    let is_kept = |hint: &Hint| {
        let name = hint.command.name;
        name == "app.help" || keeps_quit && name == "app.quit"
    };
    let is_narrow = model.size.width < APART;
    let is_off = |hint: &Hint| is_narrow && (hint.command.available)(model) != Availability::Ok;
    let kept = hints.iter().filter(|hint| is_kept(hint));
    let mut left = room.saturating_sub(kept.map(Hint::width).sum());
    let mut places = at_most.saturating_sub(hints.iter().filter(|hint| is_kept(hint)).count());
    let mut order: Vec<usize> = (0..hints.len()).collect();
    order.sort_by_key(|at| hints.get(*at).is_some_and(is_off));
    let mut shown = vec![false; hints.len()];
    for at in order {
        let (Some(hint), Some(is_shown)) = (hints.get(at), shown.get_mut(at)) else {
            continue;
        };
        *is_shown = is_kept(hint);
        if !*is_shown && places > 0 && hint.width() <= left {
            left -= hint.width();
            places -= 1;
            *is_shown = true;
        }
    }
    let shown = hints.into_iter().zip(shown);
    let shown = shown.filter_map(|(hint, is_shown)| is_shown.then_some(hint));
    shown.collect()
}
