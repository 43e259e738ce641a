//! Narrowing a list to some of its rows: the filter goes round, one key on, one key back, and Esc
//! takes it off.

use std::time::Duration;

use clinic_shared::desk::waitlist::WaitingStatus;
use clinic_shared::desk::{appointments, audit, contacts};
use clinic_shared::v1::qualifications::Decision;
use ratatui::layout::Rect;

use super::finder;
use super::list;
use super::place::Place;
use super::today;
use crate::app::{Model, Target, Tone};
use crate::command;
use crate::effect::Effect;
use crate::labels;
use crate::theme::Role;
use crate::widgets::canvas::Canvas;

/// What the filter of the place lets through, in a word or two; none: everything.
pub(crate) fn shown(model: &Model) -> Option<&'static str> {
    match model.place {
        Place::Today => model.today.status.map(labels::status),
        Place::Patients | Place::Queue => None,
        Place::Doctors => model.doctors.verified.map(|is_verified| {
            if is_verified {
                "verified"
            } else {
                "waiting to be verified"
            }
        }),
        Place::Contacts => model.contacts.status.map(labels::contact_status),
        Place::Users => model.users.role.map(clinic_shared::Role::as_str),
        Place::Sessions => None,
        Place::Waitlist => model.waitlist.status.map(WaitingStatus::as_str),
        Place::Decisions => model.decisions.status.map(Decision::as_str),
        Place::Audit => model.audit.shown(),
    }
}

/// Goes on to the next filter, or back; after the last one comes everything.
pub(crate) fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    match model.place {
        Place::Today => {
            model.today.status = next(appointments::Status::ALL, model.today.status, forward);
            // The whole day is known.
            today::reshape(model);
        }
        Place::Doctors => {
            model.doctors.verified = next(&[false, true], model.doctors.verified, forward);
        }
        Place::Contacts => {
            model.contacts.status = next(contacts::Status::ALL, model.contacts.status, forward);
            model.contacts.show = contacts::Show::All;
        }
        Place::Users => {
            model.users.role = next(clinic_shared::Role::ALL, model.users.role, forward);
        }
        Place::Waitlist => {
            model.waitlist.status = next(WaitingStatus::ALL, model.waitlist.status, forward);
        }
        Place::Decisions => {
            model.decisions.status = next(Decision::ALL, model.decisions.status, forward);
        }
        Place::Audit => {
            let kind = model.audit.asked.kind;
            model.audit.asked.kind = next(audit::Kind::ALL, kind, forward);
        }
        Place::Patients | Place::Queue | Place::Sessions => return Vec::new(),
    }
    asked(model, list::DEBOUNCE)
}

/// Takes the filter off and empties the search field: everything is shown.
pub(crate) fn clear(model: &mut Model) -> Vec<Effect> {
    if model.place == Place::Contacts {
        return contacts_anew(model);
    }
    let was = shown(model).is_some();
    match model.place {
        Place::Today => {
            model.today.status = None;
            model.today.finder.input.reset();
            today::reshape(model);
        }
        Place::Doctors => model.doctors.verified = None,
        Place::Users => model.users.role = None,
        Place::Waitlist => model.waitlist.status = None,
        Place::Decisions => model.decisions.status = None,
        Place::Audit => model.audit.clear(),
        Place::Contacts | Place::Patients | Place::Queue | Place::Sessions => {}
    }
    let mut effects = finder::clear(model);
    if was && effects.is_empty() {
        effects = asked(model, Duration::ZERO);
    }
    effects
}

/// Goes back to the new requests, all of them: the selected one stays selected, if it is one of
/// them. Where they are on the screen already, nothing comes but a word of it.
fn contacts_anew(model: &mut Model) -> Vec<Effect> {
    let is_new = model.contacts.status.is_none() && model.contacts.show == contacts::Show::New;
    if is_new && model.contacts.finder.search().is_none() {
        model.toast(Tone::Info, "All new requests are shown already.");
        return Vec::new();
    }
    model.contacts.status = None;
    model.contacts.show = contacts::Show::New;
    model.contacts.finder.input.reset();
    model.contacts.list.keep_next();
    asked(model, Duration::ZERO)
}

/// Whether only a part of the inbox is looked at.
fn is_view(model: &Model) -> bool {
    model.place == Place::Contacts && model.contacts.show != contacts::Show::All
}

fn asked(model: &mut Model, after: Duration) -> Vec<Effect> {
    let list = model.place.list();
    list.forget_enter(model);
    list.ask(model, after)
}

/// The one after this in the round of all and none.
fn next<T: Copy + PartialEq>(all: &[T], now: Option<T>, forward: bool) -> Option<T> {
    let at = now.and_then(|now| all.iter().position(|other| *other == now));
    match (at, forward) {
        (None, true) => all.first().copied(),
        (None, false) => all.last().copied(),
        (Some(at), true) => all.get(at + 1).copied(),
        (Some(at), false) => at.checked_sub(1).and_then(|at| all.get(at)).copied(),
    }
}

/// Draws what the list is about and, if it is narrowed, to what; a click on that goes on.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, right: u16, text: &str) {
    let room = Rect {
        width: right.saturating_sub(area.x + 2),
        ..area
    };
    let x = canvas.put(room, area.x + 1, text, Role::Title);
    let mut said = match shown(canvas.model) {
        Some(shown) => format!("only {shown}"),
        None if is_view(canvas.model) => canvas.model.contacts.show.to_string(),
        None => "all".to_owned(),
    };
    if canvas.model.place == Place::Today && canvas.model.today.by_doctor {
        said.push_str(", by doctor");
    }
    let dot = canvas.glyphs.dot;
    let from = x + 1;
    let x = canvas.put(room, from, &format!("{dot} {said}"), Role::Text);
    let filter = match canvas.model.place {
        Place::Today => "today.filter",
        _ => "contacts.filter",
    };
    if let Some(command) = command::find(filter) {
        let spot = Rect {
            x: from,
            width: x.saturating_sub(from),
            ..area
        };
        canvas.hit(spot, Target::Command(command));
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_round_comes_back_to_everything() {
        let all = ['a', 'b'];
        assert_eq!(next(&all, None, true), Some('a'));
        assert_eq!(next(&all, Some('a'), true), Some('b'));
        assert_eq!(next(&all, Some('b'), true), None);
        assert_eq!(next(&all, None, false), Some('b'));
        assert_eq!(next(&all, Some('a'), false), None);
    }
}
