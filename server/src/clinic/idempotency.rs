//! Doing a write once however often it is asked for under one Idempotency-Key (API.md §7,
//! docs/decisions/0011).

use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Actor, Answer, Clinic, Refusal};
use crate::store::Tx;
use crate::store::kept_answers as table;

pub use table::{Once, under};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// A change whose answer is not there after this time has lost it; before, another server may be
/// about to write it.
const ANSWERED_WITHIN: TimeDelta = TimeDelta::minutes(1);

/// A caller's key for one operation.
#[derive(Debug, Clone)]
pub struct Key {
    /// What the row is found by; the key itself is not kept.
    pub id: Vec<u8>,
    /// What the answer is encrypted with, beside the clinic's secret.
    context: Vec<u8>,
}

/// An answer as it went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body, which is text (JSON) in every family.
    pub body: String,
}

impl Key {
    /// The key of a caller: an account, or the address of somebody who has none.
    pub fn of(clinic: &Clinic, who: &Actor, operation: &str, key: &str) -> Self {
        let caller = match (who.account_id(), who.address) {
            (Some(account), _) => format!("account {account}"),
            (None, Some(address)) => format!("address {address}"),
            (None, None) => String::new(),
        };
        let hash = |what| clinic.hasher.hash(&[what, &caller, operation, key]);
        Self {
            id: hash("idempotency key"),
            context: hash("idempotent answer"),
        }
    }
}

/// The hash of a request, by its parts.
pub fn request(clinic: &Clinic, parts: &[&str]) -> Vec<u8> {
    clinic
        .hasher
        .hash(&[&["idempotent request"], parts].concat())
}

/// The answer to the same request under the same key; none if it was never done.
///
/// # Errors
/// [`Refusal::Conflict`] if another request came under this key, or the answer was lost;
/// [`Refusal::InProgress`] if the change is there and its answer not yet.
pub async fn find(clinic: &Clinic, key: &Key, request: &[u8]) -> Answer<Option<Kept>> {
    let row = table::by_id(&mut clinic.db.read().await?, &key.id).await?;
    let Some(row) = row else { return Ok(None) };
    let now = clinic.clock.now();
    if row.at <= now - KEPT {
        let mut tx = clinic.db.begin().await?;
        table::forget(&mut tx, &key.id, now - KEPT).await?;
        tx.commit().await?;
        return Ok(None);
    }
    if row.request != request {
        return Err(Refusal::Conflict {
            code: "idempotency_key_reused",
            detail:
                "Another request came with this Idempotency-Key; send each with a key of its own."
                    .to_owned(),
        });
    }
    match row.answer {
        Some(sealed) => opened(clinic, key, &sealed).map(Some),
        None if row.at > now - ANSWERED_WITHIN => Err(Refusal::InProgress),
        None => Err(Refusal::Conflict {
            code: "answer_lost",
            detail: "This was done, but the server stopped before it had answered; look for what it did."
                .to_owned(),
        }),
    }
}

/// Keeps the answer of work that ran [`under`] `once`. False if somebody else was faster with the
/// same, and nothing was done here.
///
/// # Errors
/// The database's.
pub async fn keep(clinic: &Clinic, key: &Key, once: &Arc<Once>, kept: &Kept) -> Answer<bool> {
    let plain = serde_json::to_vec(kept).map_err(Refusal::broken)?;
    let sealed = clinic.sealer.seal(&clinic.ids, &key.context, &plain);
    let sealed = sealed.map_err(Refusal::broken)?;
    let mut tx = clinic.db.begin().await?;
    let is_first = match once.is_committed() {
        true => {
            table::answer(&mut tx, once, &sealed).await?;
            true
        }
        false => table::insert(&mut tx, once, Some(&sealed)).await?,
    };
    tx.commit().await?;
    Ok(is_first)
}

/// Forgets what is older than a day.
///
/// # Errors
/// The database's.
pub async fn forget_old(clinic: &Clinic, tx: &mut Tx) -> sqlx::Result<()> {
    table::forget_old(tx, clinic.clock.now() - KEPT).await?;
    Ok(())
}

fn opened(clinic: &Clinic, key: &Key, sealed: &[u8]) -> Answer<Kept> {
    let plain = clinic.sealer.open(&key.context, sealed);
    let plain = plain.map_err(Refusal::broken)?;
    serde_json::from_slice(&plain).map_err(Refusal::broken)
}
