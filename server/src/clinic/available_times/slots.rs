//! A window laid on a date: rules are in local time, slots in real time, and both nights on which
//! the clocks change are right (API.md §6).

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use super::{DAY, Window};

/// A piece of real time that can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its first instant.
    pub starts_at: DateTime<Utc>,
    /// The first instant after it.
    pub ends_at: DateTime<Utc>,
}

/// The slots of a window on a date, in order: the real time between its local beginning and end,
/// cut into pieces of `slot_minutes` from the beginning on; a last piece that is shorter is no slot.
/// Without `slot_minutes` it is one, as long as the clock says and no longer. There are none where the window is not offered on the
/// date, has no clock, or lies in an hour that the clocks skip.
pub fn slots(window: &Window, date: NaiveDate, zone: Tz) -> Vec<Slot> {
    let (Some(hours), Some(whole)) = (window.hours, whole(window, date, zone)) else {
        return Vec::new();
    };
    let (from, until) = (whole.starts_at, whole.ends_at);
    let length = match window.slot_minutes {
        Some(minutes) => TimeDelta::minutes(i64::from(minutes)),
        // In the night that an hour comes twice, a visit is no longer for that.
        None => (until - from).min(TimeDelta::minutes(i64::from(hours.ends - hours.starts))),
    };
    if length <= TimeDelta::zero() {
        return Vec::new();
    }
    let begins = std::iter::successors(Some(from), |begin| begin.checked_add_signed(length));
    let begins = begins.take(match window.slot_minutes {
        Some(_) => usize::MAX,
        None => 1,
    });
    let pieces = begins.map_while(|starts_at| {
        let ends_at = starts_at.checked_add_signed(length)?;
        (ends_at <= until).then_some(Slot { starts_at, ends_at })
    });
    pieces.collect()
}

/// The real time between the beginning and the end of a window on a date: longer than the clock says
/// in the night that an hour comes twice, shorter where one is skipped. None where [`slots`] has none.
pub fn whole(window: &Window, date: NaiveDate, zone: Tz) -> Option<Slot> {
    let hours = window.hours.filter(|_| window.is_offered_on(date))?;
    let (starts_at, ends_at) = (
        moment(date, hours.starts, zone)?,
        moment(date, hours.ends, zone)?,
    );
    (starts_at < ends_at).then_some(Slot { starts_at, ends_at })
}

/// The first instant of a date: midnight, or later where the clocks skip midnight. None beyond the
/// calendar's end.
pub fn first_moment(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    instant(date.and_time(NaiveTime::MIN), zone)
}

/// The instant of a date at minutes after its midnight (1440: the next one): the first time the
/// clinic's clocks show it, or where they skip it the first instant after. None beyond the calendar's
/// end.
pub fn moment(date: NaiveDate, minutes: u16, zone: Tz) -> Option<DateTime<Utc>> {
    instant(local(date, minutes), zone)
}

/// A date at minutes after its midnight.
fn local(date: NaiveDate, minutes: u16) -> NaiveDateTime {
    let day = if minutes >= DAY {
        date.checked_add_days(Days::new(1)).unwrap_or(date)
    } else {
        date
    };
    let seconds = u32::from(minutes % DAY) * 60;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
    day.and_time(time)
}

/// When the clinic's clocks show this time: the first time they do, or where they skip it, the
/// first instant after what they skip.
fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| GapInfo::new(&local, &zone)?.end);
    found.map(|instant| instant.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Hours, Weekdays};
    use super::*;

    fn window(starts: u16, ends: u16, slot_minutes: Option<u32>) -> Window {
        Window {
            id: 1,
            name: String::new(),
            hours: Hours::new(starts, ends),
            weekdays: Weekdays::ALL,
            slot_minutes,
            valid_from: None,
            valid_to: None,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The slots of a window as UTC clock times.
    fn cut(window: &Window, date: &str, zone: Tz) -> Vec<String> {
        let shown = |at: DateTime<Utc>| at.format("%H:%M").to_string();
        slots(window, day(date), zone)
            .into_iter()
            .map(|slot| format!("{}-{}", shown(slot.starts_at), shown(slot.ends_at)))
            .collect()
    }

    #[test]
    fn a_window_is_cut_from_its_beginning_and_the_rest_is_no_slot() {
        let berlin = Tz::Europe__Berlin;
        let morning = window(540, 580, Some(15));
        assert_eq!(
            cut(&morning, "2026-03-02", berlin),
            ["08:00-08:15", "08:15-08:30"]
        );
        let whole = window(540, 580, None);
        assert_eq!(cut(&whole, "2026-03-02", berlin), ["08:00-08:40"]);
        assert!(cut(&window(540, 580, Some(41)), "2026-03-02", berlin).is_empty());
        let evening = window(1410, 1440, None);
        assert_eq!(cut(&evening, "2026-03-02", berlin), ["22:30-23:00"]);
    }

    #[test]
    fn the_hour_that_is_skipped_has_no_slots() {
        let berlin = Tz::Europe__Berlin;
        let night = "2026-03-29"; // 02:00 is 03:00
        assert!(cut(&window(120, 180, None), night, berlin).is_empty());
        assert_eq!(
            cut(&window(60, 210, Some(30)), night, berlin),
            ["00:00-00:30", "00:30-01:00", "01:00-01:30"]
        );
        assert_eq!(cut(&window(150, 210, None), night, berlin), ["01:00-01:30"]);
    }

    #[test]
    fn the_hour_that_comes_twice_is_two_hours_long() {
        let night = "2026-10-25"; // 03:00 is 02:00
        let around = window(60, 240, Some(60));
        assert_eq!(
            cut(&around, night, Tz::Europe__Berlin),
            ["23:00-00:00", "00:00-01:00", "01:00-02:00", "02:00-03:00"]
        );
        // Half an hour only, at Lord Howe: five slots instead of four.
        let whole = window(60, 180, Some(30));
        let found = slots(&whole, day("2026-04-05"), Tz::Australia__Lord_Howe);
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn one_visit_is_no_longer_in_the_night_that_is() {
        let night = "2026-10-25"; // 03:00 is 02:00
        for (window, expected) in [
            (window(150, 180, None), "00:30-01:00"),
            (window(105, 195, None), "23:45-01:15"),
        ] {
            assert_eq!(cut(&window, night, Tz::Europe__Berlin), [expected]);
        }
    }

    #[test]
    fn a_day_begins_at_its_first_instant() {
        let utc = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        assert_eq!(
            first_moment(day("2026-03-02"), Tz::Europe__Berlin),
            utc("2026-03-01T23:00:00Z")
        );
        // Beirut's clocks skip midnight, Havana's show it twice.
        assert_eq!(
            first_moment(day("2026-03-29"), Tz::Asia__Beirut),
            utc("2026-03-28T22:00:00Z")
        );
        assert_eq!(
            first_moment(day("2026-11-01"), Tz::America__Havana),
            utc("2026-11-01T04:00:00Z")
        );
    }

    #[test]
    fn outside_its_days_and_dates_a_window_is_not_offered() {
        let berlin = Tz::Europe__Berlin;
        let mondays = Window {
            weekdays: Weekdays::from_bits(1),
            valid_from: Some(day("2026-03-09")),
            valid_to: Some(day("2026-03-16")),
            ..window(540, 600, None)
        };
        for (date, offered) in [
            ("2026-03-02", false),
            ("2026-03-09", true),
            ("2026-03-10", false),
            ("2026-03-16", true),
            ("2026-03-23", false),
        ] {
            assert_eq!(!cut(&mondays, date, berlin).is_empty(), offered, "{date}");
        }
        let label = Window {
            hours: None,
            ..window(0, 1, None)
        };
        assert!(cut(&label, "2026-03-09", berlin).is_empty());
        assert!(
            first_moment(NaiveDate::MAX, Tz::Asia__Tokyo)
                .is_none_or(|at| at < DateTime::<Utc>::MAX_UTC)
        );
    }

    /// A date at or beside a night on which clocks change, in a zone where they do.
    fn night() -> impl Strategy<Value = (NaiveDate, Tz)> {
        let changes = prop::sample::select(vec![
            (Tz::Europe__Berlin, "2026-03-29"),
            (Tz::Europe__Berlin, "2026-10-25"),
            (Tz::America__New_York, "2026-03-08"),
            (Tz::America__New_York, "2026-11-01"),
            (Tz::Australia__Lord_Howe, "2026-04-05"),
            (Tz::Australia__Lord_Howe, "2026-10-04"),
            (Tz::Asia__Beirut, "2026-03-29"),
            (Tz::America__Havana, "2026-11-01"),
        ]);
        (changes, -1_i64..=1)
            .prop_map(|((zone, date), off)| (day(date) + TimeDelta::days(off), zone))
    }

    proptest! {
        #[test]
        fn slots_follow_each_other_inside_the_window(
            (date, zone) in night(),
            starts in 0_u16..DAY,
            long in 1_u16..=DAY,
            slot in prop::option::of(1_u32..200),
        ) {
            let window = window(starts, (starts + long).min(DAY), slot);
            let hours = window.hours.unwrap();
            let found = slots(&window, date, zone);
            let from = instant(local(date, hours.starts), zone).unwrap();
            let until = instant(local(date, hours.ends), zone).unwrap();
            prop_assert!(from <= until);
            prop_assert!(from >= first_moment(date, zone).unwrap());
            let mut before = from;
            for piece in &found {
                // Back to back from the beginning on: they neither overlap nor leave holes.
                prop_assert_eq!(piece.starts_at, before);
                prop_assert!(piece.starts_at < piece.ends_at && piece.ends_at <= until);
                if let Some(minutes) = slot {
                    prop_assert_eq!(piece.ends_at - piece.starts_at, TimeDelta::minutes(i64::from(minutes)));
                }
                prop_assert_eq!(piece.starts_at.with_timezone(&zone).date_naive(), date);
                before = piece.ends_at;
            }
            match slot {
                Some(minutes) => prop_assert!(until - before < TimeDelta::minutes(i64::from(minutes))),
                None => {
                    let said = TimeDelta::minutes(i64::from(hours.ends - hours.starts));
                    prop_assert_eq!(before, until.min(from + said));
                }
            }
        }
    }
}
