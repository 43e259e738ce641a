//! The contact requests.

use clinic_shared::desk::contacts::Status;
use clinic_tui::effect::{Call, Reply, Slot};

use super::support::clinic::{contact, contact_rows, versioned, whole};
use super::support::{Desk, Look};

const USUAL: Look = Look::new(80, 24);

fn asked(desk: &Desk) -> Option<Status> {
    match desk.call(Slot::List) {
        Some(Call::Contacts(query)) => query.status,
        other => panic!("no contact requests are asked for but {other:?}"),
    }
}

#[test]
fn the_list_tells_who_wrote_when_how_to_answer_and_what_it_begins_with() {
    Desk::at_contacts(USUAL, contact_rows(4))
        .sees("07:05")
        .sees("21 Nov")
        .sees("Dec 2025")
        .sees("Grace Hopper")
        .sees("1 h ago · Grace Hopper · 030 55 0001 · Opening hours")
        .sees("Good morning,")
        .sees("● new")
        .sees("» in progress")
        .sees("✓ resolved")
        .sees("– spam");
}

#[test]
fn one_status_can_be_looked_at() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.press("f").sees("only new");
    assert_eq!(asked(&desk), Some(Status::New));
    desk.press("f f f").sees("only spam");
    desk.reply(Slot::List, Reply::Contacts(whole(Vec::new())))
        .sees("No contact request is spam.")
        .sees("3 shows all of them.");
    desk.press("esc");
    assert_eq!(asked(&desk), None);
    desk.reply(Slot::List, Reply::Contacts(whole(contact_rows(4))))
        .sees("· new")
        .sees("Grace Hopper");
}

#[test]
fn esc_goes_back_to_the_new_ones_and_selects_nobody_else() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.press("j esc")
        .sees("All new requests are shown already.");
    assert_eq!(desk.call(Slot::List), None);
    desk.press("3")
        .reply(Slot::List, Reply::Contacts(whole(contact_rows(4))));
    desk.press("j j esc").sees("· new");
    let mut rows = contact_rows(4);
    rows.remove(0);
    desk.reply(Slot::List, Reply::Contacts(whole(rows)));
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(3)));
}

#[test]
fn what_is_done_next_is_not_done_about_somebody_who_took_the_place() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.press("3")
        .reply(Slot::List, Reply::Contacts(whole(contact_rows(4))));
    desk.press("j j esc");
    // The third is none of the new ones.
    let mut rows = contact_rows(4);
    rows.remove(2);
    desk.reply(Slot::List, Reply::Contacts(whole(rows)));
    desk.press("x").sees("Press the key again.");
    assert_eq!(desk.call(Slot::Inbox), None);
    desk.press("x");
    assert!(desk.call(Slot::Inbox).is_some());
}

#[test]
fn the_record_holds_the_whole_message() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Contact(1)));
    desk.reply_record()
        .sees("Opening hours")
        .sees("for her vaccination on the same day?")
        .sees("Thank you, and greetings.")
        .sees("23 Nov 2026, 07:05");
}

#[test]
fn a_long_message_is_scrolled() {
    let mut desk = Desk::at_contacts(Look::new(40, 15), contact_rows(1));
    let mut long = contact(1);
    long.message = (1..60).map(|line| format!("line {line}\n")).collect();
    desk.press("enter")
        .reply(Slot::Record, Reply::Contact(versioned(long)))
        .sees("more")
        .sees_no("line 59");
    desk.press("pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn")
        .sees("line 59");
    desk.press("pgup").sees_no("line 59");
}

#[test]
fn letters_that_are_no_keys_do_nothing_here() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.type_text("k?y").press("esc");
    desk.press("y")
        .sees("y does nothing here. Confirm: go to Today (F2)")
        .sees_no("Find  y");
    assert_eq!(desk.call(Slot::List), None);
    desk.press("g x").sees("g x means nothing here.");
}

#[test]
fn a_message_cannot_move_the_cursor_or_turn_a_line_round() {
    let mut wicked = contact(1);
    wicked.name = "Ada\u{1b}[2J\u{202e}adA".to_owned();
    wicked.message = "one\u{1b}]0;owned\u{7}\r\ntwo\u{9b}31m\tthree".to_owned();
    wicked.subject = Some("\u{2066}sub\nject".to_owned());
    let mut desk = Desk::at_contacts(USUAL, vec![wicked.clone()]);
    desk.sees("Ada[2JadA").sees("one]0;owned two31");
    desk.press("enter")
        .reply(Slot::Record, Reply::Contact(versioned(wicked)))
        .sees("sub ject")
        .sees("│ one]0;owned   ")
        .sees("two31m three");
}

#[test]
fn the_rows_of_one_filter_are_not_shown_under_another() {
    let mut desk = Desk::at_contacts(USUAL, contact_rows(4));
    desk.press("f").sees("only new").sees_no("Grace Hopper");
    desk.press("down down enter")
        .sees("The list is still loading.");
    desk.reply(Slot::List, Reply::Contacts(whole(contact_rows(1))))
        .sees("Grace Hopper");
    assert_eq!(desk.call(Slot::Record), None);
}
