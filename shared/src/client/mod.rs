//! The typed client: what the terminal calls, and the server's own HTTP tests.
//!
//! [`Client`] is cheap to clone; clones share one connection pool and one pair of tokens. A
//! request that is answered 401 refreshes the access token once (callers that hit it together
//! share that refresh) and is sent again; when the refresh is refused too, the error is
//! [`Error::SignedOut`] and the caller asks for the password.

mod account;
mod appointments;
mod audit;
mod availability;
mod contacts;
mod decisions;
mod desk;
mod error;
mod events;
mod merging;
mod queue;
mod reports;
mod session;
mod users;
mod v1;
mod waitlist;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use appointments::{Plain, PracticeQuery};
pub use audit::AuditQuery;
pub use availability::{DatesQuery, Off, SlotQuery};
pub use contacts::ContactQuery;
pub use decisions::DecisionQuery;
pub use desk::{AppointmentQuery, DoctorQuery, PatientQuery};
pub use error::{Error, Refused};
pub use events::{Events, Told};
pub use queue::BoardQuery;
pub use reqwest;
pub use session::{Keeper, SignedIn};
pub use users::UserQuery;
pub use v1::{PageQuery, PublicDoctorQuery, Terms};
pub use waitlist::{OpenTimeQuery, WaitingQuery};

use crate::classic::accounts::Tokens;

/// What every call answers.
pub type Result<T> = std::result::Result<T, Error>;

/// An object with the `ETag` that its update sends back as `If-Match`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged<T> {
    /// The object.
    pub value: T,
    /// Its `ETag`, if the server sent one.
    pub etag: Option<String>,
}

/// The `ETag` of an object whose version is known.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// A connection to one server.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Sent with each request ([`Client::under_key`]).
    key: Option<Arc<str>>,
}

struct Inner {
    base: Url,
    http: reqwest::Client,
    tokens: std::sync::RwLock<Option<Tokens>>,
    /// Whether the session is known to be classic's: it is asked to refresh first.
    is_classic: AtomicBool,
    keeper: std::sync::RwLock<Option<Arc<dyn Keeper>>>,
    /// Held while refreshing, so that callers who hit 401 together refresh once.
    refreshing: tokio::sync::Mutex<()>,
}

impl Client {
    /// A client for the server at `base` (`http://127.0.0.1:8000`).
    ///
    /// # Errors
    /// [`Error::Address`] if `base` is no http(s) URL.
    pub fn new(base: &str) -> Result<Self> {
        let base = base.trim_end_matches('/');
        let url = Url::parse(&format!("{base}/"))
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| Error::Address(base.to_owned()))?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("clinic/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::from)?;
        Ok(Self {
            inner: Arc::new(Inner {
                base: url,
                http,
                tokens: std::sync::RwLock::default(),
                is_classic: AtomicBool::new(false),
                keeper: std::sync::RwLock::default(),
                refreshing: tokio::sync::Mutex::default(),
            }),
            key: None,
        })
    }

    /// This client for one write under an `Idempotency-Key` of the caller's own: however often it
    /// is sent, the server does it once. When the connection breaks it is sent once more. Take
    /// another key for the next write.
    #[must_use]
    pub fn under_key(&self, key: &str) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            key: Some(key.into()),
        }
    }

    /// The server's address.
    pub fn base(&self) -> &Url {
        &self.inner.base
    }

    /// The tokens in use.
    pub fn tokens(&self) -> Option<Tokens> {
        self.inner
            .tokens
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Uses these tokens from now on, or none.
    pub fn set_tokens(&self, tokens: Option<Tokens>) {
        *self
            .inner
            .tokens
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = tokens;
    }

    /// A request to a path of this server, without credentials: what tests build odd calls on.
    ///
    /// # Errors
    /// [`Error::Address`] if `path` makes no URL.
    pub fn request(&self, method: Method, path: &str) -> Result<RequestBuilder> {
        let url = self
            .inner
            .base
            .join(path.trim_start_matches('/'))
            .map_err(|_| Error::Address(path.to_owned()))?;
        Ok(self.inner.http.request(method, url))
    }

    /// Sends a request with the bearer, refreshing it once if it has run out.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if there is no session left; otherwise what [`Error`] lists.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let request = match &self.key {
            Some(key) => request.header("Idempotency-Key", &**key),
            None => request,
        };
        let again = request.try_clone();
        let Some(tokens) = self.tokens() else {
            return Err(Error::SignedOut);
        };
        let answer = match (request.bearer_auth(&tokens.access).send().await, &again) {
            // Whether it arrived is unknown; under a key that does not matter.
            (Err(error), Some(again)) if self.key.is_some() && !error.is_builder() => {
                let Some(again) = again.try_clone() else {
                    return Err(error.into());
                };
                again.bearer_auth(&tokens.access).send().await?
            }
            (answer, _) => answer?,
        };
        if answer.status() != StatusCode::UNAUTHORIZED {
            return checked(answer).await;
        }
        let Some(again) = again else {
            return checked(answer).await;
        };
        let access = self.refresh_once(&tokens.access).await?;
        let answer = again.bearer_auth(access).send().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Err(Error::SignedOut);
        }
        checked(answer).await
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<T> {
        let request = self.request(Method::GET, path)?.query(query);
        Ok(self.send(request).await?.json().await?)
    }

    /// Sends a body, with the `ETag` that must still be the current one.
    pub(crate) async fn changed<T: serde::de::DeserializeOwned>(
        &self,
        (method, path): (Method, String),
        body: &impl Serialize,
        etag: Option<&str>,
    ) -> Result<Tagged<T>> {
        let mut request = self.request(method, &path)?.json(body);
        if let Some(etag) = etag {
            request = request.header(reqwest::header::IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T> {
        let request = self.request(method, path)?.json(body);
        Ok(self.send(request).await?.json().await?)
    }
}

/// Turns an error status into an [`Error`] that carries what the server said.
pub(crate) async fn checked(answer: Response) -> Result<Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    Err(Error::from_answer(answer).await)
}

pub(crate) async fn tagged<T: DeserializeOwned>(answer: Response) -> Result<Tagged<T>> {
    let etag = answer
        .headers()
        .get(reqwest::header::ETAG)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    Ok(Tagged {
        value: answer.json().await?,
        etag,
    })
}
