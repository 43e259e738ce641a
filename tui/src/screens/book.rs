//! Booking, from anywhere: who, with whom, when, and then yes. Moving an appointment is the same
//! screen, begun at when. Everything in the way is said at once, and what can be done about it.

mod confirm;
mod day;
mod goal;
mod kind;
mod obstacle;
mod offer;
mod opening;
mod sender;
mod slots;
mod view;
mod week;
mod week_view;

use std::time::Duration;

use chrono::NaiveDate;
use clinic_shared::client::{Error, PatientQuery};
use clinic_shared::desk::appointments::{Kind, Reschedule};
use clinic_shared::desk::doctors::{DoctorRow, Named};
use clinic_shared::desk::patients::{Patient, PatientRow};
use clinic_shared::desk::queue::BoardRow;
use clinic_shared::desk::slots::{FreeSlot, PartOfDay};
use clinic_shared::v1::events::{Event, EventKind};
use tui_input::{Input, InputRequest};
use uuid::Uuid;

use super::deeds;
use super::patient_form::{self, Then};
use crate::app::{Model, want};
use crate::command::Availability;
use crate::days;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;

pub(crate) use confirm::{Confirm, advice, done, failed, look_again, say};
pub(crate) use day::{begin_with, open as go_to_day};
pub(crate) use goal::Goal;
pub(crate) use kind::{can_switch, switch};
pub(crate) use obstacle::{
    can_begin, can_begin_blank, can_go_on, can_open, next_free, open as open_obstacle, recheck,
};
pub(crate) use offer::{Offered, offer_done, offer_failed, open_offer};
use opening::begin;
pub(crate) use opening::{
    give, open, open_blank, open_for, open_for_contact, open_move, open_move_of,
};
pub(crate) use sender::Sender;
pub(crate) use slots::{Pick, can_show_taken, can_turn, next_part, show_taken, turn};
pub(crate) use view::draw;
pub(crate) use week::{
    Sought, go as go_aside, has_other_doctor, next_length, other_doctor, toggle, toggle_label,
};

/// Long enough that a word is typed, short enough that nobody waits for it.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// Whom it is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whom {
    pub(crate) id: Uuid,
    pub(crate) full_name: String,
    pub(crate) birth_date: Option<NaiveDate>,
    /// Their phone, as far as it is known here.
    phone: Option<String>,
    /// Their e-mail address, as far as it is known here.
    email: Option<String>,
}

impl Whom {
    /// Somebody of whom no more is known.
    pub(crate) fn named(id: Uuid, full_name: &str) -> Self {
        Self {
            id,
            full_name: full_name.to_owned(),
            birth_date: None,
            phone: None,
            email: None,
        }
    }
}

impl From<&PatientRow> for Whom {
    fn from(row: &PatientRow) -> Self {
        Self {
            birth_date: row.birth_date,
            phone: row.phone.clone(),
            ..Self::named(row.id, &row.full_name)
        }
    }
}

impl From<&Patient> for Whom {
    fn from(patient: &Patient) -> Self {
        Self {
            birth_date: patient.birth_date,
            phone: patient.phone.clone(),
            email: patient.email.clone(),
            ..Self::named(patient.id, &patient.full_name)
        }
    }
}

/// The appointment that is moved.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) id: i64,
    pub(crate) version: i64,
    pub(crate) doctor: Uuid,
    /// When it is now, in words.
    pub(crate) when: String,
    /// What puts it back.
    pub(crate) before: Option<Box<Reschedule>>,
}

/// What is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Who,
    With,
    When,
    Confirm,
}

/// The screen.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) step: Step,
    /// Where it began: Esc there closes it.
    first: Step,
    pub(crate) moved: Option<Moved>,
    /// Who wrote to the clinic, where a contact request leads to it.
    pub(crate) sender: Option<Sender>,
    /// Who is on the waiting list, and is to be offered a time.
    pub(crate) offered: Option<Offered>,
    pub(crate) whom: Option<Whom>,
    /// What is typed to find a person.
    pub(crate) who: Input,
    pub(crate) people: Vec<PatientRow>,
    /// Enter was pressed before the answer to what is typed was there.
    takes_first: bool,
    /// What is typed to find a doctor.
    pub(crate) with: Input,
    pub(crate) doctors: Option<Vec<DoctorRow>>,
    pub(crate) terms: Vec<Named>,
    pub(crate) goal: Option<Goal>,
    /// Whether that is known before it is asked for whom.
    has_goal: bool,
    /// Whether they meet at the clinic, or by video; a move keeps it.
    pub(crate) kind: Kind,
    /// From which day on.
    pub(crate) from: NaiveDate,
    /// The day that is typed, while it is.
    pub(crate) day: Option<Input>,
    pub(crate) part: Option<PartOfDay>,
    /// How long, in minutes; none: as the times are cut.
    pub(crate) length: Option<u32>,
    /// Whether the week is shown, not the list.
    pub(crate) by_week: bool,
    /// The time that the cursor goes to when the slots come.
    pub(crate) sought: Option<Sought>,
    pub(crate) slots: Option<Vec<FreeSlot>>,
    /// What is booked on the days of the list, where that is shown.
    pub(crate) taken: Option<Vec<(NaiveDate, BoardRow)>>,
    /// The days of which that is still to be asked.
    untold: Vec<NaiveDate>,
    /// The selected line of the step.
    pub(crate) cursor: usize,
    pub(crate) confirm: Option<Confirm>,
    /// Why something could not be loaded.
    pub(crate) message: Option<String>,
    /// The time under the cursor was taken elsewhere, a sentence: nothing is selected until a key
    /// goes somewhere, and the first Enter only selects.
    pub(crate) taken_away: Option<String>,
}

impl Book {
    fn new(first: Step, from: NaiveDate) -> Self {
        Self {
            step: first,
            first,
            moved: None,
            sender: None,
            offered: None,
            whom: None,
            who: Input::default(),
            people: Vec::new(),
            takes_first: false,
            with: Input::default(),
            doctors: None,
            terms: Vec::new(),
            goal: None,
            has_goal: false,
            kind: Kind::Offline,
            from,
            day: None,
            part: None,
            length: None,
            by_week: false,
            sought: None,
            slots: None,
            taken: None,
            untold: Vec::new(),
            cursor: 0,
            confirm: None,
            message: None,
            taken_away: None,
        }
    }

    /// Whether what is typed goes into a field.
    pub(crate) fn has_field(&self) -> bool {
        self.step != Step::When || self.day.is_some()
    }

    /// Whether a letter that means nothing among the slots begins a day.
    pub(crate) fn begins_day(&self, letter: char) -> bool {
        !self.has_field() && days::begins(letter)
    }

    /// Whether nothing is typed yet into the field that looks for somebody.
    pub(crate) fn begins_search(&self) -> bool {
        match self.step {
            Step::Who => self.who.value().is_empty(),
            Step::With => self.with.value().is_empty(),
            Step::When | Step::Confirm => false,
        }
    }

    /// What Enter does, in a word or two.
    fn verb(&self) -> Option<&'static str> {
        match (self.step, &self.confirm) {
            (Step::When, _) if self.day.is_some() => Some("Go there"),
            (Step::When, _) if self.taken_away.is_some() => Some("Select"),
            (Step::When, _) if self.offered.is_some() => Some("Keep it"),
            (Step::Confirm, Some(confirm)) if !confirm.can_overbook() => match self.moved {
                Some(_) => Some("Move it"),
                None => Some("Book"),
            },
            (Step::Confirm, Some(confirm)) if !confirm.is_at_why() => Some("Say why"),
            (Step::Confirm, Some(_)) if self.moved.is_some() => Some("Move anyway"),
            (Step::Confirm, Some(_)) => Some("Book anyway"),
            _ => None,
        }
    }

    /// Whether words would be lost by leaving.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.confirm.as_ref().is_some_and(Confirm::is_unsaved)
    }

    /// How many lines can be chosen from.
    fn lines(&self) -> usize {
        match self.step {
            Step::Who => self.people.len() + usize::from(self.can_register()),
            Step::With => self.goals().len(),
            Step::When => self.picks().len(),
            Step::Confirm => 0,
        }
    }
}

impl Book {
    /// Whether somebody new can be registered with what is typed.
    pub(crate) fn can_register(&self) -> bool {
        !self.who.value().trim().is_empty()
    }

    /// Goes back to the time under the cursor when other slots come.
    fn seek(&mut self) {
        if let Some(pick) = self.picks().get(self.cursor) {
            self.sought = Some(Sought::from(pick));
        }
    }
}

/// What Enter does, in the footer.
pub(crate) fn enter_label(model: &Model) -> Option<&'static str> {
    top(model)?.verb()
}

/// The screen on top, also beneath a question.
pub(crate) fn top(model: &Model) -> Option<&Book> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Book(book) => Some(book.as_ref()),
        _ => None,
    })
}

fn top_mut(model: &mut Model) -> Option<&mut Book> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Book(book) => Some(book.as_mut()),
        _ => None,
    })
}

/// Types into the field of the step.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match book.step {
        Step::Who => {
            book.who.handle(request);
            book.cursor = 0;
            book.takes_first = false;
            look(model)
        }
        Step::With => {
            book.with.handle(request);
            book.cursor = 0;
            Vec::new()
        }
        Step::When => {
            if let Some(day) = &mut book.day {
                day.handle(request);
                book.message = None;
            }
            Vec::new()
        }
        Step::Confirm => {
            if let Some(confirm) = &mut book.confirm {
                confirm.edit(request);
            }
            Vec::new()
        }
    }
}

/// Looks for people.
fn look(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let wanted = book.who.value().trim().to_owned();
    if wanted.is_empty() {
        book.people.clear();
        return model.abandon(Slot::People);
    }
    let query = PatientQuery {
        search: Some(wanted),
        cursor: None,
        limits: Some(20),
    };
    vec![model.call_after(Slot::People, Call::Patients(query), DEBOUNCE)]
}

/// Takes in what was asked for.
pub(crate) fn landed(model: &mut Model, slot: Slot, result: Result<Reply, Error>) -> Vec<Effect> {
    match slot {
        Slot::People => return people_found(model, result),
        Slot::Bookable => goal::doctors_landed(model, result),
        Slot::Terms => goal::terms_landed(model, result),
        Slot::Slots => return slots::slots_landed(model, result),
        Slot::Day => return slots::day_landed(model, result),
        Slot::Check => confirm::checked(model, result),
        _ => {}
    }
    Vec::new()
}

/// What happened may take the chosen time away, or free another: both are looked at again.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let Some(book) = top(model) else {
        return Vec::new();
    };
    let is_of_doctor = match &book.goal {
        Some(Goal::Doctor { id, .. }) => event.doctor.is_none_or(|doctor| doctor == *id),
        Some(Goal::Term { .. } | Goal::Anybody) => true,
        None => false,
    };
    let is_of_patient = book.whom.as_ref().map(|whom| whom.id) == event.patient;
    match event.kind {
        EventKind::Appointment if is_of_doctor || is_of_patient => reread(model),
        EventKind::Schedule if is_of_doctor => reread(model),
        _ => Vec::new(),
    }
}

/// Looks again at what was looked for.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top(model).filter(|book| book.step >= Step::When) else {
        return Vec::new();
    };
    let is_confirm = book.step == Step::Confirm;
    let mut effects = want(model, Slot::Slots, slots::renew);
    if is_confirm {
        effects.extend(want(model, Slot::Check, confirm::recheck));
    }
    effects
}

/// Takes in who may be meant. Where Enter waited for that, it means the first of them; nobody is
/// registered by it.
fn people_found(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let is_on_top = matches!(model.layers.last(), Some(Layer::Book(_)));
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let takes_first = std::mem::take(&mut book.takes_first) && book.step == Step::Who;
    match result {
        Ok(Reply::Patients(page)) => {
            book.people = page.results;
            book.message = None;
            if takes_first && is_on_top && !book.people.is_empty() {
                return enter(model);
            }
        }
        Err(error) => book.message = Some(error.to_string()),
        Ok(_) => {}
    }
    Vec::new()
}

/// Moves the selection.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(book) = top_mut(model) else { return };
    if book.step == Step::When && book.taken_away.take().is_some() {
        // What stood below the time that is gone has its place now.
        let by = if by > 0 { by - 1 } else { by };
        let last = book.lines().saturating_sub(1);
        book.cursor = book.cursor.saturating_add_signed(by).min(last);
        return;
    }
    if book.is_week() {
        book.go_down(by);
        return;
    }
    let last = book.lines().saturating_sub(1);
    book.takes_first = false;
    book.cursor = book.cursor.saturating_add_signed(by).min(last);
}

/// Chooses a line by a click.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(book) = top_mut(model) {
        book.cursor = index;
        book.taken_away = None;
    }
    // A click means the line that was there, not what comes into its place.
    if top(model).is_some_and(|book| book.step == Step::Who)
        && model.flights.is_flying(Slot::People)
    {
        return Vec::new();
    }
    enter(model)
}

/// Enter: takes the selected line and goes on; at the end, books.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    // An answer that is under way may bring another first line: that one is meant.
    let is_looking = model.flights.is_flying(Slot::People);
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match book.step {
        Step::Who if is_looking => {
            book.takes_first = book.cursor == 0;
            Vec::new()
        }
        Step::Who => {
            let Some(person) = book.people.get(book.cursor) else {
                let typed = book.who.value().trim().to_owned();
                let reached = book.sender.as_ref().map(Sender::reached);
                return match (typed.is_empty(), reached) {
                    (true, _) => Vec::new(),
                    (false, None) => patient_form::open_new_for(model, &typed, Then::Book),
                    (false, Some((phone, email))) => {
                        patient_form::open_new_reached(model, &typed, &phone, &email)
                    }
                };
            };
            book.whom = Some(Whom::from(person));
            after_whom(model)
        }
        Step::With => {
            let Some(goal) = book.goals().get(book.cursor).cloned() else {
                return Vec::new();
            };
            book.goal = Some(goal);
            after_goal(model)
        }
        Step::When if book.day.is_some() => day::take(model),
        Step::When if book.taken_away.take().is_some() => Vec::new(),
        Step::When => {
            let Some(pick) = book.picks().get(book.cursor).cloned() else {
                return Vec::new();
            };
            match book.offered {
                Some(_) => offer::send(model, &pick),
                None => confirm::open(model, pick),
            }
        }
        Step::Confirm => confirm::send(model),
    }
}

/// It is known for whom: goes on with whom, or when, if that is known too.
fn after_whom(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    match std::mem::take(&mut book.has_goal) {
        true => after_goal(model),
        false => {
            go(book, Step::With);
            Vec::new()
        }
    }
}

/// It is known with whom: looks for times.
fn after_goal(model: &mut Model) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    book.taken = None;
    go(book, Step::When);
    let mut effects = slots::ask(model);
    effects.extend(week::ask_plan(model));
    effects
}

fn go(book: &mut Book, step: Step) {
    book.step = step;
    book.day = None;
    book.cursor = 0;
    book.takes_first = false;
    book.message = None;
    book.taken_away = None;
}

/// Esc: a step back; from the first one, closes the screen.
pub(crate) fn back(model: &mut Model) -> Vec<Effect> {
    let sent = match top(model) {
        Some(book) if book.step == Step::Confirm => book.confirm.as_ref().and_then(Confirm::sent),
        Some(book) => book.offered.as_ref().and_then(Offered::sent),
        None => None,
    };
    // What is under way goes on; one hears of its end.
    if let Some(deed) = sent.cloned() {
        return deeds::let_go(model, deed);
    }
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    if book.day.take().is_some() {
        book.message = None;
        return Vec::new();
    }
    let before = match book.step {
        _ if book.step <= book.first => return close(model),
        Step::Confirm => Step::When,
        Step::When => Step::With,
        Step::With | Step::Who => Step::Who,
    };
    if book.step == Step::Confirm {
        // What was typed for the old place is not lost while it is looked for another.
        book.step = before;
        return Vec::new();
    }
    if before == Step::Who && book.whom.is_some() && book.who.value().is_empty() {
        // It was given from outside: Esc means that nothing is booked.
        return close(model);
    }
    go(book, before);
    Vec::new()
}

/// Whether it can be asked again for whom it is.
pub(crate) fn has_other_person(model: &Model) -> Availability {
    let why = match top(model) {
        Some(book) if book.moved.is_some() => "The appointment stays the same patient's.",
        Some(book) if book.offered.is_some() => "It is for who waits.",
        Some(book) if book.step == Step::Confirm => "First go back to the times.",
        _ => return Availability::Ok,
    };
    Availability::Disabled(why.into())
}

/// Asks again for whom it is.
pub(crate) fn other_person(model: &mut Model) -> Vec<Effect> {
    if let Some(book) = top_mut(model) {
        go(book, Step::Who);
    }
    Vec::new()
}

/// Closes the screen.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Book(_)));
    let slots = [
        Slot::People,
        Slot::Bookable,
        Slot::Terms,
        Slot::Slots,
        Slot::Day,
        Slot::Check,
    ];
    slots
        .into_iter()
        .flat_map(|slot| model.abandon(slot))
        .collect()
}
