//! The hours a doctor offers, in words.

use clinic_shared::desk::doctors::AvailableTime;

use crate::dates::Format;
use crate::labels;

/// The days of the week as the wire names them, and as people read them.
const DAYS: [(&str, &str); 7] = [
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
];

/// `Mon–Fri 09:00–12:30, slots of 30 min, from 1 Jan 2026`.
pub(crate) fn spelled_out(window: &AvailableTime, dash: &str, dates: Format) -> String {
    let time = clock(window, dash).unwrap_or_else(|| window.name.clone());
    let one_day = window
        .valid_from
        .filter(|from| window.valid_to == Some(*from));
    let days = match one_day {
        Some(day) => format!("only on {}", dates.day(day)),
        None => weekdays(&window.weekdays, dash),
    };
    let mut out = format!("{days} {time}");
    if let Some(minutes) = window.slot_minutes {
        out.push_str(&format!(", slots of {minutes} min"));
    }
    if one_day.is_some() {
        return out;
    }
    if let Some(from) = window.valid_from {
        out.push_str(&format!(", from {}", dates.date(from)));
    }
    if let Some(to) = window.valid_to {
        out.push_str(&format!(", until {}", dates.date(to)));
    }
    out
}

/// `09:00–12:30`; the end of the day is 24:00, and what would end before it begins ends the next
/// day. None without a clock.
pub(crate) fn clock(window: &AvailableTime, dash: &str) -> Option<String> {
    let (starts, ends) = (window.starts.as_deref()?, window.ends.as_deref());
    Some(match ends {
        Some("00:00") => format!("{starts}{dash}24:00"),
        Some(ends) if ends <= starts => format!("{starts}{dash}{ends} the next day"),
        ends => labels::clock(Some(starts), ends, dash)?,
    })
}

/// `Mon–Fri`, `Mon, Wed, Fri`, `every day`: three days in a row and more become a range.
pub(crate) fn weekdays(offered: &[String], dash: &str) -> String {
    let is_offered = |at: usize| {
        DAYS.get(at)
            .is_some_and(|(name, _)| offered.iter().any(|day| day == name))
    };
    if (0..DAYS.len()).all(is_offered) {
        return "every day".to_owned();
    }
    let shown = |at: usize| DAYS.get(at).map_or("", |(_, shown)| *shown);
    let mut parts: Vec<String> = Vec::new();
    let mut at = 0;
    while at < DAYS.len() {
        let mut end = at;
        while is_offered(end) {
            end += 1;
        }
        match end - at {
            0 => end += 1,
            1 | 2 => parts.extend((at..end).map(|day| shown(day).to_owned())),
            _ => parts.push(format!("{}{dash}{}", shown(at), shown(end - 1))),
        }
        at = end;
    }
    if parts.is_empty() {
        return "no day".to_owned();
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(weekdays: &[&str]) -> AvailableTime {
        AvailableTime {
            id: 1,
            name: "Mornings".to_owned(),
            starts: Some("09:00".to_owned()),
            ends: Some("12:30".to_owned()),
            weekdays: weekdays.iter().map(|day| (*day).to_owned()).collect(),
            slot_minutes: None,
            valid_from: None,
            valid_to: None,
        }
    }

    #[test]
    fn days_in_a_row_are_a_range() {
        let said = |days: &[&str]| spelled_out(&window(days), "–", Format::Words);
        assert_eq!(
            said(&["mon", "tue", "wed", "thu", "fri"]),
            "Mon–Fri 09:00–12:30"
        );
        assert_eq!(said(&["mon", "wed", "fri"]), "Mon, Wed, Fri 09:00–12:30");
        assert_eq!(said(&["sun", "sat"]), "Sat, Sun 09:00–12:30");
        let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        assert_eq!(said(&all), "every day 09:00–12:30");
        assert_eq!(said(&[]), "no day 09:00–12:30");
    }

    #[test]
    fn slots_limits_and_labels_are_said() {
        let mut window = window(&["mon"]);
        window.slot_minutes = Some(30);
        window.valid_from = chrono::NaiveDate::from_ymd_opt(2026, 1, 1);
        window.valid_to = chrono::NaiveDate::from_ymd_opt(2026, 3, 31);
        assert_eq!(
            spelled_out(&window, "-", Format::Words),
            "Mon 09:00-12:30, slots of 30 min, from 1 Jan 2026, until 31 Mar 2026"
        );
        window.valid_to = window.valid_from;
        assert_eq!(
            spelled_out(&window, "-", Format::Words),
            "only on Thu 1 Jan 2026 09:00-12:30, slots of 30 min"
        );
        window.starts = None;
        window.ends = None;
        window.valid_to = None;
        assert!(spelled_out(&window, "-", Format::Words).starts_with("Mon Mornings, "));
    }

    #[test]
    fn midnight_is_the_end_of_the_day_and_a_night_ends_the_next() {
        let mut window = window(&["fri"]);
        window.ends = Some("00:00".to_owned());
        assert_eq!(spelled_out(&window, "-", Format::Words), "Fri 09:00-24:00");
        window.ends = Some("02:00".to_owned());
        assert_eq!(
            spelled_out(&window, "-", Format::Words),
            "Fri 09:00-02:00 the next day"
        );
    }
}
