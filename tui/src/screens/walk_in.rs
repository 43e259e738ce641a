//! Somebody came without being booked: who it is, to whom, and the ticket they get. People with a
//! record are looked for while the name is typed.

mod people;
mod take_in;
mod view;

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Person, Status};
use clinic_shared::desk::patients::PatientRow;
use clinic_shared::desk::queue::{Board, BoardRow, WalkIn};
use tui_input::InputRequest;
use uuid::Uuid;

use super::deeds;
use super::dialog::{Choice, Dialog};
use super::patient_form::field::{FormField, Kind};
use crate::ahead::Ahead;
use crate::app::Model;
use crate::effect::{Deed, Effect, Slot};
use crate::layers::Layer;
use crate::text;

pub(crate) use people::{can_register, choose, found, give, register, step};
pub(crate) use take_in::{can_enter, can_take_in, done, enter, failed, say, take_back, take_in};
pub(crate) use view::{draw, person_in_words};

/// What of a person is asked.
const PERSON: [Kind; 3] = [Kind::FullName, Kind::BirthDate, Kind::Phone];

/// The field after these: to whom.
pub(crate) const WHOM: usize = PERSON.len();

/// The form.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) fields: Vec<FormField>,
    pub(crate) focus: usize,
    /// Who it is, once somebody with a record was chosen.
    pub(crate) known: Option<PatientRow>,
    /// Who it may be.
    pub(crate) people: Vec<PatientRow>,
    /// Which of them is selected.
    pub(crate) cursor: Option<usize>,
    /// The server asks whether it is one of them.
    pub(crate) must_choose: bool,
    /// Who is here already by the same name and birth date is somebody else: that was asked.
    is_another: bool,
    /// What is typed to choose the doctor.
    ahead: Ahead,
    /// Who works today.
    pub(crate) doctors: Vec<Person>,
    /// To whom; none: whoever is free first.
    pub(crate) doctor: Option<usize>,
    /// That they are taken in beside their appointment of today was said.
    is_beside: bool,
    /// What is wrong, or why they were not taken in.
    pub(crate) message: Option<String>,
    /// What was sent and waits for the answer.
    sent: Option<WalkIn>,
    /// They are taken in.
    pub(crate) ticket: Option<Ticket>,
}

/// What the patient is told.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) number: Option<i64>,
    pub(crate) who: String,
    pub(crate) doctor: String,
    pub(crate) room: Option<String>,
}

impl Arrival {
    /// Whether something was typed that would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.ticket.is_none() && self.fields.iter().any(FormField::is_changed)
    }

    /// Whether a field takes what is typed.
    pub(crate) const fn has_field(&self) -> bool {
        self.ticket.is_none()
    }

    pub(crate) const fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// To whom, in words: who is free first by name, if that is known.
    pub(crate) fn whom(&self, model: &Model) -> String {
        let doctor = self.doctor.and_then(|at| self.doctors.get(at));
        if let Some(doctor) = doctor {
            return doctor.full_name.clone();
        }
        match todays(model).and_then(|board| board.next_free.as_ref()) {
            Some(free) => format!("{}, {} (free first)", free.doctor.full_name, free.expected),
            None => "whoever is free first".to_owned(),
        }
    }

    /// The appointment of today that they may have come for.
    pub(crate) fn booked<'a>(&self, model: &'a Model) -> Option<&'a BoardRow> {
        let known = self.known.as_ref()?;
        let theirs = |row: &&BoardRow| {
            row.patient.id == known.id && matches!(row.status, Status::Pending | Status::Confirmed)
        };
        todays(model)?.appointments.iter().find(theirs)
    }

    /// Where they are in the queue already, if they are.
    pub(crate) fn queued<'a>(&self, model: &'a Model) -> Option<&'a BoardRow> {
        queued(model, self.known.as_ref()?)
    }

    /// Whether they are in the queue already.
    pub(crate) fn is_queued(&self, model: &Model) -> bool {
        self.queued(model).is_some()
    }

    /// Who is here already by the name and the birth date that are typed.
    fn twin<'a>(&self, model: &'a Model) -> Option<&'a BoardRow> {
        let typed = self.form(model.now.date_naive(), false);
        let name = text::folded(&typed.full_name?);
        let is_same = |person: &&PatientRow| {
            person.birth_date.is_some()
                && person.birth_date == typed.birth_date
                && text::folded(&person.full_name) == name
        };
        let twins = self.people.iter().filter(is_same);
        twins.filter_map(|person| queued(model, person)).next()
    }

    fn text(&self, kind: Kind) -> Option<String> {
        let field = self.fields.iter().find(|field| field.kind == kind)?;
        Some(field.trimmed().to_owned()).filter(|text| !text.is_empty())
    }

    /// What is sent.
    fn form(&self, today: NaiveDate, anyway: bool) -> WalkIn {
        let doctor = self.doctor.and_then(|at| self.doctors.get(at));
        let to = WalkIn {
            doctor: doctor.map(|doctor| doctor.id),
            ..WalkIn::default()
        };
        if let Some(known) = &self.known {
            return WalkIn {
                patient: Some(known.id),
                ..to
            };
        }
        let born = self
            .fields
            .iter()
            .find(|field| field.kind == Kind::BirthDate);
        WalkIn {
            full_name: self.text(Kind::FullName),
            birth_date: born.and_then(|field| field.date(today)),
            phone: self.text(Kind::Phone),
            anyway: anyway.then_some(true),
            ..to
        }
    }

    /// The next doctor, or the one before; none stands before the first.
    fn turn(&mut self, forward: bool) {
        let count = self.doctors.len() + 1;
        let now = self.doctor.map_or(0, |at| at + 1);
        let by = if forward { 1 } else { count - 1 };
        self.doctor = ((now + by) % count).checked_sub(1);
    }

    /// To whom: a name is typed, or one goes from one to the next.
    fn edit_whom(&mut self, request: InputRequest) {
        match request {
            InputRequest::InsertChar(' ') if self.ahead.is_in_a_word() => {
                self.press(' ');
            }
            InputRequest::InsertChar(' ') | InputRequest::GoToNextChar => {
                self.ahead.clear();
                self.turn(true);
            }
            InputRequest::GoToPrevChar => {
                self.ahead.clear();
                self.turn(false);
            }
            InputRequest::InsertChar(letter) => self.press(letter),
            InputRequest::DeletePrevChar | InputRequest::DeleteLine => {
                self.ahead.clear();
                self.doctor = None;
            }
            _ => {}
        }
    }

    fn press(&mut self, letter: char) {
        let names = self.doctors.iter().map(|doctor| doctor.full_name.as_str());
        self.doctor = self.ahead.press(letter, names, self.doctor).or(self.doctor);
    }
}

/// The board, if it is today's.
fn todays(model: &Model) -> Option<&Board> {
    let board = model.today.board.as_deref();
    board.filter(|board| board.date == model.today())
}

/// Where somebody is in the queue of today.
fn queued<'a>(model: &'a Model, person: &PatientRow) -> Option<&'a BoardRow> {
    let theirs = |row: &&BoardRow| {
        row.patient.id == person.id && matches!(row.status, Status::CheckedIn | Status::Running)
    };
    todays(model)?.appointments.iter().find(theirs)
}

fn top(model: &mut Model) -> Option<&mut Arrival> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form.as_mut()),
        _ => None,
    })
}

/// The form, also beneath a question.
fn shown(model: &Model) -> Option<&Arrival> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form.as_ref()),
        _ => None,
    })
}

/// Takes in somebody with a record.
pub(crate) fn open_for(model: &mut Model, person: &PatientRow) -> Vec<Effect> {
    let effects = open(model, None);
    give(model, person);
    effects
}

/// Asks who came, to this doctor if they work today.
pub(crate) fn open(model: &mut Model, to: Option<Uuid>) -> Vec<Effect> {
    let doctors: Vec<Person> = todays(model).map_or_else(Vec::new, |board| {
        board.doctors.iter().map(|day| day.doctor.clone()).collect()
    });
    let form = Arrival {
        fields: PERSON.map(FormField::new).into_iter().collect(),
        focus: 0,
        known: None,
        people: Vec::new(),
        cursor: None,
        must_choose: false,
        is_another: false,
        ahead: Ahead::default(),
        doctor: doctors.iter().position(|doctor| Some(doctor.id) == to),
        doctors,
        is_beside: false,
        message: None,
        sent: None,
        ticket: None,
    };
    model.layers.push(Layer::Arrival(Box::new(form)));
    Vec::new()
}

/// Types into the field with the cursor; to whom is chosen, not typed.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let today = model.now.date_naive();
    let Some(form) = top(model) else {
        return Vec::new();
    };
    if form.focus >= WHOM {
        form.edit_whom(request);
        return Vec::new();
    }
    let Some(field) = form.fields.get_mut(form.focus) else {
        return Vec::new();
    };
    let before = field.value().to_owned();
    field.edit(request);
    if field.value() == before {
        return Vec::new();
    }
    field.refusal = None;
    field.check(today);
    // Another name is another person.
    form.known = None;
    form.is_beside = false;
    form.must_choose = false;
    form.is_another = false;
    form.message = None;
    form.cursor = None;
    people::look(model)
}

/// Goes to another field.
pub(crate) fn go(model: &mut Model, by: isize) {
    let today = model.now.date_naive();
    let Some(form) = top(model) else { return };
    if let Some(field) = form.fields.get_mut(form.focus)
        && form.known.is_none()
    {
        field.leave(today);
    }
    form.cursor = None;
    form.ahead.clear();
    let count = isize::try_from(WHOM + 1).unwrap_or(1);
    let next = (isize::try_from(form.focus).unwrap_or(0) + by).rem_euclid(count);
    form.focus = usize::try_from(next).unwrap_or(0);
}

/// Puts the cursor into a field, or chooses a person.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    match top(model) {
        Some(form) if index <= WHOM => form.focus = index,
        _ => {}
    }
    Vec::new()
}

/// Closes the form; what was typed into it is gone.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Arrival(_)));
    model.abandon(Slot::People)
}

/// Esc: asks first if something would be lost.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
    if let Some(sent) = form.sent.clone() {
        return deeds::let_go(model, Deed::WalkIn(Box::new(sent)));
    }
    if form.cursor.take().is_some() {
        return Vec::new();
    }
    if !form.is_unsaved() || form.known.is_some() {
        return close(model);
    }
    let choices = vec![
        Choice::keep("Keep editing"),
        Choice::new("Discard", 'd', close),
    ];
    let text = "This person is not taken in yet.";
    model
        .layers
        .push(Layer::Dialog(Dialog::new("Discard?", text, choices)));
    Vec::new()
}
