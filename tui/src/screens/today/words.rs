//! What there is to say of a row in a few words: how long somebody waits, what is out of the ordinary,
//! when they go in.

use clinic_shared::desk::appointments::{Kind, Status};
use clinic_shared::desk::queue::{BoardRow, Priority, WaitLevel};

use crate::app::Model;
use crate::glyphs::Glyphs;
use crate::text;

/// `! 17 min`: how long somebody waits; the sign says that it is long.
pub(crate) fn wait(glyphs: Glyphs, minutes: i64, level: Option<WaitLevel>) -> String {
    let time = match minutes {
        0..=99 => format!("{minutes} min"),
        _ => format!("{}h{:02}", minutes / 60, minutes % 60),
    };
    let sign = glyphs.warning;
    match level {
        Some(WaitLevel::Alert) => format!("{sign}{sign}{time}"),
        Some(WaitLevel::Warn) => format!("{sign} {time}"),
        Some(WaitLevel::Ok) | None => time,
    }
}

/// What is out of the ordinary, the most important first.
pub(crate) fn flags(row: &BoardRow) -> Vec<String> {
    let mut flags = Vec::new();
    match row.priority {
        Priority::Emergency => flags.push("EMERGENCY".to_owned()),
        Priority::Urgent => flags.push("urgent".to_owned()),
        Priority::Normal => {}
    }
    if row.called_at.is_some() && row.status == Status::CheckedIn {
        flags.push("called".to_owned());
    }
    if row.is_late {
        flags.push("late".to_owned());
    }
    if row.walk_in {
        flags.push("walk-in".to_owned());
    }
    if row.appointment_type == Kind::Online {
        flags.push("online".to_owned());
    }
    if row.patient_no_shows > 0 {
        flags.push(format!("{} missed", row.patient_no_shows));
    }
    flags
}

/// When somebody who waits or is still to come will likely go in.
pub(crate) fn expected(row: &BoardRow) -> Option<String> {
    let is_to_go = matches!(
        row.status,
        Status::Pending | Status::Confirmed | Status::CheckedIn
    );
    let expected = row.expected.as_ref().filter(|_| is_to_go)?;
    Some(format!("goes in at about {expected}"))
}

/// How long somebody is with the doctor.
pub(crate) fn inside(model: &Model, row: &BoardRow) -> Option<String> {
    let started = row.started_at.filter(|_| row.status == Status::Running)?;
    let since = model.now.signed_duration_since(started);
    Some(format!("inside for {} min", since.num_minutes().max(0)))
}

/// The same in so many columns: the first of them, and how many more there are.
pub(crate) fn flags_within(row: &BoardRow, width: u16) -> String {
    let flags = flags(row);
    let whole = flags.join(", ");
    match flags.as_slice() {
        [first, rest @ ..] if text::width(&whole) > usize::from(width) => {
            format!("{first} +{}", rest.len())
        }
        _ => whole,
    }
}
