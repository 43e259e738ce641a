//! How what was done last is taken back.

use super::{
    About, Appointment, Asked, Before, Cancel, CancelledBy, Deed, DoctorDay, Effect, Model,
    ReasonKind, Reschedule, Return, RunningLate, SetPriority, SetRoom, contacts, send,
};

/// How many steps can be taken back, one after the other.
const MOST: usize = 10;

/// Takes back what was done last, and the next time what was done before it.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    match model.deeds.back.pop() {
        Some(Asked { deed, about }) => send(model, deed, about),
        None => Vec::new(),
    }
}

impl Asked {
    /// Whether it takes something back.
    fn is_undo(&self) -> bool {
        let is_back = matches!(
            self.about.before,
            Before::Undone | Before::Waits | Before::Asks
        );
        is_back
            || matches!(
                self.deed,
                Deed::Undo(..) | Deed::Leave(_) | Deed::Windows(_)
            )
    }
}

/// What can be taken back after this was done, `before` it and by now. A step that can't be taken back
/// hides those before it: the key must not reach past it to somebody else. Of one appointment only the
/// last step is, for what came before it stood on another version.
pub(super) fn stack(asked: &Asked, mut before: Vec<Asked>, now: Vec<Asked>) -> Vec<Asked> {
    let same = asked.deed.appointment();
    let is_same = |other: &Asked| same.is_some() && other.deed.appointment() == same;
    if asked.is_undo() {
        before.retain(|other| !is_same(other));
        // Where nothing is left to take back, a booking that was taken back can be had again.
        return if before.is_empty() { now } else { before };
    }
    if now.is_empty() || before.iter().any(is_same) {
        return now;
    }
    before.extend(now);
    let surplus = before.len().saturating_sub(MOST);
    before.drain(..surplus);
    before
}

/// Says what was done elsewhere than with an appointment, and notes how it is taken back.
pub(crate) fn can_be_undone(model: &mut Model, said: &str, deed: Deed, what: &str) {
    let about = About::who(what);
    contacts::acts::forget_back(model);
    model.deeds.back = vec![Asked { deed, about }];
    model.toast_done(said);
}

/// How a deed is taken back, as things stand after it.
pub(super) fn back(asked: &Asked, now: &Appointment) -> Option<Asked> {
    let (id, version) = (now.id, Some(now.version));
    let deed = match (&asked.deed, &asked.about.before) {
        // Nobody can be put back into a time that the doctor, or the clinic, is not there.
        (
            Deed::Cancel(
                _,
                Cancel {
                    reason_kind: Some(ReasonKind::DoctorAway | ReasonKind::ClinicClosed),
                    ..
                },
            ),
            _,
        ) => return None,
        (
            Deed::CheckIn(..)
            | Deed::Plain(..)
            | Deed::Cancel(..)
            | Deed::NoShow(..)
            | Deed::Left(..),
            _,
        ) => Deed::Undo(
            id,
            Return {
                version,
                overbook: None,
            },
        ),
        (Deed::Room(..), Before::Room(room)) => Deed::Room(
            id,
            SetRoom {
                room: room.clone(),
                version,
            },
        ),
        (Deed::Priority(..), Before::Priority(priority)) => Deed::Priority(
            id,
            SetPriority {
                priority: *priority,
                reason: None,
                version,
            },
        ),
        (Deed::WalkIn(_) | Deed::Book(_) | Deed::BookContact(..) | Deed::TakeOffer(..), _) => {
            Deed::Cancel(
                id,
                Cancel {
                    by: CancelledBy::Clinic,
                    reason_kind: Some(ReasonKind::Mistake),
                    reason: None,
                    version,
                },
            )
        }
        (Deed::Move(..), Before::Place(place)) => {
            let place = Reschedule {
                version,
                ..(**place).clone()
            };
            Deed::Move(id, Box::new(place))
        }
        _ => return None,
    };
    let before = match &asked.deed {
        Deed::TakeOffer(..) => Before::Waits,
        Deed::BookContact(..) => Before::Asks,
        _ => Before::Undone,
    };
    let who = asked.about.who.clone();
    let about = About { who, before };
    Some(Asked { deed, about })
}

pub(super) fn back_to_time(asked: &Asked, day: &DoctorDay) -> Option<Asked> {
    let (Deed::RunLate(doctor, _), Before::Late(minutes, date)) =
        (&asked.deed, &asked.about.before)
    else {
        return None;
    };
    let body = RunningLate {
        minutes: *minutes,
        date: Some(*date),
        version: Some(day.version),
    };
    Some(Asked {
        deed: Deed::RunLate(*doctor, body),
        about: About::undone(&asked.about.who),
    })
}
