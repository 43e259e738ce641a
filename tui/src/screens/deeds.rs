//! What is done with appointments. Deeds go to the server one after the other, in the order of the
//! keys; each says what came of it and, where that can be, is taken back with one key.

mod aside;
mod back;
mod doubt;
mod freed;
mod landing;
mod people;
mod words;

use aside::Aside;
pub(crate) use aside::let_go;
pub(crate) use back::{can_be_undone, undo};
use doubt::Doubt;
pub(crate) use doubt::{again, doubted, due, is_unanswered, next_wake};
use freed::Freed;
pub(crate) use freed::landed as freed;
pub(crate) use landing::landed;
pub(crate) use words::refused as why;

use std::collections::{BTreeSet, VecDeque};

use chrono::{NaiveDate, TimeDelta};
use clinic_shared::client::{Error, Plain, Refused};
use clinic_shared::desk::appointments::{
    Appointment, Cancel, CancelledBy, ReasonKind, Reschedule, Return, Status,
};
use clinic_shared::desk::queue::{DoctorDay, Priority, RunningLate, SetPriority, SetRoom};

use super::second::Second;
use super::{
    away, book, contacts, decisions, here, merge, prompt, record, today, undo, waiting, walk_in,
};
use crate::app::{Link, Model, Tone};
use crate::clock::Now;
use crate::command::Availability;
use crate::effect::{AdminReply, Call, Deed, Effect, Reply, Slot};

/// What is under way, and what was done last.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    /// The first one waits for the server, the others for it.
    queue: VecDeque<Sent>,
    /// It is not known whether the first one was done.
    doubt: Option<Doubt>,
    /// How the last ones are taken back, the very last one at the end.
    pub(crate) back: Vec<Asked>,
    /// What was called off last.
    freed: Option<Freed>,
    /// Forms that were not waited for.
    aside: Vec<Aside>,
    /// Who is to be started while somebody is inside: what is asked about.
    pub(crate) second: Option<Second>,
    /// Who is to be marked as not having come before they are due, and their name: what is asked about.
    pub(crate) early: Option<(Deed, String)>,
}

/// A deed on its way.
#[derive(Debug)]
struct Sent {
    asked: Asked,
    /// Under which the server does it once: made when the person confirmed.
    key: String,
}

/// A deed, and whom it is about.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) deed: Deed,
    pub(crate) about: About,
}

// Names are patients' data: they stay out of logs and panics.
impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.deed.name())
    }
}

/// Whom a deed is about, and how it was before.
#[derive(Clone)]
pub(crate) struct About {
    /// The patient, or the doctor who runs late.
    pub(crate) who: String,
    pub(crate) before: Before,
}

/// What is needed to take a deed back that the server does not take back by itself.
#[derive(Clone)]
pub(crate) enum Before {
    Nothing,
    Room(String),
    Priority(Priority),
    Late(i64, NaiveDate),
    Place(Box<Reschedule>),
    /// It takes something back itself.
    Undone,
    /// It takes a booking back, and who was booked waits again.
    Waits,
    /// It takes a booking back, and what led to it is as it was.
    Asks,
}

impl About {
    /// Somebody, of whom nothing else has to be known.
    pub(crate) fn who(name: &str) -> Self {
        Self {
            who: name.to_owned(),
            before: Before::Nothing,
        }
    }

    /// Of whom something is taken back.
    fn undone(name: &str) -> Self {
        Self {
            who: name.to_owned(),
            before: Before::Undone,
        }
    }
}

/// Whether something about this appointment waits for the server.
pub(crate) fn is_under_way(model: &Model, id: i64) -> bool {
    let deeds = model.deeds.queue.iter();
    deeds
        .into_iter()
        .any(|sent| sent.asked.deed.appointment() == Some(id))
}

/// The appointments about which something waits for the server.
pub(crate) fn under_way(model: &Model) -> BTreeSet<i64> {
    let deeds = model.deeds.queue.iter();
    deeds
        .filter_map(|sent| sent.asked.deed.appointment())
        .collect()
}

/// What waits for the server and is of this kind.
pub(crate) fn waiting(model: &Model, is_it: impl Fn(&Deed) -> bool) -> Option<Deed> {
    let mut deeds = model.deeds.queue.iter().map(|sent| &sent.asked.deed);
    deeds.find(|deed| is_it(deed)).cloned()
}

/// How an appointment will stand once the server has done what waits for it, if that is another way.
pub(crate) fn becomes(model: &Model, id: i64) -> Option<Status> {
    let mut deeds = model.deeds.queue.iter().map(|sent| &sent.asked);
    let asked = deeds.find(|asked| asked.deed.appointment() == Some(id))?;
    match &asked.deed {
        Deed::CheckIn(..) | Deed::Plain(_, Plain::BackToWaiting, _) => Some(Status::CheckedIn),
        Deed::Plain(_, Plain::Confirm, _) => Some(Status::Confirmed),
        Deed::Plain(_, Plain::Start, _) => Some(Status::Running),
        Deed::Plain(_, Plain::Complete, _) => Some(Status::Completed),
        Deed::Cancel(..) => Some(Status::Cancelled),
        Deed::NoShow(..) => Some(Status::NoShow),
        Deed::Left(..) => Some(Status::Left),
        _ => None,
    }
}

/// Whether something can be sent now.
pub(crate) fn can_send(model: &Model) -> Availability {
    if let Some(obstacle) = model.link.obstacle() {
        return Availability::Disabled(obstacle.into());
    }
    if !model.session.is_in() {
        return Availability::Disabled("Sign in first.".into());
    }
    Availability::Ok
}

/// Has something done, after what is under way.
pub(crate) fn send(model: &mut Model, deed: Deed, about: About) -> Vec<Effect> {
    let key = model.new_key();
    let asked = Asked { deed, about };
    model.deeds.queue.push_back(Sent { asked, key });
    if model.deeds.queue.len() == 1 {
        return next(model);
    }
    Vec::new()
}

fn next(model: &mut Model) -> Vec<Effect> {
    match model.deeds.queue.front() {
        Some(Sent { asked, key }) => {
            let (call, key) = (Call::Deed(asked.deed.clone()), key.clone());
            vec![model.call_under(Slot::Deed, call, &key)]
        }
        None => Vec::new(),
    }
}

impl Deeds {
    /// Whether something waits for the server.
    pub(crate) fn is_busy(&self) -> bool {
        !self.queue.is_empty()
    }
}
