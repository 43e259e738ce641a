//! The appointments of a day.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::Status;
use clinic_tui::effect::{Call, Reply, Slot};

use super::support::clinic::{appointment, board, board_row, booking, bookings, versioned};
use super::support::{
    Desk, Look, page, receptionist, record, refused, row, rows, tagged, unreachable,
};

const USUAL: Look = Look::new(80, 24);

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// The day asked for.
fn asked(desk: &Desk) -> NaiveDate {
    match desk.call(Slot::List) {
        Some(Call::Board(query)) => query.date.unwrap(),
        other => panic!("no day is asked for but {other:?}"),
    }
}

#[test]
fn today_is_the_day_on_the_clock() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("f2").sees("Today, Mon 23 Nov 2026");
    assert_eq!(asked(&desk), day(23));
    desk.reply(Slot::List, board(bookings(3)))
        .sees("08:00")
        .sees("Grace Hopper")
        .sees("○ confirmed")
        .sees("Mirzakhani")
        .sees("09:00+");
}

#[test]
fn days_are_turned_by_keys_and_t_comes_back() {
    for (keys, expected, name) in [
        ("]", 24, "Tomorrow, Tue 24 Nov 2026"),
        ("l", 24, "Tomorrow, Tue 24 Nov 2026"),
        ("right right", 25, "Wed 25 Nov 2026"),
        ("[", 22, "Yesterday, Sun 22 Nov 2026"),
        ("h", 22, "Yesterday, Sun 22 Nov 2026"),
        ("left ] ]", 24, "Tomorrow, Tue 24 Nov 2026"),
        ("] ] t", 23, "Today, Mon 23 Nov 2026"),
        ("[ f3 f2", 23, "Today, Mon 23 Nov 2026"),
    ] {
        let mut desk = Desk::at_today(USUAL, bookings(3));
        desk.press(keys).sees(name);
        assert_eq!(asked(&desk), day(expected), "{keys}");
    }
}

#[test]
fn the_rows_of_the_day_before_are_not_taken_for_the_new_days() {
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("]")
        .sees("Tomorrow, Tue 24 Nov 2026")
        .sees_no("Grace Hopper")
        .sees_no("of 3");
    desk.wait(300).sees("Loading…").sees_no("Grace Hopper");
    // Nobody knows yet who is the first, or the third.
    for keys in ["enter", "down down enter", "G enter"] {
        desk.press(keys).sees("The list is still loading.");
        assert_eq!(desk.call(Slot::Record), None, "{keys}");
    }
    let mut tuesday = booking(9, "Emmy Noether");
    tuesday.date = day(24);
    desk.reply(Slot::List, board(vec![tuesday]))
        .sees("Emmy Noether");
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(9)));
}

#[test]
fn nobody_is_said_to_be_booked_before_the_answer() {
    let mut desk = Desk::at_today(USUAL, Vec::new());
    desk.press("]").sees_no("Nobody").sees_no("nobody");
    desk.wait(300).sees("Loading…").sees_no("Nobody");
    desk.answer(Slot::List, Err(unreachable()));
    desk.sees("The server does not answer. The list comes as soon as it does.")
        .sees_no("Nobody")
        .sees_no("nobody");
    // The day that was answered is known still.
    desk.press("[")
        .sees("Nobody is booked on Monday, 23 November.");
}

#[test]
fn without_the_server_nothing_of_another_day_is_opened() {
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("]").answer(Slot::List, Err(unreachable()));
    desk.sees("The server does not answer. The list comes as soon as it does.")
        .sees_no("Grace Hopper")
        .press("enter");
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("[").sees("Grace Hopper").press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
}

#[test]
fn a_day_without_anybody_says_so() {
    let mut desk = Desk::at_today(USUAL, Vec::new());
    desk.sees("Nobody is booked on Monday, 23 November.")
        .sees("[ and ] show the days around it.");
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn one_status_can_be_looked_at_without_asking_the_server() {
    let mut desk = Desk::at_today(USUAL, bookings(8));
    desk.press("f").sees("only pending").sees("1–1 of 1");
    desk.press("f").sees("only confirmed").sees_no("pending");
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("f")
        .sees("No pending appointments on Monday, 23 November.")
        .sees("Esc shows all appointments of the day.");
    // The filter stays from day to day; Esc takes it off.
    desk.press("]").sees("only pending");
    assert_eq!(asked(&desk), day(24));
    desk.press("esc").sees("all");
    desk.press("F").sees("only left");
}

#[test]
fn the_selection_stays_with_its_appointment_over_a_refresh() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("j j ctrl-r");
    let mut changed = bookings(5);
    changed.insert(0, booking(20, "Somebody Early"));
    desk.reply(Slot::List, board(changed));
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(3)));
}

#[test]
fn a_long_day_comes_whole() {
    let mut desk = Desk::at_today(USUAL, bookings(60));
    desk.press("G").sees("of 60").sees("▸ 13:30");
    assert_eq!(desk.call(Slot::More), None);
}

#[test]
fn the_record_says_everything() {
    let mut desk = Desk::at_today(Look::new(80, 30), bookings(5));
    desk.press("j j enter").sees("Marie Skłodowska-Curie");
    let mut whole = appointment(&booking(3, "Marie Skłodowska-Curie"));
    whole.is_paid = true;
    whole.meeting_link = Some("https://meet.example/3".to_owned());
    whole.cancelled_by = Some(clinic_shared::desk::appointments::CancelledBy::Clinic);
    whole.cancel_reason = Some("The doctor is ill.".to_owned());
    whole.cancelled_late = true;
    desk.reply(Slot::Record, Reply::Appointment(versioned(whole)));
    for text in [
        "Mon 23 Nov 2026",
        "09:00–09:30",
        "» running",
        "Overbooked",
        "at the clinic",
        "Lise Meitner",
        "030 5550 17",
        "Record       P-000003",
        "Born         10 Dec 1990 (35 y)",
        "Cough that does not go",
        "Coughs since Thursday",
        "No fever.",
        "https://meet.example/3",
        "by the clinic, less than a day before: The doctor is ill.",
        "2 Nov 2026, 10:10",
    ] {
        desk.sees(text);
    }
    desk.sees("Paid         yes");
}

#[test]
fn whoever_sits_in_another_zone_sees_both_clocks() {
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("enter").reply_record().sees_no("Your clock");
    let mut away = appointment(&booking(1, "Grace Hopper"));
    away.starts_at = Some("2026-11-23T13:00:00Z".parse().unwrap());
    away.ends_at = Some("2026-11-23T13:30:00Z".parse().unwrap());
    desk.press("ctrl-r")
        .reply(Slot::Record, Reply::Appointment(versioned(away)))
        .sees("Your clock   Mon 23 Nov, 14:00–14:30");
}

#[test]
fn the_patient_of_an_appointment_is_one_key_away_and_so_is_the_way_back() {
    for key in ["enter", "o"] {
        let mut desk = Desk::at_today(USUAL, bookings(5));
        desk.press("enter").reply_record().press(key);
        let id = row(1, "").id;
        assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(id)));
        desk.sees("Grace Hopper").sees("[F2 Today]");
        let patient = record(&row(1, "Grace Hopper"));
        desk.reply(Slot::Record, Reply::Patient(tagged(patient)))
            .sees("penicillin");
        desk.press("]")
            .sees("This record was not opened from the list.");
        desk.press("esc").sees("Cough that does not go");
        desk.press("esc").sees("Today, Mon 23 Nov 2026");
    }
}

#[test]
fn an_appointment_that_was_left_for_its_patient_too_early_is_asked_for_again() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("enter enter esc");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(1)));
    desk.reply_record().sees("Cough that does not go");
}

#[test]
fn a_patient_met_in_an_appointment_can_be_corrected_there() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("enter").reply_record().press("o");
    desk.reply(
        Slot::Record,
        Reply::Patient(tagged(record(&row(1, "Grace Hopper")))),
    );
    desk.press("e").sees("Edit P-000001").type_text("!");
    desk.press("ctrl-s");
    let saved = record(&row(1, "Grace Hopper!"));
    desk.reply(Slot::Save, Reply::Saved(tagged(saved)));
    desk.sees("Grace Hopper!")
        .press("esc esc")
        .sees("[F2 Today]");
}

#[test]
fn a_record_as_it_is_now_shows_in_its_row() {
    let mut desk = Desk::at_today(Look::new(120, 40), bookings(5));
    desk.press("enter");
    let mut changed = appointment(&booking(1, "Grace Hopper"));
    changed.status = Status::NoShow;
    desk.reply(Slot::Record, Reply::Appointment(versioned(changed)));
    desk.press("esc").sees("– no show");
}

#[test]
fn an_appointment_that_is_gone_says_so() {
    let mut desk = Desk::at_today(USUAL, bookings(5));
    desk.press("enter")
        .answer(Slot::Record, Err(refused(404, "No Appointment matches.")));
    desk.sees("This record is not there any more.");
}

#[test]
fn one_leafs_through_the_days_appointments() {
    let mut desk = Desk::at_today(Look::new(120, 40), bookings(5));
    desk.press("enter ] ]");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(3)));
    desk.press("[");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(2)));
}

#[test]
fn at_midnight_the_day_on_the_screen_becomes_yesterday() {
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.wait(16 * 3_600_000).sees("Yesterday, Mon 23 Nov 2026");
    desk.press("t").sees("Today, Tue 24 Nov 2026");
    assert_eq!(asked(&desk), day(24));
}

#[test]
fn a_refused_list_says_why_and_can_be_asked_again() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("f2")
        .answer(Slot::List, Err(refused(500, "The server answered 500.")));
    desk.sees("The server answered 500.")
        .sees("Ctrl-R asks again.");
    desk.press("ctrl-r")
        .reply(Slot::List, board(bookings(3)))
        .sees("Grace Hopper");
    // Another place is none the worse for it.
    desk.press("f3")
        .reply(Slot::List, Reply::Patients(Box::new(page(rows(3)))))
        .sees("P-000003");
}

#[test]
fn namesakes_are_told_apart_by_their_birth_dates() {
    let names = [booking(3, "Mary Smith"), booking(4, "Mary Smith")];
    let mut desk = Desk::at_today(Look::new(120, 40), names.to_vec());
    desk.sees("8 Mar 1953").sees("8 Mar 1954");
    // Before the whole appointment is there, too.
    desk.press("enter").sees("Record       P-000003");
}

#[test]
fn what_an_appointment_does_not_say_takes_no_line_but_a_missing_phone_does() {
    let mut desk = Desk::at_today(Look::new(80, 30), bookings(3));
    desk.press("enter");
    let mut bare = appointment(&booking(1, "Grace Hopper"));
    bare.title = None;
    bare.symptoms = String::new();
    bare.patient_phone = None;
    bare.window = Some("08:00 - 08:30".to_owned());
    desk.reply(Slot::Record, Reply::Appointment(versioned(bare)))
        .sees("Phone        —");
    for label in ["About", "Symptoms", "Meeting", "Window"] {
        desk.sees_no(label);
    }
}

#[test]
fn whoever_comes_next_is_selected_and_t_comes_back_to_them() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    // At 8:30: the first is over, the second has begun.
    desk.press("f2").reply(Slot::List, board(bookings(8)));
    desk.sees("▸ 08:30");
    desk.press("G t").sees("▸ 08:30").press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Appointment(2)));
    // Another day begins at its beginning, and its place is not called today.
    desk.press("esc ]").sees("[F2 Day]");
    desk.reply(Slot::List, board(bookings(8))).sees("▸ 08:00");
}

#[test]
fn a_remark_goes_with_the_screen_it_was_made_on() {
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("u").sees("There is nothing that");
    desk.press("f3").sees_no("There is nothing that");
    // And the newest takes the place of the one before.
    let mut desk = Desk::at_today(USUAL, bookings(3));
    desk.press("u g x").sees("means nothing here");
    desk.sees_no("There is nothing that");
}

#[test]
fn help_names_a_key_once_and_for_what_it_does() {
    let mut desk = Desk::at_today(Look::new(120, 60), bookings(3));
    desk.press("?")
        .sees("], Right, l")
        .sees_no("Enter, l, Right");
}

#[test]
fn today_is_the_clinics_day_as_soon_as_it_is_known() {
    // At the desk it is 08:30 on the 23rd; the clinic is fourteen hours behind.
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    desk.sees("Today, Mon 23 Nov 2026");
    let mut far = board_row(&booking(1, "Grace Hopper"));
    far.starts_at = Some("2026-11-23T21:00:00Z".parse().unwrap());
    let of_day = super::support::clinic::day("2026-11-23", vec![far]);
    desk.reply(Slot::List, Reply::Board(Box::new(of_day)))
        .sees("[F2 Today]")
        .sees("Today, Sun 22 Nov 2026");
    assert_eq!(asked(&desk), day(22));
    // Its midnight is the one that counts, too.
    desk.reply(Slot::List, board(Vec::new()));
    desk.wait(5 * 3_600_000).sees("Today, Sun 22 Nov 2026");
    desk.wait(1_800_000).sees("Yesterday, Sun 22 Nov 2026");
}
