//! A day in numbers: who was seen, who did not come, how long people waited, as it is printed.

use chrono::{Days, NaiveDate};
use clinic_shared::client::Error;

use super::pane::{self, Row, Sheet};
use crate::app::{Link, Model};
use crate::command::Availability;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::list::view::key;
use crate::text;

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

/// Columns of the doctors' names on paper.
const NAME: usize = 24;
/// Columns of paper.
const PAPER: usize = 80;
/// Columns of the first numbers: booked, seen, missed.
const FIRST: usize = 19;
/// No name is narrower.
const LEAST_NAME: usize = 14;

/// The columns of a text, and what comes after them.
fn split_at(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    let cut = text.char_indices().find(|(_, sign)| {
        used += text::width(sign.encode_utf8(&mut [0; 4]));
        used > columns
    });
    text.split_at(cut.map_or(text.len(), |(at, _)| at))
}

/// Lines for paper in so many columns: names give way first, and then the last numbers do.
fn fitted(paper: &str, width: usize, ellipsis: &str) -> Vec<String> {
    let over = PAPER.saturating_sub(width);
    let name = NAME.saturating_sub(over);
    let is_narrow = name < LEAST_NAME;
    let name = match is_narrow {
        true => width.saturating_sub(FIRST).clamp(1, NAME),
        false => name,
    };
    let mut lines = Vec::new();
    for line in paper.lines() {
        let is_rule = line.len() > 1 && line.chars().all(|sign| sign == '-');
        let (left, right) = split_at(line, NAME);
        let is_number = |sign: char| sign.is_ascii_digit() || " /-".contains(sign);
        let is_table = text::width(line) == PAPER && right.chars().all(is_number);
        if text::width(line) <= width {
            lines.push(line.to_owned());
        } else if is_rule {
            lines.push("-".repeat(width));
        } else if is_table || left.trim() == "Doctor" {
            let right = match is_narrow {
                true => split_at(right, FIRST).0,
                false => right,
            };
            let left = text::fit(left.trim_end(), name, ellipsis);
            lines.push(format!("{left}{right}"));
        } else {
            // Where it is wide, a heading stands at both ends.
            let words: Vec<&str> = line.split_whitespace().collect();
            lines.extend(text::wrap(&words.join(" "), width.max(1)));
        }
    }
    if is_narrow {
        lines.push(String::new());
        let text = "In a wider window more is shown; clinic report prints all.";
        lines.extend(text::wrap(text, width.max(1)));
    }
    lines
}

/// The report in lines.
pub(crate) fn sheet(model: &Model, report: &Report, width: usize) -> Sheet {
    let text = report.text.iter();
    let rows = text.flat_map(|text| fitted(text, width, model.glyphs.ellipsis));
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
        rows: rows.map(Row::new).collect(),
        nothing,
        below: Vec::new(),
        is_text: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_way_to_numbers_and_the_first_numbers_stay() {
        let name = "Dr. Maximiliane Überlang";
        let numbers = "     12    9      1     1    0    2    0   12/31     4/9";
        let head =
            "Doctor                   Booked Seen Missed  Canc Left Walk Over    Wait    Late";
        let paper = format!(
            "Day report{}Monday, 23 November 2026\n{head}\n{}\n{name}{numbers}\n",
            " ".repeat(46),
            "-".repeat(80)
        );
        assert_eq!(fitted(&paper, 80, "…").join("\n"), paper.trim_end());
        let at = |width| fitted(&paper, width, "…");
        let lines = at(76);
        assert_eq!(lines[0], "Day report Monday, 23 November 2026");
        assert!(lines[1].ends_with("Late") && lines[3].ends_with("12/31     4/9"));
        assert!(
            lines.iter().all(|line| text::width(line) <= 76),
            "{lines:?}"
        );
        let lines = at(36);
        assert_eq!(lines[1], "Doctor            Booked Seen Missed");
        assert_eq!(lines[3], "Dr. Maximiliane …     12    9      1");
    }
}
