//! Commands of the waiting list.

use super::EVERYWHERE;
use crate::command::{Command, Scope, available};
use crate::screens::place::{self, Place};
use crate::screens::waitlist::{self, Act};
use crate::screens::{anywhere, filter};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "go.waitlist",
        title: "Go to waiting",
        doc: "Shows who waits for an earlier time, the most urgent first.",
        also: "waiting list offer a time earlier",
        keys: &["g w"],
        available: available::can_go_desk,
        run: |model| place::go(model, Place::Waitlist),
        ..EVERYWHERE
    },
    Command {
        name: "waitlist.offer",
        title: "Offer a time",
        doc: "Finds a free time and keeps it for them while they are asked.",
        also: "propose book",
        keys: &["o"],
        footer: 1,
        short: "Offer",
        available: |model| waitlist::may(model, Act::Offer),
        run: |model| waitlist::act(model, Act::Offer),
        ..WAITLIST
    },
    Command {
        name: "waitlist.accept",
        title: "They take it",
        doc: "Books the time that is kept for them.",
        keys: &["a"],
        footer: 2,
        available: |model| waitlist::may(model, Act::Accept),
        run: |model| waitlist::act(model, Act::Accept),
        ..WAITLIST
    },
    Command {
        name: "waitlist.skip",
        title: "They don't",
        doc: "Frees the time that is kept for them; they go on waiting.",
        keys: &["s"],
        footer: 3,
        available: |model| waitlist::may(model, Act::Skip),
        run: |model| waitlist::act(model, Act::Skip),
        ..WAITLIST
    },
    Command {
        name: "waitlist.book",
        title: "Book",
        doc: "Books something else for them; they stay on the list.",
        keys: &["b"],
        footer: 5,
        available: anywhere::can_book,
        run: anywhere::book,
        ..WAITLIST
    },
    Command {
        name: "waitlist.remove",
        title: "Take off",
        doc: "Takes them off the list; asks first.",
        keys: &["x"],
        footer: 4,
        available: |model| waitlist::may(model, Act::Remove),
        run: |model| waitlist::act(model, Act::Remove),
        ..WAITLIST
    },
    Command {
        name: "waitlist.filter",
        title: "Filter",
        doc: "Shows who has an appointment by now; again, who waits no longer; at last all of them.",
        keys: &["f"],
        run: |model| filter::turn(model, true),
        ..WAITLIST
    },
    Command {
        name: "waitlist.filter_back",
        title: "Filter back",
        doc: "Goes back to the filter before.",
        keys: &["F"],
        run: |model| filter::turn(model, false),
        ..WAITLIST
    },
];

const WAITLIST: Command = Command {
    scope: Scope::Waitlist,
    ..EVERYWHERE
};
