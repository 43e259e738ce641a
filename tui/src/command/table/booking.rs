//! Commands of the booking screen. No key of theirs is a letter that the name of a day, a month or
//! a part of the day begins with: those are typed.

use super::{EVERYWHERE, label, moved};
use crate::command::{Command, Scope, available};
use crate::screens::{book, deeds, waiting};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "book.enter",
        title: "Choose",
        doc: "Takes the selected line and goes on; at the end, books.",
        keys: &["enter"],
        footer: 1,
        label: book::enter_label,
        available: available::has_line,
        run: book::enter,
        ..BOOK
    },
    Command {
        name: "book.next_day",
        title: "Next day",
        doc: "Looks from the next day on.",
        keys: &["]"],
        available: book::can_turn,
        run: |model| book::turn(model, 1),
        ..BOOK
    },
    Command {
        name: "book.previous_day",
        title: "Previous day",
        doc: "Looks from the day before on.",
        keys: &["["],
        available: book::can_turn,
        run: |model| book::turn(model, -1),
        ..BOOK
    },
    Command {
        name: "book.next_week",
        title: "Next week",
        doc: "Looks from a week later on.",
        keys: &["}", "pgdn"],
        available: book::can_turn,
        run: |model| book::turn(model, 7),
        ..BOOK
    },
    Command {
        name: "book.previous_week",
        title: "Previous week",
        doc: "Looks from a week earlier on.",
        keys: &["{", "pgup"],
        available: book::can_turn,
        run: |model| book::turn(model, -7),
        ..BOOK
    },
    Command {
        name: "book.today",
        title: "Today",
        doc: "Looks from today on again.",
        keys: &["."],
        available: book::can_turn,
        run: |model| book::turn(model, 0),
        ..BOOK
    },
    Command {
        name: "book.day",
        title: "Go to a day",
        doc: "Asks for a day: 3 dec, next tue, tuesday morning, +7; what day words and dates begin with starts one, too.",
        also: "date calendar",
        keys: &["/", "g"],
        footer: 4,
        short: "Day",
        available: book::can_turn,
        run: book::go_to_day,
        ..BOOK
    },
    Command {
        name: "book.part",
        title: "Part of day",
        doc: "Only mornings; again, afternoons, evenings, and all of the day.",
        also: "morning afternoon evening",
        keys: &["p"],
        footer: 3,
        short: "Part",
        available: book::can_turn,
        run: book::next_part,
        ..BOOK
    },
    Command {
        name: "book.week",
        title: "Week or list",
        doc: "Shows the week, a column a day; again, the list, the next free time first.",
        also: "calendar columns view",
        keys: &["v"],
        footer: 2,
        short: "Week",
        label: book::toggle_label,
        available: book::can_turn,
        run: book::toggle,
        ..BOOK
    },
    Command {
        name: "book.length",
        title: "Length",
        doc: "Only times of 15 minutes; again, of 30, 45, 60, 90, and as they are cut.",
        also: "duration minutes longer shorter",
        keys: &["h"],
        available: book::can_turn,
        run: book::next_length,
        ..BOOK
    },
    Command {
        name: "book.wait",
        title: "Waiting list",
        doc: "Puts the patient on the waiting list, where nothing suits.",
        also: "earlier time",
        keys: &["l"],
        footer: 5,
        available: waiting::can_open,
        run: waiting::open,
        ..BOOK
    },
    Command {
        name: "book.obstacle",
        title: "Open what is there",
        doc: "Opens the appointment that is in the way; again, the next one.",
        keys: &["alt-o"],
        available: book::can_open,
        run: book::open_obstacle,
        ..BOOK
    },
    Command {
        name: "book.next_free",
        title: "Next free time",
        doc: "Looks for the next free time after the one that was chosen.",
        keys: &["alt-n"],
        available: book::can_go_on,
        run: book::next_free,
        ..BOOK
    },
    Command {
        name: "book.kind",
        title: "By video / at clinic",
        doc: "Before it is booked: makes it a visit by video; again, one at the clinic.",
        also: "online telemedicine type meeting",
        keys: &["alt-v"],
        available: book::can_switch,
        run: |model| moved(model, book::switch),
        ..BOOK
    },
    Command {
        name: "book.taken",
        title: "Taken too",
        doc: "Shows what is taken on the days of the list, to squeeze somebody in beside it.",
        also: "overbook squeeze double full",
        keys: &["b"],
        footer: 5,
        short: "Taken",
        available: book::can_show_taken,
        run: book::show_taken,
        ..BOOK
    },
    Command {
        name: "book.who",
        title: "Another patient",
        doc: "Asks again for whom it is.",
        keys: &["ctrl-o"],
        footer: 7,
        short: "Patient",
        available: book::has_other_person,
        run: book::other_person,
        ..BOOK
    },
    Command {
        name: "book.down",
        title: "Down",
        doc: "Selects the next line.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| book::step(model, 1)),
        ..BOOK
    },
    Command {
        name: "book.up",
        title: "Up",
        doc: "Selects the line before.",
        keys: &["up", "alt-k"],
        is_motion: true,
        run: |model| moved(model, |model| book::step(model, -1)),
        ..BOOK
    },
    Command {
        name: "book.back",
        title: "Back",
        doc: "Goes a step back; from the first one, closes the screen.",
        keys: &["esc"],
        footer: 6,
        run: book::back,
        ..BOOK
    },
    // The week
    Command {
        name: "book.right",
        title: "Next day",
        doc: "Goes to the nearest free time of the next day that has one.",
        keys: &["right"],
        is_motion: true,
        run: |model| moved(model, |model| book::go_aside(model, true)),
        ..WEEK
    },
    Command {
        name: "book.left",
        title: "Previous day",
        doc: "Goes to the nearest free time of the day before that has one.",
        keys: &["left"],
        is_motion: true,
        run: |model| moved(model, |model| book::go_aside(model, false)),
        ..WEEK
    },
    Command {
        name: "book.doctor",
        title: "Another doctor",
        doc: "Chooses the next doctor who is free at the same time.",
        keys: &["tab"],
        footer: 2,
        short: "Doctor",
        available: book::has_other_doctor,
        run: |model| moved(model, book::other_doctor),
        ..WEEK
    },
    // Onto the waiting list
    Command {
        name: "wait.enter",
        title: "Go on",
        doc: "Goes to the next line, and from the last one puts the patient on the list.",
        keys: &["enter"],
        footer: 1,
        label: label::wait,
        run: waiting::enter,
        ..WAIT
    },
    Command {
        name: "wait.save",
        title: "Put on the list",
        doc: "Puts the patient on the waiting list.",
        keys: &["ctrl-s"],
        footer: 2,
        short: "Save",
        available: deeds::can_send,
        run: waiting::send,
        ..WAIT
    },
    Command {
        name: "wait.down",
        title: "Next line",
        doc: "Goes to the next line.",
        keys: &["tab", "down"],
        is_motion: true,
        run: |model| moved(model, |model| waiting::go(model, 1)),
        ..WAIT
    },
    Command {
        name: "wait.up",
        title: "Previous line",
        doc: "Goes to the line before.",
        keys: &["shift-tab", "up"],
        is_motion: true,
        run: |model| moved(model, |model| waiting::go(model, -1)),
        ..WAIT
    },
    Command {
        name: "wait.close",
        title: "Back",
        doc: "Closes the form; nobody is put on the list.",
        keys: &["esc"],
        footer: 3,
        run: waiting::leave,
        ..WAIT
    },
];

const WAIT: Command = Command {
    scope: Scope::Wait,
    ..EVERYWHERE
};
const BOOK: Command = Command {
    scope: Scope::Book,
    ..EVERYWHERE
};
const WEEK: Command = Command {
    scope: Scope::Week,
    ..EVERYWHERE
};
