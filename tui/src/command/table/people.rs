//! Commands of what is done with people: two records made one.

use super::{EVERYWHERE, label, moved};
use crate::command::{Command, Scope};
use crate::screens::merge;

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "merge.enter",
        title: "Go on",
        doc: "Takes the selected record; then asks whether the two are to be merged.",
        keys: &["enter"],
        footer: 1,
        label: label::merge,
        available: merge::can_enter,
        run: merge::enter,
        ..MERGE
    },
    Command {
        name: "merge.side",
        title: "The other value",
        doc: "Lets the other record's value of the selected field stay.",
        keys: &["space", "tab"],
        footer: 2,
        short: "Other value",
        available: merge::can_choose,
        run: merge::other_side,
        ..MERGE
    },
    Command {
        name: "merge.swap",
        title: "Swap",
        doc: "Lets the other record stay, and this one go into it.",
        keys: &["s"],
        footer: 3,
        available: merge::can_swap,
        run: merge::swap,
        ..MERGE
    },
    Command {
        name: "merge.down",
        title: "Down",
        doc: "Selects the next record, or the next field.",
        keys: &["down", "ctrl-n", "alt-j", "j"],
        is_motion: true,
        run: |model| moved(model, |model| merge::step(model, 1)),
        ..MERGE
    },
    Command {
        name: "merge.up",
        title: "Up",
        doc: "Selects the record or field before.",
        keys: &["up", "alt-k", "k"],
        is_motion: true,
        run: |model| moved(model, |model| merge::step(model, -1)),
        ..MERGE
    },
    Command {
        name: "merge.back",
        title: "Back",
        doc: "Looks for another record; from there, closes the screen. Nothing is merged.",
        keys: &["esc"],
        footer: 4,
        run: merge::back,
        ..MERGE
    },
];

const MERGE: Command = Command {
    scope: Scope::Merge,
    ..EVERYWHERE
};
