//! Where in a day an appointment fits: pure, over what is held already.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::super::Obstacle;
use super::super::available_times::{Slot, Window, first_moment, slots};
use crate::store::appointments::Place;
use crate::store::bookings::HeldRow;

/// The farthest ahead that anything is booked.
const FARTHEST: Days = Days::new(3660);

/// What is asked for, and what stands against it.
pub(super) struct Search<'a> {
    /// The window asked for.
    pub(super) window: &'a Window,
    /// The doctor's name, for the reasons.
    pub(super) doctor: &'a str,
    /// The clinic's zone.
    pub(super) zone: Tz,
    /// Now.
    pub(super) now: DateTime<Utc>,
    /// What doctor and patient hold around these dates.
    pub(super) held: &'a [HeldRow],
}

impl Search<'_> {
    /// The earliest free place on a date, or everything that is in the way.
    pub(super) fn on(&self, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let today = self.now.with_timezone(&self.zone).date_naive();
        let mut obstacles = Vec::new();
        if date < today {
            obstacles.push(past("This date is in the past."));
        }
        if today
            .checked_add_days(FARTHEST)
            .is_none_or(|last| date > last)
        {
            obstacles.push(Obstacle {
                code: "too_far",
                field: "date",
                detail: "This date is more than ten years ahead.".to_owned(),
            });
        }
        if !self.window.is_offered_on(date) {
            obstacles.push(self.outside(date));
        }
        if !obstacles.is_empty() {
            return Err(obstacles);
        }
        if self.window.hours.is_some() {
            self.slot_on(date)
        } else {
            self.label_on(date)
        }
    }

    /// The first free place from today on, within so many days.
    pub(super) fn next(&self, days: u64) -> Result<Place, Vec<Obstacle>> {
        let today = self.now.with_timezone(&self.zone).date_naive();
        let mut dates = (0..days).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
        dates.find_map(|date| self.on(date).ok()).ok_or_else(|| {
            vec![Obstacle {
                code: "no_free_time",
                field: "date",
                detail: format!(
                    "{} has nothing free at this time within {days} days.",
                    self.doctor
                ),
            }]
        })
    }

    fn slot_on(&self, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let all = slots(self.window, date, self.zone);
        if all.is_empty() {
            // The night the clocks go forward may have swallowed the window.
            return Err(vec![self.outside(date)]);
        }
        let ahead: Vec<&Slot> = all.iter().filter(|s| s.starts_at >= self.now).collect();
        if ahead.is_empty() {
            return Err(vec![past("This time is over for today.")]);
        }
        let taken: Vec<(bool, bool)> = ahead.iter().map(|slot| self.taken(slot)).collect();
        let mut places = ahead.iter().zip(&taken);
        if let Some((slot, _)) = places.find(|(_, taken)| **taken == (false, false)) {
            return Ok(Place {
                available_time: Some(self.window.id),
                date,
                span: Some((slot.starts_at, slot.ends_at)),
                at: slot.starts_at,
            });
        }
        let doctor = taken.iter().any(|(doctor, _)| *doctor);
        let patient = taken.iter().any(|(_, patient)| *patient);
        Err(self.busy(doctor, patient))
    }

    /// A window without a clock: once for each of them on a date.
    fn label_on(&self, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let same = |held: &&HeldRow| {
            held.starts_at.is_none()
                && held.date == date
                && held.available_time_id == Some(self.window.id)
        };
        let doctor = self.held.iter().filter(same).any(|held| held.is_doctors);
        let patient = self.held.iter().filter(same).any(|held| held.is_patients);
        if doctor || patient {
            return Err(self.busy(doctor, patient));
        }
        // A date that does not exist in this zone at all (Samoa left one out) is offered by nobody.
        let at = first_moment(date, self.zone).ok_or_else(|| vec![self.outside(date)])?;
        Ok(Place {
            available_time: Some(self.window.id),
            date,
            span: None,
            at,
        })
    }

    /// Whether the doctor and whether the patient is busy in a slot.
    fn taken(&self, slot: &Slot) -> (bool, bool) {
        let overlaps = |held: &&HeldRow| match (held.starts_at, held.ends_at) {
            (Some(starts), Some(ends)) => starts < slot.ends_at && slot.starts_at < ends,
            _ => false,
        };
        let mut around = (false, false);
        for held in self.held.iter().filter(overlaps) {
            around.0 |= held.is_doctors;
            around.1 |= held.is_patients;
        }
        around
    }

    fn busy(&self, doctor: bool, patient: bool) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        if doctor {
            obstacles.push(doctor_busy(self.doctor));
        }
        if patient {
            obstacles.push(patient_busy());
        }
        obstacles
    }

    fn outside(&self, date: NaiveDate) -> Obstacle {
        Obstacle {
            code: "outside_window",
            field: "date",
            detail: format!(
                "{} does not offer “{}” on {}.",
                self.doctor,
                self.window.name,
                date.format("%A, %Y-%m-%d")
            ),
        }
    }
}

/// What of the doctor's and what of the patient's stands in the way of a place; the doctor's leaves
/// out what stands beside others on purpose.
pub(super) fn in_the_way<'a>(
    held: &'a [HeldRow],
    place: &Place,
) -> (Option<&'a HeldRow>, Option<&'a HeldRow>) {
    let meets = |held: &HeldRow| match (held.starts_at.zip(held.ends_at), place.span) {
        (Some((starts, ends)), Some((from, until))) => starts < until && from < ends,
        (None, None) => held.date == place.date && held.available_time_id == place.available_time,
        _ => false,
    };
    let mut first = (None, None);
    for held in held.iter().filter(|held| meets(held)) {
        if held.is_doctors && first.0.is_none() {
            first.0 = Some(held);
        }
        if held.is_patients && first.1.is_none() {
            first.1 = Some(held);
        }
    }
    first
}

/// The reason that the doctor is booked already.
pub(super) fn doctor_busy(doctor: &str) -> Obstacle {
    Obstacle {
        code: "doctor_busy",
        field: "time",
        detail: format!("{doctor} is already booked at this time."),
    }
}

/// The reason that the patient is booked already.
pub(super) fn patient_busy() -> Obstacle {
    Obstacle {
        code: "patient_busy",
        field: "time",
        detail: "The patient has another appointment at this time.".to_owned(),
    }
}

fn past(detail: &str) -> Obstacle {
    Obstacle {
        code: "past",
        field: "date",
        detail: detail.to_owned(),
    }
}
