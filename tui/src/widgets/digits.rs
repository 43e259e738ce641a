//! A number that can be read from where the patient stands.

use crate::glyphs::Glyphs;

/// Lines of a digit.
pub(crate) const HEIGHT: u16 = 5;

/// Each digit in five lines of three.
const DIGITS: [[&str; 5]; 10] = [
    ["###", "#.#", "#.#", "#.#", "###"],
    ["..#", "..#", "..#", "..#", "..#"],
    ["###", "..#", "###", "#..", "###"],
    ["###", "..#", "###", "..#", "###"],
    ["#.#", "#.#", "###", "..#", "..#"],
    ["###", "#..", "###", "..#", "###"],
    ["###", "#..", "###", "#.#", "###"],
    ["###", "..#", "..#", "..#", "..#"],
    ["###", "#.#", "###", "#.#", "###"],
    ["###", "#.#", "###", "..#", "###"],
];

/// The lines of a number; each part of a digit is two columns wide, as it is one line high.
pub(crate) fn lines(number: i64, glyphs: Glyphs) -> Vec<String> {
    let digits: Vec<usize> = number
        .to_string()
        .chars()
        .filter_map(|digit| usize::try_from(digit.to_digit(10)?).ok())
        .collect();
    let part = |sign: char| match sign {
        '#' => glyphs.taken.repeat(2),
        _ => "  ".to_owned(),
    };
    let line = |at: usize| {
        let digits = digits
            .iter()
            .filter_map(|digit| DIGITS.get(*digit)?.get(at));
        let digits = digits.map(|line| line.chars().map(part).collect::<String>());
        digits.collect::<Vec<_>>().join("  ")
    };
    (0..usize::from(HEIGHT)).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_as_wide() {
        for number in [0, 7, 42, 1_234_567_890] {
            let lines = lines(number, Glyphs::ASCII);
            assert_eq!(lines.len(), usize::from(HEIGHT));
            let digits = number.to_string().len();
            let width = digits * 6 + (digits - 1) * 2;
            assert!(lines.iter().all(|line| line.len() == width), "{lines:?}");
        }
        assert_eq!(lines(1, Glyphs::ASCII).first().unwrap(), "    ##");
    }
}
