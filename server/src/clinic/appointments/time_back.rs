//! Taking time back that an appointment held before (API.md §6): for a late comer, and for a
//! cancellation that is taken back. It goes through the same locks as a booking, and if the time was
//! given away, staff may have it stand beside the other one.

use chrono::Days;

use super::super::{Clinic, Refusal};
use super::MISSING;
use super::booking::{Failure, over_limit};
use super::place::Search;
use super::whose::Sight;
use crate::store::appointments::AppointmentRow;
use crate::store::bookings::Except;
use crate::store::{Tx, absences, bookings};

/// Time that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::clinic) struct Again {
    /// The doctor's name.
    pub(super) doctor: String,
    /// Whether it stands beside another one from now on.
    pub(super) overbooked: bool,
    /// Why it may.
    pub(super) because: Option<String>,
}

/// Looks whether an appointment's time is still free, with doctor and patient locked until the
/// transaction ends.
pub(super) async fn take_back(
    clinic: &Clinic,
    tx: &mut Tx,
    sight: Sight,
    row: &AppointmentRow,
    overbook: Option<&str>,
) -> Result<Again, Failure> {
    let doctor = bookings::lock_doctor(tx, row.doctor_id).await?;
    let doctor = doctor.ok_or_else(|| Refusal::Conflict {
        code: "invalid_transition",
        detail: "This doctor has left the clinic.".to_owned(),
    })?;
    if !bookings::lock_patient(tx, row.patient_id).await? {
        return Err(MISSING.into());
    }
    let a_day = Days::new(1);
    let dates = (
        row.date.checked_sub_days(a_day).unwrap_or(row.date),
        row.date.checked_add_days(a_day).unwrap_or(row.date),
    );
    let people = (row.doctor_id, row.patient_id);
    let kept = Except {
        appointment: Some(row.id),
        waiting: None,
    };
    let now = clinic.clock.now();
    let held = bookings::held(tx, people, dates, kept, now).await?;
    let off = absences::off(tx, &[row.doctor_id], dates).await?;
    let search = Search {
        windows: &[],
        doctor: &doctor.full_name,
        zone: clinic.zone,
        now,
        held: &held,
        off: &off,
    };
    let mut against = search.against(&row.place());
    let overbook = overbook.filter(|_| sight.all);
    // What stood beside another one may do so again, as far as the limit goes; where there is room
    // now it needs no favour. A walk-in takes nobody's time and is always beside.
    let beside = (row.overbooked || overbook.is_some()) && against.step_beside();
    let mut reasons = Vec::new();
    if beside && !row.walk_in {
        let full = over_limit(clinic, tx, &doctor, row.date, Some(row.id)).await?;
        reasons.extend(full);
    }
    reasons.extend(search.told(against));
    if !reasons.is_empty() {
        let refusal = Refusal::Unbookable(reasons);
        return Err(match sight.all {
            true => refusal,
            false => refusal.without_things(),
        }
        .into());
    }
    Ok(Again {
        doctor: doctor.full_name,
        overbooked: row.walk_in || beside,
        because: overbook.filter(|_| beside).map(str::to_owned),
    })
}
