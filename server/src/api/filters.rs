//! Filters of lists by id: `?doctor_id=3`, repeated for any of several (API.md §1, §3).

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
        .map(|text| id(text).ok_or_else(|| Refusal::field(name, "Enter a number.")))
        .collect()
}

/// An id that no row has.
const NOBODY: i64 = -1;

fn id(text: &str) -> Option<i64> {
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
    fn numbers_are_ids_blanks_nothing_and_words_a_fault() {
        assert_eq!(ids("doctor", None).unwrap(), Vec::<i64>::new());
        assert_eq!(read(&["3", "", " 4 "]).unwrap(), [3, 4]);
        assert_eq!(read(&["99999999999999999999"]).unwrap(), [NOBODY]);
        for word in ["abc", "1.5", "-", "٣"] {
            assert!(matches!(read(&[word]), Err(Refusal::Invalid(_))), "{word}");
        }
    }
}
