//! How what was done last is taken back.

use super::{
    About, Appointment, Asked, Before, Cancel, CancelledBy, Deed, DoctorDay, Effect, Model,
    ReasonKind, Reschedule, Return, RunningLate, SetPriority, SetRoom, contacts, send,
};

/// Takes back what was done last.
pub(crate) fn undo(model: &mut Model) -> Vec<Effect> {
    match model.deeds.back.take() {
        Some(Asked { deed, about }) => send(model, deed, about),
        None => Vec::new(),
    }
}

/// Says what was done elsewhere than with an appointment, and notes how it is taken back.
pub(crate) fn can_be_undone(model: &mut Model, said: &str, deed: Deed, what: &str) {
    let about = About::who(what);
    contacts::acts::forget_back(model);
    model.deeds.back = Some(Asked { deed, about });
    model.toast_done(said);
}

/// How a deed is taken back, as things stand after it.
pub(super) fn back(asked: &Asked, now: &Appointment) -> Option<Asked> {
    let (id, version) = (now.id, Some(now.version));
    let deed = match (&asked.deed, &asked.about.before) {
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
