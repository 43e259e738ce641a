//! Days of the week as people type them: `mon-fri`, `mon wed fri`, `weekend`.

use clinic_shared::v1::available_times::Weekday;

use crate::days;

/// Why a text is no days of the week. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Not days of the week; type mon-fri, or mon wed fri.")]
pub struct WeekdaysError;

/// Words for several of them.
const SEVERAL: [(&str, std::ops::Range<usize>); 6] = [
    ("daily", 0..7),
    ("all", 0..7),
    ("weekdays", 0..5),
    ("workdays", 0..5),
    ("weekend", 5..7),
    ("weekends", 5..7),
];

/// Reads `mon-fri`, `mon wed fri`, `Mon, Wed`, `fri-mon`, `tue to thu`, `fridays`, `weekend`, `every day`; the
/// days in the order of the week.
///
/// # Errors
/// [`WeekdaysError`].
pub fn read(text: &str) -> Result<Vec<Weekday>, WeekdaysError> {
    let text = text.to_lowercase().replace(['–', '—'], "-");
    let text = text.replace("every day", "daily").replace(" to ", "-");
    let text = text.replace("- ", "-").replace(" -", "-");
    let mut on = [false; 7];
    let mut set = |at: usize| {
        if let Some(day) = on.get_mut(at) {
            *day = true;
        }
    };
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+' | '&' | '/'));
    for part in parts.filter(|part| !part.is_empty() && !["and", "on"].contains(part)) {
        if let Some((_, days)) = SEVERAL.iter().find(|(word, _)| *word == part) {
            days.clone().for_each(&mut set);
        } else if let Some((from, to)) = part.split_once('-') {
            let (from, to) = (number(from)?, number(to)?);
            let long = (to + 7 - from) % 7;
            (from..=from + long).for_each(|day| set(day % 7));
        } else {
            set(number(part)?);
        }
    }
    let days: Vec<Weekday> = Weekday::ALL
        .iter()
        .zip(on)
        .filter_map(|(day, is_on)| is_on.then_some(*day))
        .collect();
    match days.is_empty() {
        true => Err(WeekdaysError),
        false => Ok(days),
    }
}

/// Where in the week a day is.
fn number(text: &str) -> Result<usize, WeekdaysError> {
    let find = |text: &str| days::weekday(text).map(|day| day.num_days_from_monday());
    // `tues` is short for a name, `fridays` is every one of them.
    let many = || find(text.strip_suffix('s')?);
    let day = find(text).or_else(many).ok_or(WeekdaysError)?;
    usize::try_from(day).map_err(|_| WeekdaysError)
}

/// These days with one more, or without it where it is among them.
pub fn toggled(days: &[Weekday], day: Weekday) -> Vec<Weekday> {
    let is_on = |one: Weekday| days.contains(&one) != (one == day);
    Weekday::ALL
        .iter()
        .copied()
        .filter(|one| is_on(*one))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

    #[test]
    fn days_are_read_as_people_write_them() {
        let workdays = [Mon, Tue, Wed, Thu, Fri].as_slice();
        for (text, days) in [
            ("mon-fri", workdays),
            ("Mon – Fri", workdays),
            ("monday to friday", workdays),
            ("weekdays", workdays),
            ("mon wed fri", &[Mon, Wed, Fri]),
            ("Fri, mon, WED", &[Mon, Wed, Fri]),
            ("tu thu", &[Tue, Thu]),
            ("tues and thurs", &[Tue, Thu]),
            ("fri-mon", &[Mon, Fri, Sat, Sun]),
            ("mon-tue sat", &[Mon, Tue, Sat]),
            ("fridays", &[Fri]),
            ("mondays and wednesdays", &[Mon, Wed]),
            ("on tuesdays, thurs", &[Tue, Thu]),
            ("mondays to fridays", workdays),
            ("weekend", &[Sat, Sun]),
            ("sun-sun", &[Sun]),
            ("every day", Weekday::ALL),
        ] {
            assert_eq!(read(text).as_deref(), Ok(days), "{text}");
        }
        for text in [
            "", "m", "t-f", "mon-", "someday", "mon xyz", "1-5", "no day",
        ] {
            assert_eq!(read(text), Err(WeekdaysError), "{text}");
        }
    }

    #[test]
    fn a_day_is_turned_on_and_off() {
        assert_eq!(toggled(&[Mon, Fri], Wed), [Mon, Wed, Fri]);
        assert_eq!(toggled(&[Mon, Wed], Wed), [Mon]);
        assert_eq!(toggled(&[Mon], Mon), []);
    }
}
