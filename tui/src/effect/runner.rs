//! Runs calls beside the loop, one a slot, and brings back what came of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use clinic_shared::client::{Client, Error};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::{Answer, Effect, ExitReason, Heard, Reply, Slot, follow};
use crate::credentials::CredentialStore;
use crate::log::Ring;
use crate::profiles::Profiles;
use crate::term;

/// What comes back to the loop from the runner.
#[derive(Debug)]
pub(crate) enum Arrival {
    Answer(Answer),
    Heard(Heard),
    Log(Vec<String>),
}

/// Does what the model wants.
pub(crate) struct Runner {
    desk: Desk,
    log: Ring,
    arrivals: UnboundedSender<Arrival>,
    running: BTreeMap<Slot, AbortHandle>,
    following: Option<AbortHandle>,
}

/// What the calls need; cheap to clone into a task.
#[derive(Clone)]
pub(super) struct Desk {
    client: Arc<RwLock<Option<Client>>>,
    pub(super) credentials: Arc<dyn CredentialStore>,
    pub(super) profiles: Arc<Mutex<Profiles>>,
    /// Sent with what this call sends.
    key: Option<String>,
}

impl Runner {
    pub(crate) fn new(
        client: Option<Client>,
        credentials: Arc<dyn CredentialStore>,
        profiles: Profiles,
        log: Ring,
        arrivals: UnboundedSender<Arrival>,
    ) -> Self {
        let client = Arc::new(RwLock::new(client));
        let desk = Desk {
            client,
            credentials,
            profiles: Arc::new(Mutex::new(profiles)),
            key: None,
        };
        Self {
            desk,
            log,
            arrivals,
            running: BTreeMap::new(),
            following: None,
        }
    }

    /// Starts an effect; answers the reason if it is to leave the loop.
    pub(crate) fn start(&mut self, effect: Effect) -> Option<ExitReason> {
        match effect {
            Effect::Exit(reason) => return Some(reason),
            Effect::Abort(slot) => self.abort(slot),
            Effect::Follow { id, after } => {
                self.stop_following();
                let client = self.desk.client();
                let arrivals = self.arrivals.clone();
                let task = tokio::spawn(follow::follow(client, id, after, arrivals));
                self.following = Some(task.abort_handle());
            }
            Effect::StopFollowing => self.stop_following(),
            Effect::Mouse(on) => {
                if let Err(error) = term::take_mouse(on) {
                    tracing::warn!(%error, "the terminal can't be told about the mouse");
                }
            }
            Effect::ReadLog => {
                // Fails only when the loop has ended, and then nobody waits for it.
                let _ = self.arrivals.send(Arrival::Log(self.log.lines()));
            }
            Effect::Call {
                slot,
                id,
                call,
                after,
                key,
            } => {
                self.abort(slot);
                let desk = Desk {
                    key,
                    ..self.desk.clone()
                };
                let arrivals = self.arrivals.clone();
                let task = tokio::spawn(async move {
                    if !after.is_zero() {
                        tokio::time::sleep(after).await;
                    }
                    let name = call.name();
                    let begun = Instant::now();
                    let result = desk.call(*call).await;
                    report(name, begun.elapsed(), &result);
                    let _ = arrivals.send(Arrival::Answer(Answer { slot, id, result }));
                });
                self.running.insert(slot, task.abort_handle());
            }
        }
        None
    }

    fn stop_following(&mut self) {
        if let Some(task) = self.following.take() {
            task.abort();
        }
    }

    fn abort(&mut self, slot: Slot) {
        if let Some(task) = self.running.remove(&slot) {
            task.abort();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        for task in self.running.values().chain(&self.following) {
            task.abort();
        }
    }
}

/// One line in the log a call: what, how long, how it ended; nothing of whom.
fn report(name: &str, took: Duration, result: &Result<Reply, Error>) {
    let ms = took.as_millis();
    match result {
        Ok(_) => tracing::info!(ms, "{name}: done"),
        Err(Error::Refused(refused)) => {
            tracing::warn!(
                ms,
                status = refused.status,
                code = refused.code,
                "{name}: refused"
            );
        }
        Err(Error::SignedOut) => tracing::info!(ms, "{name}: not signed in"),
        Err(error) => tracing::warn!(ms, %error, "{name}: failed"),
    }
}

impl Desk {
    pub(super) fn client(&self) -> Result<Client, Error> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner);
        let client = client.clone().ok_or(Error::SignedOut)?;
        Ok(match &self.key {
            Some(key) => client.under_key(key),
            None => client,
        })
    }

    pub(super) fn use_client(&self, client: Option<Client>) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }
}
