//! Every screen and everything that can lie over one, at sizes nobody works at.

use clinic_tui::app::Event;
use ratatui::layout::Size;

use super::answers::answer_all;
use super::support::clinic::admin;
use super::support::{Desk, Look};

/// Keys that lead from the board to a screen or a layer, what is asked on the way being answered
/// after each, and words that are on it.
pub(crate) const WAYS: &[(&str, &str)] = &[
    ("f2", "[F2 Today]"),
    ("f3", "[F3 Patients]"),
    ("f4", "[F4 Doctors]"),
    ("f5", "[F5 Contacts]"),
    ("esc g u", "person1"),
    ("esc g s", "192.0.2."),
    ("esc g v", "[1 Applications]"),
    ("esc g v enter", "Certificate"),
    ("esc g v x", "Why"),
    ("esc g j", "change doctor"),
    ("esc g j enter", "Outcome"),
    ("esc g j /", "Action"),
    ("D", "Doctor"),
    ("f", "Enter"),
    ("x", "Cancel appointment"),
    ("r", "Room"),
    ("p", "Priority"),
    ("L", "late"),
    ("w", "Walk-in"),
    ("b", "Book"),
    ("B", "Book"),
    ("b enter", "When"),
    ("b enter enter", "Enter books"),
    ("v", "Move the appointment of"),
    ("enter", "Symptoms"),
    ("enter o", "Registered"),
    ("f3 enter", "Registered"),
    ("f3 enter e", "Full name"),
    ("f3 esc n", "Full name"),
    ("f4 enter", "Hours"),
    ("f4 enter e", "Hours of"),
    ("f4 enter e e", "Valid"),
    ("f4 enter e d", "Keep"),
    ("f5 enter", "Came"),
    ("esc g q", "[Queue]"),
    ("esc g q L", "Minutes"),
    ("esc g q ?", "type to search"),
    ("f3 enter m", "Which record goes in?"),
    ("f3 enter m enter", "goes in "),
    ("f3 enter m enter space enter", "Two people?"),
    ("f3 enter M", "Un-merge?"),
    ("f4 enter a", "can't be booked then"),
    ("f4 enter a t o m o r r o w ctrl-s", "stand in this time"),
    ("f4 enter a t o m o r r o w ctrl-s X enter", "Cancel all?"),
    ("f4 enter a t o m o r r o w ctrl-s X enter c", ": to phone"),
    ("f4 enter t", "Absences and extra hours"),
    ("f4 enter t e", "─ Change"),
    ("f4 enter o", "─ Extra hours"),
    ("esc g o", "Closures of the clinic"),
    ("esc g o n", "Closure of the clinic"),
    ("esc g r", "Report of"),
    ("esc g w", "[Waiting]"),
    ("f9", "─ Settings"),
    ("f9 end enter", "─ Servers"),
    ("f9 end enter n", "─ New server"),
    ("alt-l", "The screen is locked"),
    ("w N o r a ctrl-s", "Ticket 23"),
    ("?", "type to search"),
    (":", "Commands"),
    ("ctrl-l", "Log"),
    ("q", "Stay"),
];

/// Where these keys lead an admin who begins at the board.
fn at(keys: &str, look: Look) -> Desk {
    let mut desk = Desk::start(look, Some(admin()), None);
    answer_all(&mut desk);
    desk.press("home");
    for key in keys.split(' ') {
        desk.press(key);
        answer_all(&mut desk);
    }
    desk
}

#[test]
fn every_way_leads_where_it_says() {
    let mut lost = Vec::new();
    for (keys, words) in WAYS {
        let screen = at(keys, Look::new(80, 24)).text();
        if !screen.contains(words) {
            lost.push(format!("no {words:?} after {keys}:\n{screen}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn everything_can_be_drawn_at_every_size_down_to_one_cell() {
    let sizes = [1, 2, 3, 5, 8, 13, 21, 39, 80, 200];
    for (keys, _) in WAYS {
        let mut desk = at(keys, Look::new(80, 24));
        for width in sizes {
            for height in sizes.map(|height| 1 + height / 2) {
                desk.size = Size::new(width, height);
                desk.happen(Event::Resized(desk.size));
                let (_, cursor) = desk.draw();
                if let Some((x, y)) = cursor {
                    assert!(x < width && y < height, "{keys} at {width}×{height}");
                }
            }
        }
    }
}

#[test]
fn a_terminal_for_ascii_gets_nothing_else_whatever_people_are_called() {
    for (keys, _) in WAYS {
        for (width, height) in [(80, 24), (40, 15)] {
            let look = Look {
                ascii: true,
                ..Look::new(width, height)
            };
            let (drawn, _) = at(keys, look).draw();
            let shown = drawn.content.iter().find(|cell| !cell.symbol().is_ascii());
            assert!(
                shown.is_none(),
                "{shown:?} after {keys} at {width}×{height}"
            );
        }
    }
}
