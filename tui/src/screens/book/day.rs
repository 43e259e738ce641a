//! When, by a day that is typed: the list then begins there.

use crossterm::event::KeyCode;
use tui_input::Input;

use super::week::Sought;
use super::{Step, slots, top_mut};
use crate::app::Model;
use crate::days::{self, When};
use crate::effect::Effect;
use crate::keymap::chord::Chord;

/// Asks for a day.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(book) = top_mut(model).filter(|book| book.step == Step::When) {
        book.day = Some(Input::default());
        book.message = None;
    }
    Vec::new()
}

/// Whoever types what is no key here means a day: it begins with that. Answers whether it does.
pub(crate) fn begin_with(model: &mut Model, chord: Chord) -> bool {
    let KeyCode::Char(first) = chord.code else {
        return false;
    };
    let is_typed = chord.typed().is_some() && (first.is_alphanumeric() || first == '+');
    let book = top_mut(model).filter(|book| book.step == Step::When && is_typed);
    let Some(book) = book else { return false };
    book.day = Some(Input::new(first.to_string()));
    book.message = None;
    true
}

/// How what is typed is understood, once it can be: `Tue 1 Dec 2026, mornings`.
pub(super) fn understood(model: &Model, typed: &str, is_short: bool) -> Option<String> {
    let dates = model.prefs.dates;
    let When { day, part } = days::when(typed, model.today(), dates).ok()?;
    let day = day.map(|day| match is_short {
        true => dates.short(day),
        false => dates.day(day),
    });
    let part = part.map(|part| format!("{part}s"));
    let said: Vec<String> = [day, part].into_iter().flatten().collect();
    Some(said.join(", "))
}

/// Looks from the day that was typed on; what is no day to come says so.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let (today, dates) = (model.today(), model.prefs.dates);
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let (first, last) = book.days(today);
    let typed = book.day.as_ref().map_or("", Input::value);
    let when = match days::when(typed, today, dates) {
        Ok(When { day: Some(day), .. }) if day < today => Err("That day is over.".to_owned()),
        Ok(When { day: Some(day), .. }) if day < first => {
            Err(format!("They wait from {} on.", dates.day(first)))
        }
        Ok(when) => match last.filter(|last| when.day.is_some_and(|day| day > *last)) {
            Some(last) => Err(format!("They wait until {}, no longer.", dates.day(last))),
            None => Ok(when),
        },
        Err(error) => Err(error.to_string()),
    };
    match when {
        Ok(When { day, part }) => {
            book.day = None;
            book.part = part.or(book.part);
            if let Some(day) = day {
                book.from = day;
                book.sought = Some(Sought {
                    date: day,
                    starts: String::new(),
                    doctor: String::new(),
                });
            }
            slots::ask(model)
        }
        Err(why) => {
            book.message = Some(why);
            Vec::new()
        }
    }
}
