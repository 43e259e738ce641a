//! Somebody came without being booked.

use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::patients::{Duplicate, DuplicateReason};
use clinic_shared::desk::queue::WalkIn;
use clinic_tui::effect::{Call, Deed, Reply, Slot};

use super::support::clinic::{appointment, booking, busy, versioned};
use super::support::{Desk, Look, page, refused, row, unreachable};

const USUAL: Look = Look::new(80, 24);

fn sent(desk: &Desk) -> &WalkIn {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::WalkIn(form))) => form,
        other => panic!("nobody is taken in but {other:?}"),
    }
}

fn taken_in() -> Reply {
    let mut whole = appointment(&booking(1, "Nora Neu"));
    whole.status = Status::CheckedIn;
    whole.walk_in = true;
    whole.ticket = Some(42);
    whole.version = 2;
    Reply::Appointment(versioned(whole))
}

/// The form with somebody new in it: five keys beside what is typed, with the last one to send it.
fn somebody_new() -> Desk {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("w").type_text("Nora Neu");
    desk.press("enter").type_text("1.2.1990");
    desk.press("enter").type_text("030 99").press("enter");
    desk
}

#[test]
fn somebody_new_is_in_the_queue_after_five_keys() {
    let mut desk = somebody_new();
    desk.press("enter");
    let form = sent(&desk);
    assert_eq!(form.full_name.as_deref(), Some("Nora Neu"));
    assert_eq!(form.birth_date, "1990-02-01".parse().ok());
    assert_eq!(form.phone.as_deref(), Some("030 99"));
    assert_eq!((form.doctor, form.anyway), (None, None));
    desk.reply(Slot::Deed, taken_in());
    desk.sees("Ticket 42").sees("██").sees("Nora Neu");
    // What the message and the last line offer works while the ticket is there.
    desk.sees("(u: undo)").sees("u Undo").sees_no("Take in ");
    desk.press("enter").sees_no("Ticket 42").sees("ticket 42");
    // What was taken in by mistake is cancelled.
    desk.press("u");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::Cancel(1, body))) if body.version == Some(2)
    ));
}

#[test]
fn a_doctor_is_chosen_by_a_letter() {
    let mut desk = somebody_new();
    desk.sees("08:40 (free first)");
    desk.type_text("m").sees("To          Lise Meitner");
    desk.type_text("m").sees("To          Maryam Mirzakhani");
    desk.type_text(" ").sees("08:40 (free first)");
    desk.type_text("w").press("enter");
    assert!(sent(&desk).doctor.is_some());
}

#[test]
fn somebody_known_is_found_while_the_name_is_typed() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("w").type_text("hopper");
    let Some(Call::Patients(query)) = desk.call(Slot::People) else {
        panic!("nobody is looked for")
    };
    assert_eq!(query.search.as_deref(), Some("hopper"));
    let found = page(vec![row(7, "Grace Hopper")]);
    desk.reply(Slot::People, Reply::Patients(Box::new(found)));
    desk.sees("Here already?").sees("P-000007 Grace Hopper");
    desk.press("down enter").sees("P-000007 has a record");
    desk.press("enter");
    let form = sent(&desk);
    assert_eq!(form.patient, Some(row(7, "").id));
    assert_eq!(form.person(), None);
}

#[test]
fn who_is_booked_today_is_checked_in_for_that_unless_they_came_for_something_else() {
    let mut booked = busy(16).remove(4);
    booked.status = Status::Confirmed;
    booked.starts = Some("09:00".to_owned());
    let person = clinic_shared::desk::patients::PatientRow {
        id: booked.patient.id,
        ..row(7, &booked.patient.full_name)
    };
    let asked = || {
        let mut desk = Desk::at_board(USUAL, vec![booked.clone()]);
        desk.press("w").type_text("hop");
        let found = page(vec![person.clone()]);
        desk.reply(Slot::People, Reply::Patients(Box::new(found)));
        desk.press("down enter").sees("has an appointment at 09:00");
        desk.press("enter").sees("Booked for today");
        assert_eq!(desk.call(Slot::Deed), None);
        desk
    };
    let mut desk = asked();
    desk.press("enter")
        .sees_no("Booked for today")
        .sees_no("Full name");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::CheckIn(id, _))) if *id == booked.id
    ));
    let mut desk = asked();
    desk.press("w");
    assert_eq!(sent(&desk).patient, Some(person.id));
    // Whoever goes back is asked again.
    let mut desk = asked();
    desk.press("g").sees("Full name").press("ctrl-s");
    desk.sees("Booked for today");
    assert_eq!(desk.call(Slot::Deed), None);
}

#[test]
fn who_is_in_the_queue_already_is_told_so_and_not_taken_in_again() {
    for (status, how) in [
        (Status::CheckedIn, "ticket 12, waits for"),
        (Status::Running, "ticket 12, is with"),
    ] {
        let mut here = busy(16).remove(4);
        here.status = status;
        here.ticket = Some(12);
        let person = clinic_shared::desk::patients::PatientRow {
            id: here.patient.id,
            ..row(7, &here.patient.full_name)
        };
        let mut desk = Desk::at_board(USUAL, vec![here]);
        desk.press("w").type_text("hop");
        let found = page(vec![person]);
        desk.reply(Slot::People, Reply::Patients(Box::new(found)));
        desk.sees("here, ticket 12: P-000007").press("down enter");
        desk.sees("is here already: ").sees(how);
        desk.sees_no("Enter takes them in").sees_no("Take in");
        desk.sees("Enter Here already");
        desk.press("enter ctrl-s");
        assert_eq!(desk.call(Slot::Deed), None);
        // Somebody else's name is somebody else.
        desk.press("shift-tab shift-tab shift-tab").type_text("x");
        desk.sees("Enter goes on and, from the last field");
    }
}

#[test]
fn who_may_have_a_record_is_shown_and_nothing_typed_is_lost() {
    let candidate = Duplicate {
        patient: row(90, "Nora Neu"),
        reasons: vec![DuplicateReason::NameAndBirthDate],
    };
    let Error::Refused(mut known) = refused(409, "This person may be registered already.") else {
        unreachable!("it is one")
    };
    known.code = "possible_duplicates".to_owned();
    known.candidates = vec![candidate];
    let known: Box<Refused> = known;
    let mut desk = somebody_new();
    desk.press("enter")
        .answer(Slot::Deed, Err(Error::Refused(known.clone())));
    desk.sees("May be here already")
        .sees("P-000090 Nora Neu")
        .sees("030 99");
    // A heavy hand on Enter registers nobody twice: it goes to who it may be, as the last line says.
    desk.sees("Enter Choose")
        .press("enter")
        .sees("Enter It is them");
    assert_eq!(desk.call(Slot::Deed), None);
    let mut other = somebody_new();
    other
        .press("enter")
        .answer(Slot::Deed, Err(Error::Refused(known)));
    other.press("ctrl-s");
    assert_eq!(sent(&other).anyway, Some(true));
    desk.press("down enter enter");
    assert_eq!(sent(&desk).patient, Some(row(90, "").id));
}

#[test]
fn a_fault_stands_at_its_field() {
    let mut desk = Desk::at_board(USUAL, busy(16));
    desk.press("w enter").sees("A name is needed.");
    desk.press("ctrl-s").sees("A name is needed.");
    assert_eq!(desk.call(Slot::Deed), None);
    let Error::Refused(mut faulty) = refused(400, "One field is faulty.") else {
        unreachable!("it is one")
    };
    faulty.fields.add("phone", "At most 32 characters.");
    let mut desk = somebody_new();
    desk.press("enter")
        .answer(Slot::Deed, Err(Error::Refused(faulty)));
    desk.sees("At most 32 characters.").sees("Nora Neu");
}

#[test]
fn an_outage_leaves_the_form_as_it_is() {
    let mut desk = somebody_new();
    desk.press("enter").answer(Slot::Deed, Err(unreachable()));
    desk.sees("Not known whether it was done").sees("Nora Neu");
    desk.press("f3").sees("Save or discard the form first.");
    // Nobody has to wait for it; if they were not taken in after all, the form is there again.
    desk.press("esc")
        .sees_no("Nora Neu")
        .sees("Not known yet whether it was done");
    let receptionist = Reply::Me(Box::new(super::support::receptionist()));
    desk.wait(1_000).reply(Slot::Link, receptionist);
    desk.answer(Slot::Deed, Err(refused(400, "Say when they were born.")))
        .sees("Say when they were born.")
        .sees("Nora Neu");
    desk.press("esc").sees("This person is not taken in yet.");
    desk.press("k").sees("Nora Neu");
    desk.press("esc d").sees_no("Nora Neu");
}
