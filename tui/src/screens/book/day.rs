//! When, by a day that is typed: the list then begins there.

use crossterm::event::KeyCode;
use tui_input::Input;

use super::week::Sought;
use super::{Step, slots, top_mut};
use crate::app::Model;
use crate::days;
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

/// Whoever types what is no key here means a day: it begins with that.
pub(crate) fn begin_with(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let KeyCode::Char(first) = chord.code else {
        return Vec::new();
    };
    let is_typed = chord.typed().is_some() && (first.is_alphanumeric() || first == '+');
    if is_typed && let Some(book) = top_mut(model).filter(|book| book.step == Step::When) {
        book.day = Some(Input::new(first.to_string()));
        book.message = None;
    }
    Vec::new()
}

/// Looks from the day that was typed on; what is no day to come says so.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let today = model.today();
    let dates = model.prefs.dates;
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let (first, last) = book.days(today);
    let typed = book.day.as_ref().map_or("", Input::value);
    let day = match days::day(typed, today) {
        Ok(day) if day < today => Err("That day is over.".to_owned()),
        Ok(day) if day < first => Err(format!("They wait from {} on.", dates.day(first))),
        Ok(day) => match last.filter(|last| day > *last) {
            Some(last) => Err(format!("They wait until {}, no longer.", dates.day(last))),
            None => Ok(day),
        },
        Err(error) => Err(error.to_string()),
    };
    match day {
        Ok(day) => {
            book.day = None;
            book.from = day;
            book.sought = Some(Sought {
                date: day,
                starts: String::new(),
                doctor: String::new(),
            });
            slots::ask(model)
        }
        Err(why) => {
            book.message = Some(why);
            Vec::new()
        }
    }
}
