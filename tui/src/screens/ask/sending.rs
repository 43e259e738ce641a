//! Sending the form, and what comes of it: a refusal stands on its field.

use super::{
    AdminCall, Call, Effect, Error, Fault, Kind, Model, Reply, Slot, audit, away, close_all,
    decisions, is_busy, list, step, top, top_mut, users, windows,
};
use crate::screens::deeds;

/// To the first field that is empty, which says that it is needed, or sends it.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    if is_busy(model) {
        return Vec::new();
    }
    let Some(ask) = top_mut(model) else {
        return Vec::new();
    };
    if let Some(empty) = ask.first_missing() {
        // Where Enter goes on from field to field, it got there by itself.
        let is_sent = ask.focus == empty || ask.is_long();
        ask.focus = empty;
        if let Some(field) = ask.fields.get_mut(empty).filter(|_| is_sent) {
            field.error = Some("It is needed.".to_owned());
        }
        return Vec::new();
    }
    for field in &mut ask.fields {
        field.error = None;
    }
    let slot = ask.kind.slot();
    let call = top(model).map(|ask| ask.call(model));
    match call {
        Some(Ok(call)) => {
            if let Some(ask) = top_mut(model) {
                ask.message = None;
            }
            match call {
                Call::Deed(deed) => decisions::send_rejection(model, deed),
                Call::Admin(AdminCall::Audit(query)) => audit::narrow(model, *query),
                Call::Windows(call) => windows::send(model, *call),
                Call::Leave(call) if away::hits::asks_before(&call) => {
                    away::hits::ask_to_cancel(model, *call)
                }
                call => match slot {
                    Some(slot @ (Slot::Leave | Slot::Account)) => {
                        vec![call_once(model, slot, call)]
                    }
                    Some(slot) => vec![model.call(slot, call)],
                    None => Vec::new(),
                },
            }
        }
        Some(Err(fault)) => {
            wrong(model, &fault);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Sends what the form asks under a key: where it is not known whether it was done, and it is sent
/// again as it was, it is done once.
pub(crate) fn call_once(model: &mut Model, slot: Slot, call: Call) -> Effect {
    let new = model.new_key();
    let Some(ask) = top_mut(model) else {
        return model.call_under(slot, call, &new);
    };
    let is_again = std::mem::take(&mut ask.is_in_doubt);
    let key = match ask.sent.take() {
        Some((sent, key)) if is_again && sent == call => key,
        _ => new,
    };
    ask.sent = Some((call.clone(), key.clone()));
    model.call_under(slot, call, &key)
}

/// Says in the form that it is not known whether what was sent was done; answers whether there is
/// one.
pub(crate) fn doubt(model: &mut Model, why: &str) -> bool {
    let form = top_mut(model).filter(|ask| ask.sent.is_some());
    let is_there = form.is_some();
    if let Some(ask) = form {
        ask.is_in_doubt = true;
        ask.is_error = true;
        let text =
            format!("Not known yet whether it was done: {why}. Sent again, it is done once.");
        ask.message = Some(text);
    }
    is_there
}

/// Enter: goes to the next field of a longer form, unless this one is wrong; else as [`submit`].
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(ask) = top(model).filter(|ask| ask.goes_on()) else {
        return submit(model);
    };
    match ask.fault_here(model) {
        Some(fault) => {
            wrong(model, &fault);
            Vec::new()
        }
        None => step(model, 1),
    }
}

/// What Enter does here, and what sends the form, in the footer.
pub(crate) fn enter_label(model: &Model) -> Option<&'static str> {
    let ask = top(model)?;
    match ask.goes_on() || ask.first_missing().is_some() {
        true => Some("Go on"),
        false => Some(ask.kind.verb()),
    }
}

/// What sends the form, in the footer.
pub(crate) fn send_label(model: &Model) -> Option<&'static str> {
    top(model).map(|ask| ask.kind.verb())
}

/// Says on its field what is wrong, and goes there.
pub(crate) fn wrong(model: &mut Model, fault: &Fault) {
    let Some(ask) = top_mut(model) else { return };
    let at = ask
        .fields
        .iter()
        .position(|field| field.name == fault.field);
    if let Some((at, field)) = at.and_then(|at| Some((at, ask.fields.get_mut(at)?))) {
        field.error = Some(fault.why.clone());
        ask.focus = at;
    }
}

/// Asks for another code.
pub(crate) fn resend(model: &mut Model) -> Vec<Effect> {
    let call = match top(model).map(|ask| ask.kind.clone()) {
        Some(Kind::LoginCode { server, user }) => Call::ResendCode { server, user },
        // The same again: the form stays, and its answer is the same.
        Some(Kind::Reset { server, user }) => Call::ResendReset { server, user },
        _ => return Vec::new(),
    };
    if is_busy(model) {
        return Vec::new();
    }
    vec![model.call(Slot::Session, call)]
}

/// Whether there is a code that can be asked for again.
pub(crate) fn has_code(model: &Model) -> bool {
    matches!(
        top(model).map(|ask| &ask.kind),
        Some(Kind::LoginCode { .. } | Kind::Reset { .. })
    )
}

/// Says on its field, or over the form, why it did not work.
pub(crate) fn failed(model: &mut Model, error: &Error) {
    let Some(ask) = top_mut(model) else { return };
    ask.is_error = true;
    let Some(refused) = error.refused() else {
        ask.message = Some(match error {
            Error::Unreachable(why) => format!("The server does not answer ({why}); try again."),
            other => other.to_string(),
        });
        return;
    };
    let mut first = None;
    for (at, field) in ask.fields.iter_mut().enumerate() {
        let fault = refused.fields.first(field.name);
        let fault = fault.or_else(|| refused.fields.first(field.also));
        field.error = fault.map(str::to_owned);
        if field.error.is_some() {
            first = first.or(Some(at));
        }
    }
    match (first, refused.retry_after) {
        (Some(at), _) => ask.focus = at,
        (None, Some(wait)) => {
            let seconds = wait.as_secs().max(1);
            ask.message = Some(format!("Tried too often; try again in {seconds} s."));
        }
        (None, None) => ask.message = Some(refused.detail.clone()),
    }
}

/// The end of an invitation.
pub(crate) fn invited(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    match result {
        Ok(Reply::User(user)) => {
            close_all(model);
            let text = format!("{} is invited; a code was mailed.", user.value.email);
            model.toast_final(text);
            users::show(model, &user);
            list::refresh(model)
        }
        result if deeds::is_unanswered(&result) => {
            doubt(model, "no answer");
            Vec::new()
        }
        Err(error) => {
            failed(model, &error);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}
