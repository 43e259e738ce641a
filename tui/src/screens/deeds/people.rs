//! What was done with records: two made one, and parted again.

use clinic_shared::desk::merging::{Merged, Unmerged};
use clinic_shared::desk::waitlist::{Waiting, WaitingStatus};

use super::{About, Asked};
use crate::app::Model;
use crate::effect::{Deed, PeopleReply};
use crate::screens::{record, waitlist};

/// Shows what came of it everywhere; answers it in a sentence, if it was a deed.
pub(super) fn done(model: &mut Model, asked: &Asked, reply: &PeopleReply) -> Option<String> {
    match reply {
        PeopleReply::Merged(tagged) => {
            let Merged { merge, patient } = &tagged.value;
            let other = &merge.other;
            record::patient::took_in(model, patient, tagged.etag.as_deref(), other.id);
            record::story::merged(model, patient.id, merge);
            model.deeds.back = vec![Asked {
                deed: Deed::Unmerge(patient.id, merge.id),
                about: About::who(&asked.about.who),
            }];
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
            model.deeds.back.clear();
            Some(format!(
                "Parted: {} {} stands by itself again.",
                restored.record_number, restored.full_name
            ))
        }
        PeopleReply::Waiting(entry) => {
            waitlist::saved(model, entry);
            Some(waiting(model, asked, entry))
        }
        PeopleReply::WaitingList(_)
        | PeopleReply::Visits(_)
        | PeopleReply::Merges(_)
        | PeopleReply::Steps(_)
        | PeopleReply::Preview(_)
        | PeopleReply::Candidates(_) => None,
    }
}

/// What became of an entry of the waiting list, in a sentence.
fn waiting(model: &mut Model, asked: &Asked, entry: &Waiting) -> String {
    let who = &entry.patient.full_name;
    let is_waiting = entry.status == WaitingStatus::Waiting;
    let is_new = matches!(asked.deed, Deed::Await(_));
    let back = (is_new && is_waiting).then(|| Asked {
        deed: Deed::Withdraw(entry.id, entry.version),
        about: About::who(who),
    });
    model.deeds.back = back.into_iter().collect();
    let until = model.prefs.dates.in_year(entry.date_to);
    match (&asked.deed, &entry.hold, &entry.doctor) {
        (_, _, _) if !is_waiting => format!("{who} waits no longer."),
        (Deed::Offer(..), Some(hold), _) => {
            let offset = *model.clinic_now().offset();
            let kept = hold.expires_at.with_timezone(&offset).format("%H:%M");
            let day = model.prefs.dates.short(hold.date);
            let time = hold.starts.as_deref().unwrap_or("a time");
            format!("Kept until {kept} for {who}: {day}, {time}. Ask them now.")
        }
        (Deed::SkipOffer(..), ..) => format!("{who} goes on waiting; the time is free again."),
        (_, _, Some(doctor)) => format!("{who} waits for {}, until {until}.", doctor.full_name),
        (_, _, None) => format!("{who} waits, until {until}."),
    }
}
