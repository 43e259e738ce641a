//! The flow board: everything of a day, who is here, who waits and for how long, and what each
//! doctor has to do.

pub(crate) mod acts;
mod board;
mod head;
mod signs;
mod view;
mod words;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use clinic_shared::client::BoardQuery;
use clinic_shared::desk::appointments::{AppointmentRow, Status};
use clinic_shared::desk::queue::{Board, BoardRow};
use clinic_shared::v1::events::EventKind;

use super::finder::Finder;
use super::list::{self, Arrived, LOADING, Listed, Rows, Words};
use super::place::Place;
use super::record;
use crate::app::Model;
use crate::clock::Now;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

pub(crate) use board::{
    arrived, expire, find, keep_newer, late_minutes, level, level_of, next_wake, reload, saved,
    saved_lateness, update, waited, waited_since,
};
pub(crate) use head::lines as head_lines;
pub(crate) use signs::open as signs;
pub(crate) use view::{WAIT, cell, time};
pub(crate) use words::{expected, flags, flags_within, inside, wait};

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Today {
    pub(crate) day: NaiveDate,
    /// It was taken for today before the clinic's clocks were known, and is not.
    is_mistaken: bool,
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
    /// The search field: whom to find on the day.
    pub(crate) finder: Finder,
    /// Stays among the rows whatever the filter lets through: it was selected when it changed, and
    /// would go from under the hand.
    held: Option<i64>,
    /// Who was selected before a filter took them away, and the row that was selected then instead.
    away: Option<(i64, Option<i64>)>,
    /// Whether the day is sorted by doctor, not by time.
    pub(crate) by_doctor: bool,
    /// The rows on the screen: what the filter lets through, in the order that was chosen.
    pub(crate) list: Rows<BoardRow>,
    /// The whole day, as it last came.
    pub(crate) board: Option<Box<Board>>,
    /// When it came.
    came: Option<Now>,
    /// Who is not on their day any more since a step from here, and at which version.
    gone: BTreeMap<i64, i64>,
    /// Rows that have just changed, and until when that is shown.
    fresh: BTreeMap<i64, Now>,
}

impl Today {
    /// Before anything of this day was loaded.
    pub(crate) fn on(day: NaiveDate) -> Self {
        Self {
            day,
            is_mistaken: false,
            status: None,
            finder: Finder::default(),
            held: None,
            away: None,
            by_doctor: false,
            list: Rows::default(),
            board: None,
            came: None,
            gone: BTreeMap::new(),
            fresh: BTreeMap::new(),
        }
    }

    /// Whether a row has just changed.
    pub(crate) fn is_fresh(&self, id: i64) -> bool {
        self.fresh.contains_key(&id)
    }
}

impl Listed for BoardRow {
    type Id = i64;
    /// The day.
    type Query = NaiveDate;

    const WORDS: Words = LOADING;
    /// Patients: a merge gives appointments another one. Schedules: who works, and how long.
    const KINDS: &'static [EventKind] = &[
        EventKind::Appointment,
        EventKind::Queue,
        EventKind::Patient,
        EventKind::Schedule,
    ];
    /// Whom to call, and what to know of them.
    const REMARKS: bool = true;

    fn id(&self) -> i64 {
        self.id
    }

    /// Time going by is nothing that happened.
    fn is_same(&self, other: &Self) -> bool {
        let told = |row: &Self| (row.id, row.version, row.status, row.room.clone());
        told(self) == told(other)
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.today.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.today.list
    }

    fn wanted(model: &Model) -> NaiveDate {
        day(model)
    }

    fn call(day: NaiveDate, _: Option<String>) -> Call {
        Call::Board(BoardQuery {
            date: Some(day),
            doctor: None,
        })
    }

    fn asked(call: Call) -> Option<NaiveDate> {
        match call {
            Call::Board(query) => query.date,
            _ => None,
        }
    }

    fn seen(model: &mut Model, reply: Reply) -> Reply {
        let Reply::Board(board) = reply else {
            return reply;
        };
        let appointments = board::take(model, board.clone());
        Reply::Board(Box::new(Board {
            appointments,
            ..*board
        }))
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Board(board) => Some(Arrived::all(board.appointments)),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        let line = line_of(&row, day(model));
        record::appointment::open(model, line)
    }

    /// On the day it is, whoever is with a doctor or comes next.
    fn first(model: &Model, rows: &[Self]) -> usize {
        due(model, rows)
    }

    fn older(model: &Model) -> String {
        format!("{} is not loaded yet", model.prefs.dates.day(day(model)))
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// The line of a day that a row of the board is.
pub(crate) fn line_of(row: &BoardRow, date: NaiveDate) -> AppointmentRow {
    AppointmentRow {
        id: row.id,
        date,
        starts: row.starts.clone(),
        ends: row.ends.clone(),
        window: row.window.clone(),
        appointment_type: row.appointment_type,
        status: row.status,
        overbooked: row.overbooked,
        patient: row.patient.clone(),
        patient_birth_date: row.patient_birth_date,
        doctor: row.doctor.clone(),
    }
}

/// The day whose appointments are on the screen.
pub(crate) const fn day(model: &Model) -> NaiveDate {
    model.today.day
}

/// The selected appointment, if the rows are those of the day on the screen.
pub(crate) fn selected(model: &Model) -> Option<&BoardRow> {
    let is_current = list::is_current::<BoardRow>(model);
    model.today.list.selected().filter(|_| is_current)
}

/// Makes today the day, without asking for it, and selects whoever comes next.
pub(crate) fn choose_today(model: &mut Model) {
    model.today.day = model.today();
    forget_search(model);
    if list::is_current::<BoardRow>(model) {
        model.today.list.cursor = due(model, &model.today.list.rows);
    }
}

/// The first appointment that is running or still to come; the last one where all are over, and
/// the first one of another day.
fn due(model: &Model, rows: &[BoardRow]) -> usize {
    if day(model) != model.today() {
        return 0;
    }
    let now = model.clinic_now().format("%H:%M").to_string();
    let is_due = |row: &BoardRow| {
        let end = row.ends.as_deref().or(row.starts.as_deref());
        let is_open = row.status.holds_time() && row.status != Status::Completed;
        row.status == Status::Running || (is_open && end.is_some_and(|end| end > now.as_str()))
    };
    let first = rows.iter().position(is_due);
    first.unwrap_or_else(|| rows.len().saturating_sub(1))
}

/// The clinic's today is another day than the one that was taken for it: shows that one, unless
/// somebody works at the other one already.
pub(crate) fn correct_day(model: &mut Model) -> Vec<Effect> {
    let is_mistaken = std::mem::take(&mut model.today.is_mistaken);
    if !is_mistaken || model.place != Place::Today || !model.layers.is_empty() {
        return Vec::new();
    }
    show_today(model)
}

/// Shows today.
pub(crate) fn show_today(model: &mut Model) -> Vec<Effect> {
    choose_today(model);
    list::refresh(model)
}

/// Shows the next day, or the one before.
pub(crate) fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let day = day(model);
    let one = Days::new(1);
    let next = if forward {
        day.checked_add_days(one)
    } else {
        day.checked_sub_days(one)
    };
    let Some(next) = next else {
        return Vec::new();
    };
    model.today.day = next;
    model.place.list().forget_enter(model);
    // Days leafed through in a burst are not asked for.
    model.place.list().ask(model, list::DEBOUNCE)
}

/// Sorts the day by doctor, or by time again.
pub(crate) fn regroup(model: &mut Model) -> Vec<Effect> {
    model.today.by_doctor = !model.today.by_doctor;
    reshape(model);
    Vec::new()
}

/// Shows a day.
pub(crate) fn show(model: &mut Model, day: NaiveDate) -> Vec<Effect> {
    model.today.day = day;
    forget_search(model);
    model.place.list().forget_enter(model);
    list::refresh(model)
}

/// Whoever goes to another day, or away, looks for somebody else.
fn forget_search(model: &mut Model) {
    model.today.finder.has_cursor = false;
    if !model.today.finder.wanted().is_empty() {
        model.today.finder.input.reset();
        reshape(model);
    }
}

/// Shows what filter and search let through now, in the order that is chosen now; nothing is asked
/// for. The selection stays with its person, and comes back to them when they come back.
pub(crate) fn reshape(model: &mut Model) {
    model.today.held = None;
    let selected = model.today.list.selected().map(|row| row.id);
    let person = match model.today.away {
        Some((person, instead)) if instead == selected => Some(person),
        _ => selected,
    };
    shape(model);
    let rows = &mut model.today.list;
    rows.has_lost_row = false;
    if let Some(at) = rows.rows.iter().position(|row| Some(row.id) == person) {
        rows.cursor = at;
    }
    let now = rows.selected().map(|row| row.id);
    model.today.away = person.map(|person| (person, now));
}

/// Shows the rows of the board as it is now. The selected one stays, whatever became of it.
fn shape_again(model: &mut Model) {
    let selected = model.today.list.selected().map(|row| row.id);
    model.today.held = selected;
    shape(model);
    let rows = &mut model.today.list;
    let is_there = rows.rows.iter().any(|row| Some(row.id) == selected);
    rows.has_lost_row |= selected.is_some() && !is_there;
}

fn shape(model: &mut Model) {
    if let Some(board) = &model.today.board {
        let rows = board::shaped(&model.today, &board.appointments);
        model.today.list.show(rows);
    }
}

/// Shows whom the search finds; the first of them is selected, a patient of that name before the rows
/// of such a doctor, and stays so when the search is over: whoever was found is whom one deals with.
pub(crate) fn search(model: &mut Model) {
    reshape(model);
    if !model.today.finder.wanted().is_empty() {
        model.today.list.cursor = board::first_found(&model.today);
        if model.today.list.selected().is_some() {
            model.today.away = None;
        }
    }
}
