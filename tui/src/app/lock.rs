//! The idle lock: after some minutes without a key the screen is covered until the password is
//! typed again. What lies beneath stays as it is, whatever was typed into it.

use chrono::TimeDelta;

use super::{Model, Session, toasts};
use crate::clock::Now;
use crate::command::Availability;
use crate::effect::{Call, Effect, Slot};
use crate::screens::signin;

/// When the lock is due, if it is to be.
fn due_at(model: &Model) -> Option<Now> {
    let minutes = i64::from(model.prefs.lock_minutes);
    (minutes > 0 && model.session.is_in()).then(|| model.touched + TimeDelta::minutes(minutes))
}

/// Covers the screen if nobody has touched it for long enough; answers what there is to do then.
pub(super) fn check(model: &mut Model) -> Vec<Effect> {
    match due_at(model) {
        Some(at) if at <= model.now => lock(model),
        _ => Vec::new(),
    }
}

/// When the screen is covered if nobody touches it.
pub(super) fn next_wake(model: &Model) -> Option<Now> {
    due_at(model)
}

/// Whether the screen can be covered.
pub(crate) fn available(model: &Model) -> Availability {
    if model.session.is_in() {
        Availability::Ok
    } else {
        Availability::Disabled("Nobody is signed in.".into())
    }
}

/// Covers the screen, and forgets the session: it takes the password to have one again.
pub(crate) fn lock(model: &mut Model) -> Vec<Effect> {
    let Session::In(who) = &model.session else {
        return Vec::new();
    };
    let call = Call::Lock {
        server: model.server.clone(),
        user: who.username.clone(),
    };
    model.session = Session::Locked(who.clone());
    model.pressed.clear();
    signin::open(model, None);
    vec![model.call(Slot::Lock, call)]
}

/// The screen is uncovered: what was said meanwhile can be read now.
pub(super) fn uncovered(model: &mut Model) {
    toasts::show_held(model);
}
