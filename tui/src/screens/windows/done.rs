//! What came of a call about weekly hours.

use clinic_shared::client::{Error, Tagged};
use clinic_shared::desk::doctors::{AvailableTime, DoctorWindow};
use clinic_shared::v1::available_times::{AvailableTime as Made, Weekday};
use uuid::Uuid;

use super::draft::Draft;
use super::form::{self, Form};
use super::{
    Call, Effect, Kind, Layer, Model, RETIRE, Slot, TAKE, WindowsCall, ask, deeds, pane, record,
    reread, view,
};
use crate::app::Tone;
use crate::effect::{Deed, Reply, WindowsReply};
use crate::screens::here;

/// Takes in the end of a call.
pub(crate) fn landed(model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let Call::Windows(call) = call else {
        return Vec::new();
    };
    match result {
        Ok(Reply::Windows(reply)) => arrived(model, &call, *reply),
        Ok(_) => Vec::new(),
        Err(error) if call.is_read() => {
            // Of a server that is away the banner says so; it is asked again.
            if !matches!(error, Error::Unreachable(_) | Error::SignedOut) {
                model.windows.error = Some(error.to_string());
            }
            Vec::new()
        }
        Err(error) => failed(model, &call, &error),
    }
}

fn arrived(model: &mut Model, call: &WindowsCall, reply: WindowsReply) -> Vec<Effect> {
    match reply {
        WindowsReply::List(doctor, windows) => {
            listed(model, doctor, windows);
            Vec::new()
        }
        WindowsReply::Window(tagged) => changed(model, call, &tagged),
        WindowsReply::Retired => given_up(model, None),
    }
}

/// The list is there: the same line stays selected, and what is asked or typed about a window is
/// held against what it is now.
fn listed(model: &mut Model, doctor: Uuid, mut windows: Vec<DoctorWindow>) {
    // Extra hours of a day that is over are nobody's weekly hours any more.
    windows
        .retain(|one| view::only_day(&one.window).is_none() || !view::is_over(model, &one.window));
    windows.sort_by_cached_key(|one| (view::is_over(model, &one.window), place(one)));
    let pane = pane::highest(model)
        .filter(|pane| matches!(&pane.kind, pane::Kind::Windows(whose) if whose.doctor == doctor));
    let cursor = pane.map(|pane| pane.cursor);
    let was = cursor.and_then(|at| Some(model.windows.of(doctor)?.get(at)?.window.id));
    let made = model.windows.made.take();
    let is_there = |id: &i64| windows.iter().any(|one| one.window.id == *id);
    let was = made.filter(is_there).or(was);
    model.windows.known = Some((doctor, windows));
    model.windows.error = None;
    if let Some(id) = was {
        select(model, doctor, id);
    }
    ask_anew(model, doctor);
    compare(model, doctor);
}

/// Where a window stands in the list, of those that are not over: by its first day, then by its
/// beginning.
fn place(one: &DoctorWindow) -> (Option<usize>, Option<String>, i64) {
    let days = Weekday::ALL.iter();
    let first = days
        .map(|day| day.as_str())
        .position(|day| one.window.weekdays.iter().any(|offered| offered == day));
    (first, one.window.starts.clone(), one.window.id)
}

/// Selects a window in the open list.
fn select(model: &mut Model, doctor: Uuid, id: i64) {
    let windows = model.windows.of(doctor).unwrap_or_default();
    let at = windows.iter().position(|one| one.window.id == id);
    if let (Some(at), Some(pane)) = (at, pane::highest(model)) {
        pane.cursor = at;
    }
}

/// A window of the open list as it is now.
fn now(model: &Model, doctor: Uuid, id: i64) -> Option<DoctorWindow> {
    let windows = model.windows.of(doctor)?;
    windows.iter().find(|one| one.window.id == id).cloned()
}

/// What the question on the screen says is what is known now; about nothing it is not asked.
fn ask_anew(model: &mut Model, doctor: Uuid) {
    let is_question = |layer: &Layer| matches!(layer, Layer::Dialog(dialog) if [RETIRE, TAKE].contains(&dialog.title));
    let asked = model.windows.asked.clone();
    let Some(mut asked) = asked.filter(|asked| asked.whose.doctor == doctor) else {
        return;
    };
    if !model.layers.iter().any(is_question) {
        return;
    }
    let Some(window) = now(model, doctor, asked.window.window.id) else {
        model.layers.retain(|layer| !is_question(layer));
        model.toast(Tone::Info, "These hours were given up meanwhile.");
        return;
    };
    asked.window = window;
    let text = asked.text(model);
    for layer in &mut model.layers {
        if let Layer::Dialog(dialog) = layer
            && [RETIRE, TAKE].contains(&dialog.title)
        {
            dialog.text.clone_from(&text);
        }
    }
    model.windows.asked = Some(asked);
}

/// The form about a window is held against what the window is now: nothing typed is lost.
fn compare(model: &mut Model, doctor: Uuid) {
    let Some(Form::Edit { whose, before }) = ask::windows(model).cloned() else {
        return;
    };
    if whose.doctor != doctor || model.flights.is_flying(Slot::Window) {
        return;
    }
    let Some(is) = now(model, doctor, before.window.id) else {
        let text = format!(
            "These hours of {} were given up meanwhile: they can't be changed any more.",
            whose.name
        );
        ask::say(model, &text);
        return;
    };
    if is.version == before.version {
        return;
    }
    let mut fields = ask::take_fields(model);
    let told = form::rebase(&mut fields, model, &before.window, &is.window);
    let told = match told.is_empty() {
        true => "who shares them".to_owned(),
        false => told.join(", "),
    };
    let before = Box::new(is);
    ask::renew(model, Kind::Windows(Form::Edit { whose, before }), fields);
    let text = format!("Changed elsewhere: {told}. Yours stays; send again.");
    ask::say(model, &text);
}

/// A window was made or changed.
fn changed(model: &mut Model, call: &WindowsCall, tagged: &Tagged<Made>) -> Vec<Effect> {
    let form = ask::windows(model).cloned();
    let Some(form) = form else {
        // The form is gone: who shares them was changed.
        return given_up(model, tagged.etag.clone());
    };
    ask::close_all(model);
    model.windows.sent = None;
    let said = view::said(model, &shown(&tagged.value));
    let id = tagged.value.id;
    let (whose, back, done) = match (form, call) {
        (Form::Edit { whose, before }, WindowsCall::Change(..)) => {
            let back = Box::new(Draft::of(&before.window).change());
            let back = WindowsCall::Change(id, back, tagged.etag.clone());
            (whose, back, "Changed")
        }
        (Form::New(whose) | Form::Edit { whose, .. }, _) => {
            (whose, WindowsCall::Retire(id), "Entered")
        }
    };
    model.windows.made = Some(id);
    let what = format!("{said}, {}", whose.name);
    let back = Deed::Windows(Box::new(back));
    deeds::can_be_undone(model, &format!("{done}: {what}."), back, &what);
    look_again(model)
}

/// A window was retired, or taken from the doctor.
fn given_up(model: &mut Model, etag: Option<String>) -> Vec<Effect> {
    let Some(asked) = model.windows.asked.take() else {
        return look_again(model);
    };
    let what = view::said(model, &asked.window.window);
    let said = match asked.is_take {
        true => format!("Taken off {}: {what}.", asked.whose.name),
        false => format!("Retired: {what}."),
    };
    let what = format!("{what}, {}", asked.whose.name);
    match asked.back(etag) {
        Some(back) => {
            let back = Deed::Windows(Box::new(back));
            deeds::can_be_undone(model, &said, back, &what);
        }
        None => {
            model.deeds.back.clear();
            model.offer_no_undo();
            model.toast_final(said);
        }
    }
    look_again(model)
}

/// Everything that follows hours is read again, where nothing tells it to.
fn look_again(model: &mut Model) -> Vec<Effect> {
    let mut effects = reread(model);
    effects.extend(record::reread(model));
    effects.extend(here::reload(model));
    effects
}

/// Nothing was changed, or nobody knows: in the form that waits for it, else in a message.
fn failed(model: &mut Model, call: &WindowsCall, error: &Error) -> Vec<Effect> {
    let has_form = ask::windows(model).is_some();
    let status = error.status();
    let text = match error {
        Error::Unreachable(_) if has_form => {
            "Not known whether it was saved: the server did not answer. Send it again; it is done \
             once."
                .to_owned()
        }
        Error::Unreachable(_) => format!(
            "Perhaps not done ({}): the server did not answer. Look before you do it again.",
            call.name()
        ),
        Error::SignedOut if has_form => "Not done yet: sign in, then send it again.".to_owned(),
        Error::SignedOut => "Not done yet: sign in, then do it again.".to_owned(),
        _ if status == Some(412) => {
            "Not done: somebody changed these hours meanwhile. Looking at them again.".to_owned()
        }
        _ if status == Some(404) => "Not done: these hours were given up already.".to_owned(),
        error if has_form => {
            ask::failed(model, error);
            return Vec::new();
        }
        error => format!("Not done. {error}"),
    };
    if !matches!(error, Error::Unreachable(_) | Error::SignedOut) {
        model.windows.sent = None;
    }
    if has_form {
        ask::say(model, &text);
    } else {
        model.toast(Tone::Warning, text);
    }
    match status {
        Some(412 | 404) => reread(model),
        _ => Vec::new(),
    }
}

/// A change was taken back by the undo key.
pub(crate) fn undone(model: &mut Model) -> Vec<Effect> {
    look_again(model)
}

/// A window of v1 as the desk shows one.
fn shown(made: &Made) -> AvailableTime {
    let days = made.weekdays.iter();
    AvailableTime {
        id: made.id,
        name: made.name.clone(),
        starts: made.starts.clone(),
        ends: made.ends.clone(),
        weekdays: days.map(|day| day.as_str().to_owned()).collect(),
        slot_minutes: made.slot_minutes,
        valid_from: made.valid_from,
        valid_to: made.valid_to,
    }
}
