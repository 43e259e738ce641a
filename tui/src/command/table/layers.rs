//! Commands of questions, of palette and help, and of the log.

use super::{EVERYWHERE, label, moved};
use crate::command::{Command, Scope};
use crate::screens::{dialog, log, picker};

pub(super) static COMMANDS: &[Command] = &[
    // Question
    Command {
        name: "dialog.choose",
        title: "Choose",
        doc: "Chooses the answer that is marked.",
        keys: &["enter"],
        footer: 1,
        label: label::answer,
        run: dialog::enter,
        ..DIALOG
    },
    Command {
        name: "dialog.next",
        title: "Next answer",
        doc: "Marks the next answer.",
        keys: &["tab", "right", "down"],
        footer: 2,
        short: "Next",
        is_motion: true,
        available: dialog::has_others,
        run: |model| dialog::step(model, 1),
        ..DIALOG
    },
    Command {
        name: "dialog.previous",
        title: "Previous answer",
        doc: "Marks the previous answer.",
        keys: &["shift-tab", "left", "up"],
        is_motion: true,
        run: |model| dialog::step(model, -1),
        ..DIALOG
    },
    Command {
        name: "dialog.close",
        title: "Back",
        doc: "Closes the question; nothing happens.",
        keys: &["esc"],
        footer: 3,
        run: dialog::close,
        ..DIALOG
    },
    // Palette and help
    Command {
        name: "picker.run",
        title: "Run",
        doc: "Runs the selected command.",
        keys: &["enter"],
        footer: 1,
        run: picker::enter,
        ..PICKER
    },
    Command {
        name: "picker.down",
        title: "Down",
        doc: "Selects the next command.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| picker::step(model, 1)),
        ..PICKER
    },
    Command {
        name: "picker.up",
        title: "Up",
        doc: "Selects the previous command.",
        keys: &["up", "alt-k"],
        is_motion: true,
        run: |model| moved(model, |model| picker::step(model, -1)),
        ..PICKER
    },
    Command {
        name: "picker.page_down",
        title: "Page down",
        doc: "Moves the selection down by ten commands.",
        keys: &["pgdn"],
        is_motion: true,
        run: |model| moved(model, |model| picker::step(model, 10)),
        ..PICKER
    },
    Command {
        name: "picker.page_up",
        title: "Page up",
        doc: "Moves the selection up by ten commands.",
        keys: &["pgup"],
        is_motion: true,
        run: |model| moved(model, |model| picker::step(model, -10)),
        ..PICKER
    },
    Command {
        name: "picker.close",
        title: "Close",
        doc: "Closes the list; nothing happens.",
        keys: &["esc"],
        footer: 2,
        run: picker::close,
        ..PICKER
    },
    // Log
    Command {
        name: "log.close",
        title: "Close",
        doc: "Closes the log.",
        keys: &["esc", "q", "ctrl-l"],
        footer: 1,
        run: log::close,
        ..LOG
    },
    Command {
        name: "log.down",
        title: "Newer",
        doc: "Scrolls towards the newest line.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| log::scroll(model, 1)),
        ..LOG
    },
    Command {
        name: "log.up",
        title: "Older",
        doc: "Scrolls towards the oldest line.",
        keys: &["up", "k"],
        footer: 2,
        is_motion: true,
        run: |model| moved(model, |model| log::scroll(model, -1)),
        ..LOG
    },
    Command {
        name: "log.page_down",
        title: "Page down",
        doc: "Scrolls down by a screen.",
        keys: &["pgdn", "ctrl-d"],
        is_motion: true,
        run: |model| moved(model, |model| log::page(model, 1)),
        ..LOG
    },
    Command {
        name: "log.page_up",
        title: "Page up",
        doc: "Scrolls up by a screen.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| moved(model, |model| log::page(model, -1)),
        ..LOG
    },
];

const DIALOG: Command = Command {
    scope: Scope::Dialog,
    ..EVERYWHERE
};
const PICKER: Command = Command {
    scope: Scope::Picker,
    ..EVERYWHERE
};
const LOG: Command = Command {
    scope: Scope::Log,
    ..EVERYWHERE
};
