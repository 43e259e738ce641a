//! Hours as people type them: `9-12`, `14:00-17:30`.

/// Why a text is no hours. `Display` says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Not hours; type 9-12 or 14:00-17:30.")]
pub struct HoursError;

/// Reads `9-12`, `9:30 - 11`, `14.00–17.30`, `0900-1200`, `9 to 12` as two times `HH:MM`; `24`
/// is midnight at the day's end, which the wire writes as `00:00`. Which of them is the earlier is
/// not looked at: an absence of several days can begin later than it ends.
///
/// # Errors
/// [`HoursError`].
pub fn hours(text: &str) -> Result<(String, String), HoursError> {
    let text = text.trim().to_lowercase().replace(['–', '—'], "-");
    let (from, to) = text
        .split_once('-')
        .or_else(|| text.split_once(" to "))
        .ok_or(HoursError)?;
    Ok((clock(minutes(from)?), clock(minutes(to)?)))
}

/// Reads one time of the day, `9`, `9:30`, `9.30`, `0930`, as [`hours`] does.
///
/// # Errors
/// [`HoursError`].
pub fn time(text: &str) -> Result<String, HoursError> {
    minutes(text).map(clock)
}

pub(super) fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Minutes since midnight.
pub(crate) fn minutes(text: &str) -> Result<u32, HoursError> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return Err(HoursError),
        None if text.len() > 2 => text.split_at_checked(text.len() - 2).ok_or(HoursError)?,
        None => (text, "0"),
    };
    let number = |text: &str| -> Result<u32, HoursError> {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = is_number.then(|| text.parse().ok()).flatten();
        number.ok_or(HoursError)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    if minute > 59 || hour * 60 + minute > 24 * 60 || hour > 24 {
        return Err(HoursError);
    }
    Ok(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_every_usual_form() {
        let read = |text| hours(text).map(|(from, to)| format!("{from} {to}"));
        for (text, both) in [
            ("9-12", "09:00 12:00"),
            ("9:30 - 11", "09:30 11:00"),
            ("14.00–17.30", "14:00 17:30"),
            ("0900-1230", "09:00 12:30"),
            ("9 to 12", "09:00 12:00"),
            ("20-24", "20:00 00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(both), "{text}");
        }
        for text in ["", "9", "9-25", "9:5-10", "x-y", "9-24:30"] {
            assert_eq!(read(text), Err(HoursError), "{text}");
        }
    }

    #[test]
    fn one_time_is_read_as_any() {
        for (text, read) in [
            ("9", Some("09:00")),
            ("9:30", Some("09:30")),
            ("9.30", Some("09:30")),
            ("0930", Some("09:30")),
            ("24", Some("00:00")),
            ("9-10", None),
            ("25", None),
            ("nine", None),
        ] {
            assert_eq!(time(text).ok().as_deref(), read, "{text}");
        }
    }
}
