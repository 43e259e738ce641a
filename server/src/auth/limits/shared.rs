//! The same limits, counted in Redis by all servers together.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::Script;

use super::{Client, Group, Rate};
use crate::auth::codes::Hasher;
use crate::infra::redis::Asking;

/// A leaking bucket (GCRA), by Redis' own clock, which all servers agree on. What is kept is the
/// moment at which the bucket has run empty; it goes when that is over. `ARGV`: how many, in how many
/// microseconds. The answer: for how many microseconds to wait, 0 for none.
///
/// A bucket is never fuller than full, so that a clock set back locks nobody out for longer than
/// the limit's own span.
const BUCKET: &str = r"
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local span = tonumber(ARGV[2])
local each = span / tonumber(ARGV[1])
local empty = tonumber(redis.call('GET', KEYS[1]) or now)
empty = math.max(now, math.min(empty, now + span)) + each
if empty - now > span + 0.5 then
    return math.max(1, math.ceil(empty - now - span))
end
redis.call('SET', KEYS[1], string.format('%.3f', empty), 'PX', math.ceil((empty - now) / 1000))
return 0
";

/// How much of a hash a key shows.
const KEY: usize = 16;

/// Counts in Redis.
#[derive(Debug)]
pub(super) struct Shared {
    script: Script,
    hasher: Hasher,
}

impl Shared {
    /// Clients are counted under keyed hashes: no address stands in Redis, and clinics with keys of
    /// their own do not meet in one Redis.
    pub(super) fn new(hasher: Hasher) -> Self {
        Self {
            script: Script::new(BUCKET),
            hasher,
        }
    }

    /// Counts one request; none if Redis does not answer.
    pub(super) async fn check(
        &self,
        (group, rate): (Group, Rate),
        client: Client,
        asking: &Asking,
    ) -> Option<Result<(), Duration>> {
        if !asking.is_answered() {
            return None;
        }
        let key = self.key(group, client);
        let span = u64::try_from(rate.per.as_micros()).unwrap_or(u64::MAX);
        let bucket = [u64::from(rate.count.get()), span];
        let wait = asking.run(&self.script, &key, bucket).await?;
        Some(match u64::try_from(wait) {
            Ok(wait) if wait > 0 => Err(Duration::from_micros(wait)),
            _ => Ok(()),
        })
    }

    fn key(&self, group: Group, client: Client) -> String {
        let client = match client {
            Client::Address(address) => format!("address {address}"),
            Client::Account(id) => format!("account {id}"),
        };
        let hash = self.hasher.hash(&["limit", group.as_str(), &client]);
        let hash: Vec<u8> = hash.into_iter().take(KEY).collect();
        format!("clinic:limit:{}", URL_SAFE_NO_PAD.encode(hash))
    }
}
