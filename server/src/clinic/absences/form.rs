//! From what was entered to what is stored: local dates and times, and the same as instants. Pure.

use chrono::NaiveDate;
use chrono_tz::Tz;
use clinic_shared::desk::absences::{AbsenceChange, AbsenceKind, NewAbsence, NewClosure};

use super::super::appointments::FARTHEST;
use super::super::available_times::{clock_time, first_moment, minutes_of, moment};
use super::super::{Faults, text};
use crate::store::absences::{OffTime, Stored};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;
/// The longest absence, in days.
const LONGEST: i64 = 3660;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// What a form says of the time.
struct Time<'a> {
    first_date: NaiveDate,
    last_date: Option<NaiveDate>,
    starts: Option<&'a str>,
    ends: Option<&'a str>,
}

pub(super) fn of_absence(
    zone: Tz,
    today: NaiveDate,
    new: &NewAbsence,
    faults: &mut Faults,
) -> Option<Stored> {
    let time = Time {
        first_date: new.first_date,
        last_date: new.last_date,
        starts: new.starts.as_deref(),
        ends: new.ends.as_deref(),
    };
    within_reach(today, &time, faults);
    let kind = new.kind.unwrap_or(AbsenceKind::Other);
    stored(zone, &time, kind, new.note.as_deref(), faults)
}

pub(super) fn of_closure(
    zone: Tz,
    today: NaiveDate,
    new: &NewClosure,
    faults: &mut Faults,
) -> Option<Stored> {
    let time = Time {
        first_date: new.first_date,
        last_date: new.last_date,
        starts: new.starts.as_deref(),
        ends: new.ends.as_deref(),
    };
    within_reach(today, &time, faults);
    let kind = new.kind.unwrap_or(AbsenceKind::Holiday);
    stored(zone, &time, kind, new.note.as_deref(), faults)
}

pub(super) fn changed(
    zone: Tz,
    today: NaiveDate,
    was: &Stored,
    change: AbsenceChange,
    faults: &mut Faults,
) -> Option<Stored> {
    let clock = |minutes: Option<i64>| {
        minutes.map(|minutes| clock_time(u16::try_from(minutes).unwrap_or_default()))
    };
    let (starts, ends) = (
        change.starts.apply(clock(was.time.starts)),
        change.ends.apply(clock(was.time.ends)),
    );
    let time = Time {
        first_date: change.first_date.unwrap_or(was.time.first_date),
        last_date: Some(change.last_date.unwrap_or(was.time.last_date)),
        starts: starts.as_deref(),
        ends: ends.as_deref(),
    };
    if (time.first_date, time.last_date) != (was.time.first_date, Some(was.time.last_date)) {
        within_reach(today, &time, faults);
    }
    let kind = change.kind.unwrap_or(was.kind);
    let note = change.note.apply(was.note.clone());
    stored(zone, &time, kind, note.as_deref(), faults)
}

/// Nobody books farther ahead, and so far back a year was mistyped. What was entered late for a day
/// that is over is fine.
fn within_reach(today: NaiveDate, time: &Time<'_>, faults: &mut Faults) {
    let earliest = today.checked_sub_days(FARTHEST).unwrap_or(today);
    let latest = today.checked_add_days(FARTHEST).unwrap_or(today);
    let mut check = |field: &'static str, date: NaiveDate| {
        if date < earliest {
            faults.add(field, "This date is more than ten years ago.");
        } else if date > latest {
            faults.add(field, "This date is more than ten years ahead.");
        }
    };
    check("first_date", time.first_date);
    if let Some(last) = time.last_date.filter(|last| *last != time.first_date) {
        check("last_date", last);
    }
}

fn stored(
    zone: Tz,
    time: &Time<'_>,
    kind: AbsenceKind,
    note: Option<&str>,
    faults: &mut Faults,
) -> Option<Stored> {
    let time = resolved(zone, time, faults);
    let note = text::optional(note.unwrap_or_default(), LONGEST_NOTE);
    let note = faults.take("note", note).flatten();
    Some(Stored {
        time: time?,
        kind,
        note,
    })
}

/// The time that is meant, whole days or from an hour to an hour; none if it can't be.
fn resolved(zone: Tz, said: &Time<'_>, faults: &mut Faults) -> Option<OffTime> {
    let first = said.first_date;
    let last = said.last_date.unwrap_or(first);
    if last < first {
        faults.add("last_date", "This is before the first date.");
        return None;
    }
    if (last - first).num_days() > LONGEST {
        faults.add("last_date", "Nobody is away for more than ten years.");
        return None;
    }
    let (starts, ends) = match (said.starts, said.ends) {
        (None, None) => (None, None),
        (Some(starts), Some(ends)) => {
            let starts = faults.take("starts", minutes_of(starts));
            let ends = faults.take("ends", minutes_of(ends));
            // Midnight ends the last day, it does not begin it.
            let (starts, ends) = (
                starts?,
                ends.map(|ends| if ends == 0 { DAY } else { ends })?,
            );
            if first == last && ends <= starts {
                faults.add("ends", "This is not after the beginning.");
                return None;
            }
            (Some(starts), Some(ends))
        }
        (Some(_), None) => {
            faults.add("ends", "Say until when, or leave the beginning out too.");
            return None;
        }
        (None, Some(_)) => {
            faults.add("starts", "Say from when, or leave the end out too.");
            return None;
        }
    };
    let starts_at = match starts {
        Some(starts) => moment(first, starts, zone),
        None => first_moment(first, zone),
    };
    let ends_at = moment(last, ends.unwrap_or(DAY), zone);
    let Some((starts_at, ends_at)) = starts_at.zip(ends_at) else {
        faults.add("first_date", "This is beyond the calendar's end.");
        return None;
    };
    if ends_at <= starts_at {
        faults.add("ends", "The clocks skip this hour on that day.");
        return None;
    }
    Some(OffTime {
        first_date: first,
        last_date: last,
        starts: starts.map(i64::from),
        ends: ends.map(i64::from),
        starts_at,
        ends_at,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn time(first: &str, last: &str, hours: Option<(&str, &str)>) -> Result<OffTime, String> {
        let mut faults = Faults::new();
        let said = Time {
            first_date: first.parse().unwrap(),
            last_date: Some(last.parse().unwrap()),
            starts: hours.map(|hours| hours.0),
            ends: hours.map(|hours| hours.1),
        };
        let found = resolved(Tz::Europe__Berlin, &said, &mut faults);
        match faults.refuse() {
            Ok(()) => Ok(found.unwrap()),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    #[test]
    fn whole_days_are_as_long_as_the_clocks_make_them() {
        for (night, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-05", 24)] {
            let off = time(night, night, None).unwrap();
            assert_eq!(
                off.ends_at - off.starts_at,
                TimeDelta::hours(hours),
                "{night}"
            );
        }
        let week = time("2026-03-23", "2026-03-29", None).unwrap();
        assert_eq!(week.ends_at - week.starts_at, TimeDelta::hours(7 * 24 - 1));
    }

    #[test]
    fn hours_of_a_day_end_after_they_begin() {
        let day = "2026-03-02";
        let off = time(day, day, Some(("13:00", "00:00"))).unwrap();
        assert_eq!((off.starts, off.ends), (Some(780), Some(1440)));
        assert!(
            time(day, day, Some(("13:00", "13:00")))
                .unwrap_err()
                .contains("ends")
        );
        assert!(time(day, "2026-03-03", Some(("13:00", "09:00"))).is_ok());
        assert!(
            time(day, "2026-03-01", None)
                .unwrap_err()
                .contains("last_date")
        );
        // 02:00 to 03:00 is skipped that night.
        let night = "2026-03-29";
        assert!(
            time(night, night, Some(("02:10", "02:50")))
                .unwrap_err()
                .contains("skip")
        );
    }
}
