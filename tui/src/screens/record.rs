//! One record: a drawer beside the list where there is room, else over it. What the list knew is
//! shown until the record is there.

pub(crate) mod appointment;
pub(crate) mod audit;
pub(crate) mod contact;
pub(crate) mod doctor;
pub(crate) mod matter;
pub(crate) mod patient;
pub(crate) mod steps;
pub(crate) mod story;
pub(crate) mod user;
mod view;

use clinic_shared::client::{Error, Refused, Tagged};
use clinic_shared::desk::appointments::{Appointment, AppointmentRow};
use clinic_shared::desk::audit::Row;
use clinic_shared::desk::contacts::Contact;
use clinic_shared::desk::doctors::{Doctor, DoctorRow};
use clinic_shared::desk::patients::{Patient, PatientRow};
use clinic_shared::desk::users::User;
use clinic_shared::v1::events::{Event, EventKind};
use uuid::Uuid;

use crate::app::{Model, Tone, want};
use crate::command::Scope;
use crate::effect::{AdminCall, AdminReply, Call, Effect, Matter, Part, Reply, Slot};
use crate::layers::Layer;

use steps::Steps;
use story::Story;
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
    /// Something happened to it since it was read.
    is_old: bool,
    /// What was booked, and which records it took in.
    pub(crate) story: Story,
    /// What was done to it, if it is an appointment.
    steps: Steps,
}

/// What a record is about.
#[derive(Debug)]
pub(crate) enum Subject {
    Patient(Known<Uuid, PatientRow, Patient>),
    Appointment(Known<i64, AppointmentRow, Appointment>),
    Doctor(Known<Uuid, DoctorRow, Doctor>),
    Contact(Known<i64, Contact, Contact>),
    User(Known<Uuid, User, User>),
    Matter(Known<(Part, i64), Matter, Matter>),
    /// The list has all of it: nothing is asked.
    Audit(Box<Row>),
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
            Subject::Matter(_) => Scope::Ruling,
            Subject::Audit(_) => Scope::AuditRow,
        }
    }

    /// Asks for it, if there is more to know.
    fn call(&self) -> Option<Call> {
        let call = match self {
            Subject::Patient(known) => Call::Patient(known.id),
            Subject::Appointment(known) => Call::Appointment(known.id),
            Subject::Doctor(known) => Call::Doctor(known.id),
            Subject::Contact(known) => Call::Contact(known.id),
            Subject::User(known) => Call::User(known.id),
            Subject::Matter(known) => Call::Admin(AdminCall::Matter(known.id.0, known.id.1)),
            Subject::Audit(_) => return None,
        };
        Some(call)
    }

    /// Whether the record is there.
    pub(crate) const fn is_loaded(&self) -> bool {
        match self {
            Subject::Patient(known) => known.full.is_some(),
            Subject::Appointment(known) => known.full.is_some(),
            Subject::Doctor(known) => known.full.is_some(),
            Subject::Contact(known) => known.full.is_some(),
            Subject::User(known) => known.full.is_some(),
            Subject::Matter(known) => known.full.is_some(),
            Subject::Audit(_) => true,
        }
    }

    /// Whether it is what something happened to. Of accounts, of what is to be decided and of the
    /// audit the server tells nothing.
    fn is_met_by(&self, event: &Event) -> bool {
        let is_met = match self {
            Subject::Patient(known) => event.patient == Some(known.id),
            Subject::Appointment(known) => event.object == Some(known.id),
            // Without a doctor it is the whole clinic's.
            Subject::Doctor(known) => event.doctor.is_none_or(|id| id == known.id),
            Subject::Contact(known) => event.object == Some(known.id),
            Subject::User(_) | Subject::Matter(_) | Subject::Audit(_) => false,
        };
        let kind = match self {
            Subject::Patient(_) | Subject::User(_) | Subject::Matter(_) | Subject::Audit(_) => {
                EventKind::Patient
            }
            Subject::Appointment(_) => EventKind::Appointment,
            Subject::Doctor(_) => EventKind::Schedule,
            Subject::Contact(_) => EventKind::Contact,
        };
        is_met && event.kind == kind
    }

    fn forget(&mut self) {
        match self {
            Subject::Patient(known) => known.full = None,
            Subject::Appointment(known) => known.full = None,
            Subject::Doctor(known) => known.full = None,
            Subject::Contact(known) => known.full = None,
            Subject::User(known) => known.full = None,
            Subject::Matter(known) => known.full = None,
            Subject::Audit(_) => {}
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
            (Subject::Matter(known), Reply::Admin(AdminReply::Matter(full))) => {
                known.full = Some((**full).clone());
            }
            _ => {}
        }
    }
}

impl Record {
    fn new(subject: Subject) -> Self {
        Self {
            subject,
            top: 0,
            error: None,
            is_old: false,
            story: Story::default(),
            steps: Steps::default(),
        }
    }

    /// The patient whose record it is, if it is one.
    pub(crate) const fn patient(&self) -> Option<Uuid> {
        match &self.subject {
            Subject::Patient(known) => Some(known.id),
            _ => None,
        }
    }

    /// The appointment whose record it is, if it is one.
    const fn appointment(&self) -> Option<i64> {
        match &self.subject {
            Subject::Appointment(known) => Some(known.id),
            _ => None,
        }
    }

    /// Whether what stands below the record was read, too.
    const fn is_whole(&self) -> bool {
        match &self.subject {
            Subject::Patient(_) => self.story.sums.is_some(),
            Subject::Appointment(_) => self.steps.is_there(),
            _ => true,
        }
    }

    /// The scope of its own keys: those of what is chosen in it come first.
    pub(crate) fn scope(&self) -> Scope {
        match (&self.subject, self.story.chosen()) {
            (Subject::Patient(_), Some(_)) => Scope::Visit,
            (subject, _) => subject.scope(),
        }
    }

    fn take(&mut self, reply: &Reply) {
        self.subject.take(reply);
        self.error = None;
        if let (Subject::Appointment(_), Reply::Appointment(whole)) = (&self.subject, reply) {
            self.story = Story::of_appointment(&whole.value);
        }
    }
}

/// Opens a record on top of what is there.
pub(crate) fn open(model: &mut Model, subject: Subject) -> Vec<Effect> {
    let call = subject.call();
    let mut effects: Vec<Effect> = call
        .map(|call| model.call(Slot::Record, call))
        .into_iter()
        .collect();
    effects.extend(story::ask(model, &subject));
    effects.extend(steps::ask(model, &subject));
    let record = Record::new(subject);
    model.layers.push(Layer::Record(Box::new(record)));
    effects
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
    match model.layers.last_mut() {
        Some(Layer::Record(record)) => {
            record.is_old = false;
            let call = record.subject.call();
            let mut effects: Vec<Effect> = call
                .map(|call| model.call(Slot::Record, call))
                .into_iter()
                .collect();
            effects.extend(story::reload(model));
            effects.extend(steps::reload(model));
            effects
        }
        _ => Vec::new(),
    }
}

/// Closes the record on top. One beneath it that never came, or is old, is asked for again.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.layers.last(), Some(Layer::Record(_))) {
        return Vec::new();
    }
    model.layers.pop();
    let slots = [
        Slot::Record,
        Slot::Visits,
        Slot::Merges,
        Slot::Waits,
        Slot::Steps,
    ];
    let mut effects: Vec<Effect> = slots
        .into_iter()
        .flat_map(|slot| model.abandon(slot))
        .collect();
    let is_due =
        |record: &Record| record.is_old || !record.subject.is_loaded() || !record.is_whole();
    if let Some(Layer::Record(record)) = model.acting()
        && is_due(record)
    {
        effects.extend(refresh(model));
    }
    effects
}

/// What happened to an open record has it read again.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let mut effects = story::happened(model, event);
    effects.extend(mark_old(model, |record| record.subject.is_met_by(event)));
    effects
}

/// Reads what is open again.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    mark_old(model, |_| true)
}

/// The uppermost one is read again at once, the others when they come up.
fn mark_old(model: &mut Model, is_old: impl Fn(&Record) -> bool) -> Vec<Effect> {
    let mut is_any = false;
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && is_old(record)
        {
            record.is_old = true;
            is_any = true;
        }
    }
    match is_any {
        true => want(model, Slot::Record, renew),
        false => Vec::new(),
    }
}

fn renew(model: &mut Model) -> Vec<Effect> {
    let open = model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Record(record) => Some(record),
        _ => None,
    });
    let Some(record) = open else {
        return Vec::new();
    };
    let is_old = std::mem::take(&mut record.is_old);
    match is_old.then(|| record.subject.call()).flatten() {
        Some(call) => vec![model.call(Slot::Record, call)],
        None => Vec::new(),
    }
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
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) -> Vec<Effect> {
    if let Ok(reply) = &result {
        show_in_list(model, reply);
    }
    let open = model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Record(record) if record.subject.call().as_ref() == Some(call) => Some(record),
        _ => None,
    });
    let Some(record) = open else {
        return Vec::new();
    };
    match result {
        Ok(reply) => record.take(&reply),
        Err(Error::Refused(refused)) if refused.merged_into.is_some() => {
            return follow_merge(model, call, &refused);
        }
        Err(Error::Refused(refused)) if refused.status == 404 => {
            record.subject.forget();
            record.story = Story::default();
            record.steps = Steps::default();
            record.error = Some("This record is not there any more.".to_owned());
        }
        Err(Error::Unreachable(_) | Error::SignedOut) => {}
        Err(error) => record.error = Some(error.to_string()),
    }
    steps::catch_up(model)
}

/// The record is another one's now: that one is opened in its place.
fn follow_merge(model: &mut Model, merged: &Call, refused: &Refused) -> Vec<Effect> {
    let Some(id) = refused.merged_into else {
        return Vec::new();
    };
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.subject.call().as_ref() == Some(merged)
        {
            **record = Record::new(Subject::Patient(Known {
                id,
                row: None,
                full: None,
            }));
        }
    }
    let text = format!("{} That one is open now.", refused.detail);
    model.toast(Tone::Info, text);
    vec![model.call(Slot::Record, Call::Patient(id))]
}

fn show_in_list(model: &mut Model, reply: &Reply) {
    match reply {
        Reply::Patient(tagged) => super::patients::saved(model, &tagged.value),
        Reply::Appointment(tagged) => {
            super::here::saved(model, &tagged.value);
            story::saved(model, &tagged.value);
        }
        Reply::Doctor(tagged) => super::doctors::saved(model, &tagged.value),
        Reply::Contact(tagged) => model.contacts.list.replace(tagged.value.clone()),
        Reply::User(tagged) => model.users.list.replace(tagged.value.clone()),
        Reply::Admin(AdminReply::Matter(tagged)) => {
            model.decisions.list.replace(tagged.value.clone());
        }
        _ => {}
    }
}

/// Shows a reply in every open record that is about the same.
pub(crate) fn show(model: &mut Model, call: &Call, reply: &Reply) {
    show_in_list(model, reply);
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.subject.call().as_ref() == Some(call)
        {
            record.take(reply);
        }
    }
}
