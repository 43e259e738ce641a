//! The form that makes a patient of who wrote to the clinic: it begins with what they said of
//! themselves, and at its end the contact request is linked, to a new record or to one that is here.

use clinic_shared::client::Refused;
use clinic_shared::desk::contacts::{Contact, TurnIntoPatient};
use uuid::Uuid;

use super::field::Kind;
use super::{Form, FormField, Subject, any_mut, discard, duplicates, save, top, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Effect, InboxCall};
use crate::layers::Layer;
use crate::screens::contacts::acts;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::record;

/// The contact request that a form began with.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    contact: i64,
    /// The version that was on the screen.
    version: i64,
    pub(super) who: String,
    /// What waits for the server, or was sent last.
    sent: Option<InboxCall>,
    /// Under which key.
    key: String,
}

/// Opens the form with what somebody said of themselves already in its fields.
pub(crate) fn open_from_contact(model: &mut Model, contact: &Contact) -> Vec<Effect> {
    let mut form = Form::new(Subject::New);
    // That is nothing one makes a patient with.
    form.fields.retain(|field| field.kind != Kind::BloodGroup);
    form.from = Some(Origin {
        contact: contact.id,
        version: contact.version,
        who: contact.name.clone(),
        sent: None,
        key: String::new(),
    });
    for (kind, text) in [
        (Kind::FullName, contact.name.clone()),
        (Kind::Phone, contact.phone.clone()),
        (Kind::Email, contact.email.clone().unwrap_or_default()),
    ] {
        if let Some(field) = form.field_mut(kind) {
            field.type_in(text);
        }
    }
    form.focus = form
        .fields
        .iter()
        .position(FormField::is_empty)
        .unwrap_or(0);
    model.layers.push(Layer::Form(Box::new(form)));
    duplicates::ask(model)
}

/// Asks what is to be done where the person may be here already; none: nobody looks like them.
pub(super) fn question(form: &Form) -> Option<Dialog> {
    form.from.as_ref()?;
    let twin = &form.candidates.first()?.patient;
    let text = format!(
        "{} {} may be the same person.",
        twin.record_number, twin.full_name
    );
    let choices = vec![
        Choice::keep("Keep editing"),
        Choice::new("Look", 'l', duplicates::open_first),
        Choice::new("It is them", 't', link_first),
        Choice::new("Register anyway", 'r', save::register_anyway),
    ];
    Some(Dialog::new("Here already?", &text, choices))
}

/// Sends the person in the form, if it began with a contact request.
pub(super) fn send(model: &mut Model) -> Option<Vec<Effect>> {
    let today = model.now.date_naive();
    let form = top_mut(model)?;
    form.from.as_ref()?;
    let person = save::draft(form, today);
    let body = TurnIntoPatient {
        full_name: Some(person.full_name),
        birth_date: person.birth_date,
        gender: person.gender,
        phone: person.phone,
        email: person.email,
        address: person.address,
        note: person.note,
        // Whoever is shown who it may be, and goes on, has looked.
        anyway: (!form.candidates.is_empty()).then_some(true),
        ..TurnIntoPatient::default()
    };
    Some(turn(model, body))
}

fn turn(model: &mut Model, body: TurnIntoPatient) -> Vec<Effect> {
    if acts::can_send(model) != Availability::Ok {
        if let Some(form) = any_mut(model) {
            form.message = Some("Not saved yet: wait for the server, then save again.".to_owned());
        }
        return Vec::new();
    }
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    // What may be done is sent as it was.
    let is_in_doubt = form.doubt.is_some();
    let is_warned = form.message.is_some() && !is_in_doubt;
    let Some((contact, was)) = form.from.as_ref().map(|from| (from.contact, from.version)) else {
        return Vec::new();
    };
    // Who was told that it changed has seen how it is now.
    let version = match is_warned {
        true => acts::version(model, contact, was),
        false => was,
    };
    let mut key = model.new_key();
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    form.is_saving = true;
    form.message = None;
    form.doubt = None;
    let body = TurnIntoPatient {
        version: Some(version),
        ..body
    };
    let call = InboxCall::Patient(contact, Box::new(body));
    let mut who = String::new();
    if let Some(from) = &mut form.from {
        from.version = version;
        if is_in_doubt && from.sent.as_ref() == Some(&call) {
            key.clone_from(&from.key);
        }
        from.sent = Some(call.clone());
        from.key.clone_from(&key);
        who.clone_from(&from.who);
    }
    acts::send_under(model, call, &who, &key)
}

/// It is the likeliest of those who are here already.
fn link_first(model: &mut Model) -> Vec<Effect> {
    let form = top(model);
    let twin = form.and_then(|form| form.candidates.first());
    match twin.map(|twin| twin.patient.id) {
        Some(id) => link(model, id),
        None => Vec::new(),
    }
}

fn link(model: &mut Model, patient: Uuid) -> Vec<Effect> {
    let body = TurnIntoPatient {
        patient: Some(patient),
        ..TurnIntoPatient::default()
    };
    turn(model, body)
}

/// The patient whose record was opened over the form, to see whether it is them.
fn looked_at(model: &Model) -> Option<Uuid> {
    let has_form = model.layers.iter().any(|layer| match layer {
        Layer::Form(form) => form.from.is_some(),
        _ => false,
    });
    match record::acting(model) {
        Some(record::Subject::Patient(known)) if has_form => Some(known.id),
        _ => None,
    }
}

/// Whether a contact request can be linked to the record that is open.
pub(crate) fn can_link(model: &Model) -> Availability {
    match looked_at(model) {
        Some(_) => acts::can_send(model),
        None => Availability::Disabled("No contact request waits for a record.".into()),
    }
}

/// Links the contact request to the record that is open over the form.
pub(crate) fn link_open(model: &mut Model) -> Vec<Effect> {
    let Some(id) = looked_at(model) else {
        return Vec::new();
    };
    let mut effects = record::close(model);
    effects.extend(link(model, id));
    effects
}

fn is_its(form: &Form, call: &InboxCall) -> bool {
    let sent = form.from.as_ref().and_then(|from| from.sent.as_ref());
    form.is_saving && sent == Some(call)
}

/// Says in the form that a call came from that it is not known whether it was done; answers whether
/// it is still there.
pub(crate) fn not_known(model: &mut Model, call: &InboxCall) -> bool {
    let form = any_mut(model).filter(|form| is_its(form, call));
    let is_there = form.is_some();
    if let Some(form) = form {
        form.is_saving = false;
        form.doubt = Some(
            "Not known yet whether it was saved: no answer. Saved again as it is, it is done once."
                .to_owned(),
        );
    }
    is_there
}

/// Closes the form that a call came from: the contact request has led to a patient.
pub(crate) fn turned(model: &mut Model, call: &InboxCall) {
    if any_mut(model).is_some_and(|form| is_its(form, call)) {
        discard(model);
    }
}

/// Says in the form that a call came from why it did not; answers whether it is still there.
pub(crate) fn not_turned(
    model: &mut Model,
    call: &InboxCall,
    text: &str,
    refused: Option<&Refused>,
) -> bool {
    let Some(form) = any_mut(model).filter(|form| is_its(form, call)) else {
        return false;
    };
    form.is_saving = false;
    if let Some(from) = &mut form.from {
        from.sent = None;
    }
    match refused {
        Some(refused) if !refused.candidates.is_empty() => {
            form.candidates.clone_from(&refused.candidates);
            form.message = Some("Perhaps this person is here already: look below.".to_owned());
        }
        Some(refused) if !refused.fields.is_empty() => form.show_errors(&refused.fields, text),
        _ => form.message = Some(text.to_owned()),
    }
    true
}
