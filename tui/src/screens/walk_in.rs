//! Somebody came without being booked: who it is, to whom, and the ticket they get. People with a
//! record are looked for while the name is typed.

mod view;

use std::time::Duration;

use chrono::NaiveDate;
use clinic_shared::client::{Error, PatientQuery, Refused};
use clinic_shared::desk::appointments::{Appointment, Person, Return, Status};
use clinic_shared::desk::patients::PatientRow;
use clinic_shared::desk::queue::{Board, BoardRow, WalkIn};
use tui_input::InputRequest;
use uuid::Uuid;

use super::deeds::{self, About};
use super::dialog::{Choice, Dialog};
use super::patient_form::field::{FormField, Kind};
use super::patient_form::{self, Then};
use super::undo;
use crate::app::Model;
use crate::command::Availability;
use crate::dates::Format;
use crate::effect::{Call, Deed, Effect, Reply, Slot};
use crate::layers::Layer;

pub(crate) use view::{draw, person_in_words};

/// What of a person is asked.
const PERSON: [Kind; 3] = [Kind::FullName, Kind::BirthDate, Kind::Phone];

/// The field after these: to whom.
pub(crate) const WHOM: usize = PERSON.len();

/// Long enough that a word is typed, short enough that the answer is there at the next field.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// How many people that may be meant are shown.
const PEOPLE: u32 = 6;

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

    /// The next doctor whose name has a word that begins so, or the next of all.
    fn turn_to(&mut self, letter: Option<char>, forward: bool) {
        let count = self.doctors.len();
        // None stands before the first.
        let now = self.doctor.map_or(0, |at| at + 1);
        let step = |by: usize| match forward {
            true => (now + by) % (count + 1),
            false => (now + count + 1 - by) % (count + 1),
        };
        let is_it = |place: &usize| {
            let Some(letter) = letter else { return true };
            let doctor = place.checked_sub(1).and_then(|at| self.doctors.get(at));
            doctor.is_some_and(|doctor| {
                let mut words = doctor.full_name.split_whitespace();
                words.any(|word| word.to_lowercase().starts_with(letter))
            })
        };
        if let Some(place) = (1..=count + 1).map(step).find(is_it) {
            self.doctor = place.checked_sub(1);
        }
    }
}

/// The board, if it is today's.
fn todays(model: &Model) -> Option<&Board> {
    let board = model.today.board.as_deref();
    board.filter(|board| board.date == model.today())
}

fn top(model: &mut Model) -> Option<&mut Arrival> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form.as_mut()),
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
        match request {
            InputRequest::InsertChar(' ') | InputRequest::GoToNextChar => form.turn_to(None, true),
            InputRequest::GoToPrevChar => form.turn_to(None, false),
            InputRequest::InsertChar(letter) => {
                form.turn_to(letter.to_lowercase().next(), true);
            }
            InputRequest::DeletePrevChar | InputRequest::DeleteLine => form.doctor = None,
            _ => {}
        }
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
    form.message = None;
    form.cursor = None;
    look(model)
}

/// Looks for people with a record who may be meant.
fn look(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date_naive();
    let Some(form) = top(model) else {
        return Vec::new();
    };
    let wanted = form.form(today, false);
    let name = wanted.full_name.unwrap_or_default();
    if name.chars().count() < 2 {
        form.people.clear();
        return model.abandon(Slot::People);
    }
    let born = wanted.birth_date.map(|born| born.to_string());
    let words = [Some(name), born].into_iter().flatten();
    let query = PatientQuery {
        search: Some(words.collect::<Vec<_>>().join(" ")),
        cursor: None,
        limits: Some(PEOPLE),
    };
    if !model.session.is_in() {
        return Vec::new();
    }
    vec![model.call_after(Slot::People, Call::Patients(query), DEBOUNCE)]
}

/// Takes in who may be meant. That nobody could be looked for is no fault of the form.
pub(crate) fn found(model: &mut Model, result: &Result<Reply, Error>) {
    if let (Some(form), Ok(Reply::Patients(page))) = (top(model), result)
        && !form.must_choose
        && form.known.is_none()
    {
        form.people.clone_from(&page.results);
        form.cursor = None;
    }
}

/// Selects the next person, or the one before.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(form) = top(model) else { return };
    let last = form.people.len().checked_sub(1);
    form.cursor = match (form.cursor, last) {
        (_, None) => None,
        (None, Some(_)) if by < 0 => None,
        (None, Some(_)) => Some(0),
        (Some(0), _) if by < 0 => None,
        (Some(at), Some(last)) => Some(at.saturating_add_signed(by).min(last)),
    };
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

/// It is this person.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    let dates = model.prefs.dates;
    let Some(form) = top(model) else {
        return Vec::new();
    };
    let Some(person) = form.people.get(index).cloned() else {
        return Vec::new();
    };
    take(form, person, dates);
    model.abandon(Slot::People)
}

/// Whether somebody new can be registered with what is typed.
pub(crate) fn can_register(model: &Model) -> Availability {
    let form = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form),
        _ => None,
    });
    match form {
        Some(form) if form.known.is_some() => {
            Availability::Disabled("This person has a record already.".into())
        }
        Some(form) if form.ticket.is_none() && form.text(Kind::FullName).is_some() => {
            Availability::Ok
        }
        _ => Availability::Disabled("Type the name first.".into()),
    }
}

/// Registers the person with all that a record holds; the form goes on with them.
pub(crate) fn register(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
    let typed: Vec<&str> = form.fields.iter().map(FormField::trimmed).collect();
    let typed = typed.join(" ");
    patient_form::open_new_for(model, &typed, Then::TakeIn)
}

/// Gives the form that is open its person; answers whether there is one.
pub(crate) fn give(model: &mut Model, person: &PatientRow) -> bool {
    let dates = model.prefs.dates;
    let Some(form) = top(model) else { return false };
    take(form, person.clone(), dates);
    let at = |layer: &Layer| matches!(layer, Layer::Arrival(_));
    let Some(at) = model.layers.iter().rposition(at) else {
        return false;
    };
    let mut place = 0;
    // A sign-in that came up meanwhile stays over it.
    model.layers.retain(|layer| {
        place += 1;
        place <= at + 1 || matches!(layer, Layer::SignIn(_))
    });
    true
}

fn take(form: &mut Arrival, person: PatientRow, dates: Format) {
    let born = dates.known(person.birth_date);
    for field in &mut form.fields {
        field.begin_with(match field.kind {
            Kind::BirthDate => born.clone(),
            Kind::Phone => person.phone.clone().unwrap_or_default(),
            _ => person.full_name.clone(),
        });
    }
    form.people.clear();
    form.cursor = None;
    form.must_choose = false;
    form.message = None;
    form.focus = WHOM;
    form.known = Some(person);
}

/// Enter: chooses the selected person, goes on, and takes in from the last field.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
    match (form.cursor, form.focus) {
        (Some(at), _) => choose(model, at),
        (None, WHOM) => send(model, false),
        _ => {
            go(model, 1);
            Vec::new()
        }
    }
}

/// Takes them in now; where the server asked whether it is somebody known, as somebody new.
pub(crate) fn take_in(model: &mut Model) -> Vec<Effect> {
    let anyway = top(model).is_some_and(|form| form.must_choose);
    send(model, anyway)
}

fn send(model: &mut Model, anyway: bool) -> Vec<Effect> {
    let today = model.now.date_naive();
    if deeds::can_send(model) != Availability::Ok {
        return Vec::new();
    }
    let Some(form) = top(model) else {
        return Vec::new();
    };
    if form.sent.is_some() || form.ticket.is_some() {
        return Vec::new();
    }
    if form.must_choose && !anyway {
        return Vec::new();
    }
    if form.known.is_none() {
        for field in &mut form.fields {
            field.leave(today);
            field.refusal = None;
        }
        if let Some(faulty) = form.fields.iter().position(|field| field.fault.is_some()) {
            form.focus = faulty;
            return Vec::new();
        }
    }
    let is_asked = !form.is_beside;
    if is_asked && let Some(question) = question(model) {
        model.layers.push(Layer::Dialog(question));
        return Vec::new();
    }
    let Some(form) = top(model) else {
        return Vec::new();
    };
    form.message = None;
    let walk_in = form.form(today, anyway);
    form.sent = Some(walk_in.clone());
    let who = form.text(Kind::FullName).unwrap_or_default();
    deeds::send(model, Deed::WalkIn(Box::new(walk_in)), About::who(&who))
}

/// Asks what they came for who have an appointment today; none: they have not.
fn question(model: &Model) -> Option<Dialog> {
    let form = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form),
        _ => None,
    })?;
    let row = form.booked(model)?;
    let choices = vec![
        Choice::new("Check in for it", 'c', check_in),
        Choice::new("Take in as a walk-in", 'w', |model| {
            if let Some(form) = top(model) {
                form.is_beside = true;
            }
            send(model, false)
        }),
        Choice::new("Go back", 'g', |_| Vec::new()),
    ];
    let text = booked_in_words(row);
    Some(Dialog::new("Booked for today", &text, choices))
}

/// `Ada has an appointment at 09:00 with Lindqvist today.`
fn booked_in_words(row: &BoardRow) -> String {
    let at = match (&row.starts, &row.window) {
        (Some(starts), _) => format!("at {starts} "),
        (None, Some(window)) => format!("({window}) "),
        (None, None) => String::new(),
    };
    let (who, doctor) = (&row.patient.full_name, &row.doctor.full_name);
    format!("{who} has an appointment {at}with {doctor} today.")
}

/// Checks them in for the appointment that they have.
fn check_in(model: &mut Model) -> Vec<Effect> {
    let form = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Arrival(form) => Some(form),
        _ => None,
    });
    let Some(row) = form.and_then(|form| form.booked(model)).cloned() else {
        return Vec::new();
    };
    let deed = Deed::CheckIn(
        row.id,
        Return {
            version: Some(row.version),
            overbook: None,
        },
    );
    let mut effects = close(model);
    let about = About::who(&row.patient.full_name);
    effects.extend(deeds::send(model, deed, about));
    effects
}

/// Closes the form; what was typed into it is gone.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Arrival(_)));
    model.abandon(Slot::People)
}

/// Takes back that they were taken in: their ticket is none any more.
pub(crate) fn take_back(model: &mut Model) -> Vec<Effect> {
    let mut effects = close(model);
    effects.extend(undo::last(model));
    effects
}

/// Esc: asks first if something would be lost.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
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

fn is_its(form: &Arrival, deed: &Deed) -> bool {
    matches!((&form.sent, deed), (Some(sent), Deed::WalkIn(done)) if *sent == **done)
}

/// Shows the ticket of whoever was taken in.
pub(crate) fn done(model: &mut Model, deed: &Deed, now: &Appointment) {
    if let Some(form) = top(model)
        && is_its(form, deed)
    {
        form.sent = None;
        form.ticket = Some(Ticket {
            number: now.ticket,
            who: now.patient.full_name.clone(),
            doctor: now.doctor.full_name.clone(),
            room: now.room.clone(),
        });
    }
}

/// Says something in the form while it waits for the answer; answers whether it is still there.
pub(crate) fn say(model: &mut Model, deed: &Deed, text: &str) -> bool {
    let form = top(model).filter(|form| is_its(form, deed));
    let is_there = form.is_some();
    if let Some(form) = form {
        form.message = Some(text.to_owned());
    }
    is_there
}

/// Says in the form why they were not taken in; answers whether it is still there.
pub(crate) fn failed(
    model: &mut Model,
    deed: &Deed,
    text: &str,
    refused: Option<&Refused>,
) -> bool {
    let Some(form) = top(model).filter(|form| is_its(form, deed)) else {
        return false;
    };
    form.sent = None;
    form.message = Some(text.to_owned());
    let Some(refused) = refused else { return true };
    if !refused.candidates.is_empty() {
        form.people = refused
            .candidates
            .iter()
            .map(|candidate| candidate.patient.clone())
            .collect();
        form.must_choose = true;
        form.cursor = None;
        form.message = None;
    }
    let mut first = None;
    for (at, field) in form.fields.iter_mut().enumerate() {
        let message = refused.fields.first(field.kind.wire());
        field.refusal = message.map(str::to_owned);
        first = first.or(field.refusal.is_some().then_some(at));
    }
    if let Some(first) = first {
        form.focus = first;
        form.message = None;
    }
    true
}
