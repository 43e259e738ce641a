//! One error type, rendered twice: as classic's `{"detail"}` or field lists, and as
//! `application/problem+json` on v1 and desk (API.md §1).

use clinic_shared::desk::patients::Duplicate;
use clinic_shared::{FieldErrors, Problem, Reason};
use poem::error::{NotFoundError, ResponseError};
use poem::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use poem::http::{HeaderValue, Method, StatusCode};
use poem::{Error, Response};
use poem_openapi::ApiResponse;
use poem_openapi::error::{ParseParamError, ParsePathError};
use poem_openapi::registry::{MetaResponses, Registry};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clinic::{Obstacle, Refusal};

/// A body that can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    /// 400, or 413: read, but refused.
    #[error(transparent)]
    Refused(Refusal),
    /// 415.
    #[error("Unsupported media type \"{0}\" in request.")]
    MediaType(String),
    /// 400.
    #[error("JSON parse error - {0}")]
    Json(String),
    /// 400.
    #[error("Multipart form parse error - {0}")]
    Form(String),
    /// 400: the connection ended in the middle.
    #[error("The body ended early; send it again.")]
    Broken,
}

impl ResponseError for BodyError {
    fn status(&self) -> StatusCode {
        match self {
            BodyError::Refused(refusal) => refusal.status(),
            BodyError::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            BodyError::Json(_) | BodyError::Form(_) | BodyError::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

impl ResponseError for Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Refusal::Invalid(_) => StatusCode::BAD_REQUEST,
            Refusal::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Refusal::Forbidden { .. } => StatusCode::FORBIDDEN,
            Refusal::Missing(_) | Refusal::Merged { .. } | Refusal::InvalidPage => {
                StatusCode::NOT_FOUND
            }
            Refusal::Conflict { .. }
            | Refusal::Blocked { .. }
            | Refusal::InProgress
            | Refusal::Unbookable(_)
            | Refusal::Known(_) => StatusCode::CONFLICT,
            Refusal::Stale(_) => StatusCode::PRECONDITION_FAILED,
            Refusal::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// 405, with the methods that are there.
#[derive(Debug, thiserror::Error)]
#[error("Method \"{method}\" not allowed.")]
pub(super) struct NotAllowed {
    /// The method that is not.
    pub(super) method: Method,
    /// The `Allow` header.
    pub(super) allow: String,
}

impl ResponseError for NotAllowed {
    fn status(&self) -> StatusCode {
        StatusCode::METHOD_NOT_ALLOWED
    }
}

// Which errors an operation documents is decided by the operation, in `document`.
impl ApiResponse for Refusal {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: Vec::new(),
        }
    }

    fn register(_: &mut Registry) {}
}

/// Which rendering a path gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `{"detail"}` and field lists.
    Classic,
    /// `application/problem+json`.
    Problem,
}

impl Style {
    /// v1 and desk answer problems, everything else classic.
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/v1/") {
            Style::Problem
        } else {
            Style::Classic
        }
    }
}

/// An error on its way out.
struct Fault {
    status: StatusCode,
    code: &'static str,
    detail: String,
    fields: Option<FieldErrors>,
    reasons: Vec<Obstacle>,
    merged_into: Option<Uuid>,
    candidates: Vec<Duplicate>,
}

/// Renders an error. `debug` shows causes.
pub(super) fn render(error: &Error, style: Style, debug: bool) -> Response {
    let mut fault = Fault::of(error);
    if fault.status.is_server_error() {
        let cause = causes(error);
        tracing::error!(status = fault.status.as_u16(), %cause, "request failed");
        if debug {
            fault.detail = format!("{} [{cause}]", fault.detail);
        }
    }
    let mut response = match style {
        Style::Classic => fault.classic(),
        Style::Problem => fault.problem(),
    };
    response.set_status(fault.status);
    let headers = response.headers_mut();
    if fault.status == StatusCode::UNAUTHORIZED {
        headers.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"api\""),
        );
    }
    if let Some(not_allowed) = error.downcast_ref::<NotAllowed>()
        && let Ok(allow) = HeaderValue::from_str(&not_allowed.allow)
    {
        headers.insert(ALLOW, allow);
    }
    let wait = match error.downcast_ref::<Refusal>() {
        Some(Refusal::Throttled(wait)) => Some(wait.as_secs().max(1)),
        Some(Refusal::Unavailable(_) | Refusal::InProgress) => Some(1),
        _ => None,
    };
    if let Some(wait) = wait {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    response
}

/// The chain of causes, without what the caller sent.
fn causes(error: &Error) -> String {
    use std::error::Error as _;
    let Some(refusal) = error.downcast_ref::<Refusal>() else {
        return error.to_string();
    };
    let mut text = refusal
        .source()
        .map_or_else(|| refusal.to_string(), ToString::to_string);
    let mut source = refusal.source().and_then(std::error::Error::source);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl Fault {
    fn of(error: &Error) -> Self {
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return Self::of_refusal(refusal);
        }
        match error.downcast_ref::<BodyError>() {
            Some(BodyError::Refused(refusal)) => return Self::of_refusal(refusal),
            Some(body) => {
                let code = match body {
                    BodyError::MediaType(_) => "unsupported_media_type",
                    _ => "parse_error",
                };
                return Self::new(body.status(), code, body.to_string());
            }
            None => {}
        }
        if let Some(param) = error.downcast_ref::<ParseParamError>() {
            let message = format!("“{}” can't be used here.", param.name);
            return Self {
                fields: Some(FieldErrors::one(param.name, "Enter a valid value.")),
                ..Self::new(StatusCode::BAD_REQUEST, "invalid", message)
            };
        }
        if error.is::<ParsePathError>() || error.is::<NotFoundError>() {
            return Self::new(StatusCode::NOT_FOUND, "not_found", "Not found.".to_owned());
        }
        if let Some(not_allowed) = error.downcast_ref::<NotAllowed>() {
            return Self::new(
                not_allowed.status(),
                "method_not_allowed",
                not_allowed.to_string(),
            );
        }
        let status = error.status();
        let detail = match status.is_server_error() {
            true => "Something went wrong on the server; it was logged.".to_owned(),
            false => status.canonical_reason().unwrap_or("Refused").to_owned(),
        };
        Self::new(
            status,
            if status.is_server_error() {
                "error"
            } else {
                "refused"
            },
            detail,
        )
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        let code = match refusal {
            Refusal::Invalid(_) => "invalid",
            Refusal::Unauthenticated { code, .. }
            | Refusal::Forbidden { code, .. }
            | Refusal::Conflict { code, .. }
            | Refusal::Blocked { code, .. } => code,
            Refusal::Merged { .. } => "merged",
            Refusal::Missing(_) => "not_found",
            Refusal::InvalidPage => "invalid_page",
            Refusal::InProgress => "in_progress",
            Refusal::Unbookable(_) => "slot_unavailable",
            Refusal::Known(_) => "possible_duplicates",
            Refusal::Stale(_) => "stale",
            Refusal::TooLarge(_) => "too_large",
            Refusal::Throttled(_) => "throttled",
            Refusal::Unavailable(_) => "unavailable",
            Refusal::Broken(_) => "error",
        };
        let fields = match refusal {
            Refusal::Invalid(fields) => Some(fields.clone()),
            _ => None,
        };
        let reasons = match refusal {
            Refusal::Unbookable(reasons) | Refusal::Blocked { reasons, .. } => reasons.clone(),
            _ => Vec::new(),
        };
        let candidates = match refusal {
            Refusal::Known(candidates) => candidates.clone(),
            _ => Vec::new(),
        };
        Self {
            fields,
            reasons,
            merged_into: match refusal {
                Refusal::Merged { into, .. } => Some(*into),
                _ => None,
            },
            candidates,
            ..Self::new(refusal.status(), code, refusal.to_string())
        }
    }

    fn new(status: StatusCode, code: &'static str, detail: String) -> Self {
        Self {
            status,
            code,
            detail,
            fields: None,
            reasons: Vec::new(),
            merged_into: None,
            candidates: Vec::new(),
        }
    }

    /// `{"detail"}`, with the `code` that classic's clients know; fields stand alone. A booking's
    /// refusal is one of fields here, with the detail beside them (API.md §3 `/appointments/`).
    fn classic(&mut self) -> Response {
        if !self.reasons.is_empty() {
            self.status = StatusCode::BAD_REQUEST;
            let mut errors = FieldErrors::default();
            for reason in &self.reasons {
                errors.add(reason.field, reason.detail.clone());
            }
            let mut body: Map<String, Value> = errors
                .0
                .into_iter()
                .map(|(field, details)| (field, json!(details)))
                .collect();
            body.insert("detail".to_owned(), json!(self.detail));
            return answer("application/json", &Value::Object(body));
        }
        let body = match (&self.fields, self.code) {
            (Some(fields), _) => json!(fields),
            (None, "token_not_valid" | "login_code_required") => {
                json!({ "detail": self.detail, "code": self.code })
            }
            (None, _) => json!({ "detail": self.detail }),
        };
        answer("application/json", &body)
    }

    fn problem(&self) -> Response {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.to_owned(),
            errors: self.fields.clone().map(|fields| fields.0),
            reasons: self.reasons.iter().map(Reason::from).collect(),
            merged_into: self.merged_into,
            candidates: self.candidates.clone(),
        };
        answer("application/problem+json", &json!(problem))
    }
}

fn answer(content_type: &str, body: &Value) -> Response {
    Response::builder()
        .content_type(content_type)
        .body(body.to_string())
}
