//! Where somebody fits who came without being booked: pure, as [`super::place`].

use chrono::{DateTime, TimeDelta};

use super::super::Obstacle;
use super::place::{Against, Search, USUAL};
use crate::store::appointments::Place;

impl Search<'_> {
    /// The place of somebody who came without being booked: from this minute on, beside whatever the
    /// doctor holds, if the doctor is not away now. Only another appointment of the patient's is in its
    /// way; behind one at which they were seen already it begins.
    pub(super) fn walk_in(&self, minutes: Option<i64>) -> Result<Place, Vec<Obstacle>> {
        let this_minute = self.now.timestamp().div_euclid(60) * 60;
        let this_minute = DateTime::from_timestamp(this_minute, 0).unwrap_or(self.now);
        let date = self.now.with_timezone(&self.zone).date_naive();
        let now = (this_minute, this_minute + TimeDelta::minutes(1));
        let mut windows = self.windows.iter();
        let on = windows.find(|window| self.covers(window, date, now));
        let usual = on.and_then(|window| window.slot_minutes).map(i64::from);
        let length = TimeDelta::minutes(minutes.or(usual).unwrap_or(USUAL));
        let seen = self.held.iter().filter(|held| {
            held.is_patients && held.is_over && held.starts_at.is_some_and(|at| at <= self.now)
        });
        let seen_until = seen.filter_map(|held| held.ends_at).max();
        let starts_at = seen_until.map_or(this_minute, |until| until.max(this_minute));
        let from = |starts_at, ends_at| Place {
            available_time: on.map(|window| window.id),
            date,
            span: Some((starts_at, ends_at)),
            at: starts_at,
        };
        let place = from(starts_at, starts_at + length);
        let against = Against {
            doctor: None,
            patient: self.against(&place).patient,
            ..self.against(&from(now.0, now.1))
        };
        match against.is_nothing() {
            true => Ok(place),
            false => Err(self.told(against)),
        }
    }
}
