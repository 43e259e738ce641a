//! A few words, or one key, before something is done with an appointment: why it is called off,
//! which room, who goes first, how late a doctor runs. What was typed stays until it is done.

mod view;

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Appointment, Cancel, CancelledBy, ReasonKind};
use clinic_shared::desk::queue::{BoardRow, Priority, RunningLate, SetPriority, SetRoom};
use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};
use uuid::Uuid;

use super::deeds::{self, About, Before};
use super::here;
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect};
use crate::keymap::chord::Chord;
use crate::labels;
use crate::layers::Layer;

pub(crate) use view::draw;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Why it is called off, and by whom.
    Cancel {
        by: CancelledBy,
        /// Whether somebody said by whom; else it follows from why.
        is_said: bool,
        why: Option<ReasonKind>,
    },
    /// Where the patient is seen.
    Room { before: String },
    /// Who goes first, and why.
    Priority { before: Priority, now: Priority },
    /// How many minutes a doctor runs late.
    Late {
        doctor: Uuid,
        date: NaiveDate,
        before: i64,
    },
}

/// The form.
#[derive(Debug)]
pub(crate) struct Prompt {
    pub(crate) kind: Kind,
    /// The appointment; 0 where it is about a doctor.
    id: i64,
    /// The version that was on the screen.
    version: i64,
    /// The version the person was told of.
    told: i64,
    /// The server has just refused and said why: the board that comes for it is no news.
    is_told: bool,
    /// The patient, or the doctor who runs late.
    pub(crate) who: String,
    /// Beside the name: when, with whom.
    pub(crate) what: String,
    pub(crate) words: Input,
    /// Whether letters are typed, not chosen with.
    pub(crate) in_words: bool,
    /// What is missing, or why it was not done.
    pub(crate) message: Option<String>,
    pub(crate) is_sending: bool,
    /// What waits for the answer.
    sent: Option<Deed>,
}

/// The letters that choose why.
pub(crate) const REASONS: [(char, ReasonKind); 10] = [
    ('p', ReasonKind::PatientRequest),
    ('i', ReasonKind::Illness),
    ('t', ReasonKind::Transport),
    ('f', ReasonKind::Forgot),
    ('w', ReasonKind::WaitedTooLong),
    ('d', ReasonKind::DoctorAway),
    ('c', ReasonKind::ClinicClosed),
    ('b', ReasonKind::Duplicate),
    ('m', ReasonKind::Mistake),
    ('o', ReasonKind::Other),
];

/// The letters that choose who goes first.
pub(crate) const PRIORITIES: [(char, Priority); 3] = [
    ('n', Priority::Normal),
    ('u', Priority::Urgent),
    ('e', Priority::Emergency),
];

/// Who calls it off where nobody says so.
const fn usual(why: ReasonKind) -> CancelledBy {
    match why {
        ReasonKind::DoctorAway
        | ReasonKind::ClinicClosed
        | ReasonKind::Duplicate
        | ReasonKind::Mistake => CancelledBy::Clinic,
        ReasonKind::PatientRequest
        | ReasonKind::Illness
        | ReasonKind::Transport
        | ReasonKind::Forgot
        | ReasonKind::WaitedTooLong
        | ReasonKind::Other => CancelledBy::Patient,
    }
}

impl Prompt {
    /// Its title: what is done.
    pub(crate) const fn title(&self) -> &'static str {
        match self.kind {
            Kind::Cancel { .. } => "Cancel appointment",
            Kind::Room { .. } => "Room",
            Kind::Priority { .. } => "Priority",
            Kind::Late { .. } => "Running late",
        }
    }

    /// What is typed into its field.
    pub(crate) const fn label(&self) -> &'static str {
        match self.kind {
            Kind::Cancel { .. } | Kind::Priority { .. } => "Words",
            Kind::Room { .. } => "Room",
            Kind::Late { .. } => "Minutes",
        }
    }

    /// Whether one can choose with letters.
    const fn has_choices(&self) -> bool {
        matches!(self.kind, Kind::Cancel { .. } | Kind::Priority { .. })
    }

    /// Whether something was typed that would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.has_choices() && !self.words.value().trim().is_empty()
    }

    /// The letters to choose with, what each means, and whether it is chosen.
    pub(crate) fn choices(&self) -> Vec<(char, &'static str, bool)> {
        match &self.kind {
            Kind::Cancel { why, .. } => REASONS
                .iter()
                .map(|(letter, kind)| (*letter, labels::reason(*kind), Some(*kind) == *why))
                .collect(),
            Kind::Priority { now, .. } => PRIORITIES
                .iter()
                .map(|(letter, priority)| (*letter, labels::priority(*priority), priority == now))
                .collect(),
            Kind::Room { .. } | Kind::Late { .. } => Vec::new(),
        }
    }

    fn choose(&mut self, index: usize) {
        self.message = None;
        match &mut self.kind {
            Kind::Cancel { by, is_said, why } => {
                let Some((_, kind)) = REASONS.get(index) else {
                    return;
                };
                *why = Some(*kind);
                if !*is_said {
                    *by = usual(*kind);
                }
            }
            Kind::Priority { now, .. } => {
                if let Some((_, priority)) = PRIORITIES.get(index) {
                    *now = *priority;
                }
            }
            Kind::Room { .. } | Kind::Late { .. } => {}
        }
    }

    /// What is sent; else what is missing.
    fn deed(&self) -> Result<(Deed, Before), &'static str> {
        let words = self.words.value().trim();
        let reason = Some(words.to_owned()).filter(|words| !words.is_empty());
        let (id, version) = (self.id, Some(self.version));
        match &self.kind {
            Kind::Cancel { why: None, .. } if reason.is_none() => {
                Err("Say why: press one of the letters.")
            }
            Kind::Cancel { by, why, .. } => {
                let body = Cancel {
                    by: *by,
                    reason_kind: *why,
                    reason,
                    version,
                };
                Ok((Deed::Cancel(id, body), Before::Nothing))
            }
            Kind::Room { before } => {
                let room = words.to_owned();
                Ok((
                    Deed::Room(id, SetRoom { room, version }),
                    Before::Room(before.clone()),
                ))
            }
            Kind::Priority { before, now } => {
                let body = SetPriority {
                    priority: *now,
                    reason,
                    version,
                };
                Ok((Deed::Priority(id, body), Before::Priority(*before)))
            }
            Kind::Late {
                doctor,
                date,
                before,
            } => {
                let minutes: i64 = words
                    .parse()
                    .map_err(|_| "How many minutes? 0: on time again.")?;
                let body = RunningLate {
                    minutes,
                    date: Some(*date),
                    version: None,
                };
                Ok((Deed::RunLate(*doctor, body), Before::Late(*before, *date)))
            }
        }
    }
}

fn top(model: &mut Model) -> Option<&mut Prompt> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Prompt(prompt) => Some(prompt.as_mut()),
        _ => None,
    })
}

/// Asks about the selected appointment.
fn open(model: &mut Model, kind: Kind, words: String) -> Vec<Effect> {
    let Some(row) = here::row(model) else {
        return Vec::new();
    };
    let (who, what) = (row.patient.full_name.clone(), what(row));
    let seen = Some((row.id, row.version));
    show(model, kind, words, seen, (who, what))
}

fn show(
    model: &mut Model,
    kind: Kind,
    words: String,
    seen: Option<(i64, i64)>,
    (who, what): (String, String),
) -> Vec<Effect> {
    let (id, version) = seen.unwrap_or_default();
    let mut prompt = Prompt {
        kind,
        id,
        version,
        told: version,
        is_told: false,
        who,
        what,
        words: Input::new(words),
        in_words: false,
        message: None,
        is_sending: false,
        sent: None,
    };
    prompt.in_words = !prompt.has_choices();
    model.layers.push(Layer::Prompt(Box::new(prompt)));
    Vec::new()
}

/// When, and with whom.
fn what(row: &BoardRow) -> String {
    let time = row.starts.as_ref().or(row.window.as_ref());
    let time = time.map(String::as_str).unwrap_or_default();
    format!("{time}, {}", row.doctor.full_name)
}

/// Asks why the selected appointment is called off.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    let kind = Kind::Cancel {
        by: CancelledBy::Patient,
        is_said: false,
        why: None,
    };
    open(model, kind, String::new())
}

/// Asks why an appointment that is not on the board is called off, by the clinic.
pub(crate) fn cancel_of(
    model: &mut Model,
    appointment: &Appointment,
    why: ReasonKind,
) -> Vec<Effect> {
    let when = labels::when(appointment, model.prefs.dates);
    let prompt = Prompt {
        kind: Kind::Cancel {
            by: usual(why),
            is_said: false,
            why: Some(why),
        },
        id: appointment.id,
        version: appointment.version,
        told: appointment.version,
        is_told: false,
        who: appointment.patient.full_name.clone(),
        what: format!("{when}, {}", appointment.doctor.full_name),
        words: Input::default(),
        in_words: false,
        message: None,
        is_sending: false,
        sent: None,
    };
    model.layers.push(Layer::Prompt(Box::new(prompt)));
    Vec::new()
}

/// Asks for the room of the selected appointment.
pub(crate) fn room(model: &mut Model) -> Vec<Effect> {
    let room = here::row(model).and_then(|row| row.room.clone());
    let before = room.unwrap_or_default();
    let words = before.clone();
    open(model, Kind::Room { before }, words)
}

/// Asks who goes first.
pub(crate) fn priority(model: &mut Model) -> Vec<Effect> {
    let Some(before) = here::row(model).map(|row| row.priority) else {
        return Vec::new();
    };
    let now = before;
    open(model, Kind::Priority { before, now }, String::new())
}

/// Asks how late the doctor runs whose appointment is selected, or whose queue it is.
pub(crate) fn late(model: &mut Model) -> Vec<Effect> {
    let Some(doctor) = here::doctor(model) else {
        return Vec::new();
    };
    let before = here::late_minutes(model, doctor.id);
    let kind = Kind::Late {
        doctor: doctor.id,
        date: here::day(model),
        before,
    };
    let words = if before > 0 {
        before.to_string()
    } else {
        String::new()
    };
    show(model, kind, words, None, (doctor.full_name, String::new()))
}

/// Enter: has it done.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    // Who was told that it changed has seen the board as it is now.
    let id = top(model).map(|prompt| prompt.id);
    let version = id.and_then(|id| here::version(model, id));
    let Some(prompt) = top(model) else {
        return Vec::new();
    };
    if prompt.is_sending {
        return Vec::new();
    }
    if let Some(version) = version.filter(|_| prompt.message.is_some()) {
        prompt.version = version;
    }
    match prompt.deed() {
        Err(missing) => {
            prompt.message = Some(missing.to_owned());
            Vec::new()
        }
        Ok((deed, before)) => {
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
    let Some(row) = row.filter(|row| row.version != prompt.told) else {
        return;
    };
    prompt.told = row.version;
    prompt.what = what(&row);
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

/// Types into the field.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        prompt.words.handle(request);
    }
    Vec::new()
}

/// A letter chooses.
pub(crate) fn letter(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if let (Some(prompt), KeyCode::Char(letter)) = (top(model), chord.code)
        && !prompt.in_words
    {
        let choices = prompt.choices();
        if let Some(index) = choices.iter().position(|(known, ..)| *known == letter) {
            prompt.choose(index);
        }
    }
    Vec::new()
}

/// A click chooses, or goes into the field.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        if index < prompt.choices().len() {
            prompt.choose(index);
        } else {
            prompt.in_words = true;
        }
    }
    Vec::new()
}

/// Whether there are letters beside the field for words.
pub(crate) fn can_switch(model: &Model) -> Availability {
    let has_choices = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Prompt(prompt) => Some(prompt.has_choices()),
        _ => None,
    });
    match has_choices {
        Some(true) => Availability::Ok,
        _ => Availability::Disabled("There is only this field.".into()),
    }
}

/// Goes from the choices to the field and back.
pub(crate) fn switch(model: &mut Model) {
    if let Some(prompt) = top(model)
        && prompt.has_choices()
    {
        prompt.in_words = !prompt.in_words;
    }
}

/// Chooses the next one, or the one before.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(prompt) = top(model) else { return };
    let choices = prompt.choices();
    let count = isize::try_from(choices.len()).unwrap_or(0);
    if prompt.in_words || count == 0 {
        return;
    }
    let now = choices.iter().position(|(.., is_chosen)| *is_chosen);
    let next = match now.and_then(|now| isize::try_from(now).ok()) {
        Some(now) => (now + by).rem_euclid(count),
        None if by < 0 => count - 1,
        None => 0,
    };
    prompt.choose(usize::try_from(next).unwrap_or(0));
}

/// Says that the other one calls it off.
pub(crate) fn other_side(model: &mut Model) {
    if let Some(prompt) = top(model)
        && let Kind::Cancel { by, is_said, .. } = &mut prompt.kind
    {
        *is_said = true;
        *by = match by {
            CancelledBy::Patient => CancelledBy::Clinic,
            CancelledBy::Clinic => CancelledBy::Patient,
        };
    }
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
