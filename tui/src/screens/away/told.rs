//! Whom to phone after what an absence hits was moved or called off, all in one go or one by one.
//! The list stays until it is dismissed, wherever one goes meanwhile.

use clinic_shared::desk::absences::{HitOutcome, HitResult};
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Status};

use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Deed, Effect, Hit};
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::list::view::key;
use crate::screens::pane::{self, Row, Sheet};
use crate::screens::{deeds, record};
use crate::theme::Role;
use crate::{labels, text};

/// Between two columns.
const GAP: &str = "  ";

/// A name in fewer columns says nothing.
const SHORTEST: usize = 12;

/// In fewer columns the head leaves the room to what is said of the selected person.
const WIDE: usize = 60;

/// Somebody to phone.
#[derive(Debug)]
pub(crate) struct Line {
    /// Whether it was moved; else it is called off.
    is_moved: bool,
    /// The appointment as it stands now.
    now: AppointmentRow,
    /// As it stood on the screen before.
    before: Option<AppointmentRow>,
    /// Their phone, their e-mail, or that they have neither; none if that was not read.
    reached: Option<String>,
    is_phoned: bool,
}

impl Line {
    /// When they come now, or would have come.
    fn when(&self, model: &Model) -> String {
        when(model, &self.now)
    }
}

fn when(model: &Model, row: &AppointmentRow) -> String {
    let time = row.starts.as_ref().or(row.window.as_ref());
    let day = model.prefs.dates.short(row.date);
    format!("{day}, {}", time.map_or("", String::as_str))
}

/// An appointment that is hit, as it stood before one dealt with it.
#[derive(Debug)]
pub(super) struct Seen {
    row: AppointmentRow,
    /// Where the patient is reached; none if that was not read.
    reached: Option<String>,
}

/// Notes what is hit, and where those people are reached: it may be gone from the list by the time
/// that one hears what was done with it. What is being dealt with stays as it was.
pub(super) fn note(model: &mut Model, hit: &Hit) {
    let under_way = deeds::under_way(model);
    let seen = &mut model.days.seen;
    for row in &hit.detail.value.appointments {
        if under_way.contains(&row.id) && seen.iter().any(|known| known.row.id == row.id) {
            continue;
        }
        seen.retain(|known| known.row.id != row.id);
        seen.push(Seen {
            row: row.clone(),
            reached: hit.reached(row.id),
        });
    }
}

/// Shows who was moved or called off, if somebody was, after those who are still to be phoned;
/// phones and times before are those that were on the screen.
pub(super) fn add(model: &mut Model, results: &[HitResult]) {
    let is_done =
        |result: &&HitResult| matches!(result.outcome, HitOutcome::Moved | HitOutcome::Cancelled);
    let done: Vec<(bool, AppointmentRow)> = results
        .iter()
        .filter(is_done)
        .map(|result| {
            let is_moved = result.outcome == HitOutcome::Moved;
            (is_moved, result.appointment.clone())
        })
        .collect();
    if !done.is_empty() {
        list(model, done);
        open(model);
    }
}

/// One of those that are hit was dealt with by itself: its patient is to be phoned, too. If it stands
/// as it did before, nobody has to be told.
pub(super) fn add_one(model: &mut Model, deed: &Deed, now: &Appointment) {
    let row = labels::row_of(now);
    let Some(seen) = model.days.seen.iter().find(|seen| seen.row.id == now.id) else {
        return;
    };
    let stands = |row: &AppointmentRow| (row.date, row.starts.clone(), row.doctor.id);
    let is_back = stands(&seen.row) == stands(&row) && now.status != Status::Cancelled;
    let told = &mut model.days.told;
    match deed {
        Deed::Move(..) | Deed::Undo(..) if is_back => told.retain(|line| line.now.id != now.id),
        Deed::Move(..) => list(model, vec![(true, row)]),
        Deed::Cancel(..) => list(model, vec![(false, row)]),
        _ => {}
    }
}

/// Puts those who were moved, or else called off, on the list.
fn list(model: &mut Model, done: Vec<(bool, AppointmentRow)>) {
    let (seen, told) = (&model.days.seen, &mut model.days.told);
    // Who was phoned before, and comes at another time now, is to be phoned once more.
    told.retain(|known| done.iter().all(|(_, now)| now.id != known.now.id));
    told.extend(done.into_iter().map(|(is_moved, now)| {
        let seen = seen.iter().find(|seen| seen.row.id == now.id);
        Line {
            is_moved,
            before: seen.map(|seen| seen.row.clone()),
            reached: seen.and_then(|seen| seen.reached.clone()),
            now,
            is_phoned: false,
        }
    }));
}

/// Whether there is somebody to phone.
pub(crate) fn has_any(model: &Model) -> Availability {
    match model.days.told.is_empty() {
        true => Availability::Disabled(
            "Nobody is to be phoned: nothing that an absence hits was dealt with.".into(),
        ),
        false => Availability::Ok,
    }
}

/// Shows whom to phone.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    close_all(model);
    pane::open(model, pane::Kind::Told);
    Vec::new()
}

fn close_all(model: &mut Model) {
    let is_told = |layer: &Layer| match layer {
        Layer::Pane(pane) => matches!(pane.kind, pane::Kind::Told),
        _ => false,
    };
    model.layers.retain(|layer| !is_told(layer));
}

/// Marks the selected person as phoned, or not yet; the next one is selected.
pub(crate) fn phoned(model: &mut Model) -> Vec<Effect> {
    let Some(at) = pane::acting(model).map(|pane| pane.cursor) else {
        return Vec::new();
    };
    if let Some(line) = model.days.told.get_mut(at) {
        line.is_phoned = !line.is_phoned;
        if line.is_phoned {
            pane::step(model, 1);
        }
    }
    Vec::new()
}

/// Opens the record of the selected person.
pub(crate) fn open_patient(model: &mut Model) -> Vec<Effect> {
    let at = pane::acting(model).map(|pane| pane.cursor);
    let line = at.and_then(|at| model.days.told.get(at));
    let Some(patient) = line.map(|line| line.now.patient.clone()) else {
        return Vec::new();
    };
    record::patient::open_named(model, patient.id, patient.full_name)
}

/// The list is not needed any more; asks first while somebody is not marked as phoned.
pub(crate) fn dismiss(model: &mut Model) -> Vec<Effect> {
    let left = model.days.told.iter().filter(|line| !line.is_phoned);
    let text = match left.count() {
        0 => return forget(model),
        1 => "1 of them is not marked as phoned.".to_owned(),
        count => format!("{count} of them are not marked as phoned."),
    };
    let choices = vec![
        Choice::keep("Keep the list"),
        Choice::new("Dismiss it", 'i', forget),
    ];
    let dialog = Dialog::new("Dismiss the list?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

fn forget(model: &mut Model) -> Vec<Effect> {
    model.days.told.clear();
    close_all(model);
    Vec::new()
}

/// The list in lines.
pub(crate) fn sheet(model: &Model, cursor: usize, width: usize) -> Sheet {
    let glyphs = &model.glyphs;
    let told = &model.days.told;
    let phone = |line: &Line| match &line.reached {
        Some(reached) => reached.clone(),
        None => glyphs.none.to_owned(),
    };
    let columns = |of: &dyn Fn(&Line) -> String| {
        let widths = told.iter().map(|one| text::width(&of(one)));
        widths.max().unwrap_or(0)
    };
    let name = columns(&|line| line.now.patient.full_name.clone());
    let phones = columns(&phone);
    let times = columns(&|line| line.when(model));
    let sign = text::width(glyphs.done) + 1;
    // The phone stands whole; the time and the doctor come where there is room, and for the selected
    // person they stand below.
    let room = width.saturating_sub(sign + phones + GAP.len() + 2);
    let is_wide = room >= times + GAP.len() + SHORTEST;
    let name = match is_wide {
        true => name.min(room - times - GAP.len()),
        false => name.min(room),
    };
    let has_doctor = is_wide && room >= times + name + 2 * GAP.len() + SHORTEST;
    let rows = told.iter().map(|line| {
        let doctor = &line.now.doctor.full_name;
        let mut parts = vec![
            text::fit(&line.now.patient.full_name, name, glyphs.ellipsis),
            text::fit(&phone(line), phones, glyphs.ellipsis),
        ];
        if is_wide {
            parts.insert(0, text::fit(&line.when(model), times, glyphs.ellipsis));
        }
        if has_doctor {
            parts.push(match line.is_moved {
                true => doctor.clone(),
                false => format!("cancelled, {doctor}"),
            });
        }
        let done = if line.is_phoned { glyphs.done } else { "" };
        let done = text::fit(done, sign, glyphs.ellipsis);
        Row {
            text: format!("{done}{}", parts.join(GAP)),
            role: if line.is_phoned {
                Role::Dim
            } else {
                Role::Text
            },
        }
    });
    Sheet {
        title: format!("{}: to phone", counted(told)),
        above: head(model, width),
        rows: rows.collect(),
        nothing: vec!["Nobody is to be phoned.".to_owned()],
        below: told
            .get(cursor)
            .map(|line| (about(model, line), Role::Text))
            .into_iter()
            .collect(),
        ..Sheet::default()
    }
}

/// `2 moved, 3 cancelled`.
fn counted(told: &[Line]) -> String {
    let moved = told.iter().filter(|line| line.is_moved).count();
    let counts = [(moved, "moved"), (told.len() - moved, "cancelled")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// That the clinic mails nobody that an appointment was moved or called off, and the keys.
fn head(model: &Model, width: usize) -> Vec<(String, Role)> {
    if width < WIDE {
        let text = "No mail tells them: phone or write.";
        return vec![(text.to_owned(), Role::Text)];
    }
    let text = "No mail tells them of it: phone or write to each.";
    vec![(text.to_owned(), Role::Text), (keys(model), Role::Dim)]
}

fn keys(model: &Model) -> String {
    format!(
        "{} marks who is phoned. The list stays: {} shows it, {} dismisses it.",
        key(model, "told.phoned"),
        key(model, "go.phone"),
        key(model, "told.dismiss"),
    )
}

/// What to tell the selected person.
fn about(model: &Model, line: &Line) -> String {
    let (who, doctor) = (&line.now.patient.full_name, &line.now.doctor.full_name);
    let now = line.when(model);
    let text = match (&line.before, line.is_moved) {
        (Some(before), true) => {
            format!("{who}: {} is now {now} with {doctor}.", when(model, before))
        }
        (None, true) => format!("{who} comes {now} to {doctor} now."),
        (_, false) => format!("{who}: {now} with {doctor} is cancelled."),
    };
    match line.is_phoned {
        true => format!("{text} Phoned."),
        false => text,
    }
}
