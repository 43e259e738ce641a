//! `clinic` in pipes, as scripts run it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::terminal::CLINIC;

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command in an empty environment with this home directory.
pub(crate) fn clinic(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(CLINIC);
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it with this input.
pub(crate) fn run(command: &mut Command, input: &str) -> Ended {
    let mut child = command.spawn().unwrap();
    // Who does not read the input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
