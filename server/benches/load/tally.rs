//! What was asked, how long it took and what came back.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clinic_shared::client::Error;

/// All of it.
#[derive(Default)]
pub(crate) struct Tally {
    times: Mutex<BTreeMap<&'static str, Vec<Duration>>>,
    refusals: Mutex<BTreeMap<(&'static str, String), u64>>,
    /// Appointments that somebody made or changed: an event tells of each.
    pub(crate) touched: Mutex<BTreeSet<i64>>,
    changes: AtomicU64,
}

impl Tally {
    /// Makes one request of a kind.
    pub(crate) async fn time<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<T> {
        let started = Instant::now();
        let outcome = call.await;
        let took = started.elapsed();
        self.times
            .lock()
            .unwrap()
            .entry(what)
            .or_default()
            .push(took);
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                let told = match error.refused() {
                    Some(refused) => format!("{} {}", refused.status, refused.code),
                    None => error.to_string(),
                };
                *self
                    .refusals
                    .lock()
                    .unwrap()
                    .entry((what, told))
                    .or_default() += 1;
                None
            }
        }
    }

    /// Notes an appointment that was made or changed.
    pub(crate) fn touch(&self, id: i64) {
        self.touched.lock().unwrap().insert(id);
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// How many changes there were.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Prints the table.
    pub(crate) fn print(&self, took: Duration) {
        crate::support::head();
        let mut all = Vec::new();
        for (what, times) in self.times.lock().unwrap().iter() {
            all.extend(times.iter().copied());
            let times = times.clone();
            crate::support::told(what, vec![crate::support::Run { times, took }]);
        }
        crate::support::told("everything", vec![crate::support::Run { times: all, took }]);
        let refusals = self.refusals.lock().unwrap();
        for ((what, told), count) in refusals.iter() {
            println!("refused: {what}: {told}: {count}");
        }
        let faults: u64 = refusals
            .iter()
            .filter(|((_, told), _)| !told.starts_with('4'))
            .map(|(_, count)| count)
            .sum();
        println!("answers of 5xx, or none: {faults}");
    }
}
