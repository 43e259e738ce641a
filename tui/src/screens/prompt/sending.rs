//! Having it done, and what comes of it: the form stays until it is.

use super::opening::what;
use super::{About, Asked, Deed, Effect, Kind, Layer, Model, Prompt, deeds, here, today, top};
use crate::screens::dialog::{Choice, Dialog};

/// Enter: has it done.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    // Who was told that it changed has seen the board as it is now.
    let id = top(model).map(|prompt| prompt.id);
    let version = id.and_then(|id| here::version(model, id));
    let (today, dates) = (model.today(), model.prefs.dates);
    let Some(prompt) = top(model) else {
        return Vec::new();
    };
    if prompt.is_sending {
        return Vec::new();
    }
    if let Some(version) = version.filter(|_| prompt.message.is_some()) {
        prompt.version = version;
    }
    if let Some(doubt) = prompt.doubt() {
        prompt.message = Some(doubt);
        return Vec::new();
    }
    match prompt.asked(today, dates) {
        Err(missing) => {
            prompt.message = Some(missing);
            Vec::new()
        }
        Ok(Asked::Day(day)) => {
            close(model);
            today::show(model, day)
        }
        Ok(Asked::Deed(deed, before)) => {
            let deed = *deed;
            prompt.is_sending = true;
            prompt.sent = Some(deed.clone());
            prompt.message = None;
            let who = prompt.who.clone();
            deeds::send(model, deed, About { who, before })
        }
    }
}

/// The board is there anew: says what changed elsewhere, and leaves alone what was typed.
pub(crate) fn look_again(model: &mut Model) {
    let at = model.now.format("%H:%M").to_string();
    let Some(prompt) = top(model) else { return };
    if prompt.is_sending {
        return;
    }
    let id = prompt.id;
    let doctor = match &prompt.kind {
        Kind::Late { doctor, .. } => Some(*doctor),
        _ => None,
    };
    let late = doctor.map(|doctor| here::late_minutes(model, doctor));
    let row = here::find(model, id).cloned();
    let row = row.map(|row| (what(model, &row), row));
    let Some(prompt) = top(model) else { return };
    if let (Kind::Late { before, .. }, Some(now)) = (&mut prompt.kind, late) {
        if *before != now {
            *before = now;
            let who = &prompt.who;
            let text = format!("Changed elsewhere at {at}: {who} runs {now} minutes late now.");
            prompt.message = Some(text);
        }
        return;
    }
    let Some((what, row)) = row.filter(|(_, row)| row.version != prompt.told) else {
        return;
    };
    prompt.told = row.version;
    prompt.what = what;
    if std::mem::take(&mut prompt.is_told) {
        return;
    }
    let status = row.status.in_words();
    prompt.message = Some(format!(
        "Changed elsewhere at {at}: {}, {status} now.",
        prompt.what
    ));
}

/// Says something in the form that a deed came from, which goes on waiting; answers whether it is
/// still there.
pub(crate) fn say(model: &mut Model, deed: &Deed, text: &str) -> bool {
    let form = top(model).filter(|prompt| is_its(prompt, deed));
    let is_there = form.is_some();
    if let Some(prompt) = form {
        prompt.message = Some(text.to_owned());
    }
    is_there
}

/// Esc: closes the form; what is under way goes on, and one hears of it.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    let sent = top(model).filter(|prompt| prompt.is_sending);
    if let Some(deed) = sent.and_then(|prompt| prompt.sent.clone()) {
        return deeds::let_go(model, deed);
    }
    if !top(model).is_some_and(|prompt| prompt.is_unsaved()) {
        return close(model);
    }
    let choices = vec![
        Choice::keep("Keep writing"),
        Choice::new("Discard", 'd', close),
    ];
    let text = "What you typed is not sent, and nothing is done.";
    let dialog = Dialog::new("Discard?", text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// Closes the form; what is under way goes on.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Prompt(_)));
    Vec::new()
}

/// Whether a deed is what the form waits for.
fn is_its(prompt: &Prompt, deed: &Deed) -> bool {
    prompt.is_sending && prompt.sent.as_ref() == Some(deed)
}

/// Closes the form that a deed came from.
pub(crate) fn done(model: &mut Model, deed: &Deed) {
    if top(model).is_some_and(|prompt| is_its(prompt, deed)) {
        close(model);
    }
}

/// Says in the form that a deed came from why it was not done; answers whether it is still there.
pub(crate) fn failed(model: &mut Model, deed: &Deed, text: &str) -> bool {
    match top(model) {
        Some(prompt) if is_its(prompt, deed) => {
            prompt.is_sending = false;
            prompt.sent = None;
            prompt.is_told = true;
            prompt.message = Some(text.to_owned());
            true
        }
        _ => false,
    }
}
