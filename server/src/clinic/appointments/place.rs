//! Where in a day an appointment fits: pure, over what is held already.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::available_times::{Slot, Window, first_moment, slots};
use super::super::{Answer, Obstacle, Refusal};
use crate::store::appointments::Place;
use crate::store::bookings::HeldRow;

/// The farthest ahead that anything is booked.
const FARTHEST: Days = Days::new(3660);

/// How long what has no slot and no length is thought to take, in minutes, to tell what is in its way.
pub(in crate::clinic) const USUAL: i64 = 30;

/// What is asked for, and what stands against it.
pub(super) struct Search<'a> {
    /// What the doctor offers.
    pub(super) windows: &'a [Window],
    /// The doctor's name, for the reasons.
    pub(super) doctor: &'a str,
    /// The clinic's zone.
    pub(super) zone: Tz,
    /// Now.
    pub(super) now: DateTime<Utc>,
    /// What doctor and patient hold around these dates.
    pub(super) held: &'a [HeldRow],
}

/// A place that is wished for exactly, and what is against it beside other appointments.
pub(super) struct Wished {
    place: Place,
    obstacles: Vec<Obstacle>,
}

impl Search<'_> {
    /// The earliest free place of a window on a date, or everything that is in the way; if only the
    /// doctor's other appointments are and `overbooks`, the earliest beside them (then true).
    pub(super) fn on(
        &self,
        window: &Window,
        date: NaiveDate,
        overbooks: bool,
    ) -> Result<(Place, bool), Vec<Obstacle>> {
        match self.free_on(window, date) {
            Ok(place) => Ok((place, false)),
            Err(obstacles) => {
                let beside = overbooks.then(|| self.beside_on(window, date)).flatten();
                beside.map(|place| (place, true)).ok_or(obstacles)
            }
        }
    }

    /// The earliest free place of a window on a date, or everything that is in the way.
    fn free_on(&self, window: &Window, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let mut obstacles = self.of_the_date(date);
        if !window.is_offered_on(date) {
            obstacles.push(self.outside(window, date));
        }
        if !obstacles.is_empty() {
            return Err(obstacles);
        }
        if window.hours.is_some() {
            self.slot_on(window, date)
        } else {
            self.label_on(window, date)
        }
    }

    /// What is against a date, whatever the time.
    fn of_the_date(&self, date: NaiveDate) -> Vec<Obstacle> {
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
        obstacles
    }

    /// The earliest place of a window on a date where only the doctor is busy.
    fn beside_on(&self, window: &Window, date: NaiveDate) -> Option<Place> {
        if !self.of_the_date(date).is_empty() || !window.is_offered_on(date) {
            return None;
        }
        let place = |span: Option<(DateTime<Utc>, DateTime<Utc>)>, at| Place {
            available_time: Some(window.id),
            date,
            span,
            at,
        };
        let mut places: Vec<Place> = match window.hours {
            Some(_) => slots(window, date, self.zone)
                .iter()
                .filter(|slot| slot.starts_at >= self.now)
                .map(|slot| place(Some((slot.starts_at, slot.ends_at)), slot.starts_at))
                .collect(),
            None => vec![place(None, first_moment(date, self.zone)?)],
        };
        places.retain(|place| in_the_way(self.held, place).1.is_none());
        places.into_iter().next()
    }

    /// The place that begins exactly then: as long as said, or as the slot that begins then. Outside
    /// the windows only where that is allowed.
    pub(super) fn exact(
        &self,
        window: Option<&Window>,
        starts_at: DateTime<Utc>,
        minutes: Option<i64>,
        outside_hours: bool,
    ) -> Answer<Wished> {
        if starts_at.timestamp_subsec_nanos() != 0 || starts_at.timestamp() % 60 != 0 {
            return Err(Refusal::field("starts_at", "Give a whole minute."));
        }
        let date = starts_at.with_timezone(&self.zone).date_naive();
        let windows = window.map_or(self.windows, std::slice::from_ref);
        let slot = windows.iter().find_map(|window| {
            let mut all = slots(window, date, self.zone).into_iter();
            let slot = all.find(|slot| slot.starts_at == starts_at)?;
            Some((window.id, slot.ends_at))
        });
        let (ends_at, inside) = match (minutes, slot) {
            (None, Some((window, ends_at))) => (ends_at, Some(window)),
            (None, None) if outside_hours => {
                return Err(Refusal::field(
                    "duration_minutes",
                    "No slot of the doctor's begins then; say how long it takes.",
                ));
            }
            (minutes, _) => {
                let length = TimeDelta::minutes(minutes.unwrap_or(USUAL));
                let ends_at = starts_at.checked_add_signed(length);
                let ends_at = ends_at.ok_or_else(too_far)?;
                let covers = |window: &&Window| self.covers(window, date, (starts_at, ends_at));
                let inside = minutes.and_then(|_| windows.iter().find(covers));
                (ends_at, inside.map(|window| window.id))
            }
        };
        let mut obstacles = self.of_the_date(date);
        if obstacles.is_empty() && starts_at < self.now {
            obstacles.push(past("This time is over for today."));
        }
        if inside.is_none() && !outside_hours {
            obstacles.push(match window {
                Some(window) => self.outside(window, date),
                None => self.outside_all(starts_at),
            });
        }
        let place = Place {
            available_time: inside,
            date,
            span: Some((starts_at, ends_at)),
            at: starts_at,
        };
        Ok(Wished { place, obstacles })
    }

    /// Whether a window's hours on a date hold a span.
    fn covers(
        &self,
        window: &Window,
        date: NaiveDate,
        (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> bool {
        let whole = Window {
            slot_minutes: None,
            ..window.clone()
        };
        let whole = slots(&whole, date, self.zone);
        whole
            .iter()
            .any(|whole| whole.starts_at <= starts_at && ends_at <= whole.ends_at)
    }

    /// That place, if nothing is in its way; beside the doctor's others if it `overbooks`.
    pub(super) fn at(
        &self,
        wished: Wished,
        overbooks: bool,
    ) -> Result<(Place, bool), Vec<Obstacle>> {
        let Wished {
            place,
            mut obstacles,
        } = wished;
        let (of_doctor, of_patient) = in_the_way(self.held, &place);
        let doctor = of_doctor.is_some() && !overbooks;
        obstacles.extend(self.busy(doctor, of_patient.is_some()));
        match obstacles.is_empty() {
            true => Ok((place, of_doctor.is_some())),
            false => Err(obstacles),
        }
    }

    /// The place of somebody who came without being booked: from this minute on, beside whatever the
    /// doctor holds. Only another appointment of the patient's is in its way; behind one at which
    /// they were seen already it begins.
    pub(super) fn walk_in(&self, minutes: Option<i64>) -> Result<Place, Vec<Obstacle>> {
        let this_minute = self.now.timestamp().div_euclid(60) * 60;
        let this_minute = DateTime::from_timestamp(this_minute, 0).unwrap_or(self.now);
        let date = self.now.with_timezone(&self.zone).date_naive();
        let one = TimeDelta::minutes(1);
        let mut windows = self.windows.iter();
        let on = windows.find(|window| self.covers(window, date, (this_minute, this_minute + one)));
        let usual = on.and_then(|window| window.slot_minutes).map(i64::from);
        let length = TimeDelta::minutes(minutes.or(usual).unwrap_or(USUAL));
        let seen = self.held.iter().filter(|held| {
            held.is_patients && held.is_over && held.starts_at.is_some_and(|at| at <= self.now)
        });
        let seen_until = seen.filter_map(|held| held.ends_at).max();
        let starts_at = seen_until.map_or(this_minute, |until| until.max(this_minute));
        let place = Place {
            available_time: on.map(|window| window.id),
            date,
            span: Some((starts_at, starts_at + length)),
            at: starts_at,
        };
        match in_the_way(self.held, &place).1 {
            Some(_) => Err(self.busy(false, true)),
            None => Ok(place),
        }
    }

    /// The first free place from today on, within so many days.
    pub(super) fn next(&self, window: &Window, days: u64) -> Result<Place, Vec<Obstacle>> {
        let today = self.now.with_timezone(&self.zone).date_naive();
        let mut dates = (0..days).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
        dates
            .find_map(|date| self.free_on(window, date).ok())
            .ok_or_else(|| {
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

    fn slot_on(&self, window: &Window, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let all = slots(window, date, self.zone);
        if all.is_empty() {
            // The night the clocks go forward may have swallowed the window.
            return Err(vec![self.outside(window, date)]);
        }
        let ahead: Vec<&Slot> = all.iter().filter(|s| s.starts_at >= self.now).collect();
        if ahead.is_empty() {
            return Err(vec![past("This time is over for today.")]);
        }
        let taken: Vec<(bool, bool)> = ahead.iter().map(|slot| self.taken(slot)).collect();
        let mut places = ahead.iter().zip(&taken);
        if let Some((slot, _)) = places.find(|(_, taken)| **taken == (false, false)) {
            return Ok(Place {
                available_time: Some(window.id),
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
    fn label_on(&self, window: &Window, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let same = |held: &&HeldRow| {
            held.starts_at.is_none()
                && held.date == date
                && held.available_time_id == Some(window.id)
        };
        let doctor = self.held.iter().filter(same).any(|held| held.is_doctors);
        let patient = self.held.iter().filter(same).any(|held| held.is_patients);
        if doctor || patient {
            return Err(self.busy(doctor, patient));
        }
        // A date that does not exist in this zone at all (Samoa left one out) is offered by nobody.
        let at = first_moment(date, self.zone).ok_or_else(|| vec![self.outside(window, date)])?;
        Ok(Place {
            available_time: Some(window.id),
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

    fn outside_all(&self, starts_at: DateTime<Utc>) -> Obstacle {
        let local = starts_at.with_timezone(&self.zone);
        Obstacle {
            code: "outside_window",
            field: "date",
            detail: format!(
                "No slot of {}'s begins on {}.",
                self.doctor,
                local.format("%A, %Y-%m-%d at %H:%M")
            ),
        }
    }

    fn outside(&self, window: &Window, date: NaiveDate) -> Obstacle {
        Obstacle {
            code: "outside_window",
            field: "date",
            detail: format!(
                "{} does not offer “{}” on {}.",
                self.doctor,
                window.name,
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

fn too_far() -> Refusal {
    Refusal::field("starts_at", "This is beyond the calendar's end.")
}

fn past(detail: &str) -> Obstacle {
    Obstacle {
        code: "past",
        field: "date",
        detail: detail.to_owned(),
    }
}
