//! The form that registers and corrects.

use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::patients::{Duplicate, DuplicateReason, PatientChange, PatientDraft};
use clinic_shared::{FieldErrors, Patch};
use clinic_tui::app::Event;
use clinic_tui::effect::{Call, Effect, Reply, Slot};

use super::support::{Desk, Look, receptionist, record, refused, row, rows, tagged, unreachable};
use super::{USUAL, editing, found, registering};

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
    let doubt = "Not known whether it was saved: no answer.";
    desk.sees(doubt).type_text("!").sees(doubt);
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.press("ctrl-s").sees(doubt);
    let saved = record(&rows(1)[0]);
    desk.reply(Slot::Save, Reply::Saved(tagged(saved)));
    desk.sees_no("Not known").sees("Saved P-000001.");
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
    desk.press("enter n")
        .sees("New patient")
        .sees("Ada Lovelace")
        .sees("10 Dec 1990 (35 y)");
    desk.reply(Slot::Duplicates, Reply::Duplicates(Vec::new()));
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
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
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
    desk.press("o")
        .sees("P-000042")
        .press("esc")
        .sees("New patient")
        .sees("10.12.1990");
    desk.press("ctrl-s r");
    assert!(matches!(desk.call(Slot::Save), Some(Call::Register(_))));
}

/// A new person whose answer about twins is still awaited.
fn twin_is_looked_for() -> Desk {
    let mut desk = registering();
    desk.type_text("Ada Lovelace").press("tab");
    desk.type_text("10.12.1990");
    desk
}

fn similar(born: &str) -> Reply {
    let mut twin = row(42, "Ada Lovelase");
    twin.birth_date = born.parse().ok();
    let phone = Duplicate {
        patient: row(7, "Max Braun"),
        reasons: vec![DuplicateReason::Phone],
    };
    let similar = Duplicate {
        patient: twin,
        reasons: vec![DuplicateReason::SimilarName],
    };
    Reply::Duplicates(vec![phone, similar])
}

#[test]
fn a_name_like_this_and_the_same_birth_date_ask_before_it_is_saved() {
    let mut desk = twin_is_looked_for();
    // Whoever saves at once waits for the answer.
    desk.press("ctrl-s");
    assert_eq!(desk.call(Slot::Save), None);
    desk.reply(Slot::Duplicates, similar("1990-12-10"));
    desk.sees("P-000042 Ada Lovelase has the same birth date and a name like");
    desk.press("enter").sees("New patient");
    assert_eq!(desk.call(Slot::Save), None, "the safe answer has the focus");
    desk.press("ctrl-s o").sees("P-000042").press("esc");
    desk.press("ctrl-s r");
    assert!(matches!(desk.call(Slot::Save), Some(Call::Register(_))));
}

#[test]
fn somebody_else_is_registered_as_soon_as_that_is_known() {
    let mut desk = twin_is_looked_for();
    desk.press("ctrl-s")
        .reply(Slot::Duplicates, similar("1961-12-10"));
    assert!(matches!(desk.call(Slot::Save), Some(Call::Register(_))));
    // Without an answer nobody is.
    let mut desk = twin_is_looked_for();
    desk.press("ctrl-s")
        .answer(Slot::Duplicates, Err(unreachable()));
    desk.sees("Not saved yet").sees("Ada Lovelace");
    assert_eq!(desk.call(Slot::Save), None);
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

#[test]
fn a_letter_that_chooses_nothing_says_what_does() {
    let told = "Nothing begins so: Backspace begins anew, Space goes on.";
    let mut desk = registering();
    desk.type_text("Ada").press("tab tab").sees_no(told);
    desk.type_text("w").sees(told);
    // The rest of a word that means nothing chooses nothing, either.
    desk.type_text("oman").sees_no("other").sees(told);
    desk.press("backspace").type_text("female");
    desk.sees("female").sees_no(told);
    desk.press("backspace").type_text("w").sees(told);
    desk.press("tab").sees_no(told);
}

#[test]
fn saving_goes_to_the_field_that_is_wrong_and_says_why_at_every_size() {
    for (width, height) in [(80, 24), (40, 15), (40, 9)] {
        let mut desk = Desk::with_rows(Look::new(width, height), rows(3));
        desk.press("esc n").type_text("Ada").press("tab");
        desk.type_text("31.2.1990").press("shift-tab");
        desk.press("up up up ctrl-s");
        assert_eq!(desk.call(Slot::Save), None);
        desk.sees("There is no such day.");
        // The cursor is there.
        desk.press("ctrl-u").type_text("1.2.1990");
        desk.sees_no("There is no such day.");
        desk.reply(Slot::Duplicates, Reply::Duplicates(Vec::new()));
        desk.press("ctrl-s");
        let Some(Call::Register(draft)) = desk.call(Slot::Save) else {
            panic!("nothing is saved at {width}×{height}")
        };
        assert_eq!(draft.birth_date, "1990-02-01".parse().ok());
    }
}
