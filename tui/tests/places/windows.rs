//! A doctor's weekly hours: listed, entered, changed, retired, and taken from one who shares them.

use clinic_shared::Patch;
use clinic_shared::client::{Error, Tagged, Told};
use clinic_shared::desk::doctors::DoctorWindow;
use clinic_shared::v1::appointments::Named;
use clinic_shared::v1::available_times::{AvailableTime, AvailableTimeInput, Weekday};
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::credentials::Kept;
use clinic_tui::effect::{Call, Deed, Reply, Slot, WindowsCall, WindowsReply};

use super::support::clinic::{doctor_row, doctor_rows, windows};
use super::support::look::in_every_look;
use super::support::{Desk, Look, receptionist, refused, unreachable};

const USUAL: Look = Look::new(80, 24);

fn listed(windows: Vec<DoctorWindow>) -> Reply {
    let list = WindowsReply::List(doctor_row(2).id, windows);
    Reply::Windows(Box::new(list))
}

fn at_record(look: Look) -> Desk {
    let mut desk = Desk::at_doctors(look, receptionist(), doctor_rows(6));
    desk.press("j enter").reply_record();
    desk
}

fn at_list(look: Look) -> Desk {
    let mut desk = at_record(look);
    desk.press("e")
        .reply(Slot::Windows, listed(windows(&doctor_row(2))));
    desk
}

/// The form about new hours, with these texts in its fields.
fn entered(desk: &mut Desk, texts: [&str; 7]) {
    desk.press("n");
    for text in texts {
        desk.type_text(text).press("tab");
    }
}

fn sent(desk: &Desk) -> WindowsCall {
    match desk.call(Slot::Window) {
        Some(Call::Windows(call)) => (**call).clone(),
        other => panic!("nothing is sent but {other:?}"),
    }
}

fn made(input: &AvailableTimeInput) -> Reply {
    let value = AvailableTime {
        id: 9,
        name: input.name.clone(),
        starts: input.starts.clone().apply(None),
        ends: input.ends.clone().apply(None),
        weekdays: input.weekdays.clone().unwrap(),
        slot_minutes: input.slot_minutes.apply(None),
        valid_from: input.valid_from.apply(None),
        valid_to: input.valid_to.apply(None),
        doctors: vec![Named {
            id: doctor_row(2).id,
            full_name: doctor_row(2).full_name,
        }],
    };
    let etag = Some("\"v1\"".to_owned());
    Reply::Windows(Box::new(WindowsReply::Window(Tagged { value, etag })))
}

fn happens(desk: &mut Desk, kind: EventKind) {
    let event = Event {
        kind,
        object: Some(1),
        doctor: Some(doctor_row(2).id),
        patient: None,
    };
    desk.hears(Told::Happened(40, event));
}

#[test]
fn the_list_says_days_times_slots_and_who_shares_them() {
    let mut desk = at_list(USUAL);
    desk.sees("Hours of Chien-Shiung Wu")
        .sees("Mon–Fri   09:00–12:30")
        .sees("Tue, Thu  Evening walk-in  no clock")
        .sees("Fri       20:00–24:00")
        .sees("20 min    from 1 Jan 2027, with Lise Meit")
        .sees("Mornings: Mon–Fri 09:00–12:30, slots of 30 min")
        .sees("3 appointments are booked in it from now on.");
    // In the order of the week, Saturday last.
    desk.press("end")
        .sees("Booked in it from now on: 2 of Chien-Shiung Wu, 5 of all who share it.")
        .sees("Shared with Lise Meitner.");
    desk.press("esc").sees("Specialised");
}

#[test]
fn extra_hours_are_listed_by_their_day_until_it_is_over() {
    let mut desk = at_record(USUAL);
    let mut shown = windows(&doctor_row(2));
    let only = |window: &mut DoctorWindow, day: &str| {
        window.window.valid_from = day.parse().ok();
        window.window.valid_to = day.parse().ok();
    };
    only(&mut shown[0], "2026-11-22");
    only(&mut shown[2], "2026-11-28");
    shown[3].window.valid_to = "2026-10-31".parse().ok();
    desk.press("e").reply(Slot::Windows, listed(shown));
    desk.sees("Sat 28 Nov  10:00–12:00").sees("extra hours");
    desk.sees_no("09:00–12:30");
    // Weekly ones that are over stay in sight, as the last.
    desk.press("end")
        .sees("Fri 20:00–24:00, until 31 Oct 2026")
        .press("k")
        .sees_no("Fri 20:00–24:00, until");
}

#[test]
fn where_there_are_none_it_says_how_to_enter_some() {
    let mut desk = at_record(USUAL);
    desk.press("e").sees("Loading");
    desk.reply(Slot::Windows, listed(Vec::new()))
        .sees("Chien-Shiung Wu has no weekly hours")
        .sees("n enters some.");
    desk.press("d").sees("No hours are selected.");
}

#[test]
fn hours_are_entered_as_people_say_them() {
    let mut desk = at_list(USUAL);
    desk.press("n")
        .sees("Chien-Shiung Wu can be booked in them.");
    desk.type_text("mon wed-thu").press("enter");
    desk.type_text("9").press("enter");
    desk.type_text("1230").press("enter");
    desk.type_text("30")
        .sees("Mon, Wed, Thu 09:00–12:30, slots of 30 min: 7 a day");
    desk.press("enter").type_text("1.12.").press("enter enter");
    assert_eq!(desk.call(Slot::Window), None, "Enter goes on");
    desk.press("enter");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(
        form.weekdays,
        Some(vec![Weekday::Mon, Weekday::Wed, Weekday::Thu])
    );
    assert_eq!(form.starts, Patch::Set("09:00".to_owned()));
    assert_eq!(form.ends, Patch::Set("12:30".to_owned()));
    assert_eq!(form.slot_minutes, Patch::Set(30));
    assert_eq!(form.valid_from, Patch::Set("2026-12-01".parse().unwrap()));
    assert_eq!(form.name, "09:00 - 12:30");
    let doctors: Vec<_> = form.doctors.iter().flatten().map(|one| one.0).collect();
    assert_eq!(doctors, [doctor_row(2).id]);
    // Done, it is said, taken back by one key, and everything that follows it is read again.
    desk.reply(Slot::Window, made(&form))
        .sees("Entered: Mon, Wed, Thu 09:00–12:30")
        .sees("undo")
        .sees_no("Valid from");
    assert!(matches!(desk.call(Slot::Windows), Some(Call::Windows(_))));
    assert!(matches!(desk.call(Slot::Record), Some(Call::Doctor(_))));
    desk.press("alt-u");
    let Some(Call::Deed(Deed::Windows(back))) = desk.call(Slot::Deed) else {
        panic!("nothing is taken back")
    };
    assert_eq!(**back, WindowsCall::Retire(9));
    let gone = Reply::Windows(Box::new(WindowsReply::Retired));
    desk.reply(Slot::Deed, gone).sees("Undone: Mon, Wed, Thu");
}

#[test]
fn days_are_turned_on_and_off_by_their_number() {
    let mut desk = at_list(USUAL);
    desk.press("n 1 2 3 5").sees("Mon-Wed, Fri");
    desk.press("2").sees("Mon, Wed, Fri");
    desk.press("1 3 5").sees_no("Mon, Wed");
    // What says no days yet is not lost by it.
    desk.type_text("w1")
        .sees("Not days of the week")
        .press("ctrl-u");
    desk.type_text("weekend").press("1").sees("Mon, Sat, Sun");
}

#[test]
fn what_can_not_be_meant_is_said_while_it_is_typed() {
    let mut desk = at_list(USUAL);
    desk.press("n")
        .type_text("mo-x")
        .sees("Not days of the week; type");
    desk.press("tab").sees("Days: Not days of the week");
    desk.press("shift-tab ctrl-u").type_text("mon");
    desk.sees_no("Not days").press("tab");
    desk.type_text("12").press("tab").type_text("9");
    desk.press("tab")
        .sees("To: It ends after it begins, on the same day; 24 is");
    // What was wrong is not, as soon as it is not.
    desk.press("shift-tab shift-tab ctrl-u").type_text("8");
    desk.sees_no("It ends after");
    desk.press("tab tab").type_text("90").press("tab");
    desk.sees("Slots of: These hours have no room for such a slot.");
    desk.press("ctrl-s");
    assert_eq!(desk.call(Slot::Window), None);
    desk.press("ctrl-u").type_text("20").press("tab");
    desk.type_text("31.2.2027").press("tab");
    desk.sees("Valid from: There is no such day.");
    desk.press("shift-tab ctrl-u").type_text("2.1.2027");
    desk.press("tab").type_text("1.1.2027").press("tab");
    desk.sees("Valid until: The last day is before the first.");
    desk.press("shift-tab ctrl-u ctrl-s");
    assert!(matches!(sent(&desk), WindowsCall::Make(_)));
}

#[test]
fn without_a_time_of_day_it_needs_a_name() {
    let mut desk = at_list(USUAL);
    desk.press("n").type_text("tue").press("ctrl-s");
    desk.sees("Name: Without a time of day it needs a name.");
    desk.type_text("After lunch").press("enter");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("not sent")
    };
    assert_eq!(
        (form.name.as_str(), form.starts),
        ("After lunch", Patch::Keep)
    );
}

#[test]
fn the_end_of_the_day_is_24() {
    let mut desk = at_list(USUAL);
    entered(&mut desk, ["fri", "20", "24", "", "", "", ""]);
    desk.sees("Fri 20:00–24:00").press("ctrl-s");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("not sent")
    };
    assert_eq!(form.ends, Patch::Set("00:00".to_owned()));
}

#[test]
fn a_change_names_the_version_and_leaves_who_offers_it() {
    let mut desk = at_list(USUAL);
    desk.press("e")
        .sees("Hours of Chien-Shiung Wu. What is booked in them stays.")
        .sees("Mon-Fri");
    desk.press("tab tab ctrl-u").type_text("13").press("ctrl-s");
    let WindowsCall::Change(1, change, etag) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(etag.as_deref(), Some("\"v3\""));
    assert_eq!(change.ends, Patch::Set("13:00".to_owned()));
    assert_eq!(
        (change.name.as_deref(), change.doctors),
        (Some("Mornings"), None)
    );
    let now = AvailableTimeInput {
        name: "Mornings".to_owned(),
        starts: Patch::Set("09:00".to_owned()),
        ends: Patch::Set("13:00".to_owned()),
        weekdays: Some(vec![Weekday::Mon]),
        ..AvailableTimeInput::default()
    };
    desk.reply(Slot::Window, made(&now))
        .sees("Changed: Mon 09:00–13:00")
        .press("alt-u");
    let Some(Call::Deed(Deed::Windows(back))) = desk.call(Slot::Deed) else {
        panic!("nothing is taken back")
    };
    let WindowsCall::Change(9, back, etag) = &**back else {
        panic!("{:?}", back.name())
    };
    assert_eq!(etag.as_deref(), Some("\"v1\""));
    assert_eq!(back.ends, Patch::Set("12:30".to_owned()));
}

#[test]
fn nothing_typed_is_lost_and_the_same_again_is_done_once() {
    let mut desk = at_list(USUAL);
    entered(&mut desk, ["mon", "9", "12", "", "", "", ""]);
    desk.press("ctrl-s");
    let key = desk.key(Slot::Window).unwrap().to_owned();
    desk.answer(Slot::Window, Err(unreachable()))
        .sees("Not known whether it was saved");
    // While the server is away it is not sent, and says so.
    desk.press("ctrl-s").sees("Not sent yet.");
    assert_eq!(desk.call(Slot::Window), None);
    desk.wait(1000)
        .reply(Slot::Link, Reply::Me(Box::new(receptionist())));
    desk.press("ctrl-s");
    assert_eq!(desk.key(Slot::Window), Some(key.as_str()));
    // The session ends: the form is still there for whoever signs in again.
    desk.answer(Slot::Window, Err(Error::SignedOut))
        .sees("Your session has ended");
    desk.type_text("horse").press("enter").reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(Kept::Keyring),
        },
    );
    desk.sees("New hours").sees("Not done yet: sign in");
    desk.press("ctrl-s");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("not sent")
    };
    assert_eq!(form.ends, Patch::Set("12:00".to_owned()));
    desk.answer(Slot::Window, Err(refused(500, "Something broke.")));
    desk.sees("Something broke.").press("esc").sees("Discard?");
    desk.press("enter").sees("New hours");
}

#[test]
fn faults_of_the_server_stand_on_their_fields() {
    let mut desk = at_list(USUAL);
    entered(&mut desk, ["mon", "9", "12", "", "", "", ""]);
    desk.press("ctrl-s");
    let mut error = refused(400, "A field is faulty.");
    if let Error::Refused(refused) = &mut error {
        refused.fields.add("slot_minutes", "Too short.");
        refused.fields.add("non_field_errors", "Not on these days.");
    }
    desk.answer(Slot::Window, Err(error))
        .sees("Slots of: Too short.")
        .sees("Valid until: Not on these days.");
}

#[test]
fn what_changed_elsewhere_is_said_and_what_was_typed_stays() {
    let mut desk = at_list(USUAL);
    desk.press("e tab tab ctrl-u")
        .type_text("13")
        .press("ctrl-s");
    desk.answer(Slot::Window, Err(refused(412, "It was changed.")))
        .sees("somebody changed these hours meanwhile");
    let mut now = windows(&doctor_row(2));
    now[0].version = 4;
    now[0].window.starts = Some("08:00".to_owned());
    now[0].window.ends = Some("12:00".to_owned());
    desk.reply(Slot::Windows, listed(now))
        .sees("Changed elsewhere: From 08:00 (was 09:00), To 12:00 (was")
        .sees("Mon–Fri 08:00–13:00")
        .press("ctrl-s");
    let WindowsCall::Change(1, change, etag) = sent(&desk) else {
        panic!("not sent")
    };
    assert_eq!(etag.as_deref(), Some("\"v4\""));
    assert_eq!(change.starts, Patch::Set("08:00".to_owned()));
    assert_eq!(change.ends, Patch::Set("13:00".to_owned()));
}

#[test]
fn a_change_elsewhere_comes_into_the_open_form_by_itself() {
    let mut desk = at_list(USUAL);
    desk.press("e");
    happens(&mut desk, EventKind::Schedule);
    let mut now = windows(&doctor_row(2));
    now[0].version = 4;
    now[0].window.slot_minutes = Some(15);
    desk.reply(Slot::Windows, listed(now))
        .sees("Changed elsewhere: Slots of 15 (was 30).");
    happens(&mut desk, EventKind::Schedule);
    let gone = windows(&doctor_row(2)).split_off(1);
    desk.reply(Slot::Windows, listed(gone))
        .sees("were given up meanwhile");
}

#[test]
fn retiring_says_how_much_is_booked_and_that_it_stays() {
    let mut desk = at_list(USUAL);
    desk.press("d")
        .sees("Mon–Fri 09:00–12:30, slots of 30 min: nobody can be booked in it")
        .sees("3 appointments are booked in it from now on and stay.")
        .press("enter");
    assert_eq!(
        desk.call(Slot::Window),
        None,
        "the safe answer has the focus"
    );
    // What is booked while it is asked is counted.
    desk.press("d");
    happens(&mut desk, EventKind::Appointment);
    let mut now = windows(&doctor_row(2));
    (now[0].booked, now[0].booked_by_all) = (4, 4);
    desk.reply(Slot::Windows, listed(now))
        .sees("4 appointments are booked in it");
    desk.press("r");
    assert_eq!(sent(&desk), WindowsCall::Retire(1));
    let retired = Reply::Windows(Box::new(WindowsReply::Retired));
    desk.reply(Slot::Window, retired)
        .sees("Retired: Mon–Fri 09:00–12:30")
        .press("alt-u");
    let Some(Call::Deed(Deed::Windows(back))) = desk.call(Slot::Deed) else {
        panic!("nothing is taken back")
    };
    let WindowsCall::Make(again) = &**back else {
        panic!("{:?}", back.name())
    };
    assert_eq!(
        (again.name.as_str(), &again.slot_minutes),
        ("Mornings", &Patch::Set(30))
    );
    assert_eq!(again.weekdays.as_ref().unwrap().len(), 5);
}

#[test]
fn what_can_not_be_taken_back_says_so_before() {
    let mut desk = at_list(USUAL);
    desk.press("j d")
        .sees("1 appointment is")
        .sees("Retiring this")
        .sees("can't be undone.");
    desk.press("r");
    let retired = Reply::Windows(Box::new(WindowsReply::Retired));
    desk.reply(Slot::Window, retired)
        .sees("Retired: Tue, Thu Evening walk-in.")
        .sees_no("undo)");
}

#[test]
fn who_shares_hours_keeps_them() {
    let mut desk = at_list(USUAL);
    desk.press("t")
        .sees("Nobody shares these hours: retire them.");
    desk.press("end e")
        .sees("shared with Lise Meitner: changed");
    desk.press("esc d")
        .sees("Taken off, Lise Meitner keeps it.")
        .press("esc t")
        .sees("can't be booked in it any more")
        .sees("Lise Meitner keeps it.");
    desk.press("t");
    let WindowsCall::Change(3, change, Some(etag)) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(etag, "\"v3\"");
    assert_eq!(change.doctors.unwrap().len(), 1);
    let left = AvailableTimeInput {
        weekdays: Some(vec![Weekday::Sat]),
        ..AvailableTimeInput::default()
    };
    desk.reply(Slot::Window, made(&left))
        .sees("Taken off Chien-Shiung Wu: Sat 10:00–12:00")
        .press("alt-u");
    let Some(Call::Deed(Deed::Windows(back))) = desk.call(Slot::Deed) else {
        panic!("nothing is taken back")
    };
    let WindowsCall::Change(3, back, Some(etag)) = &**back else {
        panic!("{:?}", back.name())
    };
    assert_eq!(
        (back.doctors.as_ref().unwrap().len(), etag.as_str()),
        (2, "\"v1\"")
    );
}

#[test]
fn a_refused_retiring_changes_nothing_and_looks_again() {
    let mut desk = at_list(USUAL);
    desk.press("d r")
        .answer(Slot::Window, Err(refused(404, "There is none.")));
    desk.sees("these hours were given up already");
    assert!(desk.call(Slot::Windows).is_some());
    let mut desk = at_list(USUAL);
    desk.press("d r").answer(Slot::Window, Err(unreachable()));
    desk.sees("Perhaps not done (retire a doctor's hours)");
    desk.press("d").sees_no("Keep");
}

#[test]
fn the_selected_line_stays_selected_whatever_comes_before_it() {
    let mut desk = at_list(USUAL);
    desk.press("j").sees("1 appointment is booked");
    happens(&mut desk, EventKind::Schedule);
    let later = windows(&doctor_row(2)).split_off(1);
    desk.reply(Slot::Windows, listed(later))
        .sees_no("Mon–Fri")
        .sees("1 appointment is booked");
}

#[test]
fn how_it_looks() {
    let screen = |name: &str, act: fn(Look) -> Desk| {
        insta::assert_snapshot!(name, in_every_look(act));
    };
    screen("windows_list", at_list);
    screen("windows_form", |look| {
        let mut desk = at_list(look);
        entered(&mut desk, ["mon-wed", "9", "12", "x", "1.12.", "", ""]);
        desk
    });
    screen("windows_retire", |look| {
        let mut desk = at_list(look);
        desk.press("end d");
        desk
    });
}

#[test]
fn both_times_typed_into_the_first_field_stand_in_both() {
    let mut desk = at_list(USUAL);
    desk.press("n")
        .type_text("mondays and fridays")
        .press("tab");
    desk.type_text("14-18").sees("Mon, Fri 14:00–18:00");
    desk.sees_no("Not a time").press("tab");
    desk.sees("14:00").sees("18:00");
    // What stands in the second field is its own from then on.
    desk.press("ctrl-u").type_text("17").press("ctrl-s");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(form.weekdays, Some(vec![Weekday::Mon, Weekday::Fri]));
    assert_eq!(form.starts, Patch::Set("14:00".to_owned()));
    assert_eq!(form.ends, Patch::Set("17:00".to_owned()));
    // Sent at once it is the same; 24 is the end of the day.
    let mut desk = at_list(USUAL);
    desk.press("n").type_text("fri").press("tab");
    desk.type_text("20-24").press("ctrl-s");
    let WindowsCall::Make(form) = sent(&desk) else {
        panic!("{:?}", sent(&desk).name())
    };
    assert_eq!(form.ends, Patch::Set("00:00".to_owned()));
}

#[test]
fn what_is_wrong_is_said_once() {
    let mut desk = at_list(USUAL);
    desk.press("n ctrl-s").sees("Days: It is needed.");
    desk.type_text("xyz").press("ctrl-s");
    let screen = desk.text();
    assert_eq!(
        screen.matches("Not days of the week").count(),
        1,
        "{screen}"
    );
    assert!(!screen.contains("It is needed."), "{screen}");
}
