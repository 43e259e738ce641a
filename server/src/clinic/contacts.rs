//! Contact requests: what people write to the clinic, and what the desk makes of it (API.md §3
//! `/contacts/`, §7 `contacts/`).
//!
//! There is one table for classic, v1, the desk and mail. Every change makes a version, a step of
//! history, an event and an audit row, in one transaction.

mod inbox;
mod incoming;
mod replies;
mod steps;
mod turning;
mod unbooking;

use clinic_shared::FieldErrors;
use clinic_shared::classic::contacts::{ContactChange, ContactInput};
use clinic_shared::desk::contacts::Action;
use clinic_shared::v1::portal::ContactUs;
use serde_json::json;

pub use inbox::{
    Listing, Seen, assign, assignees, history, list, note, set_status, show, shown_after_change,
    step_wire, wire,
};
pub use incoming::{Received, receive};
pub use replies::{reply, send};
pub use turning::{turn_into_appointment, turn_into_patient};
pub(in crate::clinic) use unbooking::{booked_again, unbooked};

use super::{Actor, Answer, Clinic, Faults, Refusal, audit, events, text};
use crate::store::Tx;
use crate::store::contacts::{self as table, ContactRow, Stored};

const MISSING: Refusal = Refusal::Missing("ContactUs");
/// What the audit calls one.
const OBJECT: &str = "contact";
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest phone, in characters.
const LONGEST_PHONE: usize = 32;
/// The longest e-mail address, in characters.
const LONGEST_EMAIL: usize = 254;
/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 200;
/// The longest message, in characters.
const LONGEST_MESSAGE: usize = 5000;

/// What a body says of a contact request: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    name: Option<String>,
    phone: Option<String>,
    message: Option<String>,
}

impl From<ContactInput> for Form {
    fn from(input: ContactInput) -> Self {
        Form {
            name: Some(input.name),
            phone: Some(input.phone),
            message: Some(input.message),
        }
    }
}

impl From<ContactChange> for Form {
    fn from(change: ContactChange) -> Self {
        Form {
            name: change.name,
            phone: change.phone,
            message: change.message,
        }
    }
}

impl Form {
    /// What is stored then; `was` gives what is absent.
    fn checked(self, was: Option<&ContactRow>, mut faults: Faults) -> Answer<Stored> {
        let kept = |field: fn(&ContactRow) -> &String| was.map(field).cloned().unwrap_or_default();
        let name = match self.name {
            Some(name) => faults.take("name", text::required(&name, LONGEST_NAME)),
            None => Some(kept(|row| &row.name)),
        };
        let phone = match self.phone {
            // What came by e-mail only has none, and is sent back so.
            Some(phone)
                if phone.trim().is_empty() && was.is_some_and(|was| was.email.is_some()) =>
            {
                Some(String::new())
            }
            Some(phone) => faults.take("phone", text::required(&phone, LONGEST_PHONE)),
            None => Some(kept(|row| &row.phone)),
        };
        let message = match self.message {
            Some(message) => faults.take("massage", text::prose(&message, LONGEST_MESSAGE)),
            None => Some(kept(|row| &row.message)),
        };
        faults.refuse()?;
        Ok(stored(
            name.unwrap_or_default(),
            was.and_then(|was| was.email.clone()),
            phone.unwrap_or_default(),
            was.and_then(|was| was.subject.clone()),
            message.unwrap_or_default(),
        ))
    }
}

fn stored(
    name: String,
    email: Option<String>,
    phone: String,
    subject: Option<String>,
    message: String,
) -> Stored {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let search = searchable([&name, &phone, &said(&email), &said(&subject), &message]);
    Stored {
        name,
        email,
        phone,
        subject,
        message,
        search,
    }
}

/// What a contact request is searched in: everything that was written, folded; a phone by its digits
/// as well.
pub fn searchable([name, phone, email, subject, message]: [&str; 5]) -> String {
    let digits = text::phone_digits(phone);
    text::fold(&format!(
        "{name} {phone} {digits} {email} {subject} {message}"
    ))
}

/// Takes what somebody, signed in or not, writes to the clinic.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    input: ContactInput,
    faults: Faults,
) -> Answer<ContactRow> {
    let new = Form::from(input).checked(None, faults)?;
    insert(clinic, who, &new).await
}

/// Takes what somebody, signed in or not, writes on the public portal (API.md §4): with an e-mail, a
/// phone, or both.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn create_from_portal(
    clinic: &Clinic,
    who: &Actor,
    form: ContactUs,
    mut faults: Faults,
) -> Answer<ContactRow> {
    let name = faults.take("name", text::required(&form.name, LONGEST_NAME));
    let message = faults.take("message", text::prose(&form.message, LONGEST_MESSAGE));
    let mut optional = |field: &str, typed: Option<String>, most| {
        let typed = typed.map(|typed| {
            let typed = text::line(&typed)?;
            text::optional(&typed, most)
        });
        typed.and_then(|typed| faults.take(field, typed).flatten())
    };
    let email = optional("email", form.email, LONGEST_EMAIL);
    let phone = optional("phone", form.phone, LONGEST_PHONE);
    let subject = optional("subject", form.subject, LONGEST_SUBJECT);
    if email.as_deref().is_some_and(|email| !text::is_email(email)) {
        faults.add("email", "Enter a valid email address.");
    }
    // Faulty ones were told of already.
    let is_wrong = faults.tell_of("email") || faults.tell_of("phone");
    if email.is_none() && phone.is_none() && !is_wrong {
        let message = "Say how to reach you: with an e-mail address, a phone, or both.";
        faults.add(FieldErrors::CROSS_FIELD, message);
    }
    faults.refuse()?;
    let new = stored(
        name.unwrap_or_default(),
        email,
        phone.unwrap_or_default(),
        subject,
        message.unwrap_or_default(),
    );
    insert(clinic, who, &new).await
}

async fn insert(clinic: &Clinic, who: &Actor, new: &Stored) -> Answer<ContactRow> {
    let mut tx = clinic.db.begin().await?;
    let row = insert_within(clinic, &mut tx, who, new).await?;
    tx.commit().await?;
    Ok(row)
}

async fn insert_within(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    new: &Stored,
) -> Answer<ContactRow> {
    let row = table::insert(tx, new, clinic.clock.now()).await?;
    events::record(tx, clinic, events::CONTACT, row.id, None, None).await?;
    let action = "create_contact";
    audit::change_of(tx, clinic, who, action, OBJECT, row.id, json!({})).await?;
    Ok(row)
}

/// All of them, newest first, for staff.
///
/// # Errors
/// The database's.
pub async fn all(clinic: &Clinic, who: &Actor) -> Answer<Vec<ContactRow>> {
    let rows = table::all(&mut clinic.db.read().await?).await?;
    note_list(clinic, who, rows.len()).await;
    Ok(rows)
}

/// One of them, for staff, as classic shows it.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show_plain(clinic: &Clinic, who: &Actor, id: i64) -> Answer<ContactRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    let row = row.ok_or(MISSING)?;
    clinic.reads.note_of(who, "show_contact", OBJECT, id).await;
    Ok(row)
}

/// Corrects what a contact request says.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] with every faulty field.
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Form,
    faults: Faults,
) -> Answer<ContactRow> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let is = form.checked(Some(&was), faults)?;
    let fields = changed(&was, &is);
    if fields.is_empty() {
        return Ok(was);
    }
    let row = table::update(&mut tx, id, &is, clinic.clock.now()).await?;
    let done = steps::Done {
        action: Action::Edit,
        ..steps::Done::default()
    };
    let detail = json!({ "fields": fields });
    steps::record(clinic, &mut tx, who, (&was, &row), &done, detail).await?;
    tx.commit().await?;
    Ok(row)
}

fn changed(was: &ContactRow, is: &Stored) -> Vec<&'static str> {
    audit::fields([
        ("name", was.name != is.name),
        ("phone", was.phone != is.phone),
        ("message", was.message != is.message),
    ])
}

/// Deletes a contact request for good; the audit keeps that it was there.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    if !table::delete(&mut tx, id).await? {
        return Err(MISSING);
    }
    events::record(&mut tx, clinic, events::CONTACT, id, None, None).await?;
    let action = "delete_contact";
    audit::change_of(&mut tx, clinic, who, action, OBJECT, id, json!({})).await?;
    Ok(tx.commit().await?)
}

async fn note_list(clinic: &Clinic, who: &Actor, count: usize) {
    let detail = json!({ "count": count });
    clinic.reads.note(who, "list_contacts", None, detail).await;
}
