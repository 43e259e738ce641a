//! Days as people say them: `tomorrow`, `next tue`, `in 2 weeks`, `4 dec`, `tuesday morning`; and
//! hours.
//!
//! There is one grammar. Where a text fits several days (a date without a year, a weekday) the
//! place decides: what is booked is to come, what the audit asks for is past.

mod clock;
#[cfg(test)]
mod tests;
mod timed;
mod words;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use clinic_shared::desk::slots::PartOfDay;

use crate::dates::Format;

pub(crate) use clock::minutes;
pub use clock::{HoursError, hours, time};
pub use timed::{Timed, timed};
use words::Unit;
pub(crate) use words::{begins, weekday};

/// Why a text is no day. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// Not a day in any form; these are days.
    #[error("Not a day; type {0}.")]
    Unreadable(&'static str),
    /// A date that does not exist.
    #[error("There is no such day.")]
    NoSuchDay,
    /// 29 February, and the year that would be taken has none.
    #[error("29 February comes in leap years only; type the year, too.")]
    LeapDay,
    /// The date is of another weekday than the one beside it.
    #[error("That date is a {}.", .0.format("%A"))]
    OtherWeekday(NaiveDate),
    /// A part of a day, where only whole days mean something.
    #[error("Only the day counts here; leave {0} out.")]
    Part(PartOfDay),
}

/// When, as far as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The day; none if only a part of the day was said.
    pub day: Option<NaiveDate>,
    /// The part of the day.
    pub part: Option<PartOfDay>,
}

/// Which of several such days is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toward {
    Ahead,
    Nearest,
    Past,
}

/// Reads a day that is to come. A day without a year is the next such day, a weekday the next such
/// one, today included; `next tue` is the one of the week after this.
///
/// Days come before months, as in `4.12.`, `4/12`, `4 12`. Where days are shown in the ISO way, a
/// hyphen means that way: `12-04` is the fourth of December.
///
/// # Errors
/// See [`DayError`].
pub fn day(text: &str, today: NaiveDate, dates: Format) -> Result<NaiveDate, DayError> {
    alone(Reader::new(today, dates, Toward::Ahead).read(text))
}

/// Reads a day to look at, whether it is to come or was: a day without a year is the nearest one;
/// the name of today's weekday means the one after it. A part of the day changes nothing: the day
/// is shown with all of them.
///
/// # Errors
/// See [`DayError`].
pub fn any(text: &str, today: NaiveDate, dates: Format) -> Result<NaiveDate, DayError> {
    let reader = Reader::new(today, dates, Toward::Nearest);
    reader.read(text)?.day.ok_or(reader.unreadable())
}

/// Reads a day that was: without a year, or as a weekday, the last such day, today included.
///
/// # Errors
/// See [`DayError`].
pub fn past(text: &str, today: NaiveDate, dates: Format) -> Result<NaiveDate, DayError> {
    alone(Reader::new(today, dates, Toward::Past).read(text))
}

/// Reads when somebody wants to come: a day as [`day`] reads it, a part of it (`tuesday morning`,
/// `tomorrow pm`), or a part of any day (`mornings`).
///
/// # Errors
/// See [`DayError`].
pub fn when(text: &str, today: NaiveDate, dates: Format) -> Result<When, DayError> {
    Reader::new(today, dates, Toward::Ahead).read(text)
}

fn alone(read: Result<When, DayError>) -> Result<NaiveDate, DayError> {
    match read? {
        When {
            day: Some(day),
            part: None,
        } => Ok(day),
        When { part, .. } => Err(part.map_or(DayError::NoSuchDay, DayError::Part)),
    }
}

struct Reader {
    today: NaiveDate,
    dates: Format,
    toward: Toward,
}

impl Reader {
    const fn new(today: NaiveDate, dates: Format, toward: Toward) -> Self {
        Self {
            today,
            dates,
            toward,
        }
    }

    const fn unreadable(&self) -> DayError {
        DayError::Unreadable(match self.toward {
            Toward::Ahead | Toward::Nearest => self.dates.days_ahead(),
            Toward::Past => self.dates.days_past(),
        })
    }

    fn read(&self, text: &str) -> Result<When, DayError> {
        let text = text.trim().to_lowercase();
        if let Some(day) = self.counted(&text) {
            return Ok(When {
                day: Some(day?),
                part: None,
            });
        }
        let is_hyphened = text.contains('-') && !text.contains(['.', '/']);
        let is_iso = is_hyphened && self.dates == Format::Iso;
        let all = words::split(&text).ok_or(self.unreadable())?;
        let (words, part) = match all.as_slice() {
            ["tonight"] => (vec!["today"], Some(PartOfDay::Evening)),
            [rest @ .., last] if words::part(last).is_some() => (rest.to_vec(), words::part(last)),
            [first, rest @ ..] if words::part(first).is_some() => {
                (rest.to_vec(), words::part(first))
            }
            all => (all.to_vec(), None),
        };
        let day = match (words.as_slice(), part) {
            // `in the morning`, `mornings`
            ([] | ["in"], Some(_)) => None,
            (["this"], Some(_)) => Some(self.today),
            // `tuesday in the morning`
            ([words @ .., "in"], Some(_)) => Some(self.day(words, is_iso)?),
            (words, _) => Some(self.day(words, is_iso)?),
        };
        Ok(When { day, part })
    }

    /// `+7`, `+2w`, `-1`.
    fn counted(&self, text: &str) -> Option<Result<NaiveDate, DayError>> {
        let rest = text.strip_prefix(['+', '-'])?.trim();
        let digits = rest.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
        let unit = rest.get(digits.len()..).unwrap_or_default().trim();
        let unit = match unit {
            "" => Some(Unit::Days(1)),
            unit => words::unit(unit),
        };
        let count = digits.parse().ok();
        let Some((count, unit)) = count.zip(unit) else {
            return Some(Err(self.unreadable()));
        };
        Some(self.away(count, unit, text.starts_with('+')))
    }

    /// So many days, weeks or months from today.
    fn away(&self, count: u64, unit: Unit, is_ahead: bool) -> Result<NaiveDate, DayError> {
        let day = match unit {
            Unit::Days(each) => {
                let days = Days::new(count.checked_mul(each).ok_or(DayError::NoSuchDay)?);
                match is_ahead {
                    true => self.today.checked_add_days(days),
                    false => self.today.checked_sub_days(days),
                }
            }
            Unit::Months => {
                let months = Months::new(u32::try_from(count).map_err(|_| DayError::NoSuchDay)?);
                match is_ahead {
                    true => self.today.checked_add_months(months),
                    false => self.today.checked_sub_months(months),
                }
            }
        };
        day.ok_or(DayError::NoSuchDay)
    }

    fn day(&self, words: &[&str], is_iso: bool) -> Result<NaiveDate, DayError> {
        let unit_of = |count: &str, unit: &str| words::count(count).zip(words::unit(unit));
        match *words {
            ["t" | "now"] => return Ok(self.today),
            [word] if words::is_short_for(word, "today", 3) => return Ok(self.today),
            ["tmrw"] => return self.away(1, Unit::Days(1), true),
            [word] if words::is_short_for(word, "tomorrow", 3) => {
                return self.away(1, Unit::Days(1), true);
            }
            ["day", "after", "tomorrow"] => return self.away(2, Unit::Days(1), true),
            ["yesterday"] => return self.away(1, Unit::Days(1), false),
            [which @ ("next" | "this" | "coming" | "last"), of] => return self.which(which, of),
            ["in", count, unit] | [count, unit] if unit_of(count, unit).is_some() => {
                let (count, unit) = unit_of(count, unit).ok_or(self.unreadable())?;
                return self.away(count, unit, true);
            }
            [count, unit, "ago"] => {
                let (count, unit) = unit_of(count, unit).ok_or(self.unreadable())?;
                return self.away(count, unit, false);
            }
            [name] if let Some(weekday) = words::weekday(name) => return self.weekday(weekday),
            // `tue 1 dec`, as it stands on the screens
            [name, ref date @ ..] if let Some(weekday) = words::weekday(name) => {
                let day = self.date(date, is_iso)?;
                return match day.weekday() == weekday {
                    true => Ok(day),
                    false => Err(DayError::OtherWeekday(day)),
                };
            }
            _ => {}
        }
        self.date(words, is_iso)
    }

    /// `next tue`, `this friday`, `last mon`, `next week`.
    fn which(&self, which: &str, of: &str) -> Result<NaiveDate, DayError> {
        let into_week = u64::from(self.today.weekday().num_days_from_monday());
        let monday = self.today.checked_sub_days(Days::new(into_week));
        let monday = monday.ok_or(DayError::NoSuchDay)?;
        let week = Days::new(7);
        let day = match (which, words::unit(of), words::weekday(of)) {
            ("next", _, Some(weekday)) => {
                let days = 7 + u64::from(weekday.num_days_from_monday());
                monday.checked_add_days(Days::new(days))
            }
            ("last", _, Some(weekday)) => {
                let back = (7 + into_week - u64::from(weekday.num_days_from_monday())) % 7;
                let back = if back == 0 { 7 } else { back };
                self.today.checked_sub_days(Days::new(back))
            }
            (_, _, Some(weekday)) => {
                let toward = match self.toward {
                    Toward::Nearest => Toward::Ahead,
                    toward => toward,
                };
                return Self { toward, ..*self }.weekday(weekday);
            }
            ("next", Some(Unit::Days(7)), _) => monday.checked_add_days(week),
            ("last", Some(Unit::Days(7)), _) => monday.checked_sub_days(week),
            ("next", Some(Unit::Months), _) => self
                .today
                .with_day(1)
                .and_then(|first| first.checked_add_months(Months::new(1))),
            ("last", Some(Unit::Months), _) => self
                .today
                .with_day(1)
                .and_then(|first| first.checked_sub_months(Months::new(1))),
            ("this", Some(Unit::Days(7)), _) => Some(self.today),
            _ => return Err(self.unreadable()),
        };
        day.ok_or(DayError::NoSuchDay)
    }

    fn weekday(&self, weekday: Weekday) -> Result<NaiveDate, DayError> {
        let from = i64::from(self.today.weekday().num_days_from_monday());
        let to = i64::from(weekday.num_days_from_monday());
        let days = |span: i64| u64::try_from(span.rem_euclid(7)).unwrap_or(0);
        let one = Unit::Days(1);
        match (self.toward, days(to - from)) {
            (Toward::Nearest, 0) => self.away(7, one, true),
            (Toward::Ahead | Toward::Nearest, ahead) => self.away(ahead, one, true),
            (Toward::Past, _) => self.away(days(from - to), one, false),
        }
    }

    fn date(&self, words: &[&str], is_iso: bool) -> Result<NaiveDate, DayError> {
        let is_year = |text: &str, digits: usize| text.len() == digits && number(text).is_some();
        let (year, month, day) = match *words {
            [day] => {
                let day = number(day).filter(|_| day.len() <= 2);
                return self.day_of_month(day.ok_or(self.unreadable())?);
            }
            [month, day] if is_iso => (None, month, day),
            [day, month] => (None, month, day),
            [year, month, day] if is_year(year, 4) => (number(year), month, day),
            // These days are about now: a short year is one of this century.
            [year, month, day] if is_iso && is_year(year, 2) => (self.in_full(year), month, day),
            [day, month, year] if is_year(year, 4) => (number(year), month, day),
            [day, month, year] if is_year(year, 2) => (self.in_full(year), month, day),
            _ => return Err(self.unreadable()),
        };
        // `dec 12` as well as `12 dec`
        let (month, day) = match words::month(day) {
            Some(name) => (Some(name), number(month)),
            None => (words::month(month).or_else(|| number(month)), number(day)),
        };
        let (month, day) = month.zip(day).ok_or(self.unreadable())?;
        match year {
            Some(year) => on(year, month, day).ok_or(DayError::NoSuchDay),
            None => self.without_year(month, day),
        }
    }

    fn in_full(&self, short: &str) -> Option<u32> {
        number(short).map(|year| self.today.year_ce().1 / 100 * 100 + year)
    }

    fn without_year(&self, month: u32, day: u32) -> Result<NaiveDate, DayError> {
        let year = self.today.year_ce().1;
        let mut such = (year.saturating_sub(1)..=year + 1).filter_map(|year| on(year, month, day));
        let found = match self.toward {
            Toward::Ahead => such.find(|day| *day >= self.today),
            Toward::Nearest => such.min_by_key(|day| (*day - self.today).num_days().abs()),
            Toward::Past => such.rfind(|day| *day <= self.today),
        };
        found.ok_or(match (month, day) {
            (2, 29) => DayError::LeapDay,
            _ => DayError::NoSuchDay,
        })
    }

    /// `3`: the next such day of a month, or the last one.
    fn day_of_month(&self, day: u32) -> Result<NaiveDate, DayError> {
        let first = self.today.with_day(1).ok_or(DayError::NoSuchDay)?;
        let is_past = self.toward == Toward::Past;
        let mut days = (0..12).filter_map(|away| {
            let month = match is_past {
                true => first.checked_sub_months(Months::new(away)),
                false => first.checked_add_months(Months::new(away)),
            };
            month?.with_day(day)
        });
        let found = match is_past {
            true => days.find(|day| *day <= self.today),
            false => days.find(|day| *day >= self.today),
        };
        found.ok_or(DayError::NoSuchDay)
    }
}

fn number(text: &str) -> Option<u32> {
    let is_number = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn on(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}
