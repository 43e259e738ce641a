//! Available times: the windows in which doctors can be seen (API.md §3 `/available-time/`, §6).
//!
//! [`label`] reads a window's hours out of what people call it, [`slots`] lays it on a date.

mod label;
mod slots;
mod weekdays;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

pub use label::hours_of;
pub use slots::{Slot, first_moment, slots};
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

impl Window {
    /// Whether it is offered on this date.
    pub fn is_offered_on(&self, date: NaiveDate) -> bool {
        self.weekdays.contains(date)
            && self.valid_from.is_none_or(|first| first <= date)
            && self.valid_to.is_none_or(|last| date <= last)
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
    let mut tx = clinic.db.begin().await?;
    let window = insert(clinic, &mut tx, who, name.unwrap_or_default()).await?;
    tx.commit().await?;
    Ok(window)
}

/// [`create`], of a checked label inside a transaction.
///
/// # Errors
/// The database's.
async fn insert(
    clinic: &Clinic,
    tx: &mut crate::store::Tx,
    who: &Actor,
    name: String,
) -> Answer<Window> {
    let hours = hours_of(&name);
    let now: DateTime<Utc> = clinic.clock.now();
    let new = NewWindow {
        name: &name,
        starts_at: hours.map(|hours| i64::from(hours.starts)),
        ends_at: hours.map(|hours| i64::from(hours.ends)),
        weekdays: Weekdays::ALL.bits(),
    };
    let id = table::insert(tx, &new, now).await?;
    let detail = json!({ "name": name });
    audit::change_of(tx, clinic, who, "create_available_time", OBJECT, id, detail).await?;
    Ok(Window {
        id,
        name,
        hours,
        weekdays: Weekdays::ALL,
        slot_minutes: None,
        valid_from: None,
        valid_to: None,
    })
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
        assert_eq!(clock_time(1440), "00:00");
    }
}
