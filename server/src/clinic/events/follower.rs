//! One caller's stream: what they missed, from the database; then what happens, from the hub; until
//! their token runs out, their session ends, they read too slowly, or the server stops.

use std::collections::VecDeque;
use std::time::Duration;

use clinic_shared::v1::events::{EndReason, Event};
use serde_json::json;
use tokio::sync::watch;

use super::Happened;
use crate::auth::sessions::Stay;
use crate::clinic::appointments::Sight;
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::store::events as table;

/// The longest silence: then a comment says that the stream lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The longest replay. Whoever missed more loads everything anew, which is quicker.
const LONGEST_REPLAY: i64 = 10_000;
/// Events replayed from the database at once.
const PAGE: usize = 500;
/// Events taken from the hub at once.
const HANDFUL: usize = 64;

/// What a stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// What the client knows can't be brought up to date from where it stood: it loads everything
    /// anew, and what happens after this position follows.
    Reset(i64),
    /// Something that happened, with its position.
    Happened(i64, Event),
    /// What was missed has been told, up to this position; from now on it is told as it happens.
    Ready(i64),
    /// Nothing happened for a while.
    Alive,
    /// The last word.
    End(EndReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Replaying,
    Live,
    Over,
}

/// One caller's stream.
pub struct Follower {
    clinic: Clinic,
    sight: Sight,
    stay: Stay,
    /// Everything up to here was told, or is not theirs to see.
    position: i64,
    state: State,
    /// What will be told before anything else.
    next: VecDeque<Told>,
    told_at: Duration,
    read_to: watch::Receiver<Option<i64>>,
    moved: watch::Receiver<()>,
    closing: watch::Receiver<bool>,
}

/// Opens a caller's stream, from the id of the last event they saw.
///
/// # Errors
/// [`Refusal::Unauthenticated`] if the session ended a moment ago; the database's.
pub async fn follow(
    clinic: &Clinic,
    who: &Actor,
    bearer: &str,
    last_id: Option<&str>,
) -> Answer<Follower> {
    let stay = clinic.sessions.stay(bearer, clinic.clock.now())?;
    let mut moved = clinic.sessions.moved();
    // Asked once more now that an ending would be heard.
    moved.mark_changed();
    let mut read_to = clinic.events.read_to();
    // What the hub has not read when it begins, nobody is told as it happens.
    let begun = read_to.wait_for(Option::is_some).await;
    begun.map_err(Refusal::broken)?;
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of_reader(&mut reader, who).await?;
    let head = table::head(&mut reader).await?;
    drop(reader);
    let known = last_id.map(|id| id.trim().parse::<i64>().ok());
    let (position, state, first) = match known {
        None => (head.newest, State::Live, Told::Ready(head.newest)),
        Some(Some(id))
            if (head.purged..=head.newest).contains(&id) && head.newest - id <= LONGEST_REPLAY =>
        {
            (id, State::Replaying, Told::Alive)
        }
        Some(_) => (head.newest, State::Live, Told::Reset(head.newest)),
    };
    let next = match first {
        Told::Reset(_) => vec![first, Told::Ready(position)],
        _ => vec![first],
    };
    let detail = json!({});
    clinic.reads.note(who, "follow_events", None, detail).await;
    Ok(Follower {
        clinic: clinic.clone(),
        sight,
        stay,
        position,
        state,
        next: next.into(),
        told_at: clinic.clock.elapsed(),
        read_to,
        moved,
        closing: clinic.events.closing(),
    })
}

impl Follower {
    /// The next word, when there is one; none after the last.
    pub async fn next(&mut self) -> Option<Told> {
        if self.state == State::Over {
            return None;
        }
        let told = self.word().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a stream of events ends: the database can't be read");
            Told::End(EndReason::Closing)
        });
        if matches!(told, Told::End(_)) {
            self.state = State::Over;
        }
        self.told_at = self.clinic.clock.elapsed();
        Some(told)
    }

    async fn word(&mut self) -> Answer<Told> {
        loop {
            if let Some(reason) = self.ended().await? {
                return Ok(Told::End(reason));
            }
            if let Some(told) = self.next.pop_front() {
                return Ok(told);
            }
            match self.state {
                State::Replaying => self.replay().await?,
                State::Live | State::Over => {
                    self.read_to.mark_unchanged();
                    let Some(events) = self.clinic.events.after(self.position, HANDFUL) else {
                        return Ok(Told::End(EndReason::TooSlow));
                    };
                    self.take(&events);
                    if events.is_empty() && self.wait().await {
                        return Ok(Told::Alive);
                    }
                }
            }
        }
    }

    /// Why the stream must end now, if it must.
    async fn ended(&mut self) -> Answer<Option<EndReason>> {
        let now = self.clinic.clock.now();
        if *self.closing.borrow() {
            return Ok(Some(EndReason::Closing));
        }
        if now >= self.stay.until() {
            return Ok(Some(EndReason::TokenExpired));
        }
        // The sender lives as long as the clinic.
        if self.moved.has_changed().unwrap_or(true) {
            self.moved.mark_unchanged();
            if !self.clinic.sessions.may_stay(&self.stay, now).await? {
                return Ok(Some(EndReason::SessionEnded));
            }
        }
        Ok(None)
    }

    /// Reads one page of what was missed.
    async fn replay(&mut self) -> Answer<()> {
        let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let mut reader = self.clinic.db.read().await?;
        let rows = table::after(&mut reader, self.position, most).await?;
        // Asked after the rows: what the night's work took from between them shows.
        let head = table::head(&mut reader).await?;
        if self.position < head.purged {
            self.position = head.newest;
            self.state = State::Live;
            self.next.push_back(Told::Reset(head.newest));
            self.next.push_back(Told::Ready(head.newest));
            return Ok(());
        }
        let events: Vec<_> = rows.iter().filter_map(Happened::of).collect();
        self.take(&events);
        if let Some(last) = rows.last() {
            self.position = last.position;
        }
        let is_all = rows.len() < PAGE;
        if is_all && self.clinic.events.after(self.position, 0).is_some() {
            self.state = State::Live;
            self.next.push_back(Told::Ready(self.position));
        }
        Ok(())
    }

    /// Will tell those of these events that the caller sees.
    fn take(&mut self, events: &[Happened]) {
        for happened in events {
            self.position = happened.position;
            if happened.is_shown_to(self.sight) {
                let told = Told::Happened(happened.position, happened.event);
                self.next.push_back(told);
            }
        }
    }

    /// Waits until there may be something to say; true if it is time for a heartbeat.
    async fn wait(&mut self) -> bool {
        let clock = self.clinic.clock.clone();
        let heartbeat = self.told_at.saturating_add(HEARTBEAT);
        // Asked first, so that a clock that moves meanwhile is reached early rather than late.
        let elapsed = clock.elapsed();
        let left = (self.stay.until() - clock.now())
            .to_std()
            .unwrap_or_default();
        let end = elapsed.saturating_add(left);
        tokio::select! {
            _ = self.read_to.changed() => false,
            _ = self.moved.changed() => {
                // Looked into by `ended`.
                self.moved.mark_changed();
                false
            }
            _ = self.closing.changed() => false,
            () = clock.reach(heartbeat.min(end)) => heartbeat <= end,
        }
    }
}
