//! A bucket as a store: over TLS, with patience for a few seconds only.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::place::Bucket;
use super::{Format, Key, MediaError, path};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long one request may take: the largest picture over a slow line.
const REQUEST: Duration = Duration::from_secs(8);
/// After this long nothing is tried again.
const RETRY: Duration = Duration::from_secs(3);
/// How often a request that was not answered is tried again at most.
const RETRIES: usize = 2;
/// How long a link into the bucket works: as long as following a redirect takes.
const LINK: Duration = Duration::from_secs(60);

/// An opened bucket.
pub(super) struct Opened {
    /// For the server.
    pub(super) store: Arc<dyn ObjectStore>,
    /// For links that clients follow.
    pub(super) links: Option<Links>,
}

/// Makes links into the bucket for those who can reach it.
#[derive(Debug, Clone)]
pub(super) struct Links(Arc<PrefixStore<AmazonS3>>);

impl Links {
    /// A link that gives out one picture, for a minute, to whoever has it.
    pub(super) async fn to(&self, key: &Key) -> Result<String, MediaError> {
        let options =
            SignedUrlOptions::new().with_query([("response-cache-control", "private, no-store")]);
        let url = self
            .0
            .signed_url_opts(Method::GET, &path(key), LINK, &options)
            .await?;
        Ok(url.into())
    }
}

/// Opens a bucket. Nothing is asked of it yet.
pub(super) fn open(bucket: &Bucket) -> object_store::Result<Opened> {
    let store = reached(bucket, bucket.service.endpoint.as_deref())?;
    let links = match bucket.service.public_endpoint.as_deref() {
        None => None,
        Some(endpoint) => Some(Links(Arc::new(reached(bucket, Some(endpoint))?))),
    };
    Ok(Opened {
        store: Arc::new(store),
        links,
    })
}

/// The bucket by way of this address.
fn reached(bucket: &Bucket, endpoint: Option<&str>) -> object_store::Result<PrefixStore<AmazonS3>> {
    let mut client = ClientOptions::new()
        .with_connect_timeout(CONNECT)
        .with_timeout(REQUEST)
        // The settings say where clear text is allowed.
        .with_allow_http(endpoint.is_some_and(|url| url.starts_with("http://")));
    for format in Format::ALL {
        client = client.with_content_type_for_suffix(format.extension(), format.content_type());
    }
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.service.region)
        .with_access_key_id(&bucket.credentials.key_id)
        .with_secret_access_key(&bucket.credentials.secret)
        // `https://host/bucket/…`: the one form that every such service knows.
        .with_virtual_hosted_style_request(false)
        // We delete one at a time, and not every such service can do more.
        .with_disable_bulk_delete(true)
        .with_client_options(client)
        .with_retry(RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: RETRIES,
            retry_timeout: RETRY,
        });
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    Ok(PrefixStore::new(
        builder.build()?,
        Path::from(bucket.prefix.as_str()),
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::place::Credentials;
    use super::super::{Media, Place, S3};
    use super::*;
    use crate::infra::{Clock, Ids};

    /// A bucket at this address.
    fn media(endpoint: String) -> Media {
        let service = S3 {
            endpoint: Some(endpoint),
            public_endpoint: None,
            region: "us-east-1".to_owned(),
            credentials: Some(Credentials {
                key_id: "ID".to_owned(),
                secret: "hush".to_owned(),
            }),
        };
        let place = Place::parse("s3://clinic/x", &service).unwrap();
        Media::open(&place, Clock::system(), Ids::system()).unwrap()
    }

    #[tokio::test]
    async fn a_service_that_takes_calls_and_says_nothing_is_given_up() {
        let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = mute.local_addr().unwrap();
        let taken = tokio::spawn(async move {
            let mut calls = Vec::new();
            while let Ok(call) = mute.accept().await {
                calls.push(call);
            }
        });
        let begun = Instant::now();
        let error = media(format!("http://{address}")).check().await;
        assert!(matches!(error, Err(MediaError::Away(_))), "{error:?}");
        assert!(begun.elapsed() < REQUEST * 2, "{:?}", begun.elapsed());
        taken.abort();
    }

    #[tokio::test]
    async fn a_service_that_is_not_there_is_given_up_at_once() {
        let begun = Instant::now();
        let error = media("http://127.0.0.1:1".to_owned()).check().await;
        let Err(MediaError::Away(cause)) = error else {
            panic!("{error:?}");
        };
        assert!(!format!("{cause:?} {cause}").contains("hush"));
        assert!(begun.elapsed() < REQUEST, "{:?}", begun.elapsed());
    }
}
