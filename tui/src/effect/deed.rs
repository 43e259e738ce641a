//! What the desk does with appointments: each changes something at the server.

use clinic_shared::client::{Client, Error, Plain, etag};
use clinic_shared::desk::appointments::{Cancel, Loss, NewAppointment, Reschedule, Return, Step};
use clinic_shared::desk::merging::Merging;
use clinic_shared::desk::queue::{CallIn, RunningLate, SetPriority, SetRoom, WalkIn};
use clinic_shared::desk::waitlist::{Accept, NewWaiting, Offer};
use uuid::Uuid;

use super::{LeaveCall, PeopleReply, Reply, Ruling, WindowsCall};

/// Something done with an appointment, or with a doctor's day. The version in it is the one that
/// was on the screen: the server refuses if it is another by now.
#[derive(Clone, PartialEq, Eq)]
pub enum Deed {
    /// The patient came.
    CheckIn(i64, Return),
    /// A step that needs no words.
    Plain(i64, Plain, Step),
    /// Called off.
    Cancel(i64, Cancel),
    /// The patient did not come.
    NoShow(i64, Loss),
    /// The patient left without being seen.
    Left(i64, Loss),
    /// The last step is taken back.
    Undo(i64, Return),
    /// Given a room, or none.
    Room(i64, SetRoom),
    /// Moved up or down in the queue.
    Priority(i64, SetPriority),
    /// The patient is called in.
    CallIn(i64, CallIn),
    /// How late a doctor runs.
    RunLate(Uuid, RunningLate),
    /// Somebody came without being booked.
    WalkIn(Box<WalkIn>),
    /// Booked.
    Book(Box<NewAppointment>),
    /// Booked for who wrote to the clinic: the contact request, its version, and the booking.
    BookContact(i64, i64, Box<NewAppointment>),
    /// Another doctor, day or time.
    Move(i64, Box<Reschedule>),
    /// A record takes another one of the same person in.
    Merge(Uuid, Box<Merging>),
    /// Somebody waits for an earlier time.
    Await(Box<NewWaiting>),
    /// They wait no longer: the entry, by its id, and its version.
    Withdraw(i64, i64),
    /// A time is kept for who waits, while they are asked: the entry, its version, and the time.
    Offer(i64, i64, Offer),
    /// They take it.
    TakeOffer(i64, i64, Accept),
    /// They do not take it.
    SkipOffer(i64, i64),
    /// A merge into this record, by its number, is taken back.
    Unmerge(Uuid, i64),
    /// What an admin decides.
    Decide(Box<Ruling>),
    /// Something about absences or openings is taken back.
    Leave(Box<LeaveCall>),
    /// Something about a doctor's weekly hours is taken back.
    Windows(Box<WindowsCall>),
}

// Deeds carry patients' data: they stay out of logs and panics.
impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Deed {
    /// Whether somebody has an appointment after it who had none before.
    pub(crate) const fn is_booking(&self) -> bool {
        matches!(
            self,
            Deed::WalkIn(_) | Deed::Book(_) | Deed::BookContact(..) | Deed::TakeOffer(..)
        )
    }

    /// The appointment it is about, if there is one yet.
    pub const fn appointment(&self) -> Option<i64> {
        match self {
            Deed::CheckIn(id, _)
            | Deed::Plain(id, ..)
            | Deed::Cancel(id, _)
            | Deed::NoShow(id, _)
            | Deed::Left(id, _)
            | Deed::Undo(id, _)
            | Deed::Room(id, _)
            | Deed::Priority(id, _)
            | Deed::CallIn(id, _)
            | Deed::Move(id, _) => Some(*id),
            Deed::RunLate(..)
            | Deed::WalkIn(_)
            | Deed::Book(_)
            | Deed::BookContact(..)
            | Deed::Leave(_)
            | Deed::Windows(_)
            | Deed::Await(_)
            | Deed::Withdraw(..)
            | Deed::Offer(..)
            | Deed::TakeOffer(..)
            | Deed::SkipOffer(..)
            | Deed::Decide(_)
            | Deed::Merge(..)
            | Deed::Unmerge(..) => None,
        }
    }

    /// Its name, for the log: no patient's data.
    pub const fn name(&self) -> &'static str {
        match self {
            Deed::CheckIn(..) => "check in",
            Deed::Plain(_, Plain::Confirm, _) => "confirm",
            Deed::Plain(_, Plain::Start, _) => "start",
            Deed::Plain(_, Plain::Complete, _) => "complete",
            Deed::Plain(_, Plain::BackToWaiting, _) => "back to waiting",
            Deed::Cancel(..) => "cancel an appointment",
            Deed::NoShow(..) => "no-show",
            Deed::Left(..) => "left",
            Deed::Undo(..) => "undo",
            Deed::Room(..) => "set a room",
            Deed::Priority(..) => "set a priority",
            Deed::CallIn(..) => "call in",
            Deed::RunLate(..) => "say how late a doctor runs",
            Deed::WalkIn(_) => "take in a walk-in",
            Deed::Book(_) => "book",
            Deed::BookContact(..) => "book for a contact request",
            Deed::Move(..) => "move an appointment",
            Deed::Await(_) => "put somebody on the waiting list",
            Deed::Withdraw(..) => "take somebody off the waiting list",
            Deed::Offer(..) => "keep a time for who waits",
            Deed::TakeOffer(..) => "book the time that was kept",
            Deed::SkipOffer(..) => "free the time that was kept",
            Deed::Merge(..) => "merge two records",
            Deed::Unmerge(..) => "un-merge two records",
            Deed::Decide(ruling) => ruling.name(),
            Deed::Leave(call) => call.name(),
            Deed::Windows(call) => call.name(),
        }
    }

    /// Does it.
    pub(super) async fn run(self, client: &Client) -> Result<Reply, Error> {
        let done = match self {
            Deed::CheckIn(id, body) => client.check_in(id, &body, None).await?,
            Deed::Plain(id, plain, body) => client.step(id, plain, &body, None).await?,
            Deed::Cancel(id, body) => client.cancel_appointment(id, &body, None).await?,
            Deed::NoShow(id, body) => client.no_show(id, &body, None).await?,
            Deed::Left(id, body) => client.patient_left(id, &body, None).await?,
            Deed::Undo(id, body) => client.undo_step(id, &body, None).await?,
            Deed::Room(id, body) => client.set_room(id, &body, None).await?,
            Deed::Priority(id, body) => client.prioritise(id, &body, None).await?,
            Deed::CallIn(id, body) => client.call_in(id, &body, None).await?,
            Deed::WalkIn(form) => client.take_walk_in(&form).await?,
            Deed::Book(form) => client.book(&form).await?,
            Deed::Move(id, form) => client.reschedule(id, &form, None).await?,
            Deed::Await(form) => {
                let added = client.add_waiting(&form).await?;
                return Ok(PeopleReply::Waiting(Box::new(added.value)).into());
            }
            Deed::Withdraw(id, version) => {
                let gone = client.withdraw_waiting(id, Some(&etag(version))).await?;
                return Ok(PeopleReply::Waiting(Box::new(gone.value)).into());
            }
            Deed::Offer(id, version, offer) => {
                let kept = client.offer(id, &offer, Some(&etag(version))).await?;
                return Ok(PeopleReply::Waiting(Box::new(kept.value)).into());
            }
            Deed::SkipOffer(id, version) => {
                let skipped = client.skip_offer(id, Some(&etag(version))).await?;
                return Ok(PeopleReply::Waiting(Box::new(skipped.value)).into());
            }
            Deed::TakeOffer(id, version, about) => {
                let etag = etag(version);
                client.accept_offer(id, &about, Some(&etag)).await?
            }
            Deed::Merge(id, merging) => {
                let merged = client.merge_patients(id, &merging, None).await?;
                return Ok(PeopleReply::Merged(Box::new(merged)).into());
            }
            Deed::Unmerge(id, merge) => {
                let parted = client.unmerge_patients(id, merge, None).await?;
                return Ok(PeopleReply::Unmerged(Box::new(parted)).into());
            }
            Deed::BookContact(contact, version, form) => {
                let etag = etag(version);
                let led = client
                    .turn_contact_into_appointment(contact, &form, Some(&etag))
                    .await?;
                // It is booked, whatever becomes of reading it.
                let booked = match led.value.appointment {
                    Some(id) => client.appointment(id).await.ok(),
                    None => None,
                };
                return Ok(match booked {
                    Some(booked) => Reply::Appointment(Box::new(booked)),
                    None => Reply::Contact(Box::new(led)),
                });
            }
            Deed::RunLate(doctor, body) => {
                let day = client.run_late(doctor, &body, None).await?;
                return Ok(Reply::Late(Box::new(day.value)));
            }
            Deed::Decide(ruling) => return ruling.run(client).await,
            Deed::Leave(call) => {
                let reply = call.run(client).await?;
                return Ok(Reply::Leave(Box::new(reply)));
            }
            Deed::Windows(call) => {
                let reply = call.run(client).await?;
                return Ok(Reply::Windows(Box::new(reply)));
            }
        };
        Ok(Reply::Appointment(Box::new(done)))
    }
}
