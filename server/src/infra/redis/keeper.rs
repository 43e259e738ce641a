//! Keeps the connection: connects, watches, gives up, connects again. While there is none, nobody
//! asks and nobody waits.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::PATIENCE;

/// How long connecting may take, in the background.
const CONNECT: Duration = Duration::from_secs(1);
/// How long to wait before the next attempt.
const AGAIN: Duration = Duration::from_millis(500);
/// The same at most, where a connection was made and did not last: a Redis that answers now and
/// then costs somebody's patience each time.
const AGAIN_AT_MOST: Duration = Duration::from_secs(8);
/// A connection that lived this long was a good one.
const LASTED: Duration = Duration::from_secs(10);
/// How often an idle connection is tried.
const WATCH: Duration = Duration::from_secs(1);
/// So many answers in a row that did not come in time, and nobody asks any more.
const LATE: u32 = 3;

/// Needs what the servers need: to run scripts, and to write.
const PROBE: &str = "return redis.call('SET', KEYS[1], '1', 'PX', 1000)";
const PROBE_KEY: &str = "clinic:probe";

/// A connection, and which one it is.
#[derive(Clone)]
pub(super) struct Line {
    number: u64,
    pub(super) connection: MultiplexedConnection,
}

/// What is known of the Redis.
#[derive(Default)]
pub(super) struct State {
    line: RwLock<Option<Line>>,
    late: AtomicU32,
    lost: Notify,
}

impl State {
    /// The connection, while there is one.
    pub(super) fn line(&self) -> Option<Line> {
        self.line
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// An answer came in time.
    pub(super) fn in_time(&self) {
        self.late.store(0, Ordering::Relaxed);
    }

    /// An answer did not come in time.
    pub(super) fn late(&self, line: &Line) {
        if self.late.fetch_add(1, Ordering::Relaxed) + 1 >= LATE {
            self.lose(line, "it is too slow");
        }
    }

    /// An answer was an error.
    pub(super) fn failed(&self, line: &Line, error: &RedisError) {
        self.lose(line, &reason(error));
    }

    /// Nobody asks over this connection any more.
    fn lose(&self, line: &Line, reason: &str) {
        let mut current = self.line.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().map(|line| line.number) != Some(line.number) {
            // Somebody else said so already.
            return;
        }
        *current = None;
        drop(current);
        tell_away(reason);
        self.lost.notify_one();
    }

    /// From now on everybody asks over this connection.
    fn have(&self, line: &Line) {
        self.late.store(0, Ordering::Relaxed);
        *self.line.write().unwrap_or_else(PoisonError::into_inner) = Some(line.clone());
        tracing::info!("Redis answers: limits and public lists are shared");
    }
}

fn tell_away(reason: &str) {
    tracing::warn!(
        reason,
        "Redis is away: each server counts for itself, lists come from the database"
    );
}

/// What went wrong, without the server's words: they may repeat what was sent, the password too.
fn reason(error: &RedisError) -> String {
    match error.code() {
        Some(code) => format!("{} ({code})", error.category()),
        None => error.category().to_owned(),
    }
}

/// The state, and the task that keeps it; the task ends with this.
pub(super) struct Keeper {
    pub(super) state: Arc<State>,
    task: AbortHandle,
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Keeper {
    /// Tries once, then keeps trying in the background.
    pub(super) async fn start(client: Client) -> Self {
        let state = Arc::<State>::default();
        let first = open(&client, 0).await;
        match &first {
            Ok(line) => state.have(line),
            Err(reason) => tell_away(reason),
        }
        let task = tokio::spawn(keep(client, Arc::clone(&state), first.ok()));
        Keeper {
            state,
            task: task.abort_handle(),
        }
    }
}

async fn keep(client: Client, state: Arc<State>, mut line: Option<Line>) {
    let mut number = 0;
    let mut pause = AGAIN;
    loop {
        if let Some(line) = line.take() {
            let since = Instant::now();
            watch(&state, &line).await;
            pause = match since.elapsed() < LASTED {
                true => (pause * 2).min(AGAIN_AT_MOST),
                false => AGAIN,
            };
            tokio::time::sleep(pause).await;
        }
        number += 1;
        match open(&client, number).await {
            Ok(opened) => {
                state.have(&opened);
                line = Some(opened);
            }
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}

/// Until the connection is lost.
async fn watch(state: &State, line: &Line) {
    loop {
        tokio::select! {
            () = state.lost.notified() => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        let mut connection = line.connection.clone();
        match tokio::time::timeout(CONNECT, probe(&mut connection)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => state.failed(line, &error),
            Err(_) => state.lose(line, "it is too slow"),
        }
    }
}

/// A connection over which answers come in time.
async fn open(client: &Client, number: u64) -> Result<Line, String> {
    let settings = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(CONNECT));
    let opening = async {
        let mut connection = client
            .get_multiplexed_async_connection_with_config(&settings)
            .await
            .map_err(|error| reason(&error))?;
        // The first one loads the script.
        let first = probe(&mut connection).await;
        first.map_err(|error| reason(&error))?;
        match tokio::time::timeout(PATIENCE, probe(&mut connection)).await {
            Ok(Ok(())) => Ok(Line { number, connection }),
            Ok(Err(error)) => Err(reason(&error)),
            Err(_) => Err("it is too slow".to_owned()),
        }
    };
    tokio::time::timeout(CONNECT, opening)
        .await
        .unwrap_or_else(|_| Err("it does not answer".to_owned()))
}

async fn probe(connection: &mut MultiplexedConnection) -> redis::RedisResult<()> {
    Script::new(PROBE)
        .key(PROBE_KEY)
        .invoke_async(connection)
        .await
}
