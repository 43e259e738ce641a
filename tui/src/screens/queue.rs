//! The queue of a doctor, who has it for a home: who is with them, whose turn is next, who is still
//! to come, and the numbers of the day.

mod order;
mod view;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clinic_shared::Role;
use clinic_shared::desk::appointments::{Appointment, Person, Status};
use clinic_shared::desk::queue::{BoardRow, DoctorDay, Queue};
use clinic_shared::v1::events::EventKind;
use uuid::Uuid;

use super::list::{self, Arrived, FRESH, LOADING, Listed, Rows, Words};
use super::place::{self, Place};
use super::prompt;
use super::record::{self, Subject};
use super::today;
use crate::app::Model;
use crate::clock::Now;
use crate::command::Availability;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

pub(crate) use order::explain;
pub(crate) use view::head_lines;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// Whose queue; none: that of whoever is signed in.
    whose: Option<Person>,
    pub(crate) list: Rows<Turn>,
    /// The queue as it last came.
    queue: Option<Box<Queue>>,
    /// When it came.
    came: Option<Now>,
    /// Rows that have just changed, and until when that is shown.
    fresh: BTreeMap<i64, Now>,
    /// Who left the queue by a step taken here, and the version since which they are not in it.
    gone: BTreeMap<i64, i64>,
}

/// A row of the queue: whose turn it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn(pub(crate) BoardRow);

impl Listed for Turn {
    type Id = i64;
    /// Whose queue.
    type Query = Option<Uuid>;

    const WORDS: Words = LOADING;
    /// As of the board: who is merged has another name.
    const KINDS: &'static [EventKind] = <BoardRow as Listed>::KINDS;

    fn id(&self) -> i64 {
        self.0.id
    }

    fn is_same(&self, other: &Self) -> bool {
        self.0.is_same(&other.0)
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.turns.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.turns.list
    }

    fn wanted(model: &Model) -> Option<Uuid> {
        model.turns.whose.as_ref().map(|doctor| doctor.id)
    }

    fn call(doctor: Option<Uuid>, _: Option<String>) -> Call {
        Call::Queue(doctor)
    }

    fn asked(call: Call) -> Option<Option<Uuid>> {
        match call {
            Call::Queue(doctor) => Some(doctor),
            _ => None,
        }
    }

    fn seen(model: &mut Model, reply: Reply) -> Reply {
        let Reply::Queue(mut queue) = reply else {
            return reply;
        };
        keep_newer(&model.turns, &mut queue);
        take(model, queue.clone());
        Reply::Queue(queue)
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Queue(queue) => Some(Arrived::all(turns(&queue))),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        let line = today::line_of(&row.0, day(model));
        record::appointment::open(model, line)
    }

    fn older(_: &Model) -> String {
        "this queue is not loaded yet".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// The rows of a queue: who is here in serving order, then who is still to come.
fn turns(queue: &Queue) -> Vec<Turn> {
    let rows = queue.entries.iter().chain(&queue.to_come);
    rows.cloned().map(Turn).collect()
}

/// What was read before one's own step was done stays as the answer to the step told it: it is being
/// read again.
fn keep_newer(turns: &Turns, queue: &mut Queue) {
    let is_gone = |row: &BoardRow| {
        let since = turns.gone.get(&row.id);
        since.is_some_and(|since| *since > row.version)
    };
    queue.entries.retain(|row| !is_gone(row));
    queue.to_come.retain(|row| !is_gone(row));
    let rows = queue.entries.iter_mut().chain(&mut queue.to_come);
    let known = || turns.list.rows.iter().map(|turn| &turn.0);
    let kept = rows.map(|row| today::keep_newer(row, known()));
    if kept.filter(|is_kept| *is_kept).count() > 0 {
        let mut rows = std::mem::take(&mut queue.entries);
        rows.append(&mut queue.to_come);
        rows.sort_by_key(|row| place(row.status));
        let is_here = |row: &BoardRow| matches!(row.status, Status::Running | Status::CheckedIn);
        (queue.entries, queue.to_come) = rows.into_iter().partition(is_here);
    }
}

/// Keeps a queue that came, and notes what has changed in it.
fn take(model: &mut Model, queue: Box<Queue>) {
    let until = model.now + FRESH;
    let turns = &mut model.turns;
    match turns.queue.take() {
        Some(before) if before.doctor.doctor.id == queue.doctor.doctor.id => {
            let before: Vec<Turn> = self::turns(&before);
            let is_known = |row: &Turn| {
                let mut known = before.iter();
                known.any(|known| known.is_same(row))
            };
            let fresh = self::turns(&queue).into_iter().filter(|row| !is_known(row));
            turns.fresh.extend(fresh.map(|row| (row.0.id, until)));
        }
        _ => {
            turns.fresh.clear();
            turns.gone.clear();
        }
    }
    turns.queue = Some(queue);
    turns.came = Some(model.now);
    prompt::look_again(model);
}

/// The queue on the screen, once it is there.
fn shown(model: &Model) -> Option<&Queue> {
    let queue = model.turns.queue.as_deref();
    queue.filter(|_| list::is_current::<Turn>(model))
}

/// The clinic's date.
pub(crate) fn day(model: &Model) -> NaiveDate {
    shown(model).map_or_else(|| model.today(), |queue| queue.date)
}

/// Whose queue is on the screen, once that is known.
pub(crate) fn doctor(model: &Model) -> Option<&Person> {
    let loaded = shown(model).map(|queue| &queue.doctor.doctor);
    loaded.or(model.turns.whose.as_ref())
}

/// How many minutes they run late.
pub(crate) fn late_minutes(model: &Model) -> i64 {
    shown(model).map_or(0, |queue| queue.doctor.late_minutes)
}

/// An appointment of the queue on the screen.
pub(crate) fn find(model: &Model, id: i64) -> Option<&BoardRow> {
    let mut rows = model.turns.list.rows.iter().map(|turn| &turn.0);
    rows.find(|row| row.id == id)
}

/// The selected appointment, if the rows are those of the queue on the screen.
pub(crate) fn selected(model: &Model) -> Option<&BoardRow> {
    let is_current = list::is_current::<Turn>(model);
    let turn = model.turns.list.selected().filter(|_| is_current);
    turn.map(|turn| &turn.0)
}

/// Whether a doctor sits here, to whom their own queue is home.
pub(crate) fn is_doctor(model: &Model) -> bool {
    let who = model.session.who();
    who.is_some_and(|who| who.role == Role::Doctor)
}

/// The doctor whom the screen is about, whose queue the desk would look at.
fn meant(model: &Model) -> Option<Person> {
    let of_record = match record::acting(model) {
        Some(Subject::Doctor(known)) => known.row.as_ref(),
        _ => None,
    };
    let of_list = model.doctors.list.selected();
    let of_list = of_list.filter(|_| model.place == Place::Doctors);
    if let Some(row) = of_record.or(of_list) {
        return Some(Person {
            id: row.id,
            number: row.number,
            full_name: row.full_name.clone(),
        });
    }
    let of_board = today::selected(model).map(|row| row.doctor.clone());
    let of_board = of_board.filter(|_| model.place == Place::Today);
    let first = || doctors_of_the_day(model).into_iter().next();
    of_board
        .or_else(|| model.turns.whose.clone())
        .or_else(first)
}

/// Who works today, as the board knows it.
fn doctors_of_the_day(model: &Model) -> Vec<Person> {
    let board = model.today.board.iter();
    board
        .flat_map(|board| &board.doctors)
        .map(|day| day.doctor.clone())
        .collect()
}

/// Whether there is a queue to look at.
pub(crate) fn has_doctor(model: &Model) -> Availability {
    if is_doctor(model) || meant(model).is_some() {
        Availability::Ok
    } else {
        Availability::Disabled("Select a doctor, or one of their appointments, first.".into())
    }
}

/// Shows the queue of whoever is signed in, or of the doctor the screen is about.
pub(crate) fn go(model: &mut Model) -> Vec<Effect> {
    model.turns.whose = match is_doctor(model) {
        true => None,
        false => meant(model),
    };
    place::go(model, Place::Queue)
}

/// Whether there is another doctor whose queue can be turned to.
pub(crate) fn can_turn(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    if is_doctor(model) {
        return no("You see your own queue here.");
    }
    if !model.layers.is_empty() && record::acting(model).is_some() {
        return no("Close the record first.");
    }
    match doctors_of_the_day(model).len() {
        0 | 1 => no("Nobody else works today."),
        _ => Availability::Ok,
    }
}

/// Shows the queue of the next doctor of the day, or of the one before.
pub(crate) fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let doctors = doctors_of_the_day(model);
    let now = model.turns.whose.as_ref().map(|doctor| doctor.id);
    let at = doctors.iter().position(|doctor| Some(doctor.id) == now);
    let count = doctors.len().max(1);
    let next = match (at, forward) {
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
        (None, _) => 0,
    };
    model.turns.whose = doctors.into_iter().nth(next);
    model.place.list().forget_enter(model);
    model.place.list().ask(model, list::DEBOUNCE)
}

/// Asks for the queue again, without a word: the old one stays until the new one is there.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    match model.place {
        Place::Queue => list::reread(model),
        _ => Vec::new(),
    }
}

/// When the queue shows something else without anything happening.
pub(crate) fn next_wake(model: &Model) -> Option<Now> {
    let fresh = model.turns.fresh.values().copied();
    fresh.filter(|at| *at > model.now).min()
}

/// Takes the marks off what has changed a while ago.
pub(crate) fn expire(model: &mut Model) {
    let now = model.now;
    model.turns.fresh.retain(|_, until| *until > now);
}

/// Shows an appointment as it is now, without asking again: who was seen goes, who is seen is first.
pub(crate) fn saved(model: &mut Model, appointment: &Appointment) {
    let until = model.now + FRESH;
    let turns = &mut model.turns;
    let mut rows = turns.list.rows.clone();
    let known = rows.iter_mut().find(|turn| turn.0.id == appointment.id);
    let Some(Turn(row)) = known else { return };
    if row.version != appointment.version {
        turns.fresh.insert(row.id, until);
    }
    today::update(row, appointment);
    let is_theirs = |row: &BoardRow| {
        let doctor = turns.queue.as_ref().map(|queue| queue.doctor.doctor.id);
        doctor == Some(row.doctor.id)
    };
    rows.retain(|turn| place(turn.0.status).is_some() && is_theirs(&turn.0));
    rows.sort_by_key(|turn| place(turn.0.status));
    if rows.iter().all(|turn| turn.0.id != appointment.id) {
        turns.gone.insert(appointment.id, appointment.version);
    }
    turns.list.show(rows);
}

/// Where in the queue who stands so is; none: not in it.
const fn place(status: Status) -> Option<u8> {
    match status {
        Status::Running => Some(0),
        Status::CheckedIn => Some(1),
        Status::Pending | Status::Confirmed => Some(2),
        _ => None,
    }
}

/// Shows how late the doctor runs now.
pub(crate) fn saved_lateness(model: &mut Model, day: &DoctorDay) {
    if let Some(queue) = &mut model.turns.queue
        && queue.doctor.doctor.id == day.doctor.id
        && queue.date == day.date
    {
        queue.doctor.late_minutes = day.late_minutes;
    }
}

/// How many minutes somebody waits or has waited. Who waits goes on to while the queue is old.
fn waited(model: &Model, row: &BoardRow) -> Option<i64> {
    today::waited_since(model.now, model.turns.came, row)
}
