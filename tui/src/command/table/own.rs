//! Commands about one's own screen: the settings, the servers, the lock.

use super::{EVERYWHERE, label};
use crate::app::lock;
use crate::command::{Command, Scope};
use crate::screens::{servers, settings};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "app.settings",
        title: "Settings",
        doc: "Shows theme, symbols, mouse, dates, lock and keys, and changes them.",
        also: "format iso date format dates colours colors mouse ascii preferences options configure language lock timeout",
        keys: &["f9"],
        available: settings::available,
        run: settings::open,
        ..EVERYWHERE
    },
    Command {
        name: "app.theme",
        title: "Next theme",
        doc: "Takes the next theme, and keeps it.",
        also: "colours colors dark light contrast",
        keys: &[],
        available: settings::available,
        run: settings::next_theme,
        ..EVERYWHERE
    },
    Command {
        name: "app.servers",
        title: "Servers",
        doc: "Lists the servers of the configuration file: another one, a change, forgetting one.",
        also: "address connection profile",
        keys: &[],
        available: settings::available,
        run: servers::open,
        ..EVERYWHERE
    },
    Command {
        name: "app.lock",
        title: "Lock screen",
        doc: "Covers the screen until the password is typed again; nothing typed is lost.",
        also: "screen away pause break",
        keys: &["alt-l"],
        available: lock::available,
        run: lock::lock,
        ..EVERYWHERE
    },
    // The settings
    Command {
        name: "settings.change",
        title: "Change",
        doc: "Takes the next choice, or opens what has a screen of its own.",
        keys: &["enter", "space"],
        footer: 1,
        run: settings::enter,
        ..SETTINGS
    },
    Command {
        name: "settings.next",
        title: "Next choice",
        doc: "Takes the next choice of the selected setting.",
        keys: &["right", "l"],
        footer: 2,
        short: "Next",
        run: |model| settings::change(model, true),
        ..SETTINGS
    },
    Command {
        name: "settings.previous",
        title: "Previous choice",
        doc: "Takes the previous choice of the selected setting.",
        keys: &["left", "h"],
        footer: 3,
        short: "Previous",
        run: |model| settings::change(model, false),
        ..SETTINGS
    },
    // The servers
    Command {
        name: "servers.choose",
        title: "Go there",
        doc: "Signs in at the selected server; whoever is signed in is asked first.",
        keys: &["enter"],
        footer: 1,
        label: label::server,
        run: servers::choose,
        ..SERVERS
    },
    Command {
        name: "servers.add",
        title: "New server",
        doc: "Notes another server.",
        keys: &["n"],
        footer: 2,
        short: "New",
        run: servers::add,
        ..SERVERS
    },
    Command {
        name: "servers.edit",
        title: "Change",
        doc: "Changes the address or the name of the selected server.",
        keys: &["e"],
        footer: 3,
        available: servers::has_selected,
        run: servers::edit,
        ..SERVERS
    },
    Command {
        name: "servers.default",
        title: "Usual server",
        doc: "Makes the selected server the one that is used when none is named.",
        keys: &["m"],
        footer: 4,
        short: "Usual",
        available: servers::has_selected,
        run: servers::make_default,
        ..SERVERS
    },
    Command {
        name: "servers.forget",
        title: "Forget",
        doc: "Takes the selected server off the list, and its kept session with it; asks first.",
        keys: &["d", "delete"],
        footer: 5,
        available: servers::has_selected,
        run: servers::ask_forget,
        ..SERVERS
    },
];

const SETTINGS: Command = Command {
    scope: Scope::Settings,
    ..EVERYWHERE
};
const SERVERS: Command = Command {
    scope: Scope::Servers,
    ..EVERYWHERE
};
