//! What a key does about a contact request, and why it can't be done where it can't. One thing is
//! under way at a time; each says what came of it and, where that can be, is taken back with one key.

use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::contacts::{Assign, Contact, SetStatus, Status};

use super::{history, known, reread};
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{Call, Effect, InboxCall, Reply, Slot};
use crate::labels;
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::place::Place;
use crate::screens::record::{self, Subject};
use crate::screens::{book, deeds, letter, list, patient_form, staff};

/// What is under way, and what was done last.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    doing: Option<Doing>,
    /// How the last one is taken back.
    back: Option<Doing>,
}

/// A call, and whom it is about.
#[derive(Clone)]
struct Doing {
    call: InboxCall,
    who: String,
    /// Whether it takes something back.
    is_undo: bool,
    /// What puts it back as it was; the version in it is that of then.
    before: Option<InboxCall>,
}

// Names are patients' data: they stay out of logs and panics.
impl std::fmt::Debug for Doing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.call.name())
    }
}

/// What can be done about a contact request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// It is one's own.
    Take,
    /// It is somebody's.
    Give,
    Answer,
    Note,
    Resolve,
    Spam,
    Reopen,
    Patient,
    Book,
}

/// The contact request that commands are about: the one whose record is open, else the selected one.
pub(crate) fn here(model: &Model) -> Option<&Contact> {
    match record::acting(model) {
        Some(Subject::Contact(known)) => known.value().or(known.row.as_ref()),
        Some(_) => None,
        None if model.place == Place::Contacts && list::is_current::<Contact>(model) => {
            model.contacts.list.selected()
        }
        None => None,
    }
}

/// Whether something can be sent now.
pub(crate) fn can_send(model: &Model) -> Availability {
    match deeds::can_send(model) {
        Availability::Ok if is_busy(model) => {
            Availability::Disabled("The last step is still being saved.".into())
        }
        can => can,
    }
}

/// Whether this can be done about the contact request now.
pub(crate) fn may(model: &Model, act: Act) -> Availability {
    let Some(contact) = here(model) else {
        return Availability::Disabled("No contact request is selected.".into());
    };
    match can_send(model) {
        Availability::Ok => {}
        cannot => return cannot,
    }
    // Whoever begins to type an answer at once types into what says why there is none.
    match obstacle(model, act, contact).filter(|_| act != Act::Answer) {
        Some(why) => Availability::Disabled(why.into()),
        None => Availability::Ok,
    }
}

fn obstacle(model: &Model, act: Act, contact: &Contact) -> Option<String> {
    let me = model.session.who().map(|who| who.id);
    let is_mine = contact.assignee.as_ref().map(|one| one.id) == me;
    let status = contact.status;
    let why = match act {
        Act::Take if is_mine => "It is yours already.",
        Act::Answer if contact.email.is_none() => {
            return Some(format!(
                "They left no e-mail address. Call them: {}",
                contact.phone
            ));
        }
        Act::Answer if status == Status::Spam => "It is marked as spam; reopen it first.",
        Act::Resolve if status == Status::Resolved => "It is resolved already.",
        Act::Spam if status == Status::Spam => "It is marked as spam already.",
        Act::Reopen if matches!(status, Status::New | Status::InProgress) => "It is open.",
        Act::Patient if contact.patient.is_some() => "It was turned into a patient already.",
        Act::Book if contact.appointment.is_some() => "It was turned into an appointment already.",
        _ => return None,
    };
    Some(why.to_owned())
}

/// Does it, or asks for what it needs.
pub(crate) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(contact) = here(model).cloned() else {
        return Vec::new();
    };
    if list::is_unchosen::<Contact>(model, &contact.name) {
        return Vec::new();
    }
    match act {
        Act::Take => assign(model, &contact, &Assign::default()),
        Act::Give => staff::open(model, &contact),
        Act::Answer => match obstacle(model, act, &contact) {
            Some(why) => cannot_answer(model, &why),
            None => letter::answer(model, &contact),
        },
        Act::Note => letter::note(model, &contact),
        Act::Resolve => set(model, &contact, Status::Resolved),
        Act::Spam => set(model, &contact, Status::Spam),
        Act::Reopen => set(model, &contact, open_again(&contact)),
        Act::Patient => patient_form::open_from_contact(model, &contact),
        Act::Book => book::open_for_contact(model, &contact),
    }
}

/// What the key that answers does, in the footer: who left no address is called.
pub(crate) fn answer_label(model: &Model) -> Option<&'static str> {
    here(model)?.email.is_none().then_some("Phone")
}

/// Says why it can't be answered by mail. No letter does anything there: whoever meant to write
/// does not run commands.
fn cannot_answer(model: &mut Model, why: &str) -> Vec<Effect> {
    let choices = vec![
        Choice::without_letter("Close", |_| Vec::new()),
        Choice::without_letter("Note something", |model| act(model, Act::Note)),
    ];
    let dialog = Dialog::new("No answer by mail", why, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// How one stands that is open again.
const fn open_again(contact: &Contact) -> Status {
    match contact.assignee {
        Some(_) => Status::InProgress,
        None => Status::New,
    }
}

fn set(model: &mut Model, contact: &Contact, status: Status) -> Vec<Effect> {
    let to = |status| {
        let body = SetStatus {
            status,
            reason: None,
            version: Some(contact.version),
        };
        InboxCall::Status(contact.id, body)
    };
    let before = Some(to(contact.status));
    send(model, to(status), &contact.name, before)
}

/// Says who sees to it from now on.
pub(crate) fn assign(model: &mut Model, contact: &Contact, to: &Assign) -> Vec<Effect> {
    let version = Some(contact.version);
    let was = contact.assignee.as_ref().map(|one| one.id);
    let before = Assign {
        assignee: was,
        nobody: was.is_none().then_some(true),
        version,
    };
    let call = InboxCall::Assign(
        contact.id,
        Assign {
            version,
            ..to.clone()
        },
    );
    let before = Some(InboxCall::Assign(contact.id, before));
    send(model, call, &contact.name, before)
}

/// Sends something about a contact request; `before` puts it back.
pub(crate) fn send(
    model: &mut Model,
    call: InboxCall,
    who: &str,
    before: Option<InboxCall>,
) -> Vec<Effect> {
    begin(
        model,
        Doing {
            call,
            who: who.to_owned(),
            is_undo: false,
            before,
        },
    )
}

/// The same under a key that the form has for it: sent again, it is done once.
pub(crate) fn send_under(model: &mut Model, call: InboxCall, who: &str, key: &str) -> Vec<Effect> {
    let sent = Call::Inbox(call.clone());
    model.contacts.acts.doing = Some(Doing {
        call,
        who: who.to_owned(),
        is_undo: false,
        before: None,
    });
    vec![model.call_under(Slot::Inbox, sent, key)]
}

fn begin(model: &mut Model, doing: Doing) -> Vec<Effect> {
    let call = Call::Inbox(doing.call.clone());
    model.contacts.acts.doing = Some(doing);
    vec![model.call(Slot::Inbox, call)]
}

/// Waits no longer for what is under way.
pub(crate) fn stop(model: &mut Model) -> Vec<Effect> {
    model.contacts.acts.doing = None;
    model.abandon(Slot::Inbox)
}

/// Whether something waits for the server.
pub(crate) fn is_busy(model: &Model) -> bool {
    model.flights.is_flying(Slot::Inbox)
}

/// Whether what was done last was done about a contact request, and can be taken back.
pub(crate) const fn has_back(model: &Model) -> bool {
    model.contacts.acts.back.is_some()
}

/// What was done last was something else.
pub(crate) fn forget_back(model: &mut Model) {
    model.contacts.acts.back = None;
}

/// Takes back what was done last.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    match model.contacts.acts.back.take() {
        Some(doing) => begin(model, doing),
        None => Vec::new(),
    }
}

/// Takes in the end of it.
pub(crate) fn landed(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let Some(doing) = model.contacts.acts.doing.take() else {
        return Vec::new();
    };
    match result {
        Ok(Reply::Contact(tagged)) => {
            let contact = tagged.value.clone();
            record::show(model, &Call::Contact(contact.id), &Reply::Contact(tagged));
            done(model, doing, &contact)
        }
        Ok(_) => Vec::new(),
        result
            if deeds::is_unanswered(&result)
                && (letter::doubt(model, &doing.call)
                    || patient_form::not_known(model, &doing.call)) =>
        {
            Vec::new()
        }
        Err(Error::Refused(refused)) => refuse(model, &doing, &refused),
        Err(Error::Unreachable(_)) => {
            let text = format!(
                "Perhaps not done ({}): the server did not answer. Look before you do it again.",
                doing.call.name()
            );
            tell(model, &doing, &text, None, Tone::Warning);
            Vec::new()
        }
        Err(Error::SignedOut) => {
            let text = "Not done yet: sign in, then do it again.";
            tell(model, &doing, text, None, Tone::Warning);
            Vec::new()
        }
        Err(error) => {
            let text = format!("Not done. {error}");
            tell(model, &doing, &text, None, Tone::Error);
            Vec::new()
        }
    }
}

fn done(model: &mut Model, doing: Doing, now: &Contact) -> Vec<Effect> {
    letter::done(model, &doing.call);
    patient_form::turned(model, &doing.call);
    let said = said(model, &doing, now);
    let version = Some(now.version);
    let before = doing.before.filter(|_| !doing.is_undo);
    model.contacts.acts.back = before.map(|call| Doing {
        call: match call {
            InboxCall::Status(id, body) => InboxCall::Status(id, SetStatus { version, ..body }),
            InboxCall::Assign(id, body) => InboxCall::Assign(id, Assign { version, ..body }),
            other => other,
        },
        who: doing.who,
        is_undo: true,
        before: None,
    });
    model.deeds.back.clear();
    model.toast_done(said);
    history(model)
}

/// What was done, in a sentence.
fn said(model: &Model, doing: &Doing, now: &Contact) -> String {
    let who = &now.name;
    let undone = if doing.is_undo { "Taken back: " } else { "" };
    match &doing.call {
        InboxCall::Assign(..) => {
            let me = model.session.who().map(|who| who.id);
            match &now.assignee {
                None => format!("{undone}{who}: nobody sees to it now."),
                Some(one) if Some(one.id) == me => format!("{undone}{who}: it is yours now."),
                Some(one) => format!("{undone}{who}: {} sees to it now.", one.name),
            }
        }
        InboxCall::Status(..) => {
            let status = labels::contact_status(now.status);
            format!("{undone}{who} is {status} now.")
        }
        InboxCall::Note(..) => format!("Noted about {who}."),
        InboxCall::Answer(..) if now.status == Status::Resolved => {
            format!("{who} is answered by mail, and resolved.")
        }
        InboxCall::Answer(..) => format!("{who} is answered by mail."),
        InboxCall::Patient(..) => match &now.patient {
            Some(person) => {
                let number = labels::record_number(person);
                format!("{who} is patient {number}, {}.", person.full_name)
            }
            None => format!("{who} is a patient now."),
        },
        InboxCall::History(_) | InboxCall::Colleagues => String::new(),
    }
}

/// The server said no: in the form that waits for it, else in a message. It is asked for again, for
/// it is not as it was on the screen.
fn refuse(model: &mut Model, doing: &Doing, refused: &Refused) -> Vec<Effect> {
    let why = deeds::why(refused);
    let text = format!("Not done. {why}");
    tell(model, doing, &text, Some(refused), Tone::Error);
    let is_elsewhere = matches!(refused.status, 404 | 409 | 412);
    match doing.call.contact().filter(|_| is_elsewhere) {
        Some(id) => reread(model, id),
        None => Vec::new(),
    }
}

fn tell(model: &mut Model, doing: &Doing, text: &str, refused: Option<&Refused>, tone: Tone) {
    let is_told = letter::failed(model, &doing.call, text)
        || patient_form::not_turned(model, &doing.call, text, refused);
    if !is_told {
        let name = match refused {
            Some(_) => format!("{}: ", doing.who),
            None => String::new(),
        };
        model.toast(tone, format!("{name}{text}"));
    }
}

/// The version that is known by now of a contact request, else the one that was.
pub(crate) fn version(model: &Model, id: i64, was: i64) -> i64 {
    known(model, id).map_or(was, |contact| contact.version)
}
