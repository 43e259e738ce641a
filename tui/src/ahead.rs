//! Typing where something is chosen: the letters add up, and what a word of begins with all of them is
//! chosen. Letters after which nothing begins so are taken no notice of, so that a name or a word that
//! is typed whole chooses what it says and not what its last letter would.

use crate::text;

/// What was typed since the field has the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ahead {
    typed: String,
    /// It began with a letter that nothing begins with: the rest of the word means nothing, either.
    is_lost: bool,
}

impl Ahead {
    /// Nothing was typed.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether a word is being typed: a space after it is no wish for the next choice.
    pub(crate) fn is_in_a_word(&self) -> bool {
        self.is_lost || self.typed.chars().count() > 1
    }

    /// Takes a letter, and answers which choice has a word that begins with all that is typed. The same
    /// letter again means the next one, after the one that is chosen `now`.
    pub(crate) fn press<'a>(
        &mut self,
        letter: char,
        choices: impl IntoIterator<Item = &'a str>,
        now: Option<usize>,
    ) -> Option<usize> {
        if self.is_lost {
            self.is_lost = letter != ' ';
            return None;
        }
        let letter = text::folded(&letter.to_string());
        let choices: Vec<String> = choices.into_iter().map(text::folded).collect();
        let with = |typed: &str| {
            let fits = |choice: &&String| words(choice).any(|rest| rest.starts_with(typed));
            let begins: Vec<usize> = choices
                .iter()
                .enumerate()
                .filter(|(_, choice)| fits(choice))
                .map(|(at, _)| at)
                .collect();
            begins
        };
        let typed = format!("{}{letter}", self.typed);
        if let Some(at) = with(&typed).first() {
            self.typed = typed;
            return Some(*at);
        }
        if self.typed == letter {
            let all = with(&letter);
            let next = all.iter().find(|at| now.is_some_and(|now| **at > now));
            return next.or(all.first()).copied();
        }
        // `Dr Byrne`: the title is no name.
        if typed == "dr" {
            self.clear();
        }
        self.is_lost = self.typed.is_empty() && typed != "dr";
        None
    }
}

/// The rest of a name from each of its words on.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let begins = name.char_indices().scan(true, |is_after, (at, c)| {
        let begins = std::mem::replace(is_after, !c.is_alphanumeric()) && c.is_alphanumeric();
        Some(begins.then_some(at))
    });
    begins.flatten().filter_map(|at| name.get(at..))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCTORS: [&str; 6] = [
        "Amara Diallo",
        "Dora Lindqvist",
        "Fiona Byrne",
        "Heinrich Vogel",
        "Mei Tanaka",
        "Ravi Menon",
    ];

    fn typed(text: &str, choices: &[&str]) -> Option<usize> {
        let mut ahead = Ahead::default();
        let mut chosen = None;
        for letter in text.chars() {
            chosen = ahead
                .press(letter, choices.iter().copied(), chosen)
                .or(chosen);
        }
        chosen
    }

    #[test]
    fn a_name_that_is_typed_whole_chooses_whose_it_is() {
        for (text, expected) in [
            ("Byrne", "Fiona Byrne"),
            ("fiona", "Fiona Byrne"),
            ("Tanaka", "Mei Tanaka"),
            ("vogel", "Heinrich Vogel"),
            ("Lindqvist", "Dora Lindqvist"),
            ("dora lind", "Dora Lindqvist"),
            ("b", "Fiona Byrne"),
            ("Dr.", "Amara Diallo"),
            ("Dr. Byrne", "Fiona Byrne"),
            ("drByrne", "Fiona Byrne"),
        ] {
            let chosen = typed(text, &DOCTORS).map(|at| DOCTORS[at]);
            assert_eq!(chosen, Some(expected), "{text}");
        }
        assert_eq!(typed("female", &["male", "female", "other"]), Some(1));
        assert_eq!(typed("woman", &["male", "female", "other"]), None);
    }

    #[test]
    fn the_same_letter_again_is_the_next_one() {
        // Diallo, Dora, and round again.
        assert_eq!(typed("d", &DOCTORS), Some(0));
        assert_eq!(typed("dd", &DOCTORS), Some(1));
        assert_eq!(typed("ddd", &DOCTORS), Some(0));
    }
}
