//! A day in numbers: who was seen, who did not come, how long people waited, as it is printed.

use chrono::{Days, NaiveDate};
use clinic_shared::client::Error;

use super::pane::{self, Row, Sheet};
use crate::app::{Link, Model};
use crate::command::Availability;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::list::view::key;
use crate::theme::Role;

/// The report.
#[derive(Debug)]
pub(crate) struct Report {
    date: NaiveDate,
    /// None before it is there.
    text: Option<String>,
    /// Why it is not there.
    error: Option<String>,
}

/// Opens today's report.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let date = model.now.date_naive();
    let report = Report {
        date,
        text: None,
        error: None,
    };
    pane::open(model, pane::Kind::Report(report));
    refresh(model)
}

fn top(model: &mut Model) -> Option<&mut Report> {
    match &mut pane::highest(model)?.kind {
        pane::Kind::Report(report) => Some(report),
        _ => None,
    }
}

/// Asks for the report on the screen again.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    match top(model).map(|report| report.date) {
        Some(date) => vec![model.call(Slot::Report, Call::Report(date))],
        None => Vec::new(),
    }
}

/// Whether the day after the one on the screen has come.
pub(crate) fn can_go_on(model: &Model) -> Availability {
    match pane::acting(model).map(|pane| &pane.kind) {
        Some(pane::Kind::Report(report)) if report.date >= model.now.date_naive() => {
            Availability::Disabled("That day is still to come.".into())
        }
        _ => Availability::Ok,
    }
}

/// Shows the day after, or the day before.
pub(crate) fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(report) = top(model) else {
        return Vec::new();
    };
    let one = Days::new(1);
    let next = match forward {
        true => report.date.checked_add_days(one),
        false => report.date.checked_sub_days(one),
    };
    if let Some(next) = next {
        *report = Report {
            date: next,
            text: None,
            error: None,
        };
        if let Some(Layer::Pane(pane)) = model.layers.last_mut() {
            pane.cursor = 0;
        }
    }
    refresh(model)
}

/// Takes in a report.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    let Some(report) = top(model).filter(|report| *call == Call::Report(report.date)) else {
        return;
    };
    match result {
        Ok(Reply::Report(text)) => {
            report.text = Some(text);
            report.error = None;
        }
        Ok(_) | Err(Error::Unreachable(_) | Error::SignedOut) => {}
        Err(error) => report.error = Some(error.to_string()),
    }
}

/// The report in lines.
pub(crate) fn sheet(model: &Model, report: &Report) -> Sheet {
    let rows = report.text.iter().flat_map(|text| text.lines());
    let nothing = match (&report.error, &model.link) {
        (Some(error), _) => vec![
            error.clone(),
            format!("{} asks again.", key(model, "app.reload")),
        ],
        (None, Link::Up) => vec![format!("Loading{}", model.glyphs.ellipsis)],
        (None, Link::Down { .. }) => {
            vec!["The server does not answer. The report comes as soon as it does.".to_owned()]
        }
    };
    Sheet {
        title: format!("Report of {}", model.prefs.dates.day(report.date)),
        above: Vec::new(),
        rows: rows
            .map(|line| Row {
                text: line.to_owned(),
                role: Role::Text,
            })
            .collect(),
        nothing,
        below: Vec::new(),
        is_text: true,
    }
}
