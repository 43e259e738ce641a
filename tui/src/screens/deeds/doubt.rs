//! No answer came: a deed is asked about again under its key, which does it once.

use super::{Effect, Error, Link, Model, Now, TimeDelta, Tone, book, next, prompt, walk_in};

/// Seconds to wait before a deed that the server is still busy with is asked about again.
const WAITS: [i64; 5] = [2, 4, 8, 15, 30];

/// No answer came.
#[derive(Debug)]
pub(super) struct Doubt {
    /// How often it was asked in vain.
    pub(super) tries: usize,
    /// When it is asked again; none while it is, or while the server is away.
    pub(super) again_at: Option<Now>,
    /// Whether it is being asked.
    pub(super) is_asked: bool,
}

/// Whether it is not known what became of a deed: no answer, or not the last one.
pub(crate) fn is_unanswered<T>(result: &Result<T, Error>) -> bool {
    match result {
        Err(Error::Unreachable(_)) => true,
        Err(Error::Refused(refused)) => {
            refused.code == "in_progress" || matches!(refused.status, 502 | 504)
        }
        _ => false,
    }
}

/// Whether it was done is not known: it is asked again under its key, which does it once.
pub(super) fn doubt(model: &mut Model) {
    let now = model.now;
    let is_up = model.link == Link::Up;
    let tries = model.deeds.doubt.as_ref().map_or(0, |doubt| doubt.tries);
    let wait = WAITS.get(tries).or(WAITS.last()).copied().unwrap_or(30);
    let again_at = now + TimeDelta::seconds(wait);
    model.deeds.doubt = Some(Doubt {
        tries: tries + 1,
        // Of a server that is away the link says when it is back.
        again_at: is_up.then_some(again_at),
        is_asked: false,
    });
    let at = match &model.link {
        Link::Up => Some(again_at),
        Link::Down { next_try, .. } => *next_try,
    };
    let at = at.map(|at| format!(" at {}", at.format("%H:%M:%S")));
    let Some(sent) = model.deeds.queue.front() else {
        return;
    };
    let deed = sent.asked.deed.clone();
    let text = format!(
        "Not known whether it was done ({}): no answer. Asked again{}; it is done once.",
        deed.name(),
        at.unwrap_or_default()
    );
    let is_said = prompt::say(model, &deed, &text)
        || walk_in::say(model, &deed, &text)
        || book::say(model, &deed, &text);
    if !is_said {
        model.toast(Tone::Warning, text);
    }
}

/// What it is not known of whether it was done, in a word or two.
pub(crate) fn doubted(model: &Model) -> Option<&'static str> {
    model.deeds.doubt.as_ref()?;
    model.deeds.queue.front().map(|sent| sent.asked.deed.name())
}

/// Asks again what became of a deed, under the same key.
pub(crate) fn again(model: &mut Model) -> Vec<Effect> {
    if !model.session.is_in() {
        return Vec::new();
    }
    match &mut model.deeds.doubt {
        Some(doubt) if !doubt.is_asked => {
            doubt.again_at = None;
            doubt.is_asked = true;
            next(model)
        }
        _ => Vec::new(),
    }
}

/// Asks again, if it is time to.
pub(crate) fn due(model: &mut Model) -> Vec<Effect> {
    let at = model.deeds.doubt.as_ref().and_then(|doubt| doubt.again_at);
    match at {
        Some(at) if at <= model.now && model.link == Link::Up => again(model),
        _ => Vec::new(),
    }
}

/// When it is time to.
pub(crate) fn next_wake(model: &Model) -> Option<Now> {
    let at = model.deeds.doubt.as_ref()?.again_at?;
    (model.session.is_in() && at > model.now).then_some(at)
}
