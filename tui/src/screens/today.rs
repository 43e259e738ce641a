//! The flow board: everything of a day, who is here, who waits and for how long, and what each
//! doctor has to do.

pub(crate) mod acts;
mod board;
mod head;
mod view;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use clinic_shared::client::BoardQuery;
use clinic_shared::desk::appointments::{AppointmentRow, Status};
use clinic_shared::desk::queue::{Board, BoardRow};

use super::list::{self, Arrived, LOADING, Listed, Rows, Words};
use super::record;
use crate::app::Model;
use crate::clock::Now;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

pub(crate) use board::{
    expire, late_minutes, level, next_wake, poll, poll_landed, reload, saved, saved_lateness,
    waited,
};
pub(crate) use head::lines as head_lines;

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Today {
    pub(crate) day: NaiveDate,
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
    /// Whether the day is sorted by doctor, not by time.
    pub(crate) by_doctor: bool,
    /// The rows on the screen: what the filter lets through, in the order that was chosen.
    pub(crate) list: Rows<BoardRow>,
    /// The whole day, as it last came.
    pub(crate) board: Option<Box<Board>>,
    /// When it came.
    came: Option<Now>,
    /// Rows that have just changed, and until when that is shown.
    fresh: BTreeMap<i64, Now>,
}

impl Today {
    /// Before anything of this day was loaded.
    pub(crate) fn on(day: NaiveDate) -> Self {
        Self {
            day,
            status: None,
            by_doctor: false,
            list: Rows::default(),
            board: None,
            came: None,
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

    fn id(&self) -> i64 {
        self.id
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
fn line_of(row: &BoardRow, date: NaiveDate) -> AppointmentRow {
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

/// The appointment that is meant: the one whose record is open, else the selected one, if the rows
/// are those of the day on the screen.
pub(crate) fn selected(model: &Model) -> Option<&BoardRow> {
    if !list::is_current::<BoardRow>(model) {
        return None;
    }
    match record::acting(model) {
        Some(record::Subject::Appointment(known)) => {
            let rows = &model.today.board.as_ref()?.appointments;
            rows.iter().find(|row| row.id == known.id)
        }
        _ => model.today.list.selected(),
    }
}

/// Makes today the day, without asking for it, and selects whoever comes next.
pub(crate) fn choose_today(model: &mut Model) {
    model.today.day = model.now.date_naive();
    if list::is_current::<BoardRow>(model) {
        model.today.list.cursor = due(model, &model.today.list.rows);
    }
}

/// The first appointment that is running or still to come; the last one where all are over, and
/// the first one of another day.
fn due(model: &Model, rows: &[BoardRow]) -> usize {
    if day(model) != model.now.date_naive() {
        return 0;
    }
    let now = model.now.format("%H:%M").to_string();
    let is_due = |row: &BoardRow| {
        let end = row.ends.as_deref().or(row.starts.as_deref());
        let is_open = row.status.holds_time() && row.status != Status::Completed;
        row.status == Status::Running || (is_open && end.is_some_and(|end| end > now.as_str()))
    };
    let first = rows.iter().position(is_due);
    first.unwrap_or_else(|| rows.len().saturating_sub(1))
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

/// Shows what the filter lets through now, in the order that is chosen now; nothing is asked for.
pub(crate) fn reshape(model: &mut Model) {
    if let Some(board) = &model.today.board {
        let rows = board::shaped(&model.today, &board.appointments);
        model.today.list.show(rows);
    }
}
