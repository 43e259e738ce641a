//! Commands of the patient's form and of the sign-in.

use super::{EVERYWHERE, label};
use crate::command::{Command, Scope, available};
use crate::screens::{ask, patient_form, servers, settings, signin};

pub(super) static COMMANDS: &[Command] = &[
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
        doc: "Closes the form; asks first if something would be lost. While it is saved, waits no longer.",
        keys: &["esc"],
        footer: 2,
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
        short: "Next",
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
        short: "Match",
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
        label: label::sign_in,
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
        short: "Server",
        available: available::has_servers,
        run: |model| signin::pick_server(model, 1),
        ..SIGN_IN
    },
    Command {
        name: "signin.previous_server",
        title: "Previous server",
        doc: "Fills in the previous server of the configuration file.",
        keys: &["alt-p"],
        available: available::has_servers,
        run: |model| signin::pick_server(model, -1),
        ..SIGN_IN
    },
    Command {
        name: "signin.servers",
        title: "Servers",
        doc: "Lists the known servers: another one, a change, forgetting one.",
        keys: &["f7"],
        available: settings::available,
        run: servers::open,
        ..SIGN_IN
    },
    Command {
        name: "signin.forgot",
        title: "Forgotten password",
        doc: "Asks for a code by mail that sets a new password.",
        keys: &["ctrl-o"],
        footer: 4,
        short: "Forgotten",
        run: ask::forgot,
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
];

const FORM: Command = Command {
    scope: Scope::Form,
    ..EVERYWHERE
};
const SIGN_IN: Command = Command {
    scope: Scope::SignIn,
    ..EVERYWHERE
};
