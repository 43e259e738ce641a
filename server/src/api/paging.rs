//! Pages by number (API.md §1 "Pagination") and links to the neighbours.

use clinic_shared::{Page, WireType};

use super::call::Call;
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Answer, Refusal};

const DEFAULT_LIMIT: i64 = 100;
const MAX_LIMIT: i64 = 1000;

/// Which rows to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Counted from 1.
    pub(super) page: i64,
    /// Rows a page.
    pub(super) limit: i64,
    /// Rows before this page.
    pub(super) offset: i64,
}

impl Window {
    /// Reads `?page` and `?limits`. Rubbish in `limits` means the default, too much is clamped.
    ///
    /// # Errors
    /// [`Refusal::InvalidPage`] if `page` is no number from 1.
    pub(super) fn read(page: Option<&str>, limits: Option<&str>) -> Answer<Self> {
        let limit = limit(limits);
        let page = match page.map(str::trim) {
            None | Some("") => 1,
            Some(text) => text
                .parse::<i64>()
                .ok()
                .filter(|page| *page >= 1)
                .ok_or(Refusal::InvalidPage)?,
        };
        let offset = (page - 1).checked_mul(limit).ok_or(Refusal::InvalidPage)?;
        Ok(Self {
            page,
            limit,
            offset,
        })
    }

    /// The envelope around this page's rows.
    ///
    /// # Errors
    /// [`Refusal::InvalidPage`] beyond the end; an empty first page is fine.
    pub(super) fn page<T: WireType>(
        self,
        call: &Call,
        count: i64,
        results: Vec<T>,
    ) -> Answer<Page<T>> {
        if self.page > 1 && self.offset >= count {
            return Err(Refusal::InvalidPage);
        }
        let has_next = self.offset + self.limit < count;
        Ok(Page {
            count,
            next: has_next.then(|| link(call, "page", Some((self.page + 1).to_string()))),
            previous: self.previous(call),
            results,
        })
    }

    /// What the rules are asked for: this page by its number.
    pub(super) fn paging(self) -> Paging {
        Paging {
            page: self.page,
            cursor: None,
            limit: self.limit,
        }
    }

    /// What the rules are asked for: the page after a cursor, if there is one.
    pub(super) fn at_cursor(self, cursor: Option<String>) -> Paging {
        Paging {
            cursor: cursor.filter(|cursor| !cursor.is_empty()),
            ..self.paging()
        }
    }

    /// The envelope around a page of a list that is scrolled by cursor: `next` carries one, and
    /// there is no way back but by page number.
    pub(super) fn scrolled<T: WireType>(
        self,
        call: &Call,
        paging: &Paging,
        listed: Listed<T>,
    ) -> Page<T> {
        let next = |cursor| link(&call.without("page"), "cursor", Some(cursor));
        Page {
            count: listed.count,
            next: listed.next.map(next),
            previous: match paging.cursor {
                Some(_) => None,
                None => self.previous(call),
            },
            results: listed.rows,
        }
    }

    /// The page before this one; the first has no number in its link.
    pub(super) fn previous(self, call: &Call) -> Option<String> {
        (self.page > 1).then(|| {
            let before = (self.page > 2).then(|| (self.page - 1).to_string());
            link(call, "page", before)
        })
    }
}

/// `?limits` as a number of rows.
pub(super) fn limit(limits: Option<&str>) -> i64 {
    let given = limits.and_then(|text| text.trim().parse::<i64>().ok());
    given
        .filter(|limit| *limit >= 1)
        .map_or(DEFAULT_LIMIT, |limit| limit.min(MAX_LIMIT))
}

/// This request's URL with one parameter set to another value, or dropped; the others are kept.
pub(super) fn link(call: &Call, parameter: &str, value: Option<String>) -> String {
    let query = call.uri.query().unwrap_or_default();
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .filter(|part| part.split('=').next() != Some(parameter))
        .map(str::to_owned)
        .collect();
    if let Some(value) = value {
        parts.push(format!("{parameter}={value}"));
    }
    let path = call.url(call.uri.path());
    if parts.is_empty() {
        path
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::Actor;
    use crate::infra::redis::Asking;

    fn call(uri: &str) -> Call {
        Call {
            who: Actor::nobody(None),
            base: "http://localhost:8000".to_owned(),
            uri: uri.parse().unwrap(),
            asking: Asking::default(),
        }
    }

    #[test]
    fn limits_are_clamped_and_rubbish_is_the_default() {
        for (given, limit) in [
            (None, 100),
            (Some("7"), 7),
            (Some("5000"), 1000),
            (Some("0"), 100),
            (Some("-3"), 100),
            (Some("x"), 100),
        ] {
            assert_eq!(Window::read(None, given).unwrap().limit, limit, "{given:?}");
        }
    }

    #[test]
    fn pages_that_are_none_are_refused() {
        for page in [
            "0",
            "-1",
            "abc",
            "99999999999999999999",
            "9223372036854775807",
        ] {
            assert!(
                matches!(Window::read(Some(page), None), Err(Refusal::InvalidPage)),
                "{page}"
            );
        }
        let third = Window::read(Some("3"), Some("10")).unwrap();
        assert!(third.page::<i64>(&call("/x/?page=3"), 20, vec![]).is_err());
        let first = Window::read(None, None).unwrap();
        assert_eq!(first.page::<i64>(&call("/x/"), 0, vec![]).unwrap().count, 0);
    }

    #[test]
    fn links_keep_the_other_parameters() {
        let second = Window::read(Some("2"), Some("10")).unwrap();
        let page = second
            .page(&call("/x/?limits=10&page=2&search=a%20b"), 25, vec![1_i64])
            .unwrap();
        assert_eq!(
            page.next.unwrap(),
            "http://localhost:8000/x/?limits=10&search=a%20b&page=3"
        );
        assert_eq!(
            page.previous.unwrap(),
            "http://localhost:8000/x/?limits=10&search=a%20b"
        );
    }
}
