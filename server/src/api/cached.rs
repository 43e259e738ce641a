//! Answers that everybody may keep for a while: with an `ETag` made of the body, and 304 to whoever
//! has it already (RFC 9110 §13.1.2).

use std::marker::PhantomData;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::http::header::{CACHE_CONTROL, ETAG, VARY};
use poem::http::{HeaderValue, StatusCode};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use serde::Serialize;

use super::answers::meta;
use crate::clinic::{Answer, Refusal};

/// How long it may be kept without asking.
const LIFETIME: &str = "public, max-age=60";
/// A bearer that is not good is told so, whatever is kept.
const VARIES: &str = "Authorization";
/// How much of the hash a tag shows.
const TAG: usize = 16;

/// 200 with a JSON body, or 304 without.
pub(super) struct Cached<T> {
    /// None if the caller has it already.
    body: Option<Vec<u8>>,
    etag: String,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Cached<T> {
    /// The answer to somebody who may have it already.
    ///
    /// # Errors
    /// Ours, if it can't be written as JSON.
    pub(super) fn of(value: &T, if_none_match: Option<&str>) -> Answer<Self> {
        let body = serde_json::to_vec(value).map_err(Refusal::broken)?;
        Ok(Self::written(body, if_none_match))
    }

    /// The same with a body that is JSON already.
    pub(super) fn written(body: Vec<u8>, if_none_match: Option<&str>) -> Self {
        let hash = digest(&SHA256, &body);
        let hash: Vec<u8> = hash.as_ref().iter().copied().take(TAG).collect();
        let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(hash));
        let has_it = if_none_match.is_some_and(|tags| has(tags, &etag));
        Cached {
            body: Some(body).filter(|_| !has_it),
            etag,
            of: PhantomData,
        }
    }
}

/// Whether `If-None-Match` names this tag; weak ones count, and `*` is any.
pub(super) fn has(tags: &str, etag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

impl<T: Send> IntoResponse for Cached<T> {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => Response::builder()
                .content_type("application/json")
                .body(body),
            None => StatusCode::NOT_MODIFIED.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(LIFETIME));
        headers.append(VARY, HeaderValue::from_static(VARIES));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
        response
    }
}

impl<T: Type> ApiResponse for Cached<T> {
    fn meta() -> MetaResponses {
        let mut meta = meta::<T>(
            200,
            "Done.",
            &[
                ("ETag", "For `If-None-Match` of the next time."),
                ("Cache-Control", "How long it may be kept."),
            ],
        );
        meta.responses.push(MetaResponse {
            description: "The caller has it already.",
            status: Some(304),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        });
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_it_gets_no_body() {
        let first = Cached::of(&"a", None).unwrap();
        assert!(first.body.is_some());
        for tags in [
            first.etag.clone(),
            format!("\"x\", W/{}", first.etag),
            "*".to_owned(),
        ] {
            assert!(Cached::of(&"a", Some(&tags)).unwrap().body.is_none());
            let other = Cached::of(&"b", Some(&tags)).unwrap();
            assert_eq!(other.body.is_none(), tags == "*", "{tags}");
        }
    }
}
