//! Booking, and moving what is booked.

use clinic_shared::Reason;
use clinic_shared::client::{Error, Refused, Told};
use clinic_shared::desk::appointments::{
    BookingCheck, Kind, NewAppointment, Person, Reschedule, Status,
};
use clinic_shared::desk::doctors::Named;
use clinic_shared::desk::slots::{FreeSlot, FreeSlots, PartOfDay};
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::effect::{Call, Deed, Reply, Slot};
use uuid::Uuid;

use super::support::clinic::{
    appointment, board_row, booking, busy, day, doctor_rows, versioned, whole,
};
use super::support::{Desk, Look, page, record, refused, row, tagged, unreachable};

const USUAL: Look = Look::new(80, 24);

/// From the head of the settings to how dates are written.
const TO_DATES: &str = "down down down";

pub(crate) fn slot(doctor: u32, date: &str, starts: &str) -> FreeSlot {
    let row = &doctor_rows(6)[doctor as usize - 1];
    let at: chrono::DateTime<chrono::Utc> = format!("{date}T{starts}:00+01:00").parse().unwrap();
    let ends = at + chrono::TimeDelta::minutes(30);
    FreeSlot {
        doctor: Person {
            id: row.id,
            number: row.number,
            full_name: row.full_name.clone(),
        },
        available_time: 1,
        window: "Mornings".to_owned(),
        date: date.parse().unwrap(),
        starts: Some(starts.to_owned()),
        ends: Some(
            (ends + chrono::TimeDelta::hours(1))
                .format("%H:%M")
                .to_string(),
        ),
        starts_at: Some(at),
        ends_at: Some(ends),
    }
}

pub(crate) fn slots(found: Vec<FreeSlot>) -> Reply {
    Reply::Slots(Box::new(FreeSlots {
        from: "2026-11-23".parse().unwrap(),
        to: "2026-11-30".parse().unwrap(),
        has_more: true,
        slots: found,
    }))
}

fn three() -> Vec<FreeSlot> {
    vec![
        slot(2, "2026-11-23", "11:00"),
        slot(2, "2026-11-23", "11:30"),
        slot(2, "2026-11-24", "09:00"),
    ]
}

fn check(no_shows: i64, reasons: Vec<Reason>) -> Reply {
    Reply::Check(Box::new(checked(no_shows, reasons)))
}

fn checked(no_shows: i64, reasons: Vec<Reason>) -> BookingCheck {
    BookingCheck {
        is_bookable: reasons.is_empty(),
        reasons,
        date: None,
        starts: None,
        ends: None,
        starts_at: None,
        ends_at: None,
        available_time: None,
        overbooked: false,
        patient: Person {
            id: row(1, "").id,
            number: 1,
            full_name: "Grace Hopper".to_owned(),
        },
        patient_no_shows: no_shows,
        patient_open_bookings: 1,
        patient_same_day: Vec::new(),
    }
}

fn reason(code: &str, detail: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        detail: detail.to_owned(),
        ..Reason::default()
    }
}

fn unbookable(reasons: Vec<Reason>) -> Error {
    let Error::Refused(refusal) = refused(409, "That time can't be booked.") else {
        unreachable!("it is one")
    };
    Error::Refused(Box::new(Refused {
        reasons,
        ..*refusal
    }))
}

/// At the doctors of the booking that `keys` begin.
pub(crate) fn begun(mut desk: Desk, keys: &str) -> Desk {
    desk.press(keys);
    let terms = vec![Named {
        id: 5,
        name: "Cardiology".to_owned(),
    }];
    desk.reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
        .reply(Slot::Terms, Reply::Terms(terms));
    desk
}

fn booked(desk: &Desk) -> &NewAppointment {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Book(form))) => form,
        other => panic!("nothing is booked but {other:?}"),
    }
}

fn moved(desk: &Desk) -> &Reschedule {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Move(_, form))) => form,
        other => panic!("nothing is moved but {other:?}"),
    }
}

#[test]
fn a_found_patient_has_the_next_free_slot_of_a_doctor_after_four_keys() {
    let mut desk = Desk::with_record(USUAL);
    desk = begun(desk, "b");
    let patient = row(1, "").id;
    desk.sees("For     Grace Hopper")
        .type_text("wu")
        .press("enter");
    let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
        panic!("no slots are asked for")
    };
    assert_eq!(query.doctor, Some(doctor_rows(6)[1].id));
    assert_eq!(query.patient, Some(patient));
    desk.reply(Slot::Slots, slots(three())).sees("11:00–11:30");
    desk.press("enter").reply(Slot::Check, check(2, Vec::new()));
    desk.sees("Grace Hopper did not come twice before.")
        .sees("Grace Hopper has 1 appointment ahead already.")
        .sees("pending until the doctor or the desk confirms it")
        .sees("Enter Book");
    desk.press("enter");
    let form = booked(&desk);
    assert_eq!(
        (form.patient, form.doctor),
        (Some(patient), doctor_rows(6)[1].id)
    );
    assert_eq!(form.starts_at, "2026-11-23T10:00:00Z".parse().ok());
    let mut whole = appointment(&booking(1, "Grace Hopper"));
    whole.status = Status::Pending;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(whole)));
    desk.sees("Booked: Grace Hopper, Mon 23 Nov, 08:00")
        .sees("(u: undo)")
        .sees("penicillin");
    desk.press("alt-u");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Cancel(..)))
    ));
}

#[test]
fn what_else_there_is_that_day_is_said_with_its_time() {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(three())).press("enter");
    let mut other = booking(4, "Grace Hopper");
    other.starts = Some("10:40".to_owned());
    other.doctor.full_name = "Chien-Shiung Wu".to_owned();
    let known = BookingCheck {
        patient_same_day: vec![other],
        ..checked(0, Vec::new())
    };
    desk.reply(Slot::Check, Reply::Check(Box::new(known)));
    desk.sees("Grace Hopper has an appointment with Chien-Shiung Wu at 10:40 that day");
    // It is a warning and in nobody's way.
    desk.press("enter");
    assert_eq!(booked(&desk).doctor, doctor_rows(6)[1].id);
}

#[test]
fn a_doctor_is_found_by_a_name_or_by_what_for() {
    let at = || begun(Desk::at_board(USUAL, busy(3)), "b");
    at().type_text("card")
        .sees("Chien-Shiung Wu")
        .sees("anybody for Cardiology");
    at().type_text("mir")
        .sees("Maryam Mirzakhani")
        .sees_no("Dorothy");
    at().type_text("xyz").sees("No doctor has this name");
    let mut desk = at();
    desk.type_text("anybody card").press("enter");
    match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => {
            assert_eq!((query.doctor, query.specialisation), (None, Some(5)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn days_weeks_and_parts_of_the_day_are_keys() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter");
    let asked = |desk: &Desk| match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => (query.from.unwrap().to_string(), query.part_of_day),
        other => panic!("{other:?}"),
    };
    for (key, from, part) in [
        ("]", "2026-11-24", None),
        ("}", "2026-12-01", None),
        ("[", "2026-11-30", None),
        ("{", "2026-11-23", None),
        // Nobody is booked yesterday.
        ("[", "2026-11-23", None),
        ("p", "2026-11-23", Some(PartOfDay::Morning)),
        ("p p p", "2026-11-23", None),
        ("} .", "2026-11-23", None),
    ] {
        desk.press(key);
        assert_eq!(asked(&desk), (from.to_owned(), part), "{key}");
    }
    desk.reply(Slot::Slots, slots(Vec::new()));
    desk.sees("Nothing is free.")
        .sees("looks from a week later on");
}

#[test]
fn a_day_is_typed_and_what_is_no_day_does_nothing() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    let asked = |desk: &Desk| match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => query.from.unwrap().to_string(),
        other => panic!("{other:?}"),
    };
    desk.sees("type another day");
    for (typed, from) in [
        ("/3 12", "2026-12-03"),
        ("3 12", "2026-12-03"),
        ("/mon", "2026-11-23"),
        ("fri", "2026-11-27"),
        ("next tuesday", "2026-12-01"),
        ("in 2 weeks", "2026-12-07"),
        ("+7", "2026-11-30"),
        ("2026-12-03", "2026-12-03"),
    ] {
        desk.type_text(typed).sees("Enter Go there").press("enter");
        assert_eq!(asked(&desk), from, "{typed}");
        desk.reply(Slot::Slots, slots(three()));
    }
    desk.type_text("/1.1.2020").press("enter");
    desk.sees("That day is over.");
    desk.press("esc")
        .sees_no("That day is over.")
        .sees("type another day");
    // Whoever takes it for a field for words is told what can be said.
    desk.type_text("whenever it suits").press("enter");
    desk.sees("Not a day; type tomorrow, next tue, 4 dec or in 2 weeks.")
        .sees("whenever it suits");
    desk.press("esc").sees("11:00");
}

#[test]
fn a_day_in_words_is_typed_and_never_a_command() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    let words = "monday tuesday wednesday thursday friday saturday sunday today tomorrow next this \
                 in on january february march april may june july august september october \
                 november december morning afternoon evening +1 1 2 3 4 5 6 7 8 9";
    for small in words.split_whitespace() {
        for word in [small.to_owned(), small.to_uppercase()] {
            desk.type_text(&word).sees(&format!("▸When    {word} "));
            desk.press("esc").sees("type another day");
        }
    }
}

#[test]
fn a_part_of_the_day_is_typed_with_the_day() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    for (typed, told, from, part) in [
        (
            "tuesday morning",
            "Tue 24 Nov 2026, mornings",
            "2026-11-24",
            PartOfDay::Morning,
        ),
        (
            "tomorrow afternoon",
            "Tue 24 Nov 2026, afternoons",
            "2026-11-24",
            PartOfDay::Afternoon,
        ),
        ("evenings", "evenings", "2026-11-24", PartOfDay::Evening),
        // What is not said stays.
        ("fri", "Fri 27 Nov 2026", "2026-11-27", PartOfDay::Evening),
    ] {
        desk.type_text(typed).sees(told).press("enter");
        let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
            panic!("no slots are asked for")
        };
        assert_eq!(query.from.unwrap().to_string(), from, "{typed}");
        assert_eq!(query.part_of_day, Some(part), "{typed}");
        desk.reply(Slot::Slots, slots(three()));
    }
}

#[test]
fn a_typed_day_without_a_free_time_is_said() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    desk.type_text("fri afternoon").press("enter");
    let later = || slots(vec![slot(2, "2026-11-30", "14:00")]);
    desk.reply(Slot::Slots, later())
        .sees("Nothing is free on Fri 27 Nov; these are the next free times.")
        .sees("14:00");
    desk.type_text("30.11.").press("enter");
    desk.reply(Slot::Slots, later()).sees_no("Nothing is free");
}

#[test]
fn every_way_to_write_dates_leaves_the_day_and_the_doctor_in_sight() {
    for (columns, rows) in [(80, 24), (40, 15)] {
        for (turns, day) in [
            (0, "Mon 23 Nov"),
            (1, "Mon 2026-11-23"),
            (2, "Mon 23.11."),
            (3, "Mon 23/11"),
        ] {
            let mut desk = Desk::at_board(Look::new(columns, rows), busy(3));
            desk.press("f9");
            desk.press(TO_DATES);
            for _ in 0..turns {
                desk.press("enter");
            }
            desk.press("esc");
            let mut desk = begun(desk, "b");
            desk.press("enter").reply(Slot::Slots, slots(three()));
            let first = three()[0].doctor.full_name.clone();
            let text = desk.text();
            let line = text.lines().find(|line| line.contains("11:00")).unwrap();
            assert!(line.contains(&format!("{day} ")), "{columns}: {line}");
            assert!(line.contains(&first[..6]), "{columns}: {line}");
        }
    }
}

#[test]
fn everything_in_the_way_is_said_at_once_and_what_to_do() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    desk.press("enter enter").answer(
        Slot::Deed,
        Err(unbookable(vec![
            reason(
                "patient_busy",
                "The patient has another appointment at this time.",
            ),
            reason("doctor_absent", "Chien-Shiung Wu is away on 2026-11-23."),
        ])),
    );
    desk.sees("The patient has another appointment at this time.")
        .sees("move the patient's other appointment")
        .sees("Chien-Shiung Wu is away on 2026-11-23.")
        .sees("Another day, or another doctor.");
    // No reason moves these.
    desk.press("enter");
    assert_eq!(desk.call(Slot::Deed), None);
    desk.press("esc down enter enter");
    assert_eq!(booked(&desk).starts_at, "2026-11-23T10:30:00Z".parse().ok());
}

#[test]
fn a_time_that_was_taken_meanwhile_can_be_overbooked_with_a_reason() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    desk.press("enter").type_text("cough").press("enter");
    assert_eq!(booked(&desk).title.as_deref(), Some("cough"));
    let busy = reason("doctor_busy", "Wu is already booked at this time.");
    desk.answer(Slot::Deed, Err(unbookable(vec![busy])));
    desk.sees("say why it may stand beside it");
    // What is typed goes on to be what it is about: nothing is said in passing.
    desk.type_text(" for days").sees("About    cough for days");
    desk.press("enter")
        .sees("Because")
        .sees("Enter Book anyway");
    assert_eq!(desk.call(Slot::Deed), None);
    desk.press("enter").sees("Say why first.");
    desk.type_text("emergency").press("enter");
    let form = booked(&desk);
    assert_eq!(form.overbook.as_deref(), Some("emergency"));
    assert_eq!(form.title.as_deref(), Some("cough for days"));
    let mut beside = appointment(&booking(9, "Ann Olsen"));
    beside.overbooked = true;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(beside)));
    desk.sees("Booked beside another one: Ann Olsen");
}

#[test]
fn somebody_is_squeezed_in_beside_what_is_taken() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(three())).press("b");
    let Some(Call::Board(query)) = desk.call(Slot::Day) else {
        panic!("the doctor's day is not asked for")
    };
    assert_eq!(query.doctor, Some(doctor_rows(6)[1].id));
    let mut taken = booking(1, "Emmy Noether");
    taken.starts = Some("10:30".to_owned());
    taken.status = Status::Confirmed;
    let taken = board_row(&taken);
    let starts_at = taken.starts_at;
    let board = Reply::Board(Box::new(day("2026-11-23", vec![taken])));
    desk.reply(Slot::Day, board).sees("taken: Emmy Noether");
    // The other days of the list come after it.
    let Some(Call::Board(query)) = desk.call(Slot::Day) else {
        panic!("the next day is not asked for")
    };
    assert_eq!(query.date.unwrap().to_string(), "2026-11-24");
    let mut second = booking(2, "Hedy Lamarr");
    second.starts = Some("10:00".to_owned());
    second.status = Status::Confirmed;
    let mut second = board_row(&second);
    let a_day = chrono::TimeDelta::days(1);
    second.starts_at = second.starts_at.map(|at| at + a_day);
    let board = Reply::Board(Box::new(day("2026-11-24", vec![second])));
    desk.reply(Slot::Day, board).sees("taken: Hedy Lamarr");
    assert_eq!(desk.call(Slot::Day), None);
    desk.sees("taken: Emmy Noether");
    desk.press("enter").sees("has Emmy Noether at 10:30.");
    desk.type_text("in pain").press("enter");
    let form = booked(&desk);
    assert_eq!(form.overbook.as_deref(), Some("in pain"));
    assert_eq!(form.starts_at, starts_at);
}

#[test]
fn somebody_else_is_found_first() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "B");
    desk.sees("Type who it is for.").type_text("emmy");
    let found = page(vec![row(3, "Emmy Noether")]);
    // Enter before the answer means the first of it.
    desk.press("enter").sees("▸For");
    desk.reply(Slot::People, Reply::Patients(Box::new(found)));
    desk.sees("For     Emmy Noether").press("enter");
    match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => assert_eq!(query.patient, Some(row(3, "").id)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn enter_before_the_answer_never_takes_a_row_of_the_list_before() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "B");
    desk.type_text("e");
    let old = page(vec![row(4, "Marie Curie"), row(5, "Rosalind Franklin")]);
    desk.reply(Slot::People, Reply::Patients(Box::new(old)));
    desk.type_text("mmy").press("enter");
    desk.sees("Marie Curie").sees("▸For");
    // Nobody is found: nobody is taken, and no form comes up unasked.
    desk.reply(Slot::People, Reply::Patients(Box::new(page(Vec::new()))));
    desk.sees("▸For").sees_no("Full name");
    // What is typed after Enter takes it back.
    desk.type_text("a").press("enter").type_text("b");
    let found = page(vec![row(3, "Emmy Noether")]);
    desk.reply(Slot::People, Reply::Patients(Box::new(found)));
    desk.sees("P-000003 Emmy Noether").sees("▸For");
    desk.press("enter").sees("For     Emmy Noether");
}

#[test]
fn the_palette_books_for_whoever_is_open() {
    let mut desk = Desk::with_record(USUAL);
    desk.press(":").type_text("book").press("enter");
    desk.sees("For     Grace Hopper").press("esc");
    desk.sees("penicillin");
}

#[test]
fn an_appointment_is_moved_on_the_same_screen_and_put_back() {
    let mut desk = Desk::at_board(USUAL, busy(3));
    let before = busy(3)[0].clone();
    desk = begun(desk, "v");
    desk.sees("Move the appointment of Mon 23 Nov, 08:00");
    let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
        panic!("no slots are asked for")
    };
    assert_eq!(query.doctor, Some(before.doctor.id));
    desk.reply(Slot::Slots, slots(three()));
    desk.press("down enter enter");
    let form = moved(&desk);
    assert_eq!(form.starts_at, "2026-11-23T10:30:00Z".parse().ok());
    assert_eq!(form.version, Some(3));
    let mut whole = appointment(&booking(1, "Grace Hopper"));
    whole.version = 4;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(whole)));
    desk.sees("Moved: Grace Hopper").press("u");
    let back = moved(&desk);
    assert_eq!((back.starts_at, back.version), (before.starts_at, Some(4)));
    assert_eq!(back.doctor, Some(before.doctor.id));
}

#[test]
fn an_outage_leaves_everything_chosen_and_typed() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    desk.press("enter").type_text("cough").press("enter");
    desk.answer(Slot::Deed, Err(unreachable()));
    desk.sees("Not known whether it was done (book)")
        .sees("cough");
    desk.press("enter").sees("The server does not answer.");
    desk.press("f3").sees("Save or discard the form first.");
}

#[test]
fn a_record_opened_from_elsewhere_is_booked_for_too() {
    let mut desk = Desk::at_board(USUAL, busy(3));
    desk.press("enter").reply_record().press("o");
    let patient = record(&row(1, "Grace Hopper"));
    desk.reply(Slot::Record, Reply::Patient(tagged(patient)));
    desk.press("b").sees("For     Grace Hopper");
    assert_ne!(row(1, "").id, Uuid::nil());
}

/// Two more times, the second of which is taken elsewhere at half past eight.
fn losing(mut desk: Desk) -> Desk {
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(three())).press("down");
    let event = Event {
        kind: EventKind::Appointment,
        object: Some(9),
        doctor: Some(doctor_rows(6)[1].id),
        patient: None,
    };
    desk.hears(Told::Happened(50, event));
    let mut left = three();
    left.remove(1);
    desk.reply(Slot::Slots, slots(left));
    desk
}

#[test]
fn a_time_that_is_taken_elsewhere_gives_its_place_to_nobody_unawares() {
    let mut desk = losing(begun(Desk::with_record(USUAL), "b"));
    desk.sees("11:30 was taken at 08:30: choose another time.")
        .sees_no("▸ Tue")
        .sees("Enter Select");
    // The first Enter only selects.
    desk.press("enter")
        .sees("▸ Tue 24 Nov")
        .sees_no("was taken");
    assert_eq!(desk.call(Slot::Check), None);
    desk.press("enter");
    assert!(matches!(desk.call(Slot::Check), Some(Call::Check(_))));
    // An arrow selects what stands on its side of the gap.
    for (key, line) in [("down", "▸ Tue 24 Nov"), ("up", "▸ Mon 23 Nov")] {
        let mut desk = losing(begun(Desk::with_record(USUAL), "b"));
        desk.press(key).sees(line).sees_no("was taken");
    }
    // So does the key of the week.
    let mut desk = losing(begun(Desk::with_record(USUAL), "b"));
    desk.press("v").sees_no("was taken");
}

#[test]
fn a_time_that_is_still_free_stays_selected() {
    let mut desk = begun(Desk::with_record(USUAL), "b");
    desk.type_text("wu").press("enter");
    desk.reply(Slot::Slots, slots(three())).press("down down");
    desk.hears(Told::Reset(9));
    let mut left = three();
    left.remove(0);
    desk.reply(Slot::Slots, slots(left))
        .sees("▸ Tue 24 Nov")
        .sees_no("was taken");
}

#[test]
fn a_time_is_typed_with_the_day_and_the_first_free_one_from_then_on_is_selected() {
    for (typed, told, from, at) in [
        (
            "fri 10",
            "Fri 27 Nov 2026, from 10:00",
            "2026-11-27",
            "10:20",
        ),
        (
            "1 dec 9",
            "Tue 1 Dec 2026, from 09:00",
            "2026-12-01",
            "09:00",
        ),
        (
            "thu 3pm",
            "Thu 26 Nov 2026, from 15:00",
            "2026-11-26",
            "15:40",
        ),
        ("10:20", "from 10:20", "2026-11-23", "10:20"),
    ] {
        let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
        desk.press("enter").reply(Slot::Slots, slots(three()));
        // Another part of the day would have no such time.
        desk.press("p").reply(Slot::Slots, slots(three()));
        desk.type_text(typed).sees(told).press("enter");
        let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
            panic!("no slots are asked for")
        };
        assert_eq!(query.from.unwrap().to_string(), from, "{typed}");
        assert_eq!(query.part_of_day, None, "{typed}");
        let free = ["08:00", "09:00", "10:20", "15:40", "16:00"];
        desk.reply(
            Slot::Slots,
            slots(free.map(|starts| slot(2, from, starts)).to_vec()),
        );
        let screen = desk.text();
        let selected = screen.lines().rfind(|line| line.contains('▸'));
        assert!(
            selected.is_some_and(|line| line.contains(at)),
            "{typed}: {screen}"
        );
    }
}

#[test]
fn a_visit_by_video_is_booked_and_refused_as_any_other() {
    let mut desk = begun(Desk::at_board(USUAL, busy(3)), "b");
    desk.press("alt-v").sees("First choose a time.");
    desk.press("esc");
    desk = begun(desk, "b");
    desk.press("enter").reply(Slot::Slots, slots(three()));
    desk.press("enter")
        .sees("How      At the clinic  Alt-V: by video");
    desk.type_text("cough").press("alt-v");
    desk.sees("How      By video").sees("About    cough");
    // It stays so at another time.
    desk.press("esc down enter").sees("How      By video");
    desk.press("enter");
    assert_eq!(booked(&desk).appointment_type, Some(Kind::Online));
    assert_eq!(booked(&desk).title.as_deref(), Some("cough"));
    // While it is sent it stays what it is; what the server says against it is shown.
    desk.press("alt-v").sees("It is being booked already.");
    let why = reason("no_video", "Chien-Shiung Wu gives no visits by video.");
    desk.answer(Slot::Deed, Err(unbookable(vec![why])));
    desk.sees("gives no visits by video.").sees("By video");
    desk.press("alt-v").sees("How      At the clinic");
}

#[test]
fn a_visit_by_video_stays_one_when_it_is_moved() {
    let mut rows = busy(3);
    rows[0].appointment_type = Kind::Online;
    let mut desk = begun(Desk::at_board(USUAL, rows), "v");
    desk.reply(Slot::Slots, slots(three()));
    desk.press("enter")
        .sees("How      By video")
        .sees_no("Alt-V");
    desk.press("alt-v")
        .sees("A moved appointment stays what it was.")
        .sees("How      By video");
}
