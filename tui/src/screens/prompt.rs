//! A few words, or one key, before something is done with an appointment: why it is called off,
//! which room, who goes first, how late a doctor runs. What was typed stays until it is done.

mod choices;
mod view;

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Appointment, Cancel, CancelledBy, ReasonKind};
use clinic_shared::desk::queue::{BoardRow, Priority, RunningLate, SetPriority, SetRoom};
use tui_input::{Input, InputRequest};
use uuid::Uuid;

use super::deeds::{self, About, Before};
use super::{here, today};
use crate::app::Model;
use crate::command::Availability;
use crate::dates::Format;
use crate::days;
use crate::effect::{Deed, Effect};
use crate::labels;
use crate::layers::Layer;

use choices::{PRIORITIES, REASONS, side, usual};
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
    /// Which day to show.
    Date,
}

/// Where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    /// Among the reasons: a digit chooses one.
    Choices,
    /// In the field: everything is text.
    Words,
    /// At who calls it off.
    Side,
}

/// What Enter does.
enum Asked {
    /// It is sent.
    Deed(Box<Deed>, Before),
    /// That day is shown.
    Day(NaiveDate),
}

impl Asked {
    fn sent(deed: Deed, before: Before) -> Self {
        Asked::Deed(Box::new(deed), before)
    }
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
    pub(crate) focus: Focus,
    /// What is missing, or why it was not done.
    pub(crate) message: Option<String>,
    pub(crate) is_sending: bool,
    /// What waits for the answer.
    sent: Option<Deed>,
}

impl Prompt {
    /// Its title: what is done.
    pub(crate) const fn title(&self) -> &'static str {
        match self.kind {
            Kind::Cancel { .. } => "Cancel appointment",
            Kind::Room { .. } => "Room",
            Kind::Priority { .. } => "Priority",
            Kind::Late { .. } => "Running late",
            Kind::Date => "Go to date",
        }
    }

    /// What is typed into its field.
    pub(crate) const fn label(&self) -> &'static str {
        match self.kind {
            Kind::Cancel { .. } | Kind::Priority { .. } => "Note",
            Kind::Room { .. } => "Room",
            Kind::Late { .. } => "Minutes",
            Kind::Date => "Date",
        }
    }

    /// Whether one can choose with digits.
    const fn has_choices(&self) -> bool {
        matches!(self.kind, Kind::Cancel { .. } | Kind::Priority { .. })
    }

    /// Whether something was typed that would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.has_choices() && !self.words.value().trim().is_empty()
    }

    /// Where the cursor can be, in the order of Tab.
    const fn stops(&self) -> &'static [Focus] {
        match self.kind {
            Kind::Cancel { .. } => &[Focus::Choices, Focus::Words, Focus::Side],
            Kind::Priority { .. } => &[Focus::Choices, Focus::Words],
            Kind::Room { .. } | Kind::Late { .. } | Kind::Date => &[Focus::Words],
        }
    }

    /// The digits to choose with, what each means, and whether it is chosen.
    pub(crate) fn choices(&self) -> Vec<(char, &'static str, bool)> {
        match &self.kind {
            Kind::Cancel { why, .. } => REASONS
                .iter()
                .map(|(digit, kind)| (*digit, labels::reason(*kind), Some(*kind) == *why))
                .collect(),
            Kind::Priority { now, .. } => PRIORITIES
                .iter()
                .map(|(digit, priority)| (*digit, labels::priority(*priority), priority == now))
                .collect(),
            Kind::Room { .. } | Kind::Late { .. } | Kind::Date => Vec::new(),
        }
    }

    /// Chooses, and goes on to the note: what is typed from then on is text, a digit too.
    fn choose(&mut self, index: usize) {
        self.message = None;
        self.focus = Focus::Words;
        match &mut self.kind {
            Kind::Cancel { by, is_said, why } => {
                let Some((_, kind)) = REASONS.get(index) else {
                    return;
                };
                *why = Some(*kind);
                match side(*kind) {
                    // Whose reason it is decides, whatever was said before.
                    Some(side) => *by = side,
                    None if !*is_said => *by = usual(*kind),
                    None => {}
                }
            }
            Kind::Priority { now, .. } => {
                if let Some((_, priority)) = PRIORITIES.get(index) {
                    *now = *priority;
                }
            }
            Kind::Room { .. } | Kind::Late { .. } | Kind::Date => {}
        }
    }

    /// Takes a choice back.
    fn choose_none(&mut self) {
        self.focus = Focus::Choices;
        match &mut self.kind {
            Kind::Cancel { why, .. } => *why = None,
            Kind::Priority { before, now } => *now = *before,
            Kind::Room { .. } | Kind::Late { .. } | Kind::Date => {}
        }
    }

    /// The day that is typed.
    pub(crate) fn day(&self, today: NaiveDate, dates: Format) -> Option<NaiveDate> {
        match self.kind {
            Kind::Date => days::any(self.words.value(), today, dates).ok(),
            _ => None,
        }
    }

    /// What Enter does; else what is missing.
    fn asked(&self, today: NaiveDate, dates: Format) -> Result<Asked, String> {
        let words = self.words.value().trim();

        let reason = Some(words.to_owned()).filter(|words| !words.is_empty());
        let (id, version) = (self.id, Some(self.version));
        match &self.kind {
            Kind::Cancel { why: None, .. } if reason.is_none() => {
                Err("Say why: press a digit, or type it.".to_owned())
            }
            Kind::Cancel { by, why, .. } => {
                let body = Cancel {
                    by: *by,
                    reason_kind: *why,
                    reason,
                    version,
                };
                Ok(Asked::sent(Deed::Cancel(id, body), Before::Nothing))
            }
            Kind::Room { before } => {
                let room = words.to_owned();
                Ok(Asked::sent(
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
                Ok(Asked::sent(
                    Deed::Priority(id, body),
                    Before::Priority(*before),
                ))
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
                Ok(Asked::sent(
                    Deed::RunLate(*doctor, body),
                    Before::Late(*before, *date),
                ))
            }
            Kind::Date => {
                let day = days::any(words, today, dates);
                day.map(Asked::Day).map_err(|error| error.to_string())
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
    let (who, what) = (row.patient.full_name.clone(), what(model, row));
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
        focus: Focus::Words,
        message: None,
        is_sending: false,
        sent: None,
    };
    if let Some(first) = prompt.stops().first() {
        prompt.focus = *first;
    }
    model.layers.push(Layer::Prompt(Box::new(prompt)));
    Vec::new()
}

/// When, and with whom: the day too, unless it is today.
fn what(model: &Model, row: &BoardRow) -> String {
    let time = row.starts.as_ref().or(row.window.as_ref());
    let time = time.map(String::as_str).unwrap_or_default();
    let (day, with) = (here::day(model), &row.doctor.full_name);
    match day == model.today() {
        true => format!("{time}, {with}"),
        false => format!("{} {time}, {with}", model.prefs.dates.short(day)),
    }
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
        // The reason is given.
        focus: Focus::Words,
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

/// Asks which day to show.
pub(crate) fn date(model: &mut Model) -> Vec<Effect> {
    let shown = model.prefs.dates.day(today::day(model));
    let told = (shown, "is shown now".to_owned());
    show(model, Kind::Date, String::new(), None, told)
}

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

/// Types into the field. Among the reasons a digit chooses one, and anything else begins the note;
/// Backspace in an empty note takes the choice back.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    let Some(prompt) = top(model) else {
        return Vec::new();
    };
    let is_empty = prompt.words.value().is_empty();
    let choices = prompt.choices();
    match (prompt.focus, request) {
        (_, InputRequest::DeletePrevChar) if is_empty && !choices.is_empty() => {
            prompt.choose_none();
            return Vec::new();
        }
        (
            Focus::Side,
            InputRequest::InsertChar(' ') | InputRequest::GoToPrevChar | InputRequest::GoToNextChar,
        ) => {
            other_side(model);
            return Vec::new();
        }
        (Focus::Choices, InputRequest::InsertChar(typed)) => {
            let chosen = choices.iter().position(|(digit, ..)| *digit == typed);
            if let Some(index) = chosen {
                prompt.choose(index);
                return Vec::new();
            }
        }
        _ => {}
    }
    prompt.focus = Focus::Words;
    prompt.words.handle(request);
    Vec::new()
}

/// Goes to the reasons, the note, or who calls it off.
pub(crate) fn go(model: &mut Model, by: isize) {
    let Some(prompt) = top(model) else { return };
    let stops = prompt.stops();
    let count = isize::try_from(stops.len()).unwrap_or(1).max(1);
    let now = stops.iter().position(|stop| *stop == prompt.focus);
    let next = isize::try_from(now.unwrap_or(0)).unwrap_or(0) + by;
    let next = usize::try_from(next.rem_euclid(count)).unwrap_or(0);
    if let Some(stop) = stops.get(next) {
        prompt.focus = *stop;
    }
}

/// Types pasted text into the field: it chooses nothing.
pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        prompt.focus = Focus::Words;
        for typed in text.replace('\n', " ").chars() {
            prompt.words.handle(InputRequest::InsertChar(typed));
        }
    }
    Vec::new()
}

/// A click chooses.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(prompt) = top(model) {
        prompt.choose(index);
    }
    Vec::new()
}

/// Chooses the next one, or the one before.
pub(crate) fn step(model: &mut Model, by: isize) {
    let Some(prompt) = top(model) else { return };
    let choices = prompt.choices();
    let count = isize::try_from(choices.len()).unwrap_or(0);
    if count == 0 {
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

/// Whether there is more than the field to go to.
pub(crate) fn has_stops(model: &Model) -> Availability {
    match model.acting() {
        Some(Layer::Prompt(prompt)) if prompt.stops().len() > 1 => Availability::Ok,
        _ => Availability::Disabled("There is one field only.".into()),
    }
}

/// What Tab goes to, in the footer.
pub(crate) fn next_label(model: &Model) -> Option<&'static str> {
    let Some(Layer::Prompt(prompt)) = model.acting() else {
        return None;
    };
    match (prompt.focus, &prompt.kind) {
        (Focus::Choices, _) => Some("To the note"),
        (Focus::Words, Kind::Cancel { .. }) => Some("By whom"),
        (Focus::Words | Focus::Side, _) => Some("Choose again"),
    }
}

/// What Enter does, in the footer.
pub(crate) fn submit_label(model: &Model) -> Option<&'static str> {
    let Some(Layer::Prompt(prompt)) = model.acting() else {
        return None;
    };
    Some(match prompt.kind {
        Kind::Cancel { .. } => "Cancel it",
        Kind::Room { .. } | Kind::Priority { .. } | Kind::Late { .. } => "Save",
        Kind::Date => "Show",
    })
}

/// Says that the other one calls it off, unless the reason can only be this one's.
fn other_side(model: &mut Model) {
    let glyphs = model.glyphs;
    let Some(prompt) = top(model) else { return };
    let Kind::Cancel { by, is_said, why } = &mut prompt.kind else {
        return;
    };
    if let Some(why) = why.filter(|why| side(*why).is_some()) {
        let whose = match by {
            CancelledBy::Patient => "the patient's",
            CancelledBy::Clinic => "the clinic's",
        };
        let text = format!(
            "{} is {whose} reason; choose another one first.",
            glyphs.quoted(labels::reason(why))
        );
        prompt.message = Some(text);
        return;
    }
    *is_said = true;
    *by = match by {
        CancelledBy::Patient => CancelledBy::Clinic,
        CancelledBy::Clinic => CancelledBy::Patient,
    };
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
