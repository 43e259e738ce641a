//! A patient's appointments below their record, merging two records and parting them, the week of a
//! booking, and registering from within it.

use clinic_shared::Reason;
use clinic_shared::client::{Error, Refused, Tagged, Told};
use clinic_shared::desk::appointments::{Appointment, ReasonKind, Status};
use clinic_shared::desk::merging::{
    DifferingField, Merge, MergePreview, Merged, MergedRecord, MovingAppointment, Side, Unmerged,
};
use clinic_shared::desk::patients::{Duplicate, DuplicateReason, Gender, PatientRow};
use clinic_shared::desk::visits::Visits;
use clinic_shared::desk::waitlist::{Urgency, Waiting, WaitingStatus};
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::effect::{Call, Deed, PeopleCall, PeopleReply, Reply, Slot};
use uuid::Uuid;

use super::booking::{begun, slot, slots};
use super::support::clinic::{appointment, booking, busy, doctor_rows, versioned, waiting, whole};
use super::support::look::in_every_look;
use super::support::{Desk, Look, page, record, refused, row, rows, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

fn visit(id: u32, date: &str, starts: &str, status: Status) -> Appointment {
    let mut whole = appointment(&booking(1, "Grace Hopper"));
    let patient = &rows(1)[0];
    whole.id = i64::from(id);
    whole.patient.id = patient.id;
    whole.date = date.parse().unwrap();
    whole.starts = Some(starts.to_owned());
    whole.ends = None;
    whole.status = status;
    whole.title = Some("Cough".to_owned());
    whole
}

fn visits() -> Visits {
    let mut missed = visit(3, "2026-10-05", "09:00", Status::NoShow);
    missed.reason_kind = Some(ReasonKind::Forgot);
    Visits {
        count: 4,
        no_shows: 1,
        cancelled: 0,
        cancelled_late: 0,
        left: 0,
        has_more: false,
        appointments: vec![
            visit(1, "2026-12-01", "10:00", Status::Confirmed),
            visit(2, "2026-11-24", "11:00", Status::Confirmed),
            missed,
            visit(4, "2026-09-07", "08:30", Status::Completed),
        ],
    }
}

fn merge(undone: bool) -> Merge {
    let at = "2026-11-20T09:00:00Z".parse().unwrap();
    Merge {
        id: 7,
        at,
        by: Some("Rosa Winter".to_owned()),
        other: MergedRecord {
            id: row(2, "").id,
            record_number: "P-000002".to_owned(),
            full_name: "Grace Hoper".to_owned(),
        },
        appointments: vec![3, 4],
        waiting: Vec::new(),
        reviews: Vec::new(),
        hidden_reviews: Vec::new(),
        fields: vec!["phone".to_owned()],
        account: false,
        undone_at: undone.then_some(at),
    }
}

/// A record with what was booked, and with one that it took in.
pub(super) fn with_story(look: Look) -> Desk {
    let mut desk = Desk::with_record(look);
    desk.reply(Slot::Visits, PeopleReply::Visits(Box::new(visits())).into())
        .reply(Slot::Merges, PeopleReply::Merges(vec![merge(false)]).into());
    desk
}

/// Two records that may well be of one person.
fn preview(survivor: PatientRow, mut other: PatientRow) -> MergePreview {
    other.birth_date = survivor.birth_date;
    other.gender = None;
    let field = |name: &str, survivor: Option<&str>, other: Option<&str>| DifferingField {
        field: name.to_owned(),
        survivor: survivor.map(str::to_owned),
        other: other.map(str::to_owned),
        kept: match survivor {
            Some(_) => Side::Survivor,
            None => Side::Other,
        },
    };
    let moving = |id: i64, status: Status| MovingAppointment {
        id,
        date: "2026-12-02".parse().unwrap(),
        starts: Some("09:00".to_owned()),
        doctor: "Lise Meitner".to_owned(),
        status,
    };
    MergePreview {
        fields: vec![
            field("full_name", Some("Grace Hopper"), Some("Grace Hoper")),
            field("phone", Some("030 1007919"), Some("0171 555")),
            field("address", None, Some("Torstraße 1, 10119 Berlin")),
        ],
        survivor,
        version: 3,
        other,
        other_version: 5,
        appointments: vec![moving(3, Status::Confirmed), moving(4, Status::Completed)],
        waiting: vec![1],
        reviews: Vec::new(),
        account: true,
        conflicts: Vec::new(),
    }
}

/// Who looks like the first record: itself too, which is not shown.
fn alike() -> Reply {
    let like = |number: u32, name: &str| Duplicate {
        patient: row(number, name),
        reasons: vec![DuplicateReason::SimilarName],
    };
    let found = [
        (1, "Grace Hopper"),
        (2, "Grace Hoper"),
        (5, "Gracie Hopper"),
    ];
    Reply::Duplicates(found.map(|(number, name)| like(number, name)).to_vec())
}

#[test]
fn who_may_be_the_same_person_is_proposed_and_anybody_else_is_found() {
    let mut desk = with_story(USUAL);
    desk.press("m");
    match desk.call(Slot::Twin) {
        Some(Call::Duplicates(like)) => assert_eq!(like.full_name, "Grace Hopper"),
        other => panic!("{other:?}"),
    }
    desk.reply(Slot::Twin, alike())
        .sees("P-000002 Grace Hoper")
        .sees("P-000005")
        .sees_no("P-000001 Grace Hopper ·");
    desk.type_text("emmy");
    let found = page(vec![row(3, "Emmy Noether")]);
    // Until the answer is there, Enter takes nobody of the old list: it means the first of the new.
    desk.press("enter").sees("P-000002 Grace Hoper");
    desk.reply(Slot::Twin, Reply::Patients(Box::new(found)));
    assert_eq!(
        desk.call(Slot::Twin),
        Some(&Call::People(PeopleCall::PreviewMerge(
            row(1, "").id,
            row(3, "").id
        )))
    );
}

#[test]
fn keys_after_enter_take_back_that_it_waits_for_the_answer() {
    for keys in ["down", "x"] {
        let mut desk = with_story(USUAL);
        desk.press("m");
        desk.reply(Slot::Twin, alike());
        desk.type_text("emmy").press("enter").press(keys);
        let found = page(vec![row(3, "Emmy Noether"), row(4, "Emmy Other")]);
        desk.reply(Slot::Twin, Reply::Patients(Box::new(found)));
        desk.sees("P-000003 Emmy Noether");
        assert_eq!(desk.call(Slot::Twin), None, "{keys}");
    }
}

/// At the preview of a merge with the second record.
fn previewed(look: Look) -> Desk {
    let mut desk = with_story(look);
    desk.press("m");
    desk.reply(Slot::Twin, alike()).press("enter");
    let whole = preview(row(1, "Grace Hopper"), row(2, "Grace Hoper"));
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(whole)).into());
    desk
}

fn merging(desk: &Desk) -> (Uuid, clinic_shared::desk::merging::Merging) {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Merge(id, merging))) => (*id, (**merging).clone()),
        other => panic!("nothing is merged but {other:?}"),
    }
}

#[test]
fn a_record_shows_what_is_to_come_then_what_was_and_what_it_came_to() {
    let mut desk = with_story(Look::new(120, 40));
    desk.sees("Did not come before: once.")
        .sees("did not come once")
        .sees("no show")
        .sees("forgot")
        .sees("P-000002 Grace Hoper")
        .sees("by Rosa Winter: 2");
    let text = desk.text();
    let at = |what: &str| {
        text.find(what)
            .unwrap_or_else(|| panic!("no {what}:\n{text}"))
    };
    assert!(at("Upcoming") < at("24 Nov 2026 11:00"));
    assert!(
        at("24 Nov 2026 11:00") < at("1 Dec 2026 10:00"),
        "the next one first"
    );
    assert!(at("1 Dec 2026 10:00") < at("Past and called off"));
    assert!(
        at("5 Oct 2026 09:00") < at("7 Sep 2026 08:30"),
        "the latest first"
    );
}

#[test]
fn somebody_without_appointments_is_told_how_to_book() {
    let mut desk = Desk::with_record(Look::new(120, 40));
    let none = Visits {
        count: 0,
        no_shows: 0,
        cancelled: 0,
        cancelled_late: 0,
        left: 0,
        has_more: false,
        appointments: Vec::new(),
    };
    desk.reply(Slot::Visits, PeopleReply::Visits(Box::new(none)).into());
    desk.sees("Nothing is booked. b books.").sees_no("Past and");
}

#[test]
fn an_appointment_in_a_record_is_acted_on_as_on_the_board() {
    let mut desk = with_story(Look::new(120, 40));
    desk.press("j x i enter");
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Cancel(2, cancel))) => assert_eq!(cancel.version, Some(3)),
        other => panic!("{other:?}"),
    }
    let mut off = visit(2, "2026-11-24", "11:00", Status::Cancelled);
    off.version = 4;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(off)));
    desk.sees("Grace Hopper is cancelled.").sees("✗ cancelled");
    // The counts come anew, and undo is a key.
    assert_eq!(
        desk.call(Slot::Visits),
        Some(&Call::People(PeopleCall::Visits(rows(1)[0].id)))
    );
    desk.press("u");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Undo(2, _)))
    ));
}

#[test]
fn checking_in_is_for_the_day_itself_in_a_record_too() {
    let mut desk = with_story(Look::new(120, 40));
    desk.press("j c")
        .sees("That can be done on the day itself only.");
    assert_eq!(desk.call(Slot::Deed), None);
    // Back at the patient, the keys are theirs again.
    desk.press("esc e").sees("Full name");
}

#[test]
fn a_chosen_appointment_opens_and_moves() {
    let mut desk = with_story(Look::new(120, 40));
    desk.press("j j enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
    let whole = visit(1, "2026-12-01", "10:00", Status::Confirmed);
    desk.reply(Slot::Record, Reply::Appointment(versioned(whole)));
    desk.press("v")
        .sees("Move the appointment of Tue 1 Dec, 10:00");
}

#[test]
fn values_are_chosen_field_by_field_and_the_merge_is_a_verb() {
    let mut desk = previewed(USUAL);
    desk.sees("● Grace Hopper")
        .sees("○ Grace Hoper")
        .sees("● Torstraße 1")
        .sees("2 appointments (1 to come), 1 waiting entry, the account");
    desk.press("j space")
        .sees("○ 030 1007919")
        .sees("● 0171 555");
    // Enter alone merges nothing: the safe answer has the focus.
    desk.press("enter enter");
    assert_eq!(desk.call(Slot::Deed), None);
    desk.press("enter m");
    let (id, sent) = merging(&desk);
    assert_eq!((id, sent.other), (row(1, "").id, row(2, "").id));
    assert_eq!((sent.version, sent.other_version), (Some(3), Some(5)));
    let keep = sent.keep.unwrap();
    assert_eq!((keep.phone, keep.full_name), (Some(Side::Other), None));
    let merged = Merged {
        merge: merge(false),
        patient: record(&row(1, "Grace Hopper")),
    };
    let merged = Tagged {
        value: merged,
        etag: None,
    };
    desk.reply(Slot::Deed, PeopleReply::Merged(Box::new(merged)).into());
    desk.sees("Merged: P-000002 Grace Hoper is part of P-000001 now.")
        .sees("(u: undo)");
    desk.press("alt-u");
    assert_eq!(
        desk.call(Slot::Deed),
        Some(&Call::Deed(Deed::Unmerge(row(1, "").id, 7)))
    );
    // It is not in the list any more.
    desk.press("esc").sees_no("P-000002   ");
}

/// Somebody chose the record of another person.
fn mistaken(look: Look) -> Desk {
    let mut desk = with_story(look);
    desk.press("m");
    desk.reply(Slot::Twin, alike()).press("enter");
    let mut whole = preview(row(1, "Grace Hopper"), row(2, "Alan Turing"));
    whole.other.birth_date = "1912-06-23".parse().ok();
    whole.other.gender = Some(Gender::Female);
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(whole)).into());
    desk
}

#[test]
fn two_people_are_not_merged_by_habit() {
    let mut desk = mistaken(USUAL);
    desk.sees("These look like two people: born 2 Feb 1951, born 23 Jun 1912; male and")
        .sees("female; no name in common.");
    desk.press("enter").sees("Two people?").sees("Merge anyway");
    // Neither Enter nor the letter that merges otherwise does it.
    desk.press("m enter");
    assert_eq!(desk.call(Slot::Deed), None);
    desk.press("enter a");
    assert_eq!(merging(&desk).1.other, row(2, "").id);
    // Of one that may be the same person nothing is said.
    previewed(USUAL).sees_no("two people");
}

#[test]
fn the_other_record_can_be_the_one_that_stays() {
    let mut desk = previewed(USUAL);
    desk.press("j space s");
    assert_eq!(
        desk.call(Slot::Twin),
        Some(&Call::People(PeopleCall::PreviewMerge(
            row(2, "").id,
            row(1, "").id
        )))
    );
    let whole = preview(row(2, "Grace Hoper"), row(1, "Grace Hopper"));
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(whole)).into());
    desk.sees("Merge into P-000002 Grace Hoper")
        .press("enter m");
    let (id, sent) = merging(&desk);
    assert_eq!(id, row(2, "").id);
    // The phone that was chosen stays: it is the survivor's now.
    assert_eq!(sent.keep.unwrap().phone, Some(Side::Survivor));
}

#[test]
fn a_merge_that_came_too_late_keeps_the_preview_and_says_what_changed() {
    let mut desk = previewed(USUAL);
    desk.press("j space enter m");
    desk.answer(
        Slot::Deed,
        Err(refused(409, "Somebody else changed it meanwhile.")),
    );
    let mut now = preview(row(1, "Grace Hopper"), row(2, "Grace Hoper"));
    now.other_version = 6;
    now.fields[1].other = Some("0171 999".to_owned());
    now.conflicts = vec![Reason {
        code: "appointments_overlap".to_owned(),
        detail: "Both have an appointment on 2 Dec at 09:00.".to_owned(),
        ..Reason::default()
    }];
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(now)).into());
    desk.sees("Somebody else changed it meanwhile.")
        .sees("Phone of P-000002 is 0171 999 now.")
        .sees("Both have an appointment on 2 Dec at 09:00.")
        .sees("Cancel or move one of the two first.")
        .sees("● 0171 999");
    desk.press("enter").sees("First clear what is in the way.");
    assert_eq!(desk.call(Slot::Deed), None);
}

#[test]
fn records_are_parted_after_a_question_that_says_what_goes_back() {
    let mut desk = with_story(USUAL);
    desk.press("M")
        .sees("P-000002 Grace Hoper stands by itself again.")
        .sees("Back go: 2")
        .sees("appointments, phone. What was booked since stays here.");
    desk.press("enter");
    assert_eq!(desk.call(Slot::Deed), None);
    desk.press("M u");
    assert_eq!(
        desk.call(Slot::Deed),
        Some(&Call::Deed(Deed::Unmerge(row(1, "").id, 7)))
    );
    let parted = Unmerged {
        merge: merge(true),
        patient: record(&row(1, "Grace Hopper")),
        restored: record(&row(2, "Grace Hoper")),
    };
    let parted = Tagged {
        value: parted,
        etag: None,
    };
    desk.reply(Slot::Deed, PeopleReply::Unmerged(Box::new(parted)).into());
    // What was parted is not parted again, also before the list of merges came anew.
    desk.sees("Parted: P-000002 Grace Hoper stands by itself again.");
    desk.press("M").sees("No record was merged into this one.");
}

/// Three days, two doctors.
fn week() -> Vec<clinic_shared::desk::slots::FreeSlot> {
    vec![
        slot(2, "2026-11-23", "11:00"),
        slot(3, "2026-11-23", "11:00"),
        slot(2, "2026-11-23", "11:30"),
        slot(2, "2026-11-24", "09:00"),
        slot(3, "2026-11-26", "10:00"),
    ]
}

/// At the week of a booking with anybody for something.
fn at_week(look: Look) -> Desk {
    let mut desk = begun(Desk::with_record(look), "b");
    desk.type_text("anybody card").press("enter");
    desk.reply(Slot::Slots, slots(week())).press("v");
    desk.reply(Slot::Slots, slots(week()));
    desk
}

fn asked(desk: &Desk) -> &clinic_shared::client::SlotQuery {
    match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => query,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_week_is_a_key_and_the_time_under_the_cursor_stays() {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("anybody card").press("enter");
    desk.reply(Slot::Slots, slots(week()))
        .press("down down down v");
    let query = asked(&desk);
    assert_eq!(query.from.unwrap().to_string(), "2026-11-23");
    assert_eq!(query.to.unwrap().to_string(), "2026-11-29");
    desk.reply(Slot::Slots, slots(week()))
        .sees("week of Mon 23 Nov 2026")
        .sees("Tue 24 Nov, 09:00–09:30");
    desk.press("v");
    assert_eq!(asked(&desk).from.unwrap().to_string(), "2026-11-24");
    desk.reply(Slot::Slots, slots(week()[3..].to_vec()));
    desk.press("enter").sees("Tue 24 Nov, 09:00");
}

#[test]
fn arrows_go_from_one_free_time_to_the_next() {
    let mut desk = at_week(USUAL);
    for (keys, told) in [
        ("down", "Mon 23 Nov, 11:30"),
        ("up", "Mon 23 Nov, 11:00"),
        // The nearest time of the next day that has one.
        ("right", "Tue 24 Nov, 09:00"),
        ("right", "Thu 26 Nov, 10:00"),
        ("]", "Thu 26 Nov, 10:00"),
        ("[", "Tue 24 Nov, 09:00"),
        ("left", "Mon 23 Nov, 11:00"),
    ] {
        desk.press(keys).sees(told);
    }
    desk.sees("2 are free; Tab: the next");
    let first = doctor_rows(6)[1].full_name.clone();
    let second = doctor_rows(6)[2].full_name.clone();
    let line = |doctor: &str| format!("11:00–11:30, {doctor}");
    desk.sees(&line(&first)).press("tab").sees(&line(&second));
    desk.press("enter enter");
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Book(form))) => assert_eq!(form.doctor, doctor_rows(6)[2].id),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_next_week_keeps_the_weekday_and_the_time() {
    let mut desk = at_week(USUAL);
    desk.press("right pgdn");
    assert_eq!(asked(&desk).from.unwrap().to_string(), "2026-11-30");
    let next = vec![
        slot(2, "2026-11-30", "11:00"),
        slot(2, "2026-12-01", "08:30"),
        slot(2, "2026-12-01", "09:00"),
    ];
    desk.reply(Slot::Slots, slots(next))
        .sees("Tue 1 Dec, 09:00");
    desk.press("h");
    assert_eq!(asked(&desk).duration, Some(15));
    desk.sees("15 min");
}

#[test]
fn a_week_that_is_not_there_yet_can_be_turned() {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("wu").press("enter v");
    desk.reply(Slot::Slots, slots(Vec::new()))
        .sees("Nothing is free.")
        .press("pgdn down enter");
    let next = vec![
        slot(2, "2026-11-30", "11:00"),
        slot(2, "2026-12-01", "08:30"),
    ];
    desk.reply(Slot::Slots, slots(next))
        .sees("Mon 30 Nov, 11:00");
}

#[test]
fn what_is_in_the_way_is_opened_and_looked_at_again_once_it_is_gone() {
    let mut desk = begun(Desk::at_board(Look::new(120, 40), busy(3)), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(week()));
    desk.press("enter enter");
    let reason = Reason {
        code: "doctor_busy".to_owned(),
        detail: "Wu is already booked at this time.".to_owned(),
        appointment: Some(77),
        ..Reason::default()
    };
    let Error::Refused(refusal) = refused(409, "That time can't be booked.") else {
        unreachable!("it is one")
    };
    let error = Error::Refused(Box::new(Refused {
        reasons: vec![reason],
        ..*refusal
    }));
    desk.answer(Slot::Deed, Err(error));
    desk.sees("Alt-O opens the appointment in the way")
        .press("alt-o");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(77)));
    let mut other = visit(77, "2026-11-23", "11:00", Status::Confirmed);
    desk.reply(Slot::Record, Reply::Appointment(versioned(other.clone())));
    desk.press("v")
        .sees("First finish the booking that is open.");
    desk.press("x 2 enter");
    other.status = Status::Cancelled;
    other.version = 4;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(other)));
    assert!(matches!(desk.call(Slot::Check), Some(Call::Check(_))));
    desk.press("esc").sees_no("Wu is already booked");
    desk.press("alt-n");
    assert_eq!(asked(&desk).from.unwrap().to_string(), "2026-11-23");
    desk.reply(Slot::Slots, slots(week())).press("enter");
    desk.sees("Mon 23 Nov, 11:30");
}

#[test]
fn one_key_goes_to_the_appointments_of_a_record() {
    // Which of several is called off is said with its day.
    for (keys, when) in [("tab x", "24 Nov"), ("tab j x", "1 Dec")] {
        let mut desk = with_story(Look::new(80, 24));
        desk.sees("Tab Appointments").press(keys);
        let dialog = desk.sees("Cancel appointment").text();
        let said = dialog
            .lines()
            .skip_while(|line| !line.contains("Cancel appointment"));
        let said = said.skip(1).find(|line| line.contains(", ")).unwrap();
        assert!(said.contains(when), "{dialog}");
    }
    let mut desk = with_story(Look::new(80, 24));
    desk.press("tab").sees("▸ Tue 24 Nov").press("c");
    desk.sees("That can be done on the day itself only.");
    // Back to the patient, whom the keys act on again.
    desk.press("tab").sees_no("▸ Tue 24 Nov");
}

#[test]
fn somebody_new_is_registered_from_within_a_booking() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "B");
    desk.type_text("ada lovelace");
    desk.reply(Slot::People, Reply::Patients(Box::new(page(Vec::new()))));
    desk.sees("No patient matches. Register “ada lovelace”")
        .press("enter");
    desk.sees("New patient")
        .sees("Ada Lovelace")
        .press("ctrl-s");
    let made = record(&row(40, "Ada Lovelace"));
    desk.reply(Slot::Save, Reply::Saved(tagged(made)));
    desk.sees("For     Ada Lovelace")
        .sees("Registered Ada Lovelace");
    desk.press("enter");
    assert_eq!(asked(&desk).patient, Some(row(40, "").id));
}

#[test]
fn whoever_is_here_already_is_booked_for_from_the_warning() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "B");
    desk.type_text("ada lovelace 10.12.1990");
    desk.reply(Slot::People, Reply::Patients(Box::new(page(Vec::new()))));
    desk.press("enter");
    let twin = Duplicate {
        patient: row(42, "Ada Lovelace"),
        reasons: vec![DuplicateReason::NameAndBirthDate],
    };
    desk.reply(Slot::Duplicates, Reply::Duplicates(vec![twin]));
    desk.press("ctrl-s o");
    desk.reply(
        Slot::Record,
        Reply::Patient(tagged(record(&row(42, "Ada Lovelace")))),
    );
    desk.press("b").sees("For     Ada Lovelace").sees("With");
}

#[test]
fn a_walk_in_is_registered_whole_and_taken_in() {
    let mut desk = Desk::at_board(USUAL, busy(3));
    desk.press("w").type_text("ada lovelace").press("ctrl-r");
    desk.sees("New patient").press("ctrl-s");
    let made = record(&row(40, "Ada Lovelace"));
    desk.reply(Slot::Save, Reply::Saved(tagged(made)));
    desk.sees("P-000040 has a record; Enter takes them in.")
        .press("enter");
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::WalkIn(form))) => assert_eq!(form.patient, Some(row(40, "").id)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn where_nothing_suits_the_patient_waits() {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(Vec::new()));
    desk.sees("l puts them on the waiting list").press("l");
    desk.sees("Onto the waiting list")
        .sees("two weeks, to Mon 7 Dec 2026");
    // Another span, mornings, urgent; a word beside it.
    desk.press("space enter space enter left enter")
        .type_text("any day")
        .sees("four weeks")
        .sees("mornings only")
        .sees("urgent");
    desk.press("enter");
    let form = match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Await(form))) => (**form).clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(form.patient, Some(row(1, "").id));
    assert_eq!(form.doctor, Some(doctor_rows(6)[1].id));
    assert_eq!(form.date_to.to_string(), "2026-12-21");
    assert_eq!(form.urgency, Some(Urgency::Urgent));
    assert_eq!(form.note.as_deref(), Some("any day"));
    desk.answer(Slot::Deed, Err(refused(400, "There is no such doctor.")));
    desk.sees("There is no such doctor.").sees("any day");
    desk.press("ctrl-s");
    let waits = visit(1, "2026-12-01", "10:00", Status::Pending);
    let entry = Waiting {
        id: 5,
        patient: waits.patient,
        patient_phone: None,
        doctor: Some(waits.doctor),
        specialisation: None,
        date_from: form.date_from,
        date_to: form.date_to,
        part_of_day: form.part_of_day,
        urgency: Urgency::Urgent,
        note: form.note,
        status: WaitingStatus::Waiting,
        appointment: None,
        skipped: 0,
        hold: None,
        version: 1,
        created_at: waits.created_at,
        updated_at: waits.updated_at,
    };
    desk.reply(Slot::Deed, PeopleReply::Waiting(Box::new(entry)).into());
    desk.sees("waits for")
        .sees("until 21 Dec")
        .sees("penicillin");
    desk.press("alt-u");
    assert_eq!(
        desk.call(Slot::Deed),
        Some(&Call::Deed(Deed::Withdraw(5, 1)))
    );
}

fn screen(name: &str, act: fn(Look) -> Desk) {
    insta::assert_snapshot!(name, in_every_look(act));
}

#[test]
fn pictures_of_the_record_the_merge_and_the_week() {
    screen("record_story", |look| {
        let mut desk = with_story(look);
        desk.press(&["j"; 32].join(" ")).press("k k");
        desk
    });
    screen("merge_find", |look| {
        let mut desk = with_story(look);
        desk.press("m");
        desk.reply(Slot::Twin, alike());
        desk
    });
    screen("merge_preview", |look| {
        let mut desk = previewed(look);
        desk.press("j space");
        desk
    });
    screen("merge_question", |look| {
        let mut desk = previewed(look);
        desk.press("enter");
        desk
    });
    screen("merge_two_people", mistaken);
    screen("merge_two_people_question", |look| {
        let mut desk = mistaken(look);
        desk.press("enter");
        desk
    });
    screen("book_week", at_week);
    screen("book_week_doctor", |look| {
        let mut desk = begun(Desk::with_record(look), "b");
        desk.type_text("wu").press("enter");
        let own: Vec<_> = week()
            .into_iter()
            .filter(|slot| slot.doctor.full_name == doctor_rows(6)[1].full_name)
            .collect();
        desk.reply(Slot::Slots, slots(own.clone())).press("v");
        desk.reply(Slot::Slots, slots(own)).press("right");
        desk
    });
    screen("wait", |look| {
        let mut desk = begun(Desk::with_record(look), "b");
        desk.type_text("wu").press("enter");
        desk.reply(Slot::Slots, slots(Vec::new())).press("l enter");
        desk
    });
    screen("book_register", |look| {
        let mut desk = begun(Desk::at_board(look, busy(3)), "B");
        desk.type_text("ada lovelace");
        desk.reply(Slot::People, Reply::Patients(Box::new(page(Vec::new()))));
        desk
    });
}

fn record_changed(desk: &mut Desk, number: u32) {
    let event = Event {
        kind: EventKind::Patient,
        object: Some(i64::from(number)),
        doctor: None,
        patient: Some(row(number, "").id),
    };
    desk.hears(Told::Happened(50, event));
}

#[test]
fn a_record_that_changes_beneath_a_merge_takes_the_question_back() {
    let mut desk = previewed(USUAL);
    desk.press("enter").sees("Merge?");
    // Somebody else is no concern of it.
    record_changed(&mut desk, 9);
    assert_eq!(desk.call(Slot::Twin), None);
    record_changed(&mut desk, 2);
    let mut now = preview(row(1, "Grace Hopper"), row(2, "Grace Hoper"));
    now.other_version = 6;
    now.fields[1].other = Some("0171 999".to_owned());
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(now)).into())
        .sees_no("Merge?")
        .sees("Changed elsewhere at 08:30; look, then merge.")
        .sees("Phone of P-000002 is 0171 999 now.");
    desk.press("m");
    assert_eq!(desk.call(Slot::Deed), None, "nobody was asked about that");
    desk.press("enter m");
    assert_eq!(merging(&desk).1.other_version, Some(6));
}

#[test]
fn a_record_that_went_into_another_one_meanwhile_is_not_merged() {
    let mut desk = previewed(USUAL);
    desk.press("enter");
    record_changed(&mut desk, 2);
    let gone = refused(404, "This record was merged into P-000007.");
    desk.answer(Slot::Twin, Err(gone))
        .sees_no("Merge?")
        .sees("Changed elsewhere at 08:30: This record was merged into P-000007.");
    desk.press("enter")
        .sees("What would happen is not known yet.");
    assert_eq!(desk.call(Slot::Deed), None);
    // Esc goes back to who else it may be.
    desk.press("esc").sees("Which record goes in?");
}

#[test]
fn a_record_that_is_as_it_was_leaves_the_question_alone() {
    let mut desk = previewed(USUAL);
    desk.press("enter");
    record_changed(&mut desk, 1);
    let same = preview(row(1, "Grace Hopper"), row(2, "Grace Hoper"));
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(same)).into())
        .sees("Merge?")
        .sees_no("Changed elsewhere");
}

#[test]
fn a_merge_that_is_not_waited_for_is_told_of_and_comes_back_if_it_is_refused() {
    let mut desk = previewed(USUAL);
    desk.press("j space enter m esc")
        .sees("Not known yet whether it was done")
        .sees_no("Merge into");
    desk.answer(Slot::Deed, Err(refused(409, "Somebody changed it.")))
        .sees("Merge into P-000001")
        .sees("Somebody changed it.")
        .sees_no("Not known yet");
    // What was chosen is chosen still; it is asked anew.
    let same = preview(row(1, "Grace Hopper"), row(2, "Grace Hoper"));
    desk.reply(Slot::Twin, PeopleReply::Preview(Box::new(same)).into())
        .sees("● 0171 555");
    desk.press("enter m");
    assert_eq!(merging(&desk).1.keep.unwrap().phone, Some(Side::Other));
}

/// What the patient of the record waits for.
fn waits() -> Reply {
    let mut entry = waiting(1);
    entry.patient.id = rows(1)[0].id;
    PeopleReply::WaitingList(whole(vec![entry])).into()
}

#[test]
fn what_a_patient_waits_for_stands_in_their_record() {
    let mut desk = with_story(Look::new(120, 40));
    let Some(Call::People(PeopleCall::Waits(id))) = desk.call(Slot::Waits) else {
        panic!("nobody asks what they wait for")
    };
    assert_eq!(*id, rows(1)[0].id);
    desk.sees_no("waiting list").reply(Slot::Waits, waits());
    desk.sees("On the waiting list")
        .sees("Waits for Chien-Shiung Wu since 20 Nov,")
        .sees("until 7 Dec; should come soon")
        .sees("Upcoming");
    // Another desk takes them off the list.
    let event = |patient| Event {
        kind: EventKind::Waitlist,
        object: Some(1),
        doctor: None,
        patient: Some(patient),
    };
    desk.hears(Told::Happened(50, event(rows(2)[1].id)));
    assert_eq!(desk.call(Slot::Waits), None);
    desk.hears(Told::Happened(51, event(rows(1)[0].id)));
    let nothing = PeopleReply::WaitingList(whole(Vec::new()));
    desk.reply(Slot::Waits, nothing.into())
        .sees_no("On the waiting list")
        .sees("Upcoming");
}

#[test]
fn a_record_stands_where_what_they_wait_for_cannot_be_read() {
    for error in [refused(403, "Not for you."), unreachable()] {
        let mut desk = with_story(USUAL);
        desk.answer(Slot::Waits, Err(error));
        desk.sees("Grace Hopper")
            .sees("030")
            .sees_no("Not for you.")
            .sees_no("On the waiting list");
    }
}
