//! Text as people write it: folding for search, words and their slips, digits, and the shapes of
//! usernames and e-mails. Everything is done here, in Rust, so that both engines find the same.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest word that search looks at, in characters; the rest of a longer one is cut off.
pub const WORD_MAX: usize = 32;
/// The longest key of a name, in bytes: what fits an index entry on PostgreSQL with room to spare.
const KEY_MAX: usize = 1000;

/// What a field is told that must say something and does not.
const BLANK: &str = "This field may not be blank.";

/// Lower case, without diacritics, special letters written out: `Müßig` → `mussig`,
/// `Łukasz` → `lukasz`, `Æ` → `ae`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ŧ' => folded.push('t'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ς' => folded.push('σ'),
            // Lower-casing İ leaves a combining dot behind.
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The folded words of a text, in order. Apostrophes join (`O'Brien` → `obrien`), everything else
/// that is neither letter nor digit separates.
pub fn words(text: &str) -> Vec<String> {
    let joined: String = text.chars().filter(|c| !is_apostrophe(*c)).collect();
    fold(&joined)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(WORD_MAX).collect())
        .collect()
}

/// What a name is found, compared and sorted by: its folded words, each between spaces, then the
/// other ways to write them (`García-López` → ` garcia lopez garcialopez `). Empty for a name
/// without letters.
pub fn name_key(name: &str) -> String {
    let mut key = String::from(" ");
    for word in words(name).into_iter().chain(spellings(name)) {
        if key.len() + word.len() < KEY_MAX {
            key.push_str(&word);
            key.push(' ');
        }
    }
    if key.len() == 1 { String::new() } else { key }
}

/// The distinct words of a [`name_key`].
pub fn words_of_key(key: &str) -> BTreeSet<&str> {
    key.split(' ').filter(|word| !word.is_empty()).collect()
}

/// Other ways people write the words of a name: a double name as one word, the part after an
/// apostrophe alone, and German umlauts with an e.
fn spellings(name: &str) -> Vec<String> {
    let mut more = Vec::new();
    for part in name.split_whitespace() {
        let pieces: Vec<&str> = part.split(['-', '‐', '‑', '–']).collect();
        if pieces.len() > 1 {
            more.extend(words(&pieces.concat()));
        }
        for piece in pieces {
            if let Some((_, after)) = piece.split_once(is_apostrophe)
                && after.chars().count() > 2
            {
                more.extend(words(after));
            }
            if piece.chars().any(|c| "äöüåÄÖÜÅ".contains(c)) {
                more.extend(words(&written_out(piece)));
            }
        }
    }
    more
}

fn written_out(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'å' | 'Å' => out.push_str("aa"),
            c => out.push(c),
        }
    }
    out
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '′')
}

/// The ASCII digits of a text: what phones are compared by. Digits of other scripts count too.
pub fn digits(text: &str) -> String {
    text.nfkd()
        .filter_map(|c| c.to_digit(10).and_then(|d| char::from_digit(d, 10)))
        .collect()
}

/// The digits of a phone, however it is written: `+49 (0) 30 555`, `0049 30 555` and `+49 30 555`
/// are one number (the trunk 0 in brackets is not dialled after a country code, and 00 is another
/// way to write +).
pub fn phone_digits(text: &str) -> String {
    let text = text.trim();
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_international = plain.starts_with('+') || plain.starts_with("00");
    let plain = match is_international {
        true => plain.replacen("(0)", "", 1),
        false => plain,
    };
    let digits = digits(&plain);
    match digits.strip_prefix("00") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => digits,
    }
}

/// A word as it is and with each one of its letters left out. Two words one slip apart have one of
/// these in common.
pub fn slips(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slips = BTreeSet::from([word.to_owned()]);
    for left_out in 0..letters.len() {
        let kept = letters.iter().enumerate().filter(|(at, _)| *at != left_out);
        let slip: String = kept.map(|(_, letter)| letter).collect();
        if !slip.is_empty() {
            slips.insert(slip);
        }
    }
    slips
}

/// How many slips (a letter wrong, missing, extra, or two neighbours swapped) lead from `typed` to
/// `word`, and to the beginning of `word` that is nearest to `typed`.
pub fn distances(typed: &str, word: &str) -> (usize, usize) {
    let typed: Vec<char> = typed.chars().collect();
    let word: Vec<char> = word.chars().collect();
    let width = word.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..width).collect();
    for (i, a) in typed.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(i + 1);
        for (j, b) in word.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut least = at(&above, j) + usize::from(a != b);
            least = least.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && typed.get(i - 1) == Some(b) && word.get(j - 1) == Some(a);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    let whole = above.last().copied().unwrap_or(0);
    let beginning = above.into_iter().min().unwrap_or(0);
    (whole, beginning)
}

/// Trims, and refuses what no database text may hold.
///
/// # Errors
/// The message for the field.
pub fn cleaned(text: &str) -> Result<String, String> {
    if text.contains('\0') {
        return Err("Null characters are not allowed.".to_owned());
    }
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("Control characters are not allowed.".to_owned());
    }
    Ok(text.trim().to_owned())
}

/// [`cleaned`], and on one line: for names.
///
/// # Errors
/// The message for the field.
pub fn line(text: &str) -> Result<String, String> {
    let text = cleaned(text)?;
    if text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err("Write this on one line.".to_owned());
    }
    match text.contains(is_format_control) {
        true => Err("Control characters are not allowed.".to_owned()),
        false => Ok(text),
    }
}

/// Whether it is an invisible character that has a name read otherwise than it is written: those that
/// turn the direction around, and those that only look like nothing. The joiners (U+200C, U+200D) are
/// letters to those who need them.
const fn is_format_control(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// [`line`], and neither blank nor longer than `most` characters.
///
/// # Errors
/// The message for the field.
pub fn required(text: &str, most: usize) -> Result<String, String> {
    let text = line(text)?;
    if text.is_empty() {
        return Err(BLANK.to_owned());
    }
    within(text, most)
}

/// [`cleaned`], neither blank nor longer than `most` characters: for texts of several lines.
///
/// # Errors
/// The message for the field.
pub fn prose(text: &str, most: usize) -> Result<String, String> {
    let text = cleaned(text)?;
    if text.is_empty() {
        return Err(BLANK.to_owned());
    }
    within(text, most)
}

/// [`cleaned`], not longer than `most` characters; blank is none.
///
/// # Errors
/// The message for the field.
pub fn optional(text: &str, most: usize) -> Result<Option<String>, String> {
    let text = within(cleaned(text)?, most)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn within(text: String, most: usize) -> Result<String, String> {
    if text.chars().count() > most {
        return Err(format!(
            "Ensure this field has no more than {most} characters."
        ));
    }
    Ok(text)
}

/// Nobody who was born before this is alive, and a typo in the century is common.
const EARLIEST_BIRTH: Option<NaiveDate> = NaiveDate::from_ymd_opt(1880, 1, 1);

/// A birth date that somebody alive may have.
///
/// # Errors
/// The message for the field.
pub fn birth_date(date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    if date > today {
        return Err("A birth date can't be in the future.".to_owned());
    }
    match EARLIEST_BIRTH.is_some_and(|earliest| date < earliest) {
        true => Err("A birth date can't be before 1880.".to_owned()),
        false => Ok(date),
    }
}

/// The words of a search over accounts, lower case and escaped for LIKE (with `!`), at most so many.
pub fn search_words(typed: Option<&str>, most: usize) -> Vec<String> {
    typed
        .unwrap_or_default()
        .split([' ', ','])
        .filter(|word| !word.is_empty() && !word.contains('\0'))
        .take(most)
        .map(|word| {
            word.to_lowercase()
                .replace('!', "!!")
                .replace('%', "!%")
                .replace('_', "!_")
        })
        .collect()
}

/// Whether it is a username: letters, digits and `@.+-_`.
pub fn is_username(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_@.+-".contains(c))
}

/// Whether it looks like an e-mail that can be written to: something, one `@`, and a domain with a
/// dot whose labels are letters, digits and inner hyphens.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let local_fits = !local.is_empty()
        && local.chars().count() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_fits = labels.len() > 1
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    local_fits && domain_fits && text.len() <= 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diacritics_case_and_special_letters_fold_away() {
        for (written, folded) in [
            ("Müßig", "mussig"),
            ("Łukasz", "lukasz"),
            ("Ærøskøbing", "aeroskobing"),
            ("Đorđević", "dordevic"),
            ("Þórr", "thorr"),
            ("İstanbul", "istanbul"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("Nguyễn", "nguyen"),
            ("ﬁn", "fin"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn a_name_is_found_by_every_way_to_write_it() {
        let key = name_key("Seán O’Brien");
        assert_eq!(
            words_of_key(&key),
            BTreeSet::from(["sean", "obrien", "brien"])
        );
        let key = name_key("María García-López");
        assert_eq!(key, " maria garcia lopez garcialopez ");
        assert!(words_of_key(&name_key("Jörg Müller")).contains("mueller"));
    }

    #[test]
    fn a_key_fits_an_index_entry_whatever_is_typed() {
        let name = "ﷺ ".repeat(127);
        assert!(name_key(&name).len() <= KEY_MAX + 2);
        assert!(
            words(&"x".repeat(255))
                .iter()
                .all(|word| word.chars().count() == WORD_MAX)
        );
        assert_eq!(name_key("--- ..."), "");
    }

    #[test]
    fn each_kind_of_slip_is_one_away_and_shares_a_key() {
        for typed in ["mraia", "maira", "mara", "mariia", "marla", "aria", "mari"] {
            assert_eq!(distances(typed, "maria").0, 1, "{typed}");
            assert!(!slips(typed).is_disjoint(&slips("maria")), "{typed}");
        }
        assert_eq!(distances("maria", "maria"), (0, 0));
        assert_eq!(distances("marko", "maria").0, 2);
    }

    #[test]
    fn a_slip_in_the_beginning_of_a_word_counts_once() {
        assert_eq!(distances("gnoza", "gonzalez").1, 1);
        assert_eq!(distances("gonza", "gonzalez").1, 0);
        assert_eq!(distances("gxxza", "gonzalez").1, 2);
    }

    #[test]
    fn phones_compare_by_digits() {
        assert_eq!(digits("+49 (0) 171 / 55-01"), "4901715501");
        assert_eq!(digits("ext"), "");
    }

    #[test]
    fn field_messages_say_what_is_wrong() {
        assert_eq!(
            required("  ", 5).unwrap_err(),
            "This field may not be blank."
        );
        assert_eq!(
            required("abcdef", 5).unwrap_err(),
            "Ensure this field has no more than 5 characters."
        );
        assert_eq!(
            cleaned("a\0b").unwrap_err(),
            "Null characters are not allowed."
        );
        assert_eq!(required(" Ana ", 5).unwrap(), "Ana");
        for hidden in ["Ana\u{202e}", "A\u{200b}na", "\u{2066}Ana", "\u{feff}Ana"] {
            assert_eq!(
                required(hidden, 9).unwrap_err(),
                "Control characters are not allowed.",
                "{hidden:?}"
            );
        }
        assert!(line("Ana\u{2028}B").is_err());
        for joined in ["می\u{200c}خواهم", "ක්\u{200d}ෂ"] {
            assert_eq!(required(joined, 20).unwrap(), joined);
        }
        assert_eq!(optional("  ", 5).unwrap(), None);
    }

    #[test]
    fn emails_and_usernames_are_told_from_rubbish() {
        for good in ["a@b.co", "maria.garcia+x@mail.example.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "a", "a@b", "@b.co", "a@b..co", "a b@c.de", "a@-b.co", ".a@b.co", "a@@b.co",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_username("ana_1@b.c+d-e"));
        assert!(!is_username("ana maria"));
        assert!(!is_username(""));
    }

    #[test]
    fn a_phone_is_one_number_however_it_is_written() {
        for typed in [
            "+49 30 555",
            "+49 (0) 30 555",
            "+49(0)30-555",
            "0049 30 555",
            "0049 (0)30/555",
        ] {
            assert_eq!(phone_digits(typed), "4930555", "{typed}");
        }
        assert_eq!(phone_digits("030 555"), "030555");
        assert_eq!(phone_digits("(030) 5 55"), "030555");
        assert_eq!(phone_digits("00"), "00");
    }
}
