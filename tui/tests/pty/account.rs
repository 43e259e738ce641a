//! Signing in and out from scripts.

use std::os::unix::fs::PermissionsExt;

use super::command::{Ended, clinic, run};
use super::server::{PASSWORD, REFRESH, Server, USER, nobody};
use super::terminal::Terminal;

struct Desk {
    home: tempfile::TempDir,
    server: Server,
}

impl Desk {
    fn open() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            server: Server::start(),
        }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ended {
        let tokens = self.home.path().join("tokens.json");
        let mut command = clinic(self.home.path(), arguments);
        command.args(["--server", &self.server.address]);
        command.arg("--insecure-file").arg(tokens);
        run(&mut command, input)
    }

    fn sign_in(&self) -> Ended {
        let password = format!("{PASSWORD}\n");
        self.run(&["login", "--user", USER, "--password-stdin"], &password)
    }
}

#[test]
fn a_session_is_kept_used_shown_and_ended() {
    let desk = Desk::open();
    let login = desk.sign_in();
    assert_eq!((login.code, login.err.as_str()), (0, ""), "{login:?}");
    assert!(
        login
            .out
            .starts_with("Signed in as eva (receptionist); the session is kept in the")
    );
    let mode = desk
        .home
        .path()
        .join("tokens.json")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    // Nothing but the server is named any more: the user is remembered.
    let who = desk.run(&["whoami"], "");
    assert_eq!(
        (who.code, who.out),
        (
            0,
            format!("eva (receptionist) at {}\n", desk.server.address)
        )
    );
    let status = desk.run(&["auth", "status", "--json"], "");
    let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(status["user"]["username"], USER);
    assert!(status["place"].as_str().unwrap().contains("tokens.json"));

    let logout = desk.run(&["logout"], "");
    assert_eq!(
        (logout.code, logout.out.as_str()),
        (0, "Signed out.\n"),
        "{logout:?}"
    );
    let told = desk.server.requests();
    assert!(
        told.iter()
            .any(|asked| asked.contains("/logout/") && asked.contains(REFRESH))
    );
    let after = desk.run(&["whoami"], "");
    assert_eq!(after.code, 4);
    assert!(after.err.contains("clinic login"), "{after:?}");
}

#[test]
fn a_typed_name_and_password_sign_in_and_the_password_is_not_echoed() {
    let desk = Desk::open();
    let tokens = desk.home.path().join("tokens.json");
    let mut terminal = Terminal::clinic(
        desk.home.path(),
        &[
            "login",
            "--server",
            &desk.server.address,
            "--insecure-file",
            tokens.to_str().unwrap(),
        ],
        &[],
    );
    terminal.wait_for("User name:");
    terminal.send("eva\r");
    terminal.wait_for("Password of eva:");
    // With a mistake, taken back.
    terminal.send(&format!("{PASSWORD}x\x7f\r"));
    terminal.wait_for("Signed in as eva");
    assert_eq!(terminal.exit_code(), 0);
    assert!(
        !String::from_utf8_lossy(&terminal.bytes()).contains("correct"),
        "echoed"
    );
    terminal.assert_given_back();
}

#[test]
fn a_password_prompt_can_be_left() {
    let desk = Desk::open();
    let arguments = [
        "login",
        "--user",
        USER,
        "--print-token",
        "--server",
        &desk.server.address,
    ];
    let mut terminal = Terminal::clinic(desk.home.path(), &arguments, &[]);
    terminal.wait_for("Password of eva:");
    terminal.send("half\x03");
    assert_eq!(terminal.exit_code(), 1);
    terminal.wait_for("Cancelled; nothing was done.");
    terminal.assert_given_back();
    assert!(desk.server.requests().is_empty());
}

#[test]
fn a_wrong_password_is_refused_and_nothing_is_kept() {
    let desk = Desk::open();
    let login = desk.run(&["login", "--user", USER, "--password-stdin"], "guess\n");
    assert_eq!(
        (login.code, login.err.as_str()),
        (1, "Wrong name or password.\n")
    );
    assert!(!desk.home.path().join("tokens.json").exists());
    assert_eq!(desk.run(&["auth", "status"], "").code, 4);
}

#[test]
fn without_a_terminal_and_without_an_input_no_password_is_asked_for() {
    let desk = Desk::open();
    let login = desk.run(&["login", "--user", USER], "");
    assert_eq!(login.code, 2);
    assert!(login.err.contains("--password-stdin"), "{login:?}");
}

#[test]
fn an_opened_token_file_is_refused() {
    let desk = Desk::open();
    desk.sign_in();
    let path = desk.home.path().join("tokens.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let who = desk.run(&["whoami"], "");
    assert_eq!(who.code, 1);
    assert!(who.err.contains("chmod 600"), "{who:?}");
}

#[test]
fn a_printed_token_works_as_clinic_token_and_no_secret_is_shown_elsewhere() {
    let desk = Desk::open();
    let password = format!("{PASSWORD}\n");
    let arguments = ["login", "--user", USER, "--password-stdin", "--print-token"];
    let printed = desk.run(&arguments, &password);
    assert_eq!((printed.code, printed.out), (0, format!("{REFRESH}\n")));

    let mut command = clinic(desk.home.path(), &["auth", "status"]);
    command
        .env("CLINIC_TOKEN", REFRESH)
        .env("CLINIC_SERVER", &desk.server.address);
    let status = run(&mut command, "");
    assert_eq!(status.code, 0, "{status:?}");
    assert!(
        status.out.contains("in the variable CLINIC_TOKEN"),
        "{status:?}"
    );
    assert!(
        !status.out.contains(REFRESH) && !status.err.contains(REFRESH),
        "{status:?}"
    );
}

#[test]
fn a_token_that_the_server_does_not_know_means_signing_in_again() {
    let desk = Desk::open();
    let mut command = clinic(desk.home.path(), &["whoami"]);
    command
        .env("CLINIC_TOKEN", "stale")
        .env("CLINIC_SERVER", &desk.server.address);
    let who = run(&mut command, "");
    assert_eq!(who.code, 4);
    assert!(who.err.contains("clinic login"), "{who:?}");
}

#[test]
fn a_server_that_is_not_there_is_said_so() {
    let home = tempfile::tempdir().unwrap();
    let address = nobody();
    let mut command = clinic(home.path(), &["whoami", "--server", &address]);
    let who = run(command.env("CLINIC_TOKEN", REFRESH), "");
    assert_eq!(who.code, 3);
    assert_eq!(
        who.err,
        "The server does not answer (nothing is listening there).\n"
    );

    let mut command = clinic(home.path(), &["whoami", "--json", "--server", &address]);
    let who = run(command.env("CLINIC_TOKEN", REFRESH), "");
    let problem: serde_json::Value = serde_json::from_str(&who.err).unwrap();
    assert_eq!(who.code, 3);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("does not answer")
    );
}
