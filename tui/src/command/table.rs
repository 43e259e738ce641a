//! The table itself.

use super::{Availability, Command, Scope};
use crate::app::{self, Link, Model, Session, Tone};
use crate::effect::Slot;
use crate::layers::Layer;
use crate::screens::picker::Purpose;
use crate::screens::{dialog, log, patient, patient_form, patients, picker, signin};
use crate::theme::Theme;

/// Every command, in the order of the help.
pub static ALL: &[Command] = &[
    // Search field
    Command {
        name: "search.open",
        title: "Open",
        doc: "Opens the selected patient; where nobody is found, registers a new one.",
        keys: &["enter"],
        footer: 1,
        run: patients::enter,
        ..SEARCH
    },
    Command {
        name: "search.down",
        title: "Down",
        doc: "Selects the next patient while the search goes on.",
        keys: &["down", "ctrl-n"],
        is_motion: true,
        run: |model| moved(model, |model| patients::step(model, 1)),
        ..SEARCH
    },
    Command {
        name: "search.up",
        title: "Up",
        doc: "Selects the previous patient while the search goes on.",
        keys: &["up", "ctrl-p"],
        is_motion: true,
        run: |model| moved(model, |model| patients::step(model, -1)),
        ..SEARCH
    },
    Command {
        name: "search.leave",
        title: "To the list",
        doc: "Lets the keys act on the list; what was typed stays.",
        keys: &["esc", "tab"],
        footer: 3,
        run: |model| moved(model, patients::focus_list),
        ..SEARCH
    },
    // Patients
    Command {
        name: "patients.open",
        title: "Open",
        doc: "Opens the selected patient's record.",
        keys: &["enter", "l", "right"],
        footer: 1,
        available: has_selected,
        run: patients::enter,
        ..PATIENTS
    },
    Command {
        name: "patients.search",
        title: "Search",
        doc: "Puts the cursor into the search field.",
        keys: &["/", "tab"],
        footer: 2,
        run: |model| moved(model, patients::focus_search),
        ..PATIENTS
    },
    Command {
        name: "patients.new",
        title: "New patient",
        doc: "Registers a person, with what was typed into the search already filled in.",
        keys: &["n", "insert"],
        footer: 3,
        available: can_ask,
        run: patient_form::open_new,
        ..PATIENTS
    },
    Command {
        name: "patients.clear",
        title: "Clear search",
        doc: "Empties the search field and shows everybody.",
        keys: &["esc"],
        run: patients::clear_search,
        ..PATIENTS
    },
    Command {
        name: "list.down",
        title: "Down",
        doc: "Selects the next row.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| patients::step(model, 1)),
        ..PATIENTS
    },
    Command {
        name: "list.up",
        title: "Up",
        doc: "Selects the previous row.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| moved(model, |model| patients::step(model, -1)),
        ..PATIENTS
    },
    Command {
        name: "list.page_down",
        title: "Page down",
        doc: "Moves the selection down by a screen.",
        keys: &["pgdn", "ctrl-d"],
        is_motion: true,
        run: |model| moved(model, |model| patients::page(model, 1)),
        ..PATIENTS
    },
    Command {
        name: "list.page_up",
        title: "Page up",
        doc: "Moves the selection up by a screen.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| moved(model, |model| patients::page(model, -1)),
        ..PATIENTS
    },
    Command {
        name: "list.top",
        title: "First row",
        doc: "Selects the first row.",
        keys: &["g g", "home"],
        is_motion: true,
        run: |model| moved(model, patients::top),
        ..PATIENTS
    },
    Command {
        name: "list.bottom",
        title: "Last row",
        doc: "Selects the last row that is loaded.",
        keys: &["G", "g e", "end"],
        is_motion: true,
        run: |model| moved(model, patients::bottom),
        ..PATIENTS
    },
    Command {
        name: "patients.quit",
        title: "Quit",
        doc: "Ends the program; asks first.",
        keys: &["q"],
        footer: 6,
        run: dialog::ask_to_quit,
        ..PATIENTS
    },
    // Record
    Command {
        name: "record.edit",
        title: "Edit",
        doc: "Changes this record.",
        keys: &["e", "enter"],
        footer: 1,
        available: has_record,
        run: patient::edit,
        ..RECORD
    },
    Command {
        name: "record.close",
        title: "Back",
        doc: "Closes the record.",
        keys: &["esc", "q", "h", "left"],
        footer: 2,
        run: patient::close,
        ..RECORD
    },
    Command {
        name: "record.next",
        title: "Next patient",
        doc: "Opens the next patient of the list.",
        keys: &["]", "ctrl-n"],
        footer: 3,
        available: is_over_list,
        run: |model| patient::turn(model, 1),
        ..RECORD
    },
    Command {
        name: "record.previous",
        title: "Previous patient",
        doc: "Opens the previous patient of the list.",
        keys: &["["],
        available: is_over_list,
        run: |model| patient::turn(model, -1),
        ..RECORD
    },
    Command {
        name: "record.down",
        title: "Scroll down",
        doc: "Scrolls a record that is longer than the screen.",
        keys: &["down", "j"],
        is_motion: true,
        run: |model| moved(model, |model| patient::scroll(model, 1)),
        ..RECORD
    },
    Command {
        name: "record.up",
        title: "Scroll up",
        doc: "Scrolls back.",
        keys: &["up", "k"],
        is_motion: true,
        run: |model| moved(model, |model| patient::scroll(model, -1)),
        ..RECORD
    },
    Command {
        name: "record.page_down",
        title: "Page down",
        doc: "Scrolls the record by some lines.",
        keys: &["pgdn", "ctrl-d", "space"],
        is_motion: true,
        run: |model| moved(model, |model| patient::scroll(model, 10)),
        ..RECORD
    },
    Command {
        name: "record.page_up",
        title: "Page up",
        doc: "Scrolls the record back by some lines.",
        keys: &["pgup", "ctrl-u"],
        is_motion: true,
        run: |model| moved(model, |model| patient::scroll(model, -10)),
        ..RECORD
    },
    // Form
    Command {
        name: "form.save",
        title: "Save",
        doc: "Saves what is in the form.",
        keys: &["ctrl-s"],
        footer: 1,
        available: can_save,
        run: patient_form::save,
        ..FORM
    },
    Command {
        name: "form.close",
        title: "Cancel",
        doc: "Closes the form; asks first if something would be lost.",
        keys: &["esc"],
        footer: 2,
        available: is_not_saving,
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
        available: has_candidate,
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
        available: has_servers,
        run: |model| signin::pick_server(model, 1),
        ..SIGN_IN
    },
    Command {
        name: "signin.previous_server",
        title: "Previous server",
        doc: "Fills in the previous server of the configuration file.",
        keys: &["ctrl-p"],
        available: has_servers,
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
        keys: &[":", "ctrl-p", "f2"],
        footer: 7,
        run: |model| picker::open(model, Purpose::Palette),
        ..GLOBAL
    },
    Command {
        name: "app.reload",
        title: "Reload",
        doc: "Asks the server again; while it is away, tries at once.",
        keys: &["ctrl-r", "f5"],
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
        available: can_sign_out,
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
const PATIENTS: Command = Command {
    scope: Scope::Patients,
    ..GLOBAL
};
const RECORD: Command = Command {
    scope: Scope::Record,
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

fn only_if(condition: bool, otherwise: &'static str) -> Availability {
    if condition {
        Availability::Ok
    } else {
        Availability::Disabled(otherwise.into())
    }
}

fn has_selected(model: &Model) -> Availability {
    only_if(
        model.patients.selected().is_some(),
        "No patient is selected.",
    )
}

fn can_ask(model: &Model) -> Availability {
    only_if(model.session.is_in(), "Sign in first.")
}

fn has_record(model: &Model) -> Availability {
    let is_there = matches!(
        model.acting(),
        Some(Layer::Record(record)) if record.patient.is_some()
    );
    let why = if model.link == Link::Up {
        "The record is not loaded yet."
    } else {
        patient::UNREAD
    };
    only_if(is_there, why)
}

fn is_over_list(model: &Model) -> Availability {
    let layers = model
        .layers
        .iter()
        .filter(|layer| !matches!(layer, Layer::Picker(_)))
        .count();
    only_if(layers == 1, "This record was not opened from the list.")
}

fn has_candidate(model: &Model) -> Availability {
    let is_there = patient_form::top(model).is_some_and(|form| !form.candidates.is_empty());
    only_if(is_there, "Nobody here looks like this person.")
}

fn is_not_saving(model: &Model) -> Availability {
    only_if(
        !patient_form::is_saving(model),
        "The server is saving; wait for its answer.",
    )
}

fn can_save(model: &Model) -> Availability {
    if let Some(obstacle) = model.link.obstacle() {
        return Availability::Disabled(obstacle.into());
    }
    is_not_saving(model)
}

fn has_servers(model: &Model) -> Availability {
    only_if(
        model.servers.len() > 1,
        "The configuration file names no other server.",
    )
}

fn can_sign_out(model: &Model) -> Availability {
    if model.has_unsaved() {
        return Availability::Disabled("Save or discard the form first.".into());
    }
    only_if(
        matches!(model.session, Session::In(_)),
        "Nobody is signed in.",
    )
}

fn reload(model: &mut Model) -> Vec<crate::effect::Effect> {
    if model.link.obstacle().is_some() {
        return app::try_now(model);
    }
    if model.flights.is_flying(Slot::Session) || !model.session.is_in() {
        return Vec::new();
    }
    let mut effects = patients::refresh(model);
    effects.extend(patient::refresh(model));
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
