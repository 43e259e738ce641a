//! What is asked about: the form is opened with what is known.

use super::{
    Appointment, BoardRow, CancelledBy, Effect, Focus, Input, Kind, Layer, Model, Prompt,
    ReasonKind, here, labels, today, usual,
};

/// Asks about the selected appointment.
fn open(model: &mut Model, kind: Kind, words: String) -> Vec<Effect> {
    let Some(row) = here::row(model) else {
        return Vec::new();
    };
    let (who, what) = (row.patient.full_name.clone(), what(model, row));
    let seen = Some((row.id, row.version));
    show(model, kind, words, seen, (who, what))
}

fn show(
    model: &mut Model,
    kind: Kind,
    words: String,
    seen: Option<(i64, i64)>,
    (who, what): (String, String),
) -> Vec<Effect> {
    let (id, version) = seen.unwrap_or_default();
    let mut prompt = Prompt {
        kind,
        id,
        version,
        told: version,
        is_told: false,
        who,
        what,
        is_old: !words.is_empty(),
        is_sure: false,
        digit: None,
        words: Input::new(words),
        focus: Focus::Words,
        message: None,
        is_sending: false,
        sent: None,
    };
    if let Some(first) = prompt.stops().first() {
        prompt.focus = *first;
    }
    model.layers.push(Layer::Prompt(Box::new(prompt)));
    Vec::new()
}

/// When, and with whom: the day too, unless it is today.
pub(super) fn what(model: &Model, row: &BoardRow) -> String {
    let time = row.starts.as_ref().or(row.window.as_ref());
    let time = time.map(String::as_str).unwrap_or_default();
    let (day, with) = (here::day(model), &row.doctor.full_name);
    match day == model.today() {
        true => format!("{time}, {with}"),
        false => format!("{} {time}, {with}", model.prefs.dates.short(day)),
    }
}

/// Asks why the selected appointment is called off.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    let kind = Kind::Cancel {
        by: CancelledBy::Patient,
        is_said: false,
        why: None,
    };
    open(model, kind, String::new())
}

/// Asks why an appointment that is not on the board is called off, by the clinic.
pub(crate) fn cancel_of(
    model: &mut Model,
    appointment: &Appointment,
    why: ReasonKind,
) -> Vec<Effect> {
    let when = labels::when(appointment, model.prefs.dates);
    let prompt = Prompt {
        kind: Kind::Cancel {
            by: usual(why),
            is_said: false,
            why: Some(why),
        },
        id: appointment.id,
        version: appointment.version,
        told: appointment.version,
        is_told: false,
        who: appointment.patient.full_name.clone(),
        what: format!("{when}, {}", appointment.doctor.full_name),
        words: Input::default(),
        is_old: false,
        is_sure: false,
        digit: None,
        focus: Focus::Choices,
        message: None,
        is_sending: false,
        sent: None,
    };
    model.layers.push(Layer::Prompt(Box::new(prompt)));
    Vec::new()
}

/// Asks for the room of the selected appointment.
pub(crate) fn room(model: &mut Model) -> Vec<Effect> {
    let room = here::row(model).and_then(|row| row.room.clone());
    let before = room.unwrap_or_default();
    let words = before.clone();
    open(model, Kind::Room { before }, words)
}

/// Asks who goes first.
pub(crate) fn priority(model: &mut Model) -> Vec<Effect> {
    let Some(before) = here::row(model).map(|row| row.priority) else {
        return Vec::new();
    };
    let now = before;
    open(model, Kind::Priority { before, now }, String::new())
}

/// Asks how late the doctor runs whose appointment is selected, or whose queue it is.
pub(crate) fn late(model: &mut Model) -> Vec<Effect> {
    let Some(doctor) = here::doctor(model) else {
        return Vec::new();
    };
    let before = here::late_minutes(model, doctor.id);
    let kind = Kind::Late {
        doctor: doctor.id,
        date: here::day(model),
        before,
    };
    let words = if before > 0 {
        before.to_string()
    } else {
        String::new()
    };
    show(model, kind, words, None, (doctor.full_name, String::new()))
}

/// Asks which day to show.
pub(crate) fn date(model: &mut Model) -> Vec<Effect> {
    let shown = model.prefs.dates.day(today::day(model));
    let told = (shown, "is shown now".to_owned());
    show(model, Kind::Date, String::new(), None, told)
}
