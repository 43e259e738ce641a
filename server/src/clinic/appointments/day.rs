//! A day at the desk: who comes when, with the names, in one answer (API.md §7 `appointments/`).

use chrono::NaiveDate;
use clinic_shared::desk::appointments::Status;
use serde_json::json;
use uuid::Uuid;

use super::super::paging::{Listed, Paging};
use super::super::{Actor, Answer, Clinic};
use super::MISSING;
use super::whose::Sight;
use crate::store::appointment_lists::{self as lists, Day, DetailRow, NamedRow};

/// Which appointments of which day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The clinic's date; none: today.
    pub date: Option<NaiveDate>,
    /// Only of this doctor.
    pub doctor: Option<Uuid>,
    /// Only those that stand so.
    pub status: Option<Status>,
}

/// A page of a day, in the order of the day. The policy lets staff in only.
///
/// # Errors
/// [`super::Refusal::InvalidPage`], [`super::Refusal::Invalid`] on `cursor`.
pub async fn of_day(
    clinic: &Clinic,
    who: &Actor,
    listing: &Listing,
    paging: &Paging,
) -> Answer<Listed<NamedRow>> {
    let span = paging.span()?;
    let day = Day {
        date: listing.date.unwrap_or_else(|| clinic.today()),
        doctor: listing.doctor,
        status: listing.status,
    };
    let mut reader = clinic.db.read().await?;
    let count = lists::count_of_day(&mut reader, &day).await?;
    let rows = lists::day(&mut reader, &day, span.after, span.limit, span.offset).await?;
    drop(reader);
    let detail = json!({ "date": day.date, "count": count });
    clinic.reads.note(who, "list_day", None, detail).await;
    paging.listed(count, rows, |row| row.id)
}

/// An appointment that the caller has just changed, with everything the desk knows of it: the change
/// was audited, so this is no read of its own.
///
/// # Errors
/// [`super::Refusal::Missing`].
pub async fn after_change(clinic: &Clinic, id: i64) -> Answer<DetailRow> {
    let row = lists::detail(&mut clinic.db.read().await?, id).await?;
    row.ok_or(MISSING)
}

/// An appointment with everything the desk knows of it, for staff and for its doctor.
///
/// # Errors
/// [`super::Refusal::Missing`] if the caller does not see it.
pub async fn detail(clinic: &Clinic, who: &Actor, id: i64) -> Answer<DetailRow> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of_reader(&mut reader, who).await?;
    let row = lists::detail(&mut reader, id).await?;
    drop(reader);
    let row = row.filter(|row| sight.is_at_work(row.line.doctor_id));
    let row = row.ok_or(MISSING)?;
    let detail = json!({ "appointment": id });
    let patient = Some(row.line.patient_id);
    clinic
        .reads
        .note(who, "show_appointment", patient, detail)
        .await;
    Ok(row)
}
