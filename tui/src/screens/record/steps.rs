//! What was done to an appointment, below its record: who booked, moved or called it off, when,
//! and why.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clinic_shared::Role as Account;
use clinic_shared::client::Error;
use clinic_shared::desk::appointments::{Action, HistoryEntry};

use super::view::Lines;
use super::{Record, Subject};
use crate::app::{Link, Model, want};
use crate::effect::{Call, Effect, PeopleCall, PeopleReply, Reply, Slot};
use crate::labels;
use crate::layers::Layer;
use crate::theme::Role;

/// Whoever leafs through records does not ask for everything of each.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// What is known of the steps of the appointment whose record is open.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// Oldest first; none until they are known.
    known: Option<Vec<HistoryEntry>>,
    /// Why they can't be read.
    error: Option<String>,
}

impl Steps {
    /// Whether they were read.
    pub(super) const fn is_there(&self) -> bool {
        self.known.is_some()
    }
}

/// Asks what was done to an appointment whose record is opened.
pub(super) fn ask(model: &mut Model, subject: &Subject) -> Option<Effect> {
    let Subject::Appointment(known) = subject else {
        return None;
    };
    let call = Call::People(PeopleCall::Steps(known.id));
    Some(model.call_after(Slot::Steps, call, DEBOUNCE))
}

/// Asks again, if the record on top is an appointment's.
pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    match open(model).and_then(|record| record.appointment()) {
        Some(id) if model.session.is_in() => {
            vec![model.call(Slot::Steps, Call::People(PeopleCall::Steps(id)))]
        }
        _ => Vec::new(),
    }
}

/// Asks for the steps that the open record is ahead of, if there are any.
pub(crate) fn catch_up(model: &mut Model) -> Vec<Effect> {
    match is_behind(model) {
        true => want(model, Slot::Steps, ask_what_is_missing),
        false => Vec::new(),
    }
}

fn ask_what_is_missing(model: &mut Model) -> Vec<Effect> {
    match is_behind(model) {
        true => reload(model),
        false => Vec::new(),
    }
}

/// Whether the open record is of a version that no known step has made.
fn is_behind(model: &Model) -> bool {
    let Some(record) = open(model) else {
        return false;
    };
    let Subject::Appointment(appointment) = &record.subject else {
        return false;
    };
    match (appointment.value(), &record.steps.known) {
        (Some(now), Some(steps)) => steps.last().is_none_or(|last| last.version < now.version),
        (Some(_), None) => !model.flights.is_flying(Slot::Steps),
        (None, _) => false,
    }
}

/// The uppermost record.
fn open(model: &Model) -> Option<&Record> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Record(record) => Some(record.as_ref()),
        _ => None,
    })
}

/// Takes in what was done. Where it can't be read, the record says so, and stays.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    let Call::People(PeopleCall::Steps(id)) = call else {
        return;
    };
    let steps = match result {
        Ok(Reply::People(PeopleReply::Steps(steps))) => Ok(steps),
        Err(error @ (Error::Refused(_) | Error::Garbled(_))) => Err(error.to_string()),
        _ => return,
    };
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.appointment() == Some(*id)
        {
            match &steps {
                Ok(steps) => {
                    record.steps = Steps {
                        known: Some(steps.clone()),
                        error: None,
                    }
                }
                Err(why) => record.steps.error = Some(why.clone()),
            }
        }
    }
}

/// Writes them below the record.
pub(super) fn tell(model: &Model, steps: &Steps, out: &mut Lines) {
    let known = steps.known.as_deref().unwrap_or_default();
    let is_slow = model.flights.is_slow(Slot::Steps, model.now);
    let remark = if let Some(why) = &steps.error {
        let text = format!("What was done can't be read: {why}");
        Some((text, Role::Error))
    } else if steps.is_there() {
        None
    } else if model.link != Link::Up {
        let text = "What was done can't be read now.".to_owned();
        Some((text, Role::Warning))
    } else if is_slow {
        let text = format!("loading what was done{}", model.glyphs.ellipsis);
        Some((text, Role::Dim))
    } else {
        None
    };
    if !steps.is_there() && remark.is_none() {
        return;
    }
    out.blank();
    if steps.is_there() {
        out.whole("What was done", Role::Title);
        // It came from elsewhere, as it stood then.
        if known.first().is_none_or(|first| first.version > 1) {
            out.whole("Earlier steps were not kept.", Role::Dim);
        }
    }
    let mut before = None;
    for step in known {
        let when = stamp(model, step.at);
        out.item(&format!("{when}  {}", told(model, step, before, known)));
        before = Some(step);
    }
    if let Some((text, role)) = remark {
        out.whole(&text, role);
    }
}

/// `Mon 23 Nov 09:12`, on the clock of whoever sits here; with the year where it is another one.
fn stamp(model: &Model, at: DateTime<Utc>) -> String {
    let at = at.with_timezone(model.now.offset());
    let date = at.date_naive();
    let day = match date.year() == model.today().year() {
        true => model.prefs.dates.short(date),
        false => model.prefs.dates.day(date),
    };
    format!("{day} {}", at.format("%H:%M"))
}

/// Who did what, and why.
fn told(
    model: &Model,
    step: &HistoryEntry,
    before: Option<&HistoryEntry>,
    all: &[HistoryEntry],
) -> String {
    let mut text = format!("{} {}", who(step), what(step.action));
    let way = before.and_then(|before| way(model, before, step));
    let is_other = step.from.is_some_and(|from| from != step.to);
    let status = labels::status(step.to);
    match (step.action, way) {
        (Action::Book, _) => text.push_str(&format!(": {}", place(model, step, true, false))),
        (Action::Undo, way) => {
            let undone = step.undoes;
            let undone = all.iter().find(|other| Some(other.version) == undone);
            if let Some(undone) = undone {
                text.push_str(&format!(": {}", done(undone.action)));
            }
            match way {
                Some((_, to)) => text.push_str(&format!("; {to} again")),
                None if is_other => text.push_str(&format!("; {status} again")),
                None => {}
            }
        }
        (action, Some((from, to))) => {
            text.push_str(&format!(": {from} {} {to}", model.glyphs.arrow));
            if action == Action::Change && is_other {
                text.push_str(&format!("; {status} now"));
            }
        }
        // From where is not known.
        (Action::Reschedule, None) if before.is_none() => {
            let place = place(model, step, true, false);
            text.push_str(&format!(": {} {place}", model.glyphs.arrow));
        }
        (Action::Change, None) if is_other => text.push_str(&format!("; {status} now")),
        _ => {}
    }
    if is_beside(step, before) {
        text.push_str(", beside another one");
    }
    let why = step.reason_kind.map(|kind| labels::reason(kind).to_owned());
    for why in why.into_iter().chain(step.reason.clone()) {
        text.push_str(&format!(": {why}"));
    }
    text
}

/// Their name, and as what they did it if they are not of the desk.
fn who(step: &HistoryEntry) -> String {
    match (&step.by, step.role) {
        (Some(name), Some(role @ (Account::Patient | Account::Doctor))) => {
            format!("{name} ({role})")
        }
        (Some(name), _) => name.clone(),
        (None, Some(Account::Patient)) => "The patient".to_owned(),
        (None, Some(_)) => "Somebody".to_owned(),
        (None, None) => "The clinic".to_owned(),
    }
}

/// Whether the step put it beside another one. A walk-in holds none of the doctor's time.
fn is_beside(step: &HistoryEntry, before: Option<&HistoryEntry>) -> bool {
    let is_placed = matches!(step.action, Action::Book | Action::Reschedule);
    let was_beside = before.is_some_and(|before| before.overbooked);
    step.overbooked && step.action != Action::WalkIn && (is_placed || !was_beside)
}

/// From where to where, if the step changed that: no more than what tells the two apart.
fn way(model: &Model, before: &HistoryEntry, step: &HistoryEntry) -> Option<(String, String)> {
    let is_other_doctor = before.doctor.id != step.doctor.id;
    let begins = |step: &HistoryEntry| (step.date, step.starts.clone());
    let is_longer = !is_other_doctor && begins(before) == begins(step);
    if is_longer && before.ends == step.ends {
        return None;
    }
    let place = |step| place(model, step, is_other_doctor, is_longer);
    Some((place(before), place(step)))
}

/// `24 Nov 11:20, Lise Meitner`, in the clinic's time.
fn place(model: &Model, step: &HistoryEntry, with_doctor: bool, with_end: bool) -> String {
    let mut text = day(model, step.date);
    let ends = step.ends.as_deref().filter(|_| with_end);
    if let Some(time) = labels::clock(step.starts.as_deref(), ends, model.glyphs.dash) {
        text.push_str(&format!(" {time}"));
    }
    if with_doctor {
        text.push_str(&format!(", {}", step.doctor.full_name));
    }
    text
}

fn day(model: &Model, date: NaiveDate) -> String {
    match date.year() == model.today().year() {
        true => model.prefs.dates.in_year(date),
        false => model.prefs.dates.date(date),
    }
}

/// What somebody did, after their name.
const fn what(action: Action) -> &'static str {
    match action {
        Action::Book => "booked it",
        Action::WalkIn => "took the patient in as a walk-in",
        Action::Confirm => "confirmed it",
        Action::CheckIn => "checked the patient in",
        Action::Start => "let the patient in to the doctor",
        Action::Complete => "noted that the patient was seen",
        Action::BackToWaiting => "sent the patient back to wait",
        Action::Cancel => "called it off",
        Action::NoShow => "noted that the patient did not come",
        Action::Leave => "noted that the patient left",
        Action::Undo => "took back",
        Action::Reschedule => "moved it",
        Action::Change => "changed it",
        Action::Pay => "changed whether it is paid",
        Action::AssignRoom => "changed the room",
        Action::Prioritise => "changed who goes first",
        Action::CallIn => "called the patient in",
        Action::Delete => "deleted it",
    }
}

/// What was taken back.
const fn done(action: Action) -> &'static str {
    match action {
        Action::Book => "booked",
        Action::WalkIn => "taken in",
        Action::Confirm => "confirmed",
        Action::CheckIn => "checked in",
        Action::Start => "with the doctor",
        Action::Complete => "seen",
        Action::BackToWaiting => "sent back to wait",
        Action::Cancel => "called off",
        Action::NoShow => "did not come",
        Action::Leave => "left",
        Action::Undo => "taken back",
        Action::Reschedule => "moved",
        Action::Change => "changed",
        Action::Pay => "paid or not",
        Action::AssignRoom => "another room",
        Action::Prioritise => "who goes first",
        Action::CallIn => "called in",
        Action::Delete => "deleted",
    }
}
