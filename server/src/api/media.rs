//! Pictures: `/media/{kind}/{year}/{name}`. Public ones for everybody, private ones by a signed
//! link that expires (API.md §1 "Images").

use chrono::TimeDelta;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, LOCATION, REFERRER_POLICY};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::cached::has;
use super::call::Call;
use crate::clinic::pictures::Shown;
use crate::clinic::{Answer, Clinic, Refusal, pictures};
use crate::infra::media::{Key, Kind};

/// How long a signed link works.
const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// A public picture never changes: another one has another name.
const FOR_EVERYBODY: &str = "public, max-age=31536000, immutable";
/// A private one is kept by nobody.
const FOR_ONE: &str = "private, no-store";

/// The absolute URL of a picture: signed for a private one. Expiry is rounded up to the next five
/// minutes, so that an unchanged record keeps its link for a while.
pub(super) fn picture_url(clinic: &Clinic, call: &Call, key: &str) -> String {
    let url = call.url(&format!("/media/{key}"));
    let Ok(key) = key.parse::<Key>() else {
        return url;
    };
    if key.kind() == Kind::Public {
        return url;
    }
    let until = clinic.clock.now() + LINK_LIFETIME;
    let rounded = until.timestamp() - until.timestamp().rem_euclid(300) + 300;
    let until = chrono::DateTime::from_timestamp(rounded, 0).unwrap_or(until);
    format!("{url}?{}", clinic.signer.sign(&key, until))
}

pub(super) struct Api;

#[OpenApi(tag = "Tag::Media")]
impl Api {
    /// Get a picture
    ///
    /// A private one needs the `exp` and `sig` of a link that the API made, or the bearer of its
    /// owner or of staff. It may be answered by 307: the picture is then fetched from the storage
    /// itself, at once and without the bearer.
    #[oai(
        path = "/media/:kind/:year/:name",
        method = "get",
        operation_id = "get_media"
    )]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        kind: Path<String>,
        year: Path<String>,
        name: Path<String>,
        /// When the link stops working (Unix seconds).
        exp: Query<Option<String>>,
        /// The link's signature.
        sig: Query<Option<String>>,
        /// The `ETag` of the public picture that the caller has: 304 if it is still there.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Picture> {
        let missing = || Refusal::Missing("Picture");
        let key: Key = format!("{}/{}/{}", *kind, *year, *name)
            .parse()
            .map_err(|_| missing())?;
        let etag = format!("\"{}\"", *name);
        let has_it = if_none_match
            .as_deref()
            .is_some_and(|tags| has(tags, &etag));
        if has_it && key.kind() == Kind::Public && pictures::is_kept(&clinic, &key).await? {
            return Ok(Picture::Known { etag });
        }
        let exp = exp.as_deref().and_then(|exp| exp.parse().ok()).unwrap_or(0);
        let sig = sig.as_deref().unwrap_or_default();
        let signed = clinic
            .signer
            .verify(&key, exp, sig, clinic.clock.now())
            .is_ok();
        let shown = pictures::show(&clinic, &call.who, &key, signed).await?;
        Ok(match shown {
            Shown::Here(bytes, content_type) => Picture::Here {
                bytes,
                content_type,
                etag: (key.kind() == Kind::Public).then_some(etag),
            },
            Shown::There(link) => Picture::There { link },
        })
    }
}

/// A picture's bytes, or where they are.
pub(super) enum Picture {
    /// 200.
    Here {
        bytes: bytes::Bytes,
        content_type: &'static str,
        /// A public one's.
        etag: Option<String>,
    },
    /// 304: the caller has this public one.
    Known { etag: String },
    /// 307.
    There { link: String },
}

impl IntoResponse for Picture {
    fn into_response(self) -> Response {
        match self {
            Picture::Here {
                bytes,
                content_type,
                etag,
            } => {
                let response = Response::builder()
                    .content_type(content_type)
                    .header(CONTENT_DISPOSITION, "inline")
                    .header("content-security-policy", "default-src 'none'");
                match etag {
                    Some(etag) => response
                        .header(CACHE_CONTROL, FOR_EVERYBODY)
                        .header(ETAG, etag),
                    None => response.header(CACHE_CONTROL, FOR_ONE),
                }
                .body(bytes)
            }
            Picture::Known { etag } => Response::builder()
                .status(StatusCode::NOT_MODIFIED)
                .header(CACHE_CONTROL, FOR_EVERYBODY)
                .header(ETAG, etag)
                .finish(),
            Picture::There { link } => Response::builder()
                .status(StatusCode::TEMPORARY_REDIRECT)
                .header(CACHE_CONTROL, FOR_ONE)
                .header(REFERRER_POLICY, "no-referrer")
                .header(LOCATION, link)
                .finish(),
        }
    }
}

impl ApiResponse for Picture {
    fn meta() -> MetaResponses {
        let binary = MetaSchema {
            format: Some("binary"),
            ..MetaSchema::new("string")
        };
        let types = ["image/png", "image/jpeg", "image/webp", "image/gif"];
        let content = types.into_iter().map(|content_type| MetaMediaType {
            content_type,
            schema: MetaSchemaRef::Inline(Box::new(binary.clone())),
        });
        let answer = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        let kept = || header("Cache-Control", "How long it may be kept.", true);
        let tag = |always| {
            let says = "Of a public picture, for `If-None-Match` of the next time.";
            header("ETag", says, always)
        };
        let link = header("Location", "Where to fetch it within a minute.", true);
        MetaResponses {
            responses: vec![
                answer(
                    200,
                    "The picture.",
                    content.collect(),
                    vec![kept(), tag(false)],
                ),
                answer(
                    304,
                    "The caller has it already.",
                    Vec::new(),
                    vec![kept(), tag(true)],
                ),
                answer(
                    307,
                    "The storage gives it out.",
                    Vec::new(),
                    vec![kept(), link],
                ),
            ],
        }
    }

    fn register(_: &mut Registry) {}
}

/// A header that is text.
fn header(name: &str, says: &str, always: bool) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(says.to_owned()),
        required: always,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    }
}
