//! What is done with appointments. Deeds go to the server one after the other, in the order of the
//! keys; each says what came of it and, where that can be, is taken back with one key.

mod words;

use std::collections::VecDeque;

use chrono::NaiveDate;
use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::appointments::{
    Appointment, Cancel, CancelledBy, ReasonKind, Reschedule, Return,
};
use clinic_shared::desk::queue::{DoctorDay, Priority, RunningLate, SetPriority, SetRoom};

use super::{away, book, prompt, record, today, walk_in};
use crate::app::{Model, Tone, key_now};
use crate::command::{self, Availability};
use crate::effect::{Call, Deed, Effect, Reply, Slot};

/// What is under way, and what was done last.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    /// The first one waits for the server, the others for it.
    queue: VecDeque<Asked>,
    /// How the last one is taken back.
    back: Option<Asked>,
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
}

impl About {
    /// Somebody, of whom nothing else has to be known.
    pub(crate) fn who(name: &str) -> Self {
        Self {
            who: name.to_owned(),
            before: Before::Nothing,
        }
    }
}

/// Whether something about this appointment waits for the server.
pub(crate) fn is_under_way(model: &Model, id: i64) -> bool {
    let deeds = model.deeds.queue.iter();
    deeds
        .into_iter()
        .any(|asked| asked.deed.appointment() == Some(id))
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
    model.deeds.queue.push_back(Asked { deed, about });
    if model.deeds.queue.len() == 1 {
        return next(model);
    }
    Vec::new()
}

fn next(model: &mut Model) -> Vec<Effect> {
    match model.deeds.queue.front() {
        Some(asked) => {
            let call = Call::Deed(asked.deed.clone());
            vec![model.call(Slot::Deed, call)]
        }
        None => Vec::new(),
    }
}

/// Whether something can be taken back.
pub(crate) fn can_undo(model: &Model) -> Availability {
    match can_send(model) {
        Availability::Ok if model.deeds.back.is_none() => {
            Availability::Disabled("Nothing was done here that can be taken back.".into())
        }
        can => can,
    }
}

/// Takes back what was done last.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    match model.deeds.back.take() {
        Some(Asked { deed, about }) => send(model, deed, about),
        None => Vec::new(),
    }
}

/// Notes how something is taken back that was done elsewhere than with an appointment.
pub(crate) fn can_be_undone(model: &mut Model, deed: Deed, what: &str) {
    let about = About::who(what);
    model.deeds.back = Some(Asked { deed, about });
}

/// Takes in the end of a deed, and goes on with the next.
pub(crate) fn landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let Some(asked) = model.deeds.queue.pop_front() else {
        return Vec::new();
    };
    let mut effects = match result {
        Ok(reply) => done(model, &asked, &reply),
        Err(Error::Unreachable(_)) => {
            lost(model, &asked);
            Vec::new()
        }
        Err(Error::SignedOut) => {
            model.deeds.queue.clear();
            let text = "Not done yet: sign in, then do it again.";
            if !tell_form(model, &asked.deed, text, None) {
                model.toast(Tone::Warning, text);
            }
            Vec::new()
        }
        Err(Error::Refused(refused)) => refuse(model, &asked, &refused),
        Err(error) => {
            let text = format!("Not done. {error}");
            if !tell_form(model, &asked.deed, &text, None) {
                model.toast(Tone::Error, text);
            }
            today::reload(model)
        }
    };
    effects.extend(next(model));
    effects
}

fn done(model: &mut Model, asked: &Asked, reply: &Reply) -> Vec<Effect> {
    let said = match reply {
        Reply::Appointment(tagged) => {
            today::saved(model, &tagged.value);
            record::show(model, &Call::Appointment(tagged.value.id), reply);
            model.deeds.back = back(asked, &tagged.value);
            walk_in::done(model, &asked.deed, &tagged.value);
            words::done(asked, &tagged.value, model.prefs.dates)
        }
        Reply::Late(day) => {
            today::saved_lateness(model, day);
            model.deeds.back = back_to_time(asked, day);
            words::late(day)
        }
        Reply::Leave(reply) => {
            let Deed::Leave(call) = &asked.deed else {
                return Vec::new();
            };
            model.toast(Tone::Done, format!("Undone: {}.", asked.about.who));
            return away::undone(model, call, reply);
        }
        _ => return Vec::new(),
    };
    prompt::done(model, &asked.deed);
    let mut effects = book::done(model, &asked.deed);
    effects.extend(away::after_deed(model, &asked.deed));
    let undo = undo_hint(model);
    model.toast(Tone::Done, format!("{said}{undo}"));
    effects.extend(today::reload(model));
    effects
}

/// ` (u: undo)`, with the key that works here, if there is something to take back.
fn undo_hint(model: &Model) -> String {
    if model.deeds.back.is_none() {
        return String::new();
    }
    let key = ["today.undo", "app.undo"]
        .iter()
        .find_map(|name| key_now(model, command::find(name)?));
    key.map(|key| format!(" ({key}: undo)")).unwrap_or_default()
}

/// How a deed is taken back, as things stand after it.
fn back(asked: &Asked, now: &Appointment) -> Option<Asked> {
    let (id, version) = (now.id, Some(now.version));
    let deed = match (&asked.deed, &asked.about.before) {
        (
            Deed::CheckIn(..)
            | Deed::Plain(..)
            | Deed::Cancel(..)
            | Deed::NoShow(..)
            | Deed::Left(..),
            _,
        ) => Deed::Undo(
            id,
            Return {
                version,
                overbook: None,
            },
        ),
        (Deed::Room(..), Before::Room(room)) => Deed::Room(
            id,
            SetRoom {
                room: room.clone(),
                version,
            },
        ),
        (Deed::Priority(..), Before::Priority(priority)) => Deed::Priority(
            id,
            SetPriority {
                priority: *priority,
                reason: None,
                version,
            },
        ),
        (Deed::WalkIn(_) | Deed::Book(_), _) => Deed::Cancel(
            id,
            Cancel {
                by: CancelledBy::Clinic,
                reason_kind: Some(ReasonKind::Mistake),
                reason: None,
                version,
            },
        ),
        (Deed::Move(..), Before::Place(place)) => {
            let place = Reschedule {
                version,
                ..(**place).clone()
            };
            Deed::Move(id, Box::new(place))
        }
        _ => return None,
    };
    Some(Asked {
        deed,
        about: About::who(&asked.about.who),
    })
}

fn back_to_time(asked: &Asked, day: &DoctorDay) -> Option<Asked> {
    let (Deed::RunLate(doctor, _), Before::Late(minutes, date)) =
        (&asked.deed, &asked.about.before)
    else {
        return None;
    };
    let body = RunningLate {
        minutes: *minutes,
        date: Some(*date),
        version: Some(day.version),
    };
    Some(Asked {
        deed: Deed::RunLate(*doctor, body),
        about: About::who(&asked.about.who),
    })
}

/// The server said no: in the form that waits for it, else in a message. What was asked of the same
/// appointment after it is not done either; and the board is asked for again, for it is not as it
/// was on the screen.
fn refuse(model: &mut Model, asked: &Asked, refused: &Refused) -> Vec<Effect> {
    let id = asked.deed.appointment();
    if id.is_some() {
        let queue = &mut model.deeds.queue;
        queue.retain(|other| other.deed.appointment() != id);
    }
    let why = words::refused(refused);
    let text = format!("Not done. {why}");
    if !tell_form(model, &asked.deed, &text, Some(refused)) {
        model.toast(Tone::Error, format!("{}: {why}", asked.about.who));
    }
    today::reload(model)
}

/// No answer: whether it was done is not known. Nothing else is sent until somebody looked.
fn lost(model: &mut Model, asked: &Asked) {
    let others = model.deeds.queue.len();
    model.deeds.queue.clear();
    let mut text = format!(
        "Perhaps not done ({}): the server did not answer. Look before you do it again.",
        asked.deed.name()
    );
    if others > 0 {
        text.push_str(&format!(" {others} more not sent."));
    }
    if !tell_form(model, &asked.deed, &text, None) {
        model.toast(Tone::Warning, text);
    }
}

/// Says something in the form that a deed came from; answers whether it is still there.
fn tell_form(model: &mut Model, deed: &Deed, text: &str, refused: Option<&Refused>) -> bool {
    prompt::failed(model, deed, text)
        || walk_in::failed(model, deed, text, refused)
        || book::failed(model, deed, text, refused)
}
