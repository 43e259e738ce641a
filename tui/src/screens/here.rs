//! The appointment that commands are about: on the board, in a queue, or in the record over either.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Appointment, Person};
use clinic_shared::desk::queue::{BoardRow, DoctorDay};
use uuid::Uuid;

use super::place::Place;
use super::{queue, today};
use crate::app::Model;
use crate::effect::Effect;

/// The appointment whose record is open, else the selected one, if the rows are those on the screen.
pub(crate) fn row(model: &Model) -> Option<&BoardRow> {
    match model.place {
        Place::Queue => queue::selected(model),
        _ => today::selected(model),
    }
}

/// The day on the screen.
pub(crate) fn day(model: &Model) -> NaiveDate {
    match model.place {
        Place::Queue => queue::day(model),
        _ => today::day(model),
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

/// The version of an appointment as it is on the screen by now.
pub(crate) fn version(model: &Model, id: i64) -> Option<i64> {
    let known = match model.place {
        Place::Queue => queue::find(model, id),
        _ => today::find(model, id),
    };
    known.map(|row| row.version)
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
        _ => today::reload(model),
    }
}
