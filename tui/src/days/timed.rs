//! When somebody wants to come, with a time of day: `1 dec 9`, `thu 3pm`, `tomorrow at 9:30`.

use chrono::NaiveDate;

use super::clock::{clock, minutes};
use super::{DayError, When, when};
use crate::dates::Format;

/// When, and from which time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// The day and the part of it.
    pub when: When,
    /// The time `HH:MM`; none: any.
    pub from: Option<String>,
}

/// Hours that a bare number can mean: a clinic is open then.
const HOURS: std::ops::RangeInclusive<u32> = 6..=21;

/// Reads a day, or a part of one, as [`when`] does, and a time: `3pm` and `9:30` at either end, and
/// a bare hour behind a day. What can be read as a day to come without a time is that.
///
/// # Errors
/// See [`DayError`].
pub fn timed(text: &str, today: NaiveDate, dates: Format) -> Result<Timed, DayError> {
    let text = text.trim().to_lowercase();
    let nothing = When {
        day: None,
        part: None,
    };
    if let Some((rest, from)) = at_end(&text).or_else(|| at_start(&text)) {
        let when = match rest {
            "" | "at" => nothing,
            rest => when(rest, today, dates)?,
        };
        let from = Some(from);
        return Ok(Timed { when, from });
    }
    let is_ahead = |when: &When| when.day.is_none_or(|day| day >= today);
    let plain = when(&text, today, dates);
    if !plain.as_ref().is_ok_and(is_ahead)
        && let Some((rest, from)) = bare(&text)
        && let Ok(when) = when(rest, today, dates)
        && when.day.is_some_and(|day| day >= today)
    {
        let from = Some(from);
        return Ok(Timed { when, from });
    }
    plain.map(|when| Timed { when, from: None })
}

/// A time that can be nothing else at the end, and what stands before it.
fn at_end(text: &str) -> Option<(&str, String)> {
    let begins = |words: &str| words.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (rest, last) = text.split_at(begins(text));
    // `9 am` are two words.
    let (rest, last) = match last {
        "am" | "pm" => text.split_at(begins(rest.trim_end())),
        _ => (rest, last),
    };
    Some((rest.trim_end(), spoken(last)?))
}

/// The same at the start, and what follows it.
fn at_start(text: &str) -> Option<(&str, String)> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    Some((rest.trim_start(), spoken(first)?))
}

/// `3pm`, `9:30`, `9:30 am`.
fn spoken(text: &str) -> Option<String> {
    let half = text
        .strip_suffix("am")
        .map(|time| (time, 0))
        .or_else(|| text.strip_suffix("pm").map(|time| (time, 12 * 60)));
    let Some((time, more)) = half else {
        let read = text.contains(':').then(|| minutes(text).ok()).flatten();
        return read.filter(|read| *read < 24 * 60).map(clock);
    };
    let read = minutes(time).ok()?;
    let is_half = (60..13 * 60).contains(&read);
    // Twelve is the first hour of either half.
    is_half.then(|| clock(read % (12 * 60) + more))
}

/// A bare hour behind a day: `1 dec 9`, `tue 9.30`.
fn bare(text: &str) -> Option<(&str, String)> {
    let (rest, last) = text.rsplit_once(char::is_whitespace)?;
    let read = minutes(last).ok()?;
    let is_hour = last.len() <= 2 || last.contains('.');
    (is_hour && HOURS.contains(&(read / 60))).then(|| (rest, clock(read)))
}

#[cfg(test)]
mod tests {
    use clinic_shared::desk::slots::PartOfDay;

    use super::*;

    fn on(m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2026, m, d)
    }

    #[test]
    fn a_time_is_said_behind_the_day_or_before_it() {
        let monday = on(11, 23).unwrap();
        let (tuesday, thursday, first) = (on(11, 24), on(11, 26), on(12, 1));
        for (text, day, from) in [
            ("1 dec 9", first, Some("09:00")),
            ("1 dec 14", first, Some("14:00")),
            ("1.12. 9", first, Some("09:00")),
            ("tue 1 dec 9.30", first, Some("09:30")),
            ("thu 3pm", thursday, Some("15:00")),
            ("thu 3 pm", thursday, Some("15:00")),
            ("thu at 3:30pm", thursday, Some("15:30")),
            ("thu 15", thursday, Some("15:00")),
            ("tomorrow 9:15", tuesday, Some("09:15")),
            ("tomorrow at 10", tuesday, Some("10:00")),
            ("9am tomorrow", tuesday, Some("09:00")),
            ("next tue 10", first, Some("10:00")),
            ("12pm", None, Some("12:00")),
            ("14:30", None, Some("14:30")),
            // Without a time they are days already.
            ("thu 3 dec", on(12, 3), None),
            ("thu 3", on(12, 3), None),
            ("3 12", on(12, 3), None),
            ("1 dec 26", first, None),
        ] {
            let read = timed(text, monday, Format::Words).unwrap();
            assert_eq!((read.when.day, read.from.as_deref()), (day, from), "{text}");
        }
        let both = timed("tuesday morning 9", monday, Format::Words).unwrap();
        assert_eq!(both.when.part, Some(PartOfDay::Morning));
        assert_eq!(both.from.as_deref(), Some("09:00"));
        let part = timed("12 dec pm", monday, Format::Words).unwrap();
        assert_eq!((part.when.day, part.from), (on(12, 12), None));
        for text in ["1 dec 3", "1 dec 25:00", "soon 9", "soon 3pm", ""] {
            assert!(timed(text, monday, Format::Words).is_err(), "{text}");
        }
    }
}
