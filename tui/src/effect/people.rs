//! What is asked about people beside their records: what was booked for them and what was done to
//! it, and which records were made one.

use clinic_shared::Page;
use clinic_shared::client::{Client, Error, Tagged, WaitingQuery};
use clinic_shared::desk::appointments::HistoryEntry;
use clinic_shared::desk::merging::{Merge, MergePreview, Merged, Unmerged};
use clinic_shared::desk::visits::Visits;
use clinic_shared::desk::waitlist::{Waiting, WaitingStatus};
use uuid::Uuid;

use super::Reply;

/// How many of a patient's appointments are asked for.
const VISITS: u32 = 200;

/// A question about a person: the server is left as it was.
#[derive(Clone, PartialEq, Eq)]
pub enum PeopleCall {
    /// Everything booked for a patient.
    Visits(Uuid),
    /// What was done to an appointment.
    Steps(i64),
    /// The merges into a record.
    Merges(Uuid),
    /// What merging the second record into the first would do.
    PreviewMerge(Uuid, Uuid),
    /// What a patient waits for now.
    Waits(Uuid),
    /// Who waits for an earlier time.
    WaitingList(WaitingQuery),
    /// How many wait for a time like this appointment's, which was called off.
    Candidates(i64),
}

/// What such a question, or a deed about people, was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum PeopleReply {
    /// Everything booked for a patient.
    Visits(Box<Visits>),
    /// What was done to an appointment, oldest first.
    Steps(Vec<HistoryEntry>),
    /// The merges into a record, newest first.
    Merges(Vec<Merge>),
    /// What a merge would do.
    Preview(Box<MergePreview>),
    /// Two records were made one.
    Merged(Box<Tagged<Merged>>),
    /// An entry of the waiting list, as it is now.
    Waiting(Box<Waiting>),
    /// A page of the waiting list, the most urgent first.
    WaitingList(Box<Page<Waiting>>),
    /// So many wait for the time.
    Candidates(usize),
    /// They are two again.
    Unmerged(Box<Tagged<Unmerged>>),
}

impl From<PeopleReply> for Reply {
    fn from(reply: PeopleReply) -> Self {
        Reply::People(reply)
    }
}

impl PeopleCall {
    /// Its name, for the log: no patient's data.
    pub const fn name(&self) -> &'static str {
        match self {
            PeopleCall::Visits(_) => "list a patient's appointments",
            PeopleCall::Steps(_) => "read an appointment's history",
            PeopleCall::Merges(_) => "list merges",
            PeopleCall::PreviewMerge(..) => "preview a merge",
            PeopleCall::Waits(_) => "list what a patient waits for",
            PeopleCall::WaitingList(_) => "list who waits",
            PeopleCall::Candidates(_) => "count who waits for a time",
        }
    }

    /// Asks it.
    pub(super) async fn run(self, client: &Client) -> Result<Reply, Error> {
        let reply = match self {
            PeopleCall::Visits(id) => {
                PeopleReply::Visits(Box::new(client.visits(id, VISITS).await?))
            }
            PeopleCall::Steps(id) => PeopleReply::Steps(client.appointment_history(id).await?),
            PeopleCall::Merges(id) => PeopleReply::Merges(client.merges(id).await?),
            PeopleCall::PreviewMerge(id, other) => {
                PeopleReply::Preview(Box::new(client.preview_merge(id, other).await?))
            }
            PeopleCall::Waits(id) => {
                let query = WaitingQuery {
                    status: Some(WaitingStatus::Waiting),
                    patient: Some(id),
                    ..WaitingQuery::default()
                };
                PeopleReply::WaitingList(Box::new(client.waiting_list(&query).await?))
            }
            PeopleCall::WaitingList(query) => {
                PeopleReply::WaitingList(Box::new(client.waiting_list(&query).await?))
            }
            PeopleCall::Candidates(id) => {
                PeopleReply::Candidates(client.candidates(id).await?.len())
            }
        };
        Ok(reply.into())
    }
}
