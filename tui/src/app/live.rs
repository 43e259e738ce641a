//! Being live: what happens at the clinic is heard of while somebody is signed in, and whatever is
//! open and may have changed is read again. Nothing polls.
//!
//! How a screen is hooked in:
//! - a list says in [`crate::screens::list::Listed::KINDS`] which events make its rows old;
//! - anything else that is open has a function `happened(&mut Model, &Event) -> Vec<Effect>`, with a
//!   line in [`LISTENERS`], and a function `reread(&mut Model) -> Vec<Effect>` for when something
//!   was missed, with a line in [`READERS`];
//! - what it reads again it asks for by [`want`], so that a burst of events is at most one call
//!   under way and one after it.

use std::time::Duration;

use chrono::TimeDelta;
use clinic_shared::client::{Error, Told};
use clinic_shared::v1::events::{EndReason, Event};
use uuid::Uuid;

use super::{Link, Model, link, session};
use crate::clock::Now;
use crate::effect::{Call, Effect, Heard, Slot, Word};
use crate::sanitize;
use crate::screens::{away, book, letter, list, merge, patient_form, record, windows};

/// Whom an event is told. What a list has to do with it says the list.
const LISTENERS: [fn(&mut Model, &Event) -> Vec<Effect>; 8] = [
    list::happened,
    record::happened,
    patient_form::happened,
    book::happened,
    windows::happened,
    away::happened,
    letter::happened,
    merge::happened,
];

/// What reads again all that is open, when it is not known what happened.
const READERS: [fn(&mut Model) -> Vec<Effect>; 8] = [
    list::reread,
    record::reread,
    patient_form::reread,
    book::reread,
    windows::reread,
    away::reread,
    letter::reread,
    merge::reread,
];

/// Seconds to wait before each next try to listen; the last goes on for ever. Each is cut by
/// chance to a half at most, so that all terminals of a clinic do not come at once.
const WAITS: [i64; 6] = [1, 2, 4, 8, 15, 30];

/// A stream that lasted so long was a good one: after it the waits begin anew.
const GOOD: TimeDelta = TimeDelta::seconds(10);

/// Reads something again.
type Ask = fn(&mut Model) -> Vec<Effect>;

/// Whether what is on the screen follows what happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    /// Nobody is signed in.
    Off,
    /// The stream is being opened, or tells what was missed.
    Replaying,
    /// What happens is seen at once.
    Live {
        /// Since when.
        since: Now,
    },
    /// The stream broke: what is on the screen may be old.
    Stale {
        /// Since when.
        since: Now,
        /// When it is opened again; none while that is tried.
        next_try: Option<Now>,
        /// Why, one sentence.
        why: String,
    },
    /// There was no stream: the screen is as good as the last look.
    Deaf {
        /// When it is tried again; none while that is tried, or where the server has none for us.
        next_try: Option<Now>,
        /// Why, one sentence.
        why: String,
    },
}

/// What is known of the stream.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) state: State,
    /// The stream that is listened to: words of an older one go nowhere.
    id: u64,
    /// The last event that was heard.
    last_id: Option<i64>,
    /// How often it was lost since it was good.
    tries: usize,
    /// What chance is made of.
    chance: u64,
    /// What is to be read again, once that can be.
    wanted: Vec<(Slot, Ask)>,
}

impl Live {
    /// Before anybody is signed in.
    pub(super) fn new(run: Uuid) -> Self {
        let (high, low) = run.as_u64_pair();
        Self {
            state: State::Off,
            id: 0,
            last_id: None,
            tries: 0,
            chance: high ^ low,
            wanted: Vec::new(),
        }
    }

    /// When the stream is opened again.
    pub(super) const fn next_wake(&self) -> Option<Now> {
        match &self.state {
            State::Stale { next_try, .. } | State::Deaf { next_try, .. } => *next_try,
            State::Off | State::Replaying | State::Live { .. } => None,
        }
    }

    /// The wait before the next try.
    fn wait(&mut self) -> TimeDelta {
        let longest = WAITS.get(self.tries).or(WAITS.last());
        let longest = longest.copied().unwrap_or(30) * 1000;
        self.tries += 1;
        // A step of a generator by Steele, Lea and Flood.
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let cut = i64::try_from((mixed >> 33) % 500).unwrap_or(0);
        TimeDelta::milliseconds(longest - longest * cut / 1000)
    }
}

/// After every message: opens the stream when somebody is signed in, closes it when nobody is any
/// more, opens a lost one when its time has come, and asks for what is to be read again.
pub(super) fn keep(model: &mut Model) -> Vec<Effect> {
    let mut effects = match (&model.live.state, model.session.is_in()) {
        (State::Off, true) => {
            model.live.state = State::Replaying;
            vec![open(model)]
        }
        (State::Off, false) => Vec::new(),
        (_, false) => {
            model.live.state = State::Off;
            model.live.id += 1;
            model.live.wanted.clear();
            vec![Effect::StopFollowing]
        }
        (_, true) if model.live.next_wake().is_some_and(|at| at <= model.now) => follow_now(model),
        (_, true) => Vec::new(),
    };
    effects.extend(ask_wanted(model));
    effects
}

fn open(model: &mut Model) -> Effect {
    model.live.id += 1;
    Effect::Follow {
        id: model.live.id,
        after: model.live.last_id,
    }
}

/// Opens a lost stream now. One that the server has not for us is asked for again, too: somebody
/// wants to know.
pub(crate) fn follow_now(model: &mut Model) -> Vec<Effect> {
    match &mut model.live.state {
        State::Stale { next_try, .. } => {
            if next_try.take().is_none() {
                return Vec::new();
            }
        }
        State::Deaf { next_try, .. } => *next_try = None,
        State::Off | State::Replaying | State::Live { .. } => return Vec::new(),
    }
    vec![open(model)]
}

/// The server answers again: a stream that was lost is opened at once.
pub(super) fn answered(model: &mut Model) -> Vec<Effect> {
    match model.live.next_wake() {
        Some(_) => follow_now(model),
        None => Vec::new(),
    }
}

/// Takes in what a stream said.
pub(super) fn heard(model: &mut Model, heard: Heard) -> Vec<Effect> {
    if heard.id != model.live.id || model.live.state == State::Off {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if let Word::Told(_) = heard.word {
        // Whoever tells something is there.
        effects.extend(link::try_now(model));
    }
    effects.extend(match heard.word {
        Word::Told(Told::Happened(id, event)) => {
            model.live.last_id = Some(id);
            catch_up(model);
            let listeners = LISTENERS.iter();
            listeners.flat_map(|tell| tell(model, &event)).collect()
        }
        Word::Told(Told::Reset(id)) => {
            model.live.last_id = Some(id);
            catch_up(model);
            reread(model)
        }
        Word::Told(Told::Ready(id)) => {
            model.live.last_id = Some(id);
            model.live.state = State::Live { since: model.now };
            // What is open was read before the stream stood.
            reread(model)
        }
        Word::Told(Told::Alive) => Vec::new(),
        Word::Told(Told::End(EndReason::SessionEnded)) | Word::Lost(Error::SignedOut) => {
            session::ended_elsewhere(model);
            Vec::new()
        }
        Word::Told(Told::End(EndReason::TokenExpired | EndReason::TooSlow))
            if lasted(model, TimeDelta::seconds(1)) =>
        {
            // The client trades the token; what happens meanwhile is replayed.
            model.live.state = State::Replaying;
            vec![open(model)]
        }
        Word::Told(Told::End(reason)) => {
            let why = match reason {
                EndReason::TokenExpired => "the sign-in keeps running out",
                EndReason::TooSlow => "this terminal is too slow for it",
                EndReason::SessionEnded | EndReason::Closing => "the server stops",
            };
            lost(model, why.to_owned(), None)
        }
        Word::Lost(error) => failed(model, sanitize::error(error)),
    });
    effects
}

/// What was missed is being told.
fn catch_up(model: &mut Model) {
    if !matches!(model.live.state, State::Live { .. }) {
        model.live.state = State::Replaying;
    }
}

fn lasted(model: &Model, time: TimeDelta) -> bool {
    matches!(model.live.state, State::Live { since } if model.now - since >= time)
}

/// The stream could not be opened, or broke.
fn failed(model: &mut Model, error: Error) -> Vec<Effect> {
    match error {
        Error::Refused(refused) if refused.status < 500 && refused.status != 429 => {
            // Not for this person, or the server has none: asking again changes nothing.
            model.live.state = State::Deaf {
                next_try: None,
                why: refused.detail,
            };
            Vec::new()
        }
        Error::Refused(refused) => lost(model, refused.detail, refused.retry_after),
        Error::Unreachable(why) => lost(model, why, None),
        error => lost(model, error.to_string(), None),
    }
}

/// The stream is gone, and is opened again later.
fn lost(model: &mut Model, why: String, not_before: Option<Duration>) -> Vec<Effect> {
    let now = model.now;
    if lasted(model, GOOD) {
        model.live.tries = 0;
    }
    let is_first = model.live.tries == 0;
    let wait = not_before.and_then(|wait| TimeDelta::from_std(wait).ok());
    let next_try = Some(now + model.live.wait().max(wait.unwrap_or_default()));
    let since = match &model.live.state {
        State::Stale { since, .. } => Some(*since),
        State::Live { .. } => Some(now),
        // Once it was heard, there is something to be behind of.
        State::Replaying if model.live.last_id.is_some() => Some(now),
        _ => None,
    };
    model.live.state = match since {
        Some(since) => State::Stale {
            since,
            next_try,
            why,
        },
        None => State::Deaf { next_try, why },
    };
    // Whether the server is away altogether, the banner says.
    let asks = is_first && model.link == Link::Up && !model.flights.is_flying(Slot::Link);
    asks.then(|| model.call(Slot::Link, Call::Me))
        .into_iter()
        .collect()
}

/// Reads again all that is open.
fn reread(model: &mut Model) -> Vec<Effect> {
    let readers = READERS.iter();
    readers.flat_map(|read| read(model)).collect()
}

/// Has something read again in a slot as soon as that can be: after the call that is under way
/// there, whose answer may be older than what happened.
pub(crate) fn want(model: &mut Model, slot: Slot, ask: Ask) -> Vec<Effect> {
    model.live.wanted.retain(|(other, _)| *other != slot);
    model.live.wanted.push((slot, ask));
    ask_wanted(model)
}

fn ask_wanted(model: &mut Model) -> Vec<Effect> {
    if !model.session.is_in() || model.link != Link::Up {
        return Vec::new();
    }
    let wanted = std::mem::take(&mut model.live.wanted);
    let mut effects = Vec::new();
    for (slot, ask) in wanted {
        let is_under_way =
            model.flights.is_flying(slot) && !model.flights.is_to_leave(slot, model.now);
        let is_busy =
            is_under_way || (slot == Slot::Refresh && model.flights.is_flying(Slot::List));
        if is_busy {
            model.live.wanted.push((slot, ask));
        } else {
            effects.extend(ask(model));
        }
    }
    effects
}
