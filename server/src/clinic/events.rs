//! What happened, for whoever listens (API.md §7): ids only, written by the change itself, so that
//! an event is there exactly when its change is.
//!
//! Each server's [`Hub`] reads what has committed, in commit order, and a [`Follower`] gives a caller
//! what is theirs to see: what they missed, from the database, then what happens.

mod follower;
mod hub;

use chrono::TimeDelta;
use clinic_shared::v1::events::{Event, EventKind};

use super::Clinic;
use super::appointments::Sight;
use crate::store::Tx;
use crate::store::events::{self as table, EventRow, NewEvent};

pub use follower::{Follower, Told, follow};
pub use hub::{CHANNEL, Hub, run};

/// An appointment was booked, or changed.
pub const APPOINTMENT: &str = EventKind::Appointment.as_str();
/// A patient's record was merged, parted again, or linked.
pub const PATIENT: &str = EventKind::Patient.as_str();
/// The queue of a doctor moved, without any of its appointments: the object is the doctor.
pub const QUEUE: &str = EventKind::Queue.as_str();
/// Somebody wrote to the clinic, or what they wrote changed.
pub const CONTACT: &str = EventKind::Contact.as_str();
/// When somebody can be booked changed: absences, closures, windows.
pub const SCHEDULE: &str = EventKind::Schedule.as_str();
/// Somebody waits for a time, or does not any more.
pub const WAITLIST: &str = EventKind::Waitlist.as_str();

/// How long events are kept for those who were away.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Writes an event into the transaction of what happened: the kind of thing, which one, and whose
/// doctor's and patient's it is.
///
/// # Errors
/// The database's.
pub async fn record(
    tx: &mut Tx,
    clinic: &Clinic,
    kind: &'static str,
    object: i64,
    doctor: Option<i64>,
    patient: Option<i64>,
) -> sqlx::Result<()> {
    let event = NewEvent {
        kind,
        object,
        doctor,
        patient,
    };
    tx.tell_on_commit(clinic.events.waker());
    table::insert(tx, &event, clinic.clock.now()).await
}

/// Forgets what happened a week ago: the night's work.
///
/// # Errors
/// The database's.
pub(super) async fn purge(clinic: &Clinic, tx: &mut Tx) -> sqlx::Result<()> {
    table::purge(tx, clinic.clock.now() - KEPT).await?;
    Ok(())
}

/// Something that happened, as the hub hands it to everybody.
#[derive(Debug, Clone, Copy)]
struct Happened {
    position: i64,
    event: Event,
    doctor: Option<i64>,
    patient: Option<i64>,
}

impl Happened {
    /// None of a kind that this version does not know.
    fn of(row: &EventRow) -> Option<Self> {
        let kind: EventKind = row.kind.parse().ok()?;
        let event = Event {
            kind,
            object: (kind != EventKind::Queue).then_some(row.object_id),
            doctor: row.doctor_uid,
            patient: row.patient_uid,
        };
        Some(Happened {
            position: row.position,
            event,
            doctor: row.doctor_id,
            patient: row.patient_id,
        })
    }

    /// Whether a caller sees it: staff all; others what is theirs as a patient, and doctors what is
    /// theirs to work with and what the whole clinic's hours are. Records, contacts and other
    /// people's wishes are the desk's.
    fn is_shown_to(&self, sight: Sight) -> bool {
        let is_own = self.patient.is_some_and(|id| sight.is_patient(id));
        let is_practice = sight.doctor.is_some() && self.doctor == sight.doctor;
        sight.all
            || is_own
            || match self.event.kind {
                EventKind::Appointment | EventKind::Queue => is_practice,
                EventKind::Schedule => {
                    is_practice || (sight.doctor.is_some() && self.doctor.is_none())
                }
                EventKind::Patient | EventKind::Contact | EventKind::Waitlist => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(kind: EventKind, doctor: Option<i64>, patient: Option<i64>) -> Happened {
        let event = Event {
            kind,
            object: Some(1),
            doctor: None,
            patient: None,
        };
        Happened {
            position: 1,
            event,
            doctor,
            patient,
        }
    }

    fn sight(doctor: Option<i64>, patient: Option<i64>) -> Sight {
        Sight {
            all: false,
            doctor,
            patient,
        }
    }

    #[test]
    fn whoever_is_nobody_sees_nothing() {
        for kind in EventKind::ALL {
            for (doctor, patient) in [(None, None), (Some(1), Some(2))] {
                assert!(!happened(*kind, doctor, patient).is_shown_to(sight(None, None)));
            }
        }
    }

    #[test]
    fn a_doctor_sees_their_work_and_the_clinics_hours() {
        let dora = sight(Some(1), None);
        for kind in [
            EventKind::Appointment,
            EventKind::Queue,
            EventKind::Schedule,
        ] {
            assert!(happened(kind, Some(1), Some(7)).is_shown_to(dora), "{kind}");
            assert!(
                !happened(kind, Some(2), Some(7)).is_shown_to(dora),
                "{kind}"
            );
        }
        assert!(happened(EventKind::Schedule, None, None).is_shown_to(dora));
        assert!(!happened(EventKind::Contact, None, None).is_shown_to(dora));
        assert!(!happened(EventKind::Waitlist, Some(1), Some(7)).is_shown_to(dora));
    }

    #[test]
    fn a_patient_sees_what_is_theirs_and_a_doctor_too() {
        for whose in [sight(None, Some(7)), sight(Some(1), Some(7))] {
            for kind in [EventKind::Appointment, EventKind::Waitlist] {
                assert!(happened(kind, Some(9), Some(7)).is_shown_to(whose));
                assert!(!happened(kind, Some(9), Some(8)).is_shown_to(whose));
            }
        }
        assert!(!happened(EventKind::Schedule, None, None).is_shown_to(sight(None, Some(7))));
    }
}
