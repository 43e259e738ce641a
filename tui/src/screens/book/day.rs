//! When, by a day that is typed: the list then begins there.

use crossterm::event::KeyCode;
use tui_input::Input;

use super::week::Sought;
use super::{Step, slots, top_mut};
use crate::app::Model;
use crate::days::{self, Timed, When};
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

/// How what is typed is understood, once it can be: `Tue 1 Dec 2026, mornings, from 09:00`.
pub(super) fn understood(model: &Model, typed: &str, is_short: bool) -> Option<String> {
    let dates = model.prefs.dates;
    let Timed { when, from } = days::timed(typed, model.today(), dates).ok()?;
    let When { day, part } = when;
    let day = day.map(|day| match is_short {
        true => dates.short(day),
        false => dates.day(day),
    });
    let part = part.map(|part| format!("{part}s"));
    let from = from.map(|from| format!("from {from}"));
    let said: Vec<String> = [day, part, from].into_iter().flatten().collect();
    Some(said.join(", "))
}

/// Looks from the day that was typed on, at the time that was; what is no day to come says so.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let (today, dates) = (model.today(), model.prefs.dates);
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let (first, last) = book.days(today);
    let typed = book.day.as_ref().map_or("", Input::value);
    let timed = days::timed(typed, today, dates);
    let day = timed.as_ref().ok().and_then(|timed| timed.when.day);
    let timed = match timed {
        Ok(_) if day.is_some_and(|day| day < today) => Err("That day is over.".to_owned()),
        Ok(_) if day.is_some_and(|day| day < first) => {
            Err(format!("They wait from {} on.", dates.day(first)))
        }
        Ok(timed) => match last.filter(|last| day.is_some_and(|day| day > *last)) {
            Some(last) => Err(format!("They wait until {}, no longer.", dates.day(last))),
            None => Ok(timed),
        },
        Err(error) => Err(error.to_string()),
    };
    match timed {
        Ok(Timed { when, from }) => {
            book.day = None;
            book.part = match from {
                // Another part of the day has no such time.
                Some(_) => when.part,
                None => when.part.or(book.part),
            };
            book.from = day.unwrap_or(book.from);
            if day.is_some() || from.is_some() {
                book.sought = Some(Sought {
                    date: book.from,
                    starts: from.unwrap_or_default(),
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
