//! A contact request, whole, and what was done about it.

use clinic_shared::desk::contacts::{Action, Contact, Step};

use super::view::{Sheet, moment};
use super::{Known, Subject};
use crate::app::Model;
use crate::effect::Effect;
use crate::labels;
use crate::screens::contacts;
use crate::theme::Role;

/// Opens a contact request of the list.
pub(crate) fn open(model: &mut Model, row: Contact) -> Vec<Effect> {
    let mut effects = super::open(model, Subject::Contact(Known::row(row.id, row)));
    effects.extend(contacts::history(model));
    effects
}

pub(super) fn sheet(model: &Model, known: &Known<i64, Contact, Contact>) -> Sheet {
    // A line of the list is the whole of it.
    let Some(contact) = known.value().or(known.row.as_ref()) else {
        return Sheet::default();
    };
    let glyphs = &model.glyphs;
    let status = labels::with_sign(
        glyphs.contact(contact.status),
        labels::contact_status(contact.status),
    );
    let phone = Some(contact.phone.clone()).filter(|phone| !phone.is_empty());
    let assignee = contact.assignee.as_ref().map(|one| one.name.clone());
    let mut facts = vec![
        ("Came", Some(moment(model, contact.created_at))),
        ("Status", Some(status)),
        (
            "Whose",
            assignee.or_else(|| Some("nobody's yet".to_owned())),
        ),
        ("Phone", phone),
        ("E-mail", contact.email.clone()),
        ("Subject", contact.subject.clone()),
    ];
    if let Some(person) = &contact.patient {
        let number = labels::record_number(person);
        facts.push(("Patient", Some(format!("{number} {}", person.full_name))));
    }
    if let Some(appointment) = contact.appointment {
        facts.push(("Booked", Some(format!("appointment {appointment}"))));
    }
    facts.push(("Changed", Some(moment(model, contact.updated_at))));
    Sheet {
        title: "Contact request".to_owned(),
        name: contact.name.clone(),
        facts,
        body: Some(contact.message.clone()),
    }
}

/// What was done about it, oldest first: who did what and when, and the words.
pub(super) fn steps(model: &Model, id: i64) -> Vec<(String, Role)> {
    let steps = match &model.contacts.steps {
        Some((of, steps)) if *of == id => steps.as_slice(),
        _ => &[],
    };
    let mut lines = Vec::new();
    for step in steps {
        lines.push((String::new(), Role::Text));
        let when = moment(model, step.at);
        let said = format!("{when} {} {}", model.glyphs.dot, told(step));
        lines.push((said, Role::Dim));
        lines.extend(step.text.clone().map(|text| (text, Role::Text)));
    }
    lines
}

fn told(step: &Step) -> String {
    let by = step.by.clone().or_else(|| step.address.clone());
    let by = by.unwrap_or_else(|| "They".to_owned());
    let to = |address: &Option<String>| {
        let address = address.as_ref().map(|address| format!(" to {address}"));
        address.unwrap_or_default()
    };
    match step.action {
        Action::Status => format!("{by}: {}", labels::contact_status(step.to)),
        Action::Assign => match &step.assignee {
            Some(one) => format!("{by}: for {one}"),
            None => format!("{by}: for nobody"),
        },
        Action::Note => format!("{by} noted"),
        Action::Reply => {
            let how = match (step.sent_at, step.failed_at) {
                (_, Some(_)) => "; the mail was refused",
                (Some(_), None) => "; sent",
                (None, None) => "; on its way",
            };
            format!("{by} answered{}{how}", to(&step.address))
        }
        Action::Incoming => format!("{by} wrote again"),
        Action::Edit => format!("{by} corrected it"),
        Action::Patient => format!("{by} made a patient of it"),
        Action::Appointment => format!("{by} booked for it"),
        Action::Unbooked => format!("{by} took the booking back"),
    }
}
