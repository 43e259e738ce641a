//! The short form about a doctor's weekly hours: what is asked, what was meant, and what is sent.

use chrono::NaiveDate;
use clinic_shared::client::etag;
use clinic_shared::desk::doctors::{AvailableTime, DoctorWindow};
use clinic_shared::v1::lenient::PersonId;

use super::draft::{DAY, Draft};
use super::{Whose, others_in_short, view};
use crate::app::Model;
use crate::dates::Format;
use crate::effect::WindowsCall;
use crate::screens::ask::{Ask, Fault, Field};
use crate::{days, hours, weekdays};

/// What is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// New hours of a doctor.
    New(Whose),
    /// Hours that there are.
    Edit {
        whose: Whose,
        before: Box<DoctorWindow>,
    },
}

/// The names of the fields on the wire, in the order of the form.
const NAMES: [&str; 7] = [
    "weekdays",
    "starts",
    "ends",
    "slot_minutes",
    "valid_from",
    "valid_to",
    "name",
];

impl Form {
    /// On the frame.
    pub(crate) const fn title(&self) -> &'static str {
        match self {
            Form::New(_) => "New hours",
            Form::Edit { .. } => "Change hours",
        }
    }

    /// What to know before.
    pub(super) fn message(&self) -> String {
        match self {
            Form::New(whose) => format!("{} can be booked in them.", whose.name),
            Form::Edit { whose, before } => {
                let shared = others_in_short(before, whose.doctor);
                let shared =
                    shared.map(|(others, _)| format!(", shared with {others}: changed for all"));
                format!(
                    "Hours of {}{}. What is booked in them stays.",
                    whose.name,
                    shared.unwrap_or_default()
                )
            }
        }
    }

    /// What is typed.
    pub(super) fn fields(&self, model: &Model) -> Vec<Field> {
        let texts = match self {
            Form::New(_) => <[String; 7]>::default(),
            Form::Edit { before, .. } => texts(&before.window, model),
        };
        let [on, from, to, slots, first, last, name] = texts;
        vec![
            Field::new("Days", "weekdays")
                .days()
                .placeholder("mon-fri, mon wed fri; keys 1-7: on, off")
                .text(&on),
            Field::new("From", "starts")
                .optional()
                .placeholder("9, 9:30, 14-18; empty: no clock")
                .text(&from),
            Field::new("To", "ends")
                .optional()
                .placeholder("12:30; 24 is midnight")
                .text(&to),
            Field::new("Slots of", "slot_minutes")
                .optional()
                .placeholder("minutes each; empty: one slot")
                .text(&slots),
            Field::new("Valid from", "valid_from")
                .optional()
                .placeholder("the first day; empty: at once")
                .text(&first),
            Field::new("Valid until", "valid_to")
                .also("non_field_errors")
                .optional()
                .placeholder("the last day; empty: for good")
                .text(&last),
            Field::new("Name", "name")
                .optional()
                .placeholder("empty: the time of day")
                .text(&name),
        ]
    }

    /// What is sent; else the field that is wrong, and why.
    pub(crate) fn call(
        &self,
        ask: &Ask,
        today: NaiveDate,
        dates: Format,
    ) -> Result<WindowsCall, Fault> {
        let (draft, faults) = read(ask, today, dates);
        if let Some(fault) = faults.into_iter().next() {
            return Err(fault);
        }
        Ok(match self {
            Form::New(whose) => {
                let doctors = Some(vec![PersonId(whose.doctor)]);
                WindowsCall::Make(Box::new(draft.input(doctors)))
            }
            Form::Edit { before, .. } => WindowsCall::Change(
                before.window.id,
                Box::new(draft.change()),
                Some(etag(before.version)),
            ),
        })
    }

    /// How what is typed so far is understood; what is wrong where the cursor is, else.
    pub(crate) fn hint(ask: &Ask, model: &Model) -> Option<String> {
        let (draft, faults) = read(ask, model.today(), model.prefs.dates);
        let typed = |name: &str| !ask.value(name).is_empty();
        let here = ask.focused();
        let fault = faults.iter().find(|fault| Some(fault.field) == here);
        if let Some(fault) = fault.filter(|fault| typed(fault.field)) {
            return Some(fault.why.clone());
        }
        let is_whole = faults.is_empty() && typed("weekdays");
        is_whole.then(|| {
            let said = view::said(model, &draft.shown());
            match draft.slots() {
                Some(count) => format!("{said}: {count} a day"),
                None => said,
            }
        })
    }
}

/// What stands in the fields for a window.
fn texts(window: &AvailableTime, model: &Model) -> [String; 7] {
    let date = |date: Option<NaiveDate>| date.map(|date| model.prefs.dates.date(date));
    let ends = window.ends.as_deref().map(|ends| match ends {
        "00:00" => "24:00".to_owned(),
        ends => ends.to_owned(),
    });
    let draft = Draft::of(window);
    let name = Some(window.name.clone()).filter(|name| Some(name) != draft.time_of_day().as_ref());
    [
        hours::weekdays(&window.weekdays, "-"),
        window.starts.clone().unwrap_or_default(),
        ends.unwrap_or_default(),
        window
            .slot_minutes
            .map(|minutes| minutes.to_string())
            .unwrap_or_default(),
        date(window.valid_from).unwrap_or_default(),
        date(window.valid_to).unwrap_or_default(),
        name.unwrap_or_default(),
    ]
}

/// What stands in the form, as far as it can be read, and everything that is wrong with it, in the
/// order of the fields.
fn read(ask: &Ask, today: NaiveDate, dates: Format) -> (Draft, Vec<Fault>) {
    let mut faults: Vec<Fault> = Vec::new();
    let mut wrong = |field: &'static str, why: &str| {
        faults.push(Fault {
            field,
            why: why.to_owned(),
        });
    };
    let typed = |name: &str| Some(ask.value(name)).filter(|text| !text.is_empty());
    // `14-18` in the first of the two says both.
    let both = typed("starts").and_then(|text| days::hours(&text).ok());
    let typed = |name: &str| match (&both, name) {
        (Some((starts, _)), "starts") => Some(starts.clone()),
        (Some((_, ends)), "ends") => Some(ends.clone()),
        _ => typed(name),
    };
    let weekdays = typed("weekdays").map(|text| weekdays::read(&text));
    if let Some(Err(error)) = &weekdays {
        wrong("weekdays", &error.to_string());
    }
    let mut clock = |name: &'static str| match typed(name).map(|text| days::time(&text)) {
        Some(Ok(time)) => Some(time),
        Some(Err(_)) => {
            wrong(name, "Not a time; type 9, 9:30 or 0930.");
            None
        }
        None => None,
    };
    let (starts, ends) = (clock("starts"), clock("ends"));
    let mut day = |name: &'static str| match typed(name).map(|text| days::day(&text, today, dates))
    {
        Some(Ok(day)) => Some(day),
        Some(Err(error)) => {
            wrong(name, &error.to_string());
            None
        }
        None => None,
    };
    let (valid_from, valid_to) = (day("valid_from"), day("valid_to"));
    let slot_minutes = typed("slot_minutes").map(|text| text.parse::<i64>());
    let mut draft = Draft {
        name: typed("name").unwrap_or_default(),
        weekdays: weekdays.and_then(Result::ok).unwrap_or_default(),
        starts,
        ends,
        slot_minutes: slot_minutes.clone().and_then(Result::ok),
        valid_from,
        valid_to,
    };
    match (typed("starts"), typed("ends")) {
        (Some(_), None) => wrong("ends", "When does it end?"),
        (None, Some(_)) => wrong("starts", "When does it begin?"),
        _ => {}
    }
    let has_clock = draft.starts.is_some() && draft.ends.is_some();
    if has_clock && draft.length().is_none() {
        wrong(
            "ends",
            "It ends after it begins, on the same day; 24 is midnight.",
        );
    }
    match (slot_minutes, draft.length()) {
        (Some(Ok(minutes)), _) if !(5..=DAY).contains(&minutes) => {
            wrong("slot_minutes", "A slot has 5 minutes or more.");
        }
        (Some(Ok(minutes)), Some(length)) if minutes > length => {
            wrong("slot_minutes", "These hours have no room for such a slot.");
        }
        (Some(Ok(_)), None) if typed("starts").is_none() && typed("ends").is_none() => {
            wrong("slot_minutes", "Without a time of day there are no slots.");
        }
        (Some(Err(_)), _) => wrong("slot_minutes", "How many minutes is a slot?"),
        _ => {}
    }
    if let (Some(first), Some(last)) = (draft.valid_from, draft.valid_to)
        && last < first
    {
        wrong("valid_to", "The last day is before the first.");
    }
    if draft.name.chars().count() > 50 {
        wrong("name", "At most 50 characters.");
    }
    if draft.name.is_empty() {
        match draft.time_of_day() {
            Some(time) => draft.name = time,
            None if typed("starts").is_none() && typed("ends").is_none() => {
                wrong("name", "Without a time of day it needs a name.");
            }
            None => {}
        }
    }
    let place = |fault: &Fault| NAMES.iter().position(|name| *name == fault.field);
    faults.sort_by_key(place);
    (draft, faults)
}

/// What is wrong with what was typed; what is only missing yet is not.
pub(crate) fn faults(ask: &Ask, today: NaiveDate, dates: Format) -> Vec<Fault> {
    let (_, mut faults) = read(ask, today, dates);
    faults.retain(|fault| !ask.value(fault.field).is_empty());
    faults
}

/// Both times where `14-18` was typed into the first field: they stand in both from now on.
pub(crate) fn spread(fields: &mut [Field]) {
    let typed = fields.iter().find(|field| field.name() == "starts");
    let Some((starts, ends)) = typed.and_then(|field| days::hours(field.value()).ok()) else {
        return;
    };
    for field in fields {
        match field.name() {
            "starts" => field.write(&starts),
            "ends" if ends == "00:00" => field.write("24:00"),
            "ends" => field.write(&ends),
            _ => {}
        }
    }
}

/// Somebody changed the window since the form was opened: what was not touched here is as it is
/// now, what was stays; answers what is other than before, in words.
pub(super) fn rebase(
    fields: &mut [Field],
    model: &Model,
    was: &AvailableTime,
    is: &AvailableTime,
) -> Vec<String> {
    let (was, is) = (texts(was, model), texts(is, model));
    let mut told = Vec::new();
    let none = model.glyphs.none;
    let or_none = |text: &str| match text.is_empty() {
        true => none.to_owned(),
        false => text.to_owned(),
    };
    for (field, (was, is)) in fields.iter_mut().zip(was.iter().zip(&is)) {
        if was != is {
            told.push(format!(
                "{} {} (was {})",
                field.label,
                or_none(is),
                or_none(was)
            ));
            field.rebase(is);
        }
    }
    told
}
