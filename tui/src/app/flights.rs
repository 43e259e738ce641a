//! The calls that are under way: one a slot, each with an id of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Now;
use crate::effect::{Call, Slot};

/// A wait shorter than this is not shown: a screen that flickers "searching" helps nobody.
const NOTICEABLE: TimeDelta = TimeDelta::milliseconds(200);

#[derive(Debug)]
struct Flight {
    id: u64,
    call: Call,
    since: Now,
    /// Not before this it is sent.
    leaves: Now,
}

/// What was asked and not answered.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    flying: BTreeMap<Slot, Flight>,
    last_id: u64,
}

impl Flights {
    /// Notes a call in place of the slot's older one, which is sent after a while; answers its id.
    pub(crate) fn start(&mut self, slot: Slot, call: Call, now: Now, after: Duration) -> u64 {
        let after = TimeDelta::from_std(after).unwrap_or_default();
        self.last_id += 1;
        self.flying.insert(
            slot,
            Flight {
                id: self.last_id,
                call,
                since: now,
                leaves: now + after,
            },
        );
        self.last_id
    }

    /// Takes the call off the list if this is the one that is awaited.
    pub(crate) fn land(&mut self, slot: Slot, id: u64) -> Option<Call> {
        if self.flying.get(&slot)?.id != id {
            return None;
        }
        self.flying.remove(&slot).map(|flight| flight.call)
    }

    /// Forgets a slot's call; answers whether there was one.
    pub(crate) fn end(&mut self, slot: Slot) -> bool {
        self.flying.remove(&slot).is_some()
    }

    /// Whether a slot waits for an answer.
    pub(crate) fn is_flying(&self, slot: Slot) -> bool {
        self.flying.contains_key(&slot)
    }

    /// Whether a slot's call is not sent yet: its answer will know of what has happened by now.
    pub(crate) fn is_to_leave(&self, slot: Slot, now: Now) -> bool {
        self.flying
            .get(&slot)
            .is_some_and(|flight| now < flight.leaves)
    }

    /// The call that waits in a slot.
    pub(crate) fn call(&self, slot: Slot) -> Option<&Call> {
        self.flying.get(&slot).map(|flight| &flight.call)
    }

    /// Whether a slot has waited long enough to say so.
    pub(crate) fn is_slow(&self, slot: Slot, now: Now) -> bool {
        self.flying
            .get(&slot)
            .is_some_and(|flight| now - flight.since >= NOTICEABLE)
    }

    /// The slots that wait.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        self.flying.keys().copied().collect()
    }

    /// When the next wait becomes noticeable.
    pub(crate) fn next_wake(&self, now: Now) -> Option<Now> {
        self.flying
            .values()
            .map(|flight| flight.since + NOTICEABLE)
            .filter(|at| *at > now)
            .min()
    }
}
