//! Commands about a doctor's weekly hours.

use super::EVERYWHERE;
use crate::command::{Command, Scope};
use crate::screens::windows;

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "doctor.windows",
        title: "Hours",
        doc: "Lists the weekly hours in which this doctor can be booked; they are changed there.",
        also: "weekly working opening hours times windows available schedule",
        keys: &["e"],
        footer: 5,
        run: windows::open,
        ..DOCTOR
    },
    Command {
        name: "windows.edit",
        title: "Change",
        doc: "Changes the selected hours: days, times, slots, from when and until when.",
        keys: &["e", "enter", "l", "right"],
        footer: 1,
        available: windows::has_selected,
        run: windows::edit,
        ..WINDOWS
    },
    Command {
        name: "windows.new",
        title: "New",
        doc: "Enters weekly hours of this doctor.",
        keys: &["n", "a"],
        footer: 2,
        available: windows::can_change,
        run: windows::new,
        ..WINDOWS
    },
    Command {
        name: "windows.retire",
        title: "Retire",
        doc: "Offers the selected hours no more; what is booked in them stays. Asks first.",
        keys: &["d", "delete"],
        footer: 3,
        available: windows::has_selected,
        run: windows::ask_retire,
        ..WINDOWS
    },
    Command {
        name: "windows.take",
        title: "Take off",
        doc: "Takes the selected hours from this doctor alone; who shares them keeps them. Asks first.",
        keys: &["t"],
        footer: 4,
        available: windows::is_shared,
        run: windows::ask_take,
        ..WINDOWS
    },
];

const DOCTOR: Command = Command {
    scope: Scope::Doctor,
    ..EVERYWHERE
};
const WINDOWS: Command = Command {
    scope: Scope::Windows,
    ..EVERYWHERE
};
