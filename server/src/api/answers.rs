//! What handlers answer: JSON by serde, described to the document by the type's schema.

use std::marker::PhantomData;

use poem::http::header::{ETAG, LOCATION};
use poem::http::{HeaderValue, StatusCode};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use serde::Serialize;

/// 200 with a JSON body.
pub(super) struct Shown<T>(pub(super) T);

/// 200 with a JSON body that is written already.
pub(super) struct Written<T> {
    body: Vec<u8>,
    of: PhantomData<fn() -> T>,
}

impl<T> Written<T> {
    /// The JSON of a `T`.
    pub(super) const fn of(body: Vec<u8>) -> Self {
        Self {
            body,
            of: PhantomData,
        }
    }
}

/// 200 with a JSON body and its `ETag`.
pub(super) struct Tagged<T> {
    /// The body.
    pub(super) value: T,
    /// The version the tag is made of.
    pub(super) version: i64,
}

/// 201 with the made object and its `Location`.
pub(super) struct Created<T> {
    /// The body.
    pub(super) value: T,
    /// Path of the new object.
    pub(super) location: String,
    /// The version the `ETag` is made of, where the object carries one.
    pub(super) version: Option<i64>,
}

/// 204.
pub(super) struct Gone;

/// The `ETag` of a version.
pub(super) fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The versions that `If-Match` names, one of which must be the current one: none if it is absent
/// or `*`. A tag that is none of ours matches nothing (RFC 9110 §13.1.1).
pub(super) fn expected_versions(if_match: Option<&str>) -> Option<Vec<i64>> {
    let tags = if_match.map(str::trim).filter(|tags| *tags != "*")?;
    let version = |tag: &str| {
        tag.trim()
            .strip_prefix("\"v")?
            .strip_suffix('"')?
            .parse()
            .ok()
    };
    Some(tags.split(',').filter_map(version).collect())
}

impl<T: Serialize + Send> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl<T: Send> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        written(StatusCode::OK, self.body)
    }
}

impl<T: Serialize + Send> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::OK, &self.value);
        set(&mut response, ETAG, &etag(self.version));
        response
    }
}

impl<T: Serialize + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::CREATED, &self.value);
        set(&mut response, LOCATION, &self.location);
        if let Some(version) = self.version {
            set(&mut response, ETAG, &etag(version));
        }
        response
    }
}

impl IntoResponse for Gone {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => written(status, body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn written(status: StatusCode, body: Vec<u8>) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(body)
}

fn set(response: &mut Response, name: poem::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

impl<T: Type> ApiResponse for Shown<T> {
    fn meta() -> MetaResponses {
        meta::<T>(200, "Done.", &[])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> ApiResponse for Written<T> {
    fn meta() -> MetaResponses {
        Shown::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> ApiResponse for Tagged<T> {
    fn meta() -> MetaResponses {
        meta::<T>(
            200,
            "Done.",
            &[("ETag", "For `If-Match` of the next change.")],
        )
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        meta::<T>(201, "Made.", &[("Location", "Where the new object is.")])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl ApiResponse for Gone {
    fn meta() -> MetaResponses {
        let response = MetaResponse {
            description: "Done; there is nothing to show.",
            status: Some(204),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}

/// One answer with a JSON body, for the document.
pub(super) fn meta<T: Type>(
    status: u16,
    description: &'static str,
    headers: &[(&str, &str)],
) -> MetaResponses {
    let text = || MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")));
    let headers = headers.iter().map(|(name, description)| MetaHeader {
        name: (*name).to_owned(),
        description: Some((*description).to_owned()),
        required: true,
        deprecated: false,
        schema: text(),
    });
    let content = MetaMediaType {
        content_type: "application/json",
        schema: T::schema_ref(),
    };
    let response = MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![content],
        headers: headers.collect(),
    };
    MetaResponses {
        responses: vec![response],
    }
}
