//! Whether the two records are plainly of two people: who merges them has mistaken one for another.

use std::collections::BTreeSet;

use clinic_shared::desk::merging::MergePreview;

use crate::app::Model;
use crate::text;

/// Names that begin with so many letters alike may be the same name, spelled otherwise.
const ALIKE: usize = 3;

/// Why these look like two people, in a sentence; none: they may be one.
pub(super) fn in_words(model: &Model, preview: &MergePreview) -> Option<String> {
    let (stays, other) = (&preview.survivor, &preview.other);
    let mut signs = Vec::new();
    if let (Some(one), Some(two)) = (stays.birth_date, other.birth_date)
        && one != two
    {
        let dates = model.prefs.dates;
        signs.push(format!(
            "born {}, born {}",
            dates.date(one),
            dates.date(two)
        ));
    }
    if let (Some(one), Some(two)) = (stays.gender, other.gender)
        && one != two
    {
        signs.push(format!("{one} and {two}"));
    }
    if !have_a_name_in_common(&stays.full_name, &other.full_name) {
        signs.push("no name in common".to_owned());
    }
    let signs = signs.join("; ");
    (!signs.is_empty()).then(|| format!("These look like two people: {signs}."))
}

fn have_a_name_in_common(one: &str, two: &str) -> bool {
    let beginnings = |name: &str| -> BTreeSet<String> {
        let words = text::words(name).into_iter();
        words
            .map(|word| word.chars().take(ALIKE).collect())
            .collect()
    };
    let (one, two) = (beginnings(one), beginnings(two));
    one.is_empty() || two.is_empty() || !one.is_disjoint(&two)
}

#[cfg(test)]
mod tests {
    use super::have_a_name_in_common;

    #[test]
    fn a_name_in_common_may_be_spelled_otherwise() {
        assert!(have_a_name_in_common("Grace Hopper", "Gracie Hoper"));
        assert!(have_a_name_in_common("Müller, Eva", "eva muller"));
        assert!(have_a_name_in_common("Ada Lovelace", "Ada King"));
        assert!(have_a_name_in_common("", "Ada King"), "nothing is known");
        assert!(!have_a_name_in_common("Grace Hopper", "Alan Turing"));
    }
}
