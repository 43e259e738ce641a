//! What somebody typed into the search: words of a name, a record number, a birth date, digits of
//! a phone, an e-mail, in any order.

use chrono::{Datelike, NaiveDate};

use super::super::text;
use crate::store::patient_search::{Marks, Range};

/// Digits that are fewer than this are no part of a phone worth looking for.
const PHONE_LEAST: usize = 3;

/// A query, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// Folded words of the name, each the beginning of one.
    pub(super) words: Vec<String>,
    /// The same as typed.
    pub(super) name: String,
    /// What else was said, if anything.
    pub(super) marks: Option<Marks>,
    /// The query as one word, to be tried as an e-mail or username if no name fits.
    pub(super) login: Option<Range>,
}

impl Query {
    /// Reads a query; none if nothing in it can be looked for.
    pub(super) fn parse(typed: &str, today: NaiveDate) -> Option<Self> {
        let (mut words, mut name) = (Vec::new(), String::new());
        let mut digits = String::new();
        let mut marks = Marks::default();
        for token in typed.split([' ', ',', ';', '\t', '\n', '\r', '\u{a0}']) {
            if token.contains('@') {
                marks.login = Some(Range::beginning(&token.to_lowercase()));
            } else if let Some(number) = record_number(token) {
                marks.number = Some(number);
            } else if let Some(dates) = dates(token, today) {
                marks.dates.extend(dates);
            } else if token
                .chars()
                .all(|c| c.is_ascii_digit() || "+()-/.".contains(c))
            {
                digits.push_str(token);
            } else {
                words.extend(text::words(token));
                name.push_str(token);
                name.push(' ');
            }
        }
        let digits = text::phone_digits(&digits);
        let dated = !marks.dates.is_empty();
        if !digits.is_empty() {
            read_digits(&digits, dated, &mut marks);
        }
        let marks = Some(marks).filter(|marks| *marks != Marks::default());
        if words.is_empty() && marks.is_none() {
            return None;
        }
        let one = typed.trim();
        let login = (!one.contains(char::is_whitespace) && marks.is_none())
            .then(|| Range::beginning(&one.to_lowercase()));
        Some(Query {
            words,
            name,
            marks,
            login,
        })
    }

    /// The key of a name that is exactly the query.
    pub(super) fn whole(&self) -> String {
        text::name_key(&self.name)
    }
}

/// Digits may be a record number, a birth date without separators, or part of a phone. With a
/// birth date beside them they are a phone's, and both must hold.
fn read_digits(digits: &str, dated: bool, marks: &mut Marks) {
    if dated {
        marks.phone_pattern = Some(format!("%{digits}%"));
        return;
    }
    if marks.number.is_none() && digits.len() <= 9 {
        marks.number = digits.parse().ok();
    }
    if let Some(date) = plain_date(digits) {
        marks.dates.push(date);
    }
    if digits.len() >= PHONE_LEAST {
        marks.phone = Some(Range::beginning(digits));
        // A trunk 0 is not there in a number kept with its country code.
        let ending = match digits.trim_start_matches('0') {
            national if national.len() >= PHONE_LEAST => national,
            _ => digits,
        };
        marks.phone_ending = Some(Range::beginning(&ending.chars().rev().collect::<String>()));
    }
}

/// `P-000042`, `p42`.
fn record_number(token: &str) -> Option<i64> {
    let rest = token.strip_prefix(['P', 'p'])?;
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

/// `1980-02-01`, `01.02.1980`, `1.2.80`, `01/02/1980`: the day first, unless the year is, or it
/// can't be. A year of two digits may be of either century.
fn dates(token: &str, today: NaiveDate) -> Option<Vec<NaiveDate>> {
    let separator = token.chars().find(|c| "-./".contains(*c))?;
    let parts: Vec<&str> = token.split(separator).collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    let number = |part: &str| -> Option<u32> {
        let fits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if fits { part.parse().ok() } else { None }
    };
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    let day = |year: u32, month: u32, day: u32| {
        // There is no year 0, and PostgreSQL says so.
        let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    if first.len() == 4 {
        return Some(vec![day(a, b, c)?]);
    }
    let years = match third.len() {
        4 => vec![c],
        2 => vec![1900 + c, 2000 + c],
        _ => return None,
    };
    let dates = years
        .into_iter()
        .filter_map(|year| day(year, b, a).or_else(|| day(year, a, b)));
    let dates: Vec<NaiveDate> = dates.filter(|date| date.year() <= today.year()).collect();
    if dates.is_empty() { None } else { Some(dates) }
}

/// `19800201`.
fn plain_date(digits: &str) -> Option<NaiveDate> {
    let (year, rest) = digits.split_at_checked(4).filter(|_| digits.len() == 8)?;
    let (month, day) = rest.split_at_checked(2)?;
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some(date).filter(|date| date.year() >= 1880)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();

    fn marks(typed: &str) -> Marks {
        Query::parse(typed, TODAY).unwrap().marks.unwrap()
    }

    #[test]
    fn a_birth_date_is_read_in_every_usual_format() {
        let first_of_february = NaiveDate::from_ymd_opt(1980, 2, 1).unwrap();
        for typed in [
            "1980-02-01",
            "01.02.1980",
            "1.2.1980",
            "01/02/1980",
            "1.2.80",
            "19800201",
        ] {
            assert!(marks(typed).dates.contains(&first_of_february), "{typed}");
        }
        // No month 13: the month comes first here.
        assert_eq!(
            marks("02/13/1980").dates,
            [NaiveDate::from_ymd_opt(1980, 2, 13).unwrap()]
        );
        // 2005 or 1905, but not 2080.
        assert_eq!(marks("1.2.05").dates.len(), 2);
        assert_eq!(marks("1.2.80").dates.len(), 1);
    }

    #[test]
    fn record_numbers_are_read_with_and_without_their_dress() {
        for typed in ["P-000042", "p42", "p-42", "42", "000042"] {
            assert_eq!(marks(typed).number, Some(42), "{typed}");
        }
        assert_eq!(Query::parse("Paul", TODAY).unwrap().marks, None);
        assert_eq!(Query::parse("p", TODAY).unwrap().words, ["p"]);
    }

    #[test]
    fn a_phone_is_read_however_it_is_spaced() {
        for typed in ["+49 171 55501", "+49 (171) 555-01", "4917155501"] {
            assert_eq!(
                marks(typed).phone,
                Some(Range::beginning("4917155501")),
                "{typed}"
            );
        }
        assert_eq!(
            marks("0171555").phone_ending,
            Some(Range::beginning("555171"))
        );
        assert_eq!(marks("17").phone, None);
    }

    #[test]
    fn words_and_marks_mix_in_any_order() {
        let query = Query::parse("García, 1.2.1980 ma", TODAY).unwrap();
        assert_eq!(query.words, ["garcia", "ma"]);
        assert_eq!(query.marks.unwrap().dates.len(), 1);
        let query = Query::parse("1980-02-01 5501", TODAY).unwrap();
        assert_eq!(
            query.marks.unwrap().phone_pattern.as_deref(),
            Some("%5501%")
        );
    }

    #[test]
    fn an_email_is_looked_for_as_one() {
        assert_eq!(
            marks("Ana@Example").login,
            Some(Range::beginning("ana@example"))
        );
    }

    #[test]
    fn nothing_to_look_for_is_no_query() {
        for typed in ["", "   ", "---", "…"] {
            assert_eq!(Query::parse(typed, TODAY), None, "{typed:?}");
        }
    }
}
