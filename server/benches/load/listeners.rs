//! Who listens at every server, and whether they were told everything.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use clinic_shared::client::{Client, Events, Told};
use clinic_shared::v1::events::EventKind;
use tokio::task::JoinHandle;

use crate::house::House;
use crate::servers::Process;
use crate::tally::Tally;

/// Listeners at each server.
const EACH: usize = 5;

/// The id of an event, its kind and its object.
type Heard = (i64, EventKind, Option<i64>);

/// All of them.
pub(crate) struct Listening {
    over: Arc<AtomicBool>,
    reconnects: Arc<AtomicU64>,
    listeners: Vec<JoinHandle<Vec<Heard>>>,
}

/// Opens the streams, from now on.
pub(crate) async fn open(servers: &[Process], house: &House) -> Listening {
    let (over, reconnects) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let mut listeners = Vec::new();
    for server in servers {
        for _ in 0..EACH {
            let client = house.sign_in(0, &server.url).await;
            let stream = ready(&client, None).await;
            let (over, reconnects) = (Arc::clone(&over), Arc::clone(&reconnects));
            listeners.push(tokio::spawn(listen(client, stream, over, reconnects)));
        }
    }
    Listening {
        over,
        reconnects,
        listeners,
    }
}

async fn ready(client: &Client, last: Option<i64>) -> Events {
    for _ in 0..50 {
        if let Ok(stream) = client.events(last).await {
            return stream;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no stream can be opened");
}

async fn listen(
    client: Client,
    mut stream: Events,
    over: Arc<AtomicBool>,
    reconnects: Arc<AtomicU64>,
) -> Vec<Heard> {
    let mut told = Vec::new();
    loop {
        let word = tokio::time::timeout(Duration::from_secs(2), stream.next()).await;
        match word {
            // Silence, after the end.
            Err(_) if over.load(Ordering::Relaxed) => return told,
            Err(_) => {}
            Ok(Ok(Some(Told::Happened(id, event)))) => told.push((id, event.kind, event.object)),
            Ok(Ok(Some(Told::Reset(_)))) => panic!("a stream was told to load everything anew"),
            Ok(Ok(Some(Told::Ready(_) | Told::Alive))) => {}
            // The token ran out, or the stream broke: on from where it stood.
            Ok(_) => {
                reconnects.fetch_add(1, Ordering::Relaxed);
                let last = stream.last_id();
                stream = ready(&client, last).await;
            }
        }
    }
}

impl Listening {
    /// Compares what they were told with what was done, and with each other.
    pub(crate) async fn finish(self, tally: &Tally) {
        self.over.store(true, Ordering::Relaxed);
        let mut heard = Vec::new();
        for listener in self.listeners {
            heard.push(listener.await.unwrap());
        }
        let alike = heard.iter().all(|told| *told == heard[0]);
        let in_order = heard.iter().all(|told| told.is_sorted_by(|a, b| a.0 < b.0));
        let of: BTreeSet<i64> = heard[0]
            .iter()
            .filter(|(_, kind, _)| *kind == EventKind::Appointment)
            .filter_map(|(_, _, object)| *object)
            .collect();
        let lost = tally.touched.lock().unwrap().difference(&of).count();
        let count = heard[0].len() as u64;
        println!(
            "events: {count} told to each of {} listeners ({} reconnects), the same to all: {alike}, in order: {in_order}; \
             changes: {}; changed appointments that no event told of: {lost}",
            heard.len(),
            self.reconnects.load(Ordering::Relaxed),
            tally.changes(),
        );
        assert!(
            alike && in_order && lost == 0 && count >= tally.changes(),
            "events were lost"
        );
    }
}
