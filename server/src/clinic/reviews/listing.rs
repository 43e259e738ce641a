//! The list of reviews and its search.

use clinic_shared::classic::reviews::Stars;

use super::super::paging::{Listed, Paging};
use super::super::{Answer, Clinic, text};
use crate::store::patient_search::Range;
use crate::store::review_lists::{self as lists, Filter, LineRow, Way};
use crate::store::reviews as table;
use crate::store::{Reader, words};

/// The longest search, in characters; what is beyond is not looked at.
const LONGEST_SEARCH: usize = 200;
/// With more patients or reviews than this behind a lone word, reading the reviews in their order
/// finds enough of them sooner than reading all that the word has.
const COMMON: i64 = 20_000;
/// The same of several words, which few reviews may have together.
const COMMON_TOGETHER: i64 = 10 * COMMON;

/// Which reviews are listed; of several values of one kind any will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// About these doctors.
    pub doctors: Vec<i64>,
    /// By these patients.
    pub reviewers: Vec<i64>,
    /// With so many stars.
    pub stars: Vec<Stars>,
    /// Words of the doctor's or the reviewer's name, each as far as typed.
    pub search: Option<String>,
}

/// A page of reviews by number, for everybody. Nothing asked for lists all; a search for words
/// that very many names have stops at the first 1000.
///
/// # Errors
/// [`super::Refusal::InvalidPage`], [`super::Refusal::Invalid`] on `cursor`.
pub async fn list(clinic: &Clinic, listing: &Listing, paging: &Paging) -> Answer<Listed<LineRow>> {
    let span = paging.span()?;
    let search = listing.search.as_deref().unwrap_or_default().trim();
    let typed = words_of(search);
    if typed.is_empty() && !search.is_empty() {
        // No name has signs alone.
        return paging.listed(0, Vec::new(), |row: &LineRow| row.id);
    }
    let after = span.after.unwrap_or(0);
    let mut reader = clinic.db.read_behind().await?;
    let mut filter = Filter {
        doctors: listing.doctors.clone(),
        patients: listing.reviewers.clone(),
        stars: listing.stars.iter().map(|stars| stars.count()).collect(),
        patterns: typed.iter().map(|word| beginning(word)).collect(),
    };
    if filter == Filter::default() {
        let count = table::count(&mut reader).await?;
        let rows = lists::everything(&mut reader, after, span.limit, span.offset).await?;
        return paging.listed(count, rows, |row| row.id);
    }
    let way = way(&mut reader, &filter, &typed).await?;
    if let Way::Word(_, pattern) = &way {
        filter.patterns.retain(|other| other != pattern);
    }
    let span = (span.limit, span.offset, after);
    let hits = lists::matching(&mut reader, &filter, &way, span).await?;
    let total = hits.first().map_or(0, |hit| hit.total);
    let rows = hits.into_iter().map(|hit| hit.review).collect();
    paging.listed(total, rows, |row| row.id)
}

/// The folded words of a search.
fn words_of(search: &str) -> Vec<String> {
    let typed: String = search.chars().take(LONGEST_SEARCH).collect();
    let mut words = text::words(&typed);
    words.sort_unstable();
    words.dedup();
    words
}

/// A pattern of names with a word that begins so. Words are letters and digits, which LIKE takes
/// as they are.
fn beginning(word: &str) -> String {
    format!("% {word}%")
}

/// Along the numbers if some are named; else along the word that the fewest patients have.
async fn way(reader: &mut Reader, filter: &Filter, typed: &[String]) -> sqlx::Result<Way> {
    if !filter.patients.is_empty() || !filter.doctors.is_empty() || typed.is_empty() {
        return Ok(Way::Numbers);
    }
    let ranges: Vec<Range> = typed.iter().map(|word| Range::beginning(word)).collect();
    let counts = words::counts(reader, &ranges).await?;
    let rarest = typed
        .iter()
        .zip(ranges)
        .zip(counts)
        .min_by_key(|(_, count)| *count);
    let Some(((word, range), patients)) = rarest else {
        return Ok(Way::Numbers);
    };
    let pattern = beginning(word);
    let common = match typed.len() {
        1 => COMMON,
        _ => COMMON_TOGETHER,
    };
    let about = lists::about(reader, &pattern, common).await?;
    Ok(match patients + about > common {
        true => Way::InOrder,
        false => Way::Word(range, pattern),
    })
}
