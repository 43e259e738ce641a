//! When the doctors of an invented clinic are there. Its weekdays are the same the year round; so
//! that there is something to see at whatever hour it is looked at, today may have a window more.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::cast::Hours;
use crate::clinic::available_times::{Hours as Span, clock_time};
use crate::store::available_times::NewWindow;

/// Monday to Friday.
const WEEKDAYS: i64 = 0b1_1111;
/// Tuesday and Thursday.
const TWO_DAYS: i64 = 0b0_1010;
/// The first and the last minute of the weekdays' windows.
const OPENS: u16 = 8 * 60;
const CLOSES: u16 = 17 * 60;
/// A weekday has something to show between these minutes by itself.
const BUSY_FROM: u16 = 9 * 60 + 40;
const BUSY_UNTIL: u16 = 15 * 60 + 30;

/// A window before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) name: String,
    span: Option<Span>,
    weekdays: i64,
    slot_minutes: Option<i64>,
    only_on: Option<NaiveDate>,
    /// Who offers it; none: everybody who is verified.
    offered_by: Option<&'static [Hours]>,
}

impl Draft {
    fn clock(starts: u16, ends: u16, weekdays: i64, slot: i64, by: &'static [Hours]) -> Self {
        Draft {
            name: format!("{} - {}", clock_time(starts), clock_time(ends)),
            span: Span::new(starts, ends),
            weekdays,
            slot_minutes: Some(slot),
            only_on: None,
            offered_by: Some(by),
        }
    }

    pub(super) fn is_offered_by(&self, hours: Hours, verified: bool) -> bool {
        self.offered_by.map_or(verified, |by| by.contains(&hours))
    }

    pub(super) fn stored(&self) -> NewWindow<'_> {
        NewWindow {
            name: &self.name,
            starts_at: self.span.map(|span| i64::from(span.starts)),
            ends_at: self.span.map(|span| i64::from(span.ends)),
            weekdays: self.weekdays,
            slot_minutes: self.slot_minutes,
            valid_from: self.only_on,
            valid_to: self.only_on,
        }
    }
}

/// All windows of a clinic that is looked at now.
pub(super) fn windows(now: DateTime<Tz>) -> Vec<Draft> {
    let usual: &[Hours] = &[Hours::Weekdays, Hours::Round];
    let round = Draft {
        name: "Morning round".to_owned(),
        span: None,
        slot_minutes: None,
        ..Draft::clock(0, 1, WEEKDAYS, 1, &[Hours::Round])
    };
    let mut all = vec![
        Draft::clock(9 * 60, 12 * 60, WEEKDAYS, 20, usual),
        Draft::clock(13 * 60, CLOSES, WEEKDAYS, 20, usual),
        Draft::clock(8 * 60 + 30, 11 * 60 + 30, WEEKDAYS, 15, &[Hours::Short]),
        Draft::clock(14 * 60, CLOSES, WEEKDAYS, 15, &[Hours::Short]),
        Draft::clock(OPENS, 12 * 60, TWO_DAYS, 30, &[Hours::TwoMornings]),
        round,
    ];
    all.extend(today(now).map(|span| Draft {
        only_on: Some(now.date_naive()),
        offered_by: None,
        ..Draft::clock(span.starts, span.ends, 0b111_1111, 20, &[])
    }));
    all
}

/// The hours that only today has: around now, beside what a weekday has anyway. None where it has
/// enough.
fn today(now: DateTime<Tz>) -> Option<Span> {
    let minute = u16::try_from(now.hour() * 60 + now.minute()).unwrap_or(0);
    let is_weekday = now.weekday().num_days_from_monday() < 5;
    let begun = minute.saturating_sub(90) / 60 * 60;
    match is_weekday {
        true if minute < BUSY_FROM => {
            let starts = begun.min(OPENS - 60);
            Span::new(starts, OPENS.min(starts + 180))
        }
        true if minute <= BUSY_UNTIL => None,
        true => {
            let starts = begun.clamp(CLOSES, 22 * 60);
            Span::new(starts, starts + 180.min(24 * 60 - starts))
        }
        false => {
            let starts = begun.min(22 * 60);
            Span::new(starts, starts + 240.min(24 * 60 - starts))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Weekday};

    use super::*;

    #[test]
    fn at_any_hour_there_are_windows_around_now_that_do_not_overlap() {
        for day in 16..=22 {
            for minute in (0..24 * 60).step_by(7) {
                let now = chrono_tz::Europe::Berlin
                    .with_ymd_and_hms(2026, 11, day, minute / 60, minute % 60, 0)
                    .unwrap();
                let span = today(now);
                let is_weekend = matches!(now.weekday(), Weekday::Sat | Weekday::Sun);
                if is_weekend {
                    let span = span.expect("closed otherwise");
                    assert!(u32::from(span.starts) <= minute && span.ends - span.starts >= 120);
                    assert!(minute < u32::from(span.ends));
                } else if let Some(span) = span {
                    assert!(
                        span.ends <= OPENS || span.starts >= CLOSES,
                        "{now}: {span:?}"
                    );
                }
            }
        }
    }
}
