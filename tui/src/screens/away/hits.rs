//! What an absence or a closure hits: appointments that nobody will give. Each is moved or called
//! off, or all of them in one go.

use std::collections::BTreeSet;

use clinic_shared::client::Off;
use clinic_shared::desk::absences::Absence;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, ReasonKind};

use super::form::Form;
use super::{Item, can_send, told};
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{Call, Effect, Hit, LeaveCall, Slot};
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::{ask, book, deeds, pane, prompt, record};

/// What one hits.
#[derive(Debug)]
pub(crate) struct Hits {
    off: Off,
    pub(crate) absence: Absence,
    /// None before it is known.
    pub(crate) hit: Option<Hit>,
    /// What changed elsewhere since one looked, a sentence.
    pub(crate) changed: Option<String>,
    /// What one changed oneself: that is no news.
    own: BTreeSet<i64>,
}

impl Hits {
    /// Which one it is.
    pub(super) const fn key(&self) -> (Off, i64) {
        (self.off, self.absence.id)
    }

    /// The appointments as lines.
    pub(crate) fn rows(&self) -> &[AppointmentRow] {
        match &self.hit {
            Some(hit) => &hit.detail.value.appointments,
            None => &[],
        }
    }

    /// An appointment, whole.
    pub(crate) fn whole(&self, id: i64) -> Option<&Appointment> {
        let hit = self.hit.as_ref()?;
        hit.whole.iter().find(|appointment| appointment.id == id)
    }
}

impl Hit {
    /// Where the patient of an appointment is reached: by phone, else by e-mail; none if that was
    /// not read.
    pub(super) fn reached(&self, id: i64) -> Option<String> {
        let whole = self.whole.iter().find(|whole| whole.id == id)?;
        let emails = || {
            let mut emails = self.emails.iter();
            emails.find(|(patient, _)| *patient == whole.patient.id)
        };
        let email = || emails().map(|(_, email)| email.clone());
        let reached = whole.patient_phone.clone().or_else(email);
        Some(reached.unwrap_or_else(|| "no phone".to_owned()))
    }
}

/// Shows what an absence hits.
pub(super) fn open(model: &mut Model, off: Off, absence: Absence) -> Vec<Effect> {
    model.days.refused.clear();
    model.days.seen.clear();
    let hits = Hits {
        off,
        absence,
        hit: None,
        changed: None,
        own: BTreeSet::new(),
    };
    pane::open(model, pane::Kind::Hits(Box::new(hits)));
    refresh(model)
}

/// Shows what an absence hits, as it has just come.
pub(super) fn open_with(model: &mut Model, off: Off, hit: Hit) {
    model.days.refused.clear();
    model.days.seen.clear();
    told::note(model, &hit);
    let hits = Hits {
        off,
        absence: hit.detail.value.absence.clone(),
        hit: Some(hit),
        changed: None,
        own: BTreeSet::new(),
    };
    pane::open(model, pane::Kind::Hits(Box::new(hits)));
}

/// Takes in what an absence hits, where that is on the screen; answers whether it is. The selection
/// stays with its appointment, or at its place.
pub(super) fn show(model: &mut Model, hit: Hit) -> bool {
    if is_open(model) {
        told::note(model, &hit);
    }
    let absence = &hit.detail.value.absence;
    let is_closure = absence.doctor.is_none();
    let now = &hit.detail.value.appointments;
    let under_way = deeds::under_way(model);
    let at = model.now.format("%H:%M").to_string();
    for layer in &mut model.layers {
        if let Layer::Pane(pane) = layer
            && let pane::Kind::Hits(hits) = &mut pane.kind
            && hits.absence.id == absence.id
            && (hits.off == Off::Closure) == is_closure
        {
            let selected = hits.rows().get(pane.cursor).map(|row| row.id);
            let place = selected.and_then(|id| now.iter().position(|row| row.id == id));
            pane.cursor = place
                .unwrap_or(pane.cursor)
                .min(now.len().saturating_sub(1));
            let is_own = |id| hits.own.contains(&id) || under_way.contains(&id);
            if let Some(what) = elsewhere(hits, now, is_own) {
                hits.changed = Some(format!("Changed elsewhere at {at}: {what}"));
            }
            hits.absence = absence.clone();
            hits.hit = Some(hit);
            return true;
        }
    }
    false
}

/// What is not as it was, and was not done here; none: nothing, or it was not known before.
fn elsewhere(hits: &Hits, now: &[AppointmentRow], is_own: impl Fn(i64) -> bool) -> Option<String> {
    hits.hit.as_ref()?;
    let before = hits.rows();
    let missing_of = |from: &[AppointmentRow], in_: &[AppointmentRow]| -> Vec<String> {
        let is_missing = |row: &&AppointmentRow| in_.iter().all(|other| other.id != row.id);
        let missing = from.iter().filter(is_missing).filter(|row| !is_own(row.id));
        missing.map(|row| row.patient.full_name.clone()).collect()
    };
    let (gone, new) = (missing_of(before, now), missing_of(now, before));
    let is_other = |row: &AppointmentRow| {
        let was = before.iter().find(|other| other.id == row.id);
        was.is_some_and(|was| was != row) && !is_own(row.id)
    };
    let other = now.iter().filter(|row| is_other(row));
    let other: Vec<String> = other.map(|row| row.patient.full_name.clone()).collect();
    let counted = |names: &[String], one: &str, many: &str| match names {
        [] => None,
        [name] => Some(format!("{name} {one}")),
        names => Some(format!("{} appointments {many}", names.len())),
    };
    let parts = [
        counted(&gone, "is dealt with", "are dealt with"),
        counted(&new, "stands in this time, too", "are new in this time"),
        counted(&other, "is not as it was", "are not as they were"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}

/// One dealt with an appointment oneself, or with all of them where none is named: what the next
/// look shows of it is no news, and what was said of others has been seen.
pub(super) fn note_own(model: &mut Model, id: Option<i64>) {
    let open = model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => match &mut pane.kind {
            pane::Kind::Hits(hits) => Some(hits),
            _ => None,
        },
        _ => None,
    });
    if let Some(hits) = open {
        let all: Vec<i64> = hits.rows().iter().map(|row| row.id).collect();
        hits.own.extend(id.map_or(all, |id| vec![id]));
        hits.changed = None;
    }
}

/// Whether what an absence hits is on the screen.
pub(super) fn is_open(model: &Model) -> bool {
    model.layers.iter().any(|layer| match layer {
        Layer::Pane(pane) => matches!(pane.kind, pane::Kind::Hits(_)),
        _ => false,
    })
}

/// Asks for it again, where it is on the screen.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    let open = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => match &pane.kind {
            pane::Kind::Hits(hits) => Some(hits.key()),
            _ => None,
        },
        _ => None,
    });
    match open {
        Some((off, id)) if model.session.is_in() => {
            let call = Call::Leave(Box::new(LeaveCall::Show(off, id)));
            vec![model.call(Slot::Leave, call)]
        }
        _ => Vec::new(),
    }
}

/// Closes what shows this absence: it is not there any more.
pub(super) fn close_of(model: &mut Model, off: Off, id: i64) {
    model.layers.retain(|layer| match layer {
        Layer::Pane(pane) => {
            !matches!(&pane.kind, pane::Kind::Hits(hits) if hits.key() == (off, id))
        }
        _ => true,
    });
}

fn top(model: &Model) -> Option<(&Hits, usize)> {
    let pane = pane::acting(model)?;
    match &pane.kind {
        pane::Kind::Hits(hits) => Some((hits, pane.cursor)),
        _ => None,
    }
}

/// The selected appointment, whole.
fn selected(model: &Model) -> Option<Appointment> {
    let (hits, at) = top(model)?;
    let row = hits.rows().get(at)?;
    hits.whole(row.id).cloned()
}

/// Whether there is an appointment to move or to call off.
pub(crate) fn has_selected(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    match top(model) {
        Some((hits, _)) if hits.hit.is_none() => no("What it hits is not loaded yet."),
        Some((hits, at)) => match hits.rows().get(at) {
            None => no("Nothing stands in this time any more."),
            Some(row) if hits.whole(row.id).is_none() => {
                no("There are too many to read each: move or cancel all of them.")
            }
            Some(_) => can_send(model),
        },
        None => no("No appointment is selected."),
    }
}

/// Whether there are any.
pub(crate) fn has_any(model: &Model) -> Availability {
    match top(model) {
        Some((hits, _)) if !hits.rows().is_empty() => can_send(model),
        _ => Availability::Disabled("Nothing stands in this time any more.".into()),
    }
}

/// Finds another time for the selected appointment.
pub(crate) fn move_one(model: &mut Model) -> Vec<Effect> {
    let Some(appointment) = selected(model) else {
        return Vec::new();
    };
    let after = top(model).and_then(|(hits, _)| hits.absence.last_date.succ_opt());
    book::open_move_of(model, &appointment, after)
}

/// Calls the selected appointment off.
pub(crate) fn cancel_one(model: &mut Model) -> Vec<Effect> {
    let Some(appointment) = selected(model) else {
        return Vec::new();
    };
    let why = match top(model) {
        Some((hits, _)) if hits.off == Off::Closure => ReasonKind::ClinicClosed,
        _ => ReasonKind::DoctorAway,
    };
    prompt::cancel_of(model, &appointment, why)
}

/// Opens the record of the selected appointment's patient.
pub(crate) fn open_patient(model: &mut Model) -> Vec<Effect> {
    match selected(model) {
        Some(Appointment { patient, .. }) => {
            record::patient::open_named(model, patient.id, patient.full_name)
        }
        None => Vec::new(),
    }
}

/// Moves all of them, each to the first time that is free.
pub(crate) fn move_all(model: &mut Model) -> Vec<Effect> {
    if let Some((hits, _)) = top(model) {
        let form = Form::MoveAll {
            off: hits.off,
            absence: Box::new(hits.absence.clone()),
            count: hits.rows().len(),
        };
        ask::open_away(model, form);
    }
    Vec::new()
}

/// Calls all of them off, after the reason and a question.
pub(crate) fn cancel_all(model: &mut Model) -> Vec<Effect> {
    if let Some((hits, _)) = top(model) {
        let people: BTreeSet<_> = hits.rows().iter().map(|row| row.patient.id).collect();
        let form = Form::CancelAll {
            off: hits.off,
            absence: Box::new(hits.absence.clone()),
            hit: hits.rows().iter().map(|row| row.id).collect(),
            people: people.len(),
        };
        ask::open_away(model, form);
    }
    Vec::new()
}

/// Whether a call is only made after a question.
pub(crate) const fn asks_before(call: &LeaveCall) -> bool {
    matches!(call, LeaveCall::CancelHits(..))
}

/// Asks whether all of them are called off, and says how many people that are.
pub(crate) fn ask_to_cancel(model: &mut Model, call: LeaveCall) -> Vec<Effect> {
    let Some(Form::CancelAll { hit, people, .. }) = ask::away(model) else {
        return Vec::new();
    };
    let them = match (hit.len(), people) {
        (1, _) => "1 appointment of 1 person is".to_owned(),
        (count, 1) => format!("{count} appointments of 1 person are"),
        (count, people) => format!("{count} appointments of {people} people are"),
    };
    let text = format!(
        "{them} called off and get no other time. This can't be taken back in one go. A list says \
         whom to phone then."
    );
    model.days.to_cancel = Some(call);
    let choices = vec![
        Choice::keep("Keep them"),
        Choice::new("Cancel all", 'c', |model| {
            let call = model.days.to_cancel.take();
            let call = call.map(|call| Call::Leave(Box::new(call)));
            call.map(|call| ask::call_once(model, Slot::Leave, call))
                .into_iter()
                .collect()
        }),
    ];
    let dialog = Dialog::new("Cancel all?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// Changes the absence itself.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    if let Some((hits, _)) = top(model) {
        let etag = hits.hit.as_ref().and_then(|hit| hit.detail.etag.clone());
        let form = Form::edit(hits.off, &hits.absence, etag);
        ask::open_away(model, form);
    }
    Vec::new()
}

/// Asks whether the absence itself is taken back.
pub(crate) fn ask_delete(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some((hits, _)) => {
            let item = Item::Off(hits.off, Box::new(hits.absence.clone()));
            super::question(model, item)
        }
        None => Vec::new(),
    }
}

/// Esc: confirms that it is dealt with. What still stands is not forgotten without a question.
pub(crate) fn finish(model: &mut Model) -> Vec<Effect> {
    let stand = top(model).map_or(0, |(hits, _)| hits.rows().len());
    if stand == 0 {
        return pane::close(model);
    }
    let text = match stand {
        1 => "1 appointment still stands in this time; nobody will be there.".to_owned(),
        _ => format!("{stand} appointments still stand in this time; nobody will be there."),
    };
    let choices = vec![
        Choice::keep("Go on"),
        Choice::new("Leave them for later", 'l', |model| {
            let text = "They stay with the absence: open it again to deal with them.";
            model.toast(Tone::Info, text);
            pane::close(model)
        }),
    ];
    let dialog = Dialog::new("Not all dealt with", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}
