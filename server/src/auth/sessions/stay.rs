//! Callers who stay: an open stream must end when its session does, here or at another server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::{Sessions, refused};
use crate::auth::tokens::{Claims, TokenType};
use crate::clinic::Answer;

/// What let a caller in, to be asked again while they stay.
#[derive(Debug, Clone)]
pub struct Stay(Claims);

impl Stay {
    /// When the token runs out; a stay ends then.
    pub fn until(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.exp, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

/// Tells those who stay that sessions ended, perhaps theirs.
#[derive(Clone, Default)]
pub(super) struct Moved {
    told: watch::Sender<()>,
    /// The epoch that was told of last.
    epoch: Arc<AtomicU64>,
}

impl Moved {
    pub(super) fn tell(&self) {
        self.told.send_replace(());
    }
}

impl Sessions {
    /// The stay of a caller who was let in with this access token.
    ///
    /// # Errors
    /// [`crate::clinic::Refusal::Unauthenticated`].
    pub fn stay(&self, bearer: &str, now: DateTime<Utc>) -> Answer<Stay> {
        let claims = self.keys.check(bearer, TokenType::Access, now);
        claims.map(Stay).map_err(|error| refused(&error))
    }

    /// Whether they may stay: their token has not run out, and their session stands.
    ///
    /// # Errors
    /// The database's.
    pub async fn may_stay(&self, stay: &Stay, now: DateTime<Utc>) -> Answer<bool> {
        Ok(now < stay.until() && self.live(&stay.0, now).await?.is_some())
    }

    /// Changes when sessions have ended: whoever stays asks again then.
    pub fn moved(&self) -> watch::Receiver<()> {
        self.moved.told.subscribe()
    }

    /// Looks whether another process on an embedded database ended sessions, and tells those who
    /// stay; on PostgreSQL they are told by [`Sessions::heard`].
    pub fn look(&self) {
        if let Some(epoch) = self.epoch.now()
            && self.moved.epoch.swap(epoch, Ordering::AcqRel) != epoch
        {
            self.moved.tell();
        }
    }

    /// The listener has (or has lost) its connection: something may have been missed.
    pub fn set_listening(&self, yes: bool) {
        self.epoch.set_listening(yes);
        self.moved.tell();
    }

    /// The listener heard that sessions ended.
    pub fn heard(&self) {
        self.epoch.heard();
        self.moved.tell();
    }
}
