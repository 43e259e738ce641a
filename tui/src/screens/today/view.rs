//! The appointments of a day, drawn.

use clinic_shared::desk::appointments::AppointmentRow;

use super::day;
use crate::app::Model;
use crate::screens::filter;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::screens::list::{is_current, list_areas};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;
use crate::{dates, labels, text};

/// Below this width the time is the beginning alone.
const HAS_END: u16 = 50;

const TIME: Column<AppointmentRow> = Column {
    heading: "Time",
    rank: 1,
    width: 12,
    // A window's label is longer than a time.
    wide: 18,
    leaves: 8,
    text: time,
};

const PATIENT: Column<AppointmentRow> = Column {
    heading: "Patient",
    rank: 0,
    width: 40,
    wide: 40,
    leaves: 0,
    text: |_, row, _| row.patient.full_name.clone(),
};

const STATUS: Column<AppointmentRow> = Column {
    heading: "Status",
    rank: 2,
    width: 12,
    wide: 12,
    leaves: 9,
    text: |model, row, _| {
        let sign = model.glyphs.status(row.status);
        labels::with_sign(sign, labels::status(row.status))
    },
};

static NARROW: [Column<AppointmentRow>; 3] = [
    Column {
        width: 6,
        wide: 6,
        text: beginning,
        ..TIME
    },
    PATIENT,
    STATUS,
];

static COLUMNS: [Column<AppointmentRow>; 7] = [
    TIME,
    PATIENT,
    Column {
        heading: "Born",
        rank: 5,
        width: 10,
        wide: 10,
        leaves: 20,
        text: |_, row, _| labels::born(row.patient_birth_date),
    },
    Column {
        heading: "Record",
        rank: 6,
        width: 9,
        wide: 9,
        leaves: 20,
        text: |_, row, _| labels::record_number(&row.patient),
    },
    Column {
        heading: "Doctor",
        rank: 3,
        width: 18,
        wide: 24,
        leaves: 14,
        text: |_, row, _| row.doctor.full_name.clone(),
    },
    Column {
        heading: "Type",
        rank: 4,
        width: 6,
        wide: 13,
        leaves: 14,
        text: |_, row, width| {
            let whole = labels::kind(row.appointment_type);
            if text::width(whole) > usize::from(width) {
                labels::kind_brief(row.appointment_type).to_owned()
            } else {
                whole.to_owned()
            }
        },
    },
    STATUS,
];

fn time(model: &Model, row: &AppointmentRow, width: u16) -> String {
    marked(model, row, &labels::time(row, model.glyphs.dash), width)
}

fn beginning(model: &Model, row: &AppointmentRow, width: u16) -> String {
    let time = row.starts.as_deref().or(row.window.as_deref());
    marked(model, row, time.unwrap_or_default(), width)
}

/// The time, and the mark of those that were booked beside another one.
fn marked(model: &Model, row: &AppointmentRow, time: &str, width: u16) -> String {
    // The last column is the mark's, however long a label is.
    let room = usize::from(width).saturating_sub(1);
    let time = text::cut(time, room, model.glyphs.ellipsis);
    let mark = if row.overbooked {
        model.glyphs.overbooked
    } else {
        ""
    };
    format!("{time}{mark}")
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<AppointmentRow>(model, "nobody");
    let begins = view::put_count(canvas, areas.question, &count);
    let day = day(model);
    let text = match dates::relative(day, model.now.date_naive()) {
        Some(name) => format!("{name}, {}", dates::day(day)),
        None => dates::day(day),
    };
    filter::draw(canvas, areas.question, begins, &text);
    view::status::<AppointmentRow>(canvas, areas.status, remark(model));
    let columns: &'static [Column<AppointmentRow>] = if areas.rows.width < HAS_END {
        &NARROW
    } else {
        &COLUMNS
    };
    view::table(canvas, columns, on_top, nobody);
}

/// What the mark means, where it is seen.
fn remark(model: &Model) -> Option<Remark> {
    let rows = &model.today.list.rows;
    if !is_current::<AppointmentRow>(model) || rows.is_empty() {
        return None;
    }
    let overbooked = rows.iter().filter(|row| row.overbooked).count();
    let mark = model.glyphs.overbooked;
    let text = match overbooked {
        0 => "In the order of the day".to_owned(),
        1 => format!("In the order of the day; 1 overbooked ({mark})"),
        many => format!("In the order of the day; {many} overbooked ({mark})"),
    };
    Some((text, Role::Dim))
}

fn nobody(model: &Model) -> Vec<String> {
    let words = dates::day_in_words(day(model), model.now.date_naive());
    match model.today.status {
        None => vec![
            format!("Nobody is booked on {words}."),
            format!(
                "{} and {} show the days around it.",
                key(model, "today.previous"),
                key(model, "today.next")
            ),
        ],
        Some(status) => vec![
            format!("{} on {words}.", labels::nobody(status)),
            format!(
                "{} shows all appointments of the day.",
                key(model, "list.clear")
            ),
        ],
    }
}
