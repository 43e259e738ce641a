//! The waiting list, drawn.

use chrono::{DateTime, Utc};
use clinic_shared::desk::waitlist::{Urgency, Waiting, WaitingStatus};

use super::{Goal, selected};
use crate::app::Model;
use crate::labels;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::{filter, finder};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<Waiting>; 7] = [
    Column {
        heading: "Urgency",
        rank: 2,
        width: 9,
        wide: 9,
        leaves: 14,
        text: |model, row, _| {
            let sign = match row.urgency {
                Urgency::Urgent => model.glyphs.warning,
                Urgency::Soon | Urgency::Routine => " ",
            };
            labels::with_sign(sign, row.urgency.as_str())
        },
    },
    Column {
        heading: "Patient",
        rank: 0,
        width: 24,
        wide: 30,
        leaves: 0,
        text: |_, row, _| row.patient.full_name.clone(),
    },
    Column {
        heading: "Waits for",
        rank: 3,
        width: 16,
        wide: 26,
        leaves: 14,
        text: |_, row, _| Goal::from(row).text(),
    },
    Column {
        heading: "Kept",
        rank: 1,
        width: 13,
        wide: 24,
        leaves: 12,
        text: |model, row, width| kept(model, row, width > 20),
    },
    Column {
        heading: "Until",
        rank: 4,
        width: 8,
        wide: 10,
        leaves: 14,
        text: |model, row, _| {
            let dates = model.prefs.dates;
            dates.brief_day(row.date_to, model.today())
        },
    },
    Column {
        heading: "Since",
        rank: 5,
        width: 8,
        wide: 8,
        leaves: 16,
        text: |model, row, _| {
            let since = row.created_at.with_timezone(model.now.offset());
            model
                .prefs
                .dates
                .brief(since.naive_local(), model.now.date_naive())
        },
    },
    Column {
        heading: "Phone",
        rank: 6,
        width: 16,
        wide: 16,
        leaves: 24,
        text: |_, row, _| row.patient_phone.clone().unwrap_or_default(),
    },
];

fn clock(model: &Model, at: DateTime<Utc>) -> String {
    let here = at.with_timezone(model.clinic_now().offset());
    here.format("%H:%M").to_string()
}

/// The time that is kept for them, or what became of the entry.
fn kept(model: &Model, row: &Waiting, is_long: bool) -> String {
    match (&row.hold, row.status) {
        (Some(hold), WaitingStatus::Waiting) => {
            let glyphs = model.glyphs;
            let is_over = hold.expires_at < model.now;
            let time = hold.starts.as_deref().unwrap_or("a time");
            let day = model.prefs.dates.short(hold.date);
            let until = clock(model, hold.expires_at);
            match (is_over, is_long) {
                (true, _) => labels::with_sign(glyphs.warning, "not kept now"),
                (false, true) => labels::with_sign(glyphs.running, &format!("{day}, {time}")),
                (false, false) => labels::with_sign(glyphs.running, &format!("until {until}")),
            }
        }
        (None, WaitingStatus::Waiting) if row.skipped > 0 => {
            format!("{} not taken", row.skipped)
        }
        (_, WaitingStatus::Waiting) => String::new(),
        (_, status) => status.as_str().to_owned(),
    }
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Waiting>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    let is_searching = on_top && model.waitlist.finder.has_cursor;
    if areas.head.is_empty() && is_searching {
        finder::draw(canvas, areas.question, begins, "name", on_top);
    } else {
        filter::draw(canvas, areas.question, begins, "Waiting list");
    }
    finder::draw(canvas, areas.head, areas.head.right(), "name", on_top);
    view::status::<Waiting>(canvas, areas.status, remark(model));
    view::table(canvas, &COLUMNS, on_top, nobody);
}

/// What there is to know of the selected one beyond its columns.
fn remark(model: &Model) -> Option<Remark> {
    let row = selected(model)?;
    let dash = model.glyphs.dash;
    let dates = model.prefs.dates;
    // Whoever keeps a time for them calls them now: the phone stands where nothing cuts it off.
    let mut parts: Vec<String> = row.patient_phone.clone().into_iter().collect();
    if let Some(hold) = &row.hold {
        let time = hold.starts.as_deref().unwrap_or_default();
        let is_over = hold.expires_at < model.now;
        let until = clock(model, hold.expires_at);
        let day = dates.short(hold.date);
        let said = if is_over { "was kept" } else { "kept" };
        parts.push(format!(
            "{day} {time}, {}, {said} until {until}",
            hold.doctor.full_name
        ));
    }
    parts.push(format!(
        "{}{dash}{}",
        dates.short(row.date_from),
        dates.short(row.date_to)
    ));
    parts.extend(row.part_of_day.map(|part| format!("{part}s only")));
    parts.extend(row.note.clone());
    let text = parts.join(&format!(" {} ", model.glyphs.dot));
    Some((text, Role::Dim))
}

/// Why nobody is in the list, and what to do.
fn nobody(model: &Model) -> Vec<String> {
    if let Some(search) = model.waitlist.finder.search() {
        let search = model.glyphs.quoted(&search);
        let none = match model.waitlist.status {
            None => format!("Nobody on the list matches {search}."),
            Some(status) => format!("Nobody who is {status} matches {search}."),
        };
        // In the search field Esc leaves it first.
        let all = match key(model, "list.clear") {
            key if key.is_empty() => "Empty the search to see everybody.".to_owned(),
            key => format!("{key} shows everybody."),
        };
        return vec![none, all];
    }
    match model.waitlist.status {
        None | Some(WaitingStatus::Waiting) => vec![
            "Nobody waits for an earlier time.".to_owned(),
            format!(
                "Where nothing suits in a booking, {} puts the patient on this list.",
                key_of_wait()
            ),
        ],
        Some(status) => vec![
            format!("No entry of the list is {status}."),
            format!("{} shows all of them.", key(model, "list.clear")),
        ],
    }
}

/// The key in a booking that leads here; it is no key of this list.
fn key_of_wait() -> &'static str {
    let command = crate::command::find("book.wait");
    let key = command.and_then(|command| command.keys.first().copied());
    key.unwrap_or_default()
}
