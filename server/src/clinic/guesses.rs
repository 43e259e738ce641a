//! What guessing at passwords and codes costs (API.md §2, docs/decisions/0008): a growing delay per
//! account and per address, kept in the database, so that neither a restart nor another server
//! forgets it.
//!
//! A stranger must not keep the owner out: an address from which the account was signed in lately
//! has a count of its own there, which strangers elsewhere can't drive up.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Actor, Answer, Clinic, Refusal};
use crate::store::{Tx, guesses as table};

/// Wrong guesses at one account that cost nothing: people mistype.
const FREE: i64 = 5;
/// Wrong guesses from one address that cost nothing: a clinic's desks share one.
const FREE_FROM: i64 = 30;
/// The longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// A count begins anew when nobody guessed for this long.
const STALE: TimeDelta = TimeDelta::hours(1);
/// How long an address stays familiar after the last sign-in from it.
const FAMILIAR: TimeDelta = TimeDelta::days(60);

/// What is guessed at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// An account that there is.
    Account(i64),
    /// A name that nobody has, in its compared form: it is counted the same way.
    Nobody(&'a str),
}

/// A guess that was taken. It counts as wrong until [`Guess::was_right`] says otherwise.
#[derive(Debug)]
pub(super) struct Guess {
    at: Vec<u8>,
    from: Option<Vec<u8>>,
    /// To become familiar when it was right.
    account: Option<(i64, IpAddr)>,
}

/// Takes a guess, counting it as wrong first: a thousand at once are counted as a thousand.
/// None where throttling is off.
///
/// # Errors
/// [`Refusal::Throttled`]; such a guess is not counted.
pub(super) async fn take(
    clinic: &Clinic,
    who: &Actor,
    target: Target<'_>,
) -> Answer<Option<Guess>> {
    if !clinic.throttles {
        return Ok(None);
    }
    let now = clinic.clock.now();
    let account = match target {
        Target::Account(id) => who.address.map(|address| (id, address)),
        Target::Nobody(_) => None,
    };
    let mut tx = clinic.db.begin().await?;
    let at = match (target, who.address) {
        (Target::Account(id), Some(address)) => {
            let address = address.to_string();
            let since = now - FAMILIAR;
            let id_word = id.to_string();
            match table::is_familiar(&mut tx, id, &address, since).await? {
                true => clinic
                    .hasher
                    .hash(&["guess at", &id_word, "from", &address]),
                false => clinic.hasher.hash(&["guess at", &id_word]),
            }
        }
        (Target::Account(id), None) => clinic.hasher.hash(&["guess at", &id.to_string()]),
        (Target::Nobody(name), _) => clinic.hasher.hash(&["guess at nobody", name]),
    };
    let from = who
        .address
        .map(|address| clinic.hasher.hash(&["guess from", &address.to_string()]));
    count(&mut tx, &at, FREE, now).await?;
    if let Some(from) = &from {
        count(&mut tx, from, FREE_FROM, now).await?;
    }
    tx.commit().await?;
    Ok(Some(Guess { at, from, account }))
}

/// Counts one more; refused while the delay after the last one lasts, and then nothing is counted,
/// for the transaction is dropped.
async fn count(tx: &mut Tx, target: &[u8], free: i64, now: DateTime<Utc>) -> Answer<()> {
    let (failures, blocked_until) = table::count(tx, target, now, now - STALE).await?;
    if blocked_until > now {
        let wait = (blocked_until - now).to_std().unwrap_or_default();
        return Err(Refusal::Throttled(wait));
    }
    let delay = delay(failures - free);
    if delay > TimeDelta::zero() {
        table::block(tx, target, now + delay).await?;
    }
    Ok(())
}

/// One second, two, four … after so many guesses beyond the free ones.
fn delay(beyond: i64) -> TimeDelta {
    match u32::try_from(beyond) {
        Ok(doublings @ 1..) => {
            let seconds = 2_i64.saturating_pow(doublings - 1);
            TimeDelta::seconds(seconds.min(LONGEST.num_seconds()))
        }
        _ => TimeDelta::zero(),
    }
}

impl Guess {
    /// It was right, inside the transaction that acts on it: the account's count is forgotten, the
    /// address's is as before, and the address is familiar from now on.
    pub(super) async fn was_right(self, clinic: &Clinic, tx: &mut Tx) -> Answer<()> {
        let now = clinic.clock.now();
        table::clear(tx, &self.at).await?;
        if let Some(from) = &self.from {
            table::take_back(tx, from, now).await?;
        }
        if let Some((account, address)) = self.account {
            table::note_familiar(tx, account, &address.to_string(), now).await?;
        }
        Ok(())
    }
}

/// Forgets what is too old to matter, every night.
pub(super) async fn forget_old(clinic: &Clinic, tx: &mut Tx) -> Answer<()> {
    let now = clinic.clock.now();
    table::forget(tx, now - STALE).await?;
    table::forget_familiar(tx, now - FAMILIAR).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> = (-3..=14).map(|at| delay(at).num_seconds()).collect();
        assert_eq!(
            seconds,
            [
                0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900
            ]
        );
        assert_eq!(delay(10_000).num_seconds(), 900);
    }
}
