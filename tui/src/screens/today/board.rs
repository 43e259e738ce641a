//! The board as it comes and comes again: what changed is marked for a moment, and the cursor stays.

use chrono::TimeDelta;
use clinic_shared::client::Error;
use clinic_shared::desk::appointments::{Appointment, Status};
use clinic_shared::desk::queue::{Board, BoardRow, DoctorDay, WaitLevel};
use uuid::Uuid;

use super::{Today, day, reshape};
use crate::app::{Link, Model};
use crate::clock::Now;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::screens::list::{self, Listed};
use crate::screens::place::Place;

/// How long a change is marked.
pub(crate) const FRESH: TimeDelta = TimeDelta::seconds(2);

/// How old the board may get before it is asked for again.
pub(crate) const STALE: TimeDelta = TimeDelta::seconds(15);

/// Keeps a board that came, and answers the rows that the screen shows of it.
pub(super) fn take(model: &mut Model, board: Box<Board>) -> Vec<BoardRow> {
    let until = model.now + FRESH;
    let before = model.today.board.take();
    if let Some(before) = before.filter(|before| before.date == board.date) {
        let is_known =
            |row: &&BoardRow| before.appointments.iter().any(|known| is_same(known, row));
        let fresh = board.appointments.iter().filter(|row| !is_known(row));
        model.today.fresh.extend(fresh.map(|row| (row.id, until)));
    } else {
        model.today.fresh.clear();
    }
    let rows = shaped(&model.today, &board.appointments);
    model.today.board = Some(board);
    model.today.came = Some(model.now);
    rows
}

/// Whether nothing happened to an appointment that somebody at the desk would notice. Time going by
/// is nothing that happened.
pub(crate) fn is_same(a: &BoardRow, b: &BoardRow) -> bool {
    let told = |row: &BoardRow| (row.id, row.version, row.status, row.room.clone());
    told(a) == told(b)
}

/// What the filter lets through, in the order that is chosen.
pub(super) fn shaped(today: &Today, rows: &[BoardRow]) -> Vec<BoardRow> {
    let is_shown = |row: &&BoardRow| today.status.is_none_or(|status| row.status == status);
    let mut rows: Vec<BoardRow> = rows.iter().filter(is_shown).cloned().collect();
    if today.by_doctor {
        // Stable: within a doctor's rows the order of the day stays.
        rows.sort_by(|a, b| {
            let name = |row: &BoardRow| (row.doctor.full_name.clone(), row.doctor.number);
            name(a).cmp(&name(b))
        });
    }
    rows
}

/// Whether the board may be asked for beside what goes on.
fn can_poll(model: &Model) -> bool {
    model.place == Place::Today
        && model.session.is_in()
        && model.link == Link::Up
        && list::is_current::<BoardRow>(model)
        && !model.flights.is_flying(Slot::List)
        && !model.flights.is_flying(Slot::Poll)
}

/// Asks for the board again once it is old.
pub(crate) fn poll(model: &mut Model) -> Vec<Effect> {
    match model.today.came {
        Some(came) if came + STALE <= model.now && can_poll(model) => reload(model),
        _ => Vec::new(),
    }
}

/// Asks for the board again, without a word: the old one stays until the new one is there.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    if !list::is_current::<BoardRow>(model) || !model.session.is_in() {
        return Vec::new();
    }
    vec![model.call(Slot::Poll, BoardRow::call(day(model), None))]
}

/// Takes in the board that was asked for again.
pub(crate) fn poll_landed(
    model: &mut Model,
    call: Call,
    result: Result<Reply, Error>,
) -> Vec<Effect> {
    // However it ended, the next one is due as long after it.
    model.today.came = Some(model.now);
    let is_shown = BoardRow::asked(call) == Some(day(model));
    match result {
        Ok(reply) if is_shown => {
            if let Reply::Board(board) = reply {
                let rows = take(model, board);
                model.today.list.show(rows);
            }
            Vec::new()
        }
        // The screen stays as it is: the banner or the sign-in says what is wrong.
        _ => Vec::new(),
    }
}

/// When the board shows something else without anything happening.
pub(crate) fn next_wake(model: &Model) -> Option<Now> {
    let fresh = model.today.fresh.values().min().copied();
    let poll = model
        .today
        .came
        .filter(|_| can_poll(model))
        .map(|came| came + STALE);
    [fresh, poll]
        .into_iter()
        .flatten()
        .filter(|at| *at > model.now)
        .min()
}

/// Takes the marks off what has changed a while ago.
pub(crate) fn expire(model: &mut Model) {
    let now = model.now;
    model.today.fresh.retain(|_, until| *until > now);
}

/// Shows an appointment in its row as it is now, without asking again.
pub(crate) fn saved(model: &mut Model, appointment: &Appointment) {
    let until = model.now + FRESH;
    let Some(board) = &mut model.today.board else {
        return;
    };
    let known = board.appointments.iter_mut();
    let Some(row) = known.into_iter().find(|row| row.id == appointment.id) else {
        return;
    };
    if row.version != appointment.version {
        model.today.fresh.insert(row.id, until);
    }
    update(row, appointment);
    if appointment.date != board.date {
        let id = appointment.id;
        board.appointments.retain(|row| row.id != id);
    }
    reshape(model);
}

/// Makes a row say what the appointment is now.
pub(crate) fn update(row: &mut BoardRow, now: &Appointment) {
    row.starts.clone_from(&now.starts);
    row.ends.clone_from(&now.ends);
    row.starts_at = now.starts_at;
    row.window.clone_from(&now.window);
    row.status = now.status;
    row.patient = now.patient.clone();
    row.doctor = now.doctor.clone();
    row.title.clone_from(&now.title);
    row.ticket = now.ticket;
    row.room.clone_from(&now.room);
    row.priority = now.priority;
    row.checked_in_at = now.checked_in_at;
    row.called_at = now.called_at;
    row.started_at = now.started_at;
    row.completed_at = now.completed_at;
    row.overbooked = now.overbooked;
    row.version = now.version;
    if now.status == Status::CheckedIn && row.waiting_minutes.is_none() {
        row.waiting_minutes = Some(0);
        row.wait_level = Some(WaitLevel::Ok);
    }
}

/// An appointment of the day on the screen.
pub(crate) fn find(model: &Model, id: i64) -> Option<&BoardRow> {
    let rows = &model.today.board.as_ref()?.appointments;
    rows.iter().find(|row| row.id == id)
}

/// Shows how late a doctor runs now.
pub(crate) fn saved_lateness(model: &mut Model, day: &DoctorDay) {
    let Some(board) = &mut model.today.board else {
        return;
    };
    let known = board.doctors.iter_mut();
    let doctor = known
        .into_iter()
        .find(|doctor| doctor.doctor.id == day.doctor.id);
    if let Some(doctor) = doctor
        && board.date == day.date
    {
        doctor.late_minutes = day.late_minutes;
    }
}

/// How many minutes a doctor runs late on the day on the screen.
pub(crate) fn late_minutes(model: &Model, doctor: Uuid) -> i64 {
    let board = model.today.board.as_ref();
    let mut doctors = board.into_iter().flat_map(|board| &board.doctors);
    let day = doctors.find(|day| day.doctor.id == doctor);
    day.map_or(0, |day| day.late_minutes)
}

/// How many minutes somebody waits or has waited. Who waits goes on to while the board is old.
pub(crate) fn waited(model: &Model, row: &BoardRow) -> Option<i64> {
    waited_since(model.now, model.today.came, row)
}

/// The same of a row that came then.
pub(crate) fn waited_since(now: Now, came: Option<Now>, row: &BoardRow) -> Option<i64> {
    let minutes = row.waiting_minutes?;
    match (row.status, came) {
        (Status::CheckedIn, Some(came)) => Some(minutes + (now - came).num_minutes().max(0)),
        _ => Some(minutes),
    }
}

/// Whether that is long; none unless they wait now.
pub(crate) fn level(model: &Model, row: &BoardRow) -> Option<WaitLevel> {
    let board = model.today.board.as_ref()?;
    let limits = (board.warn_minutes, board.alert_minutes);
    level_of(row, waited(model, row)?, limits)
}

/// The same of so many minutes, by these limits.
pub(crate) fn level_of(
    row: &BoardRow,
    minutes: i64,
    (warn, alert): (i64, i64),
) -> Option<WaitLevel> {
    row.wait_level.filter(|_| row.status == Status::CheckedIn)?;
    Some(if minutes >= alert {
        WaitLevel::Alert
    } else if minutes >= warn {
        WaitLevel::Warn
    } else {
        WaitLevel::Ok
    })
}
