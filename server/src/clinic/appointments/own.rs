//! Appointments as v1 shows them (API.md §4): a patient's own, a doctor's own, each booked and listed
//! by whom they are.

use chrono::NaiveDate;
use chrono::{DateTime, Utc};
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{Kind, Status};
use clinic_shared::v1::appointments::{Appointment, MeetingTime, Named};
use serde_json::json;
use uuid::Uuid;

use super::super::paging::{Listed, Paging};
use super::super::{
    Actor, Answer, Clinic, Faults, Refusal, doctors as doctor_rules, pictures, text,
};
use super::MISSING;
use super::booking::{Booking, When, Wish, book_as};
use super::desk::{LONGEST_SYMPTOMS, LONGEST_TITLE};
use super::whose::Sight;
use crate::infra::media::Kind as MediaKind;
use crate::store::appointment_images::{self as images, ImageRow};
use crate::store::appointment_lists::{self as lists, DetailRow};
use crate::store::appointment_own::{self as table, Own};
use crate::store::{Session, appointments, bookings, doctors, patients};

/// The field of the pictures.
const IMAGES: &str = "images";

/// An appointment with its pictures' media keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Mine {
    /// The appointment.
    pub row: DetailRow,
    /// Media keys, in their order.
    pub images: Vec<String>,
}

/// What both sides say of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByDoctor {
    /// The other one's id: the patient's here, the doctor's in [`ByPatient`].
    pub with: Uuid,
    /// The clinic's date.
    pub date: NaiveDate,
    /// The window's id.
    pub window: i64,
    /// Exactly which of its slots.
    pub starts_at: Option<DateTime<Utc>>,
    /// Whether people meet.
    pub kind: Kind,
    /// What it is about.
    pub title: Option<String>,
    /// What ails the patient.
    pub symptoms: String,
}

/// A booking by the patient, with pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByPatient {
    /// What is booked.
    pub what: ByDoctor,
    /// The pictures' bytes.
    pub images: Vec<Vec<u8>>,
}

/// A page of what the caller comes to as a patient, the last booked first.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn mine_of_patient(
    clinic: &Clinic,
    who: &Actor,
    paging: &Paging,
) -> Answer<Listed<Mine>> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut reader = clinic.db.read().await?;
    let patient = bookings::patient_of_account(&mut reader, account).await?;
    drop(reader);
    let own = patient.map(|number| Own {
        is_doctor: false,
        number,
        date: None,
        status: None,
    });
    listed(clinic, who, own, paging).await
}

/// A page of what the caller gives as a doctor, the last booked first.
///
/// # Errors
/// As [`mine_of_patient`].
pub async fn mine_of_doctor(
    clinic: &Clinic,
    who: &Actor,
    date: Option<NaiveDate>,
    status: Option<Status>,
    paging: &Paging,
) -> Answer<Listed<Mine>> {
    let doctor = doctor_rules::of_caller(&mut clinic.db.read().await?, who).await?;
    let own = doctor.map(|number| Own {
        is_doctor: true,
        number,
        date,
        status,
    });
    listed(clinic, who, own, paging).await
}

async fn listed(
    clinic: &Clinic,
    who: &Actor,
    own: Option<Own>,
    paging: &Paging,
) -> Answer<Listed<Mine>> {
    let span = paging.span()?;
    let Some(own) = own else {
        return paging.listed(0, Vec::new(), |mine: &Mine| mine.row.line.id);
    };
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader, &own).await?;
    let rows = table::page(&mut reader, &own, span.after, span.limit, span.offset).await?;
    let rows = with_images(&mut reader, rows).await?;
    drop(reader);
    let detail = json!({ "count": count });
    clinic
        .reads
        .note(who, "list_own_appointments", None, detail)
        .await;
    paging.listed(count, rows, |mine| mine.row.line.id)
}

async fn with_images(session: &mut impl Session, rows: Vec<DetailRow>) -> Answer<Vec<Mine>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.line.id).collect();
    let found: Vec<ImageRow> = images::of(session, &ids).await?;
    let mine = rows.into_iter().map(|row| {
        let own = found.iter().filter(|one| one.appointment_id == row.line.id);
        Mine {
            images: own.map(|one| one.image.clone()).collect(),
            row,
        }
    });
    Ok(mine.collect())
}

/// An appointment that the caller sees: as the patient, as the doctor, or as staff.
///
/// # Errors
/// [`Refusal::Missing`] if they do not.
pub async fn one_of_mine(clinic: &Clinic, who: &Actor, id: i64) -> Answer<Mine> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of(&mut reader, who).await?;
    let row = appointments::by_id(&mut reader, id).await?;
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let patient = row.ok_or(MISSING)?.patient_id;
    drop(reader);
    let mine = shown_after_change(clinic, id).await?;
    let detail = json!({ "appointment": id });
    clinic
        .reads
        .note(who, "show_appointment", Some(patient), detail)
        .await;
    Ok(mine)
}

/// An appointment that the caller has just made or changed.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn shown_after_change(clinic: &Clinic, id: i64) -> Answer<Mine> {
    let mut reader = clinic.db.read().await?;
    let row = lists::detail(&mut reader, id).await?.ok_or(MISSING)?;
    let mut mine = with_images(&mut reader, vec![row]).await?;
    mine.pop().ok_or(MISSING)
}

/// Books for the caller's own patient record, and answers the appointment's id. The pictures are
/// stored before the row that names them, and go again if there is none.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::Unbookable`] with everything in the way,
/// [`Refusal::TooLarge`].
pub async fn book_as_patient(
    clinic: &Clinic,
    who: &Actor,
    form: ByPatient,
    mut faults: Faults,
) -> Answer<i64> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut reader = clinic.db.read().await?;
    let patient = bookings::patient_of_account(&mut reader, account).await?;
    let doctor = doctors::by_uid(&mut reader, form.what.with).await?;
    drop(reader);
    if patient.is_none() {
        faults.add(
            FieldErrors::CROSS_FIELD,
            "You have no patient record; ask the front desk for one.",
        );
    }
    // Hidden doctors look like missing ones.
    let doctor = doctor.filter(|doctor| doctor.verified_at.is_some());
    if doctor.is_none() {
        faults.add("doctor", "There is no such doctor.");
    }
    let people = (patient, doctor.map(|doctor| doctor.id));
    let mut booking = booking(clinic, &form.what, people, &mut faults);
    booking.is_limited = true;
    let stored = stored(clinic, form.images, &mut faults).await?;
    booking.images.clone_from(&stored);
    let booked = match faults.refuse() {
        Ok(()) => book_as(clinic, who, &booking).await,
        Err(refusal) => Err(refusal),
    };
    if booked.is_err() {
        for key in &stored {
            pictures::discard(clinic, key).await;
        }
    }
    booked
}

/// Stores pictures until one is faulty.
async fn stored(clinic: &Clinic, images: Vec<Vec<u8>>, faults: &mut Faults) -> Answer<Vec<String>> {
    let mut keys = Vec::new();
    for bytes in images {
        match pictures::store(clinic, MediaKind::Private, bytes, IMAGES).await {
            Ok(key) => keys.push(key),
            Err(Refusal::Invalid(told)) => {
                faults.add_all(told);
                break;
            }
            Err(refusal) => {
                for key in &keys {
                    pictures::discard(clinic, key).await;
                }
                return Err(refusal);
            }
        }
    }
    Ok(keys)
}

/// The caller, a doctor, books for one of their patients, and answers the appointment's id.
///
/// # Errors
/// As [`book_as_patient`]; [`Refusal::Forbidden`] unless the caller is a doctor.
pub async fn book_as_doctor(
    clinic: &Clinic,
    who: &Actor,
    form: &ByDoctor,
    mut faults: Faults,
) -> Answer<i64> {
    let mut reader = clinic.db.read().await?;
    let doctor = doctor_rules::of_caller(&mut reader, who).await?;
    let doctor = doctor.ok_or_else(Refusal::forbidden)?;
    let patient = patients::by_uid(&mut reader, form.with).await?;
    let patient = match patient {
        // A doctor sees the patients who come to them, and nobody else.
        Some(patient) if bookings::knows(&mut reader, doctor, patient.id).await? => {
            Some(patient.id)
        }
        _ => None,
    };
    drop(reader);
    if patient.is_none() {
        faults.add("patient", "There is no such patient of yours.");
    }
    let booking = booking(clinic, form, (patient, Some(doctor)), &mut faults);
    faults.refuse()?;
    book_as(clinic, who, &booking).await
}

fn booking(
    clinic: &Clinic,
    form: &ByDoctor,
    (patient, doctor): (Option<i64>, Option<i64>),
    faults: &mut Faults,
) -> Booking {
    let title = form.title.as_deref();
    let title = title.map(|title| text::optional(title, LONGEST_TITLE));
    let title = title.and_then(|title| faults.take("title", title).flatten());
    let symptoms = faults.take("symptoms", text::prose(&form.symptoms, LONGEST_SYMPTOMS));
    let starts_on = form.starts_at.map(|at| at.with_timezone(&clinic.zone));
    if starts_on.is_some_and(|at| at.date_naive() != form.date) {
        faults.add("meeting_date", "This is not the date of starts_at.");
    }
    Booking {
        patient: patient.unwrap_or_default(),
        doctor: doctor.unwrap_or_default(),
        wish: match form.starts_at {
            Some(starts_at) => Wish::At {
                window: Some(form.window),
                starts_at,
                minutes: None,
            },
            None => Wish::Window {
                window: form.window,
                when: When::On(form.date),
            },
        },
        kind: form.kind,
        title,
        symptoms: symptoms.unwrap_or_default(),
        overbook: None,
        outside_hours: false,
        is_limited: false,
        waiting: None,
        images: Vec::new(),
    }
}

/// An appointment on the wire, with the URLs of its pictures.
pub fn own_wire(row: DetailRow, images: Vec<String>) -> Appointment {
    let line = row.line;
    let meeting_time = row.available_time_id.zip(line.window_name);
    Appointment {
        id: line.id,
        doctor: Named {
            id: line.doctor_uid,
            full_name: line.doctor_name,
        },
        patient: Named {
            id: line.patient_uid,
            full_name: line.patient_name,
        },
        appointment_type: line.kind.0,
        title: row.title,
        symptoms: row.symptoms,
        meeting_date: line.date,
        meeting_time: meeting_time.map(|(id, name)| MeetingTime { id, name }),
        starts_at: line.starts_at,
        ends_at: line.ends_at,
        status: line.status.0,
        meeting_link: row.meeting_link,
        is_paid: row.is_paid,
        images,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
