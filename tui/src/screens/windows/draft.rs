//! Weekly hours as they are to be: read from the form, shown, sent.

use chrono::NaiveDate;
use clinic_shared::Patch;
use clinic_shared::desk::doctors::AvailableTime;
use clinic_shared::v1::available_times::{AvailableTimeChange, AvailableTimeInput, Weekday};
use clinic_shared::v1::lenient::PersonId;

use crate::days;

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

/// Weekly hours as they are to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) weekdays: Vec<Weekday>,
    pub(super) starts: Option<String>,
    pub(super) ends: Option<String>,
    pub(super) slot_minutes: Option<i64>,
    pub(super) valid_from: Option<NaiveDate>,
    pub(super) valid_to: Option<NaiveDate>,
}

impl Draft {
    /// Those of a window.
    pub(super) fn of(window: &AvailableTime) -> Self {
        let days = window.weekdays.iter();
        Self {
            name: window.name.clone(),
            weekdays: days.filter_map(|day| day.parse().ok()).collect(),
            starts: window.starts.clone(),
            ends: window.ends.clone(),
            slot_minutes: window.slot_minutes,
            valid_from: window.valid_from,
            valid_to: window.valid_to,
        }
    }

    /// The same as a window that is shown.
    pub(super) fn shown(&self) -> AvailableTime {
        AvailableTime {
            id: 0,
            name: self.name.clone(),
            starts: self.starts.clone(),
            ends: self.ends.clone(),
            weekdays: self
                .weekdays
                .iter()
                .map(|day| day.as_str().to_owned())
                .collect(),
            slot_minutes: self.slot_minutes,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }

    /// Makes a window of it, which these doctors offer.
    pub(super) fn input(&self, doctors: Option<Vec<PersonId>>) -> AvailableTimeInput {
        AvailableTimeInput {
            name: self.name.clone(),
            starts: given(self.starts.clone()),
            ends: given(self.ends.clone()),
            weekdays: Some(self.weekdays.clone()),
            slot_minutes: given(self.slot_minutes),
            valid_from: given(self.valid_from),
            valid_to: given(self.valid_to),
            doctors,
        }
    }

    /// Makes a window so; who offers it stays.
    pub(super) fn change(&self) -> AvailableTimeChange {
        self.input(None).into()
    }

    /// What it is called where nobody named it: `09:00 - 12:30`.
    pub(super) fn time_of_day(&self) -> Option<String> {
        let (starts, ends) = (self.starts.as_ref()?, self.ends.as_ref()?);
        Some(format!("{starts} - {ends}"))
    }

    /// How long it is, in minutes; none without a clock, or where it ends before it begins.
    pub(super) fn length(&self) -> Option<i64> {
        let minutes = |clock: &str| days::minutes(clock).ok().map(i64::from);
        let starts = minutes(self.starts.as_deref()?)?;
        let ends = match minutes(self.ends.as_deref()?)? {
            0 => DAY,
            ends => ends,
        };
        (starts < ends).then_some(ends - starts)
    }

    /// How many slots a day has.
    pub(super) fn slots(&self) -> Option<i64> {
        let minutes = self.slot_minutes.filter(|minutes| *minutes > 0)?;
        self.length().map(|length| length / minutes)
    }
}

/// What is absent is nothing.
fn given<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(name: &str, starts: &str, ends: &str) -> AvailableTime {
        AvailableTime {
            id: 1,
            name: name.to_owned(),
            starts: Some(starts.to_owned()),
            ends: Some(ends.to_owned()),
            weekdays: vec!["mon".to_owned(), "sun".to_owned()],
            slot_minutes: Some(30),
            valid_from: None,
            valid_to: None,
        }
    }

    #[test]
    fn midnight_is_the_end_of_the_day() {
        let late = Draft::of(&window("Late", "22:00", "00:00"));
        assert_eq!((late.length(), late.slots()), (Some(120), Some(4)));
        let over = Draft::of(&window("Night", "22:00", "02:00"));
        assert_eq!((over.length(), over.slots()), (None, None));
    }

    #[test]
    fn what_is_made_again_is_what_it_was() {
        let was = window("Mornings", "09:00", "12:00");
        let draft = Draft::of(&was);
        let shown = AvailableTime {
            id: was.id,
            ..draft.shown()
        };
        assert_eq!(shown, was);
        let input = draft.input(None);
        assert_eq!(input.starts, Patch::Set("09:00".to_owned()));
        assert_eq!(input.weekdays, Some(vec![Weekday::Mon, Weekday::Sun]));
    }
}
