//! What a patient waits for: their open entries of the waiting list. Where these can't be read, the
//! rest of the record stands without them.

use clinic_shared::desk::waitlist::{Urgency, Waiting};
use clinic_shared::v1::events::{Event, EventKind};
use uuid::Uuid;

use super::super::view::Lines;
use super::{DEBOUNCE, records};
use crate::app::{Model, want};
use crate::effect::{Call, Effect, PeopleCall, Slot};
use crate::screens::book::Goal;
use crate::theme::Role;

/// Asks what this patient waits for.
pub(super) fn ask(model: &mut Model, id: Uuid) -> Effect {
    let call = Call::People(PeopleCall::Waits(id));
    model.call_after(Slot::Waits, call, DEBOUNCE)
}

/// Something happened on the waiting list: what the patient of the open record waits for is read
/// again, if it was about them.
pub(in crate::screens::record) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let open = records(model).next().and_then(|record| record.patient());
    let is_theirs = open.is_some() && event.patient == open;
    match event.kind == EventKind::Waitlist && is_theirs {
        true => want(model, Slot::Waits, again),
        false => Vec::new(),
    }
}

fn again(model: &mut Model) -> Vec<Effect> {
    let open = records(model).next().and_then(|record| record.patient());
    open.map(|id| ask(model, id)).into_iter().collect()
}

/// Writes what they wait for, if they do.
pub(super) fn tell(model: &Model, waits: &[Waiting], out: &mut Lines) {
    if waits.is_empty() {
        return;
    }
    out.whole("On the waiting list", Role::Title);
    for entry in waits {
        out.item(&in_words(model, entry));
    }
    out.blank();
}

/// `Waits for Lise Meitner since 20 Nov, until 7 Dec; mornings only; urgent`.
fn in_words(model: &Model, entry: &Waiting) -> String {
    let dates = model.prefs.dates;
    let here = *model.clinic_now().offset();
    let since = entry.created_at.with_timezone(&here).date_naive();
    let mut text = format!(
        "Waits for {} since {}, until {}",
        Goal::from(entry).text(),
        dates.in_year(since),
        dates.in_year(entry.date_to)
    );
    if let Some(part) = entry.part_of_day {
        text.push_str(&format!("; {part}s only"));
    }
    text.push_str(match entry.urgency {
        Urgency::Routine => "",
        Urgency::Soon => "; should come soon",
        Urgency::Urgent => "; urgent",
    });
    if let Some(hold) = entry
        .hold
        .as_ref()
        .filter(|hold| hold.expires_at >= model.now)
    {
        let until = hold.expires_at.with_timezone(&here).format("%H:%M");
        let time = hold.starts.as_deref().unwrap_or("a time");
        let day = dates.short(hold.date);
        text.push_str(&format!("; {day}, {time} is kept until {until}"));
    }
    text
}
