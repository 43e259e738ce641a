//! A doctor's windows as the desk looks at them before it changes one (API.md §7 `doctors/`).

use clinic_shared::desk::appointments::Person;
use clinic_shared::desk::doctors::DoctorWindow;
use uuid::Uuid;

use super::{Window, table};
use crate::clinic::{Answer, Clinic, Refusal};
use crate::store::available_times::OfferRow;
use crate::store::doctors as doctor_table;

/// A window of a doctor's.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// The window.
    pub window: Window,
    /// Everybody who offers it.
    pub doctors: Vec<OfferRow>,
    /// How many appointments of this doctor are still to come in it.
    pub booked: i64,
    /// How many of all doctors.
    pub booked_by_all: i64,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// The windows that a doctor offers, by id. They and their numbers are no patient's data, so that
/// it is not audited.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such doctor.
pub async fn of_doctor(clinic: &Clinic, doctor: Uuid) -> Answer<Vec<Offered>> {
    let mut reader = clinic.db.read().await?;
    let doctor = doctor_table::by_uid(&mut reader, doctor).await?;
    let doctor = doctor.ok_or(Refusal::Missing("Doctor"))?;
    let rows = table::of_doctor(&mut reader, doctor.id).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let offers = table::offers(&mut reader, &ids).await?;
    let (today, now) = (clinic.today(), clinic.clock.now());
    let booked = table::booked(&mut reader, &ids, today, now).await?;
    let offered = rows.into_iter().map(|row| {
        let of_window = booked
            .iter()
            .filter(|one| one.available_time_id == row.id)
            .collect::<Vec<_>>();
        let of_doctor = of_window.iter().filter(|one| one.doctor_id == doctor.id);
        Offered {
            doctors: offers
                .iter()
                .filter(|offer| offer.available_time_id == row.id)
                .cloned()
                .collect(),
            booked: of_doctor.map(|one| one.count).sum(),
            booked_by_all: of_window.iter().map(|one| one.count).sum(),
            version: row.version,
            window: row.into(),
        }
    });
    Ok(offered.collect())
}

impl Offered {
    /// The window as the desk shows it.
    pub fn wire(self) -> DoctorWindow {
        let person = |offer: OfferRow| Person {
            id: offer.doctor_uid,
            number: offer.doctor_id,
            full_name: offer.full_name,
        };
        DoctorWindow {
            window: self.window.wire(),
            doctors: self.doctors.into_iter().map(person).collect(),
            booked: self.booked,
            booked_by_all: self.booked_by_all,
            version: self.version,
        }
    }
}
