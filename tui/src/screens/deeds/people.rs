//! What was done with records: two made one, and parted again.

use clinic_shared::desk::merging::{Merged, Unmerged};
use clinic_shared::desk::waitlist::WaitingStatus;

use super::{About, Asked};
use crate::app::Model;
use crate::effect::{Deed, PeopleReply};
use crate::screens::record;

/// Shows what came of it everywhere; answers it in a sentence, if it was a deed.
pub(super) fn done(model: &mut Model, asked: &Asked, reply: &PeopleReply) -> Option<String> {
    match reply {
        PeopleReply::Merged(tagged) => {
            let Merged { merge, patient } = &tagged.value;
            let other = &merge.other;
            record::patient::took_in(model, patient, tagged.etag.as_deref(), other.id);
            record::story::merged(model, patient.id, merge);
            model.deeds.back = Some(Asked {
                deed: Deed::Unmerge(patient.id, merge.id),
                about: About::who(&asked.about.who),
            });
            Some(format!(
                "Merged: {} {} is part of {} now.",
                other.record_number, other.full_name, patient.record_number
            ))
        }
        PeopleReply::Unmerged(tagged) => {
            let Unmerged {
                merge,
                patient,
                restored,
            } = &tagged.value;
            record::patient::saved(model, patient, tagged.etag.as_deref());
            record::story::merged(model, patient.id, merge);
            model.deeds.back = None;
            Some(format!(
                "Parted: {} {} stands by itself again.",
                restored.record_number, restored.full_name
            ))
        }
        PeopleReply::Waiting(entry) => {
            let who = &entry.patient.full_name;
            let is_waiting = entry.status == WaitingStatus::Waiting;
            model.deeds.back = is_waiting.then(|| Asked {
                deed: Deed::Withdraw(entry.id),
                about: About::who(who),
            });
            let until = entry.date_to.format("%-d %b");
            Some(match (is_waiting, &entry.doctor) {
                (false, _) => format!("{who} waits no longer."),
                (true, Some(doctor)) => {
                    format!("{who} waits for {}, until {until}.", doctor.full_name)
                }
                (true, None) => format!("{who} waits, until {until}."),
            })
        }
        PeopleReply::Visits(_) | PeopleReply::Merges(_) | PeopleReply::Preview(_) => None,
    }
}
