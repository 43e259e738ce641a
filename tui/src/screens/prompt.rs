//! A few words, or one key, before something is done with an appointment: why it is called off,
//! which room, who goes first, how late a doctor runs. What was typed stays until it is done.

mod choices;
mod opening;
mod sending;
mod typing;
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
pub(crate) use opening::{cancel, cancel_of, date, late, priority, room};
pub(crate) use sending::{done, failed, leave, look_again, say, submit};
pub(crate) use typing::{click, edit, go, has_stops, next_label, paste, step, submit_label};
pub(crate) use view::draw;

/// How many minutes a doctor can run late at most (API.md section 5), and from how many on it is
/// asked whether that is meant.
const LONGEST: i64 = 720;
const LONG: i64 = 120;

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
    /// What stands in the field is how it is now: what is typed takes its place, and any other key
    /// that edits goes on with it.
    pub(crate) is_old: bool,
    /// The digit that chose, while nothing was typed after it: a space makes it the beginning of the note.
    digit: Option<char>,
    /// What is unlikely was asked about: Enter means it.
    is_sure: bool,
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

    /// Types into the field; minutes are digits.
    fn write(&mut self, request: InputRequest) {
        let typed = match request {
            InputRequest::InsertChar(typed) => Some(typed),
            _ => None,
        };
        let counts = matches!(self.kind, Kind::Late { .. });
        if counts && typed.is_some_and(|typed| !typed.is_ascii_digit()) {
            self.message = Some("In digits: how many minutes. 0: on time again.".to_owned());
            return;
        }
        if std::mem::take(&mut self.is_old) && typed.is_some() {
            self.words.reset();
        }
        if counts {
            self.message = None;
            self.is_sure = false;
        }
        self.words.handle(request);
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

    /// What is asked once before it is done; nothing: it is likely, or was asked.
    fn doubt(&mut self) -> Option<String> {
        let minutes = match self.kind {
            Kind::Late { .. } => self.words.value().trim().parse::<i64>().ok()?,
            _ => return None,
        };
        let is_asked = std::mem::replace(&mut self.is_sure, true);
        let hours = format!("{} h {:02} min", minutes / 60, minutes % 60);
        (minutes > LONG && minutes <= LONGEST && !is_asked)
            .then(|| format!("That is {hours}. Enter once more if it is meant."))
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
                if minutes > LONGEST {
                    return Err(format!(
                        "At most {LONGEST} minutes, {} hours.",
                        LONGEST / 60
                    ));
                }
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
