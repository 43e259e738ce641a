//! Where the answers of calls go.

use clinic_shared::client::Error;

use super::{Model, Session, Tone, link, session};
use crate::effect::{Answer, Call, Effect, Reply, Slot};
use crate::sanitize;
use crate::screens::doctors::verify;
use crate::screens::users::act;
use crate::screens::{
    away, book, contacts, deeds, letter, merge, patient_form, record, report, settings, staff,
    walk_in, windows,
};

/// Takes in the end of a call; one that is no longer awaited goes nowhere.
pub(super) fn land(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let Answer { slot, id, result } = answer;
    let Some(call) = model.flights.land(slot, id) else {
        return Vec::new();
    };
    let result = result.map(sanitize::reply).map_err(sanitize::error);
    if slot == Slot::Session {
        return session::land(model, call, result);
    }
    match result {
        Err(Error::SignedOut) => {
            session::ended(model, slot, call.clone());
            deliver(model, slot, call, Err(Error::SignedOut))
        }
        Err(Error::Unreachable(why)) => {
            link::lost(model, slot, call.clone(), why.clone());
            deliver(model, slot, call, Err(Error::Unreachable(why)))
        }
        result => {
            let mut effects = link::answered(model);
            effects.extend(deliver(model, slot, call, result));
            effects
        }
    }
}

fn deliver(model: &mut Model, slot: Slot, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
    match slot {
        Slot::List => model.place.list().landed(model, call, result),
        Slot::More => {
            model.place.list().more_landed(model, call, result);
            Vec::new()
        }
        Slot::Refresh => {
            model.place.list().renewed(model, call, result);
            Vec::new()
        }
        Slot::Record => {
            letter::looked(model, &result);
            record::landed(model, &call, result)
        }
        Slot::Visits | Slot::Merges | Slot::Waits => {
            record::story::landed(model, &call, &result);
            Vec::new()
        }
        Slot::Steps => {
            record::steps::landed(model, &call, result);
            Vec::new()
        }
        Slot::Twin => merge::landed(model, &call, result),
        Slot::Duplicates => patient_form::duplicates_landed(model, result),
        Slot::Save => patient_form::landed(model, &call, result),
        Slot::Verify => verify::landed(model, &call, result),
        Slot::Applied => {
            verify::applied(model, result);
            Vec::new()
        }
        Slot::Account => act::landed(model, &call, result),
        Slot::Link => {
            match result {
                // Whoever has covered the screen has not uncovered it by that.
                Ok(Reply::Me(_)) if model.session.is_locked() => {}
                Ok(Reply::Me(who)) => model.session = Session::In(who),
                Err(error @ (Error::Refused(_) | Error::Garbled(_))) => {
                    model.toast(Tone::Error, error.to_string());
                }
                _ => {}
            }
            Vec::new()
        }
        Slot::Deed => deeds::landed(model, result),
        Slot::Freed => {
            deeds::freed(model, &call, &result);
            Vec::new()
        }
        Slot::Inbox => contacts::acts::landed(model, result),
        Slot::History => {
            contacts::history_landed(model, result);
            Vec::new()
        }
        Slot::Staff => {
            staff::landed(model, result);
            Vec::new()
        }
        Slot::Plan | Slot::Leave => away::landed(model, call, result),
        Slot::Windows | Slot::Window => windows::landed(model, call, result),
        Slot::Report => {
            report::landed(model, &call, result);
            Vec::new()
        }
        Slot::Config => {
            settings::landed(model, &call, result);
            Vec::new()
        }
        Slot::People => {
            walk_in::found(model, &result);
            book::landed(model, slot, result)
        }
        Slot::Bookable | Slot::Terms | Slot::Slots | Slot::Day | Slot::Check => {
            book::landed(model, slot, result)
        }
        // What became of the old session is in the log: nobody can do anything about it.
        Slot::Session | Slot::Lock => Vec::new(),
    }
}
