//! The audit, drawn.

use clinic_shared::desk::audit::{Outcome, Row};

use crate::app::Model;
use crate::dates::Format;
use crate::labels;
use crate::screens::filter;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<Row>; 5] = [
    Column {
        heading: "When",
        rank: 1,
        width: 12,
        wide: Format::MOMENT_WIDTH,
        leaves: 14,
        text: |model, row, width| {
            let (dates, here) = (model.prefs.dates, *model.now.offset());
            match width < Format::MOMENT_WIDTH {
                true => dates.short_moment(row.at, here),
                false => dates.moment(row.at, here),
            }
        },
    },
    Column {
        heading: "What",
        rank: 0,
        width: 34,
        wide: 36,
        leaves: 0,
        text: |model, row, _| {
            let action = row.action.replace('_', " ");
            match row.outcome {
                Outcome::Done => action,
                Outcome::Refused => labels::with_sign(model.glyphs.error, &action),
            }
        },
    },
    Column {
        heading: "Who",
        rank: 2,
        width: 12,
        wide: 24,
        leaves: 14,
        text: |model, row, _| who(model, row),
    },
    Column {
        heading: "About",
        rank: 3,
        width: 18,
        wide: 28,
        leaves: 18,
        text: |model, row, _| {
            let about = patient(row).or_else(|| object(model, row));
            about.unwrap_or_default()
        },
    },
    Column {
        heading: "Sort",
        rank: 4,
        width: 6,
        wide: 8,
        leaves: 28,
        text: |_, row, _| row.kind.to_string(),
    },
];

/// Whose doing it is.
pub(crate) fn who(model: &Model, row: &Row) -> String {
    match &row.account {
        None => model.glyphs.none.to_owned(),
        Some(account) => {
            let gone = || format!("account {}", account.number);
            account.username.clone().unwrap_or_else(gone)
        }
    }
}

/// Whose record it is.
pub(crate) fn patient(row: &Row) -> Option<String> {
    let person = row.patient.as_ref()?;
    let gone = || format!("patient {}", person.number);
    Some(person.full_name.clone().unwrap_or_else(gone))
}

/// What it was done to: a doctor by name, if one is known by that number here.
pub(crate) fn object(model: &Model, row: &Row) -> Option<String> {
    let sort = row.object_type.as_ref()?.replace('_', " ");
    let Some(id) = row.object_id else {
        return Some(sort);
    };
    let of = row.detail.get("doctor").and_then(serde_json::Value::as_i64);
    let name = match sort.as_str() {
        "doctor" => return Some(doctor(model, id).unwrap_or_else(|| format!("{sort} {id}"))),
        _ => of.and_then(|of| doctor(model, of)),
    };
    Some(match name {
        Some(name) => format!("{name}, {sort} {id}"),
        None => format!("{sort} {id}"),
    })
}

/// Who the doctor of this number is, as far as the lists of this run tell.
pub(crate) fn doctor(model: &Model, number: i64) -> Option<String> {
    let listed = model.doctors.list.rows.iter();
    let listed = listed.map(|row| (row.number, &row.full_name));
    let board = model.today.board.iter();
    let on_board = board.flat_map(|board| &board.doctors);
    let on_board = on_board.map(|day| (day.doctor.number, &day.doctor.full_name));
    let mut known = listed.chain(on_board);
    let found = known.find(|(known, _)| *known == number);
    found.map(|(_, name)| name.clone())
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Row>(model, "none");
    let begins = view::put_count(canvas, areas.question, &count);
    filter::draw(canvas, areas.question, begins, "Audit");
    view::status::<Row>(canvas, areas.status, Some(remark(model)));
    view::table(canvas, &COLUMNS, on_top, nothing);
}

/// Which rows these are.
fn remark(model: &Model) -> Remark {
    let asked = &model.audit.asked;
    let dates = model.prefs.dates;
    let parts = [
        asked.kind.map(|kind| format!("only {kind}")),
        asked.who.as_ref().map(|who| format!("by {who}")),
        model
            .audit
            .patient
            .as_ref()
            .map(|name| format!("about {name}")),
        asked.action.clone(),
        asked.from.map(|day| format!("from {}", dates.date(day))),
        asked.to.map(|day| format!("to {}", dates.date(day))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        let text = format!(
            "Newest first; {} asks for some of it",
            key(model, "audit.which")
        );
        return (text, Role::Dim);
    }
    let text = parts.join(&format!(" {} ", model.glyphs.dot));
    (text, Role::Title)
}

/// Why there is nothing, and what to do.
fn nothing(model: &Model) -> Vec<String> {
    match model.audit.shown() {
        None => vec!["Nothing was done yet.".to_owned()],
        Some(_) => vec![
            "No row of the audit is like that.".to_owned(),
            format!(
                "{} shows all of it; {} asks for something else.",
                key(model, "list.clear"),
                key(model, "audit.which")
            ),
        ],
    }
}
