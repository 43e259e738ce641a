//! Commands about accounts: the list and the record for admins, one's own sessions, and the form
//! of a few lines.

use super::EVERYWHERE;
use crate::command::{Availability, Command, Scope, available};
use crate::screens::place::{self, Place};
use crate::screens::users::act;
use crate::screens::{ask, filter, own_sessions};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "go.users",
        title: "Go to accounts",
        doc: "Shows the users: who can sign in. For admins.",
        also: "staff colleagues disable invite roles",
        keys: &["g u"],
        available: |model| match act::is_admin(model) {
            Availability::Ok => available::can_go(model),
            no => no,
        },
        run: |model| place::go(model, Place::Users),
        ..EVERYWHERE
    },
    Command {
        name: "go.sessions",
        title: "Your sessions",
        doc: "Shows where you are signed in.",
        also: "devices signed in where password",
        keys: &["g s"],
        available: available::can_go,
        run: |model| place::go(model, Place::Sessions),
        ..EVERYWHERE
    },
    // The accounts
    Command {
        name: "users.invite",
        title: "Invite",
        doc: "Makes an account for somebody who will work here; a code is mailed to them.",
        keys: &["n"],
        footer: 2,
        available: act::can_send,
        run: ask::invite,
        ..USERS
    },
    Command {
        name: "users.filter",
        title: "Filter",
        doc: "Shows one role only; again, the next one; at last all of them.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..USERS
    },
    Command {
        name: "users.filter_back",
        title: "Filter back",
        doc: "Goes back to the filter before.",
        keys: &["F"],
        run: |model| filter::turn(model, false),
        ..USERS
    },
    // An account
    Command {
        name: "user.role",
        title: "Role",
        doc: "Gives this account another role; asks first. Its sessions end.",
        keys: &["r"],
        footer: 1,
        available: act::available,
        run: act::ask_role,
        ..USER
    },
    Command {
        name: "user.active",
        title: "Disable, enable",
        doc: "Decides whether this account may sign in; asks first.",
        also: "lock block staff",
        keys: &["d"],
        footer: 4,
        short: "Disable",
        available: act::available,
        run: act::ask_active,
        ..USER
    },
    Command {
        name: "user.codes",
        title: "Login codes",
        doc: "Decides whether signing in takes a code from a mail; asks first.",
        keys: &["c"],
        footer: 5,
        short: "Codes",
        available: act::available,
        run: act::ask_codes,
        ..USER
    },
    Command {
        name: "user.end",
        title: "End sessions",
        doc: "Signs this account out everywhere; asks first.",
        keys: &["x"],
        footer: 6,
        short: "End",
        available: act::available,
        run: act::ask_end,
        ..USER
    },
    // One's own sessions
    Command {
        name: "sessions.end",
        title: "End session",
        doc: "Ends the selected session; asks first.",
        keys: &["enter", "x"],
        footer: 1,
        available: own_sessions::available,
        run: own_sessions::ask,
        ..SESSIONS
    },
    // The form of a few lines
    Command {
        name: "ask.submit",
        title: "Send or go on",
        doc: "Sends the form, or goes to the field that is still empty; inviting and for absences, to the next field first.",
        keys: &["enter"],
        footer: 1,
        label: ask::enter_label,
        run: ask::enter,
        ..ASK
    },
    Command {
        name: "ask.send",
        title: "Send",
        doc: "Sends the form from any field.",
        keys: &["ctrl-s"],
        footer: 2,
        label: ask::send_label,
        run: ask::submit,
        ..ASK
    },
    Command {
        name: "ask.next",
        title: "Next field",
        doc: "Goes to the next field.",
        keys: &["tab", "down"],
        footer: 3,
        short: "Next",
        is_motion: true,
        run: |model| ask::step(model, 1),
        ..ASK
    },
    Command {
        name: "ask.previous",
        title: "Previous field",
        doc: "Goes to the previous field.",
        keys: &["shift-tab", "up"],
        is_motion: true,
        run: |model| ask::step(model, -1),
        ..ASK
    },
    Command {
        name: "ask.resend",
        title: "Another code",
        doc: "Asks for another code by mail; once a minute.",
        keys: &["ctrl-n"],
        footer: 4,
        short: "New code",
        available: |model| match ask::has_code(model) {
            true => Availability::Ok,
            false => Availability::Disabled("No code is asked for here.".into()),
        },
        run: ask::resend,
        ..ASK
    },
    Command {
        name: "ask.cancel",
        title: "Back",
        doc: "Stops waiting for the server; otherwise closes the form.",
        keys: &["esc"],
        footer: 5,
        run: ask::cancel,
        ..ASK
    },
];

const USERS: Command = Command {
    scope: Scope::Users,
    ..EVERYWHERE
};
const USER: Command = Command {
    scope: Scope::User,
    ..EVERYWHERE
};
const SESSIONS: Command = Command {
    scope: Scope::Sessions,
    ..EVERYWHERE
};
const ASK: Command = Command {
    scope: Scope::Ask,
    ..EVERYWHERE
};
