//! A place of its own for each test in a bucket of a real S3 service, when `TEST_S3_ENDPOINT` and
//! what belongs to it name one (`scripts/with-s3`). Without it these tests print that they were
//! skipped; with `REQUIRE_S3=1` they fail instead.

use std::sync::atomic::{AtomicU32, Ordering};

use clinic_server::infra::media::{Credentials, Media, Place, S3};
use clinic_server::infra::{Clock, Ids};

/// The settings of one test's part of the bucket.
#[derive(Clone)]
pub struct TestS3 {
    /// Where the service listens.
    pub endpoint: String,
    /// `s3://bucket/prefix`.
    pub root: String,
    /// Who asks.
    pub key_id: String,
    /// Their secret.
    pub secret: String,
}

impl TestS3 {
    /// A fresh one, if there is a service for tests.
    pub fn fresh() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let text = |name| std::env::var_os(name).and_then(|value| value.into_string().ok());
        let given = |name| text(name).filter(|value| !value.is_empty());
        let Some(endpoint) = given("TEST_S3_ENDPOINT") else {
            let required = text("REQUIRE_S3").is_some_and(|value| value == "1");
            assert!(!required, "REQUIRE_S3=1, but TEST_S3_ENDPOINT is not set");
            println!("skipped: TEST_S3_ENDPOINT is not set");
            return None;
        };
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let bucket = given("TEST_S3_BUCKET").expect("TEST_S3_BUCKET");
        Some(Self {
            endpoint,
            root: format!("s3://{bucket}/{}/{next}", Ids::system().v4()),
            key_id: given("TEST_S3_KEY_ID").expect("TEST_S3_KEY_ID"),
            secret: given("TEST_S3_SECRET").expect("TEST_S3_SECRET"),
        })
    }

    /// As settings of a server.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("MEDIA_ROOT", &self.root),
            ("S3_ENDPOINT", &self.endpoint),
            ("AWS_ACCESS_KEY_ID", &self.key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.secret),
        ]
    }

    /// As a store beside the server's.
    pub fn media(&self) -> Media {
        let service = S3 {
            endpoint: Some(self.endpoint.clone()),
            public_endpoint: None,
            region: "us-east-1".to_owned(),
            credentials: Some(Credentials {
                key_id: self.key_id.clone(),
                secret: self.secret.clone(),
            }),
        };
        let place = Place::parse(&self.root, &service).unwrap();
        Media::open(&place, Clock::system(), Ids::system()).unwrap()
    }
}
