//! The table itself: a file a part of the screen.

mod accounts;
mod admin;
mod asking;
mod away;
mod board;
mod booking;
mod everywhere;
mod forms;
mod inbox;
mod layers;
mod own;
mod people;
mod places;
mod records;
mod waitlist;
mod windows;

use super::{Availability, Command, Scope, label};
use crate::app::Model;
use crate::effect::Effect;

/// Every command, in the order of the help.
pub fn all() -> impl Iterator<Item = &'static Command> + Clone {
    [
        board::COMMANDS,
        asking::COMMANDS,
        booking::COMMANDS,
        places::COMMANDS,
        waitlist::COMMANDS,
        inbox::COMMANDS,
        records::COMMANDS,
        people::COMMANDS,
        forms::COMMANDS,
        layers::COMMANDS,
        accounts::COMMANDS,
        admin::COMMANDS,
        away::COMMANDS,
        windows::COMMANDS,
        own::COMMANDS,
        everywhere::COMMANDS,
    ]
    .into_iter()
    .flatten()
}

/// What the commands have in common; name, title, doc and run are always given.
const EVERYWHERE: Command = Command {
    name: "",
    title: "",
    doc: "",
    also: "",
    keys: &[],
    scope: Scope::Global,
    footer: 0,
    short: "",
    label: |_| None,
    is_motion: false,
    available: |_| Availability::Ok,
    run: |_| Vec::new(),
};

/// Runs something that only moves about: there is nothing to do outside.
fn moved(model: &mut Model, go: impl FnOnce(&mut Model)) -> Vec<Effect> {
    go(model);
    Vec::new()
}
