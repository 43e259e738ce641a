//! Whether a command can be run now, and why not.

use super::Availability;
use crate::app::{Link, Model, Session};
use crate::layers::Layer;
use crate::screens::away::told;
use crate::screens::book::Step;
use crate::screens::place::Place;
use crate::screens::record::{self, Subject};
use crate::screens::{finder, list, patient_form, queue};

fn only_if(condition: bool, otherwise: &'static str) -> Availability {
    if condition {
        Availability::Ok
    } else {
        Availability::Disabled(otherwise.into())
    }
}

/// Whether there is a row that has a record to open.
pub(super) fn can_open_row(model: &Model) -> Availability {
    match model.place {
        Place::Sessions => {
            Availability::Disabled("A session has no record; x ends the selected one.".into())
        }
        _ => has_selected(model),
    }
}

pub(super) fn has_selected(model: &Model) -> Availability {
    let why = match model.place {
        Place::Today | Place::Queue => "No appointment is selected.",
        Place::Patients => "No patient is selected.",
        Place::Doctors => "No doctor is selected.",
        Place::Contacts => "No contact request is selected.",
        Place::Users => "No account is selected.",
        Place::Sessions => "No session is selected.",
        Place::Waitlist => "Nobody who waits is selected.",
        Place::Decisions => "Nothing to decide is selected.",
        Place::Audit => "No row of the audit is selected.",
    };
    let why = match &model.link {
        _ if list::is_current_here(model) => why,
        Link::Up => list::STILL_LOADING,
        Link::Down { .. } => "The server does not answer.",
    };
    only_if(list::has_selected(model), why)
}

pub(super) fn has_finder(model: &Model) -> Availability {
    only_if(
        finder::here(model).is_some(),
        "This list has no search field.",
    )
}

/// Whether whoever sits here works at the front desk.
pub(super) fn is_staff(model: &Model) -> Availability {
    only_if(
        !queue::is_doctor(model),
        "That is for the front desk; you see your queue.",
    )
}

/// Whether one can go to a place of the front desk.
pub(super) fn can_go_desk(model: &Model) -> Availability {
    match is_staff(model) {
        Availability::Ok => can_go(model),
        no => no,
    }
}

/// Whether one can go to a doctor's queue.
pub(super) fn can_go_queue(model: &Model) -> Availability {
    match queue::has_doctor(model) {
        Availability::Ok => can_go(model),
        no => no,
    }
}

/// Whether one can leave what lies over the list.
pub(crate) fn can_go(model: &Model) -> Availability {
    match model.acting() {
        Some(Layer::SignIn(_)) => Availability::Disabled("Sign in first.".into()),
        Some(Layer::Ask(ask)) if ask.kind.is_sign_in() => {
            Availability::Disabled("Sign in first.".into())
        }
        Some(Layer::Dialog(_)) => Availability::Disabled("Answer the question first.".into()),
        _ => only_if(!model.has_unsaved(), "Save or discard the form first."),
    }
}

/// Whether something can be opened over the list or a record.
pub(super) fn can_open(model: &Model) -> Availability {
    match model.acting() {
        None | Some(Layer::Record(_) | Layer::Pane(_)) => can_ask(model),
        _ => can_go(model),
    }
}

/// Whether the list of whom to phone can be shown.
pub(super) fn can_phone(model: &Model) -> Availability {
    match told::has_any(model) {
        Availability::Ok => can_open(model),
        no => no,
    }
}

pub(super) fn can_ask(model: &Model) -> Availability {
    only_if(model.session.is_in(), "Sign in first.")
}

/// Whether Enter has a line to take in a booking.
pub(super) fn has_line(model: &Model) -> Availability {
    let Some(Layer::Book(book)) = model.acting() else {
        return Availability::Ok;
    };
    match book.step {
        Step::With => only_if(
            !book.goals().is_empty(),
            "Nothing is there to choose; type a doctor or what it is for.",
        ),
        Step::When => only_if(
            book.day.is_some() || !book.picks().is_empty(),
            "No time is there to choose; look at another week, or at another part of the day.",
        ),
        Step::Who | Step::Confirm => Availability::Ok,
    }
}

/// Whether there is somebody to give it to.
pub(super) fn has_colleague(model: &Model) -> Availability {
    let is_there = match model.acting() {
        Some(Layer::Staff(staff)) => !staff.lines().is_empty(),
        _ => true,
    };
    only_if(is_there, "Nobody has this name.")
}

pub(super) fn has_record(model: &Model) -> Availability {
    let is_there = record::acting(model).is_some_and(Subject::is_loaded);
    let why = if model.link == Link::Up {
        "The record is not loaded yet."
    } else {
        record::UNREAD
    };
    only_if(is_there, why)
}

pub(super) fn is_over_list(model: &Model) -> Availability {
    let layers = model
        .layers
        .iter()
        .filter(|layer| !matches!(layer, Layer::Picker(_)))
        .count();
    only_if(layers == 1, "This record was not opened from the list.")
}

pub(super) fn has_candidate(model: &Model) -> Availability {
    let is_there = patient_form::top(model).is_some_and(|form| !form.candidates.is_empty());
    only_if(is_there, "No similar record was found.")
}

pub(super) fn is_not_saving(model: &Model) -> Availability {
    only_if(
        !patient_form::is_saving(model),
        "The server is saving; wait for its answer.",
    )
}

pub(super) fn can_save(model: &Model) -> Availability {
    if let Some(obstacle) = model.link.obstacle() {
        return Availability::Disabled(obstacle.into());
    }
    is_not_saving(model)
}

pub(super) fn has_servers(model: &Model) -> Availability {
    only_if(
        model.servers.len() > 1,
        "The configuration file names no other server.",
    )
}

pub(super) fn can_sign_out(model: &Model) -> Availability {
    if model.has_unsaved() {
        return Availability::Disabled("Save or discard the form first.".into());
    }
    only_if(
        matches!(model.session, Session::In(_)),
        "Nobody is signed in.",
    )
}
