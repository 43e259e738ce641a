//! The words that days are said in: weekdays, months, numbers, parts of a day.

use chrono::Weekday;
use clinic_shared::desk::slots::PartOfDay;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const MONTHS: [(&str, u32); 12] = [
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
];

const NUMBERS: [(&str, u64); 12] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
];

/// Words that say nothing: `on the 12th of december`.
const FILLERS: [&str; 4] = ["on", "the", "of", "at"];

/// What a length of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many days each.
    Days(u64),
    Months,
}

/// Whether the name of a weekday or a month begins with this letter.
pub(crate) fn begins(letter: char) -> bool {
    let letter = letter.to_ascii_lowercase();
    let names = WEEKDAYS.iter().map(|(name, _)| name);
    let mut names = names.chain(MONTHS.iter().map(|(name, _)| name));
    names.any(|name| name.starts_with(letter))
}

/// The words and numbers of a text; none if there is more in it than those. A number and the word
/// behind it are two (`12dec`), and the end of `12th` is none.
pub(super) fn split(text: &str) -> Option<Vec<&str>> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | ',');
    if text.chars().any(|c| !c.is_alphanumeric() && !is_between(c)) {
        return None;
    }
    let mut words = Vec::new();
    for chunk in text.split(is_between).filter(|chunk| !chunk.is_empty()) {
        let is_digit = |c: char| c.is_ascii_digit();
        let (first, second) = match chunk.starts_with(is_digit) {
            true => chunk.split_at(chunk.find(|c| !is_digit(c)).unwrap_or(chunk.len())),
            false => chunk.split_at(chunk.find(is_digit).unwrap_or(chunk.len())),
        };
        words.push(first);
        let is_ending = first.starts_with(is_digit) && ["st", "nd", "rd", "th"].contains(&second);
        if !second.is_empty() && !is_ending {
            words.push(second);
        }
    }
    words.retain(|word| !FILLERS.contains(word));
    Some(words)
}

/// Whether a text is a word, or so many of its letters and more.
pub(super) fn is_short_for(text: &str, word: &str, least: usize) -> bool {
    text.len() >= least && word.starts_with(text)
}

fn named<T: Copy>(text: &str, names: &[(&str, T)], least: usize) -> Option<T> {
    let found = names
        .iter()
        .find(|(name, _)| is_short_for(text, name, least));
    found.map(|(_, meant)| *meant)
}

/// `tuesday`, `tue`, `tu`.
pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    match text {
        "weds" => Some(Weekday::Wed),
        text => named(text, &WEEKDAYS, 2),
    }
}

/// `december`, `dec`.
pub(super) fn month(text: &str) -> Option<u32> {
    named(text, &MONTHS, 3)
}

/// `2`, `two`.
pub(super) fn count(text: &str) -> Option<u64> {
    let spelled = NUMBERS.iter().find(|(name, _)| *name == text);
    match spelled {
        Some((_, number)) => Some(*number),
        None => text.parse().ok(),
    }
}

/// `days`, `week`.
pub(super) fn unit(text: &str) -> Option<Unit> {
    match text {
        "d" | "day" | "days" => Some(Unit::Days(1)),
        "w" | "wk" | "wks" | "week" | "weeks" => Some(Unit::Days(7)),
        "fortnight" | "fortnights" => Some(Unit::Days(14)),
        "month" | "months" => Some(Unit::Months),
        _ => None,
    }
}

/// `morning`, `afternoons`, `am`.
pub(super) fn part(text: &str) -> Option<PartOfDay> {
    match text {
        "am" => Some(PartOfDay::Morning),
        "pm" => Some(PartOfDay::Afternoon),
        _ if is_short_for(text, "mornings", 4) => Some(PartOfDay::Morning),
        _ if is_short_for(text, "afternoons", 5) => Some(PartOfDay::Afternoon),
        _ if is_short_for(text, "evenings", 3) => Some(PartOfDay::Evening),
        _ => None,
    }
}
