//! The inbox: what there is to do, who sees to it, how it stands, and what was noted.

use clinic_shared::Role;
use clinic_shared::desk::contacts::{
    Action, Assign, Colleague, Contact, Note, SetStatus, Show, Status, Step,
};
use serde_json::json;

use super::super::appointments::person;
use super::super::paging::{Listed, Paging};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, text};
use super::steps::{Done, take};
use super::{LONGEST_MESSAGE, MISSING, OBJECT, note_list};
use crate::store::accounts::{self, AccountRow, name_of};
use crate::store::contact_steps::{self, State, StepRow};
use crate::store::contacts::{self as table, ContactRow};
use crate::store::inbox::{self, Filter, InboxRow};
use crate::store::{Session, Tx, account_lists};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Which contact requests to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Whose.
    pub show: Option<Show>,
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Words in name, phone, e-mail, subject or message.
    pub search: Option<String>,
}

impl Listing {
    fn filter(&self, who: &Actor) -> Filter {
        let mine = self.show == Some(Show::Mine);
        let status = match self.show {
            Some(Show::New) => self.status.or(Some(Status::New)),
            _ => self.status,
        };
        let typed = self.search.as_deref().map(text::fold);
        Filter {
            status: status.map_or("", Status::as_str),
            // An account that is nobody's has nothing.
            assignee: mine.then(|| who.account_id().unwrap_or(-1)),
            is_open: mine && status.is_none(),
            words: text::search_words(typed.as_deref(), Filter::WORDS),
        }
    }
}

/// Which version the caller saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// `If-Match`: one of these must be the current one; none: no matter.
    pub if_match: Option<Vec<i64>>,
    /// The body's `version`.
    pub version: Option<i64>,
}

impl Seen {
    /// Whether the contact request is still what the caller saw: `If-Match` first, then `version`.
    pub(super) async fn check(
        &self,
        clinic: &Clinic,
        session: &mut impl Session,
        row: &ContactRow,
    ) -> Answer<()> {
        let if_match = self.if_match.as_ref();
        if if_match.is_some_and(|versions| !versions.contains(&row.version)) {
            return Err(Refusal::Stale(changed_by(clinic, session, row.id).await?));
        }
        if self.version.is_some_and(|version| version != row.version) {
            return Err(Refusal::Conflict {
                code: "version_conflict",
                detail: changed_by(clinic, session, row.id).await?,
            });
        }
        Ok(())
    }
}

/// Who changed a contact request last, how, and when.
pub(super) async fn changed_by(
    clinic: &Clinic,
    session: &mut impl Session,
    contact: i64,
) -> Answer<String> {
    let Some(last) = contact_steps::latest(session, contact).await? else {
        return Ok("This contact request has changed since; load it again.".to_owned());
    };
    let name = doer(&last).unwrap_or_else(|| last.address.clone().unwrap_or("Somebody".to_owned()));
    let did = match last.action.0 {
        Action::Status => format!("set it to {}", last.to_status.0),
        Action::Assign => "gave it to somebody".to_owned(),
        Action::Note => "noted something".to_owned(),
        Action::Reply => "answered it".to_owned(),
        Action::Incoming => "wrote again".to_owned(),
        Action::Edit => "corrected it".to_owned(),
        Action::Patient => "turned it into a patient".to_owned(),
        Action::Appointment => "turned it into an appointment".to_owned(),
        Action::Unbooked => "took its appointment back".to_owned(),
    };
    let ago = clinic.ago(last.at);
    Ok(format!("{name} {did} {ago}; load it again."))
}

/// A page, newest first.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    listing: &Listing,
    paging: &Paging,
) -> Answer<Listed<InboxRow>> {
    let span = paging.span()?;
    let filter = listing.filter(who);
    let mut reader = clinic.db.read().await?;
    let count = inbox::count(&mut reader, &filter).await?;
    let before = span.after.unwrap_or(i64::MAX);
    let places = (span.limit, span.offset);
    let rows = inbox::page(&mut reader, &filter, before, places).await?;
    drop(reader);
    let listed = paging.listed(count, rows, |row| row.contact.id)?;
    note_list(clinic, who, listed.rows.len()).await;
    Ok(listed)
}

/// One of them.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<InboxRow> {
    let row = shown_after_change(clinic, id).await?;
    clinic.reads.note_of(who, "show_contact", OBJECT, id).await;
    Ok(row)
}

/// One that the caller has just changed: the change was audited, so this is no read of its own.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn shown_after_change(clinic: &Clinic, id: i64) -> Answer<InboxRow> {
    let row = inbox::by_id(&mut clinic.db.read().await?, id).await?;
    row.ok_or(MISSING)
}

/// Everything that was done about one, oldest first.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn history(clinic: &Clinic, who: &Actor, id: i64) -> Answer<Vec<StepRow>> {
    let mut reader = clinic.db.read().await?;
    table::by_id(&mut reader, id).await?.ok_or(MISSING)?;
    let steps = contact_steps::of_contact(&mut reader, id).await?;
    drop(reader);
    let action = "show_contact_history";
    clinic.reads.note_of(who, action, OBJECT, id).await;
    Ok(steps)
}

/// Who can see to a contact request: the active admins and receptionists, by name.
///
/// # Errors
/// The database's.
pub async fn assignees(clinic: &Clinic) -> Answer<Vec<Colleague>> {
    let rows = account_lists::active_staff(&mut clinic.db.read().await?).await?;
    let mut colleagues: Vec<_> = rows.iter().map(colleague).collect();
    colleagues.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(colleagues)
}

fn colleague(row: &AccountRow) -> Colleague {
    let (first, last) = (Some(row.first_name.as_str()), Some(row.last_name.as_str()));
    Colleague {
        id: row.uid,
        name: name_of(first, last, Some(&row.username)).unwrap_or_default(),
    }
}

/// Says how a contact request stands.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`], [`Refusal::Stale`] and [`Refusal::Conflict`] if it is
/// not what the caller saw.
pub async fn set_status(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: SetStatus,
    seen: &Seen,
    mut faults: Faults,
) -> Answer<()> {
    let reason = text::optional(form.reason.as_deref().unwrap_or_default(), LONGEST_REASON);
    let reason = faults.take("reason", reason).flatten();
    faults.refuse()?;
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id, seen).await?;
    let (was, is) = (row.status.0, form.status);
    if was == is {
        return Ok(());
    }
    let state = State {
        status: is,
        ..State::from(&row)
    };
    let done = Done {
        action: Action::Status,
        body: reason.as_deref(),
        ..Done::default()
    };
    let detail = json!({ "from": was, "to": is });
    take(clinic, &mut tx, who, &row, (&state, &done), detail).await?;
    Ok(tx.commit().await?)
}

/// Says who sees to a contact request.
///
/// # Errors
/// As [`set_status`].
pub async fn assign(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Assign,
    seen: &Seen,
    mut faults: Faults,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let nobody = form.nobody == Some(true);
    let assignee = match form.assignee {
        Some(_) if nobody => {
            faults.add("assignee", "Say either who sees to it, or nobody.");
            None
        }
        Some(id) => {
            let found = accounts::by_uid(&mut tx, id).await?;
            let found = found.filter(|row| row.is_active && row.role.0.is_staff());
            if found.is_none() {
                faults.add("assignee", "Nobody of this id works at the desk.");
            }
            found.map(|row| row.id)
        }
        None if nobody => None,
        None => who.account_id(),
    };
    faults.refuse()?;
    let row = locked(clinic, &mut tx, id, seen).await?;
    if row.assignee_id == assignee {
        return Ok(());
    }
    let state = State {
        assignee,
        ..State::from(&row)
    };
    let done = Done {
        action: Action::Assign,
        ..Done::default()
    };
    let detail = json!({ "from": row.assignee_id, "to": assignee });
    take(clinic, &mut tx, who, &row, (&state, &done), detail).await?;
    Ok(tx.commit().await?)
}

/// Notes something for the desk. A note is never changed: another one follows it.
///
/// # Errors
/// As [`set_status`].
pub async fn note(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Note,
    seen: &Seen,
    mut faults: Faults,
) -> Answer<()> {
    let words = faults.take("text", text::prose(&form.text, LONGEST_MESSAGE));
    faults.refuse()?;
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id, seen).await?;
    let done = Done {
        action: Action::Note,
        body: words.as_deref(),
        ..Done::default()
    };
    let state = State::from(&row);
    take(clinic, &mut tx, who, &row, (&state, &done), json!({})).await?;
    Ok(tx.commit().await?)
}

/// A contact request that nobody else changes until the transaction ends, as the caller saw it.
pub(super) async fn locked(
    clinic: &Clinic,
    tx: &mut Tx,
    id: i64,
    seen: &Seen,
) -> Answer<ContactRow> {
    let row = table::lock(tx, id).await?.ok_or(MISSING)?;
    seen.check(clinic, tx, &row).await?;
    Ok(row)
}

fn doer(step: &StepRow) -> Option<String> {
    let (first, last) = (step.first_name.as_deref(), step.last_name.as_deref());
    name_of(first, last, step.username.as_deref())
}

/// A contact request as the desk shows it.
pub fn wire(row: InboxRow) -> Contact {
    let contact = row.contact;
    let assignee = row.assignee_uid.map(|id| Colleague {
        id,
        name: name_of(
            row.assignee_first_name.as_deref(),
            row.assignee_last_name.as_deref(),
            row.assignee_username.as_deref(),
        )
        .unwrap_or_default(),
    });
    let patient = row.patient_uid.zip(row.patient_number);
    let patient = patient.map(|(id, number)| {
        let full_name = row.patient_name.unwrap_or_default();
        person(id, number, full_name)
    });
    Contact {
        id: contact.id,
        name: contact.name,
        phone: contact.phone,
        email: contact.email,
        subject: contact.subject,
        message: contact.message,
        status: contact.status.0,
        assignee,
        patient,
        appointment: contact.appointment_id,
        version: contact.version,
        created_at: contact.created_at,
        updated_at: contact.updated_at,
    }
}

/// A step as the desk shows it.
pub fn step_wire(row: StepRow) -> Step {
    let assignee = name_of(
        row.assignee_first_name.as_deref(),
        row.assignee_last_name.as_deref(),
        row.assignee_username.as_deref(),
    );
    Step {
        version: row.version,
        action: row.action.0,
        at: row.at,
        by: doer(&row),
        role: row.role.and_then(|role| role.parse::<Role>().ok()),
        from: row.from_status.0,
        to: row.to_status.0,
        assignee,
        address: row.address,
        subject: row.subject,
        text: row.body,
        sent_at: row.sent_at,
        failed_at: row.failed_at,
    }
}
