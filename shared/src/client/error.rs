//! What can go wrong between this program and the server, in words for the person in front of it.

use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde::Deserialize;
use uuid::Uuid;

use crate::desk::patients::Duplicate;
use crate::{FieldErrors, Reason};

/// A call that did not end well. `Display` is one sentence for a person.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Not an http(s) address.
    #[error("“{0}” is not a server address; it looks like http://127.0.0.1:8000.")]
    Address(String),
    /// No answer: refused, unreachable, timed out, cut off. Whether a write arrived is unknown.
    #[error("The server does not answer ({0}).")]
    Unreachable(String),
    /// There is no session, or it has ended: the password is needed.
    #[error("Your session has ended; sign in again.")]
    SignedOut,
    /// The server refused, and said why.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// An answer this client does not understand.
    #[error("The server answered something this program does not understand ({0}).")]
    Garbled(String),
}

/// The server's refusal (API.md §1, "Errors").
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs; empty where the server gave none.
    pub code: String,
    /// One sentence.
    pub detail: String,
    /// For validation: the faulty fields.
    pub fields: FieldErrors,
    /// For a time that can't be booked: everything in the way.
    pub reasons: Vec<Reason>,
    /// For a new person who may have a record already: these, likeliest first.
    pub candidates: Vec<Duplicate>,
    /// For a record that was merged: the one that took it in (404 `merged`).
    pub merged_into: Option<Uuid>,
    /// How long to wait before the next try (429, 503).
    pub retry_after: Option<Duration>,
}

impl Error {
    /// The refusal, if the server refused.
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            Error::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        self.refused().map(|refused| refused.status)
    }

    pub(crate) async fn from_answer(answer: Response) -> Self {
        let status = answer.status();
        let retry_after = answer
            .headers()
            .get(reqwest::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let body = answer.text().await.unwrap_or_default();
        Error::Refused(Box::new(Refused {
            retry_after,
            ..Refused::read(status, &body)
        }))
    }
}

impl Refused {
    /// Reads a problem (v1, desk), a `{"detail"}` (classic) or a classic field list.
    fn read(status: StatusCode, body: &str) -> Self {
        #[derive(Deserialize)]
        struct Known {
            detail: String,
            #[serde(default)]
            code: String,
            #[serde(default)]
            errors: FieldErrors,
            #[serde(default)]
            reasons: Vec<Reason>,
            #[serde(default)]
            candidates: Vec<Duplicate>,
            #[serde(default)]
            merged_into: Option<Uuid>,
        }
        let words = status.canonical_reason().unwrap_or("Refused");
        let mut refused = Refused {
            status: status.as_u16(),
            code: String::new(),
            detail: format!("The server answered {} {words}.", status.as_u16()),
            fields: FieldErrors::default(),
            reasons: Vec::new(),
            candidates: Vec::new(),
            merged_into: None,
            retry_after: None,
        };
        if let Ok(known) = serde_json::from_str::<Known>(body) {
            refused.detail = known.detail;
            refused.code = known.code;
            refused.fields = known.errors;
            refused.reasons = known.reasons;
            refused.candidates = known.candidates;
            refused.merged_into = known.merged_into;
        } else if let Ok(fields) = serde_json::from_str::<FieldErrors>(body) {
            if let Some((field, messages)) = fields.0.iter().next() {
                let message = messages.first().map_or("", String::as_str);
                refused.detail = match field.as_str() {
                    FieldErrors::CROSS_FIELD => message.to_owned(),
                    _ => format!("{field}: {message}"),
                };
            }
            refused.fields = fields;
        }
        refused
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        if error.is_decode() {
            return Error::Garbled("its body is not what the document promises".to_owned());
        }
        let why = if error.is_timeout() {
            "it took too long"
        } else if error.is_connect() {
            "nothing is listening there"
        } else {
            "the connection broke"
        };
        Error::Unreachable(why.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_code_and_fields() {
        let refused = Refused::read(
            StatusCode::BAD_REQUEST,
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"Two fields are faulty.","code":"invalid","errors":{"phone":["Too long."]}}"#,
        );
        assert_eq!(refused.code, "invalid");
        assert_eq!(refused.fields.first("phone"), Some("Too long."));
    }

    #[test]
    fn a_merged_record_says_which_one_took_it_in() {
        let refused = Refused::read(
            StatusCode::NOT_FOUND,
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"This record was merged into P-000007.","code":"merged","merged_into":"00000000-0000-0000-0000-000000000007"}"#,
        );
        assert_eq!(refused.merged_into, Some(Uuid::from_u128(7)));
    }

    #[test]
    fn a_classic_field_list_becomes_a_sentence() {
        let refused = Refused::read(StatusCode::BAD_REQUEST, r#"{"phone":["Too long."]}"#);
        assert_eq!(refused.detail, "phone: Too long.");
        assert_eq!(refused.fields.first("phone"), Some("Too long."));
    }

    #[test]
    fn a_page_of_html_still_names_the_status() {
        let refused = Refused::read(StatusCode::BAD_GATEWAY, "<html>");
        assert_eq!(refused.detail, "The server answered 502 Bad Gateway.");
    }
}
