//! The doctors, drawn.

use clinic_shared::desk::doctors::DoctorRow;

use crate::app::Model;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::{filter, finder};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::{labels, text};

static COLUMNS: [Column<DoctorRow>; 4] = [
    Column {
        heading: "Name",
        rank: 0,
        width: 50,
        wide: 50,
        leaves: 0,
        text: |_, row, _| row.full_name.clone(),
    },
    Column {
        heading: "Specialisations",
        rank: 2,
        width: 24,
        wide: 40,
        leaves: 20,
        text: |_, row, _| row.specialisations.join(", "),
    },
    Column {
        heading: "     Fee",
        rank: 3,
        width: 8,
        wide: 8,
        leaves: 20,
        text: |_, row, width| {
            let room = usize::from(width).saturating_sub(text::width(&row.fee));
            format!("{}{}", " ".repeat(room), row.fee)
        },
    },
    Column {
        heading: "Verified",
        rank: 1,
        width: 10,
        wide: 10,
        leaves: 12,
        text: |model, row, _| {
            let sign = model.glyphs.verified(row.is_verified);
            labels::with_sign(sign, labels::verified(row.is_verified))
        },
    },
];

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<DoctorRow>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    finder::draw(canvas, areas.question, begins, "name", on_top);
    view::status::<DoctorRow>(canvas, areas.status, Some(remark(model)));
    view::table(canvas, &COLUMNS, on_top, nobody);
}

/// Who is in the list.
fn remark(model: &Model) -> Remark {
    match filter::shown(model) {
        Some(shown) => (format!("Only {shown}, by name"), Role::Title),
        None if model.doctors.finder.search().is_some() => ("By name".to_owned(), Role::Dim),
        None => ("Everybody, by name".to_owned(), Role::Dim),
    }
}

/// Why nobody is in the list.
fn nobody(model: &Model) -> Vec<String> {
    // In the search field Esc leaves it first.
    let all = match key(model, "list.clear") {
        key if key.is_empty() => "Empty the search to see everybody.".to_owned(),
        key => format!("{key} shows everybody."),
    };
    match (model.doctors.finder.search(), filter::shown(model)) {
        (Some(search), Some(shown)) => vec![
            format!(
                "No doctor who is {shown} matches {}.",
                model.glyphs.quoted(&search)
            ),
            all,
        ],
        (Some(search), None) => vec![
            format!("No doctor matches {}.", model.glyphs.quoted(&search)),
            all,
        ],
        (None, Some(shown)) => vec![format!("No doctor is {shown}."), all],
        (None, None) => vec!["No doctors yet.".to_owned()],
    }
}
