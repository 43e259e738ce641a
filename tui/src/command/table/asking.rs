//! Commands of what is asked before something is done with an appointment, and of a walk-in.

use super::{EVERYWHERE, label, moved};
use crate::command::{Command, Scope};
use crate::screens::{deeds, prompt, undo, walk_in};

pub(super) static COMMANDS: &[Command] = &[
    // A few words
    Command {
        name: "prompt.submit",
        title: "Do it",
        doc: "Has it done.",
        keys: &["enter"],
        footer: 1,
        label: prompt::submit_label,
        available: deeds::can_send,
        run: prompt::submit,
        ..PROMPT
    },
    Command {
        name: "prompt.next",
        title: "Next field",
        doc: "Goes from the reasons to the note, where digits are text, then to who calls it off, where Space says the other one.",
        keys: &["tab"],
        footer: 2,
        label: prompt::next_label,
        available: prompt::has_stops,
        run: |model| moved(model, |model| prompt::go(model, 1)),
        ..PROMPT
    },
    Command {
        name: "prompt.previous",
        title: "Previous field",
        doc: "Goes the same round the other way.",
        keys: &["shift-tab"],
        available: prompt::has_stops,
        run: |model| moved(model, |model| prompt::go(model, -1)),
        ..PROMPT
    },
    Command {
        name: "prompt.down",
        title: "Next",
        doc: "Chooses the next one.",
        keys: &["down"],
        is_motion: true,
        run: |model| moved(model, |model| prompt::step(model, 1)),
        ..PROMPT
    },
    Command {
        name: "prompt.up",
        title: "Previous",
        doc: "Chooses the one before.",
        keys: &["up"],
        is_motion: true,
        run: |model| moved(model, |model| prompt::step(model, -1)),
        ..PROMPT
    },
    Command {
        name: "prompt.close",
        title: "Back",
        doc: "Closes the form; nothing happens.",
        keys: &["esc"],
        footer: 4,
        run: prompt::leave,
        ..PROMPT
    },
    // Walk-in
    Command {
        name: "arrival.enter",
        title: "Go on",
        doc: "Chooses the selected person, goes to the next field, and takes in from the last one.",
        keys: &["enter"],
        footer: 1,
        label: label::arrival,
        available: walk_in::can_enter,
        run: walk_in::enter,
        ..ARRIVAL
    },
    Command {
        name: "arrival.take_in",
        title: "Take in",
        doc: "Takes the person in at once; where the server asks whether they have a record, as somebody new.",
        keys: &["ctrl-s"],
        footer: 2,
        available: walk_in::can_take_in,
        run: walk_in::take_in,
        ..ARRIVAL
    },
    Command {
        name: "arrival.register",
        title: "Whole record",
        doc: "Registers the person with all that a record holds, and goes on with them here.",
        keys: &["ctrl-r"],
        footer: 4,
        short: "Record",
        available: walk_in::can_register,
        run: walk_in::register,
        ..ARRIVAL
    },
    Command {
        name: "ticket.close",
        title: "Close",
        doc: "Closes the ticket: the person is on the board.",
        keys: &["enter", "esc"],
        footer: 1,
        run: walk_in::close,
        ..TICKET
    },
    Command {
        name: "ticket.undo",
        title: "Undo",
        doc: "Takes back that the person was taken in, and closes the ticket.",
        keys: &["u", "alt-u"],
        footer: 2,
        available: undo::can,
        run: walk_in::take_back,
        ..TICKET
    },
    Command {
        name: "arrival.next",
        title: "Next field",
        doc: "Goes to the next field.",
        keys: &["tab"],
        is_motion: true,
        run: |model| moved(model, |model| walk_in::go(model, 1)),
        ..ARRIVAL
    },
    Command {
        name: "arrival.previous",
        title: "Previous field",
        doc: "Goes to the previous field.",
        keys: &["shift-tab"],
        is_motion: true,
        run: |model| moved(model, |model| walk_in::go(model, -1)),
        ..ARRIVAL
    },
    Command {
        name: "arrival.down",
        title: "Down",
        doc: "Selects the next person that it may be.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| walk_in::step(model, 1)),
        ..ARRIVAL
    },
    Command {
        name: "arrival.up",
        title: "Up",
        doc: "Selects the person before.",
        keys: &["up", "alt-k"],
        is_motion: true,
        run: |model| moved(model, |model| walk_in::step(model, -1)),
        ..ARRIVAL
    },
    Command {
        name: "arrival.leave",
        title: "Back",
        doc: "Closes the form; asks first if something would be lost.",
        keys: &["esc"],
        footer: 3,
        run: walk_in::leave,
        ..ARRIVAL
    },
];

const PROMPT: Command = Command {
    scope: Scope::Prompt,
    ..EVERYWHERE
};

const TICKET: Command = Command {
    scope: Scope::Ticket,
    ..EVERYWHERE
};

const ARRIVAL: Command = Command {
    scope: Scope::Arrival,
    ..EVERYWHERE
};
