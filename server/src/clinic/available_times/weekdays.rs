//! Days of the week.

use chrono::{Datelike, NaiveDate, Weekday};

/// Some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

/// From Monday, as bits count.
const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl Weekdays {
    /// Every day.
    pub const ALL: Weekdays = Weekdays(0b111_1111);

    /// As stored: bit 0 is Monday. Bits that are no day are dropped.
    pub fn from_bits(bits: i64) -> Self {
        Weekdays(u8::try_from(bits & 0b111_1111).unwrap_or(0))
    }

    /// As stored: bit 0 is Monday.
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// Whether a date falls on one of them.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.0 & bit(date.weekday()) != 0
    }

    /// Their short names, `mon` first.
    pub fn names(self) -> Vec<&'static str> {
        let on = DAYS.iter().filter(|(day, _)| self.0 & bit(*day) != 0);
        on.map(|(_, name)| *name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_zero_is_monday() {
        let monday: NaiveDate = "2026-03-02".parse().unwrap();
        let weekend = Weekdays::from_bits(0b110_0000);
        assert_eq!(weekend.names(), ["sat", "sun"]);
        assert!(!weekend.contains(monday));
        assert!(Weekdays::from_bits(1).contains(monday));
        assert_eq!(Weekdays::from_bits(-1), Weekdays::ALL);
    }
}
