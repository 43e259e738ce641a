//! Walking the chain: is every row what was sealed, and is none missing and none put in afterwards?

use chrono::{DateTime, Utc};
use serde_json::json;

use super::chain;
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::store::Reader;
use crate::store::audit_chain::{self as table, Chain, Link};

/// Rows read at once.
const BATCH: i64 = 1000;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It, or its seal, is not what was sealed.
    Changed,
    /// It, or its seal, was removed.
    Missing,
    /// It was put in afterwards.
    Inserted,
    /// The chain holds together, but is not the one that somebody noted.
    Remade,
}

/// The first place where the chain does not hold. `Display` is one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// What is wrong.
    pub wrong: Wrong,
    /// The row's id, where it is known.
    pub row: Option<i64>,
    /// The seal's number, where there is one.
    pub seal: Option<i64>,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seal = self.seal.unwrap_or_default();
        match (self.wrong, self.row) {
            (Wrong::Changed, Some(row)) => {
                write!(
                    f,
                    "Row {row} was changed after it was sealed (seal {seal})."
                )
            }
            (Wrong::Changed, None) => write!(f, "Seal {seal} was changed."),
            (Wrong::Missing, Some(row)) => write!(f, "Row {row} is missing (seal {seal})."),
            (Wrong::Missing, None) => {
                write!(f, "Seal {seal} is missing, and with it what its row was.")
            }
            (Wrong::Inserted, Some(row)) => write!(f, "Row {row} was inserted afterwards."),
            (Wrong::Inserted, None) => write!(f, "Seal {seal} was inserted afterwards."),
            (Wrong::Remade, _) => write!(
                f,
                "Seal {seal} is not the one that was noted: the chain was made anew."
            ),
        }
    }
}

/// Where the chain stands, without walking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The newest seal; 0: none yet.
    pub seal: i64,
    /// Its hash, in hex: noted elsewhere, it shows later that the chain was not made anew.
    pub hash: String,
    /// The last seal that retention took; 0: none.
    pub purged: i64,
    /// Committed rows that wait for their seal.
    pub unsealed: i64,
    /// Since when the oldest of them waits.
    pub unsealed_since: Option<DateTime<Utc>>,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Where the chain stood when the walk ended.
    pub state: State,
    /// What was walked.
    pub checked: Checked,
    /// The first place that does not hold.
    pub broken: Option<Broken>,
}

/// What was walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// How many seals with their rows.
    pub rows: i64,
    /// The last seal.
    pub up_to: i64,
    /// Whether that was the end.
    pub is_complete: bool,
}

/// A seal that somebody noted: `1234:9f86d0…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its number.
    pub seal: i64,
    /// Its hash, in hex.
    pub hash: String,
}

impl std::str::FromStr for Witness {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.trim().split_once(':');
        let read = parts.and_then(|(seal, hash)| {
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            let seal = seal.parse().ok().filter(|seal| *seal > 0)?;
            is_hash.then(|| Witness {
                seal,
                hash: hash.to_ascii_lowercase(),
            })
        });
        read.ok_or_else(|| format!("“{text}” is no seal; write it as verify printed it"))
    }
}

async fn state(reader: &mut Reader) -> sqlx::Result<State> {
    let standing = table::standing(reader).await?;
    Ok(State {
        seal: standing.seal,
        hash: chain::hex(&standing.hash),
        purged: standing.purged,
        unsealed: standing.unsealed,
        unsealed_since: standing.since,
    })
}

/// Walks the chain, whatever its length in the same memory: all of it, or `most` seals after `after`.
/// The server may go on meanwhile.
///
/// # Errors
/// [`Refusal::Invalid`] if there is no seal `after`; the database's.
pub async fn verify(
    clinic: &Clinic,
    who: &Actor,
    after: Option<i64>,
    most: Option<i64>,
    witness: Option<&Witness>,
) -> Answer<Verdict> {
    let mut reader = clinic.db.read().await?;
    let mut walk = Walk::from(&mut reader, after).await?;
    let broken = walk.go(&mut reader, most, witness).await?;
    let state = state(&mut reader).await?;
    drop(reader);
    let detail = json!({ "up_to": walk.checked.up_to, "is_sound": broken.is_none() });
    clinic.reads.note(who, "verify_audit", None, detail).await;
    Ok(Verdict {
        state,
        checked: walk.checked,
        broken,
    })
}

/// What must come next.
struct Walk {
    /// The hash of the last seal.
    before: Vec<u8>,
    /// Every row up to this id was looked at.
    last_row: i64,
    checked: Checked,
}

impl Walk {
    async fn from(reader: &mut Reader, after: Option<i64>) -> Answer<Self> {
        let chain = table::chain(reader).await?;
        let (up_to, last_row, before) = match after.filter(|after| *after > chain.purged) {
            None => (chain.purged, i64::MIN, chain.purged_hash),
            Some(after) => {
                let seal = table::seal(reader, after).await?;
                let (row, hash) =
                    seal.ok_or_else(|| Refusal::field("after", "There is no such seal."))?;
                (after, row, hash)
            }
        };
        Ok(Self {
            before,
            last_row,
            checked: Checked {
                up_to,
                ..Checked::default()
            },
        })
    }

    async fn go(
        &mut self,
        reader: &mut Reader,
        most: Option<i64>,
        witness: Option<&Witness>,
    ) -> Answer<Option<Broken>> {
        loop {
            let left = most.map_or(BATCH, |most| (most - self.checked.rows).min(BATCH));
            if left <= 0 {
                return Ok(None);
            }
            // The end is read before the links: rows up to what is settled have their seals.
            let settled = table::chain(reader).await?.settled;
            let links = table::links(reader, self.checked.up_to, left).await?;
            if links.is_empty() {
                // The seals and the chain's end commit together: read after them, the end is at
                // least theirs.
                let chain = table::chain(reader).await?;
                if chain.seal > self.checked.up_to
                    && table::seal(reader, chain.seal).await?.is_some()
                {
                    continue;
                }
                self.checked.is_complete = true;
                return match self.end(&chain, witness) {
                    None => Ok(self.inserted(reader, settled).await?),
                    broken => Ok(broken),
                };
            }
            let broken = links.iter().find_map(|link| self.step(link, witness));
            let up_to = links.iter().map(|link| link.audit_id).max();
            match broken {
                None => {
                    let up_to = up_to.unwrap_or(settled).min(settled);
                    if let Some(broken) = self.inserted(reader, up_to).await? {
                        return Ok(Some(broken));
                    }
                }
                Some(broken) => {
                    // Retention may have moved the beginning beyond what was read.
                    if table::chain(reader).await?.purged <= self.checked.up_to {
                        return Ok(Some(broken));
                    }
                    let rows = self.checked.rows;
                    *self = Self::from(reader, None).await?;
                    self.checked.rows = rows;
                }
            }
        }
    }

    /// The first row up to this one that nobody sealed, though it should have been.
    async fn inserted(&mut self, reader: &mut Reader, up_to: i64) -> sqlx::Result<Option<Broken>> {
        while self.last_row < up_to {
            let rows = table::sealed(reader, self.last_row, up_to, BATCH).await?;
            if let Some((row, _)) = rows.iter().find(|(_, is_sealed)| !is_sealed) {
                return Ok(Some(Broken {
                    wrong: Wrong::Inserted,
                    row: Some(*row),
                    seal: None,
                }));
            }
            self.last_row = rows.last().map_or(up_to, |(last, _)| *last);
        }
        Ok(None)
    }

    /// One seal further, or what is wrong with it.
    fn step(&mut self, link: &Link, witness: Option<&Witness>) -> Option<Broken> {
        let number = self.checked.up_to + 1;
        let is = |wrong, row| {
            Some(Broken {
                wrong,
                row,
                seal: Some(number),
            })
        };
        if link.seq != number {
            return is(Wrong::Missing, None);
        }
        if link.columns.id.is_none() {
            return is(Wrong::Missing, Some(link.audit_id));
        }
        if chain::seal(&self.before, number, &link.columns).as_slice() != link.hash.as_slice() {
            return is(Wrong::Changed, Some(link.audit_id));
        }
        if witness.is_some_and(|noted| noted.seal == number && noted.hash != chain::hex(&link.hash))
        {
            return is(Wrong::Remade, None);
        }
        self.before.clone_from(&link.hash);
        self.checked.up_to = number;
        self.checked.rows += 1;
        None
    }

    /// Whether the last seal is the chain's end.
    fn end(&self, chain: &Chain, witness: Option<&Witness>) -> Option<Broken> {
        let up_to = self.checked.up_to;
        let is = |wrong, seal| {
            Some(Broken {
                wrong,
                row: None,
                seal: Some(seal),
            })
        };
        match witness {
            Some(noted) if noted.seal > up_to => return is(Wrong::Missing, noted.seal),
            _ => {}
        }
        match () {
            () if chain.seal > up_to => is(Wrong::Missing, up_to + 1),
            () if chain.seal < up_to => is(Wrong::Inserted, chain.seal + 1),
            () if chain.hash != self.before => is(Wrong::Changed, up_to),
            () => None,
        }
    }
}
