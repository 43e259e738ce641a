//! What an admin decides, drawn.

use clinic_shared::v1::qualifications::Decision;

use crate::app::Model;
use crate::effect::{Matter, Part};
use crate::labels;
use crate::screens::filter;
use crate::screens::list::list_areas;
use crate::screens::list::table::Column;
use crate::screens::list::view::{self, Remark, key};
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

static COLUMNS: [Column<Matter>; 4] = [
    Column {
        heading: "From",
        rank: 0,
        width: 24,
        wide: 30,
        leaves: 0,
        text: |_, row, _| row.who().to_owned(),
    },
    Column {
        heading: "What",
        rank: 2,
        width: 30,
        wide: 60,
        leaves: 14,
        text: |model, row, _| what(model, row),
    },
    Column {
        heading: "Status",
        rank: 3,
        width: 11,
        wide: 11,
        leaves: 16,
        text: |model, row, _| status(model, row.status()),
    },
    Column {
        heading: "Came",
        rank: 1,
        width: 8,
        wide: 8,
        leaves: 14,
        text: |model, row, _| {
            let came = row.created_at().with_timezone(model.now.offset());
            model
                .prefs
                .dates
                .brief(came.naive_local(), model.now.date_naive())
        },
    },
];

/// What is handed in, in a line.
fn what(model: &Model, row: &Matter) -> String {
    match row {
        Matter::Application(one) => format!("{}, {}", one.degree, one.institution),
        Matter::Qualification(one) => format!("{}, {}", one.title, one.institution),
        Matter::BugReport(one) => {
            let issue = one.issue.lines().next().unwrap_or_default();
            format!("{} {} {issue}", one.bug_type, model.glyphs.dot)
        }
    }
}

/// What became of it, with its sign.
pub(crate) fn status(model: &Model, status: Decision) -> String {
    let glyphs = model.glyphs;
    let sign = match status {
        Decision::Pending => glyphs.asked,
        Decision::Accepted => glyphs.done,
        Decision::Rejected => glyphs.error,
    };
    labels::with_sign(sign, status.as_str())
}

/// The name of a part.
const fn title(part: Part) -> &'static str {
    match part {
        Part::Applications => "Applications",
        Part::Qualifications => "Qualifications",
        Part::BugReports => "Bug reports",
    }
}

pub(super) fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
    let model = canvas.model;
    let areas = list_areas(model);
    let count = view::count::<Matter>(model, "none");
    let begins = view::put_count(canvas, areas.question, &count);
    let part = title(model.decisions.part);
    filter::draw(canvas, areas.question, begins, part);
    view::status::<Matter>(canvas, areas.status, Some(remark(model)));
    view::table(canvas, &COLUMNS, on_top, nothing);
}

/// The three, with their keys.
fn remark(model: &Model) -> Remark {
    let parts = [
        ("decisions.applications", "applications"),
        ("decisions.qualifications", "qualifications"),
        ("decisions.bugs", "bug reports"),
    ];
    let said: Vec<String> = parts
        .iter()
        .map(|(command, name)| format!("{} {name}", key(model, command)))
        .collect();
    (said.join(&format!(" {} ", model.glyphs.dot)), Role::Dim)
}

/// Why there is nothing, and what to do.
fn nothing(model: &Model) -> Vec<String> {
    let part = model.decisions.part;
    let one = match part {
        Part::Applications => "application",
        Part::Qualifications => "qualification",
        Part::BugReports => "bug report",
    };
    let all = format!("{} shows all of them.", key(model, "list.clear"));
    match (model.decisions.status, part) {
        (Some(Decision::Pending), Part::Applications) => vec![
            format!("No {one} waits for a decision."),
            "Who wants to be a doctor here registers and applies with a certificate; it stands \
             here then."
                .to_owned(),
            all,
        ],
        (Some(Decision::Pending), Part::Qualifications) => vec![
            format!("No {one} waits for a decision."),
            "What doctors hand in of what they have learnt stands here until you decide."
                .to_owned(),
            all,
        ],
        (Some(Decision::Pending), Part::BugReports) => {
            vec![format!("No {one} waits for a decision."), all]
        }
        (Some(status), _) => vec![format!("No {one} is {status}."), all],
        (None, _) => vec![format!("There is no {one} yet.")],
    }
}
