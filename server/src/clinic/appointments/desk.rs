//! Booking at the desk: for any patient, with everything in the way told at once, and moving what
//! was booked (API.md §6, §7).

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{
    Action, BookingCheck, Kind, NewAppointment, Reschedule, Status,
};
use serde_json::json;
use uuid::Uuid;

use super::super::{Actor, Answer, Clinic, Faults, Obstacle, Refusal, text};
use super::booking::{Booking, Failure, Found, Tries, When, Wish, book_as, find_place};
use super::history::{self, Expected, Subject, Taken, Why, changed_by};
use super::record::{line_wire, local, person};
use super::transition::cleaned;
use super::whose::Sight;
use super::{MISSING, changed_meanwhile};
use crate::store::appointments::{self as table, AppointmentRow, New};
use crate::store::patients::PatientRow;
use crate::store::{Session, Tx, appointment_lists as lists, bookings, doctors, patients};

/// The longest title, in characters.
pub(in crate::clinic) const LONGEST_TITLE: usize = 200;
/// The longest account of symptoms, in characters.
pub(in crate::clinic) const LONGEST_SYMPTOMS: usize = 5000;

/// Books for a patient, and answers the appointment's id. Staff are not held to the patient's limit
/// of appointments ahead: [`check`] tells them how many there are.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::Unbookable`] with everything in the way.
pub async fn book_at_desk(
    clinic: &Clinic,
    who: &Actor,
    form: NewAppointment,
    faults: Faults,
) -> Answer<i64> {
    let (booking, _) = booking_of(clinic, form, faults).await?;
    book_as(clinic, who, &booking).await
}

/// Whether a booking would go well, and what the desk should know before: everything in the way, how
/// often the patient did not come, how many appointments they have ahead, and what on the same day.
/// Changes nothing.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field.
pub async fn check(
    clinic: &Clinic,
    who: &Actor,
    form: NewAppointment,
    faults: Faults,
) -> Answer<BookingCheck> {
    let (booking, patient) = booking_of(clinic, form, faults).await?;
    let mut tx = clinic.db.begin().await?;
    let found = find_place(clinic, &mut tx, &booking, None).await;
    let (found, reasons) = match found.map_err(Refusal::from) {
        Ok(found) => (Some(found), Vec::new()),
        Err(Refusal::Unbookable(obstacles)) => (None, obstacles),
        Err(refusal) => return Err(refusal),
    };
    let no_shows = table::no_shows(&mut tx, patient.id).await?;
    let (today, now) = (clinic.today(), clinic.clock.now());
    let open = bookings::open_of_patient(&mut tx, patient.id, today, now).await?;
    let same_day = match date_of(clinic, &booking.wish, found.as_ref()) {
        Some(date) => lists::of_patient_on(&mut tx, patient.id, date).await?,
        None => Vec::new(),
    };
    tx.rollback().await?;
    let detail = json!({ "doctor": booking.doctor });
    let note = (Some(patient.id), detail);
    clinic
        .reads
        .note(who, "check_booking", note.0, note.1)
        .await;
    let mut check = told(clinic, patient, found, &reasons, (no_shows, open));
    let same_day = same_day.into_iter();
    check.patient_same_day = same_day.map(|row| line_wire(row, clinic.zone)).collect();
    Ok(check)
}

/// The day that is wished for, also where something is in the way; none: the first that is free.
fn date_of(clinic: &Clinic, wish: &Wish, found: Option<&Found>) -> Option<NaiveDate> {
    let wished = match wish {
        Wish::At { starts_at, .. } => Some(starts_at.with_timezone(&clinic.zone).date_naive()),
        Wish::Window {
            when: When::On(date),
            ..
        } => Some(*date),
        Wish::Window { .. } | Wish::Now { .. } => None,
    };
    found.map(|found| found.place.date).or(wished)
}

fn told(
    clinic: &Clinic,
    patient: PatientRow,
    found: Option<Found>,
    reasons: &[Obstacle],
    (no_shows, open): (i64, i64),
) -> BookingCheck {
    let place = found.as_ref().map(|found| found.place);
    let span = place.and_then(|place| place.span);
    let (starts_at, ends_at) = (span.map(|(starts, _)| starts), span.map(|(_, ends)| ends));
    BookingCheck {
        is_bookable: found.is_some(),
        reasons: reasons.iter().map(clinic_shared::Reason::from).collect(),
        date: place.map(|place| place.date),
        starts: local(starts_at, clinic.zone),
        ends: local(ends_at, clinic.zone),
        starts_at,
        ends_at,
        available_time: place.and_then(|place| place.available_time),
        overbooked: found.is_some_and(|found| found.overbooked),
        patient: person(patient.uid, patient.id, patient.full_name),
        patient_no_shows: no_shows,
        patient_open_bookings: open,
        patient_same_day: Vec::new(),
    }
}

/// The booking that a form asks for, and its patient.
pub(in crate::clinic) async fn booking_of(
    clinic: &Clinic,
    form: NewAppointment,
    mut faults: Faults,
) -> Answer<(Booking, PatientRow)> {
    let mut reader = clinic.db.read().await?;
    let patient = patient_of(&mut reader, form.patient, form.record_number.as_deref()).await?;
    let patient = patient.map_err(|(field, message)| faults.add(field, message));
    let doctor = doctor_of(&mut reader, form.doctor).await?;
    if doctor.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    drop(reader);
    let title = form.title.as_deref();
    let title = title.map(|title| text::optional(title, LONGEST_TITLE));
    let title = title.and_then(|title| faults.take("title", title).flatten());
    let symptoms = form.symptoms.as_deref().unwrap_or_default();
    let symptoms = faults.take("symptoms", text::optional(symptoms, LONGEST_SYMPTOMS));
    let overbook = cleaned("overbook", form.overbook.as_deref(), &mut faults);
    let wish = match (form.starts_at, form.available_time) {
        (Some(starts_at), window) => {
            let date = starts_at.with_timezone(&clinic.zone).date_naive();
            if form.date.is_some_and(|said| said != date) {
                faults.add("date", "This is not the date of starts_at.");
            }
            Some(Wish::At {
                window,
                starts_at,
                minutes: form.duration_minutes,
            })
        }
        (None, Some(window)) => Some(Wish::Window {
            window,
            when: form.date.map_or(When::Next, When::On),
        }),
        (None, None) => {
            faults.add(
                "starts_at",
                "Give a time, or an available time to find one in.",
            );
            None
        }
    };
    faults.refuse()?;
    let (Ok(patient), Some(doctor), Some(wish)) = (patient, doctor, wish) else {
        return Err(MISSING);
    };
    let booking = Booking {
        patient: patient.id,
        doctor,
        wish,
        kind: form.appointment_type.unwrap_or(Kind::Offline),
        title,
        symptoms: symptoms.flatten().unwrap_or_default(),
        overbook,
        outside_hours: form.outside_hours.unwrap_or(false),
        is_limited: false,
        waiting: None,
        images: Vec::new(),
    };
    Ok((booking, patient))
}

/// The patient of an id, or of a record number as people say it: the same one where both are said.
/// Else the field that is wrong, and its message.
pub(in crate::clinic) async fn patient_of(
    session: &mut impl Session,
    id: Option<Uuid>,
    record_number: Option<&str>,
) -> Answer<Result<PatientRow, (&'static str, String)>> {
    let number = record_number.map(|said| {
        let digits = said.trim().trim_start_matches(['P', 'p', '-']);
        digits.parse::<i64>().ok()
    });
    let (field, found) = match (id, number) {
        (Some(id), _) => ("patient", patients::by_uid(session, id).await?),
        (None, Some(Some(number))) => ("record_number", patients::by_id(session, number).await?),
        (None, Some(None)) => ("record_number", None),
        (None, None) => {
            let message = "Say who comes: a patient, or a record number.";
            return Ok(Err(("patient", message.to_owned())));
        }
    };
    let Some(found) = found else {
        return Ok(Err((field, "There is no such patient.".to_owned())));
    };
    // Whoever is meant, the other one must not get it.
    if number.is_some_and(|number| number != Some(found.id)) {
        let message = "This is not the record number of this patient; say who it is once.";
        return Ok(Err(("record_number", message.to_owned())));
    }
    Ok(Ok(found))
}

/// The number of the doctor of an id.
async fn doctor_of(session: &mut impl Session, id: Uuid) -> Answer<Option<i64>> {
    let doctor = doctors::by_uid(session, id).await?;
    Ok(doctor.map(|doctor| doctor.id))
}

/// Moves an appointment to another doctor, day or time: it keeps its identity, its history and what
/// hangs on it, and gives its old time back exactly when it gets the new one.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Invalid`] with every faulty field; [`Refusal::Stale`] and
/// [`Refusal::Conflict`] if it is not what the caller saw or is not to come any more;
/// [`Refusal::Unbookable`] with everything in the way.
pub async fn reschedule(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Reschedule,
    if_match: Option<Vec<i64>>,
    mut faults: Faults,
) -> Answer<()> {
    let expected = Expected {
        if_match,
        version: form.version,
    };
    let reason = cleaned("reason", form.reason.as_deref(), &mut faults);
    let overbook = cleaned("overbook", form.overbook.as_deref(), &mut faults);
    let mut reader = clinic.db.read().await?;
    let doctor = match form.doctor {
        Some(id) => {
            let doctor = doctor_of(&mut reader, id).await?;
            if doctor.is_none() {
                faults.add("doctor", "There is no such doctor.");
            }
            doctor
        }
        None => None,
    };
    drop(reader);
    let says_where = form.starts_at.is_some() || form.date.is_some();
    if !says_where && form.available_time.is_none() && form.doctor.is_none() {
        faults.add(
            "starts_at",
            "Say where it moves: a time, a date, an available time or another doctor.",
        );
    }
    faults.refuse()?;
    let to = Target {
        doctor,
        window: form.available_time,
        date: form.date,
        starts_at: form.starts_at,
        minutes: form.duration_minutes,
        outside_hours: form.outside_hours.unwrap_or(false),
        overbook,
        reason,
    };
    let mut tries = Tries::new();
    loop {
        match try_reschedule(clinic, who, id, &to, &expected).await {
            Ok(()) => return Ok(()),
            Err(failure) => tries.again(failure)?,
        }
    }
}

/// Where an appointment is to move; what is none stays.
struct Target {
    doctor: Option<i64>,
    window: Option<i64>,
    date: Option<NaiveDate>,
    starts_at: Option<DateTime<Utc>>,
    minutes: Option<i64>,
    outside_hours: bool,
    overbook: Option<String>,
    reason: Option<String>,
}

impl Target {
    /// The booking that moves this appointment.
    fn booking(&self, clinic: &Clinic, row: &AppointmentRow) -> Answer<Booking> {
        let window = self.window.or(row.available_time_id);
        let date = self.date.unwrap_or(row.date);
        let wish = match (self.starts_at, window) {
            (Some(starts_at), _) => Wish::At {
                window: self.window,
                starts_at,
                minutes: self.minutes.or_else(|| length(row)),
            },
            (None, Some(window)) => Wish::Window {
                window,
                when: When::On(date),
            },
            // Outside any window: the same time of that day.
            (None, None) => Wish::At {
                window: None,
                starts_at: same_time(clinic, row, date)?,
                minutes: self.minutes.or_else(|| length(row)),
            },
        };
        Ok(Booking {
            patient: row.patient_id,
            doctor: self.doctor.unwrap_or(row.doctor_id),
            wish,
            kind: row.kind.0,
            title: None,
            symptoms: String::new(),
            overbook: self.overbook.clone(),
            outside_hours: self.outside_hours,
            is_limited: false,
            waiting: None,
            images: Vec::new(),
        })
    }
}

/// How long it takes, in minutes.
fn length(row: &AppointmentRow) -> Option<i64> {
    let (starts, ends) = row.starts_at.zip(row.ends_at)?;
    Some((ends - starts).num_minutes())
}

/// The time of day at which it begins, on another date.
fn same_time(clinic: &Clinic, row: &AppointmentRow, date: NaiveDate) -> Answer<DateTime<Utc>> {
    let local = row.at.with_timezone(&clinic.zone).time();
    let moved = date.and_time(local).and_local_timezone(clinic.zone);
    let moved = moved.earliest().map(|at| at.with_timezone(&Utc));
    moved.ok_or_else(|| Refusal::field("date", "The clocks skip this time on that day."))
}

async fn try_reschedule(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    to: &Target,
    expected: &Expected,
) -> Result<(), Failure> {
    let mut tx = clinic.db.begin().await?;
    let sight = Sight::of(&mut tx, who).await?;
    let seen = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    // Doctor and patient are locked before the appointment, as a booking does.
    let found = match to.booking(clinic, &seen) {
        Ok(booking) => find_place(clinic, &mut tx, &booking, Some(id)).await,
        Err(refusal) => Err(refusal.into()),
    };
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    if !row.is_still(seen.seen()) {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    expected.check(clinic, &mut tx, (who, sight), &row).await?;
    if !matches!(row.status.0, Status::Pending | Status::Confirmed) {
        let last = changed_by(clinic, &mut tx, who, sight, id).await?;
        let detail = format!("Only what is still to come can be moved. {last}");
        return Err(Failure::Refused(Refusal::Conflict {
            code: "invalid_transition",
            detail,
        }));
    }
    moved(clinic, &mut tx, who, &row, &found?, to).await?;
    Ok(tx.commit().await?)
}

async fn moved(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    row: &AppointmentRow,
    found: &Found,
    to: &Target,
) -> Result<(), Failure> {
    let stays = row.doctor_id == found.doctor.id && row.place() == found.place;
    if stays && row.overbooked == found.overbooked {
        return Ok(());
    }
    let new = New {
        patient: row.patient_id,
        doctor: found.doctor.id,
        place: found.place,
        kind: row.kind.0,
        title: row.title.as_deref(),
        symptoms: &row.symptoms,
        overbooked: found.overbooked,
        walk_in: false,
    };
    let written = table::update(tx, row.id, row.version, &new, clinic.clock.now()).await;
    let written = written.map_err(|error| Failure::of(error, &found.doctor.full_name))?;
    if !written {
        return Err(Failure::Lost(changed_meanwhile()));
    }
    let status = row.status.0;
    let overbook = to.overbook.clone().filter(|_| found.overbooked);
    let taken = Taken {
        action: Action::Reschedule,
        from: Some(status),
        to: status,
        version: row.version + 1,
        why: Why {
            text: history::both(to.reason.clone(), overbook),
            ..Why::default()
        },
        undoes: None,
        overbooked: found.overbooked,
    };
    let subject = Subject {
        appointment: row.id,
        patient: row.patient_id,
        doctor: new.doctor,
        place: new.place,
    };
    let detail = json!({
        "from": history::where_it_is(row.doctor_id, row.place()),
        "to": history::where_it_is(new.doctor, new.place),
        "overbooked": found.overbooked,
    });
    let step = taken.row(clinic, who);
    history::write(clinic, tx, who, subject, step, detail).await?;
    Ok(())
}
