//! Sealing: one server at a time gives every committed row its place in the chain.
//!
//! A pass reads what has no seal yet and hashes it outside any transaction; then one short
//! transaction moves the chain's end from where it was read (compare-and-swap) and writes the seals.
//! So nobody waits for a hash, two servers can not fork the chain, and one that dies in between has
//! changed nothing. The claim only spares the others the work; it ends by itself.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use uuid::Uuid;

use super::chain::{self, Hash};
use crate::clinic::{Answer, Clinic};
use crate::store::Engine;
use crate::store::audit_chain::{self as table, Chain, Sealing, Unsealed};

/// Rows sealed at once.
const BATCH: i64 = 500;
/// How long a server seals alone after its last batch.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
/// How often rows are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// One server's hand on the chain.
#[derive(Debug, Clone, Copy)]
pub struct Sealer(Uuid);

impl Sealer {
    /// A server's hand.
    pub fn new(clinic: &Clinic) -> Self {
        Self(clinic.new_id())
    }

    /// Seals what is committed now, unless another server does; answers how many rows.
    ///
    /// # Errors
    /// The database's.
    pub async fn seal(&self, clinic: &Clinic) -> Answer<u64> {
        let mut sealed = 0;
        loop {
            let batch = self.seal_batch(clinic).await?;
            sealed += batch;
            if batch < BATCH.unsigned_abs() {
                return Ok(sealed);
            }
        }
    }

    async fn seal_batch(&self, clinic: &Clinic) -> Answer<u64> {
        let now = clinic.clock.now();
        let mut reader = clinic.db.read().await?;
        let chain = table::chain(&mut reader).await?;
        let is_others = chain.claimed_by.is_some_and(|by| by != self.0)
            && chain.claimed_until.is_some_and(|until| until > now);
        if is_others {
            return Ok(0);
        }
        // Asked before the rows are read: what had begun by then is among them, or never will be.
        let is_settled = match chain.pending_xid {
            Some(pending) => table::oldest_transaction(&mut reader).await? >= pending,
            None => false,
        };
        let rows = table::unsealed(&mut reader, chain.settled, BATCH).await?;
        drop(reader);
        if rows.is_empty() && !is_settled {
            return Ok(0);
        }
        let hashes = hashes(&chain, &rows);
        let ids: Vec<i64> = rows.iter().map(|row| row.audit_id).collect();
        let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let settled = settled(clinic, &chain, is_settled, &ids);
        let sealing = Sealing {
            was: chain.seal,
            seal: chain.seal + count,
            hash: hashes.last().map_or(&chain.hash, |hash| hash.as_slice()),
            settled,
            keeps_pending: chain.pending.is_some_and(|pending| pending > settled),
            by: self.0,
            at: now,
            until: now + CLAIM,
        };
        let mut tx = clinic.db.begin().await?;
        if !table::advance(&mut tx, &sealing).await? {
            return Ok(0);
        }
        if !ids.is_empty() {
            table::insert(&mut tx, chain.seal, &ids, &hashes).await?;
        }
        tx.commit().await?;
        Ok(count.unsigned_abs())
    }

    /// Lets others seal at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn release(&self, clinic: &Clinic) -> Answer<()> {
        let mut tx = clinic.db.begin().await?;
        table::release(&mut tx, self.0).await?;
        Ok(tx.commit().await?)
    }
}

fn hashes(chain: &Chain, rows: &[Unsealed]) -> Vec<Hash> {
    let mut hashes: Vec<Hash> = Vec::with_capacity(rows.len());
    let mut number = chain.seal;
    for row in rows {
        number += 1;
        let before = hashes.last().map_or(chain.hash.as_slice(), Hash::as_slice);
        hashes.push(chain::seal(before, number, &row.columns));
    }
    hashes
}

/// Up to which id nothing can come in any more, once these rows are sealed. SQLite has one writer,
/// so that ids follow commits. On PostgreSQL a transaction may still hold an id it drew earlier: what
/// was drawn at an earlier pass is settled when all transactions of that time have ended.
fn settled(clinic: &Clinic, chain: &Chain, is_settled: bool, sealed: &[i64]) -> i64 {
    let last = sealed.last().copied();
    if clinic.db.engine() == Engine::Sqlite {
        return last.unwrap_or(chain.settled).max(chain.settled);
    }
    match chain.pending.filter(|_| is_settled) {
        // A full batch may not have reached what is pending.
        Some(pending) if sealed.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX) => {
            pending.min(last.unwrap_or(pending)).max(chain.settled)
        }
        Some(pending) => pending.max(chain.settled),
        None => chain.settled,
    }
}

/// Seals every second until told to stop; then what is left, and lets others go on.
pub async fn run(clinic: Clinic, mut stop: watch::Receiver<bool>) {
    let sealer = Sealer::new(&clinic);
    let mut was_told = false;
    loop {
        match sealer.seal(&clinic).await {
            Ok(_) => was_told = false,
            Err(_) if was_told => {}
            Err(error) => {
                tracing::error!(%error, "the audit can't be sealed; it is tried every second. `clinicd audit verify` shows more");
                was_told = true;
            }
        }
        if *stop.borrow() {
            break;
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    if let Err(error) = sealer.release(&clinic).await {
        tracing::warn!(%error, "the audit's claim could not be given back; it ends by itself");
    }
}
