//! Rate limits: so many requests a second, minute or hour for each client (API.md §2).

mod address;
mod setting;
mod shared;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::auth::codes::Hasher;
use crate::infra::Clock;
use crate::infra::redis::Asking;
use shared::Shared;

pub use address::{Network, NetworkError, client_address};
pub use setting::{Group, Rate, RateLimits, RateLimitsError};

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    /// A network address, see [`client_address`]. IPv6 counts by its /64.
    Address(IpAddr),
    /// An account's number.
    Account(i64),
}

/// Counts requests and says when it is too many. Share it in an `Arc`.
#[derive(Debug)]
pub struct Limiter(Option<Groups>);

#[derive(Debug)]
struct Groups {
    limits: RateLimits,
    shared: Shared,
    auth: Buckets,
    public: Buckets,
    user: Buckets,
    staff: Buckets,
}

impl Limiter {
    /// A limiter with nobody counted yet; it measures by [`Clock::elapsed`], and by Redis' clock
    /// where it counts together with other servers.
    pub fn new(limits: RateLimits, clock: &Clock, hasher: &Hasher) -> Self {
        Self(limits.0.map(|rates| Groups {
            limits,
            shared: Shared::new(hasher.clone()),
            auth: Buckets::new(rates.auth, clock),
            public: Buckets::new(rates.public, clock),
            user: Buckets::new(rates.user, clock),
            staff: Buckets::new(rates.staff, clock),
        }))
    }

    /// Counts one request: together with all servers, or here alone while Redis does not answer. What
    /// is let through is counted here in either case, so that nobody begins anew when Redis dies.
    ///
    /// # Errors
    /// How long the client has to wait (`Retry-After`, rounded up by the caller) when it is one
    /// too many; such a request is not counted.
    pub async fn check(
        &self,
        group: Group,
        client: Client,
        asking: &Asking,
    ) -> Result<(), Duration> {
        let Some(groups) = &self.0 else { return Ok(()) };
        let client = match client {
            Client::Address(address) => Client::Address(address::counted(address)),
            account => account,
        };
        let counted = match groups.limits.rate(group) {
            Some(rate) => groups.shared.check((group, rate), client, asking).await,
            None => None,
        };
        match counted {
            Some(Err(wait)) => Err(wait),
            Some(Ok(())) => {
                let _ = groups.buckets(group).check(&client);
                Ok(())
            }
            None => groups.buckets(group).check(&client),
        }
    }
}

impl Groups {
    fn buckets(&self, group: Group) -> &Buckets {
        match group {
            Group::Auth => &self.auth,
            Group::Public => &self.public,
            Group::User => &self.user,
            Group::Staff => &self.staff,
        }
    }
}

/// Our clock as governor wants it: time since the start.
#[derive(Debug, Clone)]
struct Elapsed(Clock);

impl governor::clock::Clock for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// One group's leaking buckets (GCRA), one for each client seen lately.
#[derive(Debug)]
struct Buckets {
    limiter: RateLimiter<Client, DashMapStateStore<Client>, Elapsed, NoOpMiddleware<Duration>>,
    clock: Elapsed,
    checks: AtomicU64,
    swept_at: AtomicU64,
}

/// Buckets that have run empty are forgotten once a minute, and after so many checks: a flood
/// from ever new addresses cannot fill the memory faster than they are swept out.
const SWEEP_SECONDS: u64 = 60;
const SWEEP_CHECKS: u64 = 65_536;

impl Buckets {
    fn new(rate: Rate, clock: &Clock) -> Self {
        // Never zero: an hour over the largest count is most of a microsecond.
        let each = rate.per / rate.count.get();
        let quota = Quota::with_period(each)
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(rate.count);
        let clock = Elapsed(clock.clone());
        Self {
            limiter: RateLimiter::dashmap_with_clock(quota, clock.clone()),
            clock,
            checks: AtomicU64::new(0),
            swept_at: AtomicU64::new(0),
        }
    }

    fn check(&self, client: &Client) -> Result<(), Duration> {
        self.sweep_now_and_then();
        self.limiter
            .check_key(client)
            .map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    fn sweep_now_and_then(&self) {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.clock.now().as_secs();
        let swept_at = self.swept_at.load(Ordering::Relaxed);
        let due = checks.is_multiple_of(SWEEP_CHECKS) || now >= swept_at + SWEEP_SECONDS;
        // Whoever moves the time on sweeps; the others go on.
        if due
            && self
                .swept_at
                .compare_exchange(swept_at, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            self.limiter.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn clock() -> Clock {
        Clock::fixed("2026-11-22T12:00:00Z".parse().unwrap())
    }

    fn limiter(setting: &str, clock: &Clock) -> Limiter {
        let hasher = Hasher::new(b"a key for tests only, of more than 32 bytes");
        Limiter::new(setting.parse().unwrap(), clock, &hasher)
    }

    fn client(address: &str) -> Client {
        Client::Address(address.parse().unwrap())
    }

    /// Without a Redis there is nothing to wait for.
    fn check(limiter: &Limiter, group: Group, client: Client) -> Result<(), Duration> {
        let asking = Asking::default();
        let check = limiter.check(group, client, &asking);
        check.now_or_never().expect("it waits for nobody")
    }

    fn allowed(limiter: &Limiter, group: Group, client: Client) -> usize {
        (0..10_000)
            .take_while(|_| check(limiter, group, client).is_ok())
            .count()
    }

    #[test]
    fn off_refuses_nobody() {
        let limiter = limiter("off", &clock());
        assert_eq!(
            allowed(&limiter, Group::Auth, client("203.0.113.9")),
            10_000
        );
    }

    #[test]
    fn the_eleventh_attempt_waits_six_seconds_and_then_passes() {
        let clock = clock();
        let limiter = limiter("auth=10/m", &clock);
        let someone = client("203.0.113.9");
        assert_eq!(allowed(&limiter, Group::Auth, someone), 10);
        assert_eq!(
            check(&limiter, Group::Auth, someone),
            Err(Duration::from_secs(6))
        );
        clock.advance(Duration::from_millis(5_999));
        assert_eq!(
            check(&limiter, Group::Auth, someone),
            Err(Duration::from_millis(1))
        );
        clock.advance(Duration::from_millis(1));
        assert_eq!(allowed(&limiter, Group::Auth, someone), 1);
        clock.advance(Duration::from_secs(60));
        assert_eq!(allowed(&limiter, Group::Auth, someone), 10);
    }

    #[test]
    fn clients_and_groups_do_not_use_up_each_others_share() {
        let limiter = limiter("auth=3/m,user=5/m", &clock());
        assert_eq!(allowed(&limiter, Group::Auth, client("203.0.113.9")), 3);
        assert_eq!(allowed(&limiter, Group::Auth, client("203.0.113.10")), 3);
        assert_eq!(allowed(&limiter, Group::User, client("203.0.113.9")), 5);
        assert_eq!(allowed(&limiter, Group::Auth, Client::Account(1)), 3);
        assert_eq!(allowed(&limiter, Group::Auth, Client::Account(2)), 3);
    }

    #[test]
    fn an_ipv6_client_does_not_escape_by_changing_its_address() {
        let limiter = limiter("auth=3/m", &clock());
        assert_eq!(allowed(&limiter, Group::Auth, client("2001:db8:1:2::1")), 3);
        assert_eq!(
            allowed(&limiter, Group::Auth, client("2001:db8:1:2:ffff::9")),
            0
        );
        assert_eq!(allowed(&limiter, Group::Auth, client("2001:db8:1:3::1")), 3);
        assert_eq!(allowed(&limiter, Group::Auth, client("203.0.113.9")), 3);
        assert_eq!(
            allowed(&limiter, Group::Auth, client("::ffff:203.0.113.9")),
            0
        );
    }

    #[test]
    fn a_wall_clock_set_back_locks_nobody_out() {
        let clock = clock();
        let limiter = limiter("auth=1/m", &clock);
        assert_eq!(allowed(&limiter, Group::Auth, Client::Account(1)), 1);
        clock.set("2026-11-22T09:00:00Z".parse().unwrap());
        clock.advance(Duration::from_secs(60));
        assert_eq!(allowed(&limiter, Group::Auth, Client::Account(1)), 1);
    }

    #[test]
    fn clients_that_went_away_are_forgotten() {
        let clock = clock();
        let limits: RateLimits = "auth=10/m".parse().unwrap();
        let buckets = Buckets::new(limits.rate(Group::Auth).unwrap(), &clock);
        for id in 0..5_000 {
            buckets.check(&Client::Account(id)).unwrap();
        }
        assert_eq!(buckets.limiter.len(), 5_000);
        clock.advance(Duration::from_secs(61));
        buckets.check(&Client::Account(-1)).unwrap();
        assert_eq!(buckets.limiter.len(), 1);
    }

    #[test]
    fn a_flood_from_new_addresses_is_swept_before_the_minute_is_over() {
        let clock = clock();
        let limits: RateLimits = "public=600/m".parse().unwrap();
        let buckets = Buckets::new(limits.rate(Group::Public).unwrap(), &clock);
        for id in 0..200_000 {
            buckets.check(&Client::Account(id)).unwrap();
            clock.advance(Duration::from_micros(100));
        }
        assert!(
            buckets.limiter.len() < 80_000,
            "{} kept",
            buckets.limiter.len()
        );
    }
}
