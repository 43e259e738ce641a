//! How days and moments are written on the screens: the one way for all of them, as the setting
//! says.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Utc};

/// How days are written on the screens. The month never comes before the day unless the year comes
/// first, or is left out of such a date: so it is typed, too.
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

    /// The columns that the longest [`Format::date`] takes.
    pub(crate) const WIDTH: u16 = 11;

    /// The name in the configuration file.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Words => "words",
            Format::Iso => "iso",
            Format::Dots => "dots",
            Format::Slashes => "slashes",
        }
    }

    /// Days to come as they can be typed: the end of a sentence.
    pub(crate) const fn days_ahead(self) -> &'static str {
        match self {
            Format::Words => "tomorrow, next tue, 4 dec or in 2 weeks",
            Format::Iso => "tomorrow, next tue, 12-04 or in 2 weeks",
            Format::Dots => "tomorrow, next tue, 4.12. or in 2 weeks",
            Format::Slashes => "tomorrow, next tue, 4/12 or in 2 weeks",
        }
    }

    /// Days that were, as they can be typed: the end of a sentence.
    pub(crate) const fn days_past(self) -> &'static str {
        match self {
            Format::Words => "yesterday, last tue or 4 dec",
            Format::Iso => "yesterday, last tue or 12-04",
            Format::Dots => "yesterday, last tue or 4.12.",
            Format::Slashes => "yesterday, last tue or 4/12",
        }
    }

    /// The shortest ways to type a day, for an empty field.
    pub(crate) const fn days_in_short(self) -> &'static str {
        match self {
            Format::Words => "3 dec, next tue, +7",
            Format::Iso => "12-03, next tue, +7",
            Format::Dots => "3.12., next tue, +7",
            Format::Slashes => "3/12, next tue, +7",
        }
    }

    /// The same, where a part of the day can be said as well.
    pub(crate) const fn days_or_parts(self) -> &'static str {
        match self {
            Format::Words => "3 dec, tue morning, +7",
            Format::Iso => "12-03, tue morning, +7",
            Format::Dots => "3.12., tue morning, +7",
            Format::Slashes => "3/12, tue morning, +7",
        }
    }

    /// `31 Dec 1990`: a day of birth, or any other.
    pub fn date(self, date: NaiveDate) -> String {
        let format = match self {
            Format::Words => "%-d %b %Y",
            Format::Iso => "%Y-%m-%d",
            Format::Dots => "%d.%m.%Y",
            Format::Slashes => "%d/%m/%Y",
        };
        date.format(format).to_string()
    }

    /// The same of a day that may not be known: then nothing.
    pub(crate) fn known(self, date: Option<NaiveDate>) -> String {
        date.map(|date| self.date(date)).unwrap_or_default()
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

    /// `23 Nov`: a day of this year.
    pub(crate) fn in_year(self, date: NaiveDate) -> String {
        let format = match self {
            Format::Words => "%-d %b",
            Format::Iso => "%m-%d",
            Format::Dots => "%d.%m.",
            Format::Slashes => "%d/%m",
        };
        date.format(format).to_string()
    }

    /// `31 Dec 1990 (35 y)`: shown beside what was typed, so that nobody wonders which number was
    /// the month.
    pub fn spelled_out(self, date: NaiveDate, today: NaiveDate) -> String {
        match today.years_since(date) {
            Some(years) => format!("{} ({years} y)", self.date(date)),
            None => self.date(date),
        }
    }

    /// `Monday, 23 November`, with the year where it is not this one: a day in a sentence.
    pub(crate) fn in_words(self, date: NaiveDate, today: NaiveDate) -> String {
        let is_this_year = date.year() == today.year();
        let format = match (self, is_this_year) {
            (Format::Words, true) => "%A, %-d %B",
            (Format::Words, false) => "%A, %-d %B %Y",
            (Format::Iso, _) => "%A, %Y-%m-%d",
            (Format::Dots, true) => "%A, %d.%m.",
            (Format::Dots, false) => "%A, %d.%m.%Y",
            (Format::Slashes, true) => "%A, %d/%m",
            (Format::Slashes, false) => "%A, %d/%m/%Y",
        };
        date.format(format).to_string()
    }

    /// `23 Nov 2026, 08:30` on the clock of whoever sits here.
    pub(crate) fn moment(self, at: DateTime<Utc>, here: FixedOffset) -> String {
        let at = at.with_timezone(&here);
        format!("{}, {}", self.date(at.date_naive()), at.format("%H:%M"))
    }

    /// The columns of [`Format::moment`] at most.
    pub(crate) const MOMENT_WIDTH: u16 = Self::WIDTH + 7;

    /// `23 Nov 08:30`: a moment of this year, in at most twelve columns.
    pub(crate) fn short_moment(self, at: DateTime<Utc>, here: FixedOffset) -> String {
        let at = at.with_timezone(&here);
        format!("{} {}", self.in_year(at.date_naive()), at.format("%H:%M"))
    }

    /// When something came, in a few columns: `08:30` today, `22 Nov` this year, `Nov 2025` before.
    pub(crate) fn brief(self, at: NaiveDateTime, today: NaiveDate) -> String {
        match at.date() == today {
            true => at.format("%H:%M").to_string(),
            false => self.brief_day(at.date(), today),
        }
    }

    /// A day in as few columns: `today`, `22 Nov` this year, `Nov 2025` of another one.
    pub(crate) fn brief_day(self, date: NaiveDate, today: NaiveDate) -> String {
        let format = match self {
            _ if date == today => return "today".to_owned(),
            _ if date.year() == today.year() => return self.in_year(date),
            Format::Words => "%b %Y",
            Format::Iso => "%Y-%m",
            Format::Dots => "%m.%Y",
            Format::Slashes => "%m/%Y",
        };
        date.format(format).to_string()
    }
}

impl std::str::FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let known = Format::ALL.iter().find(|format| format.name() == name);
        known.copied().ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::birth_date;
    use crate::days;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
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
    fn a_day_in_a_sentence_is_written_as_everywhere() {
        let today = day(2026, 11, 23);
        let next = day(2027, 1, 4);
        let told = |format: Format| (format.in_words(today, today), format.in_words(next, today));
        let expected = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(
            told(Format::Words),
            expected("Monday, 23 November", "Monday, 4 January 2027")
        );
        assert_eq!(
            told(Format::Iso),
            expected("Monday, 2026-11-23", "Monday, 2027-01-04")
        );
        assert_eq!(
            told(Format::Dots),
            expected("Monday, 23.11.", "Monday, 04.01.2027")
        );
        assert_eq!(
            told(Format::Slashes),
            expected("Monday, 23/11", "Monday, 04/01/2027")
        );
    }

    #[test]
    fn days_are_written_in_the_way_that_was_chosen() {
        let date = day(2026, 11, 3);
        let written = |format: Format| (format.day(date), format.short(date));
        let expected = |day: &str, short: &str| (day.to_owned(), short.to_owned());
        assert_eq!(
            written(Format::Words),
            expected("Tue 3 Nov 2026", "Tue 3 Nov")
        );
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
        assert!(
            "us".parse::<Format>()
                .unwrap_err()
                .to_string()
                .contains("slashes")
        );
    }

    #[test]
    fn what_is_shown_can_be_typed() {
        let (today, date) = (day(2026, 11, 2), day(2026, 12, 3));
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(*format));
            assert_eq!(birth_date(&format.date(today), date), Ok(today));
            for shown in [
                format.date(date),
                format.day(date),
                format.short(date),
                format.in_year(date),
                format.in_words(date, today),
            ] {
                assert_eq!(days::day(&shown, today, *format), Ok(date), "{shown}");
            }
            let examples = format.days_in_short().split(", ");
            for example in examples.chain(format.days_ahead().split([','])) {
                for one in example.split(" or ") {
                    assert!(days::any(one, today, *format).is_ok(), "{one}");
                }
            }
            for example in format.days_past().split(", ") {
                for one in example.split(" or ") {
                    assert!(days::past(one, today, *format).is_ok(), "{one}");
                }
            }
            for one in format.days_or_parts().split(", ") {
                assert!(days::when(one, today, *format).is_ok(), "{one}");
            }
        }
    }

    #[test]
    fn what_came_long_ago_needs_no_minute() {
        let today = day(2026, 11, 23);
        let at = |format: Format, date: NaiveDate| {
            format.brief(date.and_hms_opt(8, 5, 0).unwrap(), today)
        };
        assert_eq!(at(Format::Words, today), "08:05");
        assert_eq!(at(Format::Words, day(2026, 1, 2)), "2 Jan");
        assert_eq!(at(Format::Words, day(2025, 11, 23)), "Nov 2025");
        assert_eq!(at(Format::Iso, day(2026, 1, 2)), "01-02");
        assert_eq!(at(Format::Iso, day(2025, 11, 23)), "2025-11");
        assert_eq!(at(Format::Dots, day(2025, 11, 23)), "11.2025");
        assert_eq!(Format::Slashes.brief_day(today, today), "today");
    }

    #[test]
    fn a_moment_is_of_the_clock_here() {
        let at = "2026-11-22T23:05:00Z".parse().unwrap();
        let here = FixedOffset::east_opt(3600).unwrap();
        assert_eq!(Format::Words.moment(at, here), "23 Nov 2026, 00:05");
        assert_eq!(Format::Iso.moment(at, here), "2026-11-23, 00:05");
        for (format, short) in [
            (Format::Words, "23 Nov 00:05"),
            (Format::Iso, "11-23 00:05"),
            (Format::Dots, "23.11. 00:05"),
            (Format::Slashes, "23/11 00:05"),
        ] {
            assert_eq!(format.short_moment(at, here), short);
            assert!(format.moment(at, here).len() <= usize::from(Format::MOMENT_WIDTH));
        }
    }
}
