//! Two records of one person made one: which other record, whose values stay, what moves and what
//! is in the way; and parted again.

mod changes;
mod doubt;
mod find;
mod part;
mod send;
mod values;
mod view;

use std::collections::BTreeMap;
use std::time::Duration;

use clinic_shared::client::Error;
use clinic_shared::desk::merging::{DifferingField, MergePreview, Side};
use clinic_shared::desk::patients::{PatientDraft, PatientRow};
use clinic_shared::v1::events::{Event, EventKind};
use tui_input::Input;
use uuid::Uuid;

use super::deeds;
use super::record::{self, Subject};
use crate::app::{Model, want};
use crate::command::Availability;
use crate::effect::{Call, Deed, Effect, PeopleCall, PeopleReply, Reply, Slot};
use crate::layers::Layer;

pub(crate) use find::edit;
use find::look;
pub(crate) use part::{ask_to_part, can_part, moved};
pub(crate) use send::{can_enter, done, enter, failed, look_again};
pub(crate) use values::{can_choose, can_swap, other_side, swap};
pub(crate) use view::draw;

/// One of the two records.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Party {
    pub(crate) id: Uuid,
    /// `P-000042 Ada Lovelace`.
    pub(crate) text: String,
}

impl From<&PatientRow> for Party {
    fn from(row: &PatientRow) -> Self {
        Self {
            id: row.id,
            text: format!("{} {}", row.record_number, row.full_name),
        }
    }
}

/// The screen.
#[derive(Debug)]
pub(crate) struct Merger {
    /// The record that stays.
    pub(crate) stays: Party,
    /// The one that goes into it, once it is found.
    pub(crate) other: Option<Party>,
    /// Whom it may be, while nothing is typed: who looks like this.
    like: PatientDraft,
    /// What is typed to find it.
    pub(crate) find: Input,
    pub(crate) people: Vec<PatientRow>,
    /// Enter was pressed before the answer to what is typed was there.
    takes_first: bool,
    /// What would happen.
    pub(crate) preview: Option<Box<MergePreview>>,
    /// Whose value stays, where somebody chose.
    keep: BTreeMap<String, Side>,
    /// The selected person, or field.
    pub(crate) cursor: usize,
    /// Why it was not done, or can't be shown.
    pub(crate) message: Option<String>,
    /// What is not as it was when the preview was first shown.
    pub(crate) changes: Vec<String>,
    sent: Option<Deed>,
}

impl Merger {
    /// Whether the other record is still looked for.
    pub(crate) const fn is_finding(&self) -> bool {
        self.other.is_none()
    }

    pub(crate) const fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// The fields that differ.
    pub(crate) fn fields(&self) -> &[DifferingField] {
        self.preview
            .as_ref()
            .map_or(&[], |preview| preview.fields.as_slice())
    }

    /// Whose value of a field stays.
    pub(crate) fn side(&self, field: &DifferingField) -> Side {
        let chosen = self.keep.get(&field.field).copied();
        chosen.unwrap_or(field.kept)
    }

    fn lines(&self) -> usize {
        match self.other {
            None => self.people.len(),
            Some(_) => self.fields().len(),
        }
    }
}

/// The screen, also beneath a question.
pub(crate) fn top(model: &Model) -> Option<&Merger> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Merge(merger) => Some(merger.as_ref()),
        _ => None,
    })
}

fn top_mut(model: &mut Model) -> Option<&mut Merger> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Merge(merger) => Some(merger.as_mut()),
        _ => None,
    })
}

/// Whether the record on top can be merged with another one.
pub(crate) fn can_begin(model: &Model) -> Availability {
    if party(model).is_none() {
        return Availability::Disabled("The record is not loaded yet.".into());
    }
    if top(model).is_some() {
        return Availability::Disabled("First finish the merge that is open.".into());
    }
    deeds::can_send(model)
}

/// The record on top, and what tells who else it may be, as far as that is known: its row says
/// enough.
fn party(model: &Model) -> Option<(Party, PatientDraft)> {
    let Some(Subject::Patient(known)) = record::acting(model) else {
        return None;
    };
    if let Some(patient) = known.value() {
        let text = format!("{} {}", patient.record_number, patient.full_name);
        let draft = PatientDraft {
            full_name: patient.full_name.clone(),
            birth_date: patient.birth_date,
            phone: patient.phone.clone(),
            email: patient.email.clone(),
            ..PatientDraft::default()
        };
        let id = patient.id;
        return Some((Party { id, text }, draft));
    }
    let row = known.row.as_ref()?;
    let draft = PatientDraft {
        full_name: row.full_name.clone(),
        birth_date: row.birth_date,
        phone: row.phone.clone(),
        ..PatientDraft::default()
    };
    let is_named = !row.record_number.is_empty();
    is_named.then(|| (Party::from(row), draft))
}

/// Asks which other record is the same person.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some((stays, like)) = party(model) else {
        return Vec::new();
    };
    let merger = Merger {
        stays,
        other: None,
        like,
        find: Input::default(),
        people: Vec::new(),
        takes_first: false,
        preview: None,
        keep: BTreeMap::new(),
        cursor: 0,
        message: None,
        changes: Vec::new(),
        sent: None,
    };
    model.layers.push(Layer::Merge(Box::new(merger)));
    look(model, Duration::ZERO)
}

/// Asks what the merge would do.
fn ask(model: &mut Model) -> Vec<Effect> {
    let Some((stays, other)) = top(model).and_then(|merger| {
        let other = merger.other.as_ref()?.id;
        Some((merger.stays.id, other))
    }) else {
        return Vec::new();
    };
    let call = PeopleCall::PreviewMerge(stays, other);
    vec![model.call(Slot::Twin, Call::People(call))]
}

/// Takes in who may be the other one, or what the merge would do. Where Enter waited for the
/// answer to a search, it means the first of it.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let is_on_top = matches!(model.layers.last(), Some(Layer::Merge(_)));
    let at = model.now.format("%H:%M").to_string();
    let mut has_changed = false;
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let takes_first = std::mem::take(&mut merger.takes_first) && merger.is_finding();
    let is_found = matches!(result, Ok(Reply::Patients(_) | Reply::Duplicates(_)));
    match (call, result) {
        (Call::Patients(_), Ok(Reply::Patients(page))) if merger.is_finding() => {
            let own = merger.stays.id;
            merger.people = page.results;
            merger.people.retain(|row| row.id != own);
        }
        (Call::Duplicates(_), Ok(Reply::Duplicates(found))) if merger.is_finding() => {
            let own = merger.stays.id;
            let found = found.into_iter().map(|twin| twin.patient);
            merger.people = found.filter(|row| row.id != own).collect();
        }
        (Call::People(_), Ok(Reply::People(PeopleReply::Preview(preview))))
            if merger.stays.id == preview.survivor.id =>
        {
            merger.stays = Party::from(&preview.survivor);
            merger.other = Some(Party::from(&preview.other));
            if let Some(before) = &merger.preview
                && changes::is_other(before, &preview)
            {
                let told = changes::between(before, &preview);
                // What was refused says so itself; what was heard of is announced.
                if merger.message.is_none() {
                    let text = format!("Changed elsewhere at {at}; look, then merge.");
                    merger.message = Some(text);
                }
                merger.changes = told;
                has_changed = true;
            }
            let fields = &preview.fields;
            merger
                .keep
                .retain(|name, _| fields.iter().any(|field| field.field == *name));
            merger.cursor = merger.cursor.min(fields.len().saturating_sub(1));
            merger.preview = Some(preview);
        }
        (_, Err(error @ (Error::Refused(_) | Error::Garbled(_)))) => {
            // What would happen is not known any more.
            has_changed = merger.preview.take().is_some();
            merger.message = Some(match has_changed {
                true => format!("Changed elsewhere at {at}: {error}"),
                false => error.to_string(),
            });
        }
        _ => {}
    }
    let goes_on = takes_first && is_found && is_on_top && !merger.people.is_empty();
    if has_changed {
        send::take_question_back(model);
    }
    match goes_on {
        true => enter(model),
        false => Vec::new(),
    }
}

/// Something happened to one of the two records, or to what is booked for them: what the merge would
/// do is asked again.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let is_of = |merger: &Merger| {
        let other = merger.other.as_ref().map(|other| other.id);
        event.patient.is_some()
            && (event.patient == Some(merger.stays.id) || event.patient == other)
    };
    let is_its = top(model).is_some_and(is_of);
    match event.kind {
        EventKind::Patient | EventKind::Appointment | EventKind::Waitlist if is_its => {
            reread(model)
        }
        _ => Vec::new(),
    }
}

/// Asks again what the merge would do, where that is shown.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    let is_shown = |merger: &Merger| merger.other.is_some() && !merger.is_sending();
    match top(model).is_some_and(is_shown) {
        true => want(model, Slot::Twin, ask),
        false => Vec::new(),
    }
}

/// Selects the next person or field, or the one before.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(merger) = top_mut(model) else { return };
    let last = merger.lines().saturating_sub(1);
    merger.takes_first = false;
    merger.cursor = merger.cursor.saturating_add_signed(by).min(last);
}

/// A click on a person, or on a field.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    let was_selected = merger.cursor == index;
    merger.cursor = index;
    match (merger.is_finding(), was_selected) {
        // A click means the line that was there, not what comes into its place.
        (true, _) if model.flights.is_flying(Slot::Twin) => Vec::new(),
        (true, _) => enter(model),
        (false, true) => other_side(model),
        (false, false) => Vec::new(),
    }
}

/// Esc: back to the search, and from there closes the screen.
pub(crate) fn back(model: &mut Model) -> Vec<Effect> {
    let Some(merger) = top_mut(model) else {
        return Vec::new();
    };
    // What is under way goes on; one hears of its end.
    if let Some(deed) = merger.sent.clone() {
        return deeds::let_go(model, deed);
    }
    if merger.is_finding() {
        return close(model);
    }
    merger.other = None;
    merger.preview = None;
    merger.keep.clear();
    merger.changes.clear();
    merger.cursor = 0;
    look(model, Duration::ZERO)
}

fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Merge(_)));
    model.abandon(Slot::Twin)
}
