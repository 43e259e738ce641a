//! What is done with appointments. Deeds go to the server one after the other, in the order of the
//! keys; each says what came of it and, where that can be, is taken back with one key.

mod people;
mod words;

pub(crate) use words::refused as why;

use std::collections::VecDeque;

use chrono::{NaiveDate, TimeDelta};
use clinic_shared::client::{Error, Plain, Refused};
use clinic_shared::desk::appointments::{
    Appointment, Cancel, CancelledBy, ReasonKind, Reschedule, Return, Status,
};
use clinic_shared::desk::queue::{DoctorDay, Priority, RunningLate, SetPriority, SetRoom};

use super::second::Second;
use super::windows;
use super::{away, book, contacts, decisions, here, merge, prompt, record, waiting, walk_in};
use crate::app::{Link, Model, Tone, key_now};
use crate::clock::Now;
use crate::command::{self, Availability};
use crate::effect::{AdminReply, Call, Deed, Effect, Reply, Slot};

/// Seconds to wait before a deed that the server is still busy with is asked about again.
const WAITS: [i64; 5] = [2, 4, 8, 15, 30];

/// What is under way, and what was done last.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    /// The first one waits for the server, the others for it.
    queue: VecDeque<Sent>,
    /// It is not known whether the first one was done.
    doubt: Option<Doubt>,
    /// How the last one is taken back.
    back: Option<Asked>,
    /// Who is to be started while somebody is inside: what is asked about.
    pub(crate) second: Option<Second>,
}

/// A deed on its way.
#[derive(Debug)]
struct Sent {
    asked: Asked,
    /// Under which the server does it once: made when the person confirmed.
    key: String,
}

/// No answer came.
#[derive(Debug)]
struct Doubt {
    /// How often it was asked in vain.
    tries: usize,
    /// When it is asked again; none while it is, or while the server is away.
    again_at: Option<Now>,
    /// Whether it is being asked.
    is_asked: bool,
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
    /// Nothing done before is what would be meant now.
    pub(crate) fn forget_back(&mut self) {
        self.back = None;
    }
}

/// Whether something can be taken back.
pub(crate) fn can_undo(model: &Model) -> Availability {
    match can_send(model) {
        // What is meant is the step that is under way, not the one before it.
        Availability::Ok if !model.deeds.queue.is_empty() => {
            Availability::Disabled("The last step is still being saved.".into())
        }
        Availability::Ok if model.deeds.back.is_none() => {
            Availability::Disabled("Nothing was done here that can be taken back.".into())
        }
        can => can,
    }
}

/// Takes back what was done last.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    model.offer_no_undo();
    match model.deeds.back.take() {
        Some(Asked { deed, about }) => send(model, deed, about),
        None => Vec::new(),
    }
}

/// Says what was done elsewhere than with an appointment, and notes how it is taken back.
pub(crate) fn can_be_undone(model: &mut Model, said: &str, deed: Deed, what: &str) {
    let about = About::who(what);
    model.deeds.back = Some(Asked { deed, about });
    let undo = undo_hint(model);
    model.toast_done(said, undo);
}

/// Takes in the end of a deed, and goes on with the next.
pub(crate) fn landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    if model.deeds.queue.is_empty() {
        return Vec::new();
    }
    if is_unanswered(&result) {
        doubt(model);
        return here::reload(model);
    }
    // Whoever signs in again hears what became of it.
    if let (Err(Error::SignedOut), Some(doubt)) = (&result, &mut model.deeds.doubt) {
        doubt.is_asked = false;
        return Vec::new();
    }
    model.deeds.doubt = None;
    let Some(Sent { asked, .. }) = model.deeds.queue.pop_front() else {
        return Vec::new();
    };
    let mut effects = match result {
        Ok(reply) => done(model, &asked, &reply),
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
            here::reload(model)
        }
    };
    effects.extend(next(model));
    effects
}

fn done(model: &mut Model, asked: &Asked, reply: &Reply) -> Vec<Effect> {
    let said = match reply {
        Reply::Appointment(tagged) => {
            here::saved(model, &tagged.value);
            record::show(model, &Call::Appointment(tagged.value.id), reply);
            model.deeds.back = back(asked, &tagged.value);
            walk_in::done(model, &asked.deed, &tagged.value);
            words::done(asked, &tagged.value, model.prefs.dates)
        }
        Reply::People(reply) => match people::done(model, asked, reply) {
            Some(said) => said,
            None => return Vec::new(),
        },
        Reply::Admin(AdminReply::Matter(matter)) => {
            model.deeds.back = None;
            decisions::done(model, &asked.deed, matter)
        }
        Reply::Late(day) => {
            here::saved_lateness(model, day);
            model.deeds.back = back_to_time(asked, day);
            words::late(day)
        }
        // It could not be read, but what it led to says that it is booked.
        Reply::Contact(_) => format!("Booked: {}.", asked.about.who),
        Reply::Leave(reply) => {
            let Deed::Leave(call) = &asked.deed else {
                return Vec::new();
            };
            model.toast(Tone::Done, format!("Undone: {}.", asked.about.who));
            return away::undone(model, call, reply);
        }
        Reply::Windows(_) => {
            model.toast(Tone::Done, format!("Undone: {}.", asked.about.who));
            return windows::undone(model);
        }
        _ => return Vec::new(),
    };
    prompt::done(model, &asked.deed);
    let mut effects = book::done(model, &asked.deed);
    effects.extend(book::offer_done(model, &asked.deed));
    effects.extend(merge::done(model, &asked.deed));
    effects.extend(waiting::done(model, &asked.deed));
    effects.extend(book::recheck(model, &asked.deed));
    if let Deed::BookContact(contact, ..) = asked.deed {
        effects.extend(contacts::reread(model, contact));
    }
    effects.extend(away::after_deed(model, &asked.deed));
    let undo = undo_hint(model);
    model.toast_done(said, undo);
    effects.extend(here::reload(model));
    effects.extend(record::story::reload(model));
    effects
}

/// ` (u: undo)`, with the key that works here, if there is something to take back.
fn undo_hint(model: &Model) -> String {
    if model.deeds.back.is_none() {
        return String::new();
    }
    hint(model, &["ticket.undo", "today.undo", "app.undo"])
}

/// ` (u: undo)`, with the key of the first of these commands that has one here.
pub(crate) fn hint(model: &Model, names: &[&str]) -> String {
    let mut names = names.iter();
    let key = names.find_map(|name| key_now(model, command::find(name)?));
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
        (Deed::WalkIn(_) | Deed::Book(_) | Deed::BookContact(..) | Deed::TakeOffer(..), _) => {
            Deed::Cancel(
                id,
                Cancel {
                    by: CancelledBy::Clinic,
                    reason_kind: Some(ReasonKind::Mistake),
                    reason: None,
                    version,
                },
            )
        }
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
        about: About::undone(&asked.about.who),
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
        about: About::undone(&asked.about.who),
    })
}

/// The server said no: in the form that waits for it, else in a message. What was asked of the same
/// appointment after it is not done either; and the board is asked for again, for it is not as it
/// was on the screen.
fn refuse(model: &mut Model, asked: &Asked, refused: &Refused) -> Vec<Effect> {
    let id = asked.deed.appointment();
    if id.is_some() {
        let queue = &mut model.deeds.queue;
        queue.retain(|other| other.asked.deed.appointment() != id);
    }
    if refused.code == "answer_lost" {
        // It was done, and the server can't say any more what came of it.
        prompt::done(model, &asked.deed);
        let mut effects = book::done(model, &asked.deed);
        if !walk_in::failed(model, &asked.deed, &refused.detail, None) {
            let text = format!("{}: {}", asked.about.who, refused.detail);
            model.toast(Tone::Warning, text);
        }
        effects.extend(here::reload(model));
        return effects;
    }
    let why = words::refused(refused);
    let text = format!("Not done. {why}");
    if !tell_form(model, &asked.deed, &text, Some(refused)) {
        model.toast(Tone::Error, format!("{}: {why}", asked.about.who));
    }
    let mut effects = here::reload(model);
    effects.extend(record::story::reload(model));
    effects.extend(merge::look_again(model, &asked.deed));
    effects.extend(decisions::look_again(model, &asked.deed));
    if let Deed::BookContact(contact, ..) = asked.deed {
        effects.extend(contacts::reread(model, contact));
    }
    effects
}

/// Whether it is not known what became of a deed: no answer, or not the last one.
fn is_unanswered(result: &Result<Reply, Error>) -> bool {
    match result {
        Err(Error::Unreachable(_)) => true,
        Err(Error::Refused(refused)) => {
            refused.code == "in_progress" || matches!(refused.status, 502 | 504)
        }
        _ => false,
    }
}

/// Whether it was done is not known: it is asked again under its key, which does it once.
fn doubt(model: &mut Model) {
    let now = model.now;
    let is_up = model.link == Link::Up;
    let tries = model.deeds.doubt.as_ref().map_or(0, |doubt| doubt.tries);
    let wait = WAITS.get(tries).or(WAITS.last()).copied().unwrap_or(30);
    let again_at = now + TimeDelta::seconds(wait);
    model.deeds.doubt = Some(Doubt {
        tries: tries + 1,
        // Of a server that is away the link says when it is back.
        again_at: is_up.then_some(again_at),
        is_asked: false,
    });
    let at = match &model.link {
        Link::Up => Some(again_at),
        Link::Down { next_try, .. } => *next_try,
    };
    let at = at.map(|at| format!(" at {}", at.format("%H:%M:%S")));
    let Some(sent) = model.deeds.queue.front() else {
        return;
    };
    let deed = sent.asked.deed.clone();
    let text = format!(
        "Not known whether it was done ({}): no answer. Asked again{}; it is done once.",
        deed.name(),
        at.unwrap_or_default()
    );
    let is_said = prompt::say(model, &deed, &text)
        || walk_in::say(model, &deed, &text)
        || book::say(model, &deed, &text);
    if !is_said {
        model.toast(Tone::Warning, text);
    }
}

/// What it is not known of whether it was done, in a word or two.
pub(crate) fn doubted(model: &Model) -> Option<&'static str> {
    model.deeds.doubt.as_ref()?;
    model.deeds.queue.front().map(|sent| sent.asked.deed.name())
}

/// Asks again what became of a deed, under the same key.
pub(crate) fn again(model: &mut Model) -> Vec<Effect> {
    if !model.session.is_in() {
        return Vec::new();
    }
    match &mut model.deeds.doubt {
        Some(doubt) if !doubt.is_asked => {
            doubt.again_at = None;
            doubt.is_asked = true;
            next(model)
        }
        _ => Vec::new(),
    }
}

/// Asks again, if it is time to.
pub(crate) fn due(model: &mut Model) -> Vec<Effect> {
    let at = model.deeds.doubt.as_ref().and_then(|doubt| doubt.again_at);
    match at {
        Some(at) if at <= model.now && model.link == Link::Up => again(model),
        _ => Vec::new(),
    }
}

/// When it is time to.
pub(crate) fn next_wake(model: &Model) -> Option<Now> {
    let at = model.deeds.doubt.as_ref()?.again_at?;
    (model.session.is_in() && at > model.now).then_some(at)
}

/// Says something in the form that a deed came from; answers whether it is still there.
fn tell_form(model: &mut Model, deed: &Deed, text: &str, refused: Option<&Refused>) -> bool {
    prompt::failed(model, deed, text)
        || walk_in::failed(model, deed, text, refused)
        || book::failed(model, deed, text, refused)
        || book::offer_failed(model, deed, text)
        || merge::failed(model, deed, text)
        || waiting::failed(model, deed, text)
        || decisions::failed(model, deed, text)
}
