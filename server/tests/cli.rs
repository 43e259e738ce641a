//! `clinicd` as its operator meets it: the real program, its words and its exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::large_futures,
    reason = "a test that panics fails, which is what it is for"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use clinic_shared::client::{Client, Error};

const PASSWORD: &str = "a long passphrase of my own";

/// `clinicd` with this data directory and nothing of the surrounding settings.
fn clinicd(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clinicd"));
    command
        .args(args)
        .current_dir(dir)
        .env_clear()
        .env("DATA_DIR", dir.join("data"));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(mut command: Command, input: &str) -> Output {
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The command fails, with one line on standard error that says all of this.
#[track_caller]
fn fails(command: Command, parts: &[&str]) {
    let output = run(command, "");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    for part in parts {
        assert!(said.contains(part), "{part} in: {said}");
    }
}

fn add_user(dir: &Path, role: &str, name: &str) {
    let mail = format!("{name}@example.org");
    let args = [
        "user",
        "add",
        "--role",
        role,
        "--username",
        name,
        "--email",
        &mail,
        "--password-stdin",
    ];
    let output = run(clinicd(dir, &args), PASSWORD);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

struct Served {
    child: Child,
    url: String,
}

fn serve(dir: &Path) -> Served {
    let mut command = clinicd(dir, &["serve", "--listen", "127.0.0.1:0"]);
    command.env("LOG", "debug").env("RATE_LIMITS", "off");
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"));
    let url = url
        .unwrap_or_else(|| panic!("no address in “{line}”"))
        .to_owned();
    Served { child, url }
}

impl Served {
    /// Asks it to stop and answers its log.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

#[test]
fn a_server_that_is_told_to_stop_at_once_ends_well() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let log = serve(dir.path()).stop();
        assert!(log.contains("stopping"), "{log}");
    }
}

#[test]
fn what_can_not_start_says_why_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &str| {
        let mut command = clinicd(dir.path(), &["serve"]);
        command.env(name, value);
        command
    };
    fails(with("SECRET_KEY", "replace_me"), &["SECRET_KEY", "32"]);
    fails(with("LISTEN", "0.0.0.0:8000"), &["LISTEN", "BEHIND_PROXY"]);
    fails(
        with("CLINIC_TIME_ZONE", "Mars"),
        &["CLINIC_TIME_ZONE", "Europe/Berlin"],
    );
    fails(
        with("DATA_DIR", "/proc/nowhere"),
        &["/proc/nowhere", "DATA_DIR"],
    );

    let mut unreachable = with("DATABASE_URL", "postgres://clinic:hush@127.0.0.1:1/clinic");
    unreachable.env("SECRET_KEY", "x".repeat(40));
    fails(unreachable, &["PostgreSQL", "127.0.0.1:1", "DATABASE_URL"]);

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fails(with("LISTEN", &address), &[&address, "LISTEN"]);
}

#[test]
fn the_wrong_words_are_refused_with_all_faults() {
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "createsuperuser",
        "--username",
        "a b",
        "--email",
        "nowhere",
        "--password-stdin",
    ];
    let output = run(clinicd(dir.path(), &args), "short");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("email") && said.contains("2 more"), "{said}");

    let args = [
        "user",
        "add",
        "--role",
        "king",
        "--username",
        "k",
        "--email",
        "k@example.org",
        "--password-stdin",
    ];
    let output = run(clinicd(dir.path(), &args), PASSWORD);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("receptionist"));
}

#[test]
fn config_and_check_tell_what_is_so_and_keep_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = clinicd(dir.path(), &["config"]);
    config.env("SECRET_KEY", "0123456789012345678901234567890123456789");
    let shown = text(&run(config, "").stdout);
    assert!(
        shown.contains("SECRET_KEY=********") && !shown.contains("01234567"),
        "{shown}"
    );

    fails(clinicd(dir.path(), &["check"]), &["schema"]);
    assert!(run(clinicd(dir.path(), &["migrate"]), "").status.success());
    let check = run(clinicd(dir.path(), &["check"]), "");
    assert!(check.status.success(), "{}", text(&check.stderr));
    // A Redis that is not there is told, and is no fault.
    let mut check = clinicd(dir.path(), &["check"]);
    check.env("REDIS_URL", "redis://:hush@127.0.0.1:1/0");
    let check = run(check, "");
    let said = text(&check.stdout) + &text(&check.stderr);
    assert!(check.status.success(), "{said}");
    assert!(
        said.contains("redis      away: redis://:********@127.0.0.1:1/0") && !said.contains("hush"),
        "{said}"
    );
    let document = run(clinicd(dir.path(), &["openapi"]), "").stdout;
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[cfg(unix)]
#[test]
fn keys_and_database_are_for_the_server_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    assert!(run(clinicd(dir.path(), &["migrate"]), "").status.success());
    let data = dir.path().join("data");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("secret.key")), 0o600);
    assert_eq!(mode(&data.join("clinic.db")), 0o600);
}

#[tokio::test]
async fn the_operator_disables_an_account_and_the_running_server_knows_at_once() {
    let dir = tempfile::tempdir().unwrap();
    add_user(dir.path(), "receptionist", "rosa");
    add_user(dir.path(), "admin", "ada");
    let served = serve(dir.path());
    let rosa = Client::new(&served.url).unwrap();
    rosa.sign_in("rosa", PASSWORD).await.unwrap();
    rosa.me().await.unwrap();
    assert!(
        run(clinicd(dir.path(), &["user", "disable", "rosa"]), "")
            .status
            .success()
    );
    assert_eq!(rosa.me().await, Err(Error::SignedOut));
    let listed = text(&run(clinicd(dir.path(), &["user", "list"]), "").stdout);
    assert!(
        listed
            .lines()
            .any(|line| line.contains("rosa") && line.contains("disabled")),
        "{listed}"
    );
    let refused = run(clinicd(dir.path(), &["user", "disable", "ada"]), "");
    assert!(
        text(&refused.stderr).contains("last active admin"),
        "{}",
        text(&refused.stderr)
    );
    served.stop();
}

#[tokio::test]
async fn nothing_personal_reaches_the_log_and_stopping_is_orderly() {
    use clinic_shared::client::PatientQuery;
    use clinic_shared::desk::patients::PatientDraft;
    let dir = tempfile::tempdir().unwrap();
    add_user(dir.path(), "receptionist", "canaryuser");
    let served = serve(dir.path());
    let desk = Client::new(&served.url).unwrap();
    desk.sign_in("canaryuser", "CANARY-WRONG-PASSWORD")
        .await
        .unwrap_err();
    desk.sign_in("canaryuser", PASSWORD).await.unwrap();
    let draft = PatientDraft {
        full_name: "CANARYNAME Bird\u{1b}[2J\nfake".to_owned(),
        phone: Some("0305551234567".to_owned()),
        note: Some("CANARYNOTE".to_owned()),
        ..PatientDraft::default()
    };
    desk.register_patient(&draft).await.unwrap_err();
    let draft = PatientDraft {
        full_name: "CANARYNAME Bird".to_owned(),
        ..draft
    };
    desk.register_patient(&draft).await.unwrap();
    let query = PatientQuery {
        search: Some("canaryname".to_owned()),
        ..PatientQuery::default()
    };
    desk.patients(&query).await.unwrap();
    let token = desk.tokens().unwrap().access;
    let log = served.stop();
    assert!(log.contains("desk_register_patient"), "{log}");
    for canary in [
        "CANARY",
        "canaryname",
        "5551234567",
        "canaryuser",
        PASSWORD,
        &token,
    ] {
        assert!(!log.contains(canary), "{canary} in the log:\n{log}");
    }
}

#[test]
fn a_mail_on_standard_input_is_recorded_once_and_rubbish_is_sent_back() {
    let dir = tempfile::tempdir().unwrap();
    let incoming = |mail: &str| run(clinicd(dir.path(), &["mail", "incoming"]), mail);
    let mail = "From: Ida <ida@example.org>\nMessage-ID: <1@x>\nSubject: Hours\n\nOpen today?\n";
    let first = incoming(mail);
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_eq!(text(&first.stdout), "Recorded as contact request 1.\n");
    let again = incoming(mail);
    assert_eq!(
        text(&again.stdout),
        "Recorded at contact request 1 before.\n"
    );
    let away = incoming("From: b@example.org\nAuto-Submitted: auto-replied\n\nI am away.\n");
    assert!(away.status.success() && text(&away.stdout).contains("not kept"));
    let rubbish = incoming("no mail at all");
    assert_eq!(rubbish.status.code(), Some(65), "{}", text(&rubbish.stderr));
    let mut nowhere = clinicd(dir.path(), &["mail", "incoming"]);
    nowhere.env("DATA_DIR", "/dev/null/nowhere");
    assert_eq!(
        run(nowhere, mail).status.code(),
        Some(75),
        "it is tried again"
    );
}

#[tokio::test]
async fn the_audit_is_verified_exported_and_its_first_fault_named() {
    use clinic_server::store::{Db, Session, Settings};
    let dir = tempfile::tempdir().unwrap();
    let audit = |args: &[&str]| {
        let args: Vec<&str> = ["audit"].iter().chain(args).copied().collect();
        run(clinicd(dir.path(), &args), "")
    };
    add_user(dir.path(), "admin", "ada");
    add_user(dir.path(), "receptionist", "rosa");
    let verified = audit(&["verify"]);
    let said = text(&verified.stdout);
    assert!(verified.status.success(), "{said}");
    assert!(said.contains("2 rows wait for their seal, since"), "{said}");
    // A server seals what there is before it ends.
    serve(dir.path()).stop();
    let said = text(&audit(&["verify"]).stdout);
    assert!(said.contains("3 rows are as they were sealed."), "{said}");
    assert!(said.contains("No row waits for its seal."), "{said}");
    let seal = said.lines().last().unwrap().rsplit(' ').next().unwrap();
    assert!(audit(&["verify", "--noted", seal]).status.success());
    let other = format!("3:{}", "0".repeat(64));
    let remade = audit(&["verify", "--noted", &other]);
    assert_eq!(remade.status.code(), Some(1));
    assert!(text(&remade.stderr).contains("the chain was made anew"));

    let lines = text(&audit(&["export"]).stdout);
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["kind"], "change");
    let csv = text(&audit(&["export", "--format", "csv", "--to", "2000-01-01"]).stdout);
    assert_eq!(csv.lines().count(), 1, "{csv}");
    assert!(csv.starts_with("id,at,kind,"), "{csv}");
    assert_eq!(
        audit(&["export", "--from", "yesterday"]).status.code(),
        Some(2)
    );

    let path = dir.path().join("data/clinic.db");
    let settings = Settings::new(format!("sqlite://{}", path.display()));
    let db = Db::open(&settings).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    for text in [
        "DROP TRIGGER audit_stays",
        "UPDATE audit SET role = 'admin' WHERE id = 2",
    ] {
        tx.sql(text).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
    let broken = audit(&["verify"]);
    assert_eq!(broken.status.code(), Some(1));
    let said = text(&broken.stderr);
    assert!(
        said.contains(
            "The audit can't be trusted. Row 2 was changed after it was sealed (seal 2)."
        ),
        "{said}"
    );
}
