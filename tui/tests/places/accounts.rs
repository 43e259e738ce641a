//! The accounts, for admins, and one's own sessions.

use clinic_shared::Role;
use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::users::UserChange;
use clinic_tui::effect::{Call, Reply, Slot};

use super::support::clinic::{admin, busy, day, session, user, users, versioned, whole};
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

#[test]
fn only_an_admin_gets_there_and_others_hear_why() {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("esc g u")
        .sees("Only an admin keeps the accounts.")
        .sees("[F3 Patients]");
    let mut desk = Desk::at_users(USUAL, users(5));
    desk.sees("[Accounts]").sees("Rosa Winter").sees("disabled");
}

#[test]
fn accounts_are_searched_and_filtered_by_role() {
    let mut desk = Desk::at_users(USUAL, users(5));
    desk.press("f");
    let asked = |desk: &Desk| match desk.call(Slot::List) {
        Some(Call::Users(query)) => query.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&desk).role, Some(Role::Admin));
    desk.press("esc /").type_text("rosa");
    assert_eq!(asked(&desk).search.as_deref(), Some("rosa"));
    desk.reply(Slot::List, Reply::Users(whole(Vec::new())))
        .sees("No account matches");
}

#[test]
fn another_role_is_asked_for_and_shown() {
    let mut desk = Desk::at_users(USUAL, users(5));
    desk.press("enter").reply_record().sees("Account");
    desk.press("r").sees("Another role?").sees("Keep");
    desk.press("a");
    let Some(Call::ChangeUser { id, change }) = desk.call(Slot::Account) else {
        panic!("nothing is sent")
    };
    assert_eq!(*id, user(1).id);
    assert_eq!(change.role, Some(Role::Admin));
    let mut promoted = user(1);
    promoted.role = Role::Admin;
    desk.reply(Slot::Account, Reply::User(versioned(promoted)))
        .sees("is saved: admin, active.");
    // The same key that opened the question never answers it: Enter keeps.
    desk.press("r enter").sees_no("Another role?");
    assert_eq!(desk.call(Slot::Account), None);
}

#[test]
fn disabling_enabling_codes_and_sessions_each_ask_first() {
    let mut desk = Desk::at_users(USUAL, users(5));
    let sent = |desk: &Desk| match desk.call(Slot::Account) {
        Some(Call::ChangeUser { change, .. }) => change.clone(),
        other => panic!("{other:?}"),
    };
    desk.press("enter").reply_record();
    desk.press("d").sees("Disable?").press("d");
    let off = UserChange {
        is_active: Some(false),
        ..UserChange::default()
    };
    assert_eq!(sent(&desk), off);
    // While it is under way nothing else is sent.
    desk.press("x").sees("wait for it");
    let mut disabled = user(1);
    disabled.is_active = false;
    desk.reply(Slot::Account, Reply::User(versioned(disabled)));
    desk.press("d").sees("Enable?").press("e");
    assert_eq!(sent(&desk).is_active, Some(true));
    desk.reply(Slot::Account, Reply::User(versioned(user(1))));
    desk.press("c").sees("Codes?").press("a");
    assert_eq!(sent(&desk).login_codes, Some(true));
    desk.reply(Slot::Account, Reply::User(versioned(user(1))));
    desk.press("x").sees("End sessions?").press("e");
    assert_eq!(
        desk.call(Slot::Account),
        Some(&Call::EndUserSessions(user(1).id))
    );
    desk.reply(Slot::Account, Reply::Done)
        .sees("is signed out everywhere.");
}

#[test]
fn what_the_server_refuses_is_said() {
    let mut desk = Desk::at_users(USUAL, users(5));
    desk.press("enter").reply_record();
    desk.press("d d");
    let why = "This is the last active admin; make another one first.";
    desk.answer(Slot::Account, Err(refused(409, why)))
        .sees("is not changed. This is the last active admin");
    desk.press("d d")
        .answer(Slot::Account, Err(unreachable()))
        .sees("Perhaps nothing changed");
}

#[test]
fn disabling_a_doctor_says_who_is_inside() {
    let mut desk = Desk::start(USUAL, Some(admin()), None);
    let mut account = user(1);
    account.role = Role::Doctor;
    let mut rows = busy(3);
    for row in &mut rows {
        row.doctor.full_name = format!("Dr. {} {}", account.first_name, account.last_name);
        row.doctor.id = account.id;
        row.status = Status::CheckedIn;
    }
    let mut board = day("2026-11-23", rows);
    board.doctors[0].running = 1;
    desk.reply(Slot::List, Reply::Board(Box::new(board)));
    desk.press("g u")
        .reply(Slot::List, Reply::Users(whole(vec![account])));
    desk.press("enter d").sees("Disable?");
    let text = desk.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("today, 1 inside, 3 waiting"), "{text}");
}

#[test]
fn the_palette_knows_other_words() {
    let mut desk = Desk::start(USUAL, Some(admin()), None);
    for (typed, title) in [
        ("print", "Day report"),
        ("dupl", "Go to patients"),
        ("staff", "Go to accounts"),
        ("disable", "Go to accounts"),
        ("find", "Go to patients"),
        ("offer", "Go to waiting"),
        ("waiting list", "Go to waiting"),
        ("reject", "Go to decisions"),
        ("applic", "Go to decisions"),
    ] {
        desk.press("f6").type_text(typed).sees(title).press("esc");
    }
}

#[test]
fn an_invitation_is_typed_sent_and_kept_when_refused() {
    let mut desk = Desk::at_users(USUAL, users(2));
    desk.press("n")
        .sees("Invite")
        .type_text("rosa@clinic.example");
    // Enter goes on, as in other forms: nothing is mailed from the first line.
    desk.press("enter").type_text("Rosa").press("enter");
    assert_eq!(desk.call(Slot::Account), None);
    desk.sees("Enter Go on").sees("Ctrl-S Invite");
    desk.type_text("Winter").press("enter");
    desk.sees("Enter Invite");
    desk.press("d").sees("doctor").press("enter");
    let Some(Call::Invite(sent)) = desk.call(Slot::Account) else {
        panic!("nothing is sent")
    };
    assert_eq!(
        (sent.email.as_str(), sent.role),
        ("rosa@clinic.example", Role::Doctor)
    );
    assert_eq!(sent.first_name.as_deref(), Some("Rosa"));
    let taken = "A user with that email already exists.";
    let refusal = Refused {
        status: 400,
        code: "invalid".to_owned(),
        detail: format!("email: {taken}"),
        fields: clinic_shared::FieldErrors::one("email", taken),
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
        retry_after: None,
    };
    desk.answer(Slot::Account, Err(Error::Refused(Box::new(refusal))))
        .sees("E-mail: A user with that email already exists.")
        .sees("rosa@clinic.example");
    desk.press("ctrl-u")
        .type_text("rw@clinic.example")
        .press("ctrl-s");
    desk.reply(Slot::Account, Reply::User(versioned(user(4))))
        .sees("is invited; a code was mailed.");
    assert!(
        matches!(desk.call(Slot::List), Some(Call::Users(_))),
        "the list is asked anew"
    );
}

#[test]
fn what_is_typed_of_an_invitation_is_not_lost_by_quitting() {
    let mut desk = Desk::at_users(USUAL, users(2));
    desk.press("n")
        .type_text("rosa@clinic.example")
        .press("ctrl-c")
        .sees("What you typed is not saved.");
}

#[test]
fn ones_own_sessions_are_shown_and_another_one_is_ended() {
    let rows = (1..=3).map(session).collect();
    let mut desk = Desk::at_sessions(USUAL, rows);
    desk.sees("[Sessions]")
        .sees("192.0.2.1 (here)")
        .sees("unknown address");
    desk.press("x")
        .sees("This is where you are: sign out instead.");
    desk.press("down enter").sees("End session?").press("e");
    assert_eq!(
        desk.call(Slot::Account),
        Some(&Call::EndSession(session(2).id))
    );
    desk.reply(Slot::Account, Reply::Done)
        .sees("The session has ended.");
    assert_eq!(desk.call(Slot::List), Some(&Call::Sessions));
}

#[test]
fn the_screens_stand_at_every_size() {
    for (width, height) in [(80, 24), (40, 15), (200, 60), (20, 6)] {
        let look = Look::new(width, height);
        let mut desk = Desk::at_users(look, users(20));
        desk.text();
        desk.press("enter").reply_record().text();
        desk.press("r").text();
        let mut desk = Desk::at_sessions(look, (1..=4).map(session).collect());
        desk.text();
        let mut desk = Desk::at_work(look, admin());
        desk.press("esc g u n").text();
    }
}
