//! How a booking begins: for whoever is here, for who wrote to the clinic, to move an appointment.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Appointment, Kind, Person, Reschedule};
use clinic_shared::desk::contacts::Contact;
use tui_input::Input;

use super::{Book, Goal, Moved, Sender, Step, Whom, after_whom, goal, look, slots, top, top_mut};
use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::screens::place::Place;
use crate::screens::record::{self, Subject};
use crate::screens::{anywhere, audit, here};

/// The person that is selected or open, if one is.
pub(crate) fn person_here(model: &Model) -> Option<Whom> {
    match record::acting(model) {
        Some(Subject::Patient(known)) => {
            let full = known.value().map(Whom::from);
            return full.or_else(|| known.row.as_ref().map(Whom::from));
        }
        Some(Subject::Appointment(known)) => {
            return known.row.as_ref().map(|row| Whom {
                birth_date: row.patient_birth_date,
                ..Whom::named(row.patient.id, &row.patient.full_name)
            });
        }
        _ => {}
    }
    match model.place {
        Place::Today | Place::Queue => here::row(model).map(|row| Whom {
            birth_date: row.patient_birth_date,
            ..Whom::named(row.patient.id, &row.patient.full_name)
        }),
        Place::Patients => model.patients.list.selected().map(Whom::from),
        Place::Audit => audit::patient(model).map(|(id, name)| Whom::named(id, &name)),
        _ => None,
    }
}

/// Books for whoever is selected or open; for nobody, asks who first.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let whom = person_here(model);
    match whom {
        // Found in a record over a booking that asks who it is for.
        Some(whom) if top(model).is_some() => give(model, whom).unwrap_or_default(),
        None if top(model).is_none() => {
            let doctor = anywhere::doctor(model);
            let effects = open_for(model, None);
            if let (Some((id, name)), Some(book)) = (doctor, top_mut(model)) {
                book.goal = Some(Goal::Doctor { id, name });
                book.has_goal = true;
            }
            effects
        }
        whom => open_for(model, whom),
    }
}

/// Gives the booking that is open its person, and goes on with it, if there is one.
pub(crate) fn give(model: &mut Model, whom: Whom) -> Option<Vec<Effect>> {
    let at = |layer: &Layer| matches!(layer, Layer::Book(_));
    let at = model.layers.iter().rposition(at)?;
    let mut place = 0;
    // A sign-in that came up meanwhile stays over it.
    model.layers.retain(|layer| {
        place += 1;
        place <= at + 1 || matches!(layer, Layer::SignIn(_))
    });
    if let Some(book) = top_mut(model) {
        book.whom = Some(whom);
    }
    Some(after_whom(model))
}

/// Books for somebody who is not on the screen.
pub(crate) fn open_blank(model: &mut Model) -> Vec<Effect> {
    open_for(model, None)
}

/// Books for this person; for nobody, asks who first.
pub(crate) fn open_for(model: &mut Model, whom: Option<Whom>) -> Vec<Effect> {
    let first = match whom {
        Some(_) => Step::With,
        None => Step::Who,
    };
    let mut book = Book::new(first, model.today());
    // Whoever sees the wrong name goes back to who it is.
    book.first = Step::Who;
    book.whom = whom;
    begin(model, book)
}

/// Books for who wrote to the clinic: for the patient they are, or else for whom they may be.
pub(crate) fn open_for_contact(model: &mut Model, contact: &Contact) -> Vec<Effect> {
    let first = match contact.patient {
        Some(_) => Step::With,
        None => Step::Who,
    };
    let mut book = Book::new(first, model.today());
    book.first = Step::Who;
    book.sender = Some(Sender::from(contact));
    let known = contact.patient.as_ref();
    book.whom = known.map(|person| Whom::named(person.id, &person.full_name));
    let is_unknown = book.whom.is_none();
    if is_unknown {
        book.who = Input::new(contact.name.clone());
    }
    let mut effects = begin(model, book);
    if is_unknown {
        effects.extend(look(model));
    }
    effects
}

/// Moves the selected appointment.
pub(crate) fn open_move(model: &mut Model) -> Vec<Effect> {
    let Some(row) = here::row(model).cloned() else {
        return Vec::new();
    };
    let time = row.starts.clone().or_else(|| row.window.clone());
    let place = Standing {
        id: row.id,
        version: row.version,
        date: here::day(model),
        time: time.unwrap_or_default(),
        starts_at: row.starts_at,
        patient: Whom {
            birth_date: row.patient_birth_date,
            ..Whom::named(row.patient.id, &row.patient.full_name)
        },
        doctor: row.doctor,
        kind: row.appointment_type,
    };
    let from = model.today();
    move_from(model, place, from)
}

/// Moves an appointment that is not on the board, not before this day.
pub(crate) fn open_move_of(
    model: &mut Model,
    appointment: &Appointment,
    from: Option<NaiveDate>,
) -> Vec<Effect> {
    let time = appointment.starts.as_ref().or(appointment.window.as_ref());
    let place = Standing {
        id: appointment.id,
        version: appointment.version,
        date: appointment.date,
        time: time.cloned().unwrap_or_default(),
        starts_at: appointment.starts_at,
        patient: Whom {
            birth_date: appointment.patient_birth_date,
            ..Whom::named(appointment.patient.id, &appointment.patient.full_name)
        },
        doctor: appointment.doctor.clone(),
        kind: appointment.appointment_type,
    };
    let today = model.today();
    move_from(model, place, from.unwrap_or(today).max(today))
}

/// The appointment that is to be moved, as it stands.
struct Standing {
    id: i64,
    version: i64,
    date: NaiveDate,
    time: String,
    starts_at: Option<DateTime<Utc>>,
    patient: Whom,
    doctor: Person,
    kind: Kind,
}

fn move_from(model: &mut Model, now: Standing, from: NaiveDate) -> Vec<Effect> {
    let mut book = Book::new(Step::When, from);
    book.first = Step::With;
    book.whom = Some(now.patient);
    book.kind = now.kind;
    let before = now.starts_at.map(|starts_at| {
        Box::new(Reschedule {
            doctor: Some(now.doctor.id),
            starts_at: Some(starts_at),
            outside_hours: Some(true),
            ..Reschedule::default()
        })
    });
    book.moved = Some(Moved {
        id: now.id,
        version: now.version,
        doctor: now.doctor.id,
        when: format!("{}, {}", model.prefs.dates.short(now.date), now.time),
        before,
    });
    book.goal = Some(Goal::Doctor {
        id: now.doctor.id,
        name: now.doctor.full_name,
    });
    begin(model, book)
}

/// Shows it, and asks for what its first step needs.
pub(super) fn begin(model: &mut Model, book: Book) -> Vec<Effect> {
    let is_when = book.step == Step::When;
    model.layers.push(Layer::Book(Box::new(book)));
    let mut effects = goal::ask(model);
    if is_when {
        effects.extend(slots::ask(model));
    }
    effects
}
