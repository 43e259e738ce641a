//! Where in a day an appointment fits: pure, over what is held already.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::available_times::{Slot, Window, first_moment, slots, whole};
use super::super::{Answer, Obstacle, Refusal};
use super::obstacles::{away, doctor_busy, obstacle, outside, outside_all, past, patient_busy};
use crate::store::absences::OffRow;
use crate::store::appointments::Place;
use crate::store::bookings::HeldRow;

/// The farthest ahead that anything is booked.
pub(in crate::clinic) const FARTHEST: Days = Days::new(3660);

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
    /// When the doctor is away and the clinic closed around these dates.
    pub(super) off: &'a [OffRow],
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
            obstacles.push(outside(self.doctor, &window.name, date));
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
            let detail = "This date is more than ten years ahead.".to_owned();
            obstacles.push(obstacle("too_far", "date", detail));
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
        places.retain(|place| {
            let mut against = self.against(place);
            against.step_beside();
            against.is_nothing()
        });
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
                Some(window) => outside(self.doctor, &window.name, date),
                None => outside_all(self.doctor, starts_at, self.zone),
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
    pub(super) fn covers(
        &self,
        window: &Window,
        date: NaiveDate,
        (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> bool {
        whole(window, date, self.zone)
            .is_some_and(|whole| whole.starts_at <= starts_at && ends_at <= whole.ends_at)
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
        let mut against = self.against(&place);
        let beside = overbooks && against.step_beside();
        obstacles.extend(self.told(against));
        match obstacles.is_empty() {
            true => Ok((place, beside)),
            false => Err(obstacles),
        }
    }

    /// The first free place from today on, within so many days.
    pub(super) fn next(&self, window: &Window, days: u64) -> Result<Place, Vec<Obstacle>> {
        let today = self.now.with_timezone(&self.zone).date_naive();
        let mut dates = (0..days).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
        dates
            .find_map(|date| self.free_on(window, date).ok())
            .ok_or_else(|| {
                let doctor = self.doctor;
                let detail = format!("{doctor} has nothing free at this time within {days} days.");
                vec![obstacle("no_free_time", "date", detail)]
            })
    }

    fn slot_on(&self, window: &Window, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        let all = slots(window, date, self.zone);
        if all.is_empty() {
            // The night the clocks go forward may have swallowed the window.
            return Err(vec![outside(self.doctor, &window.name, date)]);
        }
        let ahead = all.into_iter().filter(|slot| slot.starts_at >= self.now);
        let mut against = None;
        for slot in ahead {
            let place = place_of(window, date, slot);
            let found = self.against(&place);
            if found.is_nothing() {
                return Ok(place);
            }
            against = Some(found.or(against.unwrap_or_default()));
        }
        match against {
            Some(against) => Err(self.told(against)),
            None => Err(vec![past("This time is over for today.")]),
        }
    }

    /// A window without a clock: once for each of them on a date.
    fn label_on(&self, window: &Window, date: NaiveDate) -> Result<Place, Vec<Obstacle>> {
        // A date that does not exist in this zone at all (Samoa left one out) is offered by nobody.
        let at = first_moment(date, self.zone);
        let at = at.ok_or_else(|| vec![outside(self.doctor, &window.name, date)])?;
        let place = Place {
            available_time: Some(window.id),
            date,
            span: None,
            at,
        };
        let against = self.against(&place);
        match against.is_nothing() {
            true => Ok(place),
            false => Err(self.told(against)),
        }
    }

    /// Every free place of a window on a date, in order: its slots, or pieces as long as said that
    /// begin where slots begin and end within the window.
    pub(super) fn all_free_on(
        &self,
        window: &Window,
        date: NaiveDate,
        minutes: Option<u32>,
    ) -> Vec<Place> {
        if window.hours.is_none() {
            let free = minutes.is_none().then(|| self.free_on(window, date).ok());
            return free.flatten().into_iter().collect();
        }
        if !self.of_the_date(date).is_empty() {
            return Vec::new();
        }
        let cut = Window {
            slot_minutes: window.slot_minutes.or(minutes),
            ..window.clone()
        };
        let all = slots(&cut, date, self.zone);
        let until = whole(window, date, self.zone).map(|whole| whole.ends_at);
        let ahead = all.into_iter().filter(|slot| slot.starts_at >= self.now);
        let as_long = ahead.filter_map(|slot| match minutes {
            None => Some(slot),
            Some(minutes) => {
                let length = TimeDelta::minutes(i64::from(minutes));
                let ends_at = slot.starts_at.checked_add_signed(length)?;
                (Some(ends_at) <= until).then_some(Slot { ends_at, ..slot })
            }
        });
        let places = as_long.map(|slot| place_of(window, date, slot));
        places
            .filter(|place| self.against(place).is_nothing())
            .collect()
    }

    /// What stands in the way of a place beside hours and dates.
    pub(super) fn against(&self, place: &Place) -> Against<'_> {
        let (doctor, patient) = in_the_way(self.held, place);
        let mut off = self.off.iter().filter(|off| is_off(off, place));
        let absent = off.clone().find(|off| off.doctor_id.is_some());
        Against {
            doctor,
            patient,
            absent,
            closed: off.find(|off| off.doctor_id.is_none()),
        }
    }

    /// What stands in the way, in words.
    pub(super) fn told(&self, against: Against<'_>) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        let off = against.absent.into_iter().chain(against.closed);
        obstacles.extend(off.map(|off| away(self.doctor, off, self.zone)));
        let doctor = against.doctor;
        obstacles.extend(doctor.map(|held| doctor_busy(self.doctor, Some(held))));
        obstacles.extend(against.patient.map(|held| patient_busy(Some(held))));
        obstacles
    }
}

fn place_of(window: &Window, date: NaiveDate, slot: Slot) -> Place {
    Place {
        available_time: Some(window.id),
        date,
        span: Some((slot.starts_at, slot.ends_at)),
        at: slot.starts_at,
    }
}

/// What stands in the way of a place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Against<'a> {
    /// An appointment of the doctor's, or time kept for somebody.
    pub(super) doctor: Option<&'a HeldRow>,
    /// An appointment of the patient's.
    pub(super) patient: Option<&'a HeldRow>,
    /// The doctor is away.
    pub(super) absent: Option<&'a OffRow>,
    /// The clinic is closed.
    pub(super) closed: Option<&'a OffRow>,
}

impl Against<'_> {
    pub(super) fn is_nothing(&self) -> bool {
        self.doctor.is_none()
            && self.patient.is_none()
            && self.absent.is_none()
            && self.closed.is_none()
    }

    /// Lets it stand beside the doctor's other appointment, if that is what is in the way; answers
    /// whether it was. Time that is kept for somebody is no place to stand beside.
    pub(super) fn step_beside(&mut self) -> bool {
        let is_appointment = self.doctor.is_some_and(|held| held.id.is_some());
        if is_appointment {
            self.doctor = None;
        }
        is_appointment
    }

    /// What was found before, and beside it what is new.
    fn or(self, before: Self) -> Self {
        Against {
            doctor: before.doctor.or(self.doctor),
            patient: before.patient.or(self.patient),
            absent: before.absent.or(self.absent),
            closed: before.closed.or(self.closed),
        }
    }
}

/// Whether somebody is away then: a time without a clock only where the whole day is off.
pub(super) fn is_off(off: &OffRow, place: &Place) -> bool {
    let time = &off.time;
    match place.span {
        Some((from, until)) => time.starts_at < until && from < time.ends_at,
        None => time.starts.is_none() && (time.first_date..=time.last_date).contains(&place.date),
    }
}

/// What of the doctor's and what of the patient's stands in the way of a place; the doctor's leaves
/// out what stands beside others on purpose.
fn in_the_way<'a>(
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
        // What is kept counts more: beside an appointment there may be room, beside this there is none.
        if held.is_doctors && (first.0.is_none() || held.waiting_id.is_some()) {
            first.0 = Some(held);
        }
        if held.is_patients && first.1.is_none() {
            first.1 = Some(held);
        }
    }
    first
}

fn too_far() -> Refusal {
    Refusal::field("starts_at", "This is beyond the calendar's end.")
}
