//! Weekly hours in words, and the list of them.

use chrono::NaiveDate;
use clinic_shared::desk::doctors::{AvailableTime, DoctorWindow};

use super::{Whose, others};
use crate::app::{Link, Model};
use crate::hours;
use crate::screens::list::view::key;
use crate::screens::pane::{Row, Sheet};
use crate::text;
use crate::theme::Role;

/// `Mon–Fri 09:00–12:30, slots of 30 min, from 1 Jan 2026`.
pub(super) fn said(model: &Model, window: &AvailableTime) -> String {
    hours::spelled_out(window, model.glyphs.dash, model.prefs.dates)
}

/// How many appointments, of whom, stay where they are.
pub(super) fn booked(count: i64, of: &str) -> String {
    match count {
        0 => format!("No appointment{of} is booked in it from now on."),
        1 => format!("1 appointment{of} is booked in it from now on and stays."),
        count => format!("{count} appointments{of} are booked in it from now on and stay."),
    }
}

/// The columns of a line, of which the last one is cut where there is no room.
fn columns(model: &Model, whose: &Whose, one: &DoctorWindow) -> [String; 4] {
    let window = &one.window;
    let dash = model.glyphs.dash;
    let time = hours::clock(window, dash).unwrap_or_else(|| window.name.clone());
    let slots = match (window.slot_minutes, &window.starts) {
        (Some(minutes), _) => format!("{minutes} min"),
        (None, Some(_)) => "one slot".to_owned(),
        (None, None) => "no clock".to_owned(),
    };
    let date = |date| model.prefs.dates.date(date);
    let (first, last) = (window.valid_from, window.valid_to);
    let one_day = only_day(window);
    let days = match one_day {
        Some(day) => model.prefs.dates.short(day),
        None => hours::weekdays(&window.weekdays, dash),
    };
    let valid = match (first, last) {
        _ if one_day.is_some() => "extra hours".to_owned(),
        (None, None) => String::new(),
        (Some(first), None) => format!("from {}", date(first)),
        (None, Some(last)) => format!("until {}", date(last)),
        (Some(first), Some(last)) => format!("{} {dash} {}", date(first), date(last)),
    };
    let others = others(one, whose.doctor);
    let shared = match others.is_empty() {
        true => String::new(),
        false => format!("with {}", others.join(", ")),
    };
    let rest = [valid, shared].into_iter().filter(|text| !text.is_empty());
    [days, time, slots, rest.collect::<Vec<_>>().join(", ")]
}

/// The only day of a window that is offered on one: extra hours.
pub(super) fn only_day(window: &AvailableTime) -> Option<NaiveDate> {
    let first = window.valid_from;
    first.filter(|first| window.valid_to == Some(*first))
}

/// Whether a window is over.
pub(super) fn is_over(model: &Model, window: &AvailableTime) -> bool {
    window.valid_to.is_some_and(|last| last < model.today())
}

/// Whether a window is over, or still to come.
fn is_aside(model: &Model, window: &AvailableTime) -> bool {
    let is_to_come = window.valid_from.is_some_and(|first| first > model.today());
    is_to_come || is_over(model, window)
}

/// The list of a doctor's hours.
pub(crate) fn sheet(model: &Model, whose: &Whose, cursor: usize, width: usize) -> Sheet {
    let windows = model.windows.of(whose.doctor);
    let ellipsis = model.glyphs.ellipsis;
    let lines: Vec<_> = windows.into_iter().flatten().collect();
    let parts: Vec<_> = lines.iter().map(|one| columns(model, whose, one)).collect();
    let widest = |at: usize| {
        let column = parts.iter().filter_map(|parts| parts.get(at));
        column.map(|text| text::width(text)).max().unwrap_or(0)
    };
    let (days, time) = match width < 60 {
        true => (widest(0).min(12), widest(1).min(12)),
        false => (widest(0).min(22), widest(1).min(22)),
    };
    let rows = lines
        .iter()
        .zip(&parts)
        .map(|(one, [on, at, slots, rest])| {
            let (on, at) = (text::fit(on, days, ellipsis), text::fit(at, time, ellipsis));
            Row {
                text: format!("{on}  {at}  {slots:<8}  {rest}")
                    .trim_end()
                    .to_owned(),
                role: match is_aside(model, &one.window) {
                    true => Role::Dim,
                    false => Role::Text,
                },
            }
        });
    let enters = key(model, "windows.new");
    let nothing = match (windows, &model.windows.error) {
        (None, Some(error)) => vec![
            error.clone(),
            format!("{} asks again.", key(model, "app.reload")),
        ],
        (None, None) if model.link != Link::Up => {
            vec!["The server does not answer. The list comes as soon as it does.".to_owned()]
        }
        (None, None) => vec![format!("Loading{ellipsis}")],
        (Some(_), _) => vec![
            format!(
                "{} has no weekly hours: only extra hours can be booked.",
                whose.name
            ),
            format!("{enters} enters some."),
        ],
    };
    Sheet {
        title: format!("Hours of {}", whose.name),
        above: Vec::new(),
        rows: rows.collect(),
        nothing,
        below: lines
            .get(cursor.min(lines.len().saturating_sub(1)))
            .map_or_else(Vec::new, |one| about(model, whose, one)),
        is_text: false,
    }
}

/// About the selected hours: all of it in words, who shares them, what is booked.
fn about(model: &Model, whose: &Whose, one: &DoctorWindow) -> Vec<(String, Role)> {
    let window = &one.window;
    let said = said(model, window);
    let plain = |text: &str| text.replace(' ', "").replace(['–', '—'], "-");
    let is_named = !plain(&said).contains(&plain(&window.name));
    let mut below = vec![match is_named {
        true => format!("{}: {said}", window.name),
        false => said,
    }];
    let others = others(one, whose.doctor);
    below.push(match (others.is_empty(), one.booked_by_all) {
        (_, 0) => "No appointment is booked in it from now on.".to_owned(),
        (true, 1) => "1 appointment is booked in it from now on.".to_owned(),
        (true, count) => format!("{count} appointments are booked in it from now on."),
        (false, all) => format!(
            "Booked in it from now on: {} of {}, {all} of all who share it.",
            one.booked, whose.name
        ),
    });
    if !others.is_empty() {
        below.push(format!("Shared with {}.", others.join(", ")));
    }
    below.into_iter().map(|text| (text, Role::Dim)).collect()
}
