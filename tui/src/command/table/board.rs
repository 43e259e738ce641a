//! Commands of the board: what is done with the selected appointment, and the day itself.

use super::EVERYWHERE;
use crate::command::{Availability, Command, Scope, available};
use crate::screens::today::acts::{self, Act};
use crate::screens::{book, filter, prompt, queue, today};

pub(super) static COMMANDS: &[Command] = &[
    // The selected appointment
    Command {
        name: "today.check_in",
        title: "Check in",
        doc: "The patient is here; they get a ticket and wait.",
        also: "arrived arrives here came present ticket number",
        keys: &["c"],
        footer: 1,
        available: |model| acts::may(model, Act::CheckIn),
        run: |model| acts::step(model, Act::CheckIn),
        ..DEEDS
    },
    Command {
        name: "today.start",
        title: "Start",
        doc: "The patient is with the doctor.",
        also: "begin goes in with the doctor consultation",
        keys: &["s"],
        footer: 2,
        available: |model| acts::may(model, Act::Start),
        run: |model| acts::step(model, Act::Start),
        ..DEEDS
    },
    Command {
        name: "today.complete",
        title: "Done",
        doc: "The patient was seen.",
        also: "finish finished complete seen over end",
        keys: &["d"],
        footer: 3,
        available: |model| acts::may(model, Act::Complete),
        run: |model| acts::step(model, Act::Complete),
        ..DEEDS
    },
    Command {
        name: "today.back_to_waiting",
        title: "Back to waiting",
        doc: "The patient goes from the doctor back to the waiting room.",
        also: "waiting room return",
        keys: &["z"],
        available: |model| acts::may(model, Act::BackToWaiting),
        run: |model| acts::step(model, Act::BackToWaiting),
        ..DEEDS
    },
    Command {
        name: "today.call_in",
        title: "Call in",
        doc: "Calls a patient in who waits: the ticket and the room are put up.",
        also: "announce loudspeaker next patient please",
        keys: &["i"],
        footer: 6,
        available: |model| acts::may(model, Act::CallIn),
        run: |model| acts::step(model, Act::CallIn),
        ..DEEDS
    },
    Command {
        name: "today.confirm",
        title: "Confirm",
        doc: "Agrees to an appointment that was asked for.",
        also: "accept agree request approve",
        keys: &["y"],
        footer: 9,
        available: |model| acts::may(model, Act::Confirm),
        run: |model| acts::step(model, Act::Confirm),
        ..DEEDS
    },
    Command {
        name: "today.no_show",
        title: "No-show",
        doc: "The patient did not come.",
        also: "absent missed did not come didn't didnt show turn up too late",
        keys: &["m"],
        available: |model| acts::may(model, Act::NoShow),
        run: |model| acts::step(model, Act::NoShow),
        ..DEEDS
    },
    Command {
        name: "today.left",
        title: "Left",
        doc: "The patient went away without being seen.",
        also: "went home gave up walked out",
        keys: &["E"],
        available: |model| acts::may(model, Act::Left),
        run: |model| acts::step(model, Act::Left),
        ..DEEDS
    },
    Command {
        name: "today.cancel",
        title: "Cancel",
        doc: "Calls the appointment off: by whom, and why by one digit or in words.",
        also: "call off called off delete remove drop",
        keys: &["x"],
        footer: 8,
        available: |model| acts::may(model, Act::Cancel),
        run: prompt::cancel,
        ..DEEDS
    },
    Command {
        name: "today.room",
        title: "Room",
        doc: "Says where the patient is seen.",
        also: "where place",
        keys: &["r"],
        available: |model| acts::may(model, Act::Room),
        run: prompt::room,
        ..DEEDS
    },
    Command {
        name: "today.priority",
        title: "Priority",
        doc: "Says who goes first: in their turn, urgent, emergency.",
        also: "urgent emergency first before triage",
        keys: &["p"],
        available: |model| acts::may(model, Act::Priority),
        run: prompt::priority,
        ..DEEDS
    },
    Command {
        name: "today.late",
        title: "Running late",
        doc: "Says how many minutes the doctor of this appointment runs late.",
        also: "delay delayed behind minutes too late",
        keys: &["L"],
        available: acts::has_doctor,
        run: prompt::late,
        ..DEEDS
    },
    Command {
        name: "today.take_back",
        title: "Undo on this one",
        doc: "Takes back the last step of the selected appointment, whoever took it.",
        also: "revert step",
        keys: &["U"],
        available: |model| acts::may(model, Act::TakeBack),
        run: |model| acts::step(model, Act::TakeBack),
        ..DEEDS
    },
    Command {
        name: "today.move",
        title: "Move",
        doc: "Finds another time, or another doctor, for the appointment.",
        also: "reschedule postpone another time change time shift rebook",
        keys: &["v"],
        footer: 7,
        available: |model| match available::is_staff(model) {
            Availability::Ok => acts::may(model, Act::Move),
            desk => desk,
        },
        run: book::open_move,
        ..DEEDS
    },
    Command {
        name: "today.book_other",
        title: "Book for another",
        doc: "Books for somebody who is not selected: who, with whom, when.",
        also: "new appointment make an appointment slot schedule",
        keys: &["B"],
        available: book::can_begin_blank,
        run: book::open_blank,
        ..TODAY
    },
    // The day
    Command {
        name: "today.previous",
        title: "Previous day",
        doc: "Shows the appointments of the day before.",
        also: "yesterday before",
        keys: &["[", "left", "h"],
        available: acts::at_board,
        run: |model| today::turn(model, false),
        ..TODAY
    },
    Command {
        name: "today.next",
        title: "Next day",
        doc: "Shows the appointments of the day after.",
        also: "tomorrow after",
        keys: &["]", "right", "l"],
        available: acts::at_board,
        run: |model| today::turn(model, true),
        ..TODAY
    },
    Command {
        name: "today.today",
        title: "Today",
        doc: "Shows today's appointments again.",
        keys: &["t"],
        available: acts::at_board,
        run: today::show_today,
        ..TODAY
    },
    Command {
        name: "today.date",
        title: "Go to date",
        doc: "Shows another day: type a date, a weekday, or +7 for a week on.",
        also: "calendar day jump another day",
        keys: &["T"],
        available: acts::at_board,
        run: prompt::date,
        ..TODAY
    },
    Command {
        name: "today.signs",
        title: "Signs",
        doc: "Says what the signs and marks on the board mean.",
        also: "legend symbols marks meaning icons",
        keys: &["S"],
        run: today::signs,
        ..TODAY
    },
    Command {
        name: "today.filter",
        title: "Filter",
        doc: "Shows one status only; again, the next one; at last all of them.",
        also: "only status show",
        keys: &["f"],
        available: acts::at_board,
        run: |model| filter::turn(model, true),
        ..TODAY
    },
    Command {
        name: "today.filter_back",
        title: "Filter back",
        doc: "Shows the status before, as Filter does the next one.",
        keys: &["F"],
        is_motion: true,
        available: acts::at_board,
        run: |model| filter::turn(model, false),
        ..TODAY
    },
    Command {
        name: "today.by_doctor",
        title: "By doctor",
        doc: "Sorts the day by doctor; again, by time.",
        also: "order sort group sequence",
        keys: &["D"],
        available: acts::at_board,
        run: today::regroup,
        ..TODAY
    },
    // A doctor's queue
    Command {
        name: "queue.previous",
        title: "Doctor before",
        doc: "Shows the queue of the doctor before, of those who work today.",
        keys: &["["],
        available: queue::can_turn,
        run: |model| queue::turn(model, false),
        ..QUEUE
    },
    Command {
        name: "queue.next",
        title: "Next doctor",
        doc: "Shows the queue of the next doctor who works today.",
        keys: &["]"],
        available: queue::can_turn,
        run: |model| queue::turn(model, true),
        ..QUEUE
    },
    Command {
        name: "queue.late",
        title: "Running late",
        doc: "Says how many minutes the doctor of this queue runs late.",
        also: "delay delayed behind minutes too late",
        keys: &["L"],
        footer: 3,
        short: "Late",
        available: acts::has_doctor,
        run: prompt::late,
        ..QUEUE
    },
    Command {
        name: "queue.order",
        title: "Why this order",
        doc: "Says what the order of the queue goes by.",
        also: "sort sequence turn next first",
        keys: &["o"],
        footer: 4,
        short: "Order",
        run: queue::explain,
        ..QUEUE
    },
];

const TODAY: Command = Command {
    scope: Scope::Today,
    ..EVERYWHERE
};

const QUEUE: Command = Command {
    scope: Scope::Queue,
    ..EVERYWHERE
};

const DEEDS: Command = Command {
    scope: Scope::Deeds,
    ..EVERYWHERE
};
