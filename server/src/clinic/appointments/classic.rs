//! Appointments as classic asks for them: the caller's own booking, by number, with page numbers
//! (API.md §3 `/appointments/`).

use chrono::NaiveDate;
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::Kind;
use serde_json::json;

use super::super::paging::{Listed, Paging};
use super::super::{Actor, Answer, Clinic, Faults, Refusal};
use super::MISSING;
use super::booking::{Booking, Request, When, book_as};
use super::whose::Sight;
use crate::store::appointment_lists as lists;
use crate::store::appointments::{self as table, AppointmentRow};
use crate::store::bookings;

/// A line of the list.
pub type Line = lists::LineRow;

/// A booking as the patient asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The doctor's number.
    pub doctor: i64,
    /// The window's id.
    pub window: i64,
    /// The clinic's date; none: the next one that is free.
    pub date: Option<NaiveDate>,
    /// Whether people meet.
    pub kind: Kind,
    /// What the patient says.
    pub symptoms: String,
}

/// Which of the appointments that the caller sees are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this patient's.
    pub patient: Option<i64>,
    /// Only this doctor's.
    pub doctor: Option<i64>,
}

/// A page of what the caller sees, by number.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    filter: Filter,
    paging: &Paging,
) -> Answer<Listed<Line>> {
    let span = paging.span()?;
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of_reader(&mut reader, who).await?;
    let found = match sight.narrowed(filter.doctor, filter.patient) {
        None => paging.listed(0, Vec::new(), |row: &Line| row.id)?,
        Some(whose) => {
            let count = lists::count(&mut reader, whose).await?;
            let after = span.after.unwrap_or(0);
            let rows = lists::page(&mut reader, whose, after, span.limit, span.offset).await?;
            paging.listed(count, rows, |row| row.id)?
        }
    };
    drop(reader);
    let detail = json!({ "count": found.count });
    clinic
        .reads
        .note(who, "list_appointments", None, detail)
        .await;
    Ok(found)
}

/// An appointment by its number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that the caller sees.
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<AppointmentRow> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of_reader(&mut reader, who).await?;
    let row = table::by_id(&mut reader, id).await?;
    drop(reader);
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let row = row.ok_or(MISSING)?;
    let detail = json!({ "appointment": id });
    let patient = Some(row.patient_id);
    clinic
        .reads
        .note(who, "show_appointment", patient, detail)
        .await;
    Ok(row)
}

/// Books for the caller's own patient record.
///
/// # Errors
/// [`Refusal::Invalid`] without such a record or on a field, [`Refusal::Unbookable`] with
/// everything in the way.
pub async fn book_own(
    clinic: &Clinic,
    who: &Actor,
    draft: Draft,
    faults: Faults,
) -> Answer<AppointmentRow> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut reader = clinic.db.read().await?;
    let patient = bookings::patient_of_account(&mut reader, account).await?;
    drop(reader);
    faults.refuse()?;
    let patient = patient.ok_or_else(|| {
        Refusal::field(
            FieldErrors::CROSS_FIELD,
            "Patient profile not found for this user; make one with POST /patients/ first.",
        )
    })?;
    let request = Request {
        patient,
        doctor: draft.doctor,
        window: draft.window,
        when: draft.date.map_or(When::Next, When::On),
        kind: draft.kind,
        symptoms: draft.symptoms,
    };
    let booking = Booking {
        is_limited: true,
        waiting: None,
        ..Booking::from(&request)
    };
    let id = book_as(clinic, who, &booking).await?;
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    row.ok_or(MISSING)
}
