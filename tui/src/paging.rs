//! Where the next page of a list begins.

use clinic_shared::client::reqwest::Url;

/// The keyset cursor in the URL of a next page.
pub(crate) fn cursor_of(next: &str) -> Option<String> {
    said(next, "cursor")
}

/// The number of a next page in its URL.
pub(crate) fn number_of(next: &str) -> Option<String> {
    said(next, "page")
}

fn said(next: &str, what: &str) -> Option<String> {
    let url = Url::parse(next).ok()?;
    url.query_pairs()
        .find(|(name, _)| name == what)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{cursor_of, number_of};

    #[test]
    fn the_next_page_is_found_in_its_address() {
        let next = "http://127.0.0.1:8000/v1/api/desk/patients/?search=ada&cursor=a%2Bb%3D";
        assert_eq!(cursor_of(next).as_deref(), Some("a+b="));
        assert_eq!(cursor_of("http://127.0.0.1/?page=2"), None);
        assert_eq!(number_of("http://127.0.0.1/?page=2").as_deref(), Some("2"));
        assert_eq!(cursor_of("rubbish"), None);
    }
}
