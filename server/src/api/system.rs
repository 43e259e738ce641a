//! What is beside the API: `/`, `/docs`, `/openapi.json`, `/health`, `/ready`.

use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};

use super::errors::NotAllowed;
use crate::clinic::Clinic;
use crate::infra::redis::Redis;

/// The system's pages, and the gated API behind them.
pub(super) struct System<E> {
    clinic: Clinic,
    redis: Redis,
    document: String,
    docs: String,
    inner: E,
}

/// Puts the system's pages beside an endpoint.
pub(super) fn with_system_pages<E: Endpoint<Output = Response>>(
    clinic: Clinic,
    redis: Redis,
    document: &Value,
    docs: String,
    inner: E,
) -> System<E> {
    System {
        clinic,
        redis,
        document: document.to_string(),
        docs,
        inner,
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for System<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        let page = match path {
            "/" => Page::Root,
            "/docs" | "/docs/" => Page::Docs,
            "/openapi.json" => Page::Document,
            "/health" | "/health/" => Page::Health,
            "/ready" | "/ready/" => Page::Ready,
            _ => return self.inner.call(request).await,
        };
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let allow = "GET, HEAD".to_owned();
            return Err(NotAllowed {
                method: request.method().clone(),
                allow,
            }
            .into());
        }
        Ok(self.show(page).await)
    }
}

enum Page {
    Root,
    Docs,
    Document,
    Health,
    Ready,
}

impl<E> System<E> {
    async fn show(&self, page: Page) -> Response {
        match page {
            Page::Root => json_answer(
                StatusCode::OK,
                &json!({
                    "name": self.clinic.name,
                    "version": env!("CARGO_PKG_VERSION"),
                    "openapi": "/openapi.json",
                    "docs": "/docs",
                }),
            ),
            Page::Docs => Response::builder()
                .content_type("text/html; charset=utf-8")
                .body(self.docs.clone()),
            Page::Document => Response::builder()
                .content_type("application/json")
                .body(self.document.clone()),
            Page::Health => json_answer(StatusCode::OK, &self.health()),
            Page::Ready => match self.database_answers().await {
                true => json_answer(StatusCode::OK, &json!({ "status": "ready" })),
                false => json_answer(
                    StatusCode::SERVICE_UNAVAILABLE,
                    &json!({ "status": "the database does not answer" }),
                ),
            },
        }
    }

    /// Whether the process lives. A Redis that is away is told, and is no reason to restart anything.
    fn health(&self) -> Value {
        match self.redis.standing() {
            None => json!({ "status": "ok" }),
            Some(standing) => json!({ "status": "ok", "redis": standing.as_str() }),
        }
    }

    async fn database_answers(&self) -> bool {
        crate::store::health::answers(&self.clinic.db).await
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(body.to_string())
}
