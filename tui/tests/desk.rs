//! What a receptionist does, and what the screen and the calls are then.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use clinic_shared::client::{Error, PatientQuery, Refused};
use clinic_shared::desk::patients::{Duplicate, DuplicateReason, PatientChange, PatientDraft};
use clinic_shared::{FieldErrors, Patch};
use clinic_tui::app::Event;
use clinic_tui::effect::{Answer, Call, Effect, ExitReason, Reply, Slot};
use ratatui::layout::Size;
use support::{Desk, Look, page, receptionist, record, refused, row, rows, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

fn found(rows: Vec<clinic_shared::desk::patients::PatientRow>) -> Reply {
    Reply::Patients(Box::new(page(rows)))
}

fn searched(desk: &Desk) -> Option<String> {
    match desk.call(Slot::List) {
        Some(Call::Patients(PatientQuery { search, .. })) => search.clone(),
        other => panic!("no search under way but {other:?}"),
    }
}

fn editing() -> Desk {
    let mut desk = Desk::with_record(USUAL);
    desk.press("e");
    desk
}

fn registering() -> Desk {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc n");
    desk
}

fn exits(desk: &Desk) -> bool {
    desk.effects.contains(&Effect::Exit(ExitReason::Quit))
}

// Searching

#[test]
fn a_name_typed_over_the_list_is_searched_from_its_first_letter() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("ada").reply(Slot::List, found(rows(3)));
    desk.press("esc")
        .sees("Find (press /)")
        .type_text("garcia")
        .sees_no("Find (press /)")
        .press("enter");
    assert_eq!(searched(&desk).as_deref(), Some("garcia"));
    assert_eq!(
        desk.call(Slot::Record),
        None,
        "nobody of the old list opens"
    );
    desk.reply(Slot::List, found(vec![row(7, "Ana García")]))
        .sees("P-000007");
}

#[test]
fn a_closed_record_gives_the_search_field_back() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("ada").reply(Slot::List, found(rows(3)));
    desk.press("esc home enter esc").type_text("m");
    assert_eq!(searched(&desk).as_deref(), Some("adam"));
    let mut desk = registering();
    desk.press("esc").type_text("ada");
    assert_eq!(searched(&desk).as_deref(), Some("ada"));
}

#[test]
fn without_the_server_enter_opens_nobody_else() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .answer(Slot::List, Err(unreachable()));
    desk.sees("not searched yet; still the whole list")
        .press("enter")
        .sees("The server does not answer; “zora” is not searched yet.");
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("esc enter");
    assert_eq!(desk.call(Slot::Record), None, "nor from the list");
    // Enter before it is known that there will be no answer.
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .press("enter")
        .answer(Slot::List, Err(unreachable()));
    desk.sees("“zora” is not searched yet.");
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn a_session_that_ends_shows_no_patients_and_the_search_goes_on_after_it() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .answer(Slot::List, Err(Error::SignedOut));
    desk.sees("Your session has ended")
        .sees_no("Grace")
        .sees_no("P-0000")
        .sees_no("zora");
    desk.type_text("secret horse").press("enter");
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(clinic_tui::credentials::Kept::Memory),
        },
    );
    desk.sees("This machine has no keyring, so Clinic will ask for the password")
        .sees("zora");
    assert_eq!(searched(&desk).as_deref(), Some("zora"));
}

#[test]
fn typing_searches_and_enter_opens_the_first() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("emmy");
    assert_eq!(searched(&desk).as_deref(), Some("emmy"));
    desk.reply(
        Slot::List,
        found(vec![row(7, "Emmy Noether"), row(9, "Emmy Other")]),
    );
    desk.press("enter").sees("P-000007");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(row(7, "").id)));
}

#[test]
fn enter_before_the_answer_opens_the_first_of_the_answer() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("emmy").press("enter");
    assert_eq!(
        desk.call(Slot::Record),
        None,
        "the old rows are not what was searched for"
    );
    desk.reply(Slot::List, found(vec![row(77, "Emmy Noether")]))
        .sees("P-000077");
}

#[test]
fn a_late_answer_to_an_older_search_lands_nowhere() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("em");
    let old = desk.id(Slot::List);
    desk.type_text("my")
        .reply(Slot::List, found(vec![row(7, "Emmy Noether")]));
    let late = Answer {
        slot: Slot::List,
        id: old,
        result: Ok(found(vec![row(8, "Emil Berliner")])),
    };
    desk.happen(Event::Answered(late))
        .sees("Emmy Noether")
        .sees_no("Emil");
}

#[test]
fn the_old_rows_stay_until_the_new_ones_are_there() {
    let mut desk = Desk::with_rows(USUAL, vec![row(1, "Grace Hopper")]);
    desk.type_text("em")
        .sees("Grace Hopper")
        .sees_no("searching");
    desk.wait(250).sees("searching").sees("Grace Hopper");
    desk.reply(Slot::List, found(vec![row(7, "Emmy Noether")]))
        .sees_no("Grace");
}

#[test]
fn arrows_move_the_selection_while_one_types() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("x").reply(Slot::List, found(rows(40)));
    desk.press("down ctrl-n up down")
        .press("enter")
        .sees("P-000003");
}

#[test]
fn the_selection_stays_with_its_row_over_a_refresh() {
    let mut desk = Desk::with_rows(USUAL, rows(10));
    desk.press("esc j j ctrl-r");
    let mut changed = vec![row(99, "Somebody New")];
    changed.extend(rows(10));
    desk.reply(Slot::List, found(changed));
    desk.press("enter").sees("P-000003");
}

#[test]
fn scrolling_near_the_end_asks_for_the_next_page_once() {
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    let mut first = page(rows(50));
    first.count = 90;
    first.next =
        Some("http://127.0.0.1:8000/v1/api/desk/patients/?limits=50&cursor=abc".to_owned());
    desk.reply(Slot::List, Reply::Patients(Box::new(first)));
    assert_eq!(desk.call(Slot::More), None);
    desk.press("esc G");
    let Some(Call::Patients(query)) = desk.call(Slot::More) else {
        panic!("no next page")
    };
    assert_eq!(query.cursor.as_deref(), Some("abc"));
    let asked = desk.effects.len();
    desk.press("k j");
    assert_eq!(desk.effects.len(), asked, "the page is already under way");
    let rest = (46..=90).map(|number| row(number, "Later Row")).collect();
    desk.reply(Slot::More, found(rest));
    desk.press("G").sees("P-000090").sees("72–90 of 90");
}

#[test]
fn a_search_refused_says_why_and_can_be_asked_again() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.type_text("x")
        .answer(Slot::List, Err(refused(500, "The server answered 500.")));
    desk.sees("The server answered 500.")
        .sees("Ctrl-R asks again");
    desk.press("ctrl-r")
        .reply(Slot::List, found(rows(3)))
        .sees("Emmy Noether");
}

#[test]
fn escape_leaves_the_field_then_clears_the_search() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.type_text("emmy").reply(Slot::List, found(rows(1)));
    desk.press("esc").sees("emmy");
    desk.press("esc").sees_no("emmy");
    assert_eq!(searched(&desk), None, "everybody is asked for");
}

// The record

#[test]
fn what_the_list_knows_is_shown_until_the_record_is_there() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter")
        .sees("Grace Hopper")
        .sees_no("penicillin");
    desk.reply(Slot::Record, Reply::Patient(tagged(record(&rows(1)[0]))))
        .sees("penicillin");
    desk.press("esc").sees("Find").sees("Grace Hopper");
}

#[test]
fn a_record_closed_before_its_answer_is_not_asked_for_any_more() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter esc");
    assert!(desk.effects.contains(&Effect::Abort(Slot::Record)));
    desk.sees("Find");
}

#[test]
fn one_leafs_through_records() {
    let mut desk = Desk::with_record(Look::new(120, 40));
    desk.press("]").sees("P-000002");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(rows(2)[1].id)));
    desk.press("[ [").sees("P-000001");
}

#[test]
fn a_record_that_is_gone_says_so() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter")
        .answer(Slot::Record, Err(refused(404, "No Patient matches.")));
    desk.sees("not there any more");
}

#[test]
fn a_record_that_cannot_be_read_shows_what_the_list_knows() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("enter").answer(Slot::Record, Err(unreachable()));
    desk.sees("030 1007919")
        .sees("male")
        .sees("2 Feb 1951")
        .sees("P-000001")
        .sees("when the server answers");
    desk.press("e")
        .sees_no("Full name")
        .sees("The record can't be read now");
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.reply(Slot::Record, Reply::Patient(tagged(record(&rows(1)[0]))))
        .sees("penicillin");
}

// The form

#[test]
fn faults_are_said_while_one_types_and_nothing_is_cut() {
    let mut desk = registering();
    desk.type_text("Ada").press("tab tab tab").type_text("030x");
    desk.sees("A phone number has digits, spaces, + - ( ) / . only.");
    desk.press("backspace")
        .sees_no("A phone number")
        .press("tab tab tab")
        .type_text("0+")
        .sees("O+")
        .type_text("!")
        .sees("A blood group is");
    desk.press("ctrl-s");
    assert_eq!(desk.call(Slot::Save), None);
    desk.press("backspace ctrl-s");
    let Some(Call::Register(draft)) = desk.call(Slot::Save) else {
        panic!("nothing is saved")
    };
    assert_eq!(draft.blood_group.as_deref(), Some("O+"));
}

#[test]
fn a_doubtful_save_is_said_until_it_is_saved() {
    let mut desk = editing();
    desk.type_text("!")
        .press("ctrl-s")
        .answer(Slot::Save, Err(unreachable()));
    let doubt = "Perhaps not saved: the server did not answer. Press Ctrl-S to save again.";
    desk.sees(doubt).type_text("!").sees(doubt);
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.press("ctrl-s").sees(doubt);
    let saved = record(&rows(1)[0]);
    desk.reply(Slot::Save, Reply::Saved(tagged(saved)));
    desk.sees_no("Perhaps").sees("Saved P-000001.");
    // The next question is not mixed up with it.
    desk.press("e").sees_no("Saved P-000001.");
}

#[test]
fn a_message_covers_nothing() {
    let mut desk = editing();
    desk.press("ctrl-s").sees("Nothing was changed.");
    let screen = desk.text();
    let lines: Vec<&str> = screen.lines().collect();
    assert!(lines[22].trim_start().ends_with("Nothing was changed."));
    assert!(lines[21].ends_with('┘'), "the frame is whole:\n{screen}");
}

#[test]
fn a_form_says_how_much_is_below() {
    let mut desk = Desk::with_rows(Look::new(80, 9), rows(3));
    desk.press("esc n").sees("3 more below");
    desk.press("shift-tab").sees_no("more below");
}

#[test]
fn what_was_searched_for_is_in_the_new_patients_form() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.type_text("ada lovelace 10.12.1990")
        .reply(Slot::List, found(Vec::new()));
    desk.press("enter")
        .sees("New patient")
        .sees("Ada Lovelace")
        .sees("10 Dec 1990 (35 y)");
    desk.press("ctrl-s");
    let Some(Call::Register(draft)) = desk.call(Slot::Save) else {
        panic!("nothing is saved")
    };
    assert_eq!(draft.full_name, "Ada Lovelace");
    assert_eq!(
        draft.birth_date,
        chrono::NaiveDate::from_ymd_opt(1990, 12, 10)
    );
}

#[test]
fn a_registered_person_is_shown_and_selected() {
    let mut desk = registering();
    desk.type_text("Ada Lovelace").press("ctrl-s");
    let saved = record(&row(55, "Ada Lovelace"));
    desk.reply(Slot::Save, Reply::Saved(tagged(saved)));
    desk.sees("Registered Ada Lovelace as P-000055")
        .sees("Torstraße");
    desk.press("esc").sees("P-000055");
}

#[test]
fn a_form_with_a_mistake_is_not_sent() {
    let mut desk = registering();
    desk.press("ctrl-s").sees("A name is needed.");
    assert_eq!(desk.call(Slot::Save), None);
    desk.type_text("Ada")
        .press("tab")
        .type_text("31.2.1990")
        .press("ctrl-s");
    desk.sees("There is no such day.");
    assert_eq!(desk.call(Slot::Save), None);
}

#[test]
fn only_what_was_changed_is_sent_with_the_version_it_is_based_on() {
    let mut desk = editing();
    desk.press("tab tab tab ctrl-u")
        .type_text("030 5")
        .press("tab ctrl-u ctrl-s");
    let expected = PatientChange {
        phone: Patch::Set("030 5".to_owned()),
        email: Patch::Clear,
        ..PatientChange::default()
    };
    let Some(Call::Change { change, etag, .. }) = desk.call(Slot::Save) else {
        panic!("nothing is saved");
    };
    assert_eq!(change, &expected);
    assert_eq!(etag.as_deref(), Some("\"3\""));
}

#[test]
fn saving_twice_by_a_heavy_hand_saves_once() {
    let mut desk = editing();
    desk.type_text("!").press("ctrl-s ctrl-s ctrl-s");
    let saves = desk.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::Call {
                slot: Slot::Save,
                ..
            }
        )
    });
    assert_eq!(saves.count(), 1);
    desk.sees("wait for its answer");
}

#[test]
fn the_servers_complaints_land_on_their_fields() {
    let mut desk = editing();
    desk.type_text("!").press("ctrl-s");
    let mut fields = FieldErrors::one("phone", "This is no phone number.");
    fields.add("full_name", "No exclamation marks.");
    let error = Error::Refused(Box::new(Refused {
        status: 400,
        code: "invalid".to_owned(),
        detail: "Two fields are faulty.".to_owned(),
        fields,
        retry_after: None,
    }));
    desk.answer(Slot::Save, Err(error));
    desk.sees("No exclamation marks.")
        .sees("This is no phone number.")
        .sees("Grace Hopper!");
    desk.press("backspace").sees_no("No exclamation marks.");
}

#[test]
fn a_change_that_came_too_late_is_merged_and_saved_on_the_new_version() {
    let mut desk = editing();
    desk.press("tab tab tab ctrl-u")
        .type_text("030 5")
        .press("ctrl-s");
    desk.answer(Slot::Save, Err(refused(412, "Somebody else changed it.")));
    let mut theirs = record(&rows(1)[0]);
    theirs.phone = Some("0171 8".to_owned());
    theirs.blood_group = Some("B-".to_owned());
    theirs.version = 4;
    desk.reply(Slot::Save, Reply::Patient(tagged(theirs)));
    desk.sees("030 5")
        .sees("Now “0171 8” there")
        .sees("B-")
        .sees("Was “A+”");
    desk.press("ctrl-s");
    let Some(Call::Change { change, etag, .. }) = desk.call(Slot::Save) else {
        panic!("nothing is saved");
    };
    assert_eq!(etag.as_deref(), Some("\"4\""));
    let phone = Patch::Set("030 5".to_owned());
    assert_eq!(
        change,
        &PatientChange {
            phone,
            ..PatientChange::default()
        }
    );
}

#[test]
fn a_form_survives_the_loss_of_the_server() {
    let mut desk = editing();
    desk.type_text("!")
        .press("ctrl-s")
        .answer(Slot::Save, Err(unreachable()));
    desk.sees("Grace Hopper!")
        .sees("Server away since 08:30")
        .press("ctrl-s");
    assert_eq!(
        desk.call(Slot::Save),
        None,
        "nothing can be saved while the server is away"
    );
    desk.sees("next try in 1 s");
    desk.wait(1000);
    assert_eq!(desk.call(Slot::Link), Some(&Call::Me));
    desk.reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.sees("answers again")
        .sees("Grace Hopper!")
        .press("ctrl-s");
    assert!(desk.call(Slot::Save).is_some());
}

#[test]
fn a_form_survives_the_end_of_the_session() {
    let mut desk = editing();
    desk.type_text("!")
        .press("ctrl-s")
        .answer(Slot::Save, Err(Error::SignedOut));
    desk.sees("Your session has ended")
        .type_text("secret horse")
        .sees_no("secret");
    desk.press("enter");
    let Some(Call::SignIn { user, password, .. }) = desk.call(Slot::Session) else {
        panic!("nobody signs in");
    };
    assert_eq!((user.as_str(), password.as_str()), ("eva", "secret horse"));
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept,
        },
    );
    desk.sees("Grace Hopper!").press("ctrl-s");
    assert!(matches!(desk.call(Slot::Save), Some(Call::Change { .. })));
}

#[test]
fn who_may_be_here_already_is_asked_while_one_types() {
    let mut desk = registering();
    desk.type_text("Ada Lovelace");
    assert_eq!(
        desk.call(Slot::Duplicates),
        None,
        "a name alone is many people's"
    );
    desk.press("tab").type_text("10.12.1990");
    let Some(Call::Duplicates(PatientDraft {
        full_name,
        birth_date,
        ..
    })) = desk.call(Slot::Duplicates)
    else {
        panic!("nobody is compared");
    };
    assert_eq!(full_name, "Ada Lovelace");
    assert!(birth_date.is_some());
    let twin = Duplicate {
        patient: row(42, "Ada Lovelace"),
        reasons: vec![DuplicateReason::NameAndBirthDate],
    };
    desk.reply(Slot::Duplicates, Reply::Duplicates(vec![twin]))
        .sees("May already be here");
    // Saving asks, and the key that saves does not answer.
    desk.press("ctrl-s ctrl-s").sees("Here already?");
    assert_eq!(desk.call(Slot::Save), None);
    // Looking keeps the form.
    desk.press("l")
        .sees("P-000042")
        .press("esc")
        .sees("New patient")
        .sees("10.12.1990");
    desk.press("ctrl-s r");
    assert!(matches!(desk.call(Slot::Save), Some(Call::Register(_))));
}

#[test]
fn discarding_is_asked_and_the_safe_answer_has_the_focus() {
    let mut desk = registering();
    desk.type_text("Ada")
        .press("esc")
        .sees("Discard changes")
        .press("enter")
        .sees("New patient");
    desk.press("esc esc").sees("New patient");
    desk.press("esc d").sees("Find");
    let mut desk = registering();
    desk.press("esc").sees("Find");
}

#[test]
fn pasted_text_goes_into_the_field_and_does_nothing_else() {
    let mut desk = registering();
    desk.happen(Event::Pasted("Ada\u{1b}[31m\r\nLovelace\n".to_owned()));
    desk.sees("Ada[31m Lovelace");
    desk.press("tab tab tab tab tab");
    desk.happen(Event::Pasted("Torstraße 1\n10119 Berlin".to_owned()))
        .sees("Torstraße 1⏎10119");
    desk.press("esc d");
    let mut desk = Desk::with_record(USUAL);
    desk.happen(Event::Pasted("eq".to_owned()))
        .sees("P-000001")
        .sees("e Edit");
}

// Quitting

#[test]
fn q_quits_at_the_root_and_types_in_the_field() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("q");
    assert!(!exits(&desk));
    assert_eq!(searched(&desk).as_deref(), Some("q"));
    desk.press("esc q")
        .sees("[ Stay ]")
        .sees("[ Leave Clinic ]")
        .press("enter");
    assert!(!exits(&desk), "the safe answer has the focus");
    desk.press("q tab enter");
    assert!(exits(&desk));
}

#[test]
fn a_name_that_begins_with_q_does_not_end_the_program() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc").type_text("quang").press("enter");
    assert!(!exits(&desk));
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn ctrl_c_asks_once_everywhere_but_where_nobody_is_signed_in() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("ctrl-c");
    assert!(exits(&desk));
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-c").sees("Leave Clinic");
    assert!(!exits(&desk));
    desk.press("ctrl-c");
    assert!(exits(&desk));
    let mut desk = registering();
    desk.type_text("Ada").press("ctrl-c").sees("not saved");
    assert!(!exits(&desk));
    desk.press("ctrl-c");
    assert!(exits(&desk));
}

// Signing in

#[test]
fn the_kept_session_opens_without_a_password_and_the_typed_search_is_searched() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::Restore { .. })
    ));
    desk.type_text("emmy")
        .sees("emmy")
        .sees("Signing in as eva");
    desk.reply(
        Slot::Session,
        Reply::Restored(Some(Box::new(receptionist()))),
    );
    assert_eq!(searched(&desk).as_deref(), Some("emmy"));
}

#[test]
fn without_a_kept_session_the_password_is_asked_for() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    desk.reply(Slot::Session, Reply::Restored(None))
        .sees("Password")
        .sees("eva");
}

#[test]
fn a_server_away_at_the_start_is_asked_again() {
    let mut desk = Desk::start(USUAL, None, Some("eva"));
    desk.answer(Slot::Session, Err(unreachable()))
        .sees("Server away");
    desk.wait(1000);
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::Restore { .. })
    ));
    desk.reply(
        Slot::Session,
        Reply::Restored(Some(Box::new(receptionist()))),
    );
    desk.reply(Slot::List, found(rows(3)))
        .sees("Grace Hopper")
        .sees_no("Server away");
}

#[test]
fn waits_between_tries_grow() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-r")
        .answer(Slot::List, Err(unreachable()))
        .sees("next try in 1 s");
    desk.wait(1000)
        .answer(Slot::Link, Err(unreachable()))
        .sees("next try in 2 s");
    desk.wait(2000)
        .answer(Slot::Link, Err(unreachable()))
        .sees("next try in 4 s");
    desk.press("ctrl-r");
    assert_eq!(
        desk.call(Slot::Link),
        Some(&Call::Me),
        "Ctrl-R tries at once"
    );
}

#[test]
fn another_server_of_the_configuration_brings_its_user() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.press("ctrl-n").sees("annex.example.org").sees("otto");
}

#[test]
fn one_server_is_no_choice_and_the_way_out_is_always_shown() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.sees("Other server").sees("Ctrl-C Quit");
    Desk::start(Look::new(40, 15), None, None).sees("Ctrl-C Quit");
}

#[test]
fn a_doctor_is_told_whom_the_desk_is_for() {
    let mut desk = Desk::start(USUAL, None, None);
    desk.type_text("horse").press("enter");
    let mut who = receptionist();
    who.role = clinic_shared::Role::Doctor;
    let kept = Ok(clinic_tui::credentials::Kept::Keyring);
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(who.clone()),
            kept,
        },
    );
    let why = "The front desk is for receptionists and admins; eva is a doctor.";
    desk.sees(&why[..50]).sees("Password");
    assert_eq!(desk.call(Slot::List), None);
    assert!(
        matches!(desk.call(Slot::Session), Some(Call::SignOut { .. })),
        "what was just signed in is signed out"
    );
    // A session that was kept may be in use by the subcommands.
    let mut desk = Desk::start(USUAL, Some(who), None);
    desk.sees(&why[..50]);
    assert_eq!(desk.call(Slot::Session), None);
}

#[test]
fn signing_out_takes_everything_off_the_screen() {
    let mut desk = Desk::with_record(USUAL);
    desk.press(":").type_text("sign out").press("enter");
    desk.sees("Password")
        .sees_no("Grace Hopper")
        .sees_no("penicillin");
    assert!(matches!(
        desk.call(Slot::Session),
        Some(Call::SignOut { .. })
    ));
}

// Commands

#[test]
fn the_palette_runs_what_it_shows() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc :")
        .type_text("new pat")
        .sees("Registers a person")
        .press("enter");
    desk.sees("Full name");
}

#[test]
fn the_palette_explains_the_selected_command_and_tells_equals_apart() {
    let mut desk = Desk::with_rows(Look::new(60, 24), rows(3));
    desk.press("f6")
        .type_text("open")
        .sees("Open (search field)")
        .sees("Open (list)")
        .sees("registers a new one.");
}

#[test]
fn the_palette_says_why_something_cannot_be_done() {
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    desk.press("esc :")
        .type_text("open")
        .sees("No patient is selected.")
        .press("enter");
    desk.sees("No patient is selected.");
}

#[test]
fn help_is_about_the_place_it_was_opened_in() {
    let mut desk = Desk::with_record(USUAL);
    desk.press("?")
        .sees("Record")
        .sees("Next record")
        .press("f1")
        .sees("penicillin");
    desk.press("f1")
        .type_text("edit")
        .press("enter")
        .sees("Edit P-000001");
}

#[test]
fn the_footer_shows_the_keys_that_work_here() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.sees("Ins New patient").sees_no("n New patient");
    desk.press("esc").sees("n New patient").sees("/ Search");
}

#[test]
fn own_keys_are_in_footer_and_help() {
    let file = std::env::temp_dir().join(format!("clinic-keys-{}.toml", std::process::id()));
    std::fs::write(&file, "\"patients.new\" = \"f9\"\n").unwrap();
    let keymap = clinic_tui::keymap::user::load(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut desk = Desk::start_with(USUAL, Some(receptionist()), None, keymap);
    desk.reply(Slot::List, found(rows(3)))
        .press("esc")
        .sees("F9 New patient");
    desk.press("n")
        .sees_no("Full name")
        .press("esc ?")
        .sees("F9")
        .press("esc f9")
        .sees("Full name");
}

#[test]
fn a_half_typed_sequence_shows_what_can_follow_and_escape_forgets_it() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc G g")
        .sees("First row")
        .press("esc")
        .sees_no("First row")
        .sees("P-000040");
    desk.press("g g").sees("P-000001").sees("1–19 of 40");
    desk.press("g x").sees("Find").sees("gx");
    assert_eq!(searched(&desk).as_deref(), Some("gx"));
}

#[test]
fn toasts_go_by_themselves() {
    let mut desk = editing();
    desk.press("ctrl-s").sees("Nothing was changed.");
    desk.wait(3900)
        .sees("Nothing was changed.")
        .wait(200)
        .sees_no("Nothing was changed.");
}

#[test]
fn an_idle_screen_wakes_for_the_clock_only() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.wait(10_000);
    assert_eq!((desk.model.next_wake() - desk.now).num_seconds(), 50);
    desk.wait(50_000).sees("08:31");
    assert_eq!((desk.model.next_wake() - desk.now).num_seconds(), 60);
}

#[test]
fn a_resize_keeps_the_selected_row_in_sight() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc G");
    desk.size = Size::new(80, 10);
    desk.happen(Event::Resized(Size::new(80, 10)))
        .sees("P-000040");
    desk.size = Size::new(80, 60);
    desk.happen(Event::Resized(Size::new(80, 60)))
        .sees("P-000001")
        .sees("P-000040");
}

#[test]
fn the_log_shows_the_newest_lines_and_asks_for_more() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-l");
    assert!(desk.effects.contains(&Effect::ReadLog));
    let lines = (0..100).map(|n| format!("line {n}")).collect();
    desk.happen(Event::Log(lines))
        .sees("line 99")
        .sees_no("line 9\n");
    desk.press("pgup")
        .sees("line 70")
        .sees_no("line 99")
        .press("q")
        .sees("Find");
}
