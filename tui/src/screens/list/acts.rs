//! What can be done with a list, whatever its rows are.

use std::marker::PhantomData;
use std::time::Duration;

use chrono::TimeDelta;
use clinic_shared::client::Error;
use clinic_shared::v1::events::EventKind;

use super::{Listed, Rows, is_current, list_areas, shows};
use crate::app::{Link, Model, Session, Tone};
use crate::clock::Now;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::screens::areas;
use crate::widgets::canvas::Canvas;

/// Rows above the one that a list begins with.
const BEFORE: usize = 2;

/// How long a change is marked.
pub(crate) const FRESH: TimeDelta = TimeDelta::seconds(2);

/// Rows are read again so long after something happened: one's own deed and the word of it, or a
/// burst of events, are one reading.
const TOGETHER: Duration = Duration::from_millis(100);

/// What can be done with the list of a place, whatever its rows are.
pub(crate) trait Acts {
    /// Asks what stands on the screen, unless something newer is asked within `after`.
    fn ask(&self, model: &mut Model, after: Duration) -> Vec<Effect>;
    /// Takes in a first page.
    fn landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect>;
    /// Takes in a further page.
    fn more_landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>);
    /// What makes the rows old.
    fn kinds(&self) -> &'static [EventKind];
    /// Asks again for the rows that are on the screen, in silence.
    fn renew(&self, model: &mut Model) -> Vec<Effect>;
    /// Takes them in.
    fn renewed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>);
    /// When the mark of a changed row goes.
    fn next_wake(&self, model: &Model) -> Option<Now>;
    /// Takes the marks off what has changed a while ago.
    fn expire(&self, model: &mut Model);
    /// Keeps the selection on the screen, and asks for more rows before they are needed.
    fn settle(&self, model: &mut Model) -> Vec<Effect>;
    /// Opens the selected row; while the answer to a search is under way and nothing was selected
    /// meanwhile, the row that will come first. A row that does not belong to what stands on the
    /// screen is never opened, nor another one than the selected one.
    fn enter(&self, model: &mut Model) -> Vec<Effect>;
    /// Opens the selected row's record.
    fn open(&self, model: &mut Model) -> Vec<Effect>;
    /// Moves the selection by so many rows; answers whether it moved.
    fn step(&self, model: &mut Model, rows: isize) -> bool;
    /// The selected row, if there is one.
    fn cursor(&self, model: &Model) -> Option<usize>;
    /// Selects a row, if there is one so far down.
    fn select(&self, model: &mut Model, index: usize);
    /// Whether the rows answer what stands on the screen.
    fn is_current(&self, model: &Model) -> bool;
    /// Waits no longer for an answer that takes long; none: none does.
    fn stop(&self, model: &mut Model) -> Option<Vec<Effect>>;
    /// Forgets that Enter waits for the answer: what is asked has changed since.
    fn forget_enter(&self, model: &mut Model);
    /// Draws the screen; `on_top` says whether nothing lies over it.
    fn draw(&self, canvas: &mut Canvas<'_>, on_top: bool);
}

/// The list of these rows.
pub(crate) struct Of<T>(pub(crate) PhantomData<T>);

impl<T: Listed> Acts for Of<T> {
    fn ask(&self, model: &mut Model, after: Duration) -> Vec<Effect> {
        let call = T::call(T::wanted(model), None);
        if !model.session.is_in() {
            // Asked once somebody is signed in.
            model.missed.insert(Slot::List, call);
            return Vec::new();
        }
        T::rows_mut(model).is_stopped = false;
        let mut effects = model.abandon(Slot::More);
        effects.push(model.call_after(Slot::List, call, after));
        effects
    }

    fn landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
        let Some(query) = T::asked(call) else {
            return Vec::new();
        };
        let is_free = model.layers.is_empty();
        let result = result.map(|reply| T::arrived(T::seen(model, reply)));
        let rows = T::rows_mut(model);
        let open = std::mem::take(&mut rows.open_on_arrival);
        match result {
            Ok(Some(page)) => {
                let is_other = rows.query.as_ref() != Some(&query) && !rows.keeps;
                rows.take(query, page);
                if is_other && !T::KEEPS {
                    let first = T::first(model, &T::rows(model).rows);
                    self.select(model, first);
                    // What comes after it is in sight, and a little of what was before.
                    T::rows_mut(model).top = first.saturating_sub(BEFORE);
                }
                if open && is_free {
                    return match T::rows(model).rows.is_empty() {
                        true => T::enter_none(model),
                        false => self.open(model),
                    };
                }
            }
            // What the person sees then is the banner or the sign-in, over the old rows.
            Err(Error::SignedOut) | Ok(None) => {}
            Err(Error::Unreachable(_)) => {
                if open {
                    say_older::<T>(model);
                }
            }
            Err(error) => {
                *rows = Rows {
                    error: Some(error.to_string()),
                    ..Rows::default()
                };
            }
        }
        Vec::new()
    }

    fn more_landed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) {
        let rows = T::rows_mut(model);
        let is_of_these = T::asked(call).is_some_and(|query| rows.query.as_ref() == Some(&query));
        if !is_of_these {
            return;
        }
        match result.map(T::arrived) {
            Ok(Some(page)) => rows.add(page),
            Err(Error::Unreachable(_) | Error::SignedOut) | Ok(None) => {}
            Err(error) => {
                rows.next = None;
                model.toast(Tone::Error, error.to_string());
            }
        }
    }

    fn kinds(&self) -> &'static [EventKind] {
        T::KINDS
    }

    fn renew(&self, model: &mut Model) -> Vec<Effect> {
        if is_current::<T>(model) {
            let call = T::call(T::wanted(model), None);
            let flights = &model.flights;
            let is_to_leave = flights.is_to_leave(Slot::Refresh, model.now)
                && flights.call(Slot::Refresh) == Some(&call);
            return match is_to_leave {
                true => Vec::new(),
                false => vec![model.call_after(Slot::Refresh, call, TOGETHER)],
            };
        }
        // Nothing that can be kept stands there.
        match T::rows(model).error.is_some() {
            true => self.ask(model, Duration::ZERO),
            false => Vec::new(),
        }
    }

    fn renewed(&self, model: &mut Model, call: Call, result: Result<Reply, Error>) {
        // Another question may stand on the screen by now.
        let is_shown = T::asked(call).is_some_and(|query| query == T::wanted(model));
        if !is_shown || !is_current::<T>(model) {
            return;
        }
        match result {
            Ok(reply) => {
                let reply = T::seen(model, reply);
                let until = model.now + FRESH;
                if let Some(page) = T::arrived(reply) {
                    T::rows_mut(model).is_stopped = false;
                    T::rows_mut(model).renew(page, until);
                }
            }
            // The banner or the sign-in says what is wrong.
            Err(Error::Unreachable(_) | Error::SignedOut) => {}
            Err(error) => {
                let key = super::view::key(model, "app.reload");
                let text = format!("These rows may be old. {error} {key} asks again.");
                model.toast(Tone::Warning, text);
            }
        }
    }

    fn next_wake(&self, model: &Model) -> Option<Now> {
        T::rows(model).fresh.iter().map(|(_, until)| *until).min()
    }

    fn expire(&self, model: &mut Model) {
        let now = model.now;
        T::rows_mut(model).fresh.retain(|(_, until)| *until > now);
    }

    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        let height = usize::from(list_areas(model).rows.height).max(1);
        let whole = height + usize::from(areas(model).toasts.height);
        let rows = T::rows_mut(model);
        rows.keep_in_sight(height, whole);
        let is_near = rows.top + 2 * height > rows.rows.len();
        let can_ask = model.session.is_in()
            && model.link == Link::Up
            && !model.flights.is_flying(Slot::List)
            && !model.flights.is_flying(Slot::More);
        let rows = T::rows(model);
        match (&rows.next, &rows.query) {
            (Some(cursor), Some(query)) if is_near && can_ask => {
                let call = T::call(query.clone(), Some(cursor.clone()));
                vec![model.call(Slot::More, call)]
            }
            _ => Vec::new(),
        }
    }

    fn enter(&self, model: &mut Model) -> Vec<Effect> {
        if !is_current::<T>(model) {
            let is_opening = matches!(model.session, Session::Opening(_)) && model.link == Link::Up;
            if model.flights.is_flying(Slot::List) || is_opening {
                let rows = T::rows_mut(model);
                if T::KEEPS && !rows.was_moved {
                    rows.open_on_arrival = true;
                } else {
                    model.toast(Tone::Info, super::STILL_LOADING);
                }
            } else {
                say_older::<T>(model);
            }
            return Vec::new();
        }
        if std::mem::take(&mut T::rows_mut(model).has_lost_row) {
            let text = "The list has changed; press Enter again to open this row.";
            model.toast(Tone::Info, text);
            return Vec::new();
        }
        if self.cursor(model).is_some() {
            self.open(model)
        } else if T::rows(model).error.is_none() && model.link == Link::Up {
            T::enter_none(model)
        } else {
            Vec::new()
        }
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        if !shows::<T>(model) {
            return Vec::new();
        }
        match T::rows(model).selected().cloned() {
            Some(row) => T::open(model, row),
            None => Vec::new(),
        }
    }

    fn step(&self, model: &mut Model, rows: isize) -> bool {
        let is_current = is_current::<T>(model);
        let shows = shows::<T>(model);
        let list = T::rows_mut(model);
        if !is_current {
            list.was_moved = true;
            list.open_on_arrival = false;
        }
        if !shows {
            return false;
        }
        let before = list.cursor;
        list.step(rows);
        list.cursor != before
    }

    fn cursor(&self, model: &Model) -> Option<usize> {
        let rows = T::rows(model);
        let selected = rows.selected().filter(|_| shows::<T>(model));
        selected.map(|_| rows.cursor)
    }

    fn select(&self, model: &mut Model, index: usize) {
        let is_current = is_current::<T>(model);
        let rows = T::rows_mut(model);
        if index < rows.rows.len() {
            rows.cursor = index;
            rows.has_lost_row = false;
            rows.was_moved |= !is_current;
        }
    }

    fn is_current(&self, model: &Model) -> bool {
        is_current::<T>(model)
    }

    fn stop(&self, model: &mut Model) -> Option<Vec<Effect>> {
        if !model.flights.is_slow(Slot::List, model.now) {
            return None;
        }
        let rows = T::rows_mut(model);
        rows.is_stopped = true;
        rows.open_on_arrival = false;
        Some(model.abandon(Slot::List))
    }

    fn forget_enter(&self, model: &mut Model) {
        let rows = T::rows_mut(model);
        rows.open_on_arrival = false;
        rows.was_moved = false;
    }

    fn draw(&self, canvas: &mut Canvas<'_>, on_top: bool) {
        T::draw(canvas, on_top);
    }
}

/// Says why the rows do not belong to what stands on the screen.
fn say_older<T: Listed>(model: &mut Model) {
    let why = if model.link != Link::Up {
        "The server does not answer"
    } else if !model.session.is_in() {
        "Nobody is signed in"
    } else if T::rows(model).is_stopped {
        "That was stopped"
    } else {
        T::WORDS.failed
    };
    let text = format!("{why}; {}.", T::older(model));
    model.toast(Tone::Warning, text);
}
