//! Commands about a doctor's absences and extra hours, about closures, and about what they hit.

use super::{EVERYWHERE, label};
use crate::command::{Command, Scope, available};
use crate::screens::away::{self, hits, told};
use crate::screens::{pane, report};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "go.closures",
        title: "Closures",
        doc: "Shows when the clinic is closed beside the usual hours; a closure is entered there.",
        also: "holidays vacation public bank closed absence absences leave lunch opening hours",
        keys: &["g o"],
        available: available::can_open,
        run: away::open_closures,
        ..EVERYWHERE
    },
    Command {
        name: "go.report",
        title: "Day report",
        doc: "Shows the day in numbers: who was seen, who did not come, how long people waited.",
        also: "print sheet statistics numbers figures summary",
        keys: &["g r"],
        available: available::can_open,
        run: report::open,
        ..EVERYWHERE
    },
    Command {
        name: "go.phone",
        title: "Whom to phone",
        doc: "Shows whom to phone since what an absence hit was moved or cancelled, until the list is dismissed.",
        also: "call back telephone told list absence",
        keys: &["g l"],
        available: available::can_phone,
        run: told::open,
        ..EVERYWHERE
    },
    // A doctor's record
    Command {
        name: "doctor.absence",
        title: "New absence",
        doc: "Asks when this doctor is away; then shows what is booked in that time.",
        also: "leave vacation holiday sick ill away off lunch",
        keys: &["a"],
        footer: 1,
        short: "Absence",
        available: away::has_doctor,
        run: away::new,
        ..DOCTOR
    },
    Command {
        name: "doctor.away",
        title: "Absences",
        doc: "Lists when this doctor is away, and when there beside the usual hours.",
        also: "leave vacation holiday sick ill hours off",
        keys: &["t", "enter"],
        footer: 5,
        run: away::open,
        ..DOCTOR
    },
    Command {
        name: "doctor.hours",
        title: "Extra hours",
        doc: "Asks when this doctor is there beside the usual hours.",
        keys: &["o"],
        footer: 6,
        short: "Hours",
        available: away::has_doctor,
        run: away::new_hours,
        ..DOCTOR
    },
    // The list of absences, extra hours or closures
    Command {
        name: "away.open",
        title: "What it hits",
        doc: "Shows the appointments that stand in the selected time.",
        keys: &["enter", "l", "right"],
        footer: 1,
        short: "Open",
        label: label::away,
        run: away::enter,
        ..AWAY
    },
    Command {
        name: "away.new",
        title: "New entry",
        doc: "Enters an absence of this doctor, or a closure of the clinic.",
        keys: &["n", "a"],
        footer: 2,
        short: "New",
        available: away::can_send,
        run: away::new,
        ..AWAY
    },
    Command {
        name: "away.hours",
        title: "Extra hours",
        doc: "Asks when this doctor is there beside the usual hours.",
        keys: &["o"],
        footer: 3,
        short: "Hours",
        available: away::has_doctor,
        run: away::new_hours,
        ..AWAY
    },
    Command {
        name: "away.edit",
        title: "Change",
        doc: "Changes the selected absence or closure: its days, hours, kind or note.",
        keys: &["e"],
        footer: 4,
        available: away::has_absence,
        run: away::edit,
        ..AWAY
    },
    Command {
        name: "away.delete",
        title: "Take back",
        doc: "Takes the selected line back; asks first.",
        keys: &["d", "delete"],
        footer: 5,
        available: away::has_selected,
        run: away::ask_delete,
        ..AWAY
    },
    // What an absence hits
    Command {
        name: "hits.move",
        title: "Move",
        doc: "Looks for another time for the selected appointment.",
        keys: &["m", "enter"],
        footer: 2,
        available: hits::has_selected,
        run: hits::move_one,
        ..HITS
    },
    Command {
        name: "hits.cancel",
        title: "Cancel",
        doc: "Calls the selected appointment off, after a reason.",
        keys: &["x"],
        footer: 3,
        available: hits::has_selected,
        run: hits::cancel_one,
        ..HITS
    },
    Command {
        name: "hits.move_all",
        title: "Move all",
        doc: "Moves everything that is hit, each to the first free time of the same doctor; then lists whom to phone.",
        keys: &["M"],
        footer: 4,
        available: hits::has_any,
        run: hits::move_all,
        ..HITS
    },
    Command {
        name: "hits.cancel_all",
        title: "Cancel all",
        doc: "Calls everything off that is hit, after a reason and a question; then lists whom to phone.",
        keys: &["X"],
        footer: 5,
        available: hits::has_any,
        run: hits::cancel_all,
        ..HITS
    },
    Command {
        name: "hits.patient",
        title: "Open patient",
        doc: "Opens the record of the selected appointment's patient.",
        keys: &["p"],
        available: hits::has_selected,
        run: hits::open_patient,
        ..HITS
    },
    Command {
        name: "hits.edit",
        title: "Change absence",
        doc: "Changes the absence or closure itself.",
        keys: &["e"],
        available: away::can_send,
        run: hits::edit,
        ..HITS
    },
    Command {
        name: "hits.delete",
        title: "Take back",
        doc: "Takes the absence or closure back; asks first.",
        keys: &["d", "delete"],
        available: away::can_send,
        run: hits::ask_delete,
        ..HITS
    },
    Command {
        name: "hits.finish",
        title: "Done",
        doc: "Confirms that all is dealt with; asks first if something still stands.",
        keys: &["esc", "q", "h", "left"],
        footer: 6,
        run: hits::finish,
        ..HITS
    },
    // The report of a day
    Command {
        name: "report.previous",
        title: "Day before",
        doc: "Shows the report of the day before.",
        keys: &["["],
        footer: 1,
        run: |model| report::turn(model, false),
        ..REPORT
    },
    Command {
        name: "report.next",
        title: "Day after",
        doc: "Shows the report of the day after.",
        keys: &["]"],
        footer: 2,
        available: report::can_go_on,
        run: |model| report::turn(model, true),
        ..REPORT
    },
    // Whom to phone
    Command {
        name: "told.phoned",
        title: "Phoned",
        doc: "Marks the selected person as phoned, or not yet.",
        keys: &["space"],
        footer: 1,
        available: told::has_any,
        run: told::phoned,
        ..TOLD
    },
    Command {
        name: "told.open",
        title: "Open patient",
        doc: "Opens the record of the selected person.",
        keys: &["enter"],
        footer: 2,
        short: "Patient",
        available: told::has_any,
        run: told::open_patient,
        ..TOLD
    },
    Command {
        name: "told.dismiss",
        title: "Dismiss list",
        doc: "The list is not needed any more; asks first while somebody is not marked as phoned.",
        keys: &["d", "delete"],
        footer: 3,
        available: told::has_any,
        run: told::dismiss,
        ..TOLD
    },
    // Any list over the screen
    Command {
        name: "pane.close",
        title: "Back",
        doc: "Closes the list.",
        keys: &["esc", "q", "h"],
        footer: 6,
        run: pane::close,
        ..PANE
    },
    Command {
        name: "pane.down",
        title: "Down",
        doc: "Selects the next line.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::step(model, 1)),
        ..PANE
    },
    Command {
        name: "pane.up",
        title: "Up",
        doc: "Selects the previous line.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::step(model, -1)),
        ..PANE
    },
    Command {
        name: "pane.page_down",
        title: "Page down",
        doc: "Goes down by a screen.",
        keys: &["pgdn", "ctrl-d"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::page(model, 1)),
        ..PANE
    },
    Command {
        name: "pane.page_up",
        title: "Page up",
        doc: "Goes up by a screen.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::page(model, -1)),
        ..PANE
    },
    Command {
        name: "pane.top",
        title: "First line",
        doc: "Selects the first line.",
        keys: &["home"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::step(model, isize::MIN)),
        ..PANE
    },
    Command {
        name: "pane.bottom",
        title: "Last line",
        doc: "Selects the last line.",
        keys: &["G", "end"],
        is_motion: true,
        run: |model| super::moved(model, |model| pane::step(model, isize::MAX)),
        ..PANE
    },
];

const DOCTOR: Command = Command {
    scope: Scope::Doctor,
    ..EVERYWHERE
};
const AWAY: Command = Command {
    scope: Scope::Away,
    ..EVERYWHERE
};
const HITS: Command = Command {
    scope: Scope::Hits,
    ..EVERYWHERE
};
const REPORT: Command = Command {
    scope: Scope::Report,
    ..EVERYWHERE
};
const TOLD: Command = Command {
    scope: Scope::Told,
    ..EVERYWHERE
};
const PANE: Command = Command {
    scope: Scope::Pane,
    ..EVERYWHERE
};
