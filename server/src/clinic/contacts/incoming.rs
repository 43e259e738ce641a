//! Mail that comes in: an answer to one of ours goes to its thread, everything else is a new contact
//! request.

use clinic_shared::desk::contacts::{Action, Status};
use serde_json::json;

use super::super::{Actor, Answer, Clinic};
use super::replies::marked;
use super::steps::{Done, take};
use super::{LONGEST_MESSAGE, LONGEST_NAME, LONGEST_SUBJECT, insert_within, stored};
use crate::infra::incoming::Incoming;
use crate::store::Tx;
use crate::store::contact_steps::{self as steps, State};
use crate::store::contacts::{self as table, ContactRow};

/// What stands where a text was cut.
const CUT: &str = "\n[…]";

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It was recorded at the contact request that it answers.
    Answer(i64),
    /// It is a new contact request.
    New(i64),
    /// It was recorded before, at this contact request.
    Again(i64),
    /// A program sent it and it answers nothing: it is not kept.
    Ignored,
}

/// Takes a mail in.
///
/// # Errors
/// The database's.
pub async fn receive(clinic: &Clinic, mail: &Incoming) -> Answer<Received> {
    let who = Actor::nobody(None);
    let mut tx = clinic.db.begin().await?;
    if let Some(contact) = steps::of_mail(&mut tx, &mail.key).await? {
        return Ok(Received::Again(contact));
    }
    let received = match thread(&mut tx, &mail.subject).await? {
        Some(row) => {
            answered(clinic, &mut tx, &who, &row, mail).await?;
            Received::Answer(row.id)
        }
        None if mail.is_automatic => return Ok(Received::Ignored),
        None => {
            let name = shortened(&mail.name, LONGEST_NAME, "");
            let subject = Some(shortened(&mail.subject, LONGEST_SUBJECT, ""));
            let new = stored(
                name,
                Some(mail.address.clone()),
                String::new(),
                subject.filter(|subject| !subject.is_empty()),
                shortened(&mail.text, LONGEST_MESSAGE, CUT),
            );
            Received::New(insert_within(clinic, &mut tx, &who, &new).await?.id)
        }
    };
    let (Received::Answer(contact) | Received::New(contact) | Received::Again(contact)) = received
    else {
        return Ok(received);
    };
    let now = clinic.clock.now();
    if !steps::note_mail(&mut tx, &mail.key, contact, now).await? {
        // Two deliveries at once: the other one has it, and nothing of this one stays.
        tx.rollback().await?;
        let known = steps::of_mail(&mut clinic.db.read().await?, &mail.key).await?;
        return Ok(Received::Again(known.unwrap_or(contact)));
    }
    tx.commit().await?;
    Ok(received)
}

/// The contact request that a subject's mark names, if it is its mark.
async fn thread(tx: &mut Tx, subject: &str) -> Answer<Option<ContactRow>> {
    let Some((id, token)) = marked(subject) else {
        return Ok(None);
    };
    let row = table::lock(tx, id).await?;
    Ok(row.filter(|row| row.token.as_deref() == Some(token.as_str())))
}

async fn answered(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &ContactRow,
    mail: &Incoming,
) -> Answer<()> {
    let state = State::from(row);
    let status = match state.status {
        // Somebody has to look again, unless a program answered that nobody is there.
        Status::Resolved if !mail.is_automatic => match state.assignee {
            Some(_) => Status::InProgress,
            None => Status::New,
        },
        status => status,
    };
    let state = State { status, ..state };
    let body = shortened(&mail.text, LONGEST_MESSAGE, CUT);
    let subject = shortened(&mail.subject, LONGEST_SUBJECT, "");
    let done = Done {
        action: Action::Incoming,
        address: Some(&mail.address),
        subject: Some(&subject),
        body: Some(&body),
    };
    let detail = json!({ "from": row.status.0, "to": status });
    take(clinic, tx, who, row, (&state, &done), detail).await?;
    Ok(())
}

/// The text, not longer than `most` characters, `end` included.
fn shortened(text: &str, most: usize, end: &str) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(end.chars().count());
    let start: String = text.chars().take(kept).collect();
    format!("{start}{end}")
}
