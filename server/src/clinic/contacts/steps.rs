//! A step of a contact request: the new version, its row of history, the event and the audit row.

use clinic_shared::desk::contacts::{Action, Status};
use serde_json::Value;

use super::super::{Actor, Answer, Clinic, Refusal, audit, events};
use super::OBJECT;
use super::inbox::changed_by;
use crate::store::Tx;
use crate::store::contact_steps::{self as table, NewStep, State};
use crate::store::contacts::ContactRow;

/// What was done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done<'a> {
    /// What.
    pub(super) action: Action,
    /// To or from which e-mail address.
    pub(super) address: Option<&'a str>,
    /// About what.
    pub(super) subject: Option<&'a str>,
    /// The words.
    pub(super) body: Option<&'a str>,
}

impl Default for Done<'_> {
    fn default() -> Self {
        Done {
            action: Action::Note,
            address: None,
            subject: None,
            body: None,
        }
    }
}

impl From<&ContactRow> for State {
    fn from(row: &ContactRow) -> Self {
        State {
            status: row.status.0,
            assignee: row.assignee_id,
            patient: row.patient_id,
            appointment: row.appointment_id,
            token: row.token.clone(),
        }
    }
}

/// How a contact request stands when somebody does something about it: one that is new is in
/// progress, and theirs if it was nobody's.
pub(super) fn taken(row: &ContactRow, who: &Actor) -> State {
    let state = State::from(row);
    match state.status {
        Status::New => State {
            status: Status::InProgress,
            assignee: state.assignee.or(who.account_id()),
            ..state
        },
        _ => state,
    }
}

/// Takes a step of a locked contact request, and answers the step's id. `detail` is the audit's.
pub(super) async fn take(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    was: &ContactRow,
    (state, done): (&State, &Done<'_>),
    detail: Value,
) -> Answer<i64> {
    let now = clinic.clock.now();
    if !table::advance(tx, (was.id, was.version), state, now).await? {
        return Err(Refusal::Conflict {
            code: "version_conflict",
            detail: changed_by(clinic, tx, was.id).await?,
        });
    }
    write(clinic, tx, who, (was, was.version + 1), state, done, detail).await
}

/// Writes down a step that was taken already.
pub(super) async fn record(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (was, is): (&ContactRow, &ContactRow),
    done: &Done<'_>,
    detail: Value,
) -> Answer<()> {
    let state = State::from(is);
    write(clinic, tx, who, (was, is.version), &state, done, detail).await?;
    Ok(())
}

async fn write(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (was, version): (&ContactRow, i64),
    state: &State,
    done: &Done<'_>,
    detail: Value,
) -> Answer<i64> {
    let step = NewStep {
        contact: was.id,
        version,
        action: done.action,
        at: clinic.clock.now(),
        account: who.account_id(),
        role: who.role().map(|role| role.to_string()),
        from: was.status.0,
        to: state.status,
        assignee: state.assignee,
        address: done.address,
        subject: done.subject,
        body: done.body,
        appointment: match done.action {
            Action::Appointment => state.appointment,
            Action::Unbooked => was.appointment_id,
            _ => None,
        },
    };
    let id = table::insert(tx, &step).await?;
    events::record(tx, clinic, events::CONTACT, was.id, None, None).await?;
    let (action, object) = (audit_name(done.action), (OBJECT, was.id));
    match state.patient {
        Some(patient) => {
            audit::change_to(tx, clinic, who, action, object, patient, detail).await?;
        }
        None => audit::change_of(tx, clinic, who, action, OBJECT, was.id, detail).await?,
    }
    Ok(id)
}

/// What the audit calls a step.
const fn audit_name(action: Action) -> &'static str {
    match action {
        Action::Status => "set_contact_status",
        Action::Assign => "assign_contact",
        Action::Note => "note_contact",
        Action::Reply => "reply_contact",
        Action::Incoming => "receive_contact_mail",
        Action::Edit => "change_contact",
        Action::Patient => "turn_contact_into_patient",
        Action::Appointment => "turn_contact_into_appointment",
        Action::Unbooked => "unbook_contact",
    }
}
