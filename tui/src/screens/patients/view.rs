//! The patients screen, drawn.

use clinic_shared::desk::patients::PatientRow;

use crate::app::Model;
use crate::command;
use crate::dates::Format;
use crate::keymap::chord::shown;
use crate::screens::finder;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::list::{is_current, list_areas};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<PatientRow>; 5] = [
    Column {
        heading: "Record",
        rank: 2,
        width: 9,
        wide: 9,
        leaves: 20,
        text: |_, row, _| row.record_number.clone(),
    },
    Column {
        heading: "Name",
        rank: 0,
        width: 50,
        wide: 50,
        leaves: 0,
        text: |_, row, _| row.full_name.clone(),
    },
    Column {
        heading: "Born",
        rank: 1,
        width: Format::WIDTH,
        wide: Format::WIDTH,
        leaves: 18,
        text: |model, row, _| model.prefs.dates.known(row.birth_date),
    },
    Column {
        heading: "Phone",
        rank: 3,
        width: 20,
        // A phone number with its country and an extension needs more, where there is more.
        wide: 24,
        leaves: 22,
        text: |_, row, _| row.phone.clone().unwrap_or_default(),
    },
    Column {
        heading: "Gender",
        rank: 4,
        width: 6,
        wide: 6,
        leaves: 26,
        text: |_, row, _| {
            row.gender
                .map(|gender| gender.to_string())
                .unwrap_or_default()
        },
    },
];

/// Draws the screen; `on_top` says whether its field may have the cursor.
pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<PatientRow>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    let placeholder = "name, phone, birth date or record number";
    finder::draw(canvas, areas.question, begins, placeholder, on_top);
    view::status::<PatientRow>(canvas, areas.status, remark(model));
    view::table(canvas, &COLUMNS, on_top, nobody);
}

/// What was taken for what, or that everybody is in the list.
fn remark(model: &Model) -> Option<Remark> {
    let list = &model.patients.list;
    if !is_current::<PatientRow>(model) {
        return None;
    }
    if !list.corrections.is_empty() {
        let corrections = list
            .corrections
            .iter()
            .map(|correction| correction.replace('→', model.glyphs.arrow))
            .collect::<Vec<_>>()
            .join(", ");
        let text = format!("Showing results for {corrections}");
        return Some((text, Role::Warning));
    }
    let is_whole = list.query.as_deref() == Some("");
    is_whole.then(|| ("Everybody, newest first".to_owned(), Role::Dim))
}

fn nobody(model: &Model) -> Vec<String> {
    let query = model.patients.list.query.as_deref().unwrap_or_default();
    if query.is_empty() {
        let new = key(model, "patients.new");
        return vec![
            "No patients yet.".to_owned(),
            format!("{new} registers the first one."),
        ];
    }
    let how = if model.patients.finder.has_cursor {
        // The key of the list, where Enter leads.
        let new = command::find("patients.new");
        let new = new.and_then(|new| model.keymap.sequences_of(new).next());
        let new = new.map(shown).unwrap_or_default();
        let to_list = key(model, "search.open");
        format!("{to_list}, then {new}, registers a new patient with it.")
    } else {
        let new = key(model, "patients.new");
        format!("{new} registers a new patient with it.")
    };
    vec![
        format!("No patient matches {}.", model.glyphs.quoted(query)),
        how,
    ]
}
