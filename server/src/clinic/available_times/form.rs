//! What may be written of a window on v1, checked all at once.

use clinic_shared::v1::available_times::{AvailableTimeChange, Weekday};
use clinic_shared::{FieldErrors, Patch};

use super::{DAY, Hours, LONGEST_LABEL, Weekdays, Window, minutes_of};
use crate::clinic::{Faults, audit, text};
use crate::store::available_times::NewWindow;

/// What a window is with this form laid over what it was; none if something is wrong, which is among
/// the faults.
pub(super) fn over(
    form: AvailableTimeChange,
    was: Option<&Window>,
    faults: &mut Faults,
) -> Option<Window> {
    let name = match form.name {
        Some(name) => faults.take("name", text::required(&name, LONGEST_LABEL)),
        None => was.map(|was| was.name.clone()),
    };
    let had = was.and_then(|was| was.hours);
    let starts = clock(form.starts, had.map(|hours| hours.starts));
    let ends = clock(form.ends, had.map(|hours| hours.ends));
    let hours = hours(starts, ends, faults);
    let weekdays = match form.weekdays {
        None => was.map_or(Weekdays::ALL, |was| was.weekdays),
        Some(days) => {
            if days.is_empty() {
                faults.add("weekdays", "Name at least one day.");
            }
            Weekdays::from_bits(bits(&days))
        }
    };
    let had = was.and_then(|was| was.slot_minutes).map(i64::from);
    let slot_minutes = form.slot_minutes.apply(had);
    let slot_minutes = slot_minutes.and_then(|minutes| u32::try_from(minutes).ok());
    if let (Some(minutes), Some(hours)) = (slot_minutes, hours) {
        let room = hours.map_or(0, |hours| u32::from(hours.ends - hours.starts));
        if minutes > room {
            faults.add("slot_minutes", "The hours have no room for such a slot.");
        }
    }
    let valid_from = form.valid_from.apply(was.and_then(|was| was.valid_from));
    let valid_to = form.valid_to.apply(was.and_then(|was| was.valid_to));
    if valid_to.is_some() && valid_from > valid_to {
        let message = "The last day is before the first.";
        faults.add(FieldErrors::CROSS_FIELD, message);
    }
    Some(Window {
        id: was.map_or(0, |was| was.id),
        name: name?,
        hours: hours?,
        weekdays,
        slot_minutes,
        valid_from,
        valid_to,
    })
}

/// The hours between two times of the day, or no clock; none if that is neither.
fn hours(starts: Option<u16>, ends: Option<u16>, faults: &mut Faults) -> Option<Option<Hours>> {
    // Midnight as an end is the day's own.
    match (starts, ends.map(|ends| if ends == 0 { DAY } else { ends })) {
        (None, None) => Some(None),
        (Some(_), None) => faults.take("ends", Err("When does it end?".to_owned())),
        (None, Some(_)) => faults.take("starts", Err("When does it begin?".to_owned())),
        (Some(starts), Some(ends)) => {
            let message = "It ends after it begins, on the same day.".to_owned();
            let hours = Hours::new(starts, ends).ok_or(message);
            faults.take("ends", hours).map(Some)
        }
    }
}

/// Minutes after midnight of a time of the day, whose form the schema has checked.
fn clock(typed: Patch<String>, was: Option<u16>) -> Option<u16> {
    match typed {
        Patch::Keep => was,
        Patch::Clear => None,
        Patch::Set(typed) => minutes_of(&typed).ok(),
    }
}

fn bits(days: &[Weekday]) -> i64 {
    let named = (0..)
        .zip(Weekday::ALL)
        .filter(|(_, day)| days.contains(day));
    named.map(|(at, _)| 1_i64 << at).sum()
}

/// What is stored of a window.
pub(super) fn stored(window: &Window) -> NewWindow<'_> {
    NewWindow {
        name: &window.name,
        starts_at: window.hours.map(|hours| i64::from(hours.starts)),
        ends_at: window.hours.map(|hours| i64::from(hours.ends)),
        weekdays: window.weekdays.bits(),
        slot_minutes: window.slot_minutes.map(i64::from),
        valid_from: window.valid_from,
        valid_to: window.valid_to,
    }
}

/// Names of the fields that are not as they were.
pub(super) fn differing(is: &Window, was: &Window) -> Vec<&'static str> {
    audit::fields([
        ("name", is.name != was.name),
        ("hours", is.hours != was.hours),
        ("weekdays", is.weekdays != was.weekdays),
        ("slot_minutes", is.slot_minutes != was.slot_minutes),
        ("valid_from", is.valid_from != was.valid_from),
        ("valid_to", is.valid_to != was.valid_to),
    ])
}
