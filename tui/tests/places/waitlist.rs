//! The waiting list: who waits, a time kept for them, and what they say to it.

use clinic_shared::desk::appointments::ReasonKind;
use clinic_shared::desk::waitlist::{Accept, Hold, Waiting, WaitingStatus};
use clinic_tui::effect::{Call, Deed, PeopleCall, PeopleReply, Reply, Slot};
use insta::assert_snapshot;

use super::booking::{slot, slots};
use super::support::clinic::{appointment, booking, versioned, waiting, whole};
use super::support::{Desk, Look, receptionist, refused, row, styles, text};

const USUAL: Look = Look::new(80, 24);

fn held(number: u32) -> Waiting {
    let free = slot(2, "2026-11-23", "11:00");
    Waiting {
        hold: Some(Hold {
            doctor: free.doctor,
            available_time: free.available_time,
            date: free.date,
            starts: free.starts,
            starts_at: free.starts_at,
            ends_at: free.ends_at,
            expires_at: "2026-11-23T07:45:00Z".parse().unwrap(),
        }),
        ..waiting(number)
    }
}

fn at_list(look: Look, rows: Vec<Waiting>) -> Desk {
    let mut desk = Desk::at_work(look, receptionist());
    desk.press("esc g w");
    let Some(Call::People(PeopleCall::WaitingList(query))) = desk.call(Slot::List) else {
        panic!("the list is not asked for")
    };
    assert_eq!(query.status, Some(WaitingStatus::Waiting));
    desk.reply(Slot::List, PeopleReply::WaitingList(whole(rows)).into());
    desk
}

fn deed(desk: &Desk) -> Option<&Deed> {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(deed)) => Some(deed),
        _ => None,
    }
}

#[test]
fn who_waits_is_offered_a_time_and_takes_it() {
    let mut desk = at_list(USUAL, vec![waiting(1), waiting(2)]);
    desk.sees("[Waiting]").sees("Bo Lind").sees("Cem Kaya");
    // Nothing is kept yet.
    desk.press("a")
        .sees("No time is kept for them: offer one first.");
    desk.press("o").sees("A time to keep for who waits");
    desk.sees("For     Bo Lind");
    let Some(Call::Slots(query)) = desk.call(Slot::Slots) else {
        panic!("no slots are asked for")
    };
    assert_eq!(query.doctor, waiting(1).doctor.map(|doctor| doctor.id));
    let free = vec![
        slot(2, "2026-11-23", "11:00"),
        slot(2, "2026-11-24", "09:00"),
    ];
    desk.reply(Slot::Slots, slots(free));
    // Once, however often Enter is pressed.
    desk.press("enter enter");
    match deed(&desk) {
        Some(Deed::Offer(1, 1, offer)) => {
            assert_eq!(offer.starts_at, held(1).hold.unwrap().starts_at);
        }
        other => panic!("{other:?}"),
    }
    let kept = PeopleReply::Waiting(Box::new(held(1)));
    desk.reply(Slot::Deed, kept.into());
    assert_eq!(deed(&desk), None);
    desk.sees("Kept until 08:45 for Bo Lind: Mon 23 Nov, 11:00. Ask them now.")
        .sees("[Waiting]")
        .sees("until 08:45");
    desk.press("a");
    assert_eq!(deed(&desk), Some(&Deed::TakeOffer(1, 1, Accept::default())));
    let booked = appointment(&booking(1, "Bo Lind"));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked)));
    desk.sees("Booked: Bo Lind").sees("undo");
    assert!(matches!(
        desk.call(Slot::Refresh),
        Some(Call::People(PeopleCall::WaitingList(_)))
    ));
}

#[test]
fn times_are_offered_within_the_days_they_wait_for() {
    let mut desk = at_list(USUAL, vec![waiting(1)]);
    let asked = |desk: &Desk| match desk.call(Slot::Slots) {
        Some(Call::Slots(query)) => (query.from.unwrap(), query.to.unwrap()),
        other => panic!("{other:?}"),
    };
    let day = |day: &str| day.parse::<chrono::NaiveDate>().unwrap();
    // They wait until Monday in two weeks: no later time is looked for, in the list or the week.
    desk.press("o").sees("Mon 23 Nov–Mon 7 Dec");
    assert_eq!(asked(&desk), (day("2026-11-23"), day("2026-12-07")));
    desk.reply(Slot::Slots, slots(vec![slot(2, "2026-11-23", "11:00")]));
    desk.press("v");
    assert_eq!(asked(&desk), (day("2026-11-23"), day("2026-11-29")));
    desk.reply(Slot::Slots, slots(Vec::new()));
    desk.press("} }");
    assert_eq!(asked(&desk), (day("2026-12-07"), day("2026-12-07")));
    desk.reply(Slot::Slots, slots(Vec::new()));
    desk.sees("Nothing is free until Mon 7 Dec 2026, the last day they wait for.");
    desk.press("}")
        .sees("They wait until Mon 7 Dec 2026, no longer.");
    assert!(desk.call(Slot::Slots).is_none());
    // Nor by a day that is typed.
    desk.press("/").type_text("2026-12-08").press("enter");
    desk.sees("They wait until Mon 7 Dec 2026, no longer.");
    assert!(desk.call(Slot::Slots).is_none());
    desk.press("esc .");
    assert_eq!(asked(&desk).0, day("2026-11-23"));
}

#[test]
fn an_acceptance_is_taken_back_and_they_wait_again() {
    let mut desk = at_list(USUAL, vec![held(1)]);
    desk.press("a");
    let booked = appointment(&booking(7, "Bo Lind"));
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked.clone())));
    desk.press("alt-u");
    match deed(&desk) {
        Some(Deed::Cancel(7, cancel)) => {
            assert_eq!(cancel.reason_kind, Some(ReasonKind::Mistake));
        }
        other => panic!("{other:?}"),
    }
    desk.reply(Slot::Deed, Reply::Appointment(versioned(booked)))
        .sees("Taken back: Bo Lind is on the waiting list again.");
}

#[test]
fn what_changed_elsewhere_is_told_and_the_list_comes_anew() {
    let mut desk = at_list(USUAL, vec![held(1)]);
    let why = "Somebody has changed this since you loaded it; load it again.";
    for key in ["a", "s"] {
        desk.press(key).answer(Slot::Deed, Err(refused(412, why)));
        desk.sees("Somebody has changed this since you loaded it; look at it");
        let Some(Call::People(PeopleCall::WaitingList(_))) = desk.call(Slot::Refresh) else {
            panic!("the list is not asked for again")
        };
        let now = Waiting {
            version: 2,
            ..held(1)
        };
        desk.reply(
            Slot::Refresh,
            PeopleReply::WaitingList(whole(vec![now])).into(),
        );
    }
    desk.press("s");
    assert_eq!(deed(&desk), Some(&Deed::SkipOffer(1, 2)));
    // Where a time is chosen, it is said there; who goes on has seen it.
    let mut desk = at_list(USUAL, vec![waiting(1)]);
    desk.press("o");
    desk.reply(Slot::Slots, slots(vec![slot(2, "2026-11-23", "11:00")]));
    desk.press("enter")
        .answer(Slot::Deed, Err(refused(412, why)));
    desk.sees("Not done. Somebody has changed this")
        .sees("A time to keep for who waits");
    let now = Waiting {
        version: 2,
        ..waiting(1)
    };
    desk.reply(
        Slot::Refresh,
        PeopleReply::WaitingList(whole(vec![now])).into(),
    );
    desk.press("enter");
    assert!(matches!(deed(&desk), Some(Deed::Offer(1, 2, _))));
}

#[test]
fn a_time_that_is_gone_is_said_where_another_is_chosen() {
    let mut desk = at_list(USUAL, vec![waiting(1)]);
    desk.press("o");
    desk.reply(Slot::Slots, slots(vec![slot(2, "2026-11-23", "11:00")]));
    for _ in 0..2 {
        desk.press("enter");
        assert!(matches!(deed(&desk), Some(Deed::Offer(1, 1, _))));
        desk.answer(Slot::Deed, Err(refused(409, "Grace Hopper is busy then.")));
        desk.sees("Not done. Grace Hopper is busy then.")
            .sees("A time to keep for who waits");
    }
    // The list has them already.
    desk.press("l")
        .sees("They are on the waiting list already.");
}

#[test]
fn who_does_not_take_it_goes_on_waiting() {
    let mut desk = at_list(USUAL, vec![held(1)]);
    desk.press("s");
    assert_eq!(deed(&desk), Some(&Deed::SkipOffer(1, 1)));
    let free = PeopleReply::Waiting(Box::new(waiting(1)));
    desk.reply(Slot::Deed, free.into());
    desk.sees("Bo Lind goes on waiting; the time is free again.")
        .sees_no("until 08:45");
}

#[test]
fn taking_somebody_off_asks_first() {
    let mut desk = at_list(USUAL, vec![waiting(1), waiting(2)]);
    desk.press("x").sees("Take off the waiting list?");
    desk.press("enter");
    assert_eq!(deed(&desk), None, "the safe answer has the focus");
    desk.press("x t");
    assert_eq!(deed(&desk), Some(&Deed::Withdraw(1, 1)));
    let gone = Waiting {
        status: WaitingStatus::Withdrawn,
        ..waiting(1)
    };
    let gone = PeopleReply::Waiting(Box::new(gone));
    desk.reply(Slot::Deed, gone.into());
    desk.sees("Bo Lind waits no longer.");
    desk.press("o").sees("They wait no longer.");
}

#[test]
fn the_patient_opens_and_something_else_can_be_booked() {
    let mut desk = at_list(USUAL, vec![waiting(1)]);
    desk.press("enter");
    let who = row(1, "").id;
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(who)));
    desk.press("esc b").sees("For     Bo Lind");
}

#[test]
fn the_next_page_comes_by_its_number() {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("esc g w");
    let mut first = whole((1..=10).map(waiting).collect());
    first.count = 12;
    first.next = Some("http://127.0.0.1:8000/v1/api/desk/waitlist/?page=2".to_owned());
    desk.reply(Slot::List, PeopleReply::WaitingList(first).into());
    let Some(Call::People(PeopleCall::WaitingList(query))) = desk.call(Slot::More) else {
        panic!("no next page")
    };
    assert_eq!(query.page, Some(2));
}

#[test]
fn pictures_of_the_waiting_list() {
    let rows = || vec![waiting(5), held(1), waiting(3), waiting(4)];
    let mut seen = String::new();
    for (look, rows) in [
        (USUAL, rows()),
        (Look::new(40, 15), rows()),
        (Look::new(200, 60), rows()),
        (USUAL, Vec::new()),
    ] {
        let mut desk = at_list(look, rows);
        let (buffer, _) = desk.press("j").draw();
        let shown = text(&buffer);
        let shown: Vec<&str> = shown.lines().filter(|line| !line.is_empty()).collect();
        let (width, height) = look.size;
        seen.push_str(&format!("── {width}×{height} ──\n{}\n", shown.join("\n")));
        seen.push_str(&styles(&buffer));
    }
    assert_snapshot!("waitlist", seen);
}

#[test]
fn the_phone_of_whom_to_ask_stands_first() {
    for look in [USUAL, Look::new(40, 15)] {
        let mut desk = at_list(look, vec![held(1)]);
        desk.sees("030 0001 · Mon 23 Nov 11:00");
    }
}

#[test]
fn who_waits_is_found_by_name() {
    let mut desk = at_list(USUAL, vec![waiting(1), waiting(2)]);
    desk.sees("Find (press /)").press("/").type_text("cem");
    desk.wait(100);
    let Some(Call::People(PeopleCall::WaitingList(query))) = desk.call(Slot::List) else {
        panic!("the list is not asked for")
    };
    assert_eq!(query.search.as_deref(), Some("cem"));
    assert_eq!(query.status, Some(WaitingStatus::Waiting));
    let found = PeopleReply::WaitingList(whole(vec![waiting(2)]));
    desk.reply(Slot::List, found.into())
        .sees("Cem Kaya")
        .sees_no("Bo Lind");
    // The keys act on who was found.
    desk.press("esc x").sees("Cem Kaya waits no longer");
    desk.press("esc /").type_text("x");
    let nobody = PeopleReply::WaitingList(whole(Vec::new()));
    desk.reply(Slot::List, nobody.into())
        .sees("Nobody who is waiting matches");
}

#[test]
fn a_time_is_not_taken_by_who_took_the_place_of_the_selected_one() {
    let all = || vec![held(1), held(2), held(3)];
    let mut desk = at_list(USUAL, all());
    desk.press("j ctrl-r");
    let rest = vec![held(1), held(3)];
    desk.reply(Slot::List, PeopleReply::WaitingList(whole(rest)).into());
    desk.press("a").sees("Press the key again.");
    assert_eq!(deed(&desk), None);
    desk.press("a");
    let took = deed(&desk);
    assert!(matches!(took, Some(Deed::TakeOffer(1, ..))), "{took:?}");
}
