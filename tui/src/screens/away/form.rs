//! The short forms about absences, closures and extra hours: what is asked, what was meant, and
//! what is sent.

use chrono::NaiveDate;
use clinic_shared::Patch;
use clinic_shared::client::{self, Off};
use clinic_shared::desk::absences::{
    Absence, AbsenceChange, AbsenceKind, CancelHits, MoveHits, NewAbsence, NewClosure,
};
use clinic_shared::desk::openings::NewOpening;
use uuid::Uuid;

use super::Whose;
use crate::app::Model;
use crate::dates::Format;
use crate::days;
use crate::effect::LeaveCall;
use crate::labels;
use crate::screens::ask::{Ask, Fault, Field};

/// What is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// When a doctor is away.
    Absence { doctor: Uuid, name: String },
    /// When the clinic is closed.
    Closure,
    /// Another time, kind or note of one of them.
    Edit {
        off: Off,
        before: Box<Absence>,
        etag: Option<String>,
    },
    /// When a doctor is there beside the usual hours.
    Opening { doctor: Uuid, name: String },
    /// From which day on everything that is hit finds another time.
    MoveAll {
        off: Off,
        absence: Box<Absence>,
        count: usize,
    },
    /// Why everything that is hit is called off.
    CancelAll {
        off: Off,
        absence: Box<Absence>,
        /// Those that were on the screen.
        hit: Vec<i64>,
        /// How many patients they are.
        people: usize,
    },
}

/// How many appointments can be named in a call.
const MOST_NAMED: usize = 1000;

/// Why somebody is away, as it is chosen.
const KINDS: &[&str] = &["holiday", "illness", "training", "other"];

impl Form {
    /// A form for somebody's absence, or for a closure.
    pub(super) fn new(whose: Whose) -> Self {
        match whose {
            Whose::Doctor { id, name } => Form::Absence { doctor: id, name },
            Whose::Clinic => Form::Closure,
        }
    }

    /// A form that changes one; its version is the one that is known.
    pub(super) fn edit(off: Off, absence: &Absence, etag: Option<String>) -> Self {
        let etag = etag.or_else(|| Some(client::etag(absence.version)));
        Form::Edit {
            off,
            before: Box::new(absence.clone()),
            etag,
        }
    }

    /// How it was before the change.
    pub(super) fn before(&self) -> Option<Absence> {
        match self {
            Form::Edit { before, .. } => Some((**before).clone()),
            _ => None,
        }
    }

    /// On the frame.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Form::Absence { .. } => "Absence",
            Form::Closure => "Closure of the clinic",
            Form::Edit { .. } => "Change",
            Form::Opening { .. } => "Extra hours",
            Form::MoveAll { .. } => "Move all",
            Form::CancelAll { .. } => "Cancel all",
        }
    }

    /// What sending it does, in a word or two.
    pub(crate) const fn verb(&self) -> &'static str {
        match self {
            Form::Absence { .. } | Form::Closure | Form::Edit { .. } | Form::Opening { .. } => {
                "Save"
            }
            Form::MoveAll { .. } => "Move all",
            Form::CancelAll { .. } => "Cancel all",
        }
    }

    /// What to know before.
    pub(crate) fn message(&self) -> String {
        let absent = |absence: &Absence| match &absence.doctor {
            Some(doctor) => format!("{} is away.", doctor.full_name),
            None => "The clinic is closed.".to_owned(),
        };
        match self {
            Form::Absence { name, .. } => {
                format!("{name} can't be booked then. What is booked already is shown next.")
            }
            Form::Closure => {
                "Nobody can be booked then. What is booked already is shown next.".to_owned()
            }
            Form::Edit { before, .. } => absent(before),
            Form::Opening { name, .. } => {
                format!("{name} can be booked then, beside the usual hours.")
            }
            Form::MoveAll { count, .. } => format!(
                "{count} to move, each to the first free time of the same doctor; that can't be \
                 taken back. No mail tells the patients: whom to phone is listed then."
            ),
            Form::CancelAll { hit, .. } => {
                format!("{} to cancel. The patients may read the reason.", hit.len())
            }
        }
    }

    /// What is typed.
    pub(crate) fn fields(&self, model: &Model) -> Vec<Field> {
        let dates = model.prefs.dates;
        let date = |date: NaiveDate| dates.date(date);
        let time = |when, kind, note| time(when, kind, note, dates);
        match self {
            Form::Absence { .. } => time(("", "", ""), "holiday", ""),
            Form::Closure => time(("", "", ""), "holiday", ""),
            Form::Edit { before, .. } => {
                let clock = labels::clock(before.starts.as_deref(), before.ends.as_deref(), "-");
                let last = match before.last_date == before.first_date {
                    true => String::new(),
                    false => date(before.last_date),
                };
                time(
                    (&date(before.first_date), &last, &clock.unwrap_or_default()),
                    before.kind.as_str(),
                    before.note.as_deref().unwrap_or_default(),
                )
            }
            Form::Opening { .. } => vec![
                Field::new("Day", "date").placeholder(dates.days_in_short()),
                Field::new("Hours", "starts").placeholder("17-19:30"),
                Field::new("Slots of", "slot_minutes")
                    .optional()
                    .placeholder("minutes each; empty: one slot"),
            ],
            Form::MoveAll { absence, .. } => vec![
                Field::new("Not before", "from")
                    .optional()
                    .placeholder(&format!(
                        "empty: the first day after {}",
                        model.prefs.dates.short(absence.last_date)
                    )),
                Field::new("Reason", "reason")
                    .optional()
                    .placeholder("for the history"),
            ],
            Form::CancelAll { absence, .. } => {
                let reason = match (&absence.doctor, absence.kind) {
                    (None, _) => "The clinic is closed.",
                    (Some(_), AbsenceKind::Illness) => "The doctor is ill.",
                    (Some(_), _) => "The doctor is away.",
                };
                vec![Field::new("Reason", "reason").text(reason)]
            }
        }
    }

    /// What is sent; else the field that is wrong, and why.
    pub(crate) fn call(
        &self,
        ask: &Ask,
        today: NaiveDate,
        dates: Format,
    ) -> Result<LeaveCall, Fault> {
        let reason = Some(ask.value("reason")).filter(|reason| !reason.is_empty());
        match self {
            Form::Absence { doctor, .. } => {
                let time = Time::read(ask, today, dates)?;
                Ok(LeaveCall::Enter(NewAbsence {
                    doctor: *doctor,
                    first_date: time.first,
                    last_date: Some(time.last),
                    starts: time.starts,
                    ends: time.ends,
                    kind: Some(kind(ask)),
                    note: note(ask),
                }))
            }
            Form::Closure => {
                let time = Time::read(ask, today, dates)?;
                Ok(LeaveCall::Close(NewClosure {
                    first_date: time.first,
                    last_date: Some(time.last),
                    starts: time.starts,
                    ends: time.ends,
                    kind: Some(kind(ask)),
                    note: note(ask),
                }))
            }
            Form::Edit { off, before, etag } => {
                let time = Time::read(ask, today, dates)?;
                let change = AbsenceChange {
                    first_date: Some(time.first),
                    last_date: Some(time.last),
                    starts: set(time.starts),
                    ends: set(time.ends),
                    kind: Some(kind(ask)),
                    note: set(note(ask)),
                };
                Ok(LeaveCall::Change(*off, before.id, change, etag.clone()))
            }
            Form::Opening { doctor, .. } => {
                let date = read_day(ask, "date", today, dates)?;
                let (starts, ends) = read_hours(ask)?;
                if ends <= starts && ends != "00:00" {
                    return Err(fault("starts", "The end is not after the beginning."));
                }
                Ok(LeaveCall::OpenHours(NewOpening {
                    doctor: *doctor,
                    date,
                    starts,
                    ends,
                    slot_minutes: slots(ask)?,
                }))
            }
            Form::MoveAll { off, absence, .. } => {
                let from = match ask.value("from").is_empty() {
                    true => None,
                    false => Some(read_day(ask, "from", today, dates)?),
                };
                let form = MoveHits {
                    from,
                    reason,
                    ..MoveHits::default()
                };
                Ok(LeaveCall::MoveHits(*off, absence.id, form))
            }
            Form::CancelAll {
                off, absence, hit, ..
            } => {
                let form = CancelHits {
                    // Those only that somebody has seen, as far as so many can be named.
                    appointments: Some(hit.clone()).filter(|hit| hit.len() <= MOST_NAMED),
                    reason,
                };
                Ok(LeaveCall::CancelHits(*off, absence.id, form))
            }
        }
    }

    /// How what is typed so far is understood, once it can be.
    pub(crate) fn hint(&self, ask: &Ask, model: &Model) -> Option<String> {
        let today = model.now.date_naive();
        let dates = model.prefs.dates;
        let dash = model.glyphs.dash;
        match self {
            Form::Absence { .. } | Form::Closure | Form::Edit { .. } => {
                let time = Time::read(ask, today, dates).ok()?;
                let first = dates.day(time.first);
                let days = match time.first == time.last {
                    true => first,
                    false => format!("{first} {dash} {}", dates.day(time.last)),
                };
                let hours = labels::clock(time.starts.as_deref(), time.ends.as_deref(), dash);
                Some(match hours {
                    Some(hours) => format!("{days}, {hours}"),
                    None if time.first == time.last => format!("{days}, the whole day"),
                    None => format!("{days}, whole days"),
                })
            }
            Form::Opening { .. } => {
                let date = read_day(ask, "date", today, dates).ok()?;
                let (starts, ends) = read_hours(ask).ok()?;
                Some(format!("{}, {starts}{dash}{ends}", dates.day(date)))
            }
            Form::MoveAll { .. } => {
                let from = read_day(ask, "from", today, dates).ok()?;
                Some(format!("From {} on", dates.day(from)))
            }
            Form::CancelAll { .. } => None,
        }
    }
}

/// The change that makes an absence what it was.
pub(super) fn back_to(before: &Absence) -> AbsenceChange {
    AbsenceChange {
        first_date: Some(before.first_date),
        last_date: Some(before.last_date),
        starts: set(before.starts.clone()),
        ends: set(before.ends.clone()),
        kind: Some(before.kind),
        note: set(before.note.clone()),
    }
}

fn time(
    (first, last, hours): (&str, &str, &str),
    kind: &str,
    note: &str,
    dates: Format,
) -> Vec<Field> {
    vec![
        Field::new("From", "first_date")
            .placeholder(dates.days_in_short())
            .text(first),
        Field::new("To", "last_date")
            .optional()
            .placeholder("the last day; empty: the same day")
            .text(last),
        Field::new("Hours", "starts")
            .also("ends")
            .optional()
            .placeholder("9-12; empty: whole days")
            .text(hours),
        Field::new("Why", "kind").choices(KINDS).text(kind),
        Field::new("Note", "note")
            .optional()
            .placeholder("for the desk's eyes only")
            .text(note),
    ]
}

/// When somebody is away.
struct Time {
    first: NaiveDate,
    last: NaiveDate,
    starts: Option<String>,
    ends: Option<String>,
}

impl Time {
    fn read(ask: &Ask, today: NaiveDate, dates: Format) -> Result<Self, Fault> {
        let first = read_day(ask, "first_date", today, dates)?;
        let last = match ask.value("last_date").is_empty() {
            true => first,
            // A weekday is the next one after the beginning.
            false => days::day(&ask.value("last_date"), first.max(today), dates)
                .map_err(|error| fault("last_date", &error.to_string()))?,
        };
        if last < first {
            return Err(fault("last_date", "This is before the first day."));
        }
        if ask.value("starts").is_empty() {
            return Ok(Self {
                first,
                last,
                starts: None,
                ends: None,
            });
        }
        let (starts, ends) = read_hours(ask)?;
        if first == last && ends <= starts && ends != "00:00" {
            return Err(fault("starts", "The end is not after the beginning."));
        }
        Ok(Self {
            first,
            last,
            starts: Some(starts),
            ends: Some(ends),
        })
    }
}

fn fault(field: &'static str, why: &str) -> Fault {
    Fault {
        field,
        why: why.to_owned(),
    }
}

fn read_day(
    ask: &Ask,
    field: &'static str,
    today: NaiveDate,
    dates: Format,
) -> Result<NaiveDate, Fault> {
    days::day(&ask.value(field), today, dates).map_err(|error| fault(field, &error.to_string()))
}

fn read_hours(ask: &Ask) -> Result<(String, String), Fault> {
    days::hours(&ask.value("starts")).map_err(|error| fault("starts", &error.to_string()))
}

fn slots(ask: &Ask) -> Result<Option<i64>, Fault> {
    let minutes = ask.value("slot_minutes");
    if minutes.is_empty() {
        return Ok(None);
    }
    let minutes: Option<i64> = minutes.parse().ok().filter(|minutes| *minutes > 0);
    match minutes {
        Some(minutes) => Ok(Some(minutes)),
        None => Err(fault("slot_minutes", "How many minutes is a slot?")),
    }
}

fn kind(ask: &Ask) -> AbsenceKind {
    ask.value("kind").parse().unwrap_or(AbsenceKind::Other)
}

fn note(ask: &Ask) -> Option<String> {
    Some(ask.value("note")).filter(|note| !note.is_empty())
}

fn set<T>(value: Option<T>) -> Patch<T> {
    match value {
        Some(value) => Patch::Set(value),
        None => Patch::Clear,
    }
}
