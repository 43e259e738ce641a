//! Taking them in: what is asked before, what is sent, and what comes of it.

use clinic_shared::client::Refused;
use clinic_shared::desk::appointments::{Appointment, Return, Status};
use clinic_shared::desk::queue::BoardRow;

use super::{Arrival, Ticket, WHOM, close, go, people, shown, top};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect};
use crate::layers::Layer;
use crate::screens::deeds::{self, About};
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::patient_form::field::Kind;
use crate::screens::undo;

/// Whether they can be taken in now: nobody is in the queue twice.
pub(crate) fn can_take_in(model: &Model) -> Availability {
    match shown(model).and_then(|form| form.queued(model)) {
        Some(row) => Availability::Disabled(queued_in_words(row).into()),
        None => deeds::can_send(model),
    }
}

/// Whether Enter leads on.
pub(crate) fn can_enter(model: &Model) -> Availability {
    match shown(model) {
        // What else is in the way, the form says when it is sent.
        Some(form)
            if form.cursor.is_none() && form.focus == WHOM && form.queued(model).is_some() =>
        {
            can_take_in(model)
        }
        _ => Availability::Ok,
    }
}

/// `Ada is here already: ticket 12, waits for Lindqvist.`
pub(super) fn queued_in_words(row: &BoardRow) -> String {
    let ticket = row.ticket.map(|ticket| format!("ticket {ticket}, "));
    let ticket = ticket.unwrap_or_default();
    let how = match row.status {
        Status::Running => "is with",
        _ => "waits for",
    };
    let (who, doctor) = (&row.patient.full_name, &row.doctor.full_name);
    format!("{who} is here already: {ticket}{how} {doctor}.")
}

/// Enter: chooses the selected person, goes on, and takes in from the last field; where the server
/// asks whether it is somebody known, goes to the first of them.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
    match (form.cursor, form.focus) {
        (Some(at), _) => people::choose(model, at),
        (None, WHOM) if form.must_choose && !form.people.is_empty() => {
            form.cursor = Some(0);
            Vec::new()
        }
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
    if anyway && let Some(question) = is_it_another(model) {
        model.layers.push(Layer::Dialog(question));
        return Vec::new();
    }
    send(model, anyway)
}

/// Asks whether it is really somebody else whose name and birth date are those of a person who is here
/// already; none: nobody is, or it was asked.
fn is_it_another(model: &Model) -> Option<Dialog> {
    let form = shown(model).filter(|form| !form.is_another)?;
    let text = format!(
        "{} The birth date is the same, too.",
        queued_in_words(form.twin(model)?)
    );
    let choices = vec![
        Choice::keep("Go back"),
        Choice::new("Take in another person", 't', |model| {
            if let Some(form) = top(model) {
                form.is_another = true;
            }
            take_in(model)
        }),
    ];
    Some(Dialog::new("The same person?", &text, choices))
}

pub(super) fn send(model: &mut Model, anyway: bool) -> Vec<Effect> {
    let today = model.now.date_naive();
    if can_take_in(model) != Availability::Ok {
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
    let form = shown(model)?;
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
pub(super) fn booked_in_words(row: &BoardRow) -> String {
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
    let form = shown(model);
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

/// Takes back that they were taken in: their ticket is none any more.
pub(crate) fn take_back(model: &mut Model) -> Vec<Effect> {
    let mut effects = close(model);
    effects.extend(undo::last(model));
    effects
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
