//! Which page of a list, by number or by cursor (API.md §1 "Pagination").

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Answer, Refusal};

/// The longest page, in rows.
const LONGEST_PAGE: i64 = 1000;

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// Page number, from 1; a cursor goes before it.
    pub page: i64,
    /// Goes on after the page that gave this cursor.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 1000; anything else is taken for the nearest of these.
    pub limit: i64,
}

/// Which rows a list's statement has to answer: those after `after`, `offset` of them skipped, one
/// more than are shown, so that it is known whether there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The id of the last row before this page; none at the beginning.
    pub after: Option<i64>,
    /// Rows to skip.
    pub offset: i64,
    /// Rows to read: one more than the page shows.
    pub limit: i64,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// How many there are on all pages.
    pub count: i64,
    /// The cursor of the next page, none on the last.
    pub next: Option<String>,
    /// This page's.
    pub rows: Vec<T>,
}

impl Paging {
    /// Rows a page.
    pub fn limit(&self) -> i64 {
        self.limit.clamp(1, LONGEST_PAGE)
    }

    /// Rows before the page.
    ///
    /// # Errors
    /// [`Refusal::InvalidPage`] for an absurd page number, like any beyond the end.
    pub fn offset(&self) -> Answer<i64> {
        let before = self.page.checked_sub(1).filter(|before| *before >= 0);
        before
            .and_then(|before| before.checked_mul(self.limit()))
            .ok_or(Refusal::InvalidPage)
    }

    /// The rows to read, of a list whose cursor is the id of its last row.
    ///
    /// # Errors
    /// [`Refusal::InvalidPage`], or [`Refusal::Invalid`] on `cursor`.
    pub fn span(&self) -> Answer<Span> {
        let after = self.cursor.as_deref().map(id_of).transpose()?;
        let offset = match after {
            Some(_) => 0,
            None => self.offset()?,
        };
        Ok(Span {
            after,
            offset,
            limit: self.limit() + 1,
        })
    }

    /// The page of the rows that [`Paging::span`] asked for.
    ///
    /// # Errors
    /// [`Refusal::InvalidPage`] beyond the end; an empty first page is fine.
    pub fn listed<T>(
        &self,
        count: i64,
        mut rows: Vec<T>,
        id: impl Fn(&T) -> i64,
    ) -> Answer<Listed<T>> {
        if rows.is_empty() && self.cursor.is_none() && self.page != 1 {
            return Err(Refusal::InvalidPage);
        }
        let shown = usize_of(self.limit());
        let more = rows.len() > shown;
        rows.truncate(shown);
        let next = rows.last().filter(|_| more).map(|last| cursor_of(id(last)));
        Ok(Listed { count, next, rows })
    }
}

impl<T> Listed<T> {
    /// The same page with each row made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            count: self.count,
            next: self.next,
            rows: self.rows.into_iter().map(make).collect(),
        }
    }
}

/// A cursor. Holds a number only: cursors end up in logs of proxies.
fn cursor_of(id: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("i.{id}"))
}

fn id_of(cursor: &str) -> Answer<i64> {
    let id = || {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let id = plain.strip_prefix("i.")?.parse::<i64>().ok();
        id.filter(|id| *id >= 0)
    };
    id().ok_or_else(foreign_cursor)
}

/// The refusal of a cursor that another list gave, or nobody.
pub(super) fn foreign_cursor() -> Refusal {
    Refusal::field(
        "cursor",
        "This is no cursor of this list; begin again without one.",
    )
}

/// A count of rows as memory counts them.
pub(super) fn usize_of(number: i64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(page: i64, cursor: Option<&str>) -> Paging {
        Paging {
            page,
            cursor: cursor.map(str::to_owned),
            limit: 2,
        }
    }

    #[test]
    fn page_numbers_beyond_all_reason_are_no_page() {
        assert_eq!(paging(3, None).offset().ok(), Some(4));
        for page in [0, -1, i64::MAX, i64::MIN] {
            let refused = paging(page, None).offset();
            assert!(matches!(refused, Err(Refusal::InvalidPage)), "{page}");
        }
    }

    #[test]
    fn a_cursor_goes_on_where_the_page_ended() {
        let first = paging(1, None).listed(3, vec![4, 7, 9], |id| *id).unwrap();
        assert_eq!(first.rows, [4, 7]);
        let next = first.next.unwrap();
        let span = paging(1, Some(&next)).span().unwrap();
        assert_eq!(
            span,
            Span {
                after: Some(7),
                offset: 0,
                limit: 3
            }
        );
        let last = paging(1, Some(&next)).listed(3, vec![9], |id| *id).unwrap();
        assert_eq!(last.next, None);
        for rubbish in ["", "x", "aS4tMQ", "bC4x"] {
            let refused = paging(1, Some(rubbish)).span();
            assert!(matches!(refused, Err(Refusal::Invalid(_))), "{rubbish}");
        }
    }
}
