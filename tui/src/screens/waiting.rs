//! Onto the waiting list, from a booking where nothing suits: for how long, in which part of the day,
//! how much it matters.

mod view;

use chrono::{Days, NaiveDate};
use clinic_shared::desk::slots::PartOfDay;
use clinic_shared::desk::waitlist::{NewWaiting, Urgency};
use tui_input::{Input, InputRequest};

use super::book::{self, Goal, Whom};
use super::deeds::{self, About};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect};
use crate::layers::Layer;

pub(crate) use view::draw;

/// How many days somebody waits at most, and how that is said.
pub(crate) const SPANS: [(u64, &str); 5] = [
    (7, "a week"),
    (14, "two weeks"),
    (28, "four weeks"),
    (91, "three months"),
    (182, "half a year"),
];

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Span,
    Part,
    Urgency,
    Note,
}

impl Line {
    /// In the order of the form.
    pub(crate) const ALL: [Line; 4] = [Line::Span, Line::Part, Line::Urgency, Line::Note];
}

/// The form.
#[derive(Debug)]
pub(crate) struct WaitForm {
    pub(crate) whom: Whom,
    pub(crate) goal: Goal,
    pub(crate) from: NaiveDate,
    span: usize,
    pub(crate) part: Option<PartOfDay>,
    pub(crate) urgency: Urgency,
    pub(crate) note: Input,
    pub(crate) focus: usize,
    /// Why it was not done.
    pub(crate) message: Option<String>,
    sent: Option<NewWaiting>,
}

impl WaitForm {
    /// Whether words would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        !self.note.value().trim().is_empty()
    }

    pub(crate) const fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// Which line has the cursor.
    pub(crate) fn line(&self) -> Line {
        Line::ALL.get(self.focus).copied().unwrap_or(Line::Note)
    }

    /// For how long, in days and in words.
    pub(crate) fn span(&self) -> (u64, &'static str) {
        SPANS.get(self.span).copied().unwrap_or((14, "two weeks"))
    }

    /// The last day that will do.
    pub(crate) fn to(&self) -> NaiveDate {
        let ahead = Days::new(self.span().0);
        self.from.checked_add_days(ahead).unwrap_or(self.from)
    }

    fn form(&self) -> NewWaiting {
        let note = self.note.value().trim().to_owned();
        NewWaiting {
            patient: Some(self.whom.id),
            doctor: match &self.goal {
                Goal::Doctor { id, .. } => Some(*id),
                _ => None,
            },
            specialisation: match &self.goal {
                Goal::Term { id, .. } => Some(*id),
                _ => None,
            },
            date_from: self.from,
            date_to: self.to(),
            part_of_day: self.part,
            urgency: Some(self.urgency),
            note: Some(note).filter(|note| !note.is_empty()),
            ..NewWaiting::default()
        }
    }

    /// The next choice of the line, or the one before.
    fn turn(&mut self, forward: bool) {
        let next = |at: usize, count: usize| match forward {
            true => (at + 1) % count,
            false => (at + count - 1) % count,
        };
        match self.line() {
            Line::Span => self.span = next(self.span, SPANS.len()),
            Line::Part => {
                // None stands before the first.
                let at = PartOfDay::ALL
                    .iter()
                    .position(|part| Some(*part) == self.part);
                let at = next(at.map_or(0, |at| at + 1), PartOfDay::ALL.len() + 1);
                self.part = at
                    .checked_sub(1)
                    .and_then(|at| PartOfDay::ALL.get(at).copied());
            }
            Line::Urgency => {
                let at = Urgency::ALL.iter().position(|known| *known == self.urgency);
                let at = next(at.unwrap_or(0), Urgency::ALL.len());
                self.urgency = Urgency::ALL.get(at).copied().unwrap_or(self.urgency);
            }
            Line::Note => {}
        }
    }
}

fn top(model: &Model) -> Option<&WaitForm> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Wait(form) => Some(form.as_ref()),
        _ => None,
    })
}

fn top_mut(model: &mut Model) -> Option<&mut WaitForm> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Wait(form) => Some(form.as_mut()),
        _ => None,
    })
}

/// Whether the booking on the screen can become waiting.
pub(crate) fn can_open(model: &Model) -> Availability {
    match book::top(model) {
        Some(book) if book.moved.is_some() => Availability::Disabled(
            "This patient has a time; the waiting list is for those who have none.".into(),
        ),
        Some(book) if book.offered.is_some() => {
            Availability::Disabled("They are on the waiting list already.".into())
        }
        Some(book) if book.step == book::Step::When && book.whom.is_some() => Availability::Ok,
        _ => Availability::Disabled("First say for whom and with whom.".into()),
    }
}

/// Asks how somebody waits for whom they would be booked with.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(book) = book::top(model) else {
        return Vec::new();
    };
    let (Some(whom), Some(goal)) = (book.whom.clone(), book.goal.clone()) else {
        return Vec::new();
    };
    let form = WaitForm {
        whom,
        goal,
        from: model.today(),
        span: 1,
        part: book.part,
        urgency: Urgency::Routine,
        note: Input::default(),
        focus: 0,
        message: None,
        sent: None,
    };
    model.layers.push(Layer::Wait(Box::new(form)));
    Vec::new()
}

/// Types the note, or chooses: Space and arrows the next one.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    match (form.line(), request) {
        (Line::Note, request) => {
            form.note.handle(request);
        }
        // Whoever types a note here is told where it goes, and chooses nothing by its spaces.
        (_, InputRequest::InsertChar(' ')) if form.message.is_some() => {}
        (_, InputRequest::InsertChar(' ') | InputRequest::GoToNextChar) => form.turn(true),
        (_, InputRequest::GoToPrevChar) => form.turn(false),
        (_, InputRequest::InsertChar(_)) => {
            form.message =
                Some("Here one chooses, with the arrows; the note is the last line.".to_owned());
        }
        _ => {}
    }
    Vec::new()
}

/// Goes to another line.
pub(crate) fn go(model: &mut Model, by: isize) {
    let Some(form) = top_mut(model) else { return };
    let count = isize::try_from(Line::ALL.len()).unwrap_or(1);
    let next = (isize::try_from(form.focus).unwrap_or(0) + by).rem_euclid(count);
    form.focus = usize::try_from(next).unwrap_or(0);
    form.message = None;
}

/// A click goes to a line; on a choice it takes the next one.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(form) = top_mut(model) {
        let was_there = form.focus == index;
        form.focus = index.min(Line::ALL.len() - 1);
        if was_there {
            form.turn(true);
        }
    }
    Vec::new()
}

/// Enter: goes on, and from the last line puts them on the list.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match top(model).map(WaitForm::line) {
        Some(Line::Note) => send(model),
        Some(_) => {
            go(model, 1);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Puts them on the list.
pub(crate) fn send(model: &mut Model) -> Vec<Effect> {
    if let Availability::Disabled(why) = deeds::can_send(model) {
        if let Some(form) = top_mut(model) {
            form.message = Some(why.into_owned());
        }
        return Vec::new();
    }
    let Some(form) = top_mut(model).filter(|form| form.sent.is_none()) else {
        return Vec::new();
    };
    let waiting = form.form();
    form.message = None;
    form.sent = Some(waiting.clone());
    let about = About::who(&form.whom.full_name);
    deeds::send(model, Deed::Await(Box::new(waiting)), about)
}

/// Esc: closes the form; what is under way goes on, and one hears of it.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    let sent = top(model).and_then(|form| form.sent.clone());
    match sent {
        Some(waiting) => deeds::let_go(model, Deed::Await(Box::new(waiting))),
        None => close(model),
    }
}

/// Closes the form; nothing happens.
fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Wait(_)));
    Vec::new()
}

fn is_its(form: &WaitForm, deed: &Deed) -> bool {
    matches!((&form.sent, deed), (Some(sent), Deed::Await(done)) if *sent == **done)
}

/// Closes the form that a deed came from, and the booking that it was instead of.
pub(crate) fn done(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    if top(model).is_some_and(|form| is_its(form, deed)) {
        close(model);
        return book::close(model);
    }
    Vec::new()
}

/// Says in the form that a deed came from why it was not done; answers whether it is still there.
pub(crate) fn failed(model: &mut Model, deed: &Deed, text: &str) -> bool {
    match top_mut(model) {
        Some(form) if is_its(form, deed) => {
            form.sent = None;
            form.message = Some(text.to_owned());
            true
        }
        _ => false,
    }
}
