//! `Idempotency-Key`: a write that comes again under its key is answered as it was, and not done
//! again (docs/decisions/0011). Stands between the gate and the handlers, so no handler knows of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;
use poem::http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH};
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use poem::{Endpoint, Request, Response};

use super::body;
use super::errors::{Style, render};
use crate::clinic::idempotency::{self, Kept, Key, Once};
use crate::clinic::{Actor, Answer, Clinic, Refusal};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key.
pub(super) const MAX_KEY: usize = 255;
/// How a key looks: visible ASCII.
pub(super) const KEY_PATTERN: &str = "^[!-~]{1,255}$";

/// How long a request waits for the same one that is being done by this server.
const PATIENCE: Duration = Duration::from_secs(10);

/// The keys whose requests are being done by this server.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<Vec<u8>, Arc<tokio::sync::Mutex<()>>>>);

/// A request that is its key's turn; the next one waits until this is dropped.
struct Turn {
    turns: Arc<Turns>,
    id: Vec<u8>,
    held: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl Turns {
    async fn take(self: &Arc<Self>, id: &[u8]) -> Answer<Turn> {
        let lock = Arc::clone(self.all().entry(id.to_vec()).or_default());
        let mut turn = Turn {
            turns: Arc::clone(self),
            id: id.to_vec(),
            held: None,
        };
        let held = tokio::time::timeout(PATIENCE, lock.lock_owned()).await;
        turn.held = Some(held.map_err(|_| Refusal::InProgress)?);
        Ok(turn)
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.turns.all();
        self.held = None;
        // Only the map has it: nobody waits.
        if all
            .get(&self.id)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            all.remove(&self.id);
        }
    }
}

/// The key of a request, if it has one.
///
/// # Errors
/// [`Refusal::Invalid`] if it is empty, too long, or not plain.
pub(super) fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let mut given = headers.get_all(&HEADER).iter();
    let Some(first) = given.next() else {
        return Ok(None);
    };
    let key = first.as_bytes();
    let is_plain = (1..=MAX_KEY).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic);
    if !is_plain || given.next().is_some() {
        let message = format!("Send one key of 1 to {MAX_KEY} visible ASCII characters.");
        return Err(Refusal::field("Idempotency-Key", message));
    }
    Ok(Some(String::from_utf8_lossy(key).into_owned()))
}

/// What doing a request once takes.
pub(super) struct Doing {
    /// The clinic.
    pub(super) clinic: Clinic,
    /// The turns of this server.
    pub(super) turns: Arc<Turns>,
    /// Error causes in answers.
    pub(super) debug: bool,
}

impl Doing {
    /// Answers a request, which is done unless it was done before. Whether or not the caller waits
    /// for it, what was begun is finished.
    ///
    /// # Errors
    /// What could not be answered so that it is worth keeping.
    pub(super) async fn once<E>(
        self,
        who: &Actor,
        (operation, key): (&str, &str),
        asked: &str,
        mut request: Request,
        inner: Arc<E>,
    ) -> poem::Result<Response>
    where
        E: Endpoint<Output = Response> + 'static,
    {
        let bytes = body::whole(&mut request).await?;
        let hash = self.hash(asked, request.headers(), &bytes).await;
        request.set_body(bytes);
        let key = Key::of(&self.clinic, who, operation, key);
        let turn = self.turns.take(&key.id).await?;
        let work = async move {
            let _turn = turn;
            self.work(&key, hash, request, &*inner).await
        };
        match tokio::spawn(work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Refusal::broken("a handler panicked").into()),
        }
    }

    async fn work<E: Endpoint<Output = Response>>(
        self,
        key: &Key,
        hash: Vec<u8>,
        request: Request,
        inner: &E,
    ) -> poem::Result<Response> {
        let clinic = &self.clinic;
        if let Some(kept) = idempotency::find(clinic, key, &hash).await? {
            return Ok(again(kept));
        }
        let once = Once::new(key.id.clone(), hash.clone(), clinic.clock.now());
        let outcome = idempotency::under(&once, inner.call(request)).await;
        if once.is_taken() {
            return self.of_another(key, &hash).await;
        }
        let answer = match outcome {
            Err(error) if !is_kept(error.status()) => return Err(error),
            Err(error) => render(&error, Style::Problem, self.debug),
            Ok(answer) if !is_kept(answer.status()) => return Ok(answer),
            Ok(answer) => answer,
        };
        let kept = read(answer).await?;
        match idempotency::keep(clinic, key, &once, &kept).await {
            Ok(true) => {}
            Ok(false) => return self.of_another(key, &hash).await,
            // It is done, and the caller learns it; only who asks again does not.
            Err(error) => tracing::warn!(%error, "an answer could not be kept"),
        }
        Ok(again(kept))
    }

    /// The answer of another server, which was faster with the same request.
    async fn of_another(&self, key: &Key, hash: &[u8]) -> poem::Result<Response> {
        match idempotency::find(&self.clinic, key, hash).await? {
            Some(kept) => Ok(again(kept)),
            None => Err(Refusal::InProgress.into()),
        }
    }

    /// What was asked: path and query, the version it was meant for, the body. JSON is compared by
    /// what it says and a form by its parts, since a client may write the same anew.
    async fn hash(&self, asked: &str, headers: &HeaderMap, bytes: &Bytes) -> Vec<u8> {
        let text = |name| {
            let value = headers.get(name).map(HeaderValue::as_bytes);
            String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
        };
        let (content_type, if_match) = (text(CONTENT_TYPE), text(IF_MATCH));
        let said = match multer::parse_boundary(&content_type) {
            Ok(boundary) => form(boundary, bytes.clone()).await,
            Err(_) => json(bytes),
        };
        let said = said.unwrap_or_else(|| digest(&[bytes]));
        idempotency::request(&self.clinic, &[asked, &if_match, &said])
    }
}

fn json(bytes: &Bytes) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    // Objects are sorted by their keys.
    Some(digest(&[value.to_string().as_bytes()]))
}

async fn form(boundary: String, bytes: Bytes) -> Option<String> {
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let mut form = multer::Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        parts.push(digest(&[name.as_bytes(), file.as_bytes(), &bytes]));
    }
    Some(digest(&[parts.concat().as_bytes()]))
}

/// No two lists of parts have the same.
fn digest(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    BASE64.encode(context.finish())
}

/// Faults of ours, and what has nothing to do with the request itself, may be otherwise next time.
fn is_kept(status: StatusCode) -> bool {
    !status.is_server_error()
        && ![
            StatusCode::UNAUTHORIZED,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::TOO_MANY_REQUESTS,
        ]
        .contains(&status)
}

async fn read(mut answer: Response) -> Answer<Kept> {
    let body = answer.take_body().into_string().await;
    let headers = answer.headers().iter();
    Ok(Kept {
        status: answer.status().as_u16(),
        headers: headers
            .filter(|(name, _)| *name != CONTENT_LENGTH)
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect(),
        body: body.map_err(Refusal::broken)?,
    })
}

fn again(kept: Kept) -> Response {
    let mut answer = match kept.body.is_empty() {
        true => Response::builder().finish(),
        false => Response::builder().body(kept.body),
    };
    answer.set_status(StatusCode::from_u16(kept.status).unwrap_or_default());
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(keys: &[&str]) -> Option<Option<String>> {
        let mut headers = HeaderMap::new();
        for key in keys {
            headers.append(HEADER, key.parse().unwrap());
        }
        key(&headers).ok()
    }

    #[test]
    fn a_key_is_one_plain_word_of_bounded_length() {
        assert_eq!(given(&[]), Some(None));
        assert_eq!(given(&["a-1"]), Some(Some("a-1".to_owned())));
        let longest = "x".repeat(MAX_KEY);
        assert_eq!(given(&[&longest]), Some(Some(longest.clone())));
        for faulty in [&[""][..], &[&format!("{longest}x")], &["a b"], &["a", "a"]] {
            assert_eq!(given(faulty), None, "{faulty:?}");
        }
    }

    #[tokio::test]
    async fn the_same_form_is_the_same_under_another_boundary() {
        let form = |boundary: &str, text: &str| {
            let bytes = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{text}\r\n--{boundary}--\r\n"
            );
            super::form(boundary.to_owned(), Bytes::from(bytes))
        };
        let one = form("one", "x").await.unwrap();
        assert_eq!(one, form("two", "x").await.unwrap());
        assert_ne!(one, form("two", "y").await.unwrap());
    }

    #[test]
    fn the_same_json_is_the_same_in_another_order() {
        let one = json(&Bytes::from_static(b"{\"a\":1,\"b\":[2]}"));
        assert_eq!(one, json(&Bytes::from_static(b"{ \"b\": [2], \"a\": 1 }")));
        assert_ne!(one, json(&Bytes::from_static(b"{\"a\":1,\"b\":[3]}")));
    }
}
