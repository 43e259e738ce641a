//! One reader of events a server: it gives what has committed its place (PostgreSQL), keeps the
//! newest in memory, and wakes whoever follows.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Happened;
use crate::clinic::{Answer, Clinic};
use crate::store::events as table;
use crate::store::{Engine, notify};

/// The channel on which PostgreSQL tells that events got their positions.
pub const CHANNEL: &str = "event_placed";
/// The longest stretch without a look: for what another process on an embedded database did, and
/// for what a server committed that then died.
const SWEEP: Duration = Duration::from_secs(1);
/// Events read at once.
const PAGE: usize = 500;
/// Events kept in memory. Who is further behind than that reads too slowly.
const KEPT: usize = 4096;

/// What happened lately, for everybody who follows. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    /// Told when something committed.
    woken: watch::Sender<()>,
    /// How far the hub has read; none before its first look.
    read_to: watch::Sender<Option<i64>>,
    closing: watch::Sender<bool>,
    lately: Mutex<Lately>,
}

#[derive(Default)]
struct Lately {
    /// Everything after this position, up to where the hub has read, is in `events`.
    since: i64,
    events: VecDeque<Happened>,
}

impl Default for Hub {
    fn default() -> Self {
        Hub(Arc::new(Shared {
            woken: watch::Sender::new(()),
            read_to: watch::Sender::new(None),
            closing: watch::Sender::new(false),
            lately: Mutex::default(),
        }))
    }
}

impl Hub {
    /// Whom a transaction tells that it wrote events.
    pub(super) fn waker(&self) -> &watch::Sender<()> {
        &self.0.woken
    }

    /// Something may have happened that this process did not do.
    pub fn wake(&self) {
        self.0.woken.send_replace(());
    }

    /// Ends all streams: the server stops.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// How far the hub has read; none before its first look.
    pub(super) fn read_to(&self) -> watch::Receiver<Option<i64>> {
        self.0.read_to.subscribe()
    }

    /// Becomes true when the server stops.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// At most so many events after a position; none if that is further back than what is kept here.
    pub(super) fn after(&self, position: i64, most: usize) -> Option<Vec<Happened>> {
        let lately = self.lately();
        if position < lately.since {
            return None;
        }
        let seen = lately
            .events
            .partition_point(|happened| happened.position <= position);
        Some(
            lately
                .events
                .iter()
                .skip(seen)
                .take(most)
                .copied()
                .collect(),
        )
    }

    fn lately(&self) -> MutexGuard<'_, Lately> {
        self.0.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins here: what happened before is in the database only.
    fn begin(&self, position: i64) {
        self.lately().since = position;
        self.0.read_to.send_replace(Some(position));
    }

    /// Adds what was read, up to this position.
    fn add(&self, events: impl Iterator<Item = Happened>, read_to: i64) {
        let mut lately = self.lately();
        lately.events.extend(events);
        while lately.events.len() > KEPT {
            if let Some(gone) = lately.events.pop_front() {
                lately.since = gone.position;
            }
        }
        drop(lately);
        self.0.read_to.send_replace(Some(read_to));
    }
}

/// Reads what happens until the server stops.
pub async fn run(clinic: Clinic) {
    let mut woken = clinic.events.0.woken.subscribe();
    loop {
        woken.mark_unchanged();
        if let Err(error) = look(&clinic).await {
            tracing::warn!(%error, "events can't be read; trying again");
            tokio::time::sleep(SWEEP).await;
        }
        clinic.sessions.look();
        tokio::select! {
            _ = woken.changed() => {}
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// Reads everything that has happened since the last look.
async fn look(clinic: &Clinic) -> Answer<()> {
    let hub = &clinic.events;
    place(clinic).await?;
    let begun = *hub.0.read_to.borrow();
    let mut position = match begun {
        Some(position) => position,
        None => {
            let head = table::head(&mut clinic.db.read().await?).await?;
            hub.begin(head.newest);
            head.newest
        }
    };
    loop {
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let rows = table::after(&mut clinic.db.read().await?, position, most).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        position = last.position;
        hub.add(rows.iter().filter_map(Happened::of), position);
        if rows.len() < PAGE {
            return Ok(());
        }
        // Those who follow take what there is before more comes.
        tokio::task::yield_now().await;
    }
}

/// Gives what has committed its place, and tells the other servers. An embedded database does it
/// while writing.
async fn place(clinic: &Clinic) -> Answer<()> {
    if clinic.db.engine() == Engine::Sqlite
        || !table::any_without_position(&mut clinic.db.read().await?).await?
    {
        return Ok(());
    }
    let mut tx = clinic.db.begin().await?;
    if table::place(&mut tx).await? > 0 {
        notify::notify(&mut tx, CHANNEL, "").await?;
    }
    Ok(tx.commit().await?)
}
