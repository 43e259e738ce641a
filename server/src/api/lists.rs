//! Public lists kept in Redis by all servers together (docs/decisions/0022).
//!
//! A body stands under the version of the list that the database had *before* the body was read. A
//! change draws another version in its own transaction, so both become visible at once. Hence:
//!
//! - Who asks after a change reads its version, and under it no body of before can stand: whoever
//!   stores one under it read it later still, when the change was there.
//! - Who raced with a change read the version of before, and stores what they found, old or new,
//!   under that: nobody asks for it any more.
//! - The change itself tells Redis nothing, so it does not matter whether its server reaches it.
//!
//! The version must be read where the list is read: from a replica, if the list comes from one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::call::Call;
use crate::clinic::{Answer, Clinic, Refusal};
use crate::store::list_versions;
pub(super) use crate::store::list_versions::List;

/// How long a body is kept: longer than it is hot, shorter than anybody would wonder.
const LIFETIME: Duration = Duration::from_secs(300);
/// The largest body that is kept.
const LARGEST: usize = 256 * 1024;

/// The JSON of a list as `read` finds it, or as some server found it in the same state. `list` is none
/// where the answer depends on who asks.
///
/// # Errors
/// What `read` refuses; ours, if it can't be written as JSON.
pub(super) async fn body<T: Serialize>(
    clinic: &Clinic,
    call: &Call,
    list: Option<List>,
    read: impl AsyncFnOnce() -> Answer<T>,
) -> Answer<Vec<u8>> {
    let list = list.filter(|_| call.asking.is_answered() && !is_search(call));
    let Some(list) = list else {
        return written(&read().await?);
    };
    let version = list_versions::current(&mut clinic.db.read().await?, list).await?;
    let key = key(clinic, call, &version);
    if let Some(kept) = call.asking.get(&key).await {
        return Ok(kept);
    }
    let body = written(&read().await?)?;
    if body.len() <= LARGEST {
        call.asking.put(key, body.clone(), LIFETIME);
    }
    Ok(body)
}

fn written(value: &impl Serialize) -> Answer<Vec<u8>> {
    serde_json::to_vec(value).map_err(Refusal::broken)
}

/// What is typed letter by letter is hardly asked for twice.
fn is_search(call: &Call) -> bool {
    let query = call.uri.query().unwrap_or_default();
    query.split('&').any(|part| part.starts_with("search="))
}

/// Bodies hold absolute URLs, and links with the request's own query; another program version may
/// write them otherwise.
fn key(clinic: &Clinic, call: &Call, version: &str) -> String {
    let uri = call.uri.to_string();
    let parts = ["list", env!("CARGO_PKG_VERSION"), &call.base, &uri];
    let hash = URL_SAFE_NO_PAD.encode(clinic.hasher.hash(&parts));
    format!("clinic:list:{version}:{hash}")
}
