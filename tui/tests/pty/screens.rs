//! The screens, from the first frame to the terminal given back.

use super::server::{REFRESH, Server, nobody};
use super::terminal::{CLINIC, Terminal};

/// ctrl-c: leaves from everywhere.
pub(crate) const QUIT: &str = "\x03\x03";

/// `clinic` at the sign-in screen of a server that need not be there.
pub(crate) fn at_sign_in(home: &tempfile::TempDir, variables: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::clinic(home.path(), &["--server", &nobody()], variables);
    terminal.wait_for("User");
    terminal
}

#[test]
fn the_first_screen_comes_without_network_and_leaving_gives_the_terminal_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_sign_in(&home, &[]);
    assert!(!terminal.is_cooked());
    terminal.send(QUIT);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    assert_eq!(
        terminal.contents().trim(),
        "",
        "the screens left something behind"
    );
}

#[test]
fn with_the_mouse_off_the_terminal_keeps_it() {
    let home = tempfile::tempdir().unwrap();
    let (on, off) = (
        b"\x1b[?1000h".as_slice(),
        ["--no-mouse", "--server", &nobody()],
    );
    let terminal = Terminal::clinic(home.path(), &off, &[]);
    terminal.wait_for("User");
    assert!(!terminal.bytes().windows(on.len()).any(|bytes| bytes == on));
    let terminal = at_sign_in(&home, &[]);
    assert!(terminal.bytes().windows(on.len()).any(|bytes| bytes == on));
}

#[test]
fn a_panic_gives_the_terminal_back_and_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_sign_in(&home, &[("CLINIC_TEST_PANIC", "1")]);
    terminal.send("x");
    assert_eq!(terminal.exit_code(), 101);
    terminal.assert_given_back();
    let message = terminal.contents();
    assert!(
        message.contains("panicked at") && message.contains("CLINIC_TEST_PANIC"),
        "{message}"
    );
    assert!(!message.contains("User"), "half a frame is left: {message}");
}

#[test]
fn a_storm_of_sizes_ends_in_a_whole_screen() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = at_sign_in(&home, &[]);
    for step in 0..300_u16 {
        terminal.resize(1 + step * 7 % 60, 1 + step * 13 % 200);
    }
    terminal.resize(24, 80);
    terminal.wait_for("User");
    terminal.send(QUIT);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[test]
fn without_colour_no_colour_is_sent_and_the_selection_still_shows() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let variables = [
        ("NO_COLOR", "1"),
        ("CLINIC_TOKEN", REFRESH),
        ("CLINIC_SERVER", &server.address),
    ];
    let mut terminal = Terminal::clinic(home.path(), &[], &variables);
    terminal.wait_for("Today");
    // F3: the patients.
    terminal.send("\x1bOR");
    terminal.wait_until("Grace Hopper, and Ada in reverse", |screen| {
        let reversed = |row: u16| {
            (0..80).any(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse))
        };
        let selected = screen
            .rows(0, 80)
            .position(|row| row.contains("Ada [31mLovelace"));
        screen.contents().contains("Grace Hopper")
            && selected.is_some_and(|row| reversed(u16::try_from(row).unwrap()))
    });
    let coloured: Vec<_> = colours(&terminal.bytes());
    assert!(coloured.is_empty(), "{coloured:?}");
}

#[test]
fn a_dumb_terminal_is_refused_in_words() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::run(home.path(), CLINIC, &[], &[("TERM", "dumb")]);
    assert_eq!(terminal.exit_code(), 2);
    terminal.wait_for("subcommands");
}

/// The colour codes among all `ESC [ … m` sequences.
fn colours(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
            rest[end..].starts_with('m').then(|| rest[..end].to_owned())
        })
        .filter(|codes| {
            codes
                .split(';')
                .filter_map(|code| code.parse::<u16>().ok())
                .any(|code| matches!(code, 30..=38 | 40..=48 | 90..=107))
        })
        .collect()
}
