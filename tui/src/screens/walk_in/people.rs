//! Who it may be that came: looked for while the name is typed, chosen, or registered whole.

use std::time::Duration;

use clinic_shared::client::{Error, PatientQuery};
use clinic_shared::desk::patients::PatientRow;

use super::{Arrival, WHOM, shown, top};
use crate::app::Model;
use crate::command::Availability;
use crate::dates::Format;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::patient_form::field::{FormField, Kind};
use crate::screens::patient_form::{self, Then};

/// Long enough that a word is typed, short enough that the answer is there at the next field.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// How many people that may be meant are shown.
const PEOPLE: u32 = 6;

/// Looks for people with a record who may be meant.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
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

pub(super) fn take(form: &mut Arrival, person: PatientRow, dates: Format) {
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

/// Whether somebody new can be registered with what is typed.
pub(crate) fn can_register(model: &Model) -> Availability {
    let form = shown(model);
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
