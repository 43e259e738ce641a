//! Finding patients: which words of the dictionary a query means, then who has them.
//!
//! Typos are mended in the words, not in the rows: a typed word that is the beginning of no word is
//! replaced by the nearest words; if nobody has all the words as typed, every word may also stand
//! for its nearest. The rows are then read along the word that the fewest have.

use std::cmp::Reverse;

use super::super::text;
use super::query::Query;
use crate::store::patient_search::{self as table, From, Marks, Match, Merit, Names, Range, Way};
use crate::store::{Reader, words};

/// A word is taken for at most this many others.
const NEAREST: usize = 8;
/// A shorter word is too common to mend: every other one is near.
const MEND_FROM: usize = 3;
/// From this length on, the beginning of a word is mended too, as it is typed.
const MEND_BEGINNING_FROM: usize = 5;

/// Names that are read for a search of one or two letters each, as long as they give enough: all
/// would take too long while typing, and there is more to type.
const READ: i64 = 12_000;
/// With fewer matches among these names, all are read: nobody is told that a patient is not there
/// who is.
const ENOUGH: i64 = 100;

/// What a search found.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) matches: Vec<Match>,
    pub(super) total: i64,
    /// `typed → used`.
    pub(super) corrections: Vec<String>,
    /// Whether there may be more than `total`.
    pub(super) is_more: bool,
    /// Whether words as typed were also taken for their nearest.
    pub(super) widened: bool,
}

/// A typed word, and what it may stand for.
struct Slot {
    typed: String,
    /// How many have a word that begins so.
    beginning: i64,
    /// Nearest words, best first, and how many have each.
    nearest: Vec<Near>,
}

/// A word that a typed one may be taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Near {
    word: String,
    /// How many have it.
    patients: i64,
    /// Whether all of it is one slip away, and not only its beginning.
    is_whole: bool,
}

impl Slot {
    /// How many names there are to read, at least.
    fn cost(&self) -> i64 {
        self.beginning + self.nearest.iter().map(|near| near.patients).sum::<i64>()
    }
}

/// Looks for a query; `widened` is known when a page goes on from an earlier one.
pub(super) async fn find(
    reader: &mut Reader,
    query: &Query,
    from: From,
    limit: i64,
    widened: Option<bool>,
) -> sqlx::Result<Hits> {
    let mut slots = slots(reader, &query.words).await?;
    // A word of no name is a username before it is a slip of the finger.
    if let (Some(login), [slot]) = (&query.login, slots.as_slice())
        && slot.beginning == 0
    {
        let hits = by_login(reader, login, from, limit).await?;
        if hits.total > 0 {
            return Ok(hits);
        }
    }
    if widened != Some(true) {
        let hits = attempt(reader, query, &slots, from, limit, false).await?;
        if hits.total > 0 || widened == Some(false) {
            return Ok(hits);
        }
    }
    let known = slots
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.beginning > 0);
    let known: Vec<usize> = known.map(|(at, _)| at).collect();
    mend(reader, &mut slots, &known).await?;
    let hits = attempt(reader, query, &slots, from, limit, true).await?;
    if hits.total > 0 || widened == Some(true) {
        return Ok(hits);
    }
    match &query.login {
        Some(login) => by_login(reader, login, from, limit).await,
        None => Ok(hits),
    }
}

/// Whose username or e-mail begins so.
async fn by_login(
    reader: &mut Reader,
    login: &Range,
    from: From,
    limit: i64,
) -> sqlx::Result<Hits> {
    let marks = Marks {
        login: Some(login.clone()),
        ..Marks::default()
    };
    Ok(hits_of(
        table::by_marks(reader, &marks, &Names::default(), from, limit).await?,
    ))
}

/// Looks the words up; those that begin no word are mended at once.
async fn slots(reader: &mut Reader, typed: &[String]) -> sqlx::Result<Vec<Slot>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let beginnings: Vec<Range> = typed.iter().map(|word| Range::beginning(word)).collect();
    let counts = words::counts(reader, &beginnings).await?;
    let slot = |(typed, beginning): (&String, i64)| Slot {
        typed: typed.clone(),
        beginning,
        nearest: Vec::new(),
    };
    let mut slots: Vec<Slot> = typed.iter().zip(counts).map(slot).collect();
    let unknown = slots
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.beginning == 0);
    let unknown: Vec<usize> = unknown.map(|(at, _)| at).collect();
    mend(reader, &mut slots, &unknown).await?;
    Ok(slots)
}

/// Finds the nearest words of some slots, in one statement for all.
async fn mend(reader: &mut Reader, slots: &mut [Slot], which: &[usize]) -> sqlx::Result<()> {
    let mut ranges = Vec::new();
    for slot in which.iter().filter_map(|at| slots.get(*at)) {
        let length = slot.typed.chars().count();
        if length < MEND_FROM {
            continue;
        }
        for slip in text::slips(&slot.typed) {
            ranges.push(match length < MEND_BEGINNING_FROM {
                true => Range::exactly(&slip),
                false => Range::beginning(&slip),
            });
        }
    }
    if ranges.is_empty() {
        return Ok(());
    }
    let candidates = words::near(reader, &ranges).await?;
    for at in which {
        if let Some(slot) = slots.get_mut(*at) {
            slot.nearest = nearest(&slot.typed, &candidates);
        }
    }
    Ok(())
}

/// The nearest of the candidates: whole words one slip away before words that begin one slip away,
/// those with the same first letter before others, common ones before rare ones.
fn nearest(typed: &str, candidates: &[(String, i64)]) -> Vec<Near> {
    let first = typed.chars().next();
    let mends_beginnings = typed.chars().count() >= MEND_BEGINNING_FROM;
    let mut near: Vec<_> = candidates
        .iter()
        .filter(|(word, _)| word != typed)
        .filter_map(|(word, patients)| {
            let (whole, beginning) = text::distances(typed, word);
            let is_whole = whole == 1;
            let is_other_letter = word.chars().next() != first;
            (is_whole || (mends_beginnings && beginning == 1)).then_some((
                !is_whole,
                is_other_letter,
                Reverse(*patients),
                word,
            ))
        })
        .collect();
    near.sort_unstable();
    near.truncate(NEAREST);
    let near = near
        .into_iter()
        .map(|(is_beginning, _, Reverse(patients), word)| Near {
            word: word.clone(),
            patients,
            is_whole: !is_beginning,
        });
    near.collect()
}

async fn attempt(
    reader: &mut Reader,
    query: &Query,
    slots: &[Slot],
    from: From,
    limit: i64,
    widened: bool,
) -> sqlx::Result<Hits> {
    let can_mend = slots
        .iter()
        .any(|slot| slot.beginning > 0 && !slot.nearest.is_empty());
    let hopeless = slots
        .iter()
        .any(|slot| slot.beginning == 0 && slot.nearest.is_empty());
    if hopeless || (widened && !can_mend) {
        return Ok(Hits {
            widened,
            ..Hits::default()
        });
    }
    let names = names(query, slots, widened);
    let hits = match &query.marks {
        Some(marks) => hits_of(table::by_marks(reader, marks, &names, from, limit).await?),
        None => by_words(reader, slots, &names, from, limit).await?,
    };
    let mended = slots.iter().filter(|slot| !slot.nearest.is_empty());
    let corrections = mended.map(|slot| {
        let used: Vec<&str> = slot
            .nearest
            .iter()
            .take(3)
            .map(|near| near.word.as_str())
            .collect();
        format!("{} → {}", slot.typed, used.join(", "))
    });
    Ok(Hits {
        corrections: corrections.collect(),
        widened,
        ..hits
    })
}

/// Reads some of the names, and all only if that gave little.
async fn by_words(
    reader: &mut Reader,
    slots: &[Slot],
    names: &Names,
    from: From,
    limit: i64,
) -> sqlx::Result<Hits> {
    let is_short = |slot: &Slot| match slot.typed.chars().count() {
        // How many begin with one letter is not counted to the end.
        1 => true,
        2 => slot.cost() > READ,
        _ => false,
    };
    if !slots.iter().all(is_short) {
        return Ok(hits_of(
            table::by_words(reader, names, i64::MAX, from, limit).await?,
        ));
    }
    let some = hits_of(table::by_words(reader, names, READ, from, limit).await?);
    let total = match some.matches.is_empty() && from != From::START {
        true => hits_of(table::by_words(reader, names, READ, From::START, 1).await?).total,
        false => some.total,
    };
    if total < ENOUGH {
        return Ok(hits_of(
            table::by_words(reader, names, i64::MAX, from, limit).await?,
        ));
    }
    Ok(Hits {
        is_more: true,
        ..some
    })
}

fn hits_of(matches: Vec<Match>) -> Hits {
    let total = matches.first().map_or(0, |first| first.total);
    Hits {
        matches,
        total,
        ..Hits::default()
    }
}

/// What a name must hold for the slots. Read along the slot that the fewest have.
fn names(query: &Query, slots: &[Slot], widened: bool) -> Names {
    let cost = |at: &usize| slots.get(*at).map(Slot::cost);
    let rarest = (0..slots.len())
        .min_by_key(cost)
        .filter(|_| query.marks.is_none());
    let mut names = Names {
        whole: query.whole(),
        ..Names::default()
    };
    for (at, slot) in slots.iter().enumerate() {
        names.merits.extend(merits(slot));
        let as_typed = (slot.beginning > 0).then(|| format!("% {}%", slot.typed));
        let is_mended = !slot.nearest.is_empty() && (widened || as_typed.is_none());
        if Some(at) == rarest {
            names
                .ranges
                .extend(as_typed.map(|_| Range::beginning(&slot.typed)));
            names
                .ranges
                .extend(slot.nearest.iter().map(|near| Range::exactly(&near.word)));
        } else if is_mended || names.all.len() == Names::PATTERNS {
            let near = slot.nearest.iter().map(|near| format!("% {} %", near.word));
            let patterns = as_typed.into_iter().chain(near);
            names
                .ways
                .extend(patterns.map(|pattern| Way { word: at, pattern }));
        } else {
            names.all.extend(as_typed);
        }
    }
    names
}

/// A whole word as typed is better than a beginning, that better than a word one slip away, and
/// that better than a word whose beginning is one slip away.
fn merits(slot: &Slot) -> Vec<Merit> {
    let mut merits = vec![
        Merit {
            pattern: format!("% {} %", slot.typed),
            points: 10,
        },
        Merit {
            pattern: format!("% {}%", slot.typed),
            points: 20,
        },
    ];
    let whole = slot.nearest.iter().filter(|near| near.is_whole);
    merits.extend(whole.map(|near| Merit {
        pattern: format!("% {} %", near.word),
        points: 10,
    }));
    merits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str, patients: i64) -> (String, i64) {
        (word.to_owned(), patients)
    }

    #[test]
    fn whole_words_come_before_beginnings_and_common_before_rare() {
        let candidates = [
            word("gonzaga", 9),
            word("gonzalez", 5000),
            word("bonxa", 3),
            word("gonda", 40),
            word("garcia", 90_000),
        ];
        let near: Vec<String> = nearest("gonxa", &candidates)
            .into_iter()
            .map(|near| near.word)
            .collect();
        assert_eq!(near, ["gonda", "bonxa", "gonzalez", "gonzaga"]);
    }

    #[test]
    fn the_rarest_word_is_read_and_the_others_are_tested() {
        let query = Query {
            words: vec!["maria".to_owned(), "qu".to_owned()],
            name: "maria qu".to_owned(),
            marks: None,
            login: None,
        };
        let slot = |typed: &str, beginning| Slot {
            typed: typed.to_owned(),
            beginning,
            nearest: Vec::new(),
        };
        let names = names(&query, &[slot("maria", 20_000), slot("qu", 300)], false);
        assert_eq!(names.ranges, [Range::beginning("qu")]);
        assert_eq!(names.all, ["% maria%"]);
        assert_eq!(names.whole, " maria qu ");
    }
}
