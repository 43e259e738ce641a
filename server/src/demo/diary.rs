//! Appointments of an invented clinic, day by day: what is past is mostly done, today is in the
//! middle of it, what is to come is agreed or asked for. Nobody is booked twice at once.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clinic_shared::desk::appointments::{CancelledBy, Kind, Status};

use super::dice::Dice;
use super::steps::{versions, while_open};
use super::texts::{OFF_BY_CLINIC, OFF_BY_PATIENT, SYMPTOMS};
use crate::clinic::available_times::{Slot, Window, first_moment, slots};
use crate::store::appointment_bulk::Row;

/// Called off less than this before it begins is late (API.md §5).
const LATE: TimeDelta = TimeDelta::hours(24);
/// Where there is no clock, people are waited for until then.
const NOON: TimeDelta = TimeDelta::hours(12);
/// Of a day that is in the middle of it, at least so many slots are done and yet to come.
const DONE: usize = 2;
const TO_COME: usize = 4;

/// A doctor who is booked.
#[derive(Debug, Clone)]
pub(super) struct Booked {
    pub(super) id: i64,
    pub(super) windows: Vec<Window>,
    /// Where they see people by video.
    pub(super) meet_link: Option<String>,
    /// Whether today is full.
    pub(super) full: bool,
}

/// What a diary is made of.
#[derive(Debug, Clone)]
pub(super) struct Diary<'a> {
    pub(super) doctors: &'a [Booked],
    /// Who is booked, by number.
    pub(super) patients: &'a [i64],
    pub(super) now: DateTime<Utc>,
    pub(super) zone: Tz,
    /// How many of 100 slots are booked.
    pub(super) busy: usize,
    pub(super) dice: Dice,
}

/// A doctor's day.
#[derive(Clone, Copy)]
struct Shift<'a> {
    doctor: &'a Booked,
    /// Which of the doctors, from 0.
    number: usize,
    date: NaiveDate,
    /// Its first moment.
    midnight: DateTime<Utc>,
}

/// A place in a day: a slot, or a window without a clock.
struct Place<'a> {
    window: &'a Window,
    slot: Option<Slot>,
}

impl Diary<'_> {
    /// Everything of a date, the doctors one after the other. A patient comes once a day at most.
    pub(super) fn day(&mut self, date: NaiveDate) -> Vec<Row> {
        let Some(midnight) = first_moment(date, self.zone) else {
            return Vec::new();
        };
        let today = self.now.with_timezone(&self.zone).date_naive();
        let mut there = HashSet::new();
        let mut rows = Vec::new();
        for (number, doctor) in self.doctors.iter().enumerate() {
            let shift = Shift {
                doctor,
                number,
                date,
                midnight,
            };
            let places = places(doctor, date, self.zone);
            let now_at = now_at(&places, self.now);
            for (at, place) in places.iter().enumerate() {
                let status = match date.cmp(&today) {
                    std::cmp::Ordering::Less => self.dice.chance(self.busy).then(|| self.past()),
                    std::cmp::Ordering::Equal => self.today(at, now_at, doctor.full),
                    std::cmp::Ordering::Greater => {
                        self.dice.chance(self.busy * 2 / 3).then(|| self.coming())
                    }
                };
                let Some(status) = status else { continue };
                let beside = self.dice.chance(1) || (doctor.full && status == Status::Running);
                rows.extend(self.row(shift, place, status, &mut there));
                if beside && place.slot.is_some() && status.holds_time() {
                    let status = match date > today {
                        true => Status::Confirmed,
                        false if date == today && at >= now_at => Status::CheckedIn,
                        false => Status::Completed,
                    };
                    let more = self.row(shift, place, status, &mut there);
                    // Only the desk books beside another one, while it is open.
                    rows.extend(more.map(|row| Row {
                        overbooked: true,
                        created_at: while_open(row.created_at, self.zone),
                        ..row
                    }));
                }
            }
        }
        number(&mut rows);
        rows
    }

    fn past(&mut self) -> Status {
        match self.dice.below(100) {
            0..6 => Status::NoShow,
            6..9 => Status::Left,
            9..17 => Status::Cancelled,
            _ => Status::Completed,
        }
    }

    fn coming(&mut self) -> Status {
        match self.dice.below(100) {
            0..30 => Status::Pending,
            30..38 => Status::Cancelled,
            _ => Status::Confirmed,
        }
    }

    /// What the place `at` of today holds while `now_at` is the one that is being seen.
    fn today(&mut self, at: usize, now_at: usize, full: bool) -> Option<Status> {
        let booked = full || self.dice.chance(self.busy + 20);
        match at.cmp(&now_at) {
            std::cmp::Ordering::Equal => Some(Status::Running),
            _ if at == now_at + 1 || (at == now_at + 2 && full) => Some(Status::CheckedIn),
            _ if !booked => None,
            std::cmp::Ordering::Less => Some(match at {
                0 => Status::Completed,
                _ => self.past(),
            }),
            std::cmp::Ordering::Greater => Some(self.coming()),
        }
    }

    /// An appointment; none if everybody has one that day.
    fn row(
        &mut self,
        shift: Shift<'_>,
        place: &Place<'_>,
        status: Status,
        there: &mut HashSet<i64>,
    ) -> Option<Row> {
        let patient_id = self.somebody(shift.number, there)?;
        let at = place.slot.map_or(shift.midnight, |slot| slot.starts_at);
        let dice = &mut self.dice;
        let hours =
            |dice: &mut Dice, end| TimeDelta::hours(i64::try_from(dice.below(end)).unwrap_or(0));
        let booked = at.min(self.now) - TimeDelta::hours(2) - hours(dice, 14 * 24);
        let visit = Visit::of(status, place.slot, (shift.midnight, self.now), patient_id);
        let over = place.slot.map_or(at + NOON, |slot| slot.ends_at);
        let changed = match status {
            Status::Pending => booked,
            Status::Confirmed | Status::Cancelled => {
                booked + hours(dice, 48).max(TimeDelta::minutes(3))
            }
            Status::NoShow => place.slot.map_or(over, |_| at + TimeDelta::minutes(30)),
            // Whoever left was there.
            Status::Left => visit.came.map_or(over, |came| {
                over.min(self.now).max(came + TimeDelta::minutes(1))
            }),
            Status::CheckedIn | Status::Running | Status::Completed => visit.last().unwrap_or(over),
        };
        let changed = changed.clamp(booked, self.now.max(booked));
        let by_day = Some(while_open(changed, self.zone));
        let by_day = by_day.filter(|at| status == Status::Confirmed && *at > booked);
        let changed = by_day.unwrap_or(changed);
        let off = (status == Status::Cancelled).then(|| match dice.chance(75) {
            true => (CancelledBy::Patient, dice.any(&OFF_BY_PATIENT)),
            false => (CancelledBy::Clinic, dice.any(&OFF_BY_CLINIC)),
        });
        let link = shift.doctor.meet_link.as_ref().filter(|_| dice.chance(25));
        Some(Row {
            patient_id,
            doctor_id: shift.doctor.id,
            available_time_id: place.window.id,
            date: shift.date,
            starts_at: place.slot.map(|slot| slot.starts_at),
            ends_at: place.slot.map(|slot| slot.ends_at),
            at,
            kind: if link.is_some() {
                Kind::Online
            } else {
                Kind::Offline
            },
            status,
            overbooked: false,
            symptoms: dice.any(&SYMPTOMS),
            meeting_link: link.cloned(),
            is_paid: status == Status::Completed && dice.chance(90),
            cancelled_by: off.map(|(by, _)| by),
            cancel_reason: off.map(|(_, reason)| reason),
            cancelled_late: off.is_some() && at < changed + LATE,
            checked_in_at: visit.came,
            started_at: visit.went_in,
            completed_at: visit.left,
            ticket: None,
            version: versions(status),
            created_at: booked,
            updated_at: changed,
        })
    }

    /// A patient who has nothing else that day, likely one of the doctor's own.
    fn somebody(&mut self, doctor: usize, there: &mut HashSet<i64>) -> Option<i64> {
        for _ in 0..20 {
            let mut at = self.dice.below(self.patients.len());
            if self.dice.chance(60) {
                at = at - at % self.doctors.len() + doctor;
            }
            match self.patients.get(at) {
                Some(patient) if there.insert(*patient) => return Some(*patient),
                _ => {}
            }
        }
        None
    }
}

/// When somebody came, went in and was seen.
#[derive(Default)]
struct Visit {
    came: Option<DateTime<Utc>>,
    went_in: Option<DateTime<Utc>>,
    left: Option<DateTime<Utc>>,
}

impl Visit {
    /// When the last of it was.
    fn last(&self) -> Option<DateTime<Utc>> {
        self.left.or(self.went_in).or(self.came)
    }

    /// Around the time of a slot, and before now. No two people (`patient`) take the same time.
    fn of(
        status: Status,
        slot: Option<Slot>,
        (midnight, now): (DateTime<Utc>, DateTime<Utc>),
        patient: i64,
    ) -> Self {
        let some = |most: i64| TimeDelta::minutes(1 + patient % most);
        let due = slot.map_or(midnight + TimeDelta::hours(9), |slot| slot.starts_at);
        match status {
            Status::CheckedIn => Visit {
                came: Some(due.min(now) - some(37)),
                ..Visit::default()
            },
            Status::Running => {
                let went_in = due.min(now - some(11));
                Visit {
                    came: Some(went_in - some(23)),
                    went_in: Some(went_in),
                    left: None,
                }
            }
            Status::Completed => {
                let went_in = due.min(now - TimeDelta::minutes(30)) + some(7);
                Visit {
                    came: Some(went_in - some(29)),
                    went_in: Some(went_in),
                    left: Some(went_in + some(19)),
                }
            }
            Status::Left => Visit {
                came: Some(due.min(now) - some(13)),
                ..Visit::default()
            },
            _ => Visit::default(),
        }
    }
}

/// Gives those who came their numbers of the day, in the order in which they came.
fn number(rows: &mut [Row]) {
    let mut came: Vec<&mut Row> = rows
        .iter_mut()
        .filter(|row| row.checked_in_at.is_some())
        .collect();
    came.sort_by_key(|row| (row.checked_in_at, row.patient_id));
    for (number, row) in (1..).zip(came) {
        row.ticket = Some(number);
    }
}

/// The places of a doctor's day, those without a clock last.
fn places(doctor: &Booked, date: NaiveDate, zone: Tz) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    for window in &doctor.windows {
        let cut = slots(window, date, zone).into_iter().map(Some);
        places.extend(cut.map(|slot| Place { window, slot }));
    }
    places.sort_by_key(|place| place.slot.map(|slot| slot.starts_at));
    let labels = doctor.windows.iter();
    let labels = labels.filter(|window| window.hours.is_none() && window.is_offered_on(date));
    places.extend(labels.map(|window| Place { window, slot: None }));
    places
}

/// Which place is being seen: those before are over. Some are done and some to come, however early
/// or late it is.
fn now_at(places: &[Place<'_>], now: DateTime<Utc>) -> usize {
    let clock = || places.iter().filter_map(|place| place.slot);
    let over = clock().filter(|slot| slot.ends_at <= now).count();
    over.min(clock().count().saturating_sub(TO_COME)).max(DONE)
}
