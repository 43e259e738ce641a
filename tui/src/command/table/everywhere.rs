//! Commands that count everywhere.

use super::EVERYWHERE;
use crate::app::{self, Model};
use crate::command::{Command, available};
use crate::effect::{Effect, Slot};
use crate::screens::picker::Purpose;
use crate::screens::place::{self, Place};
use crate::screens::{
    anywhere, away, contacts, dialog, list, log, picker, queue, record, report, undo, windows,
};

pub(super) static COMMANDS: &[Command] = &[
    // Everywhere
    Command {
        name: "go.today",
        title: "Go to today",
        doc: "Shows today's appointments.",
        also: "board home appointments day schedule",
        keys: &["g t", "f2"],
        available: available::can_go_desk,
        run: |model| place::go(model, Place::Today),
        ..EVERYWHERE
    },
    Command {
        name: "go.patients",
        title: "Go to patients",
        doc: "Shows the patients, as they were left.",
        also: "find search records duplicates merge register new patient double",
        keys: &["g p", "f3"],
        available: available::can_go_desk,
        run: |model| place::go(model, Place::Patients),
        ..EVERYWHERE
    },
    Command {
        name: "go.doctors",
        title: "Go to doctors",
        doc: "Shows the doctors; their absences are in their records.",
        also: "leave vacation holiday sick ill absences absence away hours opening lunch staff applications applicants verify reject",
        keys: &["g d", "f4"],
        available: available::can_go_desk,
        run: |model| place::go(model, Place::Doctors),
        ..EVERYWHERE
    },
    Command {
        name: "go.contacts",
        title: "Go to contacts",
        doc: "Shows what people wrote to the clinic.",
        also: "call back phone telephone requests inbox messages mail email letters applications reject spam callback",
        keys: &["g c", "f5"],
        available: available::can_go_desk,
        run: |model| place::go(model, Place::Contacts),
        ..EVERYWHERE
    },
    Command {
        name: "go.queue",
        title: "Go to the queue",
        doc: "Shows whose turn it is: with you, or with the doctor who is selected.",
        also: "turn next who is next waiting room order",
        keys: &["g q", "f7"],
        available: available::can_go_queue,
        run: queue::go,
        ..EVERYWHERE
    },
    Command {
        name: "app.help",
        title: "Help",
        doc: "Shows what the keys do here; typing searches, Enter runs.",
        also: "keys shortcuts what manual",
        keys: &["f1", "?"],
        footer: 9,
        run: |model| picker::open(model, Purpose::Help),
        ..EVERYWHERE
    },
    Command {
        name: "app.palette",
        title: "Commands",
        doc: "Runs any command by its name.",
        keys: &[":", "ctrl-p", "f6"],
        footer: 7,
        run: |model| picker::open(model, Purpose::Palette),
        ..EVERYWHERE
    },
    Command {
        name: "app.reload",
        title: "Reload",
        doc: "Asks the server again; while it is away, tries at once.",
        also: "refresh update again",
        keys: &["ctrl-r"],
        run: reload,
        ..EVERYWHERE
    },
    Command {
        name: "app.walk_in",
        title: "Walk-in",
        doc: "Takes in somebody who came without being booked: the patient who is selected or open, or asks who.",
        also: "without appointment unbooked emergency drop in new patient ticket",
        keys: &["w", "alt-w"],
        footer: 4,
        available: anywhere::can_take_in,
        run: anywhere::take_in,
        ..EVERYWHERE
    },
    Command {
        name: "app.book",
        title: "Book",
        doc: "Books for the patient, or with the doctor, who is selected or open; else asks for whom.",
        also: "new appointment make an appointment slot schedule next free time video overbook double",
        keys: &["b", "alt-b"],
        footer: 4,
        available: anywhere::can_book,
        run: anywhere::book,
        ..EVERYWHERE
    },
    Command {
        name: "app.undo",
        title: "Undo last step",
        doc: "Takes back what you did last, wherever that was: with an appointment, a request, a merge, an absence.",
        also: "take back revert mistake wrong",
        keys: &["u", "alt-u"],
        available: undo::can,
        run: undo::last,
        ..EVERYWHERE
    },
    Command {
        name: "app.log",
        title: "Log",
        doc: "Shows what the program did last; no patient's data is in it.",
        also: "errors technical trace",
        keys: &["ctrl-l"],
        run: log::open,
        ..EVERYWHERE
    },
    Command {
        name: "session.sign_out",
        title: "Sign out",
        doc: "Ends the session and clears the screen.",
        also: "log out logout change user switch",
        keys: &[],
        available: available::can_sign_out,
        run: app::sign_out,
        ..EVERYWHERE
    },
    Command {
        name: "app.quit",
        title: "Quit",
        doc: "Ends the program; asks first, unless it is pressed twice.",
        also: "exit close end",
        keys: &["ctrl-c"],
        footer: 8,
        run: dialog::ask_to_quit,
        ..EVERYWHERE
    },
];

fn reload(model: &mut Model) -> Vec<Effect> {
    if model.link.obstacle().is_some() {
        return app::try_now(model);
    }
    if model.flights.is_flying(Slot::Session) || !model.session.is_in() {
        return Vec::new();
    }
    let mut effects = list::refresh(model);
    effects.extend(record::refresh(model));
    effects.extend(app::follow_now(model));
    effects.extend(contacts::history(model));
    effects.extend(away::refresh(model));
    effects.extend(windows::refresh(model));
    effects.extend(report::refresh(model));
    effects
}
