//! Filters of lists: `?doctor_id=3`, repeated for any of several where the list says so, and dates
//! (API.md §1, §3).

use chrono::NaiveDate;

use super::schema;
use crate::clinic::{Answer, Refusal};

/// The ids that a repeated query parameter names; empty ones say nothing, and so does none at all.
/// A number too large for an id is an unknown id.
///
/// # Errors
/// [`Refusal::Invalid`] on the parameter if one is no number.
pub(super) fn ids(name: &str, given: Option<Vec<String>>) -> Answer<Vec<i64>> {
    let given = given.unwrap_or_default();
    let texts = given.iter().map(|text| text.trim());
    texts
        .filter(|text| !text.is_empty())
        .map(|text| number(text).ok_or_else(|| Refusal::field(name, "Enter a number.")))
        .collect()
}

/// The id that a query parameter names, the last one where it is repeated; an empty one says
/// nothing.
///
/// # Errors
/// As [`ids`].
pub(super) fn id(name: &str, given: Option<Vec<String>>) -> Answer<Option<i64>> {
    Ok(ids(name, given)?.last().copied())
}

/// The date that a query parameter names; an empty one says nothing.
///
/// # Errors
/// [`Refusal::Invalid`] on the parameter.
pub(super) fn date(name: &str, given: Option<&str>) -> Answer<Option<NaiveDate>> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    let wrong = || Refusal::field(name, "Write the date as YYYY-MM-DD.");
    let parsed = given.map(|text| match schema::is_date(text) {
        true => text.parse().map_err(|_| wrong()),
        false => Err(wrong()),
    });
    parsed.transpose()
}

/// From which date and up to which, as `from` and `to` name them.
pub(super) type Dates = (Option<NaiveDate>, Option<NaiveDate>);

/// The dates that `from` and `to` name, in their order.
///
/// # Errors
/// [`Refusal::Invalid`] on the parameter; on `to` if it is before `from`.
pub(super) fn dates(from: Option<&str>, to: Option<&str>) -> Answer<Dates> {
    let (from, to) = (date("from", from)?, date("to", to)?);
    match from.zip(to) {
        Some((from, to)) if to < from => {
            Err(Refusal::field("to", "This is before the first date."))
        }
        _ => Ok((from, to)),
    }
}

/// The cents of an amount in units that a query parameter names, cut off below the cent; an empty one
/// says nothing.
///
/// # Errors
/// [`Refusal::Invalid`] on the parameter if it is no amount.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond every fee is as good as the largest number"
)]
pub(super) fn amount(name: &str, given: Option<&str>) -> Answer<Option<i64>> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = given else { return Ok(None) };
    let amount = text.parse::<f64>().ok();
    let amount = amount.filter(|amount| amount.is_finite() && *amount >= 0.0);
    let amount = amount.ok_or_else(|| Refusal::field(name, "Enter an amount."))?;
    // A hundredth may be a hair less than it is written.
    Ok(Some((amount * 100.0 + 1e-6).floor() as i64))
}

/// An id that no row has.
const NOBODY: i64 = -1;

fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(NOBODY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[&str]) -> Answer<Vec<i64>> {
        ids(
            "doctor",
            Some(given.iter().map(|text| (*text).to_owned()).collect()),
        )
    }

    #[test]
    fn amounts_are_read_to_the_cent() {
        for (text, cents) in [
            ("", None),
            ("500", Some(50_000)),
            ("19.99", Some(1999)),
            ("1e2", Some(10_000)),
            ("1e300", Some(i64::MAX)),
        ] {
            assert_eq!(amount("max_fee", Some(text)).unwrap(), cents, "{text}");
        }
        for word in ["abc", "-1", "NaN", "inf"] {
            assert!(amount("max_fee", Some(word)).is_err(), "{word}");
        }
    }

    #[test]
    fn dates_are_written_out_and_in_order() {
        assert_eq!(
            date("date", Some(" 2026-01-01 ")).unwrap(),
            NaiveDate::from_ymd_opt(2026, 1, 1)
        );
        assert_eq!(date("date", Some("")).unwrap(), None);
        for wrong in [
            "2026-1-1",
            "2026-01-1 ",
            "26-01-01",
            "+2026-01-1",
            "2026-02-30",
        ] {
            assert!(date("date", Some(wrong)).is_err(), "{wrong}");
        }
        assert!(dates(Some("2026-01-02"), Some("2026-01-02")).is_ok());
        assert!(dates(Some("2026-01-02"), Some("2026-01-01")).is_err());
    }

    #[test]
    fn numbers_are_ids_blanks_nothing_and_words_a_fault() {
        assert_eq!(ids("doctor", None).unwrap(), Vec::<i64>::new());
        assert_eq!(read(&["3", "", " 4 "]).unwrap(), [3, 4]);
        assert_eq!(read(&["99999999999999999999"]).unwrap(), [NOBODY]);
        for word in ["abc", "1.5", "-", "٣"] {
            assert!(matches!(read(&[word]), Err(Refusal::Invalid(_))), "{word}");
        }
    }
}
