//! A Redis beside the servers (docs/decisions/0022). It may die, hang or forget everything at any
//! time: a request gives it [`PATIENCE`] in all, asks it nothing more once it does not answer, and
//! goes on without it. A task in the background connects again.

mod keeper;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisResult, Script};

use crate::config::without_password;
use keeper::{Keeper, State};

/// What all questions of one request may take together.
const PATIENCE: Duration = Duration::from_millis(20);

/// Where a Redis is: `REDIS_URL`, password included, which neither `Debug` nor an error shows.
#[derive(Clone)]
pub struct Address {
    client: redis::Client,
    place: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.place).finish()
    }
}

impl Address {
    /// The URL without its password.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        // The URL holds a password, so no message repeats it.
        let wrong =
            || "this is no Redis URL; write it as redis://:password@127.0.0.1:6379/0".to_owned();
        if !(url.starts_with("redis://") || url.starts_with("rediss://")) {
            return Err(wrong());
        }
        Ok(Self {
            client: redis::Client::open(url).map_err(|_| wrong())?,
            place: without_password(url),
        })
    }
}

/// Whether a Redis is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It answers.
    Answers,
    /// It does not; everything goes on without it.
    Away,
}

impl Standing {
    /// As the health answer says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Answers => "answers",
            Standing::Away => "away",
        }
    }
}

/// The Redis that this server shares with others, or none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Redis(Option<Arc<Keeper>>);

impl Redis {
    /// Connects, and keeps connecting in the background; waits for the first attempt at most a
    /// second. None: there is no Redis.
    pub async fn start(address: Option<&Address>) -> Self {
        match address {
            None => Self(None),
            Some(address) => Self(Some(Arc::new(Keeper::start(address.client.clone()).await))),
        }
    }

    /// Whether it is there; none if none is set.
    pub fn standing(&self) -> Option<Standing> {
        let keeper = self.0.as_ref()?;
        Some(match keeper.state.line() {
            Some(_) => Standing::Answers,
            None => Standing::Away,
        })
    }

    /// The way to it for one request.
    pub fn asking(&self) -> Asking {
        Asking {
            redis: self.clone(),
            spent: Arc::default(),
        }
    }
}

/// One request's way to Redis, with what is left of its patience. Clones share it.
#[derive(Clone, Default)]
pub struct Asking {
    redis: Redis,
    /// Microseconds.
    spent: Arc<AtomicU64>,
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking")
            .field("spent", &self.spent)
            .finish_non_exhaustive()
    }
}

impl Asking {
    /// Whether it is worth preparing a question.
    pub fn is_answered(&self) -> bool {
        self.redis.standing() == Some(Standing::Answers) && !self.left().is_zero()
    }

    /// What stands under a key; none if nothing does, or if there is no answer.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.ask(async |mut connection| {
            Cmd::get(key)
                .query_async::<Option<Vec<u8>>>(&mut connection)
                .await
        });
        found.await.flatten()
    }

    /// Puts something under a key for a while, without keeping the request.
    pub fn put(&self, key: String, value: Vec<u8>, lifetime: Duration) {
        // A patience of its own: the request is over by then.
        let asking = self.redis.asking();
        tokio::spawn(async move {
            let put = Cmd::set_ex(key, value, lifetime.as_secs());
            asking
                .ask(async |mut connection| put.exec_async(&mut connection).await)
                .await;
        });
    }

    /// The number that a script answers for a key; none if there is no answer.
    pub async fn run(&self, script: &Script, key: &str, arguments: [u64; 2]) -> Option<i64> {
        let mut call = script.key(key);
        for argument in arguments {
            call.arg(argument);
        }
        self.ask(async |mut connection| call.invoke_async::<i64>(&mut connection).await)
            .await
    }

    fn left(&self) -> Duration {
        PATIENCE.saturating_sub(Duration::from_micros(self.spent.load(Ordering::Relaxed)))
    }

    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<T>,
    ) -> Option<T> {
        let state: &State = &self.redis.0.as_ref()?.state;
        let line = state.line()?;
        let left = self.left();
        if left.is_zero() {
            return None;
        }
        let asked = Instant::now();
        let answer = tokio::time::timeout(left, question(line.connection.clone())).await;
        let took = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.spent.fetch_add(took, Ordering::Relaxed);
        match answer {
            Ok(Ok(answer)) => {
                state.in_time();
                Some(answer)
            }
            Ok(Err(error)) => {
                state.failed(&line, &error);
                None
            }
            Err(_) => {
                state.late(&line);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_none_is_not_repeated() {
        for bad in [
            "http://:hush@127.0.0.1",
            "redis://:hush@:bad",
            "redis:///hush",
            "hush",
            "unix:///run/redis.sock?pass=hush",
        ] {
            let problem = bad.parse::<Address>().err();
            let problem = problem.unwrap_or_else(|| panic!("{bad} was taken"));
            assert!(!problem.contains("hush"), "{problem}");
        }
        let address: Address = "rediss://clinic:hush@redis.example.org/1".parse().unwrap();
        assert!(!format!("{address:?}").contains("hush"));
    }

    #[tokio::test]
    async fn without_a_redis_nothing_is_asked() {
        let redis = Redis::start(None).await;
        assert_eq!(redis.standing(), None);
        assert!(!redis.asking().is_answered());
        assert_eq!(redis.asking().get("anything").await, None);
    }
}
