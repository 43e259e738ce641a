//! What came of a call about absences, closures or extra hours.

use super::form::Form;
use super::{
    Call, Effect, Error, Item, LeaveCall, LeaveReply, Model, Off, Reply, Tone, ask, form, hits,
    refresh, refresh_lists, told,
};
use crate::effect::{Deed, Hit};
use crate::screens::{deeds, undo};
use clinic_shared::desk::absences::{HitOutcome, HitResult};
use clinic_shared::desk::appointments::Appointment;

/// Takes in the end of a call.
pub(crate) fn landed(model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let Call::Leave(call) = call else {
        return Vec::new();
    };
    match result {
        Ok(Reply::Leave(reply)) => arrived(model, *call, *reply),
        Ok(_) => Vec::new(),
        Err(error) if call.is_read() => {
            unread(model, &call, &error);
            Vec::new()
        }
        Err(error) => {
            failed(model, &call, &error);
            Vec::new()
        }
    }
}

fn arrived(model: &mut Model, call: LeaveCall, reply: LeaveReply) -> Vec<Effect> {
    match (call, reply) {
        (_, LeaveReply::Plan(plan)) => {
            model.days.plan = Some(plan);
            model.days.error = None;
            Vec::new()
        }
        (_, LeaveReply::Closures(closures)) => {
            model.days.closures = Some(closures);
            model.days.error = None;
            Vec::new()
        }
        (LeaveCall::Show(..), LeaveReply::Hit(hit)) => {
            hits::show(model, *hit);
            Vec::new()
        }
        (call, LeaveReply::Hit(hit)) => entered(model, &call, *hit),
        (call, LeaveReply::Results(results)) => dealt_with(model, &call, &results),
        (_, LeaveReply::Opened(opening)) => {
            ask::close_all(model);
            let item = Item::Opening(Box::new(opening));
            let what = item.in_words(model);
            say(model, &format!("Entered: {what}."), item.take_back(), &what);
            refresh(model)
        }
        (_, LeaveReply::Gone) => {
            let Some(item) = model.days.asked.take() else {
                return refresh(model);
            };
            let what = item.in_words(model);
            if let Item::Off(off, absence) = &item {
                hits::close_of(model, *off, absence.id);
            }
            say(model, &format!("Taken back: {what}."), item.again(), &what);
            refresh(model)
        }
    }
}

/// An absence or a closure was entered or changed: what it hits is shown, if it hits anything.
fn entered(model: &mut Model, call: &LeaveCall, hit: Hit) -> Vec<Effect> {
    let before = ask::away(model).and_then(Form::before);
    ask::close_all(model);
    let absence = hit.detail.value.absence.clone();
    let off = match absence.doctor {
        Some(_) => Off::Absence,
        None => Off::Closure,
    };
    let count = hit.detail.value.appointments.len();
    let item = Item::Off(off, Box::new(absence.clone()));
    let what = item.in_words(model);
    let back = match (call, before) {
        (LeaveCall::Change(..), Some(before)) => LeaveCall::Change(
            off,
            absence.id,
            form::back_to(&before),
            hit.detail.etag.clone(),
        ),
        _ => item.take_back(),
    };
    let done = match call {
        LeaveCall::Change(..) => "Changed",
        _ => "Entered",
    };
    let hits = match count {
        0 => "It hits no appointment.".to_owned(),
        1 => "It hits 1 appointment.".to_owned(),
        _ => format!("It hits {count} appointments."),
    };
    say(model, &format!("{done}: {what}. {hits}"), back, &what);
    if !hits::show(model, hit.clone()) && count > 0 {
        hits::open_with(model, off, hit);
    }
    let mut effects = refresh_lists(model);
    effects.extend(super::super::today::reload(model));
    effects
}

/// Appointments were moved or called off in one go.
fn dealt_with(model: &mut Model, call: &LeaveCall, results: &[HitResult]) -> Vec<Effect> {
    ask::close_all(model);
    let count = |outcome| {
        let results = results.iter();
        results.filter(|result| result.outcome == outcome).count()
    };
    let refused = results
        .iter()
        .filter(|result| result.outcome == HitOutcome::Refused);
    model.days.refused = refused
        .map(|result| {
            let reasons: Vec<&str> = result
                .reasons
                .iter()
                .map(|reason| reason.detail.as_str())
                .collect();
            (result.appointment.id, reasons.join(" "))
        })
        .collect();
    let stand = count(HitOutcome::Refused);
    let done = match call {
        LeaveCall::MoveHits(..) => format!("{} moved", count(HitOutcome::Moved)),
        _ => format!("{} cancelled", count(HitOutcome::Cancelled)),
    };
    if stand == 0 {
        model.toast_final(format!("{done}."));
    } else {
        let text = format!("{done}; {stand} still to be dealt with: the reasons stand below.");
        undo::forget(model);
        model.offer_no_undo();
        model.toast(Tone::Warning, text);
    }
    told::add(model, results);
    hits::note_own(model, None);
    let mut effects = refresh(model);
    effects.extend(super::super::today::reload(model));
    effects
}

/// Says what was done, and that it can be taken back.
fn say(model: &mut Model, text: &str, back: LeaveCall, what: &str) {
    deeds::can_be_undone(model, text, Deed::Leave(Box::new(back)), what);
}

fn unread(model: &mut Model, call: &LeaveCall, error: &Error) {
    match (call, error) {
        // The banner or the sign-in says so; it is asked again.
        (_, Error::Unreachable(_) | Error::SignedOut) => {}
        (LeaveCall::Show(off, id), error) if error.status() == Some(404) => {
            hits::close_of(model, *off, *id);
            model.toast(Tone::Info, "It was taken back meanwhile.");
        }
        (LeaveCall::Show(..), error) => model.toast(Tone::Error, error.to_string()),
        (_, error) => model.days.error = Some(error.to_string()),
    }
}

/// Nothing was changed, or nobody knows: in the form that waits for it, else in a message.
fn failed(model: &mut Model, call: &LeaveCall, error: &Error) {
    let has_form = ask::away(model).is_some();
    let is_open = deeds::is_unanswered(&Err::<(), _>(error.clone()));
    if is_open && has_form && ask::doubt(model, "no answer") {
        return;
    }
    match error {
        Error::Unreachable(_) => {
            let text = format!(
                "Perhaps not done ({}): the server did not answer. Look before you do it again.",
                call.name()
            );
            model.toast(Tone::Warning, text);
        }
        Error::SignedOut if has_form => {
            ask::say(model, "Not done yet: sign in, then send it again.");
        }
        Error::SignedOut => {
            model.toast(Tone::Warning, "Not done yet: sign in, then do it again.");
        }
        error if has_form => ask::failed(model, error),
        error if error.status() == Some(404) => {
            model.toast(Tone::Info, "It was taken back already.");
        }
        error => model.toast(Tone::Error, format!("Not done. {error}")),
    }
}

/// A change was taken back by the undo key.
pub(crate) fn undone(model: &mut Model, call: &LeaveCall, reply: &LeaveReply) -> Vec<Effect> {
    if let (LeaveCall::TakeBack(off, id), LeaveReply::Gone) = (call, reply) {
        hits::close_of(model, *off, *id);
    }
    if let LeaveReply::Hit(hit) = reply {
        hits::show(model, (**hit).clone());
    }
    let mut effects = refresh(model);
    effects.extend(super::super::today::reload(model));
    effects
}

/// Something was done with an appointment, which stands so now: where it was one that is hit, its
/// patient is to be phoned, and what is hit is asked for again.
pub(crate) fn after_deed(model: &mut Model, deed: &Deed, now: Option<&Appointment>) -> Vec<Effect> {
    let Some(id) = deed.appointment() else {
        return Vec::new();
    };
    model.days.refused.remove(&id);
    if let Some(now) = now {
        told::add_one(model, deed, now);
    }
    hits::note_own(model, Some(id));
    hits::refresh(model)
}
