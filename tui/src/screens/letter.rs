//! An answer by mail, or a note for the desk: several lines beside what somebody wrote. What was
//! typed stays until the server has it, whoever was faster meanwhile.

mod view;

use clinic_shared::client::Error;
use clinic_shared::desk::contacts::{self, Contact, Status};
use clinic_shared::v1::events::{Event, EventKind};
use tui_input::InputRequest;

use super::areas;
use super::contacts::acts;
use super::dialog::{Choice, Dialog};
use crate::app::{Model, want};
use crate::command::Availability;
use crate::effect::{Call, Effect, InboxCall, Reply, Slot};
use crate::labels;
use crate::layers::Layer;
use crate::widgets::area::Area;

pub(crate) use view::draw;

/// How many characters the server takes.
const LONGEST: usize = 5000;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A mail to whoever wrote.
    Answer {
        /// Where it goes.
        to: String,
        /// What it is about.
        subject: Option<String>,
        /// How it stands afterwards if nothing is said.
        stands: Status,
        /// Whether nothing else is to be done then.
        resolves: bool,
    },
    /// Something to know, for the desk only.
    Note,
}

/// The form.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) kind: Kind,
    contact: i64,
    /// The version that was on the screen when it was begun.
    version: i64,
    /// The contact request as the server told it last.
    known: Box<Contact>,
    pub(crate) who: String,
    pub(crate) text: Area,
    /// What is missing, or why it was not done.
    pub(crate) message: Option<String>,
    /// What waits for the server.
    sent: Option<InboxCall>,
    /// What was sent last, and under which key.
    last: Option<(InboxCall, String)>,
    /// It is not known whether that was done: sent again as it is, it is done once.
    is_in_doubt: bool,
}

impl Letter {
    fn new(kind: Kind, contact: &Contact) -> Self {
        Self {
            kind,
            contact: contact.id,
            version: contact.version,
            known: Box::new(contact.clone()),
            who: contact.name.clone(),
            text: Area::default(),
            message: None,
            sent: None,
            last: None,
            is_in_doubt: false,
        }
    }

    /// Whether something was typed that would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        !self.text.value().trim().is_empty()
    }

    /// Whether it waits for the server.
    pub(crate) const fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// It is not known whether what was sent was done.
    fn unknown(&mut self, why: &str) {
        self.sent = None;
        self.is_in_doubt = true;
        self.message = Some(format!(
            "Not known yet whether it was done: {why}. Sent again as it is, it is done once."
        ));
    }

    /// What is sent; else what is missing.
    fn call(&self) -> Result<InboxCall, String> {
        let text = self.text.value().trim().to_owned();
        let length = text.chars().count();
        if text.is_empty() {
            return Err("Nothing is written yet.".to_owned());
        }
        if length > LONGEST {
            return Err(format!("At most {LONGEST} characters; these are {length}."));
        }
        Ok(match &self.kind {
            Kind::Note => InboxCall::Note(self.contact, contacts::Note { text }),
            Kind::Answer { resolves, .. } => {
                let reply = contacts::Reply {
                    message: text,
                    subject: None,
                    status: resolves.then_some(Status::Resolved),
                    version: Some(self.version),
                };
                InboxCall::Answer(self.contact, Box::new(reply))
            }
        })
    }
}

fn top(model: &mut Model) -> Option<&mut Letter> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Letter(letter) => Some(letter.as_mut()),
        _ => None,
    })
}

fn open(model: &mut Model, kind: Kind, contact: &Contact) -> Vec<Effect> {
    let letter = Letter::new(kind, contact);
    model.layers.push(Layer::Letter(Box::new(letter)));
    Vec::new()
}

/// Answers by mail.
pub(crate) fn answer(model: &mut Model, contact: &Contact) -> Vec<Effect> {
    let kind = Kind::Answer {
        to: contact.email.clone().unwrap_or_default(),
        subject: contact.subject.clone(),
        stands: match contact.status {
            Status::New => Status::InProgress,
            other => other,
        },
        resolves: false,
    };
    open(model, kind, contact)
}

/// Notes something for the desk.
pub(crate) fn note(model: &mut Model, contact: &Contact) -> Vec<Effect> {
    open(model, Kind::Note, contact)
}

/// Types.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    if let Some(letter) = top(model)
        && !letter.is_sending()
    {
        letter.text.input.handle(request);
    }
    Vec::new()
}

/// Columns of the text on this screen.
fn columns(model: &Model) -> usize {
    let body = areas(model).body;
    usize::from(view::inside(body).width)
}

/// Moves the cursor by so many lines.
pub(crate) fn step(model: &mut Model, by: isize) {
    let columns = columns(model);
    if let Some(letter) = top(model) {
        letter.text.step(by, columns);
    }
}

/// Says that nothing else is to be done then, or takes that back.
pub(crate) fn toggle(model: &mut Model) -> Vec<Effect> {
    if let Some(letter) = top(model)
        && !letter.is_sending()
        && let Kind::Answer { resolves, .. } = &mut letter.kind
    {
        *resolves = !*resolves;
    }
    Vec::new()
}

/// Whether it is an answer, after which nothing else may be to do.
pub(crate) fn is_answer(model: &Model) -> Availability {
    match model.acting() {
        Some(Layer::Letter(letter)) if letter.kind != Kind::Note => Availability::Ok,
        _ => Availability::Disabled("A note changes nothing.".into()),
    }
}

/// What the key that sends it does, in the footer: a note goes nowhere.
pub(crate) fn send_label(model: &Model) -> Option<&'static str> {
    match model.acting() {
        Some(Layer::Letter(letter)) if letter.kind == Kind::Note => Some("Keep"),
        _ => None,
    }
}

/// Sends it.
pub(crate) fn send(model: &mut Model) -> Vec<Effect> {
    let Some(letter) = top(model) else {
        return Vec::new();
    };
    if letter.is_sending() {
        return Vec::new();
    }
    let (contact, was, now) = (letter.contact, letter.version, letter.known.version);
    // Who was told that it changed has seen how it is now. What may be done is sent as it was.
    let is_warned = letter.message.is_some() && !letter.is_in_doubt;
    let version = match is_warned {
        true => acts::version(model, contact, was).max(now),
        false => was,
    };
    let new = model.new_key();
    let Some(letter) = top(model) else {
        return Vec::new();
    };
    letter.version = version;
    match letter.call() {
        Err(missing) => {
            letter.message = Some(missing);
            Vec::new()
        }
        Ok(call) => {
            letter.message = None;
            letter.sent = Some(call.clone());
            let is_again = std::mem::take(&mut letter.is_in_doubt);
            let key = match letter.last.take() {
                Some((last, key)) if is_again && last == call => key,
                _ => new,
            };
            letter.last = Some((call.clone(), key.clone()));
            let who = letter.who.clone();
            acts::send_under(model, call, &who, &key)
        }
    }
}

/// Esc: waits no longer for the server; otherwise closes the form, and asks first if something would
/// be lost.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(letter) = top(model) else {
        return Vec::new();
    };
    if letter.is_sending() {
        letter.unknown("you did not wait for the answer");
        return acts::stop(model);
    }
    if !letter.is_unsaved() {
        return close(model);
    }
    let text = match letter.kind {
        _ if letter.is_in_doubt => "It is not known whether the server has this already.",
        Kind::Answer { .. } => "This answer is not sent yet.",
        Kind::Note => "This note is not kept yet.",
    };
    let choices = vec![
        Choice::keep("Keep writing"),
        Choice::new("Discard", 'd', close),
    ];
    model
        .layers
        .push(Layer::Dialog(Dialog::new("Discard?", text, choices)));
    Vec::new()
}

fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Letter(_)));
    Vec::new()
}

fn is_its(letter: &Letter, call: &InboxCall) -> bool {
    letter.sent.as_ref() == Some(call)
}

/// Closes the form that a call came from.
pub(crate) fn done(model: &mut Model, call: &InboxCall) {
    if top(model).is_some_and(|letter| is_its(letter, call)) {
        close(model);
    }
}

/// Says in the form that a call came from that it is not known whether it was done; answers whether
/// it is still there.
pub(crate) fn doubt(model: &mut Model, call: &InboxCall) -> bool {
    match top(model) {
        Some(letter) if is_its(letter, call) => {
            letter.unknown("no answer");
            true
        }
        _ => false,
    }
}

/// Says in the form that a call came from why it was not done; answers whether it is still there.
pub(crate) fn failed(model: &mut Model, call: &InboxCall, text: &str) -> bool {
    match top(model) {
        Some(letter) if is_its(letter, call) => {
            letter.sent = None;
            letter.message = Some(text.to_owned());
            true
        }
        _ => false,
    }
}

/// What is answered, or noted about, as it is known by now.
fn about<'a>(model: &'a Model, letter: &'a Letter) -> &'a Contact {
    let known = super::contacts::known(model, letter.contact);
    known.unwrap_or(&letter.known)
}

/// Something happened to what is answered: it is looked at again.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let is_its = top(model).is_some_and(|letter| event.object == Some(letter.contact));
    match event.kind {
        EventKind::Contact if is_its => reread(model),
        _ => Vec::new(),
    }
}

/// Looks again at what is answered.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    match top(model).filter(|letter| !letter.is_sending()) {
        // The record beneath it is the same call.
        Some(_) => want(model, Slot::Record, ask),
        None => Vec::new(),
    }
}

fn ask(model: &mut Model) -> Vec<Effect> {
    match top(model).map(|letter| letter.contact) {
        Some(id) => vec![model.call(Slot::Record, Call::Contact(id))],
        None => Vec::new(),
    }
}

/// Takes in how it is now: says what changed elsewhere, and leaves alone what was typed.
pub(crate) fn looked(model: &mut Model, result: &Result<Reply, Error>) {
    let at = model.now.format("%H:%M").to_string();
    let me = model.session.who().map(|who| who.id);
    let Some(letter) = top(model) else { return };
    let Ok(Reply::Contact(now)) = result else {
        return;
    };
    let now = &now.value;
    if now.id != letter.contact || now.version <= letter.known.version {
        return;
    }
    let was = std::mem::replace(&mut letter.known, Box::new(now.clone()));
    // Perhaps it was changed by what was sent.
    if letter.is_sending() || letter.is_in_doubt {
        return;
    }
    let what = match &now.assignee {
        _ if now.status != was.status => {
            format!("it is {} now.", labels::contact_status(now.status))
        }
        Some(one) if now.assignee != was.assignee && Some(one.id) == me => {
            "it is yours now.".to_owned()
        }
        Some(one) if now.assignee != was.assignee => format!("{} sees to it now.", one.name),
        None if was.assignee.is_some() => "nobody sees to it now.".to_owned(),
        _ => "something was noted or answered.".to_owned(),
    };
    letter.message = Some(format!(
        "Changed elsewhere at {at}: {what} What you wrote stays; look before you send it."
    ));
}
