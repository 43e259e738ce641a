//! When doctors are away, when they are there beside the usual hours, and when the clinic is
//! closed: entered by a short form, changed, and taken back. What an absence hits is shown and
//! dealt with in [`hits`].

mod done;
pub(crate) mod form;
pub(crate) mod hits;
pub(crate) mod told;
pub(crate) mod view;

use std::collections::BTreeMap;

use clinic_shared::client::{Error, Off};
use clinic_shared::desk::absences::{Absence, NewAbsence, NewClosure};
use clinic_shared::desk::openings::{NewOpening, Opening};
use clinic_shared::v1::events::{Event, EventKind};
use uuid::Uuid;

use super::dialog::{Choice, Dialog};
use super::record::{self, Subject};
use super::{ask, pane};
use crate::app::{Model, Tone, want};
use crate::command::Availability;
use crate::effect::{Call, Effect, LeaveCall, LeaveReply, Plan, Reply, Slot};
use crate::layers::Layer;

pub(crate) use done::{after_deed, landed, undone};

/// What is known of the days that are not as usual.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// Of the doctor whose record was opened last.
    pub(crate) plan: Option<Plan>,
    /// Of the clinic.
    pub(crate) closures: Option<Vec<Absence>>,
    /// Why they could not be read.
    pub(crate) error: Option<String>,
    /// What the question on the screen is about.
    asked: Option<Item>,
    /// What is called off once a question is answered.
    to_cancel: Option<LeaveCall>,
    /// Whom to phone, until the list is dismissed.
    pub(crate) told: Vec<told::Line>,
    /// What is hit by the absence that was looked at last, also what was dealt with since.
    seen: Vec<told::Seen>,
    /// Why an appointment that is hit still stands, where the server said so.
    pub(crate) refused: BTreeMap<i64, String>,
}

/// Whose days a list is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Whose {
    Doctor { id: Uuid, name: String },
    Clinic,
}

/// The list of them.
#[derive(Debug)]
pub(crate) struct Away {
    pub(crate) whose: Whose,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Off(Off, Box<Absence>),
    Opening(Box<Opening>),
}

impl Item {
    /// The first of its days, and the time on it: the list is in this order.
    fn begins(&self) -> (chrono::NaiveDate, &str) {
        match self {
            Item::Off(_, absence) => {
                let starts = absence.starts.as_deref().unwrap_or_default();
                (absence.first_date, starts)
            }
            Item::Opening(opening) => (opening.date, opening.starts.as_str()),
        }
    }

    /// What it is, in a sentence: `the absence of Lise Meitner on Fri 4 Dec`.
    fn in_words(&self, model: &Model) -> String {
        match self {
            Item::Off(_, absence) => {
                let when = view::when(model, absence);
                match &absence.doctor {
                    Some(doctor) => format!("the absence of {}, {when}", doctor.full_name),
                    None => format!("the closure, {when}"),
                }
            }
            Item::Opening(opening) => format!(
                "the extra hours of {}, {}",
                opening.doctor.full_name,
                view::opened(model, opening)
            ),
        }
    }

    /// Takes it back.
    fn take_back(&self) -> LeaveCall {
        match self {
            Item::Off(off, absence) => LeaveCall::TakeBack(*off, absence.id),
            Item::Opening(opening) => LeaveCall::CloseHours(opening.id),
        }
    }

    /// Enters it again.
    fn again(&self) -> LeaveCall {
        match self {
            Item::Off(_, absence) => again(absence),
            Item::Opening(opening) => LeaveCall::OpenHours(NewOpening {
                doctor: opening.doctor.id,
                date: opening.date,
                starts: opening.starts.clone(),
                ends: opening.ends.clone(),
                slot_minutes: opening.slot_minutes,
            }),
        }
    }
}

/// Enters an absence or a closure once more.
fn again(absence: &Absence) -> LeaveCall {
    let (first_date, last_date) = (absence.first_date, Some(absence.last_date));
    let (starts, ends) = (absence.starts.clone(), absence.ends.clone());
    let (kind, note) = (Some(absence.kind), absence.note.clone());
    match &absence.doctor {
        Some(doctor) => LeaveCall::Enter(NewAbsence {
            doctor: doctor.id,
            first_date,
            last_date,
            starts,
            ends,
            kind,
            note,
        }),
        None => LeaveCall::Close(NewClosure {
            first_date,
            last_date,
            starts,
            ends,
            kind,
            note,
        }),
    }
}

/// The lines of a list, in the order of time; none before they are known.
pub(crate) fn items(model: &Model, whose: &Whose) -> Option<Vec<Item>> {
    let off = |off, absences: &[Absence]| -> Vec<Item> {
        let absences = absences.iter().cloned();
        absences
            .map(|absence| Item::Off(off, Box::new(absence)))
            .collect()
    };
    let mut items = match whose {
        Whose::Clinic => off(Off::Closure, model.days.closures.as_deref()?),
        Whose::Doctor { id, .. } => {
            let plan = plan_of(model, *id)?;
            let openings = plan.openings.iter().cloned();
            let mut items = off(Off::Absence, &plan.absences);
            items.extend(off(Off::Closure, &plan.closures));
            items.extend(openings.map(|opening| Item::Opening(Box::new(opening))));
            items
        }
    };
    items.sort_by(|one, other| one.begins().cmp(&other.begins()));
    Some(items)
}

/// What is known of a doctor's days.
pub(crate) fn plan_of(model: &Model, doctor: Uuid) -> Option<&Plan> {
    let plan = model.days.plan.as_ref();
    plan.filter(|plan| plan.doctor == doctor)
}

/// The doctor whose record or list is open.
fn doctor(model: &Model) -> Option<Whose> {
    if let Some(Subject::Doctor(known)) = record::acting(model) {
        let of_row = known.row.as_ref().map(|row| &row.full_name);
        let name = known.value().map(|doctor| &doctor.full_name).or(of_row);
        return Some(Whose::Doctor {
            id: known.id,
            name: name.cloned().unwrap_or_default(),
        });
    }
    match here(model) {
        Some(Whose::Clinic) | None => None,
        whose => whose.cloned(),
    }
}

/// Whose list is on top.
fn here(model: &Model) -> Option<&Whose> {
    match &pane::acting(model)?.kind {
        pane::Kind::Away(away) => Some(&away.whose),
        _ => None,
    }
}

/// The selected line of the list on top.
pub(crate) fn selected(model: &Model) -> Option<Item> {
    let pane = pane::acting(model)?;
    let items = items(model, here(model)?)?;
    let at = pane.cursor.min(items.len().saturating_sub(1));
    items.into_iter().nth(at)
}

/// Whether there is a doctor whose days can be changed now.
pub(crate) fn has_doctor(model: &Model) -> Availability {
    match doctor(model) {
        None => Availability::Disabled("Open a doctor first.".into()),
        Some(_) => can_send(model),
    }
}

/// Whether something can be sent now.
pub(crate) fn can_send(model: &Model) -> Availability {
    match super::deeds::can_send(model) {
        Availability::Ok if is_changing(model) => {
            Availability::Disabled("The server is still working on the last change.".into())
        }
        can => can,
    }
}

/// Whether a change is under way: a look that is can be ended by one.
fn is_changing(model: &Model) -> bool {
    let call = model.flights.call(Slot::Leave);
    call.is_some_and(|call| !call.is_read())
}

/// Something happened: what an absence hits is read again for what happens to appointments, and the
/// days for what happens to them.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    match event.kind {
        EventKind::Appointment => reread_hits(model),
        EventKind::Schedule => reread(model),
        _ => Vec::new(),
    }
}

/// Reads again what is on the screen.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    let mut effects = reread_hits(model);
    let has_list = model.layers.iter().any(|layer| match layer {
        Layer::Pane(pane) => matches!(pane.kind, pane::Kind::Away(_)),
        _ => false,
    });
    if has_list {
        effects.extend(want(model, Slot::Plan, refresh_lists));
    }
    effects
}

fn reread_hits(model: &mut Model) -> Vec<Effect> {
    match hits::is_open(model) {
        true => want(model, Slot::Leave, hits::refresh),
        false => Vec::new(),
    }
}

/// Whether the selected line can be changed here.
pub(crate) fn has_selected(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    match selected(model) {
        None => no("Nothing is selected."),
        Some(Item::Off(Off::Closure, _)) if here(model) != Some(&Whose::Clinic) => {
            no("The whole clinic is closed then: see Closures.")
        }
        Some(_) => can_send(model),
    }
}

/// As [`has_selected`], for what can be changed and not only taken back.
pub(crate) fn has_absence(model: &Model) -> Availability {
    match selected(model) {
        Some(Item::Opening(_)) => Availability::Disabled(
            "Extra hours are not changed: take them back and enter others.".into(),
        ),
        _ => has_selected(model),
    }
}

/// Asks for a doctor's days, as their record is opened.
pub(crate) fn ask_plan(model: &mut Model, doctor: Uuid) -> Vec<Effect> {
    let call = LeaveCall::Plan(doctor, model.now.date_naive());
    vec![model.call(Slot::Plan, Call::Leave(Box::new(call)))]
}

/// Asks again for what is on the screen.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    let mut effects = refresh_lists(model);
    effects.extend(hits::refresh(model));
    effects
}

/// The same without what an absence hits.
fn refresh_lists(model: &mut Model) -> Vec<Effect> {
    if !model.session.is_in() {
        return Vec::new();
    }
    let open = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => match &pane.kind {
            pane::Kind::Away(away) => Some(away.whose.clone()),
            _ => None,
        },
        _ => None,
    });
    let known = model.days.plan.as_ref().map(|plan| plan.doctor);
    match (open, known) {
        (Some(Whose::Clinic), _) => {
            let call = Call::Leave(Box::new(LeaveCall::Closures));
            vec![model.call(Slot::Plan, call)]
        }
        (Some(Whose::Doctor { id, .. }), _) | (None, Some(id)) => ask_plan(model, id),
        (None, None) => Vec::new(),
    }
}

/// Shows when the doctor is away, and when there beside the usual hours.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    match doctor(model) {
        Some(whose) => show(model, whose),
        None => Vec::new(),
    }
}

/// Shows when the clinic is closed.
pub(crate) fn open_closures(model: &mut Model) -> Vec<Effect> {
    show(model, Whose::Clinic)
}

fn show(model: &mut Model, whose: Whose) -> Vec<Effect> {
    model.days.error = None;
    pane::open(model, pane::Kind::Away(Away { whose }));
    refresh(model)
}

/// Enter: shows what the selected absence hits.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match selected(model) {
        Some(Item::Off(off, absence)) => hits::open(model, off, *absence),
        Some(Item::Opening(_)) => {
            let text = "Patients are booked into extra hours as into any others.";
            model.toast(Tone::Info, text);
            Vec::new()
        }
        None => new(model),
    }
}

/// Asks when somebody is away, or the clinic closed.
pub(crate) fn new(model: &mut Model) -> Vec<Effect> {
    let whose = match here(model) {
        Some(Whose::Clinic) => Some(Whose::Clinic),
        _ => doctor(model),
    };
    if let Some(whose) = whose {
        ask::open_away(model, form::Form::new(whose));
    }
    Vec::new()
}

/// Asks when a doctor is there beside the usual hours.
pub(crate) fn new_hours(model: &mut Model) -> Vec<Effect> {
    if let Some(Whose::Doctor { id, name }) = doctor(model) {
        ask::open_away(model, form::Form::Opening { doctor: id, name });
    }
    Vec::new()
}

/// Changes the selected absence.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    if let Some(Item::Off(off, absence)) = selected(model) {
        ask::open_away(model, form::Form::edit(off, &absence, None));
    }
    Vec::new()
}

/// Asks whether the selected line is taken back.
pub(crate) fn ask_delete(model: &mut Model) -> Vec<Effect> {
    match selected(model) {
        Some(item) => question(model, item),
        None => Vec::new(),
    }
}

fn question(model: &mut Model, item: Item) -> Vec<Effect> {
    let what = item.in_words(model);
    let text = match &item {
        Item::Off(..) => {
            format!("Take back {what}? That time can be booked again; what was moved stays moved.")
        }
        Item::Opening(_) => format!("Take back {what}? What is booked in them stays."),
    };
    model.days.asked = Some(item);
    let choices = vec![
        Choice::keep("Keep"),
        Choice::new("Take back", 't', |model| match &model.days.asked {
            Some(item) => {
                let call = Call::Leave(Box::new(item.take_back()));
                vec![model.call(Slot::Leave, call)]
            }
            None => Vec::new(),
        }),
    ];
    let dialog = Dialog::new("Take back?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
