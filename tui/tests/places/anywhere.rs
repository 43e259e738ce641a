//! What a key does wherever one is: booking, taking in, the palette, and the hint that something
//! is done elsewhere.

use clinic_shared::desk::patients::PatientRow;
use clinic_shared::desk::queue::WalkIn;
use clinic_tui::effect::{Call, Deed, PeopleReply, Reply, Slot};

use super::people::with_story;
use super::support::admin::{audit, audit_row};
use super::support::clinic::{
    admin, busy, contact_rows, doctor_row, doctor_rows, queue, waiting, whole,
};
use super::support::{Desk, Look, page, receptionist, rows};

const USUAL: Look = Look::new(100, 30);

/// How one comes to a place.
type At = fn() -> Desk;

/// The desk at a doctor's queue.
fn at_queue() -> Desk {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("f7")
        .reply(Slot::List, Reply::Queue(queue(busy(16))));
    desk
}

fn at_audit() -> Desk {
    let mut desk = Desk::at_work(USUAL, admin());
    desk.press("esc g j")
        .reply(Slot::List, audit(vec![audit_row(2)]));
    desk
}

fn at_waiting() -> Desk {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("esc g w").reply(
        Slot::List,
        PeopleReply::WaitingList(whole(vec![waiting(1)])).into(),
    );
    desk
}

/// With the first doctor's record open.
fn with_doctor() -> Desk {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(4));
    desk.press("enter").reply_record();
    desk
}

#[test]
fn a_booking_is_begun_from_every_place_with_who_is_selected() {
    let places: [(&str, At, &str); 9] = [
        ("board", || Desk::at_board(USUAL, busy(16)), "With"),
        ("queue", at_queue, "With"),
        ("patients", || Desk::with_rows(USUAL, rows(3)), "With"),
        ("record", || Desk::with_record(USUAL), "With"),
        (
            "doctors",
            || Desk::at_doctors(USUAL, receptionist(), doctor_rows(4)),
            "For",
        ),
        ("doctor", with_doctor, "For"),
        (
            "contacts",
            || Desk::at_contacts(USUAL, contact_rows(3)),
            "For",
        ),
        ("waiting list", at_waiting, "With"),
        ("audit", at_audit, "With"),
    ];
    for (name, at, asked) in places {
        // The search field of the patients has the cursor.
        let plain = match name {
            "patients" => "esc b",
            _ => "b",
        };
        for keys in ["alt-b", plain] {
            let mut desk = at();
            desk.press(keys);
            let text = desk.text();
            assert!(
                text.contains(&format!("▸{asked}")),
                "{name}, {keys}:\n{text}"
            );
        }
    }
}

#[test]
fn the_selected_doctor_comes_along() {
    let mut desk = with_doctor();
    let name = doctor_row(1).full_name;
    desk.press("b").sees("▸For").sees(&name);
    desk.type_text("ada");
    desk.reply(Slot::People, Reply::Patients(Box::new(page(rows(1)))));
    desk.press("enter").sees("▸When").sees(&name);
    assert!(matches!(desk.call(Slot::Slots), Some(Call::Slots(_))));
    // Somebody else can be chosen all the same.
    desk.press("esc").sees("▸With");
}

#[test]
fn where_nobody_is_selected_it_is_asked_for_whom() {
    let mut nobody_waits = Desk::at_work(USUAL, receptionist());
    nobody_waits.press("esc g w").reply(
        Slot::List,
        PeopleReply::WaitingList(whole(Vec::new())).into(),
    );
    for mut desk in [
        Desk::at_board(USUAL, Vec::new()),
        Desk::at_contacts(USUAL, Vec::new()),
        nobody_waits,
    ] {
        desk.press("b").sees("▸For").press("esc");
        desk.press("alt-b").sees("▸For");
    }
}

fn sent(desk: &Desk) -> &WalkIn {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::WalkIn(form))) => form,
        other => panic!("nobody is taken in but {other:?}"),
    }
}

#[test]
fn somebody_is_taken_in_from_every_place() {
    let one: PatientRow = rows(1).remove(0);
    for mut desk in [Desk::with_rows(USUAL, rows(3)), Desk::with_record(USUAL)] {
        desk.press("alt-w").sees("Walk-in").sees(&one.full_name);
        desk.press("enter");
        assert_eq!(sent(&desk).patient, Some(one.id));
    }
    for mut desk in [
        at_queue(),
        at_audit(),
        at_waiting(),
        with_doctor(),
        Desk::at_contacts(USUAL, contact_rows(3)),
    ] {
        desk.press("esc")
            .press("w")
            .sees("Take in")
            .type_text("Nora Neu");
        desk.press("ctrl-s");
        assert_eq!(sent(&desk).full_name.as_deref(), Some("Nora Neu"));
    }
}

#[test]
fn who_may_not_and_where_it_cannot_be_is_told_why() {
    let mut doctor = Desk::at_queue(USUAL, busy(8));
    for keys in ["b", "alt-b", "w", "alt-w"] {
        doctor.press(keys).sees("That is for the front desk");
    }
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("insert").type_text("Nora");
    for keys in ["alt-b", "alt-w"] {
        desk.press(keys)
            .sees("First finish what is open.")
            .sees("Nora");
    }
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("ctrl-c alt-b")
        .sees("Answer the question first.");
    let mut desk = Desk::with_record(USUAL);
    desk.press("b alt-w")
        .sees("First finish the booking that is open.");
}

#[test]
fn a_wednesday_is_typed_among_the_slots() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("b");
    let doctors = Reply::Doctors(whole(doctor_rows(4)));
    desk.reply(Slot::Bookable, doctors).press("enter");
    desk.sees("▸When").press("w").type_text("ed").sees("wed");
    desk.sees_no("Walk-in");
}

#[test]
fn the_palette_opens_wherever_one_types() {
    let mut form = Desk::with_rows(USUAL, rows(3));
    form.press("insert");
    let mut booking = Desk::with_record(USUAL);
    booking.press("b");
    let mut question = Desk::with_rows(USUAL, rows(3));
    question.press("ctrl-c");
    let mut arrival = Desk::at_board(USUAL, busy(4));
    arrival.press("w");
    for mut desk in [
        Desk::with_rows(USUAL, rows(3)),
        Desk::at_contacts(USUAL, contact_rows(3)),
        form,
        booking,
        question,
        arrival,
    ] {
        desk.press("ctrl-p").sees("Commands").sees("type to search");
        desk.press("ctrl-p").sees_no("type to search");
    }
}

#[test]
fn a_colon_opens_the_palette_in_an_empty_search_field_and_is_text_in_another() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press(":").sees("type to search").press("esc");
    desk.type_text("ada").press(":").sees_no("type to search");
    desk.sees("ada:");
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("B")
        .sees("▸For")
        .press(":")
        .sees("type to search");
}

#[test]
fn the_palette_finds_what_is_done_elsewhere_and_goes_there() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("f6").type_text("check in").sees("Check in");
    desk.sees("Go to Today (F2) and choose an");
    desk.sees_no("No command fits these words.").press("enter");
    desk.sees("Check in: choose an appointment, then press c.");
    desk.sees("[F2 Today]");
    // Nothing was done with the appointment that happens to be selected there.
    assert_eq!(desk.call(Slot::Deed), None);
    // Where one is, it is done at once; what is not one's business says so.
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("f6").type_text("running late");
    desk.sees_no("Go to").press("esc");
    desk.press("f6").type_text("invite");
    desk.sees("admin")
        .press("enter")
        .sees("admin")
        .sees("[F2 Today]");
}

#[test]
fn in_a_patients_record_an_appointment_is_chosen_first() {
    let mut desk = with_story(USUAL);
    desk.press("c")
        .sees("Check in: first choose one of the appointments below.");
    // What is done here and means the same stands first.
    desk.press("ctrl-p")
        .type_text("check in")
        .press("down enter");
    desk.sees("Check in: choose one of the appointments, then press c.");
    assert_eq!(desk.call(Slot::Deed), None);
    // Now one is chosen, and the keys are its own.
    desk.press("c").sees_no("does nothing here");
}

#[test]
fn what_is_typed_keeps_the_palette_from_going_away() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("insert").type_text("Nora");
    desk.press("ctrl-p").type_text("check in").press("enter");
    desk.sees("Save or discard the form first.").sees("Nora");
}

#[test]
fn a_key_that_means_nothing_here_says_what_it_does_elsewhere() {
    let places: [(At, &str, &str); 5] = [
        (
            at_queue,
            "n",
            "n does nothing here. New patient: go to Patients (F3). Note: go to",
        ),
        (
            at_audit,
            "c",
            "c does nothing here. Check in: go to Today (F2) and choose an appointment.",
        ),
        (
            || Desk::with_record(USUAL),
            "D",
            "D does nothing here. By doctor: go to Today (F2).",
        ),
        (
            with_doctor,
            "n",
            "n does nothing here. New patient: go to Patients (F3). Note: go to",
        ),
        (|| Desk::at_board(USUAL, busy(16)), "V", ""),
    ];
    for (at, key, said) in places {
        let mut desk = at();
        desk.press(key);
        match said {
            // It is a command nowhere.
            "" => desk.sees_no("does nothing here"),
            said => desk.sees(said),
        };
    }
    // A question comes first, and one without letters takes none; letters still search where they do.
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("ctrl-c n").sees("Quit?");
    desk.sees_no("does nothing here");
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.press("esc c").sees_no("does nothing here");
    // A doctor is told of what is theirs to do only.
    let mut desk = Desk::at_queue(USUAL, busy(8));
    desk.press("n")
        .sees("New patient: that is for the front desk; you see your queue.");
}
