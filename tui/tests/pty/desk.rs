//! `clinic doctors …`, `clinic appointments …` and `clinic contacts …` from scripts.

use super::clinic::LISE;
use super::command::{Ended, clinic, run};
use super::server::{REFRESH, Server, nobody};

fn desk_at(address: &str, token: Option<&str>, arguments: &[&str]) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let mut command = clinic(home.path(), arguments);
    command.env("CLINIC_SERVER", address).env("TZ", "UTC");
    if let Some(token) = token {
        command.env("CLINIC_TOKEN", token);
    }
    run(&mut command, "")
}

fn desk(server: &Server, arguments: &[&str]) -> Ended {
    desk_at(&server.address, Some(REFRESH), arguments)
}

/// The last request that is no sign-in.
fn asked(server: &Server) -> String {
    let requests = server.requests();
    let asked = requests.iter().rev().find(|asked| asked.contains("/desk/"));
    asked.unwrap().trim_end_matches(" null").to_owned()
}

#[test]
fn doctors_are_listed_in_columns_with_the_way_on() {
    let server = Server::start();
    let listed = desk(&server, &["doctors", "list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let lines: Vec<_> = listed.out.lines().collect();
    assert!(lines[0].starts_with("NAME"), "{listed:?}");
    assert!(
        lines[1].starts_with("Lise [31mMeitner    Radiology        700.00  waiting   01890000"),
        "{listed:?}"
    );
    assert!(lines[2].contains("verified"), "{listed:?}");
    assert_eq!(listed.err, "3 of 3\nMore: --cursor later\n");
    assert_eq!(asked(&server), "GET /v1/api/desk/doctors/?limits=20");
}

#[test]
fn the_list_can_be_narrowed() {
    let server = Server::start();
    desk(
        &server,
        &["doctors", "list", "lise", "--waiting", "--limit", "3"],
    );
    assert_eq!(
        asked(&server),
        "GET /v1/api/desk/doctors/?search=lise&verified=false&limits=3"
    );
    desk(&server, &["doctors", "list", "--verified"]);
    assert!(asked(&server).contains("verified=true"));
    let both = desk(&server, &["doctors", "list", "--verified", "--waiting"]);
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn a_doctor_is_shown_by_part_of_the_name_or_id() {
    let server = Server::start();
    let by_name = desk(&server, &["doctors", "show", "lise"]);
    assert_eq!(by_name.code, 0, "{by_name:?}");
    assert_eq!(by_name.out, desk(&server, &["doctors", "show", LISE]).out);
    for line in [
        "Name:        Lise Meitner\n",
        "Verified:    waiting\n",
        "Hours:       Mon-Wed 09:00-12:30, slots of 30 min\n",
        "E-mail:      lise@example.org\n",
    ] {
        assert!(by_name.out.contains(line), "{by_name:?}");
    }
    assert!(!by_name.out.contains("Meeting"), "{by_name:?}");

    let none = desk(&server, &["doctors", "show", "nobody"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert!(none.err.contains("clinic doctors list"), "{none:?}");
    let several = desk(&server, &["doctors", "show", "noether"]);
    assert_eq!(several.code, 1);
    assert!(several.err.contains("Several doctors"), "{several:?}");
}

#[test]
fn verifying_takes_the_whole_name_or_the_id() {
    let server = Server::start();
    let guessed = desk(&server, &["doctors", "verify", "lise"]);
    assert_eq!(guessed.code, 1, "{guessed:?}");
    assert!(guessed.err.contains("whole name"), "{guessed:?}");
    assert!(
        !server
            .requests()
            .iter()
            .any(|asked| asked.contains("verify/"))
    );

    let verified = desk(&server, &["doctors", "verify", LISE, "--json"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let doctor: serde_json::Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(doctor["verified_at"], "2026-11-23T08:00:00Z");
    assert_eq!(
        asked(&server),
        format!("POST /v1/api/desk/doctors/{LISE}/verify/")
    );
}

#[test]
fn a_day_is_listed_in_its_order() {
    let server = Server::start();
    let listed = desk(&server, &["appointments", "list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let lines: Vec<_> = listed.out.lines().collect();
    assert_eq!(
        lines[1],
        "2026-11-23  09:00-09:30+  P-000004  Ada [31mLovelace        Lise Meitner  at the clinic  confirmed  7"
    );
    assert!(lines[2].contains("  Walk-in  "), "{listed:?}");
    assert_eq!(asked(&server), "GET /v1/api/desk/appointments/?limits=20");
}

#[test]
fn a_day_is_asked_for_by_date_doctor_and_status() {
    let server = Server::start();
    let narrowed = [
        "appointments",
        "list",
        "--date",
        "2026-11-23",
        "--doctor",
        "lise",
        "--status",
        "confirmed",
        "--json",
    ];
    let listed = desk(&server, &narrowed);
    let page: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(page["results"][0]["id"], 7);
    assert_eq!(
        (page["count"].as_i64(), page["cursor"].as_str()),
        (Some(1), Some("later"))
    );
    assert_eq!(listed.err, "");
    assert_eq!(
        asked(&server),
        format!(
            "GET /v1/api/desk/appointments/?date=2026-11-23&doctor={LISE}&status=confirmed&limits=20"
        )
    );
    for wrong in [["--date", "23.11.2026"], ["--status", "asleep"]] {
        let refused = desk(&server, &[&["appointments", "list"], &wrong[..]].concat());
        assert_eq!(refused.code, 2, "{refused:?}");
    }
}

#[test]
fn an_appointment_is_shown_whole() {
    let shown = desk(&Server::start(), &["appointments", "show", "7"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for line in [
        "Record:      P-000004\n",
        "Patient:     Ada [31mLovelace\n",
        "Born:        1990-12-10\n",
        "Symptoms:    Since Thursday.\n             No fever.\n",
        "Called off:  by the patient, less than a day before: Has to work.\n",
        "Paid:        yes\n",
    ] {
        assert!(shown.out.contains(line), "{shown:?}");
    }
    let missing = desk(&Server::start(), &["appointments", "show", "99"]);
    assert_eq!(missing.code, 1, "{missing:?}");
    assert_eq!(missing.err, "No appointment 99 is known here.\n");
}

#[test]
fn a_day_and_a_doctor_are_named_as_one_speaks() {
    let server = Server::start();
    for day in ["today", "tomorrow", "Yesterday"] {
        let listed = desk(&server, &["appointments", "list", "--date", day]);
        assert_eq!(listed.code, 0, "{listed:?}");
        assert!(asked(&server).contains("?date=20"), "{}", asked(&server));
    }
    let wrong = desk(&server, &["appointments", "list", "--date", "soon"]);
    assert!(wrong.err.contains("say today, tomorrow"), "{wrong:?}");
    let titled = ["appointments", "list", "--doctor", "Dr. Meitner"];
    let listed = desk(&server, &titled);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(asked(&server).contains(LISE), "{}", asked(&server));
}

#[test]
fn contact_requests_are_listed_and_read() {
    let server = Server::start();
    let listed = desk(&server, &["contacts", "list", "--status", "in_progress"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let line = listed.out.lines().nth(1).unwrap();
    assert_eq!(
        line,
        "2026-11-20 09:00  Grace Hopper  grace@example.org  Are you open between the holidays, an...  in progress  3"
    );
    assert_eq!(
        asked(&server),
        "GET /v1/api/desk/contacts/?status=in_progress&limits=20"
    );

    let shown = desk(&server, &["contacts", "show", "3"]);
    assert!(
        shown.out.contains(
            "Message:     Are you open between the holidays,\n             and until when?\n"
        ),
        "{shown:?}"
    );
    let json = desk(&server, &["contacts", "show", "3", "--json"]);
    let contact: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(contact["status"], "in_progress");
}

#[test]
fn exit_codes_tell_a_server_away_and_nobody_signed_in_apart() {
    let server = Server::start();
    for command in ["doctors", "appointments", "contacts"] {
        let list = [command, "list"];
        assert_eq!(desk_at(&nobody(), Some(REFRESH), &list).code, 3);
        assert_eq!(desk_at(&server.address, Some("stale"), &list).code, 4);
        assert_eq!(desk(&server, &[command, "list", "--limit", "0"]).code, 2);
    }
}
