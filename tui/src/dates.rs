//! Birth dates as people type them, and days as people read them.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

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

/// How days are written on the screens. The month never comes before the day unless the year comes
/// first: so it is typed, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// `31 Dec 1990`
    #[default]
    Words,
    /// `1990-12-31`
    Iso,
    /// `31.12.1990`
    Dots,
    /// `31/12/1990`
    Slashes,
}

/// A way to write days that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is no way to write days called “{0}”; choose one of: words, iso, dots, slashes.")]
pub struct UnknownFormat(String);

impl Format {
    /// Every way.
    pub const ALL: &'static [Format] = &[Format::Words, Format::Iso, Format::Dots, Format::Slashes];

    /// The name in the configuration file.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Words => "words",
            Format::Iso => "iso",
            Format::Dots => "dots",
            Format::Slashes => "slashes",
        }
    }

    /// `31 Dec 1990`.
    pub fn date(self, date: NaiveDate) -> String {
        let format = match self {
            Format::Words => "%-d %b %Y",
            Format::Iso => "%Y-%m-%d",
            Format::Dots => "%d.%m.%Y",
            Format::Slashes => "%d/%m/%Y",
        };
        date.format(format).to_string()
    }

    /// `Mon 23 Nov 2026`.
    pub fn day(self, date: NaiveDate) -> String {
        format!("{} {}", date.format("%a"), self.date(date))
    }

    /// `Mon 23 Nov`: a day of about now.
    pub fn short(self, date: NaiveDate) -> String {
        let format = match self {
            Format::Words => "%a %-d %b",
            Format::Iso => "%a %Y-%m-%d",
            Format::Dots => "%a %d.%m.",
            Format::Slashes => "%a %d/%m",
        };
        date.format(format).to_string()
    }

    /// The columns that the longest [`Format::short`] takes.
    pub(crate) const fn short_width(self) -> usize {
        match self {
            Format::Words | Format::Dots => 10,
            Format::Iso => 14,
            Format::Slashes => 9,
        }
    }

    /// `31 Dec 1990 (35 y)`: shown beside what was typed, so that nobody wonders which number was
    /// the month.
    pub fn spelled_out(self, date: NaiveDate, today: NaiveDate) -> String {
        match today.years_since(date) {
            Some(years) => format!("{} ({years} y)", self.date(date)),
            None => self.date(date),
        }
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let known = Format::ALL.iter().find(|format| format.name() == name);
        known.copied().ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// `Monday, 23 November`, with the year where it is not this one: a day in a sentence.
pub(crate) fn day_in_words(date: NaiveDate, today: NaiveDate) -> String {
    let year = if date.year() == today.year() {
        ""
    } else {
        " %Y"
    };
    date.format(&format!("%A, %-d %B{year}")).to_string()
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

/// When something came, in a few columns: `08:30` today, `22 Nov` this year, `2025-11` before.
pub(crate) fn brief(at: NaiveDateTime, today: NaiveDate) -> String {
    let format = match at.date() {
        date if date == today => "%H:%M",
        date if date.year() == today.year() => "%-d %b",
        _ => "%Y-%m",
    };
    at.format(format).to_string()
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
    fn the_age_turns_on_the_birthday() {
        assert_eq!(
            Format::Words.spelled_out(day(1990, 11, 22), day(2026, 11, 22)),
            "22 Nov 1990 (36 y)"
        );
        assert_eq!(
            Format::Words.spelled_out(day(1990, 11, 23), day(2026, 11, 22)),
            "23 Nov 1990 (35 y)"
        );
    }

    #[test]
    fn days_are_named_as_people_name_them() {
        let today = day(2026, 11, 23);
        assert_eq!(Format::Words.day(today), "Mon 23 Nov 2026");
        assert_eq!(day_in_words(today, today), "Monday, 23 November");
        assert_eq!(
            day_in_words(day(2027, 1, 4), today),
            "Monday, 4 January 2027"
        );
        assert_eq!(relative(today, today), Some("Today"));
        assert_eq!(relative(day(2026, 11, 22), today), Some("Yesterday"));
        assert_eq!(relative(day(2026, 11, 24), today), Some("Tomorrow"));
        assert_eq!(relative(day(2026, 11, 25), today), None);
    }

    #[test]
    fn days_are_written_in_the_way_that_was_chosen() {
        let date = day(2026, 11, 3);
        let written = |format: Format| (format.day(date), format.short(date));
        let expected = |day: &str, short: &str| (day.to_owned(), short.to_owned());
        assert_eq!(
            written(Format::Iso),
            expected("Tue 2026-11-03", "Tue 2026-11-03")
        );
        assert_eq!(
            written(Format::Dots),
            expected("Tue 03.11.2026", "Tue 03.11.")
        );
        assert_eq!(
            written(Format::Slashes),
            expected("Tue 03/11/2026", "Tue 03/11")
        );
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(*format));
            // What is shown can be typed.
            assert_eq!(birth_date(&format.date(date), day(2026, 12, 1)), Ok(date));
        }
        assert!(
            "us".parse::<Format>()
                .unwrap_err()
                .to_string()
                .contains("slashes")
        );
    }

    #[test]
    fn what_came_long_ago_needs_no_minute() {
        let today = day(2026, 11, 23);
        let at = |date: NaiveDate| brief(date.and_hms_opt(8, 5, 0).unwrap(), today);
        assert_eq!(at(today), "08:05");
        assert_eq!(at(day(2026, 1, 2)), "2 Jan");
        assert_eq!(at(day(2025, 11, 23)), "2025-11");
    }
}
