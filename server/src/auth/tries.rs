//! Sign-in tries per account (API.md §2 "per client address and per account"). The gate counts
//! addresses; whoever guesses from many addresses meets this count of tries at one name.
//!
//! A stranger must not keep the owner out: an address from which the name was signed in before is
//! not counted here, only by the gate.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::limits::{Client, Group, Limiter};

/// Names and addresses remembered; beyond that it starts anew.
const KNOWN: usize = 100_000;

/// Counts tries at names, known or not.
pub struct Tries {
    limiter: Limiter,
    hasher: RandomState,
    /// Where names were signed in from.
    known: Mutex<HashSet<(u64, IpAddr)>>,
}

impl Tries {
    /// With the rate of the group `auth`.
    pub fn new(limiter: Limiter) -> Self {
        Self {
            limiter,
            hasher: RandomState::new(),
            known: Mutex::default(),
        }
    }

    /// Counts a try at a name (in its compared form).
    ///
    /// # Errors
    /// How long to wait.
    pub fn allow(&self, name: &str, address: Option<IpAddr>) -> Result<(), Duration> {
        let name = self.hasher.hash_one(name);
        if address.is_some_and(|address| self.known().contains(&(name, address))) {
            return Ok(());
        }
        self.limiter.check(Group::Auth, Client::Name(name))
    }

    /// Remembers from where a name was signed in.
    pub fn succeeded(&self, name: &str, address: Option<IpAddr>) {
        let Some(address) = address else { return };
        let mut known = self.known();
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert((self.hasher.hash_one(name), address));
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashSet<(u64, IpAddr)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::Clock;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    #[test]
    fn guessing_from_many_addresses_is_stopped_and_the_owner_is_not() {
        let clock = Clock::fixed("2026-11-22T12:00:00Z".parse().unwrap());
        let tries = Tries::new(Limiter::new("auth=10/m".parse().unwrap(), &clock));
        tries.allow("rosa", address(1)).unwrap();
        tries.succeeded("rosa", address(1));
        let passed = (2..200)
            .filter(|last| tries.allow("rosa", address(*last)).is_ok())
            .count();
        assert!(passed <= 10, "{passed}");
        assert!(tries.allow("rosa", address(1)).is_ok(), "her own desk");
        assert!(tries.allow("theo", address(9)).is_ok(), "another name");
        clock.advance(std::time::Duration::from_secs(6));
        assert!(tries.allow("rosa", address(9)).is_ok(), "not for ever");
    }
}
