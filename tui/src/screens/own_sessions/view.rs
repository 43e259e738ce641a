//! One's own sessions, drawn.

use chrono::{DateTime, Utc};
use clinic_shared::v1::user::Session;

use crate::app::Model;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<Session>; 5] = [
    Column {
        heading: "Where",
        rank: 0,
        width: 40,
        wide: 40,
        leaves: 0,
        text: |_, row, _| {
            let place = row.address.as_deref().unwrap_or("unknown address");
            match row.is_current {
                true => format!("{place} (here)"),
                false => place.to_owned(),
            }
        },
    },
    Column {
        heading: "Signed in",
        rank: 1,
        width: 12,
        wide: 12,
        leaves: 14,
        text: |model, row, _| moment(model, row.created_at),
    },
    Column {
        heading: "Renewed",
        rank: 3,
        width: 12,
        wide: 12,
        leaves: 20,
        text: |model, row, _| {
            let at = row.refreshed_at.map(|at| moment(model, at));
            at.unwrap_or_default()
        },
    },
    Column {
        heading: "Ends",
        rank: 2,
        width: 12,
        wide: 12,
        leaves: 14,
        text: |model, row, _| moment(model, row.expires_at),
    },
    Column {
        heading: "By",
        rank: 4,
        width: 8,
        wide: 8,
        leaves: 20,
        text: |_, row, _| row.family.clone(),
    },
];

fn moment(model: &Model, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(model.now.offset()).naive_local();
    model.prefs.dates.brief(local, model.now.date_naive())
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Session>(model, "none");
    view::put_count(canvas, areas.question, &count);
    canvas.put(
        areas.question,
        areas.question.x + 1,
        "Your sessions",
        Role::Title,
    );
    let remark = ("Newest first; Enter ends one".to_owned(), Role::Dim);
    view::status::<Session>(canvas, areas.status, Some(remark));
    view::table(canvas, &COLUMNS, on_top, |_| {
        vec!["You are signed in nowhere.".to_owned()]
    });
}
