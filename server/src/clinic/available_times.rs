//! Available times: the windows in which doctors can be seen (API.md §3 `/available-time/`, §6).
//!
//! [`label`] reads a window's hours out of what people call it, [`slots`] lays it on a date.

mod form;
pub mod kept;
mod label;
mod offered;
mod slots;
mod weekdays;

use chrono::NaiveDate;
use clinic_shared::desk::doctors::AvailableTime;
use serde_json::json;

pub use label::hours_of;
pub use offered::{Offered, of_doctor};
pub use slots::{Slot, first_moment, moment, slots, whole};
pub use weekdays::Weekdays;

use super::{Actor, Answer, Clinic, Faults, audit, text};
use crate::store::available_times::{self as table, NewWindow, WindowRow};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 50;

/// What the audit calls one.
const OBJECT: &str = "available_time";

/// A window: hours of the clinic's local day on some weekdays, or just a label that can be booked
/// once per doctor and date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its id.
    pub id: i64,
    /// What people call it, e.g. `9:00 AM - 9:30 AM`.
    pub name: String,
    /// Its hours; none: a window without a clock.
    pub hours: Option<Hours>,
    /// On which days of the week.
    pub weekdays: Weekdays,
    /// It is cut into slots of this length; none: it is one slot.
    pub slot_minutes: Option<u32>,
    /// The first day it is offered.
    pub valid_from: Option<NaiveDate>,
    /// The last day it is offered.
    pub valid_to: Option<NaiveDate>,
}

/// Local hours of one day, in minutes after midnight: `starts < ends`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// 0 to 1439.
    pub starts: u16,
    /// 1 to 1440, which is midnight at the day's end.
    pub ends: u16,
}

/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl Hours {
    /// Hours of one day; none if they end before they begin, or on another day.
    pub fn new(starts: u16, ends: u16) -> Option<Self> {
        (starts < ends && ends <= DAY).then_some(Self { starts, ends })
    }
}

/// Minutes after midnight as `HH:MM`; midnight at the day's end is `00:00` again.
pub fn clock_time(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// `HH:MM` as minutes after midnight, 0 to 1439.
///
/// # Errors
/// The message for the field.
pub fn minutes_of(clock: &str) -> Result<u16, String> {
    let wrong = || "Write the time as HH:MM.".to_owned();
    let (hours, minutes) = clock.split_once(':').ok_or_else(wrong)?;
    let (hours, minutes): (u16, u16) = (
        hours.parse().map_err(|_| wrong())?,
        minutes.parse().map_err(|_| wrong())?,
    );
    match hours < 24 && minutes < 60 {
        true => Ok(hours * 60 + minutes),
        false => Err(wrong()),
    }
}

impl Window {
    /// Whether it is offered on this date.
    pub fn is_offered_on(&self, date: NaiveDate) -> bool {
        self.weekdays.contains(date)
            && self.valid_from.is_none_or(|first| first <= date)
            && self.valid_to.is_none_or(|last| date <= last)
    }

    /// The window as the desk shows it.
    pub fn wire(self) -> AvailableTime {
        AvailableTime {
            id: self.id,
            name: self.name,
            starts: self.hours.map(|hours| clock_time(hours.starts)),
            ends: self.hours.map(|hours| clock_time(hours.ends)),
            weekdays: self
                .weekdays
                .names()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            slot_minutes: self.slot_minutes.map(i64::from),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }
}

impl From<WindowRow> for Window {
    fn from(row: WindowRow) -> Self {
        let minutes = |minutes: Option<i64>| minutes.and_then(|m| u16::try_from(m).ok());
        let hours = match (minutes(row.starts_at), minutes(row.ends_at)) {
            (Some(starts), Some(ends)) => Hours::new(starts, ends),
            _ => None,
        };
        let whole = |length: i64| u32::try_from(length).unwrap_or(u32::MAX);
        Window {
            id: row.id,
            name: row.name,
            hours,
            weekdays: Weekdays::from_bits(row.weekdays),
            slot_minutes: row.slot_minutes.map(whole),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// All windows on offer by id, or those of these ids (empty: no matter which).
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic, ids: &[i64]) -> Answer<Vec<Window>> {
    let rows = table::offered(&mut clinic.db.read().await?, ids).await?;
    Ok(rows.into_iter().map(Window::from).collect())
}

/// Makes a window of its label, on all days of the week; its hours are read from the label.
///
/// # Errors
/// [`super::Refusal::Invalid`] on `time`.
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    label: &str,
    mut faults: Faults,
) -> Answer<Window> {
    let name = faults.take("time", text::required(label, LONGEST_LABEL));
    faults.refuse()?;
    let name = name.unwrap_or_default();
    let hours = hours_of(&name);
    let new = NewWindow {
        name: &name,
        starts_at: hours.map(|hours| i64::from(hours.starts)),
        ends_at: hours.map(|hours| i64::from(hours.ends)),
        weekdays: Weekdays::ALL.bits(),
        slot_minutes: None,
        valid_from: None,
        valid_to: None,
    };
    let mut tx = clinic.db.begin().await?;
    let row = table::insert(&mut tx, &new, clinic.clock.now()).await?;
    let detail = json!({ "name": name });
    let action = "create_available_time";
    audit::change_of(&mut tx, clinic, who, action, OBJECT, row.id, detail).await?;
    tx.commit().await?;
    Ok(Window::from(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_stay_within_one_day_and_are_written_as_people_do() {
        assert_eq!(Hours::new(540, 540), None);
        assert_eq!(Hours::new(540, 1441), None);
        assert_eq!(Hours::new(0, 1440).map(|hours| hours.ends), Some(1440));
        assert_eq!(clock_time(545), "09:05");
        assert_eq!(minutes_of("09:05"), Ok(545));
        assert!(minutes_of("24:00").is_err() && minutes_of("9").is_err());
        assert_eq!(clock_time(1440), "00:00");
    }
}
