//! What the gate hands to every handler beside the request's own parts.

use poem::http::Uri;

use crate::clinic::Actor;
use crate::infra::redis::Asking;

/// Who calls, and how this server is reached.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// Who asks.
    pub(super) who: Actor,
    /// Scheme and host for absolute URLs, without a slash at the end.
    pub(super) base: String,
    /// Path and query as the client sent them.
    pub(super) uri: Uri,
    /// This request's way to what the servers share.
    pub(super) asking: Asking,
}

impl Call {
    /// An absolute URL of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The same call without one query parameter.
    pub(super) fn without(&self, parameter: &str) -> Self {
        let query = self.uri.query().unwrap_or_default();
        let kept: Vec<&str> = query
            .split('&')
            .filter(|part| part.split('=').next() != Some(parameter))
            .collect();
        let text = match kept.join("&") {
            query if query.is_empty() => self.uri.path().to_owned(),
            query => format!("{}?{query}", self.uri.path()),
        };
        Self {
            uri: text.parse().unwrap_or_else(|_| self.uri.clone()),
            ..self.clone()
        }
    }
}
