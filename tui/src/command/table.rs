//! The table itself.

use super::{Availability, Command, Scope, available};
use crate::app::{self, Model, Tone};
use crate::effect::Slot;
use crate::screens::doctors::verify;
use crate::screens::picker::Purpose;
use crate::screens::place::{self, Place};
use crate::screens::{
    dialog, filter, finder, list, log, patient_form, picker, record, signin, today,
};
use crate::theme::Theme;

/// Every command, in the order of the help.
pub static ALL: &[Command] = &[
    // Search field
    Command {
        name: "search.open",
        title: "Open",
        doc: "Opens the selected row; where no patient is found, registers a new one.",
        keys: &["enter"],
        footer: 1,
        run: list::enter,
        ..SEARCH
    },
    Command {
        name: "search.down",
        title: "Down",
        doc: "Selects the next row while the search goes on.",
        keys: &["down", "ctrl-n"],
        is_motion: true,
        run: |model| moved(model, |model| list::step(model, 1)),
        ..SEARCH
    },
    Command {
        name: "search.up",
        title: "Up",
        doc: "Selects the previous row while the search goes on.",
        keys: &["up", "ctrl-p"],
        is_motion: true,
        run: |model| moved(model, |model| list::step(model, -1)),
        ..SEARCH
    },
    Command {
        name: "search.leave",
        title: "To the list",
        doc: "Lets the keys act on the list; what was typed stays.",
        keys: &["esc", "tab"],
        footer: 3,
        run: |model| moved(model, finder::leave),
        ..SEARCH
    },
    // Today
    Command {
        name: "today.previous",
        title: "Previous day",
        doc: "Shows the appointments of the day before.",
        keys: &["[", "left", "h"],
        footer: 3,
        run: |model| today::turn(model, false),
        ..TODAY
    },
    Command {
        name: "today.next",
        title: "Next day",
        doc: "Shows the appointments of the day after.",
        keys: &["]", "right", "l"],
        footer: 2,
        run: |model| today::turn(model, true),
        ..TODAY
    },
    Command {
        name: "today.today",
        title: "Today",
        doc: "Shows today's appointments again.",
        keys: &["t"],
        footer: 4,
        run: today::show_today,
        ..TODAY
    },
    Command {
        name: "today.filter",
        title: "Filter",
        doc: "Shows one status only; again, the next one; at last all of them.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..TODAY
    },
    Command {
        name: "today.filter_back",
        title: "Filter back",
        doc: "Shows the status before, as Filter does the next one.",
        keys: &["F"],
        is_motion: true,
        run: |model| filter::turn(model, false),
        ..TODAY
    },
    // Patients
    Command {
        name: "patients.new",
        title: "New patient",
        doc: "Registers a person, with what was typed into the search already filled in.",
        keys: &["n", "insert"],
        footer: 3,
        available: available::can_ask,
        run: patient_form::open_new,
        ..PATIENTS
    },
    // Doctors
    Command {
        name: "doctors.verify",
        title: "Verify",
        doc: "Verifies the selected doctor; asks first. Patients see verified doctors only.",
        keys: &["v"],
        footer: 4,
        available: verify::available,
        run: verify::ask,
        ..DOCTORS
    },
    Command {
        name: "doctors.filter",
        title: "Filter",
        doc: "Shows who waits to be verified; again, who is; at last everybody.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..DOCTORS
    },
    Command {
        name: "doctors.filter_back",
        title: "Filter back",
        doc: "The same round the other way.",
        keys: &["F"],
        is_motion: true,
        run: |model| filter::turn(model, false),
        ..DOCTORS
    },
    // Contact requests
    Command {
        name: "contacts.filter",
        title: "Filter",
        doc: "Shows one status only; again, the next one; at last all of them.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..CONTACTS
    },
    Command {
        name: "contacts.filter_back",
        title: "Filter back",
        doc: "Shows the status before, as Filter does the next one.",
        keys: &["F"],
        is_motion: true,
        run: |model| filter::turn(model, false),
        ..CONTACTS
    },
    // Any list
    Command {
        name: "list.open",
        title: "Open",
        doc: "Opens the selected row's record.",
        keys: &["enter", "l", "right"],
        footer: 1,
        available: available::has_selected,
        run: list::enter,
        ..LIST
    },
    Command {
        name: "list.search",
        title: "Search",
        doc: "Puts the cursor into the search field.",
        keys: &["/", "tab"],
        footer: 2,
        available: available::has_finder,
        run: |model| moved(model, finder::focus),
        ..LIST
    },
    Command {
        name: "list.clear",
        title: "Show all",
        doc: "Empties the search field, takes the filter off and shows everything.",
        keys: &["esc"],
        run: filter::clear,
        ..LIST
    },
    Command {
        name: "list.down",
        title: "Down",
        doc: "Selects the next row.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| list::step(model, 1)),
        ..LIST
    },
    Command {
        name: "list.up",
        title: "Up",
        doc: "Selects the previous row.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| moved(model, |model| list::step(model, -1)),
        ..LIST
    },
    Command {
        name: "list.page_down",
        title: "Page down",
        doc: "Moves the selection down by a screen.",
        keys: &["pgdn", "ctrl-d"],
        is_motion: true,
        run: |model| moved(model, |model| list::page(model, 1)),
        ..LIST
    },
    Command {
        name: "list.page_up",
        title: "Page up",
        doc: "Moves the selection up by a screen.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| moved(model, |model| list::page(model, -1)),
        ..LIST
    },
    Command {
        name: "list.top",
        title: "First row",
        doc: "Selects the first row.",
        keys: &["g g", "home"],
        is_motion: true,
        run: |model| moved(model, list::top),
        ..LIST
    },
    Command {
        name: "list.bottom",
        title: "Last row",
        doc: "Selects the last row that is loaded.",
        keys: &["G", "g e", "end"],
        is_motion: true,
        run: |model| moved(model, list::bottom),
        ..LIST
    },
    Command {
        name: "list.quit",
        title: "Quit",
        doc: "Ends the program; asks first.",
        keys: &["q"],
        footer: 6,
        run: dialog::ask_to_quit,
        ..LIST
    },
    // A patient's record
    Command {
        name: "record.edit",
        title: "Edit",
        doc: "Changes this record.",
        keys: &["e", "enter"],
        footer: 1,
        available: available::has_record,
        run: record::patient::edit,
        ..PATIENT
    },
    // An appointment
    Command {
        name: "appointment.patient",
        title: "Open patient",
        doc: "Opens the record of the patient whose appointment this is.",
        keys: &["enter", "o"],
        footer: 1,
        run: record::appointment::open_patient,
        ..APPOINTMENT
    },
    // A doctor
    Command {
        name: "doctor.verify",
        title: "Verify",
        doc: "Verifies this doctor; asks first. Patients see verified doctors only.",
        keys: &["v"],
        footer: 1,
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
        footer: 3,
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
        title: "Scroll down",
        doc: "Scrolls a record that is longer than the screen.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| record::scroll(model, 1)),
        ..RECORD
    },
    Command {
        name: "record.up",
        title: "Scroll up",
        doc: "Scrolls back.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| moved(model, |model| record::scroll(model, -1)),
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
    // Form
    Command {
        name: "form.save",
        title: "Save",
        doc: "Saves what is in the form.",
        keys: &["ctrl-s"],
        footer: 1,
        available: available::can_save,
        run: patient_form::save,
        ..FORM
    },
    Command {
        name: "form.close",
        title: "Cancel",
        doc: "Closes the form; asks first if something would be lost.",
        keys: &["esc"],
        footer: 2,
        available: available::is_not_saving,
        run: patient_form::close,
        ..FORM
    },
    Command {
        name: "form.enter",
        title: "Next field",
        doc: "Goes to the next field; on the button, saves.",
        keys: &["enter"],
        is_motion: true,
        run: patient_form::enter,
        ..FORM
    },
    Command {
        name: "form.next",
        title: "Next field",
        doc: "Goes to the next field.",
        keys: &["tab", "down"],
        footer: 3,
        is_motion: true,
        run: |model| patient_form::go(model, 1),
        ..FORM
    },
    Command {
        name: "form.previous",
        title: "Previous field",
        doc: "Goes to the previous field.",
        keys: &["shift-tab", "up"],
        is_motion: true,
        run: |model| patient_form::go(model, -1),
        ..FORM
    },
    Command {
        name: "form.break",
        title: "New line",
        doc: "Breaks the line in a field that holds several (address, note).",
        keys: &["alt-enter", "ctrl-j"],
        is_motion: true,
        run: patient_form::break_line,
        ..FORM
    },
    Command {
        name: "form.look",
        title: "Look at match",
        doc: "Opens the record that may be this person; the form stays.",
        keys: &["ctrl-o"],
        footer: 4,
        available: available::has_candidate,
        run: patient_form::open_first,
        ..FORM
    },
    // Sign in
    Command {
        name: "signin.submit",
        title: "Sign in",
        doc: "Signs in, or goes to the field that is still empty.",
        keys: &["enter"],
        footer: 1,
        run: signin::submit,
        ..SIGN_IN
    },
    Command {
        name: "signin.next",
        title: "Next field",
        doc: "Goes to the next field.",
        keys: &["tab", "down"],
        footer: 2,
        is_motion: true,
        run: |model| signin::step(model, 1),
        ..SIGN_IN
    },
    Command {
        name: "signin.previous",
        title: "Previous field",
        doc: "Goes to the previous field.",
        keys: &["shift-tab", "up"],
        is_motion: true,
        run: |model| signin::step(model, -1),
        ..SIGN_IN
    },
    Command {
        name: "signin.next_server",
        title: "Other server",
        doc: "Fills in the next server of the configuration file.",
        keys: &["ctrl-n"],
        footer: 3,
        available: available::has_servers,
        run: |model| signin::pick_server(model, 1),
        ..SIGN_IN
    },
    Command {
        name: "signin.previous_server",
        title: "Previous server",
        doc: "Fills in the previous server of the configuration file.",
        keys: &["ctrl-p"],
        available: available::has_servers,
        run: |model| signin::pick_server(model, -1),
        ..SIGN_IN
    },
    Command {
        name: "signin.cancel",
        title: "Cancel",
        doc: "Stops waiting for the server; otherwise empties the field.",
        keys: &["esc"],
        run: signin::cancel,
        ..SIGN_IN
    },
    // Question
    Command {
        name: "dialog.choose",
        title: "Choose",
        doc: "Chooses the answer that is marked.",
        keys: &["enter"],
        footer: 1,
        run: dialog::enter,
        ..DIALOG
    },
    Command {
        name: "dialog.next",
        title: "Next answer",
        doc: "Marks the next answer.",
        keys: &["tab", "right", "down"],
        footer: 2,
        is_motion: true,
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
        keys: &["down", "ctrl-n"],
        is_motion: true,
        run: |model| moved(model, |model| picker::step(model, 1)),
        ..PICKER
    },
    Command {
        name: "picker.up",
        title: "Up",
        doc: "Selects the previous command.",
        keys: &["up", "ctrl-p"],
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
    // Everywhere
    Command {
        name: "go.today",
        title: "Go to today",
        doc: "Shows today's appointments.",
        keys: &["g t", "f2"],
        available: available::can_go,
        run: |model| place::go(model, Place::Today),
        ..GLOBAL
    },
    Command {
        name: "go.patients",
        title: "Go to patients",
        doc: "Shows the patients, as they were left.",
        keys: &["g p", "f3"],
        available: available::can_go,
        run: |model| place::go(model, Place::Patients),
        ..GLOBAL
    },
    Command {
        name: "go.doctors",
        title: "Go to doctors",
        doc: "Shows the doctors.",
        keys: &["g d", "f4"],
        available: available::can_go,
        run: |model| place::go(model, Place::Doctors),
        ..GLOBAL
    },
    Command {
        name: "go.contacts",
        title: "Go to contacts",
        doc: "Shows what people wrote to the clinic.",
        keys: &["g c", "f5"],
        available: available::can_go,
        run: |model| place::go(model, Place::Contacts),
        ..GLOBAL
    },
    Command {
        name: "app.help",
        title: "Help",
        doc: "Shows what the keys do here; typing searches, Enter runs.",
        keys: &["f1", "?"],
        footer: 9,
        run: |model| picker::open(model, Purpose::Help),
        ..GLOBAL
    },
    Command {
        name: "app.palette",
        title: "Commands",
        doc: "Runs any command by its name.",
        keys: &[":", "ctrl-p", "f6"],
        footer: 7,
        run: |model| picker::open(model, Purpose::Palette),
        ..GLOBAL
    },
    Command {
        name: "app.reload",
        title: "Reload",
        doc: "Asks the server again; while it is away, tries at once.",
        keys: &["ctrl-r"],
        run: reload,
        ..GLOBAL
    },
    Command {
        name: "app.log",
        title: "Log",
        doc: "Shows what the program did last; no patient's data is in it.",
        keys: &["ctrl-l"],
        run: log::open,
        ..GLOBAL
    },
    Command {
        name: "app.theme",
        title: "Next theme",
        doc: "Tries the next theme; the configuration file makes it last.",
        keys: &[],
        run: next_theme,
        ..GLOBAL
    },
    Command {
        name: "session.sign_out",
        title: "Sign out",
        doc: "Ends the session and clears the screen.",
        keys: &[],
        available: available::can_sign_out,
        run: app::sign_out,
        ..GLOBAL
    },
    Command {
        name: "app.quit",
        title: "Quit",
        doc: "Ends the program; asks first, unless it is pressed twice.",
        keys: &["ctrl-c"],
        footer: 8,
        run: dialog::ask_to_quit,
        ..GLOBAL
    },
];

// What the commands of a scope have in common; name, title, doc and run are always given above.
const GLOBAL: Command = Command {
    name: "",
    title: "",
    doc: "",
    keys: &[],
    scope: Scope::Global,
    footer: 0,
    is_motion: false,
    available: |_| Availability::Ok,
    run: |_| Vec::new(),
};
const SEARCH: Command = Command {
    scope: Scope::Search,
    ..GLOBAL
};
const TODAY: Command = Command {
    scope: Scope::Today,
    ..GLOBAL
};
const PATIENTS: Command = Command {
    scope: Scope::Patients,
    ..GLOBAL
};
const DOCTORS: Command = Command {
    scope: Scope::Doctors,
    ..GLOBAL
};
const CONTACTS: Command = Command {
    scope: Scope::Contacts,
    ..GLOBAL
};
const LIST: Command = Command {
    scope: Scope::List,
    ..GLOBAL
};
const RECORD: Command = Command {
    scope: Scope::Record,
    ..GLOBAL
};
const PATIENT: Command = Command {
    scope: Scope::Patient,
    ..GLOBAL
};
const APPOINTMENT: Command = Command {
    scope: Scope::Appointment,
    ..GLOBAL
};
const DOCTOR: Command = Command {
    scope: Scope::Doctor,
    ..GLOBAL
};
const FORM: Command = Command {
    scope: Scope::Form,
    ..GLOBAL
};
const SIGN_IN: Command = Command {
    scope: Scope::SignIn,
    ..GLOBAL
};
const DIALOG: Command = Command {
    scope: Scope::Dialog,
    ..GLOBAL
};
const PICKER: Command = Command {
    scope: Scope::Picker,
    ..GLOBAL
};
const LOG: Command = Command {
    scope: Scope::Log,
    ..GLOBAL
};

/// Runs something that only moves about: there is nothing to do outside.
fn moved(model: &mut Model, go: impl FnOnce(&mut Model)) -> Vec<crate::effect::Effect> {
    go(model);
    Vec::new()
}

fn reload(model: &mut Model) -> Vec<crate::effect::Effect> {
    if model.link.obstacle().is_some() {
        return app::try_now(model);
    }
    if model.flights.is_flying(Slot::Session) || !model.session.is_in() {
        return Vec::new();
    }
    let mut effects = list::refresh(model);
    effects.extend(record::refresh(model));
    effects
}

fn next_theme(model: &mut Model) -> Vec<crate::effect::Effect> {
    let now = Theme::ALL
        .iter()
        .position(|theme| *theme == model.theme)
        .unwrap_or(0);
    model.theme = Theme::ALL.get(now + 1).copied().unwrap_or_default();
    model.toast(Tone::Info, format!("Theme: {}.", model.theme));
    Vec::new()
}
