//! What the system and the shell may do to `clinic` while it holds the terminal.

use rustix::process::Signal;

use super::screens::{QUIT, at_sign_in};
use super::server::nobody;
use super::terminal::{CLINIC, Terminal};

#[test]
fn being_told_to_end_gives_the_terminal_back() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = at_sign_in(&home, &[]);
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code, "{signal:?}");
        terminal.assert_given_back();
    }
}

#[test]
fn a_vanished_terminal_ends_the_process() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_sign_in(&home, &[]);
    assert!(terminal.is_running());
    terminal.hang_up();
    // Ends by itself, within the harness's patience; the code is the loop's or the watchdog's.
    assert_ne!(terminal.exit_code(), 0);
}

#[test]
fn ctrl_z_gives_the_shell_its_terminal_and_fg_brings_the_screen_back() {
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        "set -m; '{CLINIC}' --server {}; echo stopped-with-$?; read line; fg; echo ended-with-$?",
        nobody()
    );
    let mut terminal = Terminal::run(home.path(), "/bin/sh", &["-c", &script], &[]);
    terminal.wait_for("User");
    terminal.send("\x1a");
    terminal.wait_for("stopped-with-");
    terminal.assert_given_back();

    terminal.send("\n");
    terminal.wait_for("User");
    terminal.wait_until("the alternate screen", vt100::Screen::alternate_screen);
    assert!(!terminal.is_cooked());
    terminal.send(QUIT);
    terminal.wait_for("ended-with-0");
    terminal.assert_given_back();
}

#[test]
fn ctrl_z_without_a_shell_to_come_back_to_stops_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_sign_in(&home, &[]);
    terminal.send("\x1a");
    terminal.send("eva");
    terminal.wait_for("eva");
    terminal.send(QUIT);
    assert_eq!(terminal.exit_code(), 0);
}
