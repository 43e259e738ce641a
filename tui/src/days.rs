//! Days that are still to come, and hours, as people type them: `tomorrow`, `fri`, `4 dec`, `9-12`.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Why a text is no day. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// Not a day in any form.
    #[error("Not a day; type tomorrow, fri, 4.12. or 2026-12-04.")]
    Unreadable,
    /// A date that does not exist.
    #[error("There is no such day.")]
    NoSuchDay,
}

/// Why a text is no hours. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Not hours; type 9-12 or 14:00-17:30.")]
pub struct HoursError;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads `today`, `tomorrow`, `fri` (the next one, today included), `+3`, `4.12.`, `4 dec`,
/// `4.12.2026`, `4.12.26`, `2026-12-04`. A day without a year is the next such day.
///
/// # Errors
/// See [`DayError`].
pub fn day(text: &str, today: NaiveDate) -> Result<NaiveDate, DayError> {
    let text = text.trim().to_lowercase();
    let after = |days: u64| today.checked_add_days(Days::new(days));
    match text.as_str() {
        "today" => return Ok(today),
        "tomorrow" => return after(1).ok_or(DayError::NoSuchDay),
        _ => {}
    }
    if let Some(days) = text.strip_prefix('+') {
        let days: u64 = days.trim().parse().map_err(|_| DayError::Unreadable)?;
        return after(days).ok_or(DayError::NoSuchDay);
    }
    if let Some(weekday) = named(&text, &WEEKDAYS) {
        let from = i64::from(today.weekday().num_days_from_monday());
        let to = i64::from(weekday.num_days_from_monday());
        let days = u64::try_from((to - from).rem_euclid(7)).unwrap_or(0);
        return after(days).ok_or(DayError::NoSuchDay);
    }
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    match *parts.as_slice() {
        [year, month, day] if year.len() == 4 => date(number(year)?, month, day),
        [day, month, year] if year.len() == 4 => date(number(year)?, month, day),
        // These days are to come: a short year is one of this century.
        [day, month, year] if year.len() == 2 => {
            date(today.year_ce().1 / 100 * 100 + number(year)?, month, day)
        }
        [day, month] => {
            let year = today.year_ce().1;
            match date(year, month, day) {
                Ok(date) if date >= today => Ok(date),
                Err(DayError::Unreadable) => Err(DayError::Unreadable),
                _ => date(year + 1, month, day),
            }
        }
        _ => Err(DayError::Unreadable),
    }
}

/// Reads a day to look at, whether it is to come or was: as [`day`], and `3` (the next such day of a
/// month), `-1`, `yesterday`. A day without a year is the nearest one; the name of today's weekday
/// means the one after it.
///
/// # Errors
/// See [`DayError`].
pub fn any(text: &str, today: NaiveDate) -> Result<NaiveDate, DayError> {
    let text = text.trim().to_lowercase();
    let back = match text.as_str() {
        "yesterday" => Some(1),
        text => text
            .strip_prefix('-')
            .and_then(|days| days.trim().parse().ok()),
    };
    if let Some(back) = back {
        let before = today.checked_sub_days(Days::new(back));
        return before.ok_or(DayError::NoSuchDay);
    }
    let alone = text.trim_end_matches('.');
    if !alone.is_empty() && alone.len() <= 2 && number(alone).is_ok() {
        let months = (0..12).filter_map(|later| today.checked_add_months(Months::new(later)));
        let mut days = months.filter_map(|month| month.with_day(number(alone).ok()?));
        return days.find(|day| *day >= today).ok_or(DayError::NoSuchDay);
    }
    let day = day(&text, today)?;
    if day == today && named(&text, &WEEKDAYS).is_some() {
        return today
            .checked_add_days(Days::new(7))
            .ok_or(DayError::NoSuchDay);
    }
    let year_before = day.checked_sub_months(Months::new(12));
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let has_year = parts.filter(|part| !part.is_empty()).count() > 2;
    Ok(match year_before {
        Some(before)
            if !has_year && !text.starts_with('+') && (day - today).num_days() > HALF_A_YEAR =>
        {
            before
        }
        _ => day,
    })
}

/// A day without a year that is further ahead is the one that was.
const HALF_A_YEAR: i64 = 183;

/// Reads `9-12`, `9:30 - 11`, `14.00–17.30`, `0900-1200`, `9 to 12` as two times `HH:MM`; `24`
/// is midnight at the day's end, which the wire writes as `00:00`. Which of them is the earlier is
/// not looked at: an absence of several days can begin later than it ends.
///
/// # Errors
/// [`HoursError`].
pub fn hours(text: &str) -> Result<(String, String), HoursError> {
    let text = text.trim().to_lowercase().replace(['–', '—'], "-");
    let (from, to) = text
        .split_once('-')
        .or_else(|| text.split_once(" to "))
        .ok_or(HoursError)?;
    Ok((clock(minutes(from)?), clock(minutes(to)?)))
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Minutes since midnight.
fn minutes(text: &str) -> Result<u32, HoursError> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return Err(HoursError),
        None if text.len() > 2 => text.split_at_checked(text.len() - 2).ok_or(HoursError)?,
        None => (text, "0"),
    };
    let number = |text: &str| -> Result<u32, HoursError> {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = is_number.then(|| text.parse().ok()).flatten();
        number.ok_or(HoursError)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    if minute > 59 || hour * 60 + minute > 24 * 60 || hour > 24 {
        return Err(HoursError);
    }
    Ok(hour * 60 + minute)
}

fn number(text: &str) -> Result<u32, DayError> {
    if text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DayError::Unreadable);
    }
    text.parse().map_err(|_| DayError::Unreadable)
}

fn date(year: u32, month: &str, day: &str) -> Result<NaiveDate, DayError> {
    let month = match MONTHS.iter().position(|name| is_short_for(month, name)) {
        Some(at) => u32::try_from(at + 1).map_err(|_| DayError::Unreadable)?,
        None => number(month)?,
    };
    let year = i32::try_from(year).map_err(|_| DayError::NoSuchDay)?;
    NaiveDate::from_ymd_opt(year, month, number(day)?).ok_or(DayError::NoSuchDay)
}

/// Whether a text is a name, or its first three letters and more.
fn is_short_for(text: &str, name: &str) -> bool {
    text.len() >= 3 && name.starts_with(text)
}

fn named<T: Copy>(text: &str, names: &[(&str, T)]) -> Option<T> {
    let found = names.iter().find(|(name, _)| is_short_for(text, name));
    found.map(|(_, meant)| *meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    /// A Monday.
    fn today() -> NaiveDate {
        on(2026, 11, 23)
    }

    #[test]
    fn a_day_to_go_to_is_typed_in_few_keys() {
        // A Monday.
        let today = on(2026, 11, 23);
        for (text, expected) in [
            ("3", on(2026, 12, 3)),
            ("23", today),
            ("31", on(2026, 12, 31)),
            ("3 12", on(2026, 12, 3)),
            ("3.12.", on(2026, 12, 3)),
            ("3/1", on(2027, 1, 3)),
            ("3 nov", on(2026, 11, 3)),
            ("3.12.27", on(2027, 12, 3)),
            ("2026-12-03", on(2026, 12, 3)),
            ("mon", on(2026, 11, 30)),
            ("Tuesday", on(2026, 11, 24)),
            ("sun", on(2026, 11, 29)),
            ("+7", on(2026, 11, 30)),
            ("-1", on(2026, 11, 22)),
            ("+300", on(2027, 9, 19)),
            ("tomorrow", on(2026, 11, 24)),
        ] {
            assert_eq!(any(text, today), Ok(expected), "{text}");
        }
        for text in ["", "soon", "x 12", "1.2.3.4", "+x"] {
            assert_eq!(any(text, today), Err(DayError::Unreadable), "{text}");
        }
        assert_eq!(any("31.2.", today), Err(DayError::NoSuchDay));
        assert_eq!(any("45", today), Err(DayError::NoSuchDay));
    }

    #[test]
    fn days_are_read_as_people_say_them() {
        for (text, date) in [
            ("today", on(2026, 11, 23)),
            (" Tomorrow ", on(2026, 11, 24)),
            ("+3", on(2026, 11, 26)),
            ("mon", on(2026, 11, 23)),
            ("fri", on(2026, 11, 27)),
            ("Friday", on(2026, 11, 27)),
            ("sun", on(2026, 11, 29)),
            ("4.12.", on(2026, 12, 4)),
            ("4 dec", on(2026, 12, 4)),
            ("2 jan", on(2027, 1, 2)),
            ("22.11", on(2027, 11, 22)),
            ("4.12.26", on(2026, 12, 4)),
            ("4/12/2026", on(2026, 12, 4)),
            ("2026-12-04", on(2026, 12, 4)),
        ] {
            assert_eq!(day(text, today()), Ok(date), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        assert_eq!(day("31.2.2027", today()), Err(DayError::NoSuchDay));
        assert_eq!(day("31 feb", today()), Err(DayError::NoSuchDay));
        for text in ["", "soon", "fr", "12", "1.2.3.4", "+x", "1.2.345"] {
            assert_eq!(day(text, today()), Err(DayError::Unreadable), "{text}");
        }
    }

    #[test]
    fn hours_are_read_in_every_usual_form() {
        let read = |text| hours(text).map(|(from, to)| format!("{from} {to}"));
        for (text, both) in [
            ("9-12", "09:00 12:00"),
            ("9:30 - 11", "09:30 11:00"),
            ("14.00–17.30", "14:00 17:30"),
            ("0900-1230", "09:00 12:30"),
            ("9 to 12", "09:00 12:00"),
            ("20-24", "20:00 00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(both), "{text}");
        }
        for text in ["", "9", "9-25", "9:5-10", "x-y", "9-24:30"] {
            assert_eq!(read(text), Err(HoursError), "{text}");
        }
    }
}
