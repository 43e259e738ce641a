//! The desk's list and search of patients, by page number or by cursor.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde_json::json;

use super::super::paging::{Paging, foreign_cursor, usize_of};
use super::super::{Actor, Answer, Clinic, Refusal};
use super::classic::Order;
use super::query::Query;
use super::record::PatientLine;
use super::search::{self, Hits};
use crate::store::Db;
use crate::store::patient_merges;
use crate::store::patient_search::{From, MOST};
use crate::store::patients as table;

/// The longest search, in characters; what is beyond is not looked at.
const LONGEST_SEARCH: usize = 200;

/// A page of patients.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How many there are; a search stops counting at 1000, and sooner for very short words.
    pub count: i64,
    /// Whether there may be more than `count`.
    pub count_capped: bool,
    /// The cursor of the next page, none on the last.
    pub next: Option<String>,
    /// Words that stood in no record, `typed → used`.
    pub corrections: Vec<String>,
    /// The page's patients.
    pub patients: Vec<PatientLine>,
}

/// Search as one types: words of the name in any order, each as far as typed; digits of the phone;
/// record number; birth date; e-mail. Best first. Blank text lists everybody, newest first.
///
/// # Errors
/// [`Refusal::Forbidden`] unless staff asks, [`Refusal::InvalidPage`], [`Refusal::Invalid`] on
/// `cursor`.
pub async fn search(clinic: &Clinic, who: &Actor, typed: &str, paging: &Paging) -> Answer<Found> {
    if !who.is_staff() {
        return Err(Refusal::forbidden());
    }
    let found = match typed.trim().is_empty() {
        true => everybody(clinic, paging, Order::NewestFirst).await?,
        false => matching(clinic, typed, paging).await?,
    };
    clinic
        .reads
        .note(
            who,
            "search_patients",
            None,
            json!({ "count": found.count }),
        )
        .await;
    Ok(found)
}

/// A page of everybody.
pub(super) async fn everybody(clinic: &Clinic, paging: &Paging, order: Order) -> Answer<Found> {
    let limit = paging.limit();
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader).await?;
    let (cursor, offset) = beginning(paging)?;
    let rows = match order {
        Order::NewestFirst => {
            table::newest(&mut reader, cursor.unwrap_or(i64::MAX), limit + 1, offset).await?
        }
        Order::ByNumber => {
            table::by_number(&mut reader, cursor.unwrap_or(0), limit + 1, offset).await?
        }
    };
    of_lines(paging, count, rows)
}

/// After which number a page begins, and how many rows are skipped.
pub(super) fn beginning(paging: &Paging) -> Answer<(Option<i64>, i64)> {
    match paging.cursor.as_deref() {
        Some(cursor) => Ok((Some(Cursor::list(cursor)?), 0)),
        None => Ok((None, paging.offset()?)),
    }
}

/// A page in the order of numbers, of rows that were read already: one more than it shows, if there
/// are more.
pub(super) fn of_lines(paging: &Paging, count: i64, rows: Vec<table::LineRow>) -> Answer<Found> {
    let shown = usize_of(paging.limit());
    let more = rows.len() > shown;
    let last = rows.get(shown - 1).map(|row| row.id);
    let next = last.filter(|_| more).map(|id| Cursor::List { id }.encode());
    page(paging, count, false, next, rows)
}

/// A page of rows that are all here.
pub(super) fn few(paging: &Paging, rows: Vec<table::PatientRow>) -> Answer<Found> {
    let count = i64::try_from(rows.len()).unwrap_or(MOST);
    let rows = rows
        .into_iter()
        .skip(usize_of(paging.offset()?))
        .map(Into::into)
        .collect();
    page(paging, count, false, None, rows)
}

/// A page of those who match what was typed.
pub(super) async fn matching(clinic: &Clinic, typed: &str, paging: &Paging) -> Answer<Found> {
    find(&clinic.db, clinic.today(), typed, paging).await
}

/// The search alone, without asking who may and without audit: what the bench measures.
///
/// # Errors
/// As [`search`].
pub async fn find(db: &Db, today: NaiveDate, typed: &str, paging: &Paging) -> Answer<Found> {
    let limit = paging.limit();
    let (from, widened) = match &paging.cursor {
        Some(cursor) => {
            let (from, widened) = Cursor::search(cursor)?;
            (from, Some(widened))
        }
        None => (
            From {
                offset: paging.offset()?,
                ..From::START
            },
            None,
        ),
    };
    let hits = hits(db, today, typed, from, limit + 1, widened).await?;
    let more = hits.matches.len() > usize_of(limit);
    let last = hits.matches.get(usize_of(limit) - 1).filter(|_| more);
    let next = last.map(|last| {
        let (grade, id) = (last.grade, last.patient.id);
        Cursor::Search {
            widened: hits.widened,
            grade,
            id,
        }
        .encode()
    });
    let count = hits.total.min(MOST);
    let rows = hits.matches.into_iter().map(|hit| hit.patient).collect();
    let found = page(paging, count, hits.is_more || hits.total > MOST, next, rows)?;
    Ok(Found {
        corrections: hits.corrections,
        ..found
    })
}

/// What a typed text finds, with the total even where the page is empty.
async fn hits(
    db: &Db,
    today: NaiveDate,
    typed: &str,
    from: From,
    limit: i64,
    widened: Option<bool>,
) -> Answer<Hits> {
    let typed: String = typed
        .chars()
        .filter(|c| *c != '\0')
        .take(LONGEST_SEARCH)
        .collect();
    let Some(mut query) = Query::parse(&typed, today) else {
        return Ok(Hits::default());
    };
    let mut reader = db.read().await?;
    if let Some(number) = query.marks.as_mut().and_then(|marks| marks.number.as_mut()) {
        // The number of a record that was merged leads to where it went.
        let survivor = patient_merges::survivor(&mut reader, *number).await?;
        *number = survivor.map_or(*number, |(id, _)| id);
    }
    let mut hits = search::find(&mut reader, &query, from, limit, widened).await?;
    if hits.matches.is_empty() && from != From::START {
        hits.total = search::find(&mut reader, &query, From::START, 1, widened)
            .await?
            .total;
    }
    Ok(hits)
}

fn page(
    paging: &Paging,
    count: i64,
    count_capped: bool,
    next: Option<String>,
    mut rows: Vec<table::LineRow>,
) -> Answer<Found> {
    if rows.is_empty() && paging.cursor.is_none() && paging.page != 1 {
        return Err(Refusal::InvalidPage);
    }
    rows.truncate(usize_of(paging.limit()));
    let patients = rows.into_iter().map(PatientLine::from).collect();
    Ok(Found {
        count,
        count_capped,
        next,
        corrections: Vec::new(),
        patients,
    })
}

/// Where the next page begins. Holds numbers only: cursors end up in logs of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    List { id: i64 },
    Search { widened: bool, grade: i64, id: i64 },
}

impl Cursor {
    fn encode(self) -> String {
        let plain = match self {
            Cursor::List { id } => format!("l.{id}"),
            Cursor::Search {
                widened: false,
                grade,
                id,
            } => format!("s.{grade}.{id}"),
            Cursor::Search {
                widened: true,
                grade,
                id,
            } => format!("w.{grade}.{id}"),
        };
        URL_SAFE_NO_PAD.encode(plain)
    }

    fn decode(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = plain.split('.');
        let kind = parts.next()?;
        let mut number = |least: i64| {
            let number = parts.next()?.parse::<i64>().ok();
            number.filter(|number| *number >= least)
        };
        let cursor = match kind {
            "l" => Cursor::List { id: number(0)? },
            "s" | "w" => Cursor::Search {
                widened: kind == "w",
                grade: number(i64::MIN)?,
                id: number(0)?,
            },
            _ => return None,
        };
        (parts.next().is_none()).then_some(cursor)
    }

    fn list(text: &str) -> Answer<i64> {
        match Cursor::decode(text) {
            Some(Cursor::List { id }) => Ok(id),
            _ => Err(foreign_cursor()),
        }
    }

    fn search(text: &str) -> Answer<(From, bool)> {
        match Cursor::decode(text) {
            Some(Cursor::Search { widened, grade, id }) => Ok((
                From {
                    grade,
                    id,
                    offset: 0,
                },
                widened,
            )),
            _ => Err(foreign_cursor()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went_and_rubbish_is_refused() {
        for cursor in [
            Cursor::List { id: 42 },
            Cursor::Search {
                widened: false,
                grade: -28,
                id: 7,
            },
            Cursor::Search {
                widened: true,
                grade: 0,
                id: i64::MAX,
            },
        ] {
            assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }
        for rubbish in ["", "bC4", "bC4tMQ", "bC4x.Lg", "\u{1F600}", "bC4xLjI"] {
            assert_eq!(Cursor::decode(rubbish), None, "{rubbish}");
        }
        let of_a_search = Cursor::Search {
            widened: false,
            grade: 0,
            id: 1,
        }
        .encode();
        assert!(matches!(
            Cursor::list(&of_a_search),
            Err(Refusal::Invalid(_))
        ));
    }
}
