//! A doctor's absences and extra hours, closures, and what they hit.

use clinic_shared::client::{Off, Tagged, Told};
use clinic_shared::desk::absences::{Absence, AbsenceDetail, AbsenceKind, HitOutcome, HitResult};
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Person, ReasonKind};
use clinic_shared::desk::openings::Opening;
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::app;
use clinic_tui::effect::{Call, Deed, Hit, LeaveCall, LeaveReply, Plan, Reply, Slot};
use uuid::Uuid;

use super::support::clinic::{appointment, booking, doctor_row, doctor_rows, versioned};
use super::support::look::in_every_look;
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

fn person(number: u32) -> Person {
    let row = doctor_row(number);
    Person {
        id: row.id,
        number: row.number,
        full_name: row.full_name,
    }
}

fn absence(doctor: Option<Person>) -> Absence {
    let at = "2026-11-23T07:00:00Z".parse().unwrap();
    Absence {
        id: 7,
        doctor,
        first_date: "2026-11-24".parse().unwrap(),
        last_date: "2026-11-25".parse().unwrap(),
        starts: None,
        ends: None,
        starts_at: at,
        ends_at: at,
        kind: AbsenceKind::Training,
        note: Some("Congress in Ulm\u{1b}[31m".to_owned()),
        version: 3,
        created_at: at,
        updated_at: at,
    }
}

fn opening() -> Opening {
    Opening {
        id: 11,
        doctor: person(2),
        date: "2026-11-28".parse().unwrap(),
        name: "5:00 PM - 7:30 PM".to_owned(),
        starts: "17:00".to_owned(),
        ends: "19:30".to_owned(),
        slot_minutes: Some(30),
    }
}

fn plan() -> Reply {
    let mut closed = absence(None);
    closed.id = 8;
    closed.kind = AbsenceKind::Holiday;
    closed.first_date = "2026-12-24".parse().unwrap();
    closed.last_date = "2026-12-26".parse().unwrap();
    closed.note = Some("Christmas".to_owned());
    leave(LeaveReply::Plan(Plan {
        doctor: person(2).id,
        absences: vec![absence(Some(person(2)))],
        closures: vec![closed],
        openings: vec![opening()],
        today: None,
    }))
}

fn leave(reply: LeaveReply) -> Reply {
    Reply::Leave(Box::new(reply))
}

fn hit_rows() -> Vec<AppointmentRow> {
    [(1, "Ada Lovelace"), (2, "Grace Hopper")]
        .into_iter()
        .map(|(number, name)| {
            let mut row = booking(number, name);
            row.date = "2026-11-24".parse().unwrap();
            row.doctor = person(2);
            row
        })
        .collect()
}

fn hit(rows: Vec<AppointmentRow>) -> LeaveReply {
    hit_whole(rows.iter().map(appointment).collect(), rows, Vec::new())
}

fn hit_whole(
    whole: Vec<Appointment>,
    rows: Vec<AppointmentRow>,
    emails: Vec<(Uuid, String)>,
) -> LeaveReply {
    LeaveReply::Hit(Box::new(Hit {
        detail: Tagged {
            value: AbsenceDetail {
                absence: absence(Some(person(2))),
                appointments: rows,
            },
            etag: Some("\"3\"".to_owned()),
        },
        whole,
        emails,
    }))
}

fn at_doctor(look: Look) -> Desk {
    let mut desk = Desk::at_doctors(look, receptionist(), doctor_rows(6));
    desk.press("j enter").reply_record();
    desk.reply(Slot::Plan, plan());
    desk
}

/// The form is sent, and two appointments are hit.
fn at_hits(look: Look) -> Desk {
    let mut desk = at_doctor(look);
    desk.press("a").type_text("tomorrow").press("tab");
    desk.type_text("25.11.").press("ctrl-s");
    desk.reply(Slot::Leave, leave(hit(hit_rows())));
    desk
}

fn sent(desk: &Desk) -> LeaveCall {
    match desk.call(Slot::Leave) {
        Some(Call::Leave(call)) => (**call).clone(),
        other => panic!("nothing is sent but {other:?}"),
    }
}

#[test]
fn the_record_says_what_is_special_about_the_days_to_come() {
    let mut desk = at_doctor(Look::new(120, 40));
    desk.sees("Tue 24 Nov – Wed 25 Nov,")
        .sees("training: Congress in Ulm")
        .sees("closed: holiday: Christmas")
        .sees("Sat 28 Nov 17:00–19:30");
}

#[test]
fn an_absence_is_entered_as_people_say_it() {
    let mut desk = at_doctor(USUAL);
    desk.press("a")
        .sees("Chien-Shiung Wu can't be booked then.");
    desk.type_text("fri").sees("Fri 27 Nov 2026, the whole day");
    desk.press("tab").type_text("mon");
    desk.sees("Fri 27 Nov 2026 – Mon 30 Nov 2026, whole days");
    desk.press("tab tab space tab")
        .type_text("flu")
        .press("enter");
    let LeaveCall::Enter(form) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(form.doctor, person(2).id);
    assert_eq!(form.first_date.to_string(), "2026-11-27");
    assert_eq!(form.last_date.unwrap().to_string(), "2026-11-30");
    assert_eq!((form.starts, form.ends), (None, None));
    assert_eq!(form.kind, Some(AbsenceKind::Illness));
    assert_eq!(form.note.as_deref(), Some("flu"));
}

#[test]
fn enter_goes_on_from_field_to_field_and_saves_from_the_last() {
    let mut desk = at_doctor(USUAL);
    desk.press("a")
        .type_text("fri")
        .press("enter enter enter enter");
    assert_eq!(desk.call(Slot::Leave), None, "only the first day is said");
    desk.type_text("flu").press("enter");
    let LeaveCall::Enter(form) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(form.note.as_deref(), Some("flu"));
    assert_eq!(form.last_date, Some(form.first_date));
}

#[test]
fn what_can_not_be_meant_is_said_on_its_field_and_nothing_is_sent() {
    let mut desk = at_doctor(USUAL);
    desk.press("a enter");
    desk.type_text("soon")
        .press("enter")
        .sees("From: Not a day");
    desk.press("ctrl-u").type_text("tomorrow").press("tab");
    desk.type_text("23.11.2026").press("enter");
    desk.sees("To: This is before the first day.");
    desk.press("ctrl-u tab").type_text("12-9").press("enter");
    desk.sees("Hours: The end is not after the beginning.");
    assert_eq!(desk.call(Slot::Leave), None);
    desk.press("ctrl-u").type_text("9-12").press("ctrl-s");
    let LeaveCall::Enter(form) = sent(&desk) else {
        panic!("not sent")
    };
    assert_eq!(form.starts.as_deref(), Some("09:00"));
    assert_eq!(form.ends.as_deref(), Some("12:00"));
}

#[test]
fn nothing_typed_is_lost_when_it_does_not_arrive() {
    let mut desk = at_doctor(USUAL);
    desk.press("a").type_text("tomorrow").press("ctrl-s");
    desk.answer(Slot::Leave, Err(unreachable()))
        .sees("Not known yet whether it was done: no answer.")
        .sees("tomorrow");
    // Esc asks before it goes.
    desk.press("esc").sees("Keep editing").press("enter");
    desk.sees("tomorrow").press("esc d").sees_no("tomorrow");
}

#[test]
fn a_fault_of_the_server_stands_on_its_field() {
    let mut desk = at_doctor(USUAL);
    desk.press("a").type_text("tomorrow").press("ctrl-s");
    let mut error = refused(400, "A field is faulty.");
    if let clinic_shared::client::Error::Refused(refused) = &mut error {
        refused.fields.add("ends", "Say until when.");
    }
    desk.answer(Slot::Leave, Err(error))
        .sees("Hours: Say until when.")
        .sees("tomorrow");
}

#[test]
fn what_an_absence_hits_is_shown_with_whom_to_call() {
    let mut desk = at_hits(USUAL);
    desk.sees("Chien-Shiung Wu is away: Tue 24 Nov – Wed 25 Nov")
        .sees("2 appointments stand in this time")
        .sees("Ada Lovelace")
        .sees("030 5550 17")
        .sees("Cough that does not go")
        .sees("It hits 2")
        .sees("(u: undo)");
}

#[test]
fn each_is_moved_or_called_off_and_then_it_is_done() {
    let mut desk = at_hits(USUAL);
    desk.press("m").sees("Ada Lovelace").sees("from");
    let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
        panic!("no times are asked for")
    };
    assert_eq!(query.from.unwrap().to_string(), "2026-11-26");
    desk.press("esc esc").sees("2 appointments stand");
    desk.press("j x")
        .sees("Grace Hopper")
        .sees("doctor away")
        .press("enter");
    let Some(Call::Deed(Deed::Cancel(2, form))) = desk.call(Slot::Deed).cloned() else {
        panic!("nothing is called off")
    };
    assert_eq!(form.reason_kind, Some(ReasonKind::DoctorAway));
    assert_eq!(form.version, Some(3));
    let gone = appointment(&hit_rows()[1]);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(gone)));
    assert_eq!(sent(&desk), LeaveCall::Show(Off::Absence, 7));
    desk.reply(Slot::Leave, leave(hit(hit_rows()[..1].to_vec())));
    desk.sees("1 appointment stands");
    // It is not left without a question while one stands.
    desk.press("esc")
        .sees("nobody will be there")
        .press("enter");
    desk.press("esc l").sees("They stay with the absence");
}

#[test]
fn all_are_moved_in_one_go_and_what_stands_says_why() {
    let mut desk = at_hits(USUAL);
    desk.press("M").type_text("30.11.").press("enter enter");
    let LeaveCall::MoveHits(Off::Absence, 7, form) = sent(&desk) else {
        panic!("nothing is moved")
    };
    assert_eq!(form.from.unwrap().to_string(), "2026-11-30");
    assert_eq!(form.appointments, None);
    let result = |row: &AppointmentRow, outcome, why: Option<&str>| HitResult {
        outcome,
        reasons: why
            .map(|why| {
                let reason = serde_json::json!({ "code": "no_slot", "detail": why });
                serde_json::from_value(reason).unwrap()
            })
            .into_iter()
            .collect(),
        appointment: row.clone(),
    };
    let rows = hit_rows();
    let results = vec![
        result(
            &rows[0],
            HitOutcome::Refused,
            Some("No free time in 90 days."),
        ),
        result(&rows[1], HitOutcome::Moved, None),
    ];
    desk.reply(Slot::Leave, leave(LeaveReply::Results(results)));
    desk.sees("1 moved; 1 still to be dealt with");
    // Whom to phone, where, and what to tell them; in the smallest window, too.
    for size in [(40, 15), (80, 24)] {
        desk.size = size.into();
        desk.happen(app::Event::Resized(desk.size));
        desk.sees("1 moved: to phone")
            .sees(&rows[1].patient.full_name)
            .sees("030 5550 17")
            .sees(rows[1].starts.as_deref().unwrap());
    }
    desk.press("esc");
    desk.reply(Slot::Leave, leave(hit(rows[..1].to_vec())));
    desk.sees("Not done: No free time in 90 days.");
}

/// All that is hit is called off, after the question.
fn all_cancelled(look: Look) -> Desk {
    cancelled(at_hits(look))
}

fn cancelled(mut desk: Desk) -> Desk {
    desk.press("X ctrl-s c");
    let results = hit_rows()
        .into_iter()
        .map(|appointment| HitResult {
            outcome: HitOutcome::Cancelled,
            reasons: Vec::new(),
            appointment,
        })
        .collect();
    desk.reply(Slot::Leave, leave(LeaveReply::Results(results)));
    desk.reply(Slot::Leave, leave(hit(Vec::new())));
    desk
}

#[test]
fn all_are_called_off_after_a_question_that_says_how_many_people() {
    let mut desk = at_hits(USUAL);
    desk.press("X").sees("The doctor is away.").press("enter");
    desk.sees("2 appointments of 2 people are called off");
    // Enter once more is the safe answer, and the reason stays.
    desk.press("enter").sees("The doctor is away.");
    assert_eq!(desk.call(Slot::Leave), None);
    desk.press("enter c");
    let LeaveCall::CancelHits(Off::Absence, 7, form) = sent(&desk) else {
        panic!("nothing is called off")
    };
    assert_eq!(form.reason.as_deref(), Some("The doctor is away."));
    assert_eq!(form.appointments, Some(vec![1, 2]));
}

#[test]
fn whom_to_phone_stays_until_the_list_is_dismissed() {
    let mut desk = all_cancelled(USUAL);
    desk.sees("2 cancelled: to phone")
        .sees("Ada Lovelace")
        .sees("030 5550 17")
        .sees("Tue 24 Nov, ")
        .sees("Ada Lovelace: Tue 24 Nov, 08:00 with Chien-Shiung Wu is cancelled.");
    desk.press("space").sees("✓ Tue").press("esc");
    desk.sees("all is dealt with")
        .sees("g l shows whom to phone");
    desk.press("esc").sees("Specialised").press("esc f2");
    desk.press("g l")
        .sees("2 cancelled: to phone")
        .sees("✓ Tue");
    desk.press("d").sees("1 of them is not marked as phoned.");
    desk.press("enter").sees("2 cancelled: to phone");
    desk.press("d i").sees_no("to phone");
    desk.press("g l").sees("Nobody is to be phoned");
}

#[test]
fn who_is_moved_or_called_off_alone_is_to_be_phoned_too() {
    let mut desk = at_hits(USUAL);
    // It is gone from what is hit before the answer is there.
    desk.press("j x enter");
    appointment_changed(&mut desk, 2);
    desk.reply(Slot::Leave, leave(hit(hit_rows()[..1].to_vec())));
    let mut gone = appointment(&hit_rows()[1]);
    gone.status = clinic_shared::desk::appointments::Status::Cancelled;
    desk.reply(Slot::Deed, Reply::Appointment(versioned(gone)));
    desk.reply(Slot::Leave, leave(hit(hit_rows()[..1].to_vec())));
    // The other one is moved, for itself.
    desk.press("m");
    let free = super::booking::slot(2, "2026-11-27", "11:00");
    desk.reply(Slot::Slots, super::booking::slots(vec![free]));
    desk.press("enter enter");
    let Some(Call::Deed(Deed::Move(1, _))) = desk.call(Slot::Deed) else {
        panic!("nothing is moved:\n{}", desk.text())
    };
    let mut moved = appointment(&hit_rows()[0]);
    moved.date = "2026-11-27".parse().unwrap();
    moved.starts = Some("11:00".to_owned());
    desk.reply(Slot::Deed, Reply::Appointment(versioned(moved)));
    desk.reply(Slot::Leave, leave(hit(Vec::new())));
    desk.press("g l")
        .sees("1 moved, 1 cancelled: to phone")
        .sees("030 5550 17")
        .sees("is cancelled");
    desk.press("j")
        .sees("Ada Lovelace: Tue 24 Nov, 08:00 is now Fri 27 Nov, 11:00");
    // Where it is taken back, nobody has to be told.
    desk.press("esc u");
    let before = appointment(&hit_rows()[0]);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(before)));
    desk.press("g l").sees("1 cancelled: to phone");
}

#[test]
fn who_has_no_phone_is_written_to_and_enter_opens_the_patient() {
    let mut desk = at_hits(USUAL);
    let rows = hit_rows();
    let mut whole: Vec<Appointment> = rows.iter().map(appointment).collect();
    for one in &mut whole {
        one.patient_phone = None;
    }
    let emails = vec![(whole[1].patient.id, "grace@navy.example".to_owned())];
    desk.press("ctrl-r");
    desk.reply(Slot::Leave, leave(hit_whole(whole, rows.clone(), emails)));
    let mut desk = cancelled(desk);
    desk.sees("No mail tells them of it: phone or write to each.")
        .sees("no phone")
        .sees("grace@navy.example");
    // A surplus Enter marks nobody.
    desk.press("enter").sees("P-000001");
    let Some(Call::Patient(id)) = desk.call(Slot::Record) else {
        panic!("no patient is opened")
    };
    assert_eq!(*id, rows[0].patient.id);
    desk.press("esc")
        .sees("2 cancelled: to phone")
        .sees_no("✓ Tue")
        .press("space")
        .sees("✓ Tue");
}

#[test]
fn an_entered_absence_is_undone_with_the_key_for_it() {
    let mut desk = at_hits(USUAL);
    desk.press("alt-u");
    let Some(Call::Deed(Deed::Leave(call))) = desk.call(Slot::Deed).cloned() else {
        panic!("nothing is undone")
    };
    assert_eq!(*call, LeaveCall::TakeBack(Off::Absence, 7));
    desk.reply(Slot::Deed, leave(LeaveReply::Gone))
        .sees("Undone: the absence of Chien-Shiung Wu")
        .sees_no("stand in this time");
}

#[test]
fn a_line_is_taken_back_after_a_question_and_can_be_entered_again() {
    let mut desk = at_doctor(USUAL);
    desk.press("t")
        .sees("Absences and extra hours of Chien-Shiung Wu");
    desk.press("d").sees("Take back the absence").press("enter");
    assert_eq!(desk.call(Slot::Leave), None, "the safe answer is the first");
    desk.press("d t");
    assert_eq!(sent(&desk), LeaveCall::TakeBack(Off::Absence, 7));
    desk.reply(Slot::Leave, leave(LeaveReply::Gone))
        .sees("Taken back");
    desk.press("alt-u");
    let Some(Call::Deed(Deed::Leave(call))) = desk.call(Slot::Deed) else {
        panic!("nothing is entered again")
    };
    assert!(matches!(&**call, LeaveCall::Enter(form) if form.kind == Some(AbsenceKind::Training)));
}

#[test]
fn an_absence_is_changed_with_the_version_that_was_seen() {
    let mut desk = at_doctor(USUAL);
    desk.press("t e")
        .sees("24 Nov 2026")
        .sees("Congress in Ulm");
    desk.press("ctrl-u").type_text("25.11.").press("ctrl-s");
    let LeaveCall::Change(Off::Absence, 7, change, etag) = sent(&desk) else {
        panic!("nothing is changed")
    };
    assert_eq!(change.first_date.unwrap().to_string(), "2026-11-25");
    assert_eq!(etag.as_deref(), Some("\"v3\""));
    desk.answer(Slot::Leave, Err(refused(412, "Somebody else changed it.")))
        .sees("Somebody else changed it.")
        .sees("25.11.");
}

#[test]
fn extra_hours_are_entered_and_a_closure_is_not_changed_at_a_doctor() {
    let mut desk = at_doctor(USUAL);
    desk.press("o").type_text("sat").press("tab");
    desk.type_text("10-12:30")
        .sees("Sat 28 Nov 2026, 10:00–12:30");
    desk.press("tab").type_text("30").press("enter");
    let LeaveCall::OpenHours(form) = sent(&desk) else {
        panic!("nothing is opened")
    };
    assert_eq!(form.ends, "12:30");
    assert_eq!(form.slot_minutes, Some(30));
    desk.reply(Slot::Leave, leave(LeaveReply::Opened(opening())))
        .sees("Entered: the extra hours of Chien-Shiung Wu");
    desk.press("t end d").sees("see Closures");
}

#[test]
fn closures_are_listed_and_entered() {
    let mut desk = Desk::at_doctors(USUAL, receptionist(), doctor_rows(6));
    desk.press("g o");
    desk.reply(Slot::Plan, leave(LeaveReply::Closures(Vec::new())))
        .sees("from today on no closure is entered")
        .sees("n enters a closure.");
    desk.press("n").type_text("24 dec").press("tab");
    desk.type_text("26 dec").press("enter enter enter enter");
    let LeaveCall::Close(form) = sent(&desk) else {
        panic!("nothing is closed")
    };
    assert_eq!(form.first_date.to_string(), "2026-12-24");
    assert_eq!(form.kind, Some(AbsenceKind::Holiday));
}

#[test]
fn how_it_looks() {
    let screen = |name: &str, act: fn(Look) -> Desk| {
        insta::assert_snapshot!(name, in_every_look(act));
    };
    screen("away_record", at_doctor);
    screen("away_list", |look| {
        let mut desk = at_doctor(look);
        desk.press("t");
        desk
    });
    screen("away_form", |look| {
        let mut desk = at_doctor(look);
        desk.press("a")
            .type_text("fri")
            .press("tab")
            .type_text("mon");
        desk
    });
    screen("away_hits", at_hits);
    screen("away_cancel_question", |look| {
        let mut desk = at_hits(look);
        desk.press("X ctrl-s");
        desk
    });
    screen("away_to_phone", |look| {
        let mut desk = all_cancelled(look);
        desk.press("space");
        desk
    });
}

/// Something happened to an appointment.
fn appointment_changed(desk: &mut Desk, id: i64) {
    let event = Event {
        kind: EventKind::Appointment,
        object: Some(id),
        doctor: None,
        patient: None,
    };
    desk.hears(Told::Happened(50, event));
}

#[test]
fn what_others_deal_with_goes_from_the_list_and_is_said() {
    let mut desk = at_hits(USUAL);
    let mut third = booking(3, "Emmy Noether");
    third.date = "2026-11-25".parse().unwrap();
    let mut all = hit_rows();
    all.push(third.clone());
    desk.press("ctrl-r").reply(Slot::Leave, leave(hit(all)));
    desk.press("j j").sees("▸ Wed 25 Nov");
    // Grace Hopper is called off at another desk: the selection stays with Emmy Noether.
    appointment_changed(&mut desk, 2);
    assert_eq!(sent(&desk), LeaveCall::Show(Off::Absence, 7));
    let mut left = hit_rows();
    left[1] = third;
    desk.reply(Slot::Leave, leave(hit(left)))
        .sees("Changed elsewhere at 08:30: Grace Hopper is dealt with.")
        .sees("2 appointments stand in this time")
        .sees("▸ Wed 25 Nov");
}

#[test]
fn what_one_deals_with_oneself_is_no_news() {
    // The word of it may come before the answer, or after it.
    for is_first in [true, false] {
        let mut desk = at_hits(USUAL);
        desk.press("x enter");
        let row = hit_rows()[0].clone();
        let mut gone = appointment(&row);
        gone.status = clinic_shared::desk::appointments::Status::Cancelled;
        let left = || leave(hit(hit_rows()[1..].to_vec()));
        if is_first {
            appointment_changed(&mut desk, 1);
            desk.reply(Slot::Leave, left());
            desk.reply(Slot::Deed, Reply::Appointment(versioned(gone)));
        } else {
            desk.reply(Slot::Deed, Reply::Appointment(versioned(gone)));
            appointment_changed(&mut desk, 1);
        }
        desk.reply(Slot::Leave, left())
            .sees_no("24 Nov, 08:00")
            .sees_no("Changed elsewhere");
    }
}

#[test]
fn an_absence_that_is_not_waited_for_stays_in_its_form_and_is_entered_once() {
    let mut desk = at_doctor(USUAL);
    desk.press("a").type_text("tomorrow").press("ctrl-s");
    let key = desk.key(Slot::Leave).unwrap().to_owned();
    desk.wait(2_000)
        .press("esc")
        .sees("Not known yet whether it was done")
        .sees("tomorrow");
    desk.press("ctrl-s");
    assert_eq!(desk.key(Slot::Leave), Some(key.as_str()));
    // A refusal is an answer: what is sent after it is something new.
    desk.answer(Slot::Leave, Err(refused(409, "Already entered.")))
        .sees("Already entered.")
        .press("ctrl-s");
    assert_ne!(desk.key(Slot::Leave), Some(key.as_str()));
}

#[test]
fn where_nothing_stands_any_more_nothing_is_offered_but_the_end() {
    let mut desk = at_doctor(USUAL);
    desk.press("a").type_text("tomorrow");
    // No code is asked for here, so none can be asked for again.
    desk.press("f1").sees("Help").sees_no("Another code");
    desk.press("esc ctrl-s");
    desk.reply(Slot::Leave, leave(hit(hit_rows())));
    desk.sees("m Move ").sees("Esc Done").press("x enter");
    let gone = appointment(&hit_rows()[0]);
    desk.reply(Slot::Deed, Reply::Appointment(versioned(gone)));
    desk.reply(Slot::Leave, leave(hit(Vec::new())));
    desk.sees("Esc Done").sees_no("m Move");
}
