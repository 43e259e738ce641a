//! What the system and the shell may do to `clinic` while it follows the board live and waits for
//! an answer.

use rustix::process::Signal;

use super::screens::QUIT;
use super::server::{REFRESH, Server};
use super::terminal::{CLINIC, PATIENCE, Terminal};

/// A home directory that goes after the test, a server, and `clinic` at its board.
struct Desk {
    terminal: Terminal,
    server: Server,
    _home: tempfile::TempDir,
}

/// `program` with these arguments and variables at a live board, with a request under way.
fn desk(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Desk {
    let home = tempfile::tempdir().unwrap();
    let server = Server::live();
    let session = [
        ("CLINIC_TOKEN", REFRESH),
        ("CLINIC_SERVER", server.address.as_str()),
    ];
    let variables = [&session[..], variables].concat();
    let terminal = Terminal::run(home.path(), program, arguments, &variables);
    let desk = Desk {
        terminal,
        server,
        _home: home,
    };
    desk.is_live();
    desk
}

fn at_live_board(variables: &[(&str, &str)]) -> Desk {
    desk(CLINIC, &[], variables)
}

impl Desk {
    /// The board is there, and followed, and asked for once more without an answer.
    fn is_live(&self) {
        self.terminal.wait_until("a live board", |screen| {
            let shown = screen.contents();
            shown.contains("of 40") && shown.contains("● live")
        });
        let begun = std::time::Instant::now();
        while self.asked("GET /v1/api/desk/board/") < 2 {
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.server.requests());
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
        assert_eq!(self.asked("GET /v1/api/events/"), 1);
    }

    fn asked(&self, beginning: &str) -> usize {
        let asked = self.server.requests();
        asked
            .iter()
            .filter(|asked| asked.starts_with(beginning))
            .count()
    }
}

#[test]
fn leaving_and_being_told_to_end_give_the_terminal_back() {
    let mut quit = at_live_board(&[]).terminal;
    quit.send(QUIT);
    assert_eq!(quit.exit_code(), 0);
    quit.assert_given_back();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut desk = at_live_board(&[]);
        desk.terminal.signal(signal);
        assert_eq!(desk.terminal.exit_code(), code, "{signal:?}");
        desk.terminal.assert_given_back();
        assert_eq!(desk.terminal.contents().trim(), "", "{signal:?}");
    }
}

#[test]
fn a_vanished_terminal_ends_the_process() {
    let mut desk = at_live_board(&[]);
    desk.terminal.hang_up();
    assert_ne!(desk.terminal.exit_code(), 0);
}

#[test]
fn ctrl_z_and_fg_come_back_to_a_live_board() {
    let script =
        format!("set -m; '{CLINIC}'; echo stopped-with-$?; read line; fg; echo ended-with-$?");
    let mut desk = desk("/bin/sh", &["-c", &script], &[]);
    let terminal = &mut desk.terminal;
    terminal.send("\x1a");
    terminal.wait_for("stopped-with-");
    terminal.assert_given_back();

    terminal.send("\n");
    terminal.wait_until("the board again", |screen| {
        screen.alternate_screen() && screen.contents().contains("of 40")
    });
    assert!(!terminal.is_cooked());
    terminal.send(QUIT);
    terminal.wait_for("ended-with-0");
    terminal.assert_given_back();
}

#[test]
fn ctrl_z_without_a_shell_to_come_back_to_stops_nothing() {
    let mut terminal = at_live_board(&[]).terminal;
    terminal.send("\x1a");
    terminal.send("?");
    terminal.wait_for("type to search");
    terminal.send(QUIT);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_panic_gives_the_terminal_back_and_can_be_read() {
    let mut terminal = at_live_board(&[("CLINIC_TEST_PANIC", "1")]).terminal;
    terminal.send("x");
    assert_eq!(terminal.exit_code(), 101);
    terminal.assert_given_back();
    let message = terminal.contents();
    assert!(message.contains("CLINIC_TEST_PANIC"), "{message}");
    assert!(
        !message.contains("of 40"),
        "half a frame is left: {message}"
    );
}

#[test]
fn a_storm_of_sizes_ends_in_a_whole_board() {
    let mut desk = at_live_board(&[]);
    for step in 0..300_u16 {
        desk.terminal.resize(1 + step * 7 % 60, 1 + step * 13 % 200);
    }
    desk.terminal.resize(24, 80);
    desk.is_live();
    desk.terminal.wait_until("the whole board", |screen| {
        let lines: Vec<String> = screen.rows(0, 80).collect();
        lines[0].contains("[F2 Today]") && lines[23].contains("Help")
    });
    desk.terminal.send(QUIT);
    assert_eq!(desk.terminal.exit_code(), 0);
    desk.terminal.assert_given_back();
}
