//! Whether the server answers, and when to ask again if it does not.

use chrono::TimeDelta;

use super::{Model, Tone, live};
use crate::clock::Now;
use crate::effect::{Call, Effect, Slot};
use crate::screens::{deeds, list, patient_form};

/// Seconds to wait before each next try; the last goes on for ever.
const WAITS: [i64; 6] = [1, 2, 4, 8, 15, 30];

/// The state of the connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Link {
    /// The last call was answered, or none was made.
    Up,
    /// The server did not answer.
    Down {
        /// Since when.
        since: Now,
        /// When it is asked again; none while it is being asked.
        next_try: Option<Now>,
        /// How often it was asked in vain.
        tries: usize,
        /// What went wrong, one sentence.
        why: String,
    },
}

impl Link {
    /// Why nothing can be written now, if that is so. When it is tried again, the banner says:
    /// it counts down, a message that stands for some seconds does not.
    pub(crate) const fn obstacle(&self) -> Option<&'static str> {
        match self {
            Link::Up => None,
            Link::Down { .. } => Some("The server does not answer."),
        }
    }

    /// When the countdown shows its next second, or the next try is due.
    pub(super) fn next_wake(&self, now: Now) -> Option<Now> {
        let Link::Down {
            next_try: Some(at), ..
        } = self
        else {
            return None;
        };
        let left = (*at - now).num_milliseconds();
        // At the next full second before the try; the try itself is one of them.
        let step = (left - 1).rem_euclid(1000) + 1;
        Some(now + TimeDelta::milliseconds(step.max(1)))
    }
}

/// Whole seconds until then, rounded up.
pub(crate) fn seconds(at: Now, now: Now) -> i64 {
    ((at - now).num_milliseconds().max(0) + 999) / 1000
}

/// Notes that a call got no answer. `call` is asked again later if it only reads.
pub(super) fn lost(model: &mut Model, slot: Slot, call: Call, why: String) {
    let now = model.now;
    let (since, tries) = match &model.link {
        Link::Up => (now, 0),
        // Several calls can be lost to one outage: only the try itself counts as another try.
        Link::Down {
            since,
            tries,
            next_try: Some(next_try),
            ..
        } => {
            let next_try = *next_try;
            model.link = Link::Down {
                since: *since,
                tries: *tries,
                next_try: Some(next_try),
                why,
            };
            miss(model, slot, call);
            return;
        }
        Link::Down { since, tries, .. } => (*since, *tries),
    };
    let wait = WAITS.get(tries).or(WAITS.last()).copied().unwrap_or(30);
    let next_try = Some(now + TimeDelta::seconds(wait));
    model.link = Link::Down {
        since,
        next_try,
        tries: tries + 1,
        why,
    };
    miss(model, slot, call);
}

fn miss(model: &mut Model, slot: Slot, call: Call) {
    if call.is_read() && !matches!(slot, Slot::Link | Slot::Refresh) {
        model.missed.insert(slot, call);
    }
}

/// Notes that the server answered; asks again what was missed while it did not.
pub(super) fn answered(model: &mut Model) -> Vec<Effect> {
    if model.link == Link::Up {
        return Vec::new();
    }
    model.link = Link::Up;
    model.toast(Tone::Done, "The server answers again.");
    let mut effects = model.abandon(Slot::Link);
    effects.extend(ask_missed(model));
    if !model.flights.is_flying(Slot::List) {
        effects.extend(list::refresh(model));
    }
    effects.extend(live::answered(model));
    effects.extend(deeds::again(model));
    effects.extend(patient_form::again(model));
    effects
}

/// Asks again what went unanswered.
pub(super) fn ask_missed(model: &mut Model) -> Vec<Effect> {
    std::mem::take(&mut model.missed)
        .into_iter()
        .map(|(slot, call)| model.call(slot, call))
        .collect()
}

/// The next try, if it is due.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    match model.link {
        Link::Down {
            next_try: Some(at), ..
        } if at <= model.now => try_now(model),
        _ => Vec::new(),
    }
}

/// Asks now whether the server is back.
pub(crate) fn try_now(model: &mut Model) -> Vec<Effect> {
    let Link::Down { next_try, .. } = &mut model.link else {
        return Vec::new();
    };
    if next_try.take().is_none() {
        return Vec::new();
    }
    // Nobody is signed in yet: the kept session is what to ask for.
    match model.missed.remove(&Slot::Session) {
        Some(call) => vec![model.call(Slot::Session, call)],
        None => vec![model.call(Slot::Link, Call::Me)],
    }
}
