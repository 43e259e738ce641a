//! `clinicd`: the server and its operator's commands.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run()
}
