//! The appointment that commands are about: on the board, in a queue, or in a record.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Appointment, Person};
use clinic_shared::desk::queue::{BoardRow, DoctorDay};
use uuid::Uuid;

use super::list;
use super::place::Place;
use super::queue::Turn;
use super::record::{self, Subject};
use super::{queue, today};
use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;

/// The appointment that is meant: the one whose record is open, or that is chosen in its patient's,
/// else the selected one, if the rows are those on the screen.
pub(crate) fn row(model: &Model) -> Option<&BoardRow> {
    let Some(Layer::Record(record)) = model.acting() else {
        return listed(model);
    };
    let told = record.story.row();
    let id = match (&record.subject, told) {
        (Subject::Appointment(known), _) => known.id,
        (Subject::Patient(_), told) => told?.id,
        _ => return listed(model),
    };
    // Whichever came last.
    match (find(model, id).filter(|_| is_current(model)), told) {
        (Some(row), Some(told)) if told.version > row.version => Some(told),
        (row, told) => row.or(told),
    }
}

fn listed(model: &Model) -> Option<&BoardRow> {
    match model.place {
        Place::Queue => queue::selected(model),
        _ => today::selected(model),
    }
}

fn is_current(model: &Model) -> bool {
    match model.place {
        Place::Queue => list::is_current::<Turn>(model),
        _ => list::is_current::<BoardRow>(model),
    }
}

/// The day of the appointment that is meant.
pub(crate) fn day(model: &Model) -> NaiveDate {
    let told = match model.acting() {
        Some(Layer::Record(record)) => record.story.booking(),
        _ => None,
    };
    match (told, model.place) {
        (Some(booking), _) => booking.whole.date,
        (None, Place::Queue) => queue::day(model),
        (None, _) => today::day(model),
    }
}

/// The doctor of whom it can be said that they run late: whose queue it is, or whose appointment.
pub(crate) fn doctor(model: &Model) -> Option<Person> {
    match model.place {
        Place::Queue => queue::doctor(model).cloned(),
        _ => row(model).map(|row| row.doctor.clone()),
    }
}

/// How many minutes a doctor runs late on the day on the screen.
pub(crate) fn late_minutes(model: &Model, doctor: Uuid) -> i64 {
    match model.place {
        Place::Queue => queue::late_minutes(model),
        _ => today::late_minutes(model, doctor),
    }
}

/// An appointment of the rows that the screen has.
pub(crate) fn find(model: &Model, id: i64) -> Option<&BoardRow> {
    match model.place {
        Place::Queue => queue::find(model, id),
        _ => today::find(model, id),
    }
}

/// The appointments of the day that the screen has, and the one that is meant.
pub(crate) fn rows(model: &Model) -> impl Iterator<Item = &BoardRow> {
    let of_queue = model.turns.list.rows.iter().map(|turn| &turn.0);
    let of_queue = of_queue.filter(|_| model.place == Place::Queue);
    let of_board = model.today.board.iter();
    let of_board = of_board
        .filter(|_| model.place != Place::Queue)
        .filter(|board| board.date == model.today())
        .flat_map(|board| &board.appointments);
    let known = of_queue.chain(of_board);
    // One of a record may be of none of these rows.
    let meant = row(model).filter(|row| find(model, row.id).is_none());
    known.chain(meant)
}

/// The version of an appointment as the screen shows it.
pub(crate) fn version(model: &Model, id: i64) -> Option<i64> {
    let row = find(model, id).map(|row| row.version);
    row.max(record::story::version(model, id))
}

/// Shows an appointment as it is now, wherever it is a row.
pub(crate) fn saved(model: &mut Model, appointment: &Appointment) {
    today::saved(model, appointment);
    queue::saved(model, appointment);
}

/// Shows how late a doctor runs now.
pub(crate) fn saved_lateness(model: &mut Model, day: &DoctorDay) {
    today::saved_lateness(model, day);
    queue::saved_lateness(model, day);
}

/// Asks again for what is on the screen, without a word.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    match model.place {
        Place::Queue => queue::reload(model),
        Place::Waitlist | Place::Decisions | Place::Audit => list::reread(model),
        _ => today::reload(model),
    }
}
