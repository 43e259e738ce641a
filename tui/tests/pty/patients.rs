//! `clinic patients …` from scripts.

use super::command::{Ended, clinic, run};
use super::server::{ADA, REFRESH, Server};

fn patients(server: &Server, arguments: &[&str]) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let mut command = clinic(home.path(), &["patients"]);
    command.args(arguments);
    command
        .env("CLINIC_TOKEN", REFRESH)
        .env("CLINIC_SERVER", &server.address);
    run(&mut command, "")
}

#[test]
fn a_search_prints_columns_without_control_characters() {
    let found = patients(&Server::start(), &["search", "030"]);
    assert_eq!(found.code, 0, "{found:?}");
    let lines: Vec<_> = found.out.lines().collect();
    assert!(lines[0].starts_with("RECORD    NAME"), "{found:?}");
    assert!(
        lines[1].starts_with("P-000001  Ada [31mLovelace  1990-12-10  030 1234"),
        "{found:?}"
    );
    assert_eq!(lines.len(), 3);
    assert_eq!(found.err, "2 of 2\n");
}

#[test]
fn a_search_for_programs_is_one_json_object() {
    let found = patients(&Server::start(), &["search", "grace", "--json"]);
    let page: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(page["results"][0]["record_number"], "P-000002");
    assert_eq!((page["count"].as_i64(), found.err.as_str()), (Some(1), ""));
}

#[test]
fn a_record_is_found_by_number_and_by_id() {
    let server = Server::start();
    let by_number = patients(&server, &["show", "p-000001"]);
    let by_id = patients(&server, &["show", ADA]);
    assert_eq!(by_number.code, 0, "{by_number:?}");
    assert_eq!(by_number.out, by_id.out);
    assert!(
        by_id.out.contains("Born:        1990-12-10 (35)\n"),
        "{by_id:?}"
    );

    let nobody = patients(&server, &["show", "P-999999"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
    assert!(
        nobody.err.contains("clinic patients search P-999999"),
        "{nobody:?}"
    );
}

#[test]
fn a_possible_duplicate_is_registered_only_when_insisted_on() {
    let server = Server::start();
    let refused = patients(&server, &["add", "Ada Lovelace"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.contains("P-000001") && refused.err.contains("--anyway"),
        "{refused:?}"
    );
    assert!(
        !server
            .requests()
            .iter()
            .any(|asked| asked.starts_with("POST /v1/api/desk/patients/ "))
    );

    let insisted = patients(&server, &["add", "Ada Lovelace", "--anyway"]);
    assert_eq!(insisted.code, 0, "{insisted:?}");
    assert!(insisted.out.contains("P-000003"), "{insisted:?}");
}

#[test]
fn faulty_fields_are_named() {
    let long = "0".repeat(40);
    let refused = patients(&Server::start(), &["add", "Alan Turing", "--phone", &long]);
    assert_eq!(refused.code, 1);
    assert_eq!(
        refused.err,
        "One field is faulty.\n  phone: At most 32 characters.\n"
    );
}

#[test]
fn an_edit_sends_what_was_named_and_guards_against_a_faster_hand() {
    let server = Server::start();
    let edited = patients(
        &server,
        &["edit", "P-000001", "--note", "Deaf", "--clear", "phone"],
    );
    assert_eq!(edited.code, 0, "{edited:?}");
    assert!(edited.out.contains("Note:        Deaf"), "{edited:?}");
    assert!(!edited.out.contains("Phone:"), "{edited:?}");
    let sent = server
        .requests()
        .into_iter()
        .find(|asked| asked.starts_with("PATCH"))
        .unwrap();
    assert!(sent.ends_with(r#"{"note":"Deaf","phone":null}"#), "{sent}");
}

#[test]
fn an_edit_of_nothing_or_a_bad_date_is_a_usage_error() {
    let server = Server::start();
    assert_eq!(patients(&server, &["edit", "P-000001"]).code, 2);
    let date = patients(
        &server,
        &["add", "Alan Turing", "--birth-date", "23.6.1912"],
    );
    assert_eq!(date.code, 2);
    assert!(date.err.contains("YYYY-MM-DD"), "{date:?}");
    assert!(server.requests().is_empty());
}
