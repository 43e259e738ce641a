//! When, as a week: the days beside each other, the times below each other, and in each place who is
//! free. The keys go from one free time to the next.

use chrono::{Datelike, Days, NaiveDate};

use super::{Book, Goal, Pick, Step, slots, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Call, Effect, LeaveCall, Slot};

/// Days of a week.
pub(super) const DAYS: usize = 7;

/// Lengths that can be asked for, in minutes; none: as the times are cut.
const LENGTHS: [Option<u32>; 6] = [None, Some(15), Some(30), Some(45), Some(60), Some(90)];

/// A time that is looked for again when other slots come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sought {
    pub(crate) date: NaiveDate,
    pub(crate) starts: String,
    pub(crate) doctor: String,
}

impl From<&Pick> for Sought {
    fn from(pick: &Pick) -> Self {
        Self {
            date: pick.date(),
            starts: pick.starts().to_owned(),
            doctor: pick.doctor().to_owned(),
        }
    }
}

/// The first day of a date's week.
pub(super) fn monday(date: NaiveDate) -> NaiveDate {
    let since = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(since)).unwrap_or(date)
}

/// The last day of a date's week.
pub(super) fn sunday(date: NaiveDate) -> NaiveDate {
    let monday = monday(date);
    monday.checked_add_days(Days::new(6)).unwrap_or(monday)
}

/// The week as it is drawn: a row a time, and in each of its days the picks that begin then.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) times: Vec<String>,
    cells: Vec<[Vec<usize>; DAYS]>,
}

impl Grid {
    /// The grid of these picks.
    pub(super) fn of(picks: &[Pick]) -> Self {
        let mut times: Vec<(bool, String)> = picks
            .iter()
            .map(|pick| (!pick.has_clock(), pick.starts().to_owned()))
            .collect();
        // What has no clock stands below what has one.
        times.sort();
        times.dedup();
        let times: Vec<String> = times.into_iter().map(|(_, starts)| starts).collect();
        let mut cells: Vec<[Vec<usize>; DAYS]> = times.iter().map(|_| Default::default()).collect();
        for (index, pick) in picks.iter().enumerate() {
            let row = times.iter().position(|time| time == pick.starts());
            let cell = row
                .and_then(|row| cells.get_mut(row))
                .and_then(|row| row.get_mut(column(pick)));
            if let Some(cell) = cell {
                cell.push(index);
            }
        }
        Self { times, cells }
    }

    /// The picks of a place.
    pub(super) fn cell(&self, row: usize, day: usize) -> &[usize] {
        let cell = self.cells.get(row).and_then(|row| row.get(day));
        cell.map_or(&[], Vec::as_slice)
    }

    /// Where a pick stands.
    pub(super) fn place(&self, index: usize) -> Option<(usize, usize)> {
        (0..self.cells.len())
            .flat_map(|row| (0..DAYS).map(move |day| (row, day)))
            .find(|(row, day)| self.cell(*row, *day).contains(&index))
    }
}

fn column(pick: &Pick) -> usize {
    usize::try_from(pick.date().weekday().num_days_from_monday()).unwrap_or(0)
}

impl Book {
    /// Whether the week is on the screen.
    pub(crate) const fn is_week(&self) -> bool {
        self.by_week && matches!(self.step, Step::When) && self.day.is_none()
    }

    /// Takes a pick of the place: the same doctor's as before, if they are there.
    fn take_in(&mut self, cell: &[usize], picks: &[Pick]) {
        let doctor = picks.get(self.cursor).map(|pick| pick.doctor().to_owned());
        let same = cell.iter().find(|index| {
            let pick = picks.get(**index);
            pick.map(|pick| pick.doctor().to_owned()) == doctor
        });
        if let Some(index) = same.or_else(|| cell.first()) {
            self.cursor = *index;
        }
    }

    /// The next free time of the same day, or the one before.
    pub(super) fn go_down(&mut self, by: isize) {
        let picks = self.picks();
        let grid = Grid::of(&picks);
        let Some((row, day)) = grid.place(self.cursor) else {
            return;
        };
        let mut left = by.unsigned_abs();
        let mut at = row;
        while left > 0 {
            let next = match by < 0 {
                true => (0..at).rev().find(|row| !grid.cell(*row, day).is_empty()),
                false => (at + 1..grid.times.len()).find(|row| !grid.cell(*row, day).is_empty()),
            };
            let Some(next) = next else { break };
            at = next;
            left -= 1;
        }
        self.take_in(grid.cell(at, day), &picks);
    }

    /// The nearest free time of the next day that has one, or of the one before.
    fn go_right(&mut self, forward: bool) {
        let picks = self.picks();
        let grid = Grid::of(&picks);
        let Some((row, day)) = grid.place(self.cursor) else {
            return;
        };
        let nearest = |day: usize| {
            (0..grid.times.len())
                .filter(|row| !grid.cell(*row, day).is_empty())
                .min_by_key(|other| other.abs_diff(row))
        };
        let next = match forward {
            true => (day + 1..DAYS).find_map(|day| Some((nearest(day)?, day))),
            false => (0..day).rev().find_map(|day| Some((nearest(day)?, day))),
        };
        if let Some((row, day)) = next {
            self.take_in(grid.cell(row, day), &picks);
        }
    }
}

/// The next day of the week that has a free time, or the one before.
pub(crate) fn go(model: &mut Model, forward: bool) {
    if let Some(book) = top_mut(model) {
        // Where nothing is selected, the first key selects.
        if book.taken_away.take().is_none() {
            book.go_right(forward);
        }
    }
}

/// The next doctor who is free at the same time.
pub(crate) fn other_doctor(model: &mut Model) {
    let Some(book) = top_mut(model) else { return };
    let grid = Grid::of(&book.picks());
    let Some((row, day)) = grid.place(book.cursor) else {
        return;
    };
    let cell = grid.cell(row, day);
    let at = cell.iter().position(|index| *index == book.cursor);
    let next = at.map_or(0, |at| (at + 1) % cell.len().max(1));
    if let Some(index) = cell.get(next) {
        book.cursor = *index;
    }
}

/// What the week's key shows instead, in the footer.
pub(crate) fn toggle_label(model: &Model) -> Option<&'static str> {
    let is_week = top(model)?.by_week;
    Some(if is_week { "List" } else { "Week" })
}

/// Shows the week instead of the list, or the list again; the time under the cursor stays.
pub(crate) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.by_week = !book.by_week;
    book.taken = None;
    if let Some(pick) = book.picks().get(book.cursor) {
        book.sought = Some(Sought::from(pick));
        book.from = pick.date();
    }
    let mut effects = slots::ask(model);
    effects.extend(ask_plan(model));
    effects
}

/// Asks why nobody may be free in the week: when the doctor is away, and the clinic closed.
pub(super) fn ask_plan(model: &mut Model) -> Vec<Effect> {
    let today = model.today();
    let Some(book) = top(model).filter(|book| book.by_week) else {
        return Vec::new();
    };
    let call = match &book.goal {
        Some(Goal::Doctor { id, .. }) => LeaveCall::Plan(*id, today),
        _ => LeaveCall::Closures,
    };
    vec![model.call(Slot::Plan, Call::Leave(Box::new(call)))]
}

/// Asks for times of the next length.
pub(crate) fn next_length(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.seek();
    let at = LENGTHS.iter().position(|length| *length == book.length);
    let next = at.map_or(0, |at| (at + 1) % LENGTHS.len());
    book.length = LENGTHS.get(next).copied().flatten();
    slots::ask(model)
}

/// Whether there is another doctor at the same time.
pub(crate) fn has_other_doctor(model: &Model) -> Availability {
    let is_one = top(model).is_none_or(|book| {
        let grid = Grid::of(&book.picks());
        let place = grid.place(book.cursor);
        place.is_none_or(|(row, day)| grid.cell(row, day).len() < 2)
    });
    match is_one {
        true => Availability::Disabled("Nobody else is free then.".into()),
        false => Availability::Ok,
    }
}
