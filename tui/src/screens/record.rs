//! One record: a drawer beside the list where there is room, else over it. What the list knew is
//! shown until the record is there.

pub(crate) mod appointment;
pub(crate) mod contact;
pub(crate) mod doctor;
pub(crate) mod patient;
pub(crate) mod user;
mod view;

use clinic_shared::client::{Error, Tagged};
use clinic_shared::desk::appointments::{Appointment, AppointmentRow};
use clinic_shared::desk::contacts::Contact;
use clinic_shared::desk::doctors::{Doctor, DoctorRow};
use clinic_shared::desk::patients::{Patient, PatientRow};
use clinic_shared::desk::users::User;
use uuid::Uuid;

use crate::app::Model;
use crate::command::Scope;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;

pub(crate) use view::draw;

/// Why a record can't be seen or changed while the server is away.
pub(crate) const UNREAD: &str =
    "The record can't be read now; it is asked for again when the server answers.";

/// What the drawer shows.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) subject: Subject,
    /// Lines scrolled past.
    pub(crate) top: usize,
    /// Why there is no record.
    pub(crate) error: Option<String>,
}

/// What a record is about.
#[derive(Debug)]
pub(crate) enum Subject {
    Patient(Known<Uuid, PatientRow, Patient>),
    Appointment(Known<i64, AppointmentRow, Appointment>),
    Doctor(Known<Uuid, DoctorRow, Doctor>),
    Contact(Known<i64, Contact, Contact>),
    User(Known<Uuid, User, User>),
}

/// What is known of a record.
#[derive(Debug)]
pub(crate) struct Known<Id, Row, Full> {
    pub(crate) id: Id,
    /// What the list knew: shown until the record is there.
    pub(crate) row: Option<Row>,
    /// The record with its version, which is sent back with a change.
    pub(crate) full: Option<Tagged<Full>>,
}

impl<Id, Row, Full> Known<Id, Row, Full> {
    /// A record that is still to come.
    pub(crate) const fn row(id: Id, row: Row) -> Self {
        Self {
            id,
            row: Some(row),
            full: None,
        }
    }

    /// The record, once it is there.
    pub(crate) fn value(&self) -> Option<&Full> {
        self.full.as_ref().map(|tagged| &tagged.value)
    }
}

impl Subject {
    /// The scope of its own keys.
    pub(crate) const fn scope(&self) -> Scope {
        match self {
            Subject::Patient(_) => Scope::Patient,
            Subject::Appointment(_) => Scope::Appointment,
            Subject::Doctor(_) => Scope::Doctor,
            Subject::Contact(_) => Scope::Contact,
            Subject::User(_) => Scope::User,
        }
    }

    /// Asks for it.
    fn call(&self) -> Call {
        match self {
            Subject::Patient(known) => Call::Patient(known.id),
            Subject::Appointment(known) => Call::Appointment(known.id),
            Subject::Doctor(known) => Call::Doctor(known.id),
            Subject::Contact(known) => Call::Contact(known.id),
            Subject::User(known) => Call::User(known.id),
        }
    }

    /// Whether the record is there.
    pub(crate) const fn is_loaded(&self) -> bool {
        match self {
            Subject::Patient(known) => known.full.is_some(),
            Subject::Appointment(known) => known.full.is_some(),
            Subject::Doctor(known) => known.full.is_some(),
            Subject::Contact(known) => known.full.is_some(),
            Subject::User(known) => known.full.is_some(),
        }
    }

    fn forget(&mut self) {
        match self {
            Subject::Patient(known) => known.full = None,
            Subject::Appointment(known) => known.full = None,
            Subject::Doctor(known) => known.full = None,
            Subject::Contact(known) => known.full = None,
            Subject::User(known) => known.full = None,
        }
    }

    /// Takes in the record, if this is it.
    fn take(&mut self, reply: &Reply) {
        match (self, reply) {
            (Subject::Patient(known), Reply::Patient(full)) => known.full = Some((**full).clone()),
            (Subject::Appointment(known), Reply::Appointment(full)) => {
                known.full = Some((**full).clone());
            }
            (Subject::Doctor(known), Reply::Doctor(full)) => known.full = Some((**full).clone()),
            (Subject::Contact(known), Reply::Contact(full)) => known.full = Some((**full).clone()),
            (Subject::User(known), Reply::User(full)) => known.full = Some((**full).clone()),
            _ => {}
        }
    }
}

impl Record {
    const fn new(subject: Subject) -> Self {
        Self {
            subject,
            top: 0,
            error: None,
        }
    }
}

/// Opens a record on top of what is there.
pub(crate) fn open(model: &mut Model, subject: Subject) -> Vec<Effect> {
    let call = subject.call();
    let record = Record::new(subject);
    model.layers.push(Layer::Record(Box::new(record)));
    vec![model.call(Slot::Record, call)]
}

/// The record that commands are about, if one is.
pub(crate) fn acting(model: &Model) -> Option<&Subject> {
    match model.acting() {
        Some(Layer::Record(record)) => Some(&record.subject),
        _ => None,
    }
}

/// Asks for the record on top again.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Record(record)) => {
            let call = record.subject.call();
            vec![model.call(Slot::Record, call)]
        }
        _ => Vec::new(),
    }
}

/// Closes the record on top. One beneath it that never came is asked for again.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.layers.last(), Some(Layer::Record(_))) {
        return Vec::new();
    }
    model.layers.pop();
    let mut effects = model.abandon(Slot::Record);
    if acting(model).is_some_and(|subject| !subject.is_loaded()) {
        effects.extend(refresh(model));
    }
    effects
}

/// Opens the neighbour in the list instead.
pub(crate) fn turn(model: &mut Model, step: isize) -> Vec<Effect> {
    let is_over_list = model.layers.len() == 1;
    let list = model.place.list();
    if !is_over_list || !list.step(model, step) {
        return Vec::new();
    }
    model.layers.pop();
    list.open(model)
}

/// Scrolls the record on top by so many lines.
pub(crate) fn scroll(model: &mut Model, lines: isize) {
    let longest = view::overflow(model);
    if let Some(Layer::Record(record)) = model.layers.last_mut() {
        record.top = record.top.saturating_add_signed(lines).min(longest);
    }
}

/// Takes in a record: into its row of the list, and into the record that waits for it.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    if let Ok(reply) = &result {
        show_in_list(model, reply);
    }
    let open = model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Record(record) if record.subject.call() == *call => Some(record),
        _ => None,
    });
    let Some(record) = open else { return };
    match result {
        Ok(reply) => {
            record.subject.take(&reply);
            record.error = None;
        }
        Err(Error::Refused(refused)) if refused.status == 404 => {
            record.subject.forget();
            record.error = Some("This record is not there any more.".to_owned());
        }
        Err(Error::Unreachable(_) | Error::SignedOut) => {}
        Err(error) => record.error = Some(error.to_string()),
    }
}

fn show_in_list(model: &mut Model, reply: &Reply) {
    match reply {
        Reply::Patient(tagged) => super::patients::saved(model, &tagged.value),
        Reply::Appointment(tagged) => super::here::saved(model, &tagged.value),
        Reply::Doctor(tagged) => super::doctors::saved(model, &tagged.value),
        Reply::Contact(tagged) => model.contacts.list.replace(tagged.value.clone()),
        Reply::User(tagged) => model.users.list.replace(tagged.value.clone()),
        _ => {}
    }
}

/// Shows a reply in every open record that is about the same.
pub(crate) fn show(model: &mut Model, call: &Call, reply: &Reply) {
    show_in_list(model, reply);
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.subject.call() == *call
        {
            record.subject.take(reply);
            record.error = None;
        }
    }
}
