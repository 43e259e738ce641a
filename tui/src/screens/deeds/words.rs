//! What a deed came to, in a sentence.

use clinic_shared::client::{Plain, Refused};
use clinic_shared::desk::appointments::{Appointment, CancelledBy};
use clinic_shared::desk::queue::{DoctorDay, Priority};

use super::{Asked, Before};
use crate::dates::Format;
use crate::effect::Deed;
use crate::labels;

/// What was done.
pub(super) fn done(asked: &Asked, now: &Appointment, dates: Format) -> String {
    let who = &now.patient.full_name;
    let when = labels::when(now, dates);
    let is_back = matches!(asked.about.before, Before::Undone);
    if is_back && matches!(asked.deed, Deed::Move(..)) {
        let when = when.replacen(", ", " ", 1);
        return format!("Taken back: {who} is at {when} again.");
    }
    match &asked.deed {
        Deed::CheckIn(..) | Deed::WalkIn(_) => match now.ticket {
            Some(ticket) => format!("{who} is checked in, ticket {ticket}."),
            None => format!("{who} is checked in."),
        },
        Deed::Plain(_, Plain::Confirm, _) => format!("{who} is confirmed."),
        Deed::Plain(_, Plain::Start, _) => format!("{who} is with {}.", now.doctor.full_name),
        Deed::Plain(_, Plain::Complete, _) => format!("{who} was seen."),
        Deed::Plain(_, Plain::BackToWaiting, _) => format!("{who} waits again."),
        Deed::Cancel(..) => match asked.about.before {
            Before::Waits => format!("Taken back: {who} is on the waiting list again."),
            Before::Asks | Before::Undone => format!("Taken back: {who} is not booked."),
            _ => format!("{who} is cancelled{}.", called_off(now)),
        },
        Deed::NoShow(..) => format!("{who} did not come."),
        Deed::Left(..) => format!("{who} left without being seen."),
        Deed::Undo(..) => format!("Taken back: {who} is {} again.", now.status.in_words()),
        Deed::Room(..) => {
            let where_to = match &now.room {
                Some(room) => format!("is seen in {room}"),
                None => "has no room now".to_owned(),
            };
            format!("{}{who} {where_to}.", taken_back(asked))
        }
        Deed::Priority(..) => {
            let when = match now.priority {
                Priority::Normal => "goes in their turn",
                Priority::Urgent => "is urgent now",
                Priority::Emergency => "is an emergency now",
            };
            format!("{}{who} {when}.", taken_back(asked))
        }
        Deed::CallIn(..) => {
            let ticket = now.ticket.map(|ticket| format!(" (ticket {ticket})"));
            let room = now.room.as_ref().map(|room| format!(" to {room}"));
            format!(
                "{who}{} is called in{}.",
                ticket.unwrap_or_default(),
                room.unwrap_or_default()
            )
        }
        Deed::Book(_) | Deed::BookContact(..) | Deed::TakeOffer(..) => {
            let doctor = &now.doctor.full_name;
            format!("Booked{}: {who}, {when}, {doctor}.", beside(now))
        }
        Deed::Move(..) => {
            let doctor = &now.doctor.full_name;
            format!("Moved{}: {who}, {when}, {doctor}.", beside(now))
        }
        Deed::RunLate(..)
        | Deed::Leave(_)
        | Deed::Windows(_)
        | Deed::Await(_)
        | Deed::Withdraw(..)
        | Deed::Offer(..)
        | Deed::SkipOffer(..)
        | Deed::Decide(_)
        | Deed::Merge(..)
        | Deed::Unmerge(..) => String::new(),
    }
}

/// ` beside another one`, where it stands so.
const fn beside(now: &Appointment) -> &'static str {
    match now.overbooked && !now.walk_in {
        true => " beside another one",
        false => "",
    }
}

/// `: by the patient, too ill to come`: what was stored of why.
fn called_off(now: &Appointment) -> String {
    let by = now.cancelled_by.map(|by| match by {
        CancelledBy::Patient => "by the patient".to_owned(),
        CancelledBy::Clinic => "by the clinic".to_owned(),
    });
    let why = now.reason_kind.map(|kind| labels::reason(kind).to_owned());
    let parts: Vec<String> = [by, why, now.cancel_reason.clone()]
        .into_iter()
        .flatten()
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(": {}", parts.join(", ")),
    }
}

/// How late a doctor runs now.
pub(super) fn late(asked: &Asked, day: &DoctorDay) -> String {
    let doctor = &day.doctor.full_name;
    let said = match day.late_minutes {
        0 => format!("{doctor} is on time again."),
        minutes => format!("{doctor} runs {minutes} minutes late."),
    };
    format!("{}{said}", taken_back(asked))
}

/// `Taken back: `, of what takes something back.
const fn taken_back(asked: &Asked) -> &'static str {
    match asked.about.before {
        Before::Undone => "Taken back: ",
        _ => "",
    }
}

/// Why not: everything that is in the way.
pub(crate) fn refused(refused: &Refused) -> String {
    if refused.reasons.is_empty() {
        let faults = refused.fields.0.values().flatten();
        let faults: Vec<&str> = faults.map(String::as_str).collect();
        return match faults.is_empty() {
            // It is loaded again as the server advises, without anybody's doing.
            true => match refused.detail.strip_suffix("; load it again.") {
                Some(what) => format!("{what}; look at it, then do it again."),
                None => refused.detail.clone(),
            },
            false => faults.join(" "),
        };
    }
    let reasons: Vec<&str> = refused
        .reasons
        .iter()
        .map(|reason| reason.detail.as_str())
        .collect();
    reasons.join(" ")
}
