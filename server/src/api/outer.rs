//! The outermost layer: request id, log line, panics, time limit, CORS, and the headers that every
//! answer carries. Logs name operations, never paths, queries or people.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use poem::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, ORIGIN,
    REFERRER_POLICY, TRANSFER_ENCODING, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use poem::{Endpoint, Request, Response};

use super::errors::{Style, render};
use super::gate::Matched;
use crate::clinic::Refusal;
use crate::infra::Ids;

/// Refusals that come before the body is read.
const REFUSED_UNREAD: [StatusCode; 6] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::METHOD_NOT_ALLOWED,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::TOO_MANY_REQUESTS,
];

/// Whether a body follows the headers.
fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers
            .get(CONTENT_LENGTH)
            .is_some_and(|length| length != "0")
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Looks at JSON answers before they go out: how tests hold them against the document.
pub trait Witness: Send + Sync {
    /// The operation, the status and the body of an answer.
    ///
    /// # Errors
    /// What is wrong with it; the caller gets that instead, as a 500.
    fn see(&self, operation: &str, status: u16, body: &[u8]) -> Result<(), String>;
}

/// Settings of the outer layer.
pub(super) struct Manner {
    /// Origins whose pages may call.
    pub(super) origins: Vec<String>,
    /// The longest a request may take.
    pub(super) timeout: Duration,
    /// Error causes in answers.
    pub(super) debug: bool,
    /// Request ids.
    pub(super) ids: Ids,
    /// Who looks at answers.
    pub(super) witness: Option<Arc<dyn Witness>>,
}

/// The outer layer.
pub(super) struct Outer<E> {
    manner: Manner,
    inner: E,
}

impl<E> Outer<E> {
    /// Wraps an endpoint.
    pub(super) fn new(manner: Manner, inner: E) -> Self {
        Self { manner, inner }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Outer<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let id = self.manner.ids.v4().to_string();
        let method = request.method().clone();
        let style = Style::of(request.uri().path());
        let origin = self.origin(request.headers());
        let matched = Matched::default();
        request.set_data(matched.clone());

        let preflight = method == Method::OPTIONS
            && request
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let unread = has_body(request.headers());
        let mut response = match preflight {
            true => Response::builder().status(StatusCode::NO_CONTENT).finish(),
            false => self.answer(request, style).await,
        };
        if let (Some(witness), Some(operation)) = (&self.manner.witness, matched.0.get()) {
            response = witnessed(witness.as_ref(), operation, response).await;
        }
        self.head(response.headers_mut(), origin.as_ref(), preflight, &id);
        if unread && REFUSED_UNREAD.contains(&response.status()) {
            // The connection ends with a body that nobody read; the client must not wait on it.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        tracing::info!(
            request = %id,
            %method,
            operation = matched.0.get().map_or("-", String::as_str),
            status = response.status().as_u16(),
            ms = started.elapsed().as_millis(),
            "answered"
        );
        Ok(response)
    }
}

async fn witnessed(witness: &dyn Witness, operation: &str, response: Response) -> Response {
    let is_json = response
        .content_type()
        .is_some_and(|kind| kind.starts_with("application/json") || kind.contains("+json"));
    if !is_json {
        return response;
    }
    let (head, body) = response.into_parts();
    let body = body.into_bytes().await.unwrap_or_default();
    match witness.see(operation, head.status.as_u16(), &body) {
        Ok(()) => Response::from_parts(head, body.into()),
        Err(fault) => Response::builder()
            .status(StatusCode::INTERNAL_SERVER_ERROR)
            .body(fault),
    }
}

impl<E: Endpoint<Output = Response>> Outer<E> {
    /// The inner answer, whatever goes wrong on the way.
    async fn answer(&self, request: Request, style: Style) -> Response {
        let inner = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        let outcome = match tokio::time::timeout(self.manner.timeout, inner).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(Refusal::broken("a handler panicked").into()),
            Err(_) => Err(Refusal::Unavailable(
                "This took too long and was given up; try again.".to_owned(),
            )
            .into()),
        };
        outcome.unwrap_or_else(|error| render(&error, style, self.manner.debug))
    }

    /// The request's origin, if its pages may call.
    fn origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        let text = origin.to_str().ok()?;
        self.manner
            .origins
            .iter()
            .any(|known| known == text)
            .then(|| origin.clone())
    }

    fn head(
        &self,
        headers: &mut HeaderMap,
        origin: Option<&HeaderValue>,
        preflight: bool,
        id: &str,
    ) {
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if !self.manner.origins.is_empty() {
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        let Some(origin) = origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id"),
        );
        if preflight {
            headers.insert(
                ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("DELETE, GET, OPTIONS, PATCH, POST, PUT"),
            );
            headers.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static(
                    "accept, authorization, content-type, idempotency-key, if-match, if-none-match, \
                     last-event-id, user-agent, x-csrftoken, x-requested-with",
                ),
            );
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
    }
}
