//! Commands of the lists: the search field, each place, and what all of them share.

use super::{EVERYWHERE, label, moved};
use crate::command::{Command, Scope, available};
use crate::screens::doctors::verify;
use crate::screens::{dialog, filter, finder, list, patient_form};

pub(super) static COMMANDS: &[Command] = &[
    // Search field
    Command {
        name: "search.open",
        title: "Open",
        doc: "Opens the selected row, on the board goes to it; where no patient is found, goes to the list.",
        keys: &["enter"],
        footer: 1,
        label: label::search,
        run: finder::enter,
        ..SEARCH
    },
    Command {
        name: "search.down",
        title: "Down",
        doc: "Selects the next row while the search goes on.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| list::step(model, 1)),
        ..SEARCH
    },
    Command {
        name: "search.up",
        title: "Up",
        doc: "Selects the previous row while the search goes on.",
        keys: &["up", "alt-k"],
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
        short: "List",
        run: |model| moved(model, finder::leave),
        ..SEARCH
    },
    // Patients
    Command {
        name: "patients.new",
        title: "New patient",
        doc: "Registers a person, with what was typed into the search already filled in.",
        also: "register add create",
        keys: &["n", "insert"],
        footer: 3,
        short: "New",
        available: available::can_ask,
        run: patient_form::open_new,
        ..PATIENTS
    },
    // Doctors
    Command {
        name: "doctors.verify",
        title: "Verify",
        doc: "Verifies the selected doctor; asks first. Patients see verified doctors only.",
        also: "applications accept applicants",
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
        also: "only mine new all",
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
        also: "why history who booked moved changed record details",
        keys: &["enter", "l", "right"],
        footer: 1,
        available: available::can_open_row,
        run: list::enter,
        ..LIST
    },
    Command {
        name: "list.search",
        title: "Search",
        doc: "Puts the cursor into the search field. Letters take the place of a search that was used.",
        also: "find look for name phone telephone number who",
        keys: &["/", "tab"],
        footer: 2,
        available: available::has_finder,
        run: |model| moved(model, finder::focus),
        ..LIST
    },
    Command {
        name: "list.clear",
        title: "Show all",
        doc: "Empties the search field and takes the filter off; at the contact requests, shows the new ones.",
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
];

const SEARCH: Command = Command {
    scope: Scope::Search,
    ..EVERYWHERE
};
const PATIENTS: Command = Command {
    scope: Scope::Patients,
    ..EVERYWHERE
};
const DOCTORS: Command = Command {
    scope: Scope::Doctors,
    ..EVERYWHERE
};
const CONTACTS: Command = Command {
    scope: Scope::Contacts,
    ..EVERYWHERE
};
const LIST: Command = Command {
    scope: Scope::List,
    ..EVERYWHERE
};
