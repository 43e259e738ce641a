//! A row of the audit, whole.

use clinic_shared::desk::audit::{Outcome, Row};

use super::view::{Sheet, moment};
use crate::app::Model;
use crate::labels;
use crate::screens::audit::{detail, view};

pub(super) fn sheet(model: &Model, row: &Row) -> Sheet {
    let glyphs = model.glyphs;
    let outcome = match row.outcome {
        Outcome::Done => labels::with_sign(glyphs.done, "done"),
        Outcome::Refused => labels::with_sign(glyphs.error, "refused"),
    };
    let who = match (&row.account, row.role) {
        (None, _) => "nobody: the public, or the server itself".to_owned(),
        (Some(_), Some(role)) => format!("{}, {role}", view::who(model, row)),
        (Some(_), None) => view::who(model, row),
    };
    let mut facts = vec![
        ("When", Some(moment(model, row.at))),
        ("Sort", Some(row.kind.to_string())),
        ("Outcome", Some(outcome)),
        ("Who", Some(who)),
        ("Patient", view::patient(row)),
        ("About", view::object(model, row)),
        ("Address", row.address.clone()),
    ];
    if let Some(session) = row.session {
        facts.push(("Session", Some(session.to_string())));
    }
    let lines = detail::lines(&row.detail, glyphs.arrow, glyphs.none, model.prefs.dates);
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(name, text)| {
            let doctor = text.parse().ok().filter(|_| name == "doctor");
            let text = doctor
                .and_then(|of| view::doctor(model, of))
                .unwrap_or(text);
            match name.is_empty() {
                true => text,
                false => format!("{name}: {text}"),
            }
        })
        .collect();
    Sheet {
        title: "Row of the audit".to_owned(),
        name: row.action.replace('_', " "),
        facts,
        body: Some(lines.join("\n")).filter(|body| !body.is_empty()),
    }
}
