//! What the desk asks, and does, about what people wrote to the clinic.

use clinic_shared::client::{Client, Error};
use clinic_shared::desk::contacts::{self, Assign, Note, SetStatus, TurnIntoPatient};

use super::Reply;

/// A call about contact requests. The version in it is the one that was on the screen: the server
/// refuses if it is another by now.
#[derive(Clone, PartialEq, Eq)]
pub enum InboxCall {
    /// What was done about one.
    History(i64),
    /// Who can see to them.
    Colleagues,
    /// It stands otherwise.
    Status(i64, SetStatus),
    /// It is somebody's, or nobody's.
    Assign(i64, Assign),
    /// Something to know, for the desk only.
    Note(i64, Note),
    /// Answered by mail.
    Answer(i64, Box<contacts::Reply>),
    /// It leads to a patient: a new one, or one with a record.
    Patient(i64, Box<TurnIntoPatient>),
}

// Calls carry patients' data: they stay out of logs and panics.
impl std::fmt::Debug for InboxCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl InboxCall {
    /// The contact request it is about, if it is about one.
    pub const fn contact(&self) -> Option<i64> {
        match self {
            InboxCall::History(id)
            | InboxCall::Status(id, _)
            | InboxCall::Assign(id, _)
            | InboxCall::Note(id, _)
            | InboxCall::Answer(id, _)
            | InboxCall::Patient(id, _) => Some(*id),
            InboxCall::Colleagues => None,
        }
    }

    /// Whether the server is left as it was.
    pub(super) const fn is_read(&self) -> bool {
        matches!(self, InboxCall::History(_) | InboxCall::Colleagues)
    }

    /// Its name, for the log: no patient's data.
    pub const fn name(&self) -> &'static str {
        match self {
            InboxCall::History(_) => "read a contact request's history",
            InboxCall::Colleagues => "list who is at the desk",
            InboxCall::Status(..) => "set a contact request's status",
            InboxCall::Assign(..) => "give a contact request to somebody",
            InboxCall::Note(..) => "note something",
            InboxCall::Answer(..) => "answer a contact request",
            InboxCall::Patient(..) => "turn a contact request into a patient",
        }
    }

    /// Makes the call.
    pub(super) async fn run(self, client: &Client) -> Result<Reply, Error> {
        let done = match self {
            InboxCall::History(id) => {
                return Ok(Reply::Steps(id, client.contact_history(id).await?));
            }
            InboxCall::Colleagues => {
                return Ok(Reply::Colleagues(client.contact_assignees().await?));
            }
            InboxCall::Status(id, body) => client.set_contact_status(id, &body, None).await?,
            InboxCall::Assign(id, body) => client.assign_contact(id, &body, None).await?,
            InboxCall::Note(id, body) => client.note_contact(id, &body).await?,
            InboxCall::Answer(id, body) => client.reply_contact(id, &body, None).await?,
            InboxCall::Patient(id, body) => {
                client.turn_contact_into_patient(id, &body, None).await?
            }
        };
        Ok(Reply::Contact(Box::new(done)))
    }
}
