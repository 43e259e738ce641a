//! Booking, from anywhere: who, with whom, when, and then yes. Moving an appointment is the same
//! screen, begun at when. Everything in the way is said at once, and what can be done about it.

mod confirm;
mod confirm_view;
mod day;
mod goal;
mod kind;
mod obstacle;
mod offer;
mod opening;
mod people;
mod sender;
mod slots;
mod steps;
mod view;
mod week;
mod week_view;

use chrono::NaiveDate;
use clinic_shared::client::Error;
use clinic_shared::desk::appointments::{Kind, Reschedule};
use clinic_shared::desk::doctors::{DoctorRow, Named};
use clinic_shared::desk::patients::PatientRow;
use clinic_shared::desk::queue::BoardRow;
use clinic_shared::desk::slots::{FreeSlot, PartOfDay};
use clinic_shared::v1::events::{Event, EventKind};
use tui_input::Input;
use uuid::Uuid;

use crate::app::{Model, want};
use crate::days;
use crate::effect::{Effect, Reply, Slot};
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
pub(crate) use people::Whom;
use people::{look, people_found};
pub(crate) use sender::Sender;
pub(crate) use slots::{Pick, can_show_taken, can_turn, next_part, show_taken, turn};
use steps::{after_whom, go};
pub(crate) use steps::{back, choose, close, edit, enter, has_other_person, other_person, step};
pub(crate) use view::draw;
pub(crate) use week::{
    Sought, go as go_aside, has_other_doctor, next_length, other_doctor, toggle, toggle_label,
};

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
