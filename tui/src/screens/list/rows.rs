//! The rows that are known, page by page.

use clinic_shared::{Page, SearchPage, WireType};

use super::Listed;
use crate::clock::Now;
use crate::paging::{cursor_of, number_of};

/// Lines that stay under the selection of a list that is longer than the screen.
const BELOW: usize = 2;

/// A page as it came.
pub(crate) struct Arrived<T> {
    rows: Vec<T>,
    count: i64,
    count_capped: bool,
    corrections: Vec<String>,
    next: Option<String>,
}

impl<T> Arrived<T> {
    /// A list that comes whole.
    pub(crate) fn all(rows: Vec<T>) -> Self {
        Self {
            count: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            rows,
            count_capped: false,
            corrections: Vec::new(),
            next: None,
        }
    }
}

impl<T> Arrived<T> {
    /// A page whose next one begins at a cursor.
    pub(crate) fn page(rows: Vec<T>, count: (i64, bool), next: Option<&str>) -> Self {
        Self {
            rows,
            count: count.0,
            count_capped: count.1,
            corrections: Vec::new(),
            next: next.and_then(cursor_of),
        }
    }
}

impl<T: WireType> Arrived<T> {
    /// A page of a list whose pages have numbers.
    pub(crate) fn numbered(page: Page<T>) -> Self {
        Self {
            next: page.next.as_deref().and_then(number_of),
            ..Self::from(page)
        }
    }
}

impl<T: WireType> From<Page<T>> for Arrived<T> {
    fn from(page: Page<T>) -> Self {
        Self {
            rows: page.results,
            count: page.count,
            count_capped: false,
            corrections: Vec::new(),
            next: page.next.as_deref().and_then(cursor_of),
        }
    }
}

impl<T: WireType> From<SearchPage<T>> for Arrived<T> {
    fn from(page: SearchPage<T>) -> Self {
        Self {
            rows: page.results,
            count: page.count,
            count_capped: page.count_capped,
            corrections: page.corrections,
            next: page.next.as_deref().and_then(cursor_of),
        }
    }
}

/// The rows that are known.
#[derive(Debug)]
pub(crate) struct Rows<T: Listed> {
    /// The question these rows answer; none before the first answer.
    pub(crate) query: Option<T::Query>,
    pub(crate) rows: Vec<T>,
    /// How many there are at the server.
    pub(crate) count: i64,
    /// Whether there are more than `count`.
    pub(crate) count_capped: bool,
    /// Words that were taken for others.
    pub(crate) corrections: Vec<String>,
    /// The selected row.
    pub(crate) cursor: usize,
    /// The first row on the screen.
    pub(crate) top: usize,
    /// Rows that have just changed elsewhere, and until when that is shown.
    pub(super) fresh: Vec<(T::Id, Now)>,
    /// Why the last answer brought no rows.
    pub(crate) error: Option<String>,
    /// Where the next page begins.
    pub(super) next: Option<String>,
    /// Enter was pressed before the answer was there.
    pub(super) open_on_arrival: bool,
    /// The selection was moved while the rows answered an older question: Enter means the row it
    /// was moved to, and never the first one of the answer that comes.
    pub(super) was_moved: bool,
    /// The selected row was not in the last answer: the selection stands on a row nobody chose.
    pub(crate) has_lost_row: bool,
    /// The selected row stays selected where the next answer has it, whatever the question.
    pub(super) keeps: bool,
    /// Nobody waits for the answer any more: what is there stays.
    pub(crate) is_stopped: bool,
}

impl<T: Listed> Default for Rows<T> {
    fn default() -> Self {
        Self {
            query: None,
            rows: Vec::new(),
            count: 0,
            count_capped: false,
            corrections: Vec::new(),
            cursor: 0,
            top: 0,
            fresh: Vec::new(),
            error: None,
            next: None,
            open_on_arrival: false,
            was_moved: false,
            has_lost_row: false,
            keeps: false,
            is_stopped: false,
        }
    }
}

impl<T: Listed> Rows<T> {
    /// The selected row.
    pub(crate) fn selected(&self) -> Option<&T> {
        self.rows.get(self.cursor)
    }

    /// Moves the selection by so many rows.
    pub(super) fn step(&mut self, rows: isize) {
        self.has_lost_row = false;
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    /// Shows a row as it is now, if it is in the list.
    pub(crate) fn replace(&mut self, row: T) {
        if let Some(known) = self.rows.iter_mut().find(|known| known.id() == row.id()) {
            *known = row;
        }
    }

    /// Takes a row away that is not there any more.
    pub(crate) fn forget(&mut self, id: T::Id) {
        let before = self.rows.len();
        self.rows.retain(|row| row.id() != id);
        let gone = i64::try_from(before - self.rows.len()).unwrap_or(0);
        self.count = self.count.saturating_sub(gone);
    }

    /// Puts a new row at the head of the list and selects it.
    pub(crate) fn put_first(&mut self, row: T) {
        self.rows.retain(|known| known.id() != row.id());
        self.rows.insert(0, row);
        self.count += 1;
        self.cursor = 0;
        self.top = 0;
    }

    /// Keeps the selected row selected where the next answer has it, though the question is another.
    pub(crate) fn keep_next(&mut self) {
        self.keeps = true;
    }

    /// Takes in a first page; a selection that was made stays with its row.
    pub(super) fn take(&mut self, query: T::Query, page: Arrived<T>) {
        let same_query = self.query.as_ref() == Some(&query);
        let is_kept = same_query || self.keeps || (T::KEEPS && self.was_moved);
        let kept = self.selected().map(T::id).filter(|_| is_kept);
        let cursor = kept.and_then(|id| page.rows.iter().position(|row| row.id() == id));
        let was_chosen = self.was_moved || self.keeps || self.cursor > 0;
        *self = Self {
            query: Some(query),
            count: page.count,
            count_capped: page.count_capped,
            corrections: page.corrections,
            cursor: cursor.unwrap_or(0),
            top: if same_query { self.top } else { 0 },
            next: page.next,
            has_lost_row: kept.is_some() && cursor.is_none() && was_chosen,
            rows: page.rows,
            ..Self::default()
        };
    }

    /// Shows these rows instead; a selection stays with its row, or at its place.
    pub(crate) fn show(&mut self, rows: Vec<T>) {
        let selected = self.selected().map(T::id);
        let at = |id| rows.iter().position(|row| row.id() == id);
        let cursor = selected.and_then(at).unwrap_or(self.cursor);
        self.cursor = cursor.min(rows.len().saturating_sub(1));
        self.count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        self.rows = rows;
    }

    /// Takes in the first page of the same question anew: what differs is marked until then, the
    /// selection stays with its row, or at its place. Rows of further pages stay.
    pub(super) fn renew(&mut self, page: Arrived<T>, until: Now) {
        let is_known = |row: &&T| self.rows.iter().any(|known| known.is_same(row));
        let changed = page.rows.iter().filter(|row| !is_known(row));
        let changed: Vec<_> = changed.map(|row| (row.id(), until)).collect();
        let selected = self.selected().map(T::id);
        let was_chosen = self.cursor > 0;
        let mut rows = page.rows;
        self.next = match page.next {
            // Only as far as was loaded: what comes after the page's last row is still there.
            Some(next) => {
                let ids: Vec<T::Id> = rows.iter().map(T::id).collect();
                let last = self.rows.iter().rposition(|row| ids.contains(&row.id()));
                let below = self.rows.drain(..).skip(last.map_or(0, |last| last + 1));
                let below: Vec<T> = below.filter(|row| !ids.contains(&row.id())).collect();
                let has_more = !below.is_empty();
                rows.extend(below);
                self.next.take().filter(|_| has_more).or(Some(next))
            }
            None => None,
        };
        let cursor = selected.and_then(|id| rows.iter().position(|row| row.id() == id));
        self.has_lost_row |= selected.is_some() && cursor.is_none() && was_chosen;
        self.cursor = cursor
            .unwrap_or(self.cursor)
            .min(rows.len().saturating_sub(1));
        self.count = page.count;
        self.count_capped = page.count_capped;
        self.corrections = page.corrections;
        self.rows = rows;
        self.fresh = changed;
    }

    /// Whether a row has just changed elsewhere.
    pub(super) fn is_fresh(&self, id: T::Id) -> bool {
        self.fresh.iter().any(|(fresh, _)| *fresh == id)
    }

    /// Takes in a further page.
    pub(super) fn add(&mut self, page: Arrived<T>) {
        self.next = page.next;
        // A row that moved between the two pages comes twice.
        let fresh = |row: &T| self.rows.iter().all(|known| known.id() != row.id());
        let fresh: Vec<_> = page.rows.into_iter().filter(fresh).collect();
        self.rows.extend(fresh);
    }

    /// Keeps the selection within the rows, and on a screen of `height` lines; `whole` of them are
    /// there while nothing is said below. What is said then covers rows under the selection, and
    /// the rows need not move.
    pub(super) fn keep_in_sight(&mut self, height: usize, whole: usize) {
        let count = self.rows.len();
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let below = match count > whole && whole > 3 * BELOW {
            true => BELOW,
            false => 0,
        };
        let least = (self.cursor + 1 + below).saturating_sub(whole);
        let least = least.max((self.cursor + 1).saturating_sub(height));
        let most = (count + below).saturating_sub(whole).max(least);
        self.top = self.top.min(self.cursor).clamp(least, most);
    }
}
