//! The board as it comes and comes again: what changed is marked for a moment, and the cursor stays.

use chrono::{FixedOffset, NaiveTime};
use clinic_shared::desk::appointments::{Appointment, Status};
use clinic_shared::desk::queue::{Board, BoardRow, DoctorDay, WaitLevel};
use uuid::Uuid;

use super::{Today, shape_again};
use crate::app::Model;
use crate::clock::Now;
use crate::effect::Effect;
use crate::labels;
use crate::screens::list::{self, FRESH, Listed};
use crate::screens::place::Place;
use crate::screens::{book, prompt};
use crate::text;

/// Keeps a board that came, and answers the rows that the screen shows of it.
pub(super) fn take(model: &mut Model, mut board: Box<Board>) -> Vec<BoardRow> {
    if let Some(zone) = zone(model, &board) {
        let taken_for_today = model.today();
        model.zone = Some(zone);
        let is_today = model.today.day == taken_for_today;
        model.today.is_mistaken = is_today && model.today() != taken_for_today;
    }
    // Who was moved to another day stays there, too.
    let gone = &model.today.gone;
    board.appointments.retain(|row| {
        let since = gone.get(&row.id);
        since.is_none_or(|since| *since <= row.version)
    });
    if let Some(known) = &model.today.board {
        for row in &mut board.appointments {
            keep_newer(row, &known.appointments);
        }
    }
    let until = model.now + FRESH;
    let before = model.today.board.take();
    if let Some(before) = before.filter(|before| before.date == board.date) {
        let is_known = |row: &&BoardRow| before.appointments.iter().any(|known| known.is_same(row));
        let fresh = board.appointments.iter().filter(|row| !is_known(row));
        model.today.fresh.extend(fresh.map(|row| (row.id, until)));
    } else {
        model.today.fresh.clear();
    }
    // Who is selected stays, whatever became of them.
    model.today.held = model.today.list.selected().map(|row| row.id);
    let rows = shaped(&model.today, &board.appointments);
    model.today.board = Some(board);
    model.today.came = Some(model.now);
    prompt::look_again(model);
    book::look_again(model);
    rows
}

/// A row that was read before one's own step was done, and came after its answer, stays as the
/// answer told it; answers whether it does. It is being read again.
pub(crate) fn keep_newer<'a>(
    row: &mut BoardRow,
    known: impl IntoIterator<Item = &'a BoardRow>,
) -> bool {
    let mut known = known.into_iter();
    let newer = known.find(|known| known.id == row.id && known.version > row.version);
    if let Some(newer) = newer {
        *row = newer.clone();
    }
    newer.is_some()
}

/// How far the clinic's clocks are from UTC about now, as an appointment of these days tells that
/// has both times. A board of other days tells of another season.
fn zone(model: &Model, board: &Board) -> Option<FixedOffset> {
    let days = (board.date - model.now.date_naive()).num_days();
    if days.abs() > 1 {
        return None;
    }
    board.appointments.iter().find_map(|row| {
        let clock = NaiveTime::parse_from_str(row.starts.as_deref()?, "%H:%M").ok()?;
        let ahead = board.date.and_time(clock) - row.starts_at?.naive_utc();
        FixedOffset::east_opt(i32::try_from(ahead.num_seconds()).ok()?)
    })
}

/// What filter and search let through, in the order that is chosen.
pub(super) fn shaped(today: &Today, rows: &[BoardRow]) -> Vec<BoardRow> {
    let wanted = text::folded(today.finder.wanted());
    let is_shown = |row: &&BoardRow| {
        let stands = today.status.is_none_or(|status| row.status == status);
        (stands || today.held == Some(row.id)) && is_found(row, &wanted)
    };
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

/// Whether a row is meant by these words: each begins a part of the patient's name or of the
/// doctor's, or is the ticket or the number of the record.
fn is_found(row: &BoardRow, wanted: &str) -> bool {
    has_words(row, wanted, true)
}

/// The first of the rows on the screen whose patient is meant by what is searched for; else the first
/// of those of the doctor who is.
pub(super) fn first_found(today: &Today) -> usize {
    let wanted = text::folded(today.finder.wanted());
    let mut rows = today.list.rows.iter();
    rows.position(|row| has_words(row, &wanted, false))
        .unwrap_or(0)
}

fn has_words(row: &BoardRow, wanted: &str, of_doctor: bool) -> bool {
    let doctor = if of_doctor {
        row.doctor.full_name.as_str()
    } else {
        ""
    };
    let name = format!("{} {doctor}", row.patient.full_name);
    let record = labels::record_number(&row.patient).to_lowercase();
    let number = row.patient.number.to_string();
    let ticket = row.ticket.map(|ticket| ticket.to_string());
    wanted.split_whitespace().all(|word| {
        text::has(&name, word)
            || record == word
            || number == word
            || ticket.as_deref() == Some(word)
    })
}

/// Asks for the board again, without a word: the old one stays until the new one is there. When one
/// comes back to it, it is asked for anyway.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    match model.place {
        Place::Today => list::reread(model),
        _ => Vec::new(),
    }
}

/// When the board shows something else without anything happening.
pub(crate) fn next_wake(model: &Model) -> Option<Now> {
    let fresh = model.today.fresh.values().copied();
    fresh.filter(|at| *at > model.now).min()
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
    if appointment.date != board.date {
        let gone = &mut model.today.gone;
        gone.insert(appointment.id, appointment.version);
    }
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
    shape_again(model);
    prompt::look_again(model);
    book::look_again(model);
}

/// Shows and selects whom one has just booked, or taken in, if that is on the day of the screen: what
/// is done next is done with them.
pub(crate) fn arrived(model: &mut Model, now: &Appointment) {
    let until = model.now + FRESH;
    let Some(board) = model.today.board.as_mut() else {
        return;
    };
    if now.date != board.date {
        return;
    }
    if board.appointments.iter().all(|row| row.id != now.id) {
        let after = |row: &BoardRow| row.starts_at > now.starts_at;
        let at = board.appointments.iter().position(after);
        let at = at.unwrap_or(board.appointments.len());
        board.appointments.insert(at, new_row(now));
    }
    model.today.fresh.insert(now.id, until);
    model.today.held = Some(now.id);
    super::shape(model);
    let rows = &mut model.today.list;
    if let Some(at) = rows.rows.iter().position(|row| row.id == now.id) {
        rows.cursor = at;
    }
}

/// The row of an appointment, as far as it tells it: the rest comes with the board.
fn new_row(now: &Appointment) -> BoardRow {
    let mut row = BoardRow {
        id: now.id,
        starts: None,
        ends: None,
        starts_at: None,
        window: None,
        appointment_type: now.appointment_type,
        status: now.status,
        patient: now.patient.clone(),
        patient_birth_date: now.patient_birth_date,
        patient_phone: now.patient_phone.clone(),
        patient_no_shows: 0,
        doctor: now.doctor.clone(),
        title: None,
        ticket: None,
        room: None,
        priority: now.priority,
        checked_in_at: None,
        called_at: None,
        started_at: None,
        completed_at: None,
        waiting_minutes: None,
        wait_level: None,
        expected_at: None,
        expected: None,
        overbooked: now.overbooked,
        walk_in: now.walk_in,
        is_late: false,
        version: now.version,
    };
    update(&mut row, now);
    row
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
