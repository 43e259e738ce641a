//! The inbox: what each key does about a contact request, and that nothing typed is lost.

use clinic_shared::FieldErrors;
use clinic_shared::client::{Error, Refused, Told};
use clinic_shared::desk::appointments::ReasonKind;
use clinic_shared::desk::contacts::{
    self, Assign, Contact, SetStatus, Show, Status, TurnIntoPatient,
};
use clinic_shared::desk::patients::{Duplicate, DuplicateReason, PatientRow};
use clinic_shared::v1::events::{Event as StreamEvent, EventKind};
use clinic_tui::app::Event;
use clinic_tui::effect::{Call, Deed, InboxCall, Reply, Slot};

use super::support::clinic::{
    appointment, booking, colleagues, contact, contact_rows, doctor_rows, steps, versioned, whole,
};
use super::support::{
    Desk, Look, page, receptionist, record, refused, row, rows, tagged, unreachable,
};

const USUAL: Look = Look::new(80, 24);

/// Which rows stand how.
const NEW: u32 = 1;
const IN_PROGRESS: u32 = 2;
/// This one left an e-mail address.
const RESOLVED: u32 = 3;
const SPAM: u32 = 4;

/// At this row of the inbox.
fn at(number: u32) -> Desk {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    for _ in 1..number {
        desk.press("j");
    }
    desk
}

fn sent(desk: &Desk) -> Option<&InboxCall> {
    match desk.call(Slot::Inbox) {
        Some(Call::Inbox(call)) => Some(call),
        None => None,
        other => panic!("{other:?} is no call of the inbox"),
    }
}

/// A contact request as it is after something was done.
fn now(number: u32, change: impl FnOnce(&mut Contact)) -> Reply {
    let mut contact = contact(number);
    contact.version = 2;
    change(&mut contact);
    Reply::Contact(versioned(contact))
}

fn status(number: u32, status: Status) -> InboxCall {
    let body = SetStatus {
        status,
        reason: None,
        version: Some(1),
    };
    InboxCall::Status(i64::from(number), body)
}

/// Writes an answer to the one who left an address.
fn answering() -> Desk {
    let mut desk = at(RESOLVED);
    desk.press("a").type_text("Yes, we are.").press("enter");
    desk.type_text("Greetings");
    desk
}

/// What was sent of it, with this version.
fn answer(version: i64) -> InboxCall {
    let reply = contacts::Reply {
        message: "Yes, we are.\nGreetings".to_owned(),
        subject: None,
        status: None,
        version: Some(version),
    };
    InboxCall::Answer(3, Box::new(reply))
}

#[test]
fn the_inbox_has_three_parts_and_is_searched() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    let asked = |desk: &Desk| match desk.call(Slot::List) {
        Some(Call::Contacts(query)) => query.clone(),
        other => panic!("no contact requests are asked for but {other:?}"),
    };
    for (key, show, said) in [
        ("2", Show::Mine, "· mine"),
        ("3", Show::All, "· all"),
        ("1", Show::New, "· new"),
    ] {
        desk.press(key).sees(said);
        assert_eq!(asked(&desk).show, Some(show));
    }
    desk.press("/").type_text("vaccination");
    assert_eq!(asked(&desk).search.as_deref(), Some("vaccination"));
    desk.reply(Slot::List, Reply::Contacts(whole(Vec::new())))
        .sees("No contact request matches “vaccination”.");
    desk.press("esc esc");
    let query = asked(&desk);
    assert_eq!((query.search, query.show), (None, Some(Show::New)));
}

#[test]
fn a_key_does_its_act_with_the_version_on_the_screen() {
    let take = Assign {
        version: Some(1),
        ..Assign::default()
    };
    for (number, key, expected) in [
        (NEW, "m", InboxCall::Assign(1, take)),
        (NEW, "r", status(1, Status::Resolved)),
        (IN_PROGRESS, "x", status(2, Status::Spam)),
        (RESOLVED, "o", status(3, Status::New)),
        (SPAM, "o", status(4, Status::New)),
    ] {
        let mut desk = at(number);
        desk.press(key);
        assert!(sent(&desk) == Some(&expected), "{key} on {number}");
        // In the record as in the list.
        let mut desk = at(number);
        desk.press("enter").reply_record().press(key);
        assert!(sent(&desk) == Some(&expected), "{key} in the record");
    }
}

#[test]
fn a_key_that_can_do_nothing_says_why() {
    for (number, key, why) in [
        (NEW, "o", "It is open."),
        (RESOLVED, "r", "It is resolved already."),
        (SPAM, "x", "It is marked as spam already."),
        (NEW, "u", "There is nothing that can be taken back now."),
    ] {
        let mut desk = at(number);
        desk.press(key).sees(why);
        assert!(sent(&desk).is_none(), "{key}");
    }
    let mut nobody = Desk::at_contacts(USUAL, Vec::new());
    nobody.press("r").sees("No contact request is selected.");
}

#[test]
fn who_can_not_be_answered_by_mail_is_called_and_no_letter_runs_anything() {
    for (number, why) in [
        (NEW, "They left no e-mail address. Call them: 030 55 0001"),
        (SPAM, "They left no e-mail address. Call them: 030 55 0004"),
    ] {
        let mut desk = at(number);
        desk.press("a").type_text("Dear Mr Hopper: rxomq? jk");
        desk.sees("No answer by mail").sees(why);
        assert!(sent(&desk).is_none(), "{number}");
        desk.press("esc").sees_no("No answer by mail");
        // What is said on the phone is noted.
        desk.press("a tab enter").sees("Note about");
    }
    // Marked as spam, with an address.
    let mut spam = contact(RESOLVED);
    spam.status = Status::Spam;
    let mut desk = Desk::at_contacts(USUAL, vec![spam]);
    desk.press("a").type_text("Dear");
    desk.sees("It is marked as spam; reopen it first.");
    assert!(sent(&desk).is_none());
}

#[test]
fn a_note_is_kept_and_an_answer_is_sent() {
    let mut desk = at(RESOLVED);
    desk.press("n").sees("Ctrl-S Keep").sees_no("Ctrl-S Send");
    desk.press("esc a")
        .sees("Ctrl-S Send")
        .sees_no("Ctrl-S Keep");
}

#[test]
fn the_footer_says_how_to_answer_and_to_book() {
    let mut desk = at(NEW);
    desk.sees("a Phone  m Take  b Book");
    desk.press("j j").sees("a Answer  m Take  b Book");
}

/// Books for the first of two people whom the search finds, up to the last look.
fn at_last_look(people: Vec<PatientRow>) -> Desk {
    let mut desk = at(RESOLVED);
    desk.press("b");
    desk.reply(Slot::People, Reply::Patients(Box::new(page(people))));
    desk.press("enter")
        .reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
        .press("enter");
    desk.reply(Slot::Slots, super::screens::slots())
        .press("enter");
    desk
}

#[test]
fn what_they_wrote_stays_in_sight_while_it_is_booked() {
    for (size, begins) in [
        (
            (80, 24),
            "From    Marie Skłodowska-Curie: Good morning, are you open",
        ),
        ((40, 15), "From    Marie Skłodowska-Curie: Go…"),
    ] {
        let mut desk = Desk::at_contacts(Look::new(size.0, size.1), contact_rows(4));
        desk.press("j j b").sees(begins);
        desk.reply(Slot::People, Reply::Patients(Box::new(page(rows(2)))));
        desk.press("enter").sees(begins);
        desk.reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
            .press("enter");
        desk.reply(Slot::Slots, super::screens::slots())
            .sees(begins)
            .press("enter")
            .sees(begins);
    }
}

#[test]
fn somebody_else_is_booked_for_only_if_that_is_meant() {
    let mut desk = at_last_look(rows(2));
    desk.sees("Marie Skłodowska-Curie wrote; this is for Grace Hopper.");
    desk.press("enter").sees("Book for somebody else?");
    assert!(desk.call(Slot::Deed).is_none());
    // The safe answer has the focus, and nothing is lost by it.
    desk.press("enter").sees("Enter books");
    assert!(desk.call(Slot::Deed).is_none());
    desk.press("enter b");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::BookContact(3, 1, _)))
    ));
    // What was answered once is not asked again.
    desk.answer(Slot::Deed, Err(refused(409, "Not now.")));
    desk.press("enter");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::BookContact(3, ..)))
    ));
    // A part of the name in common: nothing is asked.
    let mut desk = at_last_look(vec![row(3, "CURIE, Irène")]);
    desk.sees_no("wrote; this is for").press("enter");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::BookContact(3, 1, _)))
    ));
}

#[test]
fn a_booking_out_of_the_inbox_is_taken_back_as_a_mistake() {
    let mut desk = at_last_look(vec![row(3, "CURIE, Irène")]);
    desk.press("enter");
    let booked = appointment(&booking(9, "Irène Curie"));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked.clone())));
    desk.press("alt-u");
    let Some(Call::Deed(Deed::Cancel(9, cancel))) = desk.call(Slot::Deed) else {
        panic!("nothing is taken back but {:?}", desk.call(Slot::Deed))
    };
    assert_eq!(cancel.reason_kind, Some(ReasonKind::Mistake));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked)))
        .sees("Taken back: Irène Curie is not booked.");
}

#[test]
fn one_thing_is_under_way_at_a_time() {
    let mut desk = at(NEW);
    desk.press("r").press("x");
    desk.sees("The last step is still being saved.");
    assert!(sent(&desk) == Some(&status(1, Status::Resolved)));
}

#[test]
fn what_was_done_is_said_and_taken_back_with_one_key() {
    let mut desk = at(NEW);
    desk.press("x")
        .reply(Slot::Inbox, now(NEW, |one| one.status = Status::Spam))
        .sees("Grace Hopper is spam now. (u: undo)")
        .sees("– spam");
    desk.press("u");
    let back = SetStatus {
        status: Status::New,
        reason: None,
        version: Some(2),
    };
    assert!(sent(&desk) == Some(&InboxCall::Status(1, back)));
    desk.reply(Slot::Inbox, now(NEW, |one| one.version = 3))
        .sees("Taken back: Grace Hopper is new now.");
    desk.press("u")
        .sees("There is nothing that can be taken back now.");
}

#[test]
fn it_is_given_to_somebody_who_is_found_by_typing() {
    let mut desk = at(NEW);
    desk.press("t").sees("Who sees to it?");
    assert_eq!(
        desk.call(Slot::Staff),
        Some(&Call::Inbox(InboxCall::Colleagues))
    );
    desk.reply(Slot::Staff, Reply::Colleagues(colleagues()))
        .sees("Otto Ahlers")
        .sees("Rosa Winter");
    desk.type_text("win").sees_no("Otto Ahlers").press("enter");
    let rosa = &colleagues()[1];
    let give = Assign {
        assignee: Some(rosa.id),
        nobody: None,
        version: Some(1),
    };
    assert!(sent(&desk) == Some(&InboxCall::Assign(1, give)));
    desk.reply(
        Slot::Inbox,
        now(NEW, |one| one.assignee = Some(rosa.clone())),
    )
    .sees("Grace Hopper: Rosa Winter sees to it now.")
    .sees("Rosa");
    // Nobody again, as it was.
    desk.press("u");
    let back = Assign {
        assignee: None,
        nobody: Some(true),
        version: Some(2),
    };
    assert!(sent(&desk) == Some(&InboxCall::Assign(1, back)));
}

#[test]
fn the_record_says_what_was_done() {
    let mut desk = Desk::at_contacts(Look::new(120, 40), contact_rows(4));
    desk.press("enter").reply_record();
    assert_eq!(
        desk.call(Slot::History),
        Some(&Call::Inbox(InboxCall::History(1)))
    );
    desk.reply(Slot::History, Reply::Steps(1, steps()))
        .sees("Rosa Winter: for Rosa")
        .sees("Rosa Winter noted")
        .sees("Called at eight, nobody there.")
        .sees("wrote again");
    // Those of another one are not taken for these.
    desk.press("]").sees_no("Called at eight");
}

#[test]
fn an_answer_of_several_lines_is_mailed_beside_what_they_wrote() {
    let mut desk = answering();
    desk.sees("Answer Marie Skłodowska-Curie")
        .sees("someone@example.org")
        .sees("Re: Opening hours")
        .sees("Good morning, are you open")
        .press("ctrl-s");
    assert!(sent(&desk) == Some(&answer(1)));
    desk.wait(300).sees("sending…");
    // Nothing is typed into what is on its way.
    desk.type_text("more").sees_no("Greetingsmore");
    desk.reply(Slot::Inbox, now(RESOLVED, |_| {}))
        .sees("Marie Skłodowska-Curie is answered by mail, and resolved.")
        .sees_no("Greetings");
}

#[test]
fn an_answer_can_resolve() {
    let mut desk = answering();
    desk.press("tab").sees("resolved: nothing else is to do");
    desk.press("ctrl-s");
    let Some(InboxCall::Answer(3, reply)) = sent(&desk) else {
        panic!("no answer is sent")
    };
    assert_eq!(reply.status, Some(Status::Resolved));
}

#[test]
fn whoever_was_faster_is_named_and_the_text_stays() {
    let mut desk = answering();
    desk.press("ctrl-s");
    let why = "Rosa Winter answered it at 2026-11-23 07:29:58 UTC; load it again.";
    desk.answer(Slot::Inbox, Err(refused(409, why)))
        .sees("Rosa Winter answered it")
        .sees("then do it again.")
        .sees("Greetings");
    // It is read again beside the form; whoever sends now has seen it.
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
    desk.reply(Slot::Record, now(RESOLVED, |one| one.version = 7))
        .press("ctrl-s");
    assert!(sent(&desk) == Some(&answer(7)));
}

#[test]
fn what_is_typed_is_not_lost() {
    let mut desk = answering();
    desk.press("ctrl-s");
    desk.answer(Slot::Inbox, Err(unreachable()))
        .sees("Not known yet whether it was done: no answer.")
        .sees("Greetings");
    let mut desk = answering();
    desk.press("ctrl-s");
    desk.answer(Slot::Inbox, Err(Error::SignedOut))
        .sees("Password")
        .sees_no("Greetings");
    let mut desk = answering();
    desk.press("esc").sees("This answer is not sent yet.");
    desk.press("k").sees("Greetings");
    desk.press("ctrl-c").sees("What you typed is not saved.");
    desk.press("esc esc d").sees_no("Greetings");
    // Nothing written is nothing lost.
    let mut desk = at(RESOLVED);
    desk.press("n ctrl-s").sees("Nothing is written yet.");
    desk.press("esc").sees_no("Discard?");
}

#[test]
fn the_cursor_goes_up_and_down_and_a_paste_keeps_its_lines() {
    let mut desk = at(RESOLVED);
    desk.press("n");
    desk.happen(Event::Pasted("one\ntwo\n".to_owned()));
    desk.press("up").type_text("X").press("ctrl-s");
    let note = contacts::Note {
        text: "one\nXtwo".to_owned(),
    };
    assert!(sent(&desk) == Some(&InboxCall::Note(3, note)));
}

fn twins() -> Vec<Duplicate> {
    vec![Duplicate {
        patient: row(42, "Marie Curie"),
        reasons: vec![DuplicateReason::Email],
    }]
}

fn turned(desk: &Desk) -> TurnIntoPatient {
    match sent(desk) {
        Some(InboxCall::Patient(3, body)) => (**body).clone(),
        _ => panic!("nobody is made a patient"),
    }
}

#[test]
fn a_patient_is_made_with_what_they_said_of_themselves() {
    let mut desk = at(RESOLVED);
    desk.press("p")
        .sees("New patient, who wrote to the clinic")
        .sees("Marie Skłodowska-Curie")
        .sees("someone@example.org")
        .sees_no("Blood group");
    assert!(matches!(
        desk.call(Slot::Duplicates),
        Some(Call::Duplicates(_))
    ));
    desk.reply(Slot::Duplicates, Reply::Duplicates(Vec::new()));
    // The cursor is where something is missing.
    desk.type_text("7.11.1967").press("ctrl-s");
    let body = turned(&desk);
    assert_eq!(body.full_name.as_deref(), Some("Marie Skłodowska-Curie"));
    assert_eq!(body.birth_date, "1967-11-07".parse().ok());
    assert_eq!((body.version, body.anyway), (Some(1), None));
    let person = appointment(&booking(9, "Marie Skłodowska-Curie")).patient;
    desk.reply(Slot::Inbox, now(RESOLVED, |one| one.patient = Some(person)))
        .sees("is patient P-000009")
        .sees_no("Birth date");
    desk.press("p")
        .sees("It was turned into a patient already.");
}

#[test]
fn who_may_be_here_already_is_linked_or_registered_after_a_question() {
    let asked = || {
        let mut desk = at(RESOLVED);
        desk.press("p")
            .reply(Slot::Duplicates, Reply::Duplicates(twins()));
        desk.press("ctrl-s")
            .sees("Here already?")
            .sees("P-000042 Marie Curie may be the same person.");
        assert!(sent(&desk).is_none());
        desk
    };
    let mut desk = asked();
    desk.press("t");
    assert_eq!(turned(&desk).patient, Some(row(42, "").id));
    let mut desk = asked();
    desk.press("r");
    assert_eq!(turned(&desk).anyway, Some(true));
    let mut desk = asked();
    desk.press("l");
    let patient = record(&row(42, "Marie Curie"));
    desk.reply(Slot::Record, Reply::Patient(tagged(patient)))
        .sees("penicillin")
        .press("t");
    assert_eq!(turned(&desk).patient, Some(row(42, "").id));
    // Elsewhere there is nothing to link.
    let mut desk = Desk::with_record(USUAL);
    desk.press("t")
        .sees("No contact request waits for a record.");
}

#[test]
fn the_servers_word_on_who_it_may_be_stands_in_the_form() {
    let mut desk = at(RESOLVED);
    desk.press("p")
        .reply(Slot::Duplicates, Reply::Duplicates(Vec::new()));
    desk.press("ctrl-s");
    let refusal = Refused {
        merged_into: None,
        status: 409,
        code: "possible_duplicates".to_owned(),
        detail: "They may have a record already.".to_owned(),
        fields: FieldErrors::default(),
        reasons: Vec::new(),
        candidates: twins(),
        retry_after: None,
    };
    desk.answer(Slot::Inbox, Err(Error::Refused(Box::new(refusal))))
        .sees("Perhaps this person is here already: look below.")
        .sees("P-000042 Marie Curie");
    desk.press("ctrl-s r");
    assert_eq!(turned(&desk).anyway, Some(true));
}

#[test]
fn a_booking_is_made_for_whom_they_are() {
    let mut known = contact(3);
    let person = appointment(&booking(9, "Marie Curie")).patient;
    known.patient = Some(person);
    let mut desk = Desk::at_contacts(USUAL, vec![known]);
    desk.press("b").sees("Marie Curie");
    desk.reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
        .press("enter");
    assert!(matches!(desk.call(Slot::Slots), Some(Call::Slots(_))));
    // Who wrote and is nobody yet is looked for by name.
    let mut desk = at(RESOLVED);
    desk.press("b");
    let Some(Call::Patients(query)) = desk.call(Slot::People) else {
        panic!("nobody is looked for")
    };
    assert_eq!(query.search.as_deref(), Some("Marie Skłodowska-Curie"));
    desk.reply(Slot::People, Reply::Patients(Box::new(page(rows(2)))))
        .sees("P-000002");
}

#[test]
fn what_was_booked_for_them_shows_in_the_record() {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("f5")
        .reply(Slot::List, Reply::Contacts(whole(contact_rows(4))));
    desk.press("3 j j")
        .reply(Slot::List, Reply::Contacts(whole(contact_rows(4))));
    desk.press("j j enter b");
    desk.reply(Slot::People, Reply::Patients(Box::new(page(rows(2)))));
    desk.press("enter")
        .reply(Slot::Bookable, Reply::Doctors(whole(doctor_rows(6))))
        .press("enter");
    desk.reply(Slot::Slots, super::screens::slots())
        .press("enter")
        .press("enter b");
    let Some(Call::Deed(Deed::BookContact(3, 1, form))) = desk.call(Slot::Deed) else {
        panic!("nothing is booked but {:?}", desk.call(Slot::Deed))
    };
    assert_eq!(form.patient, Some(row(1, "").id));
    // Somebody was faster: it is loaded again by itself, and what they did is said.
    let why = "Rosa Winter gave it to somebody 2 minutes ago; load it again.";
    desk.answer(Slot::Deed, Err(refused(412, why)))
        .sees("Rosa Winter gave it to somebody 2 minutes ago; look at it")
        .sees_no("load it again");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
    let mut changed = contact(3);
    changed.version = 4;
    desk.reply(Slot::Record, Reply::Contact(versioned(changed)))
        .press("enter");
    assert!(matches!(
        desk.call(Slot::Deed),
        Some(Call::Deed(Deed::BookContact(3, 4, _)))
    ));
    let booked = appointment(&booking(9, "Grace Hopper"));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked)))
        .sees("Booked: Grace Hopper");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
}

#[test]
fn who_was_faster_is_said_while_one_writes() {
    let mut desk = answering();
    let event = |object| StreamEvent {
        kind: EventKind::Contact,
        object: Some(object),
        doctor: None,
        patient: None,
    };
    desk.hears(Told::Happened(50, event(1)));
    assert_eq!(desk.call(Slot::Record), None);
    desk.hears(Told::Happened(51, event(3)));
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
    let mine = colleagues()[0].clone();
    desk.reply(
        Slot::Record,
        now(RESOLVED, |one| {
            one.status = Status::Spam;
            one.assignee = Some(mine);
        }),
    );
    desk.sees("Changed elsewhere at 08:30: it is spam now.")
        .sees("Greetings");
    // Whoever sends it now has seen that.
    desk.press("ctrl-s");
    assert!(sent(&desk) == Some(&answer(2)));
    // The word of one's own answer is none.
    desk.effects.clear();
    desk.hears(Told::Happened(52, event(3)));
    desk.reply(Slot::Inbox, now(RESOLVED, |one| one.version = 3))
        .sees("is answered by mail")
        .sees_no("elsewhere");
}

#[test]
fn a_request_that_is_as_it_was_is_no_news() {
    let mut desk = answering();
    desk.hears(Told::Reset(9));
    desk.reply(Slot::Record, now(RESOLVED, |one| one.version = 1))
        .sees_no("elsewhere")
        .sees("Greetings");
}

#[test]
fn a_letter_that_is_not_waited_for_keeps_its_text_and_is_sent_once() {
    let mut desk = answering();
    desk.press("ctrl-s").wait(2_000);
    let key = desk.key(Slot::Inbox).unwrap().to_owned();
    desk.press("esc")
        .sees("Not known yet whether it was done")
        .sees("Greetings");
    // What the server did of it meanwhile is no change by others.
    desk.hears(Told::Reset(9));
    desk.reply(Slot::Record, now(RESOLVED, |one| one.version = 2))
        .sees_no("elsewhere");
    desk.press("ctrl-s");
    assert!(sent(&desk) == Some(&answer(1)));
    assert_eq!(desk.key(Slot::Inbox), Some(key.as_str()));
    desk.reply(Slot::Inbox, now(RESOLVED, |_| {}))
        .sees("is answered by mail");
    // Whoever leaves is told what may be.
    let mut desk = answering();
    desk.press("ctrl-s esc esc")
        .sees("It is not known whether the server has this already.");
}
