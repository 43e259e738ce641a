//! Birth dates as people type them, and days as people read them.

mod format;

use chrono::{Datelike, NaiveDate};

pub use format::{Format, UnknownFormat};

/// Why a text is no birth date. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not a date in any form.
    #[error("Not a date; type 1990-12-31, 31.12.1990 or 31 dec 1990.")]
    Unreadable,
    /// A date that does not exist.
    #[error("There is no such day.")]
    NoSuchDay,
    /// After today.
    #[error("That day is still to come.")]
    Future,
    /// Longer ago than anybody lives.
    #[error("That is more than 150 years ago.")]
    TooLongAgo,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads `1990-12-31`, `31.12.1990`, `31/12/90`, `31 12 1990`, `31121990`, `31 dec 1990`.
///
/// The day comes before the month unless the year comes first. Two digits of a year are the last
/// such year that is not after today.
///
/// # Errors
/// See [`DateError`].
pub fn birth_date(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let date = read(text.trim(), today)?;
    if date > today {
        return Err(DateError::Future);
    }
    if today.year() - date.year() > 150 {
        return Err(DateError::TooLongAgo);
    }
    Ok(date)
}

fn read(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month, day) = match *parts.as_slice() {
        [whole] => return run_together(whole, today),
        [year, month, day] if year.len() == 4 => {
            (number(year)?, month_number(month)?, number(day)?)
        }
        // `Dec 31, 1990`
        [month, day, year] if month.starts_with(char::is_alphabetic) => {
            (full_year(year, today)?, month_number(month)?, number(day)?)
        }
        [day, month, year] => (full_year(year, today)?, month_number(month)?, number(day)?),
        _ => return Err(DateError::Unreadable),
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, day)
        .ok_or(DateError::NoSuchDay)
}

/// `31121990`, or `19901231` if that is the only way it makes a day.
fn run_together(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Unreadable);
    }
    let cut = |from: usize, to: usize| text.get(from..to).ok_or(DateError::Unreadable);
    let day_first = format!("{} {} {}", cut(0, 2)?, cut(2, 4)?, cut(4, 8)?);
    let year_first = format!("{} {} {}", cut(0, 4)?, cut(4, 6)?, cut(6, 8)?);
    let plausible = |date: &NaiveDate| *date <= today && today.year() - date.year() <= 150;
    match read(&day_first, today) {
        Ok(date) if plausible(&date) => Ok(date),
        other => read(&year_first, today).or(other),
    }
}

fn number(text: &str) -> Result<u32, DateError> {
    if text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Unreadable);
    }
    text.parse().map_err(|_| DateError::Unreadable)
}

fn month_number(text: &str) -> Result<u32, DateError> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return number(text);
    }
    let text = text.to_lowercase();
    let is_it = |name: &str| text.len() >= 3 && text.starts_with(name);
    let index = MONTHS
        .iter()
        .position(|name| is_it(name))
        .ok_or(DateError::Unreadable)?;
    u32::try_from(index + 1).map_err(|_| DateError::Unreadable)
}

fn full_year(text: &str, today: NaiveDate) -> Result<u32, DateError> {
    let year = number(text)?;
    match text.len() {
        4 => Ok(year),
        2 => {
            let now = today.year_ce().1;
            let this_century = now / 100 * 100 + year;
            Ok(if this_century > now {
                this_century.saturating_sub(100)
            } else {
                this_century
            })
        }
        _ => Err(DateError::Unreadable),
    }
}

/// `Yesterday`, `Today` or `Tomorrow`, if it is one of them.
pub(crate) fn relative(date: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    match (date - today).num_days() {
        -1 => Some("Yesterday"),
        0 => Some("Today"),
        1 => Some("Tomorrow"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_usual_spelling_is_the_same_day() {
        let today = day(2026, 11, 22);
        for text in [
            "1990-12-31",
            "31.12.1990",
            "31/12/1990",
            "31 12 1990",
            "31121990",
            "19901231",
            "31.12.90",
            "31 dec 1990",
            "31 December 1990",
            "Dec 31, 1990",
            " 1990/12/31 ",
        ] {
            assert_eq!(birth_date(text, today), Ok(day(1990, 12, 31)), "{text}");
        }
        assert_eq!(birth_date("4.3.2025", today), Ok(day(2025, 3, 4)));
        assert_eq!(birth_date("1.2.26", today), Ok(day(2026, 2, 1)));
        assert_eq!(birth_date("1.2.27", today), Ok(day(1927, 2, 1)));
    }

    #[test]
    fn what_is_no_birth_date_says_why() {
        let today = day(2026, 11, 22);
        assert_eq!(birth_date("31.2.1990", today), Err(DateError::NoSuchDay));
        assert_eq!(birth_date("2026-11-23", today), Err(DateError::Future));
        assert_eq!(birth_date("1.1.1800", today), Err(DateError::TooLongAgo));
        for text in [
            "",
            "soon",
            "1990",
            "12.1990",
            "1.2.3.4",
            "31.xyz.1990",
            "99999999999",
        ] {
            assert_eq!(
                birth_date(text, today),
                Err(DateError::Unreadable),
                "{text}"
            );
        }
    }

    #[test]
    fn days_are_named_as_people_name_them() {
        let today = day(2026, 11, 23);
        assert_eq!(relative(today, today), Some("Today"));
        assert_eq!(relative(day(2026, 11, 22), today), Some("Yesterday"));
        assert_eq!(relative(day(2026, 11, 24), today), Some("Tomorrow"));
        assert_eq!(relative(day(2026, 11, 25), today), None);
    }
}
