//! Absences, closures and extra hours in words, and the lists of them.

use chrono::NaiveDate;
use clinic_shared::client::Off;
use clinic_shared::desk::absences::{Absence, AbsenceKind};
use clinic_shared::desk::appointments::AppointmentRow;
use clinic_shared::desk::openings::Opening;
use clinic_shared::desk::queue::DoctorBoard;

use super::hits::Hits;
use super::{Away, Item, Whose, items, plan_of};
use crate::app::{Link, Model};
use crate::labels;
use crate::screens::list::view::key;
use crate::screens::pane::{Row, Sheet};
use crate::text;
use crate::theme::Role;

/// `Fri 4 Dec`, `Fri 4 Dec – Mon 7 Dec`, `Fri 4 Dec 09:00–12:00`.
pub(crate) fn when(model: &Model, absence: &Absence) -> String {
    let dash = model.glyphs.dash;
    let day = |date: NaiveDate| model.prefs.dates.short(date);
    let first = day(absence.first_date);
    let (starts, ends) = (absence.starts.as_deref(), absence.ends.as_deref());
    match (absence.first_date == absence.last_date, starts, ends) {
        (true, Some(starts), Some(ends)) => format!("{first} {starts}{dash}{ends}"),
        (true, ..) => first,
        (false, Some(starts), Some(ends)) => {
            format!("{first} {starts} {dash} {} {ends}", day(absence.last_date))
        }
        (false, ..) => format!("{first} {dash} {}", day(absence.last_date)),
    }
}

/// `Fri 4 Dec 17:00–19:30`.
pub(crate) fn opened(model: &Model, opening: &Opening) -> String {
    let day = model.prefs.dates.short(opening.date);
    let dash = model.glyphs.dash;
    format!("{day} {}{dash}{}", opening.starts, opening.ends)
}

const fn kind(kind: AbsenceKind) -> &'static str {
    match kind {
        AbsenceKind::Holiday => "holiday",
        AbsenceKind::Illness => "ill",
        AbsenceKind::Training => "training",
        AbsenceKind::Other => "away",
    }
}

/// What a line is, why, and the note.
fn what(item: &Item) -> (&'static str, String) {
    match item {
        Item::Off(off, absence) => {
            let what = match off {
                Off::Absence => "away",
                Off::Closure => "closed",
            };
            let why = match &absence.note {
                Some(note) => format!("{}: {note}", kind(absence.kind)),
                None => kind(absence.kind).to_owned(),
            };
            (what, why)
        }
        Item::Opening(opening) => {
            let slots = opening
                .slot_minutes
                .map(|minutes| format!("slots of {minutes} min"));
            ("extra", slots.unwrap_or_default())
        }
    }
}

/// In the record: one line each of what is to come.
pub(crate) fn lines(model: &Model, items: &[Item]) -> Option<String> {
    let lines: Vec<String> = items
        .iter()
        .map(|item| {
            let (_, why) = what(item);
            let when = match item {
                Item::Off(_, absence) => when(model, absence),
                Item::Opening(opening) => opened(model, opening),
            };
            match item {
                Item::Off(Off::Closure, _) => format!("{when}, clinic closed: {why}"),
                _ if why.is_empty() => when,
                _ => format!("{when}, {why}"),
            }
        })
        .collect();
    Some(lines.join("\n")).filter(|lines| !lines.is_empty())
}

/// How full a doctor's day is, and who is there.
pub(crate) fn load(day: &DoctorBoard) -> String {
    let mut parts = vec![match day.offered_minutes {
        0 => format!("{} min booked", day.booked_minutes),
        offered => format!(
            "{} of {offered} min booked ({} %)",
            day.booked_minutes,
            day.booked_minutes * 100 / offered
        ),
    }];
    let counts = [
        (day.awaited, "to come"),
        (day.waiting, "waiting"),
        (day.running, "with the doctor"),
        (day.completed, "seen"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    parts.extend(counts.map(|(count, what)| format!("{count} {what}")));
    if day.late_minutes > 0 {
        parts.push(format!("{} min late", day.late_minutes));
    }
    parts.join(", ")
}

/// Columns of when something is.
fn when_width(model: &Model, width: usize) -> usize {
    let days = 2 * model.prefs.dates.short_width() + 3;
    if width < 60 {
        // The days whole: why, the line below says.
        days + 1
    } else {
        (width * 2 / 5).min(34).max(days)
    }
}

/// The list of a doctor's days, or of the closures.
pub(crate) fn sheet(model: &Model, away: &Away, cursor: usize, width: usize) -> Sheet {
    let items = items(model, &away.whose);
    let ellipsis = model.glyphs.ellipsis;
    let first = when_width(model, width);
    let rows: Vec<Row> = items
        .iter()
        .flatten()
        .map(|item| {
            let when = match item {
                Item::Off(_, absence) => when(model, absence),
                Item::Opening(opening) => opened(model, opening),
            };
            let (what, why) = what(item);
            let when = text::fit(&when, first, ellipsis);
            Row::new(format!("{when}  {what:<6}  {why}"))
        })
        .collect();
    let (title, above, none) = match &away.whose {
        Whose::Doctor { id, name } => {
            let today = plan_of(model, *id).and_then(|plan| plan.today.as_ref());
            let load = today.map_or_else(
                || "Nothing to do today.".to_owned(),
                |day| format!("Today: {}.", load(day)),
            );
            let above = match &items {
                Some(_) => vec![(load, Role::Dim)],
                None => Vec::new(),
            };
            let none = format!("{name} is there as usual: from today on nothing is entered.");
            (format!("Absences and extra hours of {name}"), above, none)
        }
        Whose::Clinic => (
            "Closures of the clinic".to_owned(),
            Vec::new(),
            "The clinic is open as usual: from today on no closure is entered.".to_owned(),
        ),
    };
    let enters = key(model, "away.new");
    let nothing = match (&items, &model.days.error) {
        (None, Some(error)) => vec![error.clone(), again(model)],
        (None, None) if model.link != Link::Up => {
            vec!["The server does not answer. The list comes as soon as it does.".to_owned()]
        }
        (None, None) => vec![format!("Loading{ellipsis}")],
        (Some(_), _) if matches!(away.whose, Whose::Clinic) => {
            vec![none, format!("{enters} enters a closure.")]
        }
        (Some(_), _) => {
            let hours = key(model, "away.hours");
            vec![
                none,
                format!("{enters} enters an absence, {hours} extra hours."),
            ]
        }
    };
    let selected = items.iter().flatten().nth(cursor);
    let below = selected.map(|item| {
        let (what, why) = what(item);
        format!("{what}: {why}")
    });
    let below = below.map(|text| (text, Role::Dim)).into_iter().collect();
    Sheet {
        title,
        above,
        rows,
        nothing,
        below,
        is_text: false,
    }
}

fn again(model: &Model) -> String {
    format!("{} asks again.", key(model, "app.reload"))
}

/// What an absence or a closure hits.
pub(crate) fn hits(model: &Model, hits: &Hits, cursor: usize, width: usize) -> Sheet {
    let ellipsis = model.glyphs.ellipsis;
    let who = match &hits.absence.doctor {
        Some(doctor) => format!("{} is away", doctor.full_name),
        None => "The clinic is closed".to_owned(),
    };
    let title = format!("{who}: {}", when(model, &hits.absence));
    let is_closure = hits.absence.doctor.is_none();
    let is_wide = width >= 70;
    let when = model.prefs.dates.short_width() + 8;
    let phone_of = |id: i64| hits.whole(id).and_then(|whole| whole.patient_phone.clone());
    let of_all = |width: &dyn Fn(&AppointmentRow) -> usize| hits.rows().iter().map(width).max();
    // Whom to call, and where, stands whole as far as there is room.
    let phones = of_all(&|row| phone_of(row.id).map_or(0, |phone| text::width(&phone)));
    let phones = phones.unwrap_or(0).clamp(5, 20);
    let names = of_all(&|row| text::width(&row.patient.full_name)).unwrap_or(0);
    let names = match is_wide {
        true => names.clamp(8, width.saturating_sub(when + phones + 8).max(8)),
        false => width.saturating_sub(when + 4).max(8),
    };
    let rows: Vec<Row> = hits
        .rows()
        .iter()
        .map(|row| {
            let time = row.starts.as_ref().or(row.window.as_ref());
            let day = model.prefs.dates.short(row.date);
            let time = time.map(String::as_str).unwrap_or_default();
            let mut line = text::fit(&format!("{day}, {time}"), when, ellipsis);
            let whole = hits.whole(row.id);
            line.push_str("  ");
            line.push_str(&text::fit(&row.patient.full_name, names, ellipsis));
            if is_wide {
                let phone = phone_of(row.id).unwrap_or_else(|| model.glyphs.none.to_owned());
                line.push_str("  ");
                line.push_str(&text::fit(&phone, phones, ellipsis));
                let about = match is_closure {
                    true => Some(row.doctor.full_name.clone()),
                    false => whole.and_then(|whole| whole.title.clone()),
                };
                line.push_str("  ");
                line.push_str(&about.unwrap_or_default());
            }
            let role = match model.days.refused.contains_key(&row.id) {
                true => Role::Warning,
                false => Role::Text,
            };
            Row { text: line, role }
        })
        .collect();
    let mut above = match (&hits.hit, rows.len()) {
        (None, _) | (_, 0) => Vec::new(),
        (_, 1) => vec![(
            "1 appointment stands in this time: call, then move or cancel it.".to_owned(),
            Role::Warning,
        )],
        (_, count) => vec![(
            format!("{count} appointments stand in this time: call, then move or cancel each."),
            Role::Warning,
        )],
    };
    if let Some(changed) = &hits.changed {
        above.push((format!("{} {changed}", model.glyphs.changed), Role::Warning));
    }
    let nothing = match (&hits.hit, &model.link) {
        (None, Link::Up) => vec![format!("Loading{ellipsis}")],
        (None, Link::Down { .. }) => {
            vec!["The server does not answer. The list comes as soon as it does.".to_owned()]
        }
        (Some(_), _) => {
            let mut lines = vec![
                "Nothing stands in this time: all is dealt with.".to_owned(),
                format!("{} goes back.", key(model, "hits.finish")),
            ];
            if !model.days.told.is_empty() {
                lines.push(format!("{} shows whom to phone.", key(model, "go.phone")));
            }
            lines
        }
    };
    Sheet {
        title,
        above,
        rows,
        nothing,
        below: about(model, hits, cursor),
        is_text: false,
    }
}

/// About the selected appointment: whom to call, what it was about, and why it still stands.
fn about(model: &Model, hits: &Hits, cursor: usize) -> Vec<(String, Role)> {
    let Some(row) = hits.rows().get(cursor) else {
        return Vec::new();
    };
    let mut below = Vec::new();
    if let Some(why) = model.days.refused.get(&row.id) {
        below.push((format!("Not done: {why}"), Role::Warning));
    }
    if let Some(whole) = hits.whole(row.id) {
        let none = model.glyphs.none;
        let phone = whole.patient_phone.as_deref().unwrap_or(none);
        let born = whole.patient_birth_date.map(|date| {
            let today = model.now.date_naive();
            format!(", born {}", model.prefs.dates.spelled_out(date, today))
        });
        let about = whole.title.as_deref().unwrap_or(none);
        below.push((
            format!(
                "{}{}, phone {phone}, {}. About: {about}",
                whole.patient.full_name,
                born.unwrap_or_default(),
                labels::status(whole.status)
            ),
            Role::Dim,
        ));
    }
    below
}
