//! Every screen as a receptionist sees it: a file a screen, at three sizes, without colour and
//! without UTF-8.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support;

use clinic_shared::FieldErrors;
use clinic_shared::client::Error;
use clinic_shared::desk::patients::{Duplicate, DuplicateReason};
use clinic_tui::app::Event;
use clinic_tui::effect::{Reply, Slot};
use support::look::in_every_look;
use support::{Desk, Look, page, receptionist, record, row, rows, tagged};

/// Snapshots what `act` leads to.
fn screen(name: &str, act: fn(Look) -> Desk) {
    insta::assert_snapshot!(name, in_every_look(act));
}

fn refused(status: u16, detail: &str, fields: &[(&str, &str)]) -> Error {
    let mut errors = FieldErrors::default();
    for (field, message) in fields {
        errors.add(field, *message);
    }
    clinic_shared_refused(status, detail, errors)
}

fn clinic_shared_refused(status: u16, detail: &str, fields: FieldErrors) -> Error {
    Error::Refused(Box::new(clinic_shared::client::Refused {
        status,
        code: String::new(),
        detail: detail.to_owned(),
        fields,
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
        retry_after: None,
    }))
}

fn new_patient(look: Look) -> Desk {
    let mut desk = Desk::with_rows(look, rows(40));
    desk.type_text("ada lovelace")
        .reply(Slot::List, Reply::Patients(Box::new(page(Vec::new()))));
    desk.press("enter n");
    desk
}

fn editing(look: Look) -> Desk {
    let mut desk = Desk::with_record(look);
    desk.press("e");
    desk
}

#[test]
fn sign_in() {
    screen("sign_in", |look| Desk::start(look, None, None));
}

#[test]
fn sign_in_refused() {
    screen("sign_in_refused", |look| {
        let mut desk = Desk::start(look, None, None);
        desk.type_text("wrong horse").press("enter");
        desk.answer(Slot::Session, Err(refused(401, "No active account.", &[])));
        desk
    });
}

#[test]
fn sign_in_again_over_a_form() {
    screen("sign_in_again", |look| {
        let mut desk = editing(look);
        desk.press("tab tab tab").type_text("9").press("ctrl-s");
        desk.answer(Slot::Save, Err(Error::SignedOut));
        desk
    });
}

#[test]
fn patients() {
    screen("patients", |look| Desk::with_rows(look, rows(40)));
}

#[test]
fn patients_in_the_list() {
    screen("patients_in_the_list", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.press("esc down down g");
        desk
    });
}

#[test]
fn patients_with_hostile_and_foreign_names() {
    screen("patients_hostile", |look| {
        let names = [
            "Ada \u{1b}[2J\u{1b}]0;owned\u{7} Lovelace",
            "\u{202e}ecalevoL adA\u{202c} override",
            "山田太郎",
            "김서윤",
            "עדה לאבלייס",
            "عبد الرحمن بن محمد",
            "Zoe\u{308} A\u{30a}ngstro\u{308}m",
            "Z\u{335}\u{321}\u{322}\u{327}\u{328}\u{31b}\u{300}\u{301}\u{302}algo",
            "👩\u{200d}⚕️ Dr Emoji 🇩🇪",
            "A name with\na line break\tand a tab",
            "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine the Very Long Senior",
            "zero\u{200b}width\u{feff}",
        ];
        let rows = (1u32..)
            .zip(names)
            .map(|(number, name)| row(number, name))
            .collect();
        Desk::with_rows(look, rows)
    });
}

#[test]
fn patients_corrected() {
    screen("patients_corrected", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.type_text("lovelase");
        let mut found = page(rows(50));
        found.count = 1000;
        found.count_capped = true;
        found.corrections = vec!["lovelase → lovelace".to_owned()];
        desk.reply(Slot::List, Reply::Patients(Box::new(found)));
        desk
    });
}

#[test]
fn patients_nobody_found() {
    screen("patients_nobody", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.type_text("xyzzy")
            .reply(Slot::List, Reply::Patients(Box::new(page(Vec::new()))));
        desk
    });
}

#[test]
fn patients_while_the_server_is_away() {
    screen("patients_offline", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.type_text("ada");
        desk.answer(
            Slot::List,
            Err(Error::Unreachable("nothing is listening there".to_owned())),
        );
        desk.wait(200);
        desk
    });
}

#[test]
fn the_first_frame() {
    screen("first_frame", |look| Desk::start(look, None, Some("eva")));
}

#[test]
fn a_record() {
    screen("record", Desk::with_record);
}

#[test]
fn a_new_patient_who_may_be_here() {
    screen("form_new", |look| {
        let mut desk = new_patient(look);
        desk.type_text("10.12.1990")
            .press("tab")
            .type_text("f")
            .press("tab")
            .type_text("030 1234567");
        let reasons = vec![DuplicateReason::NameAndBirthDate, DuplicateReason::Phone];
        let duplicates = vec![
            Duplicate {
                patient: row(42, "Ada Lovelace"),
                reasons,
            },
            Duplicate {
                patient: row(7, "Ada Loveless"),
                reasons: vec![DuplicateReason::SimilarName],
            },
        ];
        desk.reply(Slot::Duplicates, Reply::Duplicates(duplicates));
        desk
    });
}

#[test]
fn a_form_with_mistakes() {
    screen("form_mistakes", |look| {
        let mut desk = new_patient(look);
        desk.type_text("31.2.1990")
            .press("tab tab tab")
            .type_text("ada@")
            .press("tab tab");
        desk
    });
}

#[test]
fn a_form_the_server_refused() {
    screen("form_refused", |look| {
        let mut desk = editing(look);
        desk.press("tab tab tab").type_text("99").press("ctrl-s");
        let fields = [
            ("phone", "This is no phone number."),
            ("non_field_errors", "Too many changes."),
        ];
        desk.answer(
            Slot::Save,
            Err(refused(400, "Two fields are faulty.", &fields)),
        );
        desk
    });
}

#[test]
fn a_form_somebody_else_was_faster_with() {
    screen("form_changed_elsewhere", |look| {
        let mut desk = editing(look);
        desk.press("tab tab tab ctrl-u")
            .type_text("030 5")
            .press("ctrl-s");
        desk.answer(
            Slot::Save,
            Err(refused(412, "Somebody else changed it.", &[])),
        );
        let mut theirs = record(&rows(1)[0]);
        theirs.phone = Some("0171 8".to_owned());
        theirs.blood_group = None;
        theirs.version += 1;
        desk.reply(Slot::Save, Reply::Patient(tagged(theirs)));
        desk
    });
}

#[test]
fn a_form_without_an_answer() {
    screen("form_offline", |look| {
        let mut desk = new_patient(look);
        desk.press("ctrl-s");
        desk.answer(
            Slot::Save,
            Err(Error::Unreachable("it took too long".to_owned())),
        );
        desk.wait(100);
        desk
    });
}

#[test]
fn a_question() {
    screen("question", |look| {
        let mut desk = new_patient(look);
        desk.press("esc");
        desk
    });
}

#[test]
fn the_palette() {
    screen("palette", |look| {
        let mut desk = Desk::with_record(look);
        desk.press(":").type_text("pat");
        desk
    });
}

#[test]
fn the_help() {
    screen("help", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.press("esc ? down down down");
        desk
    });
}

#[test]
fn the_log() {
    screen("log", |look| {
        let mut desk = Desk::with_rows(look, rows(40));
        desk.press("ctrl-l");
        desk.happen(Event::Log(vec![
            "08:29:58  INFO restore the session: done ms=41".to_owned(),
            "08:29:59  WARN list patients: failed ms=5001 error=The server does not answer (it took too long).".to_owned(),
            "08:30:00 ERROR \u{1b}[31mred\u{1b}[0m".to_owned(),
        ]));
        desk
    });
}

#[test]
fn the_largest_screen_is_used() {
    let mut desk = Desk::with_rows(Look::new(200, 60), rows(80));
    desk.press("enter");
    let patient = record(&rows(1)[0]);
    desk.reply(Slot::Record, Reply::Patient(tagged(patient)));
    insta::assert_snapshot!("record_200x60", desk.text());
}

#[test]
fn the_keys_chapter_of_the_book_is_up_to_date() {
    let docs = clinic_tui::command::docs(&clinic_tui::keymap::Keymap::default());
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/keys.md");
    let written = std::fs::read_to_string(book).unwrap_or_default();
    assert_eq!(written, docs, "write `clinic keys` to docs/keys.md");
}

#[test]
fn who_has_no_name_is_called_by_the_user_name() {
    let mut who = receptionist();
    who.first_name.clear();
    who.last_name.clear();
    Desk::start(Look::new(100, 24), Some(who), None).sees("eva (receptionist)");
}
