//! An appointment's record.

use clinic_shared::desk::appointments::{Appointment, AppointmentRow};

use super::view::{Sheet, born, moment};
use super::{Known, Subject, acting, patient};
use crate::app::Model;
use crate::effect::Effect;
use crate::labels;

/// Opens an appointment of the list.
pub(crate) fn open(model: &mut Model, row: AppointmentRow) -> Vec<Effect> {
    super::open(model, Subject::Appointment(Known::row(row.id, row)))
}

/// Opens the record of the patient whose appointment this is.
pub(crate) fn open_patient(model: &mut Model) -> Vec<Effect> {
    let Some(Subject::Appointment(known)) = acting(model) else {
        return Vec::new();
    };
    let who = match (known.value(), &known.row) {
        (Some(appointment), _) => Some(&appointment.patient),
        (None, Some(row)) => Some(&row.patient),
        (None, None) => None,
    };
    match who.map(|who| (who.id, who.full_name.clone())) {
        Some((id, name)) => patient::open_named(model, id, name),
        None => Vec::new(),
    }
}

pub(super) fn sheet(model: &Model, known: &Known<i64, AppointmentRow, Appointment>) -> Sheet {
    match (known.value(), &known.row) {
        (Some(appointment), _) => whole(model, appointment),
        (None, Some(row)) => Sheet {
            title: title(model, row),
            name: row.patient.full_name.clone(),
            facts: told(model, row, Some(model.glyphs.ellipsis.to_owned())),
            body: None,
        },
        (None, None) => Sheet::default(),
    }
}

fn title(model: &Model, row: &AppointmentRow) -> String {
    let day = model.prefs.dates.short(row.date);
    let time = labels::time(row, model.glyphs.dash);
    if time.is_empty() {
        day
    } else {
        format!("{day}, {time}")
    }
}

/// What a row says already: first who it is, for there are namesakes; the birth date, which a row
/// does not know, goes there too.
fn told(
    model: &Model,
    row: &AppointmentRow,
    born: Option<String>,
) -> Vec<(&'static str, Option<String>)> {
    let glyphs = &model.glyphs;
    let day = model.prefs.dates.day(row.date);
    let time = labels::clock(row.starts.as_deref(), row.ends.as_deref(), glyphs.dash);
    let status = labels::with_sign(glyphs.status(row.status), labels::status(row.status));
    let overbooked = labels::with_sign(glyphs.overbooked, "on purpose, beside another one");
    let mut facts = vec![
        ("Record", Some(labels::record_number(&row.patient))),
        ("Born", born),
        ("Day", Some(day)),
    ];
    facts.extend(time.map(|time| ("Time", Some(time))));
    facts.extend(labels::window(row).map(|window| ("Window", Some(window.to_owned()))));
    facts.extend([
        ("Status", Some(status)),
        ("Type", Some(labels::kind(row.appointment_type).to_owned())),
        ("Doctor", Some(row.doctor.full_name.clone())),
    ]);
    if row.overbooked {
        facts.push(("Overbooked", Some(overbooked)));
    }
    facts
}

fn whole(model: &Model, appointment: &Appointment) -> Sheet {
    let row = labels::row_of(appointment);
    let born = appointment.patient_birth_date.map(|date| born(model, date));
    let mut facts = told(model, &row, born);
    facts.extend(elsewhere(model, appointment));
    let paid = if appointment.is_paid { "yes" } else { "no" };
    let symptoms = Some(appointment.symptoms.clone()).filter(|text| !text.trim().is_empty());
    // That there is no phone is worth a line; that nothing was written is not.
    facts.push(("Phone", appointment.patient_phone.clone()));
    let written = [
        ("About", appointment.title.clone()),
        ("Symptoms", symptoms),
        ("Meeting", appointment.meeting_link.clone()),
        ("Paid", Some(paid.to_owned())),
        ("Called off", labels::called_off(appointment)),
    ];
    facts.extend(written.into_iter().filter(|(_, text)| text.is_some()));
    facts.extend([
        ("Booked", Some(moment(model, appointment.created_at))),
        ("Changed", Some(moment(model, appointment.updated_at))),
    ]);
    Sheet {
        title: title(model, &row),
        name: appointment.patient.full_name.clone(),
        facts,
        body: None,
    }
}

/// When it is on the clock of whoever sits here, where that is another one than the clinic's.
fn elsewhere(model: &Model, appointment: &Appointment) -> Option<(&'static str, Option<String>)> {
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(model.now.offset());
    let (starts, ends) = (local(appointment.starts_at?), local(appointment.ends_at?));
    let clinic = format!("{} {}", appointment.date, appointment.starts.as_deref()?);
    if starts.format("%Y-%m-%d %H:%M").to_string() == clinic {
        return None;
    }
    let dash = model.glyphs.dash;
    let here = format!(
        "{}, {}{dash}{}",
        model.prefs.dates.short(starts.date_naive()),
        starts.format("%H:%M"),
        ends.format("%H:%M")
    );
    Some(("Your clock", Some(here)))
}
