//! The end of a deed: what came of it is said, or why it was not done.

use super::aside::{bring_back, forget};
use super::back::{back, back_to_time, stack};
use super::doubt::{doubt, is_unanswered};
use super::{
    AdminReply, Asked, Call, Deed, Effect, Error, Model, Refused, Reply, Sent, Tone, away, book,
    contacts, decisions, freed, here, merge, next, people, prompt, record, today, undo, waiting,
    walk_in, words,
};
use crate::screens::windows;

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
            let text = "Not done yet: sign in, then do it again.";
            // Nor is what waited for it.
            let others = std::mem::take(&mut model.deeds.queue);
            for other in others {
                tell_form(model, &other.asked.deed, text, None);
            }
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
    let before = std::mem::take(&mut model.deeds.back);
    undo::forget(model);
    forget(model, &asked.deed);
    let effects = taken_in(model, asked, reply);
    let now = std::mem::take(&mut model.deeds.back);
    model.deeds.back = stack(asked, before, now);
    effects
}

/// Shows everywhere what was done, says it, and notes how it is taken back.
fn taken_in(model: &mut Model, asked: &Asked, reply: &Reply) -> Vec<Effect> {
    let said = match reply {
        Reply::Appointment(tagged) => {
            here::saved(model, &tagged.value);
            record::show(model, &Call::Appointment(tagged.value.id), reply);
            model.deeds.back = back(asked, &tagged.value).into_iter().collect();
            walk_in::done(model, &asked.deed, &tagged.value);
            if asked.deed.is_booking() {
                today::arrived(model, &tagged.value);
            }
            words::done(asked, &tagged.value, model.prefs.dates)
        }
        Reply::People(reply) => match people::done(model, asked, reply) {
            Some(said) => said,
            None => return Vec::new(),
        },
        Reply::Admin(AdminReply::Matter(matter)) => {
            model.deeds.back.clear();
            decisions::done(model, &asked.deed, matter)
        }
        Reply::Late(day) => {
            here::saved_lateness(model, day);
            model.deeds.back = back_to_time(asked, day).into_iter().collect();
            words::late(asked, day)
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
    match asked.deed {
        Deed::BookContact(contact, ..) => effects.extend(contacts::reread(model, contact)),
        // It may have been booked for a contact request, whose record is open.
        Deed::Cancel(..) | Deed::Undo(..) => effects.extend(contacts::history(model)),
        _ => {}
    }
    let now = match reply {
        Reply::Appointment(tagged) => Some(&tagged.value),
        _ => None,
    };
    effects.extend(away::after_deed(model, &asked.deed, now));
    model.toast_done(&said);
    if let Reply::Appointment(tagged) = reply {
        effects.extend(freed::ask(model, asked, &tagged.value, said));
    }
    effects.extend(here::reload(model));
    effects.extend(record::story::reload(model));
    effects.extend(record::steps::catch_up(model));
    effects
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
        forget(model, &asked.deed);
        prompt::done(model, &asked.deed);
        let mut effects = book::done(model, &asked.deed);
        if !walk_in::failed(model, &asked.deed, &refused.detail, None) {
            let text = format!("{}: {}", asked.about.who, refused.detail);
            model.toast(Tone::Warning, text);
        }
        effects.extend(here::reload(model));
        return effects;
    }
    // What was to be done last was not: what is before it is not what would be meant.
    model.deeds.back.clear();
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

/// Says something in the form that a deed came from, also if it was not waited for; answers whether
/// that is seen.
fn tell_form(model: &mut Model, deed: &Deed, text: &str, refused: Option<&Refused>) -> bool {
    let is_beneath = bring_back(model, deed);
    let is_told = prompt::failed(model, deed, text)
        || walk_in::failed(model, deed, text, refused)
        || book::failed(model, deed, text, refused)
        || book::offer_failed(model, deed, text)
        || merge::failed(model, deed, text)
        || waiting::failed(model, deed, text)
        || decisions::failed(model, deed, text);
    is_told && !is_beneath
}
