//! Pipes that end early, outputs that are no terminal.

use std::io::{BufRead, BufReader, Read};

use super::command::{clinic, run};

#[test]
fn without_a_terminal_the_screens_say_what_to_use() {
    let home = tempfile::tempdir().unwrap();
    let refused = run(&mut clinic(home.path(), &[]), "");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("clinic login") && refused.err.contains("patients search"));
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    let mut child = clinic(home.path(), &["completions", "bash"])
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut String::new()).unwrap();
    drop(reader);
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn completions_manual_and_keys_need_no_server() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (&["completions", "zsh"][..], "#compdef clinic"),
        (&["man"], ".TH clinic 1"),
        (&["keys"], "q"),
    ] {
        let printed = run(&mut clinic(home.path(), arguments), "");
        assert_eq!(printed.code, 0, "{printed:?}");
        assert!(printed.out.contains(expected), "{printed:?}");
    }
}

#[test]
fn a_faulty_configuration_is_pointed_at() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(&config, "[options]\nmose = true\n").unwrap();
    let mut command = clinic(home.path(), &["whoami", "--config"]);
    let refused = run(command.arg(config), "");
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("line 2") && refused.err.contains("mose"),
        "{refused:?}"
    );
}
