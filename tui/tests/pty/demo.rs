//! `clinic demo`: server and screens in one process.

use super::command::{clinic, run};
use super::screens::QUIT;
use super::terminal::Terminal;

#[test]
fn the_demo_opens_signed_in_and_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let temporary = home.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let variables = [("TMPDIR", temporary.to_str().unwrap())];
    let mut terminal = Terminal::clinic(home.path(), &["demo"], &variables);
    terminal.wait_for("[F2 Today]");
    terminal.wait_for("Wait");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 1);
    terminal.send(QUIT);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    assert!(
        !home.path().join(".config").exists(),
        "the user's own configuration was written"
    );
}

#[test]
fn without_a_terminal_the_demo_says_what_to_do_instead() {
    let home = tempfile::tempdir().unwrap();
    let refused = run(&mut clinic(home.path(), &["demo"]), "");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("clinicd demo-data"), "{refused:?}");
}
