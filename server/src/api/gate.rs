//! The gate: everything that is decided before a handler runs, from one table of operations
//! (docs/decisions/0003). Spelling of the path, method, who calls, what the role may, how often.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use poem::http::header::{ALLOW, AUTHORIZATION, HOST};
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use poem::{Endpoint, Request, Response};

use super::call::Call;
use super::errors::NotAllowed;
use super::idempotent::{self, Doing, Turns};
use super::operations::{Operations, routed, takes_key};
use crate::auth::limits::{Client, Group, Limiter, Network, client_address};
use crate::auth::policy::{self, Allowed, Rule};
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::config::is_loopback;
use crate::infra::redis::{Asking, Redis};

/// Filled by the gate with the operation's name, for the log line of the outer layer.
#[derive(Debug, Clone, Default)]
pub(super) struct Matched(pub(super) Arc<OnceLock<String>>);

/// What the gate decides by.
pub(super) struct Rules {
    /// All operations.
    pub(super) operations: Operations,
    /// The clinic, for sessions and time.
    pub(super) clinic: Clinic,
    /// Rate limits.
    pub(super) limiter: Limiter,
    /// What the servers share.
    pub(super) redis: Redis,
    /// Whose `X-Forwarded-For` is believed.
    pub(super) trusted: Vec<Network>,
    /// `PUBLIC_URL`, or none: by the Host header on loopback.
    pub(super) public_url: Option<String>,
    /// Where this server listens, when nothing better is known.
    pub(super) listen: String,
    /// Which requests with an Idempotency-Key are being done.
    pub(super) turns: Arc<Turns>,
    /// Error causes in answers.
    pub(super) debug: bool,
}

/// The gate before the handlers.
pub(super) struct Gate<E> {
    rules: Arc<Rules>,
    inner: Arc<E>,
}

impl<E> Gate<E> {
    /// Puts a gate before an endpoint.
    pub(super) fn new(rules: Arc<Rules>, inner: E) -> Self {
        Self {
            rules,
            inner: Arc::new(inner),
        }
    }
}

impl<E: Endpoint<Output = Response> + 'static> Endpoint for Gate<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let rules = &*self.rules;
        if let Some(readable) = readable(request.uri()) {
            *request.uri_mut() = readable;
        }
        let uri = request.uri().clone();
        let Some(template) = rules.operations.find(uri.path()) else {
            return Err(poem::error::NotFoundError.into());
        };
        if request.method() == Method::OPTIONS {
            return Ok(options(&template.allow()));
        }
        let Some(operation) = template.operation(request.method()) else {
            return Err(NotAllowed {
                method: request.method().clone(),
                allow: template.allow(),
            }
            .into());
        };
        if let Some(Matched(name)) = request.data::<Matched>() {
            let _ = name.set(operation.to_owned());
        }
        let rule = policy::rule_of(operation);
        let asking = rules.redis.asking();
        let who = rules.admit(rule, &request, &asking).await?;
        let key = match takes_key(uri.path(), request.method(), operation) {
            true => idempotent::key(request.headers())?,
            false => None,
        };
        *request.uri_mut() = with_path(&uri, routed(uri.path()));
        let asked = request.uri().to_string();
        let caller = who.clone();
        request.set_data(Call {
            who,
            base: rules.base(request.headers()),
            uri,
            asking,
        });
        let inner = Arc::clone(&self.inner);
        match key {
            None => inner.call(request).await,
            Some(key) => {
                let named = (operation, key.as_str());
                rules
                    .once()
                    .once(&caller, named, &asked, request, inner)
                    .await
            }
        }
    }
}

impl Rules {
    /// What doing a request once takes.
    fn once(&self) -> Doing {
        Doing {
            clinic: self.clinic.clone(),
            turns: Arc::clone(&self.turns),
            debug: self.debug,
        }
    }

    /// Who calls, if they may.
    async fn admit(
        &self,
        rule: Option<&Rule>,
        request: &Request,
        asking: &Asking,
    ) -> Answer<Actor> {
        let address = self.address(request);
        let Some(rule) = rule else {
            return Err(Refusal::forbidden());
        };
        if rule.limit == Some(Group::Auth) {
            self.throttle(Group::Auth, Client::Address(address), asking)
                .await?;
        }
        let account = match bearer(request.headers()) {
            None => None,
            Some(token) => {
                let now = self.clinic.clock.now();
                let checked = self.clinic.sessions.authenticate(&token, now).await;
                if checked.is_err() {
                    self.throttle(Group::Public, Client::Address(address), asking)
                        .await?;
                }
                Some(checked?)
            }
        };
        let who = Actor {
            account,
            address: Some(address),
        };
        match account {
            Some(account) => {
                let group = if account.role.is_staff() {
                    Group::Staff
                } else {
                    Group::User
                };
                let group = rule.limit.unwrap_or(group);
                self.throttle(group, Client::Account(account.id), asking)
                    .await?;
            }
            None => {
                self.throttle(Group::Public, Client::Address(address), asking)
                    .await?;
            }
        }
        permit(rule, &who, request.uri().path())?;
        Ok(who)
    }

    async fn throttle(&self, group: Group, client: Client, asking: &Asking) -> Answer<()> {
        self.limiter
            .check(group, client, asking)
            .await
            .map_err(Refusal::Throttled)
    }

    fn address(&self, request: &Request) -> IpAddr {
        let peer = request.remote_addr().as_socket_addr().map_or(
            IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
            std::net::SocketAddr::ip,
        );
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let forwarded = forwarded.join(",");
        client_address(
            peer,
            Some(forwarded.as_str()).filter(|text| !text.is_empty()),
            &self.trusted,
        )
    }

    /// Scheme and host for absolute URLs: `PUBLIC_URL`, or what a loopback client wrote as Host.
    fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let host = headers
            .get(HOST)
            .and_then(|value| value.to_str().ok())
            .filter(|host| {
                let name = host.rsplit_once(':').map_or(*host, |(name, _)| name);
                let name = name.trim_matches(['[', ']']);
                name == "localhost" || name.parse().is_ok_and(is_loopback)
            });
        format!("http://{}", host.unwrap_or(&self.listen))
    }
}

/// What the role may (API.md §1), and on v1 only with a proved e-mail (§4).
fn permit(rule: &Rule, who: &Actor, path: &str) -> Answer<()> {
    if !rule.allowed.permits(who.role()) {
        return Err(match who.account {
            Some(_) => Refusal::forbidden(),
            None => Refusal::Unauthenticated {
                code: "not_authenticated",
                detail: "Authentication credentials were not provided.".to_owned(),
            },
        });
    }
    let unverified = who.account.is_some_and(|account| !account.is_verified);
    let may = rule.unproved || rule.allowed == Allowed::Anyone;
    if unverified && !may && path.starts_with("/v1/") {
        return Err(Refusal::Forbidden {
            code: "account_not_verified",
            detail: "Prove your e-mail address with the code that was sent to it first.".to_owned(),
        });
    }
    Ok(())
}

/// The bearer token; another scheme counts as none.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().unwrap_or("Bearer ?");
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

/// An address with what is no text in it (bytes that are not UTF-8, and NUL, which PostgreSQL takes
/// for none) replaced by a sign that nothing is called by, so that it leads where any other unknown
/// name leads; none if there is nothing of the kind.
fn readable(uri: &Uri) -> Option<Uri> {
    const UNREADABLE: char = char::REPLACEMENT_CHARACTER;
    let text = uri.path_and_query()?.as_str();
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    if !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok() {
        return None;
    }
    let parts = text.split_inclusive(['/', '?', '&', '=']).map(|part| {
        let (name, end) = part.split_at(part.trim_end_matches(['/', '?', '&', '=']).len());
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        match decoded.contains(['\0', UNREADABLE]) {
            false => part.to_owned(),
            true => {
                let clean = decoded.replace('\0', &UNREADABLE.to_string());
                format!("{}{end}", utf8_percent_encode(&clean, NON_ALPHANUMERIC))
            }
        }
    });
    parts.collect::<String>().parse().ok()
}

fn with_path(uri: &Uri, path: &str) -> Uri {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    text.parse().unwrap_or_else(|_| uri.clone())
}

fn options(allow: &str) -> Response {
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}
