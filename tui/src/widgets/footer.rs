//! The last line: what can be done here, from the command table.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Model, Target, key_now};
use crate::command::{Availability, Command, Scope, all};
use crate::text;
use crate::theme::Role;

/// More are not read.
const AT_MOST: usize = 7;

struct Hint {
    key: String,
    command: &'static Command,
}

impl Hint {
    fn width(&self) -> usize {
        text::width(&self.key) + 1 + text::width(self.command.title) + 2
    }
}

/// Draws the footer.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    let model = canvas.model;
    let mut x = area.x.saturating_add(1);
    for Hint { key, command } in hints(model, usize::from(area.width)) {
        let from = x;
        let is_on = (command.available)(model) == Availability::Ok;
        let (key_role, role) = if is_on {
            (Role::Key, Role::Footer)
        } else {
            (Role::Dim, Role::Dim)
        };
        x = canvas.put(area, x, &key, key_role);
        x = canvas.put(area, x + 1, command.title, role);
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

/// The hints that fit, the most useful first, the help always.
fn hints(model: &Model, room: usize) -> Vec<Hint> {
    let scopes = model.scopes();
    let mut hints: Vec<Hint> = all()
        .filter(|command| command.footer > 0 && scopes.contains(&command.scope))
        // What can't be done now has no room here, but for the main thing: that it can't be done
        // is what one wants to know.
        .filter(|command| command.footer == 1 || (command.available)(model) == Availability::Ok)
        .filter_map(|command| {
            Some(Hint {
                key: key_now(model, command)?,
                command,
            })
        })
        .collect();
    hints.sort_by_key(|hint| hint.command.footer);
    let mut titles = Vec::new();
    hints.retain(|hint| {
        let is_new = !titles.contains(&hint.command.title);
        titles.push(hint.command.title);
        is_new
    });
    // At the sign-in the way out matters more than anything but signing in.
    let keeps_quit = scopes.contains(&Scope::SignIn);
    while hints.len() > 1
        && (hints.len() > AT_MOST || hints.iter().map(Hint::width).sum::<usize>() > room)
    {
        let last = hints.len() - 1;
        let is_kept = |hint: &Hint| keeps_quit && hint.command.name == "app.quit";
        let least = (0..last)
            .rev()
            .find(|at| !keeps_quit || (*at > 0 && !hints.get(*at).is_some_and(is_kept)));
        hints.remove(least.unwrap_or(last));
    }
    hints
}
