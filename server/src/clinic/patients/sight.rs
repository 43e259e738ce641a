//! Who sees whose record, and who may change it (API.md §3 `/patients/`): staff all, a doctor reads
//! those with an appointment with them, everybody has their own.

use super::super::{Actor, Answer, Refusal, doctors};
use super::MISSING;
use crate::store::patients::PatientRow;
use crate::store::{Session, patient_lists};

/// The record, if the caller sees it.
///
/// # Errors
/// [`Refusal::Missing`].
pub(super) async fn seen(
    session: &mut impl Session,
    who: &Actor,
    row: Option<PatientRow>,
) -> Answer<PatientRow> {
    let row = row.ok_or(MISSING)?;
    if is_theirs(who, &row) || is_own_patient(session, who, row.id).await? {
        return Ok(row);
    }
    Err(MISSING)
}

/// The record, if the caller may change it.
///
/// # Errors
/// [`Refusal::Missing`] if they do not even see it, else [`Refusal::Forbidden`].
pub(super) async fn changeable(
    session: &mut impl Session,
    who: &Actor,
    row: Option<PatientRow>,
) -> Answer<PatientRow> {
    let row = seen(session, who, row).await?;
    match is_theirs(who, &row) {
        true => Ok(row),
        false => Err(Refusal::forbidden()),
    }
}

fn is_theirs(who: &Actor, row: &PatientRow) -> bool {
    who.is_staff() || (row.account_id.is_some() && row.account_id == who.account_id())
}

async fn is_own_patient(session: &mut impl Session, who: &Actor, patient: i64) -> Answer<bool> {
    match doctors::of_caller(session, who).await? {
        Some(doctor) => Ok(patient_lists::has_appointment(session, doctor, patient).await?),
        None => Ok(false),
    }
}
