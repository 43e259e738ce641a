//! Every new screen as it is seen: a file a screen.

use clinic_shared::desk::appointments::CancelledBy;
use clinic_shared::desk::patients::{Duplicate, DuplicateReason};
use clinic_shared::desk::slots::{FreeSlot, FreeSlots};
use clinic_tui::effect::{Reply, Slot};

use super::support::clinic::{
    admin, appointment, booking, bookings, busy, colleagues, contact_rows, doctor_row, doctor_rows,
    queue, steps, versioned, whole,
};
use super::support::look::in_every_look;
use super::support::{Desk, Look, page, receptionist, refused, row, rows, unreachable};

/// Snapshots what `act` leads to.
fn screen(name: &str, act: fn(Look) -> Desk) {
    insta::assert_snapshot!(name, in_every_look(act));
}

#[test]
fn today() {
    screen("today", |look| Desk::at_today(look, bookings(30)));
}

#[test]
fn today_with_nobody() {
    screen("today_nobody", |look| Desk::at_today(look, Vec::new()));
}

#[test]
fn today_before_the_answer() {
    screen("today_loading", |look| {
        let mut desk = Desk::at_work(look, receptionist());
        desk.press("f2").wait(300);
        desk
    });
}

#[test]
fn another_day_while_the_server_is_away() {
    screen("today_offline", |look| {
        let mut desk = Desk::at_today(look, bookings(30));
        desk.press("]").answer(Slot::List, Err(unreachable()));
        desk.wait(200);
        desk
    });
}

#[test]
fn today_refused() {
    screen("today_refused", |look| {
        let mut desk = Desk::at_work(look, receptionist());
        desk.press("f2")
            .answer(Slot::List, Err(refused(500, "The server answered 500.")));
        desk
    });
}

#[test]
fn today_with_hostile_and_foreign_names() {
    screen("today_hostile", |look| {
        let names = [
            "Ada \u{1b}[2J\u{1b}]0;owned\u{7} Lovelace",
            "\u{202e}ecalevoL adA\u{202c} override",
            "山田太郎",
            "עדה לאבלייס",
            "Zoe\u{308} A\u{30a}ngstro\u{308}m",
            "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine the Very Long Senior",
        ];
        let rows = (1u32..)
            .zip(names)
            .map(|(number, name)| {
                let mut row = booking(number, name);
                row.window = Some("Mornings\n\u{1b}[31m of the long week".to_owned());
                row.starts = row.starts.filter(|_| number % 2 == 0);
                row
            })
            .collect();
        Desk::at_today(look, rows)
    });
}

#[test]
fn an_appointment() {
    screen("appointment", |look| {
        let mut desk = Desk::at_today(look, bookings(30));
        desk.press("j j enter");
        let mut whole = appointment(&booking(3, "Marie Skłodowska-Curie"));
        whole.meeting_link = Some("https://meet.clinic.example/room-3".to_owned());
        whole.cancelled_by = Some(CancelledBy::Patient);
        whole.cancelled_late = true;
        whole.cancel_reason = Some("Has to work.".to_owned());
        desk.reply(Slot::Record, Reply::Appointment(versioned(whole)));
        desk
    });
}

#[test]
fn an_appointment_that_cannot_be_read() {
    screen("appointment_offline", |look| {
        let mut desk = Desk::at_today(look, bookings(30));
        desk.press("enter").answer(Slot::Record, Err(unreachable()));
        desk
    });
}

#[test]
fn doctors() {
    screen("doctors", |look| {
        Desk::at_doctors(look, receptionist(), doctor_rows(6))
    });
}

#[test]
fn nobody_waits_to_be_verified() {
    screen("doctors_nobody", |look| {
        let mut desk = Desk::at_doctors(look, admin(), doctor_rows(6));
        desk.press("f")
            .reply(Slot::List, Reply::Doctors(whole(Vec::new())));
        desk
    });
}

#[test]
fn doctors_while_the_server_is_away() {
    screen("doctors_offline", |look| {
        let mut desk = Desk::at_doctors(look, admin(), doctor_rows(6));
        desk.type_text("me").answer(Slot::List, Err(unreachable()));
        desk
    });
}

#[test]
fn doctors_refused() {
    screen("doctors_refused", |look| {
        let mut desk = Desk::at_work(look, admin());
        desk.press("f4")
            .answer(Slot::List, Err(refused(403, "You may not see doctors.")));
        desk
    });
}

#[test]
fn a_doctor() {
    screen("doctor", |look| {
        let mut desk = Desk::at_doctors(look, receptionist(), doctor_rows(6));
        desk.press("j enter").reply_record();
        desk
    });
}

#[test]
fn verifying_is_asked() {
    screen("verify", |look| {
        let mut desk = Desk::at_doctors(look, admin(), doctor_rows(6));
        desk.press("j j enter").reply_record().press("v");
        desk
    });
}

#[test]
fn contacts() {
    screen("contacts", |look| Desk::at_contacts(look, contact_rows(12)));
}

#[test]
fn no_contact_is_spam() {
    screen("contacts_none", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(12));
        desk.press("F")
            .reply(Slot::List, Reply::Contacts(whole(Vec::new())));
        desk
    });
}

#[test]
fn contacts_while_the_server_is_away() {
    screen("contacts_offline", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(12));
        desk.press("ctrl-r").answer(Slot::List, Err(unreachable()));
        desk
    });
}

#[test]
fn a_contact_request() {
    screen("contact", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(12));
        desk.press("enter").reply_record();
        desk
    });
}

#[test]
fn the_largest_screen_is_used() {
    let mut desk = Desk::at_today(Look::new(200, 60), bookings(80));
    desk.press("enter").reply_record();
    insta::assert_snapshot!("today_200x60", desk.text());
    let mut desk = Desk::at_contacts(Look::new(200, 60), contact_rows(30));
    insta::assert_snapshot!("contacts_200x60", desk.text());
    let mut desk = Desk::at_doctors(Look::new(200, 60), admin(), vec![doctor_row(1)]);
    insta::assert_snapshot!("doctors_200x60", desk.text());
}

#[test]
fn the_board_in_full_swing() {
    screen("board", |look| Desk::at_board(look, busy(40)));
}

#[test]
fn the_board_by_doctor() {
    screen("board_by_doctor", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("D j");
        desk
    });
}

#[test]
fn calling_off() {
    screen("cancel", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("x 2").type_text("has a fever");
        desk
    });
}

#[test]
fn somebody_walks_in() {
    screen("walk_in", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("w").type_text("hopper");
        let found = page(rows(3));
        desk.reply(Slot::People, Reply::Patients(Box::new(found)));
        desk.press("down");
        desk
    });
}

#[test]
fn a_ticket() {
    screen("ticket", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("w").type_text("Nora Neu").press("ctrl-s");
        let mut taken_in = appointment(&booking(1, "Nora Neu"));
        taken_in.ticket = Some(1706);
        desk.reply(Slot::Deed, Reply::Appointment(versioned(taken_in)));
        desk
    });
}

/// At the free slots of a doctor.
pub(super) fn at_slots(look: Look) -> Desk {
    let mut desk = Desk::at_board(look, busy(40));
    desk.press("b");
    desk.reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
        .press("enter");
    desk.reply(Slot::Slots, slots());
    desk
}

/// Free slots of a doctor.
pub(super) fn slots() -> Reply {
    let times = ["09:00", "09:30", "10:00", "15:30", "16:00"];
    let slots = (0..20).map(|at| FreeSlot {
        doctor: booking(1, "").doctor,
        available_time: 1,
        window: "Mornings".to_owned(),
        date: format!("2026-11-{}", 23 + at / 5).parse().unwrap(),
        starts: Some(times[at % 5].to_owned()),
        ends: None,
        starts_at: Some("2026-11-23T08:00:00Z".parse().unwrap()),
        ends_at: None,
    });
    Reply::Slots(Box::new(FreeSlots {
        from: "2026-11-23".parse().unwrap(),
        to: "2026-11-26".parse().unwrap(),
        has_more: false,
        slots: slots.collect(),
    }))
}

#[test]
fn whom_to_book() {
    screen("book_with", |look| {
        let mut desk = Desk::at_board(look, busy(40));
        desk.press("b");
        desk.reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))));
        desk
    });
}

#[test]
fn free_slots() {
    screen("book_when", |look| {
        let mut desk = at_slots(look);
        desk.press("j");
        desk
    });
}

#[test]
fn what_is_in_the_way_of_a_booking() {
    screen("book_refused", |look| {
        let mut desk = at_slots(look);
        desk.press("enter enter");
        let reason = |code: &str, detail: &str| clinic_shared::Reason {
            code: code.to_owned(),
            detail: detail.to_owned(),
            ..clinic_shared::Reason::default()
        };
        let clinic_shared::client::Error::Refused(mut refusal) = refused(409, "Not then.") else {
            unreachable!("it is one")
        };
        refusal.reasons = vec![
            reason(
                "doctor_busy",
                "Lise Meitner is already booked at this time.",
            ),
            reason(
                "outside_window",
                "No slot of Lise Meitner's begins on Monday.",
            ),
        ];
        let refused = clinic_shared::client::Error::Refused(refusal);
        desk.answer(Slot::Deed, Err(refused));
        desk.type_text("in pain");
        desk
    });
}

#[test]
fn the_largest_board_is_used() {
    let mut desk = Desk::at_board(Look::new(200, 60), busy(80));
    insta::assert_snapshot!("board_200x60", desk.text());
}

#[test]
fn the_queue_of_a_doctor() {
    screen("queue", |look| Desk::at_queue(look, busy(24)));
}

#[test]
fn the_queue_while_a_step_is_under_way() {
    screen("queue_saving", |look| {
        let mut desk = Desk::at_queue(look, busy(24));
        desk.press("j j j s").wait(250);
        desk
    });
}

#[test]
fn an_empty_queue() {
    screen("queue_nobody", |look| Desk::at_queue(look, Vec::new()));
}

#[test]
fn the_queue_of_another_one_at_the_desk() {
    screen("queue_at_desk", |look| {
        let mut desk = Desk::at_board(look, busy(24));
        desk.press("f7")
            .reply(Slot::List, Reply::Queue(queue(busy(24))));
        desk
    });
}

#[test]
fn the_inbox_at_work() {
    screen("inbox", |look| {
        let mut rows = contact_rows(6);
        rows[0].assignee = colleagues().into_iter().nth(1);
        rows[1].assignee = colleagues().into_iter().next();
        Desk::at_contacts(look, rows)
    });
}

#[test]
fn a_contact_request_with_what_was_done() {
    screen("inbox_record", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(6));
        desk.press("enter").reply_record();
        desk.reply(Slot::History, Reply::Steps(1, steps()));
        desk
    });
}

#[test]
fn an_answer_somebody_was_faster_with() {
    screen("inbox_answer", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(6));
        desk.press("j j a")
            .type_text("Yes, we are open on the 28th and 29th, and she can come along.")
            .press("enter enter")
            .type_text("Greetings, Eva")
            .press("ctrl-s");
        let why = "Rosa Winter answered it at 2026-11-23 07:29:58 UTC; load it again.";
        desk.answer(Slot::Inbox, Err(refused(409, why)));
        desk
    });
}

#[test]
fn who_sees_to_it() {
    screen("inbox_give", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(6));
        desk.press("t")
            .reply(Slot::Staff, Reply::Colleagues(colleagues()));
        desk
    });
}

#[test]
fn a_patient_made_of_who_wrote() {
    screen("inbox_patient", |look| {
        let mut desk = Desk::at_contacts(look, contact_rows(6));
        desk.press("j j p");
        let twin = Duplicate {
            patient: row(42, "Marie Curie"),
            reasons: vec![DuplicateReason::Email],
        };
        desk.reply(Slot::Duplicates, Reply::Duplicates(vec![twin]));
        desk.press("ctrl-s");
        desk
    });
}
