//! Hours read out of a window's label, as people write them (API.md §6).

use super::super::text;
use super::{DAY, Hours};

/// How long a window is whose label says only when it starts.
const LONE_START: u16 = 30;

/// The hours that a label says: `9:00 AM - 9:30 AM`, `09:00-09:30`, `9am to 10am`, `9.30–10.15`,
/// `14h30`, or a lone `14:30`, which gets half an hour but ends with the day. `00:00` and `12 AM` as
/// an end are midnight at the day's end. None for any other label: a window without a clock.
pub fn hours_of(label: &str) -> Option<Hours> {
    let plain: String = text::fold(label)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let plain = plain.replace("a.m.", "am").replace("p.m.", "pm");
    let plain = plain.replace("to", "-").replace(is_dash, "-");
    match plain.split('-').collect::<Vec<_>>()[..] {
        [start] => {
            let start = Time::read(start).filter(|time| !time.could_be_a_date())?;
            let starts = start.minutes(start.half)?;
            Hours::new(starts, DAY.min(starts + LONE_START))
        }
        [start, end] => range(Time::read(start)?, Time::read(end)?),
        _ => None,
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '~')
}

/// A range; where only one side says `am` or `pm`, the other means the same half of the day, unless
/// the range then ended before it began.
fn range(start: Time, end: Time) -> Option<Hours> {
    let halves = match (start.half, end.half) {
        (None, Some(half)) => vec![(Some(half), Some(half)), (Some(half.other()), Some(half))],
        (Some(half), None) => vec![(Some(half), Some(half)), (Some(half), Some(half.other()))],
        both => vec![both],
    };
    halves.into_iter().find_map(|(of_start, of_end)| {
        let ends = match end.minutes(of_end)? {
            0 => DAY,
            minutes => minutes,
        };
        Hours::new(start.minutes(of_start)?, ends)
    })
}

/// Half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Half {
    fn other(self) -> Self {
        match self {
            Half::Am => Half::Pm,
            Half::Pm => Half::Am,
        }
    }
}

/// A time of the day as written.
#[derive(Debug, Clone, Copy)]
struct Time {
    hour: u16,
    minute: u16,
    half: Option<Half>,
    dotted: bool,
}

impl Time {
    /// Reads `9:30`, `9.30`, `9h30`, `9h`, `9am`, `9:30pm`; a bare number is no time.
    fn read(text: &str) -> Option<Self> {
        let (rest, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
            (Some(rest), _) => (rest, Some(Half::Am)),
            (_, Some(rest)) => (rest, Some(Half::Pm)),
            _ => (text, None),
        };
        let (hour, minute) = match rest.split_once([':', '.', 'h']) {
            Some((hour, "")) if rest.ends_with('h') => (hour, 0),
            Some((hour, minute)) => (hour, digits(minute, 2..=2)?),
            None if half.is_some() => (rest, 0),
            None => return None,
        };
        let time = Time {
            hour: digits(hour, 1..=2)?,
            minute,
            half,
            dotted: rest.contains('.'),
        };
        (time.minute < 60).then_some(time)
    }

    /// `9.30` alone may as well be a day of September.
    fn could_be_a_date(self) -> bool {
        self.dotted && self.half.is_none()
    }

    /// Minutes after midnight, in this half of the day; `24:00` is 1440.
    fn minutes(self, half: Option<Half>) -> Option<u16> {
        let hour = match (half, self.hour) {
            (None, hour @ 0..=23) => hour,
            (None, 24) if self.minute == 0 => 24,
            (Some(Half::Am), 12) => 0,
            (Some(Half::Am), hour @ 0..=11) => hour,
            (Some(Half::Pm), 12) => 12,
            (Some(Half::Pm), hour @ 1..=11) => hour + 12,
            // 14:30 PM says it twice.
            (Some(Half::Pm), hour @ 13..=23) => hour,
            _ => return None,
        };
        Some(hour * 60 + self.minute)
    }
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let are_digits = count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    are_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::clock_time;
    use super::*;

    fn read(label: &str) -> Option<(u16, u16)> {
        hours_of(label).map(|hours| (hours.starts, hours.ends))
    }

    #[test]
    fn hours_are_read_however_they_are_written() {
        for label in [
            "9:00 AM - 9:30 AM",
            "09:00-09:30",
            "9:00am–9:30am",
            " 09:00 — 09:30 ",
            "9 a.m. to 9:30 a.m.",
            "9:00 - 9:30 AM",
            "9 AM - 9:30",
            "9.00 - 9.30",
            "9h - 9h30",
            "９：００ - ９：３０",
            "09:00",
            "9am",
            "9.00 am",
        ] {
            assert_eq!(read(label), Some((540, 570)), "{label}");
        }
        for (label, hours) in [
            ("14:30", (870, 900)),
            ("2:30 PM", (870, 900)),
            ("9am-10am", (540, 600)),
            ("11:00 - 1:00 PM", (660, 780)),
            ("11 AM - 1:00", (660, 780)),
            ("1:00 - 2:30 pm", (780, 870)),
            ("12:00 PM - 1:00 PM", (720, 780)),
            ("12:00 AM - 1:00 AM", (0, 60)),
            ("23:00 - 00:00", (1380, 1440)),
            ("11 PM - 12 AM", (1380, 1440)),
            ("22:00-24:00", (1320, 1440)),
            ("23:45", (1425, 1440)),
            ("00:00", (0, 30)),
        ] {
            assert_eq!(read(label), Some(hours), "{label}");
        }
    }

    #[test]
    fn any_other_label_has_no_clock() {
        for label in [
            "",
            "Morning",
            "after lunch",
            "9",
            "9-10",
            "9.30",
            "10.12.",
            "9:60",
            "25:00",
            "24:00",
            "13 AM",
            "10:00 - 09:00",
            "10:00 - 10:00",
            "9:00 - 10:00 - 11:00",
            "9:5",
            "009:00",
            "-9:00",
            "tomorrow",
            "9:00 AM PM",
            "٩:٠٠",
        ] {
            assert_eq!(read(label), None, "{label}");
        }
    }

    fn with_half(minutes: u16) -> String {
        let half = if minutes / 60 % 24 < 12 { "AM" } else { "PM" };
        let hour = match minutes / 60 % 12 {
            0 => 12,
            hour => hour,
        };
        format!("{hour}:{:02} {half}", minutes % 60)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(starts in 0_u16..DAY, long in 1_u16..=DAY) {
            let ends = (starts + long).min(DAY);
            for written in [clock_time, with_half] {
                let label = format!("{} - {}", written(starts), written(ends));
                prop_assert_eq!(read(&label), Some((starts, ends)), "{}", label);
            }
        }

        #[test]
        fn whatever_is_typed_hours_are_hours(label in "\\PC{0,50}") {
            if let Some((starts, ends)) = read(&label) {
                prop_assert!(starts < ends && ends <= DAY);
            }
        }
    }
}
