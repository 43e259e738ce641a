//! `clinic`: the front desk in the terminal.

use std::process::ExitCode;

fn main() -> ExitCode {
    clinic_tui::cli::main()
}
