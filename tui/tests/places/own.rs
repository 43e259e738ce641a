//! One's own screen: the lock, the settings, the servers, and the report of a day.

use clinic_shared::client::Error;
use clinic_tui::effect::{Call, ConfigCall, ConfigReply, Effect, Reply, Slot};
use clinic_tui::profiles::ServerProfile;

use super::support::clinic::{admin, bookings};
use super::support::look::in_every_look;
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look {
    lock_minutes: clinic_tui::prefs::LOCK_MINUTES,
    ..Look::new(80, 24)
};
const MINUTE: i64 = 60_000;

/// A new patient's form with a name typed into it.
fn at_form(look: Look) -> Desk {
    let mut desk = Desk::at_work(look, receptionist());
    desk.press("esc n").type_text("Zora Zimt");
    desk
}

fn signed_in(who: clinic_shared::v1::user::Me) -> Reply {
    Reply::SignedIn {
        who: Box::new(who),
        kept: Ok(clinic_tui::credentials::Kept::Keyring),
    }
}

#[test]
fn ten_minutes_without_a_key_cover_the_screen_and_lose_nothing() {
    let mut desk = at_form(USUAL);
    desk.wait(9 * MINUTE).sees("Zora Zimt").press("tab");
    desk.wait(9 * MINUTE).sees("Zora Zimt");
    desk.wait(MINUTE)
        .sees("The screen is locked.")
        .sees_no("Zora");
    for name in ["Ada", "Grace", "Emmy"] {
        desk.sees_no(name);
    }
    // Whoever quits now and starts again is not signed in.
    assert!(
        matches!(desk.call(Slot::Lock), Some(Call::Lock { user, .. }) if user == "eva"),
        "{:?}",
        desk.call(Slot::Lock)
    );
    desk.type_text("secret").press("enter");
    assert!(
        matches!(desk.call(Slot::Session), Some(Call::SignIn { user, .. }) if user == "eva"),
        "{:?}",
        desk.call(Slot::Session)
    );
    desk.reply(Slot::Session, signed_in(receptionist()))
        .sees("Zora Zimt")
        .sees_no("locked");
}

#[test]
fn the_key_that_wakes_it_up_does_nothing_else() {
    let mut desk = at_form(USUAL);
    desk.now += chrono::TimeDelta::minutes(11);
    desk.type_text("x")
        .sees("The screen is locked.")
        .sees_no("•");
}

#[test]
fn a_wrong_password_and_a_server_that_is_away_leave_it_locked() {
    let mut desk = at_form(USUAL);
    desk.press("alt-l").sees("Locked");
    desk.type_text("wrong").press("enter");
    desk.answer(Slot::Session, Err(refused(401, "No active account.")))
        .sees("User or password is wrong");
    desk.type_text("right").press("enter");
    desk.answer(Slot::Session, Err(unreachable()))
        .sees("The screen stays locked: the server does not answer")
        .sees_no("Zora");
    // Enter tries again; what was typed is still there.
    desk.press("enter");
    assert!(
        matches!(desk.call(Slot::Session), Some(Call::SignIn { password, .. }) if password == "right")
    );
}

#[test]
fn somebody_else_finds_nothing_of_what_lay_there() {
    let mut desk = at_form(USUAL);
    desk.press("alt-l shift-tab ctrl-u").type_text("anna");
    desk.press("tab").type_text("hers").press("enter");
    assert!(matches!(desk.call(Slot::Session), Some(Call::SignIn { user, .. }) if user == "anna"));
    let mut other = admin();
    other.id = uuid::Uuid::from_u128(99);
    desk.reply(Slot::Session, signed_in(other));
    desk.sees("Anna Amt").sees_no("Zora").sees("[F2 Today]");
}

#[test]
fn what_is_said_meanwhile_names_nobody_and_is_read_afterwards() {
    let mut desk = Desk::at_today(USUAL, bookings(8));
    desk.press("c");
    assert!(desk.call(Slot::Deed).is_some());
    desk.press("alt-l");
    desk.answer(Slot::Deed, Err(refused(409, "It has changed.")));
    desk.sees_no("It has changed.").wait(MINUTE);
    desk.type_text("p").press("enter");
    desk.reply(Slot::Session, signed_in(receptionist()))
        .sees("It has changed.");
}

#[test]
fn commands_of_the_desk_are_closed_while_it_is_locked() {
    let mut desk = at_form(USUAL);
    desk.press("alt-l f2").sees("Locked").press("f6");
    desk.type_text("settings").press("enter");
    desk.sees("Locked").sees_no("Lock after");
}

#[test]
fn the_lock_is_the_only_wake_up_it_adds() {
    let mut desk = at_form(USUAL);
    // That a call is slow by now is said once.
    desk.wait(1_000);
    // The clock's minute comes first, and the lock when it is due.
    assert_eq!(
        desk.model.next_wake(),
        desk.now + chrono::TimeDelta::seconds(59)
    );
    desk.wait(9 * MINUTE + 29_000);
    assert_eq!(
        desk.model.next_wake(),
        desk.now + chrono::TimeDelta::seconds(30)
    );
}

pub(super) fn at_settings(look: Look) -> Desk {
    let mut desk = Desk::at_work(look, receptionist());
    desk.press("esc f9");
    desk
}

#[test]
fn a_setting_counts_at_once_and_is_kept() {
    let mut desk = at_settings(USUAL);
    desk.sees("Theme")
        .sees("automatic")
        .press("right")
        .sees("light");
    let Some(Call::Config(ConfigCall::Options(change))) = desk.call(Slot::Config).cloned() else {
        panic!("nothing is kept")
    };
    assert_eq!(change.theme, Some(clinic_tui::theme::Theme::Light));
    assert_eq!(change.mouse, None, "what was not changed is not written");
    // A second change before the first is written carries both.
    desk.press("down down enter").sees("off");
    let Some(Call::Config(ConfigCall::Options(change))) = desk.call(Slot::Config).cloned() else {
        panic!("nothing is kept")
    };
    assert_eq!((change.mouse, change.theme.is_some()), (Some(false), true));
    assert!(desk.effects.contains(&Effect::Mouse(false)));
    desk.reply(
        Slot::Config,
        Reply::Config(Box::new(ConfigReply::Saved(true))),
    );
    desk.press("down right").sees("2026-11-23");
    desk.press("down right").sees("15 minutes");
    desk.press("esc f2").sees("2026-11-23");
}

#[test]
fn a_faulty_key_file_is_refused_with_its_line() {
    let mut desk = at_settings(USUAL);
    desk.press("end up enter").sees("Keys file");
    desk.type_text("keys.toml").press("enter");
    assert_eq!(
        desk.call(Slot::Config),
        Some(&Call::Config(ConfigCall::Keys("keys.toml".to_owned())))
    );
    let why = "/etc/keys.toml, line 3: n already means “New patient” there.";
    desk.reply(
        Slot::Config,
        Reply::Config(Box::new(ConfigReply::Failed(why.to_owned()))),
    );
    desk.sees("line 3").sees("keys.toml");
}

fn two_servers() -> Vec<ServerProfile> {
    let server = |url: &str, user: &str| ServerProfile {
        name: None,
        url: url.to_owned(),
        user: Some(user.to_owned()),
    };
    vec![
        server("http://127.0.0.1:8000", "eva"),
        server("https://new.example.org", "eva"),
    ]
}

#[test]
fn servers_are_noted_chosen_and_forgotten() {
    let mut desk = at_settings(USUAL);
    desk.press("end enter").sees("annex").sees("(here, usual)");
    desk.press("n").type_text("nonsense").press("enter");
    assert_eq!(desk.call(Slot::Config), None);
    desk.press("ctrl-u")
        .type_text("https://new.example.org/")
        .press("enter");
    let Some(Call::Config(ConfigCall::Put { was: None, server })) = desk.call(Slot::Config) else {
        panic!("nothing is noted: {}", desk.text())
    };
    assert_eq!(server.url, "https://new.example.org");
    let reply = ConfigReply::Servers {
        servers: two_servers(),
        default: "http://127.0.0.1:8000".to_owned(),
        token: None,
    };
    desk.reply(Slot::Config, Reply::Config(Box::new(reply)))
        .sees("Noted: https://new.example.org.");
    desk.press("home d").sees("sign out first");
    desk.press("down d f");
    assert!(matches!(
        desk.call(Slot::Config),
        Some(Call::Config(ConfigCall::Forget(server))) if server.url == "https://new.example.org"
    ));
}

#[test]
fn another_server_is_gone_to_after_a_question() {
    let mut desk = at_settings(USUAL);
    desk.press("end enter down enter").sees("Sign out and go");
    desk.press("s")
        .sees("https://annex.example.org")
        .sees("otto");
    assert!(
        matches!(desk.call(Slot::Session), Some(Call::SignOut { server, .. }) if server == "http://127.0.0.1:8000")
    );
}

#[test]
fn at_the_sign_in_a_server_is_chosen_from_the_list() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("f7 down enter")
        .sees("https://annex.example.org")
        .sees("otto");
}

#[test]
fn the_report_of_a_day_is_leafed_through() {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("esc g r").sees("Report of Mon 23 Nov 2026");
    let lines: Vec<String> = (1..60).map(|line| format!("line {line}")).collect();
    desk.reply(Slot::Report, Reply::Report(lines.join("\n")))
        .sees("line 1");
    desk.press("end").sees("line 59").sees_no("line 1\n");
    desk.press("]").sees("still to come");
    desk.press("[").sees("Report of Sun 22 Nov 2026");
    desk.answer(Slot::Report, Err(refused(403, "You may not.")))
        .sees("You may not.");
    let asked = desk.call(Slot::Report);
    assert_eq!(asked, None);
    desk.press("ctrl-r");
    desk.answer(Slot::Report, Err(Error::SignedOut))
        .sees("Your session has ended");
}

#[test]
fn how_it_looks() {
    let screen = |name: &str, act: fn(Look) -> Desk| {
        insta::assert_snapshot!(name, in_every_look(act));
    };
    screen("own_locked", |look| {
        let mut desk = at_form(look);
        desk.press("alt-l");
        desk
    });
    screen("own_settings", at_settings);
    screen("own_servers", |look| {
        let mut desk = at_settings(look);
        desk.press("end enter");
        desk
    });
}
