//! Commands of a record, of each kind and of any.

use super::{EVERYWHERE, moved};
use crate::command::{Command, Scope, available};
use crate::screens::doctors::verify;
use crate::screens::{merge, record};

pub(super) static COMMANDS: &[Command] = &[
    // A patient's record
    Command {
        name: "record.edit",
        title: "Edit",
        doc: "Changes this record.",
        also: "change correct phone address telephone name",
        keys: &["e", "enter"],
        footer: 1,
        available: available::has_record,
        run: record::patient::edit,
        ..PATIENT
    },
    Command {
        name: "record.appointments",
        title: "Appointments",
        doc: "Goes to the patient's appointments: the chosen one is checked in, moved or cancelled as on the board.",
        also: "visits history check in cancel",
        keys: &["tab"],
        footer: 3,
        short: "Visits",
        available: record::story::can_choose,
        run: record::story::choose_first,
        ..PATIENT
    },
    Command {
        name: "record.merge",
        title: "Merge",
        doc: "Makes this record and another one of the same person one; shows first what would happen.",
        also: "duplicates double twins",
        keys: &["m"],
        footer: 5,
        available: merge::can_begin,
        run: merge::open,
        ..PATIENT
    },
    Command {
        name: "record.unmerge",
        title: "Un-merge",
        doc: "Parts this record from the one that it took in last; asks first.",
        keys: &["M"],
        available: merge::can_part,
        run: merge::ask_to_part,
        ..PATIENT
    },
    // What is chosen in a patient's record
    Command {
        name: "visit.open",
        title: "Open",
        doc: "Opens the chosen appointment; of a record that was taken in, asks whether to part them.",
        keys: &["enter", "o"],
        footer: 1,
        run: record::story::enter,
        ..VISIT
    },
    Command {
        name: "visit.unmerge",
        title: "Un-merge",
        doc: "Parts this record from the chosen one that it took in; asks first.",
        keys: &["M"],
        available: merge::can_part,
        run: merge::ask_to_part,
        ..VISIT
    },
    Command {
        name: "visit.leave",
        title: "Back to the patient",
        doc: "Lets the keys act on the patient again.",
        keys: &["esc", "tab"],
        footer: 2,
        short: "Patient",
        run: record::story::leave,
        ..VISIT
    },
    // An appointment
    Command {
        name: "appointment.patient",
        title: "Open patient",
        doc: "Opens the record of the patient whose appointment this is.",
        keys: &["enter", "o"],
        footer: 1,
        short: "Patient",
        available: available::is_staff,
        run: record::appointment::open_patient,
        ..APPOINTMENT
    },
    // A doctor
    Command {
        name: "doctor.verify",
        title: "Verify",
        doc: "Verifies this doctor; asks first. Patients see verified doctors only.",
        also: "applications accept applicants",
        keys: &["v"],
        footer: 4,
        available: verify::available,
        run: verify::ask,
        ..DOCTOR
    },
    // Any record
    Command {
        name: "record.close",
        title: "Back",
        doc: "Closes the record.",
        keys: &["esc", "q", "h", "left"],
        footer: 2,
        run: record::close,
        ..RECORD
    },
    Command {
        name: "record.next",
        title: "Next record",
        doc: "Opens the record of the next row of the list.",
        keys: &["]", "ctrl-n"],
        footer: 6,
        short: "Next",
        available: available::is_over_list,
        run: |model| record::turn(model, 1),
        ..RECORD
    },
    Command {
        name: "record.previous",
        title: "Previous record",
        doc: "Opens the record of the previous row of the list.",
        keys: &["["],
        available: available::is_over_list,
        run: |model| record::turn(model, -1),
        ..RECORD
    },
    Command {
        name: "record.down",
        title: "Down",
        doc: "Scrolls a record; among a patient's appointments, chooses the next.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| record::story::walk(model, 1)),
        ..RECORD
    },
    Command {
        name: "record.up",
        title: "Up",
        doc: "Chooses the appointment before, and scrolls back.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| moved(model, |model| record::story::walk(model, -1)),
        ..RECORD
    },
    Command {
        name: "record.page_down",
        title: "Page down",
        doc: "Scrolls the record by some lines.",
        keys: &["pgdn", "ctrl-d", "space"],
        is_motion: true,
        run: |model| moved(model, |model| record::scroll(model, 10)),
        ..RECORD
    },
    Command {
        name: "record.page_up",
        title: "Page up",
        doc: "Scrolls the record back by some lines.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| moved(model, |model| record::scroll(model, -10)),
        ..RECORD
    },
];

const PATIENT: Command = Command {
    scope: Scope::Patient,
    ..EVERYWHERE
};
const VISIT: Command = Command {
    scope: Scope::Visit,
    ..EVERYWHERE
};
const APPOINTMENT: Command = Command {
    scope: Scope::Appointment,
    ..EVERYWHERE
};
const DOCTOR: Command = Command {
    scope: Scope::Doctor,
    ..EVERYWHERE
};
const RECORD: Command = Command {
    scope: Scope::Record,
    ..EVERYWHERE
};
