//! What a key does with the selected appointment, and why it can't be done where it can't.

use clinic_shared::client::Plain;
use clinic_shared::desk::appointments::{Loss, Return, Status, Step};
use clinic_shared::desk::queue::{BoardRow, CallIn};

use crate::app::{Model, key_now};
use crate::command::{self, Availability};
use crate::effect::{Deed, Effect};
use crate::layers::Layer;
use crate::screens::book;
use crate::screens::deeds::{self, About};
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::here;
use crate::screens::list;
use crate::screens::place::Place;
use crate::screens::second;

/// What can be done with an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Confirm,
    CheckIn,
    Start,
    Complete,
    BackToWaiting,
    NoShow,
    Left,
    Cancel,
    Room,
    Priority,
    CallIn,
    Move,
    /// Take its last step back, whoever took it.
    TakeBack,
}

impl Act {
    /// How the appointment stands afterwards, if that changes.
    const fn leads_to(self) -> Option<Status> {
        match self {
            Act::Confirm => Some(Status::Confirmed),
            Act::CheckIn | Act::BackToWaiting => Some(Status::CheckedIn),
            Act::Start => Some(Status::Running),
            Act::Complete => Some(Status::Completed),
            Act::NoShow => Some(Status::NoShow),
            Act::Left => Some(Status::Left),
            Act::Cancel => Some(Status::Cancelled),
            Act::Room | Act::Priority | Act::CallIn | Act::Move | Act::TakeBack => None,
        }
    }

    /// What it is called in `… can't be …`.
    const fn done(self) -> &'static str {
        match self {
            Act::Confirm => "confirmed",
            Act::CheckIn => "checked in",
            Act::Start => "started",
            Act::Complete => "completed",
            Act::BackToWaiting => "sent back to the waiting room",
            Act::NoShow => "a no-show",
            Act::Left => "left",
            Act::Cancel => "cancelled",
            Act::Room => "given a room",
            Act::Priority => "given a priority",
            Act::CallIn => "called in",
            Act::Move => "moved",
            Act::TakeBack => "taken back",
        }
    }

    /// Whether it means something of an appointment that stands so.
    const fn fits(self, status: Status) -> bool {
        match (self, status) {
            // One goes back to the waiting room from the doctor only, and is checked in from
            // anywhere else.
            (Act::BackToWaiting, status) => matches!(status, Status::Running),
            (Act::CheckIn, Status::Running) => false,
            (Act::CallIn, status) => matches!(status, Status::CheckedIn),
            (Act::Room | Act::Priority, status) => {
                status.holds_time() && !matches!(status, Status::Completed)
            }
            (Act::Move, status) => matches!(status, Status::Pending | Status::Confirmed),
            (Act::TakeBack, _) => true,
            (act, status) => match act.leads_to() {
                Some(to) => status.may_become(to),
                None => true,
            },
        }
    }

    /// Whether it is done on the appointment's own day, not before.
    const fn is_of_the_day(self) -> bool {
        matches!(
            self,
            Act::CheckIn | Act::Start | Act::NoShow | Act::CallIn | Act::Complete
        )
    }
}

/// Whether this can be done with the selected appointment now.
pub(crate) fn may(model: &Model, act: Act) -> Availability {
    let Some(row) = here::row(model) else {
        return Availability::Disabled("No appointment is selected.".into());
    };
    match deeds::can_send(model) {
        Availability::Ok => {}
        cannot => return cannot,
    }
    if act == Act::Move && book::top(model).is_some() {
        return Availability::Disabled("First finish the booking that is open.".into());
    }
    if deeds::is_under_way(model, row.id) {
        return Availability::Disabled("The last step is still being saved.".into());
    }
    if !act.fits(row.status) {
        let status = row.status.in_words();
        let why = match act.leads_to() {
            Some(to) if to == row.status => format!("This appointment is {status} already."),
            _ => format!(
                "This appointment is {status}; it can't be {}.{}",
                act.done(),
                first(model, act, row.status)
            ),
        };
        return Availability::Disabled(why.into());
    }
    if act.is_of_the_day() && here::day(model) > model.today() {
        return Availability::Disabled("That can be done on the day itself only.".into());
    }
    Availability::Ok
}

/// What has to be done first, with its key: a sentence after another one.
fn first(model: &Model, act: Act, status: Status) -> String {
    let key = |name| command::find(name).and_then(|command| key_now(model, command));
    let with = |name| key(name).map_or_else(String::new, |key| format!(" ({key})"));
    match (act, status) {
        (Act::Complete, Status::CheckedIn) => {
            format!(" Start it first{}.", with("today.start"))
        }
        (Act::Complete, Status::Pending | Status::Confirmed) => format!(
            " Check it in{} and start it{} first.",
            with("today.check_in"),
            with("today.start")
        ),
        (Act::CallIn | Act::Left, Status::Pending | Status::Confirmed) => {
            format!(" Check it in first{}.", with("today.check_in"))
        }
        (Act::Cancel | Act::Left | Act::CheckIn, Status::Running) => {
            let back = with("today.back_to_waiting");
            format!(" Send them back to waiting first{back}.")
        }
        (Act::Move | Act::NoShow, Status::CheckedIn) => {
            format!(" Take the check-in back first{}.", with("today.take_back"))
        }
        (
            Act::Start | Act::CallIn | Act::Move | Act::Confirm | Act::CheckIn,
            Status::Completed | Status::Cancelled | Status::NoShow | Status::Left,
        ) => format!(" Take that back first{}.", with("today.take_back")),
        _ => String::new(),
    }
}

/// Whether the board is on top, not the record of an appointment.
pub(crate) fn at_board(model: &Model) -> Availability {
    match model.acting() {
        None => Availability::Ok,
        Some(_) => Availability::Disabled("Close the record first.".into()),
    }
}

/// Whether there is a doctor of whom it can be said that they run late.
pub(crate) fn has_doctor(model: &Model) -> Availability {
    match here::doctor(model) {
        Some(_) => deeds::can_send(model),
        None => Availability::Disabled("No appointment is selected.".into()),
    }
}

/// Does something that needs no words.
pub(crate) fn step(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(row) = here::row(model).cloned() else {
        return Vec::new();
    };
    if model.place == Place::Today && list::is_unchosen::<BoardRow>(model, &row.patient.full_name) {
        return Vec::new();
    }
    if act == Act::Start && second::ask(model, &row) {
        return Vec::new();
    }
    if act == Act::NoShow && ask_too_early(model, &row) {
        return Vec::new();
    }
    match deed(act, &row) {
        Some(deed) => deeds::send(model, deed, About::who(&row.patient.full_name)),
        None => Vec::new(),
    }
}

/// Asks whether somebody really does not come who is not due yet; answers whether it asked.
fn ask_too_early(model: &mut Model, row: &BoardRow) -> bool {
    let is_to_come = row.starts_at.is_some_and(|at| at > model.now);
    if !is_to_come {
        return false;
    }
    let (who, at) = (&row.patient.full_name, row.starts.as_deref());
    let text = format!("{who} is not due before {}.", at.unwrap_or_default());
    model.deeds.early = deed(Act::NoShow, row).map(|deed| (deed, who.clone()));
    let choices = vec![
        Choice::keep("Keep"),
        Choice::new("No-show", 'n', |model| match model.deeds.early.take() {
            // On the version that was asked about: what changed meanwhile refuses it.
            Some((deed, who)) => deeds::send(model, deed, About::who(&who)),
            None => Vec::new(),
        }),
    ];
    let dialog = Dialog::new("No-show already?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    true
}

fn deed(act: Act, row: &BoardRow) -> Option<Deed> {
    let (id, version) = (row.id, Some(row.version));
    let again = Return {
        version,
        overbook: None,
    };
    let loss = Loss {
        version,
        ..Loss::default()
    };
    let plain = |plain| Some(Deed::Plain(id, plain, Step { version }));
    match act {
        Act::Confirm => plain(Plain::Confirm),
        Act::Start => plain(Plain::Start),
        Act::Complete => plain(Plain::Complete),
        Act::BackToWaiting => plain(Plain::BackToWaiting),
        Act::CheckIn => Some(Deed::CheckIn(id, again)),
        Act::NoShow => Some(Deed::NoShow(id, loss)),
        Act::Left => Some(Deed::Left(id, loss)),
        Act::CallIn => Some(Deed::CallIn(
            id,
            CallIn {
                room: None,
                version,
            },
        )),
        Act::TakeBack => Some(Deed::Undo(id, again)),
        // These need words, or another screen.
        Act::Cancel | Act::Room | Act::Priority | Act::Move => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Act;
    use clinic_shared::desk::appointments::Status;

    /// Where each act can be done, in the order of [`Status::ALL`].
    #[test]
    fn every_act_fits_where_the_states_let_it() {
        let fits = |act: Act| {
            let signs = Status::ALL.iter().map(|status| act.fits(*status));
            signs
                .map(|fits| if fits { 'x' } else { '.' })
                .collect::<String>()
        };
        // pending, confirmed, checked in, running, completed, cancelled, no-show, left
        for (act, expected) in [
            (Act::Confirm, "x......."),
            (Act::CheckIn, "xx....x."),
            (Act::Start, "xxx....."),
            (Act::Complete, "...x...."),
            (Act::BackToWaiting, "...x...."),
            (Act::NoShow, "xx......"),
            (Act::Left, "..x....."),
            (Act::Cancel, "xxx....."),
            (Act::Room, "xxxx...."),
            (Act::Priority, "xxxx...."),
            (Act::CallIn, "..x....."),
            (Act::Move, "xx......"),
        ] {
            assert_eq!(fits(act), expected, "{act:?}");
        }
    }
}
