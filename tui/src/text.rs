//! Text from the server and from pastes, made safe to draw, and measured as terminals measure it.
//!
//! A name may hold escape sequences, direction overrides or towers of combining marks. What comes
//! out of [`line`] and [`block`] can't move the cursor, turn a line around or leave its column.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks that may stand on one letter; more climb into the neighbouring lines.
const MAX_MARKS: usize = 4;

/// One line: control, escape and direction characters are gone, line breaks are spaces.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// As [`line`], but line breaks stay (`\n`).
pub fn block(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// In small letters, without marks on them: what is the same to whoever looks for it.
pub fn folded(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase);
    small.map(nucleo_matcher::chars::normalize).collect()
}

/// The words of a text, as [`folded`] writes them: letters and digits, without what stands between.
pub fn words(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a text has what is looked for: each word of it begins one of the text's.
pub fn has(text: &str, wanted: &str) -> bool {
    let words = words(text);
    let begins = |wanted: &String| words.iter().any(|word| word.starts_with(wanted.as_str()));
    self::words(wanted).iter().all(begins)
}

fn clean(text: &str, keep_breaks: bool) -> Cow<'_, str> {
    if text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut after_return = false;
    for c in text.chars() {
        let follows_return = std::mem::replace(&mut after_return, c == '\r');
        match c {
            '\n' if follows_return => {}
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push(if keep_breaks { '\n' } else { ' ' });
                marks = 0;
            }
            '\t' => {
                out.push(' ');
                marks = 0;
            }
            c if is_hidden(c) => {}
            c if c.width() == Some(0) => {
                marks += 1;
                if marks <= MAX_MARKS {
                    out.push(c);
                }
            }
            c => {
                out.push(c);
                marks = 0;
            }
        }
    }
    Cow::Owned(out)
}

/// Characters that act on a terminal or on the text around them instead of being seen. Joiners
/// (U+200C, U+200D) stay: Persian names and emoji need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Columns the text takes in a terminal.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Whether terminals may differ about how wide this sign is. Only what they are known to agree on
/// is not doubtful: letters that stand alone, the signs this program draws with, and the wide
/// letters of Chinese, Japanese and Korean. Marks, joined signs and emoji are.
pub fn is_doubtful(sign: &str) -> bool {
    let mut chars = sign.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => !is_settled(c),
        (None, _) => false,
        (Some(_), Some(_)) => true,
    }
}

/// Characters that have the same width everywhere.
const fn is_settled(c: char) -> bool {
    matches!(
        c,
        ' '..='~'
            // Latin with its accents, without what may be an emoji.
            | '\u{a1}'..='\u{a8}' | '\u{aa}'..='\u{ac}' | '\u{af}'..='\u{2ff}'
            | '\u{1e00}'..='\u{1eff}'
            // Greek, Cyrillic, Armenian, Hebrew and Georgian letters.
            | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{556}' | '\u{561}'..='\u{587}'
            | '\u{5d0}'..='\u{5ea}' | '\u{10d0}'..='\u{10ff}'
            // Dashes, quotation marks, dots.
            | '\u{2010}'..='\u{2027}' | '‹' | '›' | '€' | '№'
            // What lines, bars and marks are drawn with.
            | '\u{2190}'..='\u{2193}' | '⏎' | '\u{2500}'..='\u{25a1}' | '▸' | '○' | '●' | '✓' | '✗'
            // Wide letters.
            | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ff5e}'
    )
}

/// The text in at most `columns` columns, ending in `ellipsis` if something had to go.
pub fn cut<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(width(ellipsis));
    let mut used = 0;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        used += UnicodeWidthStr::width(grapheme);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    if width(ellipsis) <= columns {
        out.push_str(ellipsis);
    }
    Cow::Owned(out)
}

/// The text in exactly `columns` columns: cut, or filled up with spaces.
pub fn fit(text: &str, columns: usize, ellipsis: &str) -> String {
    let mut out = cut(text, columns, ellipsis).into_owned();
    out.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(width(&out)),
    ));
    out
}

/// The text in lines of at most `columns` columns, broken between words where that is possible.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    text.split('\n')
        .flat_map(|line| wrap_line(line, columns))
        .collect()
}

fn wrap_line(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Spaces are words of their own here, so that several of them stay.
    for word in text.split_inclusive(' ').flat_map(|part| {
        let word = part.trim_end_matches(' ');
        [word, part.get(word.len()..).unwrap_or_default()]
    }) {
        let wide = width(word);
        if used + wide > columns && used > 0 {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        if used == 0 && word.trim().is_empty() {
            continue;
        }
        if wide <= columns {
            line.push_str(word);
            used += wide;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = UnicodeWidthStr::width(grapheme);
            if used + wide > columns && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_words_however_they_are_written() {
        for wanted in ["", "mull", "EVA", "muller eva", "o'ne", "Müller, E"] {
            assert!(has("Eva-Maria Müller O'Neill", wanted), "{wanted}");
        }
        for wanted in ["ller", "evamaria", "muller x"] {
            assert!(!has("Eva-Maria Müller O'Neill", wanted), "{wanted}");
        }
    }

    #[test]
    fn escape_sequences_and_direction_overrides_lose_their_power() {
        assert_eq!(line("Ada\u{1b}[2J\u{7}"), "Ada[2J");
        assert_eq!(line("\u{202e}evil\u{202c}"), "evil");
        assert_eq!(line("one\r\ntwo\tthree"), "one two three");
        assert_eq!(block("one\r\ntwo"), "one\ntwo");
        assert_eq!(line("zero\u{200b}width\u{feff}"), "zerowidth");
    }

    #[test]
    fn marks_are_kept_within_reason() {
        let tower = format!("a{}b", "\u{301}".repeat(40));
        assert_eq!(line(&tower), format!("a{}b", "\u{301}".repeat(MAX_MARKS)));
        assert_eq!(line("Zoë"), "Zoë");
        assert_eq!(line("👩\u{200d}👧"), "👩\u{200d}👧");
    }

    #[test]
    fn every_script_fills_its_column_exactly() {
        for name in [
            "Ada Lovelace",
            "山田太郎山田太郎",
            "עדה לאבלייס",
            "Zoe\u{308} Ångström",
            "👩\u{200d}👧 x",
        ] {
            for columns in 0..24 {
                assert_eq!(
                    width(&fit(name, columns, "…")),
                    columns,
                    "{name} in {columns}"
                );
            }
        }
    }

    #[test]
    fn only_what_terminals_agree_on_is_not_doubtful() {
        for plain in [
            "Zoë Ångström-Łęcka",
            "Ελένη",
            "Ольга",
            "山田太郎",
            "김민준",
            "עדה",
        ] {
            assert!(!plain.graphemes(true).any(is_doubtful), "{plain}");
        }
        for sign in [
            "नी",
            "ल",
            "e\u{301}",
            "👩\u{200d}⚕\u{fe0f}",
            "⚕",
            "☎\u{fe0f}",
            "น้ำ",
            "ﷺ",
            "©",
        ] {
            assert!(is_doubtful(sign), "{sign}");
        }
        for c in ('\0'..=char::MAX).filter(|c| is_settled(*c)) {
            let wide = usize::from(c >= '\u{3000}') + 1;
            assert_eq!(c.width(), Some(wide), "{c:?} {:x}", c as u32);
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("Lovelace", 5, "…"), "Love…");
        assert_eq!(cut("Lovelace", 8, "…"), "Lovelace");
        assert_eq!(cut("山田太郎", 4, "…"), "山…");
        assert_eq!(cut("Lovelace", 5, "..."), "Lo...");
        assert_eq!(cut("Lovelace", 1, "..."), "");
    }

    #[test]
    fn long_words_are_broken_and_others_are_not() {
        assert_eq!(
            wrap("allergic to penicillin", 11),
            ["allergic to", "penicillin"]
        );
        assert_eq!(wrap("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(wrap("one\n\ntwo", 10), ["one", "", "two"]);
        assert_eq!(wrap("This is it.", 10), ["This is", "it."]);
        assert_eq!(wrap("", 10), [""]);
    }
}
