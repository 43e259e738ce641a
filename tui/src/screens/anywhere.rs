//! What is begun wherever one is: a booking, and taking in somebody who came. Who is selected or
//! open comes along.

use clinic_shared::desk::patients::PatientRow;
use uuid::Uuid;

use super::contacts::acts;
use super::place::Place;
use super::record::{self, Subject};
use super::waitlist;
use super::{book, deeds, list, patients, queue, walk_in};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::Effect;
use crate::layers::Layer;

/// Whether something of the front desk can be begun over what is there.
fn can_begin(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    if queue::is_doctor(model) {
        return no("That is for the front desk; you see your queue.");
    }
    if !model.session.is_in() {
        return no("Sign in first.");
    }
    match model.acting() {
        None | Some(Layer::Record(_) | Layer::Pane(_) | Layer::Log(_)) => Availability::Ok,
        Some(Layer::Dialog(_)) => no("Answer the question first."),
        Some(Layer::Book(_)) => no("First finish the booking that is open."),
        Some(_) => no("First finish what is open."),
    }
}

/// What has a way of its own to be booked for.
enum Own {
    /// Who wrote to the clinic.
    Contact,
    /// Who waits for an earlier time.
    Waiting,
}

fn own(model: &Model) -> Option<Own> {
    match (model.acting(), record::acting(model), model.place) {
        (_, Some(Subject::Contact(_)), _) => Some(Own::Contact),
        (None, _, Place::Contacts) if list::has_selected(model) => Some(Own::Contact),
        (None, _, Place::Waitlist) if list::has_selected(model) => Some(Own::Waiting),
        _ => None,
    }
}

/// Whether a booking can be begun.
pub(crate) fn can_book(model: &Model) -> Availability {
    match can_begin(model) {
        Availability::Ok => {}
        cannot => return cannot,
    }
    match own(model) {
        Some(Own::Contact) => acts::may(model, acts::Act::Book),
        Some(Own::Waiting) => waitlist::may(model, waitlist::Act::Book),
        None => book::can_begin(model),
    }
}

/// Books for who is selected or open, or with the doctor who is.
pub(crate) fn book(model: &mut Model) -> Vec<Effect> {
    match own(model) {
        Some(Own::Contact) => acts::act(model, acts::Act::Book),
        Some(Own::Waiting) => waitlist::act(model, waitlist::Act::Book),
        None => book::open(model),
    }
}

/// Whether somebody can be taken in.
pub(crate) fn can_take_in(model: &Model) -> Availability {
    let is_arrival = |layer: &Layer| matches!(layer, Layer::Arrival(_));
    match can_begin(model) {
        Availability::Ok if book::top(model).is_some() => {
            Availability::Disabled("First finish the booking that is open.".into())
        }
        Availability::Ok if model.layers.iter().any(is_arrival) => {
            Availability::Disabled("First finish what is open.".into())
        }
        Availability::Ok => deeds::can_send(model),
        cannot => cannot,
    }
}

/// Takes in who came: whose record is selected or open, else it is asked who it is. On the board
/// and in a queue the selected one has an appointment: it is somebody else who came.
pub(crate) fn take_in(model: &mut Model) -> Vec<Effect> {
    let doctor = doctor(model).map(|(id, _)| id);
    match patient(model) {
        Some(patient) => walk_in::open_for(model, &patient),
        None => walk_in::open(model, doctor),
    }
}

/// The patient whose record is open, or selected in the list of patients.
fn patient(model: &Model) -> Option<PatientRow> {
    match record::acting(model) {
        Some(Subject::Patient(known)) => {
            let full = known.value().map(patients::row_of);
            full.or_else(|| known.row.clone())
        }
        Some(_) => None,
        None if model.place == Place::Patients => model.patients.list.selected().cloned(),
        None => None,
    }
}

/// The doctor whose record is open, who is selected in the list of doctors, or whose queue it is.
/// Nobody is booked with a doctor who is not verified.
pub(crate) fn doctor(model: &Model) -> Option<(Uuid, String)> {
    let row = match record::acting(model) {
        Some(Subject::Doctor(known)) => known.row.as_ref(),
        Some(_) => return None,
        None if model.place == Place::Doctors => model.doctors.list.selected(),
        None if model.place == Place::Queue => {
            let doctor = queue::doctor(model)?;
            return Some((doctor.id, doctor.full_name.clone()));
        }
        None => None,
    };
    let row = row.filter(|row| row.is_verified)?;
    Some((row.id, row.full_name.clone()))
}
