//! Searching for patients.

use clinic_shared::client::Error;
use clinic_tui::app::Event;
use clinic_tui::effect::{Answer, Call, Reply, Slot};

use super::support::{Desk, page, receptionist, refused, row, rows, unreachable};
use super::{USUAL, found, registering, searched};

#[test]
fn a_name_typed_over_the_list_is_searched_from_its_first_letter() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("ada").reply(Slot::List, found(rows(3)));
    desk.press("esc")
        .sees("Find (press /)")
        .type_text("garcia")
        .sees_no("Find (press /)")
        .press("enter");
    assert_eq!(searched(&desk).as_deref(), Some("garcia"));
    assert_eq!(
        desk.call(Slot::Record),
        None,
        "nobody of the old list opens"
    );
    desk.reply(Slot::List, found(vec![row(7, "Ana García")]))
        .sees("P-000007");
}

#[test]
fn a_closed_record_gives_the_search_field_back() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("ada").reply(Slot::List, found(rows(3)));
    desk.press("esc home enter esc").sees("ada");
    desk.type_text("mi");
    assert_eq!(searched(&desk).as_deref(), Some("mi"), "the next person");
    let mut desk = registering();
    desk.press("esc").type_text("ada");
    assert_eq!(searched(&desk).as_deref(), Some("ada"));
}

#[test]
fn without_the_server_enter_opens_nobody_else() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .answer(Slot::List, Err(unreachable()));
    desk.sees("not searched yet; still the whole list")
        .press("enter")
        .sees("The server does not answer; “zora” is not searched yet.");
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("esc enter");
    assert_eq!(desk.call(Slot::Record), None, "nor from the list");
    // Enter before it is known that there will be no answer.
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .press("enter")
        .answer(Slot::List, Err(unreachable()));
    desk.sees("“zora” is not searched yet.");
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn a_session_that_ends_shows_no_patients_and_the_search_goes_on_after_it() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora")
        .answer(Slot::List, Err(Error::SignedOut));
    desk.sees("Your session has ended")
        .sees_no("Grace")
        .sees_no("P-0000")
        .sees_no("zora");
    desk.type_text("secret horse").press("enter");
    desk.reply(
        Slot::Session,
        Reply::SignedIn {
            who: Box::new(receptionist()),
            kept: Ok(clinic_tui::credentials::Kept::Memory),
        },
    );
    desk.sees("This machine has no keyring, so Clinic will ask for the password")
        .sees("zora");
    assert_eq!(searched(&desk).as_deref(), Some("zora"));
}

#[test]
fn typing_searches_and_enter_opens_the_first() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("emmy");
    assert_eq!(searched(&desk).as_deref(), Some("emmy"));
    desk.reply(
        Slot::List,
        found(vec![row(7, "Emmy Noether"), row(9, "Emmy Other")]),
    );
    desk.press("enter").sees("P-000007");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(row(7, "").id)));
}

#[test]
fn enter_before_the_answer_opens_the_first_of_the_answer() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("emmy").press("enter");
    assert_eq!(
        desk.call(Slot::Record),
        None,
        "the old rows are not what was searched for"
    );
    desk.reply(Slot::List, found(vec![row(77, "Emmy Noether")]))
        .sees("P-000077");
}

#[test]
fn a_late_answer_to_an_older_search_lands_nowhere() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("em");
    let old = desk.id(Slot::List);
    desk.type_text("my")
        .reply(Slot::List, found(vec![row(7, "Emmy Noether")]));
    let late = Answer {
        slot: Slot::List,
        id: old,
        result: Ok(found(vec![row(8, "Emil Berliner")])),
    };
    desk.happen(Event::Answered(late))
        .sees("Emmy Noether")
        .sees_no("Emil");
}

#[test]
fn the_old_rows_stay_until_the_new_ones_are_there() {
    let mut desk = Desk::with_rows(USUAL, vec![row(1, "Grace Hopper")]);
    desk.type_text("em")
        .sees("Grace Hopper")
        .sees_no("searching");
    desk.wait(250).sees("searching").sees("Grace Hopper");
    desk.reply(Slot::List, found(vec![row(7, "Emmy Noether")]))
        .sees_no("Grace");
}

#[test]
fn arrows_move_the_selection_while_one_types() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("x").reply(Slot::List, found(rows(40)));
    desk.press("down ctrl-n up down")
        .press("enter")
        .sees("P-000003");
}

#[test]
fn the_selection_stays_with_its_row_over_a_refresh() {
    let mut desk = Desk::with_rows(USUAL, rows(10));
    desk.press("esc j j ctrl-r");
    let mut changed = vec![row(99, "Somebody New")];
    changed.extend(rows(10));
    desk.reply(Slot::List, found(changed));
    desk.press("enter").sees("P-000003");
}

#[test]
fn scrolling_near_the_end_asks_for_the_next_page_once() {
    let mut desk = Desk::start(USUAL, Some(receptionist()), None);
    desk.press("f3");
    let mut first = page(rows(50));
    first.count = 90;
    first.next =
        Some("http://127.0.0.1:8000/v1/api/desk/patients/?limits=50&cursor=abc".to_owned());
    desk.reply(Slot::List, Reply::Patients(Box::new(first)));
    assert_eq!(desk.call(Slot::More), None);
    desk.press("esc G");
    let Some(Call::Patients(query)) = desk.call(Slot::More) else {
        panic!("no next page")
    };
    assert_eq!(query.cursor.as_deref(), Some("abc"));
    let asked = desk.effects.len();
    desk.press("k j");
    assert_eq!(desk.effects.len(), asked, "the page is already under way");
    let rest = (46..=90).map(|number| row(number, "Later Row")).collect();
    desk.reply(Slot::More, found(rest));
    desk.press("G").sees("P-000090").sees("74–90 of 90");
}

#[test]
fn a_search_refused_says_why_and_can_be_asked_again() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.type_text("x")
        .answer(Slot::List, Err(refused(500, "The server answered 500.")));
    desk.sees("The server answered 500.")
        .sees("Ctrl-R asks again");
    desk.press("ctrl-r")
        .reply(Slot::List, found(rows(3)))
        .sees("Emmy Noether");
}

#[test]
fn escape_leaves_the_field_then_clears_the_search() {
    let mut desk = Desk::with_rows(USUAL, rows(3));
    desk.type_text("emmy").reply(Slot::List, found(rows(1)));
    desk.press("esc").sees("emmy");
    desk.press("esc").sees_no("emmy");
    assert_eq!(searched(&desk), None, "everybody is asked for");
}

#[test]
fn a_row_selected_while_the_answer_is_awaited_is_never_taken_for_another_one() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("a").press("down down").wait(300);
    desk.press("enter").sees("The list is still loading.");
    desk.reply(
        Slot::List,
        found(vec![row(77, "Ada Other"), row(3, "Marie")]),
    );
    assert_eq!(desk.call(Slot::Record), None, "Enter is not remembered");
    // The selection went along with the row it was moved to.
    desk.press("enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(row(3, "").id)));

    // A row that is not among the found ones is not replaced by the first of them.
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("a").press("down down");
    desk.reply(Slot::List, found(vec![row(77, "Ada Other")]));
    desk.press("enter")
        .sees("The list has changed; press Enter again to open this row.");
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("enter");
    assert_eq!(
        desk.call(Slot::Record),
        Some(&Call::Patient(row(77, "").id))
    );
}

#[test]
fn an_enter_that_waits_is_taken_back_by_moving_the_selection() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("a").press("enter down");
    desk.reply(Slot::List, found(vec![row(77, "Ada Other")]));
    assert_eq!(desk.call(Slot::Record), None);
}

#[test]
fn nobody_is_said_to_be_missing_before_the_answer() {
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zz").reply(Slot::List, found(Vec::new()));
    desk.sees("No patient matches “zz”.");
    desk.type_text("a").sees_no("Nobody").sees_no("nobody");
    desk.wait(300).sees("Loading…").press("enter");
    desk.answer(Slot::List, Err(unreachable()));
    desk.sees("The server does not answer. The list comes as soon as it does.")
        .sees_no("Nobody")
        .press("enter")
        .sees_no("Full name");
    // Nor is anybody registered for a search that was answered once, while the server is away.
    desk.press("backspace").press("enter").sees_no("Full name");
}

#[test]
fn what_is_typed_later_is_another_search() {
    for (keys, expected) in [
        ("x y", "xy"),
        ("backspace x", "adx"),
        ("left x", "adxa"),
        ("end x", "adax"),
        ("down x", "x"),
    ] {
        for back in ["f2 f3", "f3", "enter esc"] {
            let mut desk = Desk::with_rows(USUAL, rows(40));
            desk.type_text("ada").reply(Slot::List, found(rows(3)));
            desk.press(back).sees("ada").press(keys);
            assert_eq!(searched(&desk).as_deref(), Some(expected), "{back} {keys}");
        }
    }
    // Whoever has looked for help goes on.
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("ada").press("f1 esc").type_text("m");
    assert_eq!(searched(&desk).as_deref(), Some("adam"));
}

#[test]
fn nobody_is_registered_by_the_enter_of_a_search() {
    for answered_first in [true, false] {
        let mut desk = Desk::with_rows(USUAL, rows(40));
        desk.type_text("zora nobody");
        let keys: &[&str] = match answered_first {
            true => &["", "enter"],
            false => &["enter", ""],
        };
        for (at, key) in keys.iter().enumerate() {
            if !key.is_empty() {
                desk.press(key);
            }
            if at == 0 {
                desk.reply(Slot::List, found(Vec::new()));
            }
        }
        desk.sees("n registers a new patient with it.")
            .sees_no("Full name")
            .press("enter")
            .sees("No patient is selected.")
            .sees_no("Full name")
            .press("n")
            .sees("Zora Nobody");
    }
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.type_text("zora").reply(Slot::List, found(Vec::new()));
    desk.sees("Enter, then n, registers a new patient with it.")
        .press("insert")
        .sees("Zora");
}

#[test]
fn the_next_search_takes_the_place_of_the_last_one_however_one_comes_to_it() {
    // By the key for it from the list, by going there from the list, and from another place.
    for back in ["esc /", "esc f3", "esc g p", "esc f2 f3"] {
        let mut desk = Desk::with_rows(USUAL, rows(40));
        desk.type_text("m").reply(Slot::List, found(rows(3)));
        desk.press(back).sees("Find  m ").type_text("haddan");
        assert_eq!(searched(&desk).as_deref(), Some("haddan"), "{back}");
    }
    // A letter is never a command there, and Enter and the arrows still act on the list.
    let mut desk = Desk::with_rows(USUAL, rows(40));
    desk.press("esc f2 f3").reply(Slot::List, found(rows(3)));
    desk.press("down enter");
    assert_eq!(desk.call(Slot::Record), Some(&Call::Patient(row(2, "").id)));
}
