//! A contact request, whole.

use clinic_shared::desk::contacts::Contact;

use super::view::{Sheet, moment};
use super::{Known, Subject};
use crate::app::Model;
use crate::effect::Effect;
use crate::labels;

/// Opens a contact request of the list.
pub(crate) fn open(model: &mut Model, row: Contact) -> Vec<Effect> {
    super::open(model, Subject::Contact(Known::row(row.id, row)))
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
    Sheet {
        title: "Contact request".to_owned(),
        name: contact.name.clone(),
        facts: vec![
            ("Came", Some(moment(model, contact.created_at))),
            ("Status", Some(status)),
            ("Phone", phone),
            ("E-mail", contact.email.clone()),
            ("Subject", contact.subject.clone()),
            ("Changed", Some(moment(model, contact.updated_at))),
        ],
        body: Some(contact.message.clone()),
    }
}
