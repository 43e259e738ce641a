//! Who was moved in one go, and when they come now: a list to phone from.

use clinic_shared::desk::absences::{HitOutcome, HitResult};
use clinic_shared::desk::appointments::AppointmentRow;

use super::hits::Hits;
use crate::app::Model;
use crate::layers::Layer;
use crate::screens::list::view::key;
use crate::screens::pane::{self, Row, Sheet};
use crate::text;
use crate::theme::Role;

/// Between two columns.
const GAP: &str = "  ";

/// An appointment as it stands now, and the patient's phone.
type Moved = (AppointmentRow, Option<String>);

/// Who was moved.
#[derive(Debug)]
pub(crate) struct Told {
    moved: Vec<Moved>,
}

/// Shows who was moved, if somebody was; phones are those that were on the screen.
pub(super) fn open(model: &mut Model, results: &[HitResult]) {
    let hits = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => match &pane.kind {
            pane::Kind::Hits(hits) => Some(hits.as_ref()),
            _ => None,
        },
        _ => None,
    });
    let phone = |id: i64| hits.and_then(|hits: &Hits| hits.whole(id)?.patient_phone.clone());
    let moved: Vec<_> = results
        .iter()
        .filter(|result| result.outcome == HitOutcome::Moved)
        .map(|result| (result.appointment.clone(), phone(result.appointment.id)))
        .collect();
    if !moved.is_empty() {
        pane::open(model, pane::Kind::Told(Told { moved }));
    }
}

/// The shortest a name is cut to before the times go below the list.
const SHORTEST: usize = 6;

/// The list in lines.
pub(crate) fn sheet(model: &Model, told: &Told, cursor: usize, width: usize) -> Sheet {
    let glyphs = &model.glyphs;
    let phone = |phone: &Option<String>| phone.clone().unwrap_or_else(|| glyphs.none.to_owned());
    let columns = |of: &dyn Fn(&Moved) -> String| {
        let widths = told.moved.iter().map(|one| text::width(&of(one)));
        widths.max().unwrap_or(0)
    };
    let name = columns(&|(row, _)| row.patient.full_name.clone());
    let phones = columns(&|(_, of)| phone(of));
    let when = |row: &AppointmentRow| {
        let time = row.starts.as_ref().or(row.window.as_ref());
        let day = model.prefs.dates.short(row.date);
        format!("{day}, {}", time.map_or("", String::as_str))
    };
    let times = columns(&|(row, _)| when(row));
    // The new time and the phone stand whole; the doctor comes where there is room.
    let taken = times + phones + 2 * GAP.len() + 2;
    let is_narrow = width < taken + SHORTEST;
    let rest = width.saturating_sub(if is_narrow {
        phones + GAP.len() + 2
    } else {
        taken
    });
    let name = name.min(rest).max(SHORTEST);
    let rows = told.moved.iter().map(|(row, of)| {
        let time = text::fit(&when(row), times, glyphs.ellipsis);
        let whom = text::fit(&row.patient.full_name, name, glyphs.ellipsis);
        let phone = text::fit(&phone(of), phones, glyphs.ellipsis);
        Row::new(match is_narrow {
            true => [whom, phone].join(GAP),
            false => [time, whom, phone, row.doctor.full_name.clone()].join(GAP),
        })
    });
    let selected = told.moved.get(cursor).filter(|_| is_narrow);
    let below = selected.map(|(row, _)| {
        let said = format!("{}: {}", when(row), row.doctor.full_name);
        (said, Role::Text)
    });
    let done = key(model, "pane.close");
    Sheet {
        title: match told.moved.len() {
            1 => "1 moved: to phone".to_owned(),
            count => format!("{count} moved: to phone"),
        },
        above: vec![(
            format!("Phone them their new times; {done} goes back to what is left."),
            Role::Dim,
        )],
        rows: rows.collect(),
        below: below.into_iter().collect(),
        ..Sheet::default()
    }
}
