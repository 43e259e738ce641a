//! Pictures: `/media/{kind}/{year}/{name}`. Public ones for everybody, private ones by a signed
//! link that expires (API.md §1 "Images").

use chrono::TimeDelta;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::call::Call;
use crate::clinic::{Answer, Clinic, Refusal, pictures};
use crate::infra::media::{Key, Kind};

/// How long a signed link works.
const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(15);

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
    /// owner or of staff.
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
    ) -> Answer<Picture> {
        let missing = || Refusal::Missing("Picture");
        let key: Key = format!("{}/{}/{}", *kind, *year, *name)
            .parse()
            .map_err(|_| missing())?;
        let exp = exp.as_deref().and_then(|exp| exp.parse().ok()).unwrap_or(0);
        let sig = sig.as_deref().unwrap_or_default();
        let signed = clinic
            .signer
            .verify(&key, exp, sig, clinic.clock.now())
            .is_ok();
        let (bytes, content_type) = pictures::show(&clinic, &call.who, &key, signed).await?;
        Ok(Picture {
            bytes,
            content_type,
            kind: key.kind(),
        })
    }
}

/// A picture's bytes.
pub(super) struct Picture {
    bytes: bytes::Bytes,
    content_type: &'static str,
    kind: Kind,
}

impl IntoResponse for Picture {
    fn into_response(self) -> Response {
        let cache = match self.kind {
            Kind::Public => "public, max-age=31536000, immutable",
            Kind::Private => "private, no-store",
        };
        Response::builder()
            .content_type(self.content_type)
            .header(CACHE_CONTROL, cache)
            .header(CONTENT_DISPOSITION, "inline")
            .header("content-security-policy", "default-src 'none'")
            .body(self.bytes)
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
        let response = MetaResponse {
            description: "The picture.",
            status: Some(200),
            status_range: None,
            content: content.collect(),
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}
