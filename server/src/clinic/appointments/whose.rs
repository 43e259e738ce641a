//! Whose appointments a caller sees: what is theirs as a person, and what their role shows
//! (API.md §1).

use clinic_shared::desk::appointments::CancelledBy;

use super::super::{Actor, Answer, Clinic, Refusal, doctors};
use super::MISSING;
use crate::store::appointment_lists::Whose;
use crate::store::{Session, appointments, bookings};

/// What of everything a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::clinic) struct Sight {
    /// Whether that is all.
    pub(in crate::clinic) all: bool,
    /// The doctor they are.
    pub(in crate::clinic) doctor: Option<i64>,
    /// The patient they are.
    pub(in crate::clinic) patient: Option<i64>,
}

impl Sight {
    /// Looks the caller up.
    pub(super) async fn of(session: &mut impl Session, who: &Actor) -> Answer<Self> {
        let Some(account) = who.account else {
            return Ok(Sight {
                all: false,
                doctor: None,
                patient: None,
            });
        };
        Ok(Sight {
            all: who.is_staff(),
            doctor: doctors::of_caller(session, who).await?,
            patient: bookings::patient_of_account(session, account.id).await?,
        })
    }

    /// As [`Sight::of`], for reading only: of staff it is enough that they see all.
    pub(in crate::clinic) async fn of_reader(
        session: &mut impl Session,
        who: &Actor,
    ) -> Answer<Self> {
        match who.is_staff() {
            true => Ok(Sight {
                all: true,
                doctor: None,
                patient: None,
            }),
            false => Self::of(session, who).await,
        }
    }

    /// Whether one appointment is among what they see.
    pub(super) fn shows(self, doctor: i64, patient: i64) -> bool {
        self.all || self.doctor == Some(doctor) || self.is_patient(patient)
    }

    /// Whether they work on this doctor's appointments: as the doctor, or as staff.
    pub(super) fn is_at_work(self, doctor: i64) -> bool {
        self.all || self.doctor == Some(doctor)
    }

    /// Whether they are this patient.
    pub(in crate::clinic) fn is_patient(self, patient: i64) -> bool {
        self.patient == Some(patient)
    }

    /// What they see of a list that was narrowed to a doctor, a patient, or both; none: nothing.
    pub(super) fn narrowed(self, doctor: Option<i64>, patient: Option<i64>) -> Option<Whose> {
        if self.all {
            return Some(match (doctor, patient) {
                (None, None) => Whose::All,
                (Some(doctor), None) => Whose::Doctor(doctor),
                (None, Some(patient)) => Whose::Patient(patient),
                (Some(doctor), Some(patient)) => Whose::Both { doctor, patient },
            });
        }
        match (doctor, patient) {
            (None, None) => match (self.doctor, self.patient) {
                (Some(doctor), Some(patient)) => Some(Whose::Either { doctor, patient }),
                (Some(doctor), None) => Some(Whose::Doctor(doctor)),
                (None, Some(patient)) => Some(Whose::Patient(patient)),
                (None, None) => None,
            },
            // Of their own patients: all. Of anybody else's: what they come to as a patient.
            (Some(asked), None) if self.doctor == Some(asked) => Some(Whose::Doctor(asked)),
            (Some(doctor), None) => {
                let patient = self.patient?;
                Some(Whose::Both { doctor, patient })
            }
            (None, Some(asked)) if self.patient == Some(asked) => Some(Whose::Patient(asked)),
            (None, Some(patient)) => {
                let doctor = self.doctor?;
                Some(Whose::Both { doctor, patient })
            }
            (Some(doctor), Some(patient)) => self
                .shows(doctor, patient)
                .then_some(Whose::Both { doctor, patient }),
        }
    }
}

/// Whether the caller may change an appointment, and as whom they would call it off.
///
/// # Errors
/// [`Refusal::Missing`] if they do not see it, [`Refusal::Forbidden`] unless it is theirs as a
/// patient or they are staff: the doctor changes states, on v1.
pub(super) async fn reachable(clinic: &Clinic, who: &Actor, id: i64) -> Answer<CancelledBy> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of(&mut reader, who).await?;
    let row = appointments::by_id(&mut reader, id).await?;
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let row = row.ok_or(MISSING)?;
    match (sight.is_patient(row.patient_id), sight.all) {
        (true, _) => Ok(CancelledBy::Patient),
        (false, true) => Ok(CancelledBy::Clinic),
        (false, false) => Err(Refusal::forbidden()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Sight = Sight {
        all: false,
        doctor: Some(1),
        patient: Some(2),
    };

    #[test]
    fn a_doctor_who_is_a_patient_too_sees_both_and_nothing_else() {
        let either = Whose::Either {
            doctor: 1,
            patient: 2,
        };
        assert_eq!(BOTH.narrowed(None, None), Some(either));
        assert_eq!(BOTH.narrowed(Some(1), None), Some(Whose::Doctor(1)));
        assert_eq!(BOTH.narrowed(None, Some(2)), Some(Whose::Patient(2)));
        let own_visit = Whose::Both {
            doctor: 9,
            patient: 2,
        };
        assert_eq!(BOTH.narrowed(Some(9), None), Some(own_visit));
        assert_eq!(BOTH.narrowed(Some(9), Some(8)), None);
        assert!(!BOTH.shows(9, 8));
    }

    #[test]
    fn nobody_sees_nothing() {
        let nobody = Sight {
            all: false,
            doctor: None,
            patient: None,
        };
        assert_eq!(nobody.narrowed(None, None), None);
        assert_eq!(nobody.narrowed(Some(1), None), None);
        assert!(!nobody.shows(0, 0));
    }
}
