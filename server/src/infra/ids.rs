//! Identifiers and secrets: the one source of randomness.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rand::rand_core::UnwrapErr;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// Hands out UUIDs and random bytes. Cheap to clone; clones share their order.
#[derive(Debug, Clone)]
pub struct Ids(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    source: Source,
    /// Milliseconds and counter of the last v7: the next one is larger.
    last: (u64, u16),
}

#[derive(Debug)]
enum Source {
    System,
    /// Boxed: the generator's state is some hundred bytes, the other variant has none.
    Seeded(Box<StdRng>),
}

/// The largest value of the 12 bits that follow a v7's version.
const COUNTER_MAX: u16 = 0x0FFF;

impl Ids {
    /// Randomness from the operating system: for keys, codes and everything in production.
    pub fn system() -> Self {
        Self::from_source(Source::System)
    }

    /// The same sequence for the same seed. For tests and demo data; never for secrets.
    pub fn seeded(seed: u64) -> Self {
        Self::from_source(Source::Seeded(Box::new(StdRng::seed_from_u64(seed))))
    }

    fn from_source(source: Source) -> Self {
        Self(Arc::new(Mutex::new(State {
            source,
            last: (0, 0),
        })))
    }

    /// A time-ordered UUID (version 7) of the instant `now`. Each is larger than the one before,
    /// within a millisecond too, and when the clock steps back (RFC 9562 §6.2, method 1).
    pub fn v7(&self, now: DateTime<Utc>) -> Uuid {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut random = [0_u8; 10];
        state.source.fill(&mut random);
        let [high, low, tail @ ..] = random;
        let now = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let (millis, counter) = match state.last {
            (last, _) if now > last => {
                // The upper half stays free, so a busy millisecond has 2048 steps at least.
                (now, u16::from_be_bytes([high, low]) & (COUNTER_MAX >> 1))
            }
            (last, COUNTER_MAX) => (last + 1, 0),
            (last, counter) => (last, counter + 1),
        };
        state.last = (millis, counter);
        let [high, low] = counter.to_be_bytes();
        let [a, b, c, d, e, f, g, h] = tail;
        Builder::from_unix_timestamp_millis(millis, &[high, low, a, b, c, d, e, f, g, h])
            .into_uuid()
    }

    /// A random UUID (version 4, 122 bits): for names nobody may guess.
    pub fn v4(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// `N` random bytes: salts, keys, the stuff one-time codes are made of.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.source.fill(&mut bytes);
        bytes
    }

    /// A number below `end`, every one as likely as any other (no modulo bias); 0 if `end` is 0.
    pub fn below(&self, end: u32) -> u32 {
        let end = end.max(1);
        // 2³² is no multiple of `end`: the draws of the last, incomplete round would make the
        // small numbers likelier, so they are drawn again.
        let incomplete = (u32::MAX % end + 1) % end;
        loop {
            let draw = u32::from_be_bytes(self.bytes());
            if draw <= u32::MAX - incomplete {
                return draw % end;
            }
        }
    }
}

impl Source {
    fn fill(&mut self, bytes: &mut [u8]) {
        match self {
            // An operating system without randomness can make no secret; there is no way on.
            Source::System => UnwrapErr(SysRng).fill_bytes(bytes),
            Source::Seeded(generator) => generator.fill_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::TimeDelta;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn v7_carries_the_time_it_was_given() {
        let id = Ids::system().v7(noon());
        let (seconds, _) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(i64::try_from(seconds).unwrap(), noon().timestamp());
    }

    #[test]
    fn v7_only_grows_in_a_crowded_millisecond_and_when_the_clock_steps_back() {
        let ids = Ids::system();
        let crowded = (0..20_000).map(|_| ids.v7(noon()));
        let back = (0..100).map(|n| ids.v7(noon() - TimeDelta::seconds(n)));
        let all: Vec<Uuid> = crowded.chain(back).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn v7_stays_unique_over_threads() {
        let ids = Ids::system();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let ids = ids.clone();
                std::thread::spawn(move || (0..2000).map(|_| ids.v7(noon())).collect::<Vec<_>>())
            })
            .collect();
        let all: HashSet<Uuid> = threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect();
        assert_eq!(all.len(), 8000);
    }

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        let run = |ids: Ids| (ids.v7(noon()), ids.v4(), ids.bytes::<32>());
        assert_eq!(run(Ids::seeded(7)), run(Ids::seeded(7)));
        assert_ne!(run(Ids::seeded(7)), run(Ids::seeded(8)));
        assert_ne!(run(Ids::system()), run(Ids::system()));
    }

    #[test]
    fn numbers_stay_below_their_end_and_reach_every_value() {
        let ids = Ids::seeded(1);
        let seen: HashSet<u32> = (0..1000).map(|_| ids.below(10)).collect();
        assert_eq!(seen, (0..10).collect());
        assert_eq!((ids.below(1), ids.below(0)), (0, 0));
        // A third above a power of two: plain modulo would give the lower half twice as often.
        let end = 3 << 30;
        let low = (0..30_000).filter(|_| ids.below(end) < 1 << 30).count();
        assert!(
            (9_000..11_000).contains(&low),
            "{low} of 30000 in the first third"
        );
    }
}
